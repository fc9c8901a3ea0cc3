//! Who may import whom: the table of the manual's chapter *architecture*, for our rooms and for the crates named there.
//!
//! A file belongs to the room that its path below `src` begins with. What it imports is every `crate::<room>`, also inside
//! groups of a `use` and inside macros, and every path that leaves its room by `super::`. What it mentions is every word that is
//! the name of a crate and the first of a path.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, TokenTree};

use super::sources::{Source, is_ident, is_punct, parse, sources};

/// One line of the table.
struct Rule {
    room: &'static str,
    /// Rooms of ours that it may import, besides itself.
    may_import: &'static [&'static str],
    /// Crates that it never mentions.
    never: &'static [&'static str],
}

const SERVING: &[&str] = &["tokio", "actix_web", "reqwest", "rusqlite"];
const PURE: &[&str] = &["tokio", "actix_web", "reqwest", "rusqlite", "ed25519_dalek", "getrandom"];

const RULES: &[Rule] = &[
    Rule { room: "clock", may_import: &[], never: PURE },
    Rule { room: "strict_json", may_import: &[], never: PURE },
    Rule { room: "notice", may_import: &["strict_json"], never: PURE },
    Rule { room: "verdict", may_import: &["strict_json", "notice", "envelope"], never: PURE },
    Rule { room: "exchange", may_import: &["strict_json", "notice"], never: PURE },
    Rule { room: "envelope", may_import: &["strict_json", "notice"], never: SERVING },
    Rule { room: "tlog", may_import: &["strict_json", "envelope"], never: SERVING },
    Rule { room: "digests", may_import: &["strict_json", "notice", "tlog"], never: SERVING },
    Rule { room: "compact", may_import: &["strict_json", "notice", "verdict", "envelope", "tlog"], never: PURE },
    Rule {
        room: "ledger",
        may_import: &["clock", "strict_json", "notice", "verdict", "envelope", "tlog", "digests", "compact"],
        never: &["rusqlite", "reqwest", "actix_web"],
    },
    Rule {
        room: "storage",
        may_import: &["clock", "ledger", "digests", "strict_json", "notice", "verdict", "envelope", "tlog"],
        never: &["actix_web", "reqwest"],
    },
    Rule {
        room: "federation",
        may_import: &["ledger", "clock", "digests", "strict_json", "notice", "verdict", "envelope", "tlog"],
        never: &["actix_web", "rusqlite"],
    },
    Rule {
        room: "client",
        may_import: &["federation", "digests", "compact", "strict_json", "notice", "verdict", "envelope", "tlog"],
        never: &["actix_web", "rusqlite"],
    },
    Rule { room: "scan", may_import: &["digests", "strict_json", "notice", "verdict", "envelope", "tlog"], never: SERVING },
    Rule {
        room: "http",
        may_import: &["ledger", "federation", "clock", "exchange", "strict_json", "notice", "verdict", "envelope", "tlog"],
        never: &["rusqlite", "reqwest"],
    },
    Rule { room: "config", may_import: &["strict_json", "notice", "envelope", "tlog"], never: SERVING },
    Rule { room: "cli", may_import: CLI, never: &["rusqlite", "actix_web", "reqwest"] },
    Rule { room: "demo", may_import: CLI, never: &["rusqlite", "actix_web", "reqwest"] },
    Rule {
        room: "app",
        may_import: &[
            "clock",
            "config",
            "ledger",
            "storage",
            "federation",
            "client",
            "http",
            "digests",
            "strict_json",
            "notice",
            "verdict",
            "envelope",
            "tlog",
        ],
        never: &[],
    },
    Rule { room: "manual", may_import: &[], never: SERVING },
];

/// The command line and the demo stand side by side: each may call the other.
const CLI: &[&str] = &[
    "cli",
    "demo",
    "config",
    "app",
    "client",
    "scan",
    "exchange",
    "digests",
    "clock",
    "strict_json",
    "notice",
    "verdict",
    "envelope",
    "tlog",
];

/// Crates with one home, or few: who else mentions them goes around a room that exists for them.
const HOMES: &[(&str, &[&str])] = &[
    ("ed25519_dalek", &["envelope", "tlog"]),
    ("curve25519_dalek", &["envelope", "tlog"]),
    ("reqwest", &["federation"]),
    ("rusqlite", &["storage"]),
    ("refinery", &["storage"]),
    ("actix_web", &["http", "app"]),
    ("actix_http", &["http"]),
    ("actix_server", &["http"]),
    ("governor", &["http"]),
    ("rustix", &["storage", "app", "scan"]),
    ("askama", &["http"]),
    ("fluent_bundle", &["http"]),
    ("atom_syndication", &["http"]),
    ("clap", &["cli"]),
    ("toml", &["config", "cli"]),
];

/// The room of a file: the first part of its path below `src`. `lib.rs` and `main.rs` are the doors, not rooms.
fn room(path: &str) -> Option<&str> {
    let below = path.strip_prefix("src/")?;
    let first = below.split('/').next()?;
    let room = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(room, "lib" | "main")).then_some(room)
}

/// How many modules below its room the contents of a file are: `src/ledger/mod.rs` 0, `src/ledger/submit.rs` 1.
fn depth(path: &str) -> usize {
    let below = path.trim_start_matches("src/").trim_end_matches(".rs");
    let parts = below.split('/').filter(|part| *part != "mod").count();
    parts.saturating_sub(1)
}

/// What a file imports and mentions, each with the line where it does.
#[derive(Default)]
struct Uses {
    rooms: BTreeMap<String, usize>,
    crates: BTreeMap<String, usize>,
    environment: Option<usize>,
}

fn uses(tokens: &[TokenTree], depth: usize) -> Uses {
    let mut uses = Uses::default();
    walk(tokens, depth, &mut uses);
    uses
}

fn walk(tokens: &[TokenTree], depth: usize, uses: &mut Uses) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Group(group) => {
                let inner: Vec<_> = group.stream().into_iter().collect();
                // A module in braces is one `super` further from its room.
                let module = at >= 2 && group.delimiter() == Delimiter::Brace && is_ident(&tokens[at - 2], "mod");
                walk(&inner, depth + usize::from(module), uses);
            }
            TokenTree::Ident(ident) if starts_path(tokens, at) => record(tokens, at, ident, depth, uses),
            _ => {}
        }
        at += 1;
    }
}

/// Whether the word at `at` is the first of a path: not behind `.`, and behind `::` only where nothing goes before that.
fn starts_path(tokens: &[TokenTree], at: usize) -> bool {
    let behind = |n: usize, char: char| at >= n && is_punct(&tokens[at - n], char);
    if behind(1, '.') {
        return false;
    }
    if !(behind(1, ':') && behind(2, ':')) {
        return true;
    }
    let keywords = ["use", "return", "as", "in", "dyn", "impl", "mut", "for", "where", "if", "match", "let"];
    match at.checked_sub(3).map(|before| &tokens[before]) {
        Some(TokenTree::Ident(word)) => keywords.iter().any(|keyword| word == keyword),
        Some(TokenTree::Punct(punct)) => punct.as_char() != '>',
        _ => true,
    }
}

fn record(tokens: &[TokenTree], at: usize, ident: &Ident, depth: usize, uses: &mut Uses) {
    let (line, word) = (ident.span().start().line, ident.to_string());
    let is_path = tokens.get(at + 1).is_some_and(|t| is_punct(t, ':')) && tokens.get(at + 2).is_some_and(|t| is_punct(t, ':'));
    match word.as_str() {
        "crate" | "palinode" if is_path => rooms_at(&tokens[at + 3..], line, uses),
        "super" if is_path => {
            let mut steps = 1;
            while tokens.get(at + 3 * steps).is_some_and(|t| is_ident(t, "super")) {
                steps += 1;
            }
            match tokens.get(at + 3 * steps) {
                _ if steps > depth => rooms_at(&tokens[at + 3 * steps..], line, uses),
                // What stands in the braces starts from where the path has led.
                Some(TokenTree::Group(group)) => walk(&group.stream().into_iter().collect::<Vec<_>>(), depth - steps, uses),
                _ => {}
            }
        }
        "std" if is_path => {
            let rest: String = tokens[at..].iter().take(12).map(ToString::to_string).collect();
            if rest.starts_with("std::env") {
                uses.environment.get_or_insert(line);
            }
        }
        _ => {
            let imported = at >= 1 && (is_ident(&tokens[at - 1], "use") || is_ident(&tokens[at - 1], "extern"));
            if is_path || imported {
                uses.crates.entry(word).or_insert(line);
            }
        }
    }
}

/// The rooms named behind `crate::`: one word, or a group of them.
fn rooms_at(tokens: &[TokenTree], line: usize, uses: &mut Uses) {
    match tokens.first() {
        Some(TokenTree::Ident(room)) => {
            uses.rooms.entry(room.to_string()).or_insert(line);
        }
        Some(TokenTree::Group(group)) => {
            let inner: Vec<_> = group.stream().into_iter().collect();
            for part in inner.split(|token| is_punct(token, ',')) {
                rooms_at(part, line, uses);
            }
        }
        _ => {}
    }
}

/// What is wrong with one file, in sentences.
fn faults(source: &Source) -> Vec<String> {
    let path = &source.path;
    let Some(room) = room(path) else { return Vec::new() };
    let Some(rule) = RULES.iter().find(|rule| rule.room == room) else {
        return vec![format!("{path}: the room `{room}` has no line in the table of tests/house/layers.rs")];
    };
    let uses = uses(&source.tokens, depth(path));
    let known: BTreeSet<_> = RULES.iter().map(|rule| rule.room).collect();
    let mut faults = Vec::new();
    for (other, line) in &uses.rooms {
        let foreign = known.contains(other.as_str()) && other != room;
        if foreign && !rule.may_import.contains(&other.as_str()) {
            faults.push(format!("{path}:{line}: `{room}` may not import `{other}`"));
        }
    }
    for (name, line) in &uses.crates {
        let away = HOMES.iter().any(|(crate_name, homes)| crate_name == name && !homes.contains(&room));
        if away || rule.never.contains(&name.as_str()) {
            faults.push(format!("{path}:{line}: `{room}` never mentions `{name}`"));
        }
    }
    if let Some(line) = uses.environment.filter(|_| !matches!(room, "config" | "cli" | "demo")) {
        faults.push(format!("{path}:{line}: `{room}` never reads the environment"));
    }
    faults
}

#[test]
fn every_file_imports_and_mentions_only_what_its_room_may() {
    let faults: Vec<_> = sources().iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_table_itself_has_no_cycles_below_the_composition_root() {
    // The one exception is the pair that stands at the top.
    let rank: BTreeMap<_, _> = RULES.iter().map(|rule| (rule.room, rule.may_import)).collect();
    for rule in RULES {
        let mut seen = BTreeSet::new();
        let mut next: Vec<_> = rule.may_import.to_vec();
        while let Some(room) = next.pop() {
            assert!(room != rule.room || matches!(room, "cli" | "demo"), "{room} reaches itself");
            if seen.insert(room) {
                next.extend(rank.get(room).copied().unwrap_or_default());
            }
        }
    }
}

fn faults_of(path: &str, text: &str) -> Vec<String> {
    faults(&Source { path: path.to_owned(), tokens: parse(text).unwrap() })
}

#[test]
fn each_way_to_reach_another_room_is_seen() {
    for text in [
        "use crate::storage::Sqlite;",
        "use crate::{clock::Clock, storage::{self, Sqlite}};",
        "fn f() { crate::storage::open() }",
        "fn f() { assert!(crate::storage::open()) }",
        "use super::super::storage;",
        "use super::{super::storage};",
        "mod inner { use super::super::super::storage::X; }",
        "use rusqlite as db;",
        "fn f() -> rusqlite::Result<()> { todo() }",
        "fn f() { let x: Vec<reqwest::Url> = y; }",
        "use ::actix_web::web;",
    ] {
        assert_eq!(faults_of("src/ledger/submit.rs", text).len(), 1, "{text}");
    }
}

#[test]
fn what_only_looks_like_another_room_is_let_through() {
    for text in [
        "use crate::notice::Notice;",
        "use super::storage::Port;",
        "mod inner { use super::super::storage::Port; }",
        "fn f() { let storage = 1; self.storage.append() }",
        "/// See [`crate::storage`].\nfn f() {}",
        "const X: &str = \"crate::storage\";",
        "#[cfg(test)]\nmod tests { use crate::storage::Sqlite; }",
        "fn f() { other::rusqlite::open() }",
    ] {
        assert_eq!(faults_of("src/ledger/submit.rs", text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_new_room_needs_a_line_and_pure_rooms_read_no_environment() {
    assert_eq!(faults_of("src/helpers/mod.rs", "fn f() {}").len(), 1);
    assert_eq!(faults_of("src/verdict/fold.rs", "fn f() { std::env::vars() }").len(), 1);
    assert_eq!(faults_of("src/verdict/fold.rs", "use std::env;").len(), 1);
    assert_eq!(faults_of("src/config/layers.rs", "use std::env;"), Vec::<String>::new());
}

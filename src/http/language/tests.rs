//! The catalogues say the same things in every language, and the pages say nothing that no catalogue has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;

use super::catalogue::source;
use super::*;
use crate::envelope::{KeyStatus, RemovalBasis};
use crate::notice::{
    ActionVerb, DerivativeRelation, Fault, Inherits, IssuerRole, NoticeType, PriorRelation, PublicationCheck, Reason,
    ReferenceKind, Scheme, ScopeKind, SubjectRole,
};
use crate::verdict::{Strength, Verdict, VoidReason};

const ENGLISH: &str = include_str!("catalogues/en.ftl");

/// Every catalogue but the English one.
fn others() -> impl Iterator<Item = (Language, &'static str)> {
    let people = Language::ALL.into_iter().filter(|language| language.own_name().is_some());
    people.filter(|language| *language != Language::English).map(|language| (language, source(language)))
}

/// The sentences of a catalogue with the things that are put into them.
fn sentences(catalogue: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut current = "";
    for line in catalogue.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
            assert!(found.insert(name, BTreeSet::new()).is_none(), "{name} is said twice");
            current = name;
        }
        let things = line.split('$').skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap());
        found.entry(current).or_default().extend(things);
    }
    found.remove("");
    found
}

#[test]
fn every_catalogue_is_read_without_faults() {
    for text in others().map(|(_, text)| text).chain([ENGLISH]) {
        if let Err((_, faults)) = FluentResource::try_new(text.to_owned()) {
            panic!("{faults:?}");
        }
    }
}

#[test]
fn every_language_says_what_english_says_with_the_same_things_in_it() {
    let english = sentences(ENGLISH);
    for (language, text) in others() {
        let other = sentences(text);
        let lacks: Vec<_> = english.keys().filter(|name| !other.contains_key(*name)).collect();
        let more: Vec<_> = other.keys().filter(|name| !english.contains_key(*name)).collect();
        assert!(lacks.is_empty() && more.is_empty(), "{language:?} lacks {lacks:?} and has {more:?} besides");
        for (name, things) in &english {
            assert_eq!(&other[name], things, "{language:?}: {name}");
        }
    }
}

#[test]
fn every_code_has_words() {
    let english = sentences(ENGLISH);
    let mut names: Vec<String> = Vec::new();
    let mut add =
        |set: &str, codes: &mut dyn Iterator<Item = &'static str>| names.extend(codes.map(|code| format!("{set}-{code}")));
    add("verdict", &mut Verdict::ALL.iter().map(|code| code.as_str()));
    add("sentence", &mut Verdict::ALL.iter().map(|code| code.as_str()));
    add("type", &mut NoticeType::ALL.iter().map(|code| code.as_str()));
    add("role", &mut IssuerRole::ALL.iter().map(|code| code.as_str()));
    add("reason", &mut Reason::ALL.iter().map(|code| code.as_str()));
    add("meaning", &mut Reason::ALL.iter().map(|code| code.as_str()));
    add("fault", &mut Fault::ALL.iter().map(|code| code.as_str()));
    add("action", &mut ActionVerb::ALL.iter().map(|code| code.as_str()));
    add("scheme", &mut Scheme::ALL.iter().map(|code| code.as_str()));
    add("strength", &mut Strength::ALL.iter().map(|code| code.as_str()));
    add("subject", &mut SubjectRole::ALL.iter().map(|code| code.as_str()));
    add("scope", &mut ScopeKind::ALL.iter().map(|code| code.as_str()));
    add("relation", &mut DerivativeRelation::ALL.iter().map(|code| code.as_str()));
    add("inherits", &mut Inherits::ALL.iter().map(|code| code.as_str()));
    add("publication", &mut PublicationCheck::ALL.iter().map(|code| code.as_str()));
    add("reference", &mut ReferenceKind::ALL.iter().map(|code| code.as_str()));
    add("prior", &mut PriorRelation::ALL.iter().map(|code| code.as_str()));
    add("void", &mut VoidReason::ALL.iter().map(|code| code.as_str()));
    add("key", &mut KeyStatus::ALL.iter().map(|code| code.as_str()));
    add("basis", &mut RemovalBasis::ALL.iter().map(|code| code.as_str()));
    add("authority", &mut ["owner", "host", "by-association", "other"].into_iter());
    add("policy", &mut ["pinned", "verified", "open"].into_iter());
    let lacks: Vec<_> = names.iter().filter(|name| !english.contains_key(name.as_str())).collect();
    assert!(lacks.is_empty(), "{lacks:?}");
}

#[test]
fn pages_say_only_what_the_catalogues_have() {
    let english = sentences(ENGLISH);
    let mut seen = 0;
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/pages")) {
        let text = fs::read_to_string(&path).unwrap();
        for call in ["say(\"", "say_of(\"", "say_of_two(\"", "say_with(\""] {
            for rest in text.split(call).skip(1) {
                let name = rest.split('"').next().unwrap();
                assert!(english.contains_key(name), "{}: {name}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_sentence_can_be_filled_in() {
    for (language, text) in others().chain([(Language::English, ENGLISH)]) {
        for (name, things) in sentences(text) {
            for number in [0_u64, 1, 2, 3, 11, 100, 1_000_000] {
                let things: Vec<(&'static str, &dyn Argument)> =
                    things.iter().map(|thing| (*thing, &number as &dyn Argument)).collect();
                assert_eq!(Catalogue::of(language).faults(name, &things), [], "{language:?}: {name} with {number}");
            }
        }
    }
}

#[test]
fn numbers_choose_the_plural_of_their_language() {
    let said = |language: Language, count: u64| {
        Speech::in_language(language).say_of("and-more", "count", count).replace(['\u{2068}', '\u{2069}'], "")
    };
    for (language, count, sentence) in [
        (Language::English, 1, "And one more."),
        (Language::English, 0, "And 0 more."),
        (Language::French, 0, "Et 0 autre."),
        (Language::French, 2, "Et 2 autres."),
        (Language::Japanese, 1, "ほかに 1 件あります。"),
        (Language::Arabic, 1, "وواحد آخر."),
        (Language::Arabic, 2, "واثنان آخران."),
        (Language::Arabic, 3, "و3 أخرى."),
        (Language::Arabic, 11, "و11 آخر."),
    ] {
        assert_eq!(said(language, count), sentence);
    }
}

#[test]
fn a_tag_is_read_whatever_its_region_and_case() {
    for (tag, language) in [("de-AT", Some(Language::German)), ("EN", Some(Language::English)), ("xx", None), ("", None)] {
        assert_eq!(Language::of_tag(tag), language, "{tag}");
    }
    for (tag, language) in [("fr-CA", Language::French), ("zh-Hant-TW", Language::Chinese), ("ar-EG", Language::Arabic)] {
        assert_eq!(Language::of_tag(tag), Some(language), "{tag}");
    }
    assert_eq!(Language::of_tag("qps-ploc"), Some(Language::Pseudo));
    assert_eq!(Language::of_tag("qps"), None, "nobody prefers it by accident");
}

#[test]
fn what_is_put_into_a_sentence_is_set_apart_by_direction_marks() {
    let english = Speech::in_language(Language::English);
    assert_eq!(english.say_of("known-to", "origin", "ledger.example/log"), "As known to \u{2068}ledger.example/log\u{2069}.");
    let pseudo = Speech::in_language(Language::Pseudo).say("front-title");
    assert_eq!(pseudo, format!("\u{27e6}{}\u{27e7}", english.say("front-title")));
}

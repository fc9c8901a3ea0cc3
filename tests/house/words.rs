//! Words that we never say of a dataset: that nothing is known is no promise that nothing is wrong.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenTree;

use super::sources::{Source, root, sources};

/// What is never said, in lower case, each as whole words.
const NEVER: &[&str] = &["safe", "clean", "no issues", "no issue"];

/// Rooms whose literals people read.
const ROOMS: &[&str] = &["src/cli/", "src/http/", "src/demo/", "src/verdict/", "src/config/", "src/client/", "src/scan/"];

/// Literals that may hold such a word, because they speak of something else: a path prefix and a part of the text.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// Whether `text` says `word` as a word of its own.
fn says(text: &str, word: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices(word).any(|(at, _)| {
        let is_inner = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        !is_inner(text[..at].chars().next_back()) && !is_inner(text[at + word.len()..].chars().next())
    })
}

/// Every literal of a token stream that is text, with its line. Documentation is among them, as literals of `#[doc]` attributes:
/// clap shows it as help.
fn literals(tokens: impl IntoIterator<Item = TokenTree>, found: &mut Vec<(usize, String)>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), found),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.contains('"') {
                    found.push((literal.span().start().line, text));
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

fn faults(path: &str, line: usize, text: &str) -> impl Iterator<Item = String> {
    let excused = EXCEPTIONS.iter().any(|(prefix, part)| path.starts_with(prefix) && text.contains(part));
    let said = NEVER.iter().filter(move |word| !excused && says(text, word));
    said.map(move |word| format!("{path}:{line}: says \"{word}\"")).collect::<Vec<_>>().into_iter()
}

#[test]
fn nothing_that_people_read_calls_a_dataset_safe_or_clean() {
    let mut found = Vec::new();
    for Source { path, tokens } in sources() {
        if ROOMS.iter().any(|room| path.starts_with(room)) {
            let mut texts = Vec::new();
            literals(tokens, &mut texts);
            found.extend(texts.iter().flat_map(|(line, text)| faults(&path, *line, text)));
        }
    }
    for path in templates(&root().join("src")).into_iter().chain(templates(&root().join("templates"))) {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        for (n, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            found.extend(faults(&name, n + 1, line));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Templates of pages below `folder`, which need not be there.
fn templates(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(templates(&path));
        } else if path.extension().is_some_and(|extension| extension == "html") {
            found.push(path);
        }
    }
    found
}

#[test]
fn words_are_found_as_words_only() {
    for text in ["\"It is safe.\"", "\"CLEAN\"", "no issues found", "safe"] {
        assert!(NEVER.iter().any(|word| says(text, word)), "{text}");
    }
    for text in ["unsafe", "cleaned", "safety", "cleanup", "url-safe", "clean_up", "nothing"] {
        assert!(!NEVER.iter().any(|word| says(text, word)), "{text}");
    }
}

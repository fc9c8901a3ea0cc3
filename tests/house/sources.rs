//! Reads our own sources as tokens: comments and documentation are gone, strings are literals, tests can be told apart.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One source file with its tokens, without what is compiled for tests only.
pub(crate) struct Source {
    /// Path below the root of the repository, with `/`.
    pub(crate) path: String,
    /// Its tokens.
    pub(crate) tokens: Vec<TokenTree>,
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `folder`, in order.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every file of `src`, parsed.
pub(crate) fn sources() -> Vec<Source> {
    let test_files = test_only_files();
    let kept = rust_files(&root().join("src")).into_iter().filter(|path| !test_files.contains(path));
    kept.map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        Source { tokens: parse(&text).unwrap_or_else(|error| panic!("{name}: {error}")), path: name }
    })
    .collect()
}

/// Tokens of `text`, without items under `#[cfg(test)]`.
pub(crate) fn parse(text: &str) -> Result<Vec<TokenTree>, proc_macro2::LexError> {
    Ok(without_tests(text.parse()?))
}

/// Files of modules that are declared as `#[cfg(test)] mod name;`.
fn test_only_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in rust_files(&root().join("src")) {
        let stream: TokenStream = fs::read_to_string(&path).unwrap().parse().unwrap();
        let tokens: Vec<_> = stream.into_iter().collect();
        for (n, window) in tokens.windows(5).enumerate() {
            let declares = is_punct(&window[0], '#')
                && is_cfg_test(&window[1])
                && is_ident(&window[2], "mod")
                && matches!(&window[4], TokenTree::Punct(p) if p.as_char() == ';');
            if declares {
                let name = tokens[n + 3].to_string();
                let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
                let folder = match stem.as_str() {
                    "mod" | "lib" | "main" => path.parent().unwrap().to_owned(),
                    _ => path.with_extension(""),
                };
                found.push(folder.join(format!("{name}.rs")));
                let nested = folder.join(&name);
                if nested.is_dir() {
                    found.extend(rust_files(&nested));
                }
            }
        }
    }
    found
}

/// Drops each item that follows `#[cfg(test)]`: everything up to its `;` or its first braces.
fn without_tests(stream: TokenStream) -> Vec<TokenTree> {
    let mut kept = Vec::new();
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if is_punct(&token, '#') && tokens.peek().is_some_and(is_cfg_test) {
            for skipped in tokens.by_ref() {
                let ends = match &skipped {
                    TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                    other => is_punct(other, ';'),
                };
                if ends {
                    break;
                }
            }
            continue;
        }
        kept.push(match token {
            TokenTree::Group(group) => {
                let inner = without_tests(group.stream()).into_iter().collect();
                let mut cleaned = proc_macro2::Group::new(group.delimiter(), inner);
                cleaned.set_span(group.span());
                TokenTree::Group(cleaned)
            }
            other => other,
        });
    }
    kept
}

fn is_cfg_test(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket
        && group.stream().to_string().replace(' ', "") == "cfg(test)")
}

/// Whether the token is this punctuation character.
pub(crate) fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

/// Whether the token is this word.
pub(crate) fn is_ident(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if *ident == word)
}

#[test]
fn tests_comments_and_documentation_are_no_part_of_what_is_scanned() {
    let text = "/// crate::storage\n// reqwest\nfn a() {}\n#[cfg(test)]\nmod tests { use rusqlite; fn b() {} }\nfn c() {}";
    let words = parse(text).unwrap().into_iter().collect::<TokenStream>().to_string();
    assert!(words.contains("fn a") && words.contains("fn c"), "{words}");
    assert!(!words.contains("rusqlite") && !words.contains("fn b") && !words.contains("reqwest"), "{words}");
}

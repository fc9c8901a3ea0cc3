//! What may lie in the repository: no private keys but the insecure ones, no paths of anybody's machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::sources::root;

/// Files that git tracks or would track. Without git (an unpacked archive) there is nothing to ask, and the tests say so.
#[expect(clippy::disallowed_methods, clippy::print_stderr, reason = "a test says why it asks nothing")]
fn tracked() -> Option<Vec<String>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()
        .filter(|listed| listed.status.success());
    let Some(listed) = listed else {
        assert!(std::env::var_os("PALINODE_REQUIRE_TOOLS").is_none(), "git is needed to list the tracked files");
        eprintln!("skipped: no git work tree here");
        return None;
    };
    let names = String::from_utf8(listed.stdout).expect("tracked names are UTF-8");
    Some(names.split_terminator('\0').map(str::to_owned).filter(|name| root().join(name).is_file()).collect())
}

/// Lines of tracked text files for which `is_fault` holds.
fn lines_with(is_fault: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for name in tracked().unwrap_or_default() {
        // Binary fixtures have no lines.
        let Ok(text) = fs::read_to_string(root().join(&name)) else { continue };
        let lines = text.lines().enumerate().filter(|(_, line)| is_fault(&name, line));
        found.extend(lines.map(|(n, _)| format!("{name}:{}", n + 1)));
    }
    found
}

#[test]
fn private_keys_lie_under_keys_test_only_and_say_insecure() {
    // Put together here, so that this file does not hold what it looks for.
    let begin = format!("-----BEGIN {}", "");
    let found = lines_with(|name, line| {
        line.trim_start().starts_with(&begin) && line.contains("PRIVATE KEY") && !name.starts_with("keys/test/")
    });
    assert!(found.is_empty(), "private keys: {found:?}");
    for name in tracked()
        .unwrap_or_default()
        .iter()
        .filter(|name| name.starts_with("keys/test/") && Path::new(name).extension().is_some_and(|e| e == "pem"))
    {
        let text = fs::read_to_string(root().join(name)).unwrap();
        assert!(name.contains("INSECURE") || text.contains("INSECURE"), "{name} must be marked INSECURE");
    }
}

#[test]
fn no_file_names_a_path_of_somebodys_machine() {
    let roots = ["root", "home", "work", "Users"].map(|folder| format!("/{folder}/"));
    let found = lines_with(|_, line| {
        roots.iter().any(|prefix| {
            line.match_indices(prefix.as_str()).any(|(at, _)| {
                // Part of a URL or of a longer relative path is no path of a machine.
                let before = line[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '/' | '-' | '_' | '}' | '~' | '>' | '*' | ':'))
            })
        })
    });
    assert!(found.is_empty(), "machine paths: {found:?}");
}

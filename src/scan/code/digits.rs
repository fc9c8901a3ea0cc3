//! Bare hex digits, where something says what they are.
//!
//! | digits | are taken as | when |
//! |---|---|---|
//! | 32 | MD5 | the line speaks of a checksum or names a data file; or they stand in quotes in a file that speaks of MD5 |
//! | 40 | infohash | the line speaks of a torrent |
//! | 40 | SHA-1 | the line says `sha1`; any other 40 digits are mostly a commit, and claim nothing |
//! | 64 | SHA-256, or BLAKE3 where the line says so | as 32, and the file speaks of SHA-256 |
//! | 128 | SHA-512 | the line speaks of a checksum |
//!
//! Lines that speak of commits, revisions and blobs, hashes of Python packages, and lock files are passed over.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Rule};
use crate::notice::Identifier;

static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b[0-9a-fA-F]{32,128}\b").ok());

const CHECKSUMS: [&str; 6] = ["checksum", "digest", "known_hash", "hash", "md5", "sha"];
const TORRENTS: [&str; 5] = ["torrent", "btih", "infohash", "info_hash", "magnet"];
const COMMITS: [&str; 8] = ["commit", "revision", "rev:", "rev=", "rev =", "--hash=", "blob", "git"];
/// Endings of files that data comes in.
const DATA: [&str; 18] = [
    ".tar", ".tgz", ".gz", ".zip", ".bz2", ".xz", ".7z", ".rar", ".csv", ".tsv", ".npz", ".npy", ".h5", ".hdf5", ".mat",
    ".parquet", ".nc", ".json",
];

/// Adds what bare digits name to what was found already; digits within that are left alone.
pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    let Some(pattern) = DIGITS.as_ref() else { return };
    let taken: Vec<(usize, usize)> = found.iter().map(|found| (found.at, found.end)).collect();
    let mut file = None;
    for matched in pattern.find_iter(text) {
        let (at, end) = (matched.start(), matched.end());
        if !matches!(end - at, 32 | 40 | 64 | 128) || taken.iter().any(|(from, to)| at < *to && *from < end) {
            continue;
        }
        let line = line_of(text, at).to_ascii_lowercase();
        let file = file.get_or_insert_with(|| Speaks::of(text));
        let quoted = text.get(..at).is_some_and(|before| before.ends_with(['"', '\'']));
        for scheme in schemes(end - at, &line, file, quoted) {
            if let Ok(identifier) = Identifier::normalise(&format!("{scheme}:{}", matched.as_str())) {
                found.push(Found { at, end, identifier, rule: Rule::Named });
            }
        }
    }
}

/// What a whole file speaks of.
struct Speaks {
    md5: bool,
    sha256: bool,
}

impl Speaks {
    fn of(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let sha256 = ["sha256", "sha-256", "sha_256", "pooch"].iter().any(|word| lower.contains(word));
        Self { md5: lower.contains("md5"), sha256 }
    }
}

fn schemes(digits: usize, line: &str, file: &Speaks, quoted: bool) -> &'static [&'static str] {
    let says = |words: &[&str]| words.iter().any(|word| line.contains(word));
    let (is_torrent, is_data) = (says(&TORRENTS), says(&CHECKSUMS) || says(&DATA));
    match digits {
        40 if is_torrent => &["btih"],
        64 if says(&["btmh"]) => &["btmh"],
        _ if says(&COMMITS) => &[],
        32 if is_data || (quoted && file.md5) => &["md5"],
        40 if says(&["sha1", "sha-1", "sha_1"]) => &["sha1"],
        64 if says(&["blake3", "b3sum"]) => &["blake3"],
        64 if is_data || (quoted && file.sha256) => &["sha256"],
        128 if says(&CHECKSUMS) => &["sha512"],
        _ => &[],
    }
}

/// The line that a byte stands in, cut where it is very long: a line of minified code says nothing about its other end.
fn line_of(text: &str, at: usize) -> &str {
    const NEAR: usize = 300;
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let begin = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |n| n + 1);
    let end = text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |n| at + n);
    text.get(boundary(begin.max(at.saturating_sub(NEAR)))..boundary(end.min(at + NEAR))).unwrap_or_default()
}

//! Digests of whole folders, out of the digests of the files in them.
//!
//! - `dirhash1` is Go's `Hash1` (golang.org/x/mod/sumdb/dirhash; `dirHash` in in-toto's digest sets): SHA-256 over one line for each file,
//!   sorted by name, with the SHA-256 of its bytes, two spaces, and its name below the folder.
//! - `dvcdir` is what DVC writes before `.dir` (dvc.org, "Internal directories and files"): the MD5 of a listing of the files, sorted by name,
//!   as Python's `json.dumps` writes it.
//!
//! A folder that was not seen as a whole has no digest: one with a link, a repository, or anything that could not be read below it. Neither
//! has one whose names cannot be written into such a list by all programs in the same way.

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use md5::Md5;
use sha2::{Digest, Sha256};

use super::super::{Evidence, Place, Relation, Sighting, Source};
use super::{Algorithm, Algorithms};
use crate::notice::{Identifier, Scheme};

/// A file with its digests.
#[derive(Debug, Clone)]
pub(in super::super) struct Hashed {
    pub(in super::super) place: Place,
    pub(in super::super) digests: Vec<Identifier>,
    /// Empty, short, or a licence text: in too many folders to say anything about this one.
    pub(in super::super) is_trivial: bool,
}

/// The digests of all folders that these files lie in, but for those that were not seen as a whole: `unseen` lies below them.
pub(in super::super) fn of_folders(mut files: Vec<Hashed>, mut unseen: Vec<Place>, wanted: Algorithms) -> Vec<Sighting> {
    files.sort_by(|a, b| a.place.cmp(&b.place));
    unseen.sort();
    let mut found = Vec::new();
    let mut begun: Vec<(usize, String)> = Vec::new();
    for (first, file) in files.iter().enumerate() {
        let path = &file.place.path;
        // A folder begins where the first of its files does; those of the file before are still open, or ended.
        let folders = path.match_indices('/').map(|(at, _)| at).map(|at| path.get(..at).unwrap_or_default());
        let root = (!path.is_empty()).then_some("");
        for folder in root.into_iter().chain(folders) {
            let known = begun.iter().any(|(root, known)| *root == file.place.root && known == folder);
            if !known {
                begun.push((file.place.root, folder.to_owned()));
                found.extend(of_folder(file.place.root, folder, files.get(first..).unwrap_or_default(), &unseen, wanted));
            }
        }
        // What does not lead to the next file was passed for good, since files are sorted.
        let next = files.get(first + 1).map(|next| (next.place.root, &*next.place.path));
        begun.retain(|(root, folder)| next.is_some_and(|(of, path)| of == *root && below(folder, path).is_some()));
    }
    found
}

/// The name of a path below a folder.
fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// Whether something at or below a folder is among these sorted places.
fn holds(unseen: &[Place], root: usize, folder: &str) -> bool {
    let is_there = |path: &str, is_it: &dyn Fn(&str) -> bool| {
        let first = unseen.partition_point(|place| (place.root, &*place.path) < (root, path));
        unseen.get(first).is_some_and(|place| place.root == root && is_it(&place.path))
    };
    if folder.is_empty() {
        return is_there("", &|_| true);
    }
    is_there(folder, &|path| path == folder) || is_there(&format!("{folder}/"), &|path| below(folder, path).is_some())
}

fn of_folder(root: usize, folder: &str, files: &[Hashed], unseen: &[Place], wanted: Algorithms) -> Vec<Sighting> {
    if holds(unseen, root, folder) {
        return Vec::new();
    }
    let inside: Vec<(&str, &Hashed)> = files
        .iter()
        .take_while(|file| file.place.root == root)
        .map_while(|file| Some((below(folder, &file.place.path)?, file)))
        .collect();
    let has_odd_name = inside.iter().any(|(name, _)| name.contains(['\n', '\\']));
    if has_odd_name || inside.iter().all(|(_, file)| file.is_trivial) {
        return Vec::new();
    }
    let all = |scheme: Scheme| {
        let digest = |file: &Hashed| {
            file.digests.iter().find(|digest| digest.scheme() == scheme).map(|digest| digest.value().to_owned())
        };
        inside.iter().map(|(name, file)| Some((*name, digest(file)?))).collect::<Option<Vec<_>>>()
    };
    let mut found = Vec::new();
    if wanted.contains(Algorithm::Dirhash1) {
        found.extend(all(Scheme::Sha256).and_then(|files| dirhash1(&files)));
    }
    if wanted.contains(Algorithm::Dvcdir) {
        found.extend(all(Scheme::Md5).and_then(|files| dvcdir(&files)));
    }
    let seen = found.into_iter().filter(|identifier| !identifier.is_trivial()).map(|identifier| Sighting {
        identifier,
        place: Place::named(root, folder),
        source: Source::Bytes,
        evidence: Evidence::BytesHashed,
        relation: Relation::Itself,
    });
    seen.collect()
}

/// Of names, sorted by their bytes, with the SHA-256 of each file in hex.
fn dirhash1(files: &[(&str, String)]) -> Option<Identifier> {
    let mut hasher = Sha256::new();
    for (name, digest) in files {
        hasher.update(format!("{digest}  {name}\n"));
    }
    Identifier::normalise(&format!("{}:{}", Scheme::Dirhash1, HEXLOWER.encode(&hasher.finalize()))).ok()
}

/// Of names, sorted by their bytes (which is Python's order of texts, too), with the MD5 of each file in hex.
fn dvcdir(files: &[(&str, String)]) -> Option<Identifier> {
    let mut hasher = Md5::new();
    for (n, (name, digest)) in files.iter().enumerate() {
        let before = if n == 0 { "[" } else { ", " };
        hasher.update(format!("{before}{{\"md5\": \"{digest}\", \"relpath\": \"{}\"}}", escaped(name)));
    }
    hasher.update(if files.is_empty() { "[]" } else { "]" });
    Identifier::normalise(&format!("{}:{}", Scheme::Dvcdir, HEXLOWER.encode(&hasher.finalize()))).ok()
}

/// A text within quotes as Python writes it: ASCII, everything else as UTF-16 in escapes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '\u{8}' => escaped.push_str("\\b"),
            '\u{c}' => escaped.push_str("\\f"),
            ' '..='\u{7f}' => escaped.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<'n>(files: &[(&'n str, &str)]) -> Vec<(&'n str, String)> {
        files.iter().map(|(name, digest)| (*name, (*digest).to_owned())).collect()
    }

    #[test]
    fn a_dirhash_is_what_the_checksum_database_of_go_publishes() {
        // go.sum, in the Go tour of modules: rsc.io/quote v1.5.2/go.mod h1:LzX7hefJvL54yjefDEDHNONDjII0t9xZLPXsUe+TKr0=
        let file = HEXLOWER.encode(&Sha256::digest("module \"rsc.io/quote\"\n\nrequire \"rsc.io/sampler\" v1.3.0\n"));
        let published = Identifier::normalise("h1:LzX7hefJvL54yjefDEDHNONDjII0t9xZLPXsUe+TKr0=").ok();
        assert_eq!(dirhash1(&names(&[("go.mod", &file)])), published);
    }

    #[test]
    fn a_dvcdir_is_what_the_manual_of_dvc_publishes() {
        // dvc.org/doc/user-guide/project-structure/internal-files, "Directories": 19/6a322c107c2572335158503c64bfba.dir
        let files = [("cat.jpeg", "dff70c0392d7d386c39a23c64fcc0376"), ("index.jpeg", "29a6c8271c0c8fbf75d3b97aecee589f")];
        let published = Identifier::normalise("dvcdir:196a322c107c2572335158503c64bfba.dir").ok();
        assert_eq!(dvcdir(&names(&files)), published);
        assert_eq!(dvcdir(&[]), Identifier::normalise("dvcdir:d751713988987e9331980363e24189ce").ok(), "domain, section 5");
    }

    #[test]
    fn names_are_escaped_as_python_does() {
        // python3 -c 'import json; print(json.dumps("é\"\U0001f600\t\x7f"))'
        assert_eq!(escaped("é\"\u{1f600}\t\u{7f}"), "\\u00e9\\\"\\ud83d\\ude00\\t\u{7f}");
    }

    fn file(path: &str, is_trivial: bool) -> Hashed {
        let digests = [format!("sha256:{:064x}", path.len()), format!("md5:{:032x}", path.len())];
        let digests = digests.iter().map(|text| Identifier::normalise(text).unwrap()).collect();
        Hashed { place: Place::named(0, path), digests, is_trivial }
    }

    #[test]
    fn every_folder_that_was_seen_as_a_whole_has_one_and_no_other() {
        let files = ["a/x", "a/b/y", "a/b/z", "a-b/w", "c/LICENSE", "d/odd\nname", "top"];
        let files: Vec<_> = files.iter().map(|path| file(path, path.ends_with("LICENSE"))).collect();
        let both: Algorithms = [Algorithm::Dirhash1, Algorithm::Dvcdir].into_iter().collect();
        let folders = |unseen: &[Place]| {
            let found = of_folders(files.clone(), unseen.to_vec(), both);
            let mut places: Vec<String> = found.iter().map(|sighting| sighting.place.path.to_string()).collect();
            places.sort();
            places.dedup();
            (places, found.len())
        };
        assert_eq!(folders(&[]), (vec!["a".to_owned(), "a-b".to_owned(), "a/b".to_owned()], 6), "the odd name spoils the root");
        assert_eq!(folders(&[Place::named(0, "a/link")]).0, ["a-b", "a/b"]);
    }
}

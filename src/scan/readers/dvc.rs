//! `*.dvc` and `dvc.lock` of DVC (dvc.org, "dvc files", "dvc.lock").
//!
//! An output is an MD5 of a file, or of the listing of a folder (`.dir`). An entry without `hash: md5` was written before DVC 3, whose MD5
//! of a text file was that of the text with LF line ends: it equals the MD5 of the bytes for binary files and for texts without CR only.
//! An import names the repository it comes from and the commit that it was locked to, which is an edge of derivation.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::{Relation, Why};
use super::Notes;
use crate::notice::Scheme;

#[derive(Deserialize)]
struct Pointer {
    #[serde(default)]
    outs: Vec<Item>,
    #[serde(default)]
    deps: Vec<Item>,
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    stages: BTreeMap<String, Pointer>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    relpath: Option<String>,
    #[serde(default)]
    md5: Option<String>,
    #[serde(default)]
    hash: Option<String>,
    #[serde(default)]
    repo: Option<Repository>,
    /// The files of a folder, where they are versioned one by one.
    #[serde(default)]
    files: Vec<Item>,
}

#[derive(Deserialize)]
struct Repository {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    rev_lock: Option<String>,
}

pub(super) fn read(bytes: &[u8], notes: &mut Notes) {
    if let Some(pointer) = yaml::<Pointer>(bytes, notes) {
        items(&pointer, "", notes);
    }
}

pub(super) fn read_lock(bytes: &[u8], notes: &mut Notes) {
    if let Some(lock) = yaml::<Lock>(bytes, notes) {
        for (stage, pointer) in &lock.stages {
            items(pointer, &format!("/stages/{stage}"), notes);
        }
    }
}

/// YAML within the budgets of its reader, which refuses bombs of aliases and depth.
pub(super) fn yaml<T: DeserializeOwned>(bytes: &[u8], notes: &mut Notes) -> Option<T> {
    match serde_saphyr::from_slice(bytes) {
        Ok(value) => Some(value),
        Err(error) => {
            notes.invalid(error.to_string().lines().next().unwrap_or_default());
            None
        }
    }
}

fn items(pointer: &Pointer, member: &str, notes: &mut Notes) {
    for (list, found) in [("outs", &pointer.outs), ("deps", &pointer.deps)] {
        for (n, item) in found.iter().enumerate() {
            let place = format!("{member}/{list}/{n}");
            digests(item, &place, notes);
            if list == "deps" {
                origin(item, &place, notes);
            }
        }
    }
}

fn digests(item: &Item, place: &str, notes: &mut Notes) {
    let name = item.path.as_deref().or(item.relpath.as_deref()).unwrap_or(place);
    notes.at_member(name);
    if let Some(md5) = &item.md5 {
        match md5.strip_suffix(".dir") {
            Some(listing) => notes.states("dvcdir", "md5", listing, Relation::Itself),
            None => of_file(md5, item.hash.is_some(), notes),
        }
    }
    for file in &item.files {
        digests(file, place, notes);
    }
}

fn of_file(md5: &str, of_bytes: bool, notes: &mut Notes) {
    let before = notes.sightings.len();
    notes.digest("md5", Scheme::Md5, md5);
    if let Some(sighting) = notes.sightings.get(before).filter(|_| !of_bytes) {
        let identifier = sighting.identifier.clone();
        let reason = "written before DVC 3, which took the MD5 of texts with LF line ends; other texts have another MD5";
        notes.remark(Why::Weak { identifier, reason });
    }
}

fn origin(item: &Item, place: &str, notes: &mut Notes) {
    if let Some(repository) = &item.repo {
        let url = repository.url.as_deref().unwrap_or_default();
        notes.at_member(&format!("{place}/repo"));
        super::git::repository(url, repository.rev_lock.as_deref(), Relation::Origin, notes);
    } else if let Some(path) = &item.path {
        notes.at_member(place);
        notes.address("path", path, Relation::Origin);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    fn said(read: fn(&[u8], &mut Notes), text: &str) -> (Vec<String>, Vec<String>) {
        let mut notes = Notes::of(Place::named(0, "x.dvc"), Source::Dvc);
        read(text.as_bytes(), &mut notes);
        let found = notes.sightings.iter().map(|s| format!("{} {}", s.relation, s.identifier));
        (found.collect(), notes.remarks.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn an_import_names_its_file_and_the_commit_it_comes_from() {
        let (found, remarks) = said(
            read,
            "deps:\n- path: data.xml\n  repo:\n    url: https://github.com/Example/Registry\n    \
             rev_lock: f59388cd04276e75d70b2136597aaa27e7937cc3\nouts:\n- md5: 22a1a2931c8370d3aeedd7183606fd7f\n  hash: md5\n  path: data.xml\n",
        );
        assert_eq!(
            found,
            [
                "file md5:22a1a2931c8370d3aeedd7183606fd7f",
                "origin git:github.com/example/registry@f59388cd04276e75d70b2136597aaa27e7937cc3"
            ]
        );
        assert!(remarks.is_empty());
    }

    #[test]
    fn an_old_md5_is_told_to_be_weaker() {
        let (found, remarks) = said(read, "outs:\n- md5: 22a1a2931c8370d3aeedd7183606fd7f\n  path: a.csv\n");
        assert_eq!(found, ["file md5:22a1a2931c8370d3aeedd7183606fd7f"]);
        assert!(remarks[0].contains("before DVC 3"), "{remarks:?}");
    }

    #[test]
    fn digests_of_digits_only_are_texts_and_no_numbers() {
        let (found, _) =
            said(read_lock, "stages:\n  a:\n    outs:\n    - {path: x, hash: md5, md5: 12345678901234567890123456789012}\n");
        assert_eq!(found, ["file md5:12345678901234567890123456789012"]);
    }

    #[test]
    fn what_is_no_yaml_is_said_to_be_invalid() {
        let (found, remarks) = said(read, "outs: [");
        assert!(found.is_empty() && remarks[0].contains("is no valid dvc file"), "{remarks:?}");
    }
}

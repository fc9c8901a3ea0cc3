//! Folders of tools that name what they keep: nothing needs to be opened or hashed.
//!
//! | folder | says |
//! |---|---|
//! | `datasets--owner--name/snapshots/<commit>` of the Hub's cache | `hf:datasets/owner/name@commit` |
//! | `.../blobs/<64 hex>` there | the SHA-256 of a file that Git LFS keeps |
//! | `.../blobs/<40 hex>` there | the git object id of any other file, which is its Software Heritage id |
//! | `kagglehub/datasets/owner/slug/versions/N` | `kaggle:owner/slug/versions/N` |
//! | `.git/lfs/objects/aa/bb/<64 hex>` | a SHA-256 |
//! | `.git/annex/objects/.../KEY` | the digest in the key |
//! | `.dvc/cache/files/md5/aa/<30 hex>` | an MD5, of a folder with `.dir` behind it |
//!
//! Source: `huggingface_hub`, "Understand caching"; `kagglehub`, `cache.py`; the layouts of git-lfs, git-annex and DVC 3.

use super::super::{Evidence, Relation, Source};
use super::{Notes, annex};
use crate::notice::{Identifier, Scheme};

/// What the name of a folder says, given the parts of its full path, the last being its own.
pub fn folder(parts: &[&str], notes: impl FnOnce(Source) -> Notes) -> Option<Notes> {
    let (source, text) = match parts {
        [.., repository, "snapshots", commit] if is_hex(commit, 40) => {
            (Source::HubCache, format!("hf:{}@{commit}", hub_repository(repository)?))
        }
        [.., "kagglehub", "datasets", owner, slug, "versions", number] => {
            (Source::KaggleCache, format!("kaggle:{owner}/{slug}/versions/{number}"))
        }
        _ => return None,
    };
    let mut notes = notes(source);
    notes.names("folder", &text, Relation::Itself);
    Some(notes)
}

/// `datasets--owner--name` as the Hub writes it in addresses.
fn hub_repository(folder: &str) -> Option<String> {
    let (kind, name) = folder.split_once("--")?;
    matches!(kind, "datasets" | "models").then(|| format!("{kind}/{}", name.replace("--", "/")))
}

/// What the name of a file in a store says about its bytes, given the parts of its full path.
pub fn stored(parts: &[&str], notes: impl FnOnce(Source) -> Notes) -> Option<Notes> {
    match parts {
        [.., repository, "blobs", name] if hub_repository(repository).is_some() && is_blob(name) => {
            let mut notes = notes(Source::HubCache);
            blob(name, &mut notes);
            Some(notes)
        }
        [.., "lfs", "objects", _, _, name] if is_hex(name, 64) => {
            let mut notes = notes(Source::LfsPointer);
            notes.digest("name", Scheme::Sha256, name);
            Some(notes)
        }
        [.., "annex", "objects", _, _, _, name] | [.., "annex", "objects", _, _, name]
            if annex::digest_of_key(name).is_some() =>
        {
            let mut notes = notes(Source::AnnexKey);
            annex::key(name, &mut notes);
            Some(notes)
        }
        [.., "files", "md5", first, rest] => {
            let (digits, is_folder) = rest.strip_suffix(".dir").map_or((*rest, false), |digits| (digits, true));
            if !is_hex(first, 2) || !is_hex(digits, 30) {
                return None;
            }
            let mut notes = notes(Source::Dvc);
            let digits = format!("{first}{digits}");
            if is_folder {
                notes.states("dvcdir", "name", &digits, Relation::Itself);
            } else {
                notes.digest("name", Scheme::Md5, &digits);
            }
            Some(notes)
        }
        _ => None,
    }
}

/// The blob that a link of a snapshot leads to.
pub(super) fn blob_of_link(target: &str) -> Option<&str> {
    let (folder, name) = target.rsplit_once('/')?;
    (folder.ends_with("blobs") && is_blob(name)).then_some(name)
}

/// The name of a blob: what Git LFS keeps is named by its SHA-256, everything else by its git object id.
pub(super) fn blob(name: &str, notes: &mut Notes) {
    let text = if name.len() == 64 { format!("sha256:{name}") } else { format!("gitblob:{name}") };
    if let Ok(identifier) = Identifier::normalise(&text) {
        notes.saw(identifier, Evidence::DigestStated, Relation::File);
    }
}

fn is_blob(name: &str) -> bool {
    is_hex(name, 64) || is_hex(name, 40)
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::super::super::Place;
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    fn said(notes: Option<Notes>) -> Vec<String> {
        notes.map(|notes| notes.sightings.iter().map(|s| s.identifier.to_string()).collect()).unwrap_or_default()
    }

    fn fresh(source: Source) -> Notes {
        Notes::of(Place::named(0, "x"), source)
    }

    #[test]
    fn a_snapshot_of_the_hub_names_repository_and_commit() {
        let parts = ["cache", "datasets--ProgramComputer--VGGFace2", "snapshots", COMMIT];
        assert_eq!(said(folder(&parts, fresh)), [format!("hf:datasets/programcomputer/vggface2@{COMMIT}")]);
        assert_eq!(said(folder(&["datasets--eli5", "snapshots", COMMIT], fresh)), [format!("hf:datasets/eli5@{COMMIT}")]);
        assert!(folder(&["spaces--a--b", "snapshots", COMMIT], fresh).is_none());
    }

    #[test]
    fn blobs_are_named_by_sha256_or_by_git_and_need_no_hashing() {
        let digits = "a36bede355cb4a311d0c4a7b5f025509060d8aff7bdd3bf912492ec8e65e3cf0";
        let large = stored(&["datasets--a--b", "blobs", digits], fresh);
        assert_eq!(said(large), [format!("sha256:{digits}")]);
        let small = stored(&["datasets--a--b", "blobs", "5ab2f8a4323abafb10abb68657d9d39f1a775057"], fresh);
        assert_eq!(said(small), ["swh:1:cnt:5ab2f8a4323abafb10abb68657d9d39f1a775057"]);
        assert!(stored(&["somewhere", "blobs", digits], fresh).is_none());
        assert_eq!(blob_of_link(&format!("../../blobs/{digits}")), Some(digits));
    }

    #[test]
    fn a_kaggle_folder_names_its_version() {
        let parts = ["x", "kagglehub", "datasets", "unsdsn", "world-happiness", "versions", "2"];
        assert_eq!(said(folder(&parts, fresh)), ["kaggle:unsdsn/world-happiness/versions/2"]);
    }
}

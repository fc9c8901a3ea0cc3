//! Which digests of files and folders the notices of a copy name: whoever looks at a folder need compute no others.
//!
//! Gathered from the rows of tiles while an index is updated, since the look-up table holds hashes of keys only, and kept beside it.

use std::collections::BTreeSet;

use super::{IndexError, ServerFolder};
use crate::compact::NoticeRow;
use crate::notice::Scheme;

/// The schemes of digests of files and folders that notices name, each by itself or in a list. [`Scheme::Blind`] stands for digests of which nobody
/// can say how they were made, [`Scheme::Swh`] for what git makes of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedDigests(BTreeSet<Scheme>);

impl NamedDigests {
    /// Takes what a notice names.
    pub(super) fn take(&mut self, row: &NoticeRow) {
        let single = row.facts.iter().filter_map(|fact| of_key(fact.key.as_str()));
        let listed = row.lists.iter().filter_map(|list| Scheme::parse(list.algorithm.as_str()));
        self.0.extend(single.chain(listed));
    }

    /// Each of them.
    pub fn schemes(&self) -> impl Iterator<Item = Scheme> + '_ {
        self.0.iter().copied()
    }

    /// What the entries below `size` name; `None` where that was not kept.
    pub(super) fn read(folder: &ServerFolder, size: u64) -> Result<Option<Self>, IndexError> {
        let name = name(size);
        let Some(bytes) = folder.read(&name)? else { return Ok(None) };
        let damaged = |what: String| IndexError::Damaged { path: folder.file(&name), what };
        let written: Vec<String> = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        let schemes = written.iter().map(|word| {
            let scheme = Scheme::parse(word).filter(|scheme| is_computed(*scheme));
            scheme.ok_or_else(|| damaged(format!("{word:?} is no digest that is computed")))
        });
        Ok(Some(Self(schemes.collect::<Result<_, _>>()?)))
    }

    /// Writes it down.
    pub(super) fn write(&self, folder: &ServerFolder, size: u64) -> Result<(), IndexError> {
        let path = folder.file(&name(size));
        let words: Vec<&str> = self.0.iter().map(|scheme| scheme.as_str()).collect();
        let bytes = serde_json::to_vec(&words);
        let bytes = bytes.map_err(|error| IndexError::Damaged { path: path.clone(), what: error.to_string() })?;
        ServerFolder::write(&path, &bytes)
    }
}

/// Where it lies.
pub(super) fn name(size: u64) -> String {
    format!("digests-{size}")
}

/// The scheme of a look-up key that is the digest of a file or a folder.
fn of_key(key: &str) -> Option<Scheme> {
    let (word, value) = key.split_once(':')?;
    let scheme = Scheme::parse(word).filter(|scheme| is_computed(*scheme))?;
    (scheme != Scheme::Swh || value.starts_with("1:cnt:")).then_some(scheme)
}

fn is_computed(scheme: Scheme) -> bool {
    use Scheme::{Blake3, Blind, Dirhash1, Dvcdir, Md5, Sha1, Sha256, Sha512, Swh};
    matches!(scheme, Md5 | Sha1 | Sha256 | Sha512 | Blake3 | Swh | Dirhash1 | Dvcdir | Blind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_of_files_and_folders_tell_which_digests_are_wanted() {
        let sha = "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";
        let git = "5ab2f8a4323abafb10abb68657d9d39f1a775057";
        for (key, scheme) in [
            (format!("sha256:{sha}"), Some(Scheme::Sha256)),
            (format!("blind:{sha}"), Some(Scheme::Blind)),
            (format!("swh:1:cnt:{git}"), Some(Scheme::Swh)),
            (format!("swh:1:dir:{git}"), None),
            (format!("btih:{git}"), None),
            (format!("dirhash1:{sha}"), Some(Scheme::Dirhash1)),
            ("doi:10.5281/zenodo.1".to_owned(), None),
            ("name:md5".to_owned(), None),
            ("md5".to_owned(), None),
        ] {
            assert_eq!(of_key(&key), scheme, "{key}");
        }
    }

    #[test]
    fn what_is_written_is_read_and_what_is_no_digest_is_damage() {
        let place = tempfile::tempdir().unwrap();
        let folder = super::super::IndexFolder::at(place.path()).server("ledger.example.org/log");
        std::fs::create_dir_all(folder.path()).unwrap();
        assert_eq!(NamedDigests::read(&folder, 3).unwrap(), None);
        let named = NamedDigests(BTreeSet::from([Scheme::Md5, Scheme::Blind]));
        named.write(&folder, 3).unwrap();
        assert_eq!(NamedDigests::read(&folder, 3).unwrap(), Some(named));
        std::fs::write(folder.file(&name(3)), "[\"doi\"]").unwrap();
        assert!(matches!(NamedDigests::read(&folder, 3), Err(IndexError::Damaged { .. })));
    }
}

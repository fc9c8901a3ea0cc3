//! Digests of files that have not changed since: a file is known by device, inode, length, and the times of its last change.
//!
//! A text file, one line a file, that is only appended to; lines that cannot be read are passed over, and the last line about a file
//! counts. It is named by the version of its form and may be deleted at any time. A file that was changed within the last seconds before
//! the scan is not kept, since it could change again within one tick of its clock. The time of the last change of the inode is part of
//! the key too, so that a time of modification which somebody set back deceives nobody.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Algorithm, Algorithms};
use crate::notice::Identifier;

/// The file in the folder of the cache.
const NAME: &str = "digests-1.txt";
/// A larger file than this is begun anew, in bytes: some millions of files.
const LARGEST: u64 = 1 << 30;
/// How long a file must have rested to be kept, in nanoseconds.
const RESTED: i128 = 2_000_000_000;

/// Device, inode, length, time of modification and time of change in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    device: u64,
    inode: u64,
    length: u64,
    modified: i128,
    changed: i128,
}

impl Key {
    pub(super) fn of(metadata: &fs::Metadata) -> Self {
        let nanoseconds = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.len(),
            modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    fn read(line: &str) -> Option<(Self, &str)> {
        let mut words = line.splitn(6, ' ');
        let mut next = || words.next();
        let (device, inode, length) = (next()?.parse().ok()?, next()?.parse().ok()?, next()?.parse().ok()?);
        let (modified, changed) = (next()?.parse().ok()?, next()?.parse().ok()?);
        Some((Self { device, inode, length, modified, changed }, next()?))
    }
}

/// What was hashed before.
#[derive(Debug)]
pub struct Cache {
    known: HashMap<Key, Box<str>>,
    file: Mutex<File>,
    /// When the scan began, in nanoseconds since 1970.
    now: i128,
}

impl Cache {
    /// Opens the cache in this folder, which is made for this user alone when it is not there.
    ///
    /// # Errors
    /// What the operating system says. A scan can go on without.
    pub fn open(folder: &Path, now: SystemTime) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let path = folder.join(NAME);
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600);
        let mut file = options.open(&path)?;
        let too_large = file.metadata()?.len() > LARGEST;
        if too_large {
            fs::remove_file(&path)?;
            file = options.open(&path)?;
        }
        let mut known = HashMap::new();
        for line in BufReader::new(&file).lines() {
            let Ok(line) = line else { break };
            if let Some((key, digests)) = Key::read(&line) {
                known.insert(key, digests.into());
            }
        }
        let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| i128::try_from(since.as_nanos()).unwrap_or(i128::MAX));
        Ok(Self { known, file: Mutex::new(file), now })
    }

    /// The digests of a file by these algorithms, when all of them are known.
    pub(super) fn get(&self, key: &Key, algorithms: Algorithms) -> Option<Vec<Identifier>> {
        let digests: Vec<Identifier> =
            self.known.get(key)?.split(' ').map(|text| Identifier::from_normal(text).ok()).collect::<Option<_>>()?;
        let of = |algorithm: Algorithm| digests.iter().find(|digest| algorithm_of(digest) == Some(algorithm)).cloned();
        algorithms.iter().map(of).collect()
    }

    /// Keeps the digests of a file that has rested. What cannot be written is not kept, and nothing is lost.
    pub(super) fn keep(&self, key: &Key, digests: &[Identifier]) {
        if self.now - key.modified.max(key.changed) < RESTED {
            return;
        }
        let texts: Vec<&str> = digests.iter().map(Identifier::as_str).collect();
        let Key { device, inode, length, modified, changed } = key;
        let line = format!("{device} {inode} {length} {modified} {changed} {}\n", texts.join(" "));
        if let Ok(mut file) = self.file.lock() {
            // One write of a whole line, so that scans beside each other do not mix theirs.
            let _ = file.write_all(line.as_bytes());
        }
    }
}

/// Which algorithm made a digest.
pub(super) fn algorithm_of(digest: &Identifier) -> Option<Algorithm> {
    let (word, _) = digest.as_str().split_once(':')?;
    if word == "swh" { Some(Algorithm::GitBlob) } else { Algorithm::parse(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key { device: 1, inode: 2, length: 3, modified: 4, changed: -5 };

    fn a_time() -> SystemTime {
        UNIX_EPOCH + std::time::Duration::from_hours(500_000)
    }

    fn digest(text: &str) -> Identifier {
        Identifier::normalise(text).unwrap()
    }

    #[test]
    fn what_was_kept_is_known_by_the_next_scan_and_only_under_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/cache");
        let now = a_time();
        let md5 = digest("md5:88813c6b15de58afc8fa75ea83361d7f");
        Cache::open(&path, now)
            .unwrap()
            .keep(&KEY, &[md5.clone(), digest("swh:1:cnt:5ab2f8a4323abafb10abb68657d9d39f1a775057")]);
        let mut file = OpenOptions::new().append(true).open(path.join(NAME)).unwrap();
        file.write_all(b"nonsense\n1 2 x\n").unwrap();
        let cache = Cache::open(&path, now).unwrap();
        let of = |algorithm| [algorithm].into_iter().collect();
        assert_eq!(cache.get(&KEY, of(Algorithm::Md5)), Some(vec![md5]));
        assert_eq!(cache.get(&KEY, of(Algorithm::GitBlob)).map(|digests| digests.len()), Some(1));
        assert_eq!(cache.get(&KEY, of(Algorithm::Sha256)), None, "that one was not computed");
        assert_eq!(cache.get(&Key { modified: 7, ..KEY }, of(Algorithm::Md5)), None);
    }

    #[test]
    fn a_file_that_changed_a_moment_ago_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let now = a_time();
        let nanoseconds = i128::try_from(now.duration_since(UNIX_EPOCH).unwrap().as_nanos()).unwrap();
        let fresh = Key { modified: nanoseconds, ..KEY };
        Cache::open(folder.path(), now).unwrap().keep(&fresh, &[digest("md5:88813c6b15de58afc8fa75ea83361d7f")]);
        assert!(Cache::open(folder.path(), now).unwrap().known.is_empty());
    }
}

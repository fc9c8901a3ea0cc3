use blake3::Hasher as Blake3;
use data_encoding::HEXLOWER;
use md5::Md5;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use crate::notice::{Identifier, codes};

/// A digest of the bytes of a file, or of all files in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Algorithm {
    Sha256,
    Md5,
    Sha1,
    Sha512,
    Blake3,
    /// The id that git gives the bytes: SHA-1 over `blob`, their number and the bytes. It is the Software Heritage id of the content.
    GitBlob,
    /// Of a folder: Go's `Hash1` of the SHA-256 of its files.
    Dirhash1,
    /// Of a folder: what DVC writes before `.dir`, of the MD5 of its files.
    Dvcdir,
}

codes!(Algorithm {
    Sha256 => "sha256",
    Md5 => "md5",
    Sha1 => "sha1",
    Sha512 => "sha512",
    Blake3 => "blake3",
    GitBlob => "gitblob",
    Dirhash1 => "dirhash1",
    Dvcdir => "dvcdir",
});

/// Which digests are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Algorithms(u8);

impl Algorithms {
    /// None: nothing is hashed.
    pub const NONE: Self = Self(0);

    /// Whether this one is among them.
    pub fn contains(self, algorithm: Algorithm) -> bool {
        self.0 & Self::bit(algorithm) != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// All there are.
    pub fn all() -> Self {
        Algorithm::ALL.iter().copied().collect()
    }

    /// Those that are in either.
    #[must_use]
    pub fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those that are not among `others`.
    #[must_use]
    pub fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Whether all of these are among `others`.
    pub fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Those of files that are needed for all of them: a digest of a folder is one of the digests of its files.
    #[must_use]
    pub fn of_files(self) -> Self {
        let needed = self.iter().map(|algorithm| match algorithm {
            Algorithm::Dirhash1 => Algorithm::Sha256,
            Algorithm::Dvcdir => Algorithm::Md5,
            other => other,
        });
        needed.collect()
    }

    /// Those of folders among them.
    #[must_use]
    pub fn of_folders(self) -> Self {
        self.iter().filter(|algorithm| matches!(algorithm, Algorithm::Dirhash1 | Algorithm::Dvcdir)).collect()
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = Algorithm> {
        Algorithm::ALL.iter().copied().filter(move |algorithm| self.contains(*algorithm))
    }

    fn bit(algorithm: Algorithm) -> u8 {
        match algorithm {
            Algorithm::Sha256 => 1,
            Algorithm::Md5 => 2,
            Algorithm::Sha1 => 4,
            Algorithm::Sha512 => 8,
            Algorithm::Blake3 => 16,
            Algorithm::GitBlob => 32,
            Algorithm::Dirhash1 => 64,
            Algorithm::Dvcdir => 128,
        }
    }
}

impl FromIterator<Algorithm> for Algorithms {
    fn from_iter<I: IntoIterator<Item = Algorithm>>(algorithms: I) -> Self {
        Self(algorithms.into_iter().fold(0, |bits, algorithm| bits | Self::bit(algorithm)))
    }
}

/// The digests of one file in the making.
#[derive(Default)]
pub(super) struct Digester {
    sha256: Option<Sha256>,
    md5: Option<Md5>,
    sha1: Option<Sha1>,
    sha512: Option<Sha512>,
    blake3: Option<Box<Blake3>>,
    git_blob: Option<Sha1>,
}

impl Digester {
    /// Of a file of this many bytes.
    pub(super) fn of(algorithms: Algorithms, length: u64) -> Self {
        let is = |algorithm| algorithms.contains(algorithm);
        let git_blob = is(Algorithm::GitBlob).then(|| Sha1::new().chain_update(format!("blob {length}\0")));
        Self {
            sha256: is(Algorithm::Sha256).then(Sha256::new),
            md5: is(Algorithm::Md5).then(Md5::new),
            sha1: is(Algorithm::Sha1).then(Sha1::new),
            sha512: is(Algorithm::Sha512).then(Sha512::new),
            blake3: is(Algorithm::Blake3).then(|| Box::new(Blake3::new())),
            git_blob,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.sha256.iter_mut().for_each(|hasher| hasher.update(bytes));
        self.md5.iter_mut().for_each(|hasher| hasher.update(bytes));
        self.sha1.iter_mut().for_each(|hasher| hasher.update(bytes));
        self.sha512.iter_mut().for_each(|hasher| hasher.update(bytes));
        self.git_blob.iter_mut().for_each(|hasher| hasher.update(bytes));
        if let Some(hasher) = &mut self.blake3 {
            hasher.update(bytes);
        }
    }

    pub(super) fn finish(self) -> Vec<Identifier> {
        let hex = |bytes: &[u8]| HEXLOWER.encode(bytes);
        let texts = [
            self.sha256.map(|hasher| format!("sha256:{}", hex(&hasher.finalize()))),
            self.md5.map(|hasher| format!("md5:{}", hex(&hasher.finalize()))),
            self.sha1.map(|hasher| format!("sha1:{}", hex(&hasher.finalize()))),
            self.sha512.map(|hasher| format!("sha512:{}", hex(&hasher.finalize()))),
            self.blake3.map(|hasher| format!("blake3:{}", hex(hasher.finalize().as_bytes()))),
            self.git_blob.map(|hasher| format!("swh:1:cnt:{}", hex(&hasher.finalize()))),
        ];
        // Each of them is in normal form.
        texts.into_iter().flatten().filter_map(|text| Identifier::normalise(&text).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_digests_come_from_one_pass() {
        let all: Algorithms = Algorithm::ALL.iter().copied().collect();
        let mut digester = Digester::of(all, 5);
        digester.update(b"Hel");
        digester.update(b"lo");
        let found: Vec<_> = digester.finish().iter().map(ToString::to_string).collect();
        // Of the five bytes "Hello", by sha256sum, md5sum, sha1sum, sha512sum, b3sum and git hash-object.
        assert_eq!(found.len(), 6);
        assert_eq!(found[0], "sha256:185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969");
        assert_eq!(found[1], "md5:8b1a9953c4611296a827abf8c47804d7");
        assert_eq!(found[2], "sha1:f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0");
        assert!(found[3].starts_with("sha512:3615f80c9d293ed7402687f94b22d58e"));
        assert!(found[4].starts_with("blake3:fbc2b0516ee8744d293b980779178a35"));
        assert_eq!(found[5], "swh:1:cnt:5ab2f8a4323abafb10abb68657d9d39f1a775057");
    }

    #[test]
    fn a_set_of_algorithms_knows_its_members() {
        let set: Algorithms = [Algorithm::Md5, Algorithm::GitBlob].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Algorithm::Md5, Algorithm::GitBlob]);
        let folders: Algorithms = [Algorithm::Dirhash1, Algorithm::Dvcdir, Algorithm::Sha512].into_iter().collect();
        assert_eq!(folders.of_files().iter().collect::<Vec<_>>(), [Algorithm::Sha256, Algorithm::Md5, Algorithm::Sha512]);
        assert_eq!(folders.of_folders().iter().collect::<Vec<_>>(), [Algorithm::Dirhash1, Algorithm::Dvcdir]);
        assert!(Algorithms::NONE.is_within(set) && !set.is_within(Algorithms::NONE) && !set.contains(Algorithm::Sha256));
    }
}

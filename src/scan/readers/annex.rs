//! Keys of git-annex (its `doc/internals/key_format.mdwn`): `BACKEND[-sSIZE...]--NAME`, where the name of most backends is a digest.
//!
//! A key stands in the target of a link, in a pointer file, and as the name of an object. Backends whose keys are no digests that a notice
//! can hold (`WORM`, `URL`, `SHA3`, `BLAKE2`) say nothing about the bytes, and nothing is made of them.

use std::str;

use super::Notes;
use crate::notice::Scheme;

const OBJECTS: &str = "annex/objects/";

pub(super) fn is_pointer(bytes: &[u8]) -> bool {
    bytes.starts_with(b"/annex/objects/")
}

pub(super) fn pointer(bytes: &[u8], notes: &mut Notes) {
    let line = str::from_utf8(bytes).ok().and_then(|text| text.lines().next());
    match line.and_then(|line| line.rsplit('/').next()) {
        Some(name) => {
            notes.at_line(1);
            key(name, notes);
        }
        None => notes.invalid("it is no UTF-8 text"),
    }
}

/// The key that a link of an annexed file leads to.
pub(super) fn key_of_link(target: &str) -> Option<&str> {
    target.contains(OBJECTS).then(|| target.rsplit('/').next()).flatten().filter(|key| digest_of_key(key).is_some())
}

/// Whether a name is a key with a digest.
pub(super) fn digest_of_key(key: &str) -> Option<(Scheme, &str)> {
    let (head, name) = key.split_once("--")?;
    let backend = head.split('-').next()?;
    // The letter E says that the extension of the file follows the digest.
    let (algorithm, has_extension) = match backend.strip_suffix('E') {
        Some(algorithm) => (algorithm, true),
        None => (backend, false),
    };
    let scheme = match algorithm {
        "MD5" => Scheme::Md5,
        "SHA1" => Scheme::Sha1,
        "SHA256" => Scheme::Sha256,
        "SHA512" => Scheme::Sha512,
        _ => return None,
    };
    let digits = if has_extension { name.split('.').next().unwrap_or(name) } else { name };
    Some((scheme, digits))
}

pub(super) fn key(key: &str, notes: &mut Notes) {
    if let Some((scheme, digits)) = digest_of_key(key) {
        notes.digest("key", scheme, digits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_its_digest_with_or_without_an_extension() {
        let digits = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let link = format!("../.git/annex/objects/aa/bb/SHA256E-s12--{digits}.tar.gz/SHA256E-s12--{digits}.tar.gz");
        let key = key_of_link(&link).unwrap();
        assert_eq!(digest_of_key(key), Some((Scheme::Sha256, digits)));
        assert_eq!(digest_of_key("MD5-s3--900150983cd24fb0d6963f7d28e17f72").unwrap().0, Scheme::Md5);
        assert_eq!(digest_of_key("WORM-s3-m12--name"), None);
        assert_eq!(digest_of_key("URL--https&c%%example.org%x"), None);
        assert_eq!(key_of_link("../data/SHA256-s1--x"), None);
    }
}

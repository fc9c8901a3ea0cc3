//! Digests that are never matched, whoever lists them: of nothing, of next to nothing, and of common licence texts (domain,
//! section 2, "Advice"). A notice that listed one would hit every folder with an empty file in it.
//!
//! The list with its sources is `trivial.txt`. It can grow without a new version: it takes matches away and adds none.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{Identifier, Scheme, blind};

static TRIVIAL: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("trivial.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect());

/// The same behind their blinded forms: who hides the digest of the empty file would meet everybody just as well.
static BLINDED: LazyLock<HashSet<String>> = LazyLock::new(|| TRIVIAL.iter().map(|plain| blind::digits(plain)).collect());

/// Whether `id` is on the list, plain or blinded.
pub(super) fn contains(id: &Identifier) -> bool {
    match id.scheme() {
        Scheme::Blind => BLINDED.contains(id.value()),
        _ => TRIVIAL.contains(id.as_str()),
    }
}

/// Every line of the list.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    TRIVIAL.iter().copied()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256, Sha512};

    use super::*;

    #[test]
    fn every_line_is_an_identifier_in_normal_form() {
        assert!(TRIVIAL.len() > 100);
        for line in TRIVIAL.iter() {
            let plain = Identifier::from_normal(line).unwrap();
            assert!(contains(&plain) && contains(&plain.blinded().unwrap()), "{line}");
        }
    }

    #[test]
    fn tiny_files_are_listed_with_the_digests_they_have() {
        for bytes in ["", "\n", "\r\n", "{}", "{}\n", "[]", "[]\n"] {
            let (sha256, sha512) = (Sha256::digest(bytes), Sha512::digest(bytes));
            for (scheme, digest) in [("sha256", sha256.as_slice()), ("sha512", sha512.as_slice())] {
                let id = Identifier::normalise(&format!("{scheme}:{}", data_encoding::HEXLOWER.encode(digest))).unwrap();
                assert!(contains(&id), "{bytes:?}");
            }
        }
    }
}

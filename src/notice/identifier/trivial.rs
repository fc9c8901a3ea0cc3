//! Digests that are never matched, whoever lists them: of nothing, of next to nothing, and of common licence texts (domain,
//! section 2, "Advice"). A notice that listed one would hit every folder with an empty file in it.
//!
//! The list with its sources is `trivial.txt`. It can grow without a new version: it takes matches away and adds none.

use std::collections::HashSet;
use std::sync::LazyLock;

static TRIVIAL: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("trivial.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect());

/// Whether `normal`, an identifier in normal form, is on the list.
pub(super) fn contains(normal: &str) -> bool {
    TRIVIAL.contains(normal)
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256, Sha512};

    use super::*;
    use crate::notice::Identifier;

    #[test]
    fn every_line_is_an_identifier_in_normal_form() {
        assert!(TRIVIAL.len() > 100);
        for line in TRIVIAL.iter() {
            assert!(Identifier::from_normal(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn tiny_files_are_listed_with_the_digests_they_have() {
        for bytes in ["", "\n", "\r\n", "{}", "{}\n", "[]", "[]\n"] {
            let (sha256, sha512) = (Sha256::digest(bytes), Sha512::digest(bytes));
            assert!(contains(&format!("sha256:{}", data_encoding::HEXLOWER.encode(&sha256))), "{bytes:?}");
            assert!(contains(&format!("sha512:{}", data_encoding::HEXLOWER.encode(&sha512))), "{bytes:?}");
        }
    }
}

//! The beginning of a digest, by which digests are asked for without telling which one is meant.
//!
//! Whoever asks for `sha256:` and 64 digits tells the server which file they hold. Whoever asks for the first digits gets everything
//! that is known of all digests that begin so, and compares at home: the server learns one of 65,536 ranges with four digits, and all
//! files of the world are spread over these evenly (k-anonymity; Li and others, *Protocols for Checking Compromised Credentials*, CCS 2019).
//! What begins like hardly anything else hides nothing, so a prefix has an upper end too.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;

use super::{DigestAlgorithm, Identifier};

/// A prefix of a digest: its algorithm, and [`DigestPrefix::FEWEST`] to [`DigestPrefix::MOST`] digits of lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DigestPrefix {
    algorithm: DigestAlgorithm,
    digits: String,
}

/// Why there is no prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DigestPrefixFault {
    /// No algorithm of files.
    #[error("digests are known by md5, sha1, sha256, sha512 and blake3")]
    Algorithm,
    /// What hides a digest cannot be asked for by its beginning.
    #[error(
        "blinded digests are not asked for by their beginning: together with the beginning of the plain digest, theirs would tell \
         which file is meant; ask /v1/check for the plain digest, which tells it too, or a local index, which tells nobody"
    )]
    Blind,
    /// Too few, too many, or no digits.
    #[error("the prefix of a digest is {} to {} digits of lower-case hex", DigestPrefix::FEWEST, DigestPrefix::MOST)]
    Digits,
}

impl DigestPrefix {
    /// The fewest digits: with fewer, an answer would be long, and no use to hide in.
    pub const FEWEST: usize = 4;
    /// The most digits: those of eight bytes. No two digests share as many by chance.
    pub const MOST: usize = 16;
    /// The most digits that an asker of ours tells, however many a server asks for: a server that wants all of them wants to know the file.
    /// With six there are 16,777,216 ranges; a server must know some ten thousand million digests before they are too few.
    pub const MOST_TOLD: usize = 6;

    /// Reads the word of an algorithm and the first digits.
    ///
    /// # Errors
    /// [`DigestPrefixFault`].
    pub fn parse(algorithm: &str, digits: &str) -> Result<Self, DigestPrefixFault> {
        let algorithm = match DigestAlgorithm::parse(algorithm) {
            None => return Err(DigestPrefixFault::Algorithm),
            Some(DigestAlgorithm::Blind) => return Err(DigestPrefixFault::Blind),
            Some(algorithm) => algorithm,
        };
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if !(Self::FEWEST..=Self::MOST).contains(&digits.len()) || !digits.bytes().all(is_digit) {
            return Err(DigestPrefixFault::Digits);
        }
        Ok(Self { algorithm, digits: digits.to_owned() })
    }

    /// The first so many digits of a digest; `None` for anything but a plain digest of a file, and for too few or too many digits.
    pub fn of(id: &Identifier, digits: usize) -> Option<Self> {
        Self::parse(id.digest_algorithm()?.as_str(), id.value().get(..digits)?).ok()
    }

    /// How the digests were made.
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// The digits, in lower-case hex.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// The first digest of the range, in order.
    pub fn first(&self) -> Vec<u8> {
        self.filled_with('0')
    }

    /// The last digest of the range.
    pub fn last(&self) -> Vec<u8> {
        self.filled_with('f')
    }

    /// Whether a digest lies in the range. One of another width does not.
    pub fn holds(&self, digest: &[u8]) -> bool {
        digest.len() as u64 == self.algorithm.width() && *self.first() <= *digest && *digest <= *self.last()
    }

    /// A digest of the range as an identifier.
    pub fn identifier(&self, digest: &[u8]) -> Option<Identifier> {
        let id = Identifier::normalise(&format!("{}:{}", self.algorithm, HEXLOWER.encode(digest))).ok()?;
        self.holds(digest).then_some(id)
    }

    /// A digest of the range that is none of `named`; `None` when all of them are.
    pub fn a_digest_besides(&self, named: &BTreeSet<Vec<u8>>) -> Option<Identifier> {
        let mut digest = self.last();
        // Whoever names some names fewer than two bytes tell apart.
        (0..=u16::MAX).find_map(|n| {
            digest.last_chunk_mut::<2>()?.copy_from_slice(&n.to_be_bytes());
            let id = self.identifier(&digest)?;
            (!named.contains(&digest) && !id.is_trivial()).then_some(id)
        })
    }

    fn filled_with(&self, digit: char) -> Vec<u8> {
        let width = usize::try_from(self.algorithm.width()).unwrap_or(0) * 2;
        let digits: String = self.digits.chars().chain(std::iter::repeat(digit)).take(width).collect();
        HEXLOWER.decode(digits.as_bytes()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_prefix_is_four_to_sixteen_lower_case_digits_of_a_plain_digest() {
        for digits in ["0a1b", "00000", "0123456789abcdef"] {
            assert_eq!(DigestPrefix::parse("sha256", digits).unwrap().digits(), digits);
        }
        for digits in ["", "0a1", "0A1B", "0a1g", "0123456789abcdef0", "0a 1b", "%30a1b", "٠٠٠٠"] {
            assert_eq!(DigestPrefix::parse("sha256", digits), Err(DigestPrefixFault::Digits), "{digits:?}");
        }
        assert_eq!(DigestPrefix::parse("blind", "0a1b"), Err(DigestPrefixFault::Blind));
        for algorithm in ["SHA256", "crc32", "btih", ""] {
            assert_eq!(DigestPrefix::parse(algorithm, "0a1b"), Err(DigestPrefixFault::Algorithm), "{algorithm}");
        }
    }

    #[test]
    fn only_plain_digests_have_a_prefix() {
        let of = |text: &str, digits| DigestPrefix::of(&Identifier::normalise(text).unwrap(), digits);
        let plain = format!("sha256:{}", "ab".repeat(32));
        assert_eq!(of(&plain, 5).unwrap().digits(), "ababa");
        assert_eq!(of(&plain, 3), None);
        assert_eq!(of(&format!("blind:{}", "ab".repeat(32)), 5), None);
        assert_eq!(of("doi:10.5281/zenodo.1", 5), None);
    }

    proptest! {
        #[test]
        fn a_range_holds_exactly_the_digests_that_begin_with_its_digits(
            digits in "[0-9a-f]{4,16}", rest in "[0-9a-f]{32}", other in "[0-9a-f]{32}",
        ) {
            let prefix = DigestPrefix::parse("md5", &digits).unwrap();
            let bytes = |text: &str| HEXLOWER.decode(text.as_bytes()).unwrap();
            let inside = format!("{digits}{}", &rest[digits.len()..]);
            prop_assert!(prefix.holds(&bytes(&inside)));
            prop_assert_eq!(prefix.holds(&bytes(&other)), other.starts_with(&digits));
            let id = prefix.identifier(&bytes(&inside)).unwrap();
            prop_assert_eq!(id.as_str(), &format!("md5:{inside}"));
            prop_assert_eq!(DigestPrefix::of(&id, digits.len()), Some(prefix));
        }
    }
}

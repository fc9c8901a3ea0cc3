//! `md5:` `sha1:` `sha256:` `sha512:` `blake3:`, digests of the bytes of a file.

use data_encoding::HEXLOWER;

use super::{Identifier, IdentifierError, Scheme, lower_hex, strip_prefix_any_case};
use crate::notice::DigestAlgorithm;
use crate::strict_json::decode_base64;

/// Why a text is no digest. Real metadata holds words, sizes and URLs in digest fields, so each reason has its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DigestFault {
    /// The right digits of another algorithm.
    #[error("these are the digits of an {fits}, not of a {said}: write {fits}: before them")]
    OtherAlgorithm {
        /// The algorithm that was said.
        said: Scheme,
        /// The algorithm whose length it has.
        fits: Scheme,
    },
    /// Neither hex nor base64: a word, a size, a URL.
    #[error("a {said} digest is written in hex or base64")]
    NotADigest {
        /// The algorithm that was said.
        said: Scheme,
    },
    /// Hex or base64, but of no digest.
    #[error("a {said} digest has {} bytes, this has {bytes}", length(*.said).unwrap_or_default())]
    WrongLength {
        /// The algorithm that was said.
        said: Scheme,
        /// How many bytes there are, rounded up.
        bytes: usize,
    },
}

impl DigestFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::OtherAlgorithm { .. } => "digest-other-algorithm",
            Self::NotADigest { .. } => "digest-form",
            Self::WrongLength { .. } => "digest-length",
        }
    }
}

/// The digest schemes, each with its algorithm and its length in bytes.
pub(super) const ALGORITHMS: [(Scheme, DigestAlgorithm, usize); 5] = [
    (Scheme::Md5, DigestAlgorithm::Md5, 16),
    (Scheme::Sha1, DigestAlgorithm::Sha1, 20),
    (Scheme::Sha256, DigestAlgorithm::Sha256, 32),
    (Scheme::Sha512, DigestAlgorithm::Sha512, 64),
    (Scheme::Blake3, DigestAlgorithm::Blake3, 32),
];

/// The length in bytes of a digest of `scheme`.
fn length(scheme: Scheme) -> Option<usize> {
    ALGORITHMS.iter().find(|(of, _, _)| *of == scheme).map(|(_, _, bytes)| *bytes)
}

/// The algorithm that a digest scheme stands for.
pub(super) fn algorithm(scheme: Scheme) -> Option<DigestAlgorithm> {
    ALGORITHMS.iter().find(|(of, _, _)| *of == scheme).map(|(_, algorithm, _)| *algorithm)
}

/// Reads what stands behind the prefix of a digest scheme: hex of either case or padded base64.
pub(super) fn identifier(said: Scheme, text: &str) -> Result<Identifier, IdentifierError> {
    let text = text.trim();
    let expected = length(said).unwrap_or_default();
    if let Some(digits) = lower_hex(text, expected * 2) {
        return Identifier::assemble(said, &digits);
    }
    let bytes = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        text.len().div_ceil(2)
    } else {
        match decode_base64(text) {
            Some(digest) if digest.len() == expected => return Identifier::assemble(said, &HEXLOWER.encode(&digest)),
            // A word can be base64 by accident; only what has the length of some digest is taken for one.
            Some(digest) if ALGORITHMS.iter().any(|(_, _, bytes)| *bytes == digest.len()) => digest.len(),
            _ => return Err(DigestFault::NotADigest { said }.into()),
        }
    };
    let odd = text.len() % 2 == 1;
    Err(match ALGORITHMS.iter().find(|(_, _, length)| !odd && *length == bytes) {
        Some((fits, _, _)) => DigestFault::OtherAlgorithm { said, fits: *fits },
        None => DigestFault::WrongLength { said, bytes },
    }
    .into())
}

/// Reads a subresource-integrity value, `sha256-` or `sha512-` and base64 (W3C Subresource Integrity); `None` when it is none.
pub(super) fn subresource_integrity(text: &str) -> Option<Result<Identifier, IdentifierError>> {
    let (said, base64) = [("sha256-", Scheme::Sha256), ("sha512-", Scheme::Sha512)]
        .into_iter()
        .find_map(|(prefix, scheme)| Some((scheme, strip_prefix_any_case(text, prefix)?)))?;
    Some(identifier(said, base64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_md5_in_a_sha256_field_is_refused_and_called_an_md5() {
        let error = identifier(Scheme::Sha256, "88813c6b15de58afc8fa75ea83361d7f").unwrap_err();
        assert_eq!(error.rule(), "digest-other-algorithm");
        assert_eq!(error.to_string(), "these are the digits of an md5, not of a sha256: write md5: before them");
    }

    #[test]
    fn what_real_metadata_puts_into_digest_fields_is_refused() {
        for (text, rule) in [
            ("https://github.com/mlcommons/croissant/issues/80", "digest-form"),
            ("sha256", "digest-form"),
            ("687610993", "digest-length"),
            ("", "digest-form"),
        ] {
            assert_eq!(identifier(Scheme::Sha256, text).unwrap_err().rule(), rule, "{text}");
        }
    }
}

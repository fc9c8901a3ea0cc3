//! `blind:`, a digest behind a digest: hex SHA-256 of `palinode-blind/v1\n` followed by a plain identifier.
//!
//! A notice about material that nobody should find must still reach those who hold it. Whoever has the file knows its digest,
//! blinds it and finds the notice; whoever has only the notice cannot go back. That holds for identifiers that nobody can guess, so
//! only digests are blinded: md5 with its 128 bits is the shortest. The key `palinode-blind/v1` keeps the values apart from those of
//! any other table of digests.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{Identifier, IdentifierError, Scheme, lower_hex};
use crate::notice::DigestAlgorithm;

/// Why a text is no blinded identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlindFault {
    /// Not 64 hex digits.
    #[error("a blinded identifier is 64 hex digits; palinode makes it from the plain digest, see palinode notice draft --help")]
    Form,
}

impl BlindFault {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "called like the rules of all faults")]
    pub(super) fn rule(&self) -> &'static str {
        match self {
            Self::Form => "blind-form",
        }
    }
}

const DOMAIN: &[u8] = b"palinode-blind/v1\n";

/// Reads what stands behind `blind:`.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let digits = lower_hex(text.trim(), 64).ok_or(BlindFault::Form)?;
    Identifier::assemble(Scheme::Blind, &digits)
}

/// Whether identifiers of `scheme` are digests through and through, which alone are blinded.
pub(super) fn hides(scheme: Scheme) -> bool {
    match scheme {
        Scheme::Md5
        | Scheme::Sha1
        | Scheme::Sha256
        | Scheme::Sha512
        | Scheme::Blake3
        | Scheme::Swh
        | Scheme::Btih
        | Scheme::Btmh
        | Scheme::Dirhash1
        | Scheme::Dvcdir => true,
        Scheme::Doi
        | Scheme::Url
        | Scheme::Hf
        | Scheme::Kaggle
        | Scheme::Git
        | Scheme::Gdrive
        | Scheme::Arxiv
        | Scheme::Name
        | Scheme::Ark
        | Scheme::Hdl
        | Scheme::Openml
        | Scheme::Archive
        | Scheme::Baidu
        | Scheme::Purl
        | Scheme::Blind => false,
    }
}

/// The digits that stand for `plain`, an identifier in normal form.
pub(super) fn digits(plain: &str) -> String {
    HEXLOWER.encode(&Sha256::new().chain_update(DOMAIN).chain_update(plain).finalize())
}

/// What stands for a digest in the blinded lists of sensitive notices, as bytes.
///
/// A blinded digest stands for itself.
pub fn blinded_digest(algorithm: DigestAlgorithm, digest: &[u8]) -> Vec<u8> {
    match algorithm {
        DigestAlgorithm::Blind => digest.to_vec(),
        plain => {
            let hasher = Sha256::new().chain_update(DOMAIN).chain_update(plain.as_str()).chain_update(":");
            hasher.chain_update(HEXLOWER.encode(digest)).finalize().to_vec()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_blinded_as_the_specification_says() {
        // printf 'palinode-blind/v1\nmd5:88813c6b15de58afc8fa75ea83361d7f' | sha256sum
        let plain = Identifier::normalise("md5:88813c6b15de58afc8fa75ea83361d7f").unwrap();
        let (algorithm, digest) = plain.digest().unwrap();
        let blinded = blinded_digest(algorithm, &digest);
        assert_eq!(plain.blinded().unwrap().digest(), Some((DigestAlgorithm::Blind, blinded)));
        assert_eq!(plain.blinded().unwrap().value(), "8f305f4bbeedaafd77cdd5fa6b1b15fc6b728d56642c399d4982e2b9d7dae701");
    }

    #[test]
    fn what_somebody_could_guess_is_not_blinded() {
        for text in
            ["doi:10.1234/x", "name:msceleb1m", "hf:datasets/a/b", "url:https://a.example/", "gdrive:1jjE85dRCMOgRtvJ5RQV"]
        {
            assert_eq!(Identifier::normalise(text).unwrap().blinded(), None, "{text}");
        }
        let blind = Identifier::normalise(&format!("blind:{}", "0".repeat(64))).unwrap();
        assert_eq!(blind.blinded(), None, "once is enough");
    }
}

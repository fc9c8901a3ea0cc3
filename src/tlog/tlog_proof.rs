//! The offline receipt: this entry stands at this place of this log (C2SP tlog-proof).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64 of whatever the application wants, not authenticated>
//! index <place of the entry, from 0>
//! <hashes of the inclusion proof in base64, one a line, the leaf's sibling first>
//!
//! <the checkpoint, a signed note with its cosignatures>
//! ```
//!
//! The `extra` line may be missing. Files are named `*.tlog-proof`.

use data_encoding::BASE64;

use super::decimal;
use super::hash::Hash;
use super::key::VerifierKey;
use super::proof_lines::{self, ProofLinesError};
use super::signed_checkpoint::{SignedCheckpoint, SignedCheckpointError};
use super::verify::{ProofFault, verify_inclusion};
use crate::strict_json::decode_base64;

/// The longest receipt that is read, in bytes: room for an entry as extra data beside the checkpoint.
pub const MAX_TLOG_PROOF: usize = 256 * 1024;

/// The first line.
const HEADER: &str = "c2sp.org/tlog-proof@v1\n";

/// A receipt. It proves nothing before [`TlogProof::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// Place of the entry in the log, from 0.
    pub index: u64,
    /// Inclusion proof, the leaf's sibling first, at most 63 hashes.
    pub proof: Vec<Hash>,
    /// The checkpoint as it was issued, with its cosignatures.
    pub checkpoint: Vec<u8>,
    /// Data of the application, which nothing authenticates. Empty if there is none.
    pub extra: Vec<u8>,
}

/// A file that is no receipt, or one that proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// The checkpoint, or the log's signature on it.
    #[error(transparent)]
    Checkpoint(#[from] SignedCheckpointError),
    /// The extra data are not base64, or there are none.
    #[error("the extra data of the receipt are not base64")]
    Extra,
    /// The first line is not that of a tlog-proof of version 1.
    #[error("not a c2sp.org/tlog-proof@v1")]
    Header,
    /// The entry is not at this place of this tree.
    #[error("the receipt does not prove that the entry is in the log")]
    Inclusion(#[from] ProofFault),
    /// No line `index <decimal>`.
    #[error("the receipt does not say the index of the entry")]
    Index,
    /// Not UTF-8.
    #[error("the receipt is not UTF-8")]
    NotUtf8,
    /// The hashes of the proof.
    #[error(transparent)]
    Proof(#[from] ProofLinesError),
    /// Longer than [`MAX_TLOG_PROOF`].
    #[error("the receipt has {0} bytes, more than 262,144")]
    TooLong(usize),
}

impl TlogProof {
    /// Reads a receipt of at most [`MAX_TLOG_PROOF`] bytes. The checkpoint is looked at only by [`verify`](Self::verify).
    pub fn parse(bytes: &[u8]) -> Result<Self, TlogProofError> {
        if bytes.len() > MAX_TLOG_PROOF {
            return Err(TlogProofError::TooLong(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).ok().ok_or(TlogProofError::NotUtf8)?;
        let mut rest = text.strip_prefix(HEADER).ok_or(TlogProofError::Header)?;
        let mut extra = Vec::new();
        if let Some(after) = rest.strip_prefix("extra ") {
            let (data, after) = after.split_once('\n').ok_or(TlogProofError::Extra)?;
            extra = decode_base64(data).filter(|data| !data.is_empty()).ok_or(TlogProofError::Extra)?;
            rest = after;
        }
        let (index, rest) = rest.split_once('\n').ok_or(TlogProofError::Index)?;
        let index = index.strip_prefix("index ").and_then(decimal::parse).ok_or(TlogProofError::Index)?;
        let (proof, checkpoint) = proof_lines::parse(rest)?;
        Ok(Self { index, proof, checkpoint: checkpoint.as_bytes().to_vec(), extra })
    }

    /// The receipt as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let extra = match self.extra.as_slice() {
            [] => String::new(),
            extra => format!("extra {}\n", BASE64.encode(extra)),
        };
        let mut head = format!("{HEADER}{extra}index {}\n", self.index);
        proof_lines::write(&mut head, &self.proof);
        [head.as_bytes(), &self.checkpoint].concat()
    }

    /// Checks, for the entry with leaf hash `leaf`, that (tlog-proof, "Verifying a tlog proof")
    ///
    /// 2. the checkpoint is of the log whose key this is, and signed by it;
    /// 4. the entry is at `index` in the tree of that checkpoint.
    ///
    /// Step 1, hashing the entry, is the caller's, and so is step 3, asking the checkpoint for the cosignatures it wants.
    pub fn verify(&self, leaf: &Hash, log: &VerifierKey) -> Result<SignedCheckpoint, TlogProofError> {
        let signed = SignedCheckpoint::parse_and_verify(&self.checkpoint, log)?;
        let head = signed.checkpoint();
        verify_inclusion(leaf, self.index, head.size(), &self.proof, head.root())?;
        Ok(signed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::checkpoint::Checkpoint;
    use super::super::key::KeyName;
    use super::super::note::NoteError;
    use super::super::reference::{leaves, mth, path};
    use super::*;
    use crate::envelope::SecretKey;

    /// The receipt for entry `index` of a log with `size` entries, its leaf hash and the log's key.
    fn receipt(index: usize, size: u64) -> (TlogProof, Hash, VerifierKey) {
        let leaves = leaves(size);
        let (origin, key) = (KeyName::parse("ledger.example/log").unwrap(), SecretKey::from_seed([1; 32]));
        let mut signed = SignedCheckpoint::sign(&key, &Checkpoint::new(&origin, size, mth(&leaves))).unwrap();
        signed.cosign(&KeyName::parse("witness.example/w1").unwrap(), &SecretKey::from_seed([2; 32]), 5).unwrap();
        let (proof, checkpoint) = (path(index, &leaves), signed.bytes().to_vec());
        let receipt = TlogProof { index: index as u64, proof, checkpoint, extra: Vec::new() };
        (receipt, leaves[index], VerifierKey::log_key(origin, key.public()))
    }

    #[test]
    fn a_receipt_reads_as_the_specification_says() {
        let (mut receipt, ..) = receipt(2, 3);
        let head = "c2sp.org/tlog-proof@v1\nindex 2\nDXJ9Fn6P21HfI2CfZthNSfVwePIFI+bFjsUu/Dcs7wM=\n\nledger.example/log\n3\n";
        let text = String::from_utf8(receipt.to_bytes()).unwrap();
        assert!(text.starts_with(head), "{text}");
        receipt.extra = b"more".to_vec();
        let text = String::from_utf8(receipt.to_bytes()).unwrap();
        assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 2\n"), "{text}");
        assert_eq!(TlogProof::parse(text.as_bytes()), Ok(receipt));
    }

    #[test]
    fn a_receipt_proves_its_entry_at_its_place_and_nothing_else() {
        for (index, size) in [(0, 1), (2, 3), (4, 7), (255, 256), (256, 300)] {
            let (receipt, leaf, log) = receipt(index, size);
            let signed = TlogProof::parse(&receipt.to_bytes()).unwrap().verify(&leaf, &log).unwrap();
            assert_eq!((signed.checkpoint().size(), signed.bytes()), (size, receipt.checkpoint.as_slice()));
            assert!(matches!(receipt.verify(&Hash::EMPTY, &log), Err(TlogProofError::Inclusion(_))));
            let elsewhere = TlogProof { index: receipt.index + 1, ..receipt.clone() };
            assert!(matches!(elsewhere.verify(&leaf, &log), Err(TlogProofError::Inclusion(_))));
        }
    }

    #[test]
    fn a_receipt_of_another_log_or_with_a_forged_head_is_refused() {
        let (receipt, leaf, log) = receipt(2, 3);
        let other = VerifierKey::log_key(log.name().clone(), SecretKey::from_seed([3; 32]).public());
        let unsigned = SignedCheckpointError::Note(NoteError::Unsigned);
        assert_eq!(receipt.verify(&leaf, &other), Err(TlogProofError::Checkpoint(unsigned)));
        let text = String::from_utf8(receipt.checkpoint.clone()).unwrap();
        let forged = TlogProof { checkpoint: text.replacen("\n3\n", "\n4\n", 1).into_bytes(), ..receipt };
        let bad = SignedCheckpointError::Note(NoteError::BadSignature(log.name().clone()));
        assert_eq!(forged.verify(&leaf, &log), Err(TlogProofError::Checkpoint(bad)));
    }

    #[test]
    fn malformed_receipts_are_refused() {
        for (text, error) in [
            ("", TlogProofError::Header),
            ("c2sp.org/tlog-proof@v1", TlogProofError::Header),
            ("c2sp.org/tlog-proof@v2\nindex 0\n\nx", TlogProofError::Header),
            ("c2sp.org/tlog-proof@v1\n\nx", TlogProofError::Index),
            ("c2sp.org/tlog-proof@v1\nindex 01\n\nx", TlogProofError::Index),
            ("c2sp.org/tlog-proof@v1\nindex\n\nx", TlogProofError::Index),
            ("c2sp.org/tlog-proof@v1\nindex 0", TlogProofError::Index),
            ("c2sp.org/tlog-proof@v1\nextra \nindex 0\n\nx", TlogProofError::Extra),
            ("c2sp.org/tlog-proof@v1\nextra A\nindex 0\n\nx", TlogProofError::Extra),
            ("c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\nx", ProofLinesError::Line(1).into()),
            ("c2sp.org/tlog-proof@v1\nindex 0\n", ProofLinesError::Unended.into()),
        ] {
            assert_eq!(TlogProof::parse(text.as_bytes()), Err(error), "{text:?}");
        }
        assert_eq!(TlogProof::parse(b"\xff"), Err(TlogProofError::NotUtf8));
        let long = vec![b'x'; MAX_TLOG_PROOF + 1];
        assert_eq!(TlogProof::parse(&long), Err(TlogProofError::TooLong(long.len())));
    }

    proptest! {
        #[test]
        fn receipts_round_trip(
            index in 0..=i64::MAX as u64,
            proof in vec(any::<[u8; 32]>(), 0..=63),
            checkpoint in ".{0,40}",
            extra in vec(any::<u8>(), 0..40),
        ) {
            let proof = proof.into_iter().map(Hash::from_bytes).collect();
            let receipt = TlogProof { index, proof, checkpoint: checkpoint.into_bytes(), extra };
            prop_assert_eq!(TlogProof::parse(&receipt.to_bytes()), Ok(receipt));
        }

        /// A flipped bit anywhere but in the extra data and the lines of witnesses spoils the receipt.
        #[test]
        fn a_flipped_bit_spoils_a_receipt(bit: prop::sample::Index) {
            let (receipt, leaf, log) = receipt(200, 300);
            let text = String::from_utf8(receipt.to_bytes()).unwrap();
            let mut bytes = text.as_bytes()[..text.rfind('\u{2014}').unwrap()].to_vec();
            prop_assert!(TlogProof::parse(&bytes).unwrap().verify(&leaf, &log).is_ok());
            let bit = bit.index(bytes.len() * 8);
            prop_assume!(bit / 8 != bytes.len() - 3); // the last base64 character has stray bits
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(TlogProof::parse(&bytes).and_then(|receipt| receipt.verify(&leaf, &log)).is_err());
        }

        #[test]
        fn no_bytes_make_the_parser_panic(bytes in vec(any::<u8>(), 0..200)) {
            let _ = TlogProof::parse(&bytes);
            let _ = TlogProof::parse(&[HEADER.as_bytes(), &bytes].concat());
        }
    }
}

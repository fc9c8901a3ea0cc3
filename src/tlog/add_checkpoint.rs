//! The request that shows a witness a new checkpoint (C2SP tlog-witness, "add-checkpoint").
//!
//! ```text
//! old <size last acknowledged by this witness>
//! <hashes of the consistency proof in base64, one a line, at most 63>
//!
//! <the checkpoint, a signed note>
//! ```
//!
//! Out of scope: what a witness does with it, and the checkpoint itself ([`UnverifiedCheckpoint`](super::UnverifiedCheckpoint)
//! reads it); the answer is read by [`Cosignature::from_answer`](super::Cosignature::from_answer).

use super::decimal;
use super::hash::Hash;
use super::note::MAX_NOTE;
use super::proof_lines::{self, ProofLinesError};

/// The longest request that is read, in bytes: the limit of a note, proof included.
pub const MAX_ADD_CHECKPOINT: usize = MAX_NOTE;

/// The body of an `add-checkpoint` request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the checkpoint that this witness cosigned last, 0 if none.
    pub old: u64,
    /// Consistency proof from `old` to the checkpoint's size, at most 63 hashes.
    pub proof: Vec<Hash>,
    /// The checkpoint as it was sent, not parsed yet.
    pub checkpoint: Vec<u8>,
}

/// A body that is no `add-checkpoint` request: status 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddCheckpointError {
    /// No checkpoint after the empty line.
    #[error("the request has no checkpoint")]
    NoCheckpoint,
    /// Not UTF-8.
    #[error("the request is not UTF-8")]
    NotUtf8,
    /// The first line is not `old` and a decimal.
    #[error("the request does not begin with `old` and a size")]
    OldSize,
    /// The hashes of the proof.
    #[error(transparent)]
    Proof(#[from] ProofLinesError),
    /// Longer than [`MAX_ADD_CHECKPOINT`].
    #[error("the request has {0} bytes, more than 65,536")]
    TooLong(usize),
}

impl AddCheckpoint {
    /// Reads a body of at most [`MAX_ADD_CHECKPOINT`] bytes.
    pub fn parse(body: &[u8]) -> Result<Self, AddCheckpointError> {
        if body.len() > MAX_ADD_CHECKPOINT {
            return Err(AddCheckpointError::TooLong(body.len()));
        }
        let text = std::str::from_utf8(body).ok().ok_or(AddCheckpointError::NotUtf8)?;
        let (old, rest) = text.split_once('\n').ok_or(AddCheckpointError::OldSize)?;
        let old = old.strip_prefix("old ").and_then(decimal::parse).ok_or(AddCheckpointError::OldSize)?;
        let (proof, checkpoint) = proof_lines::parse(rest)?;
        if checkpoint.is_empty() {
            return Err(AddCheckpointError::NoCheckpoint);
        }
        Ok(Self { old, proof, checkpoint: checkpoint.as_bytes().to_vec() })
    }

    /// The body to send.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("old {}\n", self.old);
        proof_lines::write(&mut head, &self.proof);
        [head.as_bytes(), &self.checkpoint].concat()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::note::{Note, NoteSignature};
    use super::super::signed_checkpoint::UnverifiedCheckpoint;
    use super::*;

    /// Request and answer of C2SP tlog-witness, "add-checkpoint" (CC BY 4.0).
    const EXAMPLE: &str = include_str!("../../tests/fixtures/vectors/tlog/add-checkpoint-example.txt");
    const ANSWER: &str = include_str!("../../tests/fixtures/vectors/tlog/add-checkpoint-answer-example.txt");

    #[test]
    fn the_example_of_the_specification_is_read() {
        let request = AddCheckpoint::parse(EXAMPLE.as_bytes()).unwrap();
        assert_eq!((request.old, request.proof.len()), (20_852_014, 4));
        let checkpoint = UnverifiedCheckpoint::parse(&request.checkpoint).unwrap();
        assert_eq!(checkpoint.checkpoint().origin(), "example.com/behind-the-sofa");
        assert_eq!(checkpoint.checkpoint().size(), 20_852_163);
        assert_eq!(Note::parse(&request.checkpoint).unwrap().signatures().len(), 2);
        assert_eq!(request.to_bytes(), EXAMPLE.as_bytes());
        let names: Vec<_> = NoteSignature::parse_lines(ANSWER).unwrap().iter().map(|line| line.name().to_string()).collect();
        assert_eq!(names, ["witness.example/w1", "witness.example/w1", "witness.example/w2"]);
    }

    #[test]
    fn malformed_requests_are_refused() {
        let hash = Hash::EMPTY.to_base64();
        let many = |count| format!("old 1\n{}\nx", format!("{hash}\n").repeat(count));
        for (body, error) in [
            (String::new(), AddCheckpointError::OldSize),
            ("old 1".to_owned(), AddCheckpointError::OldSize),
            ("old 01\n\nx".to_owned(), AddCheckpointError::OldSize),
            ("old  1\n\nx".to_owned(), AddCheckpointError::OldSize),
            ("old -1\n\nx".to_owned(), AddCheckpointError::OldSize),
            ("old 9223372036854775808\n\nx".to_owned(), AddCheckpointError::OldSize),
            ("size 1\n\nx".to_owned(), AddCheckpointError::OldSize),
            ("old 1\r\n\r\nx".to_owned(), AddCheckpointError::OldSize),
            (format!("old 1\n{hash}\n"), ProofLinesError::Unended.into()),
            (format!("old 1\n{hash}\nx\n\n"), ProofLinesError::Line(2).into()),
            (format!("old 1\n{}\n\nx", &hash[1..]), ProofLinesError::Line(1).into()),
            (many(64), ProofLinesError::TooMany.into()),
            ("old 0\n\n".to_owned(), AddCheckpointError::NoCheckpoint),
            ("x".repeat(MAX_ADD_CHECKPOINT + 1), AddCheckpointError::TooLong(MAX_ADD_CHECKPOINT + 1)),
        ] {
            assert_eq!(AddCheckpoint::parse(body.as_bytes()), Err(error), "{body:?}");
        }
        assert_eq!(AddCheckpoint::parse(b"old 1\n\n\xff"), Err(AddCheckpointError::NotUtf8));
        assert_eq!(AddCheckpoint::parse(many(63).as_bytes()).unwrap().proof.len(), 63);
    }

    proptest! {
        #[test]
        fn requests_round_trip(old in 0..=i64::MAX as u64, proof in vec(any::<[u8; 32]>(), 0..=63), checkpoint in "[^\r]{1,40}") {
            let proof = proof.into_iter().map(Hash::from_bytes).collect();
            let request = AddCheckpoint { old, proof, checkpoint: checkpoint.into_bytes() };
            prop_assert_eq!(AddCheckpoint::parse(&request.to_bytes()), Ok(request));
        }

        #[test]
        fn no_bytes_make_the_parser_panic(bytes in vec(any::<u8>(), 0..200), text in "(old [0-9]{0,3}|[A-Za-z+/]{43}=|\n){0,9}") {
            let _ = AddCheckpoint::parse(&bytes);
            if let Ok(request) = AddCheckpoint::parse(text.as_bytes()) {
                prop_assert_eq!(request.to_bytes(), text.as_bytes());
            }
        }
    }
}

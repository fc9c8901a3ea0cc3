//! Lines of hashes up to an empty line: what tlog-witness and tlog-proof share.

use super::hash::Hash;

/// The most hashes of one proof that are read (tlog-witness, "add-checkpoint").
pub const MAX_PROOF_HASHES: usize = 63;

/// The hashes of a proof cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofLinesError {
    /// Not the base64 of 32 bytes.
    #[error("line {0} of the proof is not the base64 of 32 bytes")]
    Line(usize),
    /// More than [`MAX_PROOF_HASHES`].
    #[error("the proof has more than 63 hashes")]
    TooMany,
    /// No empty line ends the proof.
    #[error("no empty line ends the proof")]
    Unended,
}

/// Reads hashes, one a line, up to an empty line, and gives what follows that line.
pub(super) fn parse(text: &str) -> Result<(Vec<Hash>, &str), ProofLinesError> {
    let mut proof = Vec::new();
    let mut rest = text;
    loop {
        let (line, after) = rest.split_once('\n').ok_or(ProofLinesError::Unended)?;
        rest = after;
        if line.is_empty() {
            return Ok((proof, rest));
        }
        if proof.len() == MAX_PROOF_HASHES {
            return Err(ProofLinesError::TooMany);
        }
        proof.push(Hash::from_base64(line).ok_or(ProofLinesError::Line(proof.len() + 1))?);
    }
}

/// Writes hashes, one a line, and the empty line.
pub(super) fn write(text: &mut String, proof: &[Hash]) {
    for hash in proof {
        text.push_str(&hash.to_base64());
        text.push('\n');
    }
    text.push('\n');
}

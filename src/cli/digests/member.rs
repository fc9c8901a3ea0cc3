//! How a notice names a list.

use clap::builder::PossibleValuesParser;
use serde::Serialize;

use crate::digests::Checked;
use crate::notice::{DigestAlgorithm, DigestList, DigestListRole};

/// What a draft says of a list, in `digest_lists`.
pub(super) fn member(algorithm: DigestAlgorithm, role: DigestListRole, count: u64, checked: &Checked) -> DigestList {
    DigestList { algorithm, sha256: checked.sha256, count, blocks: checked.blocks.root(), role }
}

/// The algorithms that make digests; what is blinded was made by one of them.
pub(super) fn plain_algorithms() -> PossibleValuesParser {
    PossibleValuesParser::new(DigestAlgorithm::ALL.iter().filter(|a| **a != DigestAlgorithm::Blind).map(|a| a.as_str()))
}

/// The algorithms that lists have.
pub(super) fn algorithms() -> PossibleValuesParser {
    PossibleValuesParser::new(DigestAlgorithm::ALL.iter().map(|a| a.as_str()))
}

/// The roles of lists.
pub(super) fn roles() -> PossibleValuesParser {
    PossibleValuesParser::new(DigestListRole::ALL.iter().map(|role| role.as_str()))
}

/// The member as it stands in a draft.
pub(super) fn as_json(member: &impl Serialize) -> String {
    serde_json::to_string(member).unwrap_or_default()
}

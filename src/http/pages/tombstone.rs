//! What is said of something that was removed.

use crate::http::language::{Sentence, Speech};
use crate::http::problem::ProblemRemoval;

/// A removal, in words.
pub(super) struct Grave {
    /// When.
    pub(super) removed: String,
    /// On what ground, where that was said.
    pub(super) basis: Option<Sentence>,
    /// Under whose law.
    pub(super) jurisdiction: Option<String>,
    /// A file number or the like.
    pub(super) reference: Option<String>,
}

impl Grave {
    pub(super) fn of(t: Speech, removal: &ProblemRemoval) -> Self {
        Self {
            removed: removal.removed.clone(),
            basis: removal.basis.map(|basis| t.code("basis", basis)),
            jurisdiction: removal.jurisdiction.clone(),
            reference: removal.reference.clone(),
        }
    }
}

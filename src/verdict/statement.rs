//! A notice together with who is known to have said it.

use std::sync::Arc;

use super::Keyed;
use crate::{
    envelope::LineageId,
    notice::{NoticeId, NoticeType},
};

/// One lineage in whose name a notice was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The lineage whose chain, or one of whose branches, lists the signing key.
    pub lineage: LineageId,
    /// Whether its edges to other notices are followed. False when only compromised keys of the lineage signed, or only a
    /// branch after a fork lists the key: such a voice may still report and retract (protocol, section 5).
    pub may_lift: bool,
}

/// A notice and every lineage that signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The notice's name.
    pub id: NoticeId,
    /// What it says.
    pub notice: Arc<Keyed>,
    /// Who says it. Without any voice a notice has no force.
    pub voices: Vec<Voice>,
    /// Where the log first has it: shown, and decides nothing.
    pub first_index: Option<u64>,
}

impl Statement {
    /// Brings the voices into one order, each lineage once; it may lift when any of its signatures may.
    pub(super) fn normalise(&mut self) {
        self.voices.sort_by(|a, b| a.lineage.cmp(&b.lineage).then(b.may_lift.cmp(&a.may_lift)));
        self.voices.dedup_by(|later, earlier| later.lineage == earlier.lineage);
    }

    /// Takes up what another copy of the same statement knows.
    pub(super) fn merge(&mut self, other: Self) {
        self.voices.extend(other.voices);
        self.first_index = match (self.first_index, other.first_index) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.normalise();
    }

    /// Whether it says nothing about a dataset itself: a revocation or a response speaks of notices.
    pub(super) fn speaks_of_notices_only(&self) -> bool {
        matches!(self.notice.kind, NoticeType::Revocation | NoticeType::Response)
    }
}

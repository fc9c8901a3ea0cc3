//! How many notices the log holds, of which kind, for which reasons, and since when: what can be counted without judging anything.
//!
//! Only what stands in the log is counted, so that two servers with the same entries count the same but for the months, which are
//! those in which each of them saw a notice first. Nothing is taken out of the log, so a notice that was revoked is still counted;
//! the notices that speak of other notices (reinstatements, revocations, responses) are kept apart from those that speak of datasets.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::Ledger;
use super::ports::StoreError;
use crate::notice::{NoticeType, Reason};

/// How many entries are counted at a time: a step must end long before a read is interrupted, and what it counted is kept.
const STEP: u64 = 50_000;

/// A month of the calendar, in UTC, as `2026-11`.
pub type Month = String;

/// How many notices there are of each sort among some entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// By the month in which this server first saw them, and by their kind.
    pub months: BTreeMap<Month, BTreeMap<NoticeType, u64>>,
    /// By reason. A notice may give several.
    pub reasons: BTreeMap<Reason, u64>,
}

impl Tally {
    /// Adds what other entries gave.
    fn add(&mut self, other: Self) {
        for (month, kinds) in other.months {
            let known = self.months.entry(month).or_default();
            for (kind, notices) in kinds {
                *known.entry(kind).or_default() += notices;
            }
        }
        for (reason, notices) in other.reasons {
            *self.reasons.entry(reason).or_default() += notices;
        }
    }

    /// By kind, whatever the month.
    pub fn kinds(&self) -> BTreeMap<NoticeType, u64> {
        let mut kinds = BTreeMap::new();
        for (kind, notices) in self.months.values().flatten() {
            *kinds.entry(*kind).or_default() += notices;
        }
        kinds
    }

    /// All of them.
    pub fn notices(&self) -> u64 {
        self.months.values().flat_map(BTreeMap::values).sum()
    }
}

/// What was counted, and of which tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Size of the tree whose entries were counted.
    pub tree_size: u64,
    /// What they are.
    pub tally: Tally,
}

/// What was counted last, so that only new entries are counted again.
#[derive(Debug, Default)]
pub(super) struct Counting(Mutex<Statistics>);

impl Ledger {
    /// How many notices of each sort the published log holds. The first call after a start counts all entries, later ones those
    /// that came since; calls at the same time wait for each other rather than count twice.
    ///
    /// # Errors
    /// [`StoreError`]. What was counted before it is kept.
    pub fn statistics(&self) -> Result<Statistics, StoreError> {
        let size = self.published().head.size;
        let mut counted = self.counting.0.lock().unwrap_or_else(PoisonError::into_inner);
        while counted.tree_size < size {
            let to = size.min(counted.tree_size.saturating_add(STEP));
            let more = self.stores.index.tally(counted.tree_size, to)?;
            counted.tally.add(more);
            counted.tree_size = to;
        }
        Ok(counted.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(month: &str, kind: NoticeType, notices: u64) -> Tally {
        let months = BTreeMap::from([(month.to_owned(), BTreeMap::from([(kind, notices)]))]);
        Tally { months, reasons: BTreeMap::from([(Reason::Consent, notices)]) }
    }

    #[test]
    fn what_is_counted_in_steps_adds_up() {
        let mut all = tally("2026-10", NoticeType::Retraction, 2);
        all.add(tally("2026-11", NoticeType::Retraction, 3));
        all.add(tally("2026-11", NoticeType::Revocation, 1));
        assert_eq!(all.notices(), 6);
        assert_eq!(all.kinds(), BTreeMap::from([(NoticeType::Retraction, 5), (NoticeType::Revocation, 1)]));
        assert_eq!(all.reasons, BTreeMap::from([(Reason::Consent, 6)]));
        assert_eq!(all.months["2026-11"].len(), 2);
    }
}

//! How the log grew: some of the checkpoints that this server signed, from its first to the newest.

use chrono::{DateTime, Utc};

use super::Ledger;
use super::ports::StoreError;

/// How many checkpoints are told of besides the first.
pub const STEPS: u64 = 12;

/// A checkpoint that was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grown {
    /// How many entries the tree had.
    pub size: u64,
    /// When this server signed it.
    pub at: DateTime<Utc>,
}

impl Ledger {
    /// Checkpoints from the first one on to the newest, in that order, as far as possible with equally many entries between them. They
    /// are looked up one by one, so that a long log costs no more than a short one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn growth(&self) -> Result<Vec<Grown>, StoreError> {
        let size = self.published().head.size;
        let mut found: Vec<Grown> = Vec::new();
        for step in 0..=STEPS {
            let wanted = size.saturating_mul(step).div_ceil(STEPS).min(size);
            let next = self.stores.log.published_from(wanted, 1)?.pop().filter(|next| next.head.size <= size);
            let is_new = |next: &Grown| found.last().is_none_or(|last| last.size < next.size);
            found.extend(next.map(|next| Grown { size: next.head.size, at: next.signed_at }).filter(is_new));
        }
        Ok(found)
    }
}

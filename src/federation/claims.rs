//! Which entries are being fetched at this moment, so that peers who announce the same news are not all asked for it: each body
//! travels about once to each server, whatever the number of links (protocol, section 8, "Cost").
//!
//! A claim is held in memory only while an exchange and the commit after it last. Whoever finds a leaf claimed does not wait for
//! it, since a slow peer must delay nobody; it leaves the leaf wanted, due in a few seconds, which comes to nothing when the
//! claimant brings it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::Federation;
use crate::tlog::Hash;

/// Leaves that are being fetched.
#[derive(Debug, Clone, Default)]
pub(super) struct Claims(Arc<Mutex<HashSet<Hash>>>);

/// Some of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    all: Claims,
    leaves: HashSet<Hash>,
}

impl Claims {
    fn locked(&self) -> std::sync::MutexGuard<'_, HashSet<Hash>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut all = self.all.locked();
        self.leaves.iter().for_each(|leaf| {
            all.remove(leaf);
        });
    }
}

impl Federation {
    /// Claims those of `leaves` that nobody has claimed, and gives them in their order.
    pub(super) fn claim(&self, leaves: Vec<Hash>) -> (Claim, Vec<Hash>) {
        let mut all = self.claims.locked();
        let mine: Vec<Hash> = leaves.into_iter().filter(|leaf| all.insert(*leaf)).collect();
        drop(all);
        (Claim { all: self.claims.clone(), leaves: mine.iter().copied().collect() }, mine)
    }
}

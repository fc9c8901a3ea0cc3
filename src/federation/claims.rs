//! Which entries are being fetched at this moment, so that peers who announce the same news are not all asked for it: each body
//! travels about once to each server, whatever the number of links (protocol, section 8, "Cost").
//!
//! A claim is held in memory only while an exchange and the commit after it last. Whoever finds a leaf claimed does not wait for
//! it, since a slow peer must delay nobody; it leaves the leaf wanted, due in a few seconds, which comes to nothing when the
//! claimant brings it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::Federation;
use super::fault::Fault;
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
    /// Claims those of `leaves` that nobody has claimed and that are not in our log, and gives them in their order. It is looked
    /// for them once more, since another peer may have brought them between the last look and the claim.
    pub(super) async fn claim(&self, leaves: Vec<Hash>) -> Result<(Claim, Vec<Hash>), Fault> {
        let free: Vec<Hash> = {
            let mut all = self.claims.locked();
            leaves.into_iter().filter(|leaf| all.insert(*leaf)).collect()
        };
        let claim = Claim { all: self.claims.clone(), leaves: free.iter().copied().collect() };
        let (ledger, asked) = (self.ledger.clone(), free.clone());
        let known = self.blocking(move || ledger.known_leaves(&asked)).await??;
        let mine = free.into_iter().zip(known).filter(|(_, known)| !known).map(|(leaf, _)| leaf).collect();
        Ok((claim, mine))
    }
}

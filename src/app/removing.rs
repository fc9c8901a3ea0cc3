//! Carries out what the operator orders removed while the server runs, and follows the advice of peers where the settings say so.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ledger::peers::SuccessionStore;
use crate::ledger::removal::advice::{Here, advice};
use crate::ledger::removal::{RemovalStore, Remover};
use crate::ledger::{Ledger, StoreError, Stores};
use crate::notice::Timestamp;
use crate::storage::SqliteStore;

/// How often it is looked whether something was ordered: commands do so beside a running server.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// How long it waits after something stood in the way.
const RETRY: Duration = Duration::from_secs(15);
/// How many looks pass between two at the advice of peers.
const ADVICE_EVERY: u32 = 5;

/// What the loop works with.
pub(super) struct Removing {
    pub(super) remover: Arc<Remover>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) store: Arc<SqliteStore>,
    /// Whose advice is followed: origins of peers.
    pub(super) follow: Vec<String>,
}

/// Looks until `stop` is cancelled.
pub(super) async fn watch(removing: Removing, stop: CancellationToken) {
    let removing = Arc::new(removing);
    let mut looks = 0_u32;
    while !stop.is_cancelled() {
        let (work, heeds) = (removing.clone(), looks.is_multiple_of(ADVICE_EVERY));
        looks = looks.wrapping_add(1);
        // Only a runtime that shuts down ends it early.
        let Ok(well) = tokio::task::spawn_blocking(move || work.look(heeds)).await else { return };
        let wait = if well { LOOKS_EVERY } else { RETRY };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

impl Removing {
    /// Whether everything that was ordered is done.
    fn look(&self, heeds_advice: bool) -> bool {
        let heeded = if heeds_advice { self.heed() } else { Ok(()) };
        let done = heeded.and_then(|()| self.remover.carry_out());
        match done {
            Ok(troubles) => troubles.is_empty(),
            Err(error) => {
                tracing::warn!(%error, "what was ordered removed cannot be looked at; it is tried again");
                false
            }
        }
    }

    /// The logs whose advice is followed: those that the settings name, and those that go on for them after a restore, since it is
    /// their operator who is trusted.
    fn followed(&self) -> Result<BTreeSet<String>, StoreError> {
        let successors = self.store.successors()?;
        let mut followed = BTreeSet::new();
        for named in &self.follow {
            let mut next = Some(named.clone());
            while let Some(origin) = next.take_if(|origin| !followed.contains(origin)) {
                next = successors.get(&origin).map(|successor| successor.origin.clone());
                followed.insert(origin);
            }
        }
        Ok(followed)
    }

    /// Orders what those advise whose advice is followed, and what is named here.
    fn heed(&self) -> Result<(), StoreError> {
        if self.follow.is_empty() {
            return Ok(());
        }
        let now = self.ledger.clock().now();
        let Some(issued) = Timestamp::from_time(now) else { return Ok(()) };
        let followed = self.followed()?;
        for advised in advice(&Stores::of(self.store.clone()), self.store.as_ref())? {
            let open = matches!(advised.here, Here::Available | Here::Awaited);
            if !open || !followed.contains(&advised.origin) {
                continue;
            }
            match advised.follow(self.ledger.identity().origin.as_str(), issued) {
                Ok(removal) => self.store.order_removal(&removal, now)?,
                Err(error) => tracing::warn!(peer = advised.origin, %error, "the advice of a peer cannot be followed"),
            }
        }
        Ok(())
    }
}

//! Believing peers about domains: what the operator of a peer with `vouch = true` stated in the log of that peer, one hop and no further
//! (protocol, section 5). What a peer itself believes of others is never in its statements, so nothing travels on.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::fault::Fault;
use super::{Federation, PeerStores};
use crate::envelope::{Statement, StatementKind};
use crate::ledger::domains::Attestation;
use crate::ledger::{Ledger, StoreError, Vouched};

impl Federation {
    /// Believes what vouching peers state of domains, after peers or their statements changed. What waited for it is looked at in the next round
    /// of asking domains, which begins at once.
    pub(super) async fn heed_vouches(&self) -> Result<(), Fault> {
        let (ledger, stores, vouching) = (self.ledger.clone(), self.stores.clone(), self.vouching());
        let changed = self.blocking(move || believe(&ledger, &stores, &vouching)).await??;
        self.look_again_if(changed);
        Ok(())
    }

    /// The same, right here. Blocks.
    pub(super) fn heed_vouches_now(&self) -> Result<(), StoreError> {
        let changed = believe(&self.ledger, &self.stores, &self.vouching())?;
        self.look_again_if(changed);
        Ok(())
    }

    fn look_again_if(&self, changed: bool) {
        if changed {
            self.unsettled.store(true, Ordering::SeqCst);
            self.ledger.want_domains_looked_at();
        }
    }

    /// The peers that the operator lets vouch.
    fn vouching(&self) -> Vec<String> {
        self.links().values().filter(|link| link.peer.vouch()).map(|link| link.peer.origin().to_string()).collect()
    }
}

/// Reads what these peers state, and believes it; gives whether that changed anything.
fn believe(ledger: &Ledger, stores: &PeerStores, vouching: &[String]) -> Result<bool, StoreError> {
    let mut said: BTreeMap<_, Attestation> = BTreeMap::new();
    let statements =
        if vouching.is_empty() { Vec::new() } else { stores.statements.peer_statements(StatementKind::DomainVerified)? };
    for statement in statements {
        let (by, on) = (statement.origin().to_owned(), statement.said().issued);
        let Statement::DomainVerified { lineage, method } = &statement.said().statement else { continue };
        if !vouching.contains(&by) {
            continue;
        }
        // A log may say it twice; what it said first is shown.
        let new = Attestation { by: by.clone(), method: *method, on };
        let known = said.entry((lineage.clone(), by)).or_insert_with(|| new.clone());
        if new.on < known.on {
            *known = new;
        }
    }
    let attested = said.into_iter().map(|((lineage, _), attestation)| (lineage, attestation)).collect();
    ledger.believe(Vouched { attested, peers: vouching.iter().cloned().collect() })
}

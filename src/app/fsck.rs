//! What `fsck` compares beside the log itself: what was removed, what the operators of peers state, and what waits for a domain.

use std::collections::BTreeMap;

use super::operator::Desk;
use crate::envelope::StatementKind;
use crate::ledger::StoreError;
use crate::ledger::peers::{EvidenceStore, Peer, PeerStatement, PeerStore, StatementStore};
use crate::ledger::removal::{RemovalStore, TombstoneRecord};
use crate::storage::SqliteStore;
use crate::tlog::Evidence;

/// Everything that is wrong with them, a sentence each.
pub(super) fn faults_beside_the_log(desk: &Desk) -> Result<Vec<String>, StoreError> {
    let mut faults = desk.store.removal_faults()?;
    faults.extend(record_faults(desk)?);
    faults.extend(statement_faults(desk)?);
    faults.extend(desk.store.waiting_faults()?);
    faults.extend(evidence_faults(&desk.store)?);
    Ok(faults)
}

/// The record outside the database must have every tombstone, and what it has must be removed.
fn record_faults(desk: &Desk) -> Result<Vec<String>, StoreError> {
    let recorded = match desk.folder.tombstone_file().read() {
        Ok(recorded) => recorded.unwrap_or_default(),
        Err(StoreError::Corrupt { what }) => return Ok(vec![what]),
        Err(error) => return Err(error),
    };
    let there = desk.store.tombstones()?;
    let mut faults = Vec::new();
    for tombstone in there.iter().filter(|one| !recorded.iter().any(|other| other.document == one.document)) {
        faults.push(format!(
            "document {} was removed, and the record beside the database does not say so: the next start of the server mends it",
            tombstone.document
        ));
    }
    for tombstone in recorded.iter().filter(|one| !there.iter().any(|other| other.document == one.document)) {
        faults.push(format!(
            "document {} was removed, and the database does not say so: an older copy was put back, and the next start removes it again",
            tombstone.document
        ));
    }
    Ok(faults)
}

/// Statements are read again as they were when they were kept.
fn statement_faults(desk: &Desk) -> Result<Vec<String>, StoreError> {
    let peers: BTreeMap<String, Peer> = desk.store.peers()?.into_iter().map(|peer| (peer.origin().to_string(), peer)).collect();
    let mut faults = Vec::new();
    for kind in StatementKind::ALL {
        for statement in desk.store.peer_statements(*kind)? {
            let (origin, leaf) = (statement.origin(), statement.leaf());
            let Some(peer) = peers.get(origin) else {
                faults.push(format!("statement {leaf} is kept of {origin}, which is no peer"));
                continue;
            };
            if let Err(fault) = PeerStatement::read(peer, statement.entry(), statement.seen()) {
                faults.push(format!("statement {leaf} of {origin}: {fault}"));
            }
        }
    }
    Ok(faults)
}

/// What isolates a peer and does not convict it. Of a peer that was removed, nobody here has the key any more.
fn evidence_faults(store: &SqliteStore) -> Result<Vec<String>, StoreError> {
    let peers = store.peers()?;
    let fault = |(found, piece): (chrono::DateTime<chrono::Utc>, Evidence)| {
        let peer = peers.iter().find(|peer| peer.origin() == piece.origin())?;
        let error = piece.verify(peer.log_key()).err()?;
        Some(format!("the evidence of {found} against {} convicts nobody: {error}", piece.origin()))
    };
    Ok(store.evidence()?.into_iter().filter_map(fault).collect())
}

//! Carrying removals out.

use std::sync::Arc;

use super::{Order, Removal, RemovalStore, Tombstone, TombstoneRecord};
use crate::envelope::{Envelope, EnvelopeError, PayloadType};
use crate::ledger::ports::StoreError;
use crate::ledger::submission::Examined;
use crate::ledger::{Ledger, Refusal, Sequencer, ServerKeys, Submitted};
use crate::notice::DocumentHash;

/// Why a removal is not done yet. It stays ordered.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RemovalTrouble {
    /// What is to be overwritten cannot be.
    #[error("the document is not gone from this server yet: {0}")]
    NotBuried(#[source] StoreError),
    /// The log does not take the statement now.
    #[error("the document is gone, and the log does not say so yet: {0}")]
    NotStated(Refusal),
    /// The statement cannot be signed.
    #[error("the document is gone, and the statement about it cannot be signed: {0}")]
    NotSigned(#[from] EnvelopeError),
    /// How things stand cannot be read or kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Carries out what the operator ordered, on a folder whose log this process holds.
pub struct Remover {
    ledger: Arc<Ledger>,
    keys: Arc<ServerKeys>,
    record: Arc<dyn TombstoneRecord>,
}

impl Remover {
    /// A remover for this ledger, which signs with these keys and records tombstones outside the database in `record`.
    pub fn new(ledger: Arc<Ledger>, keys: Arc<ServerKeys>, record: Arc<dyn TombstoneRecord>) -> Self {
        Self { ledger, keys, record }
    }

    fn store(&self) -> &dyn RemovalStore {
        self.ledger.stores.removals.as_ref()
    }

    /// Makes the record outside the database and the tombstones in it say the same, at a start: what only the record knows is buried
    /// again, since an older copy of the database was put back, and what only the database knows is recorded.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reconcile(&self) -> Result<(), StoreError> {
        let there = self.store().tombstones()?;
        let recorded = self.record.read()?;
        let is_in = |list: &[Tombstone], one: &Tombstone| list.iter().any(|other| other.document == one.document);
        let unknown: Vec<Tombstone> = recorded.iter().flatten().filter(|one| !is_in(&there, one)).cloned().collect();
        if !unknown.is_empty() {
            tracing::warn!(
                documents = unknown.len(),
                "documents that were removed are back with an older database; they go again"
            );
            self.store().bury(&unknown)?;
        }
        let recorded = recorded.unwrap_or_default();
        let missing: Vec<Tombstone> = there.into_iter().filter(|one| !is_in(&recorded, one)).collect();
        self.record.add(&missing)
    }

    /// Steps 1 and 2 for everything that was ordered, together; and then, one by one, steps 3 and 4 through the queue of the running
    /// writer. Says what is not done, and why. Blocks until the writer answers.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read what was ordered.
    pub fn carry_out(&self) -> Result<Vec<(DocumentHash, RemovalTrouble)>, StoreError> {
        self.carry_out_by(|envelope| match self.ledger.submit_own(&envelope)? {
            Submitted::Known(_) | Submitted::Waiting(_) => Ok(()),
            // A writer that ended leaves the order to the next start.
            Submitted::Queued(ticket) => ticket.blocking_recv().unwrap_or(Err(Refusal::Halted)).map(|_| ()),
        })
    }

    /// The same where no server runs, with the writer at hand.
    ///
    /// # Errors
    /// The same.
    pub fn carry_out_alone(&self, sequencer: &mut Sequencer) -> Result<Vec<(DocumentHash, RemovalTrouble)>, StoreError> {
        self.carry_out_by(|envelope| match self.ledger.examine_own(&envelope)? {
            Examined::Known(_) => Ok(()),
            Examined::New(admitted) | Examined::Unverified(admitted) => sequencer.commit_now(&[*admitted]).map(|_| ()),
        })
    }

    fn carry_out_by(
        &self,
        mut state: impl FnMut(Envelope) -> Result<(), Refusal>,
    ) -> Result<Vec<(DocumentHash, RemovalTrouble)>, StoreError> {
        let orders = self.store().removal_orders()?;
        let mut troubles = Vec::new();
        let asked: Vec<Tombstone> = orders.iter().filter(|o| !o.is_buried).map(|o| o.removal.tombstone()).collect();
        let buried = if asked.is_empty() { Ok(()) } else { self.record.add(&asked).and_then(|()| self.store().bury(&asked)) };
        for Order { removal, is_buried, trouble, .. } in orders {
            let done = match &buried {
                Err(error) if !is_buried => Err(RemovalTrouble::NotBuried(error.clone())),
                _ => self.state(&removal, &mut state),
            };
            if let Err(found) = done {
                let document = removal.document();
                let said = found.to_string();
                if trouble.as_ref() != Some(&said) {
                    tracing::warn!(%document, error = %found, "a removal is not done; it is tried again");
                    self.store().note_removal_trouble(&document, &said)?;
                }
                troubles.push((document, found));
            }
        }
        Ok(troubles)
    }

    /// Steps 3 and 4.
    fn state(&self, removal: &Removal, state: &mut impl FnMut(Envelope) -> Result<(), Refusal>) -> Result<(), RemovalTrouble> {
        let envelope = self.keys.operator().sign_envelope(PayloadType::Operator, removal.payload())?;
        state(envelope).map_err(RemovalTrouble::NotStated)?;
        tracing::info!(document = %removal.document(), basis = %removal.ground().basis, "a document was removed");
        Ok(self.store().strike_off_removal(&removal.document())?)
    }
}

//! What follows from a DID document.

use std::sync::atomic::Ordering;

use super::schedule::Wanted;
use super::{Asked, Federation};
use crate::envelope::{DidDocument, DomainMethod, LineageId, Statement};
use crate::federation::fault::Fault;
use crate::ledger::domains::{DomainFault, DomainState, WaitingRecord};
use crate::ledger::{Refusal, RefusalClass, StateError, Submission, Submitted};

impl Federation {
    /// States which lineages the document speaks for, lets their records in, and keeps how it went.
    pub(super) async fn heed_document(
        &self,
        mut state: DomainState,
        document: Result<DidDocument, DomainFault>,
    ) -> Result<Asked, Fault> {
        let (ledger, did) = (self.ledger.clone(), state.did.clone());
        let candidates = self.blocking(move || ledger.candidates(&did)).await??;
        let mut asked = Asked { asked: 1, ..Asked::default() };
        let mut passed_over = Vec::new();
        let now = self.now();
        state.asked = Some(now);
        match document {
            Ok(document) => {
                for candidate in candidates.iter().filter(|candidate| !candidate.is_verified) {
                    if document.names_all(&candidate.active_keys) {
                        self.state_verified(&candidate.lineage).await?;
                        asked.verified += 1;
                    } else {
                        passed_over.extend(candidate.waiting.as_ref().map(|record| record.leaf));
                    }
                }
                (state.answered, state.failures, state.fault) = (Some(now), 0, None);
                state.keys = document.keys().to_vec();
            }
            Err(fault) => {
                state.failures = state.failures.saturating_add(1);
                state.fault = Some(fault);
            }
        }
        // What was verified at any time comes in now: a start that was cut off may have left it behind.
        for record in candidates.iter().filter_map(|candidate| candidate.waiting.as_ref()) {
            asked.logged += u64::from(self.settle_waiting(record).await?);
        }
        let left = candidates.iter().filter_map(|candidate| candidate.waiting.as_ref());
        let left = left.filter(|record| !self.ledger.trust().is_verified(&record.lineage()));
        let is_logged = asked.logged > 0 || candidates.iter().any(|candidate| candidate.waiting.is_none());
        let wanted = Wanted { is_logged, newest_waiting: left.map(|record| record.received).max() };
        state.due = self.ask_again(&state, wanted, now);
        let ledger = self.ledger.clone();
        self.blocking(move || ledger.note_asked(&state, &passed_over)).await??;
        Ok(asked)
    }

    /// Puts it into the log that the domain of a lineage answers for it, and believes it once that is durable.
    async fn state_verified(&self, lineage: &LineageId) -> Result<(), Fault> {
        let statement = Statement::DomainVerified { lineage: lineage.clone(), method: DomainMethod::DidDocument };
        let ledger = self.ledger.clone();
        let submitted = self.blocking(move || ledger.state(&statement)).await?.map_err(not_stated)?;
        if let Submitted::Queued(ticket) = submitted {
            ticket.await.unwrap_or(Err(Refusal::Halted)).map_err(not_now)?;
        }
        let ledger = self.ledger.clone();
        self.blocking(move || ledger.refresh_trust()).await??;
        tracing::info!(%lineage, "the domain names the keys of this lineage; it is verified");
        Ok(())
    }

    /// Records of verified lineages that still wait, whichever domain they are of: what a stop in between left behind.
    pub(super) async fn settle_all_waiting(&self) -> Result<u64, Fault> {
        let ledger = self.ledger.clone();
        let mut logged = 0;
        for record in self.blocking(move || ledger.all_waiting()).await?? {
            logged += u64::from(self.settle_waiting(&record).await?);
        }
        Ok(logged)
    }

    /// Hands in a record that waited, when its lineage is verified by now; whether it stands in the log. One that is refused for good waits no
    /// longer.
    async fn settle_waiting(&self, record: &WaitingRecord) -> Result<bool, Fault> {
        if !self.ledger.trust().is_verified(&record.lineage()) {
            return Ok(false);
        }
        let (ledger, handed) = (self.ledger.clone(), record.clone());
        let submit = move || ledger.submit(Submission::entry(&handed.entry)?, handed.provenance);
        let outcome = match self.blocking(submit).await? {
            Ok(Submitted::Queued(ticket)) => ticket.await.unwrap_or(Err(Refusal::Halted)).map(|_| true),
            Ok(Submitted::Known(_)) => Ok(true),
            Ok(Submitted::Waiting(_)) => Ok(false),
            Err(refusal) => Err(refusal),
        };
        let logged = match outcome {
            Ok(true) => true,
            Ok(false) => return Ok(false),
            Err(refusal) if refusal.class() == RefusalClass::Permanent => {
                tracing::warn!(record = %record.leaf, error = %refusal, "a record that waited for its domain is refused");
                false
            }
            Err(refusal) => {
                tracing::info!(record = %record.leaf, error = %refusal, "a record that waited for its domain is not taken now");
                // What lies with this server may be over in the next round; a block or a quota is asked again with the domain.
                let here = matches!(refusal, Refusal::Busy | Refusal::Halted | Refusal::NotNow(_) | Refusal::Storage(_));
                self.unsettled.fetch_or(here, Ordering::SeqCst);
                return Ok(false);
            }
        };
        let (ledger, leaf) = (self.ledger.clone(), record.leaf);
        self.blocking(move || ledger.forget_waiting(&leaf)).await??;
        Ok(logged)
    }
}

fn not_stated(error: StateError) -> Fault {
    match error {
        StateError::Refused(refusal) => not_now(refusal),
        // The lineage was read from a valid record; what is left is a clock outside all years.
        error => {
            tracing::error!(%error, "a verified domain cannot be stated");
            Fault::NotNow(Box::new(Refusal::Busy))
        }
    }
}

fn not_now(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::Storage(error) => Fault::Store(error),
        refusal => Fault::NotNow(Box::new(refusal)),
    }
}

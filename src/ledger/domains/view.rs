//! How the verification of domains is shown.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::DomainState;
use crate::envelope::{self, DomainMethod, Lineage, LineageId};
use crate::ledger::Ledger;
use crate::ledger::ports::StoreError;
use crate::notice::{Did, Timestamp};

/// Who says that a domain answers for a lineage: this server in its own log, or a peer that the operator lets vouch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attestation {
    /// The origin of the log in which the statement stands.
    pub by: String,
    /// How it was verified.
    pub method: DomainMethod,
    /// The time that the statement gives.
    pub on: Timestamp,
}

/// What the domain itself said last about the keys of a lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DomainView {
    /// When it was asked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<DateTime<Utc>>,
    /// When it gave its DID document last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<DateTime<Utc>>,
    /// Whether that document names every active key of the lineage; absent before the first document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names_keys: Option<bool>,
    /// Why it gave none since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it is asked next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime<Utc>>,
}

/// A record that waits for the word of its domain. What it says of itself is not shown: nobody verified it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingView {
    /// The lineage that it would begin.
    pub lineage: LineageId,
    /// When it came.
    pub received: DateTime<Utc>,
    /// How many documents of the domain did not name its keys.
    pub passed_over: u32,
}

impl DomainView {
    /// What the domain said last about a lineage.
    pub(in crate::ledger) fn of(state: &DomainState, lineage: &Lineage) -> Self {
        let names_keys = state.answered.map(|_| envelope::names_all(&state.keys, lineage.active_keys()));
        let error = state.fault.as_ref().map(|fault| fault.text.clone());
        Self { asked: state.asked, answered: state.answered, names_keys, error, due: state.due }
    }
}

impl Ledger {
    /// The records of this issuer that wait.
    pub(in crate::ledger) fn waiting_views(&self, did: &Did) -> Result<Vec<WaitingView>, StoreError> {
        let waiting = self.stores.domains.waiting_of(did)?;
        let view = |record: super::WaitingRecord| WaitingView {
            lineage: record.lineage(),
            received: record.received,
            passed_over: record.passed,
        };
        Ok(waiting.into_iter().map(view).collect())
    }
}

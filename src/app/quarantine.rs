//! Entries of peers that are not in the log, for the operator: short transactions on a data folder, beside a server that may be running on
//! it.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::operator::{Desk, OperatorError};
use crate::envelope::{Envelope, PayloadType, PublisherRecord};
use crate::ledger::peers::{QuarantineFilter, QuarantineState, QuarantineStore, Quarantined};
use crate::notice::Notice;
use crate::tlog::Hash;

/// Which entries a command is about; all that are given must hold.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// Only those of this peer.
    pub peer: Option<String>,
    /// Only those that are `wanted`, `pending` or `refused`.
    pub state: Option<String>,
    /// Only those that broke this rule.
    pub rule: Option<String>,
    /// Only this one.
    pub leaf: Option<Hash>,
}

/// An entry of a peer that is not in the log.
#[derive(Debug, Clone, Serialize)]
pub struct QuarantineView {
    /// Its leaf hash.
    pub leaf: String,
    /// The peer that has it.
    pub peer: String,
    /// `wanted`, `pending` or `refused`.
    pub state: &'static str,
    /// The rule that it broke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<DateTime<Utc>>,
    /// What its entry says of itself, where it is kept. Nothing of it is verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<Claimed>,
    /// The entry, where it was asked for and is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
}

/// What an entry says of itself.
#[derive(Debug, Clone, Serialize)]
pub struct Claimed {
    /// `notice`, `publisher record`, or the payload type.
    pub kind: String,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The title of the dataset, or the name of the publisher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// A page of them.
#[derive(Debug, Clone, Serialize)]
pub struct QuarantinePage {
    /// The entries.
    pub entries: Vec<QuarantineView>,
    /// How many there are in all.
    pub all: u64,
}

impl Chosen {
    fn filter(&self) -> QuarantineFilter {
        QuarantineFilter {
            origin: self.peer.clone(),
            state: self.state.as_deref().and_then(QuarantineState::parse),
            rule: self.rule.clone(),
            leaf: self.leaf,
        }
    }
}

/// Entries that are chosen, at most `limit`; with their bytes when `whole`.
///
/// # Errors
/// [`OperatorError`].
pub fn list(data: &Path, chosen: &Chosen, limit: usize, whole: bool) -> Result<QuarantinePage, OperatorError> {
    let (found, all) = Desk::open(data)?.store.quarantined(&chosen.filter(), limit)?;
    Ok(QuarantinePage { entries: found.into_iter().map(|found| view(found, whole)).collect(), all })
}

/// Has the server look again at those that are chosen; gives how many.
///
/// # Errors
/// [`OperatorError`].
pub fn retry(data: &Path, chosen: &Chosen, now: DateTime<Utc>) -> Result<u64, OperatorError> {
    Ok(Desk::open(data)?.store.retry_quarantined(&chosen.filter(), now)?)
}

/// Refuses those that are chosen for good; gives how many.
///
/// # Errors
/// [`OperatorError`].
pub fn discard(data: &Path, chosen: &Chosen) -> Result<u64, OperatorError> {
    Ok(Desk::open(data)?.store.drop_quarantined(&chosen.filter())?)
}

fn view(found: Quarantined, whole: bool) -> QuarantineView {
    let says = found.entry.as_deref().and_then(claimed);
    let entry = found.entry.filter(|_| whole).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    QuarantineView {
        leaf: found.leaf.to_string(),
        peer: found.origin,
        state: found.state.as_str(),
        rule: found.rule,
        tries: found.tries,
        again: found.not_before,
        says,
        entry,
    }
}

/// What an entry says of itself; `None` for what is no envelope.
fn claimed(entry: &[u8]) -> Option<Claimed> {
    let envelope = Envelope::parse_canonical(entry).ok()?;
    let claimed = |kind: &str, issuer, title| Claimed { kind: kind.to_owned(), issuer, title };
    Some(match envelope.payload_type() {
        Some(PayloadType::Notice) => match Notice::parse(envelope.payload()) {
            Ok(notice) => claimed("notice", Some(notice.issuer.id.to_string()), Some(notice.dataset.title)),
            Err(_) => claimed("notice", None, None),
        },
        Some(PayloadType::Publisher) => match PublisherRecord::parse(envelope.payload()) {
            Ok(record) => claimed("publisher record", Some(record.id.to_string()), Some(record.name)),
            Err(_) => claimed("publisher record", None, None),
        },
        _ => claimed(envelope.payload_type_str(), None, None),
    })
}

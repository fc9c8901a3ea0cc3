//! What is found of one entry: its hash, its signature, and the index rows that follow from it.

use super::super::Stores;
use super::super::ports::StoreError;
use super::super::rows;
use super::super::stored::{NoticeRows, StoredEntry};
use super::Known;
use crate::envelope::{self, Envelope, OperatorStatement, PayloadType, PublicKey, PublisherRecord};
use crate::notice::{Did, Notice};
use crate::tlog::Hash;

/// What was found of an entry.
pub(super) struct Looked {
    /// What its bytes hash to.
    pub(super) hash: Hash,
    /// Whether it is the first entry of its notice, which the index rows belong to.
    pub(super) first_of_notice: bool,
    /// What is wrong.
    pub(super) faults: Vec<String>,
}

/// Hashes an entry, verifies its signature, and compares everything that is derived from it alone.
pub(super) fn look_at(entry: &StoredEntry, stores: &Stores, known: &Known) -> Result<Looked, StoreError> {
    let index = entry.index;
    let hash = Hash::leaf(&entry.bytes);
    let mut looked = Looked { hash, first_of_notice: false, faults: Vec::new() };
    if hash != entry.leaf {
        looked.faults.push(format!("entry {index} hashes to {hash}, its row says {}", entry.leaf));
    }
    match signed_payload(entry, known) {
        Err(what) => looked.faults.push(format!("entry {index}: {what}")),
        Ok(Said { issuer, notice }) => {
            if issuer.as_ref() != Some(&entry.issuer) {
                looked.faults.push(format!("entry {index} is not of {}, as its row says", entry.issuer));
            }
            if entry.kind == PayloadType::Notice {
                check_rows(entry, notice, stores, &mut looked)?;
            }
        }
    }
    Ok(looked)
}

/// Compares the index rows of a notice, which stand at its first entry.
fn check_rows(
    entry: &StoredEntry,
    notice: Result<Notice, String>,
    stores: &Stores,
    looked: &mut Looked,
) -> Result<(), StoreError> {
    let index = entry.index;
    let stored = match stores.index.rows(index) {
        Err(StoreError::Corrupt { what }) => {
            looked.first_of_notice = true;
            looked.faults.push(format!("the index rows of notice {index}: {what}"));
            return Ok(());
        }
        other => other?,
    };
    if stored.is_none() && has_earlier_entry(entry, stores)? {
        return Ok(());
    }
    looked.first_of_notice = true;
    let fault = match (notice, stored) {
        (Err(fault), _) => format!("entry {index} is no valid notice: {fault}"),
        (Ok(_), None) => format!("the index has no rows for notice {index}"),
        (Ok(notice), Some(stored)) if sorted(stored.clone()) == sorted(rows::of_notice(&notice)) => return Ok(()),
        (Ok(_), Some(_)) => format!("the index rows of notice {index} are not what its entry says"),
    };
    looked.faults.push(fault);
    Ok(())
}

/// Whether the same notice stands in the log already, signed by another key.
fn has_earlier_entry(entry: &StoredEntry, stores: &Stores) -> Result<bool, StoreError> {
    match stores.log.entries_of_payload(entry.kind, &entry.payload_id, entry.index) {
        Ok(earlier) => Ok(!earlier.is_empty()),
        // Another entry is damaged, and is told of where it stands.
        Err(StoreError::Corrupt { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What an entry says, and whose it is.
struct Said {
    issuer: Option<Did>,
    /// The notice; a fault for everything else.
    notice: Result<Notice, String>,
}

/// What an entry says, when everything that its row says of payload and key holds.
fn signed_payload(entry: &StoredEntry, known: &Known) -> Result<Said, String> {
    let envelope = Envelope::parse_canonical(&entry.bytes).map_err(|e| e.to_string())?;
    let key = PublicKey::from_bytes(&entry.key).map_err(|e| e.to_string())?;
    let signed = envelope::verify(&envelope, &[key]).map_err(|e| e.to_string())?;
    if signed.payload_type() != entry.kind || signed.payload_id() != entry.payload_id {
        return Err("its row names another payload".to_owned());
    }
    let no_notice = || Err("it is of another type".to_owned());
    match entry.kind {
        PayloadType::Notice => {
            let notice = Notice::parse(signed.payload()).map_err(|e| e.to_string());
            Ok(Said { issuer: notice.as_ref().ok().map(|notice| notice.issuer.id.clone()), notice })
        }
        PayloadType::Publisher => {
            let issuer = PublisherRecord::parse(signed.payload()).ok().map(|record| record.id);
            Ok(Said { issuer, notice: no_notice() })
        }
        PayloadType::Operator => {
            let said = OperatorStatement::parse(signed.payload()).map_err(|e| e.to_string())?;
            if said.origin != known.log.name().as_str() || key != known.operator {
                return Err("it is a statement of another operator, or for another log".to_owned());
            }
            Ok(Said { issuer: Some(key.to_did()), notice: no_notice() })
        }
        PayloadType::Index => Err("the head of a compact list is never an entry".to_owned()),
    }
}

/// Rows in one order: a table has none.
fn sorted(mut rows: NoticeRows) -> NoticeRows {
    rows.facts.sort();
    rows.facts.dedup();
    rows.priors.sort_unstable();
    rows.priors.dedup();
    rows.reasons.sort_unstable();
    rows.reasons.dedup();
    rows.lists.sort_unstable();
    rows.lists.dedup();
    rows.documents.sort_unstable();
    rows.documents.dedup();
    rows
}

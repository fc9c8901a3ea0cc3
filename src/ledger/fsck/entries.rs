//! What is found of one entry: its hash, its signature, and the index rows that follow from it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::ports::StoreError;
use super::super::stored::{IndexRows, NoticeRows, RowCounts, StoredEntry};
use super::super::{Stores, derived, rows};
use super::Known;
use crate::envelope::{self, Envelope, OperatorStatement, PayloadType, PublicKey, PublisherRecord};
use crate::notice::{Did, Notice};
use crate::tlog::Hash;

/// What was found of an entry.
pub(super) struct Looked {
    /// What its bytes hash to.
    pub(super) hash: Hash,
    /// How many index rows it accounts for.
    pub(super) rows: RowCounts,
    /// What is wrong.
    pub(super) faults: Vec<String>,
}

/// Hashes an entry, verifies its signature, and compares everything that is derived from it alone.
pub(super) fn look_at(entry: &StoredEntry, stores: &Stores, known: &Known) -> Result<Looked, StoreError> {
    let index = entry.index;
    let hash = Hash::leaf(&entry.bytes);
    let mut looked = Looked { hash, rows: RowCounts { entries: 1, leaves: 1, ..RowCounts::default() }, faults: Vec::new() };
    if hash != entry.leaf {
        looked.faults.push(format!("entry {index} hashes to {hash}, its row says {}", entry.leaf));
    }
    match signed_payload(entry, known) {
        Err(what) => looked.faults.push(format!("entry {index}: {what}")),
        Ok(Said { issuer, notice }) => {
            if issuer.as_ref() != Some(&entry.issuer) {
                looked.faults.push(format!("entry {index} is not of {}, as its row says", entry.issuer));
            }
            check_rows(entry, notice, stores, &mut looked)?;
        }
    }
    Ok(looked)
}

/// Compares the index rows of an entry; those of a notice stand at its first entry.
fn check_rows(
    entry: &StoredEntry,
    notice: Option<Result<Notice, String>>,
    stores: &Stores,
    looked: &mut Looked,
) -> Result<(), StoreError> {
    let index = entry.index;
    let (name, rows) = match notice {
        None if entry.kind == PayloadType::Publisher => {
            looked.rows.records += 1;
            ("entry", IndexRows::Publisher)
        }
        None => ("entry", IndexRows::Operator),
        // The same notice, signed by another key: only the entry itself is new.
        Some(_) if has_earlier_entry(entry, stores)? => ("entry", IndexRows::Operator),
        Some(Err(fault)) => {
            looked.faults.push(format!("entry {index} is no valid notice: {fault}"));
            return Ok(());
        }
        Some(Ok(notice)) => {
            let rows = rows::of_notice(&notice);
            count(&mut looked.rows, &rows);
            check_texts(index, &notice, stores, looked)?;
            ("notice", IndexRows::Notice(Arc::new(rows)))
        }
    };
    match stores.index.holds(entry, &rows) {
        Ok(true) => {}
        Ok(false) => looked.faults.push(format!("the index rows of {name} {index} are not what its entry says")),
        Err(StoreError::Corrupt { what }) => looked.faults.push(format!("the index rows of {name} {index}: {what}")),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Compares the words that the texts of a notice are found by.
fn check_texts(index: u64, notice: &Notice, stores: &Stores, looked: &mut Looked) -> Result<(), StoreError> {
    // A running server may keep the texts at this very moment, and carry their words over a little later.
    for _ in 0..3 {
        let Some(found) = stores.index.text_words(index)? else { return Ok(()) };
        let bytes = notice.texts.map(|name| stores.documents.read(&name)).transpose()?.flatten();
        if found == bytes.map(|bytes| derived::words_of_texts(&bytes)).unwrap_or_default() {
            return Ok(());
        }
        // Waits until the index has whatever is in the log now.
        stores.index.count_notices(0)?;
    }
    looked.faults.push(format!("the words of the texts of notice {index} are not what its document says"));
    Ok(())
}

/// Whether the same notice stands in the log already, signed by another key.
fn has_earlier_entry(entry: &StoredEntry, stores: &Stores) -> Result<bool, StoreError> {
    Ok(!stores.log.places_of_payload(entry.kind, &entry.payload_id, entry.index)?.is_empty())
}

/// Counts the rows of a notice: a table has each once.
fn count(counts: &mut RowCounts, rows: &NoticeRows) {
    fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> u64 {
        all.collect::<BTreeSet<_>>().len() as u64
    }
    counts.notices += 1;
    counts.names += 1;
    counts.facts += distinct(rows.facts.iter());
    counts.digests += rows.digests().len() as u64;
    counts.priors += distinct(rows.priors.iter());
    counts.reasons += distinct(rows.reasons.iter());
    counts.lists += distinct(rows.lists.iter());
    counts.documents += distinct(rows.documents.iter().map(|(document, _)| document));
}

/// What an entry says, and whose it is.
struct Said {
    issuer: Option<Did>,
    /// The notice, if it is to be one.
    notice: Option<Result<Notice, String>>,
}

/// What an entry says, when everything that its row says of payload and key holds.
fn signed_payload(entry: &StoredEntry, known: &Known) -> Result<Said, String> {
    let envelope = Envelope::parse_canonical(&entry.bytes).map_err(|e| e.to_string())?;
    let key = PublicKey::from_bytes(&entry.key).map_err(|e| e.to_string())?;
    let signed = envelope::verify(&envelope, &[key]).map_err(|e| e.to_string())?;
    if signed.payload_type() != entry.kind || signed.payload_id() != entry.payload_id {
        return Err("its row names another payload".to_owned());
    }
    match entry.kind {
        PayloadType::Notice => {
            let notice = Notice::parse(signed.payload()).map_err(|e| e.to_string());
            Ok(Said { issuer: notice.as_ref().ok().map(|notice| notice.issuer.id.clone()), notice: Some(notice) })
        }
        PayloadType::Publisher => {
            let issuer = PublisherRecord::parse(signed.payload()).ok().map(|record| record.id);
            Ok(Said { issuer, notice: None })
        }
        PayloadType::Operator => {
            let said = OperatorStatement::parse(signed.payload()).map_err(|e| e.to_string())?;
            if said.origin != known.log.name().as_str() || key != known.operator {
                return Err("it is a statement of another operator, or for another log".to_owned());
            }
            Ok(Said { issuer: Some(key.to_did()), notice: None })
        }
        PayloadType::Index => Err("the head of a compact list is never an entry".to_owned()),
    }
}

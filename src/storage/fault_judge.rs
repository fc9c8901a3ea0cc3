//! Judging a log after its faults by means that the log does not use itself.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

use super::sample::*;
use crate::ledger::{Ledger, StoreError};
use crate::notice::NoticeId;
use crate::tlog::Hash;

/// Asks for all of them; an answer without one is a failure, an error is one for the caller to judge.
pub(super) fn ask_for(ledger: &Ledger, acknowledged: &[(NoticeId, String)]) -> Result<(), StoreError> {
    let asked: Vec<String> = acknowledged.iter().map(|(_, subject)| subject.clone()).collect();
    let answers = ledger.check(&asked)?.answers;
    for ((id, subject), answer) in acknowledged.iter().zip(answers) {
        let answer = answer.answer.expect("an identifier");
        assert!(answer.matches.iter().any(|found| found.notice == *id), "the notice about {subject} is hidden");
    }
    Ok(())
}

/// The Merkle tree hash of RFC 6962, section 2.1, word for word: shares nothing with the code that it judges.
pub(super) fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::from_bytes(Sha256::digest(b"").into()),
        [leaf] => *leaf,
        more => {
            let (left, right) = more.split_at(more.len().next_power_of_two() / 2);
            let (left, right) = (root_of(left), root_of(right));
            Hash::from_bytes(
                Sha256::new().chain_update([1]).chain_update(left.as_bytes()).chain_update(right.as_bytes()).finalize().into(),
            )
        }
    }
}

/// What `fsck` finds wrong in a folder on which no server runs. It reads nothing but rows and the record, so folders with the same
/// rows are looked at once.
pub(super) fn faults_of(place: &Place) -> Vec<String> {
    static LOOKED_AT: Mutex<BTreeMap<[u8; 32], Vec<String>>> = Mutex::new(BTreeMap::new());
    let known = |content| LOOKED_AT.lock().unwrap_or_else(PoisonError::into_inner).get(content).cloned();
    let content = content_of(place);
    if let Some(faults) = known(&content) {
        return faults;
    }
    let faults = place.faults();
    LOOKED_AT.lock().unwrap_or_else(PoisonError::into_inner).insert(content, faults.clone());
    faults
}

/// A hash over the head record and every row of every table in both files.
#[expect(clippy::disallowed_methods, reason = "tests look at the database behind the store's back")]
fn content_of(place: &Place) -> [u8; 32] {
    let mut hasher = Sha256::new().chain_update(place.recorded());
    for file in ["palinode.db", "index.db"] {
        let connection = rusqlite::Connection::open(place.path().join(file)).expect("opens");
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
        let mut select = connection.prepare(sql).expect("a statement");
        let names = select.query_map([], |row| row.get::<_, String>(0)).expect("runs");
        for name in names.map(|name| name.expect("a name")) {
            let mut rows = connection.prepare(&format!("SELECT * FROM \"{name}\"")).expect("a statement");
            let columns = rows.column_count();
            hasher.update(format!("{file} {name} {columns}\n"));
            let mut rows = rows.query([]).expect("runs");
            while let Some(row) = rows.next().expect("readable") {
                for column in 0..columns {
                    let value = row.get_ref(column).expect("a value");
                    let bytes = match value {
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
                        other => format!("{other:?}").into_bytes(),
                    };
                    hasher.update(format!("{:?} {} ", value.data_type(), bytes.len()));
                    hasher.update(bytes);
                }
            }
        }
    }
    hasher.finalize().into()
}

//! What our witness key cosigned of peers' logs, and what convicts them.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::cosignatures::note_signed_time;
use super::peers::head;
use super::write::begin;
use super::{SqliteStore, corrupt, from_sql, millis, time_from_millis, to_sql, unavailable};
use crate::ledger::peers::{Advanced, EvidenceStore, WitnessStore, Witnessed};
use crate::ledger::stored::Head;
use crate::ledger::{Cosigned, StoreError};
use crate::tlog::{Evidence, Hash, KeyName};

impl WitnessStore for SqliteStore {
    fn witnessed(&self, origin: &str) -> Result<Option<Witnessed>, StoreError> {
        self.read(|c| witnessed(c, origin))
    }

    fn advance_witnessed(&self, origin: &str, expected: Head, new: &Witnessed) -> Result<Advanced, StoreError> {
        let failed = unavailable("keeping what was cosigned");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let found = witnessed(&transaction, origin)?.map_or(Head::EMPTY, |known| known.head.head);
        if found != expected {
            return Ok(Advanced::Moved { found });
        }
        let sql = "INSERT OR REPLACE INTO witnessed (origin, size, root, note, name, time, line)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let Witnessed { head: signed, cosigned } = new;
        let time = cosigned.time.timestamp();
        let root = signed.head.root.as_bytes();
        transaction
            .execute(sql, params![origin, to_sql(signed.head.size), root, signed.note, cosigned.name, time, cosigned.line])
            .map_err(&failed)?;
        note_signed_time(&transaction, cosigned.time).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        Ok(Advanced::Done)
    }
}

fn witnessed(connection: &Connection, origin: &str) -> Result<Option<Witnessed>, StoreError> {
    let failed = unavailable("reading what was cosigned");
    let sql = "SELECT size, root, note, name, time, line FROM witnessed WHERE origin = ?1";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query([origin]).map_err(&failed)?;
    let Some(row) = rows.next().map_err(&failed)? else { return Ok(None) };
    let Some(head) = head(row, 0)? else { return Ok(None) };
    let time: i64 = row.get(4).map_err(&failed)?;
    let time = DateTime::from_timestamp(time, 0).ok_or_else(|| corrupt("the time of a cosignature is out of range"))?;
    let cosigned = Cosigned { name: row.get(3).map_err(&failed)?, time, line: row.get(5).map_err(&failed)? };
    Ok(Some(Witnessed { head, cosigned }))
}

impl EvidenceStore for SqliteStore {
    fn keep_evidence(&self, evidence: &Evidence, found: DateTime<Utc>) -> Result<(), StoreError> {
        let (first, second, hashes) = parts(evidence);
        let mut digest = Sha256::new();
        for part in [evidence.kind().as_bytes(), first, second, &hashes] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let digest: [u8; 32] = digest.finalize().into();
        let sql = "INSERT INTO evidence (digest, origin, kind, found, first, second, leaves)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (digest) DO NOTHING";
        let origin = evidence.origin().as_str();
        self.writer()
            .execute(sql, params![digest, origin, evidence.kind(), millis(found), first, second, hashes])
            .map_err(unavailable("keeping evidence"))?;
        Ok(())
    }

    fn evidence(&self) -> Result<Vec<(DateTime<Utc>, Evidence)>, StoreError> {
        self.read(all_evidence)
    }
}

/// How many pieces of evidence convict the log of this origin, and when the first was found.
pub(super) fn count_evidence(connection: &Connection, origin: &str) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
    let failed = unavailable("counting evidence");
    let sql = "SELECT count(*), min(found) FROM evidence WHERE origin = ?1";
    let columns = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(i64, Option<i64>)> { Ok((row.get(0)?, row.get(1)?)) };
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let (count, found) = select.query_row([origin], columns).map_err(&failed)?;
    Ok((from_sql(count)?, found.map(time_from_millis).transpose()?))
}

/// All evidence of a database, which may be a backup, oldest first.
pub(super) fn all_evidence(connection: &Connection) -> Result<Vec<(DateTime<Utc>, Evidence)>, StoreError> {
    let failed = unavailable("reading evidence");
    let sql = "SELECT found, kind, origin, first, second, leaves FROM evidence ORDER BY found, rowid";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query([]).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        let kind: String = row.get(1).map_err(&failed)?;
        let origin: String = row.get(2).map_err(&failed)?;
        let origin = KeyName::parse(&origin).map_err(|e| corrupt(format!("the origin of evidence: {e}")))?;
        let blob = |column: usize| row.get::<_, Vec<u8>>(column).map_err(&failed);
        let (first, second) = (blob(3)?, blob(4)?);
        let evidence = match kind.as_str() {
            "two-roots" => Evidence::TwoRoots { origin, first, second },
            "leaf-contradiction" => {
                let hashes = Hash::split_tile(&blob(5)?).unwrap_or_default();
                let (root, proof) = hashes.split_first().ok_or_else(|| corrupt("the proof of evidence is none"))?;
                Evidence::LeafContradiction { origin, earlier: first, later: second, root: *root, proof: proof.to_vec() }
            }
            other => return Err(corrupt(format!("unknown kind of evidence {other:?}"))),
        };
        found.push((time_from_millis(row.get(0).map_err(&failed)?)?, evidence));
    }
    Ok(found)
}

/// The two notes, and the hashes beside them: for what contradicts earlier leaves, the root that the later tree has at the earlier
/// size, and the proof that leads from it to the later root.
fn parts(evidence: &Evidence) -> (&[u8], &[u8], Vec<u8>) {
    match evidence {
        Evidence::TwoRoots { first, second, .. } => (first, second, Vec::new()),
        Evidence::LeafContradiction { earlier, later, root, proof, .. } => {
            (earlier, later, Hash::join_tile(&[&[*root], proof.as_slice()].concat()))
        }
    }
}

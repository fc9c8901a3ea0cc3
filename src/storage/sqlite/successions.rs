//! Which logs go on for others: among the peers, and for this one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::peers::{bump_revision, insert_peer};
use super::write::begin;
use super::{SqliteStore, array, millis, time_from_millis, unavailable};
use crate::ledger::StoreError;
use crate::ledger::peers::{RefusedClaim, Succession, SuccessionStore, Successor};
use crate::tlog::Hash;

impl SuccessionStore for SqliteStore {
    fn follow(&self, succession: &Succession, now: DateTime<Utc>) -> Result<(), StoreError> {
        let failed = unavailable("following a log that goes on for another");
        let (old, new) = (succession.old().as_str(), succession.successor());
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let known = "SELECT 1 FROM peers WHERE origin = ?1";
        let known = transaction.prepare_cached(known).and_then(|mut select| select.exists([new.origin().as_str()]));
        if !known.map_err(&failed)? {
            insert_peer(&transaction, new).map_err(&failed)?;
        }
        let leaf = succession.leaf();
        let values = params![old, new.origin().as_str(), leaf.as_bytes(), millis(now)];
        let sql = "INSERT OR REPLACE INTO peer_successors (origin, successor, leaf, since) VALUES (?1, ?2, ?3, ?4)";
        transaction.prepare_cached(sql).and_then(|mut insert| insert.execute(values)).map_err(&failed)?;
        // What could not be had of the old log, or waits without its bytes, can be had of the new one.
        for sql in [
            "UPDATE OR REPLACE peer_leaves SET origin = ?2 WHERE origin = ?1 AND state IN ('wanted', 'pending')",
            "DELETE FROM document_tries WHERE origin = ?1 OR origin = ?2",
            "DELETE FROM peer_claims WHERE origin = ?1 AND ?2 <> ''",
        ] {
            transaction.execute(sql, params![old, new.origin().as_str()]).map_err(&failed)?;
        }
        bump_revision(&transaction).map_err(&failed)?;
        transaction.commit().map_err(&failed)
    }

    fn successors(&self) -> Result<BTreeMap<String, Successor>, StoreError> {
        let sql = "SELECT origin, successor, since FROM peer_successors";
        let rows: Vec<(String, String, i64)> = self.rows(sql, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let successor = |(old, origin, since)| Ok((old, Successor { origin, since: time_from_millis(since)? }));
        rows.into_iter().map(successor).collect()
    }

    fn note_claim(&self, origin: &str, claim: &RefusedClaim) -> Result<(), StoreError> {
        let RefusedClaim { claimant, rule, why, at } = claim;
        // The same again is no news.
        let sql = "INSERT INTO peer_claims (origin, claimant, rule, why, at) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (origin) DO UPDATE
                   SET claimant = excluded.claimant, rule = excluded.rule, why = excluded.why, at = excluded.at
                   WHERE claimant <> excluded.claimant OR rule <> excluded.rule";
        self.writer()
            .prepare_cached(sql)
            .and_then(|mut upsert| upsert.execute(params![origin, claimant, rule, why, millis(*at)]))
            .map_err(unavailable("keeping that a claim was refused"))?;
        Ok(())
    }

    fn claims(&self) -> Result<BTreeMap<String, RefusedClaim>, StoreError> {
        type Columns = (String, String, String, String, i64);
        let sql = "SELECT origin, claimant, rule, why, at FROM peer_claims";
        let columns = |row: &Row<'_>| -> rusqlite::Result<Columns> {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        };
        let claim = |(origin, claimant, rule, why, at): Columns| {
            Ok((origin, RefusedClaim { claimant, rule, why, at: time_from_millis(at)? }))
        };
        self.rows(sql, columns)?.into_iter().map(claim).collect()
    }

    fn note_succeeded(&self, origin: &str, leaf: &Hash) -> Result<(), StoreError> {
        self.writer()
            .prepare_cached("INSERT OR REPLACE INTO succeeded (origin, leaf) VALUES (?1, ?2)")
            .and_then(|mut insert| insert.execute(params![origin, leaf.as_bytes()]))
            .map_err(unavailable("keeping which log this one succeeds"))?;
        Ok(())
    }

    fn succeeded(&self) -> Result<Vec<(String, Hash)>, StoreError> {
        let sql = "SELECT origin, leaf FROM succeeded ORDER BY origin";
        let rows: Vec<(String, Vec<u8>)> = self.rows(sql, |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.into_iter().map(|(origin, leaf)| Ok((origin, Hash::from_bytes(array(&leaf, "a leaf hash")?)))).collect()
    }
}

impl SqliteStore {
    fn rows<T>(&self, sql: &str, columns: impl Fn(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>, StoreError> {
        let failed = unavailable("reading which logs go on for others");
        self.read(|c| {
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let rows = select.query_map([], |row| columns(row)).map_err(&failed)?;
            rows.collect::<Result<_, _>>().map_err(&failed)
        })
    }
}

/// The logs that this one goes on for, and those that these went on for.
pub(super) fn succeeded_by(connection: &Connection, origin: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "WITH RECURSIVE before (origin) AS (
                   SELECT origin FROM peer_successors WHERE successor = ?1
                   UNION SELECT s.origin FROM peer_successors s JOIN before b ON s.successor = b.origin)
               SELECT origin FROM before";
    let mut select = connection.prepare_cached(sql)?;
    let rows = select.query_map([origin], |row| row.get(0))?;
    rows.collect()
}

//! What the logs of peers hold, as far as it was read, and what became of their leaves.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::peers::head;
use super::statements::put_statement;
use super::write::begin;
use super::{SqliteStore, array, corrupt, from_sql, millis, time_from_millis, to_sql, unavailable};
use crate::ledger::RefusalClass;
use crate::ledger::StoreError;
use crate::ledger::peers::{DueDocuments, DueLeaf, HeadNoted, InventoryStore, LeafOutcome, PeerHead};
use crate::notice::DocumentHash;
use crate::tlog::{Hash, TileId};

/// Nothing waits longer than a day and a half: a time three days ahead, in milliseconds, was written before the clock was set back.
const IMPLAUSIBLE: i64 = 3 * 24 * 3_600 * 1_000;

impl InventoryStore for SqliteStore {
    fn note_head(&self, origin: &str, new: &PeerHead) -> Result<HeadNoted, StoreError> {
        let failed = unavailable("keeping a peer's checkpoint");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let noted = match newest_head_of(&transaction, origin)? {
            Some(known) if known.head.size == new.head.size && known.head.root != new.head.root => HeadNoted::OtherRoot(known),
            Some(known) if known.head.size >= new.head.size => HeadNoted::Stale,
            _ => {
                let sql = "INSERT INTO peer_logs (origin, head_size, head_root, head_note) VALUES (?1, ?2, ?3, ?4)
                           ON CONFLICT (origin) DO UPDATE SET head_size = excluded.head_size, head_root = excluded.head_root,
                                                              head_note = excluded.head_note";
                let values = params![origin, to_sql(new.head.size), new.head.root.as_bytes(), new.note];
                transaction.prepare_cached(sql).and_then(|mut upsert| upsert.execute(values)).map_err(&failed)?;
                HeadNoted::Newest
            }
        };
        transaction.commit().map_err(&failed)?;
        Ok(noted)
    }

    fn inventory_tile(&self, origin: &str, id: TileId, width: u16) -> Result<Vec<Hash>, StoreError> {
        let failed = unavailable("reading a tile of a peer");
        let bytes: Option<Vec<u8>> = self.read(|c| {
            let sql = "SELECT hashes FROM peer_tiles WHERE origin = ?1 AND level = ?2 AND idx = ?3";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            select.query_row(params![origin, id.level, to_sql(id.index)], |row| row.get(0)).optional().map_err(&failed)
        })?;
        let bytes = bytes.unwrap_or_default();
        let part = bytes.get(..usize::from(width) * Hash::LENGTH).and_then(Hash::split_tile);
        part.ok_or_else(|| {
            corrupt(format!("tile {}/{} of {origin} has {} bytes, not {width} hashes", id.level, id.index, bytes.len()))
        })
    }

    fn extend_inventory(
        &self,
        origin: &str,
        verified: u64,
        under: &PeerHead,
        tiles: &[(TileId, Vec<Hash>)],
    ) -> Result<(), StoreError> {
        let failed = unavailable("keeping the leaf hashes of a peer");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        {
            let sql = "INSERT OR REPLACE INTO peer_tiles (origin, level, idx, hashes) VALUES (?1, ?2, ?3, ?4)";
            let mut insert = transaction.prepare_cached(sql).map_err(&failed)?;
            for (id, hashes) in tiles {
                insert.execute(params![origin, id.level, to_sql(id.index), Hash::join_tile(hashes)]).map_err(&failed)?;
            }
        }
        let sql = "INSERT INTO peer_logs (origin, verified, read_size, read_root, read_note) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (origin) DO UPDATE SET verified = excluded.verified, read_size = excluded.read_size,
                                                      read_root = excluded.read_root, read_note = excluded.read_note";
        let values = params![origin, to_sql(verified), to_sql(under.head.size), under.head.root.as_bytes(), under.note];
        transaction.execute(sql, values).map_err(&failed)?;
        transaction.commit().map_err(&failed)
    }

    fn settled_leaves(&self, origin: &str, leaves: &[Hash]) -> Result<Vec<bool>, StoreError> {
        let failed = unavailable("looking up leaves of peers");
        self.read(|c| {
            // A statement in the wrong log must not keep it from being read in the right one.
            let sql = "SELECT 1 FROM peer_leaves WHERE leaf = ?1 AND state <> 'wanted'
                       AND (origin = ?2 OR rule IS NULL OR rule NOT LIKE 'statement-%')
                       UNION ALL SELECT 1 FROM peer_statements WHERE leaf = ?1 AND origin = ?2";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            leaves.iter().map(|leaf| select.exists(params![leaf.as_bytes(), origin]).map_err(&failed)).collect()
        })
    }

    fn settle(
        &self,
        origin: &str,
        pulled: u64,
        outcomes: &[(Hash, LeafOutcome)],
        new: u64,
        day: i64,
    ) -> Result<(), StoreError> {
        let failed = unavailable("keeping what became of a peer's leaves");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        for (leaf, outcome) in outcomes {
            put_outcome(&transaction, origin, leaf, outcome).map_err(&failed)?;
        }
        let sql = "INSERT INTO peer_logs (origin, pulled, day, leaves_of_day) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (origin) DO UPDATE SET pulled = max(pulled, excluded.pulled), day = excluded.day,
                   leaves_of_day = CASE WHEN day = excluded.day THEN leaves_of_day ELSE 0 END + excluded.leaves_of_day";
        transaction.execute(sql, params![origin, to_sql(pulled), day, to_sql(new)]).map_err(&failed)?;
        transaction.commit().map_err(&failed)
    }

    fn wanted_due(&self, origin: &str, now: DateTime<Utc>, limit: usize) -> Result<Vec<DueLeaf>, StoreError> {
        let sql = "SELECT origin, leaf, tries, entry FROM peer_leaves
                   WHERE origin = ?1 AND state = 'wanted' AND not_before <= ?2 ORDER BY not_before LIMIT ?3";
        self.read(|c| due(c, sql, params![origin, millis(now), to_sql(limit as u64)]))
    }

    fn pending_due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<DueLeaf>, StoreError> {
        let sql = "SELECT origin, leaf, tries, entry FROM peer_leaves
                   WHERE state = 'pending' AND not_before <= ?1 ORDER BY not_before LIMIT ?2";
        self.read(|c| due(c, sql, params![millis(now), to_sql(limit as u64)]))
    }

    fn rearm_pending(&self, rules: &[&str], now: DateTime<Utc>) -> Result<u64, StoreError> {
        let failed = unavailable("waking leaves that wait");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let mut woken = 0;
        for rule in rules {
            let sql = "UPDATE peer_leaves SET not_before = ?2 WHERE state = 'pending' AND rule = ?1 AND not_before > ?2";
            woken += transaction.execute(sql, params![rule, millis(now)]).map_err(&failed)?;
        }
        let sql = "UPDATE peer_leaves SET not_before = ?1 WHERE state IN ('pending', 'wanted') AND not_before > ?2";
        let (now, never) = (millis(now), millis(now).saturating_add(IMPLAUSIBLE));
        woken += transaction.execute(sql, params![now, never]).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        Ok(woken as u64)
    }

    fn clock_was_set_back(&self, by: TimeDelta, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let sql = "UPDATE peer_leaves SET not_before = max(?1, not_before - ?2)
                   WHERE state IN ('pending', 'wanted') AND not_before > ?1";
        let moved = self.writer().execute(sql, params![millis(now), by.num_milliseconds()]);
        Ok(moved.map_err(unavailable("bringing forward what waits"))? as u64)
    }

    fn documents_due(
        &self,
        origin: &str,
        now: DateTime<Utc>,
        documents: &[DocumentHash],
        longest: fn(u32) -> TimeDelta,
    ) -> Result<DueDocuments, StoreError> {
        let failed = unavailable("looking up which documents to ask for");
        self.read(|c| {
            let sql = "SELECT tries, not_before FROM document_tries WHERE hash = ?1 AND origin = ?2";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let mut found = DueDocuments::default();
            for document in documents {
                let columns = |row: &Row<'_>| -> rusqlite::Result<(u32, i64)> { Ok((row.get(0)?, row.get(1)?)) };
                let tried = select.query_row(params![document.as_bytes(), origin], columns).optional().map_err(&failed)?;
                match tried {
                    None => found.now.push((*document, 0)),
                    Some((tries, not_before)) if not_before <= millis(now) || not_before > millis(now + longest(tries)) => {
                        found.now.push((*document, tries));
                    }
                    Some((_, not_before)) => {
                        let later = time_from_millis(not_before)?;
                        found.next = Some(found.next.map_or(later, |first| first.min(later)));
                    }
                }
            }
            Ok(found)
        })
    }

    fn note_document_try(
        &self,
        origin: &str,
        document: &DocumentHash,
        tries: u32,
        not_before: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO document_tries (hash, origin, tries, not_before) VALUES (?1, ?2, ?3, ?4)";
        self.writer()
            .prepare_cached(sql)
            .and_then(|mut insert| insert.execute(params![document.as_bytes(), origin, tries, millis(not_before)]))
            .map_err(unavailable("keeping that a document was not given"))?;
        Ok(())
    }
}

pub(super) fn newest_head_of(connection: &Connection, origin: &str) -> Result<Option<PeerHead>, StoreError> {
    let failed = unavailable("reading a peer's checkpoint");
    let mut select = connection
        .prepare_cached("SELECT head_size, head_root, head_note FROM peer_logs WHERE origin = ?1")
        .map_err(&failed)?;
    let mut rows = select.query([origin]).map_err(&failed)?;
    rows.next().map_err(&failed)?.map_or(Ok(None), |row| head(row, 0))
}

fn put_outcome(connection: &Connection, origin: &str, leaf: &Hash, outcome: &LeafOutcome) -> rusqlite::Result<()> {
    let leaf = leaf.as_bytes();
    let put = |state: &str, rule: Option<&str>, tries: u32, not_before: i64, entry: Option<&[u8]>| {
        let sql = "INSERT OR REPLACE INTO peer_leaves (leaf, origin, state, rule, tries, not_before, entry)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let values = params![leaf, origin, state, rule, tries, not_before, entry];
        connection.prepare_cached(sql)?.execute(values).map(|_| ())
    };
    // What is settled from one peer is no longer wanted from any other.
    let elsewhere = |states: &str| {
        let sql = format!("DELETE FROM peer_leaves WHERE leaf = ?1 AND state IN ({states})");
        connection.prepare_cached(&sql)?.execute(params![leaf]).map(|_| ())
    };
    match outcome {
        LeafOutcome::Logged => elsewhere("'wanted', 'pending', 'twin'"),
        LeafOutcome::Twin => {
            elsewhere("'wanted', 'pending'")?;
            put("twin", None, 0, 0, None)
        }
        LeafOutcome::Stated(statement) => {
            let sql = "DELETE FROM peer_leaves WHERE leaf = ?1 AND origin = ?2";
            connection.prepare_cached(sql)?.execute(params![leaf, origin])?;
            put_statement(connection, statement)
        }
        LeafOutcome::Refused { class: RefusalClass::Permanent, rule, tries, .. } => {
            elsewhere("'wanted', 'pending'")?;
            put("refused", Some(rule), *tries, 0, None)
        }
        LeafOutcome::Refused { class: RefusalClass::Pending, rule, tries, not_before, entry } => {
            elsewhere("'wanted'")?;
            put("pending", Some(rule), *tries, millis(*not_before), entry.as_deref())
        }
        LeafOutcome::Wanted { tries, not_before } => put("wanted", None, *tries, millis(*not_before), None),
    }
}

fn due(connection: &Connection, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<DueLeaf>, StoreError> {
    let failed = unavailable("reading which leaves are due");
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query(parameters).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        let leaf: Vec<u8> = row.get(1).map_err(&failed)?;
        let tries: i64 = row.get(2).map_err(&failed)?;
        found.push(DueLeaf {
            origin: row.get(0).map_err(&failed)?,
            leaf: Hash::from_bytes(array(&leaf, "a leaf of a peer")?),
            tries: u32::try_from(from_sql(tries)?).unwrap_or(u32::MAX),
            entry: row.get(3).map_err(&failed)?,
        });
    }
    Ok(found)
}

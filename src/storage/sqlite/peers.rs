//! Who the peers are, and how each one stands.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use url::Url;

use super::successions::succeeded_by;
use super::witness::count_evidence;
use super::write::begin;
use super::{SqliteStore, array, corrupt, from_sql, millis, time_from_millis, to_sql, unavailable};
use crate::envelope::PublicKey;
use crate::ledger::StoreError;
use crate::ledger::peers::{Pause, Peer, PeerFault, PeerHead, PeerSource, PeerState, PeerStore, Progress, Work};
use crate::ledger::stored::Head;
use crate::tlog::{Hash, VerifierKey};

/// The setting that counts changes of the table of peers.
const REVISION: &str = "peers-revision";

/// What goes with a peer that is removed.
const FORGET: [&str; 9] = [
    "DELETE FROM peers WHERE origin = ?1",
    "DELETE FROM peer_logs WHERE origin = ?1",
    "DELETE FROM peer_work WHERE origin = ?1",
    "DELETE FROM peer_tiles WHERE origin = ?1",
    "DELETE FROM peer_leaves WHERE origin = ?1 AND (state NOT IN ('refused', 'twin') OR rule LIKE 'statement-%')",
    "DELETE FROM document_tries WHERE origin = ?1",
    "DELETE FROM peer_statements WHERE origin = ?1",
    "DELETE FROM peer_successors WHERE origin = ?1",
    "DELETE FROM peer_claims WHERE origin = ?1",
];

impl PeerStore for SqliteStore {
    fn peers(&self) -> Result<Vec<Peer>, StoreError> {
        self.read(all_peers)
    }

    fn put_peer(&self, peer: &Peer) -> Result<(), StoreError> {
        let failed = unavailable("keeping a peer");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        insert_peer(&transaction, peer).map_err(&failed)?;
        bump_revision(&transaction).map_err(&failed)?;
        transaction.commit().map_err(&failed)
    }

    fn remove_peer(&self, origin: &str) -> Result<bool, StoreError> {
        let failed = unavailable("removing a peer");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let removed = transaction.execute("DELETE FROM peers WHERE origin = ?1", [origin]).map_err(&failed)?;
        let mut gone = vec![origin.to_owned()];
        gone.extend(succeeded_by(&transaction, origin).map_err(&failed)?);
        for (origin, sql) in gone.iter().flat_map(|origin| FORGET.map(|sql| (origin, sql))) {
            transaction.execute(sql, [origin]).map_err(&failed)?;
        }
        bump_revision(&transaction).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        Ok(removed > 0)
    }

    fn peers_revision(&self) -> Result<u64, StoreError> {
        self.read(|c| revision(c, REVISION))
    }

    fn peer_state(&self, origin: &str) -> Result<PeerState, StoreError> {
        // One transaction, so that the parts belong together.
        self.read(|c| {
            let failed = unavailable("reading the state of a peer");
            let transaction = c.unchecked_transaction().map_err(&failed)?;
            let mut state = log_state(&transaction, origin)?.unwrap_or_default();
            state.announce = progress(&transaction, origin, Work::Announce)?;
            state.pull = progress(&transaction, origin, Work::Pull)?;
            state.documents = progress(&transaction, origin, Work::Documents)?;
            count_leaves(&transaction, origin, &mut state)?;
            (state.evidence, state.convicted) = count_evidence(&transaction, origin)?;
            // For good, whatever else is noted of a peer: it may have been removed and added again.
            state.pause = if state.is_isolated() { Some(Pause::Evidence) } else { state.pause };
            Ok(state)
        })
    }

    fn note_progress(&self, origin: &str, work: Work, progress: &Progress) -> Result<(), StoreError> {
        let failed = unavailable("keeping how work with a peer goes");
        let error = progress.last_error.as_ref();
        self.writer()
            .prepare_cached(
                "INSERT OR REPLACE INTO peer_work
                 (origin, work, failures, not_before, last_ok, error_code, error_text, error_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )
            .and_then(|mut insert| {
                insert.execute(params![
                    origin,
                    work.as_str(),
                    progress.failures,
                    progress.not_before.map(millis),
                    progress.last_ok.map(millis),
                    error.map(|e| &e.code),
                    error.map(|e| &e.text),
                    error.map(|e| millis(e.at)),
                ])
            })
            .map_err(failed)?;
        Ok(())
    }

    fn acknowledge(&self, origin: &str, size: u64) -> Result<(), StoreError> {
        let sql = "INSERT INTO peer_logs (origin, acknowledged) VALUES (?1, ?2)
                   ON CONFLICT (origin) DO UPDATE SET acknowledged = excluded.acknowledged";
        self.writer()
            .prepare_cached(sql)
            .and_then(|mut upsert| upsert.execute(params![origin, to_sql(size)]))
            .map_err(unavailable("keeping what a peer acknowledged"))?;
        Ok(())
    }

    fn set_pause(&self, origin: &str, pause: Option<Pause>) -> Result<(), StoreError> {
        let sql = "INSERT INTO peer_logs (origin, pause) VALUES (?1, ?2)
                   ON CONFLICT (origin) DO UPDATE SET pause = excluded.pause";
        self.writer()
            .prepare_cached(sql)
            .and_then(|mut upsert| upsert.execute(params![origin, pause.map(Pause::as_str)]))
            .map_err(unavailable("pausing a peer"))?;
        Ok(())
    }
}

/// Every peer of a database, which may be a backup.
pub(super) fn all_peers(connection: &Connection) -> Result<Vec<Peer>, StoreError> {
    let failed = unavailable("listing peers");
    let sql = "SELECT url, log_key, witness_key, operator_key, vouch, source FROM peers ORDER BY origin";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let rows = select.query_map([], peer_row).map_err(&failed)?;
    let rows = rows.collect::<Result<Vec<PeerRow>, _>>().map_err(&failed)?;
    rows.into_iter().map(peer).collect()
}

pub(super) fn insert_peer(connection: &Connection, peer: &Peer) -> rusqlite::Result<()> {
    let values = params![
        peer.origin().as_str(),
        peer.url().as_str(),
        peer.log_key().to_string(),
        peer.witness_key().to_string(),
        peer.operator_key().to_multibase(),
        peer.vouch(),
        peer.source().as_str(),
    ];
    let sql = "INSERT OR REPLACE INTO peers (origin, url, log_key, witness_key, operator_key, vouch, source)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    connection.prepare_cached(sql)?.execute(values).map(|_| ())
}

pub(super) fn bump_revision(connection: &Connection) -> rusqlite::Result<()> {
    bump(connection, REVISION)
}

/// The number that counts changes of something commands write beside a running server.
pub(super) fn revision(connection: &Connection, name: &str) -> Result<u64, StoreError> {
    let failed = unavailable("looking whether commands changed something");
    let mut select = connection.prepare_cached("SELECT value FROM settings WHERE name = ?1").map_err(&failed)?;
    let text: Option<String> = select.query_row([name], |row| row.get(0)).optional().map_err(&failed)?;
    let Some(text) = text else { return Ok(0) };
    text.parse().map_err(|e| corrupt(format!("the setting {name} is no number: {e}")))
}

/// Counts one more change.
pub(super) fn bump(connection: &Connection, name: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO settings (name, value) VALUES (?1, '1')
               ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1";
    connection.prepare_cached(sql)?.execute([name])?;
    Ok(())
}

type PeerRow = (String, String, String, String, bool, String);

fn peer_row(row: &Row<'_>) -> rusqlite::Result<PeerRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

fn peer((url, log_key, witness_key, operator_key, vouch, source): PeerRow) -> Result<Peer, StoreError> {
    let bad = |what: &str, why: String| corrupt(format!("the {what} of a peer: {why}"));
    let url = Url::parse(&url).map_err(|e| bad("URL", e.to_string()))?;
    let log_key = VerifierKey::parse(&log_key).map_err(|e| bad("log key", e.to_string()))?;
    let witness_key = VerifierKey::parse(&witness_key).map_err(|e| bad("witness key", e.to_string()))?;
    let operator_key = PublicKey::parse(&operator_key).map_err(|e| bad("operator key", e.to_string()))?;
    let source = PeerSource::parse(&source).ok_or_else(|| bad("source", source))?;
    Peer::new(url, log_key, witness_key, operator_key, vouch, source).map_err(|e| bad("description", e.to_string()))
}

fn log_state(connection: &Connection, origin: &str) -> Result<Option<PeerState>, StoreError> {
    let failed = unavailable("reading the state of a peer");
    let sql = "SELECT head_size, head_root, head_note, verified, pulled, acknowledged, pause, day, leaves_of_day,
                      read_size, read_root, read_note
               FROM peer_logs WHERE origin = ?1";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query([origin]).map_err(&failed)?;
    let Some(row) = rows.next().map_err(&failed)? else { return Ok(None) };
    let number = |column: usize| row.get::<_, i64>(column).map_err(&failed).and_then(from_sql);
    let pause: Option<String> = row.get(6).map_err(&failed)?;
    let pause = pause.map(|text| Pause::parse(&text).ok_or_else(|| corrupt(format!("unknown pause {text:?}")))).transpose()?;
    Ok(Some(PeerState {
        head: head(row, 0)?,
        read: head(row, 9)?,
        verified: number(3)?,
        pulled: number(4)?,
        acknowledged: number(5)?,
        pause,
        day: row.get(7).map_err(&failed)?,
        leaves_of_day: number(8)?,
        ..PeerState::default()
    }))
}

/// The checkpoint in three columns from this one on.
pub(super) fn head(row: &Row<'_>, at: usize) -> Result<Option<PeerHead>, StoreError> {
    let failed = unavailable("reading a peer's checkpoint");
    let columns: (Option<i64>, Option<Vec<u8>>, Option<Vec<u8>>) =
        (row.get(at).map_err(&failed)?, row.get(at + 1).map_err(&failed)?, row.get(at + 2).map_err(&failed)?);
    let (Some(size), Some(root), Some(note)) = columns else { return Ok(None) };
    let head = Head { size: from_sql(size)?, root: Hash::from_bytes(array(&root, "a peer's root")?) };
    Ok(Some(PeerHead { head, note }))
}

fn progress(connection: &Connection, origin: &str, work: Work) -> Result<Progress, StoreError> {
    type Columns = (u32, Option<i64>, Option<i64>, Option<String>, Option<String>, Option<i64>);
    let failed = unavailable("reading how work with a peer goes");
    let sql = "SELECT failures, not_before, last_ok, error_code, error_text, error_at FROM peer_work
               WHERE origin = ?1 AND work = ?2";
    let columns = |row: &Row<'_>| -> rusqlite::Result<Columns> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
    };
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let row = select.query_row([origin, work.as_str()], columns).optional().map_err(&failed)?;
    let Some((failures, not_before, last_ok, code, text, at)) = row else { return Ok(Progress::default()) };
    let time = |millis: Option<i64>| -> Result<Option<DateTime<Utc>>, StoreError> { millis.map(time_from_millis).transpose() };
    let last_error = match (code, text, time(at)?) {
        (Some(code), Some(text), Some(at)) => Some(PeerFault { code, text, at }),
        _ => None,
    };
    Ok(Progress { failures, not_before: time(not_before)?, last_ok: time(last_ok)?, last_error })
}

fn count_leaves(connection: &Connection, origin: &str, state: &mut PeerState) -> Result<(), StoreError> {
    let failed = unavailable("counting the leaves of a peer");
    let sql = "SELECT state, count(*), coalesce(sum(length(entry)), 0) FROM peer_leaves WHERE origin = ?1 GROUP BY state";
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query([origin]).map_err(&failed)?;
    while let Some(row) = rows.next().map_err(&failed)? {
        let name: String = row.get(0).map_err(&failed)?;
        let count = from_sql(row.get(1).map_err(&failed)?)?;
        match name.as_str() {
            "wanted" => state.wanted = count,
            "pending" => {
                state.pending = count;
                state.pending_bytes = from_sql(row.get(2).map_err(&failed)?)?;
            }
            "refused" => state.refused = count,
            "twin" => {}
            other => return Err(corrupt(format!("unknown state {other:?} of a leaf"))),
        }
    }
    Ok(())
}

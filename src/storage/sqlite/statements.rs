//! What the operators of peers state in their logs.

use rusqlite::{Connection, params};

use super::{SqliteStore, millis, time_from_millis, unavailable};
use crate::envelope::StatementKind;
use crate::ledger::StoreError;
use crate::ledger::peers::{PeerStatement, StatementStore};

impl StatementStore for SqliteStore {
    fn peer_statements(&self, kind: StatementKind) -> Result<Vec<PeerStatement>, StoreError> {
        let sql = "SELECT entry, seen FROM peer_statements WHERE kind = ?1 ORDER BY origin, leaf";
        self.read(|c| statements(c, sql, params![kind.as_str()]))
    }

    fn peer_statements_about(&self, kind: StatementKind, subject: &str) -> Result<Vec<PeerStatement>, StoreError> {
        let sql = "SELECT entry, seen FROM peer_statements WHERE kind = ?1 AND subject = ?2 ORDER BY origin, leaf";
        self.read(|c| statements(c, sql, params![kind.as_str(), subject]))
    }
}

/// Keeps a statement; keeping it again is harmless.
pub(super) fn put_statement(connection: &Connection, statement: &PeerStatement) -> rusqlite::Result<()> {
    let said = &statement.said().statement;
    let sql =
        "INSERT OR IGNORE INTO peer_statements (origin, leaf, kind, subject, seen, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection
        .prepare_cached(sql)?
        .execute(params![
            statement.origin(),
            statement.leaf().as_bytes(),
            said.kind().as_str(),
            said.subject(),
            millis(statement.seen()),
            statement.entry(),
        ])
        .map(|_| ())
}

fn statements(connection: &Connection, sql: &str, values: impl rusqlite::Params) -> Result<Vec<PeerStatement>, StoreError> {
    let failed = unavailable("reading what the operators of peers state");
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let rows = select.query_map(values, |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?))).map_err(&failed)?;
    let rows = rows.collect::<Result<Vec<_>, _>>().map_err(&failed)?;
    rows.into_iter().map(|(entry, seen)| PeerStatement::from_storage(entry, time_from_millis(seen)?)).collect()
}

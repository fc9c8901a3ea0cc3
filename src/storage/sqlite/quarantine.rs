//! Entries of peers that are not in our log, for the operator.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params_from_iter, types::Value};

use super::peers::{bump, revision};
use super::write::begin;
use super::{SqliteStore, array, corrupt, from_sql, millis, time_from_millis, to_sql, unavailable};
use crate::ledger::StoreError;
use crate::ledger::peers::{DROPPED, QuarantineFilter, QuarantineState, QuarantineStore, Quarantined};
use crate::tlog::Hash;

/// The setting that counts what the operator retried and dropped.
const REVISION: &str = "quarantine-revision";

impl QuarantineStore for SqliteStore {
    fn quarantined(&self, filter: &QuarantineFilter, limit: usize) -> Result<(Vec<Quarantined>, u64), StoreError> {
        let failed = unavailable("reading entries of peers that are not in the log");
        let (clause, mut values) = clause(filter);
        let count = format!("SELECT count(*) FROM peer_leaves WHERE {clause}");
        let sql = format!(
            "SELECT leaf, origin, state, rule, tries, not_before, entry FROM peer_leaves WHERE {clause} ORDER BY leaf, origin LIMIT ?"
        );
        self.read(|c| {
            let all = c.query_row(&count, params_from_iter(&values), |row| row.get(0)).map_err(&failed)?;
            values.push(Value::Integer(to_sql(limit as u64)));
            let mut select = c.prepare(&sql).map_err(&failed)?;
            let mut rows = select.query(params_from_iter(&values)).map_err(&failed)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().map_err(&failed)? {
                found.push(quarantined(row)?);
            }
            Ok((found, from_sql(all)?))
        })
    }

    fn retry_quarantined(&self, filter: &QuarantineFilter, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let now = Value::Integer(millis(now));
        // An entry whose bytes are here is judged again as it is. Any other is asked for again, which only a peer can be.
        let kept = "UPDATE peer_leaves SET not_before = ? WHERE state = 'pending' AND entry IS NOT NULL AND ";
        let fetched = "UPDATE peer_leaves SET state = 'wanted', rule = NULL, tries = 0, not_before = ?
                       WHERE entry IS NULL AND origin IN (SELECT origin FROM peers) AND ";
        self.decide(filter, &[(kept, Some(now.clone())), (fetched, Some(now))])
    }

    fn drop_quarantined(&self, filter: &QuarantineFilter) -> Result<u64, StoreError> {
        let drop = "UPDATE peer_leaves SET state = 'refused', rule = ?, not_before = 0, entry = NULL WHERE ";
        self.decide(filter, &[(drop, Some(Value::Text(DROPPED.to_owned())))])
    }

    fn quarantine_revision(&self) -> Result<u64, StoreError> {
        self.read(|c| revision(c, REVISION))
    }
}

impl SqliteStore {
    /// Changes the rows that match, by each of these beginnings of a statement with its first value.
    fn decide(&self, filter: &QuarantineFilter, changes: &[(&str, Option<Value>)]) -> Result<u64, StoreError> {
        let failed = unavailable("deciding about entries of peers");
        let (clause, values) = clause(filter);
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let mut changed = 0;
        for (beginning, first) in changes {
            let values: Vec<&Value> = first.iter().chain(&values).collect();
            changed += execute(&transaction, &format!("{beginning}{clause}"), &values).map_err(&failed)?;
        }
        if changed > 0 {
            bump(&transaction, REVISION).map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)?;
        Ok(changed as u64)
    }
}

fn execute(connection: &Connection, sql: &str, values: &[&Value]) -> rusqlite::Result<usize> {
    connection.prepare(sql)?.execute(params_from_iter(values))
}

/// What rows must be to match, and the values in it.
fn clause(filter: &QuarantineFilter) -> (String, Vec<Value>) {
    let QuarantineFilter { origin, state, rule, leaf } = filter;
    let mut conditions = vec!["state IN ('wanted', 'pending', 'refused')".to_owned()];
    let mut values = Vec::new();
    let text = |text: &str| Value::Text(text.to_owned());
    let parts = [
        ("origin", origin.as_deref().map(text)),
        ("state", state.map(|state| text(state.as_str()))),
        ("rule", rule.as_deref().map(text)),
        ("leaf", leaf.map(|leaf| Value::Blob(leaf.as_bytes().to_vec()))),
    ];
    for (column, value) in parts.into_iter().filter_map(|(column, value)| Some((column, value?))) {
        conditions.push(format!("{column} = ?"));
        values.push(value);
    }
    (conditions.join(" AND "), values)
}

fn quarantined(row: &Row<'_>) -> Result<Quarantined, StoreError> {
    let failed = unavailable("reading an entry of a peer");
    let leaf: Vec<u8> = row.get(0).map_err(&failed)?;
    let state: String = row.get(2).map_err(&failed)?;
    let state = QuarantineState::parse(&state).ok_or_else(|| corrupt(format!("unknown state {state:?} of a leaf")))?;
    let not_before: i64 = row.get(5).map_err(&failed)?;
    let again = (state != QuarantineState::Refused).then(|| time_from_millis(not_before)).transpose()?;
    Ok(Quarantined {
        leaf: Hash::from_bytes(array(&leaf, "a leaf of a peer")?),
        origin: row.get(1).map_err(&failed)?,
        state,
        rule: row.get(3).map_err(&failed)?,
        tries: row.get(4).map_err(&failed)?,
        not_before: again,
        entry: row.get(6).map_err(&failed)?,
    })
}

//! Searching notices: filters that narrow, and words in names and texts.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::ledger::StoreError;
use crate::ledger::stored::SearchQuery;
use crate::storage::sqlite::{from_sql, millis, to_sql, unavailable};

/// Indexes of the first entries of the notices that match, newest first.
pub(super) fn run(connection: &Connection, query: &SearchQuery, size: u64) -> Result<Vec<u64>, StoreError> {
    let failed = unavailable("searching");
    let (sql, parameters) = search_statement(query, size);
    let mut select = connection.prepare_cached(&sql).map_err(&failed)?;
    let rows = select.query_map(params_from_iter(parameters), |row| row.get::<_, i64>(0)).map_err(&failed)?;
    rows.map(|index| index.map_err(&failed).and_then(from_sql)).collect()
}

/// The statement of a search with its parameters: only filters that are asked for appear.
fn search_statement(query: &SearchQuery, size: u64) -> (String, Vec<Value>) {
    let mut sql = String::from("SELECT n.idx FROM notices n WHERE n.idx < ?");
    let mut parameters = vec![Value::from(to_sql(query.before.map_or(size, |before| before.min(size))))];
    let mut add = |condition: &str, value: Value| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        parameters.push(value);
    };
    let filter = &query.filter;
    if let Some(issuer) = &filter.issuer {
        add("n.issuer = ?", Value::from(issuer.as_str().to_owned()));
    }
    if let Some(kind) = filter.kind {
        add("n.kind = ?", Value::from(kind.as_str().to_owned()));
    }
    if let Some(role) = filter.role {
        add("n.role = ?", Value::from(role.as_str().to_owned()));
    }
    if let Some(reason) = filter.reason {
        let condition = "EXISTS (SELECT 1 FROM reasons r WHERE r.reason = ? AND r.idx = n.idx)";
        add(condition, Value::from(reason.as_str().to_owned()));
    }
    if let Some(since) = filter.since {
        add("n.first_seen >= ?", Value::from(millis(since)));
    }
    if let Some(until) = filter.until {
        add("n.first_seen < ?", Value::from(millis(until)));
    }
    if !query.words.is_empty() {
        let phrase = query.words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        add("n.idx IN (SELECT rowid FROM words WHERE words MATCH ?)", Value::from(phrase));
    }
    sql.push_str(" ORDER BY n.idx DESC LIMIT ?");
    parameters.push(Value::from(to_sql(query.limit as u64)));
    (sql, parameters)
}

/// A word as a quoted FTS5 prefix: nothing in it is an operator. FTS5 reads a query up to the first NUL and would call the
/// rest of the quote missing.
fn quoted(word: &str) -> String {
    format!("\"{}\"*", word.replace('"', "\"\"").replace('\0', " "))
}

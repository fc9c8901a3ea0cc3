//! Whether what an entry writes stands in the index file, and how much stands there in all.

use rusqlite::{Connection, OptionalExtension};

use super::recent::Learned;
use super::schema::{key_hash, leaf_hash};
use crate::envelope::PayloadType;
use crate::ledger::StoreError;
use crate::ledger::stored::{DocumentKind, RowCounts};
use crate::storage::sqlite::{from_sql, millis, to_sql, unavailable};

/// How a kind of document stands in its two columns.
pub(super) fn kind_columns(kind: DocumentKind) -> (&'static str, i64) {
    match kind {
        DocumentKind::Texts => ("texts", 0),
        DocumentKind::DigestList { algorithm, count } => (algorithm.as_str(), to_sql(count)),
    }
}

/// What the row of a notice says, names among it.
type NoticeRow = (Vec<u8>, String, String, String, i64, i64, String);

/// Whether everything that this entry writes stands in the file, word for word.
pub(super) fn stand(connection: &Connection, learned: &Learned) -> rusqlite::Result<bool> {
    let idx = to_sql(learned.index);
    let payload = learned.payload_id.as_bytes();
    let has = |sql: &str, parameters: &[&dyn rusqlite::ToSql]| connection.prepare_cached(sql)?.exists(parameters);
    let leaf = leaf_hash(&learned.leaf);
    let mut all = has("SELECT 1 FROM leaves WHERE leaf = ?1 AND idx = ?2", &[&leaf, &idx])?
        && has(
            "SELECT 1 FROM payloads WHERE payload_id = ?1 AND idx = ?2 AND kind = ?3 AND public_key = ?4",
            &[payload, &idx, &learned.kind.as_str(), &learned.key],
        )?;
    if learned.kind == PayloadType::Publisher {
        all &= has("SELECT 1 FROM records WHERE issuer = ?1 AND idx = ?2", &[&learned.issuer.as_str(), &idx])?;
    }
    let Some(rows) = learned.notice() else { return Ok(all) };
    let row: Option<NoticeRow> = connection
        .prepare_cached(
            "SELECT n.notice_id, n.kind, n.issuer, n.role, n.issued, n.first_seen, w.names
             FROM notices n JOIN words w ON w.rowid = n.idx WHERE n.idx = ?1",
        )?
        .query_row([idx], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?)))
        .optional()?;
    all &= row.is_some_and(|(id, kind, issuer, role, issued, first_seen, names)| {
        id == payload
            && kind == rows.kind.as_str()
            && issuer == learned.issuer.as_str()
            && role == rows.role.as_str()
            && issued == rows.issued.time().timestamp()
            && first_seen == millis(learned.first_seen)
            && names == rows.names
    });
    for fact in &rows.facts {
        let key = key_hash(&fact.key);
        all &= has("SELECT 1 FROM facts WHERE key = ?1 AND role = ?2 AND idx = ?3", &[&key, &fact.role.as_str(), &idx])?;
    }
    for (algorithm, digest) in rows.digests() {
        all &= has(
            "SELECT 1 FROM digests WHERE algorithm = ?1 AND digest = ?2 AND idx = ?3",
            &[&algorithm.as_str(), &digest, &idx],
        )?;
    }
    for target in &rows.priors {
        all &= has("SELECT 1 FROM priors WHERE target = ?1 AND idx = ?2", &[target.as_bytes(), &idx])?;
    }
    for reason in &rows.reasons {
        all &= has("SELECT 1 FROM reasons WHERE reason = ?1 AND idx = ?2", &[&reason.as_str(), &idx])?;
    }
    for (list, algorithm, role) in &rows.lists {
        all &= has(
            "SELECT 1 FROM digest_lists WHERE algorithm = ?1 AND list = ?2 AND role = ?3 AND idx = ?4",
            &[&algorithm.as_str(), list.as_bytes(), &role.as_str(), &idx],
        )?;
    }
    for (document, kind) in &rows.documents {
        let (word, count) = kind_columns(*kind);
        all &= has(
            "SELECT 1 FROM document_names WHERE hash = ?1 AND idx = ?2 AND kind = ?3 AND count = ?4",
            &[document.as_bytes(), &idx, &word, &count],
        )?;
    }
    Ok(all)
}

/// How many rows belong to entries below `size`: what no entry accounts for is found by counting.
pub(super) fn counts(connection: &Connection, size: u64) -> Result<RowCounts, StoreError> {
    let failed = unavailable("counting index rows");
    let count = |table: &str, column: &str| {
        let sql = format!("SELECT count(*) FROM {table} WHERE {column} < ?1");
        connection.query_row(&sql, [to_sql(size)], |row| row.get(0)).map_err(&failed).and_then(from_sql)
    };
    Ok(RowCounts {
        entries: count("payloads", "idx")?,
        notices: count("notices", "idx")?,
        names: count("words", "rowid")?,
        facts: count("facts", "idx")?,
        digests: count("digests", "idx")?,
        priors: count("priors", "idx")?,
        reasons: count("reasons", "idx")?,
        lists: count("digest_lists", "idx")?,
        documents: count("document_names", "idx")?,
        leaves: count("leaves", "idx")?,
        records: count("records", "idx")?,
    })
}

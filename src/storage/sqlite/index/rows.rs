//! What one entry writes into the index file, and whether it stands there.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::recent::Learned;
use super::schema::{key_hash, leaf_hash};
use crate::envelope::PayloadType;
use crate::ledger::StoreError;
use crate::ledger::stored::{DocumentKind, NoticeRows, RowCounts};
use crate::notice::DocumentHash;
use crate::storage::sqlite::{from_sql, millis, to_sql, unavailable};

/// Milliseconds of an hour, in which entries of an issuer are counted.
pub(super) const HOUR: i64 = 3_600_000;

/// What is known of a document while a notice that names it is written.
pub(super) enum Text {
    /// It is not here.
    Awaited,
    /// It is here, and its words are carried over later, or it was removed.
    Later,
    /// It is here, with these words.
    Here(String),
}

/// Writes everything that the index learns from one entry. `text` tells of the documents that it names.
pub(super) fn write(
    transaction: &Transaction<'_>,
    learned: &Learned,
    text: &mut dyn FnMut(&DocumentHash) -> Result<Text, StoreError>,
) -> Result<(), StoreError> {
    let failed = unavailable("writing the index");
    let first = write_entry(transaction, learned).map_err(&failed)?;
    let Some(rows) = learned.notice().filter(|_| first) else { return Ok(()) };
    let mut words = String::new();
    for (document, kind) in &rows.documents {
        match text(document)? {
            Text::Awaited => {
                let mut insert =
                    transaction.prepare_cached("INSERT OR IGNORE INTO awaited (hash) VALUES (?1)").map_err(&failed)?;
                insert.execute([document.as_bytes()]).map_err(&failed)?;
            }
            Text::Here(found) if *kind == DocumentKind::Texts => words = found,
            Text::Later | Text::Here(_) => {}
        }
    }
    write_notice(transaction, learned, rows, &words).map_err(failed)
}

/// What every entry writes; whether it is the first of its payload.
fn write_entry(transaction: &Transaction<'_>, learned: &Learned) -> rusqlite::Result<bool> {
    let idx = to_sql(learned.index);
    let payload = learned.payload_id.as_bytes();
    let mut leaf = transaction.prepare_cached("INSERT OR IGNORE INTO leaves (leaf, idx) VALUES (?1, ?2)")?;
    leaf.execute(params![leaf_hash(&learned.leaf), idx])?;
    let mut before = transaction.prepare_cached("SELECT 1 FROM payloads WHERE payload_id = ?1 AND kind = ?2")?;
    let first = !before.exists(params![payload, learned.kind.as_str()])?;
    transaction
        .prepare_cached("INSERT OR IGNORE INTO payloads (payload_id, idx, kind, public_key) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![payload, idx, learned.kind.as_str(), learned.key])?;
    let issuer = learned.issuer.as_str();
    if learned.kind == PayloadType::Publisher {
        let mut record = transaction.prepare_cached("INSERT OR IGNORE INTO records (issuer, idx) VALUES (?1, ?2)")?;
        record.execute(params![issuer, idx])?;
    }
    transaction
        .prepare_cached(
            "INSERT INTO issuers (issuer, first, entries) VALUES (?1, ?2, 1)
             ON CONFLICT (issuer) DO UPDATE SET entries = entries + 1",
        )?
        .execute(params![issuer, idx])?;
    transaction
        .prepare_cached(
            "INSERT INTO issuer_hours (issuer, hour, entries) VALUES (?1, ?2, 1)
             ON CONFLICT (issuer, hour) DO UPDATE SET entries = entries + 1",
        )?
        .execute(params![issuer, millis(learned.first_seen).div_euclid(HOUR)])?;
    Ok(first)
}

/// The rows of a notice, at its first entry only: a further signature of the same payload adds no fact.
fn write_notice(transaction: &Transaction<'_>, learned: &Learned, rows: &NoticeRows, words: &str) -> rusqlite::Result<()> {
    let idx = to_sql(learned.index);
    transaction
        .prepare_cached(
            "INSERT INTO notices (idx, notice_id, kind, issuer, role, issued, first_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            idx,
            learned.payload_id.as_bytes(),
            rows.kind.as_str(),
            learned.issuer.as_str(),
            rows.role.as_str(),
            rows.issued.time().timestamp(),
            millis(learned.first_seen),
        ])?;
    let mut fact = transaction.prepare_cached("INSERT OR IGNORE INTO facts (key, role, idx) VALUES (?1, ?2, ?3)")?;
    for known in &rows.facts {
        fact.execute(params![key_hash(&known.key), known.role.as_str(), idx])?;
    }
    let mut prior = transaction.prepare_cached("INSERT OR IGNORE INTO priors (target, idx) VALUES (?1, ?2)")?;
    for target in &rows.priors {
        prior.execute(params![target.as_bytes(), idx])?;
    }
    let mut reason = transaction.prepare_cached("INSERT OR IGNORE INTO reasons (reason, idx) VALUES (?1, ?2)")?;
    for code in &rows.reasons {
        reason.execute(params![code.as_str(), idx])?;
    }
    let mut list = transaction
        .prepare_cached("INSERT OR IGNORE INTO digest_lists (algorithm, list, role, idx) VALUES (?1, ?2, ?3, ?4)")?;
    for (hash, algorithm, role) in &rows.lists {
        list.execute(params![algorithm.as_str(), hash.as_bytes(), role.as_str(), idx])?;
    }
    let mut name =
        transaction.prepare_cached("INSERT OR IGNORE INTO document_names (hash, idx, kind, count) VALUES (?1, ?2, ?3, ?4)")?;
    for (hash, kind) in &rows.documents {
        let (word, count) = kind_columns(*kind);
        name.execute(params![hash.as_bytes(), idx, word, count])?;
    }
    transaction
        .prepare_cached("INSERT INTO words (rowid, names, texts) VALUES (?1, ?2, ?3)")?
        .execute(params![idx, rows.names, words])?;
    Ok(())
}

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
        priors: count("priors", "idx")?,
        reasons: count("reasons", "idx")?,
        lists: count("digest_lists", "idx")?,
        documents: count("document_names", "idx")?,
        leaves: count("leaves", "idx")?,
        records: count("records", "idx")?,
    })
}

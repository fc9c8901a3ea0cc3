//! What entries write into the index file, many at a time.
//!
//! A notice has some twenty rows, each in another place of its table. One notice after another, that is twenty pages found, changed
//! and perhaps written for each of them. So the rows of all of them are written table by table in the order of the table, and a
//! page that several belong on is found once and written once, however large the table is.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rusqlite::{Transaction, params};

use super::recent::Learned;
use super::rows::kind_columns;
use super::schema::leaf_hash;
use crate::envelope::PayloadType;
use crate::ledger::StoreError;
use crate::ledger::stored::{DocumentKind, NoticeRows};
use crate::notice::{DigestAlgorithm, DocumentHash};
use crate::storage::sqlite::{millis, to_sql, unavailable};

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

/// A notice at its first entry: a further signature of the same payload adds no fact.
struct First<'l> {
    idx: i64,
    learned: &'l Learned,
    rows: &'l NoticeRows,
}

/// Writes everything that the index learns from these entries, which are in the order of the log. `text` tells of the documents
/// that they name.
pub(super) fn write(
    transaction: &Transaction<'_>,
    chunk: &[Arc<Learned>],
    text: &mut dyn FnMut(&DocumentHash) -> Result<Text, StoreError>,
) -> Result<(), StoreError> {
    let failed = unavailable("writing the index");
    let firsts = write_entries(transaction, chunk).map_err(&failed)?;
    let notices: Vec<First<'_>> = firsts
        .into_iter()
        .filter_map(|learned| Some(First { idx: to_sql(learned.index), learned, rows: learned.notice()? }))
        .collect();
    write_counts(transaction, chunk).map_err(&failed)?;
    write_notices(transaction, &notices).map_err(&failed)?;
    write_keys(transaction, &notices).map_err(&failed)?;
    write_digests(transaction, &notices).map_err(&failed)?;
    write_edges(transaction, &notices).map_err(&failed)?;
    write_documents(transaction, &notices).map_err(&failed)?;
    write_words(transaction, &notices, text)
}

/// What every entry writes; those that are the first of their payload, in the order of the log.
fn write_entries<'l>(transaction: &Transaction<'_>, chunk: &'l [Arc<Learned>]) -> rusqlite::Result<Vec<&'l Learned>> {
    let mut leaves: Vec<(i64, i64)> = chunk.iter().map(|entry| (leaf_hash(&entry.leaf), to_sql(entry.index))).collect();
    leaves.sort_unstable();
    let mut leaf = transaction.prepare_cached("INSERT OR IGNORE INTO leaves (leaf, idx) VALUES (?1, ?2)")?;
    for row in leaves {
        leaf.execute(row)?;
    }
    let mut record = transaction.prepare_cached("INSERT OR IGNORE INTO records (issuer, idx) VALUES (?1, ?2)")?;
    for entry in chunk.iter().filter(|entry| entry.kind == PayloadType::Publisher) {
        record.execute(params![entry.issuer.as_str(), to_sql(entry.index)])?;
    }
    let mut in_order: Vec<&Learned> = chunk.iter().map(AsRef::as_ref).collect();
    in_order.sort_unstable_by_key(|entry| (entry.payload_id, entry.index));
    let mut before = transaction.prepare_cached("SELECT 1 FROM payloads WHERE payload_id = ?1 AND kind = ?2")?;
    let sql = "INSERT OR IGNORE INTO payloads (payload_id, idx, kind, public_key) VALUES (?1, ?2, ?3, ?4)";
    let mut payload = transaction.prepare_cached(sql)?;
    let mut firsts = Vec::with_capacity(in_order.len());
    for entry in in_order {
        // Those of this chunk are found there too: they come in the order of the log, and each is written before the next.
        if !before.exists(params![entry.payload_id.as_bytes(), entry.kind.as_str()])? {
            firsts.push(entry);
        }
        payload.execute(params![entry.payload_id.as_bytes(), to_sql(entry.index), entry.kind.as_str(), entry.key])?;
    }
    firsts.sort_unstable_by_key(|entry| entry.index);
    Ok(firsts)
}

/// Counts the entries of each issuer, in all and by the hour.
fn write_counts(transaction: &Transaction<'_>, chunk: &[Arc<Learned>]) -> rusqlite::Result<()> {
    let mut issuers: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut hours: BTreeMap<(&str, i64), u64> = BTreeMap::new();
    for entry in chunk {
        let issuer = entry.issuer.as_str();
        issuers.entry(issuer).or_insert((entry.index, 0)).1 += 1;
        *hours.entry((issuer, millis(entry.first_seen).div_euclid(HOUR))).or_default() += 1;
    }
    let mut count = transaction.prepare_cached(
        "INSERT INTO issuers (issuer, first, entries) VALUES (?1, ?2, ?3)
         ON CONFLICT (issuer) DO UPDATE SET entries = entries + excluded.entries",
    )?;
    for (issuer, (first, entries)) in issuers {
        count.execute(params![issuer, to_sql(first), to_sql(entries)])?;
    }
    let mut count = transaction.prepare_cached(
        "INSERT INTO issuer_hours (issuer, hour, entries) VALUES (?1, ?2, ?3)
         ON CONFLICT (issuer, hour) DO UPDATE SET entries = entries + excluded.entries",
    )?;
    for ((issuer, hour), entries) in hours {
        count.execute(params![issuer, hour, to_sql(entries)])?;
    }
    Ok(())
}

fn write_notices(transaction: &Transaction<'_>, notices: &[First<'_>]) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO notices (idx, notice_id, kind, issuer, role, issued, first_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for First { idx, learned, rows } in notices {
        insert.execute(params![
            idx,
            learned.payload_id.as_bytes(),
            rows.kind.as_str(),
            learned.issuer.as_str(),
            rows.role.as_str(),
            rows.issued.time().timestamp(),
            millis(learned.first_seen),
        ])?;
    }
    Ok(())
}

/// Look-up keys and reasons.
fn write_keys(transaction: &Transaction<'_>, notices: &[First<'_>]) -> rusqlite::Result<()> {
    let of_notice = |notice: &First<'_>| {
        let idx = notice.idx;
        let roles = notice.rows.facts.iter().map(|fact| fact.role.as_str());
        notice.learned.keys.iter().zip(roles).map(move |(key, role)| (*key, role, idx)).collect::<Vec<_>>()
    };
    let mut facts: Vec<(i64, &str, i64)> = notices.iter().flat_map(of_notice).collect();
    facts.sort_unstable();
    let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO facts (key, role, idx) VALUES (?1, ?2, ?3)")?;
    for row in facts {
        insert.execute(row)?;
    }
    let of_notice = |notice: &First<'_>| {
        let idx = notice.idx;
        notice.rows.reasons.iter().map(move |reason| (reason.as_str(), idx)).collect::<Vec<_>>()
    };
    let mut reasons: Vec<(&str, i64)> = notices.iter().flat_map(of_notice).collect();
    reasons.sort_unstable();
    let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO reasons (reason, idx) VALUES (?1, ?2)")?;
    for row in reasons {
        insert.execute(row)?;
    }
    Ok(())
}

/// Plain digests of files.
fn write_digests(transaction: &Transaction<'_>, notices: &[First<'_>]) -> rusqlite::Result<()> {
    let mut digests: Vec<(DigestAlgorithm, Vec<u8>, i64)> = Vec::new();
    for First { idx, rows, .. } in notices {
        digests.extend(rows.digests().into_iter().map(|(algorithm, digest)| (algorithm, digest, *idx)));
    }
    digests.sort_unstable();
    let sql = "INSERT OR IGNORE INTO digests (algorithm, digest, idx) VALUES (?1, ?2, ?3)";
    let mut insert = transaction.prepare_cached(sql)?;
    for (algorithm, digest, idx) in digests {
        insert.execute(params![algorithm.as_str(), digest, idx])?;
    }
    Ok(())
}

/// Edges to other notices, and digest lists: few notices have any.
fn write_edges(transaction: &Transaction<'_>, notices: &[First<'_>]) -> rusqlite::Result<()> {
    let mut prior = transaction.prepare_cached("INSERT OR IGNORE INTO priors (target, idx) VALUES (?1, ?2)")?;
    let mut list = transaction
        .prepare_cached("INSERT OR IGNORE INTO digest_lists (algorithm, list, role, idx) VALUES (?1, ?2, ?3, ?4)")?;
    for First { idx, rows, .. } in notices {
        for target in &rows.priors {
            prior.execute(params![target.as_bytes(), idx])?;
        }
        for (hash, algorithm, role) in &rows.lists {
            list.execute(params![algorithm.as_str(), hash.as_bytes(), role.as_str(), idx])?;
        }
    }
    Ok(())
}

/// Which documents they name.
fn write_documents(transaction: &Transaction<'_>, notices: &[First<'_>]) -> rusqlite::Result<()> {
    let mut named: Vec<(DocumentHash, i64, DocumentKind)> = Vec::new();
    for First { idx, rows, .. } in notices {
        named.extend(rows.documents.iter().map(|(hash, kind)| (*hash, *idx, *kind)));
    }
    named.sort_unstable();
    let sql = "INSERT OR IGNORE INTO document_names (hash, idx, kind, count) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = transaction.prepare_cached(sql)?;
    for (hash, idx, kind) in named {
        let (word, count) = kind_columns(kind);
        insert.execute(params![hash.as_bytes(), idx, word, count])?;
    }
    Ok(())
}

/// What they are found by in full text, and which of the documents they name are not here.
fn write_words(
    transaction: &Transaction<'_>,
    notices: &[First<'_>],
    text: &mut dyn FnMut(&DocumentHash) -> Result<Text, StoreError>,
) -> Result<(), StoreError> {
    let failed = unavailable("writing the index");
    let sql = "INSERT INTO words (rowid, names, texts) VALUES (?1, ?2, ?3)";
    let mut insert = transaction.prepare_cached(sql).map_err(&failed)?;
    let mut awaited: HashSet<DocumentHash> = HashSet::new();
    for First { idx, rows, .. } in notices {
        let mut words = String::new();
        for (document, kind) in &rows.documents {
            match text(document)? {
                Text::Awaited => {
                    awaited.insert(*document);
                }
                Text::Here(found) if *kind == DocumentKind::Texts => words = found,
                Text::Later | Text::Here(_) => {}
            }
        }
        insert.execute(params![idx, rows.names, words]).map_err(&failed)?;
    }
    let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO awaited (hash) VALUES (?1)").map_err(&failed)?;
    for document in awaited {
        insert.execute([document.as_bytes()]).map_err(&failed)?;
    }
    Ok(())
}

//! Whether the tables of the index agree with each other, and with the documents of the log: what no single entry can tell.

use rusqlite::{OptionalExtension, params};

use super::super::{SqliteStore, array, unavailable};
use crate::ledger::StoreError;
use crate::notice::DocumentHash;

/// How many rows that contradict others are named one by one.
const MOST_NAMED: i64 = 100;

/// Each finds the first rows that contradict others, as one column of text.
const QUESTIONS: &[(&str, &str)] = &[
    (
        "the counts of issuers do not add up",
        "SELECT issuer FROM issuers i
         WHERE entries <> coalesce((SELECT sum(h.entries) FROM issuer_hours h WHERE h.issuer = i.issuer), 0) LIMIT ?1",
    ),
    (
        "the counts of issuers do not add up",
        "SELECT DISTINCT issuer FROM issuer_hours h
         WHERE NOT EXISTS (SELECT 1 FROM issuers i WHERE i.issuer = h.issuer) LIMIT ?1",
    ),
    (
        "the counts of issuers are not those of the entries",
        "SELECT 'all' WHERE coalesce((SELECT sum(entries) FROM issuers), 0) <> (SELECT entries FROM progress) LIMIT ?1",
    ),
    (
        "the awaited documents have one that no notice names",
        "SELECT hex(hash) FROM awaited a
         WHERE NOT EXISTS (SELECT 1 FROM document_names n WHERE n.hash = a.hash) LIMIT ?1",
    ),
];

/// Tables whose rows belong to entries, with their columns of the entry's index: rows of entries that are not there are found
/// here, since everything else asks for entries that are.
const TABLES: &[(&str, &str, &str)] = &[
    ("payloads", "payloads", "idx"),
    ("leaf hashes", "leaves", "idx"),
    ("publisher records", "records", "idx"),
    ("notices", "notices", "idx"),
    ("names", "words", "rowid"),
    ("look-up keys", "facts", "idx"),
    ("digests", "digests", "idx"),
    ("edges", "priors", "idx"),
    ("reasons", "reasons", "idx"),
    ("digest lists", "digest_lists", "idx"),
    ("documents", "document_names", "idx"),
];

impl SqliteStore {
    /// What contradicts what in the index, a sentence each. Each question is one statement, so that a server that goes on
    /// writing is seen at one moment.
    pub(super) fn check_index(&self) -> Result<Vec<String>, StoreError> {
        let failed = unavailable("checking the index");
        let mut found = self.index().file.read_at_leisure(|c| {
            let mut found = Vec::new();
            for (what, sql) in QUESTIONS {
                let mut select = c.prepare(sql).map_err(&failed)?;
                let mut rows = select.query([MOST_NAMED]).map_err(&failed)?;
                while let Some(row) = rows.next().map_err(&failed)? {
                    found.push(format!("{what}: {}", row.get::<_, String>(0).map_err(&failed)?.to_lowercase()));
                }
            }
            for (what, table, column) in TABLES {
                let sql =
                    format!("SELECT count(*) FROM {table} WHERE {column} < 0 OR {column} >= (SELECT entries FROM progress)");
                let beyond: i64 = c.query_row(&sql, [], |row| row.get(0)).map_err(&failed)?;
                if beyond > 0 {
                    found.push(format!("the index has {beyond} {what} of entries that are not there"));
                }
            }
            Ok(found)
        })?;
        for document in self.named_documents_that_are_nowhere()? {
            found.push(format!("the awaited documents lack {document}, which a notice names and which is not here"));
        }
        Ok(found)
    }

    /// Documents that notices name, that are not here, and that are not awaited either.
    fn named_documents_that_are_nowhere(&self) -> Result<Vec<DocumentHash>, StoreError> {
        let failed = unavailable("checking the index");
        let mut nowhere = Vec::new();
        let mut after: Vec<u8> = Vec::new();
        loop {
            let named: Vec<Vec<u8>> = self.index().file.read_at_leisure(|c| {
                let sql = "SELECT DISTINCT hash FROM document_names n
                           WHERE hash > ?1 AND NOT EXISTS (SELECT 1 FROM awaited a WHERE a.hash = n.hash) ORDER BY hash LIMIT 1000";
                let mut select = c.prepare_cached(sql).map_err(&failed)?;
                let rows = select.query_map(params![after], |row| row.get(0)).map_err(&failed)?;
                rows.collect::<Result<Vec<_>, _>>().map_err(&failed)
            })?;
            let Some(last) = named.last() else { return Ok(nowhere) };
            after.clone_from(last);
            self.read(|c| {
                let mut here = c.prepare_cached("SELECT 1 FROM documents WHERE hash = ?1").map_err(&failed)?;
                for hash in &named {
                    if here.query_row([hash], |_| Ok(())).optional().map_err(&failed)?.is_none() {
                        nowhere.push(DocumentHash::from_bytes(array(hash, "the name of a document")?));
                    }
                }
                Ok(())
            })?;
        }
    }
}

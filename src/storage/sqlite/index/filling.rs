//! Filling the filter with everything that is held.

use rusqlite::types::ValueRef;

use super::super::{SqliteStore, array, corrupt, from_sql, unavailable};
use super::filter::Kind;
use super::schema;
use crate::ledger::StoreError;

impl SqliteStore {
    /// Makes a filter of everything that is held, from the tail and then from the file.
    pub(super) fn fill_filter(&self) -> Result<(), StoreError> {
        let failed = unavailable("reading the index");
        let held = self.index().file.read_at_leisure(|c| {
            let sql = "SELECT (SELECT count(*) FROM facts) + 2 * (SELECT count(*) FROM leaves)";
            c.query_row(sql, [], |row| row.get(0)).map_err(&failed).and_then(from_sql)
        })?;
        let sieve = self.index().filter.begin(held);
        // In this order: what is dropped from the tail now is in the file already.
        for learned in self.index().recent().from(0, usize::MAX) {
            self.index().filter.learn(&learned);
        }
        self.index().file.read_at_leisure(|c| {
            for (kind, sql) in [
                (Kind::Key, "SELECT key FROM facts"),
                (Kind::Leaf, "SELECT leaf FROM leaves"),
                (Kind::Payload, "SELECT payload_id FROM payloads"),
                (Kind::Target, "SELECT target FROM priors"),
                (Kind::Records, "SELECT DISTINCT issuer FROM records"),
                (Kind::Lists, "SELECT DISTINCT algorithm FROM digest_lists"),
            ] {
                let mut select = c.prepare(sql).map_err(&failed)?;
                let mut rows = select.query([]).map_err(&failed)?;
                while let Some(row) = rows.next().map_err(&failed)? {
                    let hash = match row.get_ref(0).map_err(&failed)? {
                        ValueRef::Integer(hash) => hash,
                        ValueRef::Text(text) => schema::text_hash(&String::from_utf8_lossy(text)),
                        other => {
                            let bytes = other.as_blob().map_err(|e| corrupt(e.to_string()))?;
                            schema::first_eight(&array(bytes, "a payload id")?)
                        }
                    };
                    sieve.insert(kind.mix(hash));
                }
            }
            Ok(())
        })?;
        let _recent = self.index().recent();
        self.index().filter.finish(&sieve);
        Ok(())
    }

    /// Whether the filter ought to be made anew.
    pub(super) fn wants_filter(&self) -> bool {
        self.index().filter.wants_more()
    }
}

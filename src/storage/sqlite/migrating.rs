//! Bringing the schema of the log up to date, after a look at whether it is what earlier migrations made.
//!
//! SQLite checks neither the text of a schema nor the values in a table, and the runner of migrations takes what it reads for what
//! it wrote: a bit that flipped there would be called a missing column, would let migrations run twice, or end in a panic. So
//! history and schema are compared with what this program would have made, and what differs is damage.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use refinery::{Migration, Target};
use rusqlite::{Connection, OptionalExtension};

use super::{corrupt, unavailable, unavailable_by};
use crate::ledger::StoreError;

refinery::embed_migrations!("src/storage/migrations");

const DOING: &str = "bringing the schema up to date";

/// One row of the history that the runner of migrations keeps.
struct Applied {
    version: i64,
    name: String,
    checksum: String,
}

impl Applied {
    fn is(&self, migration: &Migration) -> bool {
        self.version == i64::from(migration.version())
            && self.name == migration.name()
            && self.checksum == migration.checksum().to_string()
    }

    /// Whether it is a row of ours in which something changed, and not one of a later version of this program.
    fn resembles(&self, migration: &Migration) -> bool {
        self.version == i64::from(migration.version())
            || self.name == migration.name()
            || self.checksum == migration.checksum().to_string()
    }
}

/// Applies the migrations that are missing. An empty file gets all of them.
///
/// # Errors
/// [`StoreError::Corrupt`] when history or schema are not what was made, [`StoreError::Unavailable`] when the database is of a newer
/// version of this program or cannot be written.
pub(super) fn bring_up_to_date(connection: &mut Connection) -> Result<(), StoreError> {
    let mut known = migrations::runner().get_migrations().clone();
    known.sort();
    let applied = history(connection)?;
    for (at, row) in applied.iter().enumerate() {
        if known.get(at).is_some_and(|migration| row.is(migration)) {
            continue;
        }
        if known.iter().any(|migration| row.resembles(migration)) {
            return Err(corrupt(format!("migration {} ({}) is not what was applied", row.version, row.name)));
        }
        return Err(StoreError::Unavailable { doing: DOING, source: Arc::new(Newer { name: row.name.clone() }) });
    }
    let (done, later) = known.split_at(applied.len());
    check_schema(connection, done, later)?;
    if !later.is_empty() {
        migrations::runner().set_grouped(true).run(connection).map_err(|e| unavailable_by(DOING, e))?;
    }
    Ok(())
}

/// A database that this program is too old for.
#[derive(Debug, thiserror::Error)]
#[error("the database is of a newer version of Palinode, which applied the migration {name:?}: use that version, or a backup")]
struct Newer {
    name: String,
}

/// What was applied, in order. Empty for a file without tables; tables without a history have lost it.
fn history(connection: &Connection) -> Result<Vec<Applied>, StoreError> {
    let failed = unavailable(DOING);
    let sql = "SELECT name = 'refinery_schema_history' FROM sqlite_schema ORDER BY 1 DESC LIMIT 1";
    let there: Option<bool> = connection.query_row(sql, [], |row| row.get(0)).optional().map_err(&failed)?;
    match there {
        None => return Ok(Vec::new()),
        Some(false) => return Err(corrupt("there are tables, but no history of migrations")),
        Some(true) => {}
    }
    let sql = "SELECT version, name, checksum, applied_on FROM refinery_schema_history ORDER BY version";
    let mut select = connection.prepare(sql).map_err(&failed)?;
    let rows = select.query_map([], |row| {
        let applied_on: String = row.get(3)?;
        Ok((Applied { version: row.get(0)?, name: row.get(1)?, checksum: row.get(2)? }, applied_on))
    });
    let mut applied = Vec::new();
    for row in rows.map_err(&failed)? {
        let (row, applied_on) = row.map_err(&failed)?;
        // The runner would panic on what is no time.
        if applied_on.contains([' ', 't', 'z']) || chrono::DateTime::parse_from_rfc3339(&applied_on).is_err() {
            return Err(corrupt(format!("migration {} was applied at {applied_on:?}, which is no time", row.version)));
        }
        applied.push(row);
    }
    Ok(applied)
}

/// Whether every table and index is there as the `applied` migrations make them, and nothing that only `later` ones make. What an
/// operator added besides harms nobody.
fn check_schema(connection: &Connection, applied: &[Migration], later: &[Migration]) -> Result<(), StoreError> {
    let found = schema(connection)?;
    let expected = applied.last().map_or(Ok(Schema::new()), made_by)?;
    check_has(&found, &expected)?;
    for migration in later {
        let made = made_by(migration)?;
        let mut early = made.intersection(&found).filter(|thing| !expected.contains(thing));
        if let Some((kind, name, _)) = early.find(|(_, name, _)| !name.contains("refinery_schema_history")) {
            return Err(corrupt(format!("there is the {kind} {name}, and no migration was applied that makes it")));
        }
    }
    Ok(())
}

/// Whether everything that was made is there, as it was made.
pub(super) fn check_has(found: &Schema, made: &Schema) -> Result<(), StoreError> {
    match made.difference(found).next() {
        None => Ok(()),
        Some((kind, name, _)) => Err(corrupt(format!("the {kind} {name} is missing, or not as it was made"))),
    }
}

/// The schema after the migrations up to `last`. Most databases are of this very version, so that one is made once only.
fn made_by(last: &Migration) -> Result<Schema, StoreError> {
    static MADE: Mutex<BTreeMap<i64, Schema>> = Mutex::new(BTreeMap::new());
    let version = i64::from(last.version());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(schema) = made.get(&version) {
        return Ok(schema.clone());
    }
    let mut empty = Connection::open_in_memory().map_err(unavailable(DOING))?;
    let runner = migrations::runner().set_target(Target::Version(last.version()));
    runner.run(&mut empty).map_err(|e| unavailable_by(DOING, e))?;
    let schema = schema(&empty)?;
    made.insert(version, schema.clone());
    Ok(schema)
}

/// Kind, name and definition of everything in a database.
pub(super) type Schema = BTreeSet<(String, String, Option<String>)>;

/// Everything that a database has.
pub(super) fn schema(connection: &Connection) -> Result<Schema, StoreError> {
    let failed = unavailable(DOING);
    let mut select = connection.prepare("SELECT type, name, sql FROM sqlite_schema").map_err(&failed)?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(&failed)?;
    rows.collect::<Result<_, _>>().map_err(&failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        bring_up_to_date(&mut connection).unwrap();
        connection
    }

    /// Changes a database behind SQLite's back, as a flipped bit does, and opens it again.
    fn after(change: &str) -> Result<(), StoreError> {
        let mut connection = newest();
        connection.execute_batch("PRAGMA writable_schema = ON").unwrap();
        connection.execute_batch(change).unwrap();
        // What was remembered of the schema is read anew.
        connection.execute_batch("PRAGMA writable_schema = RESET").unwrap();
        bring_up_to_date(&mut connection)
    }

    #[test]
    fn an_empty_file_gets_every_migration_once() {
        let mut connection = newest();
        let all = migrations::runner().get_migrations().len();
        assert_eq!(history(&connection).unwrap().len(), all);
        bring_up_to_date(&mut connection).unwrap();
        assert_eq!(history(&connection).unwrap().len(), all);
    }

    #[test]
    fn an_older_database_gets_what_it_lacks() {
        for migration in migrations::runner().get_migrations() {
            let version = migration.version();
            let mut connection = Connection::open_in_memory().unwrap();
            migrations::runner().set_target(Target::Version(version)).run(&mut connection).unwrap();
            bring_up_to_date(&mut connection).unwrap();
            assert_eq!(schema(&connection).unwrap(), schema(&newest()).unwrap(), "from version {version}");
        }
    }

    #[test]
    fn what_an_operator_adds_harms_nobody() {
        after("CREATE INDEX of_mine ON entries (issuer); ANALYZE").unwrap();
    }

    #[test]
    fn a_schema_or_a_history_that_is_not_what_was_made_is_damage() {
        let changes = [
            "UPDATE sqlite_schema SET sql = replace(sql, 'checksum', 'checksun') WHERE name = 'refinery_schema_history'",
            "UPDATE sqlite_schema SET sql = replace(sql, 'provenance', 'provenancd') WHERE name = 'entries'",
            "UPDATE sqlite_schema SET name = 'entriet', tbl_name = 'entriet', sql = replace(sql, 'entries', 'entriet')
             WHERE name = 'entries'",
            "ALTER TABLE refinery_schema_history RENAME TO refinery_schema_histosy",
            "DELETE FROM refinery_schema_history",
            "UPDATE refinery_schema_history SET version = 14 WHERE version = 6",
            "UPDATE refinery_schema_history SET version = -6 WHERE version = 6",
            "UPDATE refinery_schema_history SET name = 'mog' WHERE version = 1",
            "UPDATE refinery_schema_history SET checksum = 'x' || checksum WHERE version = 2",
            "UPDATE refinery_schema_history SET applied_on = 'z' || applied_on WHERE version = 3",
            "UPDATE refinery_schema_history SET applied_on = x'00' WHERE version = 3",
            "DELETE FROM refinery_schema_history WHERE version = 6",
            "DELETE FROM refinery_schema_history WHERE version = 2",
        ];
        for change in changes {
            let error = after(change).expect_err(change);
            assert!(matches!(error, StoreError::Corrupt { .. }), "{change}: {error:?}");
        }
    }

    #[test]
    fn a_database_of_a_newer_version_is_refused_and_said_to_be_newer() {
        let error =
            after("INSERT INTO refinery_schema_history VALUES (1000, 'later', '2030-01-01T00:00:00Z', '12')").unwrap_err();
        let StoreError::Unavailable { source, .. } = error else { panic!("{error:?}") };
        assert!(source.to_string().contains("newer version of Palinode"), "{source}");
    }
}

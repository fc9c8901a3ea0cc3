//! Cosignatures of our checkpoints, and the latest time that our witness key signed.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::write::begin;
use super::{SqliteStore, corrupt, from_sql, to_sql, unavailable};
use crate::ledger::{CosignatureStore, Cosigned, StoreError};

/// The setting that holds the latest signed time, in seconds since 1970.
const SIGNED_TIME: &str = "signed-time";
/// The setting that holds when the signed time was put back last, and from where, in seconds since 1970.
const ACCEPTED: &str = "clock-accepted";

impl CosignatureStore for SqliteStore {
    fn keep_cosignature(&self, size: u64, cosigned: &Cosigned, own: bool) -> Result<(), StoreError> {
        let failed = unavailable("keeping a cosignature");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        put_cosignature(&transaction, size, cosigned).map_err(&failed)?;
        if own {
            note_signed_time(&transaction, cosigned.time).map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)
    }

    fn cosignatures(&self, size: u64) -> Result<Vec<Cosigned>, StoreError> {
        let failed = unavailable("reading cosignatures");
        let rows: Vec<(String, i64, String)> = self.read(|c| {
            let sql = "SELECT name, time, line FROM cosignatures WHERE size = ?1 ORDER BY time DESC, name";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let rows = select.query_map([to_sql(size)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(&failed)?;
            rows.collect::<Result<Vec<_>, _>>().map_err(&failed)
        })?;
        let cosigned = |(name, time, line)| {
            let time = DateTime::from_timestamp(time, 0).ok_or_else(|| corrupt("a cosignature's time is out of range"))?;
            Ok(Cosigned { name, time, line })
        };
        rows.into_iter().map(cosigned).collect()
    }

    fn last_signed_time(&self) -> Result<u64, StoreError> {
        let failed = unavailable("reading the latest signed time");
        let text: Option<String> = self.read(|c| {
            c.query_row("SELECT value FROM settings WHERE name = ?1", [SIGNED_TIME], |row| row.get(0))
                .optional()
                .map_err(&failed)
        })?;
        let Some(text) = text else { return Ok(0) };
        text.parse::<i64>().map_err(|e| corrupt(format!("the latest signed time is no number: {e}"))).and_then(from_sql)
    }

    fn accept_time(&self, own: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let failed = unavailable("accepting the clock");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let seconds = now.timestamp();
        let note = "INSERT INTO settings (name, value)
                    SELECT ?1, ?2 || ' ' || value FROM settings WHERE name = ?3
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        transaction.execute(note, params![ACCEPTED, seconds, SIGNED_TIME]).map_err(&failed)?;
        let back = "UPDATE settings SET value = ?2 WHERE name = ?1";
        transaction.execute(back, params![SIGNED_TIME, seconds.to_string()]).map_err(&failed)?;
        let forget = "DELETE FROM cosignatures WHERE name = ?1 AND time > ?2";
        transaction.execute(forget, params![own, seconds]).map_err(&failed)?;
        transaction.commit().map_err(&failed)
    }
}

pub(super) fn put_cosignature(connection: &Connection, size: u64, cosigned: &Cosigned) -> rusqlite::Result<()> {
    let sql = "INSERT INTO cosignatures (size, name, time, line) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (size, name) DO UPDATE SET time = excluded.time, line = excluded.line WHERE excluded.time >= time";
    let time = cosigned.time.timestamp();
    connection.prepare_cached(sql)?.execute(params![to_sql(size), cosigned.name, time, cosigned.line])?;
    Ok(())
}

/// Remembers `time` as signed, unless a later one is remembered already.
pub(super) fn note_signed_time(connection: &Connection, time: DateTime<Utc>) -> rusqlite::Result<()> {
    let sql = "INSERT INTO settings (name, value) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value
               WHERE CAST(excluded.value AS INTEGER) > CAST(value AS INTEGER)";
    connection.prepare_cached(sql)?.execute(params![SIGNED_TIME, time.timestamp().to_string()])?;
    Ok(())
}

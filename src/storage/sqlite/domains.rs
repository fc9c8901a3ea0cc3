//! Domains under verification, and the records that wait for what they say.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::write::begin;
use super::{SqliteStore, array, corrupt, from_sql, millis, time_from_millis, to_sql, unavailable};
use crate::envelope::PublicKey;
use crate::ledger::domains::{
    BETWEEN_TRIES, DomainFault, DomainState, DomainStore, Kept, MOST_DOMAINS, MOST_OF_ONE, MOST_WAITING, WaitingRecord,
};
use crate::ledger::{Provenance, StoreError};
use crate::notice::{Did, PayloadId};
use crate::tlog::Hash;

const STATE: &str = "did, due, asked, failures, answered, keys, error_code, error_text";
/// Nothing is put off for more than a day and a quarter: a time three days ahead, in milliseconds, was written before the clock was set back.
const IMPLAUSIBLE: i64 = 3 * 24 * 3_600 * 1_000;
const WAITING: &str = "leaf, did, record0, provenance, received, passed, entry";

impl DomainStore for SqliteStore {
    fn domain(&self, did: &Did) -> Result<Option<DomainState>, StoreError> {
        self.read(|c| domain(c, did))
    }

    fn domains_due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<DomainState>, StoreError> {
        let sql = format!("SELECT {STATE} FROM domains WHERE due <= ?1 OR due > ?2 ORDER BY due LIMIT ?3");
        let never = millis(now).saturating_add(IMPLAUSIBLE);
        self.read(|c| states(c, &sql, params![millis(now), never, to_sql(limit as u64)]))
    }

    fn want_domain(&self, did: &Did, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut connection = self.writer();
        let failed = unavailable("wanting a domain asked");
        let transaction = begin(&mut connection).map_err(&failed)?;
        let wanted = want(&transaction, did, at)?;
        transaction.commit().map_err(&failed)?;
        Ok(wanted)
    }

    fn note_asked(&self, state: &DomainState, passed_over: &[Hash]) -> Result<(), StoreError> {
        let failed = unavailable("keeping what a domain answered");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let mut state = state.clone();
        // A record that came while the domain was asked waits for the next time.
        let waits = "SELECT 1 FROM waiting_records WHERE did = ?1";
        let waits = transaction.prepare_cached(waits).and_then(|mut s| s.exists([state.did.as_str()])).map_err(&failed)?;
        if waits && state.due.is_none() {
            state.due = state.asked.map(|asked| asked + BETWEEN_TRIES);
        }
        put_domain(&transaction, &state).map_err(&failed)?;
        for leaf in passed_over {
            let sql = "UPDATE waiting_records SET passed = passed + 1 WHERE leaf = ?1";
            transaction.prepare_cached(sql).and_then(|mut update| update.execute([leaf.as_bytes()])).map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)
    }

    fn keep_waiting(&self, record: &WaitingRecord, ask_at: DateTime<Utc>) -> Result<Kept, StoreError> {
        let failed = unavailable("keeping a record that waits");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        let there = "SELECT 1 FROM waiting_records WHERE leaf = ?1";
        let there = transaction.prepare_cached(there).and_then(|mut s| s.exists([record.leaf.as_bytes()])).map_err(&failed)?;
        if !there {
            if let Some(full) = make_room(&transaction, &record.did)? {
                return Ok(full);
            }
            put_waiting(&transaction, record).map_err(&failed)?;
        }
        if !want(&transaction, &record.did, ask_at)? {
            return Ok(Kept::Full);
        }
        transaction.commit().map_err(&failed)?;
        Ok(Kept::Waits)
    }

    fn waiting_of(&self, did: &Did) -> Result<Vec<WaitingRecord>, StoreError> {
        let sql = format!("SELECT {WAITING} FROM waiting_records WHERE did = ?1 ORDER BY received, leaf");
        self.read(|c| waiting(c, &sql, [did.as_str()]))
    }

    fn all_waiting(&self) -> Result<Vec<WaitingRecord>, StoreError> {
        self.read(all_waiting)
    }

    fn forget_waiting(&self, leaf: &Hash) -> Result<(), StoreError> {
        let sql = "DELETE FROM waiting_records WHERE leaf = ?1";
        self.writer().execute(sql, [leaf.as_bytes()]).map_err(unavailable("forgetting a record that waited"))?;
        Ok(())
    }

    fn forget_stale(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        let failed = unavailable("forgetting what nobody waits for");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        for sql in [
            "DELETE FROM waiting_records WHERE received < ?1 AND EXISTS
             (SELECT 1 FROM domains WHERE domains.did = waiting_records.did AND asked > received)",
            "DELETE FROM domains WHERE due IS NULL AND asked < ?1
             AND NOT EXISTS (SELECT 1 FROM waiting_records WHERE waiting_records.did = domains.did)",
        ] {
            transaction.execute(sql, [millis(before)]).map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)
    }
}

impl SqliteStore {
    /// What is wrong with records that wait, a sentence each: every entry hashes to its leaf, and is rightly signed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub fn waiting_faults(&self) -> Result<Vec<String>, StoreError> {
        let told = |error: StoreError| match error {
            StoreError::Corrupt { what } => Ok(what),
            error @ StoreError::Unavailable { .. } => Err(error),
        };
        let records = match self.log().read_at_leisure(all_waiting) {
            Ok(records) => records,
            Err(error) => return Ok(vec![told(error)?]),
        };
        records.iter().filter_map(|record| record.record().err()).map(told).collect()
    }
}

/// Every record that waits, in a database that may be a backup.
pub(super) fn all_waiting(connection: &Connection) -> Result<Vec<WaitingRecord>, StoreError> {
    let sql = format!("SELECT {WAITING} FROM waiting_records ORDER BY received, leaf LIMIT ?1");
    waiting(connection, &sql, [to_sql(MOST_WAITING as u64)])
}

fn want(connection: &Connection, did: &Did, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let failed = unavailable("wanting a domain asked");
    let known = domain(connection, did)?;
    if known.is_none() && count(connection, "SELECT count(*) FROM domains", [])? >= MOST_DOMAINS {
        return Ok(false);
    }
    let mut state = known.unwrap_or_else(|| DomainState::new(did.clone(), at));
    let earliest = state.asked.map_or(at, |asked| at.max(asked + BETWEEN_TRIES));
    // A time that lies farther ahead than an hour after the last try may be one that an ordinary look was put off to.
    state.due = Some(state.due.map_or(earliest, |due| due.min(earliest)));
    put_domain(connection, &state).map_err(&failed)?;
    Ok(true)
}

/// Makes room for one more record of a domain; gives why there is none.
fn make_room(connection: &Connection, did: &Did) -> Result<Option<Kept>, StoreError> {
    let of_one = count(connection, "SELECT count(*) FROM waiting_records WHERE did = ?1", [did.as_str()])?;
    let in_all = count(connection, "SELECT count(*) FROM waiting_records", [])?;
    let (full, sql) = if of_one >= MOST_OF_ONE {
        (
            Kept::DomainFull,
            "SELECT leaf FROM waiting_records WHERE passed > 0 AND did = ?1 ORDER BY passed DESC, received LIMIT 1",
        )
    } else if in_all >= MOST_WAITING {
        // Whoever it is about: the one that was passed over most.
        (Kept::Full, "SELECT leaf FROM waiting_records WHERE passed > 0 AND ?1 = ?1 ORDER BY passed DESC, received LIMIT 1")
    } else {
        return Ok(None);
    };
    let failed = unavailable("making room for a record that waits");
    let leaf: Option<Vec<u8>> = connection.query_row(sql, [did.as_str()], |row| row.get(0)).optional().map_err(&failed)?;
    let Some(leaf) = leaf else { return Ok(Some(full)) };
    connection.execute("DELETE FROM waiting_records WHERE leaf = ?1", [leaf]).map_err(&failed)?;
    Ok(None)
}

fn count(connection: &Connection, sql: &str, parameters: impl rusqlite::Params) -> Result<usize, StoreError> {
    let failed = unavailable("counting what waits for domains");
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let count = from_sql(select.query_row(parameters, |row| row.get(0)).map_err(&failed)?)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

fn put_domain(connection: &Connection, state: &DomainState) -> rusqlite::Result<()> {
    let sql = format!("INSERT OR REPLACE INTO domains ({STATE}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    let keys: Vec<String> = state.keys.iter().map(PublicKey::to_multibase).collect();
    connection.prepare_cached(&sql)?.execute(params![
        state.did.as_str(),
        state.due.map(millis),
        state.asked.map(millis),
        state.failures,
        state.answered.map(millis),
        state.answered.map(|_| keys.join(" ")),
        state.fault.as_ref().map(|fault| &fault.code),
        state.fault.as_ref().map(|fault| &fault.text),
    ])?;
    Ok(())
}

fn put_waiting(connection: &Connection, record: &WaitingRecord) -> rusqlite::Result<()> {
    let sql = format!("INSERT INTO waiting_records ({WAITING}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    connection.prepare_cached(&sql)?.execute(params![
        record.leaf.as_bytes(),
        record.did.as_str(),
        record.record0.as_bytes(),
        record.provenance.as_text(),
        millis(record.received),
        record.passed,
        record.entry,
    ])?;
    Ok(())
}

fn domain(connection: &Connection, did: &Did) -> Result<Option<DomainState>, StoreError> {
    let sql = format!("SELECT {STATE} FROM domains WHERE did = ?1");
    Ok(states(connection, &sql, [did.as_str()])?.pop())
}

fn states(connection: &Connection, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<DomainState>, StoreError> {
    let failed = unavailable("reading how domains answered");
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query(parameters).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        found.push(state(row)?);
    }
    Ok(found)
}

fn state(row: &Row<'_>) -> Result<DomainState, StoreError> {
    let failed = unavailable("reading how a domain answered");
    let time = |column: usize| -> Result<Option<DateTime<Utc>>, StoreError> {
        row.get::<_, Option<i64>>(column).map_err(&failed)?.map(time_from_millis).transpose()
    };
    let text = |column: usize| row.get::<_, Option<String>>(column).map_err(&failed);
    let keys = text(5)?.unwrap_or_default();
    let key = |text: &str| PublicKey::from_multibase(text).map_err(|e| corrupt(format!("a key of a domain: {e}")));
    Ok(DomainState {
        did: did(&row.get::<_, String>(0).map_err(&failed)?)?,
        due: time(1)?,
        asked: time(2)?,
        failures: row.get(3).map_err(&failed)?,
        answered: time(4)?,
        keys: keys.split_whitespace().map(key).collect::<Result<_, _>>()?,
        fault: text(6)?.zip(text(7)?).map(|(code, text)| DomainFault { code, text }),
    })
}

fn waiting(connection: &Connection, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<WaitingRecord>, StoreError> {
    let failed = unavailable("reading records that wait");
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query(parameters).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        let blob = |column: usize| row.get::<_, Vec<u8>>(column).map_err(&failed);
        let text = |column: usize| row.get::<_, String>(column).map_err(&failed);
        let provenance = text(3)?;
        let entry = blob(6)?;
        let leaf = Hash::from_bytes(array(&blob(0)?, "the leaf of a record that waits")?);
        if Hash::leaf(&entry) != leaf {
            return Err(corrupt(format!("the record that waits as {leaf} does not hash to it")));
        }
        found.push(WaitingRecord {
            leaf,
            did: did(&text(1)?)?,
            record0: PayloadId::from_bytes(array(&blob(2)?, "the id of a record that waits")?),
            provenance: Provenance::from_text(&provenance)
                .ok_or_else(|| corrupt(format!("unknown provenance {provenance:?}")))?,
            received: time_from_millis(row.get(4).map_err(&failed)?)?,
            passed: row.get(5).map_err(&failed)?,
            entry,
        });
    }
    Ok(found)
}

pub(super) fn did(text: &str) -> Result<Did, StoreError> {
    Did::parse(text).map_err(|e| corrupt(format!("the DID {text:?}: {e}")))
}

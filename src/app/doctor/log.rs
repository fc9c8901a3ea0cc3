//! Database, head record and signed time.

use chrono::{DateTime, Utc};

use super::{Finding, behind, time, written};
use crate::app::operator::{Desk, OperatorError};
use crate::ledger::ports::{HeadRecord, LogRead};
use crate::ledger::removal::RemovalStore;
use crate::ledger::{CosignatureStore, Head, StoreError};
use crate::tlog::SignedCheckpoint;

const RESTORE: &str = "stop the server and keep a copy of the folder; `palinode fsck` names everything that is wrong. Put the \
                       newest database back if you have it, or begin a new log from a backup with `palinode restore`";

/// The folder could not be opened as a whole.
pub(super) fn unopened(error: &OperatorError) -> Finding {
    if error.is_corrupt() {
        return Finding::broken("database", error.to_string(), RESTORE);
    }
    match error {
        OperatorError::Keys(error) => Finding::attention("keys", error.to_string(), "see what is said of the key files above"),
        OperatorError::NoOrigin { .. } => Finding::attention(
            "database",
            error.to_string(),
            "start the server once; if it ran before, this is not its database: put the right one back",
        ),
        _ => Finding::out_of_reach(
            "database",
            with_causes(error),
            "look at the folder's owner and at the disk; a database made by a newer program needs that program",
        ),
    }
}

pub(super) fn look(desk: &Desk, now: DateTime<Utc>) -> Vec<Finding> {
    let looks = [("database", database(desk)), ("log", log(desk)), ("clock", clock(desk, now))];
    let told = |(look, found): (_, Result<_, _>)| found.unwrap_or_else(|error| failed(look, &error));
    looks.into_iter().map(told).chain(removals(desk).unwrap_or_else(|error| Some(failed("removals", &error)))).collect()
}

fn failed(look: &'static str, error: &StoreError) -> Finding {
    match error {
        StoreError::Corrupt { .. } => Finding::broken(look, error.to_string(), RESTORE),
        StoreError::Unavailable { .. } => Finding::out_of_reach(look, with_causes(error), "look at the disk"),
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push_str(": ");
        said.push_str(&error.to_string());
        cause = error.source();
    }
    said
}

fn database(desk: &Desk) -> Result<Finding, StoreError> {
    let version = desk.store.schema_version()?;
    Ok(Finding::well("database", format!("{}, schema version {version}", desk.identity.origin)))
}

/// What was ordered removed and is not gone yet, or of which the log does not say so.
fn removals(desk: &Desk) -> Result<Option<Finding>, StoreError> {
    let orders = desk.store.removal_orders()?;
    let Some(first) = orders.first() else { return Ok(None) };
    let why = first.trouble.as_ref().map(|trouble| format!(": {trouble}")).unwrap_or_default();
    let says = format!("{} removals were ordered and are not done, {} first{why}", orders.len(), first.removal.document());
    let todo = "start the server, which carries them out; `palinode remove list` shows each";
    Ok(Some(Finding::attention("removals", says, todo)))
}

/// Compares the head record with the database. It is read first: what is appended meanwhile stands in the database before it.
fn log(desk: &Desk) -> Result<Finding, StoreError> {
    let record = desk.folder.head_file().read()?;
    let newest = desk.store.newest_head()?.unwrap_or(Head::EMPTY);
    let published = desk.store.newest_published()?.map_or(Head::EMPTY, |published| published.head);
    let Some(record) = record else {
        let says = format!("the head record beside the database is missing, although the log has {} entries", published.size);
        return Ok(Finding::broken("log", says, RESTORE));
    };
    let recorded = match SignedCheckpoint::parse_and_verify(&record, &desk.identity.log) {
        Ok(signed) => Head { size: signed.checkpoint().size(), root: *signed.checkpoint().root() },
        Err(error) => {
            return Ok(Finding::broken("log", format!("the head record beside the database: {error}"), RESTORE));
        }
    };
    let other_root = |head: &Head| head.size == recorded.size && head.root != recorded.root;
    Ok(if recorded.size > newest.size {
        let says = format!(
            "size {} was signed, but the database ends at {}: an old copy was put back, and nothing will be signed",
            recorded.size, newest.size
        );
        Finding::broken("log", says, RESTORE)
    } else if [newest, published].iter().any(other_root) {
        let says = format!("another tree was signed at size {} than the one in the database", recorded.size);
        Finding::broken("log", says, RESTORE)
    } else if newest.size > published.size {
        let waiting = newest.size - published.size;
        Finding::well(
            "log",
            format!("{} entries; {waiting} more are being published, or will be at the next start", published.size),
        )
    } else {
        Finding::well("log", format!("{} entries, and the head record agrees", published.size))
    })
}

fn clock(desk: &Desk, now: DateTime<Utc>) -> Result<Finding, StoreError> {
    let last = desk.store.last_signed_time()?;
    Ok(match behind(last, now) {
        Some(_) => Finding::attention(
            "clock",
            format!(
                "the clock says {}, but this server signed {} already: it cosigns nothing, so that its answers grow old",
                written(now),
                written(time(last))
            ),
            "if the clock is wrong now, mend it, and the server goes on. If it is right now and once stood ahead, \
             `palinode doctor --accept-clock` accepts it",
        ),
        None => Finding::well("clock", format!("it says {}; {} was signed last", written(now), written(time(last)))),
    })
}

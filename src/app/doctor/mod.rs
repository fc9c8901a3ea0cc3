//! What `palinode doctor` looks at: the data folder of a server, beside it or while it is stopped.
//!
//! Each look is one [`Finding`] in plain words: how it stands, and what to do when it does not stand well. Nothing is changed by
//! looking, but for a small file in the data folder that is gone at once. What the whole ledger says is not derived again;
//! `palinode fsck` does that.
//!
//! | file | looks at |
//! |---|---|
//! | `disk` | the folder, its key files, the room that is left |
//! | `machine` | how long a sync takes, how many files may be open |
//! | `log` | database, head record, signed time |
//! | `contact` | who is told of holes |
//! | `network` | the server that runs on the folder |
//! | `peers` | who can be reached, and how far each has read the other |

mod contact;
mod disk;
mod log;
mod machine;
mod network;
mod peers;

use std::path::Path;

pub(super) use disk::remedy;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::operator::{Desk, OperatorError};
use crate::clock::Clock;
use crate::config::Settings;
use crate::ledger::{ClockBehind, CosignatureStore, MAX_STEP_BACK};
use crate::storage::DataFolder;

/// One look, in plain words.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub look: &'static str,
    /// How it stands.
    pub state: FindingState,
    /// What was seen.
    pub says: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub todo: Option<String>,
}

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingState {
    /// As it should.
    Well,
    /// The operator should do something.
    Attention,
    /// It could not be looked at.
    OutOfReach,
    /// What was signed is contradicted.
    Broken,
}

impl Finding {
    fn new(look: &'static str, state: FindingState, says: impl Into<String>) -> Self {
        Self { look, state, says: says.into(), todo: None }
    }

    fn well(look: &'static str, says: impl Into<String>) -> Self {
        Self::new(look, FindingState::Well, says)
    }

    fn attention(look: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { todo: Some(todo.into()), ..Self::new(look, FindingState::Attention, says) }
    }

    fn out_of_reach(look: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { todo: Some(todo.into()), ..Self::new(look, FindingState::OutOfReach, says) }
    }

    fn broken(look: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { todo: Some(todo.into()), ..Self::new(look, FindingState::Broken, says) }
    }
}

/// Looks at the server that `settings` describe. What cannot be looked at is a finding too.
pub async fn examine(settings: &Settings, clock: &dyn Clock) -> Vec<Finding> {
    let data = &settings.server.data;
    let folder = match DataFolder::beside(data) {
        Ok(folder) => folder,
        Err(error) => {
            let todo = "--data or --config names the data folder; `palinode serve` makes it on its first start";
            return vec![Finding::out_of_reach("folder", format!("no server ever ran on {}: {error}", data.display()), todo)];
        }
    };
    let mut found = disk::look(&folder, settings);
    found.extend(machine::look(&folder, settings));
    found.push(contact::look(settings));
    let desk = match Desk::open(data) {
        Ok(desk) => desk,
        Err(error) => {
            found.push(log::unopened(&error));
            return found;
        }
    };
    found.extend(log::look(&desk, clock.now()));
    found.extend(network::look(&desk, settings, clock.now()).await);
    found
}

/// The clock was accepted.
#[derive(Debug, Clone, Serialize)]
pub struct Accepted {
    /// The latest time that had been signed.
    pub from: DateTime<Utc>,
    /// The latest signed time from now on.
    pub to: DateTime<Utc>,
}

/// Accepts the present clock for the server in `data`, so that it cosigns again; `None` when nothing keeps it from that.
///
/// # Errors
/// [`OperatorError`].
pub fn accept_clock(data: &Path, clock: &dyn Clock) -> Result<Option<Accepted>, OperatorError> {
    let desk = Desk::open(data)?;
    let now = clock.now();
    let Some(ClockBehind { last, .. }) = behind(desk.store.last_signed_time()?, now) else { return Ok(None) };
    desk.store.accept_time(desk.identity.witness.name().as_str(), now)?;
    Ok(Some(Accepted { from: time(last), to: now }))
}

/// How far `now` stands behind the latest signed time, when that is too far to sign.
fn behind(last: u64, now: DateTime<Utc>) -> Option<ClockBehind> {
    let now = u64::try_from(now.timestamp()).unwrap_or(0);
    (now + MAX_STEP_BACK.num_seconds().unsigned_abs() < last).then_some(ClockBehind { now, last })
}

fn time(seconds: u64) -> DateTime<Utc> {
    i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn written(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

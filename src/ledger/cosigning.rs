//! Cosignatures: our own over our newest checkpoint, and those that peers gave it.
//!
//! The newest own cosignature is the *checkpoint time* of every answer. Signed time never runs backwards (protocol, section 7,
//! rule 7): a clock that stepped back a little is answered with the last signed time, and beyond five minutes cosigning stops
//! until the operator has looked.
//!
//! **Accepting the clock.** A clock that once stood far ahead leaves a signed time in the future, and the honest time after it
//! looks like one that runs backwards. Only the operator can tell which of the two was wrong. `palinode doctor --accept-clock`
//! says that the present clock is right: [`CosignatureStore::accept_time`] puts the latest signed time back to now, keeps what
//! it was put back from, and forgets our own cosignatures that claim a later time, so that this server never again shows one
//! beside an earlier one. What others kept of them cannot be called back: whoever compares sees that this server's clock once
//! stood ahead, which is the truth. No checkpoint is signed anew by it, and no entry moves. A server that runs meanwhile goes on
//! as soon as it tries to cosign again.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

use super::Ledger;
use super::keys::ServerKeys;
use super::ports::StoreError;
use super::published::Cosigned;
use crate::tlog::{Cosignature, KeyName};

/// How far the clock may step back before cosigning stops.
pub const MAX_STEP_BACK: TimeDelta = TimeDelta::minutes(5);

/// Cosignatures by tree size, and the latest time that our witness key signed.
pub trait CosignatureStore: Send + Sync {
    /// Keeps a cosignature of our checkpoint of `size`, durably; a later one of the same witness takes its place. With `own`,
    /// its time is kept in the same commit as the latest that our witness key signed.
    fn keep_cosignature(&self, size: u64, cosigned: &Cosigned, own: bool) -> Result<(), StoreError>;

    /// The cosignatures of our checkpoint of `size`.
    fn cosignatures(&self, size: u64) -> Result<Vec<Cosigned>, StoreError>;

    /// The latest time that our own witness key signed, over any log, in POSIX seconds; zero before the first.
    fn last_signed_time(&self) -> Result<u64, StoreError>;

    /// Puts the latest signed time back to `now`, because its operator accepts the clock: forgets the cosignatures of the
    /// witness `own` that are later, and keeps a note of when it was put back and from where, all in one commit.
    fn accept_time(&self, own: &str, now: DateTime<Utc>) -> Result<(), StoreError>;
}

/// The clock stands more than [`MAX_STEP_BACK`] behind what was signed already: there will be no cosignature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the clock stands at {now}, but {last} was signed already; mend the clock, or accept it with `palinode doctor --accept-clock`"
)]
pub struct ClockBehind {
    /// What the clock says, in POSIX seconds.
    pub now: u64,
    /// What was signed last, in POSIX seconds.
    pub last: u64,
}

/// Why there is no fresh cosignature.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CosignError {
    /// The clock.
    #[error(transparent)]
    Clock(#[from] ClockBehind),
    /// It could not be kept, so it is not shown.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The one user of the witness key.
#[derive(Debug)]
pub struct Witness {
    keys: std::sync::Arc<ServerKeys>,
    name: KeyName,
    last: Mutex<u64>,
}

impl Witness {
    /// A witness that has signed `last` as its latest time.
    pub fn new(keys: std::sync::Arc<ServerKeys>, name: KeyName, last: u64) -> Self {
        Self { keys, name, last: Mutex::new(last) }
    }

    /// Name of the witness key.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// How far the clock stands behind what was signed already, when that is too far to sign.
    pub fn behind(&self, now: DateTime<Utc>) -> Option<ClockBehind> {
        let last = *self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = u64::try_from(now.timestamp()).unwrap_or(0);
        (now + MAX_STEP_BACK.num_seconds().unsigned_abs() < last).then_some(ClockBehind { now, last })
    }

    /// Never signs an earlier time than `time`, which was signed by a run of the server before this one.
    pub(super) fn has_signed(&self, time: DateTime<Utc>) {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *last = u64::try_from(time.timestamp()).unwrap_or(0).max(*last);
    }

    /// Takes `last` for the latest signed time from now on: the operator accepted the clock.
    fn go_on_from(&self, last: u64) {
        *self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = last;
    }

    /// Cosigns a checkpoint text (three lines) at `now`. Whoever asks makes the result durable, time included, before
    /// anyone else sees it.
    ///
    /// # Errors
    /// [`ClockBehind`].
    pub fn cosign(&self, text: &str, now: DateTime<Utc>) -> Result<Cosigned, ClockBehind> {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = u64::try_from(now.timestamp()).unwrap_or(0);
        if now + MAX_STEP_BACK.num_seconds().unsigned_abs() < *last {
            return Err(ClockBehind { now, last: *last });
        }
        let time = now.max(*last);
        // The only error is a time beyond 2^63: a clock to be mended like one that stands behind.
        let signed = Cosignature::sign(self.name.clone(), self.keys.witness(), time, text);
        let line = signed.ok().ok_or(ClockBehind { now, last: *last })?.to_line();
        *last = time;
        let time = i64::try_from(time).ok().and_then(|t| DateTime::from_timestamp(t, 0)).unwrap_or_default();
        Ok(Cosigned { name: self.name.to_string(), time, line })
    }
}

impl Ledger {
    /// Cosigns the newest checkpoint anew, so that answers can say how fresh they are; asked for at least every 60 seconds.
    /// Does nothing when the log is halted: its answers grow old, as they should.
    ///
    /// # Errors
    /// [`CosignError`].
    pub fn refresh_cosignature(&self) -> Result<(), CosignError> {
        if self.is_halted() {
            return Ok(());
        }
        let newest = self.published();
        let text = String::from_utf8_lossy(checkpoint_text(&newest.checkpoint)).into_owned();
        let now = self.clock.now();
        let cosigned = match self.witness.cosign(&text, now) {
            Err(behind) if self.clock_was_accepted(&behind)? => self.witness.cosign(&text, now)?,
            cosigned => cosigned?,
        };
        if let Err(error) = self.stores.cosignatures.keep_cosignature(newest.head.size, &cosigned, true) {
            self.standing().failed(&error);
            return Err(error.into());
        }
        self.standing().works();
        self.published.cosign(newest.head.size, &cosigned, self.witness.name().as_str());
        Ok(())
    }

    /// Whether the operator put the signed time back beside the running server, which then goes on from there. A time that was
    /// signed and could not be kept was never shown to anybody, and does not bind either.
    fn clock_was_accepted(&self, behind: &ClockBehind) -> Result<bool, StoreError> {
        let stored = self.stores.cosignatures.last_signed_time()?;
        if stored >= behind.last {
            return Ok(false);
        }
        tracing::warn!(from = behind.last, to = stored, "the clock was accepted; cosigning goes on from there");
        self.witness.go_on_from(stored);
        self.published.forget_after(stored, self.witness.name().as_str());
        Ok(true)
    }

    /// Keeps a peer's verified cosignature of our checkpoint of `size`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_cosignature(&self, size: u64, cosigned: &Cosigned) -> Result<(), StoreError> {
        self.stores.cosignatures.keep_cosignature(size, cosigned, false)?;
        self.published.cosign(size, cosigned, self.witness.name().as_str());
        Ok(())
    }

    /// The witness of this server, which also cosigns the checkpoints of peers.
    pub fn witness(&self) -> &Witness {
        &self.witness
    }

    /// Where cosignatures and signed times are kept.
    pub fn cosignatures(&self) -> &dyn CosignatureStore {
        self.stores.cosignatures.as_ref()
    }
}

/// A cosignature with its time as a date; `None` when no calendar reaches that far.
pub(super) fn cosigned(cosignature: &Cosignature) -> Option<Cosigned> {
    let time = i64::try_from(cosignature.time()).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0))?;
    Some(Cosigned { name: cosignature.name().to_string(), time, line: cosignature.to_line() })
}

/// The signed text of a note: everything up to and with the newline before the last empty line.
pub(super) fn checkpoint_text(note: &[u8]) -> &[u8] {
    let end = note.windows(2).rposition(|pair| pair == b"\n\n").map_or(note.len(), |at| at + 1);
    note.get(..end).unwrap_or(note)
}

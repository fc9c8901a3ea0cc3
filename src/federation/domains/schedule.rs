//! When a domain is asked again.

use chrono::{DateTime, TimeDelta, Utc};

use crate::federation::Federation;
use crate::federation::fault::Fault;
use crate::ledger::domains::{BETWEEN_TRIES, DomainState};

/// How often a domain is asked that speaks for a lineage in the log, before jitter.
const KNOWN: TimeDelta = TimeDelta::days(1);
/// How long a record waits before its domain is asked less often: whoever posts a record puts up the document on the same day.
const FRESH: TimeDelta = TimeDelta::days(1);
/// How often after that.
const SELDOM: TimeDelta = TimeDelta::hours(6);
/// Failures after which the wait is doubled no more: an hour, two, four and so on to a day.
const DOUBLINGS: u32 = 5;

/// What a domain is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    /// It speaks for a lineage in the log, or may.
    pub(super) is_logged: bool,
    /// When the newest record came that still waits for it.
    pub(super) newest_waiting: Option<DateTime<Utc>>,
}

impl Federation {
    /// When a domain that was asked just now is asked again: never sooner than an hour. `None` when nobody waits for it.
    pub(super) fn ask_again(&self, state: &DomainState, wanted: Wanted, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let wait = match wanted.newest_waiting {
            _ if state.failures > 0 && (wanted.is_logged || wanted.newest_waiting.is_some()) => {
                (BETWEEN_TRIES * (1 << (state.failures - 1).min(DOUBLINGS))).min(KNOWN)
            }
            Some(newest) if now - newest < FRESH => BETWEEN_TRIES,
            Some(_) => SELDOM,
            None if wanted.is_logged => KNOWN,
            None => return None,
        };
        // Jitter only adds, so that an hour stays one.
        let most = wait + wait / 4;
        let drawn = self.options.dice.between(wait.to_std().unwrap_or_default(), most.to_std().unwrap_or_default());
        Some(now + TimeDelta::from_std(drawn).unwrap_or(wait))
    }

    /// Sees to it that every domain is asked which has a lineage in the log that no pin speaks for; domains that were asked go on as they
    /// were. Forgets what nobody waits for any more.
    pub(super) async fn seek_domains(&self) -> Result<(), Fault> {
        let (ledger, now, dice) = (self.ledger.clone(), self.now(), self.options.dice.clone());
        self.blocking(move || -> Result<(), Fault> {
            ledger.forget_stale_domains(now - super::PATIENCE)?;
            for did in ledger.domains_to_ask()? {
                // Those that are verified can wait, spread over a day; the others waited already.
                let late = if ledger.has_unverified(&did)? { TimeDelta::zero() } else { KNOWN };
                let drawn = dice.between(std::time::Duration::ZERO, late.to_std().unwrap_or_default());
                ledger.want_domain(&did, now + TimeDelta::from_std(drawn).unwrap_or(late))?;
            }
            Ok(())
        })
        .await?
    }
}

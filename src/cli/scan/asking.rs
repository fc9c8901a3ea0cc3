use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use chrono::{DateTime, TimeDelta, Utc};

use crate::cli::check::{Freshness, freshness};
use crate::cli::connection::{Connection, ConnectionError};
use crate::client::answers::{CheckAnswer, IdAnswer, IssuerAnswer, NoticeAnswer};
use crate::client::index::{IndexError, LocalIndex};
use crate::clock::{Clock, SystemClock};
use crate::notice::NoticeId;
use crate::scan::Inventory;
use crate::verdict::{Trust, Verdict};

/// How many identifiers are asked at once (protocol, section 9).
const AT_ONCE: usize = 1_000;
/// How many notices are looked up for their titles, actions and dates.
const MOST_LOOKED_UP: usize = 200;

/// What is known about the identifiers of an inventory, and by whom.
pub(super) struct Answers {
    /// Who answered: the address of a server, or the folder of a copy of its list.
    pub(super) by: String,
    /// The log that the answers are from.
    pub(super) origin: String,
    /// Its size; the smallest, when there are several answers.
    pub(super) tree_size: u64,
    /// When the oldest answer was true.
    pub(super) checkpoint_time: Option<DateTime<Utc>>,
    /// Whether that is recent enough.
    pub(super) freshness: Freshness,
    /// Hash of the trust settings that decided.
    pub(super) trust: String,
    /// How many identifiers were to be looked up.
    pub(super) asked: usize,
    /// How many of them no notice is known about.
    pub(super) unknown: usize,
    /// The answers that say more than that nothing is known, by identifier.
    pub(super) found: BTreeMap<String, IdAnswer>,
    /// Who says what matched, by DID.
    pub(super) issuers: BTreeMap<String, IssuerAnswer>,
    /// The notices that matched, as far as they could be had.
    pub(super) notices: BTreeMap<NoticeId, NoticeAnswer>,
    /// Why not everything was answered, when that is so.
    pub(super) interruption: Option<String>,
}

impl Answers {
    /// Asks a server, in parts. What was answered before an error is kept: a finding counts for more than what could not be asked.
    ///
    /// # Errors
    /// When the first part is not answered.
    pub(super) fn of_server(
        connection: &Connection,
        inventory: &Inventory,
        max_age: TimeDelta,
    ) -> Result<Self, ConnectionError> {
        let identifiers: Vec<String> = inventory.identifiers().iter().map(ToString::to_string).collect();
        if !identifiers.is_empty() {
            tell(connection, identifiers.len());
        }
        let mut parts: Vec<CheckAnswer> = Vec::new();
        let mut interruption = None;
        for some in identifiers.chunks(AT_ONCE) {
            match connection.ask(connection.client.check(some, false)) {
                Ok(answer) => parts.push(answer),
                Err(error) if parts.is_empty() => return Err(error),
                Err(error) => {
                    interruption = Some(error.to_string());
                    break;
                }
            }
        }
        let fresh = freshness(&parts, SystemClock.now(), max_age);
        let mut answers = Self::merged(connection.url().to_string(), identifiers.len(), parts, fresh);
        answers.interruption = interruption;
        answers.look_up(connection);
        Ok(answers)
    }

    /// Looks up in the copy of a server's compact list: nobody is told anything.
    ///
    /// # Errors
    /// When the copy cannot be read, or holds what nobody signed.
    pub(super) fn of_index(
        copy: &LocalIndex,
        trust: &Trust,
        inventory: &Inventory,
        max_age: TimeDelta,
    ) -> Result<Self, IndexError> {
        let now = SystemClock.now();
        let identifiers = inventory.identifiers();
        let mut known = Vec::new();
        for identifier in &identifiers {
            if copy.may_know(identifier)? {
                known.push(identifier.to_string());
            }
        }
        // Asked even with nothing to ask, since the answer says of what time and size it is.
        let part = copy.check(&known, trust, now)?;
        let fresh = freshness(std::slice::from_ref(&part), now, max_age);
        let mut answers = Self::merged(copy.folder().path().display().to_string(), identifiers.len(), vec![part], fresh);
        answers.unknown += identifiers.len() - known.len();
        let found = answers.found.values().flat_map(|answer| &answer.matches);
        let wanted: BTreeSet<NoticeId> = found.map(|found| found.notice).collect();
        for id in wanted.into_iter().take(MOST_LOOKED_UP) {
            if let Some(notice) = copy.notice(&id) {
                answers.notices.insert(id, notice);
            }
        }
        Ok(answers)
    }

    fn merged(by: String, asked: usize, parts: Vec<CheckAnswer>, freshness: Freshness) -> Self {
        let first = parts.first();
        let mut answers = Self {
            by,
            origin: first.map(|part| part.origin.clone()).unwrap_or_default(),
            tree_size: parts.iter().map(|part| part.tree_size).min().unwrap_or_default(),
            checkpoint_time: parts.iter().filter_map(|part| part.checkpoint_time).min(),
            freshness,
            trust: first.map(|part| part.trust.clone()).unwrap_or_default(),
            asked,
            unknown: 0,
            found: BTreeMap::new(),
            issuers: BTreeMap::new(),
            notices: BTreeMap::new(),
            interruption: None,
        };
        for part in parts {
            for answer in part.answers {
                if answer.verdict == Verdict::NoNotice && answer.matches.is_empty() && !answer.incomplete {
                    answers.unknown += 1;
                } else {
                    answers.found.insert(answer.asked.clone(), answer);
                }
            }
            answers.issuers.extend(part.issuers.into_iter().map(|issuer| (issuer.did.clone(), issuer)));
        }
        answers
    }

    /// Fetches the notices that matched, for reading only: one that cannot be had is left out.
    fn look_up(&mut self, connection: &Connection) {
        let found = self.found.values().flat_map(|answer| &answer.matches);
        let wanted: BTreeSet<NoticeId> = found.map(|found| found.notice).collect();
        for id in wanted.into_iter().take(MOST_LOOKED_UP) {
            if let Ok(Some(notice)) = connection.try_ask(connection.client.notice(&id)) {
                self.notices.insert(id, notice);
            }
        }
    }

    /// How many identifiers were not answered.
    pub(super) fn unanswered(&self) -> usize {
        self.asked.saturating_sub(self.unknown + self.found.len())
    }
}

/// Says what a server is told before it is told.
fn tell(connection: &Connection, identifiers: usize) {
    let things = if identifiers == 1 { "1 identifier".to_owned() } else { format!("{identifiers} identifiers") };
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(anstream::stderr(), "asking {}, which is told {things} of what lies here", connection.url());
}

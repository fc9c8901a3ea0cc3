//! How many datasets stand under which verdict today.
//!
//! Counted is what each notice names as the dataset itself, of several identifiers the first, each once, under the verdict that a question
//! about it has at that moment: nothing is decided here. So a notice that was revoked or replaced counts no more, and one dataset that
//! notices name differently is counted as several.
//!
//! A verdict hangs on everything else in the log, on whom the server trusts and on the day, so all are asked anew. Of a small log that is
//! done at once, and otherwise away from whoever asks, who is shown what was counted last; however much is appended, counting takes
//! a twentieth of one processor at most.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::ports::StoreError;
use super::statements::LedgerStatements;
use super::stored::{NoticeFilter, SearchQuery};
use super::{Ledger, Moment};
use crate::notice::{Identifier, Notice, NoticeType, SubjectRole};
use crate::verdict::Verdict;

/// A log of so many entries is counted while somebody waits: some tenths of a second.
const AT_ONCE: u64 = 2_000;
/// How many notices are looked at together.
const STEP: usize = 128;
/// After counting a longer log, it is not done again for so many times as long as it took.
const REST: u32 = 20;

/// What was counted, and as of when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByVerdict {
    /// The tree that the verdicts follow from.
    pub tree_size: u64,
    /// When they were decided.
    pub at: DateTime<Utc>,
    /// How many datasets have each verdict.
    pub datasets: BTreeMap<Verdict, u64>,
}

/// What was counted last.
#[derive(Debug, Default)]
pub(super) struct CountingVerdicts(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: Option<Last>,
    /// Somebody is counting.
    under_way: bool,
    /// Not before then again.
    rests_until: Option<Instant>,
}

#[derive(Debug)]
struct Last {
    counted: Arc<ByVerdict>,
    /// What it was counted from.
    moment: Moment,
}

impl CountingVerdicts {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever counts; nobody does any more when it is dropped.
struct Turn<'l>(&'l CountingVerdicts, Instant);

impl<'l> Turn<'l> {
    /// `None` when somebody else counts, when it was done a moment ago, or when nothing has changed since.
    fn take(counting: &'l CountingVerdicts, now: &Moment) -> Option<Self> {
        let mut state = counting.state();
        let begun = Instant::now();
        let is_long = now.published.head.size > AT_ONCE;
        let rests = is_long && state.rests_until.is_some_and(|until| begun < until);
        if state.under_way || rests || state.last.as_ref().is_some_and(|last| holds_still(&last.moment, now)) {
            return None;
        }
        state.under_way = true;
        Some(Self(counting, begun))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let took: Duration = self.1.elapsed();
        let mut state = self.0.state();
        state.under_way = false;
        state.rests_until = Instant::now().checked_add(took.saturating_mul(REST));
    }
}

/// Whether verdicts of one moment are those of another: dates in notices are days.
fn holds_still(then: &Moment, now: &Moment) -> bool {
    then.published.head.size == now.published.head.size
        && Arc::ptr_eq(&then.trusted, &now.trusted)
        && then.now.date_naive() == now.now.date_naive()
}

impl Ledger {
    /// How many datasets stand under which verdict, and whether that has to be counted again. `None` when it was never counted. A small
    /// log is counted before this returns.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn by_verdict(&self) -> Result<(Option<Arc<ByVerdict>>, bool), StoreError> {
        let now = self.moment();
        if now.published.head.size <= AT_ONCE {
            self.count_verdicts()?;
        }
        let state = self.counting_verdicts.state();
        let counted = state.last.as_ref().map(|last| last.counted.clone());
        Ok((counted, !state.last.as_ref().is_some_and(|last| holds_still(&last.moment, &now))))
    }

    /// Counts, unless that is being done, was done a moment ago, or would give the same. Takes some tens of microseconds a notice, and
    /// ends early when the server stops.
    ///
    /// # Errors
    /// [`StoreError`]. What was counted before stays.
    pub fn count_verdicts(&self) -> Result<(), StoreError> {
        let now = self.moment();
        let Some(turn) = Turn::take(&self.counting_verdicts, &now) else { return Ok(()) };
        if let Some(datasets) = self.datasets_by_verdict(&now)? {
            let counted = Arc::new(ByVerdict { tree_size: now.published.head.size, at: now.now, datasets });
            turn.0.state().last = Some(Last { counted, moment: now });
        }
        Ok(())
    }

    /// `None` when the server stops.
    fn datasets_by_verdict(&self, now: &Moment) -> Result<Option<BTreeMap<Verdict, u64>>, StoreError> {
        let size = now.published.head.size;
        let mut datasets: BTreeMap<Verdict, u64> = BTreeMap::new();
        // Not the identifiers themselves, of which there may be millions: that two of those have one hash is not to be expected.
        let (hasher, mut seen) = (RandomState::new(), HashSet::new());
        let mut before = None;
        loop {
            let query = SearchQuery { words: Vec::new(), filter: NoticeFilter::default(), before, limit: STEP };
            let found = self.stores.index.search(&query, size)?;
            if self.standing().is_stopping() {
                return Ok(None);
            }
            let Some(last) = found.last() else { return Ok(Some(datasets)) };
            before = Some(*last);
            let mut asked = Vec::new();
            for index in found {
                let notice = self.notice_at(index)?;
                // These speak of notices, which name their datasets themselves.
                if matches!(notice.kind, NoticeType::Revocation | NoticeType::Response) {
                    continue;
                }
                let dataset = itself(&notice).map(ToString::to_string);
                asked.extend(dataset.filter(|id| seen.insert(hasher.hash_one(id))));
            }
            let source = LedgerStatements::below(self, size);
            let answers = self.decide(&asked, now, &source, &mut |_, _| {})?.answers;
            for answer in answers.iter().filter_map(|asked| asked.answer.as_ref().ok()) {
                *datasets.entry(answer.verdict).or_default() += 1;
            }
        }
    }
}

/// What a notice names as the dataset itself, rather than a page about it or a part of it.
fn itself(notice: &Notice) -> Option<&Identifier> {
    let rank = |role| match role {
        SubjectRole::Whole => 0,
        SubjectRole::Version => 1,
        SubjectRole::Mirror => 2,
        SubjectRole::File => 3,
        SubjectRole::LandingPage | SubjectRole::DescribedBy => 4,
    };
    notice.subjects.iter().min_by_key(|subject| rank(subject.role)).map(|subject| &subject.id)
}

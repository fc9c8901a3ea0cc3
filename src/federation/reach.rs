//! Whether a peer can be reached, and when one that cannot be is tried again.
//!
//! Two promises pull here in two ways. A dead peer must cost next to nothing: at most 24 tries a day, whatever happens (F9). And
//! after a partition everybody must have everything within a minute (F1). What decides is how long the peer has been away, since
//! a try costs little as long as there were few:
//!
//! | away for | tried | noticed to be back, if only by our own trying, after at most |
//! |---|---|---|
//! | up to two and a half minutes | after about 2, 8, 15 and 25 seconds, then every 40 | 50 seconds |
//! | up to half an hour | after 3, 10 and 30 more minutes | 38 minutes, and mostly less than three times as long as it was away |
//! | longer | every 2 1/4 to 3 hours | 3 hours |
//!
//! Our own trying is the last resort. A peer that comes back is noticed at once by what it does itself: it announces as soon as it
//! starts or gets through, and any checkpoint that only it could have signed makes us try it at once. When it was our own way that
//! was closed, the first peer that answers opens it to all others. So only two servers that nobody else knows, neither of which
//! was restarted, may wait as long as the table says; and since both try, they find each other after less than an hour on average.
//!
//! One ladder serves all the work with a peer: the log is asked for first, and everything else waits until it was had. Only an
//! answer that proves itself counts as having reached the peer: a page that somebody parked at its address does not. What is
//! remembered here is gone with a restart, so that a server which was away itself tries everybody at once.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::chance::Dice;
use crate::ledger::peers::Work;

/// Seconds to the next try after the first, second... that did not reach the peer, before jitter of a quarter.
const LADDER: [u64; 11] = [2, 8, 15, 25, 38, 40, 40, 40, 180, 600, 1800];
/// The shortest and the longest wait after all of these. The ladder and what fits into the rest of a day are 22 tries.
const BEYOND: (Duration, Duration) = (Duration::from_mins(135), Duration::from_hours(3));
/// How often in a day a peer may be tried before its time for reasons that do not come from it.
const EARLY_A_DAY: usize = 2;
/// How long other work waits for the log to be asked for.
const LOG_FIRST: TimeDelta = TimeDelta::minutes(1);
/// How soon after a try that failed a sign of life leads to another one; and when many failed, as with a peer that speaks to us and
/// cannot be reached.
const SIGNS_AT_MOST_EVERY: (TimeDelta, TimeDelta) = (TimeDelta::seconds(5), TimeDelta::minutes(1));
/// A time farther ahead was noted before the clock was set back.
pub(super) const FARTHEST: TimeDelta = TimeDelta::hours(4);

/// How it goes with reaching a peer.
#[derive(Debug, Default)]
pub(super) struct Reach(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Answers that proved themselves.
    answers: u64,
    /// Tries since the last of these.
    failures: usize,
    failed_at: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    /// When it was tried before its time.
    early: [Option<DateTime<Utc>>; EARLY_A_DAY],
}

/// How things stood when a piece of work with the peer began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begun {
    answers: u64,
    failures: usize,
}

impl Begun {
    /// Whether the peer could not be reached before.
    pub(super) fn was_out_of_reach(self) -> bool {
        self.failures > 0
    }
}

impl Reach {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Work with the peer begins.
    pub(super) fn begin(&self) -> Begun {
        let state = self.state();
        Begun { answers: state.answers, failures: state.failures }
    }

    /// The peer gave an answer that proves itself. Gives whether it could not be reached before.
    pub(super) fn answered(&self) -> bool {
        let mut state = self.state();
        let back = state.failures > 0;
        *state = State { answers: state.answers + 1, ..State::default() };
        back
    }

    /// Whether the peer proved itself since this work began.
    pub(super) fn was_reached_since(&self, begun: Begun) -> bool {
        self.state().answers != begun.answers
    }

    /// Whether the last try did not reach it.
    pub(super) fn is_away(&self) -> bool {
        self.state().failures > 0
    }

    /// The peer was not reached by work that began so. Gives how long it is left alone; failures at one time count once.
    pub(super) fn failed(&self, begun: Begun, now: DateTime<Utc>, dice: &Dice) -> Duration {
        let mut state = self.state();
        if let Some(until) = state.until.filter(|until| state.failures != begun.failures && *until > now) {
            return (until - now).to_std().unwrap_or_default();
        }
        let wait = match LADDER.get(state.failures) {
            Some(seconds) => dice.between(Duration::from_millis(seconds * 750), Duration::from_millis(seconds * 1_250)),
            None => dice.between(BEYOND.0, BEYOND.1),
        };
        state.failures += 1;
        state.failed_at = Some(now);
        state.until = TimeDelta::from_std(wait).ok().and_then(|wait| now.checked_add_signed(wait));
        wait
    }

    /// Until when this work waits for the peer to be reached; `None` when it may be tried.
    pub(super) fn put_off(&self, work: Work, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let until = self.state().until?;
        let until = if work == Work::Pull { until } else { until.checked_add_signed(LOG_FIRST)? };
        Some(until).filter(|until| *until > now && *until <= now + FARTHEST)
    }

    /// The clock was set back by so much: what was noted by it before is noted anew.
    pub(super) fn clock_was_set_back(&self, by: TimeDelta) {
        let mut state = self.state();
        let State { failed_at, until, early, .. } = &mut *state;
        for time in early.iter_mut().chain([failed_at, until]) {
            *time = time.and_then(|time| time.checked_sub_signed(by));
        }
    }

    /// The peer did what only it can do. Gives when it may be tried, which is now unless a try failed just before.
    pub(super) fn shows_life(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut state = self.state();
        let (few, many) = SIGNS_AT_MOST_EVERY;
        let rest = if state.failures < LADDER.len() { few } else { many };
        let soonest = state.failed_at.map_or(now, |at| at + rest).clamp(now, now + rest);
        if state.until.is_some_and(|until| until > soonest) {
            state.until = Some(soonest);
        }
        soonest
    }

    /// There is reason to think that the peer may be reached, such as an old checkpoint of it that anybody could have brought, or
    /// another peer that is back. Gives whether it is tried before its time: [`EARLY_A_DAY`] times a day, until it is reached.
    pub(super) fn may_be_back(&self, now: DateTime<Utc>) -> bool {
        let mut state = self.state();
        if state.until.is_none_or(|until| until <= now) {
            return true;
        }
        let lately = |early: &Option<DateTime<Utc>>| early.is_some_and(|at| (now - at).abs() < TimeDelta::days(1));
        let Some(free) = state.early.iter().position(|early| !lately(early)) else { return false };
        state.early[free] = Some(now);
        state.until = Some(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().expect("a time")
    }

    /// Tries a dead peer whenever it may be for so long, with what `meanwhile` does each minute, and gives when it was tried.
    fn tries_of_a_dead_peer(seed: u64, hours: i64, meanwhile: impl Fn(&Reach, DateTime<Utc>)) -> Vec<DateTime<Utc>> {
        let (reach, dice, end) = (Reach::default(), Dice::seeded(seed), noon() + TimeDelta::hours(hours));
        let (mut now, mut tries) = (noon(), Vec::new());
        while now < end {
            meanwhile(&reach, now);
            if reach.put_off(Work::Pull, now).is_none() {
                tries.push(now);
                reach.failed(reach.begin(), now, &dice);
            }
            let next = reach.put_off(Work::Pull, now).expect("put off");
            now = next.min(now + TimeDelta::minutes(1));
        }
        tries
    }

    fn most_in_a_day(tries: &[DateTime<Utc>]) -> usize {
        let within =
            |first: &DateTime<Utc>| tries.iter().filter(|at| (*first..*first + TimeDelta::days(1)).contains(at)).count();
        tries.iter().map(within).max().unwrap_or(0)
    }

    #[test]
    fn a_dead_peer_is_tried_at_most_24_times_in_any_day_whatever_others_say() {
        for seed in 0..200 {
            let quiet = tries_of_a_dead_peer(seed, 72, |_, _| {});
            assert!(most_in_a_day(&quiet) <= 22, "seed {seed}: {}", most_in_a_day(&quiet));
            let hinted = tries_of_a_dead_peer(seed, 72, |reach, now| {
                reach.may_be_back(now);
            });
            assert!(most_in_a_day(&hinted) <= 24, "seed {seed}: {}", most_in_a_day(&hinted));
            assert!(hinted.len() > quiet.len() || seed > 0, "hints do something");
        }
    }

    #[test]
    fn the_longer_a_peer_was_away_the_longer_the_next_try_may_wait() {
        for seed in 0..500 {
            let tries = tries_of_a_dead_peer(seed, 24, |_, _| {});
            for pair in tries.windows(2) {
                let (away, wait) = (pair[0] - noon(), pair[1] - pair[0]);
                let most = match away.num_seconds() {
                    ..156 => TimeDelta::seconds(50),
                    156..290 => TimeDelta::seconds(225),
                    290..740 => TimeDelta::seconds(750),
                    740..2_090 => TimeDelta::seconds(2_250),
                    _ => TimeDelta::hours(3),
                };
                assert!(wait <= most, "seed {seed}: away for {away}, and then a wait of {wait}");
            }
        }
    }

    #[test]
    fn two_that_try_each_other_after_a_day_meet_within_three_hours_and_within_one_on_average() {
        let waits: Vec<TimeDelta> = (0..500)
            .map(|seed| {
                let healed = noon() + TimeDelta::hours(24);
                let first = |seed| *tries_of_a_dead_peer(seed, 28, |_, _| {}).iter().find(|at| **at >= healed).expect("a try");
                first(2 * seed).min(first(2 * seed + 1)) - healed
            })
            .collect();
        let mean = waits.iter().sum::<TimeDelta>() / 500;
        assert!(waits.iter().all(|wait| *wait <= TimeDelta::hours(3)) && mean <= TimeDelta::hours(1), "{mean} on average");
    }

    #[test]
    fn an_answer_that_proves_itself_begins_the_ladder_anew() {
        let (reach, dice) = (Reach::default(), Dice::seeded(1));
        for _ in 0..15 {
            reach.failed(reach.begin(), noon(), &dice);
        }
        let begun = reach.begin();
        assert!(reach.put_off(Work::Pull, noon() + TimeDelta::hours(2)).is_some());
        assert!(reach.answered() && reach.was_reached_since(begun));
        assert_eq!(reach.put_off(Work::Announce, noon()), None);
        assert!(!reach.answered(), "it was not away");
        assert!(reach.failed(reach.begin(), noon(), &dice) <= Duration::from_secs(3));
    }

    #[test]
    fn failures_of_two_pieces_of_work_at_one_time_count_once() {
        let (reach, dice) = (Reach::default(), Dice::seeded(1));
        let [one, other] = [reach.begin(), reach.begin()];
        let wait = reach.failed(one, noon(), &dice);
        assert_eq!(reach.failed(other, noon(), &dice), wait);
        assert_eq!(reach.begin().failures, 1);
    }

    #[test]
    fn other_work_waits_until_the_log_was_asked_for() {
        let (reach, dice) = (Reach::default(), Dice::seeded(1));
        reach.failed(reach.begin(), noon(), &dice);
        let [log, other] = [Work::Pull, Work::Announce].map(|work| reach.put_off(work, noon()).expect("put off"));
        assert_eq!(other - log, LOG_FIRST);
    }

    #[test]
    fn a_sign_of_life_ends_the_wait_at_once_and_once_a_minute_at_most() {
        let (reach, dice) = (Reach::default(), Dice::seeded(1));
        for _ in 0..15 {
            reach.failed(reach.begin(), noon(), &dice);
        }
        assert_eq!(reach.shows_life(noon()), noon() + TimeDelta::minutes(1));
        assert_eq!(reach.put_off(Work::Pull, noon()), Some(noon() + TimeDelta::minutes(1)));
        let later = noon() + TimeDelta::hours(1);
        assert_eq!((reach.shows_life(later), reach.put_off(Work::Pull, later)), (later, None));
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_keep_a_peer_waiting() {
        let (reach, dice) = (Reach::default(), Dice::seeded(1));
        for _ in 0..15 {
            reach.failed(reach.begin(), noon(), &dice);
        }
        let before = noon() - TimeDelta::days(3_650);
        assert_eq!(reach.put_off(Work::Pull, before), None);
        assert_eq!(reach.shows_life(before), before + SIGNS_AT_MOST_EVERY.1);
    }
}

//! Round after round, with a wait between: what time it is and how one waits are parameters.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::cli::{ExitCode, Failure};
use crate::clock::{Clock, SystemClock};

/// The time that rounds go by.
pub(super) trait Pace {
    /// What time it is.
    fn now(&self) -> DateTime<Utc>;

    /// Waits between two rounds; whether there is to be another one.
    fn wait(&mut self, interval: Duration) -> bool;
}

/// The time of this machine. It goes on until the process is ended.
pub(super) struct RealPace;

impl Pace for RealPace {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now()
    }

    fn wait(&mut self, interval: Duration) -> bool {
        std::thread::sleep(interval);
        true
    }
}

/// Does rounds until one is the last. A round that fails is told of by `tell`, since the next one may go better; a log that is broken is
/// not looked at any further, and where nothing lies that could be looked up there is nothing to wait for.
pub(super) fn go_on(
    once: bool,
    interval: Duration,
    pace: &mut dyn Pace,
    round: &mut dyn FnMut(DateTime<Utc>) -> Result<ExitCode, Failure>,
    tell: &dyn Fn(&Failure),
) -> Result<ExitCode, Failure> {
    loop {
        let outcome = round(pace.now());
        match &outcome {
            Ok(ExitCode::Integrity) => return outcome,
            Err(failure) if matches!(failure.exit_code(), ExitCode::Integrity | ExitCode::NothingToCheck) => return outcome,
            _ if once => return outcome,
            Err(failure) => tell(failure),
            Ok(_) => {}
        }
        if !pace.wait(interval) {
            return outcome;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use chrono::TimeDelta;

    use super::*;
    use crate::cli::watch::WatchError;

    const HOUR: Duration = Duration::from_hours(1);

    /// Moves on by each wait, and ends after so many.
    struct FakePace {
        now: DateTime<Utc>,
        left: u32,
    }

    impl Pace for FakePace {
        fn now(&self) -> DateTime<Utc> {
            self.now
        }

        fn wait(&mut self, interval: Duration) -> bool {
            self.now += interval;
            self.left -= 1;
            self.left > 0
        }
    }

    fn failure() -> Failure {
        WatchError::NoIndex("nowhere".to_owned()).into()
    }

    /// The times of the rounds in hours, how it ended, and how many failures were told.
    fn watched(once: bool, outcomes: &[Result<ExitCode, ()>]) -> (Vec<i64>, Result<ExitCode, ExitCode>, usize) {
        let begun = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let mut pace = FakePace { now: begun, left: 5 };
        let (mut rounds, told) = (Vec::new(), RefCell::new(0));
        let mut round = |now: DateTime<Utc>| {
            rounds.push((now - begun).num_hours());
            outcomes.get(rounds.len() - 1).copied().unwrap_or(Ok(ExitCode::Done)).map_err(|()| failure())
        };
        let ended = go_on(once, HOUR, &mut pace, &mut round, &|_| *told.borrow_mut() += 1);
        (rounds, ended.map_err(|failure| failure.exit_code()), told.into_inner())
    }

    #[test]
    fn there_is_a_round_at_once_and_then_one_each_interval() {
        assert_eq!(watched(false, &[]), (vec![0, 1, 2, 3, 4], Ok(ExitCode::Done), 0));
    }

    #[test]
    fn a_round_that_fails_is_told_of_and_the_next_one_comes_all_the_same() {
        let outcomes = [Err(()), Ok(ExitCode::Refused), Err(())];
        assert_eq!(watched(false, &outcomes), (vec![0, 1, 2, 3, 4], Ok(ExitCode::Done), 2));
    }

    #[test]
    fn a_broken_log_ends_it_and_so_does_the_first_round_when_there_is_to_be_one() {
        assert_eq!(watched(false, &[Err(()), Ok(ExitCode::Integrity)]), (vec![0, 1], Ok(ExitCode::Integrity), 1));
        let empty = go_on(
            false,
            HOUR,
            &mut FakePace { now: DateTime::UNIX_EPOCH, left: 5 },
            &mut |_| Err(WatchError::Empty(String::new()).into()),
            &|_| (),
        );
        assert_eq!(empty.map_err(|failure| failure.exit_code()), Err(ExitCode::NothingToCheck));
        assert_eq!(watched(true, &[Ok(ExitCode::Refused)]), (vec![0], Ok(ExitCode::Refused), 0));
        assert_eq!(watched(true, &[Err(())]), (vec![0], Err(ExitCode::Unreachable), 0));
    }
}

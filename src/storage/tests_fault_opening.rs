//! Promise D6 where a server starts: whichever calls of opening fail, on whatever an earlier end left, the next start finds a
//! sound log. And for cosignatures: none is shown that was not kept.

use super::fault_trial::*;
use super::faulty::{Call, Failure};
use super::sample::*;
use crate::ledger::ports::HeadRecord;
use crate::ledger::{CosignatureStore, OpenError, StoreError};

/// What a server finds when it starts.
#[derive(Debug, Clone, Copy)]
enum Found {
    /// An empty folder.
    Nothing,
    /// What an orderly end left.
    InOrder,
    /// What a server left that was killed when this call failed.
    KilledAt(Call, Failure),
    /// A head record that is older than the newest checkpoint.
    OlderRecord,
}

const EVERYTHING_FOUND: [Found; 8] = [
    Found::Nothing,
    Found::InOrder,
    Found::KilledAt(Call::Append, Failure::Before),
    Found::KilledAt(Call::Append, Failure::After),
    Found::KilledAt(Call::WriteRecord, Failure::After),
    Found::KilledAt(Call::Publish, Failure::Before),
    Found::KilledAt(Call::Publish, Failure::After),
    Found::OlderRecord,
];

impl Found {
    fn trial(self) -> Trial {
        match self {
            Self::Nothing => Trial::nowhere(2),
            Self::InOrder => {
                let mut trial = Trial::new(255, 2);
                trial.stop();
                trial
            }
            Self::KilledAt(call, failure) => Trial::killed_at(255, 2, (call, failure)),
            Self::OlderRecord => {
                let mut trial = Trial::new(255, 2);
                let older = trial.place.recorded();
                trial.round();
                trial.stop();
                trial.place.record().write(&older).expect("written");
                trial
            }
        }
    }

    /// Opens as often as there are faults, each counted from the beginning of its opening, and once without. Gives how many calls
    /// the last one made.
    fn open(self, faults: &[(usize, Failure)]) -> usize {
        let mut trial = self.trial();
        trial.board.take_calls();
        for (n, failure) in faults {
            trial.board.fail_nth(*n, *failure);
            match trial.try_open() {
                Err(OpenError::Store(StoreError::Unavailable { .. })) => {}
                Err(other) => panic!("{self:?}, {faults:?}: {other}"),
                Ok(()) => panic!("{self:?}, {faults:?}: a call failed and it opened"),
            }
            trial.board.heal();
        }
        trial.board.take_calls();
        trial.try_open().unwrap_or_else(|e| panic!("{self:?}, {faults:?}: {e}"));
        let calls = trial.board.take_calls().len();
        trial.post_until_acknowledged(0, Then::GoesOn);
        trial.assert_sound();
        calls
    }
}

#[test]
fn whichever_call_of_opening_fails_the_next_start_goes_on_from_whatever_was_found() {
    let stride = every(7);
    let (mut case, mut ran) = (0, 0);
    for found in EVERYTHING_FOUND {
        for n in 0..found.open(&[]) {
            for failure in WAYS {
                case += 1;
                if case % stride == 0 {
                    found.open(&[(n, failure)]);
                    ran += 1;
                }
            }
        }
    }
    tell("opening, one fault", ran, case);
}

#[test]
fn an_opening_that_fails_after_an_opening_that_failed_loses_nothing_either() {
    let stride = every(97);
    let (mut case, mut ran) = (0, 0);
    for found in EVERYTHING_FOUND {
        for n in 0..found.open(&[]) {
            for first in WAYS {
                // How many calls the second opening makes depends on what the first one did.
                case += 1;
                if case % stride != 0 {
                    continue;
                }
                for m in 0..found.open(&[(n, first)]) {
                    for second in WAYS {
                        found.open(&[(n, first), (m, second)]);
                        ran += 1;
                    }
                }
            }
        }
    }
    tell("opening, two faults", ran, ran);
}

#[test]
fn whichever_call_of_cosigning_fails_a_cosignature_that_was_shown_is_never_taken_back() {
    for failure in WAYS {
        for n in 0.. {
            let mut trial = Trial::new(255, 1);
            trial.place.clock.advance(seconds(60));
            trial.board.fail_nth(n, failure);
            let failed = trial.server().ledger.refresh_cosignature().is_err();
            assert_eq!(failed, trial.board.take_calls().len() > n, "whoever asks is told");
            let shown = trial.server().ledger.published().cosignatures.clone();
            assert_eq!(shown[0].time == start(), failed, "what is not known to be kept is not shown");
            trial.is_killed();
            trial.reopen(0);
            let kept = trial.server().ledger.published().cosignatures.clone();
            assert!(kept.len() == 1 && kept[0].time >= shown[0].time, "call {n} {failure:?}: {shown:?}, then {kept:?}");
            let signed = u64::try_from(kept[0].time.timestamp()).expect("after 1970");
            assert!(trial.server().store.last_signed_time().expect("readable") >= signed);
            trial.server().ledger.refresh_cosignature().expect("the fault is over");
            assert_eq!(trial.server().ledger.published().cosignatures[0].time, start() + seconds(60));
            trial.post_until_acknowledged(0, Then::GoesOn);
            trial.assert_sound();
            if !failed {
                assert!(n > 0, "cosigning makes calls");
                break;
            }
        }
    }
}

//! Promise D6 in its first form: every call on the way of one batch fails once, in both ways, and nothing that was
//! acknowledged is lost, nothing is signed twice, and the log goes on.

use super::faulty::{Call, Failure, Switchboard, wrap};
use super::sample::*;
use crate::ledger::{Ledger, Provenance, Refusal, Sequenced, Step, Submission, Submitted};
use crate::tlog::SignedCheckpoint;

/// A server with three notices, and the switchboard in front of its ports.
struct Trial {
    place: Place,
    server: Server,
    board: Switchboard,
    /// Every checkpoint that was ever shown.
    shown: Vec<Vec<u8>>,
}

impl Trial {
    fn new() -> Self {
        let place = Place::new();
        let board = Switchboard::default();
        let mut server = place.open_faulty(&board).expect("opens");
        server.put_all(many(&Person::new(1), 0..3));
        let shown = vec![server.ledger.published().checkpoint.clone()];
        Self { place, server, board, shown }
    }

    /// Queues all of it in one batch and steps once; the answers in order.
    fn batch(&mut self, submissions: &[Submission]) -> Vec<Result<Sequenced, Refusal>> {
        let queued: Vec<_> = submissions.iter().map(|s| self.server.ledger.submit(s.clone(), Provenance::Client)).collect();
        self.server.sequencer.step();
        let answer = |queued| match queued {
            Ok(Submitted::Queued(mut ticket)) => ticket.try_recv().expect("answered at once"),
            Ok(Submitted::Waiting(waiting)) => panic!("it waits for its domain: {waiting:?}"),
            Ok(Submitted::Known(entry)) => Ok(Sequenced { index: entry.index, size: self.server.size(), fresh: None }),
            Err(refusal) => Err(refusal),
        };
        let answers = queued.into_iter().map(answer).collect();
        self.shown.push(self.server.ledger.published().checkpoint.clone());
        answers
    }

    /// What must hold whatever failed: acknowledged entries are proved, one root a size, and fsck finds nothing.
    fn assert_sound(&self, acknowledged: &[Sequenced]) {
        for placed in acknowledged {
            assert_proved(&self.server.receipt(*placed));
        }
        let mut roots = std::collections::BTreeMap::new();
        for bytes in &self.shown {
            let signed = SignedCheckpoint::parse_and_verify(bytes, &identity().log).expect("signed");
            let (size, root) = (signed.checkpoint().size(), *signed.checkpoint().root());
            assert_eq!(*roots.entry(size).or_insert(root), root, "two roots at size {size}");
        }
        assert_eq!(self.place.faults(), [""; 0]);
    }
}

impl Place {
    fn open_faulty(&self, board: &Switchboard) -> Result<Server, crate::ledger::OpenError> {
        let store = self.folder().open_store()?;
        let (ledger, sequencer) = Ledger::open(wrap(self.opening(&store, open_policy()), board))?;
        Ok(self.server(ledger, sequencer, store))
    }
}

/// The calls of a batch that nothing disturbs.
fn undisturbed() -> Vec<Call> {
    let mut trial = Trial::new();
    trial.board.take_calls();
    for answer in trial.batch(&many(&Person::new(2), 0..3)) {
        answer.expect("accepted");
    }
    trial.board.take_calls()
}

#[test]
fn the_switchboard_sees_every_step_of_the_commit() {
    let calls = undisturbed();
    let writes = |call: &&Call| matches!(call, Call::Append | Call::WriteRecord | Call::Publish | Call::KeepCosignature);
    assert_eq!(calls.iter().filter(writes).collect::<Vec<_>>(), [&Call::Append, &Call::WriteRecord, &Call::Publish]);
    for read in [Call::EntriesOfPayload, Call::Index, Call::Entries, Call::Tile] {
        assert!(calls.contains(&read), "{read:?}");
    }
}

#[test]
fn whichever_call_of_a_batch_fails_what_was_acknowledged_stays_and_posting_again_helps() {
    let calls = undisturbed();
    for (n, call) in calls.iter().enumerate() {
        for failure in [Failure::Before, Failure::After] {
            let mut trial = Trial::new();
            let batch = many(&Person::new(2), 0..3);
            trial.board.fail_nth(n, failure);
            let answers = trial.batch(&batch);
            let acknowledged: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok().copied()).collect();
            for refusal in answers.iter().filter_map(|answer| answer.as_ref().err()) {
                assert_eq!(refusal.rule(), "storage-unavailable", "call {n} {call:?} {failure:?}");
            }
            assert!(acknowledged.len() < 3, "call {n} {call:?} {failure:?} failed, and somebody was told");
            // Whoever was refused posts again, and gets an entry: the same one if it was written after all.
            let again = trial.batch(&batch);
            let again: Vec<_> = again.into_iter().map(|answer| answer.expect("the fault is over")).collect();
            assert_eq!(trial.server.size(), 6, "call {n} {call:?} {failure:?}");
            trial.assert_sound(&again);
            for placed in &acknowledged {
                assert!(again.iter().any(|a| a.index == placed.index), "an acknowledged index moved");
            }
        }
    }
}

#[test]
fn whichever_call_of_a_batch_fails_a_restart_finds_a_sound_log() {
    let calls = undisturbed();
    for n in 0..calls.len() {
        for failure in [Failure::Before, Failure::After] {
            let mut trial = Trial::new();
            trial.board.fail_nth(n, failure);
            let answers = trial.batch(&many(&Person::new(2), 0..3));
            let acknowledged: Vec<_> = answers.into_iter().filter_map(Result::ok).collect();
            trial.board.heal();
            let Trial { place, server, board, shown } = trial;
            drop(server);
            let server = place.open_faulty(&board).expect("opens");
            let mut trial = Trial { place, server, board, shown };
            trial.batch(&[]);
            trial.assert_sound(&acknowledged);
        }
    }
}

#[test]
fn whichever_call_of_opening_fails_the_next_opening_succeeds() {
    let calls = {
        let place = Place::new();
        let board = Switchboard::default();
        place.open_faulty(&board).expect("opens");
        board.take_calls()
    };
    for (n, call) in calls.iter().enumerate() {
        for failure in [Failure::Before, Failure::After] {
            let place = Place::new();
            let board = Switchboard::default();
            board.fail_nth(n, failure);
            assert!(place.open_faulty(&board).is_err(), "call {n} {call:?}");
            board.heal();
            let mut server = place.open_faulty(&board).expect("opens the second time");
            server.put_all(many(&Person::new(1), 0..1));
            assert_eq!(place.faults(), [""; 0]);
        }
    }
}

#[test]
fn what_was_appended_but_not_published_is_published_by_the_next_step_even_when_nobody_posts() {
    for call in [Call::WriteRecord, Call::Publish] {
        let mut trial = Trial::new();
        trial.board.fail_all(call, Failure::Before);
        assert!(trial.batch(&many(&Person::new(2), 0..2)).iter().all(Result::is_err));
        assert_eq!(trial.server.size(), 3, "what nobody signed is not shown");
        trial.server.sequencer.step();
        assert_eq!(trial.server.size(), 3, "{call:?} still fails");
        trial.board.heal();
        assert_eq!(trial.server.sequencer.step(), Step::Idle);
        assert_eq!(trial.server.size(), 5);
        trial.assert_sound(&[]);
    }
}

#[test]
fn a_store_that_cannot_read_refuses_and_promises_nothing() {
    let mut trial = Trial::new();
    for call in [Call::EntriesOfPayload, Call::Index, Call::RecordsOf] {
        trial.board.fail_all(call, Failure::Before);
        let (_, submission) = Person::new(2).says(&report("Faces", "doi:10.5555/faces"));
        assert_eq!(trial.server.refusal(submission).rule(), "storage-unavailable");
        trial.board.heal();
    }
    trial.assert_sound(&[]);
}

#[test]
fn a_cosignature_that_could_not_be_kept_is_not_shown() {
    let trial = Trial::new();
    let before = trial.server.ledger.published().cosignatures.clone();
    trial.place.clock.advance(seconds(60));
    trial.board.fail_all(Call::KeepCosignature, Failure::Before);
    assert!(trial.server.ledger.refresh_cosignature().is_err());
    assert_eq!(trial.server.ledger.published().cosignatures, before);
    trial.board.heal();
    trial.server.ledger.refresh_cosignature().expect("kept");
    assert_eq!(trial.server.ledger.published().cosignatures[0].time, start() + seconds(60));
}

#[test]
fn a_bit_that_flips_before_signing_halts_the_log_and_reads_go_on() {
    let mut trial = Trial::new();
    trial.board.fail_all(Call::WriteRecord, Failure::Before);
    assert!(trial.batch(&many(&Person::new(2), 0..2)).iter().all(Result::is_err));
    trial.board.heal();
    trial.place.sql("UPDATE entries SET bytes = CAST(replace(bytes, 'sig', 'sih') AS BLOB) WHERE idx = 4");
    assert_eq!(trial.server.sequencer.step(), Step::Halted);
    assert!(trial.server.ledger.is_halted());
    let refusal = trial.server.refusal(many(&Person::new(3), 0..1).remove(0));
    assert_eq!(refusal.rule(), "log-halted");
    let answers = trial.server.ledger.check(&["doi:10.5555/set-0".to_owned()]).expect("reads go on");
    assert_eq!((answers.tree_size, answers.answers.len()), (3, 1));
}

/// Two faults in one run: the second hits the repair of the first (a log was lost to just this).
#[test]
fn a_second_fault_during_the_repair_of_the_first_is_survived_too() {
    let first = [Call::Append, Call::WriteRecord, Call::Publish];
    for call in first {
        for failure in [Failure::Before, Failure::After] {
            for second in 0.. {
                let mut trial = Trial::new();
                let batch = many(&Person::new(2), 0..2);
                trial.board.fail_all(call, failure);
                assert!(trial.batch(&batch).iter().all(Result::is_err));
                trial.board.heal();
                trial.board.take_calls();
                trial.board.fail_nth(second, failure);
                trial.server.sequencer.step();
                if trial.board.take_calls().len() <= second {
                    assert!(second > 3, "the repair reads and writes");
                    break;
                }
                let placed: Vec<_> = trial.batch(&batch).into_iter().map(|a| a.expect("both are over")).collect();
                assert_eq!(trial.server.size(), 5, "{call:?} {failure:?}, then call {second}");
                trial.assert_sound(&placed);
            }
        }
    }
}

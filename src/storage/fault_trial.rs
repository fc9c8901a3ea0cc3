//! Trials of a ledger whose ports fail: a batch that clients post until they are told that it is there, and what must hold in
//! the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fault_judge::*;
use super::fault_start::{Files, Start};
use super::faulty::{Call, Failure, Switchboard, wrap};
use super::sample::*;
use crate::clock::Clock;
use crate::ledger::ports::LogRead;
use crate::ledger::{Ledger, OpenError, Provenance, StoreError, Submission, Submitted};
use crate::notice::NoticeId;
use crate::tlog::{Hash, SignedCheckpoint};

/// Both ways to fail.
pub(super) const WAYS: [Failure; 2] = [Failure::Before, Failure::After];

/// Every so many of the cases of a test are run: all of them when `PALINODE_FAULTS=all`.
#[expect(clippy::disallowed_methods, reason = "how much is tested is asked for by a variable")]
pub(super) fn every(stride: usize) -> usize {
    if std::env::var("PALINODE_FAULTS").is_ok_and(|which| which == "all") { 1 } else { stride }
}

/// Tells how much was run: a matrix that shrank to nothing would pass.
pub(super) fn tell(what: &str, ran: usize, of: usize) {
    eprintln!("{what}: {ran} of {of} cases");
    assert!(ran > 0);
}

/// One notice of the batch.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) submission: Submission,
    pub(super) id: NoticeId,
    pub(super) subject: String,
}

/// Different notices by somebody who has none in the log yet; every third brings a document.
pub(super) fn wanted(count: usize) -> Vec<Wanted> {
    let person = Person::new(2);
    let one = |n: usize| {
        let (title, subject) = (format!("Wanted {n}"), format!("doi:10.5555/wanted-{n}"));
        let (id, submission) = match n % 3 {
            1 => person.says(&explained(&title, &subject, "The people in these pictures were never asked.")),
            _ => person.says(&report(&title, &subject)),
        };
        Wanted { submission, id, subject }
    };
    (0..count).map(one).collect()
}

/// What becomes of the server after a batch that was not acknowledged whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// Clients post again at once.
    GoesOn,
    /// A step without work comes first, which repairs.
    Mends,
    /// It is stopped in an orderly way and started again.
    Restarts,
    /// It is killed: the next one finds what lay on the disk at that moment.
    IsKilled,
}

pub(super) const EVERY_END: [Then; 4] = [Then::GoesOn, Then::Mends, Then::Restarts, Then::IsKilled];

/// A server whose ports fail, and what its clients were told.
pub(super) struct Trial {
    pub(super) place: Place,
    pub(super) board: Switchboard,
    pub(super) server: Option<Server>,
    start: Arc<Start>,
    wanted: Vec<Wanted>,
    /// Number in the batch and index in the log of what was acknowledged.
    acknowledged: BTreeMap<usize, u64>,
    /// Every checkpoint that was ever shown.
    shown: Vec<Vec<u8>>,
}

impl Trial {
    /// A server that was opened without a fault.
    pub(super) fn new(start: u64, batch: usize) -> Self {
        let start = Start::of(start);
        let mut trial = Self::unopened(start.files.put_down(), start, batch);
        trial.try_open().expect("opens");
        trial.board.take_calls();
        trial
    }

    /// The folder that a server left which was killed when this call of its batch failed. It is not opened yet.
    pub(super) fn killed_at(start: u64, batch: usize, (call, failure): (Call, Failure)) -> Self {
        let mut trial = Self::new(start, batch);
        trial.board.fail_all(call, failure);
        trial.round();
        trial.board.heal();
        trial.is_killed();
        trial
    }

    /// A folder in which nothing lies yet.
    pub(super) fn nowhere(batch: usize) -> Self {
        let nothing = Start { files: Files(Vec::new()), leaves: Vec::new(), shown: Vec::new() };
        Self::unopened(Place::in_memory(), Arc::new(nothing), batch)
    }

    fn unopened(place: Place, start: Arc<Start>, batch: usize) -> Self {
        let (board, shown) = (Switchboard::default(), start.shown.clone());
        Self { place, board, server: None, start, wanted: wanted(batch), acknowledged: BTreeMap::new(), shown }
    }

    /// The server is killed, and another one will find what lies on the disk now.
    pub(super) fn is_killed(&mut self) {
        let killed = Files::of(&self.place).put_down();
        killed.clock.set(self.place.clock.now());
        self.server = None;
        self.place = killed;
    }

    /// The server is stopped in an orderly way.
    pub(super) fn stop(&mut self) {
        self.server = None;
    }

    /// Opens a server; a checkpoint that it shows is seen.
    pub(super) fn try_open(&mut self) -> Result<(), OpenError> {
        let store = self.place.folder().open_store()?;
        let (ledger, sequencer) = Ledger::open(wrap(self.place.opening(&store, open_policy()), &self.board))?;
        self.server = Some(self.place.server(ledger, sequencer, store));
        self.see();
        Ok(())
    }

    pub(super) fn server(&self) -> &Server {
        self.server.as_ref().expect("it runs")
    }

    fn see(&mut self) {
        let shown = self.server().ledger.published().checkpoint.clone();
        if self.shown.last() != Some(&shown) {
            self.shown.push(shown);
        }
    }

    /// Clients post in one batch what nobody acknowledged yet.
    pub(super) fn round(&mut self) {
        let server = self.server.as_mut().expect("it runs");
        let waiting: Vec<usize> = (0..self.wanted.len()).filter(|n| !self.acknowledged.contains_key(n)).collect();
        let post = |n: usize| (n, server.ledger.submit(self.wanted[n].submission.clone(), Provenance::Client));
        let posted: Vec<_> = waiting.into_iter().map(post).collect();
        server.sequencer.step();
        let size = server.size();
        for (n, posted) in posted {
            let answer = match posted {
                Ok(Submitted::Queued(mut ticket)) => ticket.try_recv().expect("answered at once").map(|placed| placed.index),
                Ok(Submitted::Known(entry)) => Ok(entry.index),
                Ok(Submitted::Waiting(_)) => unreachable!("nobody here speaks for a domain"),
                Err(refusal) => Err(refusal),
            };
            match answer {
                Ok(index) => {
                    assert!(index < size, "entry {index} was acknowledged at size {size}");
                    self.acknowledged.insert(n, index);
                }
                Err(refusal) => assert_eq!(refusal.rule(), "storage-unavailable", "{refusal}"),
            }
        }
        self.see();
    }

    /// Whether every client was told that its notice is there.
    pub(super) fn is_acknowledged(&self) -> bool {
        self.acknowledged.len() == self.wanted.len()
    }

    /// Clients post until all of it is acknowledged, which takes no more rounds than there are faults, and one.
    pub(super) fn post_until_acknowledged(&mut self, faults: usize, then: Then) {
        for _ in 0..=faults {
            self.round();
            if self.is_acknowledged() {
                return;
            }
            match then {
                Then::GoesOn => {}
                Then::Mends => {
                    self.server.as_mut().expect("it runs").sequencer.step();
                    self.see();
                }
                Then::Restarts => {
                    self.stop();
                    self.reopen(faults);
                }
                Then::IsKilled => {
                    self.is_killed();
                    self.reopen(faults);
                }
            }
        }
        panic!("{} of {} are acknowledged and no fault is left", self.acknowledged.len(), self.wanted.len());
    }

    /// Opens, as often as faults hit the opening itself.
    pub(super) fn reopen(&mut self, faults: usize) {
        for _ in 0..=faults {
            match self.try_open() {
                Ok(()) => return,
                Err(OpenError::Store(StoreError::Unavailable { .. })) => {}
                Err(other) => panic!("it does not open again: {other}"),
            }
        }
        panic!("it does not open, and no fault is left");
    }

    /// What must hold whatever failed: what was acknowledged is there with proof and is found, nothing is there twice, each size
    /// ever shown has one root, which is that of a log that never failed, and `fsck` finds nothing.
    pub(super) fn assert_sound(mut self) {
        self.board.heal();
        self.server.as_mut().expect("it runs").sequencer.step();
        self.see();
        let server = self.server();
        let published = server.ledger.published();
        let leaves = server.leaves();
        assert_eq!(leaves[..self.start.leaves.len()], self.start.leaves[..], "what was there stays where it was");
        assert_eq!(leaves.len(), leaves.iter().collect::<BTreeSet<_>>().len(), "nothing stands there twice");
        let stored = server.store.newest_published().expect("readable").map(|newest| newest.checkpoint);
        assert_eq!(stored.as_ref(), Some(&published.checkpoint), "what is shown is published durably");
        assert_eq!(published.cosignatures.len(), 1, "the newest checkpoint has our cosignature");
        for (n, index) in &self.acknowledged {
            let wanted = &self.wanted[*n];
            let entry = &server.ledger.changes(*index, 1).expect("readable")[0];
            assert_eq!(entry.payload_id, wanted.id, "what was acknowledged stands at its index");
            let receipt = server.ledger.receipt(entry, true, [7; 32]).expect("a receipt");
            assert_proved(&receipt);
            assert_eq!(receipt.entry, leaves[usize::try_from(*index).expect("small")]);
        }
        self.assert_found();
        let counted = server.ledger.count_notices().expect("the index takes rows");
        assert_eq!(counted, leaves.len() as u64, "the index has every notice in its file");
        self.assert_found();
        self.assert_one_root_a_size(&leaves);
        let checkpoint = published.checkpoint.clone();
        assert_eq!(self.place.recorded_checkpoint(), checkpoint, "the record guards the newest checkpoint");
        self.server = None;
        assert_eq!(faults_of(&self.place), [""; 0]);
        let again = self.place.open();
        assert_eq!(again.ledger.published().checkpoint, checkpoint, "the next start shows the same");
        assert_eq!(again.leaves(), leaves);
    }

    /// Nothing that was acknowledged is hidden from whoever asks.
    pub(super) fn assert_found(&self) {
        ask_for(&self.server().ledger, &self.acknowledged()).expect("readable");
    }

    /// Every notice that was acknowledged, with what it retracts.
    pub(super) fn acknowledged(&self) -> Vec<(NoticeId, String)> {
        self.acknowledged.keys().map(|n| (self.wanted[*n].id, self.wanted[*n].subject.clone())).collect()
    }

    /// Clients post once more what was acknowledged: they get the same entries, or are refused for now.
    pub(super) fn post_again(&mut self) {
        let before = std::mem::take(&mut self.acknowledged);
        self.round();
        let again = std::mem::replace(&mut self.acknowledged, before);
        for (n, index) in again {
            assert_eq!(self.acknowledged.get(&n), Some(&index), "notice {n} was logged twice");
        }
    }

    fn assert_one_root_a_size(&self, leaves: &[Hash]) {
        let mut sizes = Vec::new();
        let mut said = BTreeMap::new();
        for bytes in &self.shown {
            let signed = SignedCheckpoint::parse_and_verify(bytes, &identity().log).expect("signed");
            let size = signed.checkpoint().size();
            sizes.push(size);
            assert_eq!(*said.entry(size).or_insert(bytes), bytes, "two checkpoints of size {size}");
            let entries = &leaves[..usize::try_from(size).expect("small")];
            assert_eq!(*signed.checkpoint().root(), root_of(entries), "size {size} has another root than its entries");
        }
        assert!(sizes.is_sorted(), "the log was shown shrinking: {sizes:?}");
        assert_eq!(sizes.last(), Some(&(leaves.len() as u64)));
    }
}

//! Trials of a ledger whose ports fail: a prepared log, a batch that clients post until they are told that it is there, and
//! what must hold in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

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

/// The files of a data folder, as a disk holds them. What SQLite shares in memory is left out: a crash loses it.
#[derive(Debug, Clone)]
pub(super) struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    /// In the order of their names, so that a database is read before the write-ahead log that outdoes it, and the index before
    /// the log that it follows.
    pub(super) fn of(place: &Place) -> Self {
        let names = std::fs::read_dir(place.path()).expect("a folder").map(|file| file.expect("a file").path());
        let wanted = |path: &Path| path.is_file() && !path.to_string_lossy().ends_with("-shm");
        let mut paths: Vec<_> = names.filter(|path| wanted(path)).collect();
        paths.sort();
        let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
        Self(paths.iter().map(|path| (name(path), std::fs::read(path).expect("readable"))).collect())
    }

    /// A folder of its own with these files.
    pub(super) fn put_down(&self) -> Place {
        let place = Place::in_memory();
        for (name, bytes) in &self.0 {
            std::fs::write(place.path().join(name), bytes).expect("written");
        }
        place
    }
}

/// A log of some size that was stopped in an orderly way, with every checkpoint that it ever showed.
#[derive(Debug)]
pub(super) struct Start {
    files: Files,
    leaves: Vec<Hash>,
    shown: Vec<Vec<u8>>,
}

impl Start {
    /// The log of this size, made once and grown from the largest smaller one.
    pub(super) fn of(size: u64) -> Arc<Self> {
        static MADE: Mutex<BTreeMap<u64, Arc<Start>>> = Mutex::new(BTreeMap::new());
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(start) = made.get(&size) {
            return start.clone();
        }
        let smaller = made.range(..size).next_back().map(|(from, start)| (*from, start.clone()));
        let (from, place, mut shown) = match smaller {
            Some((from, start)) => (from, start.files.put_down(), start.shown.clone()),
            None => (0, Place::in_memory().opened(), Vec::new()),
        };
        let mut server = place.open();
        for at in (from..size).step_by(256) {
            server.put_all(many(&Person::new(1), at..size.min(at + 256)));
        }
        shown.push(server.ledger.published().checkpoint.clone());
        let leaves = server.leaves();
        drop(server);
        let start = Arc::new(Self { files: Files::of(&place), leaves, shown });
        made.insert(size, start.clone());
        start
    }
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
        assert_eq!(self.place.recorded(), checkpoint, "the record guards the newest checkpoint");
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

/// Asks for all of them; an answer without one is a failure, an error is one for the caller to judge.
pub(super) fn ask_for(ledger: &Ledger, acknowledged: &[(NoticeId, String)]) -> Result<(), StoreError> {
    let asked: Vec<String> = acknowledged.iter().map(|(_, subject)| subject.clone()).collect();
    let answers = ledger.check(&asked)?.answers;
    for ((id, subject), answer) in acknowledged.iter().zip(answers) {
        let answer = answer.answer.expect("an identifier");
        assert!(answer.matches.iter().any(|found| found.notice == *id), "the notice about {subject} is hidden");
    }
    Ok(())
}

/// The Merkle tree hash of RFC 6962, section 2.1, word for word: shares nothing with the code that it judges.
pub(super) fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::from_bytes(Sha256::digest(b"").into()),
        [leaf] => *leaf,
        more => {
            let (left, right) = more.split_at(more.len().next_power_of_two() / 2);
            let (left, right) = (root_of(left), root_of(right));
            Hash::from_bytes(
                Sha256::new().chain_update([1]).chain_update(left.as_bytes()).chain_update(right.as_bytes()).finalize().into(),
            )
        }
    }
}

/// What `fsck` finds wrong in a folder on which no server runs. It reads nothing but rows and the record, so folders with the same
/// rows are looked at once.
pub(super) fn faults_of(place: &Place) -> Vec<String> {
    static LOOKED_AT: Mutex<BTreeMap<[u8; 32], Vec<String>>> = Mutex::new(BTreeMap::new());
    let known = |content| LOOKED_AT.lock().unwrap_or_else(PoisonError::into_inner).get(content).cloned();
    let content = content_of(place);
    if let Some(faults) = known(&content) {
        return faults;
    }
    let faults = place.faults();
    LOOKED_AT.lock().unwrap_or_else(PoisonError::into_inner).insert(content, faults.clone());
    faults
}

/// A hash over the head record and every row of every table in both files.
#[expect(clippy::disallowed_methods, reason = "tests look at the database behind the store's back")]
fn content_of(place: &Place) -> [u8; 32] {
    let mut hasher = Sha256::new().chain_update(place.recorded());
    for file in ["palinode.db", "index.db"] {
        let connection = rusqlite::Connection::open(place.path().join(file)).expect("opens");
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
        let mut select = connection.prepare(sql).expect("a statement");
        let names = select.query_map([], |row| row.get::<_, String>(0)).expect("runs");
        for name in names.map(|name| name.expect("a name")) {
            let mut rows = connection.prepare(&format!("SELECT * FROM \"{name}\"")).expect("a statement");
            let columns = rows.column_count();
            hasher.update(format!("{file} {name} {columns}\n"));
            let mut rows = rows.query([]).expect("runs");
            while let Some(row) = rows.next().expect("readable") {
                for column in 0..columns {
                    let value = row.get_ref(column).expect("a value");
                    let bytes = match value {
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
                        other => format!("{other:?}").into_bytes(),
                    };
                    hasher.update(format!("{:?} {} ", value.data_type(), bytes.len()));
                    hasher.update(bytes);
                }
            }
        }
    }
    hasher.finalize().into()
}

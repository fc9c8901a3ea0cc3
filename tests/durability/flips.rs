//! One random bit of the database flips, in the file of the log, in that of the index or in that of the bundles (promise D5). The start ends without a signature; or `fsck` finds it; or it has no effect:
//! `fsck` finds nothing because every answer is what it was. A wrong checkpoint is never signed, and nothing panics.
//!
//! Servers are started in this process, with real files and sockets, so that many flips can be tried.
//! `PALINODE_FLIPS` says how many; without it, 30. `PALINODE_SEED` repeats a run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use palinode::app::{self, Running, StartError, operator};
use palinode::clock::SystemClock;
use palinode::config::{Flags, ServerConfig, Settings};
use palinode::ledger::notices::NoticeSearch;
use palinode::ledger::{Ledger, Provenance, Submission, Submitted};
use palinode::tlog::{Frontier, Hash, SignedCheckpoint};
use proptest::prelude::Rng;
use tempfile::tempdir;

use crate::mounts::{copy_folder, fold_logs};
use crate::settings::{chance, number, seed};
use crate::speaker::{SignedNotice, Speaker};

/// How many notices stand in the log: enough for a full tile and inner pages.
const NOTICES: usize = 300;
/// One of so many is asked about by itself.
const SAMPLED: usize = 7;
/// Two seconds are promised; a machine that runs all tests at once is slower than a server.
const STARTS_WITHIN: Duration = Duration::from_secs(15);

fn settings(data: &Path) -> Settings {
    let flags = Flags { data: Some(data.to_owned()), listen: Some("127.0.0.1:0".parse().unwrap()), origin: None };
    ServerConfig::from_text("[server]\nworkers = 1\n", Path::new(""), [], &flags).unwrap()
}

async fn start(data: &Path) -> Result<Running, StartError> {
    app::start(settings(data), Arc::new(SystemClock)).await
}

/// Submits a notice as a client does; whether it was acknowledged.
fn submit(ledger: &Ledger, notice: &SignedNotice) -> bool {
    let body = Submission::parse(notice.body.to_json().as_ref()).unwrap();
    match ledger.submit(body, Provenance::Client) {
        Ok(Submitted::Known(_)) => true,
        Ok(Submitted::Queued(ticket)) => matches!(ticket.blocking_recv(), Ok(Ok(_))),
        Ok(Submitted::Waiting(_)) | Err(_) => false,
    }
}

/// Everything that is asked of a server before and after a flip. What the answers are is compared; an error is no answer.
fn ask_everything(ledger: &Ledger, notices: &[SignedNotice]) -> Vec<Option<String>> {
    let mut answers = Vec::new();
    let size = notices.len() as u64;
    answers.push(ledger.changes(0, size).ok().map(|entries| format!("{entries:?}")));
    for bundle in 0..size / 256 {
        answers.push(ledger.resource(&format!("tile/entries/{bundle:03}")).ok().map(|found| format!("{found:?}")));
    }
    // Every notice stands among the changes, and `fsck` compares its rows; the ways to an answer are the same for all.
    for (index, notice) in (0_u64..).zip(notices).step_by(SAMPLED) {
        answers.push(ledger.check(std::slice::from_ref(&notice.subject)).ok().map(|found| format!("{:?}", found.answers)));
        answers.push(ledger.notice(&notice.id).ok().map(|view| format!("{view:?}")));
        answers.push(ledger.inclusion_proof(index, size).ok().map(|proof| format!("{proof:?}")));
    }
    let words = NoticeSearch { words: "nobody".to_owned(), limit: 100, ..NoticeSearch::default() };
    for search in [NoticeSearch { limit: 100, ..NoticeSearch::default() }, words] {
        answers.push(ledger.search(&search).ok().map(|page| format!("{page:?}")));
    }
    answers
}

/// What became of one flip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Refused,
    FoundByFsck,
    NoEffect,
}

struct World {
    base: PathBuf,
    notices: Vec<SignedNotice>,
    answers: Vec<Option<String>>,
    next: SignedNotice,
}

/// Panics on any thread of this process since the test began.
static PANICS: AtomicUsize = AtomicUsize::new(0);

impl World {
    async fn new(base: PathBuf) -> Self {
        let speaker = Speaker::new();
        let notices: Vec<_> = (0..NOTICES).map(|n| speaker.report(&format!("flip-{n}"), "before a bit flipped")).collect();
        let running = start(&base).await.unwrap();
        let ledger = running.ledger().clone();
        let posted = notices.iter().map(|notice| Submission::parse(notice.body.to_json().as_ref()).unwrap());
        let mut tickets = Vec::new();
        for body in posted {
            let Submitted::Queued(ticket) = ledger.submit(body, Provenance::Client).unwrap() else { panic!("it is new") };
            tickets.push(ticket);
        }
        for ticket in tickets {
            ticket.await.unwrap().unwrap();
        }
        let (answers, notices) =
            tokio::task::spawn_blocking(move || (ask_everything(&ledger, &notices), notices)).await.unwrap();
        assert!(answers.iter().all(Option::is_some), "an undamaged server answers everything");
        running.stop().await;
        fold_logs(&base);
        Self { base, notices, answers, next: speaker.report("flip-next", "after a bit flipped") }
    }

    /// The root of the first `size` leaves, as it must be.
    fn root(&self, size: u64) -> Hash {
        let mut tree = Frontier::empty();
        for notice in self.notices.iter().chain([&self.next]).take(usize::try_from(size).unwrap()) {
            tree.append(notice.leaf);
        }
        assert_eq!(tree.size(), size, "more was signed than there is");
        tree.root()
    }

    async fn try_flip(self: &Arc<Self>, data: &Path, what: &str) -> Outcome {
        let begun = Instant::now();
        let started = start(data).await;
        assert!(begun.elapsed() < STARTS_WITHIN, "{what}: the start took {:?}", begun.elapsed());
        let running = match started {
            Ok(running) => running,
            Err(error) => {
                let said = error.to_string();
                assert!(error.is_contradiction(), "{what}: the start was refused as if the data were well: {error:?}");
                assert!(!said.contains("panic"), "{what}: {said}");
                return Outcome::Refused;
            }
        };
        let (ledger, world) = (running.ledger().clone(), self.clone());
        let seen = tokio::task::spawn_blocking(move || {
            let answers = ask_everything(&ledger, &world.notices);
            submit(&ledger, &world.next);
            (answers, ledger.published().checkpoint.clone(), ledger.identity().log.clone())
        });
        let (answers, checkpoint, key) = seen.await.unwrap();
        let signed = SignedCheckpoint::parse_and_verify(&checkpoint, &key).unwrap();
        let (size, root) = (signed.checkpoint().size(), *signed.checkpoint().root());
        assert_eq!(root, self.root(size), "{what}: a wrong checkpoint was signed at size {size}");
        running.stop().await;

        let (data, name) = (data.to_owned(), what.to_owned());
        let found = tokio::task::spawn_blocking(move || operator::fsck(&data, &mut |_, _| {})).await.unwrap();
        match found {
            Err(error) => {
                assert!(error.is_corrupt(), "{name}: fsck calls it out of reach: {error:?}");
                Outcome::FoundByFsck
            }
            Ok(report) if !report.faults.is_empty() => Outcome::FoundByFsck,
            Ok(_) => {
                for (now, before) in answers.iter().zip(&self.answers) {
                    assert_eq!(now, before, "{name}: an answer is another one, and fsck finds nothing");
                }
                Outcome::NoEffect
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_bit_is_refused_or_found_or_has_no_effect_and_nothing_wrong_is_signed() {
    let flips = number("PALINODE_FLIPS", 30);
    let seed = seed("flips");
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // Other tests of this process may fail by theirs.
        let is_of_tests = panic.location().is_some_and(|place| place.file().starts_with("tests/"));
        PANICS.fetch_add(usize::from(!is_of_tests), Ordering::Relaxed);
        hook(panic);
    }));
    let folder = tempdir().unwrap();
    let world = Arc::new(World::new(folder.path().join("base")).await);
    let mut outcomes: BTreeMap<Outcome, u64> = BTreeMap::new();
    for n in 0..flips {
        let data = folder.path().join("flipped");
        copy_folder(&world.base, &data);
        let mut dice = chance(seed, n);
        // Half of them hit the log.
        let file = ["palinode.db", "index.db", "palinode.db", "bundles"][usize::try_from(dice.next_u64() % 4).unwrap()];
        let mut bytes = std::fs::read(data.join(file)).unwrap();
        let bit = usize::try_from(dice.next_u64() % (bytes.len() as u64 * 8)).unwrap();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(data.join(file), bytes).unwrap();
        let what = format!("flip {n}, bit {} of byte {} of {file} (page {})", bit % 8, bit / 8, bit / 8 / 4_096 + 1);
        let outcome = world.try_flip(&data, &what).await;
        *outcomes.entry(outcome).or_default() += 1;
        assert_eq!(PANICS.load(Ordering::Relaxed), 0, "{what}: something panicked");
        std::fs::remove_dir_all(&data).unwrap();
    }
    println!("{flips} flips: {outcomes:?}");
}

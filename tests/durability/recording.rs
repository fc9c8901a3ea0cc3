//! Runs of a server whose writes are recorded, and the look at what a cut left of one.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

use palinode::ledger::CosignatureStore;
use palinode::ledger::ports::{HeadRecord, LogRead};
use palinode::storage::DataFolder;
use palinode::tlog::{UnverifiedCheckpoint, VerifierKey};
use proptest::prelude::RngExt;
use proptest::test_runner::TestRng;
use tempfile::TempDir;

use crate::book::{Acknowledged, Book, Broken, Prepared, Served, Shown, found, is_whole, sworn_in};
use crate::connection::Connection;
use crate::disk::{Disk, Fate, Honesty};
use crate::image::Image;
use crate::journal::{Journal, Mark, Operation};
use crate::load::{Load, unlimited};
use crate::server_process::{Launch, ServerProcess, palinode};
use crate::settings;
use crate::waiting::wait_until;

/// What a server had promised at some moment.
#[derive(Clone)]
pub(crate) struct Promises {
    pub(crate) key: Option<VerifierKey>,
    pub(crate) acknowledged: Vec<Acknowledged>,
    pub(crate) shown: Vec<Shown>,
    /// The latest time sworn to, in seconds since 1970.
    pub(crate) sworn: u64,
}

/// What is left of the newest head, besides that everything that was promised is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// Nothing was missing.
    Published,
    /// The database calls a head unsigned that the record beside it has.
    Recorded,
}

/// Everything that servers did to a disk one after the other, and what they promised meanwhile.
pub(crate) struct Recording {
    root: PathBuf,
    start: Image,
    inodes: HashMap<PathBuf, u64>,
    pub(crate) journal: Journal,
    before: Promises,
    book: Book,
    _folder: TempDir,
}

/// How one of the runs in a recording ends.
#[derive(Clone, Copy)]
enum End {
    /// Killed after so many records, perhaps before it is up.
    Death(usize),
    /// Asked to stop under load.
    Stop,
    /// Asked to stop when everything is posted.
    Done,
}

/// A server that is up, with its key; `None` when it was killed before.
fn started(launch: &Launch, end: End) -> Option<(ServerProcess, VerifierKey)> {
    let dies = matches!(end, End::Death(_));
    let server = match launch.try_start() {
        Err(said) => {
            assert!(dies, "the server did not start: {said}");
            return None;
        }
        Ok(server) => server,
    };
    match key_of(&server) {
        Err(_) if dies => None,
        key => Some((server, key.unwrap())),
    }
}

/// The layer, compiled once; `None` without a C compiler, which is told.
#[expect(clippy::print_stderr, reason = "a test says that it did not run")]
pub(crate) fn layer() -> Option<&'static Path> {
    static LAYER: OnceLock<Option<(TempDir, PathBuf)>> = OnceLock::new();
    let compiled = LAYER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("powerloss.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/durability/powerloss.c");
        let arguments = ["-shared", "-fPIC", "-O2", "-pthread", "-o"];
        match Command::new("cc").args(arguments).arg(&library).arg(source).output() {
            Ok(output) => {
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                Some((folder, library))
            }
            Err(e) => {
                assert!(!settings::tools_are_required(), "a C compiler is needed: {e}");
                eprintln!("SKIPPED: no C compiler, so no power is cut: {e}");
                None
            }
        }
    });
    compiled.as_ref().map(|(_, library)| library.as_path())
}

impl Recording {
    /// Runs a server on `start` that takes `notices` under load: it is killed somewhere at the beginning, is asked to stop in the
    /// middle, and goes on each time.
    pub(crate) fn make(layer: &Path, start: Image, before: Promises, notices: usize, chance: &mut TestRng) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("disk");
        let journal = root.with_extension("journal");
        std::fs::create_dir(&root).unwrap();
        start.write_to(&root);
        let inode = |path: &PathBuf| (path.clone(), std::fs::metadata(root.join(path)).unwrap().ino());
        let inodes: HashMap<_, _> = start.files.keys().map(inode).collect();
        let launch = unlimited(Launch::on(root.join("data")).logging_to(root.with_extension("log")), folder.path())
            .with_variable("LD_PRELOAD", layer)
            .with_variable("POWERLOSS_ROOT", &root)
            .with_variable("POWERLOSS_JOURNAL", &journal);
        let mut begun = None;
        for end in [End::Death(chance.random_range(1..=4 * notices)), End::Stop, End::Done] {
            let launch = match end {
                End::Death(records) => launch.clone().with_variable("POWERLOSS_DEATH", records.to_string()),
                End::Stop | End::Done => launch.clone(),
            };
            let Some((mut server, key)) = started(&launch, end) else { continue };
            let load = begun.get_or_insert_with(|| {
                let load = Load::new(Book::of(key).marking(OpenOptions::new().append(true).open(&journal).unwrap()));
                load.prepare(notices);
                load
            });
            let half = load.waiting() / 2;
            let posting = load.begin(server.address(), settings::chance(chance.random(), 0));
            if matches!(end, End::Stop) {
                wait_until("half of the notices are posted", || load.waiting() <= half);
                server.ends_well();
            }
            posting.ended();
            match end {
                End::Death(_) => {
                    // Everything was posted with fewer records than that.
                    if load.waiting() == 0 && load.all_answered() && !server.has_ended() {
                        server.terminate();
                    }
                    wait_until("the server kills itself", || server.has_ended());
                }
                End::Stop => {}
                End::Done => {
                    server.ends_well();
                }
            }
        }
        let book = begun.unwrap().into_book();
        let journal = Journal::read(&journal);
        let recording = Self { root, start, inodes, journal, before, book, _folder: folder };
        recording.accounts_for_everything();
        recording
    }

    /// The disk of this recording, at its beginning.
    pub(crate) fn disk(&self, honesty: Honesty) -> Disk<'_> {
        Disk::new(&self.journal, &self.root, &self.start, &self.inodes, honesty)
    }

    /// What was promised when the power was cut before this operation.
    pub(crate) fn promised_before(&self, operation: usize) -> Promises {
        let count = |wanted: Mark| {
            let mut done = self.journal.operations[..operation].iter().rev();
            done.find_map(|done| match done {
                Operation::Promise { what, count } if *what == wanted => Some(*count),
                _ => None,
            })
            .unwrap_or(0)
        };
        let mut promises = self.before.clone();
        promises.acknowledged.extend_from_slice(&self.book.acknowledged[..count(Mark::Acknowledged)]);
        let shown = count(Mark::Shown);
        promises.shown.extend_from_slice(&self.book.shown[..shown]);
        promises.sworn = self.book.sworn[..shown].iter().copied().fold(promises.sworn, u64::max);
        // A key that nobody has seen a promise of binds nobody.
        let bound = !promises.acknowledged.is_empty() || !promises.shown.is_empty();
        promises.key = promises.key.or_else(|| bound.then(|| self.book.key.clone()));
        promises
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.book.acknowledged.len()
    }

    /// Nothing went past the layer: what it recorded adds up to the folder that the server left.
    fn accounts_for_everything(&self) {
        let mut disk = self.disk(Honesty::Honest);
        disk.play_until(self.journal.operations.len());
        let mut recorded = disk.cut(Fate::Kept, &mut settings::chance(0, 0));
        let mut left = Image::read_from(&self.root);
        for path in disk.mapped() {
            recorded.files.remove(&path);
            left.files.remove(&path);
        }
        recorded.folders.sort();
        assert_eq!(recorded.folders, left.folders);
        let names = |image: &Image| image.files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&recorded), names(&left));
        for (path, file) in &left.files {
            assert!(recorded.files[path] == *file, "{} was written past the layer", path.display());
        }
    }
}

/// The key of the server's log.
fn key_of(server: &ServerProcess) -> Result<VerifierKey, Broken> {
    let known = found(&mut Connection::to(server.address())?, "/v1/server")?.json();
    VerifierKey::parse(known["log_key"].as_str().unwrap()).map_err(|e| Broken::Unsigned(e.to_string()))
}

/// What was signed by what a cut left, without a server that adds to it.
struct Kept {
    /// Size of the head that is recorded beside the database; 0 without one.
    recorded: u64,
    published: u64,
    /// The latest time that record and database know of.
    sworn: u64,
}

fn kept(image: &Image) -> Kept {
    // On a copy: reading a database brings it in order.
    let folder = tempfile::tempdir().unwrap();
    image.write_to(folder.path());
    let Ok(data) = DataFolder::beside(&folder.path().join("data")) else {
        return Kept { recorded: 0, published: 0, sworn: 0 };
    };
    let note = data.head_file().read().ok().flatten();
    let record = note.as_ref().and_then(|note| UnverifiedCheckpoint::parse(note).ok());
    let store = data.open_store().unwrap();
    let published = store.newest_published().unwrap();
    let sworn = note.filter(|_| record.is_some()).and_then(|note| sworn_in(&note)).unwrap_or(0);
    Kept {
        recorded: record.map_or(0, |note| note.checkpoint().size()),
        published: published.map_or(0, |published| published.head.size),
        sworn: sworn.max(store.last_signed_time().unwrap()),
    }
}

/// Starts a server on what a cut left, and looks whether everything that was promised is there, whether it goes on without
/// contradicting itself, and whether the whole of it can be derived again.
pub(crate) fn holds(image: &Image, promises: &Promises, probe: &Arc<Prepared>, chance: &mut TestRng) -> Result<Left, Broken> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("disk");
    std::fs::create_dir(&root).unwrap();
    image.write_to(&root);
    let Kept { recorded, published, sworn } = kept(image);
    let launch = unlimited(Launch::on(root.join("data")).logging_to(root.with_extension("log")), folder.path());
    let mut server = launch.try_start().map_err(Broken::NotStarted)?;
    let key = key_of(&server)?;
    if let Some(promised) = promises.key.as_ref().filter(|promised| promised.to_string() != key.to_string()) {
        return Err(Broken::Unsigned(format!("its key is {key}, it was {promised}")));
    }
    let mut connection = Connection::to(server.address())?;
    Served::read(&mut connection, &key, true)?.keeps(&promises.acknowledged, &promises.shown)?;
    // An old copy of the database would be noticed: what was shown is known outside of it.
    let shown = promises.shown.iter().map(|(size, _)| *size).max().unwrap_or(0);
    if shown > recorded {
        return Err(Broken::Unguarded { shown, recorded });
    }
    // Whatever the clock says at the next start, no earlier time is signed than was shown.
    if promises.sworn > sworn {
        return Err(Broken::Forsworn { sworn: promises.sworn, kept: sworn });
    }
    let count = promises.acknowledged.len();
    let newest = promises.acknowledged.iter().rev().take(3);
    let any = (count > 0).then(|| &promises.acknowledged[chance.random_range(0..count)]);
    for known in newest.chain(any) {
        is_whole(&mut connection, &key, known)?;
    }
    // It goes on: what it signs now fits what it showed before, and what was acknowledged is known to it.
    let mut book = Book::of(key.clone());
    book.recall(&promises.acknowledged, &promises.shown);
    for (notice, status) in promises.acknowledged.last().map(|known| (&known.notice, 200)).into_iter().chain([(probe, 201)]) {
        let answer = connection.post("/v1/notices", &notice.body)?;
        if answer.status != status {
            let found = format!("{} {}", answer.status, answer.text());
            return Err(Broken::Unexpected { what: "a further post".to_owned(), found });
        }
        book.acknowledge(notice, &answer);
    }
    Served::read(&mut connection, &key, false)?.keeps(&book.acknowledged, &book.shown)?;
    if chance.random() {
        server.kill();
    } else {
        server.ends_well();
    }
    let ended = palinode(&["fsck", "--data", server.data_text()]);
    match ended.code {
        Some(0) if recorded > published => Ok(Left::Recorded),
        Some(0) => Ok(Left::Published),
        _ => Err(Broken::Fsck(format!("{ended:?}"))),
    }
}

/// Promises of nobody.
pub(crate) fn nothing_promised() -> Promises {
    Promises { key: None, acknowledged: Vec::new(), shown: Vec::new(), sworn: 0 }
}

impl Load {
    /// The book, when nobody writes into it any more.
    fn into_book(self) -> Book {
        let book = self.book.clone();
        drop(self);
        Arc::into_inner(book).map(Mutex::into_inner).unwrap().unwrap()
    }
}

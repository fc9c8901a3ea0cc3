//! Logs of any size, made once and put down as files as often as a test needs them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::sample::*;
use crate::tlog::Hash;

/// The files of a data folder, as a disk holds them. What SQLite shares in memory is left out: a crash loses it.
#[derive(Debug, Clone)]
pub(super) struct Files(pub(super) Vec<(String, Vec<u8>)>);

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
    pub(super) files: Files,
    pub(super) leaves: Vec<Hash>,
    pub(super) shown: Vec<Vec<u8>>,
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

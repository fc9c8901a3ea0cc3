//! The files of digest lists: immutable, named by what they hold, beside the database.
//!
//! ```text
//! lists/
//!   <hash>            the list: raw digests, ascending
//!   <hash>.fanout     finds a digest in it with two short reads; derived
//!   <hash>.filter     what the list may hold; derived, served to whoever asks offline
//!   <hash>.blocks     hashes of its blocks; derived, served to whoever takes ranges of it
//!   <hash>.<who>-<form>.part what came of it so far from one uploader, or from peers
//! ```
//!
//! A list gets its name when all of it was checked and is durable, and never changes after that. Which lists are here is said by the
//! database alone: a file without a row is nothing, and taken away at the next start.
//!
//! Files are read at positions: see [`crate::digests`] for why they are not mapped. Filters are kept in memory up to
//! [`FILTERS_IN_MEMORY`] bytes in all; a list whose filter has no room there is asked by its table, which costs two reads of what the
//! page cache mostly holds.

mod fileless;
mod held;
mod part;
mod sides;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(super) use fileless::{Fileless, NoFile};
pub(super) use held::Held;
use part::Part;

use crate::digests::{Checked, ListForm};
use crate::ledger::lists::{Added, PartName};
use crate::notice::DocumentHash;

/// How many bytes of filters are kept in memory: those of ten lists of ten million digests.
const FILTERS_IN_MEMORY: usize = 128 << 20;
/// The ends of the names of what is derived from a list.
const SIDES: [&str; 3] = ["fanout", "filter", "blocks"];
static ZEROS: [u8; 64 << 10] = [0; 64 << 10];

/// The folder of lists of one server.
#[derive(Debug)]
pub(super) struct ListFiles {
    folder: PathBuf,
    held: Mutex<BTreeMap<DocumentHash, Arc<Held>>>,
    parts: Mutex<BTreeMap<PartName, Arc<Mutex<Part>>>>,
    /// Held while a list gets its name or loses it.
    naming: Mutex<()>,
    /// Bytes of filters in memory.
    filters: AtomicUsize,
    fileless: Fileless,
}

impl ListFiles {
    /// The lists in `folder`, which is made when the first one comes.
    pub(super) fn at(folder: PathBuf) -> Self {
        let (held, parts, naming, filters, fileless) = Default::default();
        Self { folder, held, parts, naming, filters, fileless }
    }

    fn path(&self, list: &DocumentHash) -> PathBuf {
        self.folder.join(list.to_string())
    }

    fn side(&self, list: &DocumentHash, side: &str) -> PathBuf {
        self.folder.join(format!("{list}.{side}"))
    }

    /// A list that the database says is here; `None` when its file is not.
    pub(super) fn open(&self, list: &DocumentHash, form: ListForm) -> io::Result<Option<Arc<Held>>> {
        if let Some(held) = self.opened(list) {
            return Ok(Some(held));
        }
        let room = FILTERS_IN_MEMORY.saturating_sub(self.filters.load(Ordering::Relaxed));
        let paths = (self.path(list), SIDES.map(|side| self.side(list, side)));
        let Some(held) = Held::open(*list, form, &paths.0, &paths.1, room)? else { return Ok(None) };
        self.filters.fetch_add(held.filter_in_memory(), Ordering::Relaxed);
        let held = Arc::new(held);
        lock(&self.held).insert(*list, held.clone());
        Ok(Some(held))
    }

    /// A list that was opened before.
    pub(super) fn opened(&self, list: &DocumentHash) -> Option<Arc<Held>> {
        lock(&self.held).get(list).cloned()
    }

    /// What memory knows of lists without files.
    pub(super) fn fileless(&self) -> &Fileless {
        &self.fileless
    }

    /// Bytes of a derived file.
    pub(super) fn read_side(&self, list: &DocumentHash, side: &str) -> io::Result<Option<Vec<u8>>> {
        found(std::fs::read(self.side(list, side)))
    }

    /// Whether the file of a list is there.
    pub(super) fn has_file(&self, list: &DocumentHash) -> io::Result<bool> {
        self.path(list).try_exists()
    }

    /// The part of this name, opened where it was left.
    fn part(&self, name: &PartName) -> io::Result<Arc<Mutex<Part>>> {
        let mut parts = lock(&self.parts);
        if let Some(part) = parts.get(name) {
            return Ok(part.clone());
        }
        self.make_folder()?;
        let part = Arc::new(Mutex::new(Part::open(&self.part_path(name), name.form)?));
        parts.insert(name.clone(), part.clone());
        Ok(part)
    }

    /// Makes the folder with the first list, durably: a power cut must not take it with the lists that got their names in it.
    fn make_folder(&self) -> io::Result<()> {
        match std::fs::create_dir(&self.folder) {
            Ok(()) => File::open(self.folder.parent().unwrap_or_else(|| Path::new(".")))?.sync_all(),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn part_path(&self, name: &PartName) -> PathBuf {
        self.folder.join(format!("{}.{}-{}x{}.part", name.list, name.who, name.form.count(), name.form.width()))
    }

    /// Whether anything of a part is here.
    pub(super) fn has_part(&self, name: &PartName) -> io::Result<bool> {
        self.part_path(name).try_exists()
    }

    /// How many bytes of a part came, all of them in order. None of one that was not begun.
    pub(super) fn part_length(&self, name: &PartName) -> io::Result<u64> {
        if !self.has_part(name)? {
            return Ok(0);
        }
        let part = self.part(name)?;
        Ok(lock(&part).length())
    }

    /// Adds bytes at the end of a part. After a fault the part is gone.
    pub(super) fn add(&self, name: &PartName, at: u64, bytes: &[u8]) -> io::Result<Added> {
        let part = self.part(name)?;
        let Ok(mut part) = part.try_lock() else { return Ok(Added::Busy) };
        let added = part.add(at, bytes);
        if matches!(added, Ok(Added::Fault(_)) | Err(_)) {
            drop(part);
            self.forget_part(name)?;
        }
        added
    }

    /// Takes a part away.
    pub(super) fn forget_part(&self, name: &PartName) -> io::Result<()> {
        lock(&self.parts).remove(name);
        let _gone = found(std::fs::remove_file(self.part_path(name)))?;
        Ok(())
    }

    /// Takes everything away that came of a list which is not here.
    pub(super) fn forget_parts(&self, list: &DocumentHash) -> io::Result<()> {
        lock(&self.parts).retain(|part, _| part.list != *list);
        for path in self.files_of(list)? {
            let _gone = found(std::fs::remove_file(path))?;
        }
        Ok(())
    }

    /// Makes what is derived from a whole part, and makes all of it durable; nothing has its name yet.
    pub(super) fn prepare(&self, name: &PartName, checked: &Checked) -> io::Result<()> {
        let path = self.part_path(name);
        File::open(&path)?.sync_all()?;
        let made = sides::make(&File::open(&path)?, checked.sha256, name.form)?;
        let blocks = checked.blocks.to_bytes();
        for (side, bytes) in SIDES.iter().zip([made.fanout, made.filter, blocks]) {
            write_whole(&self.side(&name.list, side), &bytes)?;
        }
        Ok(())
    }

    /// Held while a list gets or loses its name, together with its row.
    pub(super) fn naming(&self) -> MutexGuard<'_, ()> {
        lock(&self.naming)
    }

    /// Gives a prepared part the name of its list, durably.
    pub(super) fn name(&self, name: &PartName) -> io::Result<()> {
        lock(&self.parts).remove(name);
        if self.has_file(&name.list)? {
            // Somebody else brought the same a moment ago.
            let _gone = found(std::fs::remove_file(self.part_path(name)))?;
            return Ok(());
        }
        std::fs::rename(self.part_path(name), self.path(&name.list))?;
        File::open(&self.folder)?.sync_all()
    }

    /// Writes over everything there is of a list, and takes it away.
    pub(super) fn erase(&self, list: &DocumentHash) -> io::Result<()> {
        let _alone = self.naming();
        self.forget(list);
        lock(&self.parts).retain(|part, _| part.list != *list);
        self.fileless.changed(list);
        for path in self.files_of(list)? {
            write_over(&path)?;
            let _gone = found(std::fs::remove_file(&path))?;
        }
        match File::open(&self.folder) {
            Ok(folder) => folder.sync_all(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Closes a list, and frees the room of its filter.
    fn forget(&self, list: &DocumentHash) {
        if let Some(held) = lock(&self.held).remove(list) {
            self.filters.fetch_sub(held.filter_in_memory(), Ordering::Relaxed);
        }
    }

    /// Every file of a list.
    pub(super) fn files_of(&self, list: &DocumentHash) -> io::Result<Vec<PathBuf>> {
        let name = list.to_string();
        Ok(self.files()?.into_iter().filter(|(of, _)| *of == name).map(|(_, path)| path).collect())
    }

    /// Every file here, with what stands before the first dot of its name.
    pub(super) fn files(&self) -> io::Result<Vec<(String, PathBuf)>> {
        let Some(entries) = found(std::fs::read_dir(&self.folder))? else { return Ok(Vec::new()) };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
                files.push((name.split('.').next().unwrap_or_default().to_owned(), path));
            }
        }
        files.sort();
        Ok(files)
    }

    /// Reads a list from its beginning.
    pub(super) fn read(&self, list: &DocumentHash) -> io::Result<Option<File>> {
        found(File::open(self.path(list)))
    }

    /// Makes the derived files of a list again, and says how many were not what they must be.
    pub(super) fn mend_sides(&self, list: &DocumentHash, form: ListForm, checked: &Checked) -> io::Result<u64> {
        let Some(file) = self.read(list)? else { return Ok(0) };
        let mut mended = 0;
        for (side, bytes) in self.right_sides(&file, form, checked)? {
            let path = self.side(list, side);
            if found(std::fs::read(&path))?.as_ref() != Some(&bytes) {
                write_whole(&path, &bytes)?;
                mended += 1;
            }
        }
        self.forget(list);
        Ok(mended)
    }

    /// The derived files that are not what they must be.
    pub(super) fn wrong_sides(&self, list: &DocumentHash, form: ListForm, checked: &Checked) -> io::Result<Vec<&'static str>> {
        let Some(file) = self.read(list)? else { return Ok(Vec::new()) };
        let mut wrong = Vec::new();
        for (side, bytes) in self.right_sides(&file, form, checked)? {
            if found(std::fs::read(self.side(list, side)))?.as_ref() != Some(&bytes) {
                wrong.push(side);
            }
        }
        Ok(wrong)
    }

    #[expect(clippy::unused_self, reason = "what is derived belongs to the lists")]
    fn right_sides(&self, list: &File, form: ListForm, checked: &Checked) -> io::Result<[(&'static str, Vec<u8>); 3]> {
        let made = sides::make(list, checked.sha256, form)?;
        let [fanout, filter, blocks] = SIDES;
        Ok([(fanout, made.fanout), (filter, made.filter), (blocks, checked.blocks.to_bytes())])
    }
}

/// `None` where there is no such file.
fn found<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(there) => Ok(Some(there)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a derived file as a whole, durably but for its name, which is synced with that of the list.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut beside = tempfile::Builder::new().prefix("making-").tempfile_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    std::fs::rename(beside.into_temp_path(), path)
}

fn write_over(path: &Path) -> io::Result<()> {
    let Some(mut file) = found(OpenOptions::new().write(true).open(path))? else { return Ok(()) };
    let mut left = file.metadata()?.len();
    while left > 0 {
        let length = usize::try_from(left).unwrap_or(ZEROS.len()).min(ZEROS.len());
        file.write_all(ZEROS.get(..length).unwrap_or(&ZEROS))?;
        left -= length as u64;
    }
    file.sync_data()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

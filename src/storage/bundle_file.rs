//! Full bundles of entries in one file, as they are served, one after the other.
//!
//! A bundle is a function of the log, and so is the place where it stands here: two who write the same log write the same file. All
//! of it can be derived again, and none of it is synced. Nothing that is read is believed before it was compared with the leaf hashes
//! of the log, once since the file was opened ([`BundleFile::judge`]): a torn, flipped or foreign file costs time, and never an answer.
//!
//! | bytes | hold |
//! |---|---|
//! | 0..16 | `palinode bundle1` |
//! | the next 4,096 | the lengths of the next 1,024 bundles, each as a big-endian uint32; 0 for one that is not there |
//! | then | these bundles, without a gap |
//! | and again | the next table, and its bundles |
//!
//! A bundle is written before its length, and in its place once more when it was found to be wrong. Where a length is wrong, every
//! place behind it is: such a file is thrown away, and those who still read from it keep the old one until they are done.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::bundle_pages;
use crate::ledger::ports::BundleAtHand;
use crate::tlog::bundle::MAX_BUNDLE;

/// What the file begins with.
const MAGIC: &[u8; 16] = b"palinode bundle1";
/// How many bundles stand behind one table.
const GROUP: usize = 1_024;
/// How many bytes a length takes.
const LENGTH: usize = 4;
/// How many bytes a table has.
const TABLE: usize = GROUP * LENGTH;

/// The file of one log.
pub(super) struct BundleFile {
    path: PathBuf,
    kept: RwLock<Kept>,
    /// Held by whoever appends.
    appending: Mutex<()>,
}

/// What stands in the file.
#[derive(Default)]
struct Kept {
    /// `None` when there is no such file, or none that can be used.
    file: Option<Arc<File>>,
    /// Whether something lies there that cannot be used.
    useless: bool,
    bundles: Vec<Place>,
    /// Where the table of the last bundle stands.
    table: u64,
    /// Whether nothing stands behind the last bundle.
    trimmed: bool,
}

/// Where one bundle stands.
#[derive(Clone, Copy)]
struct Place {
    from: u64,
    length: u32,
    /// Compared with the log since the file was opened.
    proven: bool,
}

impl Kept {
    fn of(file: File) -> Self {
        bundle_pages::expect_order(&file);
        Self { file: Some(Arc::new(file)), table: MAGIC.len() as u64, ..Self::default() }
    }

    fn end(&self) -> u64 {
        self.bundles.last().map_or(MAGIC.len() as u64, |last| last.from + u64::from(last.length))
    }

    /// The table of the next bundle, its place in that, and where the bundle begins.
    fn next(&self) -> (u64, usize, u64) {
        let (slot, end) = (self.bundles.len() % GROUP, self.end());
        if slot == 0 { (end, slot, end + TABLE as u64) } else { (self.table, slot, end) }
    }

    fn push(&mut self, length: u32, proven: bool) {
        let (table, _, from) = self.next();
        self.table = table;
        self.bundles.push(Place { from, length, proven });
    }

    fn place(&self, index: u64) -> Option<(&Arc<File>, Place)> {
        let place = self.bundles.get(usize::try_from(index).ok()?)?;
        Some((self.file.as_ref()?, *place))
    }

    /// Reads where the bundles stand, `most` of them at most, as far as the file goes.
    fn read_places(&mut self, most: u64) -> io::Result<()> {
        let Some(file) = self.file.clone() else { return Ok(()) };
        let end = file.metadata()?.len();
        let mut table = [0; TABLE];
        while (self.bundles.len() as u64) < most {
            let (at, slot, from) = self.next();
            if from >= end {
                return Ok(());
            }
            if slot == 0 {
                file.read_exact_at(&mut table, at)?;
            }
            let length = table.as_chunks::<LENGTH>().0.get(slot).map_or(0, |length| u32::from_be_bytes(*length));
            let is_there = length > 0 && length as usize <= MAX_BUNDLE && from + u64::from(length) <= end;
            if !is_there {
                return Ok(());
            }
            self.push(length, false);
        }
        Ok(())
    }
}

impl BundleFile {
    /// The file at `path` as far as it fits a log with so many full bundles. One that is missing or cannot be used is no error; it is
    /// made when something is appended.
    pub(super) fn open(path: PathBuf, most: u64) -> Self {
        let kept = match load(&path, most) {
            Ok(kept) => kept,
            Err(error) if error.kind() == ErrorKind::NotFound => Kept::default(),
            Err(error) => {
                tracing::warn!(file = %path.display(), %error, "the file of bundles cannot be used as it is");
                Kept { useless: true, ..Kept::default() }
            }
        };
        Self { path, kept: RwLock::new(kept), appending: Mutex::default() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How many bundles stand in it: those with the indexes below.
    pub(super) fn count(&self) -> u64 {
        self.kept().bundles.len() as u64
    }

    /// Whether something lies in its place that is not such a file.
    pub(super) fn is_useless(&self) -> bool {
        self.kept().useless
    }

    /// What stands in the place of a bundle, right or not; `None` when nothing does.
    pub(super) fn read(&self, index: u64) -> io::Result<Option<Vec<u8>>> {
        let Some((file, place)) = self.kept().place(index).map(|(file, place)| (file.clone(), place)) else { return Ok(None) };
        let mut bytes = vec![0; place.length as usize];
        match bundle_pages::read_all(&file, &mut bytes, place.from) {
            Ok(()) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(Some(Vec::new())),
            Err(error) => Err(error),
        }
    }

    /// Enters what was found of the bytes that [`BundleFile::read`] gave.
    pub(super) fn judge(&self, index: u64, right: bool) {
        let place = usize::try_from(index).unwrap_or(usize::MAX);
        if let Some(place) = self.kept_mut().bundles.get_mut(place) {
            place.proven = right;
        }
    }

    /// A bundle that was found to be right.
    pub(super) fn at_hand(&self, index: u64) -> Option<OpenBundle> {
        let kept = self.kept();
        let (file, place) = kept.place(index).filter(|(_, place)| place.proven)?;
        Some(OpenBundle { file: file.clone(), place })
    }

    /// Writes the right bytes over those of a bundle that were found to be wrong. Where they have another length, nothing in the file is in
    /// its place, and all of it is forgotten.
    pub(super) fn mend(&self, index: u64, bundle: &[u8]) -> io::Result<()> {
        let Some((file, place)) = self.kept().place(index).map(|(file, place)| (file.clone(), place)) else { return Ok(()) };
        if place.length as usize == bundle.len() {
            return file.write_all_at(bundle, place.from);
        }
        self.forget();
        Ok(())
    }

    /// Believes nothing of the file any more; the next one that is appended begins a new one.
    pub(super) fn forget(&self) {
        *self.kept_mut() = Kept { useless: true, ..Kept::default() };
    }

    /// Appends the bundle `index`, which was compared with the log, when it is the next.
    pub(super) fn append(&self, index: u64, bundle: &[u8]) -> io::Result<()> {
        let _alone = self.appending.lock().unwrap_or_else(PoisonError::into_inner);
        if self.kept().file.is_none() {
            self.begin()?;
        }
        let (file, (table, slot, from), trimmed) = {
            let kept = self.kept();
            let next = kept.file.clone().filter(|_| kept.bundles.len() as u64 == index);
            let Some(file) = next else { return Ok(()) };
            (file, kept.next(), kept.trimmed)
        };
        let length = u32::try_from(bundle.len()).map_err(io::Error::other)?;
        if !trimmed {
            trim(&file, table, slot, from)?;
        }
        file.write_all_at(bundle, from)?;
        file.write_all_at(&length.to_be_bytes(), table + (slot * LENGTH) as u64)?;
        let mut kept = self.kept_mut();
        // It may have been forgotten meanwhile.
        if kept.file.as_ref().is_some_and(|now| Arc::ptr_eq(now, &file)) {
            kept.trimmed = true;
            kept.push(length, true);
        }
        Ok(())
    }

    /// Makes an empty file, whatever lies there.
    fn begin(&self) -> io::Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = OpenOptions::new().create_new(true).read(true).write(true).open(&self.path)?;
        file.write_all_at(MAGIC, 0)?;
        *self.kept_mut() = Kept { trimmed: true, ..Kept::of(file) };
        Ok(())
    }

    fn kept(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept_mut(&self) -> RwLockWriteGuard<'_, Kept> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load(path: &Path, most: u64) -> io::Result<Kept> {
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        // Whoever only looks may have no right to write.
        Err(e) if matches!(e.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => File::open(path)?,
        opened => opened?,
    };
    let mut magic = [0; MAGIC.len()];
    file.read_exact_at(&mut magic, 0)?;
    if magic != *MAGIC {
        return Err(io::Error::new(ErrorKind::InvalidData, "it does not begin as a file of bundles does"));
    }
    let mut kept = Kept::of(file);
    kept.read_places(most)?;
    Ok(kept)
}

/// Takes away what an older or longer log left behind the last bundle, so that nobody takes it for the next ones.
fn trim(file: &File, table: u64, slot: usize, from: u64) -> io::Result<()> {
    if slot == 0 {
        return file.set_len(table);
    }
    let rest = vec![0; TABLE - slot * LENGTH];
    file.write_all_at(&rest, table + (slot * LENGTH) as u64)?;
    file.set_len(from)
}

/// A bundle in the file, which stays open for as long as it is read.
pub(super) struct OpenBundle {
    file: Arc<File>,
    place: Place,
}

impl BundleAtHand for OpenBundle {
    fn length(&self) -> u64 {
        self.place.length.into()
    }

    fn read(&self, from: u64, piece: &mut [u8]) -> Option<usize> {
        let left = usize::try_from(self.length().checked_sub(from)?).ok()?;
        let wanted = piece.len().min(left);
        let piece = piece.get_mut(..wanted)?;
        bundle_pages::read_from_memory(&self.file, piece, self.place.from + from).ok().filter(|read| *read > 0)
    }
}

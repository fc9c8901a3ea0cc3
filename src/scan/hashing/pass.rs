use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::fs::{Advice, OFlags, fadvise};

use super::super::readers::{MOST_OF_A_POINTER, pointer};
use super::super::{Counts, Evidence, Notes, Place, Relation, Remark, Sighting, Source, Why};
use super::cache::Key;
use super::digester::Digester;
use super::folders::Hashed;
use super::{Algorithms, Cache};
use crate::notice::Identifier;

/// How much is read at once: enough that a read costs nothing beside hashing, and little enough to stay in the cache of a core.
const BUFFER: usize = 256 << 10;
/// A file shorter than this is too common to mean anything (domain, section 2, "Advice").
const TRIVIAL: u64 = 64;
/// From here on, the kernel is told that a file is read from its beginning to its end, and that others come first.
const LARGE: u64 = 32 << 20;

/// One file to look at.
#[derive(Debug, Clone)]
pub struct Job {
    /// Where it can be opened.
    pub path: PathBuf,
    /// Where it is told to be.
    pub place: Place,
    /// Its length when it was listed.
    pub length: u64,
    /// Which digests of it are wanted.
    pub algorithms: Algorithms,
    /// Whether they go into digests of folders, for which every file counts, however short.
    pub for_folders: bool,
}

impl Job {
    fn is_hashed(&self) -> bool {
        !self.algorithms.is_empty() && (self.for_folders || self.length >= TRIVIAL)
    }
}

/// Who is told how far the work has come. Called from many threads.
pub trait Progress: Sync {
    /// So much lies ahead.
    fn begins(&self, files: u64, bytes: u64);
    /// So many bytes were read, or need not be.
    fn advanced(&self, bytes: u64);
    /// One more file is done.
    fn finished(&self);
}

/// Nobody is told.
pub struct Silent;

impl Progress for Silent {
    fn begins(&self, _: u64, _: u64) {}
    fn advanced(&self, _: u64) {}
    fn finished(&self) {}
}

/// What came of many files.
#[derive(Debug, Default)]
pub struct Outcome {
    pub(in super::super) sightings: Vec<Sighting>,
    pub(in super::super) remarks: Vec<Remark>,
    pub(in super::super) counts: Counts,
    /// The files that go into digests of folders.
    pub(in super::super) files: Vec<Hashed>,
}

/// Looks at all files, so many at once. Large ones come first, so that no core waits for the last.
pub fn run(mut jobs: Vec<Job>, workers: NonZeroUsize, cache: Option<&Cache>, progress: &dyn Progress) -> Outcome {
    jobs.sort_by_key(|job| std::cmp::Reverse(if job.length >= LARGE { job.length } else { 0 }));
    let hashed = |job: &&Job| job.is_hashed();
    progress.begins(jobs.len() as u64, jobs.iter().filter(hashed).map(|job| job.length).sum());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut worker = Worker { cache, progress, buffer: vec![0; BUFFER], outcome: Outcome::default() };
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            worker.look_at(job);
            progress.finished();
        }
        worker.outcome
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers.get().min(jobs.len().max(1))).map(|_| scope.spawn(work)).collect();
        let mut whole = work();
        for other in others {
            // A worker that panicked would have been a fault of this program; what others found is told all the same.
            if let Ok(outcome) = other.join() {
                whole.add(outcome);
            }
        }
        whole
    })
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.sightings.extend(other.sightings);
        self.remarks.extend(other.remarks);
        self.files.extend(other.files);
        self.counts.hashed_files += other.counts.hashed_files;
        self.counts.hashed_bytes += other.counts.hashed_bytes;
        self.counts.cached_files += other.counts.cached_files;
        self.counts.trivial_files += other.counts.trivial_files;
    }
}

/// Opens a file that was listed as one: never a link, never waiting for the other end of a pipe that took its place.
pub(in super::super) fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no longer a regular file"));
    }
    Ok((file, metadata))
}

struct Worker<'w> {
    cache: Option<&'w Cache>,
    progress: &'w dyn Progress,
    buffer: Vec<u8>,
    outcome: Outcome,
}

impl Worker<'_> {
    fn look_at(&mut self, job: &Job) {
        let may_be_pointer = job.length > 0 && job.length <= MOST_OF_A_POINTER;
        let trivial = job.length < TRIVIAL;
        self.outcome.counts.trivial_files += u64::from(trivial);
        let hashes = job.is_hashed();
        if !hashes && !may_be_pointer {
            return;
        }
        if let Err(error) = self.read(job, hashes, may_be_pointer) {
            self.remark(job, Why::Unreadable { reason: error.to_string() });
        }
    }

    fn read(&mut self, job: &Job, hashes: bool, may_be_pointer: bool) -> io::Result<()> {
        let (mut file, metadata) = open(&job.path)?;
        if may_be_pointer {
            self.look_for_pointer(job, &file)?;
        }
        if !hashes {
            return Ok(());
        }
        let key = Key::of(&metadata);
        if let Some(digests) = self.cache.and_then(|cache| cache.get(&key, job.algorithms)) {
            self.outcome.counts.cached_files += 1;
            self.progress.advanced(job.length);
            self.saw(job, metadata.len(), digests);
            return Ok(());
        }
        if metadata.len() >= LARGE {
            // Only advice: without it the file is read all the same.
            let _ = fadvise(&file, 0, None, Advice::Sequential);
        }
        let mut digester = Digester::of(job.algorithms, metadata.len());
        let mut read = 0;
        loop {
            let n = match file.read(&mut self.buffer) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            digester.update(&self.buffer[..n]);
            read += n as u64;
            self.progress.advanced(n as u64);
            // A file that grows faster than it is read would never end.
            if read > metadata.len() {
                break;
            }
        }
        if read != metadata.len() || Key::of(&file.metadata()?) != key {
            self.remark(job, Why::ChangedMeanwhile);
            return Ok(());
        }
        let digests = digester.finish();
        if let Some(cache) = self.cache {
            cache.keep(&key, &digests);
        }
        self.saw(job, read, digests);
        Ok(())
    }

    fn look_for_pointer(&mut self, job: &Job, file: &File) -> io::Result<()> {
        // The buffer is larger than any pointer, and what follows reads the file again from its beginning.
        let length = file.read_at(&mut self.buffer, 0)?;
        let found = pointer(&self.buffer[..length], |source| Notes::of(job.place.clone(), source));
        if let Some(notes) = found {
            let (sightings, remarks) = notes.into_parts();
            self.outcome.sightings.extend(sightings);
            self.outcome.remarks.extend(remarks);
        }
        Ok(())
    }

    fn saw(&mut self, job: &Job, length: u64, digests: Vec<Identifier>) {
        self.outcome.counts.hashed_files += 1;
        self.outcome.counts.hashed_bytes += length;
        // A short file was counted when it was met.
        let is_short = length < TRIVIAL;
        let is_trivial = is_short || digests.iter().any(Identifier::is_trivial);
        self.outcome.counts.trivial_files += u64::from(is_trivial && !is_short);
        if job.for_folders {
            self.outcome.files.push(Hashed { place: job.place.clone(), digests: digests.clone(), is_trivial });
        }
        if is_trivial {
            return;
        }
        self.outcome.sightings.extend(digests.into_iter().map(|identifier| Sighting {
            identifier,
            place: job.place.clone(),
            source: Source::Bytes,
            evidence: Evidence::BytesHashed,
            relation: Relation::File,
        }));
    }

    fn remark(&mut self, job: &Job, why: Why) {
        self.outcome.remarks.push(Remark { place: job.place.clone(), why });
    }
}

//! How things stand with a server: what keeps it from growing, from signing, or from being asked at all.
//!
//! Every reason is one [`Hindrance`]; [`Standing`] is the one place where they are remembered or looked for. What can be seen
//! (free space, a read-only file system, the clock) is looked at each time it is asked for, so that a server goes on by itself
//! as soon as the cause is gone. What cannot be seen is remembered: that the log was halted, that the last write failed, that the
//! server is about to stop.
//!
//! Space runs out before it is gone: below a reserve nothing is taken in any more (a log was lost to a disk that was full to
//! the last byte), while cosignatures, cursors and the end of what was begun may still be written.

use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio_util::sync::CancellationToken;

use super::cosigning::ClockBehind;
use super::ports::StoreError;
use super::refusal::Refusal;

/// The most that is kept in reserve unless the operator says otherwise: 256 MiB.
pub const MOST_RESERVED: u64 = 256 << 20;
/// The share of the file system that is kept in reserve unless the operator says otherwise, when that is less: one in this many.
const SHARE_RESERVED: u64 = 20;

/// What could be done without takes one in so many of the free bytes at most.
const AMPLE: u64 = 16;

/// The file system that the data folder lies on.
pub trait Volume: Send + Sync {
    /// How much room there is. Called before every batch, so it must be cheap.
    fn space(&self) -> io::Result<Space>;

    /// Writes something small and takes it away again: some file systems that take no writes any more do not say so before.
    fn try_writing(&self) -> io::Result<()>;
}

/// How much room a file system has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Bytes that this process may still use.
    pub free: u64,
    /// Bytes in all.
    pub total: u64,
    /// Whether it is mounted read-only.
    pub read_only: bool,
}

/// How much free space is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reserve {
    /// The smaller of 5 % and 256 MiB.
    #[default]
    Share,
    /// This many bytes.
    Bytes(u64),
}

impl Reserve {
    /// The reserve on a file system of `total` bytes.
    pub fn of(self, total: u64) -> u64 {
        match self {
            Self::Share => (total / SHARE_RESERVED).min(MOST_RESERVED),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// Where a ledger may grow: a file system, and how much of it is left alone.
#[derive(Clone)]
pub struct Room {
    volume: Arc<dyn Volume>,
    reserve: Reserve,
}

impl Room {
    /// Room on `volume` but for the reserve.
    pub fn new(volume: Arc<dyn Volume>, reserve: Reserve) -> Self {
        Self { volume, reserve }
    }

    /// Room without end, for ledgers whose disk nobody watches.
    pub fn endless() -> Self {
        Self::new(Arc::new(Endless), Reserve::Bytes(0))
    }

    /// What keeps anything from being added, as far as the file system says.
    pub fn hindrance(&self) -> Option<Hindrance> {
        let space = self.volume.space().ok()?;
        let reserve = self.reserve.of(space.total);
        if space.read_only {
            Some(Hindrance::ReadOnly)
        } else if space.free < reserve {
            Some(Hindrance::LowSpace { free: space.free, reserve })
        } else {
            None
        }
    }

    /// Whether so much is free that these bytes may go to what could be done without: the last of it is for entries.
    pub fn is_ample_for(&self, bytes: u64) -> bool {
        let is_ample = |(free, reserve): (u64, u64)| free / 2 >= reserve && free / AMPLE >= bytes;
        self.hindrance().is_none() && self.measure().is_ok_and(is_ample)
    }

    /// What keeps so many bytes more from being added, as far as the file system says.
    fn hindrance_for(&self, bytes: u64) -> Option<Hindrance> {
        let (free, reserve) = self.measure().ok()?;
        (free < reserve.saturating_add(bytes)).then_some(Hindrance::LowSpace { free, reserve })
    }

    /// Free bytes, and how many of them are the reserve.
    ///
    /// # Errors
    /// The operating system does not say.
    pub fn measure(&self) -> io::Result<(u64, u64)> {
        let space = self.volume.space()?;
        Ok((space.free, self.reserve.of(space.total)))
    }

    fn is_read_only(&self) -> bool {
        let tried = self.volume.try_writing().map_err(|e| e.kind());
        matches!(tried, Err(ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied))
    }
}

struct Endless;

impl Volume for Endless {
    fn space(&self) -> io::Result<Space> {
        Ok(Space { free: u64::MAX, total: u64::MAX, read_only: false })
    }

    fn try_writing(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Something that keeps a server from doing all of its work. The order is that of how grave it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// Something contradicts what was signed: nothing grows and nothing is signed until the operator has looked.
    Halted {
        /// What contradicts what.
        why: String,
    },
    /// Nothing can be written to the data folder.
    ReadOnly,
    /// Less than the reserve is free.
    LowSpace {
        /// Free bytes.
        free: u64,
        /// Bytes that are kept in reserve.
        reserve: u64,
    },
    /// The last write failed for another reason; the next one is tried all the same.
    StorageFails {
        /// What was being done.
        doing: &'static str,
    },
    /// The clock stands behind what was signed: nothing is cosigned.
    ClockBehind(ClockBehind),
    /// The server was asked to stop, and still answers for a moment.
    Stopping,
}

impl Hindrance {
    /// The stable name: the last part of the problem type.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Halted { .. } => "log-halted",
            Self::ReadOnly => "storage-read-only",
            Self::LowSpace { .. } => "storage-low",
            Self::StorageFails { .. } => "storage-unavailable",
            Self::ClockBehind(_) => "clock-behind",
            Self::Stopping => "stopping",
        }
    }
}

impl fmt::Display for Hindrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Halted { why } => write!(f, "the log is halted: it is read, but neither grows nor signs, because {why}"),
            Self::ReadOnly => f.write_str(
                "the data folder cannot be written to, so nothing is taken in or signed, and reads go on; \
                 mount its file system writable again (the system's log tells why it was not), and the server goes on by itself",
            ),
            Self::LowSpace { free, reserve } => write!(
                f,
                "only {} are free on the file system of the data folder and {} are kept in reserve, so nothing is taken in, and \
                 reads go on; free some space or enlarge the file system, and the server goes on by itself",
                Bytes(*free),
                Bytes(*reserve)
            ),
            Self::StorageFails { doing } => write!(
                f,
                "storage failed while {doing}, and nothing was promised; look at the disk and at the server's log. \
                 The next write is tried all the same",
            ),
            Self::ClockBehind(behind) => write!(f, "nothing is cosigned, because {behind}"),
            Self::Stopping => f.write_str("the server is stopping; ask again when it is back, or ask another one"),
        }
    }
}

/// A number of bytes for people.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        match units.into_iter().find(|(size, _)| self.0 >= *size) {
            Some((size, unit)) => write!(f, "{}.{} {unit}", self.0 / size, self.0 % size * 10 / size),
            None => write!(f, "{} bytes", self.0),
        }
    }
}

/// What is known of how things stand.
pub struct Standing {
    room: Room,
    halted: OnceLock<String>,
    failing: Mutex<Option<Failing>>,
    stopping: CancellationToken,
}

/// The last write did not succeed.
#[derive(Debug, Clone, Copy)]
struct Failing {
    doing: &'static str,
    read_only: bool,
}

impl Standing {
    /// A server that nothing hinders yet, and that grows in `room`.
    pub(super) fn new(room: Room) -> Self {
        Self { room, halted: OnceLock::new(), failing: Mutex::new(None), stopping: CancellationToken::new() }
    }

    /// Whether the log was halted.
    pub fn is_halted(&self) -> bool {
        self.halted.get().is_some()
    }

    /// Halts the log for as long as the process runs. The first reason is kept.
    pub(super) fn halt(&self, why: String) {
        let _ = self.halted.set(why);
    }

    /// The server is about to stop.
    pub(super) fn stop(&self) {
        self.stopping.cancel();
    }

    /// Whether the server is about to stop, so that nothing long should be begun.
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// A sign that is given when the server is about to stop.
    pub(super) fn stopping(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// A write failed.
    pub(super) fn failed(&self, error: &StoreError) {
        let doing = match error {
            StoreError::Unavailable { doing, .. } => doing,
            StoreError::Corrupt { .. } => "comparing what was written",
        };
        let failing = Failing { doing, read_only: self.room.is_read_only() };
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) = Some(failing);
    }

    /// A write succeeded.
    pub(super) fn works(&self) {
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether the last write failed, so that another one is worth trying soon.
    pub fn is_failing(&self) -> bool {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Whether anything may be added to the log now.
    ///
    /// # Errors
    /// [`Refusal::Halted`], or [`Refusal::NotNow`] without room.
    pub fn may_grow(&self) -> Result<(), Refusal> {
        if self.is_halted() {
            return Err(Refusal::Halted);
        }
        self.no_room().map_or(Ok(()), |hindrance| Err(Refusal::NotNow(hindrance)))
    }

    /// What keeps bytes from being stored. A write that failed for a passing reason does not: the next one is tried.
    pub fn no_room(&self) -> Option<Hindrance> {
        self.room.hindrance().or_else(|| match self.storage_fails() {
            Some(Hindrance::ReadOnly) => Some(Hindrance::ReadOnly),
            _ => None,
        })
    }

    /// The same for so many bytes at once.
    pub fn no_room_for(&self, bytes: u64) -> Option<Hindrance> {
        self.no_room().or_else(|| self.room.hindrance_for(bytes))
    }

    fn storage_fails(&self) -> Option<Hindrance> {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        let failing = failing.as_mut()?;
        // Tried again each time, since nothing else would tell that it can be written to.
        failing.read_only = failing.read_only && self.room.is_read_only();
        let Failing { doing, read_only } = *failing;
        Some(if read_only { Hindrance::ReadOnly } else { Hindrance::StorageFails { doing } })
    }

    /// Everything that hinders, the gravest first; `behind` is what the witness says of the clock.
    pub(super) fn hindrances(&self, behind: Option<ClockBehind>) -> Vec<Hindrance> {
        let halted = self.halted.get().map(|why| Hindrance::Halted { why: why.clone() });
        let stopping = self.is_stopping().then_some(Hindrance::Stopping);
        let storage = self.room.hindrance().or_else(|| self.storage_fails());
        [halted, storage, behind.map(Hindrance::ClockBehind), stopping].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use super::*;

    const MIB: u64 = 1 << 20;

    /// A disk that does what it is told.
    #[derive(Default)]
    struct FakeVolume {
        free: AtomicU64,
        mounted_read_only: AtomicBool,
        takes_no_writes: AtomicBool,
    }

    impl Volume for FakeVolume {
        fn space(&self) -> io::Result<Space> {
            let read_only = self.mounted_read_only.load(Ordering::Relaxed);
            Ok(Space { free: self.free.load(Ordering::Relaxed), total: 1_000 * MIB, read_only })
        }

        fn try_writing(&self) -> io::Result<()> {
            let refused = self.takes_no_writes.load(Ordering::Relaxed) || self.mounted_read_only.load(Ordering::Relaxed);
            if refused { Err(ErrorKind::ReadOnlyFilesystem.into()) } else { Ok(()) }
        }
    }

    fn on(volume: &Arc<FakeVolume>) -> Standing {
        Standing::new(Room::new(volume.clone(), Reserve::Share))
    }

    fn rules(standing: &Standing) -> Vec<&'static str> {
        standing.hindrances(None).iter().map(Hindrance::rule).collect()
    }

    fn disk_error() -> StoreError {
        StoreError::Unavailable { doing: "appending to the log", source: Arc::new(io::Error::other("disk")) }
    }

    #[test]
    fn the_reserve_is_the_smaller_of_a_twentieth_and_256_mebibytes() {
        assert_eq!(Reserve::Share.of(1_000 * MIB), 50 * MIB);
        assert_eq!(Reserve::Share.of(5_120 * MIB), 256 * MIB);
        assert_eq!(Reserve::Share.of(u64::MAX), 256 * MIB);
        assert_eq!(Reserve::Bytes(7).of(u64::MAX), 7);
    }

    #[test]
    fn nothing_is_taken_in_below_the_reserve_and_all_is_well_at_it() {
        let volume = Arc::new(FakeVolume::default());
        let standing = on(&volume);
        for (free, grows) in [(50 * MIB - 1, false), (50 * MIB, true), (0, false), (1_000 * MIB, true)] {
            volume.free.store(free, Ordering::Relaxed);
            assert_eq!(standing.may_grow().is_ok(), grows, "{free} bytes free");
            assert_eq!(rules(&standing).is_empty(), grows);
        }
        volume.free.store(12 * MIB + MIB / 2, Ordering::Relaxed);
        let said = standing.no_room().expect("low").to_string();
        assert!(
            said.contains("12.5 MiB are free") && said.contains("50.0 MiB are kept") && said.contains("free some"),
            "{said}"
        );
    }

    #[test]
    fn what_could_be_done_without_gets_nothing_of_the_last_room() {
        let volume = Arc::new(FakeVolume::default());
        let room = Room::new(volume.clone(), Reserve::Share);
        for (free, is_ample) in [(0, false), (99 * MIB, false), (100 * MIB, true), (1_000 * MIB, true)] {
            volume.free.store(free, Ordering::Relaxed);
            assert_eq!(room.is_ample_for(MIB), is_ample, "{free} bytes free");
        }
        assert!(!room.is_ample_for(63 * MIB), "more than one in sixteen");
        let unguarded = Room::new(volume.clone(), Reserve::Bytes(0));
        volume.free.store(16 * MIB, Ordering::Relaxed);
        assert!(unguarded.is_ample_for(MIB) && !unguarded.is_ample_for(MIB + 1));
    }

    #[test]
    fn a_file_system_that_says_it_is_read_only_is_believed_and_one_that_does_not_is_tried() {
        let volume = Arc::new(FakeVolume { free: AtomicU64::new(u64::MAX), ..FakeVolume::default() });
        let standing = on(&volume);
        volume.mounted_read_only.store(true, Ordering::Relaxed);
        assert_eq!(standing.no_room(), Some(Hindrance::ReadOnly));
        volume.mounted_read_only.store(false, Ordering::Relaxed);
        assert_eq!(standing.no_room(), None);

        volume.takes_no_writes.store(true, Ordering::Relaxed);
        assert_eq!(standing.no_room(), None, "nobody has written yet");
        standing.failed(&disk_error());
        assert_eq!((standing.no_room(), rules(&standing)), (Some(Hindrance::ReadOnly), vec!["storage-read-only"]));
        volume.takes_no_writes.store(false, Ordering::Relaxed);
        assert_eq!(standing.no_room(), None, "it can be written to again, so it is tried");
        assert_eq!(rules(&standing), ["storage-unavailable"], "but nothing was written yet");
        standing.works();
        assert_eq!(rules(&standing), [""; 0]);
    }

    #[test]
    fn a_write_that_failed_for_another_reason_is_told_and_the_next_one_is_tried() {
        let volume = Arc::new(FakeVolume { free: AtomicU64::new(u64::MAX), ..FakeVolume::default() });
        let standing = on(&volume);
        standing.failed(&disk_error());
        assert!(standing.is_failing() && standing.may_grow().is_ok());
        let said = standing.hindrances(None).remove(0).to_string();
        assert!(said.contains("while appending to the log") && said.contains("look at the disk"), "{said}");
    }

    #[test]
    fn everything_that_hinders_is_told_with_the_gravest_first() {
        let volume = Arc::new(FakeVolume::default());
        let standing = on(&volume);
        standing.stop();
        standing.halt("the first reason".to_owned());
        standing.halt("the second reason".to_owned());
        let all = standing.hindrances(Some(ClockBehind { now: 1, last: 1_000 }));
        let all: Vec<_> = all.iter().map(|h| (h.rule(), h.to_string())).collect();
        let names: Vec<_> = all.iter().map(|(rule, _)| *rule).collect();
        assert_eq!(names, ["log-halted", "storage-low", "clock-behind", "stopping"]);
        assert!(all[0].1.contains("the first reason") && all[2].1.contains("--accept-clock"), "{all:?}");
        assert!(matches!(standing.may_grow(), Err(Refusal::Halted)));
    }
}

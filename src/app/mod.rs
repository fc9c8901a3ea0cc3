//! The composition root: the only room that names concrete backends.
//!
//! [`start`] turns validated settings into a running server: it opens the data folder, makes or reads the three keys, opens
//! the ledger on SQLite, starts the single writer on its own thread, the federation on tasks and HTTP on actix, and gives a
//! [`Running`] whose [`Running::stop`] takes everything down in the reverse order. [`operator`] holds the operator's work on a
//! data folder beside a running server, [`doctor`] says what is wrong with one, [`health`] asks whether one runs, [`backup`] and [`restore`] are for the day when
//! the folder is lost.
//!
//! ```text
//! settings -> data folder (locked) -> keys -> store -> ledger + sequencer -> pins -> federation -> http
//! stop:       /readyz says 503 <- http drains <- federation ends <- the sequencer finishes what is queued <- the lock is let go
//! ```

pub mod backup;
pub mod blocks;
mod descriptors;
pub mod doctor;
mod fsck;
mod gauges;
pub mod health;
mod keys;
mod limits;
mod metrics;
pub mod operator;
pub mod outbound;
mod pins;
pub mod quarantine;
pub mod removal;
mod removing;
pub mod restore;
mod sequencing;
mod serve;
mod watching;

use std::io;
use std::path::Path;

use crate::ledger::Volume;
use crate::storage::DiskVolume;

pub use keys::KeyFileError;
pub use pins::{PinsError, read as read_pins};
pub use serve::{Running, StartError, start};

/// How many bytes are free on the file system of `folder`, for this process.
///
/// # Errors
/// The operating system does not say.
pub fn free_space(folder: &Path) -> io::Result<u64> {
    Ok(DiskVolume::of(folder).space()?.free)
}

//! The thread that carries committed entries into the index file, and full bundles into theirs.
//!
//! It works while the writer works, on the other file, so that neither waits for the other's commits; and it gathers many
//! entries for one transaction, because that is what makes rows in many places cheap. What it has not done when the process
//! ends is done at the next start.

use std::time::Duration;

use super::super::follower::{Bell, Follower};
use super::keeping::CHUNK;
use crate::ledger::Room;
use crate::storage::sqlite::SqliteStore;
use crate::tlog::TILE_WIDTH;

/// So many new entries are carried over without waiting for more: one transaction. While it is written, half as many may come before an
/// append waits.
const ENOUGH: u64 = CHUNK;
/// How long fewer wait for others. What they cost is pages written, and many entries share a page.
const GATHER: Duration = Duration::from_secs(2);
/// How many full bundles are kept at a time: more than one transaction of the index has, so that they do not stay behind it.
const BUNDLES: u64 = 2 * CHUNK / TILE_WIDTH as u64;
/// Hardly a bundle has more bytes.
const A_BUNDLE: u64 = 1 << 20;
/// How often it looks by itself, when nothing is committed, whether bundles can be kept that could not be before.
const LOOK: Duration = Duration::from_mins(1);
/// How long it waits after a failure.
const RETRY: Duration = Duration::from_millis(500);

/// The running thread. It ends with the value, after it has carried over what is there.
pub(in super::super) struct Indexer(Follower);

impl Indexer {
    /// Starts the thread of a store that writes. What can be read without it is only written while there is `room`. Without the
    /// thread, questions that need the file carry over by themselves.
    pub(in super::super) fn start(store: SqliteStore, room: Room) -> Self {
        Self(Follower::start("palinode-indexer", move |bell| run(&store, &room, bell)))
    }

    /// Something was committed, and so many entries stand in memory only.
    pub(in super::super) fn ring(&self, tail: u64) {
        self.0.ring(tail >= ENOUGH);
    }
}

fn run(store: &SqliteStore, room: &Room, bell: &Bell) {
    // There may be bundles since before the start.
    let mut has_more = true;
    loop {
        if store.wants_filter()
            && let Err(error) = store.fill_filter()
        {
            tracing::warn!(%error, "the filter of the index cannot be made; every question asks the file");
        }
        // Where there is more to do, it is not waited for anything.
        let idle = if has_more { Duration::ZERO } else { LOOK };
        let stop = bell.gather(Some(idle), GATHER, |_| has_more || store.tail() >= ENOUGH);
        // Nobody misses a bundle that is kept later; entries that are committed as fast as they can be leave no time for it.
        let is_busy = store.tail() >= ENOUGH;
        if let Err(error) = store.carry_over(&mut |_, _| {}) {
            tracing::warn!(%error, "the index stays behind the log; it is tried again");
            if !stop {
                bell.again();
                std::thread::sleep(RETRY);
            }
        }
        has_more = !is_busy && keep_bundles(store, room);
        if stop {
            return;
        }
    }
}

/// Keeps some full bundles as they are served; whether there are more at once.
fn keep_bundles(store: &SqliteStore, room: &Room) -> bool {
    if !room.is_ample_for(A_BUNDLE) {
        return false;
    }
    store.keep_bundles(BUNDLES).unwrap_or_else(|error| {
        tracing::warn!(%error, "full bundles are read from their entries, which is slower; keeping them is tried again");
        false
    })
}

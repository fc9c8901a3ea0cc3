//! What the machine gives: how long the disk takes to keep its word, and how many files may be open at once.

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::Finding;
use crate::app::descriptors;
use crate::config::Settings;
use crate::storage::DataFolder;

/// How often a write is synced to see how long it takes.
const SYNCS: usize = 21;
/// How much is written each time, in bytes: about what a small append writes.
const WRITTEN: [u8; 4096] = [0x50; 4096];
/// So few connections are soon taken up by a handful of clients.
const FEW_CONNECTIONS: usize = 256;
/// Slower than this, a disk makes every publisher wait noticeably: a post waits for two syncs.
const SLOW: Duration = Duration::from_millis(50);

pub(super) fn look(folder: &DataFolder, settings: &Settings) -> Vec<Finding> {
    let wanted = usize::try_from(settings.limits.connections).unwrap_or(usize::MAX);
    let files = files(descriptors::limit(), descriptors::connections(wanted), wanted);
    // That nothing can be written is told by the look at the folder.
    let syncs = time_syncs(folder.path()).ok().map(|taken| told(taken[SYNCS / 2], taken[SYNCS - 1]));
    syncs.into_iter().chain([files]).collect()
}

fn told(median: Duration, longest: Duration) -> Finding {
    let says = format!("a synced write of 4 KiB takes {}, {} at most of {SYNCS}", millis(median), millis(longest));
    if median < SLOW {
        return Finding::well("sync", says);
    }
    let todo = "each post waits for two of them: put the data folder on a faster disk (not on a network file system or an SD card), or \
                look at who else keeps this one busy";
    Finding::attention("sync", says, todo)
}

/// How long each of some synced writes took, the shortest first. The file is gone when it is closed.
fn time_syncs(folder: &Path) -> io::Result<Vec<Duration>> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut taken = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let begun = Instant::now();
        file.write_all(&WRITTEN)?;
        file.sync_data()?;
        taken.push(begun.elapsed());
    }
    taken.sort_unstable();
    Ok(taken)
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

/// The limit of this process is that of a server started in the same way; a service manager may give another one.
fn files(limit: Option<u64>, left: usize, wanted: usize) -> Finding {
    let limit = limit.map_or_else(|| "any number of".to_owned(), |limit| limit.to_string());
    let says = format!("a server that is started here may open {limit} files: room for {left} connections of {wanted}");
    if left >= wanted.min(FEW_CONNECTIONS) {
        return Finding::well("files", says);
    }
    let todo = "raise the limit where the server is started (LimitNOFILE= of its systemd unit, `ulimit -n` in a shell), or lower \
                limits.connections";
    Finding::attention("files", says, todo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::FindingState;

    #[test]
    fn a_disk_that_takes_long_to_sync_needs_the_operator_and_a_fast_one_does_not() {
        let [fast, slow] = [1, 60].map(|millis| told(Duration::from_millis(millis), Duration::from_millis(2 * millis)));
        assert_eq!(
            (fast.state, fast.says.as_str()),
            (FindingState::Well, "a synced write of 4 KiB takes 1.0 ms, 2.0 ms at most of 21")
        );
        assert_eq!(slow.state, FindingState::Attention);
        assert!(slow.todo.expect("what to do").contains("faster disk"));
    }

    #[test]
    fn a_limit_of_files_that_leaves_few_connections_needs_the_operator() {
        let states = [(Some(64), 24, 2048), (Some(1024), 984, 2048), (Some(64), 24, 16), (None, 2048, 2048)]
            .map(|(limit, left, wanted)| files(limit, left, wanted).state);
        assert_eq!(states, [FindingState::Attention, FindingState::Well, FindingState::Well, FindingState::Well]);
    }

    #[test]
    fn syncs_are_timed_in_order_and_leave_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let taken = time_syncs(folder.path()).expect("timed");
        assert!(taken.len() == SYNCS && taken.is_sorted() && taken[0] > Duration::ZERO, "{taken:?}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}

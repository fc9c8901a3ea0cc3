//! How many clients the descriptor limit of this process leaves room for.
//!
//! A server that takes connections until there is no descriptor left cannot open a file any more, and takes up each connection that
//! waits only after a pause. One that stops a little earlier goes on at once when a client leaves.

use rustix::process::{Resource, getrlimit};

/// Descriptors that are not for clients: databases with their logs and readers, the lock, threads, sockets to peers.
const OWN: u64 = 40;
/// However few there are, somebody must be answered.
const FEWEST: u64 = 8;

/// At most `wanted` connections, and no more than the limit of this process leaves.
pub(super) fn connections(wanted: usize) -> usize {
    limit().map_or(wanted, |limit| wanted.min(left_by(limit)))
}

/// How many descriptors this process may have; `None` when there is no limit.
pub(super) fn limit() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

fn left_by(limit: u64) -> usize {
    usize::try_from(limit.saturating_sub(OWN).max(FEWEST)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_limit_leaves_room_for_the_servers_own_files_and_for_somebody() {
        assert_eq!([0, 16, 64, 1_024].map(left_by), [8, 8, 24, 984]);
        assert!(connections(5) <= 5);
    }
}

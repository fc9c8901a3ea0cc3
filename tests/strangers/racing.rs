//! Readers who ask while the log grows: whatever is served belongs to a tree that was published by then, and what is not served
//! was not published when it was asked for.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use palinode::tlog::{Hash, SignedCheckpoint, VerifierKey};
use tempfile::tempdir;

use crate::client::request;
use crate::filling::grow_to;
use crate::lying::address;
use crate::server_process::Launch;
use crate::speaker::Speaker;

/// How large the log grows while it is read.
const GROWS_TO: u64 = 600;

/// A tile or bundle of a log below 65,536 entries: where it is, and how many entries a log must have for it to be there.
struct Wanted {
    path: String,
    needs: u64,
}

/// What is nearest beyond `size`, and what is nearest before it.
fn wanted(size: u64) -> Vec<Wanted> {
    let mut all = Vec::new();
    for end in size.saturating_sub(1)..size + 4 {
        let (index, width) = (end / 256, end % 256);
        for room in ["0", "entries"] {
            if width > 0 {
                all.push(Wanted { path: format!("/log/tile/{room}/{index:03}.p/{width}"), needs: end });
            }
            all.push(Wanted { path: format!("/log/tile/{room}/{index:03}"), needs: (index + 1) * 256 });
        }
    }
    let full = size / 256;
    all.push(Wanted { path: format!("/log/tile/1/000.p/{}", full + 1), needs: (full + 1) * 256 });
    all
}

/// What one reader saw.
#[derive(Default)]
struct Seen {
    tiles: BTreeMap<String, Vec<u8>>,
    checkpoints: BTreeMap<u64, Hash>,
    refused: u64,
}

fn published(server: SocketAddr, log: &VerifierKey) -> (u64, Hash) {
    let answer = request(server, "GET", "/log/checkpoint", &[], b"");
    let signed = SignedCheckpoint::parse_and_verify(&answer.body, log).unwrap();
    (signed.checkpoint().size(), *signed.checkpoint().root())
}

fn read_while(server: SocketAddr, log: &VerifierKey, growing: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    while growing.load(Ordering::Acquire) {
        let (size, _) = published(server, log);
        for Wanted { path, needs } in wanted(size) {
            let (before, root) = published(server, log);
            seen.checkpoints.insert(before, root);
            let answer = request(server, "GET", &path, &[], b"");
            let (after, _) = published(server, log);
            match answer.status {
                200 => {
                    assert!(needs <= after, "{path} was served, and the log had only {after} entries published");
                    let first = seen.tiles.entry(path.clone()).or_insert_with(|| answer.body.clone());
                    assert!(*first == answer.body, "{path} was something else before");
                }
                404 => {
                    assert!(needs > before, "{path} was not served, although {before} entries were published");
                    seen.refused += 1;
                }
                status => panic!("{path}: {status}"),
            }
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_served_before_it_is_published_and_all_of_it_after() {
    let folder = tempdir().unwrap();
    let server = Launch::on(folder.path().join("a")).start();
    let (at, log) = (address(&server), server.log_key().await);
    let growing = Arc::new(AtomicBool::new(true));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (log, growing) = (log.clone(), growing.clone());
            std::thread::spawn(move || read_while(at, &log, &growing))
        })
        .collect();
    let speaker = Speaker::new();
    for size in [200, 250, 270, 500, 530, GROWS_TO] {
        grow_to(&server, &speaker, size).await;
    }
    growing.store(false, Ordering::Release);
    let seen: Vec<Seen> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();

    let mut leaves = Vec::new();
    for path in ["/log/tile/0/000", "/log/tile/0/001", "/log/tile/0/002.p/88"] {
        leaves.extend(Hash::split_tile(&request(at, "GET", path, &[], b"").body).unwrap());
    }
    assert_eq!(leaves.len() as u64, GROWS_TO);
    let (mut tiles, mut sizes, mut refused) = (0, 0, 0);
    for Seen { tiles: served, checkpoints, refused: not_yet } in &seen {
        for (path, bytes) in served {
            assert_eq!(&request(at, "GET", path, &[], b"").body, bytes, "{path} is something else now");
        }
        for (size, root) in checkpoints {
            let mut frontier = palinode::tlog::Frontier::empty();
            for leaf in &leaves[..usize::try_from(*size).unwrap()] {
                frontier.append(*leaf);
            }
            assert_eq!(frontier.root(), *root, "the root that was published at size {size}");
        }
        (tiles, sizes, refused) = (tiles + served.len(), sizes + checkpoints.len(), refused + not_yet);
    }
    eprintln!("{tiles} tiles and {sizes} checkpoints were seen, {refused} tiles were not there yet");
    assert!(tiles > 20 && sizes > 5 && refused > 20, "too little was seen: {tiles}, {sizes}, {refused}");
}

//! A disk that runs full (promise O4): nothing is taken in below the reserve, reads go on, and so does the server as soon as
//! there is room again; and where the disk really is full to the last byte, nothing is promised and nothing is lost.
//!
//! `PALINODE_FILLS` says how often the disk is filled and emptied; without it, 20 times.

use tempfile::tempdir;

use crate::mounts::Mounted;
use crate::posting::{Posted, Poster, fsck};
use crate::server_process::{Launch, ServerProcess};
use crate::settings::number;
use crate::waiting::eventually;

/// How many posts a disk that is full to the last byte may still take: what was allocated before is used up first.
const STILL_TAKEN: usize = 2_000;

fn fills() -> u64 {
    number("PALINODE_FILLS", 20)
}

async fn becomes_ready(server: &ServerProcess) {
    eventually("the server is ready again", async || (server.get("readyz").await.status == 200).then_some(())).await;
}

/// Reads of every kind are answered.
async fn reads_go_on(server: &ServerProcess, about: &str) {
    for path in ["v1/server", "log/checkpoint", "v1/notices", "livez", &format!("v1/check?id={about}"), ""] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    }
}

#[tokio::test]
async fn below_the_reserve_nothing_is_taken_in_reads_go_on_and_so_does_the_server_when_there_is_room() {
    let folder = tempdir().unwrap();
    let Some(disk) = Mounted::small(folder.path().join("disk"), 16) else { return };
    let mut server = Launch::on(disk.path.join("data")).logging_to(folder.path().join("log")).start();
    let mut poster = Poster::new("reserve");
    let first = poster.write();
    let posted = poster.post_this(&server, &first).await;
    poster.must(&posted);
    for round in 0..fills() {
        // Half of the reserve of 5 % is left.
        disk.fill_but(400 << 10);
        let Posted::NotNow { rule, retry_after, detail } = poster.post(&server).await else {
            panic!("round {round}: taken in below the reserve")
        };
        assert_eq!((rule.as_str(), retry_after), ("storage-low", Some(60)), "{detail}");
        assert!(detail.contains("free some space"), "{detail}");
        let ready = server.get("readyz").await;
        assert_eq!(ready.status, 503);
        let said = String::from_utf8(ready.body).unwrap();
        assert!(said.contains("urn:palinode:problem:storage-low") && said.contains("kept in reserve"), "{said}");
        reads_go_on(&server, &first.subject).await;
        // What is there already is acknowledged again: it needs no room.
        let known = poster.post_this(&server, &first).await;
        poster.must(&known);
        disk.empty();
        let posted = poster.post(&server).await;
        poster.must(&posted);
        assert_eq!(server.get("readyz").await.status, 200, "round {round}");
    }
    poster.finds_everything_on(&server).await;
    server.ends_well();
    fsck(server.data_text());
}

#[tokio::test]
async fn a_disk_that_is_full_to_the_last_byte_promises_nothing_and_loses_nothing() {
    let folder = tempdir().unwrap();
    let Some(disk) = Mounted::small(folder.path().join("disk"), 16) else { return };
    let launch = Launch::on(disk.path.join("data")).logging_to(folder.path().join("log"));
    let mut server = launch.with_variable("PALINODE_STORAGE__RESERVE_BYTES", "0").start();
    let mut poster = Poster::new("full");
    let first = poster.write();
    let posted = poster.post_this(&server, &first).await;
    poster.must(&posted);
    for round in 0..fills() {
        disk.fill();
        let mut refused = None;
        for _ in 0..STILL_TAKEN {
            match poster.post(&server).await {
                Posted::Taken => {}
                Posted::NotNow { rule, retry_after, .. } => {
                    refused = Some((rule, retry_after));
                    break;
                }
                Posted::Unanswered => panic!("round {round}: the server is gone"),
            }
        }
        let (rule, retry_after) = refused.unwrap_or_else(|| panic!("round {round}: a full disk takes everything"));
        assert!(rule == "storage-unavailable" && retry_after.is_some(), "{rule}");
        // A cosignature may find the few bytes that it needs, so that a write has succeeded since: both are the truth.
        assert!(matches!(server.get("readyz").await.status, 200 | 503), "round {round}");
        // What was taken in last may not be in the index, which cannot be written either: a search that would miss it is refused.
        for path in ["log/checkpoint", "livez", &format!("v1/check?id={}", first.subject)] {
            assert_eq!(server.get(path).await.status, 200, "round {round}: {path}");
        }
        for path in ["v1/server", "v1/notices", ""] {
            assert!(matches!(server.get(path).await.status, 200 | 503), "round {round}: {path}");
        }
        disk.empty();
        becomes_ready(&server).await;
        reads_go_on(&server, &first.subject).await;
        let posted = poster.post(&server).await;
        poster.must(&posted);
    }
    poster.finds_everything_on(&server).await;
    server.ends_well();
    fsck(server.data_text());
}

#[tokio::test]
async fn a_server_without_room_reads_no_peer_until_it_has_some() {
    let folder = tempdir().unwrap();
    let Some(disk) = Mounted::small(folder.path().join("disk"), 16) else { return };
    let server = Launch::on(disk.path.join("data")).logging_to(folder.path().join("log")).start();
    let peer = Launch::on(folder.path().join("peer")).start();
    crate::server_process::introduce(&[&server, &peer]);
    let mut poster = Poster::new("peer");
    let before = poster.write();
    let posted = poster.post_this(&peer, &before).await;
    poster.must(&posted);
    server.hears(&before).await;
    disk.fill_but(400 << 10);
    let meanwhile = poster.write();
    let posted = poster.post_this(&peer, &meanwhile).await;
    poster.must(&posted);
    let origin = server.server().await.origin;
    let what = "the server cosigns what its peer announces, also without room for more";
    eventually(what, async || peer.peer(&origin).await.filter(|peer| peer["acknowledged"] == 2)).await;
    assert!(!server.has(&meanwhile).await, "nothing is taken in");
    disk.empty();
    server.hears(&meanwhile).await;
    assert_eq!(server.get("readyz").await.status, 200);
}

#[tokio::test]
async fn a_server_on_a_full_disk_does_not_start_and_says_what_to_do() {
    let folder = tempdir().unwrap();
    let Some(disk) = Mounted::small(folder.path().join("disk"), 16) else { return };
    let launch = Launch::on(disk.path.join("data")).logging_to(folder.path().join("log"));
    let poster = crate::posting::folder_with(&launch, 2).await;
    disk.fill();
    let said = launch.refused().with_code(3);
    assert!(said.contains("cannot be written to") && said.contains("free some space"), "{said}");
    disk.empty();
    poster.finds_everything_on(&launch.start()).await;
}

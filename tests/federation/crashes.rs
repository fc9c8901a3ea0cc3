//! What was acknowledged stays, and what was missed is caught up with, however a server ended.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use palinode::client::Client;
use tempfile::tempdir;
use tokio::task::JoinHandle;

use crate::server_process::{Launch, ServerProcess, introduce, palinode};
use crate::speaker::Speaker;
use crate::waiting::eventually;

/// How long a post may take, and how long the others may take to hear, while a peer is down. Typically it is milliseconds.
const UNDELAYED: Duration = Duration::from_secs(5);
/// Five seconds are for peers that do not answer.
const STARTS_WITHIN: Duration = Duration::from_secs(9);
const STOPS_WITHIN: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_peer_that_is_down_delays_nobody_and_hears_everything_when_it_comes_back() {
    let folder = tempdir().unwrap();
    let [a, mut b, c] = ["a", "b", "c"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    introduce(&[&a, &b, &c]);
    let speaker = Speaker::new();
    let before: Vec<_> = (0..3).map(|n| speaker.report(&format!("before-{n}"), "before the crash")).collect();
    for (notice, server) in before.iter().zip([&a, &b, &c]) {
        server.takes(notice).await;
        b.hears(notice).await;
    }
    let stood = b.entries().await;

    b.kill();
    let missed: Vec<_> = (0..6).map(|n| speaker.report(&format!("missed-{n}"), "while it was away")).collect();
    for (n, notice) in missed.iter().enumerate() {
        let (to, other) = if n % 2 == 0 { (&a, &c) } else { (&c, &a) };
        let begun = Instant::now();
        to.takes(notice).await;
        assert!(begun.elapsed() < UNDELAYED, "a post took {:?} while a peer was down", begun.elapsed());
        other.hears(notice).await;
        assert!(begun.elapsed() < UNDELAYED, "a peer heard after {:?} while another was down", begun.elapsed());
    }

    b.start_again(|launch| launch);
    for notice in &missed {
        b.hears(notice).await;
    }
    let stands = b.entries().await;
    assert_eq!(stands[..stood.len()], stood, "nothing is lost or has another number");
    let everything: BTreeSet<String> = before.iter().chain(&missed).map(|notice| notice.leaf.to_string()).collect();
    assert_eq!(stands.len(), everything.len(), "nothing stands there twice");
    assert_eq!(stands.into_iter().collect::<BTreeSet<_>>(), everything);
    // The others notice that it is there again, and it hears at once what is posted from now on.
    let after = speaker.report("after", "after the crash");
    b.takes(&after).await;
    a.hears(&after).await;
    c.hears(&after).await;
    fsck(&b);
}

#[tokio::test]
async fn a_peer_that_hangs_delays_neither_posts_nor_the_others_nor_a_start() {
    let folder = tempdir().unwrap();
    let [mut a, b, c] = ["a", "b", "c"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    introduce(&[&a, &b, &c]);
    let speaker = Speaker::new();
    let first = speaker.report("first", "before it hung");
    a.takes(&first).await;
    b.hears(&first).await;
    b.hang();
    let [while_it_hangs, after_the_start] = ["hanging", "started"].map(|name| speaker.report(name, "while it hung"));
    let begun = Instant::now();
    a.takes(&while_it_hangs).await;
    c.hears(&while_it_hangs).await;
    assert!(begun.elapsed() < UNDELAYED, "{:?} while a peer hung", begun.elapsed());

    // A start asks the peers what they cosigned, and does not wait for this one for ever.
    a.kill();
    let begun = Instant::now();
    a.start_again(|launch| launch);
    assert!(begun.elapsed() < STARTS_WITHIN, "a start took {:?} while a peer hung", begun.elapsed());
    let begun = Instant::now();
    a.takes(&after_the_start).await;
    c.hears(&after_the_start).await;
    assert!(begun.elapsed() < UNDELAYED, "{:?} while a peer hung", begun.elapsed());

    b.go_on();
    b.hears(&while_it_hangs).await;
    b.hears(&after_the_start).await;
}

#[tokio::test]
async fn what_was_acknowledged_outlives_a_kill() {
    let folder = tempdir().unwrap();
    let mut server = Launch::on(folder.path().join("a")).start();
    let speaker = Speaker::new();
    let mut acknowledged = Vec::new();
    for round in 0..10 {
        let notice = speaker.report(&format!("round-{round}"), "acknowledged");
        assert_eq!(server.takes(&notice).await, round);
        server.kill();
        acknowledged.push(notice.leaf.to_string());
        fsck(&server);
        server.start_again(|launch| launch);
        assert_eq!(server.entries().await, acknowledged);
        assert!(server.has(&notice).await);
    }
    fsck(&server);
}

#[tokio::test]
async fn a_server_killed_under_load_keeps_what_it_acknowledged_and_its_peer_has_the_same() {
    let folder = tempdir().unwrap();
    let [mut a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    introduce(&[&a, &b]);
    let acknowledged = Acknowledged::default();
    for round in 1..=4 {
        let posting = post_with(4, &a, &acknowledged);
        let wanted = round * 10;
        eventually("some notices are acknowledged", async || (acknowledged.lock().unwrap().len() >= wanted).then_some(()))
            .await;
        a.kill();
        for task in posting {
            task.await.unwrap();
        }
        a.start_again(|launch| launch);
        fsck(&a);
    }
    everything_acknowledged_is_on(&a, &acknowledged).await;
    let stands = a.entries().await;
    eventually("the peer has all of it", async || (b.entries().await.len() == stands.len()).then_some(())).await;
    assert_eq!(b.entries().await.into_iter().collect::<BTreeSet<_>>(), stands.into_iter().collect());
    let peer = b.peer(&a.server().await.origin).await.unwrap();
    assert!(peer.get("paused").is_none(), "nothing that was shown was taken back: {peer}");
}

#[tokio::test]
async fn a_server_asked_to_stop_under_load_answers_what_it_took_and_loses_nothing() {
    let folder = tempdir().unwrap();
    let [mut a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    introduce(&[&a, &b]);
    let acknowledged = Acknowledged::default();
    let posting = post_with(4, &a, &acknowledged);
    eventually("some notices are acknowledged", async || (acknowledged.lock().unwrap().len() >= 20).then_some(())).await;
    // Beside a server that writes, as an operator may.
    for _ in 0..3 {
        fsck(&a);
    }
    // Somebody who never ends a request does not keep the server from ending.
    let mut slow = TcpStream::connect(("127.0.0.1", a.url.port().unwrap())).unwrap();
    slow.write_all(b"POST /v1/notices HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{")
        .unwrap();
    a.terminate();
    let status = a.ended_within(STOPS_WITHIN).await;
    assert_eq!(status.code(), Some(0));
    for task in posting {
        task.await.unwrap();
    }
    fsck(&a);
    a.start_again(|launch| launch);
    everything_acknowledged_is_on(&a, &acknowledged).await;
    let stands = a.entries().await.len();
    eventually("the peer has all of it", async || (b.entries().await.len() == stands).then_some(())).await;
}

/// Leaf hashes of what was acknowledged, by whichever task.
type Acknowledged = Arc<Mutex<Vec<String>>>;

async fn everything_acknowledged_is_on(server: &ServerProcess, acknowledged: &Acknowledged) {
    let stands: BTreeSet<String> = server.entries().await.into_iter().collect();
    let lost: Vec<String> = acknowledged.lock().unwrap().iter().filter(|leaf| !stands.contains(*leaf)).cloned().collect();
    assert!(lost.is_empty(), "{lost:?} of {}", stands.len());
}

/// Begins to post from several sides at once.
fn post_with(tasks: usize, to: &ServerProcess, acknowledged: &Acknowledged) -> Vec<JoinHandle<()>> {
    (0..tasks).map(|n| tokio::spawn(post_until_it_stops(to.client.clone(), n, acknowledged.clone()))).collect()
}

/// Posts one notice after the other until the server is gone. Refusals other than "not now" have no place here.
async fn post_until_it_stops(client: Client, task: usize, acknowledged: Acknowledged) {
    let speaker = Speaker::new();
    for n in 0.. {
        let notice = speaker.report(&format!("load-{task}-{n}"), "under load");
        let Ok(receipt) = client.post(&notice.body, false).await else { return };
        assert_eq!(receipt.status, 201);
        acknowledged.lock().unwrap().push(notice.leaf.to_string());
    }
}

/// Derives the whole ledger again; nothing may contradict itself.
fn fsck(server: &ServerProcess) {
    palinode(&["fsck", "--data", server.data_text()]).well();
}

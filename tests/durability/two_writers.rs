//! Two servers on one data folder (promise D3): the second is refused at once, and where the lock was taken away, one of them
//! stops signing; whatever both took in meanwhile, no size ever has two checkpoints, and nothing that was acknowledged is lost.

use std::time::{Duration, Instant};

use tempfile::tempdir;

use crate::posting::{Heads, Posted, Poster, fsck};
use crate::server_process::{Launch, ServerProcess, palinode};
use crate::waiting::eventually;

/// The lock is looked at every second.
const NOTICED_WITHIN: Duration = Duration::from_secs(10);

#[test]
fn a_second_server_on_a_folder_is_refused_at_once_and_told_what_to_do() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a"));
    let _first = launch.start();
    let begun = Instant::now();
    let said = launch.refused().with_code(2);
    assert!(begun.elapsed() < Duration::from_secs(5), "it took {:?}", begun.elapsed());
    assert!(said.contains("another palinode server is running on") && said.contains("stop it first"), "{said}");
    assert!(said.contains("--data"), "{said}");
}

async fn is_halted(server: &ServerProcess) -> bool {
    let ready = server.get("readyz").await;
    ready.status == 503 && String::from_utf8_lossy(&ready.body).contains("log-halted")
}

#[tokio::test]
async fn two_servers_that_got_around_the_lock_never_fork_and_the_one_without_the_lock_stops_signing() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a"));
    let first = launch.start();
    let mut heads = Heads::of(&first).await;
    let (mut one, mut other) = (Poster::new("one"), Poster::new("other"));
    let posted = one.post(&first).await;
    one.must(&posted);

    std::fs::remove_file(first.data().join("lock")).unwrap();
    let second = launch.clone().logging_to(folder.path().join("second.log")).start();
    let begun = Instant::now();
    let mut told = None;
    let (mut busy, mut taken) = (0, 0);
    // Both are posted to at the same time, until the first one has noticed.
    while told.is_none() {
        assert!(begun.elapsed() < NOTICED_WITHIN, "nobody noticed that the lock is gone");
        let (here, there) = (one.write(), other.write());
        let answers = tokio::join!(one.post_this(&first, &here), other.post_this(&second, &there));
        for answer in <[Posted; 2]>::from(answers) {
            match answer {
                Posted::Taken => taken += 1,
                Posted::NotNow { rule, .. } if rule == "busy" => busy += 1,
                Posted::NotNow { rule, .. } if rule == "log-halted" => told = Some(()),
                other => panic!("{other:?}"),
            }
        }
        heads.look_at(&first).await;
        heads.look_at(&second).await;
    }
    assert!(!is_halted(&second).await, "the one that holds the lock goes on");
    let said = String::from_utf8(first.get("readyz").await.body).unwrap();
    assert!(said.contains("lock file") && said.contains("Stop both, and start one again"), "{said}");
    for _ in 0..5 {
        // The loser of the last race may have to read the log anew once.
        other.posts_until(&second, "the other one takes notices", |posted| matches!(posted, Posted::Taken).then_some(())).await;
        heads.look_at(&second).await;
    }
    assert!(heads.sizes() > 3 && taken > 0, "{} sizes, {taken} taken, {busy} lost a race", heads.sizes());
    drop(first);
    drop(second);
    let server = launch.start();
    heads.look_at(&server).await;
    one.finds_everything_on(&server).await;
    other.finds_everything_on(&server).await;
    drop(server);
    fsck(folder.path().join("a").to_str().unwrap());
}

#[tokio::test]
async fn a_lock_file_that_was_replaced_is_noticed_too() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a"));
    let mut server = launch.start();
    let lock = server.data().join("lock");
    std::fs::write(server.data().join("other"), "").unwrap();
    std::fs::rename(server.data().join("other"), &lock).unwrap();
    eventually("the server is halted", async || is_halted(&server).await.then_some(())).await;
    let said = palinode(&["fsck", "--data", server.data_text()]).well();
    assert!(said.contains("Everything is what it must be"), "{said}");
    server.ends_well();
    assert_eq!(launch.start().get("readyz").await.status, 200, "the next start holds the lock again");
}

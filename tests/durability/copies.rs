//! A copied data folder that is started beside the original, with the same keys (promise D3): no lock and no database can keep
//! the two apart, so a peer that cosigns both notices, keeps the evidence, and the copy that lost stops signing.

use tempfile::tempdir;

use crate::mounts::copy_folder;
use crate::posting::{Heads, Posted, Poster};
use crate::server_process::{Launch, ServerProcess, introduce, palinode};
use crate::waiting::eventually;

/// What `/readyz` says of a halted log.
async fn why_halted(server: &ServerProcess) -> Option<String> {
    let ready = server.get("readyz").await;
    let said = String::from_utf8(ready.body).unwrap();
    (ready.status == 503 && said.contains("log-halted")).then_some(said)
}

#[tokio::test]
async fn of_two_copies_of_one_folder_the_one_that_the_peer_did_not_cosign_halts_and_the_peer_keeps_the_evidence() {
    let folder = tempdir().unwrap();
    let [mut original, peer] = ["original", "peer"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    introduce(&[&original, &peer]);
    let (mut one, mut other) = (Poster::new("one"), Poster::new("other"));
    let shared = one.write();
    let posted = one.post_this(&original, &shared).await;
    one.must(&posted);
    peer.hears(&shared).await;
    let (origin, peers_origin) = (original.server().await.origin, peer.server().await.origin);
    let cosigned = async |size: u64| {
        let what = format!("the peer cosigned size {size}");
        eventually(&what, async || original.peer(&peers_origin).await.filter(|peer| peer["acknowledged"] == size)).await
    };
    cosigned(1).await;

    original.kill();
    copy_folder(original.data(), &folder.path().join("copy"));
    original.start_again(|launch| launch);
    // Nothing tells the two apart yet, so the copy starts.
    let copy = Launch::on(folder.path().join("copy")).returning();
    let mut copied = copy.start();
    assert_eq!(copied.server().await.origin, origin);

    let (here, there) = (one.write(), other.write());
    let posted = one.post_this(&original, &here).await;
    one.must(&posted);
    peer.hears(&here).await;
    let what = "the peer cosigned the original";
    eventually(what, async || original.peer(&peers_origin).await.filter(|peer| peer["acknowledged"] == 2)).await;

    // The copy cannot know better: it takes one more, and learns of the other tree when it tells its peer.
    let posted = other.post_this(&copied, &there).await;
    other.must(&posted);
    let said = eventually("the copy halts", async || why_halted(&copied).await).await;
    assert!(said.contains("two copies of the data folder were started") && said.contains("Stop both"), "{said}");
    let Posted::NotNow { rule, .. } = other.post(&copied).await else { panic!("a halted log takes nothing") };
    assert_eq!(rule, "log-halted");
    assert_eq!(copied.get("log/checkpoint").await.status, 503, "what was forked is not shown any more");
    assert!(copied.has(&shared).await, "reads go on");

    let convicted =
        eventually("the peer keeps the evidence", async || peer.peer(&origin).await.filter(|peer| peer["state"] != "ok"));
    let convicted = convicted.await;
    assert!(convicted.to_string().contains("evidence"), "{convicted}");
    assert!(!peer.has(&there).await, "what only the copy has did not spread");

    // Started again, the copy asks its peers first, and signs nothing at all.
    copied.kill();
    copied.start_again(|launch| launch);
    let said = why_halted(&copied).await.expect("the copy is halted from its first moment on");
    assert!(said.contains("two copies of the data folder were started"), "{said}");
    let doctor = palinode(&["doctor", "--data", copied.data_text()]);
    assert_eq!(doctor.code, Some(4), "{doctor:?}");
    assert!(doctor.stdout.contains("two copies of it were started"), "{doctor:?}");

    // The original was never in doubt, and no two of its checkpoints contradict each other.
    assert_eq!(original.get("readyz").await.status, 200);
    let mut heads = Heads::of(&original).await;
    for _ in 0..3 {
        let posted = one.post(&original).await;
        one.must(&posted);
        heads.look_at(&original).await;
    }
    one.finds_everything_on(&original).await;
}

#[tokio::test]
async fn a_copy_that_is_only_older_halts_as_soon_as_a_peer_tells_it_what_it_signed() {
    let folder = tempdir().unwrap();
    let [mut original, mut peer] = ["original", "peer"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    introduce(&[&original, &peer]);
    let mut poster = Poster::new("one");
    let first = poster.write();
    let posted = poster.post_this(&original, &first).await;
    poster.must(&posted);
    peer.hears(&first).await;
    original.kill();
    let old = folder.path().join("old");
    copy_folder(original.data(), &old);
    original.start_again(|launch| launch);
    let second = poster.write();
    let posted = poster.post_this(&original, &second).await;
    poster.must(&posted);
    peer.hears(&second).await;
    let peers_origin = peer.server().await.origin;
    let what = "the peer cosigned both";
    eventually(what, async || original.peer(&peers_origin).await.filter(|peer| peer["acknowledged"] == 2)).await;
    original.kill();

    // At the start of the old copy nobody answers, so that it begins to sign; then the peer comes back.
    peer.kill();
    let copied = Launch::on(old).returning().start();
    assert_eq!(copied.get("readyz").await.status, 200);
    peer.start_again(|launch| launch);
    let mut other = Poster::new("other");
    let posted = other.post(&copied).await;
    assert!(matches!(posted, Posted::Taken | Posted::NotNow { .. }), "{posted:?}");
    let said = eventually("the old copy halts", async || why_halted(&copied).await).await;
    assert!(said.contains("cosigned"), "{said}");
}

//! Whose notices a server takes is its operator's policy, and waits for its operator.

use std::path::Path;

use tempfile::tempdir;

use crate::server_process::{Launch, ServerProcess, introduce};
use crate::speaker::Speaker;
use crate::waiting::eventually;

fn configuration(policy: &str, pins: &Path) -> String {
    format!("[admission]\npolicy = \"{policy}\"\n[trust]\npublishers = \"{}\"\n", pins.display())
}

/// Waits until `server` has read all of `of`, and gives how many entries of it wait here.
async fn pending_of(server: &ServerProcess, of: &ServerProcess) -> u64 {
    let (origin, size) = (of.server().await.origin, of.tree_size().await);
    let peer = eventually("the peer's log is read", async || {
        server.peer(&origin).await.filter(|peer| peer["pulled"].as_u64() == Some(size))
    })
    .await;
    peer["pending"].as_u64().unwrap()
}

#[tokio::test]
async fn a_domain_reaches_only_servers_that_pinned_it_and_a_pin_takes_in_what_waited() {
    let folder = tempdir().unwrap();
    let [with_pin, without] = ["with", "without"].map(|name| folder.path().join(name));
    std::fs::create_dir(&with_pin).unwrap();
    std::fs::create_dir(&without).unwrap();
    let (domain, anybody) = (Speaker::of_domain("example.org"), Speaker::new());
    std::fs::write(with_pin.join("example.json"), domain.pin()).unwrap();

    let launch = |name: &str| Launch::on(folder.path().join(name)).returning();
    let a = launch("a").configured(&configuration("open", &with_pin)).start();
    let mut pinned_only = launch("b").configured(&configuration("pinned", &without)).start();
    let open = launch("c").start();
    introduce(&[&a, &pinned_only]);
    introduce(&[&a, &open]);
    let (owners, strangers) = (domain.report("faces", "by the owner"), anybody.report("voices", "by an observer"));
    a.takes(&owners).await;
    a.takes(&strangers).await;

    open.hears(&strangers).await;
    // The domain's record and its notice wait; on the pinned-only server the stranger's notice does too.
    assert_eq!(pending_of(&open, &a).await, 2);
    assert_eq!(pending_of(&pinned_only, &a).await, 3);
    assert_eq!((open.tree_size().await, pinned_only.tree_size().await), (1, 0));
    for server in [&open, &pinned_only] {
        let answer = server.client.check(std::slice::from_ref(&owners.subject), false).await.unwrap();
        assert_eq!(answer.answers[0].raw["verdict"], "no-notice");
    }

    pinned_only.kill();
    pinned_only.start_again(|launch| launch.configured(&configuration("pinned", &with_pin)));
    pinned_only.hears(&owners).await;
    eventually("only the stranger waits", async || (pending_of(&pinned_only, &a).await == 1).then_some(())).await;
    assert!(!pinned_only.has(&strangers).await);
    assert_eq!(pinned_only.tree_size().await, 2, "the record and the notice");
    assert!(!open.has(&owners).await);
}

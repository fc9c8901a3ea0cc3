//! Peers that stand in the configuration file.

use tempfile::tempdir;

use crate::server_process::{Launch, ServerProcess, palinode};
use crate::speaker::Speaker;
use crate::waiting::eventually;

/// The `[[peers]]` table by which others know this server.
async fn as_peer(server: &ServerProcess) -> String {
    let published = server.server().await;
    format!(
        "[[peers]]\nurl = \"{}\"\norigin = \"{}\"\nlog_key = \"{}\"\nwitness_key = \"{}\"\noperator_key = \"{}\"\n",
        server.url, published.origin, published.log_key, published.witness_key, published.operator_key
    )
}

#[tokio::test]
async fn peers_in_the_configuration_hear_each_other_and_leave_with_it() {
    let folder = tempdir().unwrap();
    let [mut a, mut b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    let (of_a, of_b) = (as_peer(&a).await, as_peer(&b).await);
    for (server, other) in [(&mut a, &of_b), (&mut b, &of_a)] {
        server.kill();
        server.start_again(|launch| launch.configured(other));
    }
    let speaker = Speaker::new();
    let notice = speaker.report("faces", "through the configuration");
    a.takes(&notice).await;
    b.hears(&notice).await;
    let origin = b.server().await.origin;
    assert!(a.peer(&origin).await.is_some());
    // The same peer by command is the same peer.
    a.adds_peer(&b);

    a.kill();
    a.start_again(|launch| launch.configured(""));
    assert!(a.peer(&origin).await.is_none());
    assert!(a.has(&notice).await, "what came stays");
}

#[tokio::test]
async fn a_configuration_that_contradicts_the_table_of_peers_does_not_start() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("a");
    let mut a = Launch::on(&data).start();
    let b = Launch::on(folder.path().join("b")).start();
    let other = Launch::on(folder.path().join("other")).start();
    a.adds_peer(&b);
    let (origin, others_key) = (b.server().await.origin, other.server().await.operator_key);
    let right = as_peer(&b).await;
    let own = a.server().await.origin;
    a.kill();

    let elsewhere = right.replace(b.url.as_str(), "http://127.0.0.1:9/");
    let other_key = right.replace(&b.server().await.operator_key, &others_key);
    for wrong in [&elsewhere, &other_key] {
        let said = Launch::on(&data).configured(wrong).refused().with_code(2);
        assert!(said.contains(&format!("palinode peer remove {origin}")), "{said}");
    }
    let itself = as_peer(&b).await.replace(&origin, &own);
    let said = Launch::on(&data).configured(&itself).refused().with_code(2);
    assert!(said.contains("peers[0]") || said.contains("itself"), "{said}");

    // What it says to do helps.
    palinode(&["peer", "remove", &origin, "--data", data.to_str().unwrap()]).well();
    let a = Launch::on(&data).configured(&elsewhere).start();
    let peer = eventually("the peer of the configuration is there", async || a.peer(&origin).await).await;
    assert_eq!(peer["url"], "http://127.0.0.1:9/");
}

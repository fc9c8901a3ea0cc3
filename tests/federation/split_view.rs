//! A log with two faces, among servers as their operators run them: found by comparing, isolated, and proved to a stranger.

use palinode::app::operator::{NewPeer, add_peer};
use palinode::envelope::PublicKey;
use palinode::tlog::VerifierKey;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::tempdir;

use crate::server_process::{Launch, ServerProcess, introduce, palinode};
use crate::speaker::Speaker;
use crate::waiting::eventually;

/// Makes `other` a peer of `server`, and not the other way round.
async fn shows_itself_to(other: &ServerProcess, server: &ServerProcess) {
    let keys = other.server().await;
    let key = |text: &str| VerifierKey::parse(text).unwrap();
    let peer = NewPeer {
        url: other.url.clone(),
        log_key: key(&keys.log_key),
        witness_key: key(&keys.witness_key),
        operator_key: PublicKey::parse(&keys.operator_key).unwrap(),
    };
    add_peer(server.data(), peer).unwrap();
}

#[tokio::test]
async fn a_log_that_shows_two_histories_to_two_servers_is_found_isolated_and_proved_to_a_stranger() {
    let folder = tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // Two runs of one data folder that know nothing of each other: one name and one set of keys, and soon two histories.
    let mut first = Launch::on(path("one")).start();
    let origin = first.server().await.origin;
    first.ends_well();
    let status = std::process::Command::new("cp").arg("-r").arg(path("one")).arg(path("other")).status().unwrap();
    assert!(status.success());
    let faces = ["one", "other"].map(|name| Launch::on(path(name)).start());
    let honest = ["a", "b"]
        .map(|name| Launch::on(path(name)).configured("[federation]\npoll_seconds = 1\ncompare_seconds = 1\n").start());
    let [a, b] = &honest;
    introduce(&[a, b]);
    let speaker = Speaker::new();
    let told = [speaker.report("one", "to one half"), speaker.report("other", "to the other half")];
    for (face, notice) in faces.iter().zip(&told) {
        face.takes(notice).await;
    }
    shows_itself_to(&faces[0], a).await;
    shows_itself_to(&faces[1], b).await;
    for (server, notice) in honest.iter().zip(&told) {
        server.hears(notice).await;
    }

    let name = data_encoding::HEXLOWER.encode(&Sha256::digest(&origin));
    for server in &honest {
        let peer = eventually("the liar is isolated", async || {
            server.peer(&origin).await.filter(|peer| peer["evidence"].as_u64() > Some(0))
        });
        let peer = peer.await;
        assert_eq!((&peer["paused"], peer["isolated_since"].is_string()), (&"evidence".into(), true), "{peer}");
        proves_it_to_a_stranger(server, &name, &origin).await;
    }

    // What was accepted before stays, and travels on; nothing more comes from the liar.
    a.hears(&told[1]).await;
    b.hears(&told[0]).await;
    let late = speaker.report("late", "after it was found out");
    faces[0].takes(&late).await;
    let honest_word = speaker.report("honest", "from one who is not isolated");
    b.takes(&honest_word).await;
    a.hears(&honest_word).await;
    assert!(!a.entries().await.contains(&late.leaf.to_string()));
}

/// Everything that a server shows of it: for programs, for people, for operators, and as a proof under the log's key alone.
async fn proves_it_to_a_stranger(server: &ServerProcess, name: &str, origin: &str) {
    let address = server.url.join(&format!("v1/peers/{name}/evidence")).unwrap();
    let document = server.json(&format!("v1/peers/{name}/evidence")).await;
    assert_eq!((&document["origin"], &document["evidence"][0]["kind"]), (&origin.into(), &"two-roots".into()));

    let convicted = palinode(&["proof", "evidence", address.as_str()]).well();
    assert!(convicted.starts_with(&format!("Convicted: {origin} signed two histories.")), "{convicted}");
    let file = server.data().with_extension("evidence.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let key = document["log_key"].as_str().unwrap();
    let shown = palinode(&["proof", "evidence", file.to_str().unwrap(), "--log-key", key, "--format", "json"]).well();
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((&shown["pieces"][0]["size"], &shown["log_key_from_the_document"]), (&1.into(), &false.into()), "{shown}");
    let other_key = server.log_key().await.to_string();
    palinode(&["proof", "evidence", file.to_str().unwrap(), "--log-key", &other_key]).with_code(1);

    let listed = palinode(&["peer", "list", "--data", server.data_text()]).well();
    assert!(listed.contains("isolated since") && listed.contains("1 piece of evidence"), "{listed}");
    let listed = palinode(&["peer", "list", "--data", server.data_text(), "--format", "json"]).well();
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let liar = listed["peers"].as_array().unwrap().iter().find(|peer| peer["origin"] == origin).unwrap();
    assert_eq!((&liar["evidence"], &liar["pause"]), (&1.into(), &"evidence".into()));
    palinode(&["fsck", "--data", server.data_text()]).well();
    let page = String::from_utf8(server.get("peers").await.body).unwrap();
    assert!(page.contains("it signed two histories") && page.contains(&format!("/v1/peers/{name}/evidence")), "{page}");
    eventually("the metrics tell it", async || {
        let metrics = String::from_utf8(server.get("metrics").await.body).unwrap();
        metrics.contains(&format!("palinode_peer_evidence{{peer=\"{origin}\"}} 1")).then_some(())
    })
    .await;
}

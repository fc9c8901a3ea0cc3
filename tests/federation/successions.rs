//! A server that is lost and restored into a new log: its peers follow without a command (protocol, section 7, rule 6), and a thief
//! without the operator key takes nobody's place.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::tempdir;

use crate::server_process::{Launch, ServerProcess, introduce, palinode};
use crate::speaker::{SignedNotice, Speaker};
use crate::waiting::eventually;

/// Restores a backup into a folder, under an operator key.
fn restore(backup: &Path, data: &Path, operator: &Path, more: &[&str]) {
    let [backup, data, operator] = [backup, data, operator].map(|path| path.to_str().unwrap());
    let words = ["restore", "--from", backup, "--data", data, "--operator-key", operator, "--removed-lost"];
    palinode(&[&words[..], more].concat()).well();
}

/// How `palinode peer list` of a server describes the peer of this origin.
fn listed(server: &ServerProcess, origin: &str) -> Value {
    let told = palinode(&["peer", "list", "--data", server.data_text(), "--format", "json"]).well();
    let told: Value = serde_json::from_str(&told).unwrap();
    let found = told["peers"].as_array().unwrap().iter().find(|peer| peer["origin"] == origin).cloned();
    found.unwrap_or_default()
}

async fn has_texts_of(server: &ServerProcess, notice: &SignedNotice) {
    let document = palinode::notice::DocumentHash::of(&notice.body.documents[0]);
    let path = format!("v1/documents/{document}");
    eventually("the texts are there", async || (server.get(&path).await.status == 200).then_some(())).await;
}

#[tokio::test]
async fn the_peers_of_a_restored_server_follow_it_and_give_back_what_it_lost_without_any_command() {
    let folder = tempdir().unwrap();
    let [mut a, b, c] = ["a", "b", "c"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    introduce(&[&a, &b, &c]);
    let speaker = Speaker::new();
    let notices: Vec<_> = (0..12).map(|n| speaker.report(&format!("faces-{n}"), "of either half")).collect();
    let (kept, lost) = notices.split_at(6);
    let backup = folder.path().join("a.backup");
    for notice in kept {
        a.takes(notice).await;
    }
    palinode(&["backup", "--data", a.data_text(), "--out", backup.to_str().unwrap()]).well();
    for notice in lost {
        a.takes(notice).await;
        b.hears(notice).await;
        c.hears(notice).await;
    }
    has_texts_of(&b, &lost[5]).await;
    let old = a.server().await;
    let operator = folder.path().join("operator.pem");
    fs::copy(a.data().join("keys/operator.pem"), &operator).unwrap();

    // The disk is lost, and while the server is away its peers go on.
    a.kill();
    fs::remove_dir_all(a.data()).unwrap();
    let meanwhile = speaker.report("meanwhile", "while it was away");
    b.takes(&meanwhile).await;
    c.hears(&meanwhile).await;
    restore(&backup, a.data(), &operator, &[]);
    a.start_again(|launch| launch);
    let new = a.server().await;
    assert_ne!((&new.origin, &new.log_key), (&old.origin, &old.log_key));

    // Everything comes back from whoever has it, with its texts.
    for notice in notices.iter().chain([&meanwhile]) {
        a.hears(notice).await;
        has_texts_of(&a, notice).await;
    }
    // What it takes in from now on is heard, and what its peers say is cosigned under its new name.
    let after = speaker.report("after", "on the new log");
    a.takes(&after).await;
    for peer in [&b, &c] {
        peer.hears(&after).await;
        assert_eq!(listed(peer, &old.origin)["succeeded_by"], new.origin);
        let followed = listed(peer, &new.origin);
        assert_eq!((&followed["source"], &followed["operator_key"]), (&"succession".into(), &old.operator_key.clone().into()));
        let ended = peer.peer(&old.origin).await.expect("whoever knows the old name learns of the new one");
        assert_eq!(ended["succeeded_by"]["origin"], new.origin);
        let page = String::from_utf8(peer.get("peers").await.body).unwrap().replace(['\u{2068}', '\u{2069}'], "");
        assert!(page.contains(&format!("its log ended; {} goes on for it", new.origin)), "{page}");
        eventually("the new log is cosigned", async || {
            a.peer(&peer.server().await.origin).await.filter(|peer| peer["acknowledged"].as_u64() >= Some(13))
        })
        .await;
        let table = palinode(&["peer", "list", "--data", peer.data_text()]).well();
        assert!(table.contains("ended, succeeded by"), "{table}");
        let entries = peer.entries().await;
        assert_eq!(entries.len(), 14, "each notice once, and no statement of others");
        palinode(&["fsck", "--data", peer.data_text()]).well();
    }
    palinode(&["fsck", "--data", a.data_text()]).well();
}

#[tokio::test]
async fn a_thief_with_a_backup_and_the_address_and_without_the_operator_key_takes_nobodys_place() {
    let folder = tempdir().unwrap();
    let launch = |name: &str| Launch::on(folder.path().join(name)).returning();
    let mut a = launch("a").start();
    let b = launch("b").configured("[federation]\npoll_seconds = 2\n").start();
    introduce(&[&a, &b]);
    let speaker = Speaker::new();
    let first = speaker.report("first", "by the right server");
    a.takes(&first).await;
    b.hears(&first).await;
    let old = a.server().await;
    let path = |name: &str| folder.path().join(name);
    palinode(&["backup", "--data", a.data_text(), "--out", path("a.backup").to_str().unwrap()]).well();
    fs::copy(a.data().join("keys/operator.pem"), path("operator.pem")).unwrap();
    a.kill();

    palinode(&["key", "new", path("thief.pem").to_str().unwrap()]).well();
    restore(&path("a.backup"), &path("thief"), &path("thief.pem"), &["--other-operator"]);
    a.start_again(|launch| launch.but_on(path("thief")));
    let thief = a.server().await.origin;
    let forged = speaker.report("forged", "by a thief");
    a.takes(&forged).await;
    eventually("b refuses the thief", async || {
        let claim = listed(&b, &old.origin)["refused_claim"].as_str().map(str::to_owned);
        claim.filter(|said| said.contains("operator key") && said.contains(&thief))
    })
    .await;
    let table = palinode(&["peer", "list", "--data", b.data_text()]).well();
    assert!(table.contains("refused:") && table.contains("did not sign the statement"), "{table}");
    let shown = b.peer(&old.origin).await.expect("a peer");
    assert_eq!(
        (&shown["refused_claim"]["claimant"], &shown["refused_claim"]["rule"]),
        (&thief.clone().into(), &"succession-other-operator".into())
    );
    assert!(listed(&b, &thief).is_null() && listed(&b, &old.origin)["succeeded_by"].is_null());

    // The right operator restores their server at its address, and is followed.
    a.kill();
    restore(&path("a.backup"), &path("right"), &path("operator.pem"), &[]);
    a.start_again(|launch| launch.but_on(path("right")));
    let right = a.server().await.origin;
    eventually("b follows", async || (listed(&b, &old.origin)["succeeded_by"] == right.as_str()).then_some(())).await;
    let after = speaker.report("after", "by the right server");
    a.takes(&after).await;
    b.hears(&after).await;
    assert!(!b.has(&forged).await, "nothing was ever read from the thief");
}

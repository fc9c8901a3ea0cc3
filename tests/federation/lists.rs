//! Digest lists between built servers: made, named, posted and found by one digest on another server.

use std::fmt::Write;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::tempdir;

use crate::server_process::{Launch, introduce, palinode};
use crate::waiting::eventually;

/// Enough for several ranges of a fetch.
const COUNT: u32 = 200_000;

#[tokio::test]
async fn a_list_that_is_built_and_posted_with_its_notice_is_found_by_a_digest_on_a_peer_and_after_its_restart() {
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    introduce(&[&a, &b]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mut sums = String::new();
    for n in 0..COUNT {
        writeln!(sums, "{}  {n}.jpg", data_encoding::HEXLOWER.encode(&Sha256::digest(n.to_be_bytes()))).unwrap();
    }
    std::fs::write(path("SHA256SUMS"), sums).unwrap();
    // Beside the notice, where `post` finds it.
    let member = palinode(&["digests", "build", &path("SHA256SUMS"), "--out", &path("faces.digests")]).well();
    let member: Value = serde_json::from_str(&member).unwrap();
    assert_eq!(member["count"], COUNT);
    let draft = json!({
        "type": "retraction",
        "issuer": {"role": "observer"},
        "dataset": {"title": "Example Faces 200K", "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": "doi:10.5281/zenodo.200000", "role": "whole"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "delete"}],
        "digest_lists": [member],
    });
    std::fs::write(path("draft.json"), draft.to_string()).unwrap();
    palinode(&["key", "new", &path("me.pem")]).well();
    palinode(&["notice", "sign", &path("draft.json"), "--key", &path("me.pem"), "--out", &path("notice.json")]).well();
    let posted = palinode(&["notice", "post", &path("notice.json"), "--server", a.url.as_str(), "--format", "json"]).well();
    let posted: Value = serde_json::from_str(&posted).unwrap();
    assert_eq!(posted["posts"][0]["lists"], json!([member["sha256"]]), "{posted}");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".upload")), "{left:?}");

    let asked =
        [7_u32, COUNT + 7].map(|n| format!("sha256:{}", data_encoding::HEXLOWER.encode(&Sha256::digest(n.to_be_bytes()))));
    for server in [&a, &b] {
        eventually("the list can be asked", async || {
            let answer = server.client.check(&asked, false).await.unwrap();
            let [hit, miss] = [0, 1].map(|n| answer.answers[n].raw.clone());
            let done = hit["verdict"] == "reported" && miss["verdict"] == "no-notice";
            assert!(
                done || (hit["incomplete"] == true && miss["incomplete"] == true) || miss["verdict"] == "no-notice",
                "{hit} {miss}"
            );
            done.then_some(())
        })
        .await;
    }
    // Posting again does no harm, and brings nothing twice.
    let again = palinode(&["notice", "post", &path("notice.json"), "--server", b.url.as_str(), "--format", "json"]).well();
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(
        (&again["posts"][0]["outcome"], &again["posts"][0]["lists"]),
        (&json!("already-there"), &Value::Null),
        "{again}"
    );
    palinode(&["fsck", "--data", b.data_text()]).well();

    // A backup carries the list, and whoever begins anew with it answers from it at once.
    let operator = b.data().join("keys/operator.pem");
    palinode(&["backup", "--data", b.data_text(), "--out", &path("b.backup")]).well();
    let looked = palinode(&["fsck", "--backup", &path("b.backup"), "--format", "json"]).well();
    let looked: Value = serde_json::from_str(&looked).unwrap();
    assert_eq!(looked["documents"], 1, "{looked}");
    let restore = ["restore", "--from", &path("b.backup"), "--data", &path("c"), "--operator-key", operator.to_str().unwrap()];
    palinode(&[&restore[..], &["--removed-lost"]].concat()).well();
    let c = Launch::on(folder.path().join("c")).start();
    let answer = c.client.check(&asked, false).await.unwrap();
    let verdicts = [0, 1].map(|n| answer.answers[n].raw["verdict"].clone());
    assert_eq!(verdicts, [json!("reported"), json!("no-notice")]);
    palinode(&["fsck", "--data", c.data_text()]).well();

    // What is removed is gone from the server that holds it, with its files.
    let name = member["sha256"].as_str().unwrap();
    palinode(&["remove", "document", name, "--basis", "legal-order", "--yes", "--data", a.data_text()]).well();
    let left = std::fs::read_dir(a.data().join("lists")).unwrap().count();
    let answer = a.client.check(&asked, false).await.unwrap();
    assert_eq!((left, &answer.answers[0].raw["incomplete"]), (0, &json!(true)));
}

//! A publisher's keys come and go, and its peers follow whatever reaches them first.

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use crate::server_process::{Launch, ServerProcess, introduce, palinode};
use crate::waiting::eventually;

const LAB: &str = "did:web:lab.example.org";
const DATASET: &str = "doi:10.5555/portraits";

/// A folder with keys `one.pem` and `two.pem`, record 0 of a lab and its pin.
fn lab() -> TempDir {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for key in ["one.pem", "two.pem"] {
        palinode(&["key", "new", &at(key)]).well();
    }
    std::fs::create_dir(at("pins")).unwrap();
    let init = ["publisher", "init", "--id", LAB, "--name", "Our Lab", "--key", &at("one.pem"), "--out", &at("lab.json")];
    palinode(&[&init[..], &["--pin", &at("pins/lab.json"), "--prefix", "doi:10.5555/"]].concat()).well();
    folder
}

fn sign(folder: &TempDir, key: &str, out: &str, draft: &Value) -> String {
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(at("draft.json"), draft.to_string()).unwrap();
    let sign = ["notice", "sign", &at("draft.json"), "--key", &at(key), "--issuer", LAB, "--out", &at(out)];
    let told = palinode(&[&sign[..], &["--format", "json"]].concat()).well();
    serde_json::from_str::<Value>(&told).unwrap()["id"].as_str().unwrap().to_owned()
}

fn retraction() -> Value {
    json!({
        "type": "retraction",
        "issuer": {"role": "publisher"},
        "dataset": {"title": "Street Portraits 20k", "publisher_name": "Our Lab"},
        "subjects": [{"id": DATASET, "role": "whole"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "delete"}],
        "appeal": "https://lab.example.org/appeal",
        "texts": {"texts": [{"language": "en", "statement": "Several people in the photographs never agreed to be there."}]}
    })
}

async fn answers(server: &ServerProcess, verdict: &str) {
    let what = format!("{} answers {verdict}", server.url);
    eventually(&what, async || {
        let answer = server.client.check(&[DATASET.to_owned()], false).await.unwrap();
        (answer.answers[0].raw["verdict"] == verdict).then_some(())
    })
    .await;
}

#[tokio::test]
async fn peers_follow_a_rotation_and_a_revocation_whatever_reaches_them_first() {
    let folder = lab();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let configuration = format!("[admission]\npolicy = \"pinned\"\n[trust]\npublishers = \"{}\"\n", at("pins"));
    let launch = |name: &str| Launch::on(folder.path().join(name)).configured(&configuration).start();
    let [near, far] = ["near", "far"].map(launch);
    let post = |kind: &str, file: &str, server: &ServerProcess| {
        palinode(&[kind, "post", &at(file), "--server", server.url.as_str()]).well();
    };

    let next = ["publisher", "rotate", &at("lab.json"), "--key", &at("one.pem"), "--add", &at("two.pem")];
    palinode(&[&next[..], &["--out", &at("lab-1.json")]].concat()).well();
    post("publisher", "lab-1.json", &near);
    let retracted = sign(&folder, "two.pem", "retraction.json", &retraction());
    post("notice", "retraction.json", &near);
    let mut lifting = retraction();
    for field in ["scope", "reasons", "actions", "appeal"] {
        lifting.as_object_mut().unwrap().remove(field);
    }
    lifting["type"] = json!("revocation");
    lifting["prior"] = json!([{"relation": "revokes", "notice": retracted}]);
    sign(&folder, "one.pem", "lifting.json", &lifting);
    post("notice", "lifting.json", &near);
    answers(&near, "no-notice").await;
    // The far server, which knows no peer yet, hears of the end first: that the lifting key is in the wrong hands.
    let revoke = ["publisher", "revoke", &at("lab-1.json"), "--key", &at("two.pem"), "--compromised", &at("one.pem")];
    palinode(&[&revoke[..], &["--out", &at("lab-2.json")]].concat()).well();
    post("publisher", "lab-1.json", &far);
    post("publisher", "lab-2.json", &far);

    introduce(&[&near, &far]);
    for server in [&near, &far] {
        answers(server, "retracted").await;
        let shown = palinode(&["publisher", "show", LAB, "--server", server.url.as_str(), "--format", "json"]).well();
        let shown: Value = serde_json::from_str(&shown).unwrap();
        let keys = shown["lineages"][0]["keys"].as_array().unwrap();
        let keys: Vec<_> =
            keys.iter().map(|key| (key["status"].as_str().unwrap(), key["since"]["sequence"].as_u64())).collect();
        assert_eq!(keys, [("compromised", Some(2)), ("active", Some(1))]);
        assert_eq!(shown["lineages"][0]["pinned"], true, "the pin of record 0 holds for all of the chain");
        let answer = server.client.check(&[DATASET.to_owned()], false).await.unwrap();
        assert_eq!((answer.answers[0].matches[0].authority.as_str(), answer.answers[0].matches.len()), ("owner", 1));
    }
    let (mut here, mut there) = (near.entries().await, far.entries().await);
    assert_ne!(here, there, "they heard it in another order");
    here.sort();
    there.sort();
    assert_eq!(here, there);
}

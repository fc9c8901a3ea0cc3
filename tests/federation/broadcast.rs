//! The main job: what is posted to one server is heard, verified and logged by all, and all answer alike.

use palinode::client::SubmissionBody;
use palinode::client::answers::CheckAnswer;
use palinode::envelope::Envelope;
use palinode::notice::{DocumentHash, NoticeId};
use palinode::tlog::{Hash, SignedCheckpoint, TlogProof};
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::server_process::{Launch, ServerProcess, introduce, palinode};
use crate::speaker::Speaker;
use crate::waiting::eventually;

const SUBJECT: &str = "hf:datasets/example/faces";

fn draft() -> Value {
    json!({
        "type": "retraction",
        "issuer": {"role": "observer"},
        "dataset": {"title": "Example Faces 1M", "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": "https://huggingface.co/datasets/Example/Faces", "role": "mirror"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "delete"}],
        "texts": {"texts": [{"language": "en", "statement": "The passers-by in these photographs were never asked."}]}
    })
}

/// Answers without what is each server's own.
fn comparable(answer: &CheckAnswer) -> Vec<Value> {
    let strip = |mut raw: Value| {
        for found in raw["matches"].as_array_mut().unwrap() {
            found.as_object_mut().unwrap().remove("index").expect("each match has its place in this log");
        }
        raw
    };
    answer.answers.iter().map(|answer| strip(answer.raw.clone())).collect()
}

#[tokio::test]
async fn a_notice_posted_to_one_server_is_proved_and_answered_alike_by_all_three() {
    let folder = tempdir().unwrap();
    let servers = ["a", "b", "c"].map(|name| Launch::on(folder.path().join(name)).start());
    let [a, b, c] = &servers;
    introduce(&[a, b, c]);
    // Something of its own on B, so that the same notice stands at another index there.
    b.takes(&Speaker::new().report("voices", "recorded on the telephone")).await;

    // The publisher's way, with the commands that the manual names.
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key, written, signed) = (path("me.pem"), path("draft.json"), path("notice.json"));
    std::fs::write(&written, draft().to_string()).unwrap();
    palinode(&["key", "new", &key]).well();
    palinode(&["notice", "sign", &written, "--key", &key, "--out", &signed]).well();
    let posted = palinode(&["notice", "post", &signed, "--server", a.url.as_str(), "--format", "json"]).well();
    let posted: Value = serde_json::from_str(&posted).unwrap();
    assert_eq!(posted["posts"][0]["outcome"], "appended", "{posted}");

    let body = SubmissionBody::parse(&std::fs::read(&signed).unwrap()).unwrap();
    let (id, leaf) = (body.envelope.payload_id(), Hash::leaf(body.envelope.to_json().as_bytes()));
    let texts = DocumentHash::of(&body.documents[0]);
    for server in &servers {
        stands_in_the_log_of(server, &id, leaf, &body.envelope).await;
        texts_can_be_read_and_found_on(server, &id, &texts, &body.documents[0]).await;
    }
    all_answer_alike(&servers).await;
    for server in &servers {
        all_peers_cosigned(server, &servers).await;
    }
}

/// The entry is there, byte for byte, with a proof under this server's own log key.
async fn stands_in_the_log_of(server: &ServerProcess, id: &NoticeId, leaf: Hash, posted: &Envelope) {
    let path = format!("v1/notices/{id}/envelope");
    let entry = eventually("the notice is heard", async || Some(server.get(&path).await).filter(|a| a.status == 200)).await;
    assert_eq!(Hash::leaf(&entry.body), leaf, "the leaf is the same on every server");
    assert_eq!(Envelope::parse_canonical(&entry.body).unwrap().payload(), posted.payload());
    let proof = server.get(&format!("v1/notices/{id}/proof")).await;
    let proof = TlogProof::parse(&proof.body).unwrap();
    proof.verify(&leaf, &server.log_key().await).unwrap();
    assert!(server.entries().await.contains(&leaf.to_string()));
}

async fn texts_can_be_read_and_found_on(server: &ServerProcess, id: &NoticeId, texts: &DocumentHash, bytes: &[u8]) {
    let document = eventually("the texts follow", async || server.client.document(texts).await.unwrap()).await;
    assert_eq!(document, bytes);
    for words in ["passers-by photographs", "faces 1M"] {
        eventually("search finds words of title and texts", async || {
            let path = format!("v1/notices?q={}", words.replace(' ', "%20"));
            let found = server.json(&path).await;
            found["notices"].as_array().unwrap().iter().any(|notice| notice["id"] == id.to_string()).then_some(())
        })
        .await;
    }
}

async fn all_answer_alike(servers: &[ServerProcess]) {
    let ids =
        [SUBJECT, "https://huggingface.co/datasets/Example/Faces", "Example Faces 1M", "doi:10.5281/zenodo.99", "no:scheme"];
    let ids = ids.map(str::to_owned);
    let mut answers = Vec::new();
    for server in servers {
        let answer = server.client.check(&ids, true).await.unwrap();
        let origin = server.server().await.origin;
        assert_eq!(answer.origin, origin);
        let evidence = answer.evidence.as_ref().expect("evidence was asked for");
        let key = server.log_key().await;
        let signed = SignedCheckpoint::parse_and_verify(evidence.checkpoint.as_bytes(), &key).unwrap();
        assert_eq!((signed.checkpoint().origin(), signed.checkpoint().size()), (origin.as_str(), answer.tree_size));
        assert!(!evidence.entries.is_empty());
        for entry in &evidence.entries {
            let proof = TlogProof::parse(entry.proof.as_bytes()).unwrap();
            proof.verify(&Hash::leaf(entry.envelope.as_bytes()), &key).unwrap();
        }
        answers.push(comparable(&answer));
        // The command line decides it again from the evidence.
        let checked = palinode(&["check", SUBJECT, "--server", server.url.as_str(), "--proof", "--format", "json"]).well();
        let checked: Value = serde_json::from_str(&checked).unwrap();
        assert_eq!(checked["answers"][0]["verdict"], "reported", "{checked}");
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    let verdicts: Vec<&str> = answers[0].iter().map(|answer| answer["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts[..2], [verdicts[0]; 2], "two spellings of one identifier");
    assert_ne!(verdicts[0], "no-notice");
    assert_eq!(verdicts[3..], ["no-notice", "unidentified"]);
}

/// The newest checkpoint of `server` carries the cosignatures of all, under the keys that these publish themselves.
async fn all_peers_cosigned(server: &ServerProcess, servers: &[ServerProcess]) {
    let log = server.log_key().await;
    let mut witnesses = Vec::new();
    for other in servers {
        witnesses.push(other.witness_key().await);
    }
    eventually("the newest checkpoint is cosigned by all", async || {
        let served = server.client.checkpoint().await.unwrap();
        let signed = SignedCheckpoint::parse_and_verify(served.as_bytes(), &log).unwrap();
        // What stood on another server before may come after the notice.
        (signed.checkpoint().size() == 2 && signed.cosignatures(&witnesses).len() == witnesses.len()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_server_hears_through_one_that_both_know() {
    let folder = tempdir().unwrap();
    let [a, b, c] = ["a", "b", "c"].map(|name| Launch::on(folder.path().join(name)).start());
    introduce(&[&a, &b]);
    introduce(&[&b, &c]);
    let speaker = Speaker::new();
    let (there, back) = (speaker.report("faces", "on a campus"), speaker.report("voices", "in a call centre"));
    a.takes(&there).await;
    c.hears(&there).await;
    c.takes(&back).await;
    a.hears(&back).await;
    assert_eq!(c.json("v1/peers").await["peers"].as_array().unwrap().len(), 1);
    for server in [&a, &b, &c] {
        assert_eq!(server.entries().await, [there.leaf.to_string(), back.leaf.to_string()]);
        let texts = DocumentHash::of(&back.body.documents[0]);
        eventually("texts go from peer to peer as well", async || server.client.document(&texts).await.unwrap()).await;
    }
}

#[tokio::test]
async fn a_new_peer_reads_a_log_of_more_than_one_tile() {
    const ENTRIES: usize = 300;
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    let posting = (0..4).map(|task| {
        let client = a.client.clone();
        tokio::spawn(async move {
            let speaker = Speaker::new();
            for n in 0..ENTRIES / 4 {
                client.post(&speaker.report(&format!("set-{task}-{n}"), "one of many").body, false).await.unwrap();
            }
        })
    });
    for task in posting.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    introduce(&[&a, &b]);
    eventually("all of it is read", async || (b.tree_size().await == ENTRIES as u64).then_some(())).await;
    assert_eq!(b.entries().await, a.entries().await, "in the order of the log it came from");
    let origin = a.server().await.origin;
    let peer = eventually("nothing is left", async || b.peer(&origin).await.filter(|peer| peer["behind"] == 0)).await;
    assert_eq!((&peer["wanted"], &peer["pending"], &peer["refused"]), (&0.into(), &0.into(), &0.into()), "{peer}");
}

#[tokio::test]
async fn a_peer_that_was_removed_is_neither_read_nor_told() {
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    introduce(&[&a, &b]);
    let speaker = Speaker::new();
    let (before, after) = (speaker.report("before", "while they were peers"), speaker.report("after", "when they were not"));
    a.takes(&before).await;
    b.hears(&before).await;
    let (origin, of_b) = (a.server().await.origin, b.server().await.origin);
    eventually("it is told that this was heard", async || a.peer(&of_b).await.filter(|peer| peer["acknowledged"] == 1)).await;
    palinode(&["peer", "remove", &origin, "--data", b.data_text()]).well();
    eventually("the running server notices", async || b.peer(&origin).await.is_none().then_some(())).await;
    let last_fault = a.peer(&of_b).await.unwrap()["last_error_at"].clone();
    a.takes(&after).await;
    let told = eventually("it tries to tell, and is not listened to", async || {
        a.peer(&of_b).await.filter(|peer| peer["last_error_at"].is_string() && peer["last_error_at"] != last_fault)
    })
    .await;
    assert_eq!(told["acknowledged"], 1, "{told}");
    assert!(b.has(&before).await && !b.has(&after).await, "what came stays, and nothing comes");

    // Peers again, it goes on where it was.
    b.adds_peer(&a);
    b.hears(&after).await;
}

#[tokio::test]
async fn what_is_posted_to_all_at_once_stands_once_in_each_log() {
    let folder = tempdir().unwrap();
    let [a, b, c] = ["a", "b", "c"].map(|name| Launch::on(folder.path().join(name)).start());
    introduce(&[&a, &b, &c]);
    let speaker = Speaker::new();
    let notices: Vec<_> = (0..10).map(|n| speaker.report(&format!("set-{n}"), "to everybody at once")).collect();
    for notice in &notices {
        let posts = [&a, &b, &c].map(|server| server.client.post(&notice.body, false));
        for receipt in futures_util::future::join_all(posts).await {
            let receipt = receipt.unwrap();
            assert_eq!(receipt.entry, Some(notice.leaf.to_string()));
            assert_eq!(receipt.status, if receipt.known { 200 } else { 201 });
        }
    }
    let mut expected: Vec<String> = notices.iter().map(|notice| notice.leaf.to_string()).collect();
    expected.sort();
    for (server, other) in [(&a, &b), (&b, &c), (&c, &a)] {
        let mut stands = server.entries().await;
        stands.sort();
        assert_eq!(stands, expected);
        let origin = other.server().await.origin;
        eventually("each has read the other's log", async || {
            server.peer(&origin).await.filter(|peer| peer["pulled"] == expected.len() && peer["acknowledged"] == expected.len())
        })
        .await;
    }
}

#[tokio::test]
async fn texts_that_come_later_follow_as_well() {
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    introduce(&[&a, &b]);
    let notice = Speaker::new().report("faces", "written down later");
    let texts = notice.body.documents[0].clone();
    let alone = SubmissionBody { envelope: notice.body.envelope.clone(), documents: Vec::new() };
    let upload = a.client.post(&alone, false).await.unwrap().upload.expect("leave to upload what is missing");
    b.hears(&notice).await;
    let name = DocumentHash::of(&texts);
    assert_eq!(upload.documents, [name]);
    assert_eq!(b.client.document(&name).await.unwrap(), None);
    a.client.upload(&name, &upload.token, texts.clone()).await.unwrap();
    assert_eq!(a.client.document(&name).await.unwrap().as_ref(), Some(&texts));
    let came = eventually("the texts follow", async || b.client.document(&name).await.unwrap()).await;
    assert_eq!(came, texts);
}

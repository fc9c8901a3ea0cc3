//! `/v1/digests/{algorithm}/{prefix}`: what is known of all digests that begin alike, for those who do not tell which one they mean.

use data_encoding::HEXLOWER;
use palinode::notice::DocumentHash;
use palinode::tlog::{Frontier, Hash};
use serde_json::{Value, json};

use super::support::server::TestServer;
use super::support::speakers::{Speaker, with_documents};

fn digest(n: u16) -> String {
    HEXLOWER.encode(&[&[0x0a, 0x1b][..], &n.to_be_bytes(), &[7; 28]].concat())
}

/// A server with a notice that names one file itself and others in a list; the name of the notice.
fn listing(numbers: impl Iterator<Item = u16>, named: u16) -> (TestServer, String) {
    let server = TestServer::start();
    let list: Vec<u8> = numbers.flat_map(|n| HEXLOWER.decode(digest(n).as_bytes()).unwrap()).collect();
    let mut tree = Frontier::empty();
    for block in list.chunks(65_536) {
        tree.append(Hash::leaf(block));
    }
    let speaker = Speaker::key(1);
    let mut notice = speaker.report("doi:10.5281/zenodo.1234567");
    notice["subjects"].as_array_mut().unwrap().push(json!({"id": format!("sha256:{}", digest(named)), "role": "file"}));
    notice["digest_lists"] = json!([{
        "algorithm": "sha256", "sha256": DocumentHash::of(&list).to_string(), "count": list.len() / 32,
        "blocks": tree.root().to_string(), "role": "affected"
    }]);
    let answer = server.post("/v1/notices", with_documents(&speaker.notice(&notice), &[&list]));
    assert_eq!(answer.status, 201, "{}", answer.text());
    (server, answer.json()["id"].as_str().unwrap().to_owned())
}

#[test]
fn every_digest_of_the_range_comes_with_what_a_question_about_it_says() {
    let (server, notice) = listing((0..40).map(|n| n * 1_000), 65_000);
    let answer = server.get("/v1/digests/sha256/0a1b");
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-cache")));
    let told = answer.json();
    assert_eq!(
        (&told["origin"], &told["tree_size"], &told["prefix"]),
        (&json!("ledger.example.org/log"), &json!(1), &json!("0a1b"))
    );
    assert_eq!((&told["checkpoint_time"], told.get("incomplete")), (&json!("2026-11-23T12:00:00Z"), None));
    let digests = told["digests"].as_array().unwrap();
    assert_eq!(digests.len(), 41);
    assert!(digests.is_sorted_by_key(|known| known["digest"].as_str().unwrap()));
    let ids: Vec<Value> = digests.iter().map(|known| json!(format!("sha256:{}", known["digest"].as_str().unwrap()))).collect();
    let single = server.post("/v1/check", json!({"ids": ids}).to_string()).json();
    for (known, answer) in digests.iter().zip(single["answers"].as_array().unwrap()) {
        assert_eq!((&known["verdict"], &known["notices"]), (&answer["verdict"], &json!([notice])));
        assert_eq!(known["verdict"], "reported");
    }
    // A longer beginning tells of fewer, and one that nobody named of none.
    assert_eq!(server.get("/v1/digests/sha256/0a1bfde8").json()["digests"].as_array().unwrap().len(), 1);
    assert_eq!(server.get("/v1/digests/sha256/0a1c").json()["digests"], json!([]));
    assert_eq!(server.get("/v1/digests/blake3/0a1b").json()["digests"], json!([]), "of another algorithm");
    let tag = answer.header("etag").unwrap();
    assert_eq!(server.get_with("/v1/digests/sha256/0a1b", &[("If-None-Match", tag)]).status, 304);
}

#[test]
fn what_is_no_prefix_is_refused_with_what_to_write() {
    let server = TestServer::start();
    for (path, status, word) in [
        ("sha256/0a1", 422, "4 to 16 digits"),
        ("sha256/0A1B", 422, "lower-case"),
        ("sha256/0a1b0a1b0a1b0a1b0", 422, "4 to 16 digits"),
        ("sha256/0a1x", 422, "hex"),
        ("crc32/0a1b", 404, "sha256"),
        ("blind/0a1b", 404, "local index"),
    ] {
        let answer = server.get(&format!("/v1/digests/{path}"));
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(word), "{path}: {}", answer.text());
    }
    assert_eq!(server.get("/v1/digests/sha256/0a1x").rule(), "digest-prefix");
}

#[test]
fn a_range_of_too_many_says_how_many_digits_are_enough() {
    let (server, _) = listing(0..3_000, 9);
    let refused = server.get("/v1/digests/sha256/0a1b");
    assert_eq!((refused.status, refused.rule().as_str(), &refused.json()["digits"]), (422, "too-many-digests", &json!(6)));
    assert!(refused.json()["detail"].as_str().unwrap().contains("6 digits"), "{}", refused.text());
    let enough = server.get("/v1/digests/sha256/0a1b00").json();
    assert_eq!(enough["digests"].as_array().unwrap().len(), 256);
}

#[test]
fn while_a_list_is_on_its_way_the_range_is_incomplete() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let mut notice = speaker.report("doi:10.5281/zenodo.1234567");
    notice["digest_lists"] =
        json!([{"algorithm": "sha256", "sha256": "11".repeat(32), "count": 9, "blocks": "22".repeat(32), "role": "affected"}]);
    assert_eq!(server.post("/v1/notices", speaker.notice(&notice)).status, 201);
    let told = server.get("/v1/digests/sha256/0a1b").json();
    assert_eq!((&told["incomplete"], &told["digests"]), (&json!(true), &json!([])));
    assert_eq!(
        server.get("/v1/digests/md5/0a1b").json().get("incomplete"),
        None,
        "lists of another algorithm hold none of these"
    );
}

//! `/v1/check`: the answer shape of protocol section 9.

use palinode::http::Limits;
use palinode::tlog::{Hash, TlogProof};
use serde_json::{Value, json};

use super::support::server::{Options, TestServer};
use super::support::speakers::{Speaker, texts, with_documents};

const DOI: &str = "doi:10.5281/zenodo.1234567";

fn retracted() -> (TestServer, String) {
    let publisher = Speaker::domain(3, "example.org");
    let pins = vec![publisher.pin(&["doi:10.5281/"])];
    let server = TestServer::with(Options { pins, ..Options::default() });
    let written = texts("People in these pictures were never asked.");
    let envelope = publisher.notice(&publisher.retraction(DOI, &written));
    let answer = server.post("/v1/notices", with_documents(&envelope, &[&written]));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    (server, id)
}

#[test]
fn an_answer_names_the_tree_the_time_and_who_says_it() {
    let (server, notice) = retracted();
    let answer = server.get(&format!("/v1/check?id={DOI}")).json();
    assert_eq!(answer["origin"], "ledger.example.org/log");
    assert_eq!((&answer["tree_size"], &answer["checkpoint_time"]), (&json!(2), &json!("2026-11-23T12:00:00Z")));
    let one = &answer["answers"][0];
    assert_eq!((&one["asked"], &one["id"], &one["verdict"]), (&json!(DOI), &json!(DOI), &json!("retracted")));
    let found = &one["matches"][0];
    assert_eq!((&found["notice"], &found["type"]), (&json!(notice), &json!("retraction")));
    assert_eq!(
        (&found["issuer"], &found["authority"], &found["basis"]),
        (&json!("did:web:example.org"), &json!("owner"), &json!("pinned"))
    );
    assert!(one.get("error").is_none() && one.get("more").is_none() && answer.get("evidence").is_none());
}

#[test]
fn the_order_of_the_question_is_kept_and_no_identifier_spoils_the_others() {
    let (server, _) = retracted();
    let asked = ["doi:10.1/none", DOI, "sha256:zz", "https://doi.org/10.5281/zenodo.1234567"];
    let answer = server.post("/v1/check", json!({"ids": asked}).to_string());
    let verdicts: Vec<_> = answer.json()["answers"].as_array().unwrap().iter().map(|one| one["verdict"].clone()).collect();
    assert_eq!(verdicts[1], "retracted");
    assert_eq!(verdicts[3], "retracted");
    let bad = &answer.json()["answers"][2];
    assert_eq!((&bad["asked"], &bad["verdict"], &bad["matches"]), (&json!("sha256:zz"), &json!("unidentified"), &json!([])));
    assert!(bad["error"]["rule"].is_string() && bad["error"]["message"].is_string() && bad.get("id").is_none());
    let many = asked.map(|id| format!("id={id}")).join("&");
    let by_get = server.get(&format!("/v1/check?{many}"));
    assert_eq!(by_get.json()["answers"], answer.json()["answers"]);
}

#[test]
fn evidence_proves_every_entry_that_was_looked_at() {
    let (server, _) = retracted();
    let answer = server.post("/v1/check?proof=true", json!({"ids": [DOI]}).to_string()).json();
    let evidence = &answer["evidence"];
    assert!(evidence["checkpoint"].as_str().unwrap().starts_with("ledger.example.org/log\n2\n"));
    let entries = evidence["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2, "the notice and the record of its issuer");
    for entry in entries {
        let leaf = Hash::leaf(entry["envelope"].as_str().unwrap().as_bytes());
        let proof = TlogProof::parse(entry["proof"].as_str().unwrap().as_bytes()).unwrap();
        proof.verify(&leaf, &server.ledger.identity().log).unwrap();
    }
    assert_eq!(server.get(&format!("/v1/check?id={DOI}&proof=yes")).rule(), "bad-query");
    assert_eq!(server.get(&format!("/v1/check?ids={DOI}")).rule(), "bad-query");
}

#[test]
fn answers_that_follow_from_too_much_are_refused_with_proof_and_given_without() {
    let limits = Limits { evidence: 8_000, ..Limits::default() };
    let server = TestServer::with(Options { limits, ..Options::default() });
    let ids: Vec<String> = (0..10).map(|n| format!("doi:10.5281/zenodo.{n}")).collect();
    let speaker = Speaker::key(1);
    for id in &ids {
        assert_eq!(server.post("/v1/notices", speaker.notice(&speaker.report(id))).status, 201);
    }
    let all = json!({"ids": ids}).to_string();
    let refused = server.post("/v1/check?proof=true", all.clone());
    assert_eq!((refused.status, refused.rule().as_str()), (422, "too-much-evidence"));
    assert!(refused.json()["detail"].as_str().unwrap().contains("8000 bytes"), "{}", refused.text());
    assert_eq!(server.post("/v1/check", all).json()["answers"].as_array().unwrap().len(), 10);
    let few = server.get(&format!("/v1/check?id={}&id={}&proof=true", ids[0], ids[1]));
    assert_eq!(few.json()["evidence"]["entries"].as_array().unwrap().len(), 2);
}

#[test]
fn at_most_fifty_matches_are_listed() {
    let server = TestServer::start();
    for seed in 1..=52 {
        let speaker = Speaker::key(seed);
        assert_eq!(server.post("/v1/notices", speaker.notice(&speaker.report(DOI))).status, 201);
    }
    let one: Value = server.get(&format!("/v1/check?id={DOI}")).json()["answers"][0].clone();
    assert_eq!((one["matches"].as_array().unwrap().len(), &one["more"], &one["verdict"]), (50, &json!(2), &json!("reported")));
}

#[test]
fn what_nobody_spoke_of_has_no_notice() {
    let server = TestServer::start();
    let one = server.get("/v1/check?id=Some%20Free%20Words").json()["answers"][0].clone();
    assert_eq!((&one["id"], &one["verdict"]), (&json!("name:somefreewords"), &json!("no-notice")), "{one}");
}

//! Every rule of protocol section 3 with its status and problem type; what is refused leaves no trace.

use std::sync::atomic::Ordering;

use palinode::envelope::PayloadType;
use palinode::ledger::{Policy, Quota};
use palinode::notice::{DocumentHash, PayloadId};
use serde_json::json;

use super::support::server::{Options, TestServer};
use super::support::speakers::{Speaker, texts, with_documents};

const DOI: &str = "doi:10.5281/zenodo.1234567";

#[test]
fn a_notice_is_answered_with_a_receipt_and_a_second_time_with_the_same_entry() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let notice = speaker.report(DOI);
    let body = speaker.notice(&notice);
    let first = server.post("/v1/notices", &body);
    assert_eq!(first.status, 201, "{}", first.text());
    let receipt = first.json();
    assert_eq!(receipt["id"], PayloadId::of(notice.to_string().as_bytes()).to_string());
    assert_eq!((&receipt["index"], &receipt["tree_size"], &receipt["known"]), (&json!(0), &json!(1), &json!(false)));
    assert!(receipt["checkpoint"].as_str().unwrap().starts_with("ledger.example.org/log\n1\n"));
    assert!(receipt["proof"].as_str().unwrap().starts_with("c2sp.org/tlog-proof@v1\n"), "{receipt}");
    assert!(receipt.get("upload").is_none());
    assert_eq!(first.header("location"), Some(format!("/v1/notices/{}", receipt["id"].as_str().unwrap()).as_str()));

    let second = server.post("/v1/notices", &body);
    assert_eq!(second.status, 200);
    assert_eq!((&second.json()["entry"], &second.json()["known"]), (&receipt["entry"], &json!(true)));
    assert_eq!(server.size(), 1);
}

#[test]
fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let body = speaker.notice(&speaker.report(DOI));
    let would = server.post("/v1/notices?dry_run=true", &body);
    assert_eq!((would.status, server.size()), (200, 0));
    assert_eq!(would.json()["known"], false);
    server.post("/v1/notices", &body);
    assert_eq!(server.post("/v1/notices?dry_run=true", &body).json()["known"], true);
    let other = Speaker::key(2).notice(&speaker.report(DOI));
    server.refuses("/v1/notices?dry_run=true", &other, 403, "bad-signature");
    server.refuses("/v1/notices?dry_run=maybe", &body, 400, "bad-query");
    server.refuses("/v1/notices?dryrun=true", &body, 400, "bad-query");
}

#[test]
fn payload_types_that_are_unknown_or_belong_elsewhere_are_refused() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let notice = speaker.notice(&speaker.report(DOI));
    let record = speaker.record(&speaker.first_record());
    server.refuses("/v1/publishers", &notice, 422, "wrong-payload-type");
    server.refuses("/v1/notices", &record, 422, "wrong-payload-type");
    let operator = speaker.sign(PayloadType::Operator, "{}").to_json();
    server.refuses("/v1/notices", &operator, 422, "not-submittable");
    let future = notice.replace("notice.v1+json", "notice.v2+json");
    server.refuses("/v1/notices", &future, 422, "unknown-payload-type");
    assert_eq!(server.post("/v1/publishers", &record).status, 201);
    assert_eq!(server.post("/v1/notices", &notice).status, 201);
}

#[test]
fn only_keys_of_the_issuer_may_sign() {
    let server = TestServer::start();
    let (speaker, thief) = (Speaker::key(1), Speaker::key(2));
    server.refuses("/v1/notices", thief.notice(&speaker.report(DOI)), 403, "bad-signature");
    let stranger = Speaker::domain(3, "unknown.example");
    server.refuses("/v1/notices", stranger.notice(&stranger.report(DOI)), 403, "unknown-issuer");
    let mut later = stranger.first_record();
    later["sequence"] = json!(1);
    later["previous"] = json!("11".repeat(32));
    server.refuses("/v1/publishers", stranger.record(&later), 403, "unknown-predecessor");
    server.refuses("/v1/publishers", thief.record(&stranger.first_record()), 403, "bad-signature");
}

#[test]
fn a_record_of_a_domain_that_is_not_verified_waits_and_its_notices_are_asked_to_come_later() {
    let server = TestServer::start();
    let stranger = Speaker::domain(3, "unknown.example");
    let record = stranger.record(&stranger.first_record());
    let dry = server.post("/v1/publishers?dry_run=true", &record);
    assert_eq!((dry.status, &dry.json()["waits"]), (200, &json!(true)));
    assert_eq!(server.get("/v1/publishers/did:web:unknown.example").status, 404, "a dry run keeps nothing");
    for _ in 0..2 {
        let answer = server.post("/v1/publishers", &record);
        assert_eq!(answer.status, 202, "{}", answer.text());
        let said = answer.json();
        assert_eq!(said["state"], "waiting");
        assert_eq!(said["did_document"], "https://unknown.example/.well-known/did.json");
        assert!(said["due"].is_string() && said.get("proof").is_none(), "{said}");
    }
    let shown = server.get("/v1/publishers/did:web:unknown.example").json();
    assert_eq!((shown["lineages"].as_array().unwrap().len(), shown["waiting"].as_array().unwrap().len()), (0, 1));
    assert!(!shown.to_string().contains("Example"), "what it says of itself is not shown: {shown}");
    let pending = server.refuses("/v1/notices", stranger.notice(&stranger.report(DOI)), 403, "issuer-pending");
    assert!(pending.header("retry-after").is_some());
    assert_eq!(server.get("/v1/server").json()["tree_size"], 0);
}

#[test]
fn a_retired_key_signs_nothing_new() {
    let old = Speaker::domain(3, "example.org");
    let new = Speaker::domain(4, "example.org");
    let server = TestServer::with(Options { policy: Policy::Pinned, pins: vec![old.pin(&[])], ..Options::default() });
    let mut next = old.first_record();
    next["sequence"] = json!(1);
    next["previous"] = json!(old.pin(&[]).record().signed().payload_id().to_string());
    next["keys"] = json!([
        {"key": old.key.public().to_multibase(), "status": "retired"},
        {"key": new.key.public().to_multibase(), "status": "active"}
    ]);
    assert_eq!(server.post("/v1/publishers", old.record(&next)).status, 201);
    server.refuses("/v1/notices", old.notice(&old.report(DOI)), 403, "bad-signature");
    assert_eq!(server.post("/v1/notices", new.notice(&new.report(DOI))).status, 201);
}

#[test]
fn a_publisher_brings_the_texts_along() {
    let publisher = Speaker::domain(3, "example.org");
    let server = TestServer::with(Options { pins: vec![publisher.pin(&[])], ..Options::default() });
    let written = texts("People in these pictures were never asked.");
    let envelope = publisher.notice(&publisher.retraction(DOI, &written));
    server.refuses("/v1/notices", &envelope, 422, "texts-missing");
    let other = texts("Some other text that nobody named anywhere.");
    server.refuses("/v1/notices", with_documents(&envelope, &[&written, &other]), 422, "unnamed-document");
    let short = texts("Too short.");
    let named = publisher.notice(&publisher.retraction(DOI, &short));
    let refused = server.refuses("/v1/notices", with_documents(&named, &[&short]), 422, "invalid-document");
    assert_eq!(refused.flaws(), ["/texts/0/statement statement-too-short"]);
    let taken = server.post("/v1/notices", with_documents(&envelope, &[&written]));
    assert_eq!(taken.status, 201, "{}", taken.text());
    let name = DocumentHash::of(&written);
    assert_eq!(server.get(&format!("/v1/documents/{name}")).body, written);
}

#[test]
fn a_pinned_server_admits_pinned_publishers_only() {
    let publisher = Speaker::domain(3, "example.org");
    let server = TestServer::with(Options { policy: Policy::Pinned, pins: vec![publisher.pin(&[])], ..Options::default() });
    let stranger = Speaker::key(1);
    server.refuses("/v1/notices", stranger.notice(&stranger.report(DOI)), 403, "not-admitted");
    assert_eq!(server.post("/v1/notices", publisher.notice(&publisher.report(DOI))).status, 201);
}

#[test]
fn advice_and_the_clock_are_asked() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    // The digest of the empty file: everybody has it.
    let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let refused = server.refuses("/v1/notices", speaker.notice(&speaker.report(empty)), 422, "advice");
    assert!(!refused.flaws().is_empty());
    let mut early = speaker.report(DOI);
    early["issued"] = json!("2026-11-23T12:15:01Z");
    server.refuses("/v1/notices", speaker.notice(&early), 422, "issued-ahead");
    early["issued"] = json!("2026-11-23T12:15:00Z");
    assert_eq!(server.post("/v1/notices", speaker.notice(&early)).status, 201);
}

#[test]
fn a_quota_that_is_used_up_says_when_to_come_back() {
    let quota = Quota { per_day: 2, in_all: 100, ..Quota::default() };
    let server = TestServer::with(Options { quota, ..Options::default() });
    let speaker = Speaker::key(1);
    let nth = |n: u32| speaker.notice(&speaker.report(&format!("doi:10.5281/zenodo.{n}")));
    for n in 1..=2 {
        assert_eq!(server.post("/v1/notices", nth(n)).status, 201);
    }
    let refused = server.refuses("/v1/notices", nth(3), 429, "over-quota");
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    assert_eq!(server.post("/v1/notices", nth(1)).status, 200, "what stands there already costs nothing");
}

#[test]
fn storage_trouble_promises_nothing_and_tells_nothing() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let body = speaker.notice(&speaker.report(DOI));
    server.broken.store(true, Ordering::Release);
    let refused = server.refuses("/v1/notices", &body, 503, "storage-unavailable");
    assert!(refused.header("retry-after").is_some());
    assert!(!refused.text().contains("disk"), "internals stay inside");
    server.broken.store(false, Ordering::Release);
    assert_eq!(server.post("/v1/notices", &body).status, 201, "and afterwards it works again");
}

//! Detached documents: who may bring them, and in what parts they are given out.

use palinode::notice::DocumentHash;
use serde_json::{Value, json};

use super::support::server::TestServer;
use super::support::speakers::{Speaker, texts};

const DOI: &str = "doi:10.5281/zenodo.1234567";

/// A server with a notice whose texts are still missing, the texts, and the upload token.
fn awaiting() -> (TestServer, Vec<u8>, String) {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let written = texts("People in these pictures were never asked.");
    let mut notice = speaker.report(DOI);
    notice["texts"] = json!({"sha256": DocumentHash::of(&written).to_string()});
    let receipt = server.post("/v1/notices", speaker.notice(&notice)).json();
    assert_eq!(receipt["upload"]["documents"], json!([DocumentHash::of(&written).to_string()]));
    let token = receipt["upload"]["token"].as_str().unwrap().to_owned();
    (server, written, token)
}

fn put(server: &TestServer, name: &str, token: Option<&str>, body: &[u8]) -> super::support::client::Answer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let headers: Vec<_> = bearer.iter().map(|bearer| ("Authorization", bearer.as_str())).collect();
    server.request("PUT", &format!("/v1/documents/{name}"), &headers, body)
}

#[test]
fn a_document_is_awaited_then_uploaded_then_served() {
    let (server, written, token) = awaiting();
    let name = DocumentHash::of(&written).to_string();
    let path = format!("/v1/documents/{name}");
    let awaited = server.get(&path);
    assert_eq!((awaited.status, awaited.rule().as_str()), (404, "document-awaited"));
    assert_eq!(put(&server, &name, Some(&token), &written).status, 204);
    let whole = server.get(&path);
    assert_eq!((whole.status, &whole.body), (200, &written));
    assert_eq!(whole.header("content-type"), Some("application/octet-stream"));
    assert_eq!(server.get_with(&path, &[("If-None-Match", whole.header("etag").unwrap())]).status, 304);
    let page: Value = server.get("/v1/notices").json();
    assert_eq!(page["notices"][0]["texts"]["state"], "available");
}

#[test]
fn an_upload_needs_the_token_and_the_right_bytes() {
    let (server, written, token) = awaiting();
    let name = DocumentHash::of(&written).to_string();
    let missing = put(&server, &name, None, &written);
    assert_eq!((missing.status, missing.rule().as_str()), (401, "upload-token-missing"));
    assert_eq!(missing.header("www-authenticate"), Some("Bearer"));
    let wrong = put(&server, &name, Some("AAAA"), &written);
    assert_eq!((wrong.status, wrong.rule().as_str()), (403, "upload-not-granted"));
    let elsewhere = put(&server, &"11".repeat(32), Some(&token), &written);
    assert_eq!((elsewhere.status, elsewhere.rule().as_str()), (403, "upload-not-granted"));
    let other = put(&server, &name, Some(&token), b"{}");
    assert_eq!((other.status, other.rule().as_str()), (422, "document-other-bytes"));
    server.clock.advance(chrono::TimeDelta::hours(25));
    assert_eq!(put(&server, &name, Some(&token), &written).rule(), "upload-not-granted");
}

#[test]
fn ranges_are_answered_in_part() {
    let (server, written, token) = awaiting();
    let name = DocumentHash::of(&written).to_string();
    put(&server, &name, Some(&token), &written);
    let path = format!("/v1/documents/{name}");
    let size = written.len();
    for (range, from, to) in [("bytes=0-9", 0, 10), ("bytes=10-", 10, size), ("bytes=-5", size - 5, size)] {
        let part = server.get_with(&path, &[("Range", range)]);
        assert_eq!((part.status, part.body.as_slice()), (206, &written[from..to]), "{range}");
        assert_eq!(part.header("content-range"), Some(format!("bytes {from}-{}/{size}", to - 1).as_str()));
    }
    let beyond = server.get_with(&path, &[("Range", "bytes=99999-")]);
    assert_eq!((beyond.status, beyond.rule().as_str()), (416, "range"));
    for whole in ["bytes=0-1,3-4", "pages=1-2", "nonsense"] {
        assert_eq!(server.get_with(&path, &[("Range", whole)]).body, written, "{whole}");
    }
}

#[test]
fn a_document_that_nobody_named_is_unknown() {
    let server = TestServer::start();
    for name in ["11".repeat(32), "AB".repeat(32), "x".to_owned()] {
        let answer = server.get(&format!("/v1/documents/{name}"));
        assert_eq!((answer.status, answer.rule().as_str()), (404, "not-found"), "{name}");
    }
}

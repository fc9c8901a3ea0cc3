//! Step 1: size, content type and encoding are refused before anything is buffered.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use palinode::http::{Deadlines, Limits};
use serde_json::json;

use super::support::client;
use super::support::server::{Options, TestServer};
use super::support::speakers::{Speaker, with_documents};

const DOI: &str = "doi:10.5281/zenodo.1234567";

#[test]
fn a_body_that_says_it_is_too_large_is_refused_unread() {
    let server = TestServer::start();
    let head = "POST /v1/notices HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
                Content-Length: 1048577\r\n\r\n";
    let answer = client::send(server.address, head.as_bytes());
    assert_eq!((answer.status, answer.rule().as_str()), (413, "too-large"));
}

#[test]
fn a_body_that_says_nothing_is_refused_when_it_grows_too_large() {
    let server = TestServer::start();
    let head = "POST /v1/notices HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    for _ in 0..16 {
        stream.write_all(&chunk).unwrap();
    }
    stream.write_all(b"1\r\n \r\n").unwrap();
    let answer = client::read(&mut stream);
    assert_eq!((answer.status, answer.rule().as_str()), (413, "too-large"));
}

#[test]
fn an_envelope_alone_has_the_smaller_limit() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let mut large = speaker.notice(&speaker.report(DOI));
    large.push_str(&" ".repeat((128 << 10) + 1 - large.len()));
    server.refuses("/v1/notices", &large, 413, "too-large");
    large.pop();
    assert_eq!(server.post("/v1/notices", &large).status, 201);
}

#[test]
fn a_body_with_documents_may_be_larger() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let envelope = speaker.notice(&speaker.report(DOI));
    let large = with_documents(&envelope, &[&vec![0; 700_000]]);
    // It is read, and the document is found to be nobody's.
    server.refuses("/v1/notices", &large, 422, "unnamed-document");
}

#[test]
fn other_content_types_are_refused() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let body = speaker.notice(&speaker.report(DOI));
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"] {
        for path in ["/v1/notices", "/v1/publishers", "/v1/check"] {
            let answer = server.request("POST", path, &[("Content-Type", kind)], body.as_bytes());
            assert_eq!((answer.status, answer.rule().as_str()), (415, "content-type"), "{kind} {path}");
        }
    }
    let answer = server.request("POST", "/v1/notices", &[], body.as_bytes());
    assert_eq!(answer.rule(), "content-type");
    for kind in ["application/json; charset=utf-8", "application/vnd.dsse.envelope.v1+json", "Application/JSON"] {
        assert!(server.request("POST", "/v1/notices", &[("Content-Type", kind)], body.as_bytes()).status < 300, "{kind}");
    }
}

#[test]
fn no_path_takes_an_encoded_body() {
    let server = TestServer::start();
    for coding in ["gzip", "zstd", "br", "deflate", "identity", "gzip, gzip", ""] {
        let headers = [("Content-Type", "application/json"), ("Content-Encoding", coding)];
        for (method, path) in [
            ("POST", "/v1/notices"),
            ("POST", "/v1/publishers"),
            ("POST", "/v1/check"),
            ("POST", "/witness/add-checkpoint"),
            ("PUT", "/v1/documents/00"),
            ("GET", "/v1/notices"),
        ] {
            let answer = server.request(method, path, &headers, b"\x28\xb5\x2f\xfd");
            assert_eq!((answer.status, answer.rule().as_str()), (415, "content-encoding"), "{coding} {path}");
        }
    }
}

#[test]
fn a_body_that_drips_is_cut_off() {
    let deadlines = Deadlines { body: Duration::from_millis(300), ..Deadlines::default() };
    let limits = Limits { deadlines, ..Limits::default() };
    let server = TestServer::with(Options { limits, ..Options::default() });
    let head = "POST /v1/notices HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
                Content-Length: 100\r\n\r\n{";
    let answer = client::send(server.address, head.as_bytes());
    assert_eq!((answer.status, answer.rule().as_str()), (408, "body-timeout"));
}

#[test]
fn a_question_has_limits_too() {
    let server = TestServer::start();
    let ids: Vec<_> = (0..1_001).map(|n| format!("doi:10.5281/zenodo.{n}")).collect();
    server.refuses("/v1/check", json!({"ids": ids}).to_string(), 422, "too-many-ids");
    assert_eq!(
        server.post("/v1/check", json!({"ids": ids[1..]}).to_string()).json()["answers"].as_array().unwrap().len(),
        1_000
    );
    server.refuses("/v1/check", json!({"ids": []}).to_string(), 400, "no-ids");
    server.refuses("/v1/check", json!({"ids": ["x"], "more": 1}).to_string(), 400, "bad-question");
    assert_eq!(server.get("/v1/check").rule(), "no-ids");
}

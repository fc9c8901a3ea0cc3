//! Digest lists over HTTP: brought in pieces, given out in ranges, with what is derived from them.

use palinode::digests::{BlockHashes, Filter, ListCheck, ListForm};
use palinode::notice::{DigestAlgorithm, DocumentHash};
use serde_json::{Value, json};

use super::support::client::Answer;
use super::support::server::TestServer;
use super::support::speakers::Speaker;

const DOI: &str = "doi:10.5281/zenodo.1234567";
const COUNT: u32 = 40_000;

fn digest(n: u32) -> [u8; 32] {
    let mut digest = [9; 32];
    digest[..4].copy_from_slice(&(n * 100_000).to_be_bytes());
    digest
}

/// A list, its name and its block root.
fn list() -> (Vec<u8>, String, DocumentHash) {
    let bytes: Vec<u8> = (0..COUNT).flat_map(digest).collect();
    let mut check = ListCheck::new(ListForm::new(DigestAlgorithm::Sha256, u64::from(COUNT)));
    check.take(&bytes).unwrap();
    let checked = check.finish().unwrap();
    (bytes, checked.sha256.to_string(), checked.blocks.root())
}

/// A server with a notice that names the list, and the upload token.
fn awaiting(name: &str, blocks: &DocumentHash) -> (TestServer, String) {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let mut notice = speaker.report(DOI);
    notice["digest_lists"] =
        json!([{"algorithm": "sha256", "sha256": name, "count": COUNT, "blocks": blocks.to_string(), "role": "affected"}]);
    let receipt = server.post("/v1/notices", speaker.notice(&notice)).json();
    let token = receipt["upload"]["token"].as_str().unwrap().to_owned();
    (server, token)
}

fn send(server: &TestServer, method: &str, name: &str, token: &str, at: Option<usize>, body: &[u8]) -> Answer {
    let (bearer, offset) = (format!("Bearer {token}"), at.map(|at| at.to_string()));
    let mut headers = vec![("Authorization", bearer.as_str())];
    headers.extend(offset.as_ref().map(|offset| ("Upload-Offset", offset.as_str())));
    headers.extend(at.map(|_| ("Content-Type", "application/partial-upload")));
    server.request(method, &format!("/v1/documents/{name}"), &headers, body)
}

fn told(answer: &Answer) -> (u16, Option<&str>, Option<&str>) {
    (answer.status, answer.header("upload-offset"), answer.header("upload-complete"))
}

#[test]
fn a_list_comes_in_pieces_and_whoever_brings_it_can_ask_how_far_it_is() {
    let (bytes, name, blocks) = list();
    let (server, token) = awaiting(&name, &blocks);
    let ask = || send(&server, "HEAD", &name, &token, None, b"");
    assert_eq!(told(&ask()), (204, Some("0"), Some("?0")));
    assert_eq!(ask().header("upload-limit"), Some("max-append-size=8388608"));
    let first = send(&server, "PATCH", &name, &token, Some(0), &bytes[..500_000]);
    assert_eq!(told(&first), (204, Some("500000"), Some("?0")));
    let elsewhere = send(&server, "PATCH", &name, &token, Some(0), &bytes[..10]);
    assert_eq!((told(&elsewhere), elsewhere.rule().as_str()), ((409, Some("500000"), None), "upload-offset"));
    assert_eq!(told(&ask()), (204, Some("500000"), Some("?0")));
    let last = send(&server, "PATCH", &name, &token, Some(500_000), &bytes[500_000..]);
    assert_eq!(told(&last), (204, Some("1280000"), Some("?1")));
    assert_eq!(told(&ask()), (204, Some("1280000"), Some("?1")));

    let path = format!("/v1/documents/{name}");
    let whole = server.get(&path);
    assert_eq!((whole.status, &whole.body), (200, &bytes));
    let part = server.get_with(&path, &[("Range", "bytes=65536-131071")]);
    assert_eq!((part.status, part.body.as_slice()), (206, &bytes[65_536..131_072]));
    assert_eq!(part.header("content-range"), Some("bytes 65536-131071/1280000"));
    assert_eq!(server.get_with(&path, &[("Range", "bytes=1280000-")]).status, 416);
    let asked = data_encoding::HEXLOWER.encode(&digest(777));
    let answer: Value = server.get(&format!("/v1/check?id=sha256:{asked}")).json();
    assert_eq!(answer["answers"][0]["verdict"], "reported", "{answer}");
}

#[test]
fn a_piece_needs_a_token_a_place_and_its_type() {
    let (bytes, name, blocks) = list();
    let (server, token) = awaiting(&name, &blocks);
    let wrong = send(&server, "PATCH", &name, "AAAA", Some(0), &bytes[..32]);
    assert_eq!((wrong.status, wrong.rule().as_str()), (403, "upload-not-granted"));
    let path = format!("/v1/documents/{name}");
    let missing = server.request("PATCH", &path, &[], &bytes[..32]);
    assert_eq!((missing.status, missing.rule().as_str()), (401, "upload-token-missing"));
    let bearer = format!("Bearer {token}");
    let partial = ("Content-Type", "application/partial-upload");
    let untyped = server.request("PATCH", &path, &[("Authorization", &bearer), ("Upload-Offset", "0")], &bytes[..32]);
    assert_eq!((untyped.status, untyped.rule().as_str()), (415, "content-type"));
    let nowhere = server.request("PATCH", &path, &[("Authorization", &bearer), partial], &bytes[..32]);
    assert_eq!((nowhere.status, nowhere.rule().as_str()), (400, "upload-offset-missing"));
    let odd = server.request("PATCH", &path, &[("Authorization", &bearer), partial, ("Upload-Offset", "-1")], b"");
    assert_eq!((odd.status, odd.rule().as_str()), (400, "upload-header"));
}

#[test]
fn a_list_out_of_order_is_refused_where_it_is_and_begins_again() {
    let (bytes, name, blocks) = list();
    let (server, token) = awaiting(&name, &blocks);
    send(&server, "PATCH", &name, &token, Some(0), &bytes[..64_000]);
    let twice = send(&server, "PATCH", &name, &token, Some(64_000), &bytes[..64_000]);
    assert_eq!((twice.status, twice.rule().as_str()), (422, "invalid-document"));
    assert!(twice.json()["detail"].as_str().unwrap().contains("digest 2000 is not greater"), "{}", twice.json());
    assert_eq!(told(&send(&server, "HEAD", &name, &token, None, b"")), (204, Some("0"), Some("?0")));
}

#[test]
fn the_filter_and_the_block_hashes_of_a_list_are_served_under_its_name() {
    let (bytes, name, blocks) = list();
    let (server, token) = awaiting(&name, &blocks);
    let filter_path = format!("/v1/index/filter/{name}");
    let awaited = server.get(&filter_path);
    assert_eq!((awaited.status, awaited.rule().as_str()), (404, "document-awaited"));
    assert_eq!(send(&server, "PUT", &name, &token, None, &bytes).status, 204, "whole, as before");
    let filter = server.get(&filter_path);
    assert_eq!((filter.status, filter.header("cache-control")), (200, Some("public, max-age=86400, immutable")));
    let tag = filter.header("etag").unwrap().to_owned();
    assert_eq!(server.get_with(&filter_path, &[("If-None-Match", &tag)]).status, 304);
    let filter = Filter::parse(filter.body).unwrap();
    assert!((0..COUNT).all(|n| filter.may_contain(&digest(n))));
    let hashes = server.get(&format!("/v1/documents/{name}/blocks"));
    let hashes = BlockHashes::parse(&hashes.body, bytes.len() as u64, &blocks).unwrap();
    let block = *filter.blocks_for(&digest(30_000)).unwrap().start();
    let (from, to) = hashes.range(block, block).unwrap();
    let part = server.get_with(&format!("/v1/documents/{name}"), &[("Range", &format!("bytes={from}-{to}"))]);
    assert_eq!((part.status, hashes.check(block, &part.body)), (206, Ok(())));
    assert!(part.body.chunks(32).any(|other| other == digest(30_000)));
    for path in ["/v1/index/filter/00", &format!("/v1/documents/{}/blocks", "11".repeat(32))] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

//! The log and the witness as C2SP has them.

use palinode::tlog::{Hash, UnverifiedCheckpoint, bundle};
use serde_json::json;

use super::support::server::TestServer;
use super::support::speakers::Speaker;

fn with_three() -> TestServer {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    for n in 1..=3 {
        let notice = speaker.report(&format!("doi:10.5281/zenodo.{n}"));
        assert_eq!(server.post("/v1/notices", speaker.notice(&notice)).status, 201);
    }
    server
}

#[test]
fn the_checkpoint_is_signed_and_asked_about_again() {
    let server = with_three();
    let answer = server.get("/log/checkpoint");
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    let signed = UnverifiedCheckpoint::parse(&answer.body).unwrap().verify(&server.ledger.identity().log).unwrap();
    assert_eq!(signed.checkpoint().size(), 3);
}

#[test]
fn tiles_and_entries_are_immutable_under_their_path() {
    let server = with_three();
    let tile = server.get("/log/tile/0/000.p/3");
    assert_eq!((tile.status, tile.body.len()), (200, 96));
    assert_eq!(tile.header("content-type"), Some("application/octet-stream"));
    assert!(tile.header("cache-control").unwrap().contains("immutable"));
    let tag = tile.header("etag").unwrap();
    assert_eq!(server.get_with("/log/tile/0/000.p/3", &[("If-None-Match", tag)]).status, 304);
    let entries = server.get("/log/tile/entries/000.p/3");
    let slots = bundle::parse(&entries.body, 3).unwrap();
    assert_eq!(slots.len(), 3);
    for hash in tile.body.chunks(32) {
        let leaf = data_encoding::HEXLOWER.encode(hash);
        let entry = server.get(&format!("/log/entry/{leaf}"));
        assert_eq!(Hash::leaf(&entry.body).to_string(), leaf);
    }
    // A tile keeps the widths that earlier checkpoints implied.
    assert_eq!(server.get("/log/tile/0/000.p/2").body, tile.body[..64]);
}

#[test]
fn a_tile_has_one_spelling() {
    let server = with_three();
    for path in [
        "/log/tile/0/000",
        "/log/tile/0/000.p/4",
        "/log/tile/0/000.p/0",
        "/log/tile/0/000.p/03",
        "/log/tile/00/000.p/3",
        "/log/tile/0/0.p/3",
        "/log/tile/0/x000/000.p/3",
        "/log/tile/0/%30%30%30.p/3",
        "/log/tile/0/000%2Ep/3",
        "/log/tile/0/000.p%2F3",
        "/log/tile//0/000.p/3",
        "/log/tile/0/000.p/3/",
        "/log/tile/",
        "/log/%63heckpoint",
        "/log/entry/",
        "/log/checkpoint/",
    ] {
        assert_eq!(server.get(path).rule(), "not-found", "{path}");
    }
    let entry = server.get("/v1/changes").text();
    let leaf = entry.split("\"leaf\":\"").nth(1).unwrap()[..64].to_owned();
    assert_eq!(server.get(&format!("/log/entry/{leaf}")).status, 200);
    assert_eq!(server.get(&format!("/log/entry/{}", leaf.to_uppercase())).status, 404);
}

#[test]
fn changes_are_told_since_an_index() {
    let server = with_three();
    let all = server.get("/v1/changes");
    assert_eq!(all.header("content-type"), Some("application/x-ndjson"));
    let text = all.text();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["index"].clone()).collect::<Vec<_>>(), [json!(0), json!(1), json!(2)]);
    assert_eq!(lines[0]["type"], "application/vnd.palinode.notice.v1+json");
    assert!(lines[0]["envelope"]["payload"].is_string());
    assert_eq!(server.get("/v1/changes?after=1").text().lines().count(), 1);
    assert_eq!(server.get("/v1/changes?after=2").text(), "");
    assert_eq!(server.get("/v1/changes?after=18446744073709551615").text(), "");
    assert_eq!(server.get("/v1/changes?after=x").rule(), "bad-query");
}

#[test]
fn the_witness_answers_in_its_own_words() {
    let server = with_three();
    let garbage = server.request("POST", "/witness/add-checkpoint", &[], b"garbage");
    assert_eq!((garbage.status, garbage.header("content-type")), (400, Some("text/plain; charset=utf-8")));
    let own = server.get("/log/checkpoint").text();
    let unknown = server.request("POST", "/witness/add-checkpoint", &[], format!("old 0\n\n{own}").as_bytes());
    assert_eq!(unknown.status, 404, "{}", unknown.text());
    assert_eq!(server.get(&format!("/witness/{}/checkpoint", "11".repeat(32))).rule(), "not-found");
}

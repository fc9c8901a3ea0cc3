//! Full bundles over HTTP: sent in pieces from the file in which they are kept, whole and right or not at all.

use std::fs::OpenOptions;
use std::path::PathBuf;

use palinode::ledger::{Provenance, Submission, Submitted};
use palinode::tlog::bundle;

use super::support::server::TestServer;
use super::support::speakers::Speaker;
use super::waiting::wait_until;

const BUNDLE: &str = "/log/tile/entries/000";

/// A server with one full bundle, which is kept.
fn with_a_bundle() -> TestServer {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let submit = |n| {
        let notice = speaker.notice(&speaker.report(&format!("doi:10.5281/zenodo.{n}")));
        match server.ledger.submit(Submission::parse(notice.as_bytes()).unwrap(), Provenance::Client).unwrap() {
            Submitted::Queued(ticket) => ticket,
            Submitted::Known(_) | Submitted::Waiting(_) => panic!("it is new"),
        }
    };
    let tickets: Vec<_> = (0..256).map(submit).collect();
    for ticket in tickets {
        ticket.blocking_recv().unwrap().unwrap();
    }
    wait_until("the bundle is kept", || server.ledger.bundle_at_hand("tile/entries/000").is_some());
    server
}

fn entries(server: &TestServer) -> Vec<u8> {
    bundle::encode(server.ledger.changes(0, 256).unwrap().iter().map(|entry| &entry.bytes)).unwrap()
}

/// Takes the end of the file away while the server has it open; how long it was.
fn cut(server: &TestServer) -> u64 {
    let path: PathBuf = server.folder().join("bundles");
    let length = std::fs::metadata(&path).unwrap().len();
    OpenOptions::new().write(true).open(path).unwrap().set_len(length - 1_000).unwrap();
    length
}

#[test]
fn a_bundle_is_sent_whole_with_its_length_and_its_tag() {
    let server = with_a_bundle();
    let right = entries(&server);
    assert!(right.len() > 112 << 10, "more than a piece");
    for _ in 0..2 {
        let answer = server.get(BUNDLE);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/octet-stream")));
        assert_eq!(answer.header("content-length"), Some(right.len().to_string().as_str()));
        assert!(answer.header("cache-control").unwrap().contains("immutable"));
        assert!(answer.body == right);
        let tag = answer.header("etag").unwrap();
        let known = server.get_with(BUNDLE, &[("If-None-Match", tag)]);
        assert_eq!((known.status, known.body.len()), (304, 0));
    }
    assert_eq!(server.get("/log/tile/entries/001").rule(), "not-found");
}

#[test]
fn what_cannot_be_read_in_pieces_any_more_is_read_from_the_entries() {
    let server = with_a_bundle();
    let right = entries(&server);
    let length = cut(&server);
    assert!(server.get(BUNDLE).body == right, "it was noticed when the last piece was due");
    assert_eq!(std::fs::metadata(server.folder().join("bundles")).unwrap().len(), length, "it was written again");
    assert!(server.get(BUNDLE).body == right);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test breaks the database behind the server's back")]
fn a_bundle_that_cannot_be_ended_rightly_ends_the_connection() {
    let server = with_a_bundle();
    let right = entries(&server);
    cut(&server);
    let database = rusqlite::Connection::open(server.folder().join("palinode.db")).unwrap();
    database.execute("UPDATE entries SET bytes = CAST(bytes || 'x' AS BLOB) WHERE idx = 7", []).unwrap();
    let broken = server.get(BUNDLE);
    assert_eq!(broken.header("content-length"), Some(right.len().to_string().as_str()));
    assert!(broken.body.len() < right.len() && right.starts_with(&broken.body), "{} bytes", broken.body.len());
    let next = server.get(BUNDLE);
    assert_eq!(next.status, 503, "{}", next.text());
}

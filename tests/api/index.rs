//! The compact list: what a server signs over its log, and what everybody can make again from the log.

use palinode::compact::{Tile, TileTree, settings};
use palinode::envelope::{Claim, Envelope, IndexHead};
use palinode::tlog::{Hash, SignedCheckpoint};

use super::support::server::{Options, TestServer, noon};
use super::support::speakers::Speaker;

fn with(notices: usize) -> TestServer {
    let server = TestServer::start();
    post(&server, 0..notices);
    server
}

fn post(server: &TestServer, numbers: std::ops::Range<usize>) {
    let speaker = Speaker::key(1);
    for n in numbers {
        let notice = speaker.report(&format!("doi:10.5281/zenodo.{n}"));
        assert_eq!(server.post("/v1/notices", speaker.notice(&notice)).status, 201);
    }
}

/// The head, under the operator's signature.
fn head(server: &TestServer) -> IndexHead {
    let answer = server.get("/v1/index");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{}", answer.text());
    let claim = Claim::<IndexHead>::read(Envelope::parse_canonical(&answer.body).unwrap()).unwrap();
    claim.verify(&[server.ledger.identity().operator]).unwrap().value().clone()
}

#[test]
fn anybody_makes_the_tiles_again_from_the_entry_bundles_byte_for_byte() {
    let server = with(259);
    let head = head(&server);
    let mut tree = TileTree::default();
    for (bundle, tile, width) in [("000", "0", 256), ("001.p/3", "1.p/3", 3)] {
        let bundle = server.get(&format!("/log/tile/entries/{bundle}"));
        let made = Tile::of_bundle(&bundle.body, width).unwrap();
        let served = server.get(&format!("/v1/index/tile/{tile}"));
        assert_eq!(served.status, 200);
        assert!(served.header("cache-control").unwrap().contains("immutable"));
        assert!(served.body == made.to_bytes(), "tile {tile}");
        made.into_rows().into_iter().for_each(|row| drop(tree.push(row)));
    }
    assert_eq!((head.size, head.tiles.to_string()), (259, tree.root().to_string()));
}

#[test]
fn the_head_names_the_tree_that_its_checkpoint_signs() {
    let server = with(3);
    let head = head(&server);
    let identity = server.ledger.identity();
    let signed = SignedCheckpoint::parse_and_verify(head.checkpoint.as_bytes(), &identity.log).unwrap();
    assert_eq!(head.origin, identity.origin.as_str());
    assert_eq!((signed.checkpoint().size(), head.size), (3, 3));
    assert_eq!(signed.checkpoint().root().to_string(), head.root.to_string());
    assert_eq!(signed.cosignatures(std::slice::from_ref(&identity.witness)).len(), 1, "with the server's own cosignature");
    assert_eq!(head.issued.time(), noon());
}

#[test]
fn with_nothing_new_the_head_stays_and_a_new_entry_or_an_hour_changes_it() {
    let server = with(1);
    let first = server.get("/v1/index");
    let tag = first.header("etag").unwrap();
    let asked = || server.get_with("/v1/index", &[("If-None-Match", tag)]);
    assert_eq!(asked().status, 304);
    server.clock.advance(chrono::TimeDelta::minutes(59));
    assert_eq!(asked().status, 304);
    server.clock.advance(chrono::TimeDelta::minutes(1));
    let later = head(&server);
    assert_eq!((later.issued.time(), later.size), (noon() + chrono::TimeDelta::hours(1), 1));
    post(&server, 1..2);
    assert_eq!(head(&server).size, 2);
}

#[test]
fn a_tile_and_its_path_have_one_spelling_and_nothing_unpublished_is_shown() {
    let server = with(2);
    for path in ["0", "0.p/3", "0.p/0", "0.p/02", "00.p/2", "1", "0.p%2F2", "0.p/2/", ""] {
        assert_eq!(server.get(&format!("/v1/index/tile/{path}")).rule(), "not-found", "{path}");
    }
    let one = server.get("/v1/index/tile/0.p/1");
    assert_eq!(Tile::parse(&one.body).unwrap().rows().len(), 1, "a width of an earlier tree stays");
}

#[test]
fn the_settings_are_named_by_their_hash() {
    let publisher = Speaker::domain(2, "example.org");
    let server = TestServer::with(Options { pins: vec![publisher.pin(&["doi:10.5281/"])], ..Options::default() });
    let hash = head(&server).trust.to_string();
    let answer = server.get(&format!("/v1/index/trust/{hash}"));
    let trust = settings::parse(&answer.body).unwrap();
    assert_eq!((trust.hash(), trust.lineages.len()), (hash, 1));
    assert_eq!(server.get(&format!("/v1/index/trust/{}", "ab".repeat(32))).status, 404);
}

#[test]
fn an_empty_log_has_a_list_without_tiles() {
    let server = TestServer::start();
    let head = head(&server);
    assert_eq!(
        (head.size, head.tiles.to_string(), head.root.to_string()),
        (0, Hash::EMPTY.to_string(), Hash::EMPTY.to_string())
    );
    assert_eq!(server.get("/v1/index/tile/0").status, 404);
}

#[test]
fn a_halted_log_gives_no_head() {
    let server = with(1);
    head(&server);
    server.ledger.halt("a test");
    assert_eq!(server.get("/v1/index").rule(), "log-halted");
    assert_eq!(server.get("/v1/index/tile/0.p/1").status, 200, "what is published stays readable");
}

#[test]
fn the_list_is_the_same_under_the_path_for_plain_folders() {
    let server = with(1);
    assert_eq!(server.get("/v1/index/head").body, server.get("/v1/index").body);
}

//! Digest lists that go from server to server, block by block.

use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};

use crate::digests::BLOCK;
use crate::envelope::PayloadType;
use crate::federation::testing::{Server, World, befriend, drive, secret, url_of};
use crate::federation::{Fault, Fetched, Misbehaviour, Request, Response, Weather};
use crate::ledger::documents::Document;
use crate::notice::{DocumentHash, Draft, Timestamp};
use crate::tlog::{Frontier, Hash};

/// 12,000 digests: six blocks, the last of them short.
fn list() -> Vec<u8> {
    let mut digests: Vec<_> = (0..12_000_u32).map(|n| Sha256::digest(n.to_be_bytes()).to_vec()).collect();
    digests.sort();
    digests.concat()
}

fn root(list: &[u8]) -> String {
    let mut tree = Frontier::empty();
    for block in list.chunks(BLOCK) {
        tree.append(Hash::leaf(block));
    }
    tree.root().to_string()
}

/// An entry that names the list.
fn naming(list: &[u8]) -> Vec<u8> {
    let name = DocumentHash::of(list).to_string();
    let draft = serde_json::json!({
        "type": "retraction",
        "issuer": {"role": "observer"},
        "dataset": {"title": "Example Faces", "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": "doi:10.5281/zenodo.7", "role": "whole"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "delete"}],
        "digest_lists": [{
            "algorithm": "sha256", "sha256": name, "count": list.len() / 32, "blocks": root(list), "role": "affected"
        }],
    });
    let key = secret("ann");
    let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
    let draft = Draft::parse(draft.to_string().as_bytes()).expect("a draft");
    let completed = draft.complete(&key.public().to_did(), issued, [7; 32]).expect("a notice");
    key.sign_envelope(PayloadType::Notice, &completed.payload).expect("an envelope").to_json().into_bytes()
}

/// Three servers that know each other, all with the notice; the first two have the list.
async fn scene() -> (World, [Server; 3], Vec<u8>) {
    let world = World::new();
    let servers = ["a", "b", "c"].map(|name| Server::start(&world, name));
    let [a, b, c] = &servers;
    for (one, other) in [(a, b), (a, c), (b, c)] {
        befriend(one, other);
    }
    let list = list();
    a.log(&naming(&list));
    let all = [a, b, c];
    for server in [b, c] {
        drive(&all, server.federation.pull_once(&a.origin())).await.expect("pulled");
    }
    for server in [a, b] {
        server.ledger.keep_document(&DocumentHash::of(&list), list.clone()).expect("kept");
    }
    (world, servers, list)
}

fn has(server: &Server, list: &[u8]) -> bool {
    let held = matches!(server.ledger.document(&DocumentHash::of(list)).expect("readable"), Document::List(_));
    let read = server.ledger.list_range(&DocumentHash::of(list), 0, list.len()).expect("readable");
    assert_eq!(held, read.as_deref() == Some(list), "all of it or nothing");
    held
}

#[tokio::test]
async fn a_list_comes_from_a_peer_and_its_digests_are_found() {
    let (world, [a, b, c], list) = scene().await;
    world.network.take_seen();
    let asked = drive(&[&a, &b, &c], c.federation.fetch_documents_once(&a.origin())).await.expect("asked");
    assert_eq!(asked, Fetched::Asked { kept: 1, missing: 0, again: None });
    assert!(has(&c, &list));
    assert_eq!(world.network.take_seen().len(), 2, "the hashes of the blocks, and one range");
    let asked = format!("sha256:{}", data_encoding::HEXLOWER.encode(&list[320_000..320_032]));
    let answer = c.ledger.check(&[asked]).expect("answers").answers.remove(0).answer.expect("an id");
    assert_eq!((answer.verdict.as_str(), answer.incomplete), ("reported", false));
}

/// Has the server answer as `change` makes it of what it would.
fn lie(world: &World, server: &Server, change: impl Fn(&Request, Response) -> Response + Send + Sync + 'static) {
    let honest = server.handler();
    let change = std::sync::Arc::new(change);
    let handler = move |request: Request| -> BoxFuture<'static, Response> {
        let (answer, change) = (honest(request.clone()), change.clone());
        Box::pin(async move { change(&request, answer.await) })
    };
    let name = server.origin().split('.').next().expect("a name").to_owned();
    world.network.serve(&url_of(&name), std::sync::Arc::new(handler));
}

#[tokio::test]
async fn a_block_that_is_another_is_refused_at_once_and_the_next_peer_is_asked() {
    let (world, [a, b, c], list) = scene().await;
    lie(&world, &a, |request, mut answer| {
        if request.range.is_some() {
            answer.body[3 * BLOCK + 5] ^= 1;
        }
        answer
    });
    let fault = drive(&[&a, &b, &c], c.federation.fetch_documents_once(&a.origin())).await.expect_err("a lie");
    assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::OtherBlock { block: 3, .. })), "{fault}");
    assert!(!has(&c, &list));
    let state = c.state("a");
    assert!(state.documents.not_before.is_some(), "work with it is put off");
    let told = state.documents.last_error.as_ref().map(|fault| fault.code.clone());
    assert_eq!(told.as_deref(), Some("other-block"), "and what it did is shown");
    let asked = drive(&[&a, &b, &c], c.federation.fetch_documents_once(&b.origin())).await.expect("asked");
    assert_eq!(asked, Fetched::Asked { kept: 1, missing: 0, again: None });
    assert!(has(&c, &list));
}

#[tokio::test]
async fn a_range_that_is_cut_short_or_block_hashes_of_something_else_bring_nothing_in() {
    let (world, [a, b, c], list) = scene().await;
    lie(&world, &a, |request, mut answer| {
        if request.url.path().ends_with("/blocks") {
            answer.body[7] ^= 1;
        }
        answer
    });
    let asked = drive(&[&a, &b, &c], c.federation.fetch_documents_once(&a.origin())).await.expect("nobody is blamed");
    assert!(matches!(asked, Fetched::Asked { kept: 0, missing: 1, .. }), "{asked:?}");
    lie(&world, &b, |request, mut answer| {
        if request.range.is_some() {
            answer.body.pop();
        }
        answer
    });
    let fault = drive(&[&a, &b, &c], c.federation.fetch_documents_once(&b.origin())).await.expect_err("cut short");
    assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::OtherBlock { .. })), "{fault}");
    assert!(!has(&c, &list));
}

#[tokio::test]
async fn a_list_that_broke_off_goes_on_where_it_was_from_whichever_peer() {
    let (world, [a, b, c], list) = scene().await;
    let name = DocumentHash::of(&list);
    // Some of it came before a crash tore the last block.
    let (part, said) = c.ledger.part_from_peers(&name, 0).expect("named");
    c.ledger.take_piece(&part, &said, 0, &list[..BLOCK + 100]).expect("taken in");
    world.network.set_weather(&url_of("a"), Weather::Down);
    drive(&[&a, &b, &c], c.federation.fetch_documents_once(&a.origin())).await.expect_err("down");
    let ranges = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = ranges.clone();
    lie(&world, &b, move |request, answer| {
        seen.lock().expect("nobody panicked").extend(request.range);
        answer
    });
    drive(&[&a, &b, &c], c.federation.fetch_documents_once(&b.origin())).await.expect("asked");
    assert!(has(&c, &list));
    let ranges = ranges.lock().expect("nobody panicked").clone();
    assert_eq!(ranges, [(BLOCK as u64, list.len() as u64 - 1)], "what was whole is not asked for again");
}

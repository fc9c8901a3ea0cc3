//! Records and notices of one publisher, brought by a log in any order.

use crate::envelope::{KeyStatus, PayloadType, PinFile, RecordDraft, RecordKey, SecretKey};
use crate::federation::testing::{HandmadeLog, Server, World, drive, notice_of, peer_of, secret};
use crate::ledger::{Pins, Provenance};
use crate::notice::{Did, PayloadId, Timestamp};

/// A chain of three records, of which each retires the key that signed it; and a notice by each of the three keys.
struct Story {
    pin: PinFile,
    entries: Vec<Vec<u8>>,
}

fn story(lab: usize) -> Story {
    let did = Did::parse(&format!("did:web:lab{lab}.example.org")).expect("a DID");
    let keys = ["first", "second", "third"].map(|key| secret(&format!("{key} of lab {lab}")));
    let issued = Timestamp::parse("2026-11-23T09:00:00Z").expect("a time");
    let sign = |draft: RecordDraft, key: &SecretKey| {
        let payload = draft.complete().expect("a record").payload;
        (PayloadId::of(&payload), key.sign_envelope(PayloadType::Publisher, &payload).expect("an envelope"))
    };
    let listed = |key: &SecretKey, status| RecordKey { key: key.public(), status, since: None };
    let first = RecordDraft::first(did.clone(), "Example Vision Lab", keys[0].public(), issued);
    let (mut previous, zero) = sign(first.clone(), &keys[0]);
    let mut entries = vec![zero.to_json().into_bytes()];
    for (sequence, pair) in (1..).zip(keys.windows(2)) {
        let keys = vec![listed(&pair[0], KeyStatus::Retired), listed(&pair[1], KeyStatus::Active)];
        let (id, record) = sign(RecordDraft { sequence, previous: Some(previous), keys, ..first.clone() }, &pair[0]);
        previous = id;
        entries.push(record.to_json().into_bytes());
    }
    entries.extend((1..).zip(&keys).map(|(number, key)| notice_of(key, &did, number).0));
    Story { pin: PinFile::new(zero, &[], None).expect("a pin"), entries }
}

/// Every order of `0..n`.
fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let grow = |order: Vec<usize>| (0..n).map(move |at| [&order[..at], &[n - 1], &order[at..]].concat());
    orders(n - 1).into_iter().flat_map(grow).collect()
}

#[tokio::test]
async fn chains_and_the_notices_of_their_keys_are_taken_in_whatever_arrives_first() {
    let world = World::new();
    // The pins bring each record 0; the other five entries of each publisher come in another of their 120 orders, and the entries of
    // all publishers in turns.
    let orders = orders(5);
    let stories: Vec<Story> = (0..orders.len()).map(story).collect();
    let server = Server::start(&world, "b").restart(Pins::from_files(stories.iter().map(|story| &story.pin)));
    for story in &stories {
        server.log_as(&story.entries[0], Provenance::Pin);
    }
    let mut log = HandmadeLog::start(&world, "hand");
    server.add_peer(&peer_of("hand"));
    let at = |turn: usize| stories.iter().zip(&orders).map(move |(story, order)| story.entries[order[turn] + 1].clone());
    log.append((0..5).flat_map(at));
    drive(&[&server], server.federation.pull_once("hand.example/log")).await.expect("pulled");
    drive(&[&server], server.federation.retry_pending_once()).await.expect("looked at again");
    assert_eq!(server.state("hand").pending, 0);
    assert_eq!(server.size(), 6 * stories.len() as u64);
}

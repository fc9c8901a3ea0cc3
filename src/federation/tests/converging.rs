//! Servers that hear of each other's entries.

use crate::federation::testing::{Server, World, befriend, drive, notice, notice_of, secret};
use crate::federation::{Announced, Fetched, Pulled, Tally};
use crate::ledger::documents::Document;
use crate::ledger::peers::OriginHash;
use crate::notice::DocumentHash;

fn read(pulled: Pulled) -> Tally {
    match pulled {
        Pulled::Read { tally, pause: None } => tally,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_posted_to_one_server_stands_on_two_others_and_is_cosigned_by_them() {
    let world = World::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| Server::start(&world, name));
    for (one, other) in [(&a, &b), (&b, &c), (&a, &c)] {
        befriend(one, other);
    }
    a.log(&notice("ann", 1));
    b.log(&notice("bob", 2));
    c.log(&notice("cid", 3));
    let servers = [&a, &b, &c];
    for _ in 0..2 {
        for from in servers {
            for to in servers.iter().filter(|to| to.origin() != from.origin()) {
                drive(&servers, from.federation.announce_once(&to.origin())).await.expect("announced");
                drive(&servers, to.federation.pull_once(&from.origin())).await.expect("pulled");
            }
        }
    }
    assert_eq!(a.size(), 3);
    assert_eq!(a.entries(), b.entries());
    assert_eq!(a.entries(), c.entries());
    for server in servers {
        for peer in servers.iter().filter(|peer| peer.origin() != server.origin()) {
            let peer_name = format!("{}/witness", peer.origin());
            drive(&servers, server.federation.announce_once(&peer.origin())).await.expect("announced");
            assert!(server.ledger.published().cosigned_by(&peer_name).is_some(), "{} by {}", server.origin(), peer.origin());
        }
    }
}

#[tokio::test]
async fn each_entry_travels_once_to_each_server_whatever_the_number_of_links() {
    let world = World::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| Server::start(&world, name));
    for (one, other) in [(&a, &b), (&b, &c), (&a, &c)] {
        befriend(one, other);
    }
    for number in 0..20 {
        a.log(&notice("ann", number));
    }
    let servers = [&a, &b, &c];
    for _ in 0..3 {
        for from in servers {
            for to in servers.iter().filter(|to| to.origin() != from.origin()) {
                drive(&servers, to.federation.pull_once(&from.origin())).await.expect("pulled");
            }
        }
    }
    assert_eq!((b.size(), c.size()), (20, 20));
    let fetched = world.network.take_seen().into_iter().filter(|(_, url)| url.path().contains("entries")).count();
    assert_eq!(fetched, 2, "one bundle for each of the two");
}

#[tokio::test]
async fn a_few_new_entries_are_fetched_one_by_one_and_many_as_a_bundle() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    for number in 0..300 {
        a.log(&notice("ann", number));
    }
    assert_eq!(read(drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled")).logged, 300);
    let paths = |world: &World| -> Vec<String> {
        world.network.take_seen().into_iter().map(|(_, url)| url.path().trim_start_matches("/log/").to_owned()).collect()
    };
    assert_eq!(paths(&world), ["checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/entries/000", "tile/entries/001.p/44"]);
    a.log(&notice("ann", 300));
    assert_eq!(read(drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled")).logged, 1);
    let seen = paths(&world);
    assert_eq!(seen[..2], ["checkpoint", "tile/0/001.p/45"]);
    assert!(seen.len() == 3 && seen[2].starts_with("entry/"), "{seen:?}");
    // Nothing new: one small question.
    assert_eq!(read(drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled")), Tally::default());
    assert_eq!(paths(&world), ["checkpoint"]);
}

#[tokio::test]
async fn an_announcement_is_made_once_for_each_size_and_shown_to_monitors() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    let servers = [&a, &b];
    assert_eq!(drive(&servers, a.federation.announce_once(&b.origin())).await.expect("done"), Announced::NothingNew);
    for number in 1..4 {
        a.log(&notice("ann", number));
        let done = drive(&servers, a.federation.announce_once(&b.origin())).await.expect("done");
        assert_eq!(done, Announced::Cosigned(u64::from(number)));
        assert_eq!(drive(&servers, a.federation.announce_once(&b.origin())).await.expect("done"), Announced::NothingNew);
    }
    let shown = b.federation.witnessed_checkpoint(&OriginHash::of(&a.origin())).expect("readable").expect("cosigned");
    let signed = crate::tlog::SignedCheckpoint::parse_and_verify(&shown, a.as_peer().log_key()).expect("signed by its log");
    assert_eq!(signed.checkpoint().size(), 3);
    assert_eq!(signed.cosignatures(&[b.as_peer().witness_key().clone()]).len(), 1);
    assert_eq!(b.federation.witnessed_checkpoint(&OriginHash::of("c.example/log")).expect("readable"), None);
}

#[tokio::test]
async fn texts_follow_their_notices_from_whoever_has_them() {
    let world = World::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    befriend(&b, &c);
    let key = secret("ann");
    let (entry, _, texts) = notice_of(&key, &key.public().to_did(), 1);
    let name = DocumentHash::of(&texts);
    a.log(&entry);
    let servers = [&a, &b, &c];
    drive(&servers, b.federation.pull_once(&a.origin())).await.expect("pulled");
    let asked = drive(&servers, b.federation.fetch_documents_once(&a.origin())).await.expect("asked");
    let Fetched::Asked { kept: 0, missing: 1, again: Some(again) } = asked else { panic!("{asked:?}") };
    assert_eq!(b.ledger.document(&name).expect("readable"), Document::Awaited);
    // The publisher brings them; the next question after a while finds them.
    a.ledger.keep_document(&name, texts.clone()).expect("kept");
    let asked = drive(&servers, b.federation.fetch_documents_once(&a.origin())).await.expect("asked");
    let later = Fetched::Asked { kept: 0, missing: 0, again: Some(again) };
    assert_eq!(asked, later, "not asked again at once, and whoever is woken before knows when");
    world.pass(120);
    let asked = drive(&servers, b.federation.fetch_documents_once(&a.origin())).await.expect("asked");
    assert_eq!(asked, Fetched::Asked { kept: 1, missing: 0, again: None });
    drive(&servers, c.federation.pull_once(&b.origin())).await.expect("pulled");
    drive(&servers, c.federation.fetch_documents_once(&b.origin())).await.expect("asked");
    assert_eq!(c.ledger.document(&name).expect("readable"), Document::Available(texts));
}

#[tokio::test]
async fn texts_are_asked_for_again_at_once_when_the_clock_was_set_back() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    let key = secret("ann");
    let (entry, _, texts) = notice_of(&key, &key.public().to_did(), 1);
    a.log(&entry);
    drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled");
    drive(&[&a, &b], b.federation.fetch_documents_once(&a.origin())).await.expect("asked");
    a.ledger.keep_document(&DocumentHash::of(&texts), texts).expect("kept");
    // Seconds were to pass; by the clock it would be minutes now.
    world.pass(-240);
    let asked = drive(&[&a, &b], b.federation.fetch_documents_once(&a.origin())).await.expect("asked");
    assert_eq!(asked, Fetched::Asked { kept: 1, missing: 0, again: None });
}

#[tokio::test]
async fn a_restarted_server_goes_on_where_it_was() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    for number in 0..5 {
        a.log(&notice("ann", number));
    }
    drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled");
    let b = b.restart(crate::ledger::Pins::default());
    assert_eq!((b.state("a").pulled, b.state("a").verified, b.size()), (5, 5, 5));
    a.log(&notice("ann", 5));
    world.network.take_seen();
    assert_eq!(read(drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled")).logged, 1);
    let entries = world.network.take_seen().into_iter().filter(|(_, url)| url.path().contains("/entr")).count();
    assert_eq!(entries, 1);
}

//! Following a peer that was restored into a new log, and nobody else who says so.

use crate::envelope::{LogKeys, LogRoot, OperatorStatement, PayloadType, Statement};
use crate::federation::testing::{HandmadeLog, Server, World, drive, notice, origin_of, peer_of, secret, url_of};
use crate::federation::{Fault, Misbehaviour, Pulled};
use crate::ledger::peers::{Peer, PeerSource, PeerStore, SuccessionStore};
use crate::notice::Timestamp;
use crate::tlog::{Frontier, Hash};

/// The log of a, with two notices, and a server that has read it.
fn a_peer_that_was_read(world: &World) -> (Server, HandmadeLog) {
    let b = Server::start(world, "b");
    let mut a = HandmadeLog::start(world, "a");
    a.append([notice("ann", 1), notice("ann", 2)]);
    let peer = peer_of("a");
    let (url, log, witness) = (peer.url().clone(), peer.log_key().clone(), peer.witness_key().clone());
    let peer = Peer::new(url, log, witness, *peer.operator_key(), true, PeerSource::Configuration).expect("a peer");
    b.add_peer(&peer);
    (b, a)
}

fn root_of_a() -> Hash {
    let mut frontier = Frontier::empty();
    for entry in [notice("ann", 1), notice("ann", 2)] {
        frontier.append(Hash::leaf(&entry));
    }
    frontier.root()
}

/// What is stated under the key of `signer`: that the log of `new`, with the keys of `keys`, goes on for a.
fn succeeds(new: &str, keys: &str, signer: &str) -> Vec<u8> {
    let key = |purpose: &str| secret(&format!("{keys} {purpose}")).public();
    let keys = Some(Box::new(LogKeys { log: key("log"), witness: key("witness") }));
    let root = LogRoot::from_bytes(*root_of_a().as_bytes());
    let statement = Statement::LogSucceeds { origin: origin_of("a"), size: 2, root, keys };
    let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
    let payload = OperatorStatement::write(&origin_of(new), issued, &statement).expect("valid form");
    let key = secret(signer);
    key.sign_envelope(PayloadType::Operator, &payload).expect("an envelope").to_json().into_bytes()
}

/// A log at the address of a, which says of itself that it goes on for a by this entry.
fn log_at_the_address_of_a(world: &World, name: &str, statement: &[u8], entries: &[Vec<u8>]) -> HandmadeLog {
    let mut log = HandmadeLog::start_at(world, name, "a");
    log.append(entries.iter().cloned().chain([statement.to_vec()]));
    let named = serde_json::json!({"succeeds": [{"origin": origin_of("a"), "entry": Hash::leaf(statement).to_string()}]});
    log.put("/v1/server", named.to_string().into_bytes());
    log
}

async fn pull(server: &Server, name: &str) -> Result<Pulled, Fault> {
    drive(&[server], server.federation.pull_once(&origin_of(name))).await
}

fn names(server: &Server) -> Vec<String> {
    server.federation.peers().iter().map(|peer| peer.origin().to_string()).collect()
}

fn refused(server: &Server) -> Option<(String, String)> {
    server.store.claims().expect("readable").remove(&origin_of("a")).map(|claim| (claim.claimant, claim.rule))
}

#[tokio::test]
async fn a_peer_that_was_restored_is_followed_and_nothing_that_is_here_is_fetched_again() {
    let world = World::new();
    let (b, a) = a_peer_that_was_read(&world);
    pull(&b, "a").await.expect("pulled");
    a.unplug();
    assert!(pull(&b, "a").await.is_err());
    world.pass(3_600);
    let _new =
        log_at_the_address_of_a(&world, "a2", &succeeds("a2", "a2", "a operator"), &[notice("ann", 1), notice("ann", 3)]);
    assert_eq!(pull(&b, "a").await.expect("followed"), Pulled::Succeeded(origin_of("a2")));
    assert_eq!(names(&b), [origin_of("a2")], "the old log is not read any more");
    let peer = b.federation.peers().remove(0);
    assert_eq!((peer.url(), peer.vouch(), peer.source()), (&url_of("a"), true, PeerSource::Succession));
    assert_eq!(b.store.successors().expect("readable")[&origin_of("a")].origin, origin_of("a2"));
    assert!(matches!(pull(&b, "a").await, Err(Fault::UnknownPeer(_))));
    world.network.take_seen();
    pull(&b, "a2").await.expect("pulled");
    let leaf = |n| format!("/log/entry/{}", Hash::leaf(&notice("ann", n)));
    let asked: Vec<_> = world.network.take_seen().into_iter().map(|(_, url)| url.path().to_owned()).collect();
    assert!(asked.contains(&leaf(3)) && !asked.contains(&leaf(1)), "{asked:?}");
    assert_eq!(b.size(), 3);
    // After a restart it stays so; and whoever removes the new one has removed both.
    let b = b.restart(crate::ledger::Pins::default());
    assert_eq!(names(&b), [origin_of("a2")]);
    assert!(b.store.remove_peer(&origin_of("a2")).expect("removed"));
    assert!(b.store.peers().expect("readable").is_empty() && b.store.successors().expect("readable").is_empty());
}

#[tokio::test]
async fn a_thief_who_has_the_address_and_not_the_operator_key_takes_nobodys_place() {
    let world = World::new();
    for (name, keys, signer, rule) in [
        // A statement of their own.
        ("thief", "thief", "thief operator", "succession-other-operator"),
        // One that the log key of the old server signed, which may have been on the stolen disk.
        ("thief", "thief", "a log", "succession-other-operator"),
        // The right one, copied into a log of their own.
        ("thief", "a2", "a operator", "succession-not-served"),
    ] {
        let (b, a) = a_peer_that_was_read(&world);
        pull(&b, "a").await.expect("pulled");
        let statement = succeeds(if signer == "a operator" { "a2" } else { "thief" }, keys, signer);
        let _thief = log_at_the_address_of_a(&world, name, &statement, &[notice("ann", 9)]);
        world.pass(3_600);
        let fault = pull(&b, "a").await.expect_err("it is not followed");
        assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::CheckpointNotItsOwn(_))), "{fault}");
        assert_eq!(refused(&b), Some((origin_of("thief"), rule.to_owned())));
        assert_eq!((names(&b), b.size()), (vec![origin_of("a")], 2));
        // The right server comes back to its address.
        drop(a);
        let mut a = HandmadeLog::start(&world, "a");
        a.append([notice("ann", 1), notice("ann", 2), notice("ann", 3)]);
        world.pass(3_600 * 4);
        assert!(matches!(pull(&b, "a").await.expect("pulled"), Pulled::Read { .. }));
        assert_eq!(b.size(), 3);
    }
}

#[tokio::test]
async fn a_statement_that_names_another_history_of_the_old_log_is_refused() {
    let world = World::new();
    let (b, mut a) = a_peer_that_was_read(&world);
    // What b reads is not what the statement says there was at that size.
    a = {
        drop(a);
        let mut other = HandmadeLog::start(&world, "a");
        other.append([notice("ann", 5), notice("ann", 6)]);
        other
    };
    pull(&b, "a").await.expect("pulled");
    drop(a);
    let _new = log_at_the_address_of_a(&world, "a2", &succeeds("a2", "a2", "a operator"), &[]);
    world.pass(3_600);
    pull(&b, "a").await.expect_err("it is not followed");
    assert_eq!(refused(&b), Some((origin_of("a2"), "succession-other-root".to_owned())));
}

#[tokio::test]
async fn whoever_claims_to_go_on_for_a_log_that_is_alive_is_refused_until_it_is_gone() {
    let world = World::new();
    let (b, a) = a_peer_that_was_read(&world);
    // At another address, and a peer already, under the same operator.
    let mut new = HandmadeLog::start(&world, "a2");
    new.append([succeeds("a2", "a2", "a operator"), notice("ann", 3)]);
    let peer = peer_of("a2");
    let (url, log, witness) = (peer.url().clone(), peer.log_key().clone(), peer.witness_key().clone());
    b.add_peer(&Peer::new(url, log, witness, *peer_of("a").operator_key(), false, PeerSource::Command).expect("a peer"));
    pull(&b, "a2").await.expect("pulled");
    pull(&b, "a").await.expect("pulled");
    assert_eq!(refused(&b), Some((origin_of("a2"), "succession-of-the-living".to_owned())));
    assert_eq!(names(&b).len(), 2);
    a.unplug();
    world.pass(3_600);
    assert_eq!(pull(&b, "a").await.expect("followed"), Pulled::Succeeded(origin_of("a2")));
    assert_eq!(names(&b), [origin_of("a2")]);
    assert_eq!(refused(&b), None);
    assert_eq!(b.federation.peers()[0].source(), PeerSource::Command, "it stays what its operator made it");
}

//! `add-checkpoint`, request by request: the table of tlog-witness.

use crate::federation::testing::{HandmadeLog, Server, World, befriend, drive, notice, peer_of};
use crate::federation::{EnrolError, WitnessRefusal, enrol, enrol_configured};
use crate::ledger::peers::{Contradiction, EvidenceStore, Peer, PeerSource, PeerStore};
use crate::tlog::{AddCheckpoint, Cosignature, Frontier, Hash, MemoryTiles, Note, consistency_proof};

/// A log of this many entries: its root, and the proof from `old`.
fn tree(old: u64, size: u64) -> (Hash, Vec<Hash>) {
    let mut frontier = Frontier::empty();
    for n in 0..size {
        frontier.append(Hash::leaf(format!("entry {n}").as_bytes()));
    }
    let mut tiles = MemoryTiles::default();
    tiles.store(frontier.take_changed());
    let proof = if old == 0 || old == size { Vec::new() } else { consistency_proof(old, size, &tiles).expect("a proof") };
    (frontier.root(), proof)
}

#[test]
fn every_row_of_the_table_has_its_status() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let log = HandmadeLog::start(&world, "hand");
    let stranger = HandmadeLog::start(&world, "stranger");
    b.add_peer(&peer_of("hand"));
    let ask = |old: u64, proof: Vec<Hash>, checkpoint: Vec<u8>| {
        b.federation.add_checkpoint(&AddCheckpoint { old, proof, checkpoint }.to_bytes())
    };
    let status = |result: Result<Vec<u8>, WitnessRefusal>| result.map_or_else(|refusal| refusal.status(), |_| 200);
    let (root3, _) = tree(0, 3);
    let (root5, proof35) = tree(3, 5);

    assert_eq!(status(b.federation.add_checkpoint(b"old x\n\n")), 400);
    assert_eq!(status(ask(0, vec![], b"no note at all\n".to_vec())), 400);
    assert_eq!(status(ask(0, vec![Hash::EMPTY; 64], log.sign(3, root3))), 400);
    assert_eq!(status(ask(0, vec![], stranger.sign(3, root3))), 404);
    let unsigned = String::from_utf8(log.sign(3, root3)).expect("text").replace("\n3\n", "\n4\n");
    assert_eq!(status(ask(0, vec![], unsigned.into_bytes())), 403);
    assert_eq!(status(ask(4, vec![], log.sign(3, root3))), 400);
    let refusal = ask(2, vec![], log.sign(3, root3)).expect_err("nothing was cosigned yet");
    assert_eq!((refusal.status(), refusal.answer()), (409, ("0\n".to_owned(), "text/x.tlog.size")));
    assert_eq!(status(ask(0, vec![Hash::EMPTY], log.sign(3, root3))), 422);
    assert_eq!(status(ask(0, vec![], log.sign(3, root3))), 200);
    assert_eq!(status(ask(0, vec![], log.sign(5, root5))), 409);
    assert_eq!(status(ask(3, vec![], log.sign(5, root5))), 422, "no proof");
    assert_eq!(status(ask(3, vec![Hash::EMPTY; 3], log.sign(5, root5))), 422, "a wrong proof");
    assert_eq!(b.state("hand").head.expect("a head").head.size, 3, "nothing refused was stored");
    let lines = ask(3, proof35, log.sign(5, root5)).expect("cosigned");
    let note = Note::parse(&log.sign(5, root5)).expect("a note");
    Cosignature::from_answer(&lines, b.as_peer().witness_key(), note.text()).expect("a cosignature");
    assert_eq!(status(ask(5, vec![], log.sign(5, root5))), 200, "the same again, for a fresh time");
    assert!(b.store.evidence().expect("readable").is_empty());
    assert_eq!(status(ask(5, vec![], log.sign(5, root3))), 422, "another root");
    assert_eq!(b.store.evidence().expect("readable").len(), 1, "which convicts it");
}

#[test]
fn an_empty_log_is_cosigned_only_with_the_root_of_the_empty_tree() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    let empty = AddCheckpoint { old: 0, proof: vec![], checkpoint: log.sign(0, Hash::EMPTY) };
    assert!(b.federation.add_checkpoint(&empty.to_bytes()).is_ok());
    assert!(b.federation.add_checkpoint(&empty.to_bytes()).is_ok());
}

#[test]
fn the_time_that_is_signed_never_runs_back() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    let body = AddCheckpoint { old: 0, proof: vec![], checkpoint: log.sign(0, Hash::EMPTY) }.to_bytes();
    let note = Note::parse(&log.sign(0, Hash::EMPTY)).expect("a note");
    let time = || {
        let lines = b.federation.add_checkpoint(&body).map_err(|refusal| refusal.status())?;
        Ok::<_, u16>(Cosignature::from_answer(&lines, b.as_peer().witness_key(), note.text()).expect("verified").time())
    };
    let first = time().expect("cosigned");
    world.pass(-120);
    assert_eq!(time(), Ok(first));
    world.pass(-600);
    assert_eq!(time(), Err(503));
}

#[tokio::test]
async fn what_a_server_cosigned_survives_its_restart() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    a.log(&notice("ann", 1));
    drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("announced");
    let b = b.restart(crate::ledger::Pins::default());
    let again = AddCheckpoint { old: 0, proof: vec![], checkpoint: a.ledger.published().checkpoint.clone() };
    let refusal = b.federation.add_checkpoint(&again.to_bytes()).expect_err("known");
    assert_eq!(refusal.answer().0, "1\n");
}

#[test]
fn the_table_of_peers_takes_no_contradiction() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let (store, own) = (b.store.as_ref(), b.ledger.identity().clone());
    let like = |peer: &Peer, url: &str, source| {
        let url = url::Url::parse(url).expect("a URL");
        let (log, witness) = (peer.log_key().clone(), peer.witness_key().clone());
        Peer::new(url, log, witness, *peer.operator_key(), false, source).expect("a peer")
    };
    let known = peer_of("hand");
    enrol(store, &own, &known).expect("new");
    let revision = store.peers_revision().expect("readable");
    enrol(store, &own, &known).expect("the same again");
    let moved = like(&known, "https://elsewhere.example/", PeerSource::Configuration);
    let refused = enrol_configured(store, &own, &[moved]).expect_err("another URL");
    assert!(matches!(refused, EnrolError::Contradiction { what: Contradiction::Url, .. }), "{refused}");
    let itself = enrol(store, &own, &b.as_peer()).expect_err("itself");
    assert!(matches!(itself, EnrolError::Itself { .. }));
    assert_eq!(store.peers_revision().expect("readable"), revision, "nothing changed");
    // What the configuration named, the configuration may move and take away.
    let other = peer_of("other");
    for url in ["https://other.example/", "https://other.example/moved/"] {
        enrol_configured(store, &own, &[like(&other, url, PeerSource::Configuration)]).expect("taken");
        assert_eq!(store.peers().expect("readable")[1].url().as_str(), url);
    }
    enrol_configured(store, &own, &[]).expect("taken");
    assert_eq!(store.peers().expect("readable"), [known]);
    assert!(store.peers_revision().expect("readable") > revision);
}

//! The table of peers, which the configuration and the operator's commands write alike.

use crate::federation::testing::{Server, World, peer_of};
use crate::federation::{EnrolError, enrol, enrol_configured};
use crate::ledger::peers::{Contradiction, Peer, PeerSource, PeerStore};

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

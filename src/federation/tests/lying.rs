//! Peers that break rules: noticed, remembered, and harmless.

use crate::federation::testing::{HandmadeLog, Server, World, drive, notice, peer_of};
use crate::federation::{Announced, Fault, Misbehaviour, Pulled, WitnessRefusal};
use crate::ledger::peers::{EvidenceStore, Pause, PeerStore};
use crate::tlog::{AddCheckpoint, Evidence, Hash};

const HAND: &str = "hand.example/log";

fn scene() -> (World, Server, HandmadeLog) {
    let world = World::new();
    let b = Server::start(&world, "b");
    let log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    (world, b, log)
}

async fn fault_of(b: &Server) -> Fault {
    drive(&[b], b.federation.pull_once(HAND)).await.expect_err("a fault")
}

#[tokio::test]
async fn leaf_hashes_that_do_not_hash_to_the_signed_root_are_not_kept() {
    let (_, b, mut log) = scene();
    log.append([notice("ann", 1), notice("ann", 2)]);
    log.put("/log/tile/0/000.p/2", Hash::join_tile(&[Hash::leaf(b"x"), Hash::leaf(b"y")]));
    let fault = fault_of(&b).await;
    assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::TilesContradictRoot { size: 2 })), "{fault}");
    assert_eq!((b.state("hand").verified, b.size()), (0, 0));
}

#[tokio::test]
async fn tiles_of_a_wrong_length_and_missing_ones_are_told_apart_and_a_full_one_stands_in_for_a_partial_one() {
    let (world, b, mut log) = scene();
    log.append((0..3).map(|n| notice("ann", n)));
    let tile = log.take("/log/tile/0/000.p/3");
    let fault = fault_of(&b).await;
    assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::TileMissing { .. })), "{fault}");
    world.pass(3_600);
    log.put("/log/tile/0/000.p/3", tile[..40].to_vec());
    let fault = fault_of(&b).await;
    assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::TileLength { found: 40, .. })), "{fault}");
    // The log grew until the tile was full, and dropped the partial one; the checkpoint we hold is the older one.
    world.pass(3_600);
    let checkpoint = log.take("/log/checkpoint");
    log.append((3..256).map(|n| notice("ann", n)));
    log.take("/log/tile/0/000.p/3");
    log.put("/log/checkpoint", checkpoint);
    drive(&[&b], b.federation.pull_once(HAND)).await.expect("pulled");
    assert_eq!((b.state("hand").verified, b.size()), (3, 3));
}

#[tokio::test]
async fn an_entry_that_does_not_hash_to_its_leaf_is_not_taken() {
    let (_, b, mut log) = scene();
    log.append([notice("ann", 1)]);
    let other = crate::tlog::bundle::encode([notice("ann", 2)]).expect("a bundle");
    log.put("/log/tile/entries/000.p/1", other);
    drive(&[&b], b.federation.pull_once(HAND)).await.expect("pulled");
    assert_eq!((b.size(), b.state("hand").wanted), (0, 1));
}

#[tokio::test]
async fn a_log_without_bundles_is_read_entry_by_entry_at_once() {
    let (_, b, mut log) = scene();
    log.append((0..3).map(|n| notice("ann", n)));
    log.take("/log/tile/entries/000.p/3");
    log.take(&format!("/log/entry/{}", Hash::leaf(&notice("ann", 1))));
    drive(&[&b], b.federation.pull_once(HAND)).await.expect("pulled");
    assert_eq!((b.size(), b.state("hand").wanted), (2, 1), "only what is withheld is wanted");
}

#[tokio::test]
async fn two_roots_for_one_size_are_kept_whole_and_end_the_reading() {
    let (world, b, mut log) = scene();
    log.append([notice("ann", 1)]);
    drive(&[&b], b.federation.pull_once(HAND)).await.expect("pulled");
    let second = log.sign(1, Hash::leaf(b"another history"));
    log.put("/log/checkpoint", second.clone());
    let fault = fault_of(&b).await;
    assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::TwoRoots { size: 1, .. })), "{fault}");
    let kept = b.store.evidence().expect("readable");
    let [(_, Evidence::TwoRoots { origin, first, second: kept_second })] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!((origin.as_str(), kept_second), (HAND, &second));
    assert_eq!(kept[0].1.verify(&log.key()).expect("evidence").size, 1);
    for note in [first, kept_second] {
        crate::tlog::SignedCheckpoint::parse_and_verify(note, &log.key()).expect("whoever has the key can check it");
    }
    world.pass(86_400);
    let pulled = drive(&[&b], b.federation.pull_once(HAND)).await.expect("left alone");
    assert!(matches!(pulled, Pulled::Read { pause: Some(Pause::Evidence), .. }));
    assert_eq!(b.size(), 1, "what was verified stays");
}

#[tokio::test]
async fn a_log_that_shrinks_is_only_stale_and_one_that_changes_its_past_is_caught() {
    let (world, b, mut log) = scene();
    log.append([notice("ann", 1)]);
    let smaller = log.take("/log/checkpoint");
    log.append([notice("ann", 2)]);
    drive(&[&b], b.federation.pull_once(HAND)).await.expect("pulled");
    log.put("/log/checkpoint", smaller);
    drive(&[&b], b.federation.pull_once(HAND)).await.expect("a smaller one proves nothing");
    assert_eq!(b.state("hand").head.expect("a head").head.size, 2);
    // The same key begins another history at the same place.
    let mut forked = HandmadeLog::start(&world, "hand");
    forked.append([notice("bob", 1), notice("bob", 2), notice("bob", 3)]);
    let fault = fault_of(&b).await;
    assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::LeafContradiction { size: 2, .. })), "{fault}");
    assert_eq!((b.state("hand").verified, b.size()), (2, 2));
    let [(found, evidence)] = <[_; 1]>::try_from(b.store.evidence().expect("readable")).expect("one piece");
    assert_eq!(evidence.verify(&log.key()).expect("whoever has the key can check it").size, 2);
    assert_eq!(b.state("hand").convicted, Some(found));
}

#[tokio::test]
async fn a_rewritten_entry_in_a_log_of_hundreds_is_proved_with_a_few_tiles() {
    let (world, b, mut log) = scene();
    let notices: Vec<_> = (0..300).map(|n| notice("ann", n)).collect();
    log.append(notices.clone());
    drive(&[&b], b.federation.pull_once(HAND)).await.expect("pulled");
    let mut rewritten = HandmadeLog::start(&world, "hand");
    rewritten.append(notices.into_iter().take(270).chain([notice("bob", 1)]).chain((271..600).map(|n| notice("ann", n))));
    world.network.take_seen();
    let fault = fault_of(&b).await;
    assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::LeafContradiction { size: 300, .. })), "{fault}");
    let asked = world.network.take_seen().len();
    assert!(asked <= 8, "{asked} requests");
    let kept = b.store.evidence().expect("readable");
    let Evidence::LeafContradiction { proof, .. } = &kept[0].1 else { panic!("another kind") };
    assert!(proof.len() <= 20, "{} hashes", proof.len());
    assert_eq!(b.size(), 300, "what was accepted before stays");
}

#[tokio::test]
async fn rewritten_leaves_that_the_signed_root_does_not_bear_out_convict_nobody() {
    let (_, b, mut log) = scene();
    log.append([notice("ann", 1), notice("ann", 2)]);
    drive(&[&b], b.federation.pull_once(HAND)).await.expect("pulled");
    log.append([notice("ann", 3)]);
    log.put("/log/tile/0/000.p/3", Hash::join_tile(&[Hash::leaf(b"x"), Hash::leaf(b"y"), Hash::leaf(b"z")]));
    let fault = fault_of(&b).await;
    assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::LeafRewritten { index: 0 })), "{fault}");
    assert_eq!((b.store.evidence().expect("readable"), b.state("hand").is_isolated()), (vec![], false));
    // It may as well have been a cache on the way: what is right is taken when it comes.
    assert!(b.state("hand").pull.not_before.is_some(), "and asked for after a while");
}

#[tokio::test]
async fn a_log_that_signed_two_roots_is_isolated_although_it_is_removed_and_added_again() {
    let (world, b, mut log) = scene();
    log.append([notice("ann", 1)]);
    drive(&[&b], b.federation.pull_once(HAND)).await.expect("pulled");
    log.put("/log/checkpoint", log.sign(1, Hash::leaf(b"another history")));
    fault_of(&b).await;
    b.store.remove_peer(HAND).expect("removed");
    b.add_peer(&peer_of("hand"));
    b.log(&notice("bob", 1));
    world.pass(86_400);
    world.network.take_seen();
    let announced = drive(&[&b], b.federation.announce_once(HAND)).await.expect("left alone");
    assert_eq!(announced, Announced::Isolated);
    drive(&[&b], b.federation.pull_once(HAND)).await.expect("left alone");
    drive(&[&b], b.federation.fetch_documents_once(HAND)).await.expect("left alone");
    assert_eq!(world.network.take_seen(), [], "nothing is asked of it");
    let asked = AddCheckpoint { old: 0, proof: vec![], checkpoint: log.sign(1, Hash::leaf(&notice("ann", 1))) };
    let refusal = b.federation.add_checkpoint(&asked.to_bytes()).expect_err("refused");
    assert_eq!((refusal.status(), matches!(refusal, WitnessRefusal::Isolated)), (422, true));
    assert_eq!(b.size(), 2, "what came of it stays");
}

#[tokio::test]
async fn a_checkpoint_of_another_key_or_another_log_is_refused() {
    let (world, b, log) = scene();
    let other = HandmadeLog::start(&world, "other");
    log.put("/log/checkpoint", other.sign(0, Hash::EMPTY));
    let fault = fault_of(&b).await;
    assert!(matches!(fault, Fault::Misbehaved(Misbehaviour::CheckpointNotItsOwn(_))), "{fault}");
    log.unplug();
    world.pass(3_600);
    assert_eq!(fault_of(&b).await.code(), "connect");
}

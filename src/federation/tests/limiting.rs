//! What a hostile peer costs: what the limits say, and nothing more (protocol, section 8, "Limits per peer").

use std::collections::BTreeMap;

use crate::envelope::{PayloadType, RecordDraft};
use crate::federation::testing::{HandmadeLog, Server, World, drive, notice_of, peer_of, secret};
use crate::federation::{PeerLimits, Pulled};
use crate::ledger::Provenance;
use crate::ledger::peers::Pause;
use crate::notice::{Did, Timestamp};
use crate::tlog::Hash;

const HAND: &str = "hand.example/log";

/// A server with a peer whose log is made by hand.
fn scene(limits: PeerLimits) -> (World, Server, HandmadeLog) {
    let world = World::new();
    let b = Server::start_with(&world, "b", |options| options.limits = limits);
    let log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    (world, b, log)
}

fn fakes(count: u32) -> impl Iterator<Item = Hash> {
    (0..count).map(|n| Hash::leaf(&n.to_be_bytes()))
}

async fn pull(b: &Server) -> Option<Pause> {
    match drive(&[b], b.federation.pull_once(HAND)).await.expect("pulled") {
        Pulled::Read { pause, .. } => pause,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_million_leaves_that_nobody_has_cost_one_part_of_them_and_ten_thousand_wanted_entries() {
    let (world, b, log) = scene(PeerLimits::default());
    log.claim(fakes(1_000_000));
    world.network.take_seen();
    assert_eq!(pull(&b).await, Some(Pause::Wanted));
    let state = b.state("hand");
    assert_eq!(state.head.expect("a head").head.size, 1_000_000);
    assert_eq!((state.verified, state.pulled, state.wanted, state.pause), (65_536, 10_000, 10_000, Some(Pause::Wanted)));
    // The checkpoint, 256 tiles of leaf hashes, a few that prove them, 39 bundles and one entry of each, and 16 entries of the next
    // one by themselves.
    let asked = world.network.take_seen().len();
    assert!(asked <= 1 + 256 + 12 + 2 * 39 + 17, "{asked} requests");
    assert_eq!((b.size(), b.state("hand").pending_bytes), (0, 0));
    // It says so, and nothing more of the log is read as long as that lasts.
    world.pass(3_600);
    assert_eq!(pull(&b).await, Some(Pause::Wanted));
    let state = b.state("hand");
    assert_eq!((state.verified, state.pulled, state.wanted), (65_536, 10_000, 10_000));
}

#[tokio::test]
async fn a_tree_of_any_size_that_its_tiles_do_not_bear_out_costs_one_part_of_it() {
    let (world, b, log) = scene(PeerLimits::default());
    log.claim(fakes(70_000));
    // The same tiles under a signed tree that is a hundred million times as large.
    log.put("/log/checkpoint", log.sign(7_000_000_000_000, Hash::leaf(b"whatever")));
    world.network.take_seen();
    let fault = drive(&[&b], b.federation.pull_once(HAND)).await.expect_err("nothing bears it out");
    assert!(["tiles-contradict-root", "tile-missing"].contains(&fault.code()), "{fault}");
    let asked = world.network.take_seen().len();
    assert!(asked <= 256 + 50, "{asked} requests");
    assert_eq!((b.state("hand").verified, b.state("hand").pulled), (0, 0), "and nothing of it is kept");
}

#[tokio::test]
async fn what_nobody_gives_is_asked_for_five_times_and_then_once_a_day() {
    const LEAVES: u32 = 300;
    let (world, b, log) = scene(PeerLimits { wanted: 1_000, ..PeerLimits::default() });
    log.claim(fakes(LEAVES));
    let mut tries: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..3 * 24 * 6 {
        pull(&b).await;
        for (_, url) in world.network.take_seen() {
            if let Some(leaf) = url.path().strip_prefix("/log/entry/") {
                *tries.entry(leaf.to_owned()).or_default() += 1;
            }
        }
        world.pass(600);
    }
    assert_eq!(tries.len(), LEAVES as usize);
    // The first try asks for bundles.
    assert!(tries.values().all(|tries| (4..=8).contains(tries)), "{:?}", tries.values().max());
}

#[tokio::test]
async fn bytes_that_wait_have_their_limit_and_beyond_it_only_hashes_are_kept() {
    let limits = PeerLimits { pending_bytes: 10_000, ..PeerLimits::default() };
    let (world, b, mut log) = scene(limits);
    let (key, did) = (secret("the lab"), Did::parse("did:web:lab.example.org").expect("a DID"));
    log.append((0..40).map(|n| notice_of(&key, &did, n).0));
    pull(&b).await;
    let state = b.state("hand");
    assert_eq!((state.pending, b.size()), (40, 0));
    assert!((5_000..=10_000).contains(&state.pending_bytes), "{} bytes", state.pending_bytes);
    // What was not kept is fetched again when it may come in.
    let issued = Timestamp::parse("2026-11-23T09:00:00Z").expect("a time");
    let record = RecordDraft::first(did, "Example Vision Lab", key.public(), issued).complete().expect("a record");
    let record = key.sign_envelope(PayloadType::Publisher, &record.payload).expect("an envelope").to_json();
    b.log_as(record.as_bytes(), Provenance::Pin);
    drive(&[&b], b.federation.heed_records()).await.expect("heeded");
    world.pass(60);
    pull(&b).await;
    let state = b.state("hand");
    assert_eq!((state.pending, state.pending_bytes, b.size()), (0, 0, 41));
}

#[tokio::test]
async fn a_log_is_read_in_parts_and_to_its_end() {
    let (world, b, log) = scene(PeerLimits { part: 1_024, ..PeerLimits::default() });
    log.claim(fakes(3_000));
    world.network.take_seen();
    assert_eq!(pull(&b).await, None);
    let state = b.state("hand");
    assert_eq!((state.verified, state.pulled, state.wanted), (3_000, 3_000, 3_000));
    let seen = world.network.take_seen();
    let tiles = seen.iter().filter(|(_, url)| url.path().starts_with("/log/tile/0/")).count();
    assert!(tiles <= 12 + 2, "tiles of leaf hashes are read once, but for the edge that the parts are proved by: {tiles}");
    // A tree that begins with the first parts and not with the last one.
    let other = HandmadeLog::start(&world, "hand");
    other.claim(fakes(2_999).chain([Hash::EMPTY]).chain(fakes(2_000)));
    world.pass(3_600);
    let fault = drive(&[&b], b.federation.pull_once(HAND)).await.expect_err("rewritten");
    assert_eq!(fault.code(), "leaf-contradiction");
    assert!(b.state("hand").is_isolated());
}

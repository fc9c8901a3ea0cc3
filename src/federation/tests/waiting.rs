//! Entries that are refused, for good or until something changes.

use std::pin::pin;

use chrono::TimeDelta;

use crate::envelope::{PayloadType, PinFile, RecordDraft, SecretKey};
use crate::federation::testing::{
    HandmadeLog, Server, World, befriend, drive, notice, notice_about, notice_of, now, peer_of, secret,
};
use crate::federation::{PeerLimits, Pulled, Tally};
use crate::ledger::peers::{InventoryStore, LeafOutcome, Pause};
use crate::ledger::{Pins, Provenance, RefusalClass, Step};
use crate::notice::{Did, Timestamp};
use crate::tlog::Hash;

fn read(pulled: Pulled) -> Tally {
    match pulled {
        Pulled::Read { tally, .. } => tally,
        other => panic!("{other:?}"),
    }
}

/// The record 0 of a publisher with a domain, as an entry.
fn record(key: &SecretKey, did: &Did) -> Vec<u8> {
    let issued = Timestamp::parse("2026-11-23T09:00:00Z").expect("a time");
    let record = RecordDraft::first(did.clone(), "Example Vision Lab", key.public(), issued).complete().expect("a record");
    let envelope = key.sign_envelope(PayloadType::Publisher, &record.payload).expect("an envelope");
    envelope.to_json().into_bytes()
}

fn lab() -> (SecretKey, Did) {
    (secret("the lab"), Did::parse("did:web:lab.example.org").expect("a DID"))
}

fn pins(record: &[u8]) -> Pins {
    let file = format!(r#"{{"record":{},"prefixes":[]}}"#, std::str::from_utf8(record).expect("text"));
    Pins::from_files([&PinFile::parse(file.as_bytes()).expect("a pin file")])
}

/// Two servers, of which the first has the record of a lab, a notice of it and one of Ann, and the second nothing yet.
fn a_lab_that_only_one_knows(world: &World) -> (Server, Server, Vec<u8>) {
    let [a, b] = ["a", "b"].map(|name| Server::start(world, name));
    befriend(&a, &b);
    let (key, did) = lab();
    let record = record(&key, &did);
    a.log_as(&record, Provenance::Pin);
    a.log(&notice_of(&key, &did, 1).0);
    a.log(&notice("ann", 2));
    (a, b, record)
}

#[tokio::test]
async fn a_bad_entry_in_the_middle_stops_nothing_and_is_never_fetched_again() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    let forged = String::from_utf8(notice("ann", 2)).expect("text").replace("\"sig\":\"", "\"sig\":\"AAAA").into_bytes();
    log.append([notice("ann", 1), b"nonsense".to_vec(), forged, notice("ann", 3)]);
    let tally = read(drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled"));
    assert_eq!(tally, Tally { logged: 2, refused: 2, ..Tally::default() });
    let state = b.state("hand");
    assert_eq!((state.pulled, state.refused, state.pending, state.wanted), (4, 2, 0, 0));
    world.network.take_seen();
    world.pass(86_400);
    drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled");
    // Another peer that offers the same is not asked for it either.
    let mut other = HandmadeLog::start(&world, "other");
    b.add_peer(&peer_of("other"));
    other.append([b"nonsense".to_vec()]);
    drive(&[&b], b.federation.pull_once("other.example/log")).await.expect("pulled");
    let asked: Vec<_> = world.network.take_seen().into_iter().map(|(_, url)| url.path().to_owned()).collect();
    assert_eq!(asked, ["/log/checkpoint", "/log/checkpoint", "/log/tile/0/000.p/1"]);
}

#[tokio::test]
async fn a_whole_page_of_bad_entries_moves_the_cursor_on() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    log.append((0..1_000).map(|n| format!("nonsense {n}").into_bytes()));
    log.append([notice("ann", 1)]);
    let tally = read(drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled"));
    assert_eq!((tally.refused, tally.logged, b.state("hand").pulled), (1_000, 1, 1_001));
}

#[tokio::test]
async fn a_notice_waits_for_the_record_of_its_issuer_and_is_accepted_when_that_comes() {
    let world = World::new();
    let (a, b, record) = a_lab_that_only_one_knows(&world);
    let servers = [&a, &b];
    let tally = read(drive(&servers, b.federation.pull_once(&a.origin())).await.expect("pulled"));
    assert_eq!(tally, Tally { logged: 1, pending: 2, ..Tally::default() });
    assert_eq!((b.state("a").pending, b.state("a").pulled), (2, 3));
    // Not asked for again while it waits.
    world.network.take_seen();
    world.pass(3_600);
    drive(&servers, b.federation.pull_once(&a.origin())).await.expect("pulled");
    assert_eq!(world.network.take_seen().len(), 1);
    // The operator brings the record by another way; what waited for it needs no network any more.
    b.log_as(&record, Provenance::Pin);
    world.network.set_weather(&a.url(), crate::federation::Weather::Down);
    assert_eq!(drive(&servers, b.federation.heed_records()).await.expect("heeded").logged, 1);
    assert_eq!(a.entries(), b.entries());
    drive(&servers, b.federation.retry_pending_once()).await.expect("tried");
    world.pass(2 * 86_400);
    drive(&servers, b.federation.retry_pending_once()).await.expect("tried");
    assert_eq!(b.state("a").pending, 0);
}

#[tokio::test]
async fn a_record_that_comes_while_an_entry_is_judged_is_heeded_once_the_entry_waits() {
    let world = World::new();
    let (a, b, record) = a_lab_that_only_one_knows(&world);
    let origin = a.origin();
    let mut pull = pin!(b.federation.pull_once(&origin));
    // The lab's entries are judged when Ann's is handed to the sequencer, and kept as waiting when the pull goes on.
    while b.step() == Step::Idle {
        tokio::select! {
            biased;
            pulled = &mut pull => panic!("nobody logged anything: {pulled:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
    b.log_as(&record, Provenance::Pin);
    assert_eq!(b.federation.heed_records().await.expect("heeded"), Tally::default(), "nothing waits yet");
    let tally = read(drive(&[&a, &b], pull).await.expect("pulled"));
    assert_eq!(tally.pending, 2);
    let heeded = drive(&[&a, &b], b.federation.heed_records()).await.expect("heeded");
    assert_eq!(heeded.logged, 1, "the notice; the record came by another way");
    assert_eq!(a.entries(), b.entries());
}

#[tokio::test]
async fn a_pin_that_comes_with_a_restart_lets_in_what_waited() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    let (key, did) = lab();
    let record = record(&key, &did);
    a.log_as(&record, Provenance::Pin);
    a.log(&notice_of(&key, &did, 1).0);
    drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled");
    assert_eq!((b.size(), b.state("a").pending), (0, 2));
    let b = b.restart(pins(&record));
    assert_eq!(b.federation.rearm_after_restart().await.expect("rearmed"), 2);
    let tally = drive(&[&a, &b], b.federation.retry_pending_once()).await.expect("tried");
    assert_eq!((tally.logged, tally.records, b.state("a").pending), (2, 1, 0));
}

#[tokio::test]
async fn an_entry_of_a_type_that_nobody_knows_yet_waits_whole_and_stops_nothing() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    let later = String::from_utf8(notice("ann", 2)).expect("text").replace("notice.v1", "notice.v9").into_bytes();
    log.append([notice("ann", 1), later.clone(), notice("ann", 3)]);
    let tally = read(drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled"));
    assert_eq!(tally, Tally { logged: 2, pending: 1, ..Tally::default() });
    let waits = || b.store.pending_due(now(&world) + TimeDelta::days(30), 10).expect("readable");
    assert_eq!(waits().into_iter().map(|due| due.entry).collect::<Vec<_>>(), [Some(later)]);
    // This version does not know the type either.
    assert_eq!(b.federation.rearm_after_restart().await.expect("rearmed"), 1);
    let tally = drive(&[&b], b.federation.retry_pending_once()).await.expect("tried");
    assert_eq!((tally, waits().len()), (Tally { pending: 1, ..Tally::default() }, 1));
}

#[tokio::test]
async fn what_an_older_version_could_not_read_is_read_after_the_upgrade_without_asking_anybody() {
    let world = World::new();
    let b = Server::start(&world, "b");
    b.add_peer(&peer_of("hand"));
    // To the older version, notices were of a type to come; it left this one behind.
    let entry = notice("ann", 1);
    let left = LeafOutcome::Refused {
        class: RefusalClass::Pending,
        rule: "unknown-payload-type",
        tries: 3,
        not_before: now(&world) + TimeDelta::days(1),
        entry: Some(entry.clone()),
    };
    b.store.settle("hand.example/log", 1, &[(Hash::leaf(&entry), left)], 1, 0).expect("kept");
    let b = b.restart(Pins::default());
    assert_eq!(b.federation.rearm_after_restart().await.expect("rearmed"), 1);
    world.network.take_seen();
    let tally = drive(&[&b], b.federation.retry_pending_once()).await.expect("tried");
    assert_eq!((tally.logged, b.entries(), b.state("hand").pending), (1, vec![Hash::leaf(&entry)], 0));
    assert!(world.network.take_seen().is_empty(), "its bytes were here");
}

#[tokio::test]
async fn a_notice_that_waits_for_a_scheme_is_taken_up_by_the_version_that_knows_it() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    let unknown = notice_about("ann", 1, "isbn:9780000000000");
    log.append([unknown.clone()]);
    let tally = read(drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled"));
    assert_eq!(tally, Tally { pending: 1, ..Tally::default() });
    let due = b.store.pending_due(now(&world) + TimeDelta::days(30), 10).expect("readable");
    assert_eq!(due.into_iter().map(|due| due.entry).collect::<Vec<_>>(), [Some(unknown)]);
    // What the version before this one left behind, which knew nothing of OpenML.
    let entry = notice_about("ann", 2, "openml:40945");
    let left = LeafOutcome::Refused {
        class: RefusalClass::Pending,
        rule: "invalid-notice",
        tries: 5,
        not_before: now(&world) + TimeDelta::days(1),
        entry: Some(entry.clone()),
    };
    b.store.settle("hand.example/log", 2, &[(Hash::leaf(&entry), left)], 1, 0).expect("kept");
    let b = b.restart(Pins::default());
    assert_eq!(b.federation.rearm_after_restart().await.expect("rearmed"), 2);
    world.network.take_seen();
    let tally = drive(&[&b], b.federation.retry_pending_once()).await.expect("tried");
    assert_eq!((tally.logged, b.entries()), (1, vec![Hash::leaf(&entry)]));
    assert_eq!(b.state("hand").pending, 1, "nobody knows isbn yet");
    assert!(world.network.take_seen().is_empty(), "their bytes were here");
}

#[tokio::test]
async fn records_go_in_before_the_notices_of_the_same_batch() {
    let world = World::new();
    let (key, did) = lab();
    let record = record(&key, &did);
    let b = Server::start(&world, "b").restart(pins(&record));
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    log.append([notice_of(&key, &did, 1).0, record]);
    let tally = read(drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled"));
    assert_eq!(tally, Tally { logged: 2, records: 1, ..Tally::default() });
}

#[tokio::test]
async fn a_second_signature_of_the_same_key_is_seen_once_and_not_logged() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    b.log(&notice("ann", 1));
    log.append([super::twin::twin_of(&notice("ann", 1), "ann")]);
    let tally = read(drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled"));
    assert_eq!((tally, b.size()), (Tally { known: 1, ..Tally::default() }, 1));
    let mut other = HandmadeLog::start(&world, "other");
    b.add_peer(&peer_of("other"));
    other.append([super::twin::twin_of(&notice("ann", 1), "ann")]);
    world.network.take_seen();
    drive(&[&b], b.federation.pull_once("other.example/log")).await.expect("pulled");
    assert_eq!(world.network.take_seen().len(), 2, "checkpoint and tile, but no entry");
    // Both in one batch: one is logged, the other is its twin.
    a.add_peer(&peer_of("hand"));
    log.append([notice("ann", 1)]);
    let tally = read(drive(&[&a], a.federation.pull_once("hand.example/log")).await.expect("pulled"));
    assert_eq!((tally, a.size()), (Tally { logged: 1, known: 1, ..Tally::default() }, 1));
}

#[tokio::test]
async fn an_entry_that_cannot_be_had_is_tried_five_times_and_then_once_a_day_and_taken_from_whoever_has_it() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    let entries: Vec<_> = (0..4).map(|n| notice("ann", n)).collect();
    log.append(entries.clone());
    let path = format!("/log/entry/{}", Hash::leaf(&entries[2]));
    log.take(&path);
    let mut slots: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    slots[2] = b"";
    log.put("/log/tile/entries/000.p/4", crate::tlog::bundle::encode(slots).expect("a bundle"));
    let tally = read(drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled"));
    assert_eq!((tally.logged, tally.wanted), (3, 1));
    world.network.take_seen();
    for _ in 0..48 {
        world.pass(3_600);
        drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled");
    }
    let tries = world.network.take_seen().into_iter().filter(|(_, url)| url.path() == path).count();
    assert!((5..=7).contains(&tries), "{tries}");
    a.log(&entries[2]);
    assert_eq!(read(drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled")).logged, 1);
    assert_eq!((b.state("hand").wanted, b.size()), (0, 4));
}

#[tokio::test]
async fn an_entry_that_waits_is_not_put_off_by_a_clock_that_is_set_back() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    let entry = notice("ann", 1);
    log.append([entry.clone()]);
    let bundle = log.take("/log/tile/entries/000.p/1");
    let single = format!("/log/entry/{}", Hash::leaf(&entry));
    log.take(&single);
    let mut noticed = None;
    b.federation.notice_clock(&mut noticed).await.expect("looked");
    assert_eq!(read(drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled")).wanted, 1);
    log.put("/log/tile/entries/000.p/1", bundle);
    log.put(&single, entry);
    world.pass(-3_600);
    b.federation.notice_clock(&mut noticed).await.expect("looked");
    world.pass(150);
    let tally = read(drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled"));
    assert_eq!((tally.logged, b.size()), (1, 1), "within three minutes, as if nothing had been done to the clock");
}

#[tokio::test]
async fn a_peer_that_brings_too_much_or_holds_too_much_back_is_paused_and_says_so() {
    let world = World::new();
    let limits = PeerLimits { leaves_a_day: 200, wanted: 10, ..PeerLimits::default() };
    let b = Server::start_with(&world, "b", |options| options.limits = limits);
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    log.append((0..300).map(|n| notice("ann", n)));
    let pulled = drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled");
    assert!(matches!(pulled, Pulled::Read { pause: Some(Pause::Day), .. }));
    assert_eq!((b.size(), b.state("hand").pause), (200, Some(Pause::Day)), "to the leaf");
    world.pass(86_400);
    drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled");
    assert_eq!((b.size(), b.state("hand").pause), (300, None));

    let mut stingy = HandmadeLog::start(&world, "stingy");
    b.add_peer(&peer_of("stingy"));
    stingy.append((1_000..1_260).map(|n| notice("ann", n)));
    let bundle = stingy.take("/log/tile/entries/000");
    for n in 1_000..1_260 {
        stingy.take(&format!("/log/entry/{}", Hash::leaf(&notice("ann", n))));
    }
    let pulled = drive(&[&b], b.federation.pull_once("stingy.example/log")).await.expect("pulled");
    assert!(matches!(pulled, Pulled::Read { pause: Some(Pause::Wanted), .. }));
    assert_eq!((b.state("stingy").wanted, b.state("stingy").pulled), (10, 10), "to the leaf");
    // It gives them after all: the pause ends by itself.
    stingy.put("/log/tile/entries/000", bundle);
    for n in 1_000..1_260 {
        stingy.put(&format!("/log/entry/{}", Hash::leaf(&notice("ann", n))), notice("ann", n));
    }
    for (size, pause) in [(510, Some(Pause::Day)), (560, None)] {
        world.pass(86_400);
        drive(&[&b], b.federation.pull_once("stingy.example/log")).await.expect("pulled");
        assert_eq!((b.size(), b.state("stingy").pause, b.state("stingy").wanted), (size, pause, 0));
    }
}

#[tokio::test]
async fn a_notice_ahead_of_a_slow_clock_comes_in_the_moment_it_may_and_a_pin_at_once() {
    let world = World::new();
    let b = Server::start(&world, "b");
    let mut log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    // Issued at ten; it is half past six here.
    log.append([notice("ann", 1)]);
    world.pass(-(5 * 3_600 + 1_800));
    let tally = read(drive(&[&b], b.federation.pull_once("hand.example/log")).await.expect("pulled"));
    assert_eq!((tally.pending, b.size()), (1, 0));
    world.pass(3 * 3_600 + 14 * 60);
    assert_eq!(drive(&[&b], b.federation.retry_pending_once()).await.expect("tried").logged, 0, "sixteen minutes ahead");
    world.pass(60);
    assert_eq!(drive(&[&b], b.federation.retry_pending_once()).await.expect("tried").logged, 1, "a quarter of an hour ahead");
    // A record of nine o'clock in a pin file, on a server where it is ten years earlier.
    let (key, did) = lab();
    world.pass(-10 * 365 * 24 * 3_600);
    b.log_as(&record(&key, &did), Provenance::Pin);
    assert_eq!(b.size(), 2);
}

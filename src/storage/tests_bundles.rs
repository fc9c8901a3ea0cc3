//! Full bundles in a file of their own: what strangers get is what the entries are, whatever became of the file.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::sample::*;
use super::sqlite::SqliteWriter;
use crate::ledger::log::Resource;
use crate::ledger::ports::BundleAtHand;
use crate::ledger::{Reserve, Room, Space, Volume};
use crate::tlog::{Hash, bundle};

/// What is done to the bytes of the file.
type Damage = Box<dyn Fn(&mut Vec<u8>)>;

/// Enough for two full bundles and one entry more.
const ENTRIES: u64 = 513;

/// A log of so many entries, stopped, with all of its full bundles kept.
fn kept(size: u64) -> Place {
    let place = Place::new();
    fill(&mut place.open(), 0..size);
    await_kept(&place.open(), size / 256);
    place
}

fn fill(server: &mut Server, numbers: std::ops::Range<u64>) {
    let all: Vec<u64> = numbers.collect();
    for batch in all.chunks(256) {
        server.put_all(many(&Person::new(1), batch[0]..batch[batch.len() - 1] + 1));
    }
}

/// The indexer keeps them by itself, in its own time.
fn await_kept(server: &Server, bundles: u64) {
    let begun = Instant::now();
    while server.store.bundles().count() < bundles {
        assert!(begun.elapsed() < Duration::from_mins(1), "{} bundles are kept", server.store.bundles().count());
        std::thread::yield_now();
    }
    assert_eq!(server.store.bundles().count(), bundles);
}

fn file(place: &Place) -> PathBuf {
    place.path().join("bundles")
}

fn path(index: u64) -> String {
    format!("tile/entries/{index:03}")
}

/// The bundle as it is read by a thread that may wait.
fn waited_for(server: &Server, index: u64) -> Vec<u8> {
    match server.ledger.resource(&path(index)) {
        Ok(Resource::Tile(bytes)) => bytes.to_vec(),
        other => panic!("bundle {index}: {other:?}"),
    }
}

/// Its bytes in pieces of 1,000, as far as they can be read without waiting.
fn in_pieces(bundle: &dyn BundleAtHand) -> Vec<u8> {
    let (mut all, mut piece) = (Vec::new(), [0; 1_000]);
    while let Some(read) = bundle.read(all.len() as u64, &mut piece) {
        all.extend_from_slice(&piece[..read]);
    }
    all
}

/// The bundles as they must be, from the entries.
fn built(server: &Server) -> Vec<Vec<u8>> {
    let entries = server.ledger.changes(0, 1_000).expect("readable");
    entries.chunks_exact(256).map(|full| bundle::encode(full.iter().map(|entry| &entry.bytes)).expect("small")).collect()
}

/// Asks for every bundle, twice, in both ways: each time its bytes are those of the entries.
fn assert_served_right(server: &Server, what: &str) {
    for (index, right) in (0..).zip(built(server)) {
        for time in 0..2 {
            if let Some(at_hand) = server.ledger.bundle_at_hand(&path(index)) {
                let read = in_pieces(at_hand.as_ref());
                assert_eq!(at_hand.length(), right.len() as u64, "{what}: bundle {index}");
                assert!(right.starts_with(&read), "{what}: bundle {index} in pieces, time {time}");
            }
            assert!(waited_for(server, index) == right, "{what}: bundle {index}, time {time}");
        }
    }
}

/// Changes the bytes of the file.
fn change(place: &Place, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(file(place)).expect("readable");
    change(&mut bytes);
    std::fs::write(file(place), bytes).expect("writable");
}

#[test]
fn every_bundle_is_what_its_entries_are_and_only_full_ones_are_kept() {
    for (size, full) in [(255, 0), (256, 1), (257, 1), (513, 2)] {
        let place = kept(size);
        assert_eq!(file(&place).exists(), full > 0, "{size}");
        let server = place.open();
        assert_eq!(server.store.bundles().count(), full, "{size}");
        assert_served_right(&server, &size.to_string());
        let path = format!("tile/entries/{full:03}.p/{}", size % 256);
        assert!(server.ledger.bundle_at_hand(&path).is_none(), "a partial one");
        assert!(
            server.ledger.bundle_at_hand(&self::path(full)).is_none() && server.ledger.resource(&self::path(full)).is_err()
        );
        assert_eq!(place.faults(), [""; 0], "{size}");
    }
}

#[test]
fn a_bundle_is_at_hand_once_it_was_compared_and_not_before() {
    let place = kept(ENTRIES);
    let server = place.open();
    assert!(server.ledger.bundle_at_hand(&path(0)).is_none(), "nobody looked at it since the start");
    let right = waited_for(&server, 0);
    let at_hand = server.ledger.bundle_at_hand(&path(0)).expect("compared");
    let read = in_pieces(at_hand.as_ref());
    assert!(right.starts_with(&read));
    // Elsewhere everything is read by threads that may wait.
    if cfg!(target_os = "linux") && !read.is_empty() {
        assert_eq!(read.len(), right.len(), "it was read a moment ago");
    }
    assert!(server.ledger.bundle_at_hand(&path(1)).is_none());
    assert!(at_hand.read(at_hand.length(), &mut [0; 8]).is_none() && at_hand.read(u64::MAX, &mut [0; 8]).is_none());
}

/// What a power cut, a bad disk or a mistake may do to the file. None of it is served, and a start and what is asked mend it.
#[test]
fn whatever_became_of_the_file_nothing_wrong_is_served_and_it_mends_itself() {
    let whole = kept(ENTRIES);
    let right = std::fs::read(file(&whole)).expect("readable");
    let table = 16;
    let first = table + 4_096;
    let cases: Vec<(&str, Damage)> = vec![
        ("empty", Box::new(Vec::clear)),
        ("its beginning is not written", Box::new(|bytes| bytes[..16].fill(0))),
        ("its table is not written", Box::new(move |bytes| bytes[table..first].fill(0))),
        ("one length is not written", Box::new(move |bytes| bytes[table..table + 4].fill(0))),
        ("one length is beyond everything", Box::new(move |bytes| bytes[table + 4..table + 8].fill(0xff))),
        ("one length is too large", Box::new(move |bytes| bytes[table + 3] ^= 1)),
        ("one length is too small", Box::new(move |bytes| bytes[table + 2] ^= 0x80)),
        ("a page of a bundle is not written", Box::new(move |bytes| bytes[first + 4_096..first + 8_192].fill(0))),
        ("one bit of the first bundle", Box::new(move |bytes| bytes[first + 100] ^= 4)),
        ("one bit of the last byte", Box::new(|bytes| *bytes.last_mut().expect("not empty") ^= 1)),
        ("cut inside the last bundle", Box::new(|bytes| bytes.truncate(bytes.len() - 1))),
        ("cut inside the first bundle", Box::new(move |bytes| bytes.truncate(first + 1))),
        ("cut inside the table", Box::new(move |bytes| bytes.truncate(table + 2))),
        ("something follows", Box::new(|bytes| bytes.extend([7; 9_000]))),
        ("nothing but noise", Box::new(|bytes| bytes.fill(0xa5))),
    ];
    for (what, damage) in cases {
        change(&whole, |bytes| {
            bytes.clone_from(&right);
            damage(bytes);
        });
        let server = whole.open();
        assert_served_right(&server, what);
        drop(server);
        // A start derives what is missing, and what was forgotten because nothing was in its place.
        let server = whole.open();
        await_kept(&server, 2);
        assert_served_right(&server, what);
        drop(server);
        assert_eq!(whole.faults(), [""; 0], "{what}");
        let now = std::fs::read(file(&whole)).expect("readable");
        assert!(now.starts_with(&right), "{what}: the file is a function of the log");
    }
}

/// A database that is older than the file beside it, say.
#[test]
fn what_a_longer_log_left_behind_is_taken_away_with_the_next_bundle() {
    let place = kept(ENTRIES);
    change(&place, |bytes| {
        for slot in [2, 3] {
            bytes[16 + 4 * slot + 3] = 9;
        }
        bytes.extend(vec![7; 2_000_000]);
    });
    let mut server = place.open();
    assert_eq!(server.store.bundles().count(), 2, "the log has no more");
    fill(&mut server, ENTRIES..768);
    await_kept(&server, 3);
    assert_served_right(&server, "with one more");
    drop(server);
    let lengths: usize = built(&place.open()).iter().map(Vec::len).sum();
    let now = std::fs::read(file(&place)).expect("readable");
    assert_eq!(now.len(), 16 + 4_096 + lengths);
    assert_eq!(now[16 + 12..16 + 4_096], [0; 4_084]);
}

#[test]
fn a_file_that_is_missing_or_of_another_log_is_made_anew() {
    let (place, other) = (kept(ENTRIES), Place::new());
    let right = std::fs::read(file(&place)).expect("readable");
    let mut stranger = other.open();
    for numbers in [1_000..1_256, 1_256..1_512] {
        stranger.put_all(many(&Person::new(7), numbers));
    }
    await_kept(&stranger, 2);
    drop(stranger);
    for foreign in [true, false] {
        std::fs::remove_file(file(&place)).expect("removed");
        if foreign {
            std::fs::copy(file(&other), file(&place)).expect("copied");
            assert!(place.faults().iter().any(|fault| fault.contains("bundle 0")), "{:?}", place.faults());
        }
        assert_served_right(&place.open(), "after the file was changed");
        let server = place.open();
        await_kept(&server, 2);
        assert_served_right(&server, "after a start");
        drop(server);
        assert_eq!(std::fs::read(file(&place)).expect("readable"), right);
        assert_eq!(place.faults(), [""; 0]);
    }
}

#[test]
fn what_lies_in_the_place_of_the_open_file_changes_nothing_until_the_next_start() {
    let place = kept(ENTRIES);
    let mut server = place.open();
    assert_served_right(&server, "before");
    std::fs::remove_file(file(&place)).expect("removed");
    std::fs::write(file(&place), vec![7; 100_000]).expect("written");
    assert_served_right(&server, "while another lies there");
    fill(&mut server, ENTRIES..768);
    assert_served_right(&server, "with one more");
    drop(server);
    let server = place.open();
    await_kept(&server, 3);
    assert_served_right(&server, "after a start");
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn a_file_that_is_cut_or_overwritten_while_it_is_open_is_noticed_by_whoever_waits() {
    let place = kept(ENTRIES);
    let server = place.open();
    assert_served_right(&server, "before");
    let at_hand = server.ledger.bundle_at_hand(&path(1)).expect("compared");
    let length = std::fs::metadata(file(&place)).expect("there").len();
    let open = std::fs::OpenOptions::new().write(true).open(file(&place)).expect("opens");
    open.set_len(length - 1_000).expect("cut");
    assert!(in_pieces(at_hand.as_ref()).len() as u64 <= at_hand.length() - 1_000, "the rest is asked for in the other way");
    let right = built(&server);
    assert!(waited_for(&server, 1) == right[1]);
    assert!(waited_for(&server, 1) == right[1]);
    drop(server);
    assert_eq!(std::fs::metadata(file(&place)).expect("there").len(), length, "it was written again");
    assert_eq!(place.faults(), [""; 0]);
}

/// Damaged entries are not served as long as the file has them whole; where neither is what was signed, nothing is.
#[test]
fn nothing_is_served_that_does_not_hash_to_the_tile() {
    let place = kept(256);
    let right = waited_for(&place.open(), 0);
    place.sql("UPDATE entries SET bytes = CAST(bytes || 'x' AS BLOB) WHERE idx = 7");
    assert!(waited_for(&place.open(), 0) == right, "the file has it");
    change(&place, |bytes| bytes[5_000] ^= 1);
    let server = place.open();
    let refused = server.ledger.resource(&path(0)).expect_err("neither has it").to_string();
    assert!(refused.contains("bundle 0 do not hash to their tile"), "{refused}");
    assert!(server.ledger.bundle_at_hand(&path(0)).is_none());
}

#[test]
fn fsck_finds_any_flipped_byte_of_a_bundle_and_a_rebuild_takes_it_away() {
    let place = kept(ENTRIES);
    let length = std::fs::read(file(&place)).expect("readable").len();
    for at in [0, 4_112, 100_000, length - 1] {
        change(&place, |bytes| bytes[at] ^= 0x10);
        let faults = place.faults();
        assert!(!faults.is_empty() && faults.iter().all(|fault| fault.contains("bundle")), "byte {at}: {faults:?}");
        let mut steps = Vec::new();
        place.folder().rebuild_bundles(&mut |done, all| steps.push((done, all))).expect("derived");
        assert_eq!(steps.last(), Some(&(512, 512)));
        assert_eq!(place.faults(), [""; 0], "byte {at}");
    }
    place.sql("UPDATE entries SET bytes = CAST(bytes || 'x' AS BLOB) WHERE idx = 7");
    let refused = place.folder().rebuild_bundles(&mut |_, _| {}).expect_err("the entries are damaged");
    assert!(refused.to_string().contains("bundle 0 do not hash"), "{refused}");
}

#[test]
fn bundles_are_kept_only_while_there_is_room() {
    struct Scarce;
    impl Volume for Scarce {
        fn space(&self) -> std::io::Result<Space> {
            Ok(Space { free: 199 << 20, total: 1 << 30, read_only: false })
        }
        fn try_writing(&self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for (reserve, is_kept) in [(100 << 20, false), (99 << 20, true)] {
        let place = kept(256);
        std::fs::remove_file(file(&place)).expect("removed");
        let store = place.folder().open_store().expect("opens");
        // It does what there is to do before it ends.
        drop(SqliteWriter::within(store, Room::new(Arc::new(Scarce), Reserve::Bytes(reserve))));
        assert_eq!(file(&place).exists(), is_kept, "{reserve}");
    }
}

/// One bit anywhere, many times: the test of promise D5 for this file alone, where each try costs little.
#[test]
fn no_flipped_bit_of_the_file_is_ever_served() {
    let place = kept(256);
    let right = std::fs::read(file(&place)).expect("readable");
    let leaves: Vec<Hash> = place.open().leaves();
    // Every byte of the beginning and of the first slots, then some of the rest.
    for at in (0..40).chain((4_000..right.len()).step_by(9_973)) {
        change(&place, |bytes| {
            bytes.clone_from(&right);
            bytes[at] ^= 1 << (at % 8);
        });
        let server = place.open();
        for _ in 0..2 {
            assert!(bundle::is_of(&waited_for(&server, 0), &leaves), "byte {at}");
            let at_hand = server.ledger.bundle_at_hand(&path(0)).map(|bundle| in_pieces(bundle.as_ref()));
            assert!(at_hand.is_none_or(|read| read.is_empty() || bundle::is_of(&read, &leaves)), "byte {at}");
        }
    }
}

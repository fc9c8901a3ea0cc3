//! Opening a log after crashes, beside another writer, and beside a head record that knows better.

use super::sample::*;
use super::sqlite::SqliteWriter;
use super::{DataFolder, DataFolderError};
use crate::ledger::ports::{HeadRecord, LedgerWrite, LogRead};
use crate::ledger::stored::{Batch, Head};
use crate::ledger::{AppendError, OpenError, Provenance, Refusal, Step, Submitted};
use crate::tlog::Hash;

/// A server with `n` notices that was stopped in an orderly way.
fn place_with(n: u64) -> Place {
    let place = Place::new();
    place.open().put_all(many(&Person::new(1), 0..n));
    place
}

/// Everything that lies in the folder.
fn copy(place: &Place) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let files = std::fs::read_dir(place.path()).expect("a folder").map(|file| file.expect("a file").path());
    files.filter(|path| path.is_file()).map(|path| (path.clone(), std::fs::read(path).expect("readable"))).collect()
}

/// Puts the database of a copy back, without the head record unless `with_record`.
fn put_back(copy: &[(std::path::PathBuf, Vec<u8>)], with_record: bool) {
    for name in ["palinode.db", "palinode.db-wal", "palinode.db-shm"] {
        let path = copy[0].0.with_file_name(name);
        if path.exists() {
            std::fs::remove_file(path).expect("removed");
        }
    }
    for (path, bytes) in copy {
        let is_record = path.file_name().is_some_and(|name| name == "head");
        if with_record || !is_record {
            std::fs::write(path, bytes).expect("written");
        }
    }
}

#[test]
fn a_new_log_signs_the_empty_tree() {
    let place = Place::new();
    let server = place.open();
    let published = server.ledger.published();
    assert_eq!(published.head, Head::EMPTY);
    assert_eq!(published.cosignatures.len(), 1);
    assert_eq!(place.recorded(), published.served(), "our own cosignature is recorded too");
}

#[test]
fn an_orderly_end_is_followed_by_the_same_head() {
    let place = place_with(3);
    let before = place.open().ledger.published();
    let after = place.open().ledger.published();
    assert_eq!((after.head, &after.checkpoint, &after.cosignatures), (before.head, &before.checkpoint, &before.cosignatures));
    assert_eq!(after.head.size, 3);
}

#[test]
fn a_crash_after_the_append_is_finished_by_the_next_start() {
    let place = Place::new();
    crash_after_append(&place);
    assert!(place.faults().is_empty(), "a pending batch is no fault");
    let mut server = place.open();
    assert_eq!(server.size(), 3);
    let again = server.put(many(&Person::new(2), 0..1).remove(0)).expect("it is there");
    assert_eq!((again.index, again.is_known()), (2, true));
    assert_proved(&server.receipt(again));
    assert_eq!(place.faults(), [""; 0]);
}

/// Two published notices and a third that was only appended.
fn crash_after_append(place: &Place) {
    let board = super::faulty::Switchboard::default();
    let store = place.folder().open_store().expect("opens");
    let opening = super::faulty::wrap(place.opening(&store, open_policy()), &board);
    let (ledger, sequencer) = crate::ledger::Ledger::open(opening).expect("opens");
    let mut server = place.server(ledger, sequencer, store);
    server.put_all(many(&Person::new(1), 0..2));
    board.fail_all(super::faulty::Call::WriteRecord, super::faulty::Failure::Before);
    server.put(many(&Person::new(2), 0..1).remove(0)).expect_err("the record cannot be written");
    assert_eq!(server.size(), 2);
}

#[test]
fn a_crash_between_record_and_publication_is_finished_with_the_same_bytes() {
    let place = place_with(3);
    let signed = place.recorded();
    assert_eq!(place.sql("UPDATE heads SET checkpoint = NULL, signed_at = NULL WHERE size = 3"), 1);
    assert!(place.faults().is_empty(), "a pending head is no fault");
    let server = place.open();
    assert_eq!(server.ledger.published().served(), signed, "one signature a size");
    assert_eq!(server.size(), 3);
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn a_record_of_an_earlier_version_has_no_cosignature_and_is_published_too() {
    let place = place_with(3);
    let signed = place.recorded_checkpoint();
    assert_ne!(signed, place.recorded());
    place.record().write(&signed).expect("written");
    place.sql("UPDATE heads SET checkpoint = NULL, signed_at = NULL WHERE size = 3");
    let server = place.open();
    assert_eq!((&server.ledger.published().checkpoint, server.size()), (&signed, 3));
    assert_eq!(place.recorded(), server.ledger.published().served());
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn an_old_database_beside_the_newer_record_halts() {
    let place = place_with(3);
    let old = copy(&place);
    place.open().put_all(many(&Person::new(2), 0..2));
    put_back(&old, false);
    let Err(error) = place.try_open(open_policy()) else { panic!("it must not open") };
    assert!(matches!(error, OpenError::Behind { recorded: 5, stored: 3 }), "{error}");
    assert!(place.faults().iter().any(|fault| fault.contains("old copy")), "{:?}", place.faults());
}

#[test]
fn an_empty_database_beside_a_record_halts() {
    let place = place_with(3);
    let empty = copy(&Place::new().opened());
    let files: Vec<_> =
        empty.into_iter().map(|(path, bytes)| (place.path().join(path.file_name().expect("a name")), bytes)).collect();
    put_back(&files, false);
    let Err(error) = place.try_open(open_policy()) else { panic!("it must not open") };
    assert!(matches!(error, OpenError::Behind { recorded: 3, stored: 0 }), "{error}");
    std::fs::remove_file(place.path().join("palinode.db")).expect("removed");
    let Err(error) = place.try_open(open_policy()) else { panic!("it must not open") };
    assert!(matches!(error, OpenError::Behind { recorded: 3, stored: 0 }), "{error}");
    assert!(!place.faults().is_empty());
}

#[test]
fn a_running_server_whose_database_was_put_back_halts_for_good() {
    let place = place_with(3);
    let mut server = place.open();
    server.put_all(many(&Person::new(2), 0..2));
    // What a database of yesterday looks like to the next append.
    place.sql("DELETE FROM heads WHERE size > 3");
    place.sql("DELETE FROM entries WHERE idx >= 3");
    let mut third = many(&Person::new(3), 0..2).into_iter();
    let busy = server.put(third.next().expect("one")).expect_err("the head moved");
    assert_eq!(busy.rule(), "busy");
    let submission = third.next().expect("two");
    let Ok(Submitted::Queued(mut ticket)) = server.ledger.submit(submission.clone(), Provenance::Client) else { panic!() };
    assert_eq!(server.sequencer.step(), Step::Halted);
    assert!(matches!(ticket.try_recv(), Ok(Err(Refusal::Halted))));
    assert!(server.ledger.is_halted());
    assert!(matches!(server.ledger.submit(submission, Provenance::Client), Err(Refusal::Halted)));
    assert_eq!(server.sequencer.step(), Step::Halted);
}

#[test]
fn another_root_than_the_signed_one_halts() {
    let (place, other) = (place_with(3), Place::new());
    other.open().put_all(many(&Person::new(5), 0..3));
    other.record().write(&place.recorded()).expect("written");
    let Err(error) = other.try_open(open_policy()) else { panic!("it must not open") };
    assert!(matches!(error, OpenError::OtherRoot { size: 3 }), "{error}");
    assert!(!other.faults().is_empty());
}

#[test]
fn a_missing_record_halts_and_a_foreign_one_too() {
    let place = place_with(3);
    let signed = place.recorded();
    std::fs::write(place.path().join("head"), String::from_utf8(signed.clone()).expect("text").replace("ledger.", "other."))
        .expect("written");
    let Err(error) = place.try_open(open_policy()) else { panic!("it must not open") };
    assert!(matches!(error, OpenError::RecordForeign(_)), "{error}");
    assert!(!place.faults().is_empty());
    std::fs::remove_file(place.path().join("head")).expect("removed");
    let Err(error) = place.try_open(open_policy()) else { panic!("it must not open") };
    assert!(matches!(error, OpenError::RecordMissing { size: 3 }), "{error}");
    assert!(!place.faults().is_empty());
}

#[test]
fn a_record_that_lags_behind_is_brought_up_to_date() {
    let place = place_with(2);
    let lagging = place.recorded();
    place.open().put_all(many(&Person::new(2), 0..1));
    let newest = place.recorded();
    place.record().write(&lagging).expect("written");
    let server = place.open();
    assert_eq!(server.size(), 3);
    assert_eq!(place.recorded(), newest);
}

#[test]
fn a_flipped_bit_in_what_was_appended_is_never_signed() {
    for flip in [
        "UPDATE entries SET bytes = CAST(replace(bytes, 'sig', 'sih') AS BLOB) WHERE idx = 2",
        "UPDATE entries SET leaf = zeroblob(32) WHERE idx = 2",
        "UPDATE tiles SET hashes = CAST(substr(hashes, 1, 95) || x'00' AS BLOB) WHERE level = 0",
        "UPDATE heads SET root = zeroblob(32) WHERE size = 3",
    ] {
        let place = Place::new();
        crash_after_append(&place);
        assert_eq!(place.sql(flip), 1, "{flip}");
        let Err(error) = place.try_open(open_policy()) else { panic!("it must not open: {flip}") };
        assert!(matches!(error, OpenError::Store(crate::ledger::StoreError::Corrupt { .. })), "{flip}: {error}");
    }
}

#[test]
fn of_two_writers_on_one_database_one_loses_and_nothing_is_forked() {
    let place = place_with(1);
    let (mut first, mut second) = (place.open(), place.open());
    first.put_all(many(&Person::new(2), 0..2));
    let theirs = many(&Person::new(3), 0..2);
    let refusal = second.put(theirs[0].clone()).expect_err("the head moved");
    assert_eq!(refusal.rule(), "busy");
    assert_eq!(first.size(), 3);
    // Having read the log anew, it stands where the first one does.
    assert_eq!(second.put(theirs[0].clone()).expect("on top of the other's").index, 3);
    assert_eq!(first.put(theirs[1].clone()).expect_err("now the first one lost").rule(), "busy");
    assert_eq!(first.put(theirs[1].clone()).expect("and goes on").index, 4);
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn the_second_of_two_appends_onto_one_head_is_refused_by_the_store() {
    let place = place_with(1);
    let store = place.folder().open_store().expect("opens");
    let mut writer = SqliteWriter::new(store.clone());
    let newest = store.newest_head().expect("readable").expect("there");
    let moved = Head { size: newest.size, root: Hash::leaf(b"another root") };
    for expected in [Head::EMPTY, moved] {
        let batch = Batch { expected, entries: Vec::new(), tiles: Vec::new(), head: expected, documents: Vec::new() };
        assert!(matches!(writer.append(&batch), Err(AppendError::HeadMoved { found: 1 })));
    }
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn a_data_folder_is_locked_once_and_free_again_afterwards() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("palinode-data");
    assert!(matches!(DataFolder::beside(&path), Err(DataFolderError::Io { .. })), "there is nothing yet");
    let held = DataFolder::lock(&path).expect("nobody has it");
    assert!(matches!(DataFolder::lock(&path), Err(DataFolderError::InUse { .. })));
    drop(held);
    DataFolder::lock(&path).expect("free again");
}

#[test]
fn the_origin_of_a_database_is_fixed_for_good() {
    let place = Place::new();
    let store = place.folder().open_store().expect("opens");
    assert_eq!(store.origin().expect("readable"), None);
    store.fix_origin(ORIGIN).expect("the first one");
    store.fix_origin(ORIGIN).expect("the same one");
    let error = store.fix_origin("other.example/log").expect_err("another one");
    assert!(matches!(error, DataFolderError::OtherOrigin { .. }));
    assert_eq!(store.origin().expect("readable").as_deref(), Some(ORIGIN));
}

#[test]
fn what_is_no_database_is_called_damaged() {
    let place = place_with(1);
    std::fs::write(place.folder().database(), vec![0x55; 8192]).expect("written");
    let Err(error) = place.folder().open_store() else { panic!("it must not open") };
    assert!(matches!(error, crate::ledger::StoreError::Corrupt { .. }), "{error:?}");
}

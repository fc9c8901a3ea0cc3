//! Whatever is changed behind the ledger's back, `fsck` names it (promises D5 and D7).

use std::time::Duration;

use serde_json::json;

use super::sample::*;
use super::sqlite::DEADLINE;
use crate::ledger::ports::{IndexRead, LogRead};
use crate::ledger::{Provenance, fsck};

/// A log with a record, notices of two people, texts, a digest list and an edge between notices.
fn furnished() -> Place {
    let place = Place::new();
    let (lab, observer) = (Person::of_domain("example.org", 3), Person::new(1));
    let pin = lab.pin(&["doi:10.5555/"]);
    let admission = crate::ledger::Admission { pins: crate::ledger::Pins::from_files([&pin]), ..open_policy() };
    let mut server = place.open_with(admission);
    server.put_from(submission(&lab.record("Example Lab"), None), Provenance::Pin).expect("pinned");
    let (retracted, notice) = lab.says(&retraction("Faces", "doi:10.5555/faces"));
    server.put(notice).expect("accepted");
    let mut listed = report("Voices", "doi:10.5555/voices");
    listed["digest_lists"] =
        json!([{"algorithm": "sha256", "sha256": "11".repeat(32), "count": 2, "blocks": "22".repeat(32), "role": "affected"}]);
    listed["subjects"]
        .as_array_mut()
        .expect("subjects")
        .push(json!({"id": format!("sha256:{}", "33".repeat(32)), "role": "file"}));
    server.put(observer.says(&listed).1).expect("accepted");
    let response = json!({
        "type": "response",
        "issuer": {"role": "rights-holder"},
        "dataset": {"title": "Faces", "publisher_name": "Example Lab"},
        "subjects": [{"id": "doi:10.5555/faces", "role": "whole"}],
        "prior": [{"notice": retracted.to_string(), "relation": "disputes"}],
    });
    server.put(observer.says(&response).1).expect("accepted");
    server.put_all(many(&observer, 0..3));
    place
}

#[test]
fn a_sound_log_has_no_fault_and_everything_was_looked_at() {
    let place = furnished();
    let store = place.folder().open_store().expect("opens");
    let mut steps = Vec::new();
    let report = fsck::check(&stores(&store), &place.record(), &known(), &mut |done, all| steps.push((done, all)));
    let report = report.expect("readable");
    assert_eq!(report.faults, [""; 0]);
    assert_eq!((report.entries, report.notices, report.documents, report.pending), (7, 6, 1, 0));
    assert_eq!(report.checkpoints, 6, "the empty one and one a batch");
    assert!(report.tiles >= 1);
    assert_eq!(steps, [(7, 7)]);
}

#[test]
fn every_change_behind_the_ledgers_back_is_named() {
    for (change, words) in [
        (
            "UPDATE entries SET bytes = CAST(substr(bytes, 1, 30) || 'x' || substr(bytes, 32) AS BLOB) WHERE idx = 2",
            "entry 2 hashes to",
        ),
        ("UPDATE entries SET leaf = zeroblob(32) WHERE idx = 2", "entry 2 hashes to"),
        ("UPDATE entries SET payload_id = zeroblob(32) WHERE idx = 2", "entry 2"),
        ("UPDATE entries SET public_key = (SELECT public_key FROM entries WHERE idx = 1) WHERE idx = 2", "entry 2"),
        ("UPDATE entries SET issuer = 'did:web:other.example' WHERE idx = 0", "entry 0 is not of"),
        ("UPDATE entries SET issuer = 'nobody' WHERE idx = 0", "entry 0"),
        ("UPDATE entries SET payload_type = 'text/plain' WHERE idx = 2", "entry 2"),
        ("DELETE FROM entries WHERE idx = 2", "entry 2"),
        ("UPDATE entries SET first_seen = first_seen + 1 WHERE idx = 2", "entry 2 is said to be first seen at"),
        ("UPDATE entries SET first_seen = first_seen + 1 WHERE idx = 0", "entry 0 is said to be first seen at"),
        ("UPDATE entries SET provenance = 'peer:other.example' WHERE idx = 2", "entry 2 is said to be first seen at"),
        ("UPDATE entries SET seal = seal + 1 WHERE idx = 2", "entry 2 is said to be first seen at"),
        ("UPDATE tiles SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB)", "tile 0/0"),
        ("UPDATE tiles SET hashes = substr(hashes, 1, 100)", "tile 0/0"),
        ("DELETE FROM tiles", "tile 0/0"),
        ("UPDATE heads SET root = zeroblob(32) WHERE size = 2", "size 2"),
        ("UPDATE heads SET checkpoint = (SELECT checkpoint FROM heads WHERE size = 3) WHERE size = 2", "size 2"),
        ("UPDATE heads SET checkpoint = CAST('x' AS BLOB) WHERE size = 2", "size 2"),
        ("UPDATE cosignatures SET time = time + 1 WHERE size = 2", "cosignature of ledger.example.org/log/witness on size 2"),
        ("UPDATE cosignatures SET line = (SELECT line FROM cosignatures WHERE size = 3) WHERE size = 2", "on size 2"),
        ("UPDATE documents SET bytes = CAST('other' AS BLOB)", "does not hash to its name"),
    ] {
        let place = furnished();
        assert!(place.sql(change) > 0, "{change}");
        let faults = place.faults();
        assert!(faults.iter().any(|fault| fault.contains(words)), "{change}: {faults:?}");
    }
}

#[test]
fn every_change_of_the_index_is_named() {
    for (change, words) in [
        ("DELETE FROM facts WHERE idx = 1", "notice 1"),
        ("UPDATE facts SET role = 'nonsense' WHERE idx = 1", "notice 1"),
        ("INSERT INTO facts (key, role, idx) SELECT 5, role, idx FROM facts LIMIT 1", "look-up keys"),
        ("DELETE FROM digests", "notice 2"),
        ("INSERT INTO digests (algorithm, digest, idx) SELECT 'md5', digest, idx FROM digests LIMIT 1", "digests"),
        ("INSERT INTO digests (algorithm, digest, idx) SELECT algorithm, digest, 99 FROM digests LIMIT 1", "digests"),
        ("DELETE FROM priors", "notice 3"),
        ("DELETE FROM reasons WHERE idx = 2", "notice 2"),
        ("DELETE FROM digest_lists", "notice 2"),
        ("UPDATE document_names SET count = count + 1 WHERE idx = 2", "notice 2"),
        ("UPDATE notices SET kind = 'removal' WHERE idx = 1", "notice 1"),
        ("UPDATE notices SET issuer = 'did:web:other.example' WHERE idx = 1", "notice 1"),
        ("UPDATE notices SET issued = issued + 1 WHERE idx = 1", "notice 1"),
        ("DELETE FROM notices WHERE idx = 1", "notice 1"),
        ("UPDATE words SET names = 'something else' WHERE rowid = 1", "notice 1"),
        ("DELETE FROM words WHERE rowid = 1", "notice 1"),
        ("INSERT INTO facts (key, role, idx) SELECT key, role, 99 FROM facts LIMIT 1", "look-up keys"),
        ("INSERT INTO words (rowid, names, texts) VALUES (99, 'x', '')", "names"),
        ("DELETE FROM payloads WHERE idx = 1", "notice 1"),
        ("DELETE FROM leaves WHERE idx = 1", "notice 1"),
        ("UPDATE payloads SET public_key = zeroblob(32) WHERE idx = 0", "entry 0"),
        ("DELETE FROM leaves WHERE idx = 0", "entry 0"),
        ("DELETE FROM records WHERE idx = 0", "entry 0"),
        ("INSERT INTO records (issuer, idx) VALUES ('did:web:example.com', 3)", "publisher records"),
        ("INSERT INTO leaves (leaf, idx) VALUES (1, 2)", "leaf hashes"),
        ("UPDATE words SET texts = 'other words' WHERE rowid = 1", "texts of notice 1"),
        ("UPDATE words SET texts = '' WHERE rowid = 1", "texts of notice 1"),
        ("UPDATE issuers SET entries = entries + 1", "counts of issuers"),
        ("UPDATE issuer_hours SET entries = entries + 1", "counts of issuers"),
        ("DELETE FROM issuers", "counts of issuers"),
        ("DELETE FROM awaited", "awaited documents"),
        ("INSERT INTO awaited (hash) VALUES (zeroblob(32))", "awaited documents"),
    ] {
        let place = furnished();
        assert!(place.sql_in("index.db", change) > 0, "{change}");
        let faults = place.faults();
        assert!(faults.iter().any(|fault| fault.contains(words)), "{change}: {faults:?}");
    }
}

/// Promise D7, for everything that is derived.
#[test]
fn a_damaged_or_missing_index_is_derived_again_from_the_entries() {
    for damage in [
        "DELETE FROM facts",
        "DELETE FROM notices WHERE idx > 2",
        "DROP TABLE priors",
        "UPDATE words SET names = 'x', texts = 'y'",
        "UPDATE progress SET entries = 3",
        "UPDATE progress SET leaf = x'00'",
        "PRAGMA user_version = 0",
    ] {
        let place = furnished();
        let before = answers(&place);
        place.sql_in("index.db", damage);
        let mut steps = Vec::new();
        place.folder().rebuild_index(&mut |done, all| steps.push((done, all))).expect("derived");
        assert_eq!(steps.last(), Some(&(7, 7)), "{damage}");
        assert_eq!(place.faults(), [""; 0], "{damage}");
        assert_eq!(answers(&place), before, "{damage}");
    }
    let place = furnished();
    let before = answers(&place);
    std::fs::remove_file(place.path().join("index.db")).expect("removed");
    assert_eq!(answers(&place), before, "a missing index is derived when it is asked");
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(place.path().join(format!("index.db{ending}")));
    }
    std::fs::write(place.path().join("index.db"), vec![7; 8_192]).expect("written");
    let Err(error) = place.folder().open_store() else { panic!("it must not open") };
    assert!(error.to_string().contains("fsck --rebuild"), "{error}");
    place.folder().rebuild_index(&mut |_, _| {}).expect("derived");
    assert_eq!(answers(&place), before);
}

#[test]
fn pages_are_compared_for_longer_than_a_stranger_may_ask() {
    let place = Place::new();
    let mut server = place.open();
    for from in (0..1_000).step_by(250) {
        server.put_all(many(&Person::new(1), from..from + 250));
    }
    let store = &server.store;
    assert_eq!(store.row_counts(1_000).expect("carried over").entries, 1_000);
    DEADLINE.set(Some(Duration::ZERO));
    let interrupted = store.entries(0, 1_000);
    let compared = store.engine_faults();
    DEADLINE.set(None);
    assert!(interrupted.is_err(), "a stranger is interrupted at once");
    assert_eq!(compared.expect("it is not interrupted"), [""; 0]);
}

#[test]
fn a_head_record_of_which_nothing_is_whole_is_a_fault_and_the_rest_is_looked_at() {
    let place = furnished();
    let record = place.path().join("head");
    let length = std::fs::metadata(&record).expect("there is one").len();
    std::fs::write(&record, vec![7; usize::try_from(length).expect("small")]).expect("written");
    place.sql("UPDATE tiles SET hashes = substr(hashes, 1, 64)");
    let faults = place.faults();
    assert!(faults.iter().any(|fault| fault.contains("head record") && fault.contains("neither slot")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("tile")), "{faults:?}");
}

/// Promise D7, row by row: whichever one is lost, it is missed, and derived again.
#[test]
fn whichever_row_of_the_index_is_lost_fsck_misses_it_and_a_rebuild_brings_it_back() {
    let place = furnished();
    let before = answers(&place);
    let mut rows = 0;
    for table in tables_of(&place) {
        for row in 0.. {
            let columns = place.texts_in("index.db", &format!("SELECT name FROM pragma_table_info('{table}')")).join(", ");
            let lost = format!("DELETE FROM {table} WHERE ({columns}) = (SELECT {columns} FROM {table} LIMIT 1 OFFSET {row})");
            if place.sql_in("index.db", &lost) == 0 {
                break;
            }
            rows += 1;
            assert_ne!(place.faults(), [""; 0], "row {row} of {table} is not missed");
            place.folder().rebuild_index(&mut |_, _| {}).expect("derived");
        }
        assert_eq!(place.faults(), [""; 0], "{table}");
        assert_eq!(answers(&place), before, "{table}");
    }
    assert!(rows >= 50, "{rows}");
}

/// The tables of the index, without those that SQLite keeps for itself.
fn tables_of(place: &Place) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'words_%' ORDER BY name";
    place.texts_in("index.db", sql)
}

/// Whatever is wrong with the tiles is made right again, and nothing is when the entries are not what was signed.
#[test]
fn tiles_are_derived_again_only_from_entries_that_hash_to_the_newest_head() {
    for damage in [
        "DELETE FROM tiles",
        "UPDATE tiles SET hashes = substr(hashes, 1, 64)",
        "UPDATE tiles SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB)",
    ] {
        let place = furnished();
        place.sql(damage);
        assert_ne!(place.faults(), [""; 0], "{damage}");
        assert_eq!(place.folder().rebuild_tiles(&mut |_, _| {}).expect("derived"), 1, "{damage}");
        assert_eq!(place.faults(), [""; 0], "{damage}");
        assert_eq!(place.folder().rebuild_tiles(&mut |_, _| {}).expect("derived"), 0, "nothing is left to do");
        drop(place.open());
    }
    let place = furnished();
    place.sql("UPDATE entries SET bytes = CAST(bytes || 'x' AS BLOB) WHERE idx = 2");
    place.sql("UPDATE tiles SET hashes = substr(hashes, 1, 64)");
    let refused = place.folder().rebuild_tiles(&mut |_, _| {});
    assert!(refused.is_err_and(|error| error.to_string().contains("were not touched")));
    assert_eq!(place.texts_in("palinode.db", "SELECT CAST(length(hashes) AS TEXT) FROM tiles"), ["64"], "as it was found");
}

#[test]
fn an_index_of_another_log_is_not_believed() {
    let (place, other) = (furnished(), Place::new());
    let before = answers(&place);
    drop(other.open().put_all(many(&Person::new(7), 0..20)));
    for file in ["index.db", "index.db-wal", "index.db-shm"] {
        let _ = std::fs::remove_file(place.path().join(file));
        let _ = std::fs::copy(other.path().join(file), place.path().join(file));
    }
    assert_eq!(answers(&place), before);
    assert_eq!(place.faults(), [""; 0]);
}

/// What a server on this place answers to all kinds of questions.
fn answers(place: &Place) -> Vec<String> {
    let server = place.open();
    let ids = ["doi:10.5555/faces", "doi:10.5555/voices", "doi:10.5555/set-1", "doi:10.5555/nothing", "name:faces"];
    let checked = server.ledger.check(&ids.map(str::to_owned)).expect("answered");
    let verdicts = checked.answers.into_iter().map(|asked| format!("{:?}", asked.answer));
    let search = |words: &str| {
        let search = crate::ledger::notices::NoticeSearch { words: words.to_owned(), limit: 10, ..Default::default() };
        let page = server.ledger.search(&search).expect("searched");
        page.notices.iter().map(|view| view.id.to_string()).collect::<Vec<_>>().join(" ")
    };
    let found = [search("faces"), search("consent"), search("set")];
    let counted = [server.ledger.count_notices().expect("counted").to_string()];
    let missing = format!("{:?}", server.ledger.missing_documents(9).expect("listed"));
    verdicts.chain(found).chain(counted).chain([missing]).collect()
}

#[test]
fn what_was_appended_and_not_published_yet_is_looked_at_too() {
    let place = furnished();
    place.sql("UPDATE heads SET checkpoint = NULL, signed_at = NULL WHERE size = 7");
    let report = || {
        let store = place.folder().open_store().expect("opens");
        fsck::check(&stores(&store), &place.record(), &known(), &mut |_, _| {}).expect("readable")
    };
    let sound = report();
    assert_eq!((sound.faults, sound.entries, sound.pending), (Vec::new(), 4, 3));
    place.sql("UPDATE heads SET root = zeroblob(32) WHERE size = 7");
    assert!(report().faults.iter().any(|fault| fault.contains("waits to be published")), "{:?}", report().faults);
    place.sql("UPDATE entries SET bytes = CAST(bytes || 'x' AS BLOB) WHERE idx = 5");
    assert!(report().faults.iter().any(|fault| fault.contains("entry 5 hashes to")), "{:?}", report().faults);
}

#[test]
fn one_damaged_entry_is_told_once_and_the_rest_is_checked_all_the_same() {
    let place = furnished();
    place.sql("DELETE FROM entries WHERE idx = 2");
    place.sql_in("index.db", "DELETE FROM facts WHERE idx = 5");
    let faults = place.faults();
    assert_eq!(faults.iter().filter(|fault| fault.contains("root") || fault.contains("tile")).count(), 0, "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("entry 2")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("notice 5")), "{faults:?}");
}

#[test]
fn the_checkpoint_of_another_log_is_named() {
    let place = furnished();
    let store = place.folder().open_store().expect("opens");
    let stranger = crate::tlog::VerifierKey::log_key(identity().origin, Person::new(9).key.public());
    let stranger = fsck::Known { log: stranger, ..known() };
    let report = fsck::check(&stores(&store), &place.record(), &stranger, &mut |_, _| {}).expect("readable");
    assert_eq!(report.faults.len(), 1 + 6, "the record and every checkpoint: {:?}", report.faults);
}

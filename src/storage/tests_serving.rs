//! Group commit, proofs, and what the public log serves: never more than was published.

use super::faulty::{Call, Failure, Switchboard, wrap};
use super::sample::*;
use crate::ledger::check::{EvidenceError, MAX_EVIDENCE};
use crate::ledger::log::{Resource, ResourceError};
use crate::ledger::notices::{Cursor, NoticeSearch};
use crate::ledger::{Cosigned, Ledger, MAX_COSIGNATURES, Provenance, Submitted};
use crate::tlog::{self, Hash, SignedCheckpoint, bundle};

fn tile(server: &Server, path: &str) -> Vec<u8> {
    match server.ledger.resource(path) {
        Ok(Resource::Tile(bytes)) => bytes.to_vec(),
        other => panic!("{path}: {other:?}"),
    }
}

fn assert_absent(server: &Server, path: &str) {
    let found = server.ledger.resource(path);
    assert!(matches!(found, Err(ResourceError::Path(_) | ResourceError::NotPublished)), "{path}: {found:?}");
}

#[test]
fn many_that_wait_get_one_checkpoint_and_each_a_proof() {
    for size in [255_u64, 256, 257] {
        let mut server = Place::new().open();
        let places = server.put_all(many(&Person::new(1), 0..size.min(256)));
        assert_eq!(server.size(), size.min(256), "one batch");
        if size > 256 {
            server.put_all(many(&Person::new(1), 256..size));
        }
        assert!(places.iter().zip(0..).all(|(place, index)| place.index == index && !place.is_known()));
        let published = server.ledger.published();
        let leaves = server.leaves();
        for (index, leaf) in (0..size).zip(&leaves) {
            let proof = server.ledger.inclusion_proof(index, size).expect("a proof");
            tlog::verify_inclusion(leaf, index, size, &proof, &published.head.root).expect("it holds");
        }
        for old in [0, 1, 128, 254, 255, size] {
            let proof = server.ledger.consistency_proof(old, size).expect("a proof");
            let old_root = naive_root(&leaves[..usize::try_from(old).expect("small")]);
            tlog::verify_consistency(old, &old_root, size, &published.head.root, &proof).expect("it holds");
        }
        let last = server.put(many(&Person::new(1), size - 1..size).remove(0)).expect("known");
        assert_proved(&server.receipt(last));
    }
}

fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Hash::node(&naive_root(left), &naive_root(right))
        }
    }
}

#[test]
fn more_than_a_batch_takes_several_steps_and_nobody_is_forgotten() {
    let server = Place::new().open();
    let Server { ledger, mut sequencer, .. } = server;
    let submit = |s| ledger.submit(s, crate::ledger::Provenance::Client);
    let tickets: Vec<_> = many(&Person::new(1), 0..300).into_iter().map(submit).collect();
    let growth = ledger.watch_growth();
    assert_eq!(sequencer.step(), crate::ledger::Step::Worked(256));
    assert_eq!(*growth.borrow(), 256);
    assert_eq!(sequencer.step(), crate::ledger::Step::Worked(44));
    assert_eq!(sequencer.step(), crate::ledger::Step::Idle);
    for ticket in tickets {
        let Ok(crate::ledger::Submitted::Queued(mut ticket)) = ticket else { panic!("new") };
        ticket.try_recv().expect("answered").expect("accepted");
    }
    assert_eq!((*growth.borrow(), ledger.count_notices().expect("readable")), (300, 300));
}

#[test]
fn the_log_serves_every_tile_at_its_width_and_no_other() {
    let mut server = Place::new().open();
    server.put_all(many(&Person::new(1), 0..256));
    server.put_all(many(&Person::new(1), 256..300));
    let leaves = server.leaves();
    assert_eq!(tile(&server, "tile/0/000"), Hash::join_tile(&leaves[..256]));
    assert_eq!(tile(&server, "tile/0/001.p/44"), Hash::join_tile(&leaves[256..]));
    assert_eq!(tile(&server, "tile/0/000.p/17"), Hash::join_tile(&leaves[..17]), "an earlier checkpoint implied it");
    assert_eq!(tile(&server, "tile/0/001.p/43"), Hash::join_tile(&leaves[256..299]));
    assert_eq!(tile(&server, "tile/1/000.p/1"), Hash::join_tile(&[naive_root(&leaves[..256])]));
    let entries = bundle::parse(&tile(&server, "tile/entries/001.p/44"), 44).expect("a bundle");
    assert_eq!(entries.len(), 44);
    let path = format!("entry/{}", leaves[299]);
    let Ok(Resource::Entry(entry)) = server.ledger.resource(&path) else { panic!("{path}") };
    assert_eq!(Hash::leaf(&entry), leaves[299]);
    for path in [
        "tile/0/001",
        "tile/0/001.p/45",
        "tile/0/001.p/0",
        "tile/0/001.p/044",
        "tile/0/001.p/256",
        "tile/0/1",
        "tile/0/0001",
        "tile/0/x000/000",
        "tile/0/002",
        "tile/0/002.p/1",
        "tile/1/000",
        "tile/1/000.p/2",
        "tile/2/000.p/1",
        "tile/00/000",
        "tile/64/000",
        "tile/entries/001",
        "tile/entries/001.p/45",
        "tile/entries/002.p/1",
        "tile/0/000/",
        "tile//000",
        "tile/0/000.p/",
        "tile/0/000?x",
        "/tile/0/000",
        "checkpoint/",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "entry/",
        "entry/00",
        "",
        "tile",
        "entry",
        "tile/data/000",
    ] {
        assert_absent(&server, path);
    }
    assert_absent(&server, &format!("entry/{}", leaves[299].to_string().to_uppercase()));
    assert_absent(&server, &format!("entry/{}", Hash::leaf(b"never logged")));
}

#[test]
fn nothing_beyond_the_published_size_is_shown_anywhere() {
    let place = Place::new();
    let board = Switchboard::default();
    let store = place.folder().open_store().expect("opens");
    let (ledger, sequencer) = Ledger::open(wrap(place.opening(&store, open_policy()), &board)).expect("opens");
    let mut server = place.server(ledger, sequencer, store);
    server.put_all(many(&Person::new(1), 0..2));
    board.fail_all(Call::Publish, Failure::Before);
    let stranger = Person::new(2);
    let (id, hidden) = stranger.says(&explained("Hidden", "doi:10.5555/hidden", "Nobody was asked whether this was fine."));
    let document = crate::notice::DocumentHash::of(
        stranger
            .complete(&explained("Hidden", "doi:10.5555/hidden", "Nobody was asked whether this was fine."))
            .texts
            .as_deref()
            .expect("texts"),
    );
    let leaf = match server.ledger.examine(hidden.clone(), crate::ledger::Provenance::Client).expect("new") {
        crate::ledger::Examined::New(admitted) => admitted.leaf(),
        crate::ledger::Examined::Known(_) | crate::ledger::Examined::Unverified(_) => panic!("new"),
    };
    server.put(hidden).expect_err("it cannot be published");
    assert_eq!(server.ledger.known_leaves(&[leaf]).expect("readable"), [true], "it was appended");
    let ledger = &server.ledger;
    assert_absent(&server, "tile/0/000.p/3");
    assert_absent(&server, "tile/entries/000.p/3");
    assert_absent(&server, &format!("entry/{leaf}"));
    assert_eq!(ledger.changes(0, 10).expect("readable").len(), 2);
    assert!(ledger.changes(2, 10).expect("readable").is_empty());
    assert!(ledger.notice(&id).expect("readable").is_none());
    assert!(ledger.notice_entry(&id).expect("readable").is_none());
    assert!(ledger.notice_proof(&id).expect("readable").is_none());
    assert_eq!(ledger.count_notices().expect("readable"), 2);
    assert_eq!(search(&server, "hidden", None, 10).0, [""; 0]);
    assert!(ledger.publisher(&stranger.did).expect("readable").is_none());
    assert_eq!(ledger.publishers(None, 10).expect("readable").len(), 1);
    assert_eq!(ledger.document(&document).expect("readable"), crate::ledger::documents::Document::Unknown);
    assert!(ledger.missing_documents(10).expect("readable").is_empty());
    let answers = ledger.check(&["doi:10.5555/hidden".to_owned()]).expect("answers");
    assert!(answers.answers[0].answer.as_ref().expect("an id").matches.is_empty());
    let resource = ledger.resource("checkpoint").expect("there");
    let Resource::Checkpoint(bytes) = resource else { panic!("{resource:?}") };
    assert_eq!(SignedCheckpoint::parse_and_verify(&bytes, &identity().log).expect("signed").checkpoint().size(), 2);
}

/// Titles on one page, and where the next begins.
fn search(server: &Server, words: &str, cursor: Option<Cursor>, limit: usize) -> (Vec<String>, Option<Cursor>) {
    let page = server.ledger.search(&NoticeSearch { words: words.to_owned(), cursor, limit, ..NoticeSearch::default() });
    let page = page.expect("a page");
    (page.notices.into_iter().map(|view| view.notice.dataset.title).collect(), page.next)
}

#[test]
fn pages_of_a_search_are_stable_while_the_log_grows() {
    let mut server = Place::new().open();
    let person = Person::new(1);
    server.put_all(many(&person, 0..23));
    for words in ["", "set"] {
        let (mut titles, mut cursor) = search(&server, words, None, 5);
        let mut next = server.size();
        while let Some(at) = cursor {
            server.put_all(many(&person, next..next + 3));
            next += 3;
            let text = at.to_text();
            let (more, following) = search(&server, words, Cursor::parse(&text), 5);
            titles.extend(more);
            cursor = following;
        }
        let newest_first: Vec<_> = (0..titles.len()).rev().map(|n| format!("Set {n}")).collect();
        assert_eq!(titles, newest_first);
    }
    assert!(Cursor::parse("").is_none() && Cursor::parse("AAAA").is_none() && Cursor::parse("!!!!!!!!!!!").is_none());
}

#[test]
fn whatever_is_typed_into_the_search_box_is_only_words() {
    let mut server = Place::new().open();
    server.put(Person::new(1).says(&report("Caf\u{e9} \"Faces\" AND more", "doi:10.5555/faces")).1).expect("accepted");
    for (words, found) in [
        ("cafe", 1),
        ("CAF\u{c9}", 1),
        ("fac", 1),
        ("\"faces\"", 1),
        ("faces NOT more", 0),
        ("AND", 1),
        ("faces*", 1),
        ("-", 0),
        ("faces -", 1),
        ("\"", 0),
        ("(", 0),
        ("names:faces", 0),
        ("^cafe", 1),
        ("a\0b", 0),
        ("\0", 0),
        ("faces\u{1}", 1),
        ("NEAR(a b)", 0),
        ("{faces} : x", 0),
        ("\u{202e}faces", 1),
        ("zzz", 0),
    ] {
        let page = server.ledger.search(&NoticeSearch { words: words.to_owned(), limit: 5, ..NoticeSearch::default() });
        let page = page.unwrap_or_else(|error| panic!("{words:?}: {error:?}"));
        assert_eq!(page.notices.len(), found, "{words:?}");
    }
}

#[test]
fn at_most_fifteen_cosignatures_are_served_and_ours_is_always_among_them() {
    let place = Place::new();
    let mut server = place.open();
    server.put_all(many(&Person::new(1), 0..1));
    for n in 0..20_u8 {
        let name = format!("witness-{n:02}.example/w");
        let key = crate::envelope::SecretKey::from_seed([n + 100; 32]);
        let cosigned = cosigned(&server, &name, &key, start() + seconds(60 + i64::from(n)));
        server.ledger.keep_cosignature(1, &cosigned).expect("kept");
    }
    let own = identity().witness;
    for server in [&server, &place.open()] {
        let published = server.ledger.published();
        assert_eq!(published.cosignatures.len(), 21);
        assert_eq!(published.cosignatures[0].name, own.name().as_str());
        assert_eq!(published.cosignatures[1].name, "witness-19.example/w", "then the newest");
        let served = SignedCheckpoint::parse_and_verify(&published.served(), &identity().log).expect("signed");
        assert_eq!(served.cosignatures(std::slice::from_ref(&own)).len(), 1);
        let lines = String::from_utf8(published.served()).expect("text").lines().filter(|l| l.starts_with('\u{2014}')).count();
        assert_eq!(lines, 1 + MAX_COSIGNATURES);
    }
}

fn cosigned(server: &Server, name: &str, key: &crate::envelope::SecretKey, time: chrono::DateTime<chrono::Utc>) -> Cosigned {
    let name = tlog::KeyName::parse(name).expect("a name");
    let signed = SignedCheckpoint::parse_and_verify(&server.ledger.published().checkpoint, &identity().log).expect("signed");
    let seconds = u64::try_from(time.timestamp()).expect("after 1970");
    let line = tlog::Cosignature::sign(name.clone(), key, seconds, signed.text()).expect("signed").to_line();
    Cosigned { name: name.to_string(), time, line }
}

#[test]
fn an_older_cosignature_of_a_witness_does_not_take_the_place_of_a_newer_one() {
    let place = Place::new();
    let server = place.open();
    let key = crate::envelope::SecretKey::from_seed([100; 32]);
    for step in [60, 30] {
        let cosigned = cosigned(&server, "witness.example/w", &key, start() + seconds(step));
        server.ledger.keep_cosignature(0, &cosigned).expect("kept");
    }
    for server in [&server, &place.open()] {
        assert_eq!(server.ledger.published().cosigned_by("witness.example/w"), Some(start() + seconds(60)));
    }
}

#[test]
fn a_cosignature_of_an_outgrown_checkpoint_is_kept_but_not_served() {
    let mut server = Place::new().open();
    let key = crate::envelope::SecretKey::from_seed([100; 32]);
    let late = cosigned(&server, "witness.example/w", &key, start() + seconds(1));
    server.put_all(many(&Person::new(1), 0..1));
    server.ledger.keep_cosignature(0, &late).expect("kept");
    assert_eq!(server.ledger.published().cosigned_by("witness.example/w"), None);
    assert_eq!(server.ledger.cosignatures().cosignatures(0).expect("readable").len(), 2);
}

/// Promise A7 in small: whoever posts what, and however often, one entry comes of it.
#[test]
fn many_threads_that_post_the_same_notices_make_one_entry_of_each() {
    let place = Place::new();
    let Server { ledger, mut sequencer, .. } = place.open();
    let submissions = many(&Person::new(1), 0..12);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let order = std::sync::atomic::Ordering::SeqCst;
    let seen = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(order) {
                sequencer.wait_and_step(std::time::Duration::from_millis(5));
            }
        });
        let post = || {
            let submit = |s: &crate::ledger::Submission| match ledger.submit(s.clone(), Provenance::Client).expect("admitted") {
                Submitted::Known(entry) => entry.index,
                Submitted::Waiting(waiting) => panic!("it waits for its domain: {waiting:?}"),
                Submitted::Queued(ticket) => ticket.blocking_recv().expect("answered").expect("accepted").index,
            };
            submissions.iter().map(submit).collect::<Vec<_>>()
        };
        let posters: Vec<_> = (0..6).map(|_| scope.spawn(post)).collect();
        let seen: Vec<_> = posters.into_iter().map(|poster| poster.join().expect("no panic")).collect();
        stop.store(true, order);
        seen
    });
    assert_eq!(ledger.published().head.size, 12);
    assert!(seen.iter().all(|indexes| *indexes == seen[0]), "everyone was told the same indexes: {seen:?}");
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn identifiers_that_are_asked_together_are_answered_as_each_alone() {
    let mut server = Place::new().open();
    server.put_all(many(&Person::new(1), 0..200));
    server.put_all(many(&Person::new(2), 150..250));
    let mut asked: Vec<String> = (0..400).map(|n| format!("doi:10.5555/set-{n}")).collect();
    asked.extend(["", "Set 7", "name:set17", "88813c6b15de58afc8fa75ea83361d7f", "doi:none", "acme/faces"].map(str::to_owned));
    let together = server.ledger.check(&asked).expect("answers").answers;
    assert_eq!(together.len(), asked.len());
    let mut met = 0;
    for (asked, together) in asked.iter().zip(&together) {
        let alone = server.ledger.check(std::slice::from_ref(asked)).expect("answers").answers;
        assert_eq!(format!("{alone:?}"), format!("{:?}", [together]), "{asked}");
        met += together.answer.as_ref().map_or(0, |answer| answer.matches.len());
    }
    assert!(met >= 300, "{met}");
    let (with_evidence, evidence) = server.ledger.check_with_evidence(&asked[..300], MAX_EVIDENCE).expect("answers");
    assert_eq!(format!("{:?}", with_evidence.answers), format!("{:?}", &together[..300]));
    assert_eq!(evidence.entries.len(), 300, "every notice that was looked at, once");
}

#[test]
fn an_answer_that_follows_from_too_much_is_not_proved_and_little_is_read_for_it() {
    let (place, board) = (Place::new(), Switchboard::default());
    let store = place.folder().open_store().expect("opens");
    let (ledger, sequencer) = Ledger::open(wrap(place.opening(&store, open_policy()), &board)).expect("opens");
    let mut server = place.server(ledger, sequencer, store);
    server.put_all(many(&Person::new(1), 0..100));
    let asked: Vec<String> = (0..100).map(|n| format!("doi:10.5555/set-{n}")).collect();
    let (_, evidence) = server.ledger.check_with_evidence(&asked, MAX_EVIDENCE).expect("it is proved");
    let bytes: usize = evidence.entries.iter().map(|entry| entry.envelope.len() + entry.proof.len()).sum();
    server.ledger.check_with_evidence(&asked, bytes).expect("just enough");
    let read = |most: usize| {
        board.take_calls();
        let refused = server.ledger.check_with_evidence(&asked, most);
        assert!(matches!(refused, Err(EvidenceError::TooMuch { most: said }) if said == most), "{refused:?}");
        board.take_calls().into_iter().filter(|call| *call == Call::EntriesOfPayload).count()
    };
    let (almost, little) = (read(bytes - 1), read(bytes / 10));
    assert!(almost - little > 80, "{almost} calls, then {little}");
}

//! What memory alone answers about digests, whatever lists there are: the same as a server that has just been started, or nothing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::sample::*;
use crate::ledger::ports::{IndexRead, ListStore, MemoryRead};
use crate::ledger::removal::{RemovalStore, Tombstone};
use crate::notice::{DocumentHash, PayloadId};
use crate::verdict::Verdict;

/// As many lists as there are ways for one to be here or not.
const KINDS: usize = 3;

/// Digest `n` of list `of`.
fn digest(of: usize, n: u32) -> Vec<u8> {
    Sha256::digest(format!("{of} {n}")).to_vec()
}

fn list(of: usize, count: u32) -> Vec<u8> {
    let mut digests: Vec<_> = (0..count).map(|n| digest(of, n)).collect();
    digests.sort();
    digests.concat()
}

fn id(digest: &[u8]) -> String {
    format!("sha256:{}", data_encoding::HEXLOWER.encode(digest))
}

/// A report that names list `of`.
fn naming(of: usize, list: &[u8]) -> Value {
    let mut draft = report(&format!("Faces {of}"), &format!("doi:10.5555/faces.{of}"));
    let (hash, blocks) = (DocumentHash::of(list).to_string(), block_root(list));
    draft["digest_lists"] =
        json!([{"algorithm": "sha256", "sha256": hash, "count": list.len() / 32, "blocks": blocks, "role": "affected"}]);
    draft
}

/// Waits for the filter of the index, which is made in the background, and has the index file take everything.
fn settle(server: &Server) {
    let begun = Instant::now();
    while !server.store.has_no_payload(&PayloadId::of(b"nobody said this"), server.size()) {
        assert!(begun.elapsed() < Duration::from_mins(1), "the filter is made");
        std::thread::yield_now();
    }
    server.store.row_counts(server.size()).expect("carried over");
}

/// Digests of each list, digests of none, and one under every scheme that its length fits.
fn questions() -> Vec<String> {
    let listed = (0..KINDS).flat_map(|of| (0..9).map(move |n| digest(of, n)));
    let unlisted = (0..40).map(|n| digest(KINDS, n));
    let mut asked: Vec<String> = listed.chain(unlisted).map(|digest| id(&digest)).collect();
    asked.extend([0, KINDS].map(|of| data_encoding::HEXLOWER.encode(&digest(of, 3))));
    asked.push("md5:00000000000000000000000000000001".to_owned());
    asked
}

/// Asks each question one by one, before and after storage was asked. How many were at hand then.
fn agree(place: &Place, server: &Server, step: &str) -> usize {
    settle(server);
    let fresh = place.open();
    let mut at_hand = 0;
    for question in questions() {
        let question = [question];
        let expected = format!("{:#?}", fresh.ledger.check(&question).expect("answers"));
        for looked in 0..2 {
            if let Some(answers) = server.ledger.check_at_hand(&question) {
                assert_eq!(format!("{answers:#?}"), expected, "{step}: {question:?}");
                at_hand += looked;
            }
            assert_eq!(format!("{:#?}", server.ledger.check(&question).expect("answers")), expected, "{step}: {question:?}");
        }
    }
    at_hand
}

#[test]
fn a_question_about_a_digest_is_at_hand_and_right_whether_lists_came_later_or_along_or_never_or_were_removed() {
    let place = Place::new();
    let mut server = place.open();
    let all = questions().len();
    assert_eq!(agree(&place, &server, "no list"), all);

    let large = list(0, 5_000);
    let name = DocumentHash::of(&large);
    let placed = server.put(Person::new(1).says(&naming(0, &large)).1).expect("accepted");
    let token = server.receipt(placed).upload.expect("leave to upload").token;
    assert_eq!(agree(&place, &server, "a list that is awaited"), all);
    server.ledger.upload_piece(&name, &token, Some(large.len() as u64), 0, &large).expect("taken in");
    assert_eq!(server.store.list_holds_at_hand(&name, &digest(0, 1)), None, "not any more that it is awaited");
    // A disk that is busy may keep the pages of the list from being in memory, but not its filter.
    assert!(agree(&place, &server, "a list in a file") > all - 20);

    let small = list(1, 40);
    let person = Person::new(2);
    let completed = person.complete(&naming(1, &small));
    server.put(submission(&person.sign(&completed.payload), Some(&small))).expect("accepted");
    assert!(agree(&place, &server, "a list that came along") > all - 20);

    let never = list(2, 9);
    server.put(Person::new(3).says(&naming(2, &never)).1).expect("accepted");
    assert!(agree(&place, &server, "a list that never comes") > all - 20);

    for gone in [&large, &small] {
        let gone = DocumentHash::of(gone);
        server.store.bury(&[Tombstone::bare(gone, start())]).expect("buried");
        assert_eq!(server.store.list_holds_at_hand(&gone, &digest(0, 1)), None, "nothing is left in memory");
    }
    assert_eq!(agree(&place, &server, "lists that were removed"), all);
    let asked = [id(&digest(1, 3))];
    let answer = server.ledger.check_at_hand(&asked).expect("at hand").answers.remove(0).answer.expect("an id");
    assert_eq!((answer.verdict, answer.incomplete), (Verdict::Unchecked, true));
}

#[test]
fn a_digest_that_no_list_holds_stays_at_hand_while_the_log_grows() {
    let place = Place::new();
    let mut server = place.open();
    let large = list(0, 5_000);
    let placed = server.put(Person::new(1).says(&naming(0, &large)).1).expect("accepted");
    let token = server.receipt(placed).upload.expect("leave to upload").token;
    server.ledger.upload_piece(&DocumentHash::of(&large), &token, Some(large.len() as u64), 0, &large).expect("taken in");
    settle(&server);
    server.ledger.check(&[id(&digest(0, 1))]).expect("answers");
    let unlisted: Vec<_> = (0..500).map(|n| [id(&digest(KINDS, n))]).collect();
    for n in 0..5 {
        server.put(Person::new(2).says(&report(&format!("Other {n}"), "doi:10.5555/other")).1).expect("accepted");
        let at_hand = unlisted.iter().filter(|asked| {
            let answers = server.ledger.check_at_hand(&asked[..]);
            answers.is_some_and(|a| a.answers[0].answer.as_ref().is_ok_and(|a| a.verdict == Verdict::NoNotice))
        });
        // One in 256 may be in the list by its filter, and its page on the disk only.
        assert!(at_hand.count() > 480, "after {n} others");
    }
}

//! What memory alone answers while something is submitted: the same as storage, or nothing.

use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::faulty::{Call, Failure, Switchboard, wrap};
use super::sample::*;
use crate::envelope::{KeyStatus, RecordDraft, RecordKey};
use crate::ledger::ports::MemoryRead;
use crate::ledger::{Admission, Examined, Ledger, Pins, Provenance, Quota, Refusal, Submission};
use crate::notice::PayloadId;

/// Waits until memory can say of a payload that nobody has it: the filter of the index is made in the background.
fn ready(server: &Server) {
    let begun = Instant::now();
    while !server.store.has_no_payload(&PayloadId::of(b"nobody said this"), server.size()) {
        assert!(begun.elapsed() < Duration::from_mins(1), "the filter is made");
        std::thread::yield_now();
    }
}

fn at_hand(server: &Server, submission: &Submission) -> Option<Result<Examined, Refusal>> {
    server.ledger.examine_at_hand(submission.clone(), Provenance::Client)
}

fn is_taken(found: Option<&Result<Examined, Refusal>>) -> bool {
    matches!(found, Some(Ok(Examined::New(_))))
}

#[test]
fn after_an_issuers_first_notice_nothing_is_read_for_the_next_and_none_is_new_twice() {
    let mut server = Place::new().open();
    let (first, others) = (many(&Person::new(1), 0..1).remove(0), many(&Person::new(1), 1..4));
    ready(&server);
    assert!(at_hand(&server, &first).is_none(), "nobody knows the issuer yet");
    server.put(first.clone()).expect("accepted");
    for other in others {
        assert!(is_taken(at_hand(&server, &other).as_ref()));
        server.put(other.clone()).expect("accepted");
        assert!(at_hand(&server, &other).is_none(), "it is known, and what is known is read");
    }
    assert!(at_hand(&server, &first).is_none());
}

#[test]
fn a_signature_that_does_not_hold_is_refused_at_hand() {
    let mut server = Place::new().open();
    let (person, other) = (Person::new(1), Person::new(2));
    server.put_all(many(&person, 0..2));
    ready(&server);
    let forged = submission(&other.sign(&person.complete(&report("Forged", "doi:10.5555/forged")).payload), None);
    let Some(Err(refusal)) = at_hand(&server, &forged) else { panic!("it is refused, and at hand") };
    assert_eq!(refusal.rule(), server.refusal(forged).rule());
}

#[test]
fn a_key_that_a_record_retires_is_not_heard_at_hand_from_then_on() {
    let (first, second) = (Person::of_domain("example.org", 3), Person::of_domain("example.org", 4));
    let pin = first.pin(&["doi:10.5555/"]);
    let zero = first.record("Example Lab");
    let mut one = RecordDraft::following(pin.record().value(), zero.payload_id(), at(start()));
    one.keys[0].status = KeyStatus::Retired;
    one.keys.push(RecordKey { key: second.key.public(), status: KeyStatus::Active, since: None });
    let place = Place::new();
    let mut server = place.open_with(Admission { pins: Pins::from_files([&pin]), ..open_policy() });
    server.put_from(submission(&zero, None), Provenance::Pin).expect("pinned");
    let says = |person: &Person, n: u32| person.says(&report(&format!("Set {n}"), &format!("doi:10.5555/{n}"))).1;
    server.put(says(&first, 1)).expect("accepted");
    ready(&server);
    assert!(is_taken(at_hand(&server, &says(&first, 2)).as_ref()));
    server.put(submission(&first.record_as(one), None)).expect("the chain goes on");
    assert!(at_hand(&server, &says(&first, 2)).is_none(), "a record came, so memory does not know");
    let refusal = server.refusal(says(&first, 2));
    assert!(matches!(refusal, Refusal::BadSignature { .. }), "{refusal}");
    let Some(Err(at_hand_now)) = at_hand(&server, &says(&first, 2)) else { panic!("memory knows again") };
    assert_eq!(at_hand_now.rule(), refusal.rule());
    server.put(says(&second, 3)).expect("the new key speaks");
    assert!(is_taken(at_hand(&server, &says(&second, 4)).as_ref()));
}

#[test]
fn a_quota_is_never_exceeded_at_hand_and_never_refuses_what_may_be_within_it() {
    let quota = Quota { per_day: 6, in_all: 100, ..Quota::default() };
    let place = Place::new();
    let mut server = place.open_with(Admission { quota, ..open_policy() });
    let mine = many(&Person::new(1), 0..8);
    ready(&server);
    server.put(mine[0].clone()).expect("accepted");
    let mut taken = 0;
    for (n, submission) in (1..).zip(&mine[1..6]) {
        // What others append may be mine for all that memory knows.
        let of_another = u64::from(n) * 100;
        server.put_all(many(&Person::new(10 + n), of_another..of_another + 2));
        let found = at_hand(&server, submission);
        taken += u32::from(is_taken(found.as_ref()));
        assert!(found.is_none() || is_taken(found.as_ref()), "memory alone refuses nobody");
        server.put(submission.clone()).expect("within the quota");
    }
    assert_eq!(taken, 3);
    for submission in &mine[6..] {
        assert!(at_hand(&server, submission).is_none());
        assert!(matches!(server.refusal(submission.clone()), Refusal::OverQuota { .. }));
    }
    place.clock.set(start() + TimeDelta::days(2));
    server.put(mine[6].clone()).expect("another day");
}

#[test]
fn what_was_counted_later_is_not_known_when_the_clock_went_back() {
    let place = Place::new();
    let mut server = place.open();
    server.put_all(many(&Person::new(1), 0..2));
    ready(&server);
    let person = Person::new(1);
    let early = person.complete_at(&report("Early", "doi:10.5555/early"), start() - TimeDelta::hours(4));
    let next = submission(&person.sign(&early.payload), None);
    assert!(is_taken(at_hand(&server, &next).as_ref()));
    place.clock.set(start() - TimeDelta::hours(3));
    assert!(at_hand(&server, &next).is_none());
    server.put(next).expect("accepted all the same");
}

#[test]
fn nothing_is_known_after_an_append_that_failed_until_one_succeeds() {
    for failure in [Failure::Before, Failure::After] {
        let (place, board) = (Place::new(), Switchboard::default());
        let store = place.folder().open_store().expect("opens");
        let (ledger, sequencer) = Ledger::open(wrap(place.opening(&store, open_policy()), &board)).expect("opens");
        let mut server = place.server(ledger, sequencer, store);
        let notices = many(&Person::new(1), 0..6);
        server.put_all(notices[..2].to_vec());
        ready(&server);
        assert!(is_taken(at_hand(&server, &notices[2]).as_ref()));
        board.fail_all(Call::Append, failure);
        server.put(notices[2].clone()).expect_err("storage failed");
        board.heal();
        assert!(at_hand(&server, &notices[3]).is_none(), "{failure:?}: who knows what was written");
        let placed = server.put(notices[3].clone()).expect("storage works");
        assert_proved(&server.receipt(placed));
        server.put(notices[4].clone()).expect("accepted");
        assert!(is_taken(at_hand(&server, &notices[5]).as_ref()), "{failure:?}");
    }
}

#[test]
fn a_receipt_at_hand_is_the_receipt_for_every_size_and_after_every_start() {
    let place = Place::new();
    let person = Person::new(1);
    let sizes = [1, 2, 5, 255, 256, 257, 300, 511, 513];
    let mut next = 0;
    for size in sizes {
        // Twice from the same server, once from one that was just started.
        let mut server = place.open();
        for upto in [size - (size - next) / 2, size] {
            for placed in server.put_all(many(&person, next..upto)) {
                let at_hand = server.ledger.receipt_at_hand(&placed).expect("the edge of the tree is known");
                assert_proved(&at_hand);
                assert_eq!(at_hand, server.receipt(placed));
            }
            next = upto;
        }
    }
}

#[test]
fn a_receipt_with_leave_to_upload_is_not_at_hand() {
    let mut server = Place::new().open();
    let peer = Provenance::Peer("a.example/log".to_owned());
    let completed =
        Person::new(1).complete(&explained("Faces", "doi:10.5555/faces", "Nobody was asked, as it turned out later."));
    let placed = server.put_from(submission(&Person::new(1).sign(&completed.payload), None), peer).expect("accepted");
    assert_eq!(server.ledger.receipt_at_hand(&placed), None);
    assert!(server.receipt(placed).upload.is_some());
}

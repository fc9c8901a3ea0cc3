//! Every rule of submitting, in the order of its steps, each with what it means for a peer's entry.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::sample::*;
use crate::envelope::{Envelope, KeyStatus, PayloadType, RecordDraft, RecordKey};
use crate::ledger::{Policy, Provenance, Quota, Refusal, RefusalClass, Submission};
use crate::notice::{DocumentHash, PayloadId};
use RefusalClass::{Pending, Permanent};

fn parse_refusal(body: &[u8]) -> Refusal {
    Submission::parse(body).expect_err("no submission")
}

fn rule_and_class(refusal: &Refusal) -> (&'static str, RefusalClass) {
    (refusal.rule(), refusal.class())
}

/// An envelope of any type around any payload, signed by a person.
fn envelope_of(person: &Person, payload_type: PayloadType, payload: &[u8]) -> Submission {
    submission(&person.key.sign_envelope(payload_type, payload).expect("small"), None)
}

#[test]
fn step_1_a_body_that_is_too_large_is_refused_before_it_is_read() {
    assert_eq!(rule_and_class(&parse_refusal(&vec![b' '; (1 << 20) + 1])), ("too-large", Permanent));
    let padded = format!("{}{}", Person::new(1).sign(b"{}").to_json(), " ".repeat(128 << 10));
    assert_eq!(rule_and_class(&parse_refusal(padded.as_bytes())), ("too-large", Permanent));
}

#[test]
fn step_2_a_body_that_is_no_envelope_is_malformed() {
    let envelope: Value = serde_json::from_str(&Person::new(1).sign(b"{}").to_json()).expect("JSON");
    let wrapped = [
        json!([]).to_string(),
        json!({}).to_string(),
        json!({"envelope": {}}).to_string(),
        json!({"envelope": envelope, "documents": "x"}).to_string(),
        json!({"envelope": envelope, "documents": ["?"]}).to_string(),
        json!({"envelope": envelope, "documents": [1]}).to_string(),
        json!({"envelope": envelope, "other": 1}).to_string(),
        "{".to_owned(),
        "[".repeat(17),
    ];
    for body in wrapped {
        assert_eq!(rule_and_class(&parse_refusal(body.as_bytes())), ("malformed-envelope", Permanent), "{body}");
    }
}

#[test]
fn step_2_what_comes_from_a_log_must_be_canonical() {
    let json = Person::new(1).sign(b"{}").to_json();
    assert!(Submission::entry(json.replace("\":", "\": ").as_bytes()).is_err());
    let mut server = Place::new().open();
    let person = Person::new(1);
    let (_, submission) = person.says(&report("Faces", "doi:10.5555/faces"));
    server.put(submission).expect("accepted");
    let entry = server.ledger.changes(0, 1).expect("readable")[0].bytes.clone();
    let other_hint = String::from_utf8(entry)
        .expect("JSON")
        .replace(&person.key.public().key_id().to_string(), &Person::new(2).key.public().key_id().to_string());
    let mut elsewhere = Place::new().open();
    let submission = Submission::entry(other_hint.as_bytes()).expect("canonical to look at");
    let refusal = elsewhere.put_from(submission, Provenance::Peer("a.example/log".to_owned())).expect_err("refused");
    assert_eq!(rule_and_class(&refusal), ("not-canonical", Permanent));
}

#[test]
fn step_3_a_known_entry_is_answered_again_with_its_index_even_after_a_restart() {
    let place = Place::new();
    let mut server = place.open();
    let person = Person::new(1);
    let submissions = many(&person, 0..3);
    for (index, submission) in (0..).zip(&submissions) {
        assert_eq!(server.put(submission.clone()).expect("accepted").index, index);
    }
    let receipt = server.receipt(server.ledger.examine(submissions[1].clone(), Provenance::Client).map(placed).expect("known"));
    drop(server);
    let mut server = place.open();
    for provenance in [Provenance::Client, Provenance::Peer("a.example/log".to_owned()), Provenance::Import] {
        let again = server.put_from(submissions[1].clone(), provenance).expect("known");
        assert_eq!((again.index, again.is_known()), (1, true));
        assert_eq!(server.receipt(again).proof, receipt.proof, "and with the same proof");
    }
    assert_eq!(server.size(), 3);
}

fn placed(examined: crate::ledger::Examined) -> crate::ledger::Sequenced {
    match examined {
        crate::ledger::Examined::Known(entry) => crate::ledger::Sequenced { index: entry.index, size: 0, fresh: None },
        crate::ledger::Examined::New(_) | crate::ledger::Examined::Unverified(_) => panic!("it is known"),
    }
}

#[test]
fn step_3_a_known_entry_is_answered_even_when_its_issuer_may_not_post_any_more() {
    let place = Place::new();
    let (_, submission) = Person::new(1).says(&report("Faces", "doi:10.5555/faces"));
    place.open().put(submission.clone()).expect("accepted");
    let mut server = place.open_with(pinned_policy(&[]));
    assert!(server.put(submission).expect("known").is_known());
}

#[test]
fn step_3_a_second_signature_of_one_key_is_answered_with_the_stored_entry() {
    let mut server = Place::new().open();
    let person = Person::new(1);
    let completed = person.complete(&report("Faces", "doi:10.5555/faces"));
    let first = person.sign(&completed.payload);
    let second = person.sign_with_nonce(&completed.payload, 3);
    assert_ne!(first.signature(), second.signature());
    assert!(!server.put(submission(&first, None)).expect("accepted").is_known());
    let again = server.put(submission(&second, None)).expect("valid, and known");
    assert_eq!((again.index, again.is_known(), server.size()), (0, true, 1));
    let stored = Envelope::parse_canonical(&server.ledger.changes(0, 1).expect("readable")[0].bytes).expect("canonical");
    assert_eq!(stored.signature(), first.signature());
}

#[test]
fn step_3_two_signatures_in_one_batch_make_one_entry() {
    let mut server = Place::new().open();
    let person = Person::new(1);
    let completed = person.complete(&report("Faces", "doi:10.5555/faces"));
    let envelopes =
        [person.sign(&completed.payload), person.sign_with_nonce(&completed.payload, 3), person.sign(&completed.payload)];
    let places = server.put_all(envelopes.iter().map(|envelope| submission(envelope, None)));
    assert_eq!(places.iter().map(|p| (p.index, p.is_known())).collect::<Vec<_>>(), [(0, false), (0, true), (0, true)]);
    assert_eq!(server.size(), 1);
}

#[test]
fn step_4_payload_types_that_nobody_may_submit_are_refused() {
    let mut server = Place::new().open();
    let person = Person::new(1);
    for kind in [PayloadType::Operator, PayloadType::Index] {
        assert_eq!(rule_and_class(&server.refusal(envelope_of(&person, kind, b"{}"))), ("not-submittable", Permanent));
    }
    let json = person.sign(b"{}").to_json().replace("notice.v1", "notice.v2");
    let unknown = Submission::parse(json.as_bytes()).expect("an envelope");
    assert_eq!(rule_and_class(&server.refusal(unknown)), ("unknown-payload-type", Pending));
}

#[test]
fn step_5_a_payload_that_breaks_a_rule_of_form_is_refused() {
    let mut server = Place::new().open();
    let person = Person::new(1);
    for payload in [&b"{}"[..], b"[", b"\xef\xbb\xbf{}", b"{\"a\":1.5}"] {
        let notice = server.refusal(envelope_of(&person, PayloadType::Notice, payload));
        assert_eq!(rule_and_class(&notice), ("invalid-notice", Permanent), "{payload:?}");
        let record = server.refusal(envelope_of(&person, PayloadType::Publisher, payload));
        assert_eq!(rule_and_class(&record), ("invalid-record", Permanent), "{payload:?}");
    }
}

#[test]
fn step_5_a_scheme_of_the_future_is_looked_at_again() {
    let person = Person::new(1);
    let payload = String::from_utf8(person.complete(&report("Faces", "doi:10.5555/faces")).payload).expect("JSON");
    let future = payload.replace("doi:10.5555/faces", "zzz:10.5555/faces");
    let refusal = Place::new().open().refusal(envelope_of(&person, PayloadType::Notice, future.as_bytes()));
    assert_eq!(rule_and_class(&refusal), ("invalid-notice", Pending));
}

#[test]
fn step_6_only_a_key_of_the_issuer_signs_for_it() {
    let mut server = Place::new().open();
    let (alice, mallory) = (Person::new(1), Person::new(2));
    let payload = alice.complete(&report("Faces", "doi:10.5555/faces")).payload;
    let refusal = server.refusal(submission(&mallory.sign(&payload), None));
    assert_eq!(rule_and_class(&refusal), ("bad-signature", Permanent));
    let domain = Person::of_domain("example.org", 3);
    let refusal = server.refusal(domain.says(&report("Faces", "doi:10.5555/faces")).1);
    assert_eq!(rule_and_class(&refusal), ("unknown-issuer", Pending));
}

#[test]
fn step_6_a_domain_that_nobody_verified_waits_apart_and_can_harm_nobody() {
    let mut server = Place::new().open();
    let domain = Person::of_domain("example.org", 3);
    let record = submission(&domain.record("Example Lab"), None);
    let posted = server.ledger.submit(record, Provenance::Client).expect("it may wait");
    assert!(matches!(posted, crate::ledger::Submitted::Waiting(_)), "{posted:?}");
    assert_eq!(server.ledger.published().head.size, 0);
    let refusal = server.refusal(domain.says(&report("Faces", "doi:10.5555/faces")).1);
    assert_eq!(rule_and_class(&refusal), ("issuer-pending", Pending));
    // Where only pins count there is nothing to wait for.
    let mut pinned = Place::new().open_with(pinned_policy(&[]));
    let refusal = pinned.refusal(submission(&domain.record("Example Lab"), None));
    assert_eq!(rule_and_class(&refusal), ("not-admitted", Pending));
}

#[test]
fn step_6_a_record_without_its_predecessor_waits_for_it() {
    let mut server = Place::new().open();
    let domain = Person::of_domain("example.org", 3);
    let stranger = PayloadId::from_bytes([9; 32]);
    let mut draft = RecordDraft::first(domain.did.clone(), "Example Lab", domain.key.public(), at(start()));
    (draft.sequence, draft.previous) = (1, Some(stranger));
    let refusal = server.refusal(submission(&domain.record_as(draft), None));
    assert_eq!(rule_and_class(&refusal), ("unknown-predecessor", Pending));
}

#[test]
fn step_6_a_retired_key_posts_nothing_new_but_comes_in_from_peers() {
    let (old, new) = (Person::of_domain("example.org", 3), Person::of_domain("example.org", 4));
    let pin = old.pin(&[]);
    let mut server = Place::new().open_with(pinned_policy(&[&pin]));
    let zero = old.record("Example Lab");
    server.put_from(submission(&zero, None), Provenance::Pin).expect("pinned");
    let mut one = RecordDraft::following(pin.record().value(), zero.payload_id(), at(start()));
    one.keys = vec![
        RecordKey { key: old.key.public(), status: KeyStatus::Retired, since: None },
        RecordKey { key: new.key.public(), status: KeyStatus::Active, since: None },
    ];
    server.put(submission(&old.record_as(one), None)).expect("a client may rotate");
    let (_, late) = old.says(&report("Faces", "doi:10.5555/faces"));
    assert_eq!(rule_and_class(&server.refusal(late.clone())), ("bad-signature", Pending));
    server.put_from(late, Provenance::Peer("a.example/log".to_owned())).expect("from a peer");
    server.put(new.says(&report("Voices", "doi:10.5555/voices")).1).expect("the new key posts");
}

#[test]
fn step_7_advice_binds_clients_only() {
    let (_, contact) = Person::new(1).says(&report("Ask jane.doe@example.org", "doi:10.5555/faces"));
    let mut server = Place::new().open();
    assert_eq!(rule_and_class(&server.refusal(contact.clone())), ("advice", Permanent));
    server.put_from(contact, Provenance::Peer("a.example/log".to_owned())).expect("peers bring what others accepted");
}

#[test]
fn step_7_publishers_bring_their_texts_along() {
    let person = Person::new(1);
    let completed = person.complete(&retraction("Faces", "doi:10.5555/faces"));
    let bare = submission(&person.sign(&completed.payload), None);
    let mut server = Place::new().open();
    assert_eq!(rule_and_class(&server.refusal(bare.clone())), ("texts-missing", Permanent));
    let placed = server.put_from(bare, Provenance::Peer("a.example/log".to_owned())).expect("texts follow later");
    assert!(server.receipt(placed).upload.is_some());
}

#[test]
fn step_7_documents_are_named_and_valid() {
    let person = Person::new(1);
    let mut server = Place::new().open();
    let completed = person.complete(&report("Faces", "doi:10.5555/faces"));
    let stray = submission(&person.sign(&completed.payload), Some(b"something else"));
    assert_eq!(rule_and_class(&server.refusal(stray)), ("unnamed-document", Permanent));
    let named = explained("Faces", "doi:10.5555/faces", "Nobody was asked whether this was fine.");
    let payload = String::from_utf8(person.complete(&named).payload).expect("JSON");
    let hash = DocumentHash::of(person.complete(&named).texts.as_deref().expect("texts"));
    let junk = payload.replace(&hash.to_string(), &DocumentHash::of(b"no texts").to_string());
    let refusal = server.refusal(submission(&person.sign(junk.as_bytes()), Some(b"no texts")));
    assert_eq!(rule_and_class(&refusal), ("invalid-document", Permanent));
}

#[test]
fn step_7_a_pinned_server_hears_pinned_lineages_only() {
    let (pinned, stranger) = (Person::of_domain("example.org", 3), Person::new(1));
    let pin = pinned.pin(&["doi:10.5555/"]);
    let mut server = Place::new().open_with(pinned_policy(&[&pin]));
    assert_eq!(server.ledger.admission().policy, Policy::Pinned);
    let by_stranger = stranger.says(&report("Faces", "doi:10.5555/faces")).1;
    assert_eq!(rule_and_class(&server.refusal(by_stranger.clone())), ("not-admitted", Pending));
    let from_peer = server.put_from(by_stranger, Provenance::Peer("a.example/log".to_owned())).expect_err("refused");
    assert_eq!(from_peer.rule(), "not-admitted");
    server.put_from(submission(&pinned.record("Example Lab"), None), Provenance::Pin).expect("pinned");
    server.put(pinned.says(&retraction("Faces", "doi:10.5555/faces")).1).expect("admitted");
}

#[test]
fn step_7_notices_from_the_future_are_refused_beyond_a_quarter_of_an_hour() {
    let person = Person::new(1);
    let mut server = Place::new().open();
    for (minutes, ahead) in [(15, false), (16, true)] {
        let title = format!("Set {minutes}");
        let completed = person.complete_at(&report(&title, "doi:10.5555/faces"), start() + TimeDelta::minutes(minutes));
        let result = server.put(submission(&person.sign(&completed.payload), None));
        assert_eq!(result.err().map(|r| rule_and_class(&r)), ahead.then_some(("issued-ahead", Pending)));
    }
}

#[test]
fn step_8_quotas_hold_a_day_and_in_all() {
    let place = Place::new();
    let quota = Quota { per_day: 2, in_all: 4, ..Quota::default() };
    let mut server = place.open_with(crate::ledger::Admission { quota, ..open_policy() });
    let person = Person::new(1);
    let peer = || Provenance::Peer("a.example/log".to_owned());
    let mut posts = many(&person, 0..7).into_iter();
    let mut next = || posts.next().expect("enough");
    server.put(next()).expect("one");
    server.put(next()).expect("two");
    let refusal = server.refusal(next());
    assert_eq!(rule_and_class(&refusal), ("over-quota", Pending));
    assert!(refusal.to_string().contains("2 entries a day"), "{refusal}");
    server.put_from(next(), peer()).expect("rates bind clients only");
    server.put(Person::new(2).says(&report("Other", "doi:10.5555/other")).1).expect("another issuer has its own");
    place.clock.advance(TimeDelta::hours(25));
    server.put(next()).expect("a new day");
    let refusal = server.refusal(next());
    assert!(refusal.to_string().contains("4 entries in all"), "{refusal}");
    let last = next();
    assert!(server.put_from(last.clone(), peer()).is_err(), "totals bind peers too");
    server.put_from(last, Provenance::Import).expect("what the operator brings is not counted");
}

#[test]
fn a_server_whose_writer_is_gone_says_that_its_log_is_halted() {
    let server = Place::new().open();
    let Server { ledger, sequencer, .. } = server;
    drop(sequencer);
    let (_, submission) = Person::new(1).says(&report("Faces", "doi:10.5555/faces"));
    let refusal = ledger.submit(submission, Provenance::Client).expect_err("nobody writes");
    assert_eq!(rule_and_class(&refusal), ("log-halted", Pending));
}

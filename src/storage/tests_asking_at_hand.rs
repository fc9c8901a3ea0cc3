//! What memory alone answers to a question: the same as a server that has just been started and remembers nothing, or nothing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::sample::*;
use crate::envelope::{KeyStatus, PinFile, RecordDraft, RecordKey};
use crate::ledger::check::{CheckAnswers, MATCHES};
use crate::ledger::looking::Looked;
use crate::ledger::ports::{IndexRead, MemoryRead};
use crate::ledger::{Admission, Pins, Provenance, Submission};
use crate::notice::PayloadId;
use crate::verdict::Verdict;

const FACES: &str = "doi:10.5555/faces";
const HEX: &str = "5d41402abc4b2a76b9719d911017c592";

/// Waits until memory can say of a key that nothing holds it: the filter of the index is made in the background.
fn ready(server: &Server) {
    let begun = Instant::now();
    while !server.store.has_no_payload(&PayloadId::of(b"nobody said this"), server.size()) {
        assert!(begun.elapsed() < Duration::from_mins(1), "the filter is made");
        std::thread::yield_now();
    }
}

/// Has the index file take everything that stands in memory, so that it is asked.
fn carry_over(server: &Server) {
    server.store.row_counts(server.size()).expect("carried over");
}

fn told(answers: &CheckAnswers) -> String {
    format!("{answers:#?}")
}

/// One of every kind of question.
fn questions() -> Vec<Vec<String>> {
    let texts = [
        FACES,
        "https://doi.org/10.5555/FACES",
        "doi:10.5555/none",
        "doi:10.5555/aligned",
        "git:github.com/example/aligned",
        "Aligned",
        "name:Faces",
        "name:nobody uses this name",
        "hf:datasets/example/faces",
        "hf:datasets/example/faces@0123456789abcdef0123456789abcdef01234567",
        "hf:datasets/example/faces@1123456789abcdef0123456789abcdef01234567",
        "example/faces",
        HEX,
        "md5:00000000000000000000000000000001",
        // The empty file.
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "nonsense:x",
        "",
    ];
    let each = texts.iter().map(|text| vec![(*text).to_owned()]);
    let mut all: Vec<_> = each.collect();
    all.push(texts.map(str::to_owned).to_vec());
    all
}

/// Asks everything: what memory says must be what a server says that was started for it. Gives what was at hand.
fn agree(place: &Place, server: &Server, policy: &dyn Fn() -> Admission) -> Vec<bool> {
    let fresh = place.open_with(policy());
    let asked = questions().into_iter().map(|question| {
        let expected = told(&fresh.ledger.check(&question).expect("answers"));
        for one in &question {
            look_the_same(&fresh, server, one);
        }
        let before = server.ledger.check_at_hand(&question);
        assert!(before.as_ref().is_none_or(|answers| told(answers) == expected), "at hand: {before:#?}, not {expected}");
        assert_eq!(told(&server.ledger.check(&question).expect("answers")), expected, "{question:?}");
        let after = server.ledger.check_at_hand(&question);
        assert!(after.as_ref().is_none_or(|answers| told(answers) == expected), "at hand: {after:#?}, not {expected}");
        after.is_some()
    });
    asked.collect()
}

/// What a page is made from is the same in memory, or not there.
fn look_the_same(fresh: &Server, server: &Server, question: &str) {
    let read = fresh.ledger.look(question, MATCHES, &fresh.ledger.moment()).expect("answers");
    let shown = |looked: &Looked| (told(&looked.answers), looked.said.clone());
    let now = server.ledger.moment();
    let at_hand = || server.ledger.look_at_hand(question, MATCHES, &now);
    assert!(at_hand().is_none_or(|looked| shown(&looked) == shown(&read)), "{question}");
    assert_eq!(shown(&server.ledger.look(question, MATCHES, &now).expect("answers")), shown(&read), "{question}");
    assert!(at_hand().is_none_or(|looked| shown(&looked) == shown(&read)), "{question}");
}

struct Lab {
    first: Person,
    second: Person,
    pin: PinFile,
}

impl Lab {
    fn new() -> Self {
        let (first, second) = (Person::of_domain("example.org", 3), Person::of_domain("example.org", 4));
        let pin = first.pin(&["doi:10.5555/"]);
        Self { first, second, pin }
    }

    fn policy(&self) -> Admission {
        Admission { pins: Pins::from_files([&self.pin]), ..open_policy() }
    }

    /// The record that retires the first key and lists the second.
    fn next_record(&self) -> Submission {
        let mut one =
            RecordDraft::following(self.pin.record().value(), self.first.record("Example Lab").payload_id(), at(start()));
        one.keys[0].status = KeyStatus::Retired;
        one.keys.push(RecordKey { key: self.second.key.public(), status: KeyStatus::Active, since: None });
        submission(&self.first.record_as(one), None)
    }

    /// Everything that can change what was answered before, one after another.
    fn history(&self) -> Vec<Submission> {
        let observer = Person::new(1);
        let mut first = retraction("Faces", FACES);
        first["subjects"] = json!([
            {"id": FACES, "role": "whole"},
            {"id": "hf:datasets/example/faces@0123456789abcdef0123456789abcdef01234567", "role": "version"},
            {"id": format!("md5:{HEX}"), "role": "file"},
        ]);
        let (retracted, said) = self.first.says(&first);
        let about = |kind: &str, role: &str, relation: &str| {
            let mut draft = explained("Faces", FACES, "Nobody was asked whether this was fine.");
            draft["type"] = json!(kind);
            draft["issuer"]["role"] = json!(role);
            draft["prior"] = json!([{"notice": retracted.to_string(), "relation": relation}]);
            for gone in ["scope", "reasons", "actions"] {
                draft.as_object_mut().expect("an object").remove(gone);
            }
            draft
        };
        let mut derived = report("Aligned", "doi:10.5555/aligned");
        derived["derivatives"] =
            json!([{"id": "git:github.com/example/aligned", "title": "Aligned", "relation": "cleaned", "inherits": "yes"}]);
        let mut listed = report("Listed", "doi:10.5555/listed");
        listed["digest_lists"] = list();
        let says = |person: &Person, draft: &Value| person.says(draft).1;
        vec![
            submission(&self.first.record("Example Lab"), None),
            says(&observer, &report("Other", "doi:10.5555/other")),
            said,
            says(&observer, &about("response", "rights-holder", "disputes")),
            says(&observer, &derived),
            self.next_record(),
            says(&self.second, &about("revocation", "publisher", "revokes")),
            says(&observer, &report("Faces", "hf:datasets/example/faces")),
            says(&observer, &listed),
        ]
    }
}

/// A digest list of which only the name is there.
fn list() -> Value {
    let hash = "0f".repeat(32);
    json!([{"algorithm": "md5", "sha256": hash, "count": 3, "blocks": hash, "role": "affected"}])
}

#[test]
fn what_is_at_hand_is_the_answer_after_every_entry_and_every_way_into_the_index() {
    let lab = Lab::new();
    for carried_over in [false, true] {
        let place = Place::new();
        let mut server = place.open_with(lab.policy());
        ready(&server);
        let mut at_hand = 0;
        for entry in lab.history() {
            server.put_from(entry, Provenance::Import).expect("accepted");
            if carried_over {
                carry_over(&server);
            }
            at_hand += agree(&place, &server, &|| lab.policy()).into_iter().filter(|at_hand| *at_hand).count();
        }
        assert!(at_hand > 9 * 9, "carried over: {carried_over}: {at_hand} were at hand");
    }
}

#[test]
fn a_question_that_was_asked_before_is_at_hand_with_its_notices() {
    let lab = Lab::new();
    let place = Place::new();
    let mut server = place.open_with(lab.policy());
    ready(&server);
    // Before it is revoked, and without the digest list, in which every digest must be looked up.
    for entry in lab.history().into_iter().take(6) {
        server.put_from(entry, Provenance::Import).expect("accepted");
    }
    carry_over(&server);
    let faces = [FACES.to_owned()];
    assert!(server.ledger.check_at_hand(&faces).is_none(), "it was never asked");
    server.ledger.check(&faces).expect("answers");
    let answers = server.ledger.check_at_hand(&faces).expect("memory knows");
    assert_ne!(answers.answers[0].answer.as_ref().expect("an id").verdict, Verdict::NoNotice);
    assert_eq!(agree(&place, &server, &|| lab.policy()), [true; 18]);
}

#[test]
fn a_question_that_leads_far_is_left_to_a_thread_of_its_own() {
    let place = Place::new();
    let mut server = place.open();
    ready(&server);
    let subjects = [FACES, "doi:10.5555/more", "doi:10.5555/most"].map(str::to_owned);
    for (n, subject) in subjects.iter().enumerate() {
        server.put_all((0..60).map(|of| Person::new(1).says(&report(&format!("Set {n} {of}"), subject)).1));
    }
    carry_over(&server);
    server.ledger.check(&subjects).expect("answers");
    assert!(subjects.iter().all(|one| server.ledger.check_at_hand(std::slice::from_ref(one)).is_some()));
    assert!(server.ledger.check_at_hand(&subjects).is_none());
}

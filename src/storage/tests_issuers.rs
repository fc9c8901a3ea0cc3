//! Issuers with chains of records, and that the order in which entries came decides nothing.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::sample::*;
use crate::envelope::{KeyStatus, PinFile, RecordDraft, RecordKey};
use crate::ledger::check::MAX_EVIDENCE;
use crate::ledger::{Admission, Pins, Provenance, Submission};
use crate::notice::NoticeId;
use crate::tlog::{Hash, TlogProof};
use crate::verdict::Verdict;

/// A pinned publisher whose record 1 adds a second key, and the submissions of both records.
struct Lab {
    first: Person,
    second: Person,
    pin: PinFile,
    records: [Submission; 2],
}

fn lab() -> Lab {
    let (first, second) = (Person::of_domain("example.org", 3), Person::of_domain("example.org", 4));
    let pin = first.pin(&["doi:10.5555/"]);
    let zero = first.record("Example Lab");
    let mut one = RecordDraft::following(pin.record().value(), zero.payload_id(), at(start()));
    one.name = "Example Laboratory".to_owned();
    one.keys.push(RecordKey { key: second.key.public(), status: KeyStatus::Active, since: None });
    let records = [submission(&zero, None), submission(&first.record_as(one), None)];
    Lab { first, second, pin, records }
}

fn open_for(lab: &Lab) -> (Place, Server) {
    let place = Place::new();
    let server = place.open_with(Admission { pins: Pins::from_files([&lab.pin]), ..open_policy() });
    (place, server)
}

#[test]
fn a_pinned_domain_speaks_with_authority_and_is_shown_with_its_chain() {
    let lab = lab();
    let (place, mut server) = open_for(&lab);
    let [zero, one] = lab.records.clone();
    server.put_from(zero.clone(), Provenance::Pin).expect("pinned");
    assert!(server.put_from(zero, Provenance::Pin).expect("at the next start").is_known());
    server.put(one).expect("the chain goes on by itself");
    let (id, notice) = lab.second.says(&retraction("Faces", "doi:10.5555/faces"));
    server.put(notice).expect("accepted");
    let answers = server.ledger.check(&["doi:10.5555/faces".to_owned()]).expect("answers");
    assert_eq!(answers.answers[0].answer.as_ref().expect("an id").verdict, Verdict::Retracted);
    let view = server.ledger.publisher(&lab.first.did).expect("readable").expect("there");
    assert_eq!(view.lineages.len(), 1);
    let lineage = &view.lineages[0];
    assert_eq!(
        (lineage.name.as_str(), lineage.pinned, lineage.records.len(), lineage.keys.len()),
        ("Example Laboratory", true, 2, 2)
    );
    assert_eq!(server.ledger.notice(&id).expect("readable").expect("there").issuer.name.as_deref(), Some("Example Laboratory"));
    assert_eq!(server.ledger.publishers(None, 10).expect("readable").len(), 1);
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn the_same_notice_by_a_second_key_is_a_further_entry_of_it() {
    let lab = lab();
    let (place, mut server) = open_for(&lab);
    for record in lab.records.clone() {
        server.put_from(record, Provenance::Pin).expect("pinned");
    }
    let completed = lab.first.complete(&retraction("Faces", "doi:10.5555/faces"));
    let texts = completed.texts.as_deref();
    let by_first = server.put(submission(&lab.first.sign(&completed.payload), texts)).expect("accepted");
    let by_second = server.put(submission(&lab.second.sign(&completed.payload), texts)).expect("accepted");
    assert_eq!((by_first.index, by_second.index, by_second.is_known()), (2, 3, false));
    assert_eq!((server.size(), server.ledger.count_notices().expect("readable")), (4, 1));
    let view = server.ledger.notice(&NoticeId::of(&completed.payload)).expect("readable").expect("there");
    assert_eq!((view.signers.len(), view.index), (2, 2));
    for place in [by_first, by_second] {
        assert_proved(&server.receipt(place));
    }
    let answers = server.ledger.check(&["doi:10.5555/faces".to_owned()]).expect("answers");
    assert_eq!(answers.answers[0].answer.as_ref().expect("an id").matches.len(), 1);
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn the_evidence_of_an_answer_is_proved_in_one_tree() {
    let lab = lab();
    let (_place, mut server) = open_for(&lab);
    for record in lab.records.clone() {
        server.put_from(record, Provenance::Pin).expect("pinned");
    }
    server.put(lab.first.says(&retraction("Faces", "doi:10.5555/faces")).1).expect("accepted");
    server.put_all(many(&Person::new(1), 0..5));
    let asked = ["doi:10.5555/faces".to_owned(), "nonsense:x".to_owned()];
    let (answers, evidence) = server.ledger.check_with_evidence(&asked, MAX_EVIDENCE).expect("answers");
    assert_eq!(answers.tree_size, 8);
    assert!(answers.answers[1].answer.is_err());
    assert_eq!(evidence.entries.len(), 3, "the notice and both records of its issuer");
    for entry in &evidence.entries {
        let proof = TlogProof::parse(&entry.proof).expect("a proof");
        assert_eq!(proof.checkpoint, evidence.checkpoint);
        let signed = proof.verify(&Hash::leaf(&entry.envelope), &identity().log).expect("it holds");
        assert_eq!(signed.checkpoint().size(), answers.tree_size);
    }
}

/// A history in which notices speak of each other and of the same things, and every entry has its own author.
fn history(lab: &Lab) -> Vec<Submission> {
    let observer = Person::new(1);
    let (retracted, retraction) = lab.first.says(&retraction("Faces", "doi:10.5555/faces"));
    let about = |kind: &str, role: &str, relation: &str| {
        json!({
            "type": kind,
            "issuer": {"role": role},
            "dataset": {"title": "Faces", "publisher_name": "Example Vision Lab"},
            "subjects": [{"id": "doi:10.5555/faces", "role": "whole"}],
            "prior": [{"notice": retracted.to_string(), "relation": relation}],
        })
    };
    let dispute = observer.says(&about("response", "rights-holder", "disputes")).1;
    let theft = observer.says(&explained_as(about("revocation", "publisher", "revokes"))).1;
    let mut derived = report("Aligned", "doi:10.5555/aligned");
    derived["derivatives"] =
        json!([{"id": "git:github.com/example/aligned", "title": "Aligned", "relation": "cleaned", "inherits": "yes"}]);
    let derived = lab.second.says(&with_texts(derived)).1;
    let concern = observer.says(&report("Faces", "doi:10.5555/faces")).1;
    vec![retraction, dispute, theft, derived, concern]
}

fn with_texts(mut draft: Value) -> Value {
    draft["texts"] = json!({"texts": [{"language": "en", "statement": "Nobody was asked whether this was fine."}]});
    draft
}

fn explained_as(draft: Value) -> Value {
    with_texts(draft)
}

/// The answers without what only says where things stand in one log.
fn answers(server: &Server) -> Vec<Value> {
    let asked =
        ["doi:10.5555/faces", "doi:10.5555/aligned", "git:github.com/example/aligned", "name:Faces", "doi:10.5555/none"];
    let answers = server.ledger.check(&asked.map(str::to_owned)).expect("answers").answers;
    answers.into_iter().map(|asked| without_index(serde_json::to_value(asked.answer.expect("an id")).expect("JSON"))).collect()
}

fn without_index(mut answer: Value) -> Value {
    for found in answer["matches"].as_array_mut().expect("matches") {
        found.as_object_mut().expect("an object").remove("index");
    }
    answer
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_order_in_which_entries_came_decides_nothing(order in Just((0..5_usize).collect::<Vec<_>>()).prop_shuffle(), batch in any::<bool>()) {
        let lab = lab();
        let log = |order: &[usize]| {
            let (place, mut server) = open_for(&lab);
            for record in lab.records.clone() {
                server.put_from(record, Provenance::Pin).expect("pinned");
            }
            let history = history(&lab);
            let peer = || Provenance::Peer("a.example/log".to_owned());
            if batch {
                server.put_all(order.iter().map(|n| history[*n].clone()));
            } else {
                for n in order {
                    server.put_from(history[*n].clone(), peer()).expect("accepted");
                }
            }
            assert_eq!(place.faults(), [""; 0]);
            let mut leaves = server.leaves();
            leaves.sort_unstable();
            (answers(&server), leaves)
        };
        let straight = log(&[0, 1, 2, 3, 4]);
        let shuffled = log(&order);
        prop_assert_eq!(&straight.0, &shuffled.0);
        prop_assert_eq!(straight.1, shuffled.1, "an entry has one leaf hash everywhere");
        prop_assert!(straight.0[0]["matches"].as_array().expect("matches").len() >= 2);
    }
}

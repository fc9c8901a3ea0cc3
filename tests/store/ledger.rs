//! A whole ledger on the store: sign, submit, sequence, prove, ask, open again.

use std::sync::Arc;

use palinode::clock::ManualClock;
use palinode::envelope::{PayloadType, SecretKey};
use palinode::ledger::notices::NoticeSearch;
use palinode::ledger::{
    Admission, Ledger, Opening, Pins, Policy, Provenance, Quota, Room, Sequencer, ServerKeys, Step, Submission, Submitted, fsck,
};
use palinode::notice::{Draft, Timestamp};
use palinode::tlog::{KeyName, TlogProof};
use palinode::verdict::Verdict;

use super::backend::Backend;
use super::made::start;

const DRAFT: &str = r#"{
    "type": "retraction",
    "issuer": {"role": "observer"},
    "dataset": {"title": "Example Faces", "publisher_name": "Example Vision Lab"},
    "subjects": [{"id": "doi:10.5555/faces", "role": "whole"}],
    "scope": {"kind": "whole"},
    "reasons": ["consent"],
    "actions": [{"do": "delete"}]
}"#;

fn open(backend: &impl Backend) -> (Arc<Ledger>, Sequencer) {
    let origin = KeyName::parse("ledger.example.org/log").unwrap();
    let [log, witness, operator] = [0x51, 0x52, 0x53].map(|n| SecretKey::from_seed([n; 32]));
    let keys = Arc::new(ServerKeys::new(origin, log, witness, operator).unwrap());
    let identity = keys.identity().unwrap();
    let admission = Admission { policy: Policy::Open, quota: Quota::default(), pins: Pins::default() };
    Ledger::open(Opening {
        stores: backend.stores(),
        write: backend.writer(),
        record: backend.record(),
        keys,
        identity,
        admission,
        clock: Arc::new(ManualClock::at(start())),
        room: Room::endless(),
    })
    .expect("opens")
}

pub(crate) fn a_ledger_lives_on_it_and_finds_everything_again(backend: &impl Backend) {
    let key = SecretKey::from_seed([1; 32]);
    let issued = Timestamp::from_time(start()).unwrap();
    let completed = Draft::parse(DRAFT.as_bytes()).unwrap().complete(&key.public().to_did(), issued, [0; 32]).unwrap();
    let envelope = key.sign_envelope(PayloadType::Notice, &completed.payload).unwrap();
    let submission = Submission::parse(envelope.to_json().as_bytes()).unwrap();

    let (ledger, mut sequencer) = open(backend);
    let Submitted::Queued(mut ticket) = ledger.submit(submission.clone(), Provenance::Client).unwrap() else { panic!("new") };
    assert_eq!(sequencer.step(), Step::Worked(1));
    let placed = ticket.try_recv().unwrap().unwrap();
    let receipt = ledger.receipt_of(placed, [9; 32]).unwrap();
    drop((ledger, sequencer));

    let (ledger, _sequencer) = open(backend);
    let Submitted::Known(stored) = ledger.submit(submission, Provenance::Client).unwrap() else { panic!("known") };
    assert_eq!(stored.index, 0);
    assert_eq!(ledger.receipt(&stored, true, [9; 32]).unwrap().proof, receipt.proof);
    let proof = TlogProof::parse(&receipt.proof).unwrap();
    proof.verify(&receipt.entry, &ledger.identity().log).expect("the proof holds");
    let answers = ledger.check(&["doi:10.5555/FACES".to_owned()]).unwrap();
    assert_eq!(answers.answers[0].answer.as_ref().unwrap().verdict, Verdict::Reported);
    let page = ledger.search(&NoticeSearch { words: "vision".to_owned(), limit: 9, ..NoticeSearch::default() }).unwrap();
    assert_eq!(page.notices.len(), 1);
    let identity = ledger.identity();
    let known =
        fsck::Known { log: identity.log.clone(), operator: identity.operator, witnesses: vec![identity.witness.clone()] };
    let report = fsck::check(&backend.stores(), backend.record().as_ref(), &known, &mut |_, _| {}).unwrap();
    assert_eq!((report.entries, report.faults), (1, Vec::new()));
}

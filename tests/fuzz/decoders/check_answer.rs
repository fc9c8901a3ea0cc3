//! What a server answers, as a client reads it: whatever comes, the client shows it, refuses it, or finds it contradicted.

use std::collections::BTreeSet;

use palinode::client::answers::{CheckAnswer, NoticeAnswer, PublisherAnswer, Receipt, ServerAnswer};
use palinode::client::recheck::{Evidence, asked_identifiers};
use palinode::verdict::Trust;

pub fn check(data: &[u8]) {
    let _ = serde_json::from_slice::<ServerAnswer>(data);
    let _ = serde_json::from_slice::<NoticeAnswer>(data);
    let _ = serde_json::from_slice::<PublisherAnswer>(data);
    if let Ok(receipt) = serde_json::from_slice::<Receipt>(data) {
        let written = serde_json::to_vec(&receipt).expect("a receipt can be written");
        let again: Receipt = serde_json::from_slice(&written).expect("what is written is read");
        assert_eq!((again.id, again.index, again.proof), (receipt.id, receipt.index, receipt.proof));
    }
    let Ok(raw) = serde_json::from_slice(data) else { return };
    let Ok(answer) = CheckAnswer::read(raw) else { return };
    let asked = asked_identifiers(&answer.answers);
    assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), asked.len());
    let Ok(mut evidence) = Evidence::verify(&answer, &super::log_key()) else { return };
    for (name, algorithm) in evidence.lists(&asked) {
        evidence.note_list(name, algorithm, data, &asked);
    }
    let now = "2026-11-23T12:00:00Z".parse().expect("a time");
    let _ = evidence.disagreements(&answer.answers, &Trust::default(), now);
}

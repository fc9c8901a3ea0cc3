//! The same answers everywhere: what every server says of every identifier, against each other and against the pure judgement over
//! the set of all entries, in whatever order.

use std::collections::BTreeMap;
use std::sync::Arc;

use palinode::envelope::{Envelope, Lineages, PayloadType, PublicKey, PublisherRecord, Verified, verify};
use palinode::ledger::{Policy, StoredEntry};
use palinode::notice::{Identifier, Notice, NoticeId};
use palinode::verdict::{Answer, Judge, Statement, Statements, Voice};

use crate::storm::Simulation;

/// Answers that differ.
pub(crate) fn differences(simulation: &Simulation) -> Vec<String> {
    let entries: Vec<StoredEntry> = simulation.union().into_values().collect();
    let everything = statements(&entries);
    let mut differences = Vec::new();
    let mut first: BTreeMap<&str, (&str, Answer)> = BTreeMap::new();
    for node in &simulation.nodes {
        if simulation.plan.servers[node.number].policy == Policy::Pinned {
            // It has fewer entries, and so answers for fewer.
            continue;
        }
        let ledger = node.ledger().expect("it runs");
        let trust = ledger.trust();
        let judge = Judge::new(&everything, &trust, node.now());
        let answers = ledger.check(&simulation.identifiers).expect("readable").answers;
        for asked in &answers {
            let said = without_indexes(asked.answer.clone().expect("an identifier"));
            let candidates = Identifier::candidates(&asked.asked).expect("an identifier");
            let right = without_indexes(judge.decide_any(&candidates).expect("an identifier"));
            if said != right {
                differences.push(format!("{} says {said:?} of {}, and the judge {right:?}", node.name(), asked.asked));
            }
            let text = simulation.identifiers.iter().find(|id| **id == asked.asked).expect("it was asked");
            let (other, there) = first.entry(text.as_str()).or_insert_with(|| (node.name(), said.clone()));
            if said != *there {
                differences.push(format!("{} says {said:?} of {text}, and {other} {there:?}", node.name()));
            }
        }
    }
    differences
}

/// Every server has its own order, so the place in its log is its own.
fn without_indexes(mut answer: Answer) -> Answer {
    answer.matches.iter_mut().for_each(|found| found.index = None);
    answer
}

/// All statements of these entries, each with its voices: what the library's own store does, from scratch.
fn statements(entries: &[StoredEntry]) -> Statements {
    let envelope = |entry: &StoredEntry| Envelope::parse_canonical(&entry.bytes).expect("canonical");
    let key = |entry: &StoredEntry| PublicKey::from_bytes(&entry.key).expect("a key");
    let record = |entry: &StoredEntry| {
        let signed = verify(&envelope(entry), &[key(entry)]).expect("signed");
        Verified::<PublisherRecord>::new(signed).expect("a record")
    };
    let of_kind = |kind| entries.iter().filter(move |entry| entry.kind == kind);
    let records: Vec<_> = of_kind(PayloadType::Publisher).map(record).collect();
    let lineages = Lineages::fold(&records);
    let statement = |entry: &StoredEntry| {
        let notice = Notice::parse(envelope(entry).payload()).expect("a notice");
        let listings = lineages.listings(&notice.issuer.id, &key(entry));
        let voices = listings.into_iter().map(|l| Voice { lineage: l.lineage, may_lift: l.may_lift }).collect();
        Statement { id: NoticeId::of(envelope(entry).payload()), notice: Arc::new(notice.into()), voices, first_index: None }
    };
    of_kind(PayloadType::Notice).map(statement).collect()
}

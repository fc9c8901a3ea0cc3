//! How many datasets stand under which verdict: what a question about each of them would be answered.

use serde_json::json;

use super::sample::*;
use crate::ledger::{Admission, Pins, Provenance};
use crate::verdict::Verdict;

/// What was counted, and whether it has to be counted again.
fn counted(server: &Server) -> (Vec<(Verdict, u64)>, u64, bool) {
    let (counted, is_old) = server.ledger.by_verdict().expect("readable");
    let counted = counted.expect("a small log is counted at once");
    (counted.datasets.iter().map(|(verdict, datasets)| (*verdict, *datasets)).collect(), counted.tree_size, is_old)
}

#[test]
fn every_dataset_counts_once_under_the_verdict_that_it_has_today() {
    let lab = Person::of_domain("example.org", 3);
    let pin = lab.pin(&["doi:10.5555/"]);
    let place = Place::new();
    let mut server = place.open_with(Admission { pins: Pins::from_files([&pin]), ..open_policy() });
    assert_eq!(counted(&server), (vec![], server.size(), false));
    let (_, retracted) = lab.says(&retraction("Faces", "doi:10.5555/faces"));
    let (mistake, mistaken) = lab.says(&retraction("Voices", "doi:10.5555/voices"));
    server.put_from(submission(&lab.record("Example Lab"), None), Provenance::Import).expect("accepted");
    server.put_all([retracted, mistaken]);
    // Three speak of one dataset, in two spellings.
    server.put_all([1, 2, 3].map(|n| Person::new(n).says(&report("Gaits", "https://doi.org/10.5556/GAITS")).1));
    server.put_all([Person::new(4).says(&report("Walks", "doi:10.5556/walks")).1]);
    let size = server.size();
    assert_eq!(counted(&server), (vec![(Verdict::Retracted, 2), (Verdict::Reported, 2)], size, false));
    // What is lifted is known no more, and what lifts it names no other dataset.
    let mut revocation = explained("Voices", "doi:10.5555/voices", "Somebody else's voices were meant.");
    revocation["type"] = json!("revocation");
    revocation["issuer"]["role"] = json!("publisher");
    revocation["prior"] = json!([{"notice": mistake.to_string(), "relation": "revokes"}]);
    for gone in ["scope", "reasons", "actions"] {
        revocation.as_object_mut().expect("an object").remove(gone);
    }
    server.put_all([lab.says(&revocation).1]);
    let expected = vec![(Verdict::Retracted, 1), (Verdict::Reported, 2), (Verdict::NoNotice, 1)];
    assert_eq!(counted(&server), (expected, size + 1, false));
}

#[test]
fn a_long_log_is_counted_behind_and_shown_as_it_was_counted_last() {
    let place = Place::in_memory();
    let mut server = place.open();
    // More than one speaker, since nobody may say everything on one day.
    for first in (0..2_100).step_by(100) {
        let speaker = Person::new(u8::try_from(1 + first / 700).expect("few"));
        server.put_all(many(&speaker, first..first + 100));
    }
    let (nothing, is_old) = server.ledger.by_verdict().expect("readable");
    assert_eq!((nothing, is_old), (None, true), "nobody waits for it");
    server.ledger.count_verdicts().expect("readable");
    let first = counted(&server);
    assert_eq!((first.1, first.2), (server.size(), false));
    assert_eq!(first.0, [(Verdict::Reported, 2_100)]);
    // What was counted last is shown while counting rests.
    server.put_all([Person::new(9).says(&report("More", "doi:10.5556/more")).1]);
    server.ledger.count_verdicts().expect("readable");
    assert_eq!(counted(&server), (first.0, first.1, true));
}

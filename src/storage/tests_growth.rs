//! How the log grew, told by checkpoints that were signed.

use super::sample::*;
use crate::ledger::growth::{Grown, STEPS};
use crate::ledger::ports::LogRead;

/// Every checkpoint that was signed.
fn signed(server: &Server) -> Vec<Grown> {
    let all = server.store.published_from(0, usize::MAX >> 1).expect("readable");
    all.into_iter().map(|head| Grown { size: head.head.size, at: head.signed_at }).collect()
}

#[test]
fn a_short_log_is_told_checkpoint_by_checkpoint() {
    let place = Place::new();
    let mut server = place.open();
    for n in 0..5 {
        server.put_all(many(&Person::new(1), n..n + 1));
    }
    assert_eq!(server.ledger.growth().expect("readable"), signed(&server));
}

#[test]
fn of_a_long_log_some_are_told_from_the_first_to_the_newest() {
    let place = Place::in_memory();
    let mut server = place.open();
    for n in 0..200 {
        server.put_all(many(&Person::new(1), n..n + 1));
    }
    let (told, all) = (server.ledger.growth().expect("readable"), signed(&server));
    assert_eq!(told.len() as u64, STEPS + 1);
    assert!(told.iter().all(|one| all.contains(one)) && told.is_sorted_by_key(|one| one.size), "{told:?}");
    assert_eq!((told.first(), told.last()), (all.first(), all.last()));
}

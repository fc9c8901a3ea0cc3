//! Five servers in one process, in all weathers: the real ledgers, databases and loops of the federation on one thread, over a
//! network in memory and a simulated clock, with everything that chance decides drawn from one seed.
//!
//! Promise F1: after the storm every server has the same entries within a minute, and everything comes to rest. F2: nothing that
//! was acknowledged is lost. F5: bad entries stop nothing and are never taken. F6: clocks do not matter. One log more lies to two of the servers: no lie keeps anybody from the rest, and whatever convicts it is kept. F10: bodies travel about
//! once to each server.
//!
//! | variable | is |
//! |---|---|
//! | `PALINODE_SEEDS` | how many seeds are tried, from 1 on; 60 when absent, 200 in `.ci/run`, 2,000 for a long run |
//! | `PALINODE_SEED` | the one seed that is tried |
//! | `PALINODE_TRACE` | prints every event of that seed |
//!
//! A seed that fails is printed with the command that replays it.
#![expect(clippy::expect_used, clippy::panic, reason = "what a test cannot do fails it")]

mod away;
mod chance;
mod clock;
mod death;
mod handler;
mod judgement;
mod liar;
mod load;
mod network;
mod node;
mod people;
mod plan;
mod poison;
mod runs;
mod sabotage;
mod storm;
mod trace;
mod verdicts;

use std::time::Duration;

use crate::liar::Lie;
use crate::runs::{Figures, Run, number};
use crate::storm::simulate;

#[test]
fn after_every_storm_all_servers_come_to_the_same_entries_and_the_same_verdicts() {
    let replayed = number("PALINODE_SEED");
    let figures = match replayed {
        Some(seed) => Figures::of(vec![Run::of(seed, |_| {})]),
        None => runs::over_seeds(1..=number("PALINODE_SEEDS").unwrap_or(60)),
    };
    eprintln!("{figures}");
    figures.assert_all_well();
    if replayed.is_none() {
        figures.assert_bodies_travel_about_once();
    }
}

#[test]
fn a_seed_gives_the_same_storm_each_time() {
    for seed in [3, 17] {
        let [one, other] = [simulate(seed, |_| {}), simulate(seed, |_| {})];
        let differs = one.trace.iter().zip(&other.trace).find(|(one, other)| one != other);
        assert_eq!(differs, None);
        assert_eq!(one.trace.len(), other.trace.len());
    }
}

#[test]
fn a_server_that_drops_every_third_entry_is_seen() {
    let outcome = simulate(1, |plan| plan.servers[1].sabotaged = true);
    assert!(outcome.complaints.iter().any(|complaint| complaint.starts_with("b lacks ")), "{:?}", outcome.complaints);
    assert!(outcome.complaints.iter().any(|complaint| complaint.contains("acknowledged")), "{:?}", outcome.complaints);
    assert!(outcome.calm.entries.is_none());
}

#[test]
fn servers_that_do_not_compare_what_they_see_are_seen() {
    let outcome = simulate(1, |plan| {
        plan.deceit.lie = Lie::TwoFaces;
        plan.compare = Duration::from_hours(24);
    });
    assert!(
        outcome.complaints.iter().any(|complaint| complaint.contains("does not see the other face")),
        "{:?}",
        outcome.complaints
    );
}

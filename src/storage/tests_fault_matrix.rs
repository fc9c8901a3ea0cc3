//! Promise D6: whichever calls of a commit fail, in whichever way, what was acknowledged is there, and the log goes on.
//!
//! A batch is posted to a log whose size makes it end at, cross or begin at the edge of a tile. Its calls are counted by a run
//! without faults; then each of them fails before and after it did its work; then pairs, where the second fault hits whatever
//! repairs the first; then triples drawn with a seed. After the faults the server goes on, mends itself, is restarted, or is
//! killed. The few cases that a plain test run has time for are spread evenly; `PALINODE_FAULTS=all` runs every one.

use sha2::{Digest, Sha256};

use super::fault_trial::*;
use super::faulty::{Call, Failure};

/// Where batches begin: around the first and the second tile's end.
const STARTS: [u64; 9] = [253, 254, 255, 256, 257, 258, 511, 512, 513];
const BATCHES: [usize; 3] = [1, 2, 5];

/// Faults by the numbers of the calls that they hit, counted from the first of the batch.
type Faults = Vec<(usize, Failure)>;

/// Runs one case, and gives the calls that it made until everything was acknowledged.
fn run(start: u64, batch: usize, faults: &Faults, then: Then) -> Vec<Call> {
    let said = format!("{batch} entries onto {start}, faults {faults:?}, then it {then:?}");
    let case = std::panic::AssertUnwindSafe(|| {
        let mut trial = Trial::new(start, batch);
        for (n, failure) in faults {
            trial.board.fail_nth(*n, *failure);
        }
        trial.post_until_acknowledged(faults.len(), then);
        let calls = trial.board.take_calls();
        trial.assert_sound();
        calls
    });
    std::panic::catch_unwind(case).unwrap_or_else(|panic| {
        let why = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        panic!("{said}: {}", why.unwrap_or_default())
    })
}

#[test]
fn whichever_call_of_a_batch_fails_nothing_acknowledged_is_lost_around_the_edges_of_tiles() {
    let stride = every(29);
    let (mut case, mut ran) = (0, 0);
    for start in STARTS {
        for batch in BATCHES {
            let calls = run(start, batch, &Vec::new(), Then::GoesOn);
            for n in 0..calls.len() {
                for failure in WAYS {
                    for then in EVERY_END {
                        case += 1;
                        if case % stride == 0 {
                            run(start, batch, &vec![(n, failure)], then);
                            ran += 1;
                        }
                    }
                }
            }
        }
    }
    tell("one fault", ran, case);
}

#[test]
fn a_second_fault_in_the_repair_of_the_first_loses_nothing_where_a_batch_crosses_a_tile() {
    let stride = every(211);
    let (start, batch) = (255, 2);
    let (mut case, mut ran) = (0, 0);
    let calls = run(start, batch, &Vec::new(), Then::GoesOn).len();
    for n in 0..calls {
        for first in WAYS {
            for then in EVERY_END {
                let after = run(start, batch, &vec![(n, first)], then).len();
                for m in n + 1..after {
                    for second in WAYS {
                        case += 1;
                        if case % stride == 0 {
                            run(start, batch, &vec![(n, first), (m, second)], then);
                            ran += 1;
                        }
                    }
                }
            }
        }
    }
    tell("two faults", ran, case);
}

#[test]
fn three_faults_at_places_drawn_from_a_seed_lose_nothing() {
    let (mut drawn, rounds) = (Drawn::new("three faults"), if every(2) == 1 { 400 } else { 6 });
    for _ in 0..rounds {
        let start = STARTS[drawn.below(STARTS.len())];
        let batch = BATCHES[drawn.below(BATCHES.len())];
        let then = EVERY_END[drawn.below(EVERY_END.len())];
        let mut faults = Vec::new();
        for _ in 0..3 {
            // Where the next one can hit depends on what the ones before made the server do.
            let from = faults.last().map_or(0, |(n, _)| n + 1);
            let calls = run(start, batch, &faults, then).len();
            if from < calls {
                faults.push((from + drawn.below(calls - from), WAYS[drawn.below(2)]));
            }
        }
        run(start, batch, &faults, then);
    }
    tell("three faults", rounds, rounds);
}

/// Numbers that are the same in every run.
struct Drawn(Sha256, u64);

impl Drawn {
    fn new(seed: &str) -> Self {
        Self(Sha256::new().chain_update(seed), 0)
    }

    fn below(&mut self, end: usize) -> usize {
        self.1 += 1;
        let digest = self.0.clone().chain_update(self.1.to_be_bytes()).finalize();
        usize::from(u16::from_be_bytes([digest[0], digest[1]])) % end
    }
}

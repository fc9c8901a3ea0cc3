//! What was acknowledged outlives the death of the process (promise D1), and a stop under load (promise O8).
//!
//! One data folder lives through all rounds. Twenty by default; `PALINODE_ROUNDS=100` for the whole, some minutes.

use std::time::{Duration, Instant};

use palinode::tlog::VerifierKey;
use proptest::prelude::RngExt;

use crate::book::{Book, Served, found, is_whole};
use crate::connection::Connection;
use crate::load::{Load, unlimited};
use crate::server_process::{Launch, ServerProcess, palinode};
use crate::settings::{self, number};

/// A round of posting ends at a random moment before this.
const ROUND: Duration = Duration::from_secs(1);
/// A start takes about so long; some are killed within it.
const START: Duration = Duration::from_millis(400);
/// How many notices are signed ahead of each round: more than a server takes in one.
const AHEAD: usize = 600;
const STOPS_WITHIN: Duration = Duration::from_secs(10);

#[test]
fn what_was_acknowledged_outlives_kills_at_random_moments() {
    let rounds = number("PALINODE_ROUNDS", 20);
    let seed = settings::seed("kills");
    let mut chance = settings::chance(seed, 0);
    let folder = tempfile::tempdir().unwrap();
    let launch = unlimited(Launch::on(folder.path().join("data")), folder.path());
    let mut server = launch.start();
    let load = Load::new(Book::of(key_of(&server)));
    let (begun, mut kills, mut posting_time) = (Instant::now(), 0, Duration::ZERO);
    for round in 0..rounds {
        load.prepare(AHEAD);
        let posting = load.begin(server.address(), settings::chance(seed, round + 1));
        let moment = chance.random_range(Duration::ZERO..ROUND);
        std::thread::sleep(moment);
        server.kill();
        posting_time += moment;
        posting.ended();
        kills += 1;
        // Some starts do not get far either.
        while chance.random_bool(0.3) {
            launch.start_and_kill_after(chance.random_range(Duration::ZERO..START));
            kills += 1;
        }
        if chance.random() {
            fsck(&server);
        }
        server = launch.start();
        everything_promised_is_on(&server, &load, false);
        if (round + 1) % 20 == 0 && round + 1 < rounds {
            report(&format!("{} of {rounds} rounds, {:?}", round + 1, begun.elapsed()));
        }
    }
    // Nothing stays in doubt, and nothing has two places.
    let settled = load.begin(server.address(), settings::chance(seed, rounds + 1));
    settled.ended();
    assert!(load.all_answered());
    everything_promised_is_on(&server, &load, true);
    server.ends_well();
    fsck(&server);
    let book = load.book.lock().unwrap();
    report(&format!(
        "{rounds} rounds, {kills} kills, {} acknowledged in {posting_time:?} of posting, {} checkpoints seen, {:?}",
        book.acknowledged.len(),
        book.shown.len(),
        begun.elapsed()
    ));
    assert!(book.acknowledged.len() as u64 > rounds, "the server hardly took anything");
}

#[test]
fn a_server_asked_to_stop_under_load_ends_in_time_and_keeps_what_it_acknowledged() {
    let rounds = number("PALINODE_ROUNDS", 20).div_ceil(5);
    let seed = settings::seed("stops");
    let mut chance = settings::chance(seed, 0);
    let folder = tempfile::tempdir().unwrap();
    let launch = unlimited(Launch::on(folder.path().join("data")), folder.path());
    let mut server = launch.start();
    let load = Load::new(Book::of(key_of(&server)));
    let mut longest = Duration::ZERO;
    for round in 0..rounds {
        load.prepare(AHEAD);
        let posting = load.begin(server.address(), settings::chance(seed, round + 1));
        std::thread::sleep(chance.random_range(Duration::ZERO..ROUND));
        let took = server.ends_well();
        assert!(took <= STOPS_WITHIN, "seed {seed}: it took {took:?} to stop");
        longest = longest.max(took);
        posting.ended();
        fsck(&server);
        server = launch.start();
        everything_promised_is_on(&server, &load, false);
    }
    everything_promised_is_on(&server, &load, true);
    let acknowledged = load.book.lock().unwrap().acknowledged.len();
    report(&format!("{rounds} stops under load, {acknowledged} acknowledged, the longest stop took {longest:?}"));
}

fn key_of(server: &ServerProcess) -> VerifierKey {
    let mut connection = Connection::to(server.address()).unwrap();
    let known = found(&mut connection, "/v1/server").unwrap().json();
    VerifierKey::parse(known["log_key"].as_str().unwrap()).unwrap()
}

/// Every notice stands where it was acknowledged, and every checkpoint that was ever seen is the beginning of this log. With
/// `entries` the log is read from its entries, and every notice by all the ways that lead to it.
fn everything_promised_is_on(server: &ServerProcess, load: &Load, entries: bool) {
    let book = load.book.lock().unwrap();
    let mut connection = Connection::to(server.address()).unwrap();
    let served = Served::read(&mut connection, &book.key, entries).unwrap();
    served.keeps(&book.acknowledged, &book.shown).unwrap_or_else(|broken| panic!("{broken}"));
    // The newest are the most in danger.
    let looked_at = if entries { book.acknowledged.len() } else { 10 };
    for known in book.acknowledged.iter().rev().take(looked_at) {
        is_whole(&mut connection, &book.key, known).unwrap_or_else(|broken| panic!("{broken}"));
    }
}

/// Derives the whole ledger again; nothing may contradict itself.
fn fsck(server: &ServerProcess) {
    palinode(&["fsck", "--data", server.data_text()]).well();
}

#[expect(clippy::print_stderr, reason = "figures for whoever runs the long version")]
fn report(what: &str) {
    eprintln!("{what}");
}

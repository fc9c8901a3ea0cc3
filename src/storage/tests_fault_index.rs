//! Promise D6 below the ports: statements that SQLite refuses in the middle of a commit, and an index file that takes no rows, is
//! gone or is damaged. Whatever becomes of the index, no acknowledged notice is lost, logged twice or hidden: a question is
//! answered with it, or not at all.

use super::fault_judge::ask_for;
use super::fault_trial::*;
use super::sample::*;

/// How a statement fails: alone, or with the whole transaction, as when the disk is full.
const REFUSALS: [&str; 2] = ["ABORT", "ROLLBACK"];

/// Has SQLite refuse something in a table, as a disk would.
fn refuse(place: &Place, file: &str, what: &str, how: &str) {
    place
        .sql_in(file, &format!("CREATE TRIGGER refused BEFORE {what} BEGIN SELECT RAISE({how}, 'a fault was asked for'); END"));
}

fn heal(place: &Place, file: &str) {
    place.sql_in(file, "DROP TRIGGER refused");
}

/// Every kind of statement that the two commits of a batch run, some of them for one row only.
fn statements(size: u64) -> Vec<String> {
    let mut all: Vec<String> = (size..size + 5).map(|idx| format!("INSERT ON entries WHEN new.idx = {idx}")).collect();
    for tile in ["level = 0 AND new.idx = 0", "level = 0 AND new.idx = 1", "level = 1"] {
        all.push(format!("INSERT ON tiles WHEN new.{tile}"));
    }
    let others = ["INSERT ON heads", "INSERT ON documents", "UPDATE ON heads", "INSERT ON cosignatures", "INSERT ON settings"];
    all.extend(others.map(str::to_owned));
    all
}

#[test]
fn whichever_statement_of_a_commit_is_refused_nothing_of_the_batch_is_half_there() {
    let stride = every(5);
    let (mut case, mut ran, mut refused) = (0, 0, 0);
    for size in 253..=258 {
        for what in statements(size) {
            for how in REFUSALS {
                for then in EVERY_END {
                    case += 1;
                    if case % stride != 0 {
                        continue;
                    }
                    ran += 1;
                    let mut trial = Trial::new(size, 5);
                    refuse(&trial.place, "palinode.db", &what, how);
                    trial.round();
                    refused += usize::from(!trial.is_acknowledged());
                    if then == Then::IsKilled {
                        trial.is_killed();
                        heal(&trial.place, "palinode.db");
                        trial.reopen(0);
                    } else {
                        heal(&trial.place, "palinode.db");
                    }
                    trial.post_until_acknowledged(0, then);
                    trial.assert_sound();
                }
            }
        }
    }
    tell("statements of the log", ran, case);
    assert!(refused * 2 > ran, "{refused} of {ran} were refused");
}

#[test]
fn an_index_that_takes_no_rows_hides_nothing_and_follows_when_it_does_again() {
    for what in ["INSERT ON payloads", "INSERT ON facts", "INSERT ON notices", "INSERT ON progress", "INSERT ON leaves"] {
        for how in REFUSALS {
            for killed in [false, true] {
                let mut trial = Trial::new(255, 5);
                refuse(&trial.place, "index.db", what, how);
                trial.post_until_acknowledged(0, Then::GoesOn);
                trial.assert_found();
                // Counting carries over first, so the file has failed by now, and memory must still have everything.
                trial.server().ledger.count_notices().expect_err("the file takes no rows");
                trial.assert_found();
                if killed {
                    trial.is_killed();
                } else {
                    trial.stop();
                }
                trial.reopen(0);
                trial.assert_found();
                trial.post_again();
                trial.stop();
                heal(&trial.place, "index.db");
                trial.reopen(0);
                trial.assert_found();
                trial.assert_sound();
            }
        }
    }
}

#[test]
fn an_index_that_is_gone_is_derived_again_and_hides_nothing_meanwhile() {
    for when in ["before", "between", "after"] {
        let mut trial = Trial::new(255, 5);
        if when == "before" {
            remove_index(&trial.place);
        }
        trial.round();
        if when == "between" {
            remove_index(&trial.place);
        }
        trial.assert_found_or_unanswered();
        trial.round();
        trial.assert_found_or_unanswered();
        trial.stop();
        if when == "after" {
            remove_index(&trial.place);
        }
        trial.reopen(0);
        trial.post_until_acknowledged(0, Then::GoesOn);
        trial.assert_sound();
    }
}

/// An operator who removes the index beside a running server and looks with `fsck`, which makes another one: the server must not
/// read the one and write to the other.
#[test]
fn an_index_that_another_process_made_anew_hides_nothing_from_those_who_ask_a_running_server() {
    let mut trial = Trial::new(255, 5);
    remove_index(&trial.place);
    assert_eq!(trial.place.faults(), [""; 0]);
    trial.round();
    // Once in its file, and dropped from memory. Where that cannot be, it stays in memory, and is found there.
    let _ = trial.server().ledger.count_notices();
    let (ledger, acknowledged) = (trial.server().ledger.clone(), trial.acknowledged());
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| ask_for(&ledger, &acknowledged));
        }
    });
    trial.stop();
    trial.reopen(0);
    trial.post_until_acknowledged(0, Then::GoesOn);
    trial.assert_sound();
}

fn remove_index(place: &Place) {
    for file in ["index.db", "index.db-wal", "index.db-shm"] {
        let _ = std::fs::remove_file(place.path().join(file));
    }
}

/// Sizes of pages are SQLite's own.
const PAGE: usize = 4_096;

#[test]
fn a_damaged_page_of_the_index_hides_nothing_and_a_rebuilt_index_has_everything() {
    let stride = every(3);
    let (mut ran, mut noticed) = (0, 0);
    for (damage, running) in [(Damage::Zeroes, false), (Damage::Noise, false), (Damage::Noise, true)] {
        for page in 0.. {
            let mut trial = Trial::new(255, 5);
            trial.post_until_acknowledged(0, Then::Restarts);
            trial.stop();
            let file = trial.place.path().join("index.db");
            let pages = std::fs::metadata(&file).expect("there").len() / PAGE as u64;
            if page >= pages {
                break;
            }
            if page % stride as u64 != 0 {
                continue;
            }
            ran += 1;
            if running {
                trial.reopen(0);
            }
            damage.page(&file, usize::try_from(page).expect("small"));
            let opened = if running { Ok(()) } else { trial.try_open() };
            match opened {
                Ok(()) => {
                    noticed += usize::from(!trial.assert_found_or_unanswered());
                    trial.post_again();
                    trial.stop();
                }
                Err(error) => {
                    noticed += 1;
                    let error = error.to_string();
                    assert!(error.contains("fsck --rebuild"), "page {page}: the operator is told what to do, not {error}");
                }
            }
            trial.place.folder_without_opening().rebuild_index(&mut |_, _| {}).unwrap_or_else(|e| panic!("page {page}: {e}"));
            trial.reopen(0);
            trial.assert_sound();
        }
    }
    tell("damaged pages", ran, ran);
    assert!(noticed > 0, "some of it was read");
}

#[derive(Debug, Clone, Copy)]
enum Damage {
    Zeroes,
    Noise,
}

impl Damage {
    fn page(self, file: &std::path::Path, page: usize) {
        let mut bytes = std::fs::read(file).expect("readable");
        let noise = (0..=u8::MAX).map(|n| n.wrapping_mul(167) ^ 0x5a).cycle();
        let written = &mut bytes[page * PAGE..(page + 1) * PAGE];
        match self {
            Self::Zeroes => written.fill(0),
            Self::Noise => written.iter_mut().zip(noise).for_each(|(to, from)| *to = from),
        }
        std::fs::write(file, bytes).expect("written");
    }
}

impl Trial {
    /// Whether everybody who asks is answered, and then with everything that was acknowledged; the other way out is an error.
    fn assert_found_or_unanswered(&self) -> bool {
        ask_for(&self.server().ledger, &self.acknowledged()).is_ok()
    }
}

//! Asking at home: opening a local index of the log, and one question in it, within a process and as a process.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use palinode::client::index::{IndexFolder, LocalIndex};
use palinode::clock::{Clock, SystemClock};

use crate::material::identifiers;
use crate::process::ServerProcess;
use crate::report::{Goal, Line};
use crate::run::Run;
use crate::statistics::{Series, told};

/// How often the index is opened in a round, and asked.
const TIMES: u32 = 20;
/// A server's question may take 10 ms at the 99th percentile, and one in a copy at home should not take longer.
const QUESTION: f64 = 0.010;
/// Nothing was promised of these two, so the goals are ours: opening is a part of every question, and what takes a tenth of a second seems
/// to happen at once.
const OPENING: f64 = 0.050;
const PROCESS: f64 = 0.100;

pub(crate) fn run(run: &Run) -> Vec<Line> {
    let server = ServerProcess::start(&run.filled(run.notices), run.workers);
    let index = run.fresh("offline");
    let place = index.to_str().expect("a path of ours").to_owned();
    run.say("fetching the compact list, with all entries");
    let url = format!("http://{}/", server.product);
    let begun = Instant::now();
    let update = ["index", "update", "--index", &place, "--server", &url, "--trust-on-first-use", "--entries"];
    assert_eq!(palinode(&update), Some(0), "the list is fetched");
    let fetched = begun.elapsed();
    server.stop();

    let asked: Vec<String> = (0..u64::from(TIMES)).map(|n| id(n * run.notices / u64::from(TIMES))).collect();
    let (mut opening, mut asking, mut process, mut bare) =
        (Series::default(), Series::default(), Series::default(), Series::default());
    for _ in 0..run.rounds {
        opening.push(seconds(|_| drop(open(&index))));
        let copies = open(&index);
        asking.push(seconds(|n| {
            for copy in &copies {
                let ids = &asked[n..=n];
                let answer = copy.check(ids, copy.trust(), SystemClock.now()).expect("the index is whole");
                assert!(!answer.answers[0].matches.is_empty(), "{ids:?} is known");
            }
        }));
        process.push(seconds(|n| {
            let code = palinode(&["check", "--offline", "--index", &place, "--max-age", "1000d", &asked[n]]);
            assert!(matches!(code, Some(0 | 1)), "{code:?}");
        }));
        bare.push(seconds(|_| assert_eq!(palinode(&["--version"]), Some(0))));
    }
    let of = |what: &str| format!("{} notices: {what}", run.notices);
    vec![
        Line::of("offline", of("opening a local index"), "s", &opening, Goal::AtMost(OPENING))
            .with(format!("fetched and verified with all entries in {}", told(fetched))),
        Line::of("offline", of("one question in it that is a hit, entries verified"), "s", &asking, Goal::AtMost(QUESTION)),
        Line::of("offline", of("a process for one question"), "s", &process, Goal::AtMost(PROCESS))
            .with(format!("a process that does nothing takes {:.4} s", bare.median())),
    ]
}

fn open(index: &Path) -> Vec<LocalIndex> {
    LocalIndex::open_all(&IndexFolder::at(index)).expect("the index is whole")
}

fn id(notice: u64) -> String {
    identifiers(notice).into_iter().next().unwrap_or_default()
}

/// How long one takes, in the mean.
fn seconds(mut one: impl FnMut(usize)) -> f64 {
    let begun = Instant::now();
    for n in 0..TIMES {
        one(n as usize);
    }
    begun.elapsed().as_secs_f64() / f64::from(TIMES)
}

/// Runs a command of the product in a process of its own, and gives the code that it ends with.
fn palinode(arguments: &[&str]) -> Option<i32> {
    let program = std::env::current_exe().expect("this program");
    let ended = Command::new(program).arg("palinode").arg("--").args(arguments).output().expect("the command starts");
    ended.status.code()
}

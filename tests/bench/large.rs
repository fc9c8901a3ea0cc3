//! A log of a million notices: from the start to the first answer, memory, questions, and a full check of everything.

use std::path::Path;
use std::time::Instant;

use palinode::app::operator;

use crate::checking::questions;
use crate::load::{Expects, Plan, ask, drive, get};
use crate::process::ServerProcess;
use crate::report::{Goal, Line};
use crate::run::Run;
use crate::statistics::{Series, grouped, per_second, told};

/// Connections that ask at the same time.
const CONNECTIONS: usize = 32;
/// How often the server is started.
const STARTS: usize = 3;
/// A megabyte.
const MB: f64 = 1e6;

pub(crate) fn run(run: &Run) -> Vec<Line> {
    let notices = run.large;
    let folder = run.filled(notices);
    let mut starts = Series::default();
    let mut server = None;
    for _ in 0..STARTS {
        if let Some(running) = server.take() {
            ServerProcess::stop(running);
        }
        let begun = Instant::now();
        let started = ServerProcess::start(&folder, run.workers);
        let (status, _) = ask(started.product, &get("/readyz"));
        assert_eq!(status, 200, "the server is ready");
        starts.push(begun.elapsed().as_secs_f64());
        server = Some(started);
    }
    let server = server.expect("it was started");
    assert!(server.tree_size >= notices, "the log has {} entries", server.tree_size);
    let fresh = megabytes(server.resident());
    let requests = questions(notices);
    let plan = Plan {
        server: server.product,
        connections: CONNECTIONS,
        requests: &requests,
        again: true,
        lasts: run.lasts * 5,
        expects: Expects::Status(200),
    };
    run.say("asking");
    let asked = drive(plan);
    let p99 = asked.latencies.percentile(0.99);
    let resident = megabytes(server.resident());
    server.stop();
    let checked = fsck(run, &folder);
    let of = |what: &str| format!("{} notices: {what}", grouped_count(notices));
    vec![
        Line::of("large", of("start to ready"), "s", &starts, Goal::AtMost(2.0)),
        Line::once("large", of("resident after questions"), "MB", resident, Goal::AtMost(256.0))
            .with(format!("{fresh:.0} MB before the first question")),
        Line::once("large", of("check p99"), "ms", p99.as_secs_f64() * 1e3, Goal::AtMost(10.0)).with(format!(
            "{CONNECTIONS} connections, {}, p50 {}",
            per_second(asked.rate()),
            told(asked.latencies.percentile(0.5))
        )),
        Line::once("large", of("fsck"), "s", checked, Goal::AtMost(300.0)),
    ]
}

/// Checks the whole folder as `palinode fsck` does, and gives how long it took in seconds.
fn fsck(run: &Run, folder: &Path) -> f64 {
    let begun = Instant::now();
    let mut told = 0;
    let report = operator::fsck(&folder.join("data"), &mut |done, of| {
        if of > 0 && done * 10 / of > told {
            told = done * 10 / of;
            run.say(&format!("fsck: {done} of {of}"));
        }
    });
    let report = report.expect("the folder can be checked");
    assert!(report.faults.is_empty(), "fsck found {:?}", report.faults);
    begun.elapsed().as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / MB
}

#[expect(clippy::cast_precision_loss, reason = "a count of notices")]
fn grouped_count(notices: u64) -> String {
    grouped(notices as f64)
}

//! Durable posting: 32 connections against a core that only verifies, and one connection against a synced append.

use crate::load::{Expects, Plan, drive, post};
use crate::material::{Cast, Signed};
use crate::physical::{Signatures, SyncedFile};
use crate::process::ServerProcess;
use crate::report::{Goal, Line};
use crate::run::Run;
use crate::statistics::{Latencies, Series, per_second, told};
use crate::steps::Steps;

/// Connections that post at the same time.
const CONNECTIONS: usize = 32;
/// Posts a second that material is made for: far above what a server does.
const MOST_A_SECOND: f64 = 15_000.0;
/// Posts of one round over one connection.
const SINGLE: usize = 300;
/// Notices whose signatures the core verifies, again and again.
const VERIFIED: u64 = 2_000;

/// 201 after full sync and signed checkpoint, 32 keep-alive connections.
pub(crate) fn many(run: &Run) -> Vec<Line> {
    let cast = Cast::new();
    let signatures = Signatures::of(&cast.notices(0, VERIFIED));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rough count")]
    let each = (MOST_A_SECOND * run.lasts.as_secs_f64()) as u64;
    run.say("signing notices");
    let server = ServerProcess::start(&run.fresh("posting"), run.workers);
    let (mut ratios, mut rates, mut cores, mut p99s) =
        (Series::default(), Series::default(), Series::default(), Series::default());
    let mut latencies = Latencies::default();
    for round in 0..=run.rounds {
        let requests = requests(&cast.notices(round * each, (round + 1) * each));
        let before = signatures.on_one_core(run.lasts / 2);
        let posted = drive(plan(run, &server, CONNECTIONS, &requests));
        let after = signatures.on_one_core(run.lasts / 2);
        // The first round warms up.
        if round > 0 {
            let core = f64::midpoint(before, after);
            ratios.push(posted.rate() / core);
            rates.push(posted.rate());
            cores.push(core);
            p99s.push(posted.latencies.percentile(0.99).as_secs_f64() * 1e3);
            run.say(&format!(
                "posting round {round}: {}, {}",
                per_second(posted.rate()),
                told(posted.latencies.percentile(0.99))
            ));
            latencies.extend(posted.latencies);
        }
    }
    let resident = server.resident() >> 20;
    let steps = Steps::read(server.product);
    server.stop();
    let figures = format!(
        "{:.0} entries a batch; {} posts in all, median {} against {} verified; p50 {}, p99 {}, max {}; {resident} MiB resident at the end",
        steps.count("receipt") / steps.count("append").max(1.0),
        latencies.len(),
        per_second(rates.median()),
        per_second(cores.median()),
        told(latencies.percentile(0.5)),
        told(latencies.percentile(0.99)),
        told(latencies.percentile(1.0)),
    );
    vec![
        Line::of("posting", "durable posts, 32 connections / verify_strict, 1 core", "x", &ratios, Goal::AtLeast(0.30))
            .with(figures),
        Line::of("posting", "p99 of a post, 32 connections", "ms", &p99s, Goal::AtMost(100.0)),
    ]
}

/// One connection, one post after another.
pub(crate) fn single(run: &Run) -> Vec<Line> {
    let cast = Cast::new();
    let folder = run.fresh("single");
    let server = ServerProcess::start(&folder, run.workers);
    let mut file = SyncedFile::create(&folder);
    let mut ratios = Series::default();
    let mut before = Steps::read(server.product);
    let (mut posts, mut appends) = (Latencies::default(), Latencies::default());
    let each = SINGLE as u64;
    for round in 0..=run.rounds {
        let notices = cast.notices(round * each, (round + 1) * each);
        let mut appended = Latencies::default();
        for notice in &notices {
            appended.push(file.append(&notice.entry()));
        }
        let posted = drive(plan(run, &server, 1, &requests(&notices)));
        if round == 0 {
            before = Steps::read(server.product);
        } else {
            ratios.push(posted.latencies.percentile(0.5).as_secs_f64() / appended.percentile(0.5).as_secs_f64());
            posts.extend(posted.latencies);
            appends.extend(appended);
        }
    }
    let steps = Steps::read(server.product).since(&before, posts.mean());
    server.stop();
    let figures = format!(
        "post p50 {}, p99 {}; append and full sync of the same entry p50 {}, p99 {}\n    {steps}",
        told(posts.percentile(0.5)),
        told(posts.percentile(0.99)),
        told(appends.percentile(0.5)),
        told(appends.percentile(0.99)),
    );
    vec![Line::of("single", "one post / one append with full sync, p50", "x", &ratios, Goal::AtMost(6.0)).with(figures)]
}

fn requests(notices: &[Signed]) -> Vec<Vec<u8>> {
    notices.iter().map(|notice| post("/v1/notices", &notice.body())).collect()
}

fn plan<'r>(run: &Run, server: &ServerProcess, connections: usize, requests: &'r [Vec<u8>]) -> Plan<'r> {
    Plan { server: server.product, connections, requests, again: false, lasts: run.lasts, expects: Expects::Status(201) }
}

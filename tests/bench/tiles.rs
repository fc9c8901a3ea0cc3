//! Serving the log: hash tiles and bundles of entries against a constant body of the same size.

use crate::load::{Expects, Plan, drive, get};
use crate::material::drawn;
use crate::process::ServerProcess;
use crate::report::{Goal, Line};
use crate::run::Run;
use crate::server::Order;
use crate::statistics::{Latencies, Series, per_second, told};

/// Connections that read at the same time.
const CONNECTIONS: usize = 32;
/// Different requests of each kind.
const REQUESTS: u64 = 2_000;

/// Random full tiles, then random full bundles.
pub(crate) fn run(run: &Run) -> Vec<Line> {
    let folder = run.filled(run.notices);
    let mut server = ServerProcess::start(&folder, run.workers);
    let full = server.tree_size / 256;
    assert!(full > 0, "the log has no full tile: ask for more notices");
    let path = |kind: &str, n: u64| get(&format!("/log/tile/{kind}/{}", spelled(drawn("tile", n, full))));
    let mut lines = Vec::new();
    for (what, kind) in
        [("hash tile / constant body, 32 connections", "0"), ("bundle / constant body, 32 connections", "entries")]
    {
        let requests: Vec<_> = (0..REQUESTS).map(|n| path(kind, n)).collect();
        lines.push(side(run, &mut server, what, &requests));
    }
    server.stop();
    lines
}

fn side(run: &Run, server: &mut ServerProcess, what: &str, requests: &[Vec<u8>]) -> Line {
    let plan = |server| Plan {
        server,
        connections: CONNECTIONS,
        requests,
        again: true,
        lasts: run.lasts,
        expects: Expects::Status(200),
    };
    let size = drive(plan(server.product)).mean_body();
    server.order(&Order::Constant(size));
    let (mut ratios, mut served, mut constants) = (Series::default(), Series::default(), Series::default());
    let mut latencies = Latencies::default();
    for _ in 0..run.rounds {
        let before = drive(plan(server.constant)).rate();
        let tiles = drive(plan(server.product));
        let after = drive(plan(server.constant)).rate();
        let constant = f64::midpoint(before, after);
        ratios.push(tiles.rate() / constant);
        served.push(tiles.rate());
        constants.push(constant);
        latencies.extend(tiles.latencies);
    }
    let figures = format!(
        "{} against {} of {size} bytes each; p50 {}, p99 {}",
        per_second(served.median()),
        per_second(constants.median()),
        told(latencies.percentile(0.5)),
        told(latencies.percentile(0.99)),
    );
    Line::of("tiles", what, "x", &ratios, Goal::AtLeast(0.7)).with(figures)
}

/// The number of a tile as its path spells it (C2SP tlog-tiles): groups of three digits, all but the last with an `x`.
fn spelled(index: u64) -> String {
    let last = format!("{:03}", index % 1_000);
    if index < 1_000 { last } else { format!("{}/{last}", groups(index / 1_000)) }
}

fn groups(index: u64) -> String {
    let last = format!("x{:03}", index % 1_000);
    if index < 1_000 { last } else { format!("{}/{last}", groups(index / 1_000)) }
}

//! Pages for people: the page of an identifier against a constant page of the same size, and how long counting takes.
//!
//! A page that many ask for is made once a second, and one that nobody else asks for is made for whoever asks: both are measured.

use std::time::Instant;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::load::{Expects, Plan, ask, drive, get};
use crate::material::{drawn, identifiers};
use crate::process::ServerProcess;
use crate::report::{Goal, Line};
use crate::run::Run;
use crate::server::Order;
use crate::statistics::{Latencies, Series, per_second, told};

/// Connections that ask at the same time.
const CONNECTIONS: usize = 32;
/// Different pages, more than are asked for within a second.
const PAGES: u64 = 50_000;
/// Pages that everybody asks for.
const FOLLOWED: usize = 10;
/// How often the statistics are asked for after they were counted.
const COUNTS: usize = 200;

/// Pages of identifiers that a notice names, each another one; then of identifiers that none names; then the statistics.
pub(crate) fn run(run: &Run) -> Vec<Line> {
    let folder = run.filled(run.notices);
    let mut server = ServerProcess::start(&folder, run.workers);
    let counted = statistics(run, &server);
    let requests = |known: bool| -> Vec<Vec<u8>> { (0..PAGES).map(|n| get(&path(n, run.notices, known))).collect() };
    let (hits, misses) = (requests(true), requests(false));
    let (_, page) = ask(server.product, &hits[0]);
    assert!(String::from_utf8_lossy(&page).contains("class=\"timeline\""), "the first page has a notice");
    let lines = vec![
        side(run, &mut server, "page of an identifier that many ask for / constant page", &hits[..FOLLOWED]),
        side(run, &mut server, "page of a known identifier, each another / constant page", &hits),
        side(run, &mut server, "page of an unknown identifier, each another / constant page", &misses),
        counted,
    ];
    server.stop();
    lines
}

/// The page of an identifier that a notice of the log has, or of one of the same form that none has.
fn path(n: u64, notices: u64, known: bool) -> String {
    let ids = identifiers(drawn("page", n, notices) + if known { 0 } else { 1_000_000_000 });
    format!("/d/{}", utf8_percent_encode(ids.first().map_or("", String::as_str), NON_ALPHANUMERIC))
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
    // Warm, and learn how large a page is.
    let size = drive(plan(server.product)).mean_body();
    server.order(&Order::Constant(size));
    let (mut ratios, mut shown, mut constants) = (Series::default(), Series::default(), Series::default());
    let mut latencies = Latencies::default();
    for round in 1..=run.rounds {
        let before = drive(plan(server.constant)).rate();
        let pages = drive(plan(server.product));
        let after = drive(plan(server.constant)).rate();
        let constant = f64::midpoint(before, after);
        ratios.push(pages.rate() / constant);
        shown.push(pages.rate());
        constants.push(constant);
        run.say(&format!("pages round {round}: {} of {}", per_second(pages.rate()), per_second(constant)));
        latencies.extend(pages.latencies);
    }
    let figures = format!(
        "{} against {} of {size} bytes each; p50 {}, p99 {}",
        per_second(shown.median()),
        per_second(constants.median()),
        told(latencies.percentile(0.5)),
        told(latencies.percentile(0.99)),
    );
    Line::of("pages", what, "x", &ratios, Goal::AtLeast(0.3)).with(figures)
}

/// How long the first look at the statistics takes, which counts every entry, and how long later ones.
fn statistics(run: &Run, server: &ServerProcess) -> Line {
    let request = get("/statistics");
    let timed = || {
        let begun = Instant::now();
        assert_eq!(ask(server.product, &request).0, 200, "the statistics are there");
        begun.elapsed()
    };
    let first = timed();
    let mut later = Latencies::default();
    for _ in 0..COUNTS {
        later.push(timed());
    }
    let what = format!("{} notices: first look at the statistics", run.notices);
    Line::once("pages", what, "s", first.as_secs_f64(), Goal::AtMost(2.0)).with(format!(
        "later ones: p50 {}, p99 {}",
        told(later.percentile(0.5)),
        told(later.percentile(0.99))
    ))
}

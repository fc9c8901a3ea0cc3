//! Asking: single questions against a constant body of the same size, and many identifiers in one question.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::load::{Expects, Plan, ask, drive, get, post};
use crate::material::{drawn, identifiers};
use crate::process::ServerProcess;
use crate::report::{Goal, Line};
use crate::run::Run;
use crate::server::Order;
use crate::statistics::{Latencies, Series, number, per_second, told};

/// Connections that ask at the same time.
const CONNECTIONS: usize = 32;
/// Different questions; of every ten, one is a hit.
const QUESTIONS: u64 = 50_000;
/// Identifiers in one question, the most that the protocol allows.
const TOGETHER: usize = 1_000;
/// Connections that ask so much at once.
const MANY_CONNECTIONS: usize = 4;

/// Identifier `n` of the questions: one of a notice of the log in one case of ten, else one of the same form that no notice has.
fn question(n: u64, notices: u64) -> String {
    let hit = n.is_multiple_of(10);
    let notice = drawn("question", n, notices) + if hit { 0 } else { 1_000_000_000 };
    let ids = identifiers(notice);
    let which = drawn("identifier", n, ids.len() as u64);
    ids.into_iter().nth(usize::try_from(which).unwrap_or(0)).unwrap_or_default()
}

fn path_of(id: &str) -> String {
    format!("/v1/check?id={}", utf8_percent_encode(id, NON_ALPHANUMERIC))
}

/// Requests that each ask for one identifier.
pub(crate) fn questions(notices: u64) -> Vec<Vec<u8>> {
    (0..QUESTIONS).map(|n| get(&path_of(&question(n, notices)))).collect()
}

/// `GET /v1/check` against the constant body, and `POST /v1/check` against it.
pub(crate) fn run(run: &Run) -> Vec<Line> {
    let folder = run.filled(run.notices);
    let mut server = ServerProcess::start(&folder, run.workers);
    let ids: Vec<String> = (0..QUESTIONS).map(|n| question(n, run.notices)).collect();
    let gets: Vec<_> = ids.iter().map(|id| get(&path_of(id))).collect();
    let posts: Vec<_> =
        ids.chunks(TOGETHER).map(|ids| post("/v1/check", &serde_json::json!({ "ids": ids }).to_string())).collect();
    assert_hits(&server, &ids, &gets);
    let plan = |server, requests, connections| Plan {
        server,
        connections,
        requests,
        again: true,
        lasts: run.lasts,
        expects: Expects::Status(200),
    };
    // Warm, and learn how large an answer is.
    let size = drive(plan(server.product, &gets, CONNECTIONS)).mean_body();
    server.order(&Order::Constant(size));
    let (mut ratios, mut many) = (Series::default(), Series::default());
    let (mut checks, mut constants, mut ids_a_second) = (Series::default(), Series::default(), Series::default());
    let (mut latencies, mut at_once) = (Latencies::default(), Latencies::default());
    for round in 1..=run.rounds {
        let before = drive(plan(server.constant, &gets, CONNECTIONS)).rate();
        let single = drive(plan(server.product, &gets, CONNECTIONS));
        let together = drive(plan(server.product, &posts, MANY_CONNECTIONS));
        let after = drive(plan(server.constant, &gets, CONNECTIONS)).rate();
        let constant = f64::midpoint(before, after);
        ratios.push(single.rate() / constant);
        many.push(together.rate() * number(TOGETHER) / single.rate());
        constants.push(constant);
        checks.push(single.rate());
        ids_a_second.push(together.rate() * number(TOGETHER));
        run.say(&format!("check round {round}: {} of {}", per_second(single.rate()), per_second(constant)));
        latencies.extend(single.latencies);
        at_once.extend(together.latencies);
    }
    let resident = server.resident() >> 20;
    server.stop();
    let singly = format!(
        "{} notices, 9 of 10 miss; {} against {} of {size} bytes each; p50 {}, p99 {}; {resident} MiB resident",
        run.notices,
        per_second(checks.median()),
        per_second(constants.median()),
        told(latencies.percentile(0.5)),
        told(latencies.percentile(0.99)),
    );
    let together = format!(
        "{} ids a second over {MANY_CONNECTIONS} connections; a question of {TOGETHER}: p50 {}, p99 {}",
        per_second(ids_a_second.median()),
        told(at_once.percentile(0.5)),
        told(at_once.percentile(0.99)),
    );
    vec![
        Line::of("check", "GET check / constant body, 32 connections", "x", &ratios, Goal::AtLeast(0.5)).with(singly),
        Line::of("check", "ids of POST check with 1,000 / ids of GET check", "x", &many, Goal::AtLeast(8.0)).with(together),
    ]
}

/// The first question is a hit and the second is none, or nothing is measured.
fn assert_hits(server: &ServerProcess, ids: &[String], gets: &[Vec<u8>]) {
    for (n, hit) in [(0, true), (1, false)] {
        let (status, body) = ask(server.product, &gets[n]);
        let answer: serde_json::Value = serde_json::from_slice(&body).expect("an answer");
        let matches = answer["answers"][0]["matches"].as_array().map_or(0, Vec::len);
        assert!(status == 200 && (matches > 0) == hit, "{}: {answer:#}", ids[n]);
    }
}

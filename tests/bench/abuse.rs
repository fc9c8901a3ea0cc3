//! Whoever behaves is answered while somebody else does not: floods of garbage, and connections that never finish a request.
//!
//! Everything that limits one client is raised out of the way, so this is what the server bears before it refuses anybody.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use palinode::envelope::Envelope;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::checking::questions;
use crate::load::{Expects, Plan, drive, post};
use crate::material::{Cast, Signed};
use crate::process::ServerProcess;
use crate::report::{Goal, Line};
use crate::run::Run;
use crate::statistics::{per_second, told};

/// Connections that post what will be taken.
const GOOD: usize = 4;
/// Connections that post garbage as fast as it is refused.
const BAD: usize = 16;
/// For how long nothing is written when everything is: longer than the server gathers entries for its index.
const QUIET: Duration = Duration::from_secs(5);
/// Connections that send a byte a second.
const SLOW: usize = 1_000;
/// Good notices that are made for each second.
const MOST_A_SECOND: f64 = 5_000.0;

pub(crate) fn run(run: &Run) -> Vec<Line> {
    let mut lines = garbage(run);
    lines.push(slow_heads(run));
    lines
}

/// Good posts alone, then beside a flood of notices whose signatures do not hold.
fn garbage(run: &Run) -> Vec<Line> {
    let folder = run.fresh("abuse");
    let server = ServerProcess::start(&folder, run.workers);
    let cast = Cast::new();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rough count")]
    let each = (MOST_A_SECOND * run.lasts.as_secs_f64()) as u64;
    let good: Vec<Vec<_>> = [0, each]
        .map(|from| cast.notices(from, from + each).iter().map(|notice| post("/v1/notices", &notice.body())).collect())
        .into();
    let bad: Vec<_> = cast.notices(1_000_000, 1_002_000).iter().map(|notice| post("/v1/notices", &forged(notice))).collect();
    let plan = |requests, connections, again, expects| Plan {
        server: server.product,
        connections,
        requests,
        again,
        lasts: run.lasts,
        expects,
    };
    let alone = drive(plan(&good[0], GOOD, false, Expects::Status(201)));
    // Only refusals, to see what they leave behind.
    let before = settled(&folder);
    let flood = drive(plan(&bad, BAD, true, Expects::Refusal));
    let grown = settled(&folder).saturating_sub(before);
    let (beside, flooding) = std::thread::scope(|scope| {
        let flooding = scope.spawn(|| drive(plan(&bad, BAD, true, Expects::Refusal)));
        let beside = drive(plan(&good[1], GOOD, false, Expects::Status(201)));
        (beside, flooding.join().expect("the flood ends"))
    });
    server.stop();
    let p99 = beside.latencies.percentile(0.99);
    let figures = format!(
        "alone {}, p99 {}; beside {} refused {}, p99 {}; the flood alone is refused {}",
        per_second(alone.rate()),
        told(alone.latencies.percentile(0.99)),
        per_second(flooding.rate()),
        per_second(beside.rate()),
        told(p99),
        per_second(flood.rate()),
    );
    #[expect(clippy::cast_precision_loss, reason = "a size of files")]
    let grown = grown as f64;
    vec![
        Line::once("abuse", "p99 of good posts beside forged ones", "ms", p99.as_secs_f64() * 1e3, Goal::AtMost(250.0))
            .with(figures),
        Line::once("abuse", "bytes that forged posts leave on disk", "B", grown, Goal::AtMost(0.0)),
    ]
}

/// The body of a notice whose signature was changed.
fn forged(notice: &Signed) -> String {
    let mut envelope: Value = serde_json::from_str(&notice.envelope.to_json()).expect("an envelope");
    let mut signature = *notice.envelope.signature();
    signature[10] ^= 1;
    envelope["signatures"][0]["sig"] = data_encoding::BASE64.encode(&signature).into();
    let envelope = Envelope::parse(envelope.to_string().as_bytes()).expect("an envelope");
    Signed { envelope, documents: notice.documents.clone(), key: notice.key }.body()
}

/// Questions beside connections that never finish the head of a request.
fn slow_heads(run: &Run) -> Line {
    let folder = run.filled(run.notices.min(20_000));
    let server = ServerProcess::start(&folder, run.workers);
    let requests = questions(run.notices.min(20_000));
    let plan = Plan {
        server: server.product,
        connections: 8,
        requests: &requests,
        again: true,
        lasts: run.lasts,
        expects: Expects::Status(200),
    };
    let alone = drive(plan);
    let stop = CancellationToken::new();
    let (opened, is_open) = std::sync::mpsc::channel();
    let beside = std::thread::scope(|scope| {
        let (address, stop_slow) = (server.product, stop.clone());
        scope.spawn(move || hold(address, &stop_slow, &opened));
        is_open.recv().expect("the connections are opened");
        let beside = drive(plan);
        stop.cancel();
        beside
    });
    server.stop();
    let p99 = beside.latencies.percentile(0.99);
    let figures = format!(
        "alone {}, p99 {}; beside {SLOW} slow connections {}, p99 {}",
        per_second(alone.rate()),
        told(alone.latencies.percentile(0.99)),
        per_second(beside.rate()),
        told(p99),
    );
    let what = "p99 of questions beside connections that drip";
    Line::once("abuse", what, "ms", p99.as_secs_f64() * 1e3, Goal::AtMost(100.0)).with(figures)
}

/// Opens connections and sends a byte of a head on each every second, until it is told to stop.
fn hold(server: SocketAddr, stop: &CancellationToken, opened: &std::sync::mpsc::Sender<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut connections = Vec::with_capacity(SLOW);
        for _ in 0..SLOW {
            let mut connection = TcpStream::connect(server).await.expect("the server takes connections");
            connection.write_all(b"GET /v1/check?id=doi:10.1/1 HTTP/1.1\r\nhost: bench\r\nx-drip: ").await.expect("is taken");
            connections.push(connection);
        }
        opened.send(()).expect("somebody waits");
        while stop.run_until_cancelled(tokio::time::sleep(Duration::from_secs(1))).await.is_some() {
            for connection in &mut connections {
                // The server may have cut it off by now, as it should.
                let _ = connection.write_all(b"x").await;
            }
        }
    });
}

/// Bytes of all files below the folder of a server when nothing is written any more: what was posted is carried into the index some
/// seconds later.
fn settled(folder: &Path) -> u64 {
    let (mut bytes, mut since) = (bytes_below(folder), Instant::now());
    while since.elapsed() < QUIET {
        std::thread::sleep(Duration::from_millis(50));
        let now = bytes_below(folder);
        if now != bytes {
            (bytes, since) = (now, Instant::now());
        }
    }
    bytes
}

/// Bytes of all files below a folder.
fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(data) if data.is_dir() => bytes_below(&entry.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    };
    entries.map(size).sum()
}

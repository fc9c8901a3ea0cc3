//! The child process: the whole server, and beside it the same HTTP stack that does nothing but send a constant body.
//!
//! It says on its first line where both listen, then does what it reads on standard input, a line each, and answers with a line.
//! When standard input ends it stops, so that no server outlives its benchmark.

use std::collections::VecDeque;
use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use clap::Args;
use palinode::app::{self, Running};
use palinode::clock::SystemClock;
use palinode::config::{Flags, ServerConfig};
use palinode::ledger::{Ledger, Provenance, Refusal, Submission, Submitted, Ticket};
use serde::{Deserialize, Serialize};

use crate::material::Cast;

/// The largest constant body: a bundle of 256 entries and more.
const LARGEST: usize = 4 << 20;
/// How many submissions of an import wait for the sequencer at most, over all threads; its queue holds 4,096.
const UNDER_WAY: usize = 2_048;

/// What the child is told when it is started.
#[derive(Debug, Args)]
pub(crate) struct ServerArguments {
    /// Configuration of the server
    #[arg(long)]
    config: PathBuf,
    /// Threads of each HTTP server
    #[arg(long)]
    workers: usize,
}

/// The first line.
#[derive(Serialize, Deserialize)]
pub(crate) struct Listening {
    pub(crate) product: SocketAddr,
    pub(crate) constant: SocketAddr,
    pub(crate) tree_size: u64,
}

/// What a line on standard input asks for.
#[derive(Serialize, Deserialize)]
pub(crate) enum Order {
    /// The constant body has this many bytes from now on.
    Constant(usize),
    /// Notices `from..to` are made, and then appended as an operator's import; the answer is the time of the second.
    Import(u64, u64),
}

/// The answer to an order.
#[derive(Serialize, Deserialize)]
pub(crate) struct Done {
    /// How long it took.
    pub(crate) took: Duration,
}

pub(crate) fn run(arguments: &ServerArguments) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let settings = ServerConfig::load(Some(&arguments.config), [], &Flags::default()).expect("a configuration");
        let running = app::start(settings, Arc::new(SystemClock)).await.expect("the server starts");
        let size = Arc::new(AtomicUsize::new(0));
        let constant = constant(arguments.workers, size.clone());
        say(&Listening { product: running.address(), constant, tree_size: running.ledger().published().head.size });
        let ledger = running.ledger().clone();
        let obeyed = tokio::task::spawn_blocking(move || obey(&ledger, &size)).await;
        Running::stop(running).await;
        obeyed.expect("orders are obeyed");
    });
}

/// Serves one body at every path. The size is read anew each time, so that the same bytes can be asked of both servers.
fn constant(workers: usize, size: Arc<AtomicUsize>) -> SocketAddr {
    let body = Bytes::from(vec![b'x'; LARGEST]);
    let server = HttpServer::new(move || {
        let (body, size) = (Data::new(body.clone()), Data::from(size.clone()));
        App::new().app_data(body).app_data(size).default_service(web::to(async |body: Data<Bytes>, size: Data<AtomicUsize>| {
            HttpResponse::Ok().content_type("application/json").body(body.slice(..size.load(Ordering::Relaxed)))
        }))
    });
    let server = server.workers(workers).tcp_nodelay(true).disable_signals().bind(("127.0.0.1", 0)).expect("a port");
    let address = server.addrs()[0];
    tokio::spawn(server.run());
    address
}

fn say(what: &impl Serialize) {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, what).expect("the parent listens");
    writeln!(out).expect("the parent listens");
    out.flush().expect("the parent listens");
}

fn obey(ledger: &Ledger, size: &AtomicUsize) {
    for line in std::io::stdin().lock().lines() {
        let order = serde_json::from_str(&line.expect("lines")).expect("an order");
        let begun = Instant::now();
        let took = match order {
            Order::Constant(bytes) => {
                size.store(bytes.min(LARGEST), Ordering::Relaxed);
                begun.elapsed()
            }
            Order::Import(from, to) => import(ledger, from, to),
        };
        say(&Done { took });
    }
}

/// Appends notices through the one door, from as many threads as there are cores, and waits until the last one is durable and
/// under a signed checkpoint.
fn import(ledger: &Ledger, from: u64, to: u64) -> Duration {
    let entries: Vec<Vec<u8>> = Cast::new().notices(from, to).iter().map(crate::material::Signed::entry).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for share in entries.chunks(entries.len().div_ceil(threads).max(1)) {
            scope.spawn(move || import_share(ledger, share, UNDER_WAY / threads));
        }
    });
    begun.elapsed()
}

fn import_share(ledger: &Ledger, entries: &[Vec<u8>], under_way: usize) {
    let mut waiting: VecDeque<Ticket> = VecDeque::new();
    let settle = |waiting: &mut VecDeque<Ticket>| {
        let ticket = waiting.pop_front().expect("somebody waits");
        ticket.blocking_recv().expect("the sequencer answers").expect("the entry is taken");
    };
    for entry in entries {
        loop {
            let submission = Submission::entry(entry).expect("an entry");
            match ledger.submit(submission, Provenance::Import) {
                Ok(Submitted::Queued(ticket)) => {
                    waiting.push_back(ticket);
                    break;
                }
                Ok(Submitted::Known(_) | Submitted::Waiting(_)) => break,
                Err(Refusal::Busy) => settle(&mut waiting),
                Err(refusal) => unreachable!("an import is refused: {refusal}"),
            }
        }
        while waiting.len() >= under_way {
            settle(&mut waiting);
        }
    }
    while !waiting.is_empty() {
        settle(&mut waiting);
    }
}

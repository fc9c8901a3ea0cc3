//! The load: keep-alive connections that each send the next request as soon as the last one is answered.
//!
//! One thread drives all connections, since the server shares the machine: it writes bytes that were made beforehand and reads
//! no more of an answer than its status and where it ends. A general client costs several times as much a request, which would
//! make every server look alike.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::statistics::{Latencies, number};

/// Bytes that are read at once at most.
const CHUNK: usize = 64 << 10;

/// Which requests are sent, and until when.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'r> {
    /// Where to.
    pub(crate) server: SocketAddr,
    /// How many connections.
    pub(crate) connections: usize,
    /// The requests, whole.
    pub(crate) requests: &'r [Vec<u8>],
    /// Whether to begin again at the end, or to stop there.
    pub(crate) again: bool,
    /// When to stop.
    pub(crate) lasts: Duration,
    /// What every answer must be.
    pub(crate) expects: Expects,
}

/// What an answer must be. Any other ends the program: what is not what it should be is not measured.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expects {
    /// This status.
    Status(u16),
    /// A refusal: 4xx.
    Refusal,
}

impl Expects {
    fn takes(self, status: u16) -> bool {
        match self {
            Self::Status(expected) => status == expected,
            Self::Refusal => (400..500).contains(&status),
        }
    }
}

/// What came of it.
pub(crate) struct Outcome {
    /// How long each answer took.
    pub(crate) latencies: Latencies,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
    /// Bytes of bodies.
    pub(crate) bytes: usize,
}

impl Outcome {
    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        number(self.latencies.len()) / self.elapsed.as_secs_f64()
    }

    /// Mean size of a body.
    pub(crate) fn mean_body(&self) -> usize {
        self.bytes / self.latencies.len().max(1)
    }
}

/// Sends what the plan says.
pub(crate) fn drive(plan: Plan<'_>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut connections = Vec::new();
        for _ in 0..plan.connections {
            connections.push(Connection::open(plan.server).await.expect("the server takes connections"));
        }
        let next = Rc::new(Cell::new(0));
        let begun = Instant::now();
        let work = connections.into_iter().map(|connection| one(connection, plan, next.clone(), begun));
        let done = futures_util::future::join_all(work).await;
        let elapsed = begun.elapsed();
        let mut outcome = Outcome { latencies: Latencies::default(), elapsed, bytes: 0 };
        for (latencies, bytes) in done {
            outcome.latencies.extend(latencies);
            outcome.bytes += bytes;
        }
        outcome
    })
}

async fn one(mut connection: Connection, plan: Plan<'_>, next: Rc<Cell<usize>>, begun: Instant) -> (Latencies, usize) {
    let mut latencies = Latencies::default();
    let mut bytes = 0;
    while begun.elapsed() < plan.lasts {
        let at = next.get();
        if at >= plan.requests.len() && !plan.again {
            break;
        }
        next.set(at + 1);
        let sent = Instant::now();
        let status = connection.exchange(&plan.requests[at % plan.requests.len()]).await.expect("the server answers");
        latencies.push(sent.elapsed());
        assert!(plan.expects.takes(status), "{status}: {}", String::from_utf8_lossy(connection.body()));
        bytes += connection.body().len();
    }
    (latencies, bytes)
}

/// One keep-alive connection.
pub(crate) struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
    body_at: usize,
}

impl Connection {
    pub(crate) async fn open(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(CHUNK), body_at: 0 })
    }

    /// Sends a request and reads the whole answer; gives its status.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<u16> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let (status, body_at, length) = loop {
            self.more().await?;
            if let Some(head) = head(&self.read)? {
                break head;
            }
        };
        self.body_at = body_at;
        while self.read.len() < body_at + length {
            self.more().await?;
        }
        Ok(status)
    }

    /// The body of the last answer.
    pub(crate) fn body(&self) -> &[u8] {
        &self.read[self.body_at..]
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.read.capacity() - self.read.len() < CHUNK / 4 {
            self.read.reserve(CHUNK);
        }
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Status, start and length of the body, once the head is there.
fn head(read: &[u8]) -> io::Result<Option<(u16, usize, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 48];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(body_at) = response.parse(read).map_err(io::Error::other)? else { return Ok(None) };
    let length = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok());
    let length = length.ok_or_else(|| io::Error::other("an answer without length"))?;
    Ok(Some((response.code.unwrap_or_default(), body_at, length)))
}

/// A GET of `path`, as it is sent.
pub(crate) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n").into_bytes()
}

/// A POST of JSON to `path`, as it is sent.
pub(crate) fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// Sends one request on a connection of its own, and gives status and body.
pub(crate) fn ask(server: SocketAddr, request: &[u8]) -> (u16, Vec<u8>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut connection = Connection::open(server).await.expect("the server takes connections");
        let status = connection.exchange(request).await.expect("the server answers");
        (status, connection.body().to_vec())
    })
}

//! A process beside each server: ends TLS on the address of its host, and in a storm delays requests and sends some of them twice.
//! It can also serve files in a server's place. Through a Unix socket, which knows no network namespace, the test asks the server past all of that.

use std::io::{self, BufRead, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde::{Deserialize, Serialize};

use crate::chance::Chance;
use crate::door::{as_single, read_request};

/// The longest that a request is held back, in milliseconds, and so is its answer.
const LONGEST_DELAY: u64 = 400;
/// How many of a thousand requests are sent twice.
const TWICE: u64 = 200;
/// A connection on which nothing happens for so long is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What answers the requests that come in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Behind {
    /// A server on the same host.
    Server(String),
    /// The files in this folder, by their paths.
    Files(PathBuf),
}

/// What a relay is told when it is started.
#[derive(Serialize, Deserialize)]
pub(crate) struct Orders {
    /// Where peers come in.
    pub(crate) listen: String,
    pub(crate) behind: Behind,
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    /// The Unix socket of the test.
    pub(crate) door: PathBuf,
    pub(crate) seed: u64,
}

struct Relay {
    behind: Behind,
    tls: Arc<ServerConfig>,
    storm: AtomicBool,
    chance: Mutex<Chance>,
}

/// Relays until standard input ends. A line `storm` begins one there, and `calm` ends it.
pub(crate) fn run(orders: &str) {
    let orders: Orders = serde_json::from_str(orders).expect("orders");
    // The only one in this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificate = CertificateDer::from_pem_file(&orders.certificate).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(&orders.key).expect("a key");
    let tls = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).expect("a TLS server");
    let chance = Mutex::new(Chance::of(orders.seed));
    let relay = Arc::new(Relay { behind: orders.behind, tls: Arc::new(tls), storm: AtomicBool::new(false), chance });
    let door = UnixListener::bind(&orders.door).expect("the door");
    let peers = TcpListener::bind(&orders.listen).expect("the address of the host");
    {
        let relay = relay.clone();
        std::thread::spawn(move || {
            for stream in door.incoming().flatten() {
                let relay = relay.clone();
                std::thread::spawn(move || relay.pass(stream));
            }
        });
    }
    {
        let relay = relay.clone();
        std::thread::spawn(move || {
            for stream in peers.incoming().flatten() {
                let relay = relay.clone();
                std::thread::spawn(move || relay.serve_peer(stream));
            }
        });
    }
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        relay.storm.store(line == "storm", Ordering::Release);
    }
}

impl Relay {
    fn serve_peer(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let connection = ServerConnection::new(self.tls.clone()).map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(connection, stream);
        let Some(request) = read_request(&mut stream)? else { return Ok(()) };
        self.delay();
        if self.is_storm() && self.draw(|chance| chance.permille(TWICE)) {
            // What comes of the first is nobody's to know.
            let _ = self.ask_server(&request);
        }
        let answer = self.ask_server(&request)?;
        self.delay();
        stream.write_all(&answer)?;
        stream.conn.send_close_notify();
        stream.flush()?;
        stream.sock.shutdown(Shutdown::Write)
    }

    /// Hands the test's request to the server as it is.
    fn pass<S: Read + Write>(&self, mut stream: S) -> io::Result<()> {
        let Some(request) = read_request(&mut stream)? else { return Ok(()) };
        stream.write_all(&self.ask_server(&request)?)
    }

    fn ask_server(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let server = match &self.behind {
            Behind::Server(server) => server,
            Behind::Files(folder) => return Ok(file(folder, request)),
        };
        let mut server = TcpStream::connect(server)?;
        server.set_read_timeout(Some(PATIENCE))?;
        server.write_all(&as_single(request))?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        // A server that was killed has answered nothing.
        if answer.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(answer) }
    }

    fn is_storm(&self) -> bool {
        self.storm.load(Ordering::Acquire)
    }

    fn draw<T>(&self, draw: impl FnOnce(&mut Chance) -> T) -> T {
        draw(&mut self.chance.lock().expect("chance"))
    }

    fn delay(&self) {
        if self.is_storm() {
            std::thread::sleep(Duration::from_millis(self.draw(|chance| chance.below(LONGEST_DELAY))));
        }
    }
}

/// The answer to a request for a file.
fn file(folder: &Path, request: &[u8]) -> Vec<u8> {
    let line = String::from_utf8_lossy(request.split(|byte| *byte == b'\r').next().unwrap_or_default());
    let path = line.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    let (status, body) = match std::fs::read(folder.join(path)) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    [head.into_bytes(), body].concat()
}

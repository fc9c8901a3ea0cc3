//! A server in this process: the shipped store in a temporary folder, a writer's thread, and HTTP on a socket of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use chrono::{DateTime, Utc};
use palinode::clock::{Clock, ManualClock};
use palinode::envelope::{PinFile, SecretKey};
use palinode::federation::{Blocking, Dice, Federation, FederationOptions, MemoryNetwork, PeerStores, enrol};
use palinode::http::{Limits, MetricsText, SecurityContact, Serving, bind};
use palinode::ledger::peers::Peer;
use palinode::ledger::ports::{AppendError, LedgerWrite};
use palinode::ledger::stored::{Batch, PublishedHead};
use palinode::ledger::{
    Admission, Cosigned, Ledger, Opening, Pins, Policy, Provenance, Quota, Room, ServerKeys, StoreError, Stores, Submission,
    Submitted,
};
use palinode::storage::sqlite::{DataFolder, SqliteStore, SqliteWriter};
use palinode::tlog::KeyName;
use tempfile::TempDir;

use super::client::{self, Answer};

/// When every test takes place.
pub fn noon() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// How a server is set up.
pub struct Options {
    pub policy: Policy,
    pub quota: Quota,
    pub pins: Vec<PinFile>,
    pub limits: Limits,
    pub peers: Vec<Peer>,
    pub security: Option<SecurityContact>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            policy: Policy::Open,
            quota: Quota::default(),
            pins: Vec::new(),
            limits: Limits::default(),
            peers: Vec::new(),
            security: None,
        }
    }
}

/// A running server; it ends when it is dropped.
pub struct TestServer {
    pub address: SocketAddr,
    pub ledger: Arc<Ledger>,
    pub clock: Arc<ManualClock>,
    /// While set, nothing can be written.
    pub broken: Arc<AtomicBool>,
    /// What its HTTP answers from, for tests that want to ask without a socket.
    pub serving: Serving,
    stop: Arc<AtomicBool>,
    http: ServerHandle,
    threads: Vec<JoinHandle<()>>,
    folder: TempDir,
}

impl TestServer {
    pub fn start() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = DataFolder::lock(folder.path()).unwrap();
        let store = data.open_store().unwrap();
        let clock = Arc::new(ManualClock::at(noon()));
        let broken = Arc::new(AtomicBool::new(false));
        let (ledger, mut sequencer) = Ledger::open(opening(&data, &store, &clock, &broken, &options)).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let writer = std::thread::spawn(move || {
            while !stopped.load(Ordering::Acquire) {
                sequencer.wait_and_step(Duration::from_millis(20));
            }
        });
        for pin in &options.pins {
            let entry = Submission::entry(pin.record().signed().entry()).unwrap();
            if let Submitted::Queued(ticket) = ledger.submit(entry, Provenance::Pin).unwrap() {
                ticket.blocking_recv().unwrap().unwrap();
            }
        }
        let federation_options = FederationOptions { blocking: Blocking::Inline, dice: Dice::seeded(1), ..Default::default() };
        for peer in &options.peers {
            enrol(&store, ledger.identity(), peer).unwrap();
        }
        let peers = PeerStores::of(Arc::new(store));
        let network = Arc::new(MemoryNetwork::new());
        let federation = Federation::new(ledger.clone(), peers, network, federation_options).unwrap();
        let serving = Serving {
            ledger: ledger.clone(),
            federation: Arc::new(federation),
            limits: options.limits,
            metrics: MetricsText::new(|| "# nothing\n".to_owned()),
            public_url: None,
            security: options.security,
        };
        let (address, http, thread) = serve(serving.clone());
        Self { address, ledger, clock, broken, serving, stop, http, threads: vec![writer, thread], folder }
    }

    pub fn get(&self, path: &str) -> Answer {
        client::request(self.address, "GET", path, &[], b"")
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        client::request(self.address, "GET", path, headers, b"")
    }

    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        client::request(self.address, method, path, headers, body)
    }

    pub fn post(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        client::request(self.address, "POST", path, &[("Content-Type", "application/json")], body.as_ref())
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Size of the published tree.
    pub fn size(&self) -> u64 {
        self.ledger.published().head.size
    }

    /// Refuses this body with `status` and `rule`, and nothing of it stays.
    #[track_caller]
    pub fn refuses(&self, path: &str, body: impl AsRef<[u8]>, status: u16, rule: &str) -> Answer {
        let before = self.size();
        let answer = self.post(path, body);
        assert_eq!((answer.status, answer.rule().as_str()), (status, rule), "{}", answer.text());
        assert_eq!(self.size(), before, "a refused submission left a trace");
        answer
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        drop(self.http.stop(false));
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn opening(
    data: &DataFolder,
    store: &SqliteStore,
    clock: &Arc<ManualClock>,
    broken: &Arc<AtomicBool>,
    options: &Options,
) -> Opening {
    let secret = |n: u8| SecretKey::from_seed([n; 32]);
    let origin = KeyName::parse("ledger.example.org/log").unwrap();
    let keys = ServerKeys::new(origin, secret(201), secret(202), secret(203)).unwrap();
    let shared = Arc::new(store.clone());
    Opening {
        stores: Stores::of(shared),
        write: Box::new(Breakable { write: Box::new(SqliteWriter::new(store.clone())), broken: broken.clone() }),
        record: Arc::new(data.head_file()),
        identity: keys.identity().unwrap(),
        keys: Arc::new(keys),
        admission: Admission { policy: options.policy, quota: options.quota, pins: Pins::from_files(&options.pins) },
        clock: clock.clone() as Arc<dyn Clock>,
        room: Room::endless(),
    }
}

fn serve(serving: Serving) -> (SocketAddr, ServerHandle, JoinHandle<()>) {
    let (tell, told) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let (server, address) = bind(&serving, ([127, 0, 0, 1], 0).into(), 1).unwrap();
            tell.send((address, server.handle())).unwrap();
            server.await.unwrap();
        });
    });
    let (address, handle) = told.recv().unwrap();
    (address, handle, thread)
}

/// A writer that can be told to fail.
struct Breakable {
    write: Box<dyn LedgerWrite>,
    broken: Arc<AtomicBool>,
}

impl Breakable {
    fn check(&self) -> Result<(), StoreError> {
        if self.broken.load(Ordering::Acquire) {
            let source = Arc::new(std::io::Error::other("the secret name of a disk"));
            return Err(StoreError::Unavailable { doing: "appending", source });
        }
        Ok(())
    }
}

impl LedgerWrite for Breakable {
    fn append(&mut self, batch: &Batch) -> Result<(), AppendError> {
        self.check()?;
        self.write.append(batch)
    }

    fn publish(&mut self, head: &PublishedHead, own: Option<&Cosigned>) -> Result<(), StoreError> {
        self.check()?;
        self.write.publish(head, own)
    }
}

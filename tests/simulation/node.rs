//! A server of a simulation: the real ledger over the real database in a folder of its own, the real loops of the federation, and
//! a single writer that works when its turn comes. It can be killed at any moment and started again on its folder.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use palinode::clock::Clock;
use palinode::envelope::{PinFile, SecretKey};
use palinode::federation::{Blocking, Dice, Federation, FederationOptions, PeerStores, enrol_configured};
use palinode::ledger::peers::{Peer, PeerSource};
use palinode::ledger::{
    Admission, Identity, Ledger, Opening, Pins, Policy, Provenance, Quota, Refusal, Room, Sequencer, ServerKeys, Stores,
    Submission, Submitted,
};
use palinode::storage::sqlite::{DataFolder, SqliteStore, SqliteWriter};
use palinode::tlog::KeyName;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::chance::Chance;
use crate::clock::WrongClock;
use crate::death::{Death, MortalRecord, MortalWriter};
use crate::handler::handler;
use crate::load::Material;
use crate::network::{NAMES, Network, url_of};
use crate::sabotage::Forgetful;
use crate::trace::Trace;

/// What an operator decides about a server.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) policy: Policy,
    pub(crate) pins: Vec<PinFile>,
    pub(crate) peers: Vec<Peer>,
    /// It is broken: it never looks at every third entry of its peers.
    pub(crate) sabotaged: bool,
    /// How often it compares what others see of the logs that it reads.
    pub(crate) compare: Duration,
}

/// A server, running or not.
pub(crate) struct Node {
    pub(crate) number: usize,
    pub(crate) clock: Arc<WrongClock>,
    folder: PathBuf,
    network: Network,
    trace: Arc<Trace>,
    pub(crate) setup: Mutex<Setup>,
    chance: Mutex<Chance>,
    running: Mutex<Option<Running>>,
    /// Told the number of a server whose writer died.
    deaths: UnboundedSender<usize>,
}

/// What exists only while a server runs.
struct Running {
    ledger: Arc<Ledger>,
    federation: Arc<Federation>,
    store: Arc<SqliteStore>,
    sequencer: Arc<Mutex<Sequencer>>,
    death: Death,
    stop: CancellationToken,
    federating: JoinHandle<()>,
    writing: JoinHandle<()>,
    _folder: DataFolder,
}

/// What became of handing something in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// 201 or 200: it is in the log and will stay there.
    Acknowledged,
    /// Refused, by this rule.
    Refused(&'static str),
    /// No answer, or one that promises nothing.
    Nothing,
}

/// A secret key of this name, the same each time.
pub(crate) fn secret(name: &str) -> SecretKey {
    SecretKey::from_seed(Sha256::digest(format!("a key of the simulation: {name}")).into())
}

fn keys_of(name: &str) -> ServerKeys {
    let key = |purpose: &str| secret(&format!("{name} {purpose}"));
    let origin = KeyName::parse(&format!("{name}.example/log")).expect("a name");
    ServerKeys::new(origin, key("log"), key("witness"), key("operator")).expect("keys")
}

pub(crate) fn identity_of(name: &str) -> Identity {
    keys_of(name).identity().expect("an identity")
}

/// The server of this name as its peers know it.
pub(crate) fn peer_of(name: &str) -> Peer {
    peer_at(name, name)
}

/// The same for whoever finds it at another place.
pub(crate) fn peer_at(name: &str, place: &str) -> Peer {
    let Identity { log, witness, operator, .. } = identity_of(name);
    Peer::new(url_of(place), log, witness, operator, false, PeerSource::Configuration).expect("a peer")
}

/// What all servers of a simulation share.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) folder: PathBuf,
    pub(crate) network: Network,
    pub(crate) trace: Arc<Trace>,
    pub(crate) deaths: UnboundedSender<usize>,
}

impl Node {
    pub(crate) fn new(number: usize, clock: WrongClock, setup: Setup, chance: Chance, around: Surroundings) -> Self {
        let Surroundings { folder, network, trace, deaths } = around;
        Self {
            number,
            clock: Arc::new(clock),
            folder: folder.join(NAMES[number]),
            network,
            trace,
            setup: Mutex::new(setup),
            chance: Mutex::new(chance),
            running: Mutex::new(None),
            deaths,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        NAMES[self.number]
    }

    pub(crate) fn note(&self, what: impl std::fmt::Display) {
        self.trace.note(self.name(), what);
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Starts the server as `palinode serve` does: open, ask the peers what they cosigned, append the pins, serve.
    ///
    /// # Panics
    /// When it does not open, or when its peers contradict it: an honest server that only ever died must open again.
    pub(crate) async fn start(self: Arc<Self>) {
        let setup = self.setup.lock().expect("a setup").clone();
        let folder = DataFolder::lock(&self.folder).unwrap_or_else(|e| panic!("{} does not open: {e}", self.name()));
        let store = folder.open_store().expect("a database");
        let death = Death::default();
        let (ledger, mut sequencer) = Ledger::open(self.opening(&folder, &store, &death, &setup))
            .unwrap_or_else(|e| panic!("{} does not open: {e}", self.name()));
        let shared = Arc::new(store);
        let mut stores = PeerStores::of(shared.clone());
        if setup.sabotaged {
            stores.inventory = Arc::new(Forgetful(shared.clone()));
        }
        enrol_configured(shared.as_ref(), ledger.identity(), &setup.peers).expect("the table of peers");
        let dice = Dice::seeded(self.drawn());
        let options =
            FederationOptions { blocking: Blocking::Inline, dice, compare: setup.compare, ..FederationOptions::default() };
        let line = Arc::new(self.network.line_of(self.number));
        let federation = Arc::new(Federation::new(ledger.clone(), stores, line, options).expect("a federation"));
        let contradictions = federation.ask_what_was_cosigned().await;
        assert!(contradictions.is_empty(), "{} is told that it forgot: {contradictions:?}", self.name());
        for pin in &setup.pins {
            let submission = Submission::entry(pin.record().signed().entry()).expect("a pin");
            if let Submitted::Queued(mut ticket) = ledger.submit(submission, Provenance::Pin).expect("a pin is taken") {
                sequencer.step();
                ticket.try_recv().expect("answered").expect("logged");
            }
        }
        let sequencer = Arc::new(Mutex::new(sequencer));
        let stop = CancellationToken::new();
        let federating = tokio::spawn(federation.clone().run(stop.clone()));
        let writing = tokio::spawn(self.clone().write(sequencer.clone(), death.clone()));
        self.network.serve(self.name(), handler(federation.clone()));
        self.note(format_args!("runs, {} entries, {} pins", ledger.published().head.size, setup.pins.len()));
        let running =
            Running { ledger, federation, store: shared, sequencer, death, stop, federating, writing, _folder: folder };
        *self.running.lock().expect("running") = Some(running);
    }

    fn opening(&self, folder: &DataFolder, store: &SqliteStore, death: &Death, setup: &Setup) -> Opening {
        let shared = Arc::new(store.clone());
        let keys = Arc::new(keys_of(self.name()));
        let pins = Pins::from_files(&setup.pins);
        Opening {
            stores: Stores::of(shared),
            write: Box::new(MortalWriter { write: SqliteWriter::new(store.clone()), death: death.clone() }),
            record: Arc::new(MortalRecord { record: folder.head_file(), death: death.clone() }),
            identity: keys.identity().expect("an identity"),
            keys,
            admission: Admission { policy: setup.policy, quota: Quota::default(), pins },
            clock: self.clock.clone(),
            room: Room::endless(),
        }
    }

    fn drawn(&self) -> u64 {
        self.chance.lock().expect("chance").next()
    }

    /// The single writer: it takes what is queued, after a while.
    async fn write(self: Arc<Self>, sequencer: Arc<Mutex<Sequencer>>, death: Death) {
        let mut chance = Chance::of(self.drawn());
        loop {
            tokio::time::sleep(Duration::from_millis(chance.between(20, 300))).await;
            sequencer.lock().expect("a sequencer").step();
            if death.came() {
                self.note("dies in the middle of a batch");
                let _ = self.deaths.send(self.number);
                return;
            }
        }
    }

    /// The server dies when its writer next comes to this step.
    pub(crate) fn die_at(&self, step: crate::death::Step) {
        if let Some(running) = self.running.lock().expect("running").as_ref() {
            self.note(format_args!("will die at {step:?}"));
            running.death.await_at(step);
        }
    }

    /// The server does not die of what was planned for it.
    pub(crate) fn live_on(&self) {
        if let Some(running) = self.running.lock().expect("running").as_ref() {
            running.death.call_off();
        }
    }

    /// Ends the server as a power cut does: nothing is finished, nobody is told.
    pub(crate) async fn kill(&self) {
        let Some(running) = self.running.lock().expect("running").take() else { return };
        self.network.unplug(self.name());
        let Running { ledger, federation, store, sequencer, federating, writing, .. } = running;
        federating.abort();
        writing.abort();
        let gone = (Arc::downgrade(&ledger), Arc::downgrade(&federation));
        drop((ledger, federation, store, sequencer));
        self.wait_until_gone(&gone.0, &gone.1).await;
        self.note("is dead");
    }

    /// Ends the server in good order: work under way is finished, and what is queued is written.
    pub(crate) async fn stop(&self) {
        let Some(running) = self.running.lock().expect("running").take() else { return };
        self.network.unplug(self.name());
        running.stop.cancel();
        let _ = running.federating.await;
        running.writing.abort();
        let _ = running.writing.await;
        running.sequencer.lock().expect("a sequencer").step();
        let gone = (Arc::downgrade(&running.ledger), Arc::downgrade(&running.federation));
        drop((running.ledger, running.federation, running.store, running.sequencer));
        self.wait_until_gone(&gone.0, &gone.1).await;
        self.note("has stopped");
    }

    /// Tasks that were aborted are dropped when their turn comes.
    async fn wait_until_gone(&self, ledger: &std::sync::Weak<Ledger>, federation: &std::sync::Weak<Federation>) {
        for _ in 0..1_000 {
            if ledger.strong_count() + federation.strong_count() == 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("something of {} lives on after its death", self.name());
    }

    pub(crate) fn ledger(&self) -> Option<Arc<Ledger>> {
        Some(self.running.lock().expect("running").as_ref()?.ledger.clone())
    }

    pub(crate) fn federation(&self) -> Option<Arc<Federation>> {
        Some(self.running.lock().expect("running").as_ref()?.federation.clone())
    }

    pub(crate) fn store(&self) -> Option<Arc<SqliteStore>> {
        Some(self.running.lock().expect("running").as_ref()?.store.clone())
    }

    /// A client hands something in and waits for the answer.
    pub(crate) async fn take(&self, material: &Material) -> Told {
        // Nothing of the server is held while the answer is awaited: it may die meanwhile.
        let submitted = match self.ledger() {
            None => return Told::Nothing,
            Some(ledger) => ledger.submit(Submission::parse(&material.body()).expect("a submission"), Provenance::Client),
        };
        match submitted {
            Ok(Submitted::Known(_)) => Told::Acknowledged,
            Ok(Submitted::Queued(ticket)) => match ticket.await {
                Ok(Ok(_)) => Told::Acknowledged,
                Ok(Err(_)) | Err(_) => Told::Nothing,
            },
            Ok(Submitted::Waiting(_)) | Err(Refusal::Busy | Refusal::Halted | Refusal::Storage(_)) => Told::Nothing,
            Err(refusal) => Told::Refused(refusal.rule()),
        }
    }
}

//! One simulation: the servers, the storm, and what comes after it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use palinode::envelope::PinFile;
use palinode::ledger::documents::DocumentRefusal;
use palinode::notice::DocumentHash;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::chance::Chance;
use crate::clock::WrongClock;
use crate::judgement::{self, Calm};
use crate::liar::{self, Liar};
use crate::load::{self, Deed, EntryName, Load, Material};
use crate::network::{NAMES, Network, Weather};
use crate::node::{Node, Setup, Surroundings, Told, peer_at, peer_of};
use crate::plan::{Plan, Trouble};
use crate::poison::{self, Poison};
use crate::trace::Trace;

/// What was handed in, and what became of it.
#[derive(Default)]
pub(crate) struct Acknowledged(pub(crate) Mutex<BTreeMap<EntryName, (String, usize)>>);

/// A simulation with everything that is judged in the end.
pub(crate) struct Simulation {
    pub(crate) plan: Plan,
    pub(crate) nodes: Vec<Arc<Node>>,
    pub(crate) network: Network,
    pub(crate) poison: Poison,
    pub(crate) liar: Liar,
    pub(crate) trace: Arc<Trace>,
    pub(crate) acknowledged: Arc<Acknowledged>,
    /// Documents that were taken by some server.
    pub(crate) brought: Arc<Mutex<BTreeMap<DocumentHash, Vec<u8>>>>,
    pub(crate) identifiers: Vec<String>,
    pins: Vec<PinFile>,
    /// What happens in the life of a server, one after another.
    lives: Vec<Arc<tokio::sync::Mutex<()>>>,
    tasks: JoinSet<()>,
    over: Arc<AtomicBool>,
    deaths: UnboundedReceiver<usize>,
    _folder: tempfile::TempDir,
}

/// What happens at one moment of a storm.
enum Happening {
    Trouble(Trouble),
    Deed(Deed),
}

/// What a simulation came to.
pub(crate) struct Outcome {
    pub(crate) complaints: Vec<String>,
    pub(crate) calm: Calm,
    pub(crate) trace: Vec<String>,
    pub(crate) entries: usize,
    pub(crate) acknowledged: usize,
    pub(crate) requests: u64,
    /// Simulated time in all.
    pub(crate) lasted: Duration,
    /// Bodies of entries that went over the network, and the least number that had to.
    pub(crate) bodies: (u64, u64),
}

/// Runs the simulation of this seed, with what `change` makes of its plan.
pub(crate) fn simulate(seed: u64, change: impl FnOnce(&mut Plan)) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let mut chance = Chance::of(seed);
        let mut plan = Plan::draw(&mut chance.fork());
        change(&mut plan);
        let load = load::draw(&mut chance.fork(), plan.length);
        let mut simulation = Simulation::new(plan, load.labs.iter().map(|lab| lab.pin.clone()).collect(), &mut chance);
        simulation.identifiers.clone_from(&load.identifiers);
        simulation.identifiers.extend_from_slice(&simulation.liar.identifiers);
        simulation.storm(load).await;
        let (complaints, calm) = judgement::judge(&simulation).await;
        let outcome = simulation.outcome(complaints, calm);
        // The network knows the servers and they know it: they would keep their files open until the last seed.
        for node in &simulation.nodes {
            node.kill().await;
        }
        outcome
    })
}

/// A folder in memory where there is one: only what a crash of the program leaves is simulated here.
fn folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).expect("a folder")
}

impl Simulation {
    fn new(plan: Plan, pins: Vec<PinFile>, chance: &mut Chance) -> Self {
        let trace = Arc::new(Trace::begin());
        let network = Network::new(chance.fork(), trace.clone());
        let poison = poison::serve(&network);
        let liar = liar::serve(&network, plan.deceit.lie, Duration::from_millis(plan.length / 2));
        let folder = folder();
        let (death, deaths) = unbounded_channel();
        let around =
            Surroundings { folder: folder.path().to_owned(), network: network.clone(), trace: trace.clone(), deaths: death };
        let node = |number: usize| {
            let server = &plan.servers[number];
            let mut peers: Vec<_> = plan.peers_of(number).into_iter().map(|peer| peer_of(NAMES[peer])).collect();
            peers.extend(server.reads_poison.then(|| peer_of(poison::NAME)));
            let lied_to = plan.deceit.readers.iter().position(|reader| *reader == number);
            peers.extend(lied_to.map(|face| peer_at(liar::NAME, liar::PLACES[face])));
            let pins = server.pins.iter().map(|pin| pins[*pin].clone()).collect();
            let setup = Setup { policy: server.policy, pins, peers, sabotaged: server.sabotaged, compare: plan.compare };
            let clock = WrongClock::new(Instant::now(), server.ahead, server.parts_per_million);
            Arc::new(Node::new(number, clock, setup, chance.fork(), around.clone()))
        };
        let nodes: Vec<_> = (0..NAMES.len()).map(node).collect();
        let lives = nodes.iter().map(|_| Arc::default()).collect();
        Self {
            plan,
            nodes,
            network,
            poison,
            liar,
            trace,
            acknowledged: Arc::default(),
            brought: Arc::default(),
            identifiers: Vec::new(),
            pins,
            lives,
            tasks: JoinSet::new(),
            over: Arc::default(),
            deaths,
            _folder: folder,
        }
    }

    /// Everything up to the moment when the weather is fair, every way is open and every server runs.
    async fn storm(&mut self, load: Load) {
        self.trace.note("plan", format_args!("{:?}", self.plan.topology));
        self.trace.note("plan", format_args!("{:?}", self.plan.deceit));
        for (server, name) in self.plan.servers.iter().zip(NAMES) {
            self.trace.note("plan", format_args!("{name}: {server:?}"));
        }
        for node in &self.nodes {
            node.clone().start().await;
        }
        let troubles = self.plan.troubles.clone().into_iter().map(|(at, trouble)| (at, Happening::Trouble(trouble)));
        let deeds = load.deeds.into_iter().map(|(at, deed)| (at, Happening::Deed(deed)));
        let mut happenings: Vec<_> = troubles.chain(deeds).collect();
        happenings.sort_by_key(|(at, _)| *at);
        let begun = Instant::now();
        for (at, happening) in happenings {
            self.mourn_until(begun + Duration::from_millis(at)).await;
            match happening {
                Happening::Trouble(trouble) => self.make(trouble),
                Happening::Deed(deed) => self.act(deed),
            }
        }
        self.mourn_until(begun + Duration::from_millis(self.plan.length)).await;
        self.end_the_storm().await;
    }

    /// Waits, and starts servers again that died in the middle of a batch.
    async fn mourn_until(&mut self, time: Instant) {
        loop {
            let dead = tokio::select! {
                biased;
                dead = self.deaths.recv() => dead.expect("servers"),
                () = sleep_until(time) => return,
            };
            self.restart(dead, true, 3_000, None);
        }
    }

    async fn end_the_storm(&mut self) {
        self.network.set_weather(Weather::FAIR);
        self.network.heal();
        self.over.store(true, Ordering::Relaxed);
        for number in 0..self.nodes.len() {
            self.nodes[number].live_on();
            // A clock that is behind keeps notices out until it is set right; one that is ahead harms nobody.
            if self.nodes[number].clock.ahead() < TimeDelta::minutes(-14) {
                self.nodes[number].note("somebody sets the clock right");
                self.nodes[number].clock.set_ahead(TimeDelta::zero());
            }
        }
        while let Ok(dead) = self.deaths.try_recv() {
            self.restart(dead, true, 0, None);
        }
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(panic) = ended {
                std::panic::resume_unwind(panic.into_panic());
            }
        }
        self.mend_clocks();
        self.trace.note("storm", "is over");
    }

    /// A clock that was set back so often that its server signs nothing is the operator's to mend (protocol, section 7, rule 7).
    fn mend_clocks(&self) {
        for node in &self.nodes {
            let Some(ledger) = node.ledger() else { continue };
            if let Some(behind) = ledger.witness().behind(node.now()) {
                node.note("somebody mends the clock, so that it signs again");
                let missing = TimeDelta::seconds(i64::try_from(behind.last - behind.now).expect("seconds"));
                node.clock.set_ahead(node.clock.ahead() + missing);
            }
        }
    }

    fn make(&mut self, trouble: Trouble) {
        match trouble {
            Trouble::Weather(weather) => self.network.set_weather(weather),
            Trouble::Partition(ways, cut, length) => {
                self.trace.note("network", format_args!("{cut:?} for {length} ms: {ways:?}"));
                let (network, over) = (self.network.clone(), self.over.clone());
                for (from, to) in &ways {
                    network.cut(*from, *to, Some(cut));
                }
                let until = Instant::now() + Duration::from_millis(length);
                // Not among the tasks that are waited for: it may last longer than the storm.
                tokio::spawn(async move {
                    sleep_until(until).await;
                    if !over.load(Ordering::Relaxed) {
                        for (from, to) in &ways {
                            network.cut(*from, *to, None);
                        }
                    }
                });
            }
            Trouble::Kill(server, away) => self.restart(server, true, away, None),
            Trouble::DieAt(server, step) => self.nodes[server].die_at(step),
            Trouble::Pin(server) => self.restart(server, false, 100, Some(self.pins.clone())),
            Trouble::Restart(server) => self.restart(server, false, 100, None),
            Trouble::Step(server, step) => {
                let clock = &self.nodes[server].clock;
                clock.set_ahead(clock.ahead() + step);
                self.nodes[server].note(format_args!("its clock is moved by {step}"));
            }
        }
    }

    /// Ends a server, in order or not, and starts it again after `away` milliseconds, perhaps with other pins.
    fn restart(&mut self, server: usize, abruptly: bool, away: u64, pins: Option<Vec<PinFile>>) {
        let (node, life) = (self.nodes[server].clone(), self.lives[server].clone());
        if abruptly {
            node.note("loses power");
        }
        self.tasks.spawn(async move {
            let _turn = life.lock().await;
            if abruptly {
                node.kill().await;
            } else {
                node.stop().await;
            }
            sleep(Duration::from_millis(away)).await;
            if let Some(pins) = pins {
                node.setup.lock().expect("a setup").pins = pins;
            }
            node.start().await;
        });
    }

    fn act(&mut self, deed: Deed) {
        match deed {
            Deed::Post(places, material) => {
                let material: Arc<Material> = Arc::from(material);
                for place in places {
                    self.tasks.spawn(post(
                        self.nodes[place].clone(),
                        material.clone(),
                        self.acknowledged.clone(),
                        self.brought.clone(),
                        self.over.clone(),
                    ));
                }
            }
            Deed::Bring(place, hash, bytes) => {
                let brought = self.brought.clone();
                self.tasks.spawn(bring(self.nodes[place].clone(), hash, bytes, brought, self.over.clone()));
            }
        }
    }

    fn outcome(&self, complaints: Vec<String>, calm: Calm) -> Outcome {
        let entries = self.nodes[0].ledger().map_or(0, |ledger| ledger.published().head.size);
        let (requests, bodies) = self.network.seen(|seen| {
            let fetched: u64 = seen.bodies.values().map(|times| u64::from(*times)).sum();
            (seen.requests, (fetched, seen.bodies.len() as u64))
        });
        Outcome {
            complaints,
            calm,
            trace: self.trace.lines(),
            entries: usize::try_from(entries).expect("small"),
            acknowledged: self.acknowledged.0.lock().expect("acknowledged").len(),
            requests,
            lasted: self.trace.elapsed(),
            bodies,
        }
    }
}

/// How long somebody waits before trying again, in milliseconds.
const PATIENCE: u64 = 2_000;
/// How often somebody tries that is refused.
const REFUSALS: u32 = 10;

/// A publisher hands something in at one server, again and again until it is acknowledged, or refused often enough.
async fn post(
    node: Arc<Node>,
    material: Arc<Material>,
    acknowledged: Arc<Acknowledged>,
    brought: Arc<Mutex<BTreeMap<DocumentHash, Vec<u8>>>>,
    over: Arc<AtomicBool>,
) {
    let mut refusals = 0;
    while !over.load(Ordering::Relaxed) && refusals < REFUSALS {
        match node.take(&material).await {
            Told::Acknowledged => {
                node.note(format_args!("acknowledges {} ({})", material.label, &material.leaf().to_string()[..8]));
                acknowledged.0.lock().expect("acknowledged").insert(material.name(), (material.label.clone(), node.number));
                for bytes in &material.documents {
                    node.note(format_args!("  along with the document {}", &DocumentHash::of(bytes).to_string()[..8]));
                }
                let documents = material.documents.iter().map(|bytes| (DocumentHash::of(bytes), bytes.clone()));
                brought.lock().expect("documents").extend(documents);
                return;
            }
            Told::Refused(rule) => {
                refusals += 1;
                if refusals == 1 {
                    node.note(format_args!("refuses {}: {rule}", material.label));
                }
            }
            Told::Nothing => {}
        }
        sleep(Duration::from_millis(PATIENCE)).await;
    }
}

/// Somebody brings a document to one server, as soon as that has heard of its notice.
async fn bring(
    node: Arc<Node>,
    hash: DocumentHash,
    bytes: Vec<u8>,
    brought: Arc<Mutex<BTreeMap<DocumentHash, Vec<u8>>>>,
    over: Arc<AtomicBool>,
) {
    while !over.load(Ordering::Relaxed) {
        if let Some(ledger) = node.ledger() {
            match ledger.keep_document(&hash, bytes.clone()) {
                Ok(()) => {
                    node.note(format_args!("is brought the document {}", &hash.to_string()[..8]));
                    brought.lock().expect("documents").insert(hash, bytes);
                    return;
                }
                Err(DocumentRefusal::NotNamed(_)) => {}
                Err(other) => panic!("a document is refused: {other}"),
            }
        }
        sleep(Duration::from_millis(PATIENCE)).await;
    }
}

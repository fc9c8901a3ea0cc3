//! What must hold after the storm: first that it becomes calm in time, then everything that is promised of servers that are calm.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use palinode::ledger::peers::{OriginHash, PeerState, PeerStore};
use palinode::ledger::{Policy, StoredEntry};
use palinode::tlog::{Frontier, Hash, SignedCheckpoint};
use tokio::time::{Instant, sleep};

use crate::liar;
use crate::load::EntryName;
use crate::network::NAMES;
use crate::node::{Node, identity_of};
use crate::poison;
use crate::storm::Simulation;
use crate::verdicts;

/// How long after the end of the storm every server must have the same entries (promise F1).
pub(crate) const SAME_ENTRIES_WITHIN: Duration = Duration::from_mins(1);
/// How long after the end of the storm every document must be everywhere.
const SAME_DOCUMENTS_WITHIN: Duration = Duration::from_mins(5);
/// How long the judgement waits at most before it calls servers stuck.
const PATIENCE: Duration = Duration::from_secs(400);
/// How long servers that agree are watched: nothing may change any more, and all work must come to rest.
const WATCHED: Duration = Duration::from_secs(70);
/// How long two who were shown two faces may take to know it: a round of comparing in which each cosigns what it read, one in which one of
/// them sees the other's, and one in which the other comes for the evidence; a round takes up to 45 s.
const CONVICTED_WITHIN: Duration = Duration::from_secs(150);

/// How long it took after the storm; `None` when it never came to that.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Calm {
    /// Until every server had the same entries.
    pub(crate) entries: Option<Duration>,
    /// Until every document was everywhere.
    pub(crate) documents: Option<Duration>,
}

/// The log of one server as it stands, in order.
pub(crate) fn log_of(node: &Node) -> Vec<StoredEntry> {
    let ledger = node.ledger().expect("it runs");
    let mut entries: Vec<StoredEntry> = Vec::new();
    loop {
        let more = ledger.changes(entries.len() as u64, 1_000).expect("readable");
        if more.is_empty() {
            return entries;
        }
        entries.extend(more);
    }
}

pub(crate) fn name_of(entry: &StoredEntry) -> EntryName {
    (entry.kind.as_str(), entry.payload_id.to_string(), entry.key)
}

fn names(node: &Node) -> BTreeSet<EntryName> {
    log_of(node).iter().map(name_of).collect()
}

impl Simulation {
    /// Whether a server with this policy takes an entry in.
    fn admits(&self, node: &Node, entry: &StoredEntry) -> bool {
        match self.plan.servers[node.number].policy {
            Policy::Open => true,
            Policy::Pinned | Policy::Verified => entry.issuer.as_str().starts_with("did:web:"),
        }
    }

    /// What every server has together.
    pub(crate) fn union(&self) -> BTreeMap<EntryName, StoredEntry> {
        self.nodes.iter().flat_map(|node| log_of(node)).map(|entry| (name_of(&entry), entry)).collect()
    }

    fn have_the_same_entries(&self) -> bool {
        let everybody = self.plan.servers.iter().all(|server| server.policy == Policy::Open);
        if everybody {
            // Cheap, and asked every second.
            let sizes: BTreeSet<u64> = self.nodes.iter().map(|node| size(node)).collect();
            if sizes.len() > 1 {
                return false;
            }
        }
        let union = self.union();
        let acknowledged = self.acknowledged.0.lock().expect("acknowledged");
        let good = self.poison.good.name();
        // The one good entry of the poison log comes to whoever reads that log and takes strangers in.
        let comes = self.plan.servers.iter().any(|server| server.reads_poison && server.policy == Policy::Open);
        let all_there = acknowledged.keys().all(|name| union.contains_key(name)) && (!comes || union.contains_key(&good));
        all_there && self.nodes.iter().all(|node| names(node) == self.due_at(node, &union))
    }

    fn due_at(&self, node: &Node, union: &BTreeMap<EntryName, StoredEntry>) -> BTreeSet<EntryName> {
        union.iter().filter(|(_, entry)| self.admits(node, entry)).map(|(name, _)| name.clone()).collect()
    }

    fn have_all_documents(&self) -> bool {
        self.missing_documents().is_empty()
    }

    /// Documents that some server took and another one lacks.
    fn missing_documents(&self) -> Vec<String> {
        let brought = self.brought.lock().expect("documents");
        let mut found = Vec::new();
        for node in &self.nodes {
            let missing = node.ledger().expect("it runs").missing_documents(10_000).expect("readable");
            for (hash, _) in missing.iter().filter(|(hash, _)| brought.contains_key(hash)) {
                found.push(format!("{} lacks {}", node.name(), &hash.to_string()[..8]));
            }
        }
        found
    }
}

fn size(node: &Node) -> u64 {
    node.ledger().map_or(0, |ledger| ledger.published().head.size)
}

/// How long it took until everything was everywhere.
fn calm_for(calm: &Calm) -> Duration {
    calm.documents.unwrap_or(PATIENCE)
}

/// Waits until it is calm, and says what is wrong.
pub(crate) async fn judge(simulation: &Simulation) -> (Vec<String>, Calm) {
    let over = Instant::now();
    let mut calm = Calm::default();
    while over.elapsed() < PATIENCE && calm.documents.is_none() {
        if calm.entries.is_none() && simulation.have_the_same_entries() {
            simulation.trace.note("judge", "every server has the same entries");
            calm.entries = Some(over.elapsed());
        }
        if calm.entries.is_some() && simulation.have_all_documents() {
            simulation.trace.note("judge", "every document is everywhere");
            calm.documents = Some(over.elapsed());
        }
        sleep(Duration::from_secs(1)).await;
    }
    let mut complaints = Vec::new();
    match calm.entries {
        None => complaints.extend(differences(simulation)),
        Some(late) if late > SAME_ENTRIES_WITHIN => complaints.push(format!("the same entries only after {late:?}")),
        Some(_) => {}
    }
    match calm.documents {
        None => {
            complaints.extend(simulation.missing_documents().into_iter().map(|missing| format!("still missing: {missing}")));
        }
        Some(late) if late > SAME_DOCUMENTS_WITHIN => complaints.push(format!("the same documents only after {late:?}")),
        Some(_) => {}
    }
    sleep(WATCHED).await;
    while !liar::judged(simulation).is_empty() && over.elapsed() < calm_for(&calm) + CONVICTED_WITHIN {
        sleep(Duration::from_secs(1)).await;
    }
    complaints.extend(lost(simulation));
    complaints.extend(poisoned(simulation));
    complaints.extend(verdicts::differences(simulation));
    complaints.extend(checkpoints(simulation));
    complaints.extend(restless(simulation));
    complaints.extend(liar::judged(simulation));
    (complaints, calm)
}

/// Who lacks what.
fn differences(simulation: &Simulation) -> Vec<String> {
    let union = simulation.union();
    let mut complaints = Vec::new();
    for node in &simulation.nodes {
        let here = names(node);
        for name in simulation.due_at(node, &union).difference(&here) {
            let entry = &union[name];
            complaints.push(format!("{} lacks {} ({})", node.name(), &entry.leaf.to_string()[..8], entry.issuer));
        }
        for name in here.difference(&simulation.due_at(node, &union)) {
            complaints.push(format!("{} has {name:?}, which it does not admit", node.name()));
        }
    }
    complaints
}

/// Everything that was acknowledged is on every server that admits its issuer (promise F2); a leaf that was signed twice may
/// stand under either signature.
fn lost(simulation: &Simulation) -> Vec<String> {
    let union = simulation.union();
    let acknowledged = simulation.acknowledged.0.lock().expect("acknowledged");
    let mut lost = Vec::new();
    for (name, (label, by)) in acknowledged.iter() {
        for node in &simulation.nodes {
            let due = union.get(name).is_none_or(|entry| simulation.admits(node, entry));
            if due && !names(node).contains(name) {
                lost.push(format!("{} has not {label}, which {} acknowledged", node.name(), NAMES[*by]));
            }
        }
    }
    lost
}

/// What is refused stays refused (promise F5).
fn poisoned(simulation: &Simulation) -> Vec<String> {
    let mut taken = Vec::new();
    for node in &simulation.nodes {
        for entry in log_of(node).iter().filter(|entry| simulation.poison.bad.contains(&entry.leaf)) {
            taken.push(format!("{} took the bad entry {}", node.name(), entry.leaf));
        }
    }
    taken
}

/// Every checkpoint that a server ever showed is one of its log as it stands now, so that no two of one size differ, and the
/// cosignatures are of its peers and of this log.
fn checkpoints(simulation: &Simulation) -> Vec<String> {
    let mut wrong = Vec::new();
    for node in &simulation.nodes {
        let identity = identity_of(node.name());
        let roots = roots(&log_of(node));
        let ledger = node.ledger().expect("it runs");
        let newest = ledger.published();
        let mut shown: BTreeSet<Vec<u8>> =
            simulation.network.seen(|seen| seen.shown.get(&node.number).cloned().unwrap_or_default());
        shown.insert(newest.served());
        let origin = OriginHash::of(identity.origin.as_str());
        let witnesses = simulation.nodes.iter().filter_map(|other| other.federation()?.witnessed_checkpoint(&origin).ok()?);
        shown.extend(witnesses);
        for note in shown {
            match SignedCheckpoint::parse_and_verify(&note, &identity.log) {
                Ok(signed) => {
                    let (size, root) = (signed.checkpoint().size(), signed.checkpoint().root());
                    if roots.get(usize::try_from(size).expect("small")) != Some(root) {
                        wrong.push(format!("{} showed another root at size {size} than its log has", node.name()));
                    }
                }
                Err(error) => wrong.push(format!("{} showed a checkpoint that is none: {error}", node.name())),
            }
        }
        let signed = SignedCheckpoint::parse_and_verify(&newest.served(), &identity.log).expect("checked above");
        let witnesses: Vec<_> = NAMES.iter().map(|name| identity_of(name).witness).collect();
        let (there, right) = (newest.cosignatures.len(), signed.cosignatures(&witnesses).len());
        let due = simulation.plan.peers_of(node.number).len() + 1;
        if there != right || right != due {
            wrong.push(format!("{} has {there} cosignatures, {right} of them right, of {due} witnesses", node.name()));
        }
    }
    wrong
}

/// The root at every size.
fn roots(log: &[StoredEntry]) -> Vec<Hash> {
    let mut frontier = Frontier::empty();
    let mut roots = vec![frontier.root()];
    for entry in log {
        frontier.append(entry.leaf);
        roots.push(frontier.root());
    }
    roots
}

/// Work that has not come to rest.
fn restless(simulation: &Simulation) -> Vec<String> {
    let mut restless = Vec::new();
    for node in &simulation.nodes {
        let store = node.store().expect("it runs");
        if node.ledger().expect("it runs").is_halted() {
            restless.push(format!("{} is halted", node.name()));
        }
        for peer in simulation.plan.peers_of(node.number) {
            let state = store.peer_state(&format!("{}.example/log", NAMES[peer])).expect("readable");
            let peer = &simulation.nodes[peer];
            let faults = unrest(simulation, node, peer, &state);
            restless.extend(faults.into_iter().map(|fault| format!("{} with {}: {fault}", node.name(), peer.name())));
        }
        if simulation.plan.servers[node.number].reads_poison {
            restless.extend(poison_work(
                simulation,
                node,
                &store.peer_state(&format!("{}.example/log", poison::NAME)).expect("readable"),
            ));
        }
    }
    restless
}

fn unrest(simulation: &Simulation, node: &Node, peer: &Node, state: &PeerState) -> Vec<String> {
    let mut faults = Vec::new();
    for (what, progress) in [("announce", &state.announce), ("pull", &state.pull), ("documents", &state.documents)] {
        // Work that failed last and then had nothing more to do keeps its count, and is not put off.
        if progress.not_before.is_some_and(|until| until > node.now()) || (what == "pull" && progress.failures > 0) {
            let error = progress.last_error.as_ref().map(|e| e.text.clone()).unwrap_or_default();
            faults.push(format!("{what} failed {} times in a row, last: {error}", progress.failures));
        }
    }
    let (theirs, ours) = (size(peer), size(node));
    if state.pulled != theirs || state.verified != theirs {
        faults.push(format!("{} leaves looked at and {} verified, of {theirs}", state.pulled, state.verified));
    }
    if state.acknowledged != ours {
        faults.push(format!("{} entries of ours acknowledged, of {ours}", state.acknowledged));
    }
    if let Some(pause) = state.pause {
        faults.push(format!("paused: {}", pause.as_str()));
    }
    let may_wait = simulation.plan.servers[node.number].policy == Policy::Pinned;
    if state.wanted > 0 || (state.pending > 0 && !may_wait) {
        faults.push(format!("{} leaves wanted, {} pending", state.wanted, state.pending));
    }
    faults
}

/// The bad log was read to its end, what is bad for good is settled, and what may be mended waits.
fn poison_work(simulation: &Simulation, node: &Node, state: &PeerState) -> Vec<String> {
    let size = simulation.poison.bad.len() as u64 + 1;
    let pinned = u64::from(simulation.plan.servers[node.number].policy == Policy::Pinned);
    // A server for pinned issuers lets the good one wait as well, unless it came from somebody else first.
    let waiting = simulation.poison.waiting..=simulation.poison.waiting + pinned;
    let refused = simulation.poison.bad.len() as u64 - simulation.poison.waiting;
    if state.pulled == size && waiting.contains(&state.pending) && state.refused == refused && state.wanted == 0 {
        return Vec::new();
    }
    vec![format!("{} with the bad log: {state:?}", node.name())]
}

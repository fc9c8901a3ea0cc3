//! A log that lies, and the two servers that it lies to. Its entries are sound, since a lie of a log is about the log: what it shows
//! to whom, what it showed before, and what it gives when it is asked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use palinode::envelope::PayloadType;
use palinode::federation::{Request, Response};
use palinode::ledger::peers::{EvidenceStore, PeerStore};
use palinode::tlog::{Checkpoint, Frontier, Hash, KeyName, SignedCheckpoint, TilePath, VerifierKey, bundle};
use serde_json::json;
use tokio::time::Instant;

use crate::chance::Chance;
use crate::network::Network;
use crate::node::{Node, secret};
use crate::people::Person;
use crate::plan::Topology;
use crate::storm::Simulation;

/// The name of the liar's log.
pub(crate) const NAME: &str = "liar";
/// Where each of the two readers finds it.
pub(crate) const PLACES: [&str; 2] = ["liar-one", "liar-two"];

/// How it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    /// It shows another history to each of the two.
    TwoFaces,
    /// It changes its first entry in the middle of the storm.
    Rewrites,
    /// It gives another entry than the one that is asked for.
    OtherEntry,
    /// It does not give an entry that it says it has.
    Withholds,
}

/// Who is lied to, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deceit {
    pub(crate) lie: Lie,
    /// Two servers that are peers of each other, so that they may compare what they see.
    pub(crate) readers: [usize; 2],
}

impl Deceit {
    pub(crate) fn drawn(chance: &mut Chance, topology: Topology) -> Self {
        let (one, other) = chance.pick(&topology.links());
        Self {
            lie: chance.pick(&[Lie::TwoFaces, Lie::TwoFaces, Lie::Rewrites, Lie::OtherEntry, Lie::Withholds]),
            readers: [one, other],
        }
    }
}

/// What stands where.
type Shelf = BTreeMap<String, Vec<u8>>;

/// The liar as it is judged.
pub(crate) struct Liar {
    key: VerifierKey,
    /// Root of the history that it shows in the end, for those lies where there is one.
    last_root: Hash,
    /// What its entries are about.
    pub(crate) identifiers: Vec<String>,
}

/// Puts the log on the network; it changes its mind, if it does, after `half`.
pub(crate) fn serve(network: &Network, lie: Lie, half: Duration) -> Liar {
    let mallory = Person::observer("mallory");
    let entries: Vec<Vec<u8>> = (0..5).map(|number| report(&mallory, number)).collect();
    let some = |which: &[usize]| -> Vec<Vec<u8>> { which.iter().map(|n| entries[*n].clone()).collect() };
    let (first, second) = match lie {
        Lie::TwoFaces => (some(&[0, 1]), some(&[0, 2, 3])),
        Lie::Rewrites => (some(&[0, 1]), some(&[4, 1, 2])),
        Lie::OtherEntry | Lie::Withholds => (some(&[0, 1, 2]), some(&[0, 1, 2])),
    };
    let (mut shelves, last_root) = ([shelf(&first), shelf(&second)], root(&second));
    for shelf in &mut shelves {
        let lied_about = format!("/log/entry/{}", Hash::leaf(&entries[1]));
        let whole = bundle_path(second.len());
        match lie {
            Lie::OtherEntry => {
                shelf.insert(lied_about, entries[3].clone());
                shelf.insert(whole, bundle::encode(some(&[0, 3, 2])).expect("a bundle"));
            }
            Lie::Withholds => {
                shelf.remove(&lied_about);
                shelf.remove(&whole);
            }
            Lie::TwoFaces | Lie::Rewrites => {}
        }
    }
    let shelves = Arc::new(shelves);
    let changes = Instant::now() + half;
    for (face, place) in PLACES.into_iter().enumerate() {
        let shelves = shelves.clone();
        let handler = move |request: Request| -> BoxFuture<'static, Response> {
            let face = if lie == Lie::TwoFaces { face } else { usize::from(Instant::now() >= changes) };
            let found = shelves[face].get(request.url.path()).cloned();
            Box::pin(std::future::ready(found.map_or_else(|| Response::new(404, "nothing"), |b| Response::new(200, b))))
        };
        network.serve(place, Arc::new(handler));
    }
    let identifiers = (0..5).map(subject).collect();
    Liar { key: VerifierKey::log_key(origin(), secret(&format!("{NAME} log")).public()), last_root, identifiers }
}

fn origin() -> KeyName {
    KeyName::parse(&format!("{NAME}.example/log")).expect("a name")
}

fn subject(number: u32) -> String {
    format!("doi:10.5281/zenodo.8{number}")
}

fn report(by: &Person, number: u32) -> Vec<u8> {
    let draft = json!({
        "type": "retraction",
        "issuer": {"role": "observer"},
        "dataset": {"title": format!("Example Lies {number}"), "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": subject(number), "role": "whole"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "delete"}],
    });
    let payload = by.complete(&draft, "2001-01-01T00:00:00Z").payload;
    by.sign(PayloadType::Notice, &payload).to_json().into_bytes()
}

fn tree(entries: &[Vec<u8>]) -> Frontier {
    let mut frontier = Frontier::empty();
    for entry in entries {
        frontier.append(Hash::leaf(entry));
    }
    frontier
}

fn root(entries: &[Vec<u8>]) -> Hash {
    tree(entries).root()
}

fn bundle_path(entries: usize) -> String {
    let width = u16::try_from(entries).expect("a small log");
    format!("/log/{}", TilePath::Entries { index: 0, width })
}

/// An honest log of these entries.
fn shelf(entries: &[Vec<u8>]) -> Shelf {
    let mut frontier = tree(entries);
    let checkpoint = Checkpoint::new(&origin(), frontier.size(), frontier.root());
    let signed = SignedCheckpoint::sign(&secret(&format!("{NAME} log")), &checkpoint).expect("signed");
    let mut shelf = Shelf::from([("/log/checkpoint".to_owned(), signed.bytes().to_vec())]);
    shelf.extend(entries.iter().map(|entry| (format!("/log/entry/{}", Hash::leaf(entry)), entry.clone())));
    for (tile, hashes) in frontier.take_changed() {
        let width = u16::try_from(hashes.len()).expect("a width");
        shelf.insert(format!("/log/{}", TilePath::Hashes { tile, width }), Hash::join_tile(&hashes));
    }
    shelf.insert(bundle_path(entries.len()), bundle::encode(entries).expect("a bundle"));
    shelf
}

/// Whom the servers hold evidence against: only the liar, only where there is some, and such that anybody can check it.
pub(crate) fn judged(simulation: &Simulation) -> Vec<String> {
    let mut complaints = Vec::new();
    for node in &simulation.nodes {
        let complain = |what: String| format!("{} and the liar ({:?}): {what}", node.name(), simulation.plan.deceit.lie);
        let kept = node.store().expect("it runs").evidence().expect("readable");
        for (_, piece) in &kept {
            if let Err(error) = piece.verify(&simulation.liar.key) {
                complaints.push(complain(format!("it holds evidence against {} that proves nothing: {error}", piece.origin())));
            }
        }
        if simulation.plan.deceit.readers.contains(&node.number) {
            complaints.extend(reader_complaint(simulation, node, !kept.is_empty()).map(complain));
        } else if !kept.is_empty() {
            complaints.push(complain("it never read that log, and holds something against it".to_owned()));
        }
    }
    complaints
}

/// What is wrong with how one who was lied to stands with the liar.
fn reader_complaint(simulation: &Simulation, node: &Node, convicted: bool) -> Option<String> {
    let state = node.store().expect("it runs").peer_state(origin().as_str()).expect("readable");
    if state.is_isolated() != convicted {
        return Some("it holds evidence, and goes on, or the other way round".to_owned());
    }
    match simulation.plan.deceit.lie {
        Lie::TwoFaces => (!convicted).then(|| format!("it does not see the other face: {state:?}")),
        Lie::Rewrites => {
            // Who was away before the lie has seen one history.
            let saw_only_the_last = state.read.as_ref().is_some_and(|read| read.head.root == simulation.liar.last_root);
            (!convicted && !saw_only_the_last).then(|| format!("it does not see that its past was changed: {state:?}"))
        }
        Lie::OtherEntry | Lie::Withholds => {
            let right = !convicted && (state.pulled, state.wanted) == (3, 1);
            let (pulled, wanted, refused) = (state.pulled, state.wanted, state.refused);
            (!right)
                .then(|| format!("one entry is wanted, and no more; {pulled} looked at, {wanted} wanted, {refused} refused"))
        }
    }
}

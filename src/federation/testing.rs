//! Servers of one process for the tests of the federation: real ledgers on real databases, on a network in memory, with time
//! that stands still; and logs made by hand, which may hold what no honest server would.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    Blocking, Dice, Federation, FederationOptions, Handler, HeldEvidence, MemoryNetwork, PeerStores, Request, Response, enrol,
};
use crate::clock::{Clock, ManualClock};
use crate::envelope::{PayloadType, SecretKey};
use crate::ledger::Room;
use crate::ledger::documents::Document;
use crate::ledger::log::{Resource, ResourceError};
use crate::ledger::peers::{OriginHash, Peer, PeerSource, PeerState, PeerStore};
use crate::ledger::{
    Admission, Identity, Ledger, Opening, Pins, Policy, Provenance, Quota, Sequencer, ServerKeys, Step, Stores, Submission,
    Submitted,
};
use crate::notice::{Did, DocumentHash, Draft, NoticeId, PayloadId, Timestamp};
use crate::storage::sqlite::SqliteWriter;
use crate::storage::{HeadFile, SqliteStore};
use crate::tlog::{Checkpoint, Evidence, Frontier, Hash, KeyName, SignedCheckpoint, TilePath, VerifierKey, bundle};

/// A secret key of this name, the same each time.
pub(super) fn secret(name: &str) -> SecretKey {
    SecretKey::from_seed(Sha256::digest(format!("a key of the federation's tests: {name}")).into())
}

/// Where the server of this name is.
pub(super) fn url_of(name: &str) -> Url {
    Url::parse(&format!("https://{name}.example/")).expect("a URL")
}

/// What all servers of a test share.
#[derive(Clone)]
pub(super) struct World {
    pub(super) network: MemoryNetwork,
    pub(super) clock: Arc<ManualClock>,
}

impl World {
    pub(super) fn new() -> Self {
        let noon: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().expect("a time");
        Self { network: MemoryNetwork::new(), clock: Arc::new(ManualClock::at(noon)) }
    }

    pub(super) fn pass(&self, seconds: i64) {
        self.clock.advance(chrono::TimeDelta::seconds(seconds));
    }
}

/// A server with all that survives a restart.
pub(super) struct Server {
    name: String,
    world: World,
    folder: tempfile::TempDir,
    pub(super) ledger: Arc<Ledger>,
    pub(super) federation: Arc<Federation>,
    pub(super) store: Arc<SqliteStore>,
    sequencer: Mutex<Sequencer>,
}

impl Server {
    /// A new server that anybody may post to.
    pub(super) fn start(world: &World, name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::open(world, name, folder, Pins::default(), |_| {})
    }

    /// The same, with other options.
    pub(super) fn start_with(world: &World, name: &str, change: impl FnOnce(&mut FederationOptions)) -> Self {
        Self::open(world, name, tempfile::tempdir().expect("a folder"), Pins::default(), change)
    }

    /// Stops it and starts it again on the same data, with these pins.
    pub(super) fn restart(self, pins: Pins) -> Self {
        let Self { name, world, folder, .. } = self;
        world.network.unplug(&url_of(&name));
        Self::open(&world, &name, folder, pins, |_| {})
    }

    fn open(
        world: &World,
        name: &str,
        folder: tempfile::TempDir,
        pins: Pins,
        change: impl FnOnce(&mut FederationOptions),
    ) -> Self {
        let store = SqliteStore::open(&folder.path().join("palinode.db")).expect("a database");
        let shared = Arc::new(store.clone());
        let keys = Arc::new(server_keys(name));
        let (ledger, sequencer) = Ledger::open(Opening {
            stores: Stores::of(shared.clone()),
            write: Box::new(SqliteWriter::new(store)),
            record: Arc::new(HeadFile::at(folder.path().join("head"))),
            identity: keys.identity().expect("an identity"),
            keys,
            admission: Admission { policy: Policy::Open, quota: Quota::default(), pins },
            clock: world.clock.clone(),
            room: Room::endless(),
        })
        .expect("a ledger");
        let mut options =
            FederationOptions { blocking: Blocking::Inline, dice: Dice::seeded(1), ..FederationOptions::default() };
        change(&mut options);
        let stores = PeerStores::of(shared.clone());
        let network = Arc::new(world.network.clone());
        let federation = Arc::new(Federation::new(ledger.clone(), stores, network, options).expect("a federation"));
        world.network.serve(&url_of(name), handler(federation.clone()));
        let sequencer = Mutex::new(sequencer);
        Self { name: name.to_owned(), world: world.clone(), folder, ledger, federation, store: shared, sequencer }
    }

    pub(super) fn origin(&self) -> String {
        origin_of(&self.name)
    }

    pub(super) fn url(&self) -> Url {
        url_of(&self.name)
    }

    /// This server as others see it.
    pub(super) fn as_peer(&self) -> Peer {
        peer_of(&self.name)
    }

    /// Makes another server a peer of this one.
    pub(super) fn add_peer(&self, peer: &Peer) {
        enrol(self.store.as_ref(), self.ledger.identity(), peer).expect("a peer");
        self.federation.reload_peers().expect("readable");
    }

    pub(super) fn state(&self, of: &str) -> PeerState {
        self.store.peer_state(&origin_of(of)).expect("readable")
    }

    pub(super) fn size(&self) -> u64 {
        self.ledger.published().head.size
    }

    /// The ids of all entries, whatever their order.
    pub(super) fn entries(&self) -> Vec<Hash> {
        let mut leaves: Vec<_> = self.ledger.changes(0, 1_000).expect("readable").iter().map(|e| e.leaf).collect();
        leaves.sort_unstable();
        leaves
    }

    /// Lets the single writer do one step.
    pub(super) fn step(&self) -> Step {
        self.sequencer.lock().expect("a sequencer").step()
    }

    /// Hands an entry in, as from this provenance, and puts it into the log.
    pub(super) fn log_as(&self, entry: &[u8], provenance: Provenance) {
        let submission = Submission::entry(entry).expect("an entry");
        match self.ledger.submit(submission, provenance).expect("admitted") {
            Submitted::Known(_) => {}
            Submitted::Queued(mut ticket) => {
                self.step();
                ticket.try_recv().expect("answered").expect("logged");
            }
        }
    }

    pub(super) fn log(&self, entry: &[u8]) {
        self.log_as(entry, Provenance::Import);
    }
}

/// Two servers that know each other.
pub(super) fn befriend(one: &Server, other: &Server) {
    one.add_peer(&other.as_peer());
    other.add_peer(&one.as_peer());
}

/// Waits for `work` while the single writers of these servers do theirs.
pub(super) async fn drive<T>(servers: &[&Server], work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = tokio::task::yield_now() => {}
        }
        for server in servers {
            server.step();
        }
    }
}

pub(super) fn origin_of(name: &str) -> String {
    format!("{name}.example/log")
}

fn server_keys(name: &str) -> ServerKeys {
    let key = |purpose: &str| secret(&format!("{name} {purpose}"));
    let origin = KeyName::parse(&origin_of(name)).expect("a name");
    ServerKeys::new(origin, key("log"), key("witness"), key("operator")).expect("keys")
}

pub(super) fn peer_of(name: &str) -> Peer {
    let Identity { log, witness, operator, .. } = server_keys(name).identity().expect("an identity");
    Peer::new(url_of(name), log, witness, operator, false, PeerSource::Command).expect("a peer")
}

/// What a server answers: the part of the HTTP interface that peers use.
fn handler(federation: Arc<Federation>) -> Handler {
    Arc::new(move |request| -> BoxFuture<'static, Response> {
        let federation = federation.clone();
        Box::pin(async move { answer(&federation, &request) })
    })
}

fn answer(federation: &Federation, request: &Request) -> Response {
    let path = request.url.path();
    if path == "/witness/add-checkpoint" {
        return match federation.add_checkpoint(&request.body) {
            Ok(lines) => Response::new(200, lines),
            Err(refusal) => {
                let (body, content_type) = refusal.answer();
                Response::new(refusal.status(), body).of_type(content_type)
            }
        };
    }
    if let Some(name) = path.strip_prefix("/witness/").and_then(|rest| rest.strip_suffix("/checkpoint")) {
        let name = OriginHash::parse(name).expect("a name");
        return federation
            .witnessed_checkpoint(&name)
            .expect("readable")
            .map_or_else(|| Response::new(404, "nothing"), |note| Response::new(200, note));
    }
    if let Some(name) = path.strip_prefix("/v1/peers/").and_then(|rest| rest.strip_suffix("/evidence")) {
        let name = OriginHash::parse(name).expect("a name");
        let held = federation.evidence_against(&name).expect("readable");
        return held.map_or_else(|| Response::new(404, "nothing"), |held| Response::new(200, shown(&held)));
    }
    if let Some(hash) = path.strip_prefix("/v1/documents/") {
        let hash = DocumentHash::parse(hash).expect("a name");
        return match federation.ledger().document(&hash).expect("readable") {
            Document::Available(bytes) => Response::new(200, bytes),
            Document::Removed => Response::new(451, "removed"),
            Document::Awaited | Document::Unknown => Response::new(404, "not here"),
        };
    }
    match federation.ledger().resource(path.strip_prefix("/log/").unwrap_or(path)) {
        Ok(Resource::Checkpoint(bytes) | Resource::Entry(bytes)) => Response::new(200, bytes),
        Ok(Resource::Tile(bytes)) => Response::new(200, bytes.to_vec()),
        Err(ResourceError::Path(_) | ResourceError::NotPublished) => Response::new(404, "nothing"),
        Err(error @ ResourceError::Halted) => Response::new(503, error.to_string()),
        Err(ResourceError::Store(error)) => Response::new(503, error.to_string()),
    }
}

/// Evidence as a server shows it.
fn shown(held: &HeldEvidence) -> String {
    let note = |note: &[u8]| String::from_utf8(note.to_vec()).expect("text");
    let piece = |piece: &Evidence| match piece {
        Evidence::TwoRoots { first, second, .. } => {
            serde_json::json!({"kind": piece.kind(), "first": note(first), "second": note(second)})
        }
        Evidence::LeafContradiction { earlier, later, root, proof, .. } => serde_json::json!({
            "kind": piece.kind(), "earlier": note(earlier), "later": note(later), "root": root.to_base64(),
            "proof": proof.iter().map(Hash::to_base64).collect::<Vec<_>>(),
        }),
    };
    let pieces: Vec<_> = held.pieces.iter().map(|(_, found)| piece(found)).collect();
    serde_json::json!({"origin": held.origin, "evidence": pieces}).to_string()
}

/// A notice about dataset `number` by the observer of this name, as an entry, with its id and its texts document.
pub(super) fn notice_of(key: &SecretKey, issuer: &Did, number: u32) -> (Vec<u8>, NoticeId, Vec<u8>) {
    let draft = serde_json::json!({
        "type": "retraction",
        "issuer": {"role": "observer"},
        "dataset": {"title": format!("Example Faces {number}"), "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": format!("doi:10.5281/zenodo.{number}"), "role": "whole"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "delete"}],
        "texts": {"texts": [{"language": "en", "statement": format!("The faces of set {number} were taken without consent.")}],
                  "references": [{"type": "article", "url": "https://example.org/article"}]},
    });
    let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
    let draft = Draft::parse(draft.to_string().as_bytes()).expect("a draft");
    let completed = draft.complete(issuer, issued, [7; 32]).expect("a notice");
    let id = PayloadId::of(&completed.payload);
    let envelope = key.sign_envelope(PayloadType::Notice, &completed.payload).expect("an envelope");
    (envelope.to_json().into_bytes(), id, completed.texts.expect("texts"))
}

/// A notice by the `did:key` observer of this name.
pub(super) fn notice(observer: &str, number: u32) -> Vec<u8> {
    let key = secret(observer);
    notice_of(&key, &key.public().to_did(), number).0
}

/// What stands where in a log made by hand.
type Shelf = BTreeMap<String, Vec<u8>>;

/// A log made by hand, with whatever entries, at the place of the server of this name or elsewhere.
pub(super) struct HandmadeLog {
    name: String,
    place: Url,
    world: World,
    entries: Vec<Vec<u8>>,
    shelf: Arc<Mutex<Shelf>>,
}

impl HandmadeLog {
    pub(super) fn start(world: &World, name: &str) -> Self {
        Self::start_at(world, name, url_of(name))
    }

    /// Another face of the log of this name.
    pub(super) fn start_at(world: &World, name: &str, place: Url) -> Self {
        let shelf: Arc<Mutex<Shelf>> = Arc::default();
        let served = shelf.clone();
        let handler = move |request: Request| -> BoxFuture<'static, Response> {
            let found = served.lock().expect("a shelf").get(request.url.path()).cloned();
            Box::pin(async move { found.map_or_else(|| Response::new(404, "nothing"), |bytes| Response::new(200, bytes)) })
        };
        world.network.serve(&place, Arc::new(handler));
        let log = Self { name: name.to_owned(), place, world: world.clone(), entries: Vec::new(), shelf };
        log.publish();
        log
    }

    /// Appends entries and publishes the new tree.
    pub(super) fn append(&mut self, entries: impl IntoIterator<Item = Vec<u8>>) {
        self.entries.extend(entries);
        self.publish();
    }

    /// Publishes a tree of these leaf hashes, to none of which there is an entry.
    pub(super) fn claim(&self, leaves: impl IntoIterator<Item = Hash>) {
        let mut frontier = Frontier::empty();
        leaves.into_iter().for_each(|leaf| {
            frontier.append(leaf);
        });
        for (tile, hashes) in frontier.take_changed() {
            let width = u16::try_from(hashes.len()).expect("a width");
            self.put(&format!("/log/{}", TilePath::Hashes { tile, width }), Hash::join_tile(&hashes));
        }
        self.put("/log/checkpoint", self.sign(frontier.size(), frontier.root()));
    }

    /// Puts something at a path, in place of what is right.
    pub(super) fn put(&self, path: &str, bytes: Vec<u8>) {
        self.shelf.lock().expect("a shelf").insert(path.to_owned(), bytes);
    }

    /// Takes away what is at a path.
    pub(super) fn take(&self, path: &str) -> Vec<u8> {
        self.shelf.lock().expect("a shelf").remove(path).expect("something there")
    }

    /// A checkpoint signed with its key.
    pub(super) fn sign(&self, size: u64, root: Hash) -> Vec<u8> {
        let origin = KeyName::parse(&origin_of(&self.name)).expect("a name");
        let checkpoint = Checkpoint::new(&origin, size, root);
        SignedCheckpoint::sign(&secret(&format!("{} log", self.name)), &checkpoint).expect("signed").bytes().to_vec()
    }

    /// Whatever text, signed with its key: also what no library would sign.
    pub(super) fn sign_text(&self, text: &str) -> Vec<u8> {
        let signature = secret(&format!("{} log", self.name)).sign_raw(text.as_bytes());
        format!("{text}\n{}", signature_line(&self.key(), &signature)).into_bytes()
    }

    fn publish(&self) {
        let mut frontier = Frontier::empty();
        for entry in &self.entries {
            frontier.append(Hash::leaf(entry));
            self.put(&format!("/log/entry/{}", Hash::leaf(entry)), entry.clone());
        }
        for (tile, hashes) in frontier.take_changed() {
            let width = u16::try_from(hashes.len()).expect("a width");
            self.put(&format!("/log/{}", TilePath::Hashes { tile, width }), Hash::join_tile(&hashes));
        }
        for (index, entries) in (0_u64..).zip(self.entries.chunks(256)) {
            let width = u16::try_from(entries.len()).expect("a width");
            let bytes = bundle::encode(entries).expect("a bundle");
            self.put(&format!("/log/{}", TilePath::Entries { index, width }), bytes);
        }
        let size = self.entries.len() as u64;
        self.put("/log/checkpoint", self.sign(size, frontier.root()));
    }

    pub(super) fn key(&self) -> VerifierKey {
        peer_of(&self.name).log_key().clone()
    }

    pub(super) fn unplug(&self) {
        self.world.network.unplug(&self.place);
    }

    /// This log as those see it who are shown this face.
    pub(super) fn as_peer(&self) -> Peer {
        let peer = peer_of(&self.name);
        let (log, witness) = (peer.log_key().clone(), peer.witness_key().clone());
        Peer::new(self.place.clone(), log, witness, *peer.operator_key(), false, PeerSource::Command).expect("a peer")
    }

    /// Its newest checkpoint.
    pub(super) fn checkpoint(&self) -> Vec<u8> {
        self.shelf.lock().expect("a shelf").get("/log/checkpoint").cloned().expect("a checkpoint")
    }
}

/// The line of a signature, right or wrong, under the name of this key.
pub(super) fn signature_line(key: &VerifierKey, signature: &[u8]) -> String {
    format!("\u{2014} {} {}\n", key.name(), BASE64.encode(&[key.id().as_bytes(), signature].concat()))
}

/// The time of a world.
pub(super) fn now(world: &World) -> DateTime<Utc> {
    world.clock.now()
}

//! Servers of one process for the tests of the federation: real ledgers on real databases, on a network in memory, with time
//! that stands still; and logs made by hand.

mod handmade;

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};
use url::Url;

pub(in crate::federation) use handmade::{HandmadeLog, signature_line};

use super::{
    Blocking, Dice, Federation, FederationOptions, Handler, HeldEvidence, MemoryNetwork, PeerStores, Request, Response, enrol,
};
use crate::clock::{Clock, ManualClock};
use crate::envelope::{PayloadType, SecretKey};
use crate::ledger::Room;
use crate::ledger::documents::Document;
use crate::ledger::lists::ListSide;
use crate::ledger::log::{Resource, ResourceError};
use crate::ledger::peers::{OriginHash, Peer, PeerSource, PeerState, PeerStore};
use crate::ledger::{
    Admission, Identity, Ledger, Opening, Pins, Policy, Provenance, Quota, Sequencer, ServerKeys, Step, Stores, Submission,
    Submitted,
};
use crate::notice::{Did, DocumentHash, Draft, NoticeId, PayloadId, Timestamp};
use crate::storage::sqlite::SqliteWriter;
use crate::storage::{HeadFile, SqliteStore};
use crate::tlog::{EvidenceDocument, Hash, KeyName};

/// A secret key of this name, the same each time.
pub(in crate::federation) fn secret(name: &str) -> SecretKey {
    SecretKey::from_seed(Sha256::digest(format!("a key of the federation's tests: {name}")).into())
}

/// Where the server of this name is.
pub(in crate::federation) fn url_of(name: &str) -> Url {
    Url::parse(&format!("https://{name}.example/")).expect("a URL")
}

/// What all servers of a test share.
#[derive(Clone)]
pub(in crate::federation) struct World {
    pub(in crate::federation) network: MemoryNetwork,
    pub(in crate::federation) clock: Arc<ManualClock>,
}

impl World {
    pub(in crate::federation) fn new() -> Self {
        let noon: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().expect("a time");
        Self { network: MemoryNetwork::new(), clock: Arc::new(ManualClock::at(noon)) }
    }

    pub(in crate::federation) fn pass(&self, seconds: i64) {
        self.clock.advance(chrono::TimeDelta::seconds(seconds));
    }
}

/// A server with all that survives a restart.
pub(in crate::federation) struct Server {
    name: String,
    world: World,
    folder: tempfile::TempDir,
    pub(in crate::federation) ledger: Arc<Ledger>,
    pub(in crate::federation) federation: Arc<Federation>,
    pub(in crate::federation) store: Arc<SqliteStore>,
    sequencer: Mutex<Sequencer>,
}

impl Server {
    /// A new server that anybody may post to.
    pub(in crate::federation) fn start(world: &World, name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::open(world, name, folder, Pins::default(), |_| {})
    }

    /// A new server that takes only what is pinned, or verified.
    pub(in crate::federation) fn start_under(world: &World, name: &str, policy: Policy) -> Self {
        let admission = Admission { policy, quota: Quota::default(), pins: Pins::default() };
        Self::open_under(world, name, tempfile::tempdir().expect("a folder"), admission, |_| {})
    }

    /// The same, with other options.
    pub(in crate::federation) fn start_with(world: &World, name: &str, change: impl FnOnce(&mut FederationOptions)) -> Self {
        Self::open(world, name, tempfile::tempdir().expect("a folder"), Pins::default(), change)
    }

    /// Stops it and starts it again on the same data, with these pins.
    pub(in crate::federation) fn restart(self, pins: Pins) -> Self {
        let policy = self.ledger.admission().policy;
        let Self { name, world, folder, .. } = self;
        world.network.unplug(&url_of(&name));
        let admission = Admission { policy, quota: Quota::default(), pins };
        Self::open_under(&world, &name, folder, admission, |_| {})
    }

    fn open(
        world: &World,
        name: &str,
        folder: tempfile::TempDir,
        pins: Pins,
        change: impl FnOnce(&mut FederationOptions),
    ) -> Self {
        let admission = Admission { policy: Policy::Open, quota: Quota::default(), pins };
        Self::open_under(world, name, folder, admission, change)
    }

    fn open_under(
        world: &World,
        name: &str,
        folder: tempfile::TempDir,
        admission: Admission,
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
            admission,
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

    pub(in crate::federation) fn origin(&self) -> String {
        origin_of(&self.name)
    }

    /// What this server answers.
    pub(in crate::federation) fn handler(&self) -> Handler {
        handler(self.federation.clone())
    }

    pub(in crate::federation) fn url(&self) -> Url {
        url_of(&self.name)
    }

    /// This server as others see it.
    pub(in crate::federation) fn as_peer(&self) -> Peer {
        peer_of(&self.name)
    }

    /// Makes another server a peer of this one.
    pub(in crate::federation) fn add_peer(&self, peer: &Peer) {
        enrol(self.store.as_ref(), self.ledger.identity(), peer).expect("a peer");
        self.federation.reload_peers().expect("readable");
    }

    pub(in crate::federation) fn state(&self, of: &str) -> PeerState {
        self.store.peer_state(&origin_of(of)).expect("readable")
    }

    pub(in crate::federation) fn size(&self) -> u64 {
        self.ledger.published().head.size
    }

    /// The ids of all entries, whatever their order.
    pub(in crate::federation) fn entries(&self) -> Vec<Hash> {
        let mut leaves: Vec<_> = self.ledger.changes(0, 1_000).expect("readable").iter().map(|e| e.leaf).collect();
        leaves.sort_unstable();
        leaves
    }

    /// Lets the single writer do one step.
    pub(in crate::federation) fn step(&self) -> Step {
        self.sequencer.lock().expect("a sequencer").step()
    }

    /// Hands an entry in, as from this provenance, and puts it into the log.
    pub(in crate::federation) fn log_as(&self, entry: &[u8], provenance: Provenance) {
        let submission = Submission::entry(entry).expect("an entry");
        match self.ledger.submit(submission, provenance).expect("admitted") {
            Submitted::Known(_) | Submitted::Waiting(_) => {}
            Submitted::Queued(mut ticket) => {
                self.step();
                ticket.try_recv().expect("answered").expect("logged");
            }
        }
    }

    pub(in crate::federation) fn log(&self, entry: &[u8]) {
        self.log_as(entry, Provenance::Import);
    }
}

/// Two servers that know each other.
pub(in crate::federation) fn befriend(one: &Server, other: &Server) {
    one.add_peer(&other.as_peer());
    other.add_peer(&one.as_peer());
}

/// Waits for `work` while the single writers of these servers do theirs.
pub(in crate::federation) async fn drive<T>(servers: &[&Server], work: impl Future<Output = T>) -> T {
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

pub(in crate::federation) fn origin_of(name: &str) -> String {
    format!("{name}.example/log")
}

fn server_keys(name: &str) -> ServerKeys {
    let key = |purpose: &str| secret(&format!("{name} {purpose}"));
    let origin = KeyName::parse(&origin_of(name)).expect("a name");
    ServerKeys::new(origin, key("log"), key("witness"), key("operator")).expect("keys")
}

pub(in crate::federation) fn peer_of(name: &str) -> Peer {
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
    if path == "/v1/server" {
        let succeeds = federation.succeeded().expect("readable");
        let succeeds: Vec<_> =
            succeeds.iter().map(|(origin, entry)| serde_json::json!({"origin": origin, "entry": entry.to_string()})).collect();
        return Response::new(200, serde_json::json!({ "succeeds": succeeds }).to_string());
    }
    if let Some(list) = path.strip_prefix("/v1/documents/").and_then(|rest| rest.strip_suffix("/blocks")) {
        let list = DocumentHash::parse(list).expect("a name");
        let blocks = federation.ledger().list_side(&list, ListSide::Blocks).expect("readable");
        return blocks.map_or_else(|| Response::new(404, "not here"), |blocks| Response::new(200, blocks));
    }
    if let Some(hash) = path.strip_prefix("/v1/documents/") {
        let hash = DocumentHash::parse(hash).expect("a name");
        return match federation.ledger().document(&hash).expect("readable") {
            Document::Available(bytes) => match request.range {
                Some((first, last)) => {
                    let part = |at: u64| usize::try_from(at).expect("small");
                    Response::new(206, bytes[part(first)..=part(last)].to_vec())
                }
                None => Response::new(200, bytes),
            },
            Document::List(form) => {
                let (first, last) = request.range.unwrap_or((0, form.size() - 1));
                let most = usize::try_from(last - first + 1).expect("small");
                let bytes = federation.ledger().list_range(&hash, first, most).expect("readable").expect("here");
                Response::new(206, bytes)
            }
            Document::Removed(_) => Response::new(451, "removed"),
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
    let evidence = held.pieces.iter().map(|(_, found)| found.clone()).collect();
    let origin = KeyName::parse(&held.origin).expect("a name");
    EvidenceDocument { origin, log_key: None, evidence }.to_json().to_string()
}

/// A notice about dataset `number` by the observer of this name, as an entry, with its id and its texts document.
pub(in crate::federation) fn notice_of(key: &SecretKey, issuer: &Did, number: u32) -> (Vec<u8>, NoticeId, Vec<u8>) {
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
pub(in crate::federation) fn notice(observer: &str, number: u32) -> Vec<u8> {
    let key = secret(observer);
    notice_of(&key, &key.public().to_did(), number).0
}

/// The same about `subject`, which may be of a scheme that nobody knows.
pub(in crate::federation) fn notice_about(observer: &str, number: u32, subject: &str) -> Vec<u8> {
    let key = secret(observer);
    let entry = notice_of(&key, &key.public().to_did(), number).0;
    let envelope: serde_json::Value = serde_json::from_slice(&entry).expect("JSON");
    let payload = data_encoding::BASE64.decode(envelope["payload"].as_str().expect("text").as_bytes()).expect("base64");
    let usual = format!("doi:10.5281/zenodo.{number}");
    let payload = String::from_utf8(payload).expect("text").replace(&usual, subject);
    key.sign_envelope(PayloadType::Notice, payload.as_bytes()).expect("an envelope").to_json().into_bytes()
}

/// The time of a world.
pub(in crate::federation) fn now(world: &World) -> DateTime<Utc> {
    world.clock.now()
}

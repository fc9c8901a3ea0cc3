//! Domains that are asked who speaks for them.

use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use serde_json::json;
use url::Url;

use crate::clock::Clock;
use crate::envelope::{DomainMethod, KeyStatus, LineageId, PayloadType, RecordDraft, RecordKey, SecretKey};
use crate::federation::testing::{Server, World, befriend, drive, notice_of, secret};
use crate::federation::{Asked, Request, Response, Weather};
use crate::ledger::domains::{Block, BlockStore, Waiting};
use crate::ledger::peers::{Peer, PeerSource, PeerStore};
use crate::ledger::publishers::{LineageView, PublisherView};
use crate::ledger::{Policy, Provenance, Refusal, Submission, Submitted};
use crate::notice::{Did, PayloadId, Timestamp};

const HOUR: i64 = 3_600;

/// A domain that serves whatever its owner of the day puts up.
struct Domain {
    did: Did,
    world: World,
    answer: Arc<Mutex<Response>>,
}

impl Domain {
    fn of(world: &World, name: &str) -> Self {
        let answer = Arc::new(Mutex::new(Response::new(404, "nothing here yet")));
        let served = answer.clone();
        let handler = move |request: Request| -> BoxFuture<'static, Response> {
            assert_eq!(request.url.path(), "/.well-known/did.json");
            let answer = served.lock().expect("an answer").clone();
            Box::pin(async move { answer })
        };
        let domain = Self { did: Did::parse(&format!("did:web:{name}")).expect("a DID"), world: world.clone(), answer };
        world.network.serve(&domain.url(), Arc::new(handler));
        domain
    }

    fn url(&self) -> Url {
        Url::parse(&format!("https://{}/", self.did.as_str().trim_start_matches("did:web:"))).expect("a URL")
    }

    fn answers(&self, response: Response) {
        *self.answer.lock().expect("an answer") = response;
    }

    /// Puts up a document that names these keys.
    fn names(&self, keys: &[&SecretKey]) {
        let did = self.did.as_str();
        let method = |key: &&SecretKey| {
            json!({"id": format!("{did}#{}", key.public().to_multibase()), "type": "Multikey", "controller": did,
                   "publicKeyMultibase": key.public().to_multibase()})
        };
        let methods: Vec<_> = keys.iter().map(method).collect();
        let document = json!({"@context": "https://www.w3.org/ns/did/v1", "id": did, "verificationMethod": methods});
        self.answers(Response::new(200, document.to_string()).of_type("application/did+json"));
    }

    /// How often it was asked since the last time.
    fn visits(&self) -> usize {
        let place = self.url();
        self.world.network.take_seen().iter().filter(|(_, url)| url.host() == place.host()).count()
    }

    /// A record 0 of this domain under this key, with the lineage that it begins.
    fn record(&self, key: &SecretKey) -> (Vec<u8>, LineageId) {
        self.signed(self.draft(key), key)
    }

    fn draft(&self, key: &SecretKey) -> RecordDraft {
        let issued = Timestamp::parse("2026-11-23T09:00:00Z").expect("a time");
        RecordDraft::first(self.did.clone(), "Example Museum", key.public(), issued)
    }

    fn signed(&self, draft: RecordDraft, key: &SecretKey) -> (Vec<u8>, LineageId) {
        let payload = draft.complete().expect("a record").payload;
        let envelope = key.sign_envelope(PayloadType::Publisher, &payload).expect("an envelope");
        let lineage = LineageId { did: self.did.clone(), record0: Some(PayloadId::of(&payload)) };
        (envelope.to_json().into_bytes(), lineage)
    }

    fn notice(&self, key: &SecretKey, number: u32) -> Vec<u8> {
        notice_of(key, &self.did, number).0
    }
}

/// What a client is told.
fn post(server: &Server, entry: &[u8]) -> Result<Submitted, Refusal> {
    let submitted = server.ledger.submit(Submission::entry(entry).expect("an entry"), Provenance::Client);
    server.step();
    submitted
}

fn waits(server: &Server, entry: &[u8]) -> Waiting {
    match post(server, entry) {
        Ok(Submitted::Waiting(waiting)) => *waiting,
        other => panic!("it does not wait: {other:?}"),
    }
}

async fn ask(server: &Server) -> Asked {
    drive(&[server], server.federation.ask_domains_once()).await.expect("asked")
}

fn publisher(server: &Server, domain: &Domain) -> PublisherView {
    server.ledger.publisher(&domain.did).expect("readable").expect("known")
}

fn lineage<'v>(view: &'v PublisherView, id: &LineageId) -> &'v LineageView {
    view.lineages.iter().find(|lineage| lineage.lineage == id.to_string()).expect("a lineage")
}

/// A server where the record of a museum waits, whose domain names its key by now.
fn a_museum_that_waits(world: &World) -> (Server, Domain, SecretKey, LineageId) {
    let server = Server::start_under(world, "a", Policy::Verified);
    let (domain, key) = (Domain::of(world, "museum.example"), secret("m"));
    let (record, id) = domain.record(&key);
    waits(&server, &record);
    domain.names(&[&key]);
    (server, domain, key, id)
}

#[tokio::test]
async fn a_record_waits_until_its_domain_names_its_keys_and_then_stands_behind_a_statement_that_says_so() {
    let world = World::new();
    let (server, domain, key) =
        (Server::start_under(&world, "a", Policy::Verified), Domain::of(&world, "museum.example"), secret("m"));
    let (record, id) = domain.record(&key);
    assert_eq!(waits(&server, &record).due, world.clock.now(), "a first contact is asked at once");
    assert_eq!(server.size(), 0, "it is in no log");
    let view = publisher(&server, &domain);
    assert_eq!((view.lineages.len(), view.waiting.len()), (0, 1));

    assert_eq!(ask(&server).await, Asked { asked: 1, ..Asked::default() });
    let refusal = post(&server, &domain.notice(&key, 1)).expect_err("it is being verified");
    let Refusal::IssuerPending { retry_after, .. } = refusal else { panic!("{refusal}") };
    assert!((3_600..5_400).contains(&retry_after.as_secs()), "{retry_after:?}");

    domain.names(&[&key, &secret("another key of the museum")]);
    assert_eq!(ask(&server).await, Asked::default(), "an hour is not over");
    world.pass(2 * HOUR);
    assert_eq!(ask(&server).await, Asked { asked: 1, verified: 1, logged: 1 });
    let kinds: Vec<_> = server.ledger.changes(0, 9).expect("readable").iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [PayloadType::Operator, PayloadType::Publisher]);
    let view = publisher(&server, &domain);
    let shown = lineage(&view, &id);
    assert!(shown.domain_verified && !shown.pinned && view.waiting.is_empty());
    let attested = (shown.verified[0].by.as_str(), shown.verified[0].method);
    assert_eq!(attested, ("a.example/log", DomainMethod::DidDocument));
    assert!(matches!(post(&server, &domain.notice(&key, 1)), Ok(Submitted::Queued(_))));
    assert_eq!(server.size(), 3);
}

#[tokio::test]
async fn what_waits_survives_a_restart_and_so_does_what_was_verified() {
    let world = World::new();
    let (server, domain, key, id) = a_museum_that_waits(&world);
    let server = server.restart(crate::ledger::Pins::default());
    assert_eq!(publisher(&server, &domain).waiting.len(), 1);
    assert_eq!(ask(&server).await, Asked { asked: 1, verified: 1, logged: 1 });
    let before = server.ledger.trust().hash();
    let server = server.restart(crate::ledger::Pins::default());
    assert!(server.ledger.trust().is_verified(&id), "read from the log");
    assert_eq!(server.ledger.trust().hash(), before);
    assert!(matches!(post(&server, &domain.notice(&key, 1)), Ok(Submitted::Queued(_))));
    assert!(matches!(post(&server, &domain.record(&key).0), Ok(Submitted::Known(_))));
}

#[tokio::test]
async fn a_domain_is_asked_once_an_hour_however_many_want_it_and_whatever_it_answers() {
    let world = World::new();
    let (server, domain) = (Server::start_under(&world, "a", Policy::Verified), Domain::of(&world, "museum.example"));
    let elsewhere = Response { status: 302, ..Response::default() };
    let other = Domain::of(&world, "other.example");
    other.names(&[&secret("m0")]);
    let of_another = other.answer.lock().expect("an answer").clone();
    let answers = [Response::new(500, "no"), elsewhere, Response::new(200, "<html>"), of_another, Response::new(200, "{}")];
    let mut told = Vec::new();
    for (n, answer) in answers.into_iter().enumerate() {
        domain.answers(answer);
        let key = secret(&format!("m{n}"));
        waits(&server, &domain.record(&key).0);
        domain.visits();
        for _ in 0..5 {
            ask(&server).await;
            world.pass(HOUR / 5 - 1);
        }
        assert_eq!(domain.visits(), 1, "in the hour of answer {n}");
        world.pass(24 * HOUR);
        told.push(server.ledger.domain_state(&domain.did).expect("readable").expect("asked").fault.expect("a fault").code);
    }
    assert_eq!(told, ["status", "redirect", "document", "document", "document"]);
    world.network.set_next(&domain.url(), Weather::Down);
    ask(&server).await;
    let state = server.ledger.domain_state(&domain.did).expect("readable").expect("asked");
    assert_eq!((state.failures, state.answered), (6, None));
    assert_eq!(server.size(), 0, "nothing of it got into the log");
}

#[tokio::test]
async fn strangers_who_post_records_of_a_domain_give_way_to_its_owner() {
    let world = World::new();
    let (server, domain) = (Server::start_under(&world, "a", Policy::Verified), Domain::of(&world, "museum.example"));
    for n in 0..8 {
        waits(&server, &domain.record(&secret(&format!("stranger {n}"))).0);
    }
    let owner = secret("owner");
    domain.names(&[&owner]);
    let (record, id) = domain.record(&owner);
    let refusal = post(&server, &record).expect_err("there is no room for a ninth");
    assert_eq!(refusal.rule(), "over-quota");
    assert_eq!(ask(&server).await, Asked { asked: 1, ..Asked::default() }, "none of the strangers is named");
    waits(&server, &record);
    world.pass(2 * HOUR);
    assert_eq!(ask(&server).await, Asked { asked: 1, verified: 1, logged: 1 });
    assert!(server.ledger.trust().is_verified(&id));
    assert_eq!(publisher(&server, &domain).lineages.len(), 1);
}

#[tokio::test]
async fn a_domain_must_name_every_active_key_of_the_record() {
    let world = World::new();
    let (server, domain) = (Server::start_under(&world, "a", Policy::Verified), Domain::of(&world, "museum.example"));
    let (key, spare) = (secret("m"), secret("spare"));
    let mut draft = domain.draft(&key);
    draft.keys.push(RecordKey { key: spare.public(), status: KeyStatus::Active, since: None });
    let (record, _) = domain.signed(draft, &key);
    waits(&server, &record);
    domain.names(&[&key]);
    assert_eq!(ask(&server).await, Asked { asked: 1, ..Asked::default() });
    assert_eq!(publisher(&server, &domain).waiting[0].passed_over, 1);
    domain.names(&[&spare, &key]);
    world.pass(2 * HOUR);
    assert_eq!(ask(&server).await, Asked { asked: 1, verified: 1, logged: 1 });
}

/// Somebody lets a domain lapse and somebody else buys it: the story of promise H4, told to the end.
#[tokio::test]
async fn whoever_buys_a_lapsed_domain_stands_beside_its_first_owner_and_touches_nothing_of_it() {
    let world = World::new();
    let (server, domain) = (Server::start_under(&world, "a", Policy::Verified), Domain::of(&world, "museum.example"));
    let (owner, buyer) = (secret("owner"), secret("buyer"));
    let (first, first_id) = domain.record(&owner);
    waits(&server, &first);
    domain.names(&[&owner]);
    ask(&server).await;
    let (notice, notice_id, _) = notice_of(&owner, &domain.did, 1);
    assert!(matches!(post(&server, &notice), Ok(Submitted::Queued(_))));

    // The buyer puts up a document of its own, and its record is verified too.
    domain.names(&[&buyer]);
    let (second, second_id) = domain.record(&buyer);
    waits(&server, &second);
    world.pass(2 * HOUR);
    assert_eq!(ask(&server).await, Asked { asked: 1, verified: 1, logged: 1 });
    let view = publisher(&server, &domain);
    assert!(view.key_changed && view.lineages.len() == 2);
    let [of_owner, of_buyer] = [&first_id, &second_id].map(|id| lineage(&view, id));
    assert!(of_owner.domain_verified && of_buyer.domain_verified, "verification binds a lineage once");
    let names = |shown: &LineageView| shown.domain.as_ref().expect("asked").names_keys;
    assert_eq!((names(of_owner), names(of_buyer)), (Some(false), Some(true)), "that the first lost the domain is shown");

    // What the buyer revokes of the owner's stays in force.
    let revocation = json!({
        "type": "revocation", "issuer": {"role": "observer"},
        "subjects": [{"id": "doi:10.5281/zenodo.1", "role": "whole"}],
        "dataset": {"title": "Example Faces 1", "publisher_name": "Example Museum"},
        "prior": [{"notice": notice_id, "relation": "revokes"}],
        "texts": {"texts": [{"language": "en", "statement": "We never meant to say this about the dataset at all."}]},
    });
    let issued = Timestamp::parse("2026-11-23T11:00:00Z").expect("a time");
    let draft = crate::notice::Draft::parse(revocation.to_string().as_bytes()).expect("a draft");
    let completed = draft.complete(&domain.did, issued, [7; 32]).expect("a notice");
    let envelope = buyer.sign_envelope(PayloadType::Notice, &completed.payload).expect("an envelope");
    server.log(envelope.to_json().as_bytes());
    let status = server.ledger.notice(&notice_id).expect("readable").expect("there").status;
    assert!(status.in_force && status.lifted_by.is_empty(), "{status:?}");

    // The chain alone carries the owner's change of keys, whatever the domain says now.
    let next_key = secret("the owner's next key");
    let mut next = RecordDraft { sequence: 1, previous: first_id.record0, ..domain.draft(&owner) };
    next.keys = vec![
        RecordKey { key: owner.public(), status: KeyStatus::Retired, since: None },
        RecordKey { key: next_key.public(), status: KeyStatus::Active, since: None },
    ];
    let (next, _) = domain.signed(next, &owner);
    assert!(matches!(post(&server, &next), Ok(Submitted::Queued(_))));
    assert!(matches!(post(&server, &domain.notice(&next_key, 2)), Ok(Submitted::Queued(_))));
    let log: Vec<_> = server.ledger.changes(0, 20).expect("readable").iter().map(|entry| entry.kind).collect();
    assert_eq!(log.iter().filter(|kind| **kind == PayloadType::Operator).count(), 2, "each lineage was stated once");
}

#[tokio::test]
async fn a_domain_that_is_known_is_asked_once_a_day_and_its_loss_is_shown() {
    let world = World::new();
    let (server, domain, _, id) = a_museum_that_waits(&world);
    ask(&server).await;
    domain.visits();
    for _ in 0..60 {
        world.pass(HOUR);
        ask(&server).await;
    }
    assert!((1..=2).contains(&domain.visits()));
    world.network.unplug(&domain.url());
    world.pass(48 * HOUR);
    ask(&server).await;
    let view = publisher(&server, &domain);
    let shown = lineage(&view, &id);
    assert!(shown.domain_verified);
    let said = shown.domain.as_ref().expect("asked");
    assert!(said.error.is_some() && said.answered < said.asked, "{said:?}");
}

#[tokio::test]
async fn records_that_peers_bring_are_verified_by_every_server_itself() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start_under(&world, name, Policy::Verified));
    befriend(&a, &b);
    let (domain, key) = (Domain::of(&world, "museum.example"), secret("m"));
    waits(&a, &domain.record(&key).0);
    domain.names(&[&key]);
    ask(&a).await;
    post(&a, &domain.notice(&key, 1)).expect("taken");
    drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled");
    assert_eq!((b.size(), b.state("a").pending), (0, 2), "record and notice wait");
    assert_eq!(publisher(&b, &domain).waiting.len(), 1);
    world.pass(60);
    assert_eq!(ask(&b).await, Asked { asked: 1, verified: 1, logged: 1 });
    assert_eq!((b.size(), b.state("a").pending), (3, 0));
    let here = b.ledger.changes(0, 9).expect("readable");
    let of_a = here.iter().filter(|entry| entry.provenance == Provenance::Peer(a.origin())).count();
    assert_eq!(of_a, 2, "record and notice came from the peer, and the statement is its own");
}

#[tokio::test]
async fn a_record_of_a_blocked_issuer_goes_on_waiting_and_comes_in_when_the_block_is_lifted() {
    let world = World::new();
    let (server, domain, key) =
        (Server::start_under(&world, "a", Policy::Verified), Domain::of(&world, "museum.example"), secret("m"));
    waits(&server, &domain.record(&key).0);
    domain.names(&[&key]);
    let block = Block { did: domain.did.clone(), since: world.clock.now(), why: None };
    assert!(server.store.put_block(&block).expect("written"));
    server.federation.notice_blocks().await.expect("noticed");
    assert_eq!(post(&server, &domain.notice(&key, 1)).expect_err("blocked").rule(), "issuer-pending");
    assert_eq!(ask(&server).await, Asked { asked: 1, verified: 1, logged: 0 }, "its domain is what it is");
    assert_eq!((ask(&server).await, publisher(&server, &domain).waiting.len()), (Asked::default(), 1));
    assert!(server.store.remove_block(&domain.did).expect("written"));
    server.federation.notice_blocks().await.expect("noticed");
    assert_eq!(ask(&server).await, Asked { logged: 1, ..Asked::default() });
    assert!(matches!(post(&server, &domain.notice(&key, 1)), Ok(Submitted::Queued(_))));
}

#[tokio::test]
async fn where_only_pins_count_nobody_is_asked() {
    let world = World::new();
    let (server, domain, key) =
        (Server::start_under(&world, "a", Policy::Pinned), Domain::of(&world, "museum.example"), secret("m"));
    domain.names(&[&key]);
    let refusal = post(&server, &domain.record(&key).0).expect_err("nobody pinned it");
    assert_eq!(refusal.rule(), "not-admitted");
    assert_eq!((ask(&server).await, domain.visits()), (Asked::default(), 0));
}

#[tokio::test]
async fn under_verified_a_bare_key_has_no_domain_and_is_not_admitted() {
    let world = World::new();
    let server = Server::start_under(&world, "a", Policy::Verified);
    let refusal = post(&server, &crate::federation::testing::notice("ann", 1)).expect_err("no domain");
    assert!(refusal.to_string().contains("whose domain is verified"), "{refusal}");
    assert_eq!(refusal.rule(), "not-admitted");
}

/// A peer as it is configured with `vouch = true`.
fn vouching(server: &Server) -> Peer {
    let peer = server.as_peer();
    let (url, log, witness) = (peer.url().clone(), peer.log_key().clone(), peer.witness_key().clone());
    Peer::new(url, log, witness, *peer.operator_key(), true, PeerSource::Configuration).expect("a peer")
}

/// A museum that server `a` verified, with one notice, and `b`, which never gets an answer of the museum.
async fn verified_elsewhere(world: &World) -> (Server, Server, Domain, SecretKey, LineageId) {
    let [a, b] = ["a", "b"].map(|name| Server::start_under(world, name, Policy::Verified));
    let (domain, key) = (Domain::of(world, "museum.example"), secret("m"));
    let (record, id) = domain.record(&key);
    waits(&a, &record);
    domain.names(&[&key]);
    ask(&a).await;
    post(&a, &domain.notice(&key, 1)).expect("taken");
    world.network.unplug(&domain.url());
    (a, b, domain, key, id)
}

#[tokio::test]
async fn a_peer_that_may_vouch_is_believed_about_a_domain_for_one_hop() {
    let world = World::new();
    let (a, b, domain, key, id) = verified_elsewhere(&world).await;
    let c = Server::start_under(&world, "c", Policy::Verified);
    b.add_peer(&vouching(&a));
    c.add_peer(&vouching(&b));
    let hash = b.ledger.trust().hash();
    drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled");
    ask(&b).await;
    assert_eq!((b.size(), b.state("a").pending), (2, 0), "record and notice, and no statement of its own");
    assert_ne!(b.ledger.trust().hash(), hash);
    let view = publisher(&b, &domain);
    let shown = lineage(&view, &id);
    assert_eq!((shown.verified.len(), shown.verified[0].by.as_str()), (1, "a.example/log"));
    assert!(shown.domain_verified && !shown.pinned);
    assert!(matches!(post(&b, &domain.notice(&key, 2)), Ok(Submitted::Queued(_))), "it may post here too");

    // The next one believes b, which verified nothing itself.
    drive(&[&b, &c], c.federation.pull_once(&b.origin())).await.expect("pulled");
    ask(&c).await;
    assert_eq!(c.size(), 0);
    assert!(!c.ledger.trust().is_verified(&id));

    // It is read again after a restart.
    let b = b.restart(crate::ledger::Pins::default());
    assert!(b.ledger.trust().is_verified(&id));
}

#[tokio::test]
async fn a_peer_that_may_not_vouch_is_not_believed_and_is_when_it_may() {
    let world = World::new();
    let (a, b, domain, _, id) = verified_elsewhere(&world).await;
    b.add_peer(&a.as_peer());
    drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled");
    ask(&b).await;
    assert!(b.size() == 0 && !b.ledger.trust().is_verified(&id));
    assert_eq!(publisher(&b, &domain).waiting.len(), 1);
    b.store.put_peer(&vouching(&a)).expect("written");
    b.federation.reload_peers().expect("readable");
    ask(&b).await;
    assert!(b.ledger.trust().is_verified(&id));
    assert_eq!((b.size(), b.state("a").pending), (2, 0), "what waited came in");
    assert!(publisher(&b, &domain).waiting.is_empty());
    // Without the peer nobody says it any more; what is in the log stays, and speaks for nobody's domain.
    b.store.remove_peer(&a.origin()).expect("removed");
    b.federation.reload_peers().expect("readable");
    assert!(!b.ledger.trust().is_verified(&id));
    assert_eq!(b.size(), 2);
}

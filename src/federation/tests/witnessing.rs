//! `add-checkpoint`, row by row of the table of tlog-witness, in any order and at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::envelope::PublicKey;
use crate::federation::testing::{
    HandmadeLog, Server, World, befriend, drive, notice, now, peer_of, secret, signature_line, url_of,
};
use crate::federation::{Federation, FederationOptions, PeerStores, WitnessRefusal};
use crate::ledger::StoreError;
use crate::ledger::peers::{Advanced, EvidenceStore, OriginHash, Peer, PeerSource, WitnessStore, Witnessed};
use crate::ledger::stored::Head;
use crate::tlog::{
    AddCheckpoint, Checkpoint, Cosignature, Frontier, Hash, KeyName, MemoryTiles, Note, SignedCheckpoint, VerifierKey,
    consistency_proof,
};

/// A log of this many entries, those from `fork` on of another history: its root, and the proof from `old`.
fn forked(old: u64, size: u64, fork: u64) -> (Hash, Vec<Hash>) {
    let mut frontier = Frontier::empty();
    for n in 0..size {
        let face = if n < fork { "entry" } else { "other entry" };
        frontier.append(Hash::leaf(format!("{face} {n}").as_bytes()));
    }
    let mut tiles = MemoryTiles::default();
    tiles.store(frontier.take_changed());
    let proof = if old == 0 || old == size { Vec::new() } else { consistency_proof(old, size, &tiles).expect("a proof") };
    (frontier.root(), proof)
}

fn tree(old: u64, size: u64) -> (Hash, Vec<Hash>) {
    forked(old, size, u64::MAX)
}

/// A witness, and a log that is its peer.
struct Scene {
    world: World,
    b: Server,
    log: HandmadeLog,
}

fn scene() -> Scene {
    let world = World::new();
    let b = Server::start(&world, "b");
    let log = HandmadeLog::start(&world, "hand");
    b.add_peer(&peer_of("hand"));
    Scene { world, b, log }
}

impl Scene {
    fn ask(&self, old: u64, proof: Vec<Hash>, checkpoint: Vec<u8>) -> Result<Vec<u8>, WitnessRefusal> {
        self.b.federation.add_checkpoint(&AddCheckpoint { old, proof, checkpoint }.to_bytes())
    }

    /// The status of a request, and the body of one that is refused.
    fn status(&self, old: u64, proof: Vec<Hash>, checkpoint: Vec<u8>) -> (u16, String) {
        self.ask(old, proof, checkpoint).map_or_else(|no| (no.status(), no.answer().0), |_| (200, String::new()))
    }

    /// Has it cosign the honest tree of this size.
    fn grow(&self, old: u64, size: u64) {
        let (root, proof) = tree(old, size);
        self.ask(old, proof, self.log.sign(size, root)).expect("cosigned");
    }

    /// Size of what it shows as cosigned last.
    fn shown(&self) -> Option<u64> {
        let name = OriginHash::of("hand.example/log");
        let shown = self.b.federation.witnessed_checkpoint(&name).expect("readable")?;
        let signed = SignedCheckpoint::parse_and_verify(&shown, &self.log.key()).expect("the log signed it");
        assert_eq!(signed.cosignatures(&[self.b.as_peer().witness_key().clone()]).len(), 1, "and so did the witness");
        Some(signed.checkpoint().size())
    }
}

#[test]
fn what_is_no_request_no_note_or_no_checkpoint_is_400() {
    let scene = scene();
    let (root, _) = tree(0, 3);
    for body in [&b""[..], b"old x\n\n", b"old 0\n\n", b"\xff"] {
        assert_eq!(scene.b.federation.add_checkpoint(body).expect_err("malformed").status(), 400);
    }
    assert_eq!(scene.status(0, vec![], b"no note at all\n".to_vec()).0, 400);
    assert_eq!(scene.status(0, vec![Hash::EMPTY; 64], scene.log.sign(3, root)).0, 400, "more than 63 hashes");
    let sizeless = String::from_utf8(scene.log.sign(3, root)).expect("text").replace("\n3\n", "\nthree\n");
    assert_eq!(scene.status(0, vec![], sizeless.into_bytes()).0, 400);
    let text = format!("hand.example/log\n3\n{}\nan extension line\n", root.to_base64());
    assert_eq!(scene.status(0, vec![], scene.log.sign_text(&text)).0, 400, "extension lines");
    assert_eq!(scene.shown(), None);
}

#[test]
fn a_log_that_is_no_peer_is_404_whoever_signed_it() {
    let scene = scene();
    let stranger = HandmadeLog::start(&scene.world, "stranger");
    assert_eq!(scene.status(0, vec![], stranger.sign(3, tree(0, 3).0)).0, 404);
}

#[test]
fn a_checkpoint_that_its_log_did_not_sign_is_403() {
    let scene = scene();
    let changed = String::from_utf8(scene.log.sign(3, tree(0, 3).0)).expect("text").replace("\n3\n", "\n4\n");
    assert_eq!(scene.status(0, vec![], changed.into_bytes()).0, 403, "its line does not verify");
    let origin = KeyName::parse("hand.example/log").expect("a name");
    let impostor = SignedCheckpoint::sign(&secret("impostor"), &Checkpoint::new(&origin, 3, tree(0, 3).0)).expect("signed");
    assert_eq!(scene.status(0, vec![], impostor.bytes().to_vec()).0, 403, "another key of the same name");
    assert_eq!(scene.shown(), None);
}

#[test]
fn an_old_size_beyond_the_checkpoint_is_400() {
    let scene = scene();
    assert_eq!(scene.status(4, vec![], scene.log.sign(3, tree(0, 3).0)).0, 400);
}

#[test]
fn an_old_size_that_was_not_cosigned_last_is_409_and_told_the_right_one() {
    let scene = scene();
    let refusal = scene.ask(2, vec![], scene.log.sign(3, tree(0, 3).0)).expect_err("nothing was cosigned yet");
    assert_eq!((refusal.status(), refusal.answer()), (409, ("0\n".to_owned(), "text/x.tlog.size")));
    scene.grow(0, 3);
    let (root, proof) = tree(2, 5);
    assert_eq!(scene.status(2, proof, scene.log.sign(5, root)), (409, "3\n".to_owned()));
    assert_eq!(scene.status(0, vec![], scene.log.sign(5, root)), (409, "3\n".to_owned()));
    scene.grow(3, 5);
    let (root, _) = tree(0, 3);
    assert_eq!(scene.status(0, vec![], scene.log.sign(3, root)), (409, "5\n".to_owned()), "a size that is past");
    assert_eq!(scene.status(3, vec![], scene.log.sign(3, root)), (409, "5\n".to_owned()));
    assert_eq!(scene.shown(), Some(5));
}

#[test]
fn an_empty_log_with_another_root_than_that_of_the_empty_tree_is_422() {
    let origin = KeyName::parse("hand.example/log").expect("a name");
    // The library does not sign this; a log may.
    let text = Checkpoint::new(&origin, 0, Hash::leaf(b"x")).to_text();
    let first = scene();
    let bogus = first.log.sign_text(&text);
    assert_eq!(first.status(0, vec![], bogus.clone()).0, 422, "as the first one");
    assert_eq!(first.shown(), None);
    let later = scene();
    later.grow(0, 0);
    later.grow(0, 0);
    assert_eq!(later.status(0, vec![], bogus).0, 422, "over the right one");
    assert_eq!(later.b.store.evidence().expect("readable").len(), 1, "which convicts it");
}

#[test]
fn a_proof_from_nothing_is_422_and_an_empty_log_may_grow_without() {
    let scene = scene();
    let (root, _) = tree(0, 3);
    assert_eq!(scene.status(0, vec![Hash::EMPTY], scene.log.sign(3, root)).0, 422);
    scene.grow(0, 0);
    assert_eq!(scene.status(0, vec![Hash::EMPTY], scene.log.sign(3, root)).0, 422);
    scene.grow(0, 3);
    assert_eq!(scene.shown(), Some(3));
}

#[test]
fn a_proof_that_is_missing_or_proves_nothing_is_422_and_changes_nothing() {
    let scene = scene();
    scene.grow(0, 3);
    let (root, proof) = tree(3, 5);
    assert_eq!(scene.status(3, vec![], scene.log.sign(5, root)).0, 422, "missing");
    assert_eq!(scene.status(3, vec![Hash::EMPTY; 3], scene.log.sign(5, root)).0, 422, "of other hashes");
    assert_eq!(scene.status(3, [proof.clone(), vec![Hash::EMPTY]].concat(), scene.log.sign(5, root)).0, 422, "too long");
    let (elsewhere, other_proof) = forked(3, 5, 1);
    assert_eq!(scene.status(3, other_proof, scene.log.sign(5, elsewhere)).0, 422, "of another history");
    assert_eq!(scene.shown(), Some(3));
    assert_eq!(scene.b.state("hand").head.expect("a head").head.size, 3, "nothing refused was stored");
    assert_eq!(scene.status(3, proof, scene.log.sign(5, root)).0, 200, "and the right one is still welcome");
}

#[test]
fn another_root_of_the_size_cosigned_last_is_422_and_convicts_the_log() {
    let scene = scene();
    scene.grow(0, 5);
    assert!(scene.b.store.evidence().expect("readable").is_empty());
    assert_eq!(scene.status(5, vec![], scene.log.sign(5, forked(0, 5, 4).0)).0, 422);
    let kept = scene.b.store.evidence().expect("readable");
    assert_eq!(kept[0].1.verify(&scene.log.key()).expect("evidence").size, 5);
    let (root, proof) = tree(5, 6);
    assert_eq!(scene.status(5, proof, scene.log.sign(6, root)).0, 422, "nothing more is cosigned of it");
    assert_eq!(scene.shown(), Some(5), "what was cosigned stays");
}

#[test]
fn what_continues_is_cosigned_with_one_line_of_the_witness_alone() {
    let scene = scene();
    scene.grow(0, 3);
    let (root, proof) = tree(3, 5);
    let lines = scene.ask(3, proof, scene.log.sign(5, root)).expect("cosigned");
    let note = Note::parse(&scene.log.sign(5, root)).expect("a note");
    let witness = scene.b.as_peer().witness_key().clone();
    Cosignature::from_answer(&lines, &witness, note.text()).expect("a cosignature");
    let text = String::from_utf8(lines).expect("text");
    assert_eq!((text.lines().count(), text.ends_with('\n')), (1, true), "{text}");
    assert!(text.starts_with(&format!("\u{2014} {} ", witness.name())), "{text}");
}

#[test]
fn the_same_size_again_is_refreshed_after_a_minute_and_until_then_answered_as_before() {
    let scene = scene();
    let (root, _) = tree(0, 3);
    let note = Note::parse(&scene.log.sign(3, root)).expect("a note");
    let witness = scene.b.as_peer().witness_key().clone();
    let time = |old: u64| {
        let lines = scene.ask(old, vec![], scene.log.sign(3, root)).expect("cosigned");
        Cosignature::from_answer(&lines, &witness, note.text()).expect("verified").time()
    };
    let first = time(0);
    scene.world.pass(59);
    assert_eq!(time(3), first, "nothing is signed or written for it");
    scene.world.pass(1);
    let fresh = time(3);
    assert_eq!(fresh, first + 60);
    assert_eq!(fresh, u64::try_from(now(&scene.world).timestamp()).expect("after 1970"));
    assert_eq!(scene.status(3, vec![Hash::EMPTY], scene.log.sign(3, root)).0, 422, "a proof of nothing");
    let shown = scene.b.store.witnessed("hand.example/log").expect("readable").expect("cosigned");
    assert_eq!(u64::try_from(shown.cosigned.time.timestamp()), Ok(fresh), "and what is shown is the newest");
}

#[test]
fn a_line_that_pretends_to_be_of_the_witness_is_neither_kept_nor_shown() {
    let scene = scene();
    let (root, _) = tree(0, 3);
    let witness = scene.b.as_peer().witness_key().clone();
    let forged = signature_line(&witness, &[0; 72]);
    let poisoned = [scene.log.sign(3, root), forged.into_bytes()].concat();
    assert_eq!(scene.status(0, vec![], poisoned).0, 200);
    assert_eq!(scene.shown(), Some(3), "with one cosignature that verifies");
    scene.grow(3, 5);
    assert_eq!(scene.shown(), Some(5));
}

/// The ordered requests of Sunlight's `TestAddCheckpoint`, with its real signatures and proofs (tests/fixtures/vectors/tlog/README).
#[test]
fn the_requests_of_sunlight_meet_the_same_answers() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/fixtures/vectors/tlog/add-checkpoint.json")).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let name = |text: &str| KeyName::parse(text).expect("a name");
    let origin = text(&vectors["origin"]);
    let key = Hash::parse(&text(&vectors["log_key"])).expect("32 bytes");
    let log = VerifierKey::log_key(name(&origin), PublicKey::from_bytes(key.as_bytes()).expect("a key"));
    let witness = VerifierKey::witness_key(name(&format!("{origin}/witness")), secret("sunlight witness").public());
    let operator = secret("sunlight operator").public();
    let world = World::new();
    let b = Server::start(&world, "b");
    b.add_peer(&Peer::new(url_of("sunlight"), log, witness, operator, false, PeerSource::Command).expect("a peer"));
    let requests = vectors["requests"].as_array().expect("a list");
    assert_eq!(requests.len(), 11);
    for request in requests {
        let answer = b.federation.add_checkpoint(text(&request["body"]).as_bytes());
        let (status, size) = answer.map_or_else(|refusal| (refusal.status(), refusal.answer().0), |_| (200, String::new()));
        assert_eq!(status, request["status"], "{}", request["name"]);
        if let Some(expected) = request["answer"].as_str() {
            assert_eq!(size, expected, "{}", request["name"]);
        }
    }
}

#[test]
fn of_requests_that_race_from_one_size_one_is_cosigned_and_the_others_are_told_its_size() {
    let scene = scene();
    let mut last = 3;
    scene.grow(0, last);
    for _ in 0..20 {
        let results: Vec<(u64, u16, String)> = std::thread::scope(|scope| {
            let sizes = (last + 1)..(last + 7);
            let race = |size: u64| {
                let scene = &scene;
                scope.spawn(move || {
                    let (root, proof) = tree(last, size);
                    let (status, body) = scene.status(last, proof, scene.log.sign(size, root));
                    (size, status, body)
                })
            };
            let threads: Vec<_> = sizes.map(race).collect();
            threads.into_iter().map(|thread| thread.join().expect("ended")).collect()
        });
        let winners: Vec<u64> = results.iter().filter(|(_, status, _)| *status == 200).map(|(size, ..)| *size).collect();
        let [winner] = winners.as_slice() else { panic!("{results:?}") };
        assert!(
            results.iter().all(|(_, status, body)| *status == 200 || (*status, body.as_str()) == (409, &format!("{winner}\n")))
        );
        assert_eq!(scene.shown(), Some(*winner));
        last = *winner;
    }
}

#[test]
fn of_two_histories_that_race_from_one_size_only_one_is_ever_cosigned() {
    for round in 0..10_u64 {
        let scene = scene();
        scene.grow(0, 3);
        // N of one history and N + K of the other, both with a right proof from 3.
        let faces = [(5, u64::MAX), (5 + round % 3, 4)];
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let race = |(size, fork): (u64, u64)| {
                let scene = &scene;
                scope.spawn(move || {
                    let (root, proof) = forked(3, size, fork);
                    scene.status(3, proof, scene.log.sign(size, root)).0
                })
            };
            let threads = faces.map(race);
            threads.into_iter().map(|thread| thread.join().expect("ended")).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "round {round}: {statuses:?}");
        assert!(statuses.iter().all(|status| [200, 409, 422].contains(status)), "round {round}: {statuses:?}");
    }
}

/// Storage that fails when something was cosigned and is to be kept.
struct Failing<S> {
    store: Arc<S>,
    fails: AtomicBool,
}

impl<S: WitnessStore> WitnessStore for Failing<S> {
    fn witnessed(&self, origin: &str) -> Result<Option<Witnessed>, StoreError> {
        self.store.witnessed(origin)
    }

    fn advance_witnessed(&self, origin: &str, expected: Head, witnessed: &Witnessed) -> Result<Advanced, StoreError> {
        if self.fails.load(Ordering::SeqCst) {
            let source = Arc::new(std::io::Error::other("the disk is gone"));
            return Err(StoreError::Unavailable { doing: "keeping what was cosigned", source });
        }
        self.store.advance_witnessed(origin, expected, witnessed)
    }
}

#[test]
fn a_cosignature_that_cannot_be_kept_is_503_and_shown_to_nobody() {
    let scene = scene();
    scene.grow(0, 3);
    let witness = Arc::new(Failing { store: scene.b.store.clone(), fails: AtomicBool::new(true) });
    let stores = PeerStores { witness: witness.clone(), ..PeerStores::of(scene.b.store.clone()) };
    let network = Arc::new(scene.world.network.clone());
    let federation = Federation::new(scene.b.ledger.clone(), stores, network, FederationOptions::default()).expect("one");
    let (root, proof) = tree(3, 5);
    let body = AddCheckpoint { old: 3, proof, checkpoint: scene.log.sign(5, root) }.to_bytes();
    let refusal = federation.add_checkpoint(&body).expect_err("not durable");
    assert_eq!((refusal.status(), refusal.answer().0), (503, "storage is unavailable\n".to_owned()));
    assert_eq!(scene.shown(), Some(3));
    witness.fails.store(false, Ordering::SeqCst);
    federation.add_checkpoint(&body).expect("cosigned once storage is back");
    assert_eq!(scene.shown(), Some(5));
}

#[test]
fn the_time_that_is_signed_never_runs_back() {
    let scene = scene();
    let note = Note::parse(&scene.log.sign(0, Hash::EMPTY)).expect("a note");
    let time = || {
        let lines = scene.ask(0, vec![], scene.log.sign(0, Hash::EMPTY)).map_err(|refusal| refusal.status())?;
        Ok::<_, u16>(Cosignature::from_answer(&lines, scene.b.as_peer().witness_key(), note.text()).expect("verified").time())
    };
    let first = time().expect("cosigned");
    scene.world.pass(-120);
    assert_eq!(time(), Ok(first));
    scene.world.pass(-600);
    assert_eq!(time(), Err(503));
}

#[tokio::test]
async fn what_a_server_cosigned_survives_its_restart() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    a.log(&notice("ann", 1));
    drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("announced");
    let b = b.restart(crate::ledger::Pins::default());
    let again = AddCheckpoint { old: 0, proof: vec![], checkpoint: a.ledger.published().checkpoint.clone() };
    let refusal = b.federation.add_checkpoint(&again.to_bytes()).expect_err("known");
    assert_eq!(refusal.answer().0, "1\n");
}

//! A log with two faces, each of which looks right to whoever sees only that one.

use crate::federation::testing::{HandmadeLog, Server, World, befriend, drive, notice};
use crate::federation::{Compared, Response, Weather};
use crate::ledger::peers::{EvidenceStore, WitnessStore};
use crate::tlog::{AddCheckpoint, Evidence};

const HAND: &str = "hand.example/log";

/// Two honest servers that know each other, and a log that shows each of them another face.
struct Scene {
    world: World,
    servers: [Server; 2],
    faces: [HandmadeLog; 2],
}

fn scene() -> Scene {
    let world = World::new();
    let servers = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&servers[0], &servers[1]);
    let faces = ["face-one", "face-two"].map(|place| HandmadeLog::start_at(&world, "hand", place));
    for (server, face) in servers.iter().zip(&faces) {
        server.add_peer(&face.as_peer());
    }
    Scene { world, servers, faces }
}

impl Scene {
    /// Both servers read what they are shown.
    async fn read(&self) {
        for server in &self.servers {
            drive(&[server], server.federation.pull_once(HAND)).await.expect("it looks right");
            assert!(!server.state("hand").is_isolated(), "nobody sees anything by itself");
        }
    }

    /// The liar has each server cosign the face that it is shown.
    fn announce(&self) {
        for (server, face) in self.servers.iter().zip(&self.faces) {
            let asked = AddCheckpoint { old: 0, proof: vec![], checkpoint: face.checkpoint() };
            server.federation.add_checkpoint(&asked.to_bytes()).expect("cosigned");
        }
    }

    async fn compare(&self, who: usize) -> Compared {
        drive(&[&self.servers[who]], self.servers[who].federation.compare_once()).await.expect("compared")
    }

    fn kinds(&self, who: usize) -> Vec<&'static str> {
        let kept = self.servers[who].store.evidence().expect("readable");
        for (_, piece) in &kept {
            piece.verify(&self.faces[0].key()).expect("whoever has the key can check it");
        }
        kept.iter().map(|(_, piece)| piece.kind()).collect()
    }
}

#[tokio::test]
async fn two_faces_of_one_size_are_found_by_comparing_what_others_cosigned() {
    let mut scene = scene();
    scene.faces[0].append([notice("ann", 1), notice("ann", 2)]);
    scene.faces[1].append([notice("ann", 1), notice("eve", 2)]);
    scene.announce();
    scene.read().await;
    assert_eq!(scene.compare(0).await, Compared { views: 1, convicted: 1 });
    assert_eq!(scene.kinds(0), ["two-roots"]);
    assert_eq!(scene.compare(1).await, Compared { views: 1, convicted: 1 });
    for server in &scene.servers {
        assert!(server.state("hand").is_isolated());
        assert_eq!(server.size(), 2, "what was accepted before stays");
    }
    assert_eq!(scene.compare(0).await, Compared::default(), "what is convicted is not looked at again");
}

#[tokio::test]
async fn two_faces_of_two_sizes_are_found_by_the_one_who_read_more_and_then_by_the_other() {
    let mut scene = scene();
    scene.faces[0].append([notice("ann", 1), notice("ann", 2)]);
    scene.faces[1].append([notice("ann", 1), notice("eve", 2), notice("ann", 3)]);
    scene.announce();
    scene.read().await;
    assert_eq!(scene.compare(0).await, Compared { views: 1, convicted: 0 }, "it has nothing of that size");
    assert_eq!(scene.compare(1).await, Compared { views: 1, convicted: 1 });
    let kept = scene.servers[1].store.evidence().expect("readable");
    assert!(matches!(&kept[0].1, Evidence::LeafContradiction { proof, .. } if proof.len() <= 2), "{kept:?}");
    // Now the other one is told, and can check it.
    assert_eq!(scene.compare(0).await, Compared { views: 1, convicted: 1 });
    assert_eq!(scene.kinds(0), ["leaf-contradiction"]);
}

#[tokio::test]
async fn a_liar_that_announces_to_nobody_is_compared_like_any_other() {
    let mut scene = scene();
    scene.faces[0].append([notice("ann", 1)]);
    scene.faces[1].append([notice("eve", 1)]);
    scene.read().await;
    assert_eq!(scene.compare(0).await, Compared { views: 0, convicted: 0 }, "nobody cosigned anything else yet");
    assert_eq!(scene.compare(1).await, Compared { views: 1, convicted: 1 });
    assert_eq!(scene.compare(0).await, Compared { views: 1, convicted: 1 }, "what the other read is cosigned by now");
}

#[tokio::test]
async fn what_a_peer_merely_claims_convicts_nobody() {
    let mut scene = scene();
    scene.faces[0].append([notice("ann", 1)]);
    scene.read().await;
    let stranger = HandmadeLog::start(&scene.world, "stranger");
    let root = crate::tlog::Hash::leaf(b"another history");
    let note = |log: &HandmadeLog| String::from_utf8(log.sign(1, root)).expect("text");
    let renamed = note(&stranger).replace("stranger.example", "hand.example");
    let claim = serde_json::json!({"origin": HAND, "evidence": [{
        "kind": "two-roots", "first": renamed, "second": String::from_utf8(scene.faces[0].checkpoint()).expect("text"),
    }]});
    for lie in [renamed.clone(), claim.to_string(), "<html>for sale</html>".to_owned(), String::new()] {
        scene.world.network.set_weather(&scene.servers[1].url(), Weather::Answered(Response::new(200, lie)));
        assert_eq!(scene.compare(0).await.convicted, 0);
    }
    scene.world.network.set_weather(&scene.servers[1].url(), Weather::Down);
    assert_eq!(scene.compare(0).await, Compared::default());
    assert_eq!(scene.kinds(0), [""; 0]);
}

#[tokio::test]
async fn honest_servers_at_different_sizes_have_nothing_to_reproach_each_other_with() {
    let world = World::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| Server::start(&world, name));
    for (one, other) in [(&a, &b), (&a, &c), (&b, &c)] {
        befriend(one, other);
    }
    let servers = [&a, &b, &c];
    for number in 0..4 {
        a.log(&notice("ann", number));
        let who = if number % 2 == 0 { &b } else { &c };
        drive(&servers, who.federation.pull_once(&a.origin())).await.expect("pulled");
        for server in servers {
            let compared = drive(&servers, server.federation.compare_once()).await.expect("compared");
            assert_eq!(compared.convicted, 0);
        }
    }
    let cosigned = c.store.witnessed(&a.origin()).expect("readable").expect("read, so cosigned");
    assert_eq!(cosigned.head.head.size, 4);
    // The log whose checkpoint was cosigned unasked hears of it as of any other size, and goes on.
    drive(&servers, a.federation.announce_once(&c.origin())).await.expect("announced");
    assert_eq!(a.state("c").acknowledged, 4);
    assert!(servers.iter().all(|server| server.store.evidence().expect("readable").is_empty()));
}

//! Odd announcements: mutations of requests that a witness cosigned, or would.

use std::collections::BTreeMap;

use palinode::envelope::SecretKey;
use palinode::ledger::peers::{Peer, PeerSource};
use palinode::tlog::{AddCheckpoint, Checkpoint, Hash, KeyName, SignedCheckpoint, VerifierKey};

use super::image::Kept;
use super::knock::{Knock, with_app};
use crate::mutation::{Dice, Told, from_environment, mutate};
use crate::support::server::{Options, TestServer};

const MUTATIONS: u64 = 1_500;
const ORIGIN: &str = "peer.example/log";

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32])
}

fn peer() -> Peer {
    let name = |name: &str| KeyName::parse(name).unwrap();
    let log = VerifierKey::log_key(name(ORIGIN), secret(51).public());
    let witness = VerifierKey::witness_key(name(&format!("{ORIGIN}/witness")), secret(52).public());
    let url = "https://peer.example/".parse().unwrap();
    Peer::new(url, log, witness, secret(53).public(), false, PeerSource::Command).unwrap()
}

/// The checkpoint of a log of these leaves, one or two of them, as its log announces it to a witness that cosigned `old`.
fn announcement(key: u8, leaves: &[&[u8]], old: u64) -> Vec<u8> {
    let leaves: Vec<_> = leaves.iter().map(|leaf| Hash::leaf(leaf)).collect();
    let root = if let [left, right] = leaves.as_slice() { Hash::node(left, right) } else { leaves[0] };
    let head = Checkpoint::new(&KeyName::parse(ORIGIN).unwrap(), leaves.len() as u64, root);
    let proof = if old == 1 && leaves.len() == 2 { vec![leaves[1]] } else { Vec::new() };
    AddCheckpoint { old, proof, checkpoint: SignedCheckpoint::sign(&secret(key), &head).unwrap().bytes().to_vec() }.to_bytes()
}

#[test]
fn a_mutated_announcement_is_refused_or_says_what_was_cosigned_before() {
    let server = TestServer::with(Options { peers: vec![peer()], ..Options::default() });
    let mutations = from_environment("PALINODE_MUTATIONS", MUTATIONS);
    let first = from_environment("PALINODE_SEED", 0);
    let knock = |body: Vec<u8>| Knock { headers: Vec::new(), ..Knock::post("/witness/add-checkpoint", body) };
    with_app(&server, async |app| {
        assert_eq!(app.ask(&knock(announcement(51, &[b"a"], 0))).await.status, 200);
        let good = [
            // The same again; the one that would come next, unsigned by the log; and what a liar would send.
            announcement(51, &[b"a"], 1),
            announcement(54, &[b"a", b"b"], 1),
            announcement(51, &[b"a"], 0),
            announcement(54, &[b"c"], 1),
        ];
        let kept = Kept::settled(&server);
        let mut statuses = BTreeMap::new();
        for seed in first..first + mutations {
            let _told = Told { what: "announcements", seed };
            let mut dice = Dice::seeded(seed);
            let mut body = dice.pick(&good).clone();
            if !dice.one_in(20) {
                let other = dice.pick(&good).clone();
                mutate(&mut body, &other, &mut dice);
            }
            let heard = app.ask(&knock(body.clone())).await;
            *statuses.entry(heard.status).or_insert(0) += 1;
            match heard.status {
                // Lines of other keys may stand beside the log's: the head is the one that was cosigned.
                200 => {
                    let request = AddCheckpoint::parse(&body).expect("what is cosigned is a request");
                    let note = SignedCheckpoint::parse_and_verify(&request.checkpoint, peer().log_key()).expect("signed");
                    assert_eq!((request.old, note.checkpoint().size(), *note.checkpoint().root()), (1, 1, Hash::leaf(b"a")));
                }
                400 | 403 | 404 | 409 | 422 => assert!(heard.text().ends_with('\n') && heard.kind.starts_with("text/")),
                status => panic!("answered {status}: {}", heard.text()),
            }
        }
        assert!(mutations < 1_000 || statuses.len() >= 5, "too tame: {statuses:?}");
        Kept::settled(&server).assert_is(&kept);
        assert_eq!(app.ask(&knock(announcement(51, &[b"a", b"b"], 1))).await.status, 200, "the log grows on");
    });
}

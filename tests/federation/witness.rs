//! The witness over HTTP, as any C2SP tlog-witness client finds it.

use palinode::envelope::SecretKey;
use palinode::tlog::{AddCheckpoint, Checkpoint, Hash, KeyName, SignedCheckpoint, VerifierKey};
use sha2::{Digest, Sha256};
use tempfile::tempdir;

use crate::server_process::{Launch, ServerProcess, introduce, palinode};
use crate::speaker::Speaker;
use crate::waiting::eventually;

fn witness_path(origin: &str) -> String {
    format!("witness/{}/checkpoint", data_encoding::HEXLOWER.encode(&Sha256::digest(origin)))
}

async fn asks(witness: &ServerProcess, request: &AddCheckpoint) -> (u16, Option<String>, String) {
    let answer = witness.post("witness/add-checkpoint", "text/plain", request.to_bytes()).await;
    (answer.status, answer.content_type, String::from_utf8(answer.body).unwrap())
}

#[tokio::test]
async fn the_witness_cosigns_what_its_peers_signed_and_nothing_else() {
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    introduce(&[&a, &b]);
    let notice = Speaker::new().report("faces", "for the witness");
    a.takes(&notice).await;

    // What was cosigned last can be read by anybody, with the cosignature.
    let (origin, log, witness) = (a.server().await.origin, a.log_key().await, b.witness_key().await);
    let signed = eventually("the peer cosigned the log", async || {
        let answer = b.get(&witness_path(&origin)).await;
        let signed = (answer.status == 200).then(|| SignedCheckpoint::parse_and_verify(&answer.body, &log).unwrap());
        signed.filter(|signed| signed.checkpoint().size() == 1)
    })
    .await;
    assert_eq!(signed.cosignatures(std::slice::from_ref(&witness)).len(), 1);

    // The same again is cosigned again; from another size it is a conflict that tells the size.
    let again = AddCheckpoint { old: 1, proof: Vec::new(), checkpoint: signed.bytes().to_vec() };
    let (status, _, lines) = asks(&b, &again).await;
    assert_eq!(status, 200, "{lines}");
    assert!(lines.starts_with(&format!("\u{2014} {} ", witness.name())) && lines.ends_with('\n'), "{lines}");
    let (status, kind, size) = asks(&b, &AddCheckpoint { old: 0, ..again.clone() }).await;
    assert_eq!((status, kind.as_deref(), size.as_str()), (409, Some("text/x.tlog.size"), "1\n"));

    // A log that is no peer's, a peer's name under another key, and what is no request.
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).unwrap();
    let key = SecretKey::from_seed(seed);
    for (name, expected) in [("stranger.example.org/log", 404), (origin.as_str(), 403)] {
        let checkpoint = Checkpoint::new(&KeyName::parse(name).unwrap(), 1, Hash::leaf(b"an entry"));
        let checkpoint = SignedCheckpoint::sign(&key, &checkpoint).unwrap().bytes().to_vec();
        let (status, _, said) = asks(&b, &AddCheckpoint { old: 1, proof: Vec::new(), checkpoint }).await;
        assert_eq!(status, expected, "{said}");
    }
    let answer = b.post("witness/add-checkpoint", "text/plain", b"nonsense".to_vec()).await;
    assert_eq!(answer.status, 400);
    for unknown in [witness_path("stranger.example.org/log"), "witness/nonsense/checkpoint".to_owned()] {
        assert_eq!(b.get(&unknown).await.status, 404, "{unknown}");
    }
    b.hears(&notice).await;
    assert_eq!(b.entries().await, [notice.leaf.to_string()]);
}

#[tokio::test]
async fn a_client_that_asks_for_witnesses_gets_what_enough_of_them_cosigned_or_a_refusal() {
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    introduce(&[&a, &b]);
    let notice = Speaker::new().report("faces", "for the witnesses");
    a.takes(&notice).await;
    let witnesses = [a.witness_key().await, b.witness_key().await];
    eventually("the peer's cosignature is published", async || {
        let answer = a.get("log/checkpoint").await;
        let signed = SignedCheckpoint::parse_and_verify(&answer.body, &a.log_key().await).unwrap();
        (signed.cosignatures(&witnesses).len() == 2).then_some(())
    })
    .await;
    let [own, peer] = witnesses.map(|key| key.to_string());
    let stranger =
        VerifierKey::witness_key(KeyName::parse("w.example.org/witness").unwrap(), SecretKey::from_seed([9; 32]).public());
    let log = a.log_key().await;
    let policy = |threshold: &str| {
        let path = folder.path().join(format!("{threshold}.policy"));
        let names = format!("witness a {own}\nwitness b {peer}\nwitness c {stranger}");
        std::fs::write(&path, format!("log {log}\n{names}\ngroup g {threshold} a b c\nquorum g\n")).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (two, all) = (policy("2"), policy("all"));
    let url = a.url.as_str();
    let check = ["check", &notice.subject, "--server", url, "--fail-on", "retracted"];

    palinode(&["log", "verify", url, "--policy", &two]).well();
    let said = palinode(&["log", "verify", url, "--policy", &all]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.stdout.contains("the quorum g is not met") && said.stdout.contains("w.example.org/witness"), "{said:?}");
    palinode(&[&check[..], &["--proof", "--policy", &two]].concat()).well();
    let said = palinode(&[&check[..], &["--proof", "--policy", &all]].concat());
    assert_eq!(said.code, Some(3), "could not check: {said:?}");
    assert!(format!("{}{}", said.stdout, said.stderr).contains("the quorum g is not met"), "{said:?}");
    palinode(&[&check[..], &["--proof", "--witness-key", &own, "--witness-key", &peer, "--quorum", "2"]].concat()).well();
    palinode(&[&check[..], &["--policy", &two]].concat()).with_code(2);
    // Another server's log is not the one that this policy accepts.
    palinode(&["log", "verify", b.url.as_str(), "--policy", &two]).with_code(1);
}

//! The witness over HTTP, as any C2SP tlog-witness client finds it.

use palinode::envelope::SecretKey;
use palinode::tlog::{AddCheckpoint, Checkpoint, Hash, KeyName, SignedCheckpoint};
use sha2::{Digest, Sha256};
use tempfile::tempdir;

use crate::server_process::{Launch, ServerProcess, introduce};
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

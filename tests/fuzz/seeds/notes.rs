//! Notes of every kind: checkpoints, cosignatures, proofs, policies, evidence.

use std::fs;
use std::path::Path;

use palinode::envelope::SecretKey;
use palinode::tlog::{AddCheckpoint, Checkpoint, Cosignature, Hash, KeyName, SignedCheckpoint, TlogProof};

use super::super::decoders::{LOG_SEED, ORIGIN, WITNESS_SEED, cosignature, log_key, witness_key};
use super::put;

/// Notes of every kind.
pub(super) fn notes() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/vectors/tlog");
    let vector = |name: &str| fs::read(vectors.join(name)).unwrap();
    put("note", "example", vector("signed-note-example.txt"));
    put("note", "poem", vector("signed-note-poem.txt"));
    put("note", "answer", vector("add-checkpoint-answer-example.txt"));
    put("add_checkpoint", "example", vector("add-checkpoint-example.txt"));
    put("cosignature", "answer", vector("add-checkpoint-answer-example.txt"));
    let (log, witness) = (SecretKey::from_seed([LOG_SEED; 32]), SecretKey::from_seed([WITNESS_SEED; 32]));
    let origin = KeyName::parse(ORIGIN).unwrap();
    let cosigned = |leaves: &[&[u8]]| {
        let hashes: Vec<_> = leaves.iter().map(|leaf| Hash::leaf(leaf)).collect();
        let root = match hashes.as_slice() {
            [] => Hash::EMPTY,
            [one] => *one,
            [left, right] => Hash::node(left, right),
            _ => unreachable!("two leaves at most"),
        };
        let size = u64::try_from(hashes.len()).unwrap();
        let mut signed = SignedCheckpoint::sign(&log, &Checkpoint::new(&origin, size, root)).unwrap();
        signed.cosign(witness_key().name(), &witness, 1_795_000_000).unwrap();
        signed
    };
    let (none, one, two) = (cosigned(&[]), cosigned(&[b"leaf"]), cosigned(&[b"leaf", b"other"]));
    for (name, signed) in [("empty", &none), ("of-one", &one), ("of-two", &two)] {
        put("checkpoint", name, signed.bytes());
        put("checkpoint", &format!("{name}-unsigned"), signed.text());
        put("note", name, signed.bytes());
    }
    put("checkpoint", "extended", format!("{}an extension\n", two.text()));
    for (name, index, proof, signed) in [
        ("of-one", 0, Vec::new(), &one),
        ("of-two", 0, vec![Hash::leaf(b"other")], &two),
        ("wrong", 1, vec![Hash::EMPTY], &two),
    ] {
        let checkpoint = signed.bytes().to_vec();
        let extra = if name == "wrong" { b"extra".to_vec() } else { Vec::new() };
        put("tlog_proof", name, TlogProof { index, proof, checkpoint, extra }.to_bytes());
    }
    let grown = AddCheckpoint { old: 1, proof: vec![Hash::leaf(b"other")], checkpoint: two.bytes().to_vec() };
    put("add_checkpoint", "grown", grown.to_bytes());
    put("add_checkpoint", "first", AddCheckpoint { old: 0, proof: Vec::new(), checkpoint: one.bytes().to_vec() }.to_bytes());
    for (name, time) in [("now", 1_795_000_000), ("first", 0), ("last", palinode::tlog::MAX_TIME)] {
        let cosignature = Cosignature::sign(witness_key().name().clone(), &witness, time, cosignature::TEXT).unwrap();
        put("cosignature", name, cosignature.to_line());
    }
    for (name, key) in [("log", log_key()), ("witness", witness_key())] {
        put("verifier_key", name, key.to_string());
    }
    put("verifier_key", "example", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    put("verifier_key", "name", ORIGIN);
    let policy = format!("log {}\nwitness w {} https://w.example/\ngroup g 1 w\nquorum g\n", log_key(), witness_key());
    put("policy", "one", policy);
    put("policy", "none", "quorum none\n");
    put("policy", "all", format!("# both\nwitness w {}\n\tgroup g all w \ngroup h any g\nquorum h", witness_key()));
    put("evidence", "none", serde_json::json!({"origin": ORIGIN, "evidence": []}).to_string());
    let text = |signed: &SignedCheckpoint| String::from_utf8(signed.bytes().to_vec()).unwrap();
    let fork = SignedCheckpoint::sign(&log, &Checkpoint::new(&origin, 1, Hash::leaf(b"another"))).unwrap();
    let two_roots = serde_json::json!({"kind": "two-roots", "first": text(&one), "second": text(&fork)});
    let rewritten = serde_json::json!({
        "kind": "leaf-contradiction", "earlier": text(&fork), "later": text(&two), "root": Hash::leaf(b"leaf").to_base64(),
        "proof": [Hash::leaf(b"other").to_base64()],
    });
    for (name, piece) in [("two-roots", two_roots), ("leaf-contradiction", rewritten)] {
        let document = serde_json::json!({"origin": ORIGIN, "log_key": log_key().to_string(), "evidence": [piece]});
        put("evidence", name, document.to_string());
    }
}

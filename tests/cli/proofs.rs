//! `palinode proof`.

use palinode::envelope::SecretKey;
use palinode::tlog::{Checkpoint, Hash, KeyName, SignedCheckpoint, TlogProof, VerifierKey};

use crate::palinode::Desk;

/// A desk with an entry and its receipt in a log of two entries, cosigned by one witness; the keys of log and witness.
fn desk_with_receipt() -> (Desk, String, String) {
    let desk = Desk::new();
    let (entry, other) = ("{\"an\":\"entry\"}", Hash::leaf(b"another"));
    let (origin, witness) =
        (KeyName::parse("ledger.example.org/log").unwrap(), KeyName::parse("w.example.org/witness").unwrap());
    let (log_key, witness_key) = (SecretKey::from_seed([1; 32]), SecretKey::from_seed([2; 32]));
    let root = Hash::node(&Hash::leaf(entry.as_bytes()), &other);
    let mut signed = SignedCheckpoint::sign(&log_key, &Checkpoint::new(&origin, 2, root)).unwrap();
    signed.cosign(&witness, &witness_key, 1_790_000_000).unwrap();
    let receipt = TlogProof { index: 0, proof: vec![other], checkpoint: signed.bytes().to_vec(), extra: Vec::new() };
    desk.write("notice.json", entry);
    desk.write("notice.tlog-proof", std::str::from_utf8(&receipt.to_bytes()).unwrap());
    let log = VerifierKey::log_key(origin, log_key.public()).to_string();
    (desk, log, VerifierKey::witness_key(witness, witness_key.public()).to_string())
}

#[test]
fn a_receipt_proves_an_entry_offline() {
    let (desk, log, witness) = desk_with_receipt();
    let arguments =
        ["proof", "verify", "notice.tlog-proof", "--entry", "notice.json", "--log-key", &log, "--witness-key", &witness];
    let shown = desk.run(&arguments).well();
    assert!(shown.contains("in the log ledger.example.org/log at index 0"), "{shown}");
    assert!(shown.contains("cosigned    w.example.org/witness at 2026-"), "{shown}");
}

#[test]
fn a_receipt_of_another_entry_or_log_ends_with_4() {
    let (desk, log, _) = desk_with_receipt();
    let other = VerifierKey::log_key(KeyName::parse("ledger.example.org/log").unwrap(), SecretKey::from_seed([9; 32]).public());
    desk.run(&["proof", "verify", "notice.tlog-proof", "--entry", "notice.json", "--log-key", &other.to_string()]).with_code(4);
    desk.write("notice.json", "{\"another\":\"entry\"}");
    let message = desk.run(&["proof", "verify", "notice.tlog-proof", "--entry", "notice.json", "--log-key", &log]).with_code(4);
    assert!(message.contains("not verified"), "{message}");
}

#[test]
fn a_witness_that_is_asked_for_must_have_cosigned() {
    let (desk, log, _) = desk_with_receipt();
    let other =
        VerifierKey::witness_key(KeyName::parse("v.example.org/witness").unwrap(), SecretKey::from_seed([3; 32]).public());
    let arguments = ["proof", "verify", "notice.tlog-proof", "--entry", "notice.json", "--log-key", &log, "--witness-key"];
    let message = desk.run(&[&arguments[..], &[&other.to_string()]].concat()).with_code(1);
    assert!(message.contains("v.example.org/witness"), "{message}");
    desk.run(&["proof", "verify", "notice.tlog-proof", "--entry", "notice.json", "--log-key", "nonsense"]).with_code(2);
}

#[test]
fn k_of_several_witnesses_are_enough_by_flags_and_by_a_policy_file() {
    let (desk, log, witness) = desk_with_receipt();
    let other =
        VerifierKey::witness_key(KeyName::parse("v.example.org/witness").unwrap(), SecretKey::from_seed([3; 32]).public());
    let other = other.to_string();
    let receipt = ["proof", "verify", "notice.tlog-proof", "--entry", "notice.json"];
    let with = |more: &[&str]| desk.run(&[&receipt[..], more].concat());

    let flags = ["--log-key", &log, "--witness-key", &witness, "--witness-key", &other];
    with(&[&flags[..], &["--quorum", "1"]].concat()).well();
    let message = with(&flags).with_code(1);
    assert!(message.contains("the quorum 2 of 2 is not met: cosigned by w.example.org/witness"), "{message}");
    let message = with(&[&flags[..], &["--quorum", "3"]].concat()).with_code(2);
    assert!(message.contains("3 of 2 witnesses cannot be asked for"), "{message}");

    let policy = |threshold: &str| {
        format!("log {log}\nwitness w {witness}\nwitness v {other} https://v.example.org/\ngroup g {threshold} w v\nquorum g\n")
    };
    desk.write("any.policy", &policy("any"));
    let shown = with(&["--policy", "any.policy"]).well();
    assert!(shown.contains("in the log ledger.example.org/log at index 0"), "{shown}");
    assert!(shown.contains("cosigned    w.example.org/witness at 2026-"), "{shown}");
    desk.write("all.policy", &policy("all"));
    let message = with(&["--policy", "all.policy"]).with_code(1);
    assert!(message.contains("the quorum g is not met") && message.contains("v.example.org/witness"), "{message}");
    desk.write("broken.policy", &policy("3"));
    let message = with(&["--policy", "broken.policy"]).with_code(2);
    assert!(message.contains("line 4: the threshold"), "{message}");

    // A policy that does not accept the log, whether or not its key is given.
    let stranger = VerifierKey::log_key(KeyName::parse("other.example/log").unwrap(), SecretKey::from_seed([8; 32]).public());
    desk.write("other.policy", &format!("log {stranger}\nquorum none\n"));
    with(&["--policy", "other.policy"]).with_code(1);
    with(&["--policy", "other.policy", "--log-key", &log]).with_code(1);
    with(&["--policy", "any.policy", "--witness-key", &witness]).with_code(2);
    with(&[]).with_code(2);
}

#[test]
fn evidence_that_proves_nothing_and_what_is_no_evidence_convict_nobody() {
    let (desk, log, _) = desk_with_receipt();
    let origin = KeyName::parse("ledger.example.org/log").unwrap();
    let signed = |root: Hash| {
        let signed = SignedCheckpoint::sign(&SecretKey::from_seed([1; 32]), &Checkpoint::new(&origin, 1, root)).unwrap();
        String::from_utf8(signed.bytes().to_vec()).unwrap()
    };
    let (one, other) = (signed(Hash::leaf(b"one")), signed(Hash::leaf(b"other")));
    let document = |second: &str| {
        let piece = serde_json::json!({"kind": "two-roots", "first": one, "second": second});
        serde_json::json!({"origin": "ledger.example.org/log", "log_key": log, "evidence": [piece]}).to_string()
    };
    desk.write("evidence.json", &document(&other));
    let shown = desk.run(&["proof", "evidence", "evidence.json"]).well();
    assert!(shown.contains("signed two roots of its first 1 entry") && shown.contains("the document says"), "{shown}");
    desk.write("same.json", &document(&one));
    let message = desk.run(&["proof", "evidence", "same.json"]).with_code(1);
    assert!(message.contains("both say the same root at size 1"), "{message}");
    desk.write("none.json", "{\"origin\": \"ledger.example.org/log\", \"evidence\": []}");
    let message = desk.run(&["proof", "evidence", "none.json", "--log-key", &log]).with_code(1);
    assert!(message.contains("nothing is held against ledger.example.org/log"), "{message}");
    desk.run(&["proof", "evidence", "none.json"]).with_code(2);
    desk.write("nonsense.json", "<html>");
    desk.run(&["proof", "evidence", "nonsense.json"]).with_code(1);
    desk.run(&["proof", "evidence", "https://peer.example.net/peers"]).with_code(2);
}

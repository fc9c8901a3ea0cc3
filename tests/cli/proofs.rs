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

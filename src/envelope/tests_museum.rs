//! The museums of envelopes and publisher records under `tests/fixtures/museum`: every exhibit is decided as its label says.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use serde::Deserialize;

use super::{Envelope, FormError, PUBLISHER_SCHEMA, PublicKey, PublisherRecord, RecordDraft, SecretKey, verify};

/// The files of a folder by name, with their bytes.
fn exhibits(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/museum").join(folder);
    let read = |file: std::fs::DirEntry| {
        let name = file.file_name().into_string().expect("an ASCII name");
        (name, std::fs::read(file.path()).expect("readable"))
    };
    std::fs::read_dir(folder).expect("the folder").map(|file| read(file.expect("a file"))).collect()
}

/// The rule between the dots of a name: `sig-empty.signature-length.json`.
fn label(name: &str) -> &str {
    name.split('.').nth(1).expect("a rule")
}

fn publisher() -> PublicKey {
    let text = include_str!("../../keys/test/INSECURE-publisher.pem");
    SecretKey::from_pem(text).expect("a test key").public()
}

#[test]
fn every_good_envelope_is_rebuilt_as_the_canonical_one() {
    let good = exhibits("envelopes/good");
    let canonical = &good["canonical.json"];
    for (name, bytes) in &good {
        let envelope = Envelope::parse(bytes).expect(name);
        let signed = verify(&envelope, &[publisher()]).expect(name);
        assert_eq!(signed.entry(), canonical.as_slice(), "{name}");
        assert_eq!(
            Envelope::parse_canonical(bytes).is_ok(),
            bytes == canonical || name == "keyid-of-another-key.json",
            "{name}"
        );
    }
    assert!(good.len() >= 12);
}

#[test]
fn every_bad_envelope_is_refused_by_the_rule_on_its_label() {
    let bad = exhibits("envelopes/bad");
    for (name, bytes) in &bad {
        assert_eq!(Envelope::parse(bytes).expect_err(name).rule(), label(name), "{name}");
        assert!(Envelope::parse_canonical(bytes).is_err(), "{name}");
    }
    assert!(bad.len() >= 25);
}

#[test]
fn envelopes_that_are_too_large_are_refused_before_they_are_read() {
    let rule = |text: String| Envelope::parse(text.as_bytes()).expect_err("too large").rule();
    let envelope = |payload: usize| {
        let (payload, sig) = ("A".repeat(payload), "A".repeat(86));
        format!(r#"{{"payload":"{payload}","payloadType":"t","signatures":[{{"sig":"{sig}"}}]}}"#)
    };
    assert_eq!(rule(envelope(68_000)), "entry-too-large");
    assert_eq!(rule(envelope(131_072)), "too-large");
    assert_eq!(rule("[".repeat(131_073)), "too-large");
}

#[test]
fn every_unverified_envelope_is_refused_by_the_rule_on_its_label() {
    let unverified = exhibits("envelopes/unverified");
    for (name, bytes) in &unverified {
        let envelope = Envelope::parse(bytes).expect(name);
        assert_eq!(verify(&envelope, &[publisher()]).expect_err(name).rule(), label(name), "{name}");
    }
    assert!(unverified.len() >= 12);
}

#[test]
fn what_a_peer_may_not_send_is_refused_by_the_rule_on_its_label() {
    let peer = exhibits("envelopes/peer");
    for (name, bytes) in &peer {
        Envelope::parse(bytes).expect(name);
        let rule = match Envelope::parse_canonical(bytes) {
            Err(error) => error.rule(),
            Ok(envelope) => verify(&envelope, &[publisher()]).expect_err(name).rule(),
        };
        assert_eq!(rule, label(name), "{name}");
    }
    assert!(peer.len() >= 12);
}

fn schema() -> jsonschema::Validator {
    let schema: serde_json::Value = serde_json::from_str(PUBLISHER_SCHEMA).expect("JSON");
    jsonschema::meta::validate(&schema).expect("a schema");
    jsonschema::validator_for(&schema).expect("a schema")
}

#[test]
fn every_good_record_passes_reader_and_schema_and_is_written_again() {
    let good = exhibits("publishers/good");
    let schema = schema();
    for (name, bytes) in &good {
        let record = PublisherRecord::parse(bytes).expect(name);
        let value: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
        assert!(schema.is_valid(&value), "{name}");
        let PublisherRecord { id, name: called, homepage, contact, sequence, previous, issued, keys } = record.clone();
        let draft = RecordDraft { id, name: called, homepage, contact, sequence, previous, issued, keys };
        let completed = draft.complete().expect(name);
        assert_eq!(completed.record, record, "{name}");
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&completed.payload).expect("JSON"), value, "{name}");
    }
    assert!(good.len() >= 10);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BadRecord {
    flaws: Vec<String>,
    schema: String,
    record: Option<serde_json::Value>,
    text: Option<String>,
}

#[test]
fn every_bad_record_is_refused_with_all_its_flaws() {
    let bad = exhibits("publishers/bad");
    let schema = schema();
    for (name, bytes) in &bad {
        let exhibit: BadRecord = serde_json::from_slice(bytes).expect(name);
        let value = exhibit
            .record
            .unwrap_or_else(|| serde_json::from_str(exhibit.text.as_deref().expect("record or text")).expect("JSON"));
        let FormError::Form(flaws) = PublisherRecord::parse(value.to_string().as_bytes()).expect_err(name) else {
            panic!("{name}: not a form error");
        };
        let mut found: Vec<_> = flaws.as_slice().iter().map(|f| format!("{} {}", f.pointer, f.rule)).collect();
        let mut expected = exhibit.flaws;
        // The order of members is lost on the way through serde_json.
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{name}");
        assert_eq!(!schema.is_valid(&value), exhibit.schema == "refuses", "{name}: schema");
    }
    assert!(bad.len() >= 50);
}

#[test]
fn records_that_are_no_strict_json_or_too_large_are_refused() {
    let first = std::str::from_utf8(&exhibits("publishers/good")["first.json"]).expect("UTF-8").to_owned();
    let refused = |text: String| PublisherRecord::parse(text.as_bytes()).expect_err("refused");
    for text in [
        first.replace("\"sequence\": 0", "\"sequence\": 0.0"),
        first.replace("\"sequence\": 0", "\"sequence\": -1"),
        first.replace("\"sequence\": 0", "\"sequence\": 9007199254740992"),
        first.replace("\"sequence\": 0", "\"sequence\": 0, \"sequence\": 0"),
        format!("\u{feff}{first}"),
        format!("{first}{first}"),
    ] {
        assert!(matches!(refused(text.clone()), FormError::Syntax(_)), "{text}");
    }
    let padded = format!("{first}{}", " ".repeat(16_384));
    assert!(matches!(refused(padded), FormError::TooLarge { limit: 16_384, .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn mutated_records_are_read_or_refused_but_never_panic(at: prop::sample::Index, with: Vec<u8>, cut: prop::sample::Index) {
        let full = include_bytes!("../../tests/fixtures/museum/publishers/good/full.json");
        let mut bytes = full.to_vec();
        let start = at.index(bytes.len());
        let end = (start + with.len() % 4).min(bytes.len());
        bytes.splice(start..end, with.into_iter().take(3));
        let _ = PublisherRecord::parse(&bytes);
        bytes.truncate(cut.index(bytes.len().max(1)));
        let _ = PublisherRecord::parse(&bytes);
    }
}

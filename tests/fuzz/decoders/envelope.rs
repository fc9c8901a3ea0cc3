//! DSSE envelopes: the canonical reading is the lenient one of bytes that the lenient one would write, and a verified envelope has
//! one entry, whichever of the two read it.

use palinode::envelope::{Envelope, EnvelopeError, MAX_ENTRY, PublicKey, SecretKey, verify};
use palinode::ledger::{MAX_ENVELOPE, Submission};

use super::SEEDS;

pub fn check(data: &[u8]) {
    let canonical = Envelope::parse_canonical(data);
    match Envelope::parse(data) {
        Err(fault) => {
            assert_eq!(canonical, Err(fault.clone()), "a fault has one name on both ways in");
            assert!(!fault.rule().is_empty());
            assert!(Submission::entry(data).is_err() && Submission::parse(data).is_err() || !is_bare(data));
        }
        Ok(envelope) => {
            accepted(data, &envelope);
            match canonical {
                Ok(canonical) => {
                    assert_eq!(canonical.to_json().as_bytes(), data, "the canonical spelling is one");
                    assert!(same(&canonical, &envelope));
                    assert!(data.len() <= MAX_ENTRY);
                }
                Err(fault) => assert_eq!(fault, EnvelopeError::NotCanonical),
            }
        }
    }
}

fn accepted(data: &[u8], envelope: &Envelope) {
    let rewritten = envelope.to_json();
    let again = Envelope::parse(rewritten.as_bytes()).expect("what is written is read");
    assert!(same(&again, envelope));
    assert_eq!(again.to_json(), rewritten);
    said_the_same_to_others(data, envelope);
    if is_bare(data) && data.len() <= MAX_ENVELOPE {
        let submission = Submission::parse(data).expect("the door reads what the library reads");
        assert!(same(submission.envelope(), envelope));
    }
    let keys: Vec<PublicKey> = SEEDS.iter().map(|seed| SecretKey::from_seed([*seed; 32]).public()).collect();
    if let Ok(signed) = verify(envelope, &keys) {
        let entry = Envelope::parse_canonical(signed.entry()).expect("an entry is canonical");
        assert!(same(&entry, envelope));
        assert_eq!(verify(&entry, &keys).expect("it is signed all the same").entry(), signed.entry());
        assert!(signed.entry().len() <= MAX_ENTRY);
    }
}

/// Whether it can only be an envelope, not one beside its documents.
fn is_bare(data: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(data).is_ok_and(|value| value.get("envelope").is_none())
}

fn same(one: &Envelope, other: &Envelope) -> bool {
    one.payload_type_str() == other.payload_type_str()
        && one.payload() == other.payload()
        && one.payload_id() == other.payload_id()
        && one.signature() == other.signature()
}

/// What somebody else's reader finds in the same bytes.
fn said_the_same_to_others(data: &[u8], envelope: &Envelope) {
    let value: serde_json::Value = serde_json::from_slice(data).expect("strict JSON is JSON");
    assert_eq!(value["payloadType"], envelope.payload_type_str());
    assert_eq!(decode(&value["payload"]), envelope.payload());
    assert_eq!(decode(&value["signatures"][0]["sig"]), envelope.signature());
    assert_eq!(value["signatures"].as_array().map(Vec::len), Some(1));
}

fn decode(base64: &serde_json::Value) -> Vec<u8> {
    let standard = base64.as_str().expect("text").trim_end_matches('=').replace('-', "+").replace('_', "/");
    data_encoding::BASE64_NOPAD.decode(standard.as_bytes()).expect("base64")
}

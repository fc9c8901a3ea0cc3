//! The form of a publisher record: reading it with every fault, and writing it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::form::{parsed, partial_date, read_document, timestamp, walk_object};
use super::{FormError, KeyStatus, MAX_RECORD_KEYS, MAX_STATEMENT, PublicKey, PublisherRecord, RecordKey};
use crate::notice::{Did, DidMethod, MAX_NAME, PayloadId, Timestamp, https_url, line};
use crate::strict_json::{Fields, Flaws, Pointer, Value};

/// The licence of every record: peers must be free to copy.
const LICENSE: &str = "CC0-1.0";

pub(super) fn parse(payload: &[u8]) -> Result<PublisherRecord, FormError> {
    read_document(payload, MAX_STATEMENT, record)
}

pub(super) fn write(record: &PublisherRecord) -> Vec<u8> {
    #[derive(Serialize)]
    struct Wire<'r> {
        id: &'r Did,
        name: &'r str,
        #[serde(skip_serializing_if = "Option::is_none")]
        homepage: Option<&'r str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        contact: Option<&'r str>,
        sequence: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        previous: Option<PayloadId>,
        issued: Timestamp,
        keys: &'r [RecordKey],
        license: &'static str,
    }
    let PublisherRecord { id, name, homepage, contact, sequence, previous, issued, keys } = record;
    let wire = Wire {
        id,
        name,
        homepage: homepage.as_deref(),
        contact: contact.as_deref(),
        sequence: *sequence,
        previous: *previous,
        issued: *issued,
        keys,
        license: LICENSE,
    };
    // Strings, integers and arrays always serialise; if they ever did not, the empty payload would be refused when read back.
    serde_json::to_vec(&wire).unwrap_or_default()
}

/// Walks a record. A faulty optional field reads as absent here, and its flaw refuses the whole record. Rules that span fields
/// are checked as soon as their fields are known, so that one run tells every fault.
fn record(fields: &mut Fields<'_>, flaws: &mut Flaws) -> Option<PublisherRecord> {
    let here = fields.at().clone();
    let id = fields.required("id", flaws).and_then(|(at, v)| issuer(v, &at, flaws));
    let called = fields.required("name", flaws).and_then(|(at, v)| line(v, &at, MAX_NAME, flaws));
    let homepage = fields.optional("homepage").and_then(|(at, v)| https_url(v, &at, flaws));
    let contact = fields.optional("contact").and_then(|(at, v)| https_url(v, &at, flaws));
    let sequence = fields.required("sequence", flaws).and_then(|(at, v)| Fields::integer(v, &at, flaws));
    let named = fields.optional("previous");
    let follows = named.is_some();
    let previous = named.and_then(|(at, v)| payload_id(v, &at, flaws));
    let issued = fields.required("issued", flaws).and_then(|(at, v)| timestamp(v, &at, flaws));
    let keys = fields.required("keys", flaws).and_then(|(at, v)| record_keys(v, &at, flaws));
    if let Some((at, license)) = fields.required("license", flaws) {
        parsed(license, &at, flaws, "license-not-cc0", "must be CC0-1.0", |text| (text == LICENSE).then_some(()));
    }

    match (sequence, follows) {
        (Some(0), true) => flaws.add(&here.field("previous"), "chain", "record 0 has no record before it"),
        (Some(1..), false) => flaws.add(&here.field("previous"), "chain", "must name the record before this one"),
        _ => {}
    }
    if let (Some((_, own_key)), Some(keys)) = (&id, &keys) {
        let at = here.field("keys");
        match own_key {
            Some(own_key) => keys_of_did_key(own_key, keys, &at, flaws),
            None if sequence == Some(0) && !keys.iter().any(|k| k.status == KeyStatus::Active) => {
                flaws.add(&at, "no-active-key", "record 0 needs an active key, which signs it");
            }
            None => {}
        }
    }
    Some(PublisherRecord {
        id: id?.0,
        name: called?,
        homepage,
        contact,
        sequence: sequence?,
        previous,
        issued: issued?,
        keys: keys?,
    })
}

/// The DID; with its key when it is a `did:key`.
fn issuer(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<(Did, Option<PublicKey>)> {
    let text = Fields::text(value, at, flaws)?;
    let did = match Did::parse(text) {
        Ok(did) => did,
        Err(error) => {
            flaws.add(at, "not-a-did", error.to_string());
            return None;
        }
    };
    match did.method() {
        DidMethod::Web(_) => Some((did, None)),
        DidMethod::Key(_) => match PublicKey::from_did_key(&did) {
            Ok(key) => Some((did, Some(key))),
            Err(error) => {
                flaws.add(at, "not-a-key", error.to_string());
                None
            }
        },
    }
}

fn payload_id(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<PayloadId> {
    parsed(value, at, flaws, "not-a-sha256", "must be the 64 lowercase hex digits of a payload id", PayloadId::parse)
}

fn record_keys(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Vec<RecordKey>> {
    let items = Fields::items(value, at, MAX_RECORD_KEYS, flaws)?;
    if items.is_empty() {
        flaws.add(at, "empty-array", "must name at least one key");
        return None;
    }
    let mut keys = Vec::with_capacity(items.len());
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        let at = at.item(index);
        let Some(key) = walk_object(item, &at, flaws, record_key) else { continue };
        if !seen.insert(key.key) {
            flaws.add(&at.field("key"), "duplicate-item", "names the same key as an item before it");
        }
        keys.push(key);
    }
    (keys.len() == items.len()).then_some(keys)
}

fn record_key(fields: &mut Fields<'_>, flaws: &mut Flaws) -> Option<RecordKey> {
    let key = fields.required("key", flaws).and_then(|(at, value)| {
        let text = Fields::text(value, &at, flaws)?;
        match PublicKey::from_multibase(text) {
            Ok(key) => Some(key),
            Err(error) => {
                flaws.add(&at, "not-a-key", error.to_string());
                None
            }
        }
    });
    let status = fields.required("status", flaws).and_then(|(at, value)| {
        parsed(value, &at, flaws, "unknown-code", "must be active, retired or compromised", KeyStatus::parse)
    });
    let since = fields.optional("since").and_then(|(at, value)| partial_date(value, &at, flaws));
    Some(RecordKey { key: key?, status: status?, since })
}

/// A `did:key` cannot rotate: its record names its key alone, and may only mark it compromised.
fn keys_of_did_key(own_key: &PublicKey, keys: &[RecordKey], at: &Pointer, flaws: &mut Flaws) {
    let [key] = keys else {
        flaws.add(at, "did-key", "the record of a did:key has exactly one key");
        return;
    };
    if key.key != *own_key {
        flaws.add(&at.item(0).field("key"), "did-key", "must be the key of the did:key");
    }
    if key.status == KeyStatus::Retired {
        flaws.add(&at.item(0).field("status"), "did-key", "a did:key cannot be retired, only marked compromised");
    }
}

//! DID documents: which keys a domain itself calls its own (W3C DID Core 1.0, sections 5.2 and 5.3; the did:web method).
//!
//! The document is the domain's word and nobody signs it, so it decides one thing only: whether a record whose keys it names is
//! that domain's. It is written for many readers, so what is not for us is passed over: other fields, other types of keys, keys that
//! somebody else controls, keys that are revoked or have expired. What we do read has one reading: duplicate names are refused.

use chrono::{DateTime, Utc};

use super::PublicKey;
use crate::notice::Did;
use crate::strict_json::{self, SyntaxFault, Value};

/// The most bytes of a document that are read: 64 KiB.
pub const MAX_DID_DOCUMENT: usize = 64 << 10;
/// The most verification methods of a document.
const MAX_METHODS: usize = 256;
/// The types of verification methods that write an Ed25519 key as `publicKeyMultibase`.
const TYPES: [&str; 2] = ["Multikey", "Ed25519VerificationKey2020"];
/// The vocabularies of a document with such keys (W3C DID Core 1.0, section 4.1; Controlled Identifiers 1.0, section 2.2.2).
const CONTEXTS: [&str; 2] = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"];

/// The keys that the document of a DID names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DidDocument {
    keys: Vec<PublicKey>,
}

/// Why bytes are no document of a DID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DidDocumentError {
    /// Not JSON, or JSON that has more than one reading.
    #[error("the document is {0}")]
    Syntax(#[from] SyntaxFault),
    /// JSON, but no object with an `id`.
    #[error("the document is no object with an `id`")]
    NotADocument,
    /// The document of somebody else.
    #[error("the document is that of {0:?}")]
    OtherDid(String),
    /// `verificationMethod` is there and is no list.
    #[error("`verificationMethod` of the document is no list")]
    NotAList,
    /// More methods than are looked at.
    #[error("the document has {0} verification methods, and at most {MAX_METHODS} are looked at")]
    TooManyMethods(usize),
}

impl DidDocument {
    /// Reads the document of `did` as of `now`.
    ///
    /// # Errors
    /// [`DidDocumentError`].
    pub fn parse(bytes: &[u8], did: &Did, now: DateTime<Utc>) -> Result<Self, DidDocumentError> {
        let value = strict_json::parse(bytes)?;
        let id = text(&value, "id").ok_or(DidDocumentError::NotADocument)?;
        if id != did.as_str() {
            return Err(DidDocumentError::OtherDid(id.chars().take(200).collect()));
        }
        let methods = match field(&value, "verificationMethod") {
            None => &[],
            Some(Value::Array(methods)) if methods.len() > MAX_METHODS => {
                return Err(DidDocumentError::TooManyMethods(methods.len()));
            }
            Some(Value::Array(methods)) => methods.as_slice(),
            Some(_) => return Err(DidDocumentError::NotAList),
        };
        let mut keys: Vec<PublicKey> = methods.iter().filter_map(|method| key_of(method, did, now)).collect();
        keys.sort_unstable();
        keys.dedup();
        Ok(Self { keys })
    }

    /// A document by which a domain says that these keys are its own, as JSON to be put up at `/.well-known/did.json`.
    pub fn written(did: &Did, keys: &[PublicKey]) -> String {
        let method = |(number, key): (usize, &PublicKey)| {
            serde_json::json!({
                "id": format!("{did}#key-{}", number + 1),
                "type": TYPES[0],
                "controller": did.as_str(),
                "publicKeyMultibase": key.to_multibase(),
            })
        };
        let methods: Vec<_> = keys.iter().enumerate().map(method).collect();
        let document = serde_json::json!({ "@context": CONTEXTS, "id": did.as_str(), "verificationMethod": methods });
        format!("{document:#}\n")
    }

    /// The keys, sorted, without duplicates.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// Whether all of these keys are named, and there is at least one.
    pub fn names_all<'k>(&self, keys: impl IntoIterator<Item = &'k PublicKey>) -> bool {
        names_all(&self.keys, keys)
    }
}

/// Whether all of `keys` stand in `named`, and there is at least one.
pub fn names_all<'k>(named: &[PublicKey], keys: impl IntoIterator<Item = &'k PublicKey>) -> bool {
    let mut any = false;
    keys.into_iter().all(|key| {
        any = true;
        named.contains(key)
    }) && any
}

/// The Ed25519 key of a verification method, when the DID itself controls it and it may be used now.
fn key_of(method: &Value<'_>, did: &Did, now: DateTime<Utc>) -> Option<PublicKey> {
    let controlled = field(method, "controller").is_none() || text(method, "controller") == Some(did.as_str());
    let ended = |name: &str| match field(method, name) {
        None => false,
        // What is no time is no promise that the key may still be used.
        Some(_) => text(method, name).and_then(time).is_none_or(|end| end <= now),
    };
    let known = text(method, "type").is_some_and(|kind| TYPES.contains(&kind));
    if !known || !controlled || ended("revoked") || ended("expires") {
        return None;
    }
    PublicKey::from_multibase(text(method, "publicKeyMultibase")?).ok()
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}

fn field<'v>(value: &'v Value<'_>, name: &str) -> Option<&'v Value<'v>> {
    let Value::Object(fields) = value else { return None };
    fields.iter().find(|(found, _)| found == name).map(|(_, value)| value)
}

fn text<'v>(value: &'v Value<'_>, name: &str) -> Option<&'v str> {
    match field(value, name)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::envelope::SecretKey;

    fn did() -> Did {
        Did::parse("did:web:example.org").expect("a DID")
    }

    fn key(seed: u8) -> PublicKey {
        SecretKey::from_seed([seed; 32]).public()
    }

    fn method(seed: u8) -> Json {
        json!({"id": format!("did:web:example.org#key-{seed}"), "type": "Multikey", "controller": "did:web:example.org",
               "publicKeyMultibase": key(seed).to_multibase()})
    }

    fn with(method: Json, name: &str, value: impl Into<Json>) -> Json {
        let mut method = method;
        method[name] = value.into();
        method
    }

    fn read(document: &Json) -> Result<DidDocument, DidDocumentError> {
        let noon = "2026-11-23T12:00:00Z".parse().expect("a time");
        DidDocument::parse(document.to_string().as_bytes(), &did(), noon)
    }

    fn named(methods: &[Json]) -> Vec<PublicKey> {
        let document = json!({"@context": ["https://www.w3.org/ns/did/v1"], "id": "did:web:example.org",
                              "verificationMethod": methods, "assertionMethod": ["#key-1"], "service": [{"anything": null}]});
        read(&document).expect("a document").keys().to_vec()
    }

    #[test]
    fn the_keys_of_both_types_are_named_once_each() {
        let older = with(method(2), "type", "Ed25519VerificationKey2020");
        let mut expected = vec![key(1), key(2)];
        expected.sort_unstable();
        assert_eq!(named(&[method(1), older, method(1)]), expected);
        assert_eq!(named(&[]), []);
        assert!(read(&json!({"id": "did:web:example.org"})).expect("a document").keys().is_empty());
    }

    #[test]
    fn keys_of_others_and_keys_that_ended_are_passed_over() {
        for other in [
            with(method(1), "controller", "did:web:other.example"),
            with(method(1), "controller", json!(["did:web:example.org"])),
            with(method(1), "revoked", "2026-11-23T12:00:00Z"),
            with(method(1), "expires", "2026-11-23T11:59:59Z"),
            with(method(1), "expires", "soon"),
            with(method(1), "revoked", true),
            with(method(1), "type", "JsonWebKey2020"),
            with(method(1), "publicKeyMultibase", "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"),
            with(method(1), "publicKeyMultibase", 7),
            json!("#key-1"),
        ] {
            assert_eq!(named(&[other.clone(), method(2)]), [key(2)], "{other}");
        }
        assert_eq!(named(&[with(method(1), "expires", "2026-11-23T13:00:01+01:00")]), [key(1)]);
    }

    #[test]
    fn what_is_no_document_of_this_did_is_refused() {
        let many: Vec<Json> = (0..257).map(|_| method(1)).collect();
        for (document, expected) in [
            (json!([]), DidDocumentError::NotADocument),
            (json!({"verificationMethod": []}), DidDocumentError::NotADocument),
            (json!({"id": "did:web:example.org."}), DidDocumentError::OtherDid("did:web:example.org.".to_owned())),
            (json!({"id": "did:web:example.org", "verificationMethod": {}}), DidDocumentError::NotAList),
            (json!({"id": "did:web:example.org", "verificationMethod": many}), DidDocumentError::TooManyMethods(257)),
        ] {
            assert_eq!(read(&document), Err(expected));
        }
        let noon = "2026-11-23T12:00:00Z".parse().expect("a time");
        let twice = br#"{"id":"did:web:example.org","id":"did:web:example.org"}"#;
        for bytes in [b"<html>".as_slice(), b"", twice] {
            assert!(matches!(DidDocument::parse(bytes, &did(), noon), Err(DidDocumentError::Syntax(_))));
        }
    }

    #[test]
    fn what_is_written_is_read_back_as_these_keys() {
        let noon = "2026-11-23T12:00:00Z".parse().expect("a time");
        let written = DidDocument::written(&did(), &[key(2), key(1)]);
        let document = DidDocument::parse(written.as_bytes(), &did(), noon).expect("a document");
        assert!(document.names_all(&[key(1), key(2)]) && document.keys().len() == 2);
    }

    #[test]
    fn a_record_is_named_when_all_of_its_keys_are_and_none_is_not_all() {
        let document = read(&json!({"id": "did:web:example.org", "verificationMethod": [method(1), method(2)]}));
        let document = document.expect("a document");
        assert!(document.names_all(&[key(1)]) && document.names_all(&[key(2), key(1)]));
        assert!(!document.names_all(&[key(1), key(3)]) && !document.names_all(&[]));
    }
}

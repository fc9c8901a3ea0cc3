//! People who sign, and what they sign.

use palinode::envelope::{Envelope, PayloadType, PinFile, SecretKey};
use palinode::notice::DocumentHash;
use serde_json::{Value, json};

/// Somebody with a key.
pub struct Speaker {
    pub key: SecretKey,
    pub did: String,
}

impl Speaker {
    /// An issuer that is its key.
    pub fn key(seed: u8) -> Self {
        let key = SecretKey::from_seed([seed; 32]);
        let did = key.public().to_did().to_string();
        Self { key, did }
    }

    /// An issuer that is a domain.
    pub fn domain(seed: u8, domain: &str) -> Self {
        Self { key: SecretKey::from_seed([seed; 32]), did: format!("did:web:{domain}") }
    }

    pub fn sign(&self, kind: PayloadType, payload: impl AsRef<[u8]>) -> Envelope {
        self.key.sign_envelope(kind, payload.as_ref()).unwrap()
    }

    /// A signed notice as it is posted.
    pub fn notice(&self, notice: &Value) -> String {
        self.sign(PayloadType::Notice, notice.to_string()).to_json()
    }

    /// A signed record as it is posted.
    pub fn record(&self, record: &Value) -> String {
        self.sign(PayloadType::Publisher, record.to_string()).to_json()
    }

    /// What an observer says of one identifier.
    pub fn report(&self, subject: &str) -> Value {
        json!({
            "type": "retraction",
            "issuer": {"id": self.did, "role": "observer"},
            "issued": "2026-11-23T10:00:00Z",
            "dataset": {"title": "Example Faces 1M", "publisher_name": "Example Vision Lab"},
            "subjects": [{"id": subject, "role": "whole"}],
            "scope": {"kind": "whole"},
            "reasons": ["consent"],
            "fault": "people-harm",
            "actions": [{"do": "delete"}],
            "license": "CC0-1.0"
        })
    }

    /// What a publisher says of one identifier; the texts must come along.
    pub fn retraction(&self, subject: &str, texts: &[u8]) -> Value {
        let mut notice = self.report(subject);
        notice["issuer"]["role"] = json!("publisher");
        notice["texts"] = json!({"sha256": DocumentHash::of(texts).to_string()});
        notice["appeal"] = json!("https://example.org/appeal");
        notice
    }

    /// Record 0 of a domain.
    pub fn first_record(&self) -> Value {
        json!({
            "id": self.did, "name": "Example Vision Lab", "sequence": 0, "issued": "2026-11-23T09:00:00Z",
            "keys": [{"key": self.key.public().to_multibase(), "status": "active"}], "license": "CC0-1.0"
        })
    }

    /// A pin for this speaker's record 0.
    pub fn pin(&self, prefixes: &[&str]) -> PinFile {
        let record = self.sign(PayloadType::Publisher, self.first_record().to_string());
        let prefixes: Vec<_> = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
        PinFile::new(record, &prefixes, None).unwrap()
    }
}

/// A texts document.
pub fn texts(statement: &str) -> Vec<u8> {
    let salt = data_encoding::BASE64.encode(&[7; 32]);
    let texts = json!([{"language": "en", "statement": statement}]);
    json!({"salt": salt, "texts": texts, "references": [{"type": "article", "url": "https://news.example/faces"}]})
        .to_string()
        .into_bytes()
}

/// A body with documents.
pub fn with_documents(envelope: &str, documents: &[&[u8]]) -> String {
    let documents: Vec<_> = documents.iter().map(|document| data_encoding::BASE64.encode(document)).collect();
    let envelope: Value = serde_json::from_str(envelope).unwrap();
    json!({"envelope": envelope, "documents": documents}).to_string()
}

//! The document that a server shows evidence against a log in: `GET /v1/peers/{origin hash}/evidence`.
//!
//! Fields that are not known are passed over, so that servers may say more beside it; an unknown kind of evidence is not, since
//! nobody here can say whether it convicts.

use serde_json::json;

use super::Evidence;
use crate::strict_json::{self, Fields, Flaws, Pointer, SyntaxFault, Value};
use crate::tlog::{Hash, KeyName, MAX_NOTE, MAX_PROOF_HASHES, VerifierKey};

/// The longest document that is read, in bytes.
pub const MAX_EVIDENCE_DOCUMENT: usize = 1 << 20;
/// The most pieces of evidence in a document: one convicts.
const MAX_PIECES: usize = 64;

/// Evidence against one log, as somebody shows it. Nothing in it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceDocument {
    /// The log that it is about.
    pub origin: KeyName,
    /// The key of that log, as whoever shows the evidence believes.
    pub log_key: Option<VerifierKey>,
    /// The pieces, each of which convicts by itself if it verifies.
    pub evidence: Vec<Evidence>,
}

/// No document of evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceDocumentError {
    /// Fields are missing or are not what they should be.
    #[error("{0}")]
    Form(Flaws),
    /// Not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxFault),
    /// Longer than [`MAX_EVIDENCE_DOCUMENT`].
    #[error("the document has {0} bytes, more than 1,048,576")]
    TooLong(usize),
}

impl EvidenceDocument {
    /// Reads a document of at most [`MAX_EVIDENCE_DOCUMENT`] bytes.
    ///
    /// # Errors
    /// [`EvidenceDocumentError`], with everything that is wrong with its form.
    pub fn parse(bytes: &[u8]) -> Result<Self, EvidenceDocumentError> {
        if bytes.len() > MAX_EVIDENCE_DOCUMENT {
            return Err(EvidenceDocumentError::TooLong(bytes.len()));
        }
        let value = strict_json::parse(bytes)?;
        let mut flaws = Flaws::none();
        match read(&value, &mut flaws) {
            Some(document) if flaws.is_empty() => Ok(document),
            _ => Err(EvidenceDocumentError::Form(flaws)),
        }
    }
}

impl EvidenceDocument {
    /// The document in the one form in which servers show it and [`EvidenceDocument::parse`] reads it.
    pub fn to_json(&self) -> serde_json::Value {
        let mut document =
            json!({"origin": self.origin.as_str(), "evidence": self.evidence.iter().map(shown).collect::<Vec<_>>()});
        if let (Some(key), Some(fields)) = (&self.log_key, document.as_object_mut()) {
            fields.insert("log_key".to_owned(), key.to_string().into());
        }
        document
    }
}

/// A piece of evidence. What was verified is UTF-8: a signed note is nothing else.
fn shown(piece: &Evidence) -> serde_json::Value {
    let text = |note: &[u8]| String::from_utf8_lossy(note).into_owned();
    match piece {
        Evidence::TwoRoots { first, second, .. } => {
            json!({"kind": piece.kind(), "first": text(first), "second": text(second)})
        }
        Evidence::LeafContradiction { earlier, later, root, proof, .. } => json!({
            "kind": piece.kind(), "earlier": text(earlier), "later": text(later), "root": root.to_base64(),
            "proof": proof.iter().map(Hash::to_base64).collect::<Vec<_>>(),
        }),
    }
}

fn read(value: &Value<'_>, flaws: &mut Flaws) -> Option<EvidenceDocument> {
    let mut fields = Fields::of(value, &Pointer::root(), flaws)?;
    let origin = fields.required("origin", flaws).and_then(|(at, v)| name(v, &at, flaws));
    let log_key = match fields.optional("log_key") {
        Some((at, v)) => Some(log_key(v, &at, flaws)?),
        None => None,
    };
    let (at, pieces) = fields.required("evidence", flaws)?;
    let pieces = Fields::items(pieces, &at, MAX_PIECES, flaws)?;
    let origin = origin?;
    let evidence = pieces.iter().enumerate().map(|(n, v)| piece(v, &at.item(n), &origin, flaws));
    let evidence = evidence.collect::<Option<Vec<_>>>()?;
    Some(EvidenceDocument { origin, log_key, evidence })
}

fn piece(value: &Value<'_>, at: &Pointer, origin: &KeyName, flaws: &mut Flaws) -> Option<Evidence> {
    let mut fields = Fields::of(value, at, flaws)?;
    let (kind_at, kind) = fields.required("kind", flaws)?;
    let mut note = |field: &str, flaws: &mut Flaws| {
        let (at, v) = fields.required(field, flaws)?;
        let text = Fields::text(v, &at, flaws)?;
        if text.len() > MAX_NOTE {
            flaws.add(&at, "too-long", format!("a signed note has at most {MAX_NOTE} bytes"));
            return None;
        }
        Some(text.as_bytes().to_vec())
    };
    match Fields::text(kind, &kind_at, flaws)? {
        "two-roots" => {
            let (first, second) = (note("first", flaws), note("second", flaws));
            Some(Evidence::TwoRoots { origin: origin.clone(), first: first?, second: second? })
        }
        "leaf-contradiction" => {
            let (earlier, later) = (note("earlier", flaws), note("later", flaws));
            let root = fields.required("root", flaws).and_then(|(at, v)| hash(v, &at, flaws));
            let (at, proof) = fields.required("proof", flaws)?;
            let proof = Fields::items(proof, &at, MAX_PROOF_HASHES, flaws)?;
            let proof = proof.iter().enumerate().map(|(n, v)| hash(v, &at.item(n), flaws)).collect::<Option<Vec<_>>>();
            let origin = origin.clone();
            Some(Evidence::LeafContradiction { origin, earlier: earlier?, later: later?, root: root?, proof: proof? })
        }
        other => {
            flaws.add(&kind_at, "unknown-kind", format!("{other:?} is no kind of evidence that this version knows"));
            None
        }
    }
}

fn name(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<KeyName> {
    let text = Fields::text(value, at, flaws)?;
    KeyName::parse(text).map_err(|e| flaws.add(at, "not-a-name", e.to_string())).ok()
}

fn log_key(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<VerifierKey> {
    let text = Fields::text(value, at, flaws)?;
    VerifierKey::parse(text).map_err(|e| flaws.add(at, "not-a-key", e.to_string())).ok()
}

fn hash(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Hash> {
    let text = Fields::text(value, at, flaws)?;
    let hash = Hash::from_base64(text);
    if hash.is_none() {
        flaws.add(at, "not-a-hash", "must be the base64 of 32 bytes");
    }
    hash
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn parse(value: &serde_json::Value) -> Result<EvidenceDocument, EvidenceDocumentError> {
        EvidenceDocument::parse(value.to_string().as_bytes())
    }

    #[test]
    fn both_kinds_are_read_and_unknown_fields_are_passed_over() {
        let hash = Hash::EMPTY.to_base64();
        let document = json!({
            "origin": "ledger.example/log", "more": [1],
            "log_key": "ledger.example/log+7cc83a9d+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
            "evidence": [
                {"kind": "two-roots", "found": "2026-11-23T12:00:00Z", "first": "one", "second": "other"},
                {"kind": "leaf-contradiction", "earlier": "e", "later": "l", "root": hash, "proof": [hash]}
            ]
        });
        let read = parse(&document).unwrap();
        let origin = read.origin.clone();
        assert_eq!(read.log_key.as_ref().map(|key| key.name().clone()), Some(origin.clone()));
        let rewritten = Evidence::LeafContradiction {
            origin: origin.clone(),
            earlier: b"e".to_vec(),
            later: b"l".to_vec(),
            root: Hash::EMPTY,
            proof: vec![Hash::EMPTY],
        };
        let expected = [Evidence::TwoRoots { origin, first: b"one".to_vec(), second: b"other".to_vec() }, rewritten];
        assert_eq!(read.evidence, expected);
        assert_eq!(parse(&read.to_json()).unwrap(), read, "it is written as it is read");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        let hash = Hash::EMPTY.to_base64();
        for (evidence, places) in [
            (json!([{"kind": "rumour"}]), vec!["/evidence/0/kind"]),
            (json!([{"kind": "two-roots", "first": 1}]), vec!["/evidence/0/first", "/evidence/0/second"]),
            (json!({}), vec!["/evidence"]),
            (
                json!([{"kind": "leaf-contradiction", "earlier": "e", "later": "l", "root": "x", "proof": [hash, "y"]}]),
                vec!["/evidence/0/root", "/evidence/0/proof/1"],
            ),
        ] {
            let error = parse(&json!({"origin": "ledger.example/log", "evidence": evidence})).unwrap_err();
            let EvidenceDocumentError::Form(flaws) = error else { panic!("{error}") };
            assert_eq!(flaws.as_slice().iter().map(|flaw| flaw.pointer.as_str()).collect::<Vec<_>>(), places);
        }
        let long = vec![b' '; MAX_EVIDENCE_DOCUMENT + 1];
        assert_eq!(EvidenceDocument::parse(&long), Err(EvidenceDocumentError::TooLong(long.len())));
        assert!(matches!(EvidenceDocument::parse(b"{"), Err(EvidenceDocumentError::Syntax(_))));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in vec(any::<u8>(), 0..200)) {
            let _ = EvidenceDocument::parse(&bytes);
        }
    }
}

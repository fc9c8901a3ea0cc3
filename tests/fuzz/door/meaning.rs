//! What a body means, read without the parsers under test: which of the good submissions it is, if it is one.
//!
//! A body is a good submission when it is strict JSON, an envelope alone or beside `documents` and nothing else, and its payload
//! type, payload and signature are those of the good one in a spelling that is allowed: standard or URL-safe base64, padded or
//! not. The key id may be any text or missing. Members that DSSE does not know are let be, inside the envelope.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};
use palinode::envelope::Envelope;
use serde_json::{Map, Value};

use super::good::Good;
use crate::decoders::Loose;

/// The good submission that `body` is, posted to `door`.
pub(crate) fn meaning<'g>(body: &[u8], door: &str, good: &'g [Good]) -> Option<&'g Good> {
    if body.len() > 128 << 10 || serde_json::from_slice::<Loose>(body).ok()?.is_faulty(0) {
        return None;
    }
    let value: Value = serde_json::from_slice(body).ok()?;
    let members = value.as_object()?;
    let envelope = match members.get("envelope") {
        None => members,
        Some(envelope) => {
            let known = members.keys().all(|name| name == "envelope" || name == "documents");
            let documents =
                members.get("documents").map_or(Some(true), |documents| Some(documents.as_array()?.iter().all(is_base64)));
            envelope.as_object().filter(|_| known && documents == Some(true))?
        }
    };
    good.iter().find(|good| good.door == door && is(envelope, good))
}

/// What a good submission looks like in each spelling.
pub(crate) struct Spellings {
    payload: [String; 4],
    signature: [String; 4],
}

impl Spellings {
    pub(crate) fn of(envelope: &Envelope) -> Self {
        let of = |bytes: &[u8]| [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD].map(|base| base.encode(bytes));
        Self { payload: of(envelope.payload()), signature: of(envelope.signature()) }
    }
}

fn is(envelope: &Map<String, Value>, good: &Good) -> bool {
    let Some([signature]) = envelope.get("signatures").and_then(Value::as_array).map(Vec::as_slice) else { return false };
    let Some(signature) = signature.as_object() else { return false };
    envelope.get("payloadType").is_some_and(|kind| *kind == good.envelope.payload_type_str())
        && envelope.get("payload").is_some_and(|payload| is_one_of(payload, &good.spellings.payload))
        && signature.get("sig").is_some_and(|sig| is_one_of(sig, &good.spellings.signature))
        && signature.get("keyid").is_none_or(Value::is_string)
}

fn is_one_of(text: &Value, spellings: &[String; 4]) -> bool {
    text.as_str().is_some_and(|text| spellings.iter().any(|spelling| spelling == text))
}

/// A document has one spelling only.
fn is_base64(text: &Value) -> bool {
    text.as_str().is_some_and(|text| BASE64.decode(text.as_bytes()).is_ok_and(|bytes| BASE64.encode(&bytes) == text))
}

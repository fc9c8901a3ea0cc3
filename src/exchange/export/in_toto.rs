//! The payload of an in-toto Statement v1: which files, and the notice as its predicate. It is not signed here.
//!
//! Counts stand in it as decimal strings, since libraries of in-toto read every number as a double.

use serde_json::{Map, Value, json};

use super::{ExportError, Exported};
use crate::notice::{Identifier, Scheme, ScopeItem};

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = "urn:palinode:predicate:notice:v1";

pub(super) fn statement(exported: Exported<'_>) -> Result<Value, ExportError> {
    let title = &exported.notice.dataset.title;
    let affected = exported.notice.scope.iter().flat_map(|scope| &scope.affected).filter_map(|item| match item {
        ScopeItem::Id(id) => Some(id),
        ScopeItem::Part(_) | ScopeItem::Version(_) => None,
    });
    let subjects: Vec<Value> = exported
        .data_subjects()
        .chain(affected)
        .filter_map(digest)
        .map(|(algorithm, hex)| json!({"name": title, "digest": Map::from_iter([(algorithm.to_owned(), json!(hex))])}))
        .collect();
    if subjects.is_empty() {
        return Err(ExportError::NoDigest);
    }
    let mut predicate = json!({"id": exported.id.to_string(), "notice": exported.payload()});
    if let Some(texts) = exported.texts {
        predicate["texts"] = json!(texts.texts);
    }
    Ok(json!({"_type": STATEMENT, "subject": subjects, "predicateType": PREDICATE, "predicate": predicate}))
}

/// An identifier in the digest set of in-toto (spec/v1/digest_set.md).
fn digest(id: &Identifier) -> Option<(&'static str, &str)> {
    let value = id.value();
    match id.scheme() {
        Scheme::Md5 => Some(("md5", value)),
        Scheme::Sha1 => Some(("sha1", value)),
        Scheme::Sha256 => Some(("sha256", value)),
        Scheme::Sha512 => Some(("sha512", value)),
        Scheme::Blake3 => Some(("blake3", value)),
        Scheme::Dirhash1 => Some(("dirHash1", value)),
        Scheme::Swh => {
            let (object, hex) = value.strip_prefix("1:")?.split_once(':')?;
            let name = match object {
                "cnt" => "gitBlob",
                "dir" => "gitTree",
                "rev" => "gitCommit",
                "rel" => "gitTag",
                _ => return None,
            };
            Some((name, hex))
        }
        _ => None,
    }
}

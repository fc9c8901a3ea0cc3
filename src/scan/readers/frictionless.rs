//! `datapackage.json` (datapackage.org, Data Package 1 and 2): `hash` without a prefix is an MD5, else `algorithm:digits`.

use serde_json::Value;

use super::super::Relation;
use super::Notes;
use super::croissant::tell;
use super::json::At;
use crate::notice::Scheme;

pub(super) fn read(json: &Value, notes: &mut Notes) {
    let root = At::root(json);
    for name in ["id", "homepage"] {
        root.get(name).into_iter().for_each(|at| tell(&at, Relation::Itself, notes));
    }
    sources(&root, notes);
    for resource in root.all("resources") {
        for path in resource.all("path") {
            if let Some(text) = path.value.as_str() {
                notes.at_member(&path.pointer);
                notes.address("path", text, Relation::File);
                if resource.all("path").len() == 1 {
                    notes.describes(&resource.pointer, text);
                }
            }
        }
        if let Some(hash) = resource.get("hash") {
            notes.at_member(&hash.pointer);
            match hash.value {
                Value::String(text) if text.trim().is_empty() => {}
                Value::String(text) => hashed(text, notes),
                other => notes.digest("hash", Scheme::Md5, &other.to_string()),
            }
        }
        sources(&resource, notes);
    }
}

/// The prefix is the algorithm by the specification, so it is no other digest than the field says.
fn hashed(text: &str, notes: &mut Notes) {
    let said = text.split_once(':').and_then(|(word, _)| super::super::notes::digest_scheme(word));
    notes.digest("hash", said.unwrap_or(Scheme::Md5), text);
}

fn sources(node: &At, notes: &mut Notes) {
    for source in node.all("sources") {
        for name in ["path", "web", "uri", "url"] {
            source.get(name).into_iter().for_each(|at| tell(&at, Relation::Origin, notes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::super::json::parse;
    use super::*;

    #[test]
    fn a_bare_hash_is_an_md5_and_a_prefix_says_the_algorithm() {
        let text = r#"{"name": "x", "id": "https://doi.org/10.5281/zenodo.9", "sources": [{"path": "https://example.org/source"}],
            "resources": [{"path": "a.csv", "hash": "88813c6b15de58afc8fa75ea83361d7f"},
                          {"path": "b.csv", "hash": "sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"},
                          {"path": "c.csv", "hash": "sha3:00"}]}"#;
        let mut notes = Notes::of(Place::named(0, "datapackage.json"), Source::Frictionless);
        read(&parse(text.as_bytes()).unwrap(), &mut notes);
        let found: Vec<_> = notes.sightings.iter().map(|s| s.identifier.as_str()).collect();
        assert_eq!(
            found,
            [
                "doi:10.5281/zenodo.9",
                "url:https://example.org/source",
                "md5:88813c6b15de58afc8fa75ea83361d7f",
                "sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"
            ]
        );
        assert_eq!(notes.remarks.len(), 1, "{:?}", notes.remarks);
    }
}

//! RO-Crate (researchobject.org/ro-crate, 1.0 to 1.2): a flat graph of schema.org; the crate is the entity that the metadata file is about.

use std::collections::HashMap;

use serde_json::Value;

use super::super::Relation;
use super::Notes;
use super::croissant::{DIGESTS, about, file, tell};
use super::json::At;

pub(super) fn read(json: &Value, notes: &mut Notes) {
    let graph = At::root(json).all("@graph");
    if graph.is_empty() {
        return notes.invalid("it has no @graph");
    }
    let id = |node: &At| node.value.get("@id").and_then(Value::as_str).map(str::to_owned);
    let by_id: HashMap<String, At> = graph.iter().filter_map(|node| Some((id(node)?, node.clone()))).collect();
    let descriptor = by_id.get("ro-crate-metadata.json").or_else(|| by_id.get("ro-crate-metadata.jsonld"));
    let root = descriptor.and_then(|node| node.text_of("about")).unwrap_or_else(|| "./".to_owned());
    if let Some(crate_itself) = by_id.get(&root) {
        about(crate_itself, notes);
        refer(crate_itself, "identifier", &by_id, notes);
    }
    for node in graph.iter().filter(|node| node.is_a("File") || DIGESTS.iter().any(|name| node.get(name).is_some())) {
        file(node, notes);
        if let Some(name) = id(node) {
            notes.describes(&node.pointer, &name);
        }
        if let Some(address) = id(node).filter(|id| id.contains("://")) {
            notes.at_member(&format!("{}/@id", node.pointer));
            notes.address("@id", &address, Relation::File);
        }
    }
    // Data sets within the crate that come from elsewhere.
    for node in graph.iter().filter(|node| node.is_a("Dataset") && id(node).is_some_and(|id| id != root)) {
        about(node, notes);
        refer(node, "identifier", &by_id, notes);
    }
}

/// What a property names that refers to another entity: its `value` is the identifier.
fn refer(node: &At, property: &str, by_id: &HashMap<String, At>, notes: &mut Notes) {
    for reference in node.all(property) {
        let target = reference.value.get("@id").and_then(Value::as_str).and_then(|id| by_id.get(id));
        for value in target.into_iter().flat_map(|target| target.all("value")) {
            tell(&value, Relation::Itself, notes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::super::json::parse;
    use super::*;

    #[test]
    fn the_crate_is_what_the_metadata_file_is_about() {
        let digits = "c617db2c7470716250f6f001be51304c76bcc8815527ab8bae734bdca0735737";
        let text = format!(
            r##"{{"@context": "https://w3id.org/ro/crate/1.2/context", "@graph": [
            {{"@id": "ro-crate-metadata.json", "about": {{"@id": "./"}}}},
            {{"@id": "./", "@type": "Dataset", "identifier": {{"@id": "#doi"}}, "isBasedOn": {{"@id": "https://zenodo.org/records/7"}}}},
            {{"@id": "#doi", "@type": "PropertyValue", "value": "https://doi.org/10.4225/59/59672c09f4a4b"}},
            {{"@id": "data.csv", "@type": "File", "sha256": "{digits}"}},
            {{"@id": "https://ror.org/04dkp1p98", "@type": "Organization", "url": "http://www.bom.gov.au/"}}]}}"##
        );
        let mut notes = Notes::of(Place::named(0, "ro-crate-metadata.json"), Source::RoCrate);
        read(&parse(text.as_bytes()).unwrap(), &mut notes);
        let found: Vec<_> = notes.sightings.iter().map(|s| format!("{} {}", s.relation, s.identifier)).collect();
        assert_eq!(
            found,
            [
                "origin doi:10.5281/zenodo.7".to_owned(),
                "itself doi:10.4225/59/59672c09f4a4b".to_owned(),
                format!("file sha256:{digits}")
            ]
        );
    }
}

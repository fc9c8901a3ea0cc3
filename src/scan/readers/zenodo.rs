//! `.zenodo.json`, from which Zenodo makes the record of a GitHub release (help.zenodo.org, "Add metadata").

use serde_json::Value;

use super::super::Relation;
use super::json::At;
use super::{Notes, datacite};

pub(super) fn read(json: &Value, notes: &mut Notes) {
    let root = At::root(json);
    if let Some(doi) = root.get("doi") {
        notes.at_member(&doi.pointer);
        notes.names_as("doi", "doi", &doi.text().unwrap_or_default(), Relation::Itself);
    }
    for at in root.all("related_identifiers") {
        let Some(value) = at.text_of("identifier") else { continue };
        let address = if value.contains("://") { "url" } else { "doi" };
        let kind = at.text_of("scheme").unwrap_or_else(|| address.to_owned());
        notes.at_member(&at.pointer);
        datacite::related(&kind, &value, &at.text_of("relation").unwrap_or_default(), notes);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    #[test]
    fn related_identifiers_are_read_with_their_relation() {
        let mut notes = Notes::of(Place::named(0, ".zenodo.json"), Source::Zenodo);
        let json = serde_json::json!({"doi": "", "related_identifiers": [
            {"identifier": "10.5281/zenodo.5", "relation": "isDerivedFrom"},
            {"scheme": "url", "identifier": "https://example.org/x", "relation": "isSupplementTo"}]});
        read(&json, &mut notes);
        let found: Vec<_> = notes.sightings.iter().map(|s| format!("{} {}", s.relation, s.identifier)).collect();
        assert_eq!(found, ["origin doi:10.5281/zenodo.5", "description url:https://example.org/x"]);
    }
}

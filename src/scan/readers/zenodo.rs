//! `.zenodo.json`, from which Zenodo makes the record of a GitHub release (help.zenodo.org, "Add metadata"); and records themselves as JSON,
//! in the form of Zenodo's older interface and of `InvenioRDM`. A record states an MD5 for each of its files.

use serde_json::Value;

use super::super::Relation;
use super::json::At;
use super::{Notes, datacite};
use crate::notice::Scheme;

pub(super) fn read(json: &Value, notes: &mut Notes) {
    let root = At::root(json);
    let metadata = root.get("metadata");
    let parent = root.get("parent");
    let own = [root.get("doi"), root.get("conceptdoi"), metadata.as_ref().and_then(|at| at.get("doi"))];
    let pids = [Some(&root), parent.as_ref()].into_iter().flatten();
    let pids = pids.filter_map(|at| at.get("pids")?.get("doi")?.get("identifier"));
    for doi in own.into_iter().flatten().chain(pids) {
        notes.at_member(&doi.pointer);
        notes.names_as("doi", "doi", &doi.text().unwrap_or_default(), Relation::Itself);
    }
    let about = metadata.as_ref().unwrap_or(&root);
    for at in about.all("related_identifiers") {
        let Some(value) = at.text_of("identifier") else { continue };
        let address = if value.contains("://") { "url" } else { "doi" };
        let kind = at.text_of("scheme").unwrap_or_else(|| address.to_owned());
        let word = at.text_of("relation").or_else(|| at.get("relation_type")?.text_of("id"));
        notes.at_member(&at.pointer);
        datacite::related(&kind, &value, &word.unwrap_or_default(), notes);
    }
    files(&root, notes);
}

/// The files of a record: a list, or the entries of an object by name.
fn files(root: &At, notes: &mut Notes) {
    let entries = root.get("files").and_then(|files| files.get("entries"));
    let entries = entries.map(|entries| entries.members().into_iter().map(|(_, at)| at).collect());
    for file in entries.unwrap_or_else(|| root.all("files")) {
        if let Some(checksum) = file.text_of("checksum") {
            notes.at_member(&file.text_of("key").or_else(|| file.text_of("filename")).unwrap_or_else(|| file.pointer.clone()));
            notes.digest("checksum", Scheme::Md5, &checksum);
        }
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

    #[test]
    fn records_of_both_interfaces_name_themselves_and_their_files() {
        let md5 = "88813c6b15de58afc8fa75ea83361d7f";
        let older = serde_json::json!({"doi": "10.5281/zenodo.8", "conceptdoi": "10.5281/zenodo.7", "metadata": {"title": "Faces"},
            "files": [{"key": "faces.tar", "checksum": format!("md5:{md5}")}]});
        let newer = serde_json::json!({"pids": {"doi": {"identifier": "10.5281/zenodo.8"}},
            "parent": {"pids": {"doi": {"identifier": "10.5281/zenodo.7"}}}, "metadata": {"title": "Faces"},
            "files": {"entries": {"faces.tar": {"key": "faces.tar", "checksum": format!("md5:{md5}")}}}});
        for record in [older, newer] {
            let mut notes = Notes::of(Place::named(0, "record.json"), Source::Zenodo);
            read(&record, &mut notes);
            let found: Vec<_> = notes.sightings.iter().map(|s| s.identifier.as_str()).collect();
            assert_eq!(found, ["doi:10.5281/zenodo.8", "doi:10.5281/zenodo.7", &format!("md5:{md5}")]);
            assert_eq!(notes.sightings[2].place.member.as_deref(), Some("faces.tar"));
        }
    }
}

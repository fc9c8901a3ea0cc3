//! `dataset_description.json` of BIDS (bids-specification, "Dataset description").
//!
//! `DatasetDOI` is the DOI of the paper in some published sets. Nothing here can tell; a notice says of each of its identifiers whether it
//! names the data or what describes it, so a match on a paper stays a mention.

use serde_json::Value;

use super::super::Relation;
use super::Notes;
use super::croissant::tell;
use super::json::At;

pub(super) fn read(json: &Value, notes: &mut Notes) {
    let root = At::root(json);
    if let Some(doi) = root.get("DatasetDOI") {
        notes.at_member(&doi.pointer);
        notes.names_as("doi", "DatasetDOI", &doi.text().unwrap_or_default(), Relation::Itself);
    }
    for source in root.all("SourceDatasets") {
        if let Some(doi) = source.get("DOI") {
            notes.at_member(&doi.pointer);
            notes.names_as("doi", "DOI", &doi.text().unwrap_or_default(), Relation::Origin);
        }
        source.get("URL").into_iter().for_each(|at| tell(&at, Relation::Origin, notes));
    }
    for (_, link) in root.get("DatasetLinks").map(|links| links.members()).unwrap_or_default() {
        if link.text().is_some_and(|text| !text.starts_with("file:")) {
            tell(&link, Relation::Origin, notes);
        }
    }
    for at in root.all("ReferencesAndLinks").iter().chain(&root.all("HowToAcknowledge")) {
        if let Some(text) = at.text() {
            notes.at_member(&at.pointer);
            if text.contains("://") && !text.trim().contains(' ') {
                tell(at, Relation::Description, notes);
            } else {
                notes.cites(&text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    #[test]
    fn every_spelling_of_a_dataset_doi_is_read_and_what_is_none_is_named() {
        for (text, found, remarks) in [
            ("10.18112/openneuro.ds000117.v1.0.4", Some("doi:10.18112/openneuro.ds000117.v1.0.4"), 0),
            ("doi:10.18112/X", Some("doi:10.18112/x"), 0),
            ("https://doi.org/10.1167/13.5.22", Some("doi:10.1167/13.5.22"), 0),
            ("n/a", None, 1),
            ("", None, 0),
        ] {
            let mut notes = Notes::of(Place::named(0, "dataset_description.json"), Source::Bids);
            read(&serde_json::json!({"DatasetDOI": text, "ReferencesAndLinks": ["n/a"]}), &mut notes);
            assert_eq!(notes.sightings.first().map(|s| s.identifier.as_str()), found, "{text}");
            assert_eq!(notes.remarks.len(), remarks, "{text}");
        }
    }

    #[test]
    fn source_datasets_are_origins() {
        let mut notes = Notes::of(Place::named(0, "dataset_description.json"), Source::Bids);
        let json = serde_json::json!({"SourceDatasets": [{"DOI": "doi:10.18112/openneuro.ds1", "URL": "https://example.org/s"}],
            "DatasetLinks": {"raw": "file:///data/raw", "atlas": "doi:10.5281/zenodo.4"}});
        read(&json, &mut notes);
        assert_eq!(notes.sightings.len(), 3);
        assert!(notes.sightings.iter().all(|s| s.relation == Relation::Origin));
    }
}

//! `dataset_info.json` of TensorFlow Datasets and of Hugging Face Datasets, and the older `dataset_infos.json` of the latter.

use serde_json::Value;

use super::super::Relation;
use super::Notes;
use super::croissant::tell;
use super::json::At;
use crate::notice::Scheme;

/// One description. Of a cache of Hugging Face Datasets, `folder` is the name `owner___name` that it lies under.
pub(super) fn read(json: &Value, folder: Option<&str>, notes: &mut Notes) {
    if let Some((owner, name)) = folder.and_then(|folder| folder.split_once("___")) {
        notes.names("folder", &format!("hf:datasets/{owner}/{name}"), Relation::Itself);
    }
    info(&At::root(json), notes);
}

/// A description for each configuration.
pub(super) fn read_all(json: &Value, notes: &mut Notes) {
    for (_, configuration) in At::root(json).members() {
        info(&configuration, notes);
    }
}

fn info(node: &At, notes: &mut Notes) {
    node.get("homepage").into_iter().for_each(|at| tell(&at, Relation::Description, notes));
    for at in node.get("location").map(|location| location.all("urls")).unwrap_or_default() {
        tell(&at, Relation::Description, notes);
    }
    if let Some(citation) = node.get("citation") {
        notes.at_member(&citation.pointer);
        notes.cites(&citation.text().unwrap_or_default());
    }
    let checksums = ["download_checksums", "downloadChecksums"].iter().find_map(|name| node.get(name));
    for (address, at) in checksums.map(|checksums| checksums.members()).unwrap_or_default() {
        notes.at_member(&at.pointer);
        notes.address("url", address, Relation::File);
        if let Some(checksum) = at.value.get("checksum").filter(|checksum| !checksum.is_null()) {
            let text = checksum.as_str().map_or_else(|| checksum.to_string(), str::to_owned);
            notes.digest("checksum", Scheme::Sha256, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    #[test]
    fn downloads_are_named_by_address_and_digest() {
        let digits = "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";
        let json = serde_json::json!({"default": {"homepage": "https://example.org/", "citation": "doi:10.1000/p",
            "download_checksums": {"https://example.org/x.zip": {"num_bytes": 3, "checksum": digits},
                                   "https://example.org/y.zip": {"num_bytes": 3, "checksum": null}}}});
        let mut notes = Notes::of(Place::named(0, "dataset_infos.json"), Source::HubInfos);
        read_all(&json, &mut notes);
        let found: Vec<_> = notes.sightings.iter().map(|s| s.identifier.to_string()).collect();
        assert!(found.contains(&format!("sha256:{digits}")) && found.contains(&"doi:10.1000/p".to_owned()), "{found:?}");
        assert_eq!((found.len(), notes.remarks.len()), (5, 0));
        let mut notes = Notes::of(Place::named(0, "dataset_info.json"), Source::DatasetInfo);
        read(&serde_json::json!({}), Some("ProgramComputer___vggface2"), &mut notes);
        assert_eq!(notes.sightings[0].identifier.as_str(), "hf:datasets/programcomputer/vggface2");
    }
}

//! Names in Zenodo's words: `.zenodo.json`, records of its older interface, and records of `InvenioRDM`.

use super::super::readers::json::At;
use super::{Creator, Description};

pub(super) fn describe(root: &At, described: &mut Description) {
    let metadata = root.get("metadata");
    let about = metadata.as_ref().unwrap_or(root);
    described.titles.extend(about.text_of("title").or_else(|| root.text_of("title")));
    described.aliases.extend(about.all("additional_titles").iter().filter_map(|at| at.text_of("title")));
    described.versions.extend(about.text_of("version"));
    described.publishers.extend(about.text_of("publisher"));
    let licence = about.get("license").and_then(|at| at.text_of("id").or_else(|| at.text()));
    described.licences.extend(licence);
    described.licences.extend(about.all("rights").iter().filter_map(|at| at.text_of("id")));
    for at in about.all("creators") {
        let of = at.get("person_or_org").unwrap_or_else(|| at.clone());
        if let Some(name) = of.text_of("name") {
            let is_organisation = of.text_of("type").is_some_and(|kind| kind.starts_with("organi"));
            described.creators.push(Creator { name, is_organisation });
        }
    }
    for at in about.all("related_identifiers") {
        let word = at.text_of("relation").or_else(|| at.get("relation_type").and_then(|kind| kind.text_of("id")));
        if let (Some(value), Some(word)) = (at.text_of("identifier"), word) {
            described.relate(&value, at.text_of("scheme").as_deref(), &word);
        }
    }
    // The DOI of all versions together: whoever means one version must not retract the others.
    let parent = root.get("parent").and_then(|parent| parent.get("pids")).and_then(|pids| pids.get("doi"));
    let concepts = [root.text_of("conceptdoi"), parent.and_then(|doi| doi.text_of("identifier"))];
    for concept in concepts.into_iter().flatten() {
        described.relate(&concept, Some("doi"), "isversionof");
    }
}

//! Croissant 1.0 and 1.1 (mlcommons.github.io/croissant), which is schema.org's `Dataset` with files: any prefix of the keys, or none.
//!
//! Real files lie about digests: generated ones put the address of an issue into `sha256`, hand-made ones an MD5 or the word `sha256`.
//! `Notes::digest` tells what is what. `citeAs` is BibTeX or prose; only its DOIs and arXiv ids are taken, as a description.

use serde_json::Value;

use super::super::Relation;
use super::super::notes::digest_scheme;
use super::Notes;
use super::json::At;

/// Properties of a dataset that name it, what it was made from, and what describes it.
const ITSELF: [&str; 3] = ["url", "sameAs", "identifier"];
const ORIGINS: [&str; 3] = ["isBasedOn", "wasDerivedFrom", "isBasedOnUrl"];
const CITATIONS: [&str; 3] = ["citeAs", "citation", "cite-as"];
/// Properties of a file that hold a digest.
pub(super) const DIGESTS: [&str; 6] = ["sha256", "md5", "sha512", "sha1", "sha-256", "blake3"];
/// Deepest nesting of datasets in datasets.
const DEEPEST: usize = 8;

pub(super) fn read(json: &Value, notes: &mut Notes) {
    let root = At::root(json);
    let graph = root.all("@graph");
    if graph.is_empty() {
        dataset(&root, notes, DEEPEST);
    }
    for node in graph {
        if node.is_a("Dataset") {
            dataset(&node, notes, DEEPEST);
        } else if node.is_a("FileObject") || node.is_a("DataDownload") {
            file(&node, notes);
        }
    }
}

/// What schema.org says of a dataset.
pub(super) fn dataset(node: &At, notes: &mut Notes, deeper: usize) {
    about(node, notes);
    for part in node.all("distribution") {
        file(&part, notes);
    }
    for part in node.all("hasPart") {
        if deeper > 0 && part.is_a("Dataset") {
            dataset(&part, notes, deeper - 1);
        }
    }
}

/// What names a dataset, its origins and its papers.
pub(super) fn about(node: &At, notes: &mut Notes) {
    let own = node.get("@id").into_iter().filter(|id| id.text().is_some_and(|text| text.contains("://")));
    let named = ITSELF.iter().flat_map(|name| node.all(name));
    for at in own.chain(named) {
        tell(&at, Relation::Itself, notes);
    }
    for at in ORIGINS.iter().flat_map(|name| node.all(name)) {
        tell(&at, Relation::Origin, notes);
    }
    for at in CITATIONS.iter().flat_map(|name| node.all(name)) {
        if let Some(text) = at.text() {
            notes.at_member(&at.pointer);
            notes.cites(&text);
        }
    }
}

/// An address, a DOI, or another id: bare words of local systems are no identifiers, and nothing is made of them.
pub(super) fn tell(at: &At, relation: Relation, notes: &mut Notes) {
    let Some(text) = at.text() else { return };
    notes.at_member(&at.pointer);
    let field = at.pointer.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default().to_owned();
    let is_doi = text.starts_with("10.") && text.contains('/');
    if is_doi {
        notes.names_as("doi", &field, &text, relation);
    } else if text.contains(':') && !text.starts_with("_:") {
        notes.names(&field, &text, relation);
    }
}

/// A file of a dataset: where it comes from, and its digests.
pub(super) fn file(node: &At, notes: &mut Notes) {
    for at in node.all("contentUrl") {
        if let Some(text) = at.text() {
            notes.at_member(&at.pointer);
            notes.address("contentUrl", &text, Relation::File);
            notes.describes(&node.pointer, &text);
        }
    }
    for name in DIGESTS {
        let Some(scheme) = digest_scheme(name) else { continue };
        for at in node.all(name) {
            notes.at_member(&at.pointer);
            match at.text() {
                Some(text) if text.trim().is_empty() => {}
                Some(text) => notes.digest(name, scheme, &text),
                None => notes.digest(name, scheme, &at.value.to_string()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::super::json::parse;
    use super::*;

    fn said(text: &str) -> (Vec<String>, Vec<String>) {
        let mut notes = Notes::of(Place::named(0, "croissant.json"), Source::Croissant);
        read(&parse(text.as_bytes()).unwrap(), &mut notes);
        let found = notes.sightings.iter().map(|s| format!("{} {}", s.relation, s.identifier));
        (found.collect(), notes.remarks.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn keys_are_read_with_and_without_prefixes() {
        let digits = "c617db2c7470716250f6f001be51304c76bcc8815527ab8bae734bdca0735737";
        let bare = format!(
            r#"{{"@type": "sc:Dataset", "url": "https://example.org/faces/", "distribution": [{{"contentUrl": "data/x.csv", "sha256": "{digits}"}}]}}"#
        );
        let prefixed = format!(
            r#"{{"@graph": [{{"@type": ["https://schema.org/Dataset"], "sc:url": {{"@id": "https://example.org/faces/"}},
                "https://schema.org/distribution": {{"cr:sha256": {{"@value": "{digits}"}}}}}}]}}"#
        );
        for text in [bare, prefixed] {
            let (found, remarks) = said(&text);
            assert_eq!(found, ["itself url:https://example.org/faces/".to_owned(), format!("file sha256:{digits}")], "{text}");
            assert!(remarks.is_empty());
        }
    }

    #[test]
    fn papers_are_descriptions_and_sources_are_origins() {
        let (found, _) = said(
            r#"{"@type": "Dataset", "citeAs": "@article{x, doi = {10.1109/FG.2018.00020}, eprint = {arXiv:1710.08092}}",
                "prov:wasDerivedFrom": [{"@id": "https://doi.org/10.5281/zenodo.1"}], "identifier": "local-7"}"#,
        );
        assert_eq!(
            found,
            ["origin doi:10.5281/zenodo.1", "description doi:10.1109/fg.2018.00020", "description arxiv:1710.08092"]
        );
    }

    #[test]
    fn a_digest_that_lies_is_named_with_its_pointer() {
        let (found, remarks) = said(
            r#"{"distribution": [{"sha256": "https://github.com/mlcommons/croissant/issues/80"}, {"sha256": "sha256"}, {"md5": 687610993}]}"#,
        );
        assert!(found.is_empty());
        assert_eq!(remarks.len(), 3);
        assert!(remarks[0].contains("/distribution/0/sha256") && remarks[0].contains("issues/80"), "{}", remarks[0]);
    }
}

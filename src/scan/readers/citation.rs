//! `CITATION.cff` (citation-file-format.github.io, 1.0 to 1.2).

use serde::Deserialize;

use super::super::Relation;
use super::dvc::yaml;
use super::{Notes, datacite};

#[derive(Deserialize)]
struct Citation {
    #[serde(flatten)]
    work: Work,
    #[serde(default, rename = "preferred-citation")]
    preferred: Option<Work>,
    #[serde(default)]
    references: Vec<Work>,
}

#[derive(Deserialize)]
struct Work {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    doi: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    repository: Option<String>,
    #[serde(default, rename = "repository-code")]
    code: Option<String>,
    #[serde(default, rename = "repository-artifact")]
    artifact: Option<String>,
    #[serde(default)]
    identifiers: Vec<Typed>,
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    value: String,
}

pub(super) fn read(bytes: &[u8], notes: &mut Notes) {
    let Some(citation) = yaml::<Citation>(bytes, notes) else { return };
    work(&citation.work, "", Relation::Itself, notes);
    if let Some(preferred) = &citation.preferred {
        // The work to cite is often a paper; where it is the data, the type says so.
        let is_data = preferred.kind.as_deref().is_some_and(is_data);
        work(preferred, "/preferred-citation", if is_data { Relation::Itself } else { Relation::Description }, notes);
    }
    for (n, reference) in citation.references.iter().enumerate() {
        let relation = if reference.kind.as_deref().is_some_and(is_data) { Relation::Origin } else { Relation::Description };
        work(reference, &format!("/references/{n}"), relation, notes);
    }
}

fn is_data(kind: &str) -> bool {
    matches!(kind, "data" | "dataset" | "database")
}

fn work(work: &Work, member: &str, relation: Relation, notes: &mut Notes) {
    if let Some(doi) = &work.doi {
        notes.at_member(&format!("{member}/doi"));
        notes.names_as("doi", "doi", doi, relation);
    }
    let addresses = [
        ("url", &work.url),
        ("repository", &work.repository),
        ("repository-code", &work.code),
        ("repository-artifact", &work.artifact),
    ];
    for (name, value) in addresses {
        if let Some(value) = value {
            notes.at_member(&format!("{member}/{name}"));
            notes.address(name, value, relation);
        }
    }
    for (n, Typed { kind, value }) in work.identifiers.iter().enumerate() {
        notes.at_member(&format!("{member}/identifiers/{n}"));
        datacite::typed(if kind == "swh" { "SWHID" } else { kind }, value, relation, notes);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    #[test]
    fn the_work_is_itself_its_paper_a_description_and_data_that_it_cites_an_origin() {
        let text = "cff-version: 1.2.0\ntitle: Faces\ndoi: 10.5281/zenodo.1\nidentifiers:\n- {type: url, value: 'https://example.org/f'}\n\
                    preferred-citation:\n  type: article\n  doi: 10.1000/paper\nreferences:\n- type: dataset\n  doi: 10.5281/zenodo.2\n  \
                    authors: [{name: X}]\n";
        let mut notes = Notes::of(Place::named(0, "CITATION.cff"), Source::CitationCff);
        read(text.as_bytes(), &mut notes);
        let found: Vec<_> = notes.sightings.iter().map(|s| format!("{} {}", s.relation, s.identifier)).collect();
        assert_eq!(
            found,
            [
                "itself doi:10.5281/zenodo.1",
                "itself url:https://example.org/f",
                "description doi:10.1000/paper",
                "origin doi:10.5281/zenodo.2"
            ]
        );
    }
}

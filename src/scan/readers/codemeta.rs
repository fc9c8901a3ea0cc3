//! `codemeta.json` (codemeta.github.io, 2 and 3).

use serde_json::Value;

use super::super::Relation;
use super::Notes;
use super::croissant::tell;
use super::json::At;

pub(super) fn read(json: &Value, notes: &mut Notes) {
    let root = At::root(json);
    for (names, relation) in [
        (&["@id", "identifier", "codeRepository", "url", "sameAs"][..], Relation::Itself),
        (&["isBasedOn", "supportingData", "isPartOf"][..], Relation::Origin),
        (&["citation", "referencePublication", "relatedLink"][..], Relation::Description),
    ] {
        for at in names.iter().flat_map(|name| root.all(name)) {
            tell(&at, relation, notes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    #[test]
    fn the_repository_is_itself_and_the_paper_is_a_description() {
        let mut notes = Notes::of(Place::named(0, "codemeta.json"), Source::CodeMeta);
        let json = serde_json::json!({"codeRepository": "https://github.com/Example/Faces", "identifier": "10.5281/zenodo.3",
            "referencePublication": {"@id": "https://doi.org/10.1000/paper"}});
        read(&json, &mut notes);
        let found: Vec<_> = notes.sightings.iter().map(|s| format!("{} {}", s.relation, s.identifier)).collect();
        assert_eq!(
            found,
            ["itself doi:10.5281/zenodo.3", "itself git:github.com/example/faces", "description doi:10.1000/paper"]
        );
    }
}

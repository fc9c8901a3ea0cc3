//! What a ledger indexes of a notice: the look-up keys under which the notice is found, and what each key is to it.
//!
//! An index only proposes notices; what a hit means is decided by the verdict from the notice itself. So the facts rather
//! name too much than too little: the title of a derivative that has an identifier too, both the versioned and the
//! unversioned key of a version. Not indexed, because they are no answer to "is my copy affected": replacements, papers and
//! notices named elsewhere, labels of parts and versions. Digest lists are found by other means.

use std::collections::BTreeSet;

use serde::Serialize;

use super::codes::codes;
use super::{Identifier, LookupKey, Notice, ScopeItem};

/// What a key is to a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactRole {
    /// A key of a subject.
    Subject,
    /// A key of an identifier among the affected items of the scope.
    Affected,
    /// A key of an identifier among the unaffected items of the scope.
    Unaffected,
    /// A key of a derivative: of its identifier, or the `name:` key of its title.
    Derivative,
    /// The `name:` key of the dataset's title or of an alias.
    Name,
}

codes!(FactRole {
    Subject => "subject",
    Affected => "affected",
    Unaffected => "unaffected",
    Derivative => "derivative",
    Name => "name",
});

/// One row of the index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexFact {
    /// The key that is looked up.
    pub key: LookupKey,
    /// What it is to the notice.
    pub role: FactRole,
}

impl Serialize for IndexFact {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut row = serializer.serialize_struct("IndexFact", 2)?;
        row.serialize_field("key", self.key.as_str())?;
        row.serialize_field("role", &self.role)?;
        row.end()
    }
}

/// The facts of `notice`, each pair of key and role once, in ascending order: equal notices give equal facts.
///
/// Of a sensitive notice these are names and blinded digests: the rules of form leave nothing else in it.
pub fn facts(notice: &Notice) -> Vec<IndexFact> {
    let mut facts = BTreeSet::new();
    let mut add = |id: &Identifier, role| facts.extend(id.lookup_keys().into_iter().map(|key| IndexFact { key, role }));
    for subject in &notice.subjects {
        add(&subject.id, FactRole::Subject);
    }
    for name in std::iter::once(&notice.dataset.title).chain(&notice.dataset.aliases) {
        // Names too short to be told apart have no key (domain, section 5, `name`).
        if let Ok(id) = Identifier::of_name(name) {
            add(&id, FactRole::Name);
        }
    }
    if let Some(scope) = &notice.scope {
        let affected = scope.affected.iter().map(|item| (item, FactRole::Affected));
        let unaffected = scope.unaffected.iter().map(|item| (item, FactRole::Unaffected));
        for (item, role) in affected.chain(unaffected) {
            if let ScopeItem::Id(id) = item {
                add(id, role);
            }
        }
    }
    for derivative in &notice.derivatives {
        let title = derivative.title.as_deref().and_then(|title| Identifier::of_name(title).ok());
        for id in derivative.id.iter().chain(&title) {
            add(id, FactRole::Derivative);
        }
    }
    facts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts_of(changes: &serde_json::Value) -> Vec<(String, &'static str)> {
        let notice = super::super::museum::notice_with(changes);
        facts(&notice).into_iter().map(|fact| (fact.key.as_str().to_owned(), fact.role.as_str())).collect()
    }

    fn has(facts: &[(String, &'static str)], key: &str, role: &str) -> bool {
        facts.iter().any(|(k, r)| k.starts_with(key) && *r == role)
    }

    #[test]
    fn subjects_scope_items_derivatives_and_names_are_indexed_with_their_roles() {
        let facts = facts_of(&serde_json::json!({
            "type": "partial-retraction",
            "dataset": {"title": "Example Faces", "aliases": ["EF", "Ex-Faces"], "publisher_name": "Lab"},
            "subjects": [{"id": "doi:10.5281/zenodo.1234567", "role": "whole"}],
            "scope": {
                "kind": "files",
                "affected": [format!("sha256:{}", "ab".repeat(32)), "part:train"],
                "unaffected": [format!("sha256:{}", "cd".repeat(32))]
            },
            "derivatives": [
                {"id": "git:github.com/example/aligned", "title": "Aligned Faces", "relation": "cleaned", "inherits": "yes"},
                {"title": "Only Named", "relation": "subset", "inherits": "unknown"}
            ],
            "replacements": [{"id": "doi:10.5281/zenodo.7654321"}]
        }));
        assert!(has(&facts, "doi:10.5281/zenodo.1234567", "subject"));
        assert!(has(&facts, "sha256:abab", "affected"));
        assert!(has(&facts, "sha256:cdcd", "unaffected"));
        assert!(has(&facts, "git:github.com/example/aligned", "derivative"));
        assert!(has(&facts, "name:onlynamed", "derivative"), "a title-only edge is found by its name");
        assert!(has(&facts, "name:examplefaces", "name"));
        assert!(has(&facts, "name:exfaces", "name"));
        assert!(!facts.iter().any(|(k, _)| k == "name:ef"), "too short to be told apart");
        assert!(!facts.iter().any(|(k, _)| k.contains("7654321") || k.contains("train")), "replacements and labels");
    }

    #[test]
    fn a_fact_stands_once_and_facts_do_not_depend_on_the_order_of_subjects() {
        let subject = |id: &str| serde_json::json!({"id": id, "role": "file"});
        let (a, b) = (subject("md5:00112233445566778899aabbccddeeff"), subject("name:examplefaces"));
        let one = facts_of(&serde_json::json!({"subjects": [a, b]}));
        let other = facts_of(&serde_json::json!({"subjects": [b, a]}));
        assert_eq!(one, other);
        let mut unique = one.clone();
        unique.dedup();
        assert_eq!(one, unique);
    }

    #[test]
    fn a_sensitive_notice_is_found_by_names_and_blinded_digests_only() {
        let blind = |byte: &str| format!("blind:{}", byte.repeat(32));
        let facts = facts_of(&serde_json::json!({
            "type": "partial-retraction",
            "dataset": {"title": "Example Faces", "publisher_name": "Lab"},
            "subjects": [{"id": "name:hiddenimages", "role": "whole"}, {"id": blind("ab"), "role": "file"}],
            "scope": {"kind": "files", "affected": [blind("cd")]},
            "sensitive": true
        }));
        let expected = [
            (blind("ab"), "subject"),
            (blind("cd"), "affected"),
            ("name:examplefaces".to_owned(), "name"),
            ("name:hiddenimages".to_owned(), "subject"),
        ];
        assert_eq!(facts, expected);
    }
}

//! Templates of drafts: what a publisher fills in.
//!
//! JSON has no comments, so every field is explained by its placeholder, a text between `<` and `>`. A draft that still has a
//! placeholder is refused ([`DraftRule::PlaceholderLeft`](super::DraftRule)), so that nobody signs one by accident; what is
//! optional can be deleted.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::super::{Identifier, IssuerRole, NoticeType, Prior, PriorRelation, Reason, ScopeKind};
use super::{Beginning, Draft};
use crate::strict_json::Value;

impl Draft {
    /// A draft of type `kind` to fill in, as indented JSON; `prior` is the edge that it carries, when that is known already.
    /// A reinstatement, revocation or response without `prior` gets the edge that it needs with a placeholder.
    pub fn template(kind: NoticeType, prior: Option<Prior>) -> String {
        Self::begun(kind, prior, &Beginning::default())
    }

    /// The same where something is known of the dataset already. What nobody can know from files, the reasons, what holders should do and
    /// the statement among it, stays a placeholder.
    pub fn begun(kind: NoticeType, prior: Option<Prior>, known: &Beginning) -> String {
        written(&template(kind, prior, known))
    }

    /// A draft about material that nobody should be led to: names and these blinded digests, and nothing else that finds it.
    pub fn sensitive_template(kind: NoticeType, prior: Option<Prior>, hidden: &[Identifier]) -> String {
        let mut draft = template(kind, prior, &Beginning::default());
        if let Value::Object(fields) = &mut draft {
            fields.retain(|(name, _)| !matches!(name.as_ref(), "derivatives" | "replacements"));
            for (name, value) in fields.iter_mut() {
                if name == "subjects" {
                    *value = hidden_subjects(hidden);
                }
            }
            fields.push(("sensitive".into(), Value::Bool(true)));
        }
        written(&draft)
    }

    /// The type of notice that carries `relation`; a plain retraction when there is none or the relation leaves it open.
    pub fn kind_for(relation: Option<PriorRelation>) -> NoticeType {
        match relation {
            Some(PriorRelation::Reinstates) => NoticeType::Reinstatement,
            Some(PriorRelation::Revokes) => NoticeType::Revocation,
            Some(PriorRelation::Disputes) => NoticeType::Response,
            Some(PriorRelation::Amends | PriorRelation::Replaces) | None => NoticeType::Retraction,
        }
    }
}

/// Indented, with a line feed at the end.
fn written(draft: &Value<'_>) -> String {
    // Strings only: writing them to memory cannot fail.
    let mut text = serde_json::to_string_pretty(&Json(draft)).unwrap_or_default();
    text.push('\n');
    text
}

fn hidden_subjects(hidden: &[Identifier]) -> Value<'static> {
    let subject = |id: Value<'static>, role| object([("id", id), ("role", text(role))]);
    let name = text("<name: and the title of the dataset, or of its part>");
    let files = hidden.iter().map(|id| subject(text(id.as_str().to_owned()), "file"));
    Value::Array(std::iter::once(subject(name, "whole")).chain(files).collect())
}

/// Writes a strict value with its fields in their order.
struct Json<'v>(&'v Value<'v>);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(truth) => serializer.serialize_bool(*truth),
            Value::Integer(number) => serializer.serialize_u64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Array(items) => serializer.collect_seq(items.iter().map(Json)),
            Value::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, &Json(value))?;
                }
                map.end()
            }
        }
    }
}

pub(super) fn text(text: impl Into<Cow<'static, str>>) -> Value<'static> {
    Value::Text(text.into())
}

pub(super) fn object<const N: usize>(fields: [(&'static str, Value<'static>); N]) -> Value<'static> {
    Value::Object(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn one_of<T: std::fmt::Display>(what: &str, codes: &[T]) -> Value<'static> {
    let words: Vec<String> = codes.iter().map(ToString::to_string).collect();
    text(format!("<{what}, one of: {}>", words.join(", ")))
}

fn template(kind: NoticeType, prior: Option<Prior>, known: &Beginning) -> Value<'static> {
    let mut fields: Vec<(&'static str, Value<'static>)> =
        vec![("type", text(kind.as_str())), ("issuer", object([("role", one_of("in which role you speak", IssuerRole::ALL))]))];
    let speaks_of_a_notice = matches!(kind, NoticeType::Revocation | NoticeType::Response);
    if !speaks_of_a_notice {
        fields.push(("effective", text("<from when: 2019, 2019-06, 2019-06-05 or a full time in UTC; delete when unknown>")));
    }
    fields.push(("dataset", known.dataset()));
    fields.push(("subjects", known.subjects(speaks_of_a_notice)));
    if !speaks_of_a_notice {
        fields.push(("scope", scope(kind)));
        fields.extend(known.digest_lists().map(|lists| ("digest_lists", lists)));
        fields.push(("reasons", Value::Array(vec![one_of("why, the main reason first", Reason::ALL)])));
        fields.push(("actions", actions(kind)));
    }
    if matches!(kind, NoticeType::Correction | NoticeType::Supersession) {
        let id = text("<identifier of what to use instead, such as doi:10.5281/zenodo.1234567>");
        fields.push(("replacements", Value::Array(vec![object([("id", id)])])));
    }
    if matches!(kind, NoticeType::Retraction | NoticeType::PartialRetraction) {
        fields.push(("derivatives", Value::Array(vec![derivative()])));
    }
    fields.push(("texts", texts(speaks_of_a_notice)));
    if !speaks_of_a_notice && kind != NoticeType::Reinstatement {
        fields.push(("appeal", text("<https URL where people can object; only publisher and host must give one>")));
        let check = one_of(
            "what venues should do with papers that use it; delete to leave it open",
            super::super::PublicationCheck::ALL,
        );
        fields.push(("publication_check", check));
    }
    if let Some(prior) = prior_of(kind, prior) {
        fields.push(("prior", Value::Array(vec![prior])));
    }
    Value::Object(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn scope(kind: NoticeType) -> Value<'static> {
    if kind == NoticeType::PartialRetraction {
        let partial: Vec<_> = ScopeKind::ALL.iter().filter(|kind| kind.is_partial()).collect();
        let item = text("<an identifier, part:name-of-the-part or version:name-of-the-version>");
        return object([("kind", one_of("what the affected items are", &partial)), ("affected", Value::Array(vec![item]))]);
    }
    object([("kind", text(ScopeKind::Whole.as_str()))])
}

fn actions(kind: NoticeType) -> Value<'static> {
    let action = one_of("what holders of copies should do", super::super::ActionVerb::ALL);
    let deadline = text("<until when, a date; delete when there is no deadline>");
    let action = match kind {
        NoticeType::Retraction | NoticeType::PartialRetraction | NoticeType::Removal => {
            object([("do", action), ("deadline", deadline)])
        }
        _ => object([("do", action)]),
    };
    Value::Array(vec![action])
}

fn derivative() -> Value<'static> {
    object([
        ("id", text("<identifier of a dataset or model made from this one; delete when only its title is known>")),
        ("title", text("<its title; delete the whole item when none is known>")),
        ("relation", one_of("how it was made", super::super::DerivativeRelation::ALL)),
        ("inherits", one_of("whether it must be treated in the same way", super::super::Inherits::ALL)),
    ])
}

fn texts(about_a_notice: bool) -> Value<'static> {
    let language = ("language", text("en"));
    let statement = if about_a_notice {
        object([language, ("statement", text("<what is wrong with the other notice, 20 to 4,000 characters of plain text>"))])
    } else {
        object([
            language,
            ("statement", text("<what happened and why, 20 to 4,000 characters of plain text>")),
            ("mitigation", text("<how harm can be made smaller; delete when there is nothing to say>")),
            ("afterlife", text("<what becomes of the dataset now; delete when there is nothing to say>")),
        ])
    };
    let reference = object([
        ("type", one_of("what is found there", super::super::ReferenceKind::ALL)),
        ("url", text("<http or https URL; delete the whole item when there is none>")),
    ]);
    object([("texts", Value::Array(vec![statement])), ("references", Value::Array(vec![reference]))])
}

/// The edge that was asked for, or the one that the type needs.
fn prior_of(kind: NoticeType, prior: Option<Prior>) -> Option<Value<'static>> {
    let edge =
        |relation: PriorRelation, notice: String| object([("relation", text(relation.as_str())), ("notice", text(notice))]);
    let relation = match (prior, kind) {
        (Some(prior), _) => return Some(edge(prior.relation, prior.notice.to_string())),
        (None, NoticeType::Reinstatement) => PriorRelation::Reinstates,
        (None, NoticeType::Revocation) => PriorRelation::Revokes,
        (None, NoticeType::Response) => PriorRelation::Disputes,
        (None, _) => return None,
    };
    Some(edge(relation, "<id of the other notice, 64 hex digits>".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::{Did, DraftError, NoticeId, Timestamp};
    use serde_json::{Value as Any, json};

    /// What a publisher would write into the field `name`.
    fn filled(name: &str) -> Any {
        match name {
            "effective" | "deadline" => json!("2019-06"),
            "reasons" => json!("privacy"),
            "role" => json!("publisher"),
            "publication_check" => json!("allow"),
            "kind" => json!("parts"),
            "affected" => json!("part:train"),
            "do" => json!("stop-use"),
            "relation" => json!("cleaned"),
            "inherits" => json!("yes"),
            "statement" => json!("This is what happened, and this is why."),
            "type" => json!("report"),
            "url" | "appeal" => json!("https://example.org/page"),
            "notice" => json!("ab".repeat(32)),
            other => json!(format!("Example {other}")),
        }
    }

    /// Replaces every placeholder below `value`; `name` is the field that holds it, `n` tells identifiers apart.
    fn fill(value: &mut Any, name: &str, n: &mut usize) {
        match value {
            Any::String(text) if text.starts_with('<') => {
                *n += 1;
                *value = if name == "id" { json!(format!("https://doi.org/10.5281/zenodo.{n}")) } else { filled(name) };
            }
            Any::Array(items) => items.iter_mut().for_each(|item| fill(item, name, n)),
            Any::Object(fields) => fields.iter_mut().for_each(|(name, value)| fill(value, name, n)),
            _ => {}
        }
    }

    #[test]
    fn a_template_of_every_type_becomes_a_notice_once_it_is_filled_in() {
        let issuer = Did::parse("did:web:example.org").expect("a DID");
        let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
        for kind in NoticeType::ALL {
            let template = Draft::template(*kind, None);
            let mut draft: Any = serde_json::from_str(&template).expect("JSON");
            fill(&mut draft, "", &mut 0);
            let draft = Draft::parse(draft.to_string().as_bytes()).unwrap_or_else(|e| panic!("{kind}: {e}"));
            let completed = draft.complete(&issuer, issued, [1; 32]).unwrap_or_else(|e| panic!("{kind}: {e}"));
            assert_eq!(completed.notice.kind, *kind);
        }
    }

    #[test]
    fn an_unfilled_template_is_refused_for_its_placeholders_and_nothing_else() {
        for kind in NoticeType::ALL {
            match Draft::parse(Draft::template(*kind, None).as_bytes()) {
                Err(DraftError::Form(flaws)) => {
                    let others: Vec<_> = flaws.as_slice().iter().filter(|f| f.rule != "placeholder-left").collect();
                    assert!(others.is_empty(), "{kind}: {others:?}");
                }
                other => panic!("{kind}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_template_carries_the_edge_that_was_asked_for() {
        let notice = NoticeId::from_bytes([0xab; 32]);
        for relation in PriorRelation::ALL {
            let kind = Draft::kind_for(Some(*relation));
            let template = Draft::template(kind, Some(Prior { relation: *relation, notice }));
            let draft: Any = serde_json::from_str(&template).expect("JSON");
            assert_eq!(draft["prior"], json!([{"relation": relation.as_str(), "notice": "ab".repeat(32)}]));
        }
        assert_eq!(Draft::kind_for(None), NoticeType::Retraction);
    }
}

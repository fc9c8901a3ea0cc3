//! DataCite: what changes about each DOI (Metadata Schema 4.7), in the shape of its REST interface. Of its 39 relation types none says
//! retraction, so the date type `Withdrawn` with its information does.

use serde_json::{Value, json};

use super::{ExportError, Exported, Target, doi};
use crate::notice::NoticeType;

/// What the notice says of its own DOIs, and what of those that take their place.
#[derive(Default)]
struct Saying {
    date: Option<&'static str>,
    old_to_new: Option<&'static str>,
    new_to_old: Option<&'static str>,
    concern: bool,
}

fn saying(kind: NoticeType) -> Option<Saying> {
    let withdrawn = Some("Withdrawn");
    Some(match kind {
        NoticeType::Retraction | NoticeType::Removal => Saying { date: withdrawn, ..Saying::default() },
        NoticeType::PartialRetraction => Saying {
            date: withdrawn,
            old_to_new: Some("IsPreviousVersionOf"),
            new_to_old: Some("IsNewVersionOf"),
            concern: false,
        },
        NoticeType::ExpressionOfConcern => Saying { concern: true, ..Saying::default() },
        NoticeType::Correction => {
            Saying { old_to_new: Some("IsPreviousVersionOf"), new_to_old: Some("IsNewVersionOf"), ..Saying::default() }
        }
        NoticeType::Supersession => {
            Saying { old_to_new: Some("IsObsoletedBy"), new_to_old: Some("Obsoletes"), ..Saying::default() }
        }
        NoticeType::Deprecation
        | NoticeType::AccessChange
        | NoticeType::Reinstatement
        | NoticeType::Revocation
        | NoticeType::Response => return None,
    })
}

/// `{"data": [...]}`, one entry for each DOI whose metadata changes.
pub(super) fn attributes(exported: Exported<'_>) -> Result<Value, ExportError> {
    let (target, kind) = (Target::Datacite, exported.notice.kind);
    let saying = saying(kind).ok_or(ExportError::NoWord { target, kind: kind.as_str() })?;
    let old = exported.dois(target)?;
    let new: Vec<&str> = exported.notice.replacements.iter().filter_map(|replacement| doi(&replacement.id)).collect();
    let related = |others: &[&str], relation: Option<&str>| -> Vec<Value> {
        let relation = relation.into_iter();
        relation.flat_map(|relation| others.iter().map(move |other| related(other, relation))).collect()
    };
    let mut data: Vec<Value> = old
        .iter()
        .map(|doi| {
            let mut attributes = json!({"doi": doi});
            if let Some(date) = saying.date {
                let partial = if kind == NoticeType::PartialRetraction { "in part; " } else { "" };
                let information = format!("{kind}: {partial}{}. Notice {}", exported.reasons(), exported.id);
                attributes["dates"] = json!([{"date": exported.since(), "dateType": date, "dateInformation": information}]);
            }
            let mut relations = related(&new, saying.old_to_new);
            if saying.concern {
                relations.push(
                    json!({"relatedIdentifier": format!("urn:palinode:notice:{}", exported.id), "relatedIdentifierType": "URN",
                "relationType": "Other", "relationTypeInformation": format!("Expression of concern: {}", exported.reasons())}),
                );
            }
            if !relations.is_empty() {
                attributes["relatedIdentifiers"] = Value::Array(relations);
            }
            entry(doi, attributes)
        })
        .collect();
    if saying.new_to_old.is_some() {
        let of_new = |doi: &&str| entry(doi, json!({"doi": doi, "relatedIdentifiers": related(&old, saying.new_to_old)}));
        data.extend(new.iter().map(of_new));
    }
    Ok(json!({"data": data}))
}

fn related(doi: &str, relation: &str) -> Value {
    json!({"relatedIdentifier": doi, "relatedIdentifierType": "DOI", "relationType": relation})
}

#[expect(clippy::needless_pass_by_value, reason = "it becomes part of the entry")]
fn entry(doi: &str, attributes: Value) -> Value {
    json!({"id": doi, "type": "dois", "attributes": attributes})
}

//! schema.org JSON-LD of the dataset, for its landing page: what it is, and what has become of it. The status is that of ADMS
//! (W3C, `adms:status`), where that has a word.

use serde_json::{Value, json};

use super::Exported;
use crate::notice::{Identifier, NoticeType, Scheme};

/// The words of ADMS for what becomes of a dataset.
fn status(kind: NoticeType) -> Option<&'static str> {
    match kind {
        NoticeType::Retraction | NoticeType::Removal => Some("Withdrawn"),
        NoticeType::Supersession | NoticeType::Deprecation => Some("Deprecated"),
        NoticeType::Reinstatement => Some("Completed"),
        _ => None,
    }
}

/// The vocabularies of what is written here.
fn context() -> Value {
    json!({"@vocab": "https://schema.org/", "adms": "http://www.w3.org/ns/adms#", "dcterms": "http://purl.org/dc/terms/"})
}

/// The dataset with what the notice says has become of it: for whoever may say so, such as its publisher.
pub(super) fn dataset(exported: Exported<'_>) -> Value {
    let notice = exported.notice;
    let mut dataset = described(exported);
    dataset["@context"] = context();
    dataset["creativeWorkStatus"] = json!(notice.kind);
    dataset["correction"] = correction(exported);
    if let Some(status) = status(notice.kind) {
        dataset["adms:status"] = json!({"@id": format!("http://purl.org/adms/status/{status}")});
    }
    if matches!(notice.kind, NoticeType::Retraction | NoticeType::Removal) {
        dataset["expires"] = json!(exported.since());
    }
    let instead: Vec<Value> = notice
        .replacements
        .iter()
        .map(|other| address(&other.id).map_or_else(|| json!(other.id), |address| json!({"@id": address})))
        .collect();
    if !instead.is_empty() {
        dataset["dcterms:isReplacedBy"] = json!(instead);
    }
    dataset
}

/// The notice as somebody's comment on the dataset, of which nothing else is said.
pub(super) fn comment(exported: Exported<'_>) -> Value {
    let mut comment = correction(exported);
    comment["@context"] = context();
    comment["author"] = json!({"@type": "Organization", "identifier": exported.notice.issuer.id});
    comment["keywords"] = comment["about"].take();
    comment["about"] = described(exported);
    comment
}

fn correction(exported: Exported<'_>) -> Value {
    json!({
        "@type": "CorrectionComment",
        "identifier": format!("urn:palinode:notice:{}", exported.id),
        "text": exported.statement(),
        "datePublished": exported.notice.issued,
        "about": exported.reasons(),
    })
}

/// Which dataset it is.
fn described(exported: Exported<'_>) -> Value {
    let notice = exported.notice;
    let ids: Vec<&Identifier> = exported.data_subjects().collect();
    let mut dataset = json!({
        "@type": "Dataset",
        "name": notice.dataset.title,
        "publisher": {"@type": "Organization", "name": notice.dataset.publisher_name},
        "identifier": ids.iter().map(|id| json!({"@type": "PropertyValue", "propertyID": id.scheme(), "value": id.value()})).collect::<Vec<_>>(),
    });
    if !notice.dataset.aliases.is_empty() {
        dataset["alternateName"] = json!(notice.dataset.aliases);
    }
    if let Some(version) = &notice.dataset.version {
        dataset["version"] = json!(version);
    }
    let same: Vec<String> = ids.iter().filter_map(|id| address(id)).collect();
    if !same.is_empty() {
        dataset["sameAs"] = json!(same);
    }
    dataset
}

/// Where an identifier leads, for those that are addresses or have one resolver.
fn address(id: &Identifier) -> Option<String> {
    match id.scheme() {
        Scheme::Url => Some(id.value().to_owned()),
        Scheme::Doi => Some(format!("https://doi.org/{}", id.value())),
        Scheme::Hdl => Some(format!("https://hdl.handle.net/{}", id.value())),
        Scheme::Ark => Some(format!("https://n2t.net/ark:{}", id.value())),
        _ => None,
    }
}

//! OSV-shaped JSON (ossf/osv-schema 1.6), for tools that keep advisories in that shape. It is no entry of the OSV database: datasets
//! have no ecosystem there, so identifiers stand where the schema leaves room for others.

use serde_json::{Map, Value, json};

use super::Exported;
use crate::notice::{Identifier, PartialDate, PriorRelation, ReferenceKind, Scheme, ScopeItem};

pub(super) fn record(exported: Exported<'_>) -> Value {
    let notice = exported.notice;
    let since = notice.effective.map_or_else(|| notice.issued.time(), PartialDate::first_instant);
    let mut record = Map::new();
    let mut put = |name: &str, value: Value| drop(record.insert(name.to_owned(), value));
    put("schema_version", json!("1.6.0"));
    put("id", json!(format!("PALINODE-{}", exported.id)));
    put("modified", json!(notice.issued));
    put("published", json!(notice.issued));
    put("summary", json!(format!("{}: {}", notice.kind, notice.dataset.title)));
    put("details", json!(exported.statement()));
    put("affected", json!([affected(exported)]));
    put("references", Value::Array(references(exported)));
    let related: Vec<String> = notice
        .prior
        .iter()
        .filter(|prior| prior.relation != PriorRelation::Disputes)
        .map(|prior| format!("PALINODE-{}", prior.notice))
        .collect();
    if !related.is_empty() {
        put("related", json!(related));
    }
    put(
        "database_specific",
        json!({"notice": exported.payload(), "effective": since.format("%Y-%m-%dT%H:%M:%SZ").to_string()}),
    );
    Value::Object(record)
}

fn affected(exported: Exported<'_>) -> Value {
    let ids: Vec<&Identifier> = exported.data_subjects().collect();
    let versions: Vec<&str> = ids.iter().filter_map(|id| id.version()).collect();
    let purl = ids.iter().find(|id| id.scheme() == Scheme::Purl).map(|id| id.value());
    let scope = exported.notice.scope.iter().flat_map(|scope| &scope.affected).map(ScopeItem::to_string);
    let mut affected = json!({
        "versions": versions,
        "database_specific": {"identifiers": ids, "affected": scope.collect::<Vec<_>>()},
    });
    if let Some(purl) = purl {
        let ecosystem = purl.strip_prefix("pkg:").and_then(|rest| rest.split('/').next()).unwrap_or_default();
        affected["package"] = json!({"ecosystem": ecosystem, "name": exported.notice.dataset.title, "purl": purl});
    }
    affected
}

fn references(exported: Exported<'_>) -> Vec<Value> {
    let references = exported.texts.map(|texts| texts.references.as_slice()).unwrap_or_default();
    let word = |kind| match kind {
        ReferenceKind::Evidence => "EVIDENCE",
        ReferenceKind::Report => "REPORT",
        ReferenceKind::Article => "ARTICLE",
        ReferenceKind::Discussion => "DISCUSSION",
        ReferenceKind::Tombstone => "ADVISORY",
        ReferenceKind::Order | ReferenceKind::Policy => "WEB",
    };
    references.iter().map(|reference| json!({"type": word(reference.kind), "url": reference.url})).collect()
}

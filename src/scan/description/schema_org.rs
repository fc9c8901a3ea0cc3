//! Names in schema.org's words: Croissant, and the crate of an RO-Crate.

use std::collections::HashMap;

use super::super::readers::json::At;
use super::{Creator, Description};

/// A graph's entities by their `@id`.
type ById<'v> = HashMap<String, At<'v>>;

pub(super) fn of_croissant(root: &At, described: &mut Description) {
    let graph = root.all("@graph");
    let by_id = by_id(&graph);
    let node = graph.iter().find(|node| node.is_a("Dataset")).unwrap_or(root);
    names(node, &by_id, described);
}

pub(super) fn of_crate(root: &At, described: &mut Description) {
    let graph = root.all("@graph");
    let by_id = by_id(&graph);
    let descriptor = by_id.get("ro-crate-metadata.json").or_else(|| by_id.get("ro-crate-metadata.jsonld"));
    let itself = descriptor.and_then(|node| node.text_of("about")).unwrap_or_else(|| "./".to_owned());
    if let Some(node) = by_id.get(&itself) {
        names(node, &by_id, described);
    }
}

fn id(node: &At) -> Option<String> {
    node.value.get("@id")?.as_str().map(str::to_owned)
}

fn by_id<'v>(graph: &[At<'v>]) -> ById<'v> {
    graph.iter().filter_map(|node| Some((id(node)?, node.clone()))).collect()
}

fn names(node: &At, by_id: &ById, described: &mut Description) {
    let texts = |name: &str| node.all(name).iter().filter_map(At::text).collect::<Vec<_>>();
    described.titles.extend(texts("name"));
    described.aliases.extend(texts("alternateName"));
    described.versions.extend(texts("version"));
    described.licences.extend(texts("license"));
    described.publishers.extend(node.all("publisher").iter().filter_map(|at| agent(at, by_id)).map(|agent| agent.name));
    for role in ["creator", "author"] {
        described.creators.extend(node.all(role).iter().filter_map(|at| agent(at, by_id)));
    }
}

/// Who is named, directly or by a reference to another entity of the graph.
fn agent(at: &At, by_id: &ById) -> Option<Creator> {
    let referred = id(at).and_then(|id| by_id.get(&id)).unwrap_or(at);
    let name = referred.text_of("name").or_else(|| at.value.as_str().map(str::to_owned))?;
    Some(Creator { name, is_organisation: referred.is_a("Organization") })
}

//! The whole interface, in the order in which it is shown.

use std::collections::BTreeMap;

use utoipa::openapi::OpenApi;

use super::operation::Operation;
use super::prose::Prose;
use super::raw::{Components, Document, Tag};
use super::schema::{Kind, Shape};

/// What the pages show: made once, when the server starts.
#[derive(Default)]
pub(in crate::http) struct Reference {
    pub(super) groups: Vec<Group>,
    /// Problems that many paths can answer.
    pub(super) problems: Vec<CommonProblem>,
    /// Headers that many answers carry.
    pub(super) headers: Vec<(String, Prose)>,
    shapes: BTreeMap<String, Shape>,
}

/// Operations that belong together: those of one tag.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) about: Prose,
    pub(super) operations: Vec<Operation>,
}

/// A problem that many paths can answer.
pub(super) struct CommonProblem {
    pub(super) status: u16,
    pub(super) about: Prose,
    pub(super) kind: Kind,
}

impl Reference {
    /// Reads the document; `None` when it has no such form, which a test rules out.
    pub(in crate::http) fn of(api: &OpenApi) -> Option<Self> {
        let document: Document = serde_json::to_value(api).and_then(serde_json::from_value).ok()?;
        let groups = document.tags.iter().map(|tag| Group::of(tag, &document)).collect();
        let problems = problems(&document);
        let Components { schemas, headers, .. } = document.components;
        Some(Self {
            groups,
            problems,
            headers: headers.into_iter().map(|(name, header)| (name, Prose::of(&header.description))).collect(),
            shapes: schemas.iter().map(|(name, schema)| (name.clone(), Shape::of(schema))).collect(),
        })
    }

    /// The group of a tag.
    pub(super) fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// A schema by its name.
    pub(super) fn shape(&self, name: &str) -> Option<(&str, &Shape)> {
        self.shapes.get_key_value(name).map(|(name, shape)| (name.as_str(), shape))
    }

    #[cfg(test)]
    pub(super) fn shapes(&self) -> impl Iterator<Item = &str> {
        self.shapes.keys().map(String::as_str)
    }
}

impl Group {
    fn of(tag: &Tag, document: &Document) -> Self {
        let paths =
            document.paths.iter().flat_map(|(path, item)| item.iter().map(move |(method, found)| (path, method, found)));
        let own = paths.filter(|(.., operation)| operation.tags.contains(&tag.name));
        Self {
            name: tag.name.clone(),
            about: Prose::of(&tag.description),
            operations: own.map(|(path, method, operation)| Operation::of(method, path, operation)).collect(),
        }
    }
}

/// The common problems by status, which operations refer to by name.
fn problems(document: &Document) -> Vec<CommonProblem> {
    let operations = document.paths.values().flat_map(BTreeMap::values);
    let named = operations.flat_map(|operation| &operation.responses).filter_map(|(status, answer)| {
        let name = answer.reference.as_deref()?.strip_prefix("#/components/responses/")?;
        Some((*status, name))
    });
    let by_status: BTreeMap<u16, &str> = named.collect();
    let problem = |(status, name): (u16, &str)| {
        let answer = document.components.responses.get(name)?;
        let kind = answer.content.values().next().map(|media| Kind::of(&media.schema)).unwrap_or_default();
        Some(CommonProblem { status, about: Prose::of(&answer.description), kind })
    };
    by_status.into_iter().filter_map(problem).collect()
}

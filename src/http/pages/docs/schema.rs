//! What a value must be, in words.

use super::prose::Prose;
use super::raw::{Kinds, Schema};

/// Where the document keeps its schemas.
const SCHEMAS: &str = "#/components/schemas/";

/// What a value is: words, and the schema that says more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Kind {
    /// Such as `string`, or `array of ` before a name.
    pub(super) words: String,
    /// The name of a schema.
    pub(super) name: Option<String>,
}

/// A schema with a name.
pub(super) struct Shape {
    pub(super) about: Vec<Prose>,
    pub(super) fields: Vec<Field>,
    /// Where it is one of several: a field list for each, or a name.
    pub(super) either: Vec<Variant>,
}

/// One of several.
pub(super) struct Variant {
    pub(super) kind: Kind,
    pub(super) about: Prose,
    pub(super) fields: Vec<Field>,
}

/// A field of an object.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) about: Prose,
}

impl Kind {
    pub(super) fn of(schema: &Schema) -> Self {
        if let Some(name) = schema.reference.as_deref().and_then(|to| to.strip_prefix(SCHEMAS)) {
            return Self { words: String::new(), name: Some(name.to_owned()) };
        }
        // What may be absent is written as one of nothing and something.
        if let [one, other] = schema.one_of.as_slice() {
            let something = [one, other].into_iter().find(|schema| !is_null(schema));
            if let Some(something) = something.filter(|_| is_null(one) || is_null(other)) {
                return Self::of(something);
            }
        }
        if let Some(items) = schema.items.as_deref().filter(|_| words(schema.kinds.as_ref()) == "array") {
            let of = Self::of(items);
            return Self { words: format!("array of {}", of.words), name: of.name };
        }
        if !schema.values.is_empty() {
            let values: Vec<_> = schema.values.iter().map(|value| value.as_str().unwrap_or_default()).collect();
            return Self { words: values.join(" | "), name: None };
        }
        Self { words: words(schema.kinds.as_ref()), name: None }
    }
}

fn is_null(schema: &Schema) -> bool {
    matches!(&schema.kinds, Some(Kinds::One(kind)) if kind == "null")
}

fn words(kinds: Option<&Kinds>) -> String {
    match kinds {
        None => String::new(),
        Some(Kinds::One(kind)) => kind.clone(),
        Some(Kinds::Some(kinds)) => {
            kinds.iter().filter(|kind| *kind != "null").map(String::as_str).collect::<Vec<_>>().join(" or ")
        }
    }
}

impl Shape {
    pub(super) fn of(schema: &Schema) -> Self {
        Self {
            about: Prose::all(&schema.description),
            fields: fields(schema),
            either: variants(schema).into_iter().map(Variant::of).collect(),
        }
    }

    /// What it is, in a sentence.
    pub(super) fn summary(&self) -> String {
        self.about.first().map(Prose::plain).unwrap_or_default()
    }
}

impl Variant {
    fn of(schema: &Schema) -> Self {
        let kind = if schema.reference.is_some() { Kind::of(schema) } else { Kind::default() };
        Self { kind, about: Prose::of(&schema.description), fields: fields(schema) }
    }
}

/// The alternatives of a schema, also of one that is put together of several.
fn variants(schema: &Schema) -> Vec<&Schema> {
    let parts = schema.all_of.iter().flat_map(variants);
    schema.one_of.iter().filter(|one| !is_null(one)).chain(parts).chain(references(schema)).collect()
}

/// Named schemas that are part of this one.
fn references(schema: &Schema) -> impl Iterator<Item = &Schema> {
    schema.all_of.iter().filter(|part| part.reference.is_some())
}

fn fields(schema: &Schema) -> Vec<Field> {
    let own = schema.properties.iter().map(|(name, field)| Field {
        name: name.clone(),
        kind: Kind::of(field),
        required: schema.required.contains(name),
        about: Prose::of(&field.description),
    });
    own.chain(schema.all_of.iter().flat_map(fields)).collect()
}

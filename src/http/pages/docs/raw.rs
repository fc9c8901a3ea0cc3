//! The OpenAPI document as it is written, as far as pages show it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// The whole document.
#[derive(Deserialize)]
pub(super) struct Document {
    #[serde(default)]
    pub(super) tags: Vec<Tag>,
    /// Operations by path and by method.
    pub(super) paths: BTreeMap<String, BTreeMap<String, Operation>>,
    pub(super) components: Components,
}

/// A group of operations.
#[derive(Deserialize)]
pub(super) struct Tag {
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
}

/// What several operations refer to.
#[derive(Deserialize)]
pub(super) struct Components {
    pub(super) schemas: BTreeMap<String, Schema>,
    pub(super) responses: BTreeMap<String, Answer>,
    pub(super) headers: BTreeMap<String, Described>,
}

/// Anything that has nothing but words for us.
#[derive(Deserialize)]
pub(super) struct Described {
    #[serde(default)]
    pub(super) description: String,
}

/// A path asked by a method.
#[derive(Deserialize)]
pub(super) struct Operation {
    #[serde(default)]
    pub(super) tags: Vec<String>,
    #[serde(rename = "operationId")]
    pub(super) id: String,
    #[serde(default)]
    pub(super) summary: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) parameters: Vec<Parameter>,
    #[serde(rename = "requestBody")]
    pub(super) body: Option<Body>,
    /// By status, which is a number in all of them.
    pub(super) responses: BTreeMap<u16, Answer>,
    pub(super) security: Option<Value>,
}

/// Something that a request names.
#[derive(Deserialize)]
pub(super) struct Parameter {
    pub(super) name: String,
    #[serde(rename = "in")]
    pub(super) place: Place,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) schema: Schema,
    pub(super) example: Option<Value>,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

/// What is sent.
#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    pub(super) description: String,
    /// By media type.
    pub(super) content: BTreeMap<String, Media>,
}

/// What is sent or answered in one media type.
#[derive(Deserialize)]
pub(super) struct Media {
    #[serde(default)]
    pub(super) schema: Schema,
    pub(super) example: Option<Value>,
}

/// An answer, or where it is described.
#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(rename = "$ref")]
    pub(super) reference: Option<String>,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) content: BTreeMap<String, Media>,
}

/// What a value must be (JSON Schema 2020-12, the part that the document uses).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Schema {
    #[serde(rename = "$ref")]
    pub(super) reference: Option<String>,
    #[serde(rename = "type")]
    pub(super) kinds: Option<Kinds>,
    pub(super) description: String,
    pub(super) items: Option<Box<Schema>>,
    pub(super) properties: BTreeMap<String, Schema>,
    pub(super) required: Vec<String>,
    #[serde(rename = "oneOf")]
    pub(super) one_of: Vec<Schema>,
    #[serde(rename = "allOf")]
    pub(super) all_of: Vec<Schema>,
    #[serde(rename = "enum")]
    pub(super) values: Vec<Value>,
}

/// One kind of value, or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Kinds {
    One(String),
    Some(Vec<String>),
}

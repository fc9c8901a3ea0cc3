//! Examples of the OpenAPI document: what to ask at each path, and what a server answered to it.
//!
//! They stand in `examples.json` by the name of their operation. A test asks a server all of them, in which the same notice stands, and
//! compares what it answers field by field (`tests/api/examples.rs`); it writes the file anew where something differs.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::path::{Operation, ParameterBuilder};
use utoipa::openapi::{Content, RefOr};

const EXAMPLES: &str = include_str!("examples.json");

/// An example of one operation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    /// What is put in the place of parameters; others are left out.
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    /// What is sent.
    body: Option<Value>,
    /// With which status it is answered.
    status: u16,
    /// What is answered, when that is JSON or text.
    answer: Option<Value>,
}

/// All examples by the name of their operation.
pub(super) fn all() -> BTreeMap<String, Example> {
    // What is part of the program can be read; a test would miss every example.
    serde_json::from_str(EXAMPLES).unwrap_or_default()
}

impl Example {
    /// Adds the example to its operation.
    pub(super) fn add_to(self, operation: &mut Operation) {
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter {
                let example = self.parameters.get(&parameter.name).cloned();
                *parameter = ParameterBuilder::from(parameter.clone()).example(example).build();
            }
        }
        if let (Some(RefOr::T(body)), Some(example)) = (&mut operation.request_body, self.body) {
            put(body.content.values_mut(), example);
        }
        let answer = operation.responses.responses.get_mut(&self.status.to_string());
        if let (Some(RefOr::T(answer)), Some(example)) = (answer, self.answer) {
            put(answer.content.values_mut(), example);
        }
    }
}

/// The first media type is the one that stands for all went well.
fn put<'c>(mut media: impl Iterator<Item = &'c mut RefOr<Content>>, example: Value) {
    if let Some(RefOr::T(content)) = media.next() {
        content.example = Some(example);
    }
}

//! One operation, as it is shown.

use std::collections::BTreeMap;

use serde_json::Value;

use super::prose::Prose;
use super::raw;
use super::request::Request;
use super::schema::Kind;

/// A path asked by a method.
pub(super) struct Operation {
    /// Its name in the document, and on the page.
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) summary: Prose,
    pub(super) about: Vec<Prose>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) needs_token: bool,
    pub(super) request: Request,
    /// What it answers of its own.
    pub(super) answers: Vec<Answer>,
    /// Statuses of problems that many paths can answer.
    pub(super) problems: Vec<u16>,
    /// What it answers to the example.
    pub(super) example: Option<String>,
}

/// Something that a request names.
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) about: Prose,
}

/// What is sent.
pub(super) struct Body {
    pub(super) about: Prose,
    pub(super) media: Vec<Media>,
}

/// What is sent or answered in one media type.
pub(super) struct Media {
    pub(super) media_type: String,
    pub(super) kind: Kind,
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) about: Prose,
    pub(super) media: Vec<Media>,
    pub(super) headers: Vec<String>,
}

impl Operation {
    pub(super) fn of(method: &str, path: &str, operation: &raw::Operation) -> Self {
        let own = operation.responses.iter().filter(|(_, answer)| answer.reference.is_none());
        let common = operation.responses.iter().filter(|(_, answer)| answer.reference.is_some());
        Self {
            id: operation.id.clone(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: Prose::of(&operation.summary),
            about: Prose::all(&operation.description),
            parameters: operation.parameters.iter().map(Parameter::of).collect(),
            body: operation.body.as_ref().map(|body| Body { about: Prose::of(&body.description), media: media(&body.content) }),
            needs_token: operation.security.is_some(),
            request: Request::of(method, path, operation),
            answers: own.map(|(status, answer)| Answer::of(*status, answer)).collect(),
            problems: common.map(|(status, _)| *status).collect(),
            example: example(operation),
        }
    }
}

impl Parameter {
    fn of(parameter: &raw::Parameter) -> Self {
        Self {
            name: parameter.name.clone(),
            place: match parameter.place {
                raw::Place::Path => "path",
                raw::Place::Query => "query",
                raw::Place::Header => "header",
                raw::Place::Cookie => "cookie",
            },
            kind: Kind::of(&parameter.schema),
            required: parameter.required,
            about: Prose::of(&parameter.description),
        }
    }
}

impl Answer {
    fn of(status: u16, answer: &raw::Answer) -> Self {
        Self {
            status,
            about: Prose::of(&answer.description),
            media: media(&answer.content),
            headers: answer.headers.keys().cloned().collect(),
        }
    }
}

/// The media types of a body or an answer. What is text or bytes has no fields to tell of.
fn media(content: &BTreeMap<String, raw::Media>) -> Vec<Media> {
    let all = content.iter().map(|(media_type, media)| {
        let kind = if media_type.ends_with("json") { Kind::of(&media.schema) } else { Kind::default() };
        Media { media_type: media_type.clone(), kind }
    });
    all.collect()
}

/// The example of the first answer that has one.
fn example(operation: &raw::Operation) -> Option<String> {
    let media = operation.responses.values().flat_map(|answer| answer.content.values());
    media.filter_map(|media| media.example.as_ref()).map(shown).next()
}

/// An example as people read it: texts as they are, JSON with a field a line.
pub(super) fn shown(example: &Value) -> String {
    match example {
        Value::String(text) => text.trim_end().to_owned(),
        other => format!("{other:#}"),
    }
}

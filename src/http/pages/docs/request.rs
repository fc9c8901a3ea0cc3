//! An example of asking, as a line for a terminal.

use std::fmt::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::raw::{Operation, Parameter, Place};

/// What stays readable in a path segment and in a query.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');
const QUERY: &AsciiSet = &SEGMENT.remove(b'/');
/// The parameter that stands for the rest of a path, slashes among it.
const REST_OF_PATH: &str = "path";
/// Longer bodies stand beside the line, to be saved as a file.
const LONGEST_INLINE: usize = 200;

/// An example of asking.
pub(super) struct Request {
    options: String,
    /// Path and query, without the slash in front.
    target: String,
    /// What to save as `body.json` before.
    pub(super) file: Option<String>,
}

impl Request {
    pub(super) fn of(method: &str, path: &str, operation: &Operation) -> Self {
        let mut target = path.trim_start_matches('/').to_owned();
        let mut options = match method {
            "get" => String::new(),
            "head" => " --head".to_owned(),
            other => format!(" -X {}", other.to_uppercase()),
        };
        let mut query = Vec::new();
        for parameter in &operation.parameters {
            let Parameter { name, place, .. } = parameter;
            let Some(values) = values(parameter) else { continue };
            match place {
                Place::Path => {
                    let set = if name == REST_OF_PATH { QUERY } else { SEGMENT };
                    target = target.replace(&format!("{{{name}}}"), &encoded(&values.concat(), set));
                }
                Place::Query => query.extend(values.iter().map(|value| format!("{name}={}", encoded(value, QUERY)))),
                Place::Header => {
                    for value in &values {
                        let _ = write!(options, " -H {}", quoted(&format!("{name}: {value}")));
                    }
                }
                Place::Cookie => {}
            }
        }
        if !query.is_empty() {
            let _ = write!(target, "?{}", query.join("&"));
        }
        if operation.security.is_some() {
            options.push_str(" -H \"Authorization: Bearer $TOKEN\"");
        }
        let file = body(operation, &mut options);
        options.push_str(taking(operation));
        Self { options, target, file }
    }

    /// The line, for a server at `url`, which ends with a slash.
    pub(super) fn line(&self, url: &str) -> String {
        format!("curl{} {}", self.options, quoted(&format!("{url}{}", self.target)))
    }
}

/// What an example puts in the place of a parameter; `None` for one that it leaves out.
fn values(parameter: &Parameter) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match &parameter.example {
        Some(Value::Array(several)) => Some(several.iter().map(text).collect()),
        Some(one) => Some(vec![text(one)]),
        None => parameter.required.then(|| vec![parameter.name.to_uppercase()]),
    }
}

/// Adds what is sent; gives it back when it is too long for the line.
fn body(operation: &Operation, options: &mut String) -> Option<String> {
    let (kind, media) = operation.body.as_ref()?.content.first_key_value()?;
    let _ = write!(options, " -H {}", quoted(&format!("Content-Type: {kind}")));
    let text = media.example.as_ref().map(|example| example.as_str().map_or_else(|| example.to_string(), str::to_owned));
    match text {
        Some(short) if short.len() <= LONGEST_INLINE => {
            let _ = write!(options, " --data-binary {}", quoted(&short));
            None
        }
        Some(_) => {
            options.push_str(" --data-binary @body.json");
            media.example.as_ref().map(super::operation::shown)
        }
        None => {
            options.push_str(" --data-binary @FILE");
            None
        }
    }
}

/// How the answer is taken: bytes go to a file, and what has no end is shown as it comes.
fn taking(operation: &Operation) -> &'static str {
    match operation.responses.get(&200) {
        Some(answer) if answer.content.contains_key("application/octet-stream") => " -o FILE",
        Some(answer) if answer.content.contains_key("text/event-stream") => " -N",
        _ => "",
    }
}

fn encoded(text: &str, set: &'static AsciiSet) -> String {
    utf8_percent_encode(text, set).to_string()
}

/// For a POSIX shell, which takes everything between single quotes as it is.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

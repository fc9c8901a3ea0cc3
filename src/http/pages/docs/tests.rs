//! What the pages show is what the document says, all of it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::operation::Operation;
use super::raw;
use super::request::Request;
use super::*;
use crate::http::openapi;

fn reference() -> Reference {
    Reference::of(&openapi()).expect("the document has the form that is read")
}

/// What a document with one operation like this says in a terminal.
fn line(method: &str, path: &str, operation: &Value) -> String {
    let mut whole = json!({"operationId": "x", "responses": {}});
    whole.as_object_mut().unwrap().extend(operation.as_object().unwrap().clone());
    let operation: raw::Operation = serde_json::from_value(whole).unwrap();
    Request::of(method, path, &operation).line("http://127.0.0.1:8080/")
}

#[test]
fn every_operation_of_the_document_is_shown_once_with_all_that_it_takes_and_answers() {
    let reference = reference();
    let shown: Vec<&Operation> = reference.groups.iter().flat_map(|group| &group.operations).collect();
    let document = serde_json::to_value(openapi()).unwrap();
    let mut told = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            told += 1;
            let same = |one: &&&Operation| one.path == *path && one.method == method.to_uppercase();
            let found: Vec<_> = shown.iter().filter(same).collect();
            let [found] = found.as_slice() else { panic!("{method} {path} is shown {} times", found.len()) };
            let statuses: BTreeSet<String> =
                found.answers.iter().map(|answer| answer.status).chain(found.problems.clone()).map(|s| s.to_string()).collect();
            assert!(statuses.iter().eq(operation["responses"].as_object().unwrap().keys()), "{method} {path}: {statuses:?}");
            let parameters = operation["parameters"].as_array().map_or(0, Vec::len);
            assert_eq!(found.parameters.len(), parameters, "{method} {path}");
            assert_eq!(found.body.is_some(), operation.get("requestBody").is_some(), "{method} {path}");
            assert!(!found.summary.0.is_empty(), "{method} {path}");
        }
    }
    assert_eq!(shown.len(), told, "each belongs to one group, and every group is shown");
    assert_eq!(shown.iter().map(|one| &one.id).collect::<BTreeSet<_>>().len(), told, "each has a name of its own");
    assert!(reference.groups.iter().all(|group| !group.operations.is_empty() && !group.about.0.is_empty()));
}

#[test]
fn every_schema_that_is_named_is_shown() {
    let reference = reference();
    let mut named: BTreeSet<String> = BTreeSet::new();
    for operation in reference.groups.iter().flat_map(|group| &group.operations) {
        let bodies = operation.body.iter().flat_map(|body| &body.media);
        let media = operation.answers.iter().flat_map(|answer| &answer.media).chain(bodies);
        named.extend(media.filter_map(|media| media.kind.name.clone()));
    }
    for name in reference.shapes() {
        let (_, shape) = reference.shape(name).unwrap();
        assert!(!shape.about.is_empty(), "{name} has no words");
        assert!(!shape.fields.is_empty() || !shape.either.is_empty(), "{name} has no field");
        let fields = shape.fields.iter().chain(shape.either.iter().flat_map(|one| &one.fields));
        named.extend(fields.filter_map(|field| field.kind.name.clone()));
    }
    assert!(named.len() > 30, "{named:?}");
    assert!(named.iter().all(|name| reference.shape(name).is_some()));
}

#[test]
fn a_line_can_be_pasted_into_a_shell() {
    let parameter =
        |name: &str, place: &str, example: Value| json!({"name": name, "in": place, "required": true, "example": example});
    let asks = json!({"parameters": [
        parameter("id", "path", json!("doi:10.5281/zenodo.1")),
        parameter("q", "query", json!("it's & more")),
        parameter("n", "query", json!(["a", "b"])),
    ]});
    assert_eq!(
        line("get", "/d/{id}", &asks),
        "curl 'http://127.0.0.1:8080/d/doi:10.5281%2Fzenodo.1?q=it%27s%20%26%20more&n=a&n=b'"
    );
    let posts = json!({"requestBody": {"content": {"application/json": {"example": {"ids": ["it's"]}}}}});
    assert_eq!(
        line("post", "/v1/check", &posts),
        "curl -X POST -H 'Content-Type: application/json' --data-binary '{\"ids\":[\"it'\\''s\"]}' 'http://127.0.0.1:8080/v1/check'"
    );
    let uploads = json!({
        "parameters": [parameter("Upload-Offset", "header", json!(0))], "security": [{}],
        "requestBody": {"content": {"application/partial-upload": {}}},
    });
    assert_eq!(
        line("patch", "/v1/documents/x", &uploads),
        "curl -X PATCH -H 'Upload-Offset: 0' -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/partial-upload' \
         --data-binary @FILE 'http://127.0.0.1:8080/v1/documents/x'"
    );
    let rest = json!({"parameters": [parameter("path", "path", json!("entries/000.p/1"))]});
    assert_eq!(line("get", "/log/tile/{path}", &rest), "curl 'http://127.0.0.1:8080/log/tile/entries/000.p/1'");
}

//! The OpenAPI document against the server that it describes: every path, every status, every field.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::support::client::Answer;
use super::support::server::{Options, TestServer};
use super::support::speakers::{Speaker, texts, with_documents};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "head"];

/// A server with a pinned publisher, a notice with texts, and one that disputes it.
fn filled() -> (TestServer, String, String) {
    let publisher = Speaker::domain(3, "example.org");
    let server = TestServer::with(Options { pins: vec![publisher.pin(&["doi:10.5281/"])], ..Options::default() });
    let statement = texts("The people in the pictures were never asked for their consent.");
    let notice = publisher.notice(&publisher.retraction("doi:10.5281/zenodo.1", &statement));
    let posted = server.post("/v1/notices", with_documents(&notice, &[&statement]));
    assert_eq!(posted.status, 201, "{}", posted.text());
    let id = posted.json()["id"].as_str().unwrap().to_owned();
    let other = Speaker::key(1);
    let mut reinstates = other.report("doi:10.5281/zenodo.1");
    reinstates["prior"] = json!([{"relation": "disputes", "notice": id}]);
    reinstates["derivatives"] = json!([{"id": "doi:10.5281/zenodo.9", "relation": "cleaned", "inherits": "yes"}]);
    server.post("/v1/notices", other.notice(&reinstates));
    let document = palinode::notice::DocumentHash::of(&statement).to_string();
    (server, id, document)
}

/// What is asked for at a documented path: everything that a path names is there.
fn asked(server: &TestServer, path: &str, notice: &str, document: &str) -> String {
    let size = server.size();
    let entry = server.get(&format!("/v1/notices/{notice}")).json()["entry"].as_str().unwrap().to_owned();
    let head = server.get("/v1/index").json();
    let head = data_encoding::BASE64.decode(head["payload"].as_str().unwrap().as_bytes()).unwrap();
    let trust = serde_json::from_slice::<Value>(&head).unwrap()["trust"].as_str().unwrap_or_default().to_owned();
    let of_identifier = ["/d/", "/badge/", "/embed/"].iter().any(|door| path.starts_with(door));
    let tile = if path.starts_with("/log/") { format!("entries/000.p/{size}") } else { format!("0.p/{size}") };
    let hash = if path.starts_with("/log/") { entry } else { trust };
    let path = match path {
        "/v1/check" => "/v1/check?id=doi:10.5281/zenodo.9&id=nonsense&proof=true",
        "/v1/changes" => "/v1/changes?limit=1",
        other => other,
    };
    path.replace("{id}", if of_identifier { "doi:10.5281%2Fzenodo.1" } else { notice })
        .replace("{did}", "did:web:example.org")
        .replace("{sha256}", document)
        .replace("{list}", document)
        .replace("{path}", &tile)
        .replace("{hash}", &hash)
        .replace("{algorithm}", "sha256")
        .replace("{prefix}", "0a1b")
        .replace("{origin_hash}", &"0".repeat(64))
        .replace("{tag}", "check")
        .replace("{name}", "CheckAnswer")
}

/// Follows a reference into the document.
pub(super) fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        Some(to) => {
            document.pointer(to.strip_prefix('#').unwrap()).unwrap_or_else(|| panic!("{to} is named and not described"))
        }
        None => value,
    }
}

/// A JSON Schema of the document by which fields that it does not name are faults.
pub(super) fn strict(document: &Value, schema: &Value) -> Value {
    let mut components = document["components"]["schemas"].clone();
    for schema in components.as_object_mut().unwrap().values_mut().filter_map(Value::as_object_mut) {
        if schema.contains_key("properties") && !schema.contains_key("allOf") {
            schema.insert("additionalProperties".to_owned(), json!(false));
        }
    }
    json!({"allOf": [schema], "components": {"schemas": components}})
}

/// Whether an answer is one that the document names, with its content type, its headers and every field of its JSON.
pub(super) fn is_described(document: &Value, operation: &Value, what: &str, answer: &Answer) {
    let described = &operation["responses"][answer.status.to_string()];
    assert!(!described.is_null(), "{what} answers {}, which is not described: {}", answer.status, answer.text());
    let described = resolved(document, described);
    for name in described["headers"].as_object().unwrap_or(&Map::new()).keys() {
        // Nobody on this machine is limited, and only some pages have another behind them.
        assert!(name.starts_with("RateLimit") || name == "Link" || answer.header(name).is_some(), "{what} has no {name}");
    }
    let Some(kind) = answer.header("content-type").filter(|_| !answer.body.is_empty()) else { return };
    let kind = kind.split(';').next().unwrap();
    let content = &described["content"][kind];
    assert!(!content.is_null(), "{what} answers {} as {kind}, which is not described", answer.status);
    let bodies: Vec<Value> = match kind {
        "application/x-ndjson" => answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        kind if kind.ends_with("json") => vec![answer.json()],
        _ => return,
    };
    let schema = jsonschema::validator_for(&strict(document, &content["schema"])).unwrap();
    for body in bodies {
        let faults: Vec<_> = schema.iter_errors(&body).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{what}: {faults:#?} in {body:#}");
    }
}

/// `METHOD path` of every handler, as it stands in our sources.
fn routes_of_sources(folder: &Path, routes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            routes_of_sources(&entry.path(), routes);
            continue;
        }
        let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
        for line in text.lines() {
            for method in METHODS {
                if let Some(path) = line.strip_prefix(&format!("#[{method}(\"")).and_then(|rest| rest.strip_suffix("\")]")) {
                    routes.insert(format!("{method} {}", path.replace(":.*}", "}")));
                }
            }
        }
    }
}

#[test]
fn every_path_of_the_server_stands_in_the_document_and_no_other() {
    let (server, ..) = filled();
    let document = server.get("/openapi.json").json();
    let mut routes = BTreeSet::new();
    routes_of_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http"), &mut routes);
    let told: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |method| format!("{method} {path}")))
        .collect();
    assert_eq!(told, routes);
    assert!(routes.len() > 40, "{routes:?}");
    for route in told {
        let (method, path) = route.split_once(' ').unwrap();
        let path = path.replace(['{', '}'], "x");
        let options = server.request("OPTIONS", &path, &[], b"");
        let allowed = options.header("allow").unwrap_or_else(|| panic!("nothing stands at {path}"));
        assert!(allowed.split(", ").any(|known| known.eq_ignore_ascii_case(method)), "{route}: {allowed}");
    }
}

#[test]
fn every_operation_names_its_statuses_and_has_words_for_people() {
    let (server, ..) = filled();
    let document = server.get("/openapi.json").json();
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().all(|status| status.parse::<u16>().is_ok()), "{method} {path}: {responses:?}");
            assert!(responses.contains_key("500") && responses.contains_key("415"), "{method} {path}");
            assert_eq!(responses.contains_key("429"), path != "/livez", "{method} {path}");
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "two operations are called {name}");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
            for parameter in operation["parameters"].as_array().unwrap_or(&Vec::new()) {
                let about = &parameter["description"];
                assert!(about.as_str().is_some_and(|text| !text.is_empty()), "{method} {path}: {parameter}");
            }
            for answer in responses.values() {
                resolved(&document, answer);
            }
            let uploads = path == "/v1/documents/{sha256}" && method != "get";
            assert_eq!(operation["security"] == json!([{"uploadToken": []}]), uploads, "{method} {path}");
        }
    }
    assert_eq!(document["components"]["securitySchemes"]["uploadToken"]["scheme"], "bearer");
}

#[test]
fn what_reads_answer_is_what_the_document_says_field_by_field() {
    let (server, notice, sha256) = filled();
    let document = server.get("/openapi.json").json();
    let mut validated = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        // It has no end; its own tests read it.
        let Some(operation) = item.get("get").filter(|_| path != "/v1/events") else { continue };
        let asked = asked(&server, path, &notice, &sha256);
        let answer = server.get(&asked);
        let is_about_nothing = path.contains("{origin_hash}")
            || path.contains("{list}")
            || path.ends_with("/blocks")
            || path.starts_with("/.well-known/");
        let expected = match path.as_str() {
            "/stats" => 308,
            _ if is_about_nothing => 404,
            _ => 200,
        };
        assert_eq!(answer.status, expected, "{asked}: {}", answer.text());
        is_described(&document, operation, &asked, &answer);
        let head = server.request("HEAD", &asked, &[], b"");
        assert_eq!((head.status, head.body.len()), (answer.status, 0), "{asked}");
        assert_eq!(head.header("etag"), answer.header("etag"), "{asked}");
        assert_eq!(head.header("content-type"), answer.header("content-type"), "{asked}");
        if let Some(tag) = answer.header("etag") {
            let again = server.get_with(&asked, &[("If-None-Match", tag)]);
            assert_eq!((again.status, again.body.len()), (304, 0), "{asked}");
            assert_eq!(again.header("cache-control"), answer.header("cache-control"), "{asked}");
            is_described(&document, operation, &asked, &again);
            validated += 1;
        }
        is_described(&document, operation, &asked, &server.get_with(&asked, &[("Content-Encoding", "gzip")]));
        if path.contains('{') {
            let unknown = path.replace(['{', '}'], "x");
            is_described(&document, operation, &unknown, &server.get(&unknown));
        }
    }
    assert!(validated > 25, "{validated} answers have an ETag");
}

/// A method, a path of the document, what is asked for there, with which headers, and the body.
type Case<'c> = (&'c str, &'c str, &'c str, &'c [(&'c str, &'c str)], &'c str);

#[test]
fn what_writes_and_refusals_answer_is_what_the_document_says() {
    let (server, notice, sha256) = filled();
    let document = server.get("/openapi.json").json();
    let json_type = ("Content-Type", "application/json");
    let token = ("Authorization", "Bearer x");
    let speaker = Speaker::key(9);
    let report = speaker.notice(&speaker.report("doi:10.5281/zenodo.77"));
    let question = json!({"ids": ["doi:10.5281/zenodo.1", "nonsense"]}).to_string();
    let wrong = json!({"envelope": {}, "documents": 1}).to_string();
    let document_path = format!("/v1/documents/{sha256}");
    let cases: [Case<'_>; 19] = [
        ("post", "/v1/notices", "/v1/notices?dry_run=true", &[json_type], &report),
        ("post", "/v1/notices", "/v1/notices", &[json_type], &report),
        ("post", "/v1/notices", "/v1/notices", &[json_type], &report),
        ("post", "/v1/notices", "/v1/notices", &[json_type], &wrong),
        ("post", "/v1/notices", "/v1/notices", &[], &report),
        ("post", "/v1/notices", "/v1/notices?colour=red", &[json_type], &report),
        ("post", "/v1/publishers", "/v1/publishers", &[json_type], &report),
        ("post", "/v1/check", "/v1/check", &[json_type], &question),
        ("post", "/v1/check", "/v1/check", &[json_type], "[]"),
        ("post", "/v1/check", "/v1/check?proof=maybe", &[json_type], &question),
        ("post", "/witness/add-checkpoint", "/witness/add-checkpoint", &[], "nonsense"),
        ("put", "/v1/documents/{sha256}", &document_path, &[token], "x"),
        ("put", "/v1/documents/{sha256}", &document_path, &[], "x"),
        ("patch", "/v1/documents/{sha256}", &document_path, &[token], "x"),
        ("head", "/v1/documents/{sha256}", &document_path, &[token], ""),
        ("get", "/v1/digests/{algorithm}/{prefix}", "/v1/digests/sha256/0A1B", &[], ""),
        ("get", "/v1/digests/{algorithm}/{prefix}", "/v1/digests/blind/0a1b", &[], ""),
        ("get", "/v1/notices", "/v1/notices?type=nonsense", &[], ""),
        ("get", "/v1/documents/{sha256}", &document_path, &[("Range", "bytes=999999-")], ""),
    ];
    let mut statuses = BTreeSet::new();
    for (method, path, asked, headers, body) in cases {
        let answer = server.request(&method.to_uppercase(), asked, headers, body.as_bytes());
        statuses.insert(answer.status);
        is_described(&document, &document["paths"][path][method], &format!("{method} {asked}"), &answer);
    }
    assert!([200, 201, 400, 401, 403, 415, 416, 422].iter().all(|status| statuses.contains(status)), "{statuses:?}");
    assert_eq!(server.get(&format!("/v1/notices/{notice}")).status, 200);
}

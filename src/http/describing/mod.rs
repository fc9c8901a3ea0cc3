//! The OpenAPI document, completed: what holds for many paths is said here once, instead of at each handler.
//!
//! Handlers describe what they answer when all goes well, and what is their own. Which problems a path can answer follows from its
//! method, its parameters and its body; which headers an answer carries follows from the method. The document names every status, so
//! that a test can send requests and find an answer that it does not name.

mod examples;

use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Content, Object, OpenApi, Ref, RefOr, Type};

use super::problem::PROBLEM_JSON;

/// How the document calls the token of uploads.
const UPLOAD_TOKEN: &str = "uploadToken";
/// The witness answers in the words of C2SP tlog-witness.
const WITNESS: &str = "/witness/add-checkpoint";

/// A problem that many paths can answer: its status, its name in the document, and what it means.
type Common = (u16, &'static str, &'static str);

const BAD_REQUEST: Common =
    (400, "BadRequest", "The query, a header or the body cannot be read; `type` says which rule was broken");
const UNAUTHORIZED: Common = (401, "Unauthorized", "An upload needs the token of a receipt");
const FORBIDDEN: Common = (403, "Forbidden", "The issuer, its key or the token may not do this here");
const NOT_FOUND: Common = (404, "NotFound", "Nothing of this name is known here");
const TIMEOUT: Common = (408, "BodyTimeout", "The body took too long");
const CONFLICT: Common = (409, "Conflict", "The upload stands somewhere else than the request says");
const TOO_LARGE: Common = (413, "TooLarge", "The body is too large");
const MEDIA_TYPE: Common =
    (415, "UnsupportedMediaType", "The body is of another type, or the request has a `Content-Encoding`");
const RANGE: Common = (416, "RangeNotSatisfiable", "The range lies outside the document: `Content-Range` tells its size");
const UNPROCESSABLE: Common = (422, "Unprocessable", "It can be read and breaks a rule: `flaws` names every fault of form");
const TOO_MANY: Common =
    (429, "TooManyRequests", "The address asks too often, or a quota is used up: `Retry-After` tells when to come back");
const REMOVED: Common = (451, "Removed", "It was removed: `removal` says when and on what ground");
const INTERNAL: Common = (500, "Internal", "The server failed; its operator can read why");
const UNAVAILABLE: Common =
    (503, "Unavailable", "Storage, the log or the server is not ready: `Retry-After` tells when to come back");

const ALL: [Common; 14] = [
    BAD_REQUEST,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND,
    TIMEOUT,
    CONFLICT,
    TOO_LARGE,
    MEDIA_TYPE,
    RANGE,
    UNPROCESSABLE,
    TOO_MANY,
    REMOVED,
    INTERNAL,
    UNAVAILABLE,
];

/// The groups of paths, in the order in which they are shown.
const TAGS: [(&str, &str); 13] = [
    ("check", "Ask what is known of identifiers: what most tools need, and often all they need."),
    ("notices", "Submit notices, search and read them, and follow what comes into the log."),
    ("publishers", "Who issuers are: their records, their keys, and whether their domain answers for them."),
    ("documents", "Texts and digest lists that notices name by their SHA-256, and their upload."),
    ("schemas", "JSON Schemas of what is signed."),
    ("index", "The compact list, from which questions are answered offline, without telling anybody what was asked."),
    ("log", "The public log in the format of C2SP tlog-tiles."),
    ("witness", "The witness of C2SP tlog-witness, by which peers also announce their growth."),
    ("server", "Who this server is, and who its peers are."),
    ("feeds", "Notices as Atom and JSON Feed."),
    ("badges", "Verdicts to show in other pages."),
    ("pages", "Pages for people, in the language that `Accept-Language` or `lang` asks for."),
    ("operations", "For whoever operates the server, and this document."),
];

/// Adds what holds for many paths.
pub(super) fn complete(api: &mut OpenApi) {
    let tag = |(name, about): (&str, &str)| TagBuilder::new().name(name).description(Some(about)).build();
    api.tags = Some(TAGS.into_iter().map(tag).collect());
    let components = api.components.get_or_insert_default();
    let mut token = Http::new(HttpAuthScheme::Bearer);
    token.description = Some("The `upload.token` of the receipt of a notice that names a document".to_owned());
    components.security_schemes.insert(UPLOAD_TOKEN.to_owned(), RefOr::T(SecurityScheme::Http(token)));
    for (name, kind, about) in [
        ("ETag", Type::String, "Names these bytes: send it back in `If-None-Match` and get 304 while they are the same"),
        ("Cache-Control", Type::String, "How long a cache may keep the answer; `no-cache` means that it asks again each time"),
        ("Retry-After", Type::Integer, "When to come back, in seconds"),
        ("Link", Type::String, "Names the next page with `rel=\"next\"`, when there is one (RFC 8288)"),
        (
            "RateLimit",
            Type::String,
            "What is left in the bucket of this address; absent where nobody is limited (draft-ietf-httpapi-ratelimit-headers-10)",
        ),
        ("RateLimit-Policy", Type::String, "How large the bucket is, and in how many seconds an empty one is full"),
    ] {
        let mut header = Header::new(Object::with_type(kind));
        header.description = Some(about.to_owned());
        components.headers.insert(name.to_owned(), RefOr::T(header));
    }
    for common in ALL {
        components.responses.insert(common.1.to_owned(), RefOr::T(problem(common)));
    }
    let mut examples = examples::all();
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations(item) {
            let name = operation_id(method, path);
            describe(path, method, operation);
            if let Some(example) = examples.remove(&name) {
                example.add_to(operation);
            }
            operation.operation_id = Some(name);
        }
    }
}

fn problem((status, _, about): Common) -> Response {
    let content = Content::new(Some(Ref::from_schema_name("ProblemDocument")));
    let mut response = ResponseBuilder::new().description(about).content(PROBLEM_JSON, content).build();
    if matches!(status, 429 | 503) {
        add_header(&mut response, "Retry-After");
    }
    add_rates(&mut response);
    response
}

/// What a path answers, by method.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, patch, head, .. } = item;
    let operations = [("get", get), ("put", put), ("post", post), ("patch", patch), ("head", head)];
    operations.into_iter().filter_map(|(method, there)| Some((method, there.as_mut()?)))
}

fn describe(path: &str, method: &str, operation: &mut Operation) {
    let reads = method == "get";
    let uploads = path == "/v1/documents/{sha256}" && !reads;
    let validated = reads && !matches!(path, "/livez" | "/readyz" | "/metrics" | "/v1/events");
    let in_pages = path == "/v1/changes" || path.starts_with("/v1/") && has_parameter(operation, "cursor");
    for (status, answer) in &mut operation.responses.responses {
        if let RefOr::T(answer) = answer {
            if in_pages && status == "200" {
                add_header(answer, "Link");
            }
            describe_answer(answer, status.starts_with('2') && validated, path != "/livez");
        }
    }
    if uploads {
        operation.security = Some(vec![SecurityRequirement::new(UPLOAD_TOKEN, Vec::<String>::new())]);
    }
    let mut commons = problems_of(path, operation, method);
    if uploads {
        commons.extend([UNAUTHORIZED, FORBIDDEN, CONFLICT, UNPROCESSABLE, REMOVED]);
    }
    add_problems(path, operation, commons);
    if validated && operation.responses.responses.contains_key("200") {
        let mut answer = Response::new("The asker has it already, as `If-None-Match` says");
        describe_answer(&mut answer, true, true);
        operation.responses.responses.entry("304".to_owned()).or_insert(RefOr::T(answer));
    }
}

fn has_parameter(operation: &Operation, name: &str) -> bool {
    operation.parameters.iter().flatten().any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == name))
}

/// A name that no other operation has, from which generators of clients make the name of a function.
fn operation_id(method: &str, path: &str) -> String {
    let path = if path == "/" { "front" } else { path };
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

/// What can go wrong by the shape of a request.
fn problems_of(path: &str, operation: &Operation, method: &str) -> Vec<Common> {
    // Every request may bring a `Content-Encoding`, come too often, or find the server in trouble.
    let mut commons = vec![MEDIA_TYPE, INTERNAL];
    if path != "/livez" {
        commons.extend([TOO_MANY, UNAVAILABLE]);
    }
    let parameters = operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(&parameter.parameter_in),
        RefOr::Ref(_) => None,
    });
    for place in parameters {
        commons.push(if matches!(place, utoipa::openapi::path::ParameterIn::Path) { NOT_FOUND } else { BAD_REQUEST });
    }
    if operation.request_body.is_some() {
        commons.extend([BAD_REQUEST, TIMEOUT, TOO_LARGE, UNPROCESSABLE]);
    }
    match path {
        "/v1/notices" | "/v1/publishers" if method == "post" => commons.push(FORBIDDEN),
        WITNESS => commons.extend([FORBIDDEN, NOT_FOUND]),
        "/v1/check" | "/v1/digests/{algorithm}/{prefix}" => commons.push(UNPROCESSABLE),
        "/v1/documents/{sha256}" if method == "get" => commons.push(RANGE),
        _ => {}
    }
    commons
}

/// Puts the problems in the place of the one answer that stood for all of them.
fn add_problems(path: &str, operation: &mut Operation, commons: Vec<Common>) {
    let answers = &mut operation.responses.responses;
    let line = answers.remove("default").filter(|_| path == WITNESS);
    for common @ (status, name, _) in commons {
        let answer = match &line {
            // A line of text where the witness itself refuses.
            Some(RefOr::T(line)) if matches!(status, 400 | 403 | 404 | 422 | 503) => {
                let mut answer = problem(common);
                answer.content.extend(line.content.clone());
                RefOr::T(answer)
            }
            _ => RefOr::Ref(Ref::from_response_name(name)),
        };
        answers.entry(status.to_string()).or_insert(answer);
    }
}

fn describe_answer(answer: &mut Response, validated: bool, limited: bool) {
    if validated {
        add_header(answer, "ETag");
        add_header(answer, "Cache-Control");
    }
    if limited {
        add_rates(answer);
    }
}

fn add_rates(answer: &mut Response) {
    add_header(answer, "RateLimit");
    add_header(answer, "RateLimit-Policy");
}

fn add_header(answer: &mut Response, name: &str) {
    answer.headers.entry(name.to_owned()).or_insert_with(|| RefOr::Ref(Ref::new(format!("#/components/headers/{name}"))));
}

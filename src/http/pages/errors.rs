//! Problems as pages: what a browser is shown where a program gets a problem document.
//!
//! A browser says that it wants HTML (`Accept`, RFC 9110, section 12.5.1), and a person at it needs other words than a program: what
//! happened, and what to do next. The status and the other headers stay those of the problem.

use actix_web::HttpRequest;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, Accept, Header, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use askama::Template;

use super::frame::Frame;
use super::tombstone::Grave;
use crate::http::language::Sentence;
use crate::http::problem::Problem;
use crate::ledger::Ledger;

#[derive(Template)]
#[template(path = "error.html", config = "src/http/pages/askama.toml")]
struct ErrorPage<'p> {
    frame: Frame<'p>,
    status: u16,
    title: Sentence,
    /// What to do next.
    next: Sentence,
    /// In how many seconds it is worth trying again.
    wait: Option<u64>,
    grave: Option<Grave>,
    rule: &'static str,
    detail: &'p str,
    asked: &'static str,
}

/// Makes a page of a problem where a browser asked by `method`. Everything else stays as it is.
pub(in crate::http) fn for_people(asked: &Method, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let is_problem = response.status().is_client_error() || response.status().is_server_error();
    if !is_problem || !matches!(*asked, Method::GET | Method::HEAD) || !wants_html(response.request()) {
        return response;
    }
    let problem = response.response().extensions().get::<Problem>().cloned();
    let (Some(problem), Some(ledger)) = (problem, response.request().app_data::<Data<Ledger>>().cloned()) else {
        return response;
    };
    let wait = response.headers().get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
    match page(response.request(), &ledger, response.status(), &problem, wait).render() {
        Ok(html) => shown(response, html),
        Err(error) => {
            tracing::error!(%error, "a problem could not be shown as a page");
            response
        }
    }
}

fn page<'p>(
    request: &HttpRequest,
    ledger: &'p Ledger,
    status: StatusCode,
    problem: &'p Problem,
    wait: Option<u64>,
) -> ErrorPage<'p> {
    let frame = Frame::of(request, ledger);
    let (t, name) = (frame.t, name(status));
    ErrorPage {
        status: status.as_u16(),
        title: t.say(&format!("error-{name}")),
        next: t.say(&format!("error-{name}-next")),
        wait,
        grave: problem.removal().map(|removal| Grave::of(t, removal)),
        rule: problem.rule(),
        detail: problem.detail(),
        asked: "",
        frame,
    }
}

/// Under which name the catalogues speak of a status: those without words of their own are like others of their class.
fn name(status: StatusCode) -> u16 {
    match status.as_u16() {
        known @ (404 | 405 | 406 | 413 | 429 | 451 | 503) => known,
        client if client < 500 => 400,
        _ => 500,
    }
}

/// Whether HTML is wanted at least as much as JSON, and by its name: programs that take anything get problem documents.
fn wants_html(request: &HttpRequest) -> bool {
    let accepted = Accept::parse(request).map(|accept| accept.ranked()).unwrap_or_default();
    let first = accepted.iter().find_map(|kind| match kind.essence_str() {
        "text/html" | "application/xhtml+xml" => Some(true),
        "application/json" | "application/problem+json" => Some(false),
        _ => None,
    });
    first.unwrap_or(false)
}

fn shown(response: ServiceResponse<BoxBody>, html: String) -> ServiceResponse<BoxBody> {
    let mut response = response.map_body(|_, _| BoxBody::new(html));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    response
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn browsers_get_pages_and_programs_problem_documents() {
        let wants =
            |accept: &str| wants_html(&TestRequest::default().insert_header((header::ACCEPT, accept)).to_http_request());
        assert!(wants("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"), "a browser");
        assert!(wants("text/html, application/json;q=0.5"));
        for accept in ["*/*", "application/json", "application/problem+json, text/html;q=0.5", "image/png", "", ";;;", "text/*"]
        {
            assert!(!wants(accept), "{accept}");
        }
        assert!(!wants_html(&TestRequest::default().to_http_request()), "who says nothing is a program");
    }

    #[test]
    fn every_status_has_words() {
        let english = crate::http::language::Speech::in_language(crate::http::language::Language::English);
        for status in (400..600).filter_map(|status| StatusCode::from_u16(status).ok()) {
            for name in [format!("error-{}", name(status)), format!("error-{}-next", name(status))] {
                assert_ne!(english.say(&name), name);
            }
        }
    }
}

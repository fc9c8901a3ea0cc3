//! `GET /docs` and below: the interface for programs, for people who write them.
//!
//! Everything on these pages but their headings is read off the OpenAPI document that `/openapi.json` gives, so that the two say the same.
//! It is in English in every language, as the document is.

mod operation;
mod prose;
mod raw;
mod reference;
mod request;
mod schema;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::frame::Frame;
use crate::http::answer;
use crate::http::problem::Problem;
use crate::http::server::PublicUrl;
use crate::ledger::Ledger;

use reference::Group;
pub(in crate::http) use reference::Reference;
use schema::Shape;

/// The chapter of the manual, which needs no server to be read.
const CLIENTS: &str = include_str!("../../../manual/build-a-client.md");

#[derive(Template)]
#[template(path = "docs.html", config = "src/http/pages/askama.toml")]
struct DocsPage<'p> {
    frame: Frame<'p>,
    reference: &'p Reference,
}

#[derive(Template)]
#[template(path = "docs_group.html", config = "src/http/pages/askama.toml")]
struct GroupPage<'p> {
    frame: Frame<'p>,
    group: &'p Group,
    server: String,
}

#[derive(Template)]
#[template(path = "docs_schema.html", config = "src/http/pages/askama.toml")]
struct SchemaPage<'p> {
    frame: Frame<'p>,
    name: &'p str,
    shape: &'p Shape,
}

/// Every path of the interface, by groups, and what holds for all of them.
#[utoipa::path(
    tag = "pages", responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
#[get("/docs")]
pub(in crate::http::pages) async fn page(
    request: HttpRequest,
    ledger: Data<Ledger>,
    reference: Data<Reference>,
) -> Result<HttpResponse, Problem> {
    Frame::page(&request, &DocsPage { frame: Frame::of(&request, &ledger), reference: &reference })
}

/// The paths of one group: what they take, an example of asking, and what they answer.
#[utoipa::path(
    tag = "pages", params(("tag" = String, Path, description = "The group: a tag of `/openapi.json`")),
    responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
#[get("/docs/{tag}")]
pub(in crate::http::pages) async fn group_page(
    request: HttpRequest,
    ledger: Data<Ledger>,
    reference: Data<Reference>,
    public_url: Data<PublicUrl>,
    tag: Path<String>,
) -> Result<HttpResponse, Problem> {
    let group = reference.group(&tag).ok_or_else(|| unknown("group of paths"))?;
    Frame::page(&request, &GroupPage { frame: Frame::of(&request, &ledger), group, server: public_url.shown() })
}

/// The fields of what is sent or answered.
#[utoipa::path(
    tag = "pages", params(("name" = String, Path, description = "The name of a schema of `/openapi.json`")),
    responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
#[get("/docs/schema/{name}")]
pub(in crate::http::pages) async fn schema_page(
    request: HttpRequest,
    ledger: Data<Ledger>,
    reference: Data<Reference>,
    name: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (name, shape) = reference.shape(&name).ok_or_else(|| unknown("schema"))?;
    Frame::page(&request, &SchemaPage { frame: Frame::of(&request, &ledger), name, shape })
}

/// How to build a client: the chapter of the manual, with complete short clients to copy out.
#[utoipa::path(
    tag = "pages", responses((status = 200, description = "Markdown", body = String, content_type = "text/plain"))
)]
#[get("/docs/build-a-client.md")]
pub(in crate::http::pages) async fn clients(request: HttpRequest) -> HttpResponse {
    answer::bytes_with_etag(&request, CLIENTS.as_bytes().to_vec(), "text/plain; charset=utf-8", "public, max-age=3600")
}

fn unknown(what: &str) -> Problem {
    Problem::not_found(format!("the interface has no such {what}; `/docs` lists what there is"))
}

#[cfg(test)]
mod tests;

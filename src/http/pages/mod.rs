//! Pages for people: plain HTML that works without scripts, rendered from the templates beside this file.
//!
//! What strangers wrote is escaped by the templates, stands in elements of its own direction, and is only linked when it is
//! https. No page loads anything from elsewhere or sets a cookie.

mod dataset;
mod front;
mod notice;
mod peers;
mod words;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer;
use super::problem::Problem;

const STYLE: &str = include_str!("style.css");

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(front::page).service(dataset::page).service(notice::page).service(peers::page).service(style);
}

/// The style sheet of the pages.
#[utoipa::path(tag = "pages", responses((status = 200, description = "CSS", body = String, content_type = "text/css")))]
#[get("/style.css")]
async fn style(request: HttpRequest) -> HttpResponse {
    answer::bytes_with_etag(&request, STYLE.as_bytes().to_vec(), "text/css; charset=utf-8", "public, max-age=3600")
}

fn page(request: &HttpRequest, template: &impl Template) -> Result<HttpResponse, Problem> {
    let html = template.render().map_err(|e| Problem::internal("rendering a page", &e))?;
    Ok(answer::bytes_with_etag(request, html.into_bytes(), "text/html; charset=utf-8", answer::REVALIDATE))
}

fn page_not_found(template: &impl Template) -> Result<HttpResponse, Problem> {
    let html = template.render().map_err(|e| Problem::internal("rendering a page", &e))?;
    let mut response = HttpResponse::build(StatusCode::NOT_FOUND);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(response.content_type("text/html; charset=utf-8").body(html))
}

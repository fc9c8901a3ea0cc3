//! For operators: is it alive, does it work, what does it count; and the document of all paths.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer;
use super::blocking::{self, on_ledger};
use super::problem::{Problem, ProblemDocument};
use crate::ledger::{Hindrance, Ledger, StoreError};

/// When looking again makes sense.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// What `/metrics` says, in the text format of Prometheus; rendered anew each time, on a thread that may block.
#[derive(Clone)]
pub struct MetricsText(Arc<dyn Fn() -> String + Send + Sync>);

impl MetricsText {
    /// Metrics that `render` writes down.
    pub fn new(render: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(render))
    }
}

/// The OpenAPI document, written once.
pub(super) struct ApiDocument(Vec<u8>);

impl ApiDocument {
    pub(super) fn of(api: &OpenApi) -> Self {
        // A document that was built in memory can be written; an empty one would show in every test.
        Self(serde_json::to_vec(api).unwrap_or_default())
    }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(livez).service(readyz).service(metrics).service(openapi);
}

/// Counts an answer by path pattern, method and status: never by what was asked.
pub(super) fn count(method: &Method, response: &ServiceResponse<BoxBody>) {
    let route = response.request().match_pattern().unwrap_or_else(|| "elsewhere".to_owned());
    let method = match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let status = match response.status() {
        StatusCode::OK => Cow::Borrowed("200"),
        other => Cow::Owned(other.as_u16().to_string()),
    };
    ::metrics::counter!("palinode_http_requests_total", "method" => method, "route" => route, "status" => status).increment(1);
}

/// Whether the process answers.
#[utoipa::path(tag = "operations", responses((status = 200, description = "It does", body = String, content_type = "text/plain")))]
#[get("/livez")]
async fn livez() -> HttpResponse {
    text("alive\n")
}

/// Whether the server can do all of its work: answer, take submissions in, and swear to the time. What keeps it from that is the
/// type of the problem, with what to do about it; reads may go on all the same.
#[utoipa::path(
    tag = "operations",
    responses(
        (status = 200, description = "It can", body = String, content_type = "text/plain"),
        (status = 503, description = "It cannot", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/readyz")]
async fn readyz(ledger: Data<Ledger>) -> Result<HttpResponse, Problem> {
    let look = |ledger: &Ledger| -> Result<Vec<Hindrance>, StoreError> {
        let hindrances = ledger.hindrances();
        if hindrances.is_empty() {
            // A read that reaches storage.
            ledger.count_notices()?;
        }
        Ok(hindrances)
    };
    let hindrances: Vec<Hindrance> = on_ledger(&ledger, look).await?;
    let Some(gravest) = hindrances.first() else { return Ok(text("ready\n")) };
    let all: Vec<_> = hindrances.iter().map(ToString::to_string).collect();
    let problem =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, gravest.rule(), "The server is not ready", all.join(". Also: "));
    Err(problem.retry_after(LOOK_AGAIN))
}

/// Metrics in the text format of Prometheus.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Metrics", body = String, content_type = "text/plain")))]
#[get("/metrics")]
async fn metrics(metrics: Data<MetricsText>) -> Result<HttpResponse, Problem> {
    let text = blocking::run(move || Ok::<_, StoreError>((metrics.0)())).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(response.content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

/// This document.
#[utoipa::path(tag = "operations", responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
#[get("/openapi.json")]
async fn openapi(request: HttpRequest, document: Data<ApiDocument>) -> HttpResponse {
    answer::bytes_with_etag(&request, document.0.clone(), "application/json", answer::REVALIDATE)
}

fn text(text: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").insert_header((header::CACHE_CONTROL, "no-store")).body(text)
}

//! `GET /v1/schema/...`: the JSON Schemas of what can be submitted.

use actix_web::{HttpRequest, HttpResponse, get};

use crate::envelope::PUBLISHER_SCHEMA;
use crate::http::answer;
use crate::notice::NOTICE_SCHEMA;

/// The JSON Schema of the payload of a notice.
#[utoipa::path(
    tag = "schemas",
    responses((status = 200, description = "A JSON Schema", body = Object, content_type = "application/schema+json"))
)]
#[get("/v1/schema/notice.json")]
pub(super) async fn notice(request: HttpRequest) -> HttpResponse {
    schema(&request, NOTICE_SCHEMA)
}

/// The JSON Schema of the payload of a publisher record.
#[utoipa::path(
    tag = "schemas",
    responses((status = 200, description = "A JSON Schema", body = Object, content_type = "application/schema+json"))
)]
#[get("/v1/schema/publisher.json")]
pub(super) async fn publisher(request: HttpRequest) -> HttpResponse {
    schema(&request, PUBLISHER_SCHEMA)
}

fn schema(request: &HttpRequest, text: &str) -> HttpResponse {
    answer::bytes_with_etag(request, text.as_bytes().to_vec(), "application/schema+json", "public, max-age=3600")
}

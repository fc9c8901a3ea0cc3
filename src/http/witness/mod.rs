//! The witness: `add-checkpoint` of C2SP tlog-witness, which is also how a peer announces that its log grew.
//!
//! Its answers have the statuses and the plain bodies of that specification, not problem documents.

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::limits::{Body, Limits};
use super::problem::{Problem, ProblemDocument};
use super::{answer, blocking};
use crate::federation::{Federation, WitnessRefusal};
use crate::ledger::StoreError;
use crate::ledger::peers::OriginHash;
use crate::tlog::MAX_ADD_CHECKPOINT;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(add_checkpoint).service(checkpoint);
}

/// Ask for a cosignature of a peer's checkpoint, with the proof that it continues the last one (C2SP tlog-witness).
#[utoipa::path(
    tag = "witness", request_body(content = String, content_type = "text/plain"),
    responses(
        (status = 200, description = "Cosignature lines", body = String, content_type = "text/plain"),
        (status = 409, description = "Another size was cosigned last: the body is that size", body = String,
         content_type = "text/x.tlog.size"),
        (status = "default", description = "It was refused: the body is a line of text", body = String, content_type = "text/plain"),
    )
)]
#[post("/witness/add-checkpoint")]
async fn add_checkpoint(federation: Data<Federation>, limits: Data<Limits>, body: Body) -> Result<HttpResponse, Problem> {
    let bytes = body.read(MAX_ADD_CHECKPOINT, &limits).await?;
    let federation = Arc::clone(&federation);
    let cosigned = blocking::run(move || Ok::<_, StoreError>(federation.add_checkpoint(&bytes))).await?;
    Ok(match cosigned {
        Ok(lines) => plain(StatusCode::OK, "text/plain; charset=utf-8").body(lines),
        Err(refusal) => refused(&refusal),
    })
}

fn refused(refusal: &WitnessRefusal) -> HttpResponse {
    let (text, kind) = refusal.answer();
    if let WitnessRefusal::Store(error) = refusal {
        tracing::error!(error = %error, "a checkpoint could not be cosigned");
    }
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = plain(status, kind);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((header::RETRY_AFTER, "60"));
    }
    response.body(text)
}

fn plain(status: StatusCode, kind: &'static str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.content_type(kind).insert_header((header::CACHE_CONTROL, "no-store"));
    response
}

/// The checkpoint of a peer that was cosigned last, with our cosignature.
#[utoipa::path(
    tag = "witness", params(("origin_hash" = String, Path, description = "SHA-256 of the peer's origin: 64 hex digits")),
    responses(
        (status = 200, description = "A signed note", body = String, content_type = "text/plain"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/witness/{origin_hash}/checkpoint")]
async fn checkpoint(
    request: HttpRequest,
    federation: Data<Federation>,
    origin_hash: Path<String>,
) -> Result<HttpResponse, Problem> {
    let unknown = || Problem::not_found("no checkpoint of this log was cosigned here");
    let name = OriginHash::parse(&origin_hash).ok_or_else(unknown)?;
    let federation = Arc::clone(&federation);
    let note = blocking::run(move || federation.witnessed_checkpoint(&name)).await?.ok_or_else(unknown)?;
    Ok(answer::bytes_with_etag(&request, note, "text/plain; charset=utf-8", answer::REVALIDATE))
}

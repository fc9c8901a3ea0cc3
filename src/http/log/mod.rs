//! The public log in the format of C2SP tlog-tiles, so that tools we did not write can audit it.
//!
//! The path is taken as it was sent: a tile has one spelling, and a percent-encoded one is none. Everything but the checkpoint
//! is immutable under its path.

mod bundle;

use actix_web::body::MessageBody;
use actix_web::http::header::{self, EntityTag};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use self::bundle::BundleBody;
use super::answer;
use super::blocking::on_ledger;
use super::problem::{Problem, ProblemDocument};
use crate::ledger::Ledger;
use crate::ledger::log::Resource;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(checkpoint).service(tile).service(entry);
}

/// The newest signed checkpoint, with its cosignatures.
#[utoipa::path(
    tag = "log",
    responses(
        (status = 200, description = "A signed note (C2SP tlog-checkpoint)", body = String, content_type = "text/plain"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/log/checkpoint")]
async fn checkpoint(request: HttpRequest, ledger: Data<Ledger>) -> Result<HttpResponse, Problem> {
    resource(&request, &ledger).await
}

/// A hash tile or a bundle of entries: `<level>/<index>` or `entries/<index>`, with `.p/<width>` when partial.
#[utoipa::path(
    tag = "log", params(("path" = String, Path, description = "The rest of the tile's path (C2SP tlog-tiles)")),
    responses(
        (status = 200, description = "The tile", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/log/tile/{path:.*}")]
async fn tile(request: HttpRequest, ledger: Data<Ledger>) -> Result<HttpResponse, Problem> {
    let path = path_of(&request);
    match ledger.bundle_at_hand(path) {
        Some(bundle) => Ok(immutable(&request, path, BundleBody::new(ledger, path.to_owned(), bundle))),
        None => resource(&request, &ledger).await,
    }
}

/// One entry, by its leaf hash.
#[utoipa::path(
    tag = "log", params(("hash" = String, Path, description = "The leaf hash: 64 hex digits")),
    responses(
        (status = 200, description = "The canonical envelope", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/log/entry/{hash}")]
async fn entry(request: HttpRequest, ledger: Data<Ledger>) -> Result<HttpResponse, Problem> {
    resource(&request, &ledger).await
}

async fn resource(request: &HttpRequest, ledger: &Data<Ledger>) -> Result<HttpResponse, Problem> {
    let path = path_of(request);
    let found = if let Some(found) = ledger.resource_at_hand(path) {
        found
    } else {
        let path = path.to_owned();
        on_ledger(ledger, move |ledger| ledger.resource(&path)).await?
    };
    match found {
        Resource::Checkpoint(note) => {
            Ok(answer::bytes_with_etag(request, note, "text/plain; charset=utf-8", answer::REVALIDATE))
        }
        Resource::Tile(bytes) => Ok(immutable(request, path, bytes)),
        Resource::Entry(bytes) => Ok(immutable(request, path, Bytes::from(bytes))),
    }
}

/// The path below the log's prefix, as it was sent.
fn path_of(request: &HttpRequest) -> &str {
    request.uri().path().strip_prefix("/log/").unwrap_or_default()
}

/// The path names the bytes, so it is their tag.
fn immutable(request: &HttpRequest, path: &str, body: impl MessageBody + 'static) -> HttpResponse {
    let tag = EntityTag::new_strong(path.to_owned());
    answer::tagged(request, &tag, answer::IMMUTABLE)
        .unwrap_or_else(|mut response| response.insert_header((header::CONTENT_TYPE, "application/octet-stream")).body(body))
}

//! `GET /v1/index/filter/{list}` and `GET /v1/documents/{sha256}/blocks`: what somebody who asks offline needs of a digest list.
//!
//! Both follow from the list, which never changes under its name, so that caches may keep them; but a list may be removed by law, so
//! not for longer than a day without asking.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};

use super::documents::{parse, removed};
use crate::http::answer;
use crate::http::blocking::on_ledger;
use crate::http::problem::{Problem, ProblemDocument};
use crate::ledger::Ledger;
use crate::ledger::documents::Document;
use crate::ledger::lists::ListSide;

/// The bytes are the same for ever, and may be gone.
const CACHING: &str = "public, max-age=86400, immutable";

/// The filter of a digest list: what the list may hold, in about 1.13 bytes a digest.
#[utoipa::path(
    tag = "index", params(("list" = String, Path, description = "SHA-256 of the list: 64 hex digits")),
    responses(
        (status = 200, description = "The filter", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "Not here: `document-awaited` when a notice names the list, `not-found` otherwise",
         body = ProblemDocument, content_type = "application/problem+json"),
        (status = 451, description = "The list was removed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/index/filter/{list}")]
pub(super) async fn filter(request: HttpRequest, ledger: Data<Ledger>, list: Path<String>) -> Result<HttpResponse, Problem> {
    side(request, ledger, &list, ListSide::Filter).await
}

/// The hashes of the blocks of a digest list, 32 bytes each, whose RFC 6962 root the notice names: with them any range of whole blocks can be
/// checked by itself.
#[utoipa::path(
    tag = "documents", params(("sha256" = String, Path, description = "SHA-256 of the list: 64 hex digits")),
    responses(
        (status = 200, description = "The hashes in order", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "Not here: `document-awaited` when a notice names the list, `not-found` otherwise",
         body = ProblemDocument, content_type = "application/problem+json"),
        (status = 451, description = "The list was removed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/documents/{sha256}/blocks")]
pub(super) async fn blocks(request: HttpRequest, ledger: Data<Ledger>, sha256: Path<String>) -> Result<HttpResponse, Problem> {
    side(request, ledger, &sha256, ListSide::Blocks).await
}

async fn side(request: HttpRequest, ledger: Data<Ledger>, list: &str, side: ListSide) -> Result<HttpResponse, Problem> {
    let hash = parse(list)?;
    let found = on_ledger(&ledger, move |ledger| {
        let bytes = ledger.list_side(&hash, side)?;
        // Read after it, so that what was removed meanwhile is not given.
        Ok::<_, Problem>((ledger.document(&hash)?, bytes))
    });
    match found.await? {
        (Document::Removed(tombstone), _) => Err(removed(&tombstone)),
        (Document::Available(_) | Document::List(_), Some(bytes)) => {
            Ok(answer::bytes_with_etag(&request, bytes, "application/octet-stream", CACHING))
        }
        (Document::Awaited, _) => Err(super::documents::awaited()),
        _ => Err(Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found", "no digest list of this name is known here")),
    }
}

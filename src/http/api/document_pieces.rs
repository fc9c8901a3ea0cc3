//! `HEAD` and `PATCH /v1/documents/{sha256}`: digest lists come in pieces, and an upload that broke off goes on where it was.
//!
//! The words are those of the IETF draft *Resumable Uploads for HTTP* (draft-ietf-httpbis-resumable-upload): `Upload-Offset`,
//! `Upload-Complete`, `Upload-Length`, and the type `application/partial-upload`. Nothing has to be made first: the document has a
//! name and a size before its first byte, so its own address is the upload.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, head, patch};

use super::documents::{bearer, parse};
use crate::http::blocking::on_ledger;
use crate::http::limits::{Body, Limits};
use crate::http::problem::{Problem, ProblemDocument};
use crate::http::refusals::token_missing;
use crate::ledger::Ledger;
use crate::ledger::lists::taking::{MAX_PIECE, Progress};

/// The type of a piece.
const PARTIAL: &str = "application/partial-upload";
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const COMPLETE: HeaderName = HeaderName::from_static("upload-complete");
const LIMIT: HeaderName = HeaderName::from_static("upload-limit");

/// How far the upload of a digest list with this token is: `Upload-Offset` says where to go on.
#[utoipa::path(
    tag = "documents",
    params(
        ("sha256" = String, Path, description = "SHA-256 of the list: 64 hex digits"),
        ("Upload-Length" = Option<u64>, Header, description = "Size of the list in bytes, where several notices name it differently"),
    ),
    responses(
        (status = 204, description = "`Upload-Offset`: bytes that are here; `Upload-Complete`: `?1` when that is all; `Upload-Length`: \
         bytes of the list; `Upload-Limit`: the most bytes of one piece"),
        (status = "default", description = "It was refused", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[head("/v1/documents/{sha256}")]
pub(super) async fn ask_progress(
    request: HttpRequest,
    ledger: Data<Ledger>,
    sha256: Path<String>,
) -> Result<HttpResponse, Problem> {
    let hash = parse(&sha256)?;
    let token = bearer(&request).ok_or_else(token_missing)?;
    let length = number(request.headers(), &LENGTH)?;
    let progress = on_ledger(&ledger, move |ledger| ledger.list_progress(&hash, &token, length)).await?;
    Ok(told(HttpResponse::NoContent(), progress).finish())
}

/// Upload the next piece of a digest list that a notice names, with the token of the notice's receipt.
#[utoipa::path(
    tag = "documents",
    params(
        ("sha256" = String, Path, description = "SHA-256 of the list: 64 hex digits"),
        ("Upload-Offset" = u64, Header, description = "Where the piece begins: what HEAD said last"),
        ("Upload-Length" = Option<u64>, Header, description = "Size of the list in bytes, where several notices name it differently"),
    ),
    request_body(content = Vec<u8>, content_type = "application/partial-upload", description = "At most 8 MiB"),
    responses(
        (status = 204, description = "It is here, and checked as far as it goes; `Upload-Complete: ?1` when the list is whole and is what the \
         notice says"),
        (status = 409, description = "`upload-offset`: the upload is elsewhere, as `Upload-Offset` says",
         body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "It was refused. After `invalid-document` nothing is left of the upload",
         body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[patch("/v1/documents/{sha256}")]
pub(super) async fn append(
    request: HttpRequest,
    ledger: Data<Ledger>,
    limits: Data<Limits>,
    sha256: Path<String>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let hash = parse(&sha256)?;
    let token = bearer(&request).ok_or_else(token_missing)?;
    let headers = request.headers();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if kind.is_none_or(|kind| !kind.eq_ignore_ascii_case(PARTIAL)) {
        let detail = "send a piece with `Content-Type: application/partial-upload`";
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content-type",
            "The content type is not taken here",
            detail,
        ));
    }
    let missing =
        || Problem::bad_request("upload-offset-missing", "say where the piece begins with `Upload-Offset`".to_owned());
    let at = number(headers, &OFFSET)?.ok_or_else(missing)?;
    let length = number(headers, &LENGTH)?;
    let piece = body.read(MAX_PIECE, &limits).await?;
    let progress = on_ledger(&ledger, move |ledger| ledger.upload_piece(&hash, &token, length, at, &piece)).await?;
    Ok(told(HttpResponse::NoContent(), progress).finish())
}

fn told(mut response: HttpResponseBuilder, progress: Progress) -> HttpResponseBuilder {
    let complete = if progress.is_complete { "?1" } else { "?0" };
    response.insert_header((OFFSET, HeaderValue::from(progress.offset)));
    response.insert_header((LENGTH, HeaderValue::from(progress.size)));
    response.insert_header((COMPLETE, HeaderValue::from_static(complete)));
    response.insert_header((LIMIT, format!("max-append-size={MAX_PIECE}")));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response
}

/// A header that is a number of bytes.
fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let read = value.to_str().ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit())).and_then(|text| text.parse().ok());
    let wrong = || Problem::bad_request("upload-header", format!("`{name}` is not a number of bytes"));
    read.map(Some).ok_or_else(wrong)
}

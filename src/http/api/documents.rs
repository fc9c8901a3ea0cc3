//! `GET` and `PUT /v1/documents/{sha256}`: detached documents, bytes named by their hash.
//!
//! They are served as opaque bytes to be downloaded, since people who are strangers here wrote them.

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ETag, EntityTag, HeaderValue, Range};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, put};
use futures_util::stream::{self, Stream};

use crate::http::answer;
use crate::http::blocking::on_ledger;
use crate::http::limits::{Body, Limits};
use crate::http::problem::{Problem, ProblemDocument, ProblemRemoval};
use crate::http::refusals::token_missing;
use crate::ledger::Ledger;
use crate::ledger::documents::{Document, MAX_UPLOAD};
use crate::ledger::removal::Tombstone;
use crate::notice::DocumentHash;

/// A document may be removed, so nobody keeps it for long without asking.
const CACHING: &str = "public, max-age=300";
/// How much of a list is in memory while it is served, in bytes.
const PIECE: usize = 256 << 10;

/// A detached document, whole or a range of it.
#[utoipa::path(
    tag = "documents", params(("sha256" = String, Path, description = "SHA-256 of the document: 64 hex digits")),
    responses(
        (status = 200, description = "The document", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "The asked range", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "Not here: `document-awaited` when a notice names it, `not-found` otherwise",
         body = ProblemDocument, content_type = "application/problem+json"),
        (status = 451, description = "It was removed: `removal` says when and on what ground", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/documents/{sha256}")]
pub(super) async fn read(request: HttpRequest, ledger: Data<Ledger>, sha256: Path<String>) -> Result<HttpResponse, Problem> {
    let hash = parse(&sha256)?;
    let tag = EntityTag::new_strong(hash.to_string());
    let begin = |request: &HttpRequest| answer::tagged(request, &tag, CACHING);
    match on_ledger(&ledger, move |ledger| ledger.document(&hash)).await? {
        Document::Available(bytes) => match begin(&request) {
            Ok(not_modified) => Ok(not_modified),
            Err(mut response) => Ok(match part(&request, &mut response, &tag, bytes.len() as u64)? {
                Some((first, last)) => {
                    let asked = usize::try_from(first).ok().zip(usize::try_from(last).ok());
                    let bytes = asked.and_then(|(first, last)| bytes.get(first..=last)).unwrap_or_default();
                    response.body(bytes.to_vec())
                }
                None => response.body(bytes),
            }),
        },
        Document::List(form) => match begin(&request) {
            Ok(not_modified) => Ok(not_modified),
            Err(mut response) => {
                let (first, last) = part(&request, &mut response, &tag, form.size())?.unwrap_or((0, form.size() - 1));
                Ok(response.body(SizedStream::new(last - first + 1, pieces(ledger, hash, first, last + 1))))
            }
        },
        Document::Unknown => Err(unknown()),
        Document::Awaited => Err(awaited()),
        Document::Removed(tombstone) => Err(removed(&tombstone)),
    }
}

/// The bytes `from..to` of a list, read as they are taken. When it is removed meanwhile, the answer breaks off.
fn pieces(
    ledger: Data<Ledger>,
    list: DocumentHash,
    from: u64,
    to: u64,
) -> impl Stream<Item = Result<Bytes, actix_web::Error>> + 'static {
    stream::try_unfold(from, move |at| {
        let ledger = ledger.clone();
        async move {
            if at >= to {
                return Ok(None);
            }
            let most = usize::try_from(to - at).unwrap_or(PIECE).min(PIECE);
            let piece = on_ledger(&ledger, move |ledger| ledger.list_range(&list, at, most)).await?;
            match piece.filter(|piece| !piece.is_empty()) {
                Some(piece) => Ok(Some((Bytes::from(piece), at + most as u64))),
                None => Err(unknown().into()),
            }
        }
    })
}

pub(super) fn awaited() -> Problem {
    let detail = "a notice names this document, but it has not come yet";
    Problem::new(StatusCode::NOT_FOUND, "document-awaited", "The document has not come yet", detail)
}

pub(super) fn removed(tombstone: &Tombstone) -> Problem {
    let title = "The document was removed from this server";
    let detail = "the document was removed, by law or on request; the notice that names it stands";
    let problem = Problem::new(StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS, "document-removed", title, detail);
    problem.with_removal(ProblemRemoval::from(tombstone))
}

/// The part that `Range` asks for (RFC 9110, section 14), first and last byte, with the head of an answer that gives it; `None` for all of
/// it, as for anything but one range of bytes.
fn part(
    request: &HttpRequest,
    response: &mut HttpResponseBuilder,
    tag: &EntityTag,
    size: u64,
) -> Result<Option<(u64, u64)>, Problem> {
    response.content_type("application/octet-stream");
    response.insert_header((header::ACCEPT_RANGES, "bytes"));
    response.insert_header((header::CONTENT_DISPOSITION, "attachment"));
    let asked = request.headers().get(header::RANGE).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    // A range of something else that was here under the same name cannot be: the name is its hash.
    let stale = request.headers().get(header::IF_RANGE).is_some_and(|value| value.as_bytes() != format!("{tag}").as_bytes());
    let Some(Range::Bytes(ranges)) = asked.filter(|_| !stale) else { return Ok(None) };
    let [range] = ranges.as_slice() else { return Ok(None) };
    let Some((first, last)) = range.to_satisfiable_range(size) else {
        let detail = format!("the document has {size} bytes");
        let content_range = HeaderValue::try_from(format!("bytes */{size}")).unwrap_or(HeaderValue::from_static("bytes */0"));
        return Err(Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range", "The range lies outside the document", detail)
            .with_header(header::CONTENT_RANGE, content_range));
    };
    response.status(StatusCode::PARTIAL_CONTENT);
    response.insert_header((header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}")));
    Ok(Some((first, last)))
}

/// Upload a document that a notice names, with the token of the notice's receipt.
#[utoipa::path(
    tag = "documents", params(("sha256" = String, Path, description = "SHA-256 of the document: 64 hex digits")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 204, description = "It is here now"),
        (status = "default", description = "It was refused", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[put("/v1/documents/{sha256}")]
pub(super) async fn upload(
    request: HttpRequest,
    ledger: Data<Ledger>,
    limits: Data<Limits>,
    sha256: Path<String>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let hash = parse(&sha256)?;
    let token = bearer(&request).ok_or_else(token_missing)?;
    let bytes = body.read(MAX_UPLOAD, &limits).await?.into_bytes();
    on_ledger(&ledger, move |ledger| ledger.upload_document(&hash, &token, bytes)).await?;
    Ok(HttpResponse::NoContent().insert_header(ETag(EntityTag::new_strong(hash.to_string()))).finish())
}

pub(super) fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

pub(super) fn parse(text: &str) -> Result<DocumentHash, Problem> {
    DocumentHash::parse(text).ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::not_found("no document of this name is known here")
}

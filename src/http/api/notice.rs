//! `GET /v1/notices/{id}`, its exact entry and its proof.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};

use super::notice_answer::NoticeAnswer;
use crate::http::answer;
use crate::http::blocking::on_ledger;
use crate::http::problem::{Problem, ProblemDocument};
use crate::ledger::Ledger;
use crate::notice::NoticeId;

/// A notice, with its texts and what has become of it.
#[utoipa::path(
    tag = "notices", params(("id" = String, Path, description = "The notice id: 64 hex digits")),
    responses(
        (status = 200, description = "The notice", body = NoticeAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/notices/{id}")]
pub(super) async fn read(request: HttpRequest, ledger: Data<Ledger>, id: Path<String>) -> Result<HttpResponse, Problem> {
    let id = parse(&id)?;
    let view = on_ledger(&ledger, move |ledger| ledger.notice(&id)).await?.ok_or_else(unknown)?;
    answer::json(&request, &NoticeAnswer::from(view))
}

/// The exact entry: the canonical DSSE envelope.
#[utoipa::path(
    tag = "notices", params(("id" = String, Path, description = "The notice id: 64 hex digits")),
    responses(
        (status = 200, description = "The canonical envelope", body = super::submit::EnvelopeBody, content_type = "application/json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/notices/{id}/envelope")]
pub(super) async fn envelope(request: HttpRequest, ledger: Data<Ledger>, id: Path<String>) -> Result<HttpResponse, Problem> {
    let id = parse(&id)?;
    let entry = on_ledger(&ledger, move |ledger| ledger.notice_entry(&id)).await?.ok_or_else(unknown)?;
    Ok(answer::bytes_with_etag(&request, entry.bytes, "application/json", answer::IMMUTABLE))
}

/// Proof that the notice stands in this log, as a `.tlog-proof` file (C2SP tlog-proof).
#[utoipa::path(
    tag = "notices", params(("id" = String, Path, description = "The notice id: 64 hex digits")),
    responses(
        (status = 200, description = "The proof in the newest tree", body = String, content_type = "text/plain"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/notices/{id}/proof")]
pub(super) async fn proof(request: HttpRequest, ledger: Data<Ledger>, id: Path<String>) -> Result<HttpResponse, Problem> {
    let id = parse(&id)?;
    let proof = on_ledger(&ledger, move |ledger| ledger.notice_proof(&id)).await?.ok_or_else(unknown)?;
    Ok(answer::bytes_with_etag(&request, proof, "text/plain; charset=utf-8", answer::REVALIDATE))
}

fn parse(text: &str) -> Result<NoticeId, Problem> {
    NoticeId::parse(text).ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::not_found("no notice of this id is known here")
}

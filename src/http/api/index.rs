//! `GET /v1/index`: the compact list, from which anybody answers questions without asking (protocol, section 9).

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::EntityTag;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};

use crate::http::answer;
use crate::http::blocking::on_ledger;
use crate::http::problem::{Problem, ProblemDocument};
use crate::ledger::Ledger;
use crate::ledger::compact_list::Making;
use crate::notice::PayloadId;

/// How long an asker waits for a head that is being made, before it gets the one before it or is sent away.
const WAIT: Duration = Duration::from_secs(5);
/// When who was sent away should come back.
const COME_BACK: Duration = Duration::from_secs(5);

/// The signed head of the compact list: a DSSE envelope of type `application/vnd.palinode.index.v1+json`.
#[utoipa::path(
    tag = "index",
    responses(
        (status = 200, description = "The head, signed with the operator key", body = super::submit::EnvelopeBody),
        (status = 304, description = "The head is the one that the asker has"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/index")]
pub(super) async fn head(request: HttpRequest, ledger: Data<Ledger>) -> Result<HttpResponse, Problem> {
    newest(&request, &ledger).await
}

/// The same under a second path, so that a copy of these paths can stand in a plain folder, where `index` holds the tiles.
#[utoipa::path(
    tag = "index",
    responses(
        (status = 200, description = "The head, signed with the operator key", body = super::submit::EnvelopeBody),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/index/head")]
pub(super) async fn head_in_folder(request: HttpRequest, ledger: Data<Ledger>) -> Result<HttpResponse, Problem> {
    newest(&request, &ledger).await
}

async fn newest(request: &HttpRequest, ledger: &Data<Ledger>) -> Result<HttpResponse, Problem> {
    if ledger.is_halted() {
        return Err(crate::ledger::Refusal::Halted.into());
    }
    if ledger.index_head(true).is_none() {
        let mut tries = ledger.watch_index();
        tries.mark_unchanged();
        let making = async {
            if on_ledger(ledger, Ledger::make_index_head).await? == Making::Elsewhere {
                // Its end wakes everybody, whatever came of it.
                let _ = tries.changed().await;
            }
            Ok(())
        };
        // What takes longer goes on without the asker, and is there for the next one.
        if let Ok(ended) = tokio::time::timeout(WAIT, making).await {
            ended.or_else(|problem: Problem| if ledger.index_head(false).is_some() { Ok(()) } else { Err(problem) })?;
        }
    }
    let Some(made) = ledger.index_head(false) else { return Err(not_ready()) };
    Ok(answer::bytes_with_etag(request, made.to_vec(), "application/json", answer::REVALIDATE))
}

fn not_ready() -> Problem {
    let detail = "the compact list is being made for the first time since the server started; ask again in some seconds";
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "index-not-ready", "The compact list is not there yet", detail);
    problem.retry_after(COME_BACK)
}

/// A tile of the compact list: `<n>` when it is full, `<n>.p/<width>` while it is not. Tile n follows from entry bundle n alone.
#[utoipa::path(
    tag = "index", params(("path" = String, Path, description = "Which tile")),
    responses(
        (status = 200, description = "The tile", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/index/tile/{path:.*}")]
pub(super) async fn tile(request: HttpRequest, ledger: Data<Ledger>) -> Result<HttpResponse, Problem> {
    // As it was sent: a percent-encoded path is none.
    let path = request.uri().path().strip_prefix("/v1/index/tile/").unwrap_or_default().to_owned();
    let tag = EntityTag::new_strong(path.clone());
    let bytes = on_ledger(&ledger, move |ledger| ledger.index_tile(&path)).await?;
    Ok(immutable(&request, &tag, "application/octet-stream", bytes))
}

/// What the operator believes about lineages, named by the head: with it, verdicts are decided as this server decides them.
#[utoipa::path(
    tag = "index", params(("hash" = String, Path, description = "The `trust` of the head: 64 hex digits")),
    responses(
        (status = 200, description = "The trust settings", body = Object),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/index/trust/{hash}")]
pub(super) async fn trust(request: HttpRequest, ledger: Data<Ledger>, hash: Path<String>) -> Result<HttpResponse, Problem> {
    let found = PayloadId::parse(&hash).and_then(|hash| ledger.index_settings(&hash));
    let Some(bytes) = found else {
        return Err(Problem::not_found("no head of late names such trust settings; fetch the head again"));
    };
    Ok(immutable(&request, &EntityTag::new_strong(hash.into_inner()), "application/json", bytes))
}

fn immutable(request: &HttpRequest, tag: &EntityTag, kind: &'static str, bytes: Bytes) -> HttpResponse {
    answer::tagged(request, tag, answer::IMMUTABLE).unwrap_or_else(|mut response| response.content_type(kind).body(bytes))
}

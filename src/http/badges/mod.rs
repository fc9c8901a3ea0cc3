//! `/badge/{id}.svg`, `/badge/{id}.json` and `/embed/d/{id}`: what is known of an identifier, small enough for a README or another
//! page.
//!
//! A badge says its verdict in words, and the colour only agrees with them. It is grey where no notice is known, and never green: a
//! server that knows nothing does not approve. All three answer about identifiers that may be retracted tomorrow, so caches ask again.

mod embed;
mod shield;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer::{self, Written};
use super::blocking::on_ledger;
use super::language::{Sentence, Speech, asked};
use super::problem::Problem;
use crate::ledger::Ledger;
use crate::verdict::{Part, Verdict};

use shield::Shield;

/// What stands at the left of a badge.
const LABEL: &str = "palinode";
/// How long a cache may show a badge without asking: sites that embed badges do not ask for each reader.
const CACHING: &str = "public, max-age=300";

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(svg).service(endpoint).service(embed::page);
}

/// What Shields makes a badge of (shields.io, endpoint badge, schema version 1).
#[derive(Serialize, ToSchema)]
struct EndpointBadge {
    /// Always 1.
    #[serde(rename = "schemaVersion")]
    schema_version: u8,
    /// What stands at the left.
    label: &'static str,
    /// The verdict.
    #[schema(value_type = String)]
    message: Sentence,
    /// The colour of the message: grey where no notice is known, never green.
    color: &'static str,
    /// Whether it is to be seen at once.
    #[serde(rename = "isError")]
    is_error: bool,
}

/// The verdict about an identifier. A text that is no identifier is `unidentified`.
async fn verdict_of(ledger: &Data<Ledger>, id: String) -> Result<(Verdict, Option<Part>), Problem> {
    let question = [id];
    let answers = match ledger.check_at_hand(&question) {
        Some(answers) => answers,
        None => on_ledger(ledger, move |ledger| ledger.check(&question)).await?,
    };
    let answer = answers.answers.into_iter().next().and_then(|asked| asked.answer.ok());
    Ok(answer.map_or((Verdict::Unidentified, None), |answer| (answer.verdict, answer.part)))
}

/// The words of a badge.
fn message(t: Speech, verdict: Verdict) -> Sentence {
    t.code("verdict", verdict.as_str())
}

/// A badge for an identifier, as SVG.
#[utoipa::path(
    tag = "badges", params(("id" = String, Path, description = "The identifier, one percent-encoded segment")),
    responses(
        (status = 200, description = "A badge", body = String, content_type = "image/svg+xml"),
        (status = "default", description = "A problem", body = super::problem::ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/badge/{id}.svg")]
async fn svg(request: HttpRequest, ledger: Data<Ledger>, id: Path<String>) -> Result<HttpResponse, Problem> {
    let (verdict, part) = verdict_of(&ledger, id.into_inner()).await?;
    let language = asked(&request).language;
    let shield = Shield::new(language, LABEL, message(Speech::in_language(language), verdict), shield::colour(verdict, part));
    let svg = shield.render().map_err(|e| Problem::internal("drawing a badge", &e))?;
    Ok(super::pages::by_language(answer::bytes_with_etag(&request, svg.into_bytes(), "image/svg+xml", CACHING)))
}

/// A badge for an identifier, for Shields to draw.
#[utoipa::path(
    tag = "badges", params(("id" = String, Path, description = "The identifier, one percent-encoded segment")),
    responses(
        (status = 200, description = "What Shields needs", body = EndpointBadge),
        (status = "default", description = "A problem", body = super::problem::ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/badge/{id}.json")]
async fn endpoint(request: HttpRequest, ledger: Data<Ledger>, id: Path<String>) -> Result<HttpResponse, Problem> {
    let (verdict, part) = verdict_of(&ledger, id.into_inner()).await?;
    let t = Speech::in_language(asked(&request).language);
    let colour = shield::colour(verdict, part);
    let badge = EndpointBadge {
        schema_version: 1,
        label: LABEL,
        message: message(t, verdict),
        color: colour,
        is_error: colour == shield::STOP,
    };
    Ok(super::pages::by_language(Written::json(&badge, 256)?.answer(&request, "application/json", CACHING)))
}

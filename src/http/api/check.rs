//! `GET` and `POST /v1/check`: what is known of these identifiers?

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use super::check_answer::CheckAnswer;
use crate::http::answer::Written;
use crate::http::blocking::on_ledger;
use crate::http::limits::{Body, Limits};
use crate::http::problem::{Problem, ProblemDocument};
use crate::ledger::Ledger;
use crate::strict_json::{self, Fields, Flaws, Pointer, SyntaxFault, Value};

/// So many identifiers are answered without handing them to another thread, when nothing must be read for it.
const AT_ONCE: usize = 16;

/// The query of a question.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the query, which is read by hand because `id` repeats")]
struct CheckQuery {
    /// An identifier, in any accepted spelling; repeat it to ask for more.
    id: Vec<String>,
    /// Whether to add the entries with their proofs, from which the verdicts can be decided again.
    proof: Option<bool>,
}

/// A question about many identifiers: the body of `POST /v1/check`, `{"ids": ["scheme:value", ...]}`.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
pub struct CheckQuestion {
    /// Identifiers, in any accepted spelling, at most 1,000.
    pub ids: Vec<String>,
}

/// Why a body is no question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckQuestionError {
    /// Not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxFault),
    /// Anything but one array of texts.
    #[error("{0}")]
    Form(Flaws),
}

impl CheckQuestion {
    /// Reads a question by the rules of everything else that is posted. How many identifiers it may have is for the server to say.
    ///
    /// # Errors
    /// [`CheckQuestionError`].
    pub fn parse(body: &[u8]) -> Result<Self, CheckQuestionError> {
        let value = strict_json::parse(body)?;
        let mut flaws = Flaws::none();
        let mut ids = Vec::new();
        if let Some(mut fields) = Fields::of(&value, &Pointer::root(), &mut flaws) {
            if let Some((at, listed)) = fields.required("ids", &mut flaws) {
                let items = Fields::items(listed, &at, usize::MAX, &mut flaws).unwrap_or_default();
                ids.reserve(items.len());
                for (n, id) in items.iter().enumerate() {
                    match id {
                        Value::Text(text) => ids.push(text.clone().into_owned()),
                        other => drop(Fields::text(other, &at.item(n), &mut flaws)),
                    }
                }
            }
            fields.finish(&mut flaws);
        }
        if flaws.is_empty() { Ok(Self { ids }) } else { Err(CheckQuestionError::Form(flaws)) }
    }
}

/// What is known of identifiers?
///
/// With `proof=true`, answers that follow from more than 4 MiB of entries and proofs are refused with 422, `too-much-evidence`: ask
/// about fewer identifiers at once.
#[utoipa::path(
    tag = "check", params(CheckQuery),
    responses(
        (status = 200, description = "The answers, in the order of the question", body = CheckAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/check")]
pub(super) async fn ask(request: HttpRequest, ledger: Data<Ledger>, limits: Data<Limits>) -> Result<HttpResponse, Problem> {
    let mut ids = Vec::new();
    let mut proof = false;
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        match name.as_ref() {
            "id" => ids.push(value.into_owned()),
            "proof" => proof = switch(&value)?,
            other => return Err(Problem::bad_request("bad-query", format!("there is no query parameter {other:?}"))),
        }
    }
    Ok(decide(&ledger, &limits, ids, proof).await?.json_answer(&request))
}

/// What is known of many identifiers?
///
/// With `proof=true`, answers that follow from more than 4 MiB of entries and proofs are refused with 422, `too-much-evidence`: ask
/// about fewer identifiers at once.
#[utoipa::path(
    tag = "check", request_body(content = CheckQuestion, content_type = "application/json"),
    params(("proof" = Option<bool>, Query, description = "Whether to add the entries with their proofs")),
    responses(
        (status = 200, description = "The answers, in the order of the question", body = CheckAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[post("/v1/check")]
pub(super) async fn ask_many(
    request: HttpRequest,
    ledger: Data<Ledger>,
    limits: Data<Limits>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let mut proof = false;
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        match name.as_ref() {
            "proof" => proof = switch(&value)?,
            other => return Err(Problem::bad_request("bad-query", format!("there is no query parameter {other:?}"))),
        }
    }
    let bytes = body.json()?.read(limits.body_with_documents, &limits).await?;
    let question = CheckQuestion::parse(&bytes)
        .map_err(|e| Problem::bad_request("bad-question", format!("send {{\"ids\": [\"scheme:value\", ...]}}: {e}")))?;
    Ok(decide(&ledger, &limits, question.ids, proof).await?.json_answer(&request))
}

async fn decide(ledger: &Data<Ledger>, limits: &Limits, ids: Vec<String>, proof: bool) -> Result<Written, Problem> {
    if ids.is_empty() {
        return Err(Problem::bad_request("no-ids", "name at least one identifier"));
    }
    if ids.len() > limits.check_ids {
        let detail = format!("at most {} identifiers are answered at once, not {}", limits.check_ids, ids.len());
        let title = "The question has too many identifiers";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too-many-ids", title, detail));
    }
    // Few questions that memory can answer are not worth a thread of their own.
    if !proof
        && ids.len() <= AT_ONCE
        && let Some(answers) = ledger.check_at_hand(&ids)
    {
        return CheckAnswer::new(answers, None).written();
    }
    let most = limits.evidence;
    // A long answer is written there too, where it keeps no other connection waiting.
    let decided = on_ledger(ledger, move |ledger| -> Result<_, Problem> {
        if !proof {
            return CheckAnswer::new(ledger.check(&ids)?, None).written();
        }
        let (answers, evidence) = ledger.check_with_evidence(&ids, most)?;
        CheckAnswer::new(answers, Some(evidence)).written()
    });
    decided.await
}

fn switch(text: &str) -> Result<bool, Problem> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(Problem::bad_request("bad-query", format!("`proof` is true or false, not {other:?}"))),
    }
}

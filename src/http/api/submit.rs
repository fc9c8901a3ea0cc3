//! Submitting: the steps of protocol section 3, for notices and publisher records alike.
//!
//! Size, content type and encoding are step 1; everything after it is the ledger's. Each path refuses what belongs to the
//! other, so that nobody posts a key to where a notice was meant.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::receipt::{ReceiptAnswer, WaitingAnswer};
use crate::envelope::PayloadType;
use crate::http::blocking::on_ledger;
use crate::http::limits::{Body, Limits};
use crate::http::problem::Problem;
use crate::ledger::{Admitted, Examined, Ledger, Provenance, Receipt, Refusal, Submission, Submitted};
use crate::notice::PayloadId;

/// The query of a submission.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SubmitQuery {
    /// Only say whether it would be taken; nothing is written.
    #[serde(default)]
    dry_run: bool,
}

/// A submission as clients send it: the DSSE envelope alone, or with documents.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body; the ledger reads it")]
pub(super) struct SubmissionBody {
    /// The DSSE envelope, in any spelling.
    envelope: EnvelopeBody,
    /// Detached documents that the notice names, each as standard base64.
    documents: Option<Vec<String>>,
}

/// A DSSE v1 envelope.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body; the ledger reads it")]
#[expect(non_snake_case, reason = "the names of DSSE")]
pub(in crate::http) struct EnvelopeBody {
    /// The payload, base64.
    payload: String,
    /// `application/vnd.palinode.notice.v1+json` or `application/vnd.palinode.publisher.v1+json`.
    payloadType: String,
    /// Exactly one signature.
    signatures: Vec<SignatureBody>,
}

/// The signature of an envelope.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the body; the ledger reads it")]
pub(in crate::http) struct SignatureBody {
    /// A hint that decides nothing.
    keyid: Option<String>,
    /// Ed25519 over the pre-authentication encoding, base64.
    sig: String,
}

/// What a dry run found: a POST of the same body would be taken.
#[derive(Serialize, ToSchema)]
pub(super) struct DryRunAnswer {
    /// Always true.
    dry_run: bool,
    /// SHA-256 of the payload.
    #[schema(value_type = String)]
    id: PayloadId,
    /// The leaf hash that the entry has, or would have, on every server.
    entry: String,
    /// Whether it stands in the log already.
    known: bool,
    /// Whether it would wait, apart from the log, until its domain is verified.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    waits: bool,
}

/// What stood in the log already, or what a dry run found.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it only describes the answer, which is one of the two")]
pub(super) enum KnownAnswer {
    Receipt(Box<ReceiptAnswer>),
    DryRun(DryRunAnswer),
}

/// The largest body that is examined on the thread that took it, in bytes: some tenths of a millisecond.
const AT_ONCE: usize = 16 << 10;

/// Which path something was posted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    Notices,
    Publishers,
}

impl Door {
    /// Refuses what belongs to the other door. What belongs to neither is for the ledger to refuse.
    fn check(self, submission: &Submission) -> Result<(), Problem> {
        let other = match (self, submission.envelope().payload_type()) {
            (Self::Notices, Some(PayloadType::Publisher)) => "/v1/publishers",
            (Self::Publishers, Some(PayloadType::Notice)) => "/v1/notices",
            _ => return Ok(()),
        };
        let (title, detail) = ("The payload type belongs to another path", format!("post this to {other}"));
        Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-payload-type", title, detail))
    }
}

/// Walks the steps, and answers with the receipt: 201 for a new entry, 200 for one that stands there already; 202 without one for a
/// record that waits for its domain.
pub(super) async fn submit(
    ledger: Data<Ledger>,
    limits: &Limits,
    body: Body,
    query: &SubmitQuery,
    door: Door,
) -> Result<HttpResponse, Problem> {
    // (1) Content type and size; the ledger knows the smaller limit of an envelope that comes alone.
    let bytes = body.json()?.read(limits.body_with_documents, limits).await?;
    let most_alone = limits.body;
    if query.dry_run {
        let found = on_ledger(&ledger, move |ledger| -> Result<Examined, Problem> {
            Ok(ledger.examine(parse(&bytes, most_alone, door)?, Provenance::Client)?)
        });
        return Ok(HttpResponse::Ok().json(dry_run(found.await?)));
    }
    // (3) to (8) and the queue. Small ones that memory can examine are not worth a thread of their own.
    let small = (bytes.len() <= AT_ONCE).then(|| parse(&bytes, most_alone, door)).transpose()?;
    let at_hand = small.and_then(|submission| ledger.submit_at_hand(submission, Provenance::Client));
    let submitted = if let Some(submitted) = at_hand {
        submitted?
    } else {
        let submit = move |ledger: &Ledger| -> Result<Submitted, Problem> {
            Ok(ledger.submit(parse(&bytes, most_alone, door)?, Provenance::Client)?)
        };
        on_ledger(&ledger, submit).await?
    };
    let receipt = match submitted {
        Submitted::Waiting(waiting) => return Ok(accepted(WaitingAnswer::from(*waiting))),
        Submitted::Known(entry) => {
            let token = token()?;
            on_ledger(&ledger, move |ledger| ledger.receipt(&entry, true, token)).await?
        }
        // (9) The sequencer answers when the entry is durable and covered by a published checkpoint.
        Submitted::Queued(ticket) => {
            let placed = ticket.await.unwrap_or(Err(Refusal::Halted))?;
            if let Some(receipt) = ledger.receipt_at_hand(&placed) {
                receipt
            } else {
                let token = token()?;
                on_ledger(&ledger, move |ledger| ledger.receipt_of(placed, token)).await?
            }
        }
    };
    // (10)
    Ok(answer(receipt, door))
}

/// (2) The envelope.
fn parse(bytes: &[u8], most_alone: usize, door: Door) -> Result<Submission, Problem> {
    let submission = Submission::parse(bytes)?;
    if bytes.len() > most_alone && !submission.brings_documents() {
        return Err(Refusal::TooLarge { size: bytes.len() as u64, most: most_alone as u64 }.into());
    }
    door.check(&submission)?;
    Ok(submission)
}

fn dry_run(found: Examined) -> DryRunAnswer {
    match found {
        Examined::Known(stored) => {
            DryRunAnswer { dry_run: true, id: stored.payload_id, entry: stored.leaf.to_string(), known: true, waits: false }
        }
        Examined::New(admitted) => unknown(&admitted, false),
        Examined::Unverified(admitted) => unknown(&admitted, true),
    }
}

fn unknown(admitted: &Admitted, waits: bool) -> DryRunAnswer {
    let (id, entry) = (admitted.signed().payload_id(), admitted.leaf().to_string());
    DryRunAnswer { dry_run: true, id, entry, known: false, waits }
}

/// What waits is taken, and nothing is proved yet.
fn accepted(waiting: WaitingAnswer) -> HttpResponse {
    HttpResponse::Accepted().insert_header((header::CACHE_CONTROL, "no-store")).json(waiting)
}

fn answer(receipt: Receipt, door: Door) -> HttpResponse {
    let mut response = if receipt.known { HttpResponse::Ok() } else { HttpResponse::Created() };
    if door == Door::Notices {
        response.insert_header((header::LOCATION, format!("/v1/notices/{}", receipt.id)));
    }
    response.insert_header((header::CACHE_CONTROL, "no-store")).json(ReceiptAnswer::from(receipt))
}

/// Fresh random bytes for an upload token.
fn token() -> Result<[u8; 32], Problem> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| Problem::internal("making an upload token", &e))?;
    Ok(bytes)
}

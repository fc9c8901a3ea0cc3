//! `GET /v1/peers`: whom this server reads from and announces to.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::federation::{Federation, PeerReport};
use crate::http::problem::{Problem, ProblemDocument};
use crate::http::{answer, blocking};
use crate::ledger::peers::Work;

/// The peers of this server.
#[derive(Serialize, ToSchema)]
struct PeersAnswer {
    /// In the order of their origins, those whose logs ended among them.
    peers: Vec<PeerAnswer>,
}

/// One peer, and where things stand with it.
#[derive(Serialize, ToSchema)]
struct PeerAnswer {
    /// Name of its log.
    origin: String,
    /// SHA-256 of the origin: its name in paths.
    name: String,
    /// Where it is reached.
    url: String,
    /// Verifies its checkpoints.
    log_key: String,
    /// Verifies its cosignatures.
    witness_key: String,
    /// Verifies its operator statements, `z6Mk...`.
    operator_key: String,
    /// Size of its log as far as this server knows.
    size: u64,
    /// How much of it was read.
    pulled: u64,
    /// How far it lags behind its own newest known checkpoint here: `size` - `pulled`.
    behind: u64,
    /// Size of our log that it cosigned last.
    acknowledged: u64,
    /// Why nothing more is read from it, when that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    paused: Option<&'static str>,
    /// When something last went well with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_contact: Option<DateTime<Utc>>,
    /// What went wrong last, as a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// When that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error_at: Option<DateTime<Utc>>,
    /// Entries that could not be had yet.
    wanted: u64,
    /// Entries that wait until more is known about them.
    pending: u64,
    /// Entries that were refused for good.
    refused: u64,
    /// How many pieces of evidence convict it of two histories, at `/v1/peers/{name}/evidence`. With any, it is isolated: neither
    /// read, nor cosigned, nor announced to.
    evidence: u64,
    /// Since when it is isolated.
    #[serde(skip_serializing_if = "Option::is_none")]
    isolated_since: Option<DateTime<Utc>>,
    /// Who goes on for it, once its log ended: it is not read any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    succeeded_by: Option<SuccessorAnswer>,
    /// The last claim to go on for it that was not believed.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_claim: Option<RefusedClaimAnswer>,
}

/// The log that goes on for one that ended.
#[derive(Serialize, ToSchema)]
struct SuccessorAnswer {
    /// Name of the log.
    origin: String,
    /// Since when this server follows it.
    since: DateTime<Utc>,
}

/// A claim that this server did not believe.
#[derive(Serialize, ToSchema)]
struct RefusedClaimAnswer {
    /// Who would go on for the peer.
    claimant: String,
    /// The broken rule.
    rule: String,
    /// Why, in a sentence.
    why: String,
    /// When it was refused.
    at: DateTime<Utc>,
}

impl From<PeerReport> for PeerAnswer {
    fn from(PeerReport { peer, state, successor, refused_claim }: PeerReport) -> Self {
        let error = Work::ALL.iter().filter_map(|work| state.progress(*work).last_error.as_ref()).max_by_key(|error| error.at);
        Self {
            origin: peer.origin().to_string(),
            name: peer.name().to_string(),
            url: peer.url().to_string(),
            log_key: peer.log_key().to_string(),
            witness_key: peer.witness_key().to_string(),
            operator_key: peer.operator_key().to_multibase(),
            size: state.size(),
            pulled: state.pulled,
            behind: state.behind(),
            acknowledged: state.acknowledged,
            paused: state.pause.map(crate::ledger::peers::Pause::as_str),
            last_contact: state.last_contact(),
            last_error: error.map(|error| error.code.clone()),
            last_error_at: error.map(|error| error.at),
            wanted: state.wanted,
            pending: state.pending,
            refused: state.refused,
            evidence: state.evidence,
            isolated_since: state.convicted,
            succeeded_by: successor.map(|new| SuccessorAnswer { origin: new.origin, since: new.since }),
            refused_claim: refused_claim.map(|claim| RefusedClaimAnswer {
                claimant: claim.claimant,
                rule: claim.rule,
                why: claim.why,
                at: claim.at,
            }),
        }
    }
}

/// The peers of this server, with lag, last contact and state.
#[utoipa::path(
    tag = "server",
    responses(
        (status = 200, description = "The peers", body = PeersAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/peers")]
pub(super) async fn list(request: HttpRequest, federation: Data<Federation>) -> Result<HttpResponse, Problem> {
    let federation = Arc::clone(&federation);
    let report = blocking::run(move || federation.report()).await?;
    answer::json(&request, &PeersAnswer { peers: report.into_iter().map(PeerAnswer::from).collect() })
}

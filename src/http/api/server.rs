//! `GET /v1/server`: who this server is.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::federation::Federation;
use crate::http::blocking::on_ledger;
use crate::http::problem::{Problem, ProblemDocument};
use crate::http::server::PublicUrl;
use crate::http::{answer, blocking};
use crate::ledger::Ledger;

/// Who this server is: what another operator needs to make it a peer.
#[derive(Serialize, ToSchema)]
struct ServerAnswer {
    /// The program: `palinode`.
    name: &'static str,
    /// Its version.
    version: &'static str,
    /// Name of the log.
    origin: String,
    /// Where it is reached, when its operator said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Verifies checkpoints (C2SP signed-note verifier key).
    log_key: String,
    /// Verifies cosignatures.
    witness_key: String,
    /// Verifies operator statements, `z6Mk...`.
    operator_key: String,
    /// Who may speak here: `pinned`, `verified` or `open`.
    policy: &'static str,
    /// Size of the published tree.
    tree_size: u64,
    /// When the server last cosigned it.
    checkpoint_time: Option<DateTime<Utc>>,
    /// How many notices it holds.
    notices: u64,
    /// The logs that this one goes on for, after a restore.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    succeeds: Vec<SucceedsAnswer>,
}

/// A log that ended, and for which this one goes on.
#[derive(Serialize, ToSchema)]
struct SucceedsAnswer {
    /// Name of the log that ended.
    origin: String,
    /// Leaf hash of the entry that states it under the operator key: `/log/entry/{entry}`.
    entry: String,
}

/// Who this server is: origin, keys, version, policy.
#[utoipa::path(
    tag = "server",
    responses(
        (status = 200, description = "The server", body = ServerAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/server")]
pub(super) async fn read(
    request: HttpRequest,
    ledger: Data<Ledger>,
    federation: Data<Federation>,
    url: Data<PublicUrl>,
) -> Result<HttpResponse, Problem> {
    let notices = on_ledger(&ledger, Ledger::count_notices).await?;
    let federation = Arc::clone(&federation);
    let succeeded = blocking::run(move || federation.succeeded()).await?;
    let identity = ledger.identity();
    let published = ledger.published();
    let server = ServerAnswer {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        origin: identity.origin.to_string(),
        url: url.configured().map(str::to_owned),
        log_key: identity.log.to_string(),
        witness_key: identity.witness.to_string(),
        operator_key: identity.operator.to_multibase(),
        policy: ledger.admission().policy.as_str(),
        tree_size: published.head.size,
        checkpoint_time: published.cosigned_by(identity.witness.name().as_str()),
        notices,
        succeeds: succeeded.into_iter().map(|(origin, entry)| SucceedsAnswer { origin, entry: entry.to_string() }).collect(),
    };
    answer::json(&request, &server)
}

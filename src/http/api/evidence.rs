//! `GET /v1/peers/{origin hash}/evidence`: what convicts a log of having signed two histories.

use std::sync::Arc;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::federation::{Federation, HeldEvidence};
use crate::http::problem::{Problem, ProblemDocument};
use crate::http::{answer, blocking};
use crate::ledger::peers::OriginHash;
use crate::tlog::{Evidence, Hash};

/// What is held against one log. Each piece convicts it by itself, and anybody can check it with the log's key alone:
/// `palinode proof evidence`.
#[derive(Serialize, ToSchema)]
struct EvidenceAnswer {
    /// Name of the log.
    origin: String,
    /// SHA-256 of the origin: its name in paths.
    name: String,
    /// The key of the log, as this server knows it; absent when it is no peer any more. Ask its operator, or somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_key: Option<String>,
    /// What convicts it, oldest first; empty when nothing does.
    evidence: Vec<PieceAnswer>,
}

/// One piece of evidence.
#[derive(Serialize, ToSchema)]
struct PieceAnswer {
    /// When it was found here.
    found: DateTime<Utc>,
    #[serde(flatten)]
    piece: Piece,
}

/// Two things that a log signed and that cannot both be true.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Piece {
    /// Two signed checkpoints of one size with unequal roots.
    TwoRoots {
        /// One signed note.
        first: String,
        /// The other.
        second: String,
    },
    /// Two signed checkpoints, and the proof that the later tree does not begin with the earlier one.
    LeafContradiction {
        /// The earlier signed note.
        earlier: String,
        /// The later one.
        later: String,
        /// What the later tree has as its root at the earlier size, base64.
        root: String,
        /// The consistency proof (RFC 6962, section 2.1.2) from that root to the later signed one, base64.
        proof: Vec<String>,
    },
}

impl From<Evidence> for Piece {
    fn from(evidence: Evidence) -> Self {
        // What was verified is UTF-8: a signed note is nothing else.
        let text = |note: Vec<u8>| String::from_utf8_lossy(&note).into_owned();
        match evidence {
            Evidence::TwoRoots { first, second, .. } => Self::TwoRoots { first: text(first), second: text(second) },
            Evidence::LeafContradiction { earlier, later, root, proof, .. } => Self::LeafContradiction {
                earlier: text(earlier),
                later: text(later),
                root: root.to_base64(),
                proof: proof.iter().map(Hash::to_base64).collect(),
            },
        }
    }
}

impl EvidenceAnswer {
    fn new(name: OriginHash, held: HeldEvidence) -> Self {
        let pieces = held.pieces.into_iter().map(|(found, evidence)| PieceAnswer { found, piece: evidence.into() });
        Self {
            origin: held.origin,
            name: name.to_string(),
            log_key: held.log_key.map(|key| key.to_string()),
            evidence: pieces.collect(),
        }
    }
}

/// What convicts the log of a peer, or of somebody who was one; an empty list when nothing does.
#[utoipa::path(
    tag = "server", params(("origin_hash" = String, Path, description = "SHA-256 of the log's origin: 64 hex digits")),
    responses(
        (status = 200, description = "What is held against it", body = EvidenceAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/peers/{origin_hash}/evidence")]
pub(super) async fn read(
    request: HttpRequest,
    federation: Data<Federation>,
    origin_hash: Path<String>,
) -> Result<HttpResponse, Problem> {
    let unknown = || Problem::not_found("no peer has a log of this name, and nothing is held against one");
    let name = OriginHash::parse(&origin_hash).ok_or_else(unknown)?;
    let federation = Arc::clone(&federation);
    let held = blocking::run(move || federation.evidence_against(&name)).await?.ok_or_else(unknown)?;
    answer::json(&request, &EvidenceAnswer::new(name, held))
}

//! A notice as JSON, with everything that this server knows of it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::check_answer::{DisputeAnswer, MarkAnswer, VoidEdgeAnswer};
use super::publishers::AttestationAnswer;
use crate::ledger::domains::Attestation;
use crate::ledger::notices::{NoticeView, TextsState};
use crate::notice::{Mark, Notice, NoticeId, Texts};
use crate::verdict::Status;

/// A notice with everything that this server knows of it.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticeAnswer {
    /// SHA-256 of the payload.
    #[schema(value_type = String)]
    id: NoticeId,
    /// What it says: the payload. Its schema is `/v1/schema/notice.json`.
    #[schema(value_type = Object)]
    notice: Notice,
    /// What its issuer wrote, which stands beside the notice and may be removed.
    texts: TextsAnswer,
    /// Whether it is in force, and which other notices lift, amend or dispute it.
    #[schema(value_type = StatusAnswer)]
    status: Status,
    /// The name that the issuer's own record gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_name: Option<String>,
    /// Whether the keys of the issuer's domain began anew.
    issuer_key_changed: bool,
    /// Why the issuer's name or domain should be looked at twice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Option<Vec<MarkAnswer>>)]
    issuer_marks: Vec<Mark>,
    /// Whether the operator of this server pinned the issuer; an issuer that is not is self-asserted.
    issuer_pinned: bool,
    /// Who attested that the issuer's domain answers for the lineage that speaks here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Option<Vec<AttestationAnswer>>)]
    issuer_verified: Vec<Attestation>,
    /// The keys that signed it.
    signers: Vec<String>,
    /// RFC 6962 leaf hash of its first entry, the same on every server.
    entry: String,
    /// Index of its first entry in this log.
    index: u64,
    /// When this server first saw it.
    first_seen: DateTime<Utc>,
    /// Where it came from: `client`, `peer:<origin>`, `pin`, `import` or `own`.
    provenance: String,
}

/// What has become of a notice.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the verdict writes itself")]
struct StatusAnswer {
    /// The notice.
    notice: String,
    /// Whether it still counts. A notice that is scheduled is in force.
    in_force: bool,
    /// From when it holds, while that is still ahead.
    scheduled_for: Option<String>,
    /// The notices that lift it.
    lifted_by: Vec<LiftAnswer>,
    /// Whether notices in force lift it in different ways.
    conflict: bool,
    /// Notices in force of the same issuer that add to it.
    amended_by: Vec<String>,
    /// Who objects.
    disputed_by: Vec<DisputeAnswer>,
    /// Attempts to lift or amend it that have no power over it.
    void_edges: Vec<VoidEdgeAnswer>,
    /// What has become of its own edges.
    prior: Vec<PriorAnswer>,
}

/// A notice that lifts another.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the verdict writes itself")]
struct LiftAnswer {
    /// The notice that lifts.
    notice: String,
    /// By what: `replaces`, `revokes` or `reinstates`.
    relation: String,
}

/// What has become of an edge.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the verdict writes itself")]
struct PriorAnswer {
    /// The notice that it points at.
    notice: String,
    /// What it does to it.
    relation: String,
    /// Whether it does: `followed`, or why not.
    state: String,
}

/// A texts document: what the issuer wrote, by language.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the document writes itself")]
struct TextsDocument {
    /// 32 random bytes, base64, so that the hash says nothing of the texts.
    salt: String,
    /// One for each language.
    texts: Vec<TextAnswer>,
    /// What the issuer points at.
    references: Option<Vec<ReferenceAnswer>>,
}

/// What the issuer wrote in one language.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the document writes itself")]
struct TextAnswer {
    /// The language, a BCP 47 tag.
    language: String,
    /// What happened, and why.
    statement: String,
    /// What holders can do.
    mitigation: Option<String>,
    /// What becomes of the data.
    afterlife: Option<String>,
}

/// What the issuer points at.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the document writes itself")]
struct ReferenceAnswer {
    /// `evidence`, `report`, `article`, `discussion`, `order`, `tombstone` or `policy`.
    r#type: String,
    /// Where it is.
    url: String,
}

/// The texts of a notice.
#[derive(Serialize, ToSchema)]
struct TextsAnswer {
    /// `none`, `available`, `awaited` or `removed`.
    state: &'static str,
    /// The texts document, when it is here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<TextsDocument>)]
    document: Option<Texts>,
}

impl From<NoticeView> for NoticeAnswer {
    fn from(view: NoticeView) -> Self {
        let state = view.texts.as_str();
        let document = match view.texts {
            TextsState::Available(texts) => Some(*texts),
            TextsState::None | TextsState::Awaited | TextsState::Removed(_) => None,
        };
        Self {
            id: view.id,
            notice: view.notice,
            texts: TextsAnswer { state, document },
            status: view.status,
            issuer_name: view.issuer.name,
            issuer_key_changed: view.issuer.key_changed,
            issuer_marks: view.issuer.marks,
            issuer_pinned: view.issuer_pinned,
            issuer_verified: view.issuer_verified,
            signers: view.signers,
            entry: view.entry.to_string(),
            index: view.index,
            first_seen: view.first_seen,
            provenance: view.provenance.as_text(),
        }
    }
}

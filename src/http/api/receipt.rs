//! The receipt of a submission, as JSON.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ledger::Receipt;
use crate::ledger::domains::Waiting;
use crate::notice::{Did, DocumentHash, PayloadId};

/// Proof that an entry stands in the log. Keep it.
#[derive(Serialize, ToSchema)]
pub(super) struct ReceiptAnswer {
    /// SHA-256 of the payload: the notice id.
    #[schema(value_type = String)]
    id: PayloadId,
    /// RFC 6962 leaf hash of the entry, the same on every server.
    entry: String,
    /// Its index in this log.
    index: u64,
    /// Size of the tree that the proof is for.
    tree_size: u64,
    /// The signed checkpoint of that tree with its cosignatures: a signed note (C2SP tlog-checkpoint).
    checkpoint: String,
    /// The inclusion proof with the checkpoint: the contents of a `.tlog-proof` file (C2SP tlog-proof).
    proof: String,
    /// Whether the entry was there before.
    known: bool,
    /// Leave to upload documents that are named but not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    upload: Option<UploadAnswer>,
}

/// Leave to upload documents with `PUT /v1/documents/{sha256}`.
#[derive(Serialize, ToSchema)]
pub(super) struct UploadAnswer {
    /// Goes into `Authorization: Bearer <token>`.
    token: String,
    /// Until when.
    expires: DateTime<Utc>,
    /// Which documents.
    #[schema(value_type = Vec<String>)]
    documents: Vec<DocumentHash>,
}

/// A record that waits until its domain is verified. It is in no log, and answers no question.
#[derive(Serialize, ToSchema)]
pub(super) struct WaitingAnswer {
    /// SHA-256 of the payload.
    #[schema(value_type = String)]
    id: PayloadId,
    /// The leaf hash that the entry will have on every server.
    entry: String,
    /// Always `waiting`.
    state: &'static str,
    /// The document that is to name every active key of the record.
    did_document: String,
    /// When the domain is asked next; `GET /v1/publishers/{did}` tells how it goes.
    due: DateTime<Utc>,
}

impl From<Waiting> for WaitingAnswer {
    fn from(waiting: Waiting) -> Self {
        Self {
            id: waiting.id,
            entry: waiting.entry.to_string(),
            state: "waiting",
            did_document: document_url(&waiting.did),
            due: waiting.due,
        }
    }
}

/// Where the document of a domain lies (did:web, "Read").
fn document_url(did: &Did) -> String {
    format!("https://{}/.well-known/did.json", did.as_str().trim_start_matches("did:web:"))
}

impl From<Receipt> for ReceiptAnswer {
    fn from(receipt: Receipt) -> Self {
        // Both are ASCII texts of our own making.
        let text =
            |bytes| String::from_utf8(bytes).unwrap_or_else(|other| String::from_utf8_lossy(other.as_bytes()).into_owned());
        Self {
            id: receipt.id,
            entry: receipt.entry.to_string(),
            index: receipt.index,
            tree_size: receipt.tree_size,
            checkpoint: text(receipt.checkpoint),
            proof: text(receipt.proof),
            known: receipt.known,
            upload: receipt.upload.map(|upload| UploadAnswer {
                token: upload.token,
                expires: upload.expires,
                documents: upload.documents,
            }),
        }
    }
}

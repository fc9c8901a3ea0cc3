//! The receipt of a submission, as JSON.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ledger::Receipt;
use crate::notice::{DocumentHash, PayloadId};

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

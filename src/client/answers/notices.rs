//! Notices: what a server answers to one that it accepted, and how it shows them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::notice::{DocumentHash, NoticeId};

/// What a server answers to a submission it accepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Receipt {
    /// The HTTP status: 201 appended, 200 known before (or only looked at), 202 waiting for its domain to be verified.
    #[serde(skip_deserializing)]
    pub status: u16,
    /// SHA-256 of the payload.
    pub id: NoticeId,
    /// Leaf hash of the entry, in hexadecimal digits.
    #[serde(default)]
    pub entry: Option<String>,
    /// Whether it stood there before.
    #[serde(default)]
    pub known: bool,
    /// Where it stands in the log.
    #[serde(default)]
    pub index: Option<u64>,
    /// Size of the tree that the proof is for.
    #[serde(default)]
    pub tree_size: Option<u64>,
    /// The `.tlog-proof`.
    #[serde(default)]
    pub proof: Option<String>,
    /// Leave to upload documents that are named and not there yet.
    #[serde(default, skip_serializing)]
    pub upload: Option<UploadAnswer>,
}

/// Leave to upload documents.
#[derive(Clone, Deserialize)]
pub struct UploadAnswer {
    /// Goes into `Authorization: Bearer`.
    pub token: String,
    /// Which documents.
    pub documents: Vec<DocumentHash>,
}

/// Without the token.
impl std::fmt::Debug for UploadAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadAnswer").field("documents", &self.documents).finish_non_exhaustive()
    }
}

/// `GET /v1/notices/{id}`, as far as an asker wants to know about a match.
#[derive(Debug, Clone, Deserialize)]
pub struct NoticeAnswer {
    /// Its name.
    #[serde(default)]
    pub id: Option<NoticeId>,
    /// The notice itself.
    #[serde(alias = "notice")]
    pub payload: Value,
    /// When the server first saw it.
    #[serde(default)]
    pub first_seen: Option<DateTime<Utc>>,
    /// The issuer's name.
    #[serde(default)]
    pub issuer_name: Option<String>,
    /// The keys that signed it, `z6Mk...`
    #[serde(default)]
    pub signers: Vec<String>,
    /// Leaf hash of its first entry, in hexadecimal digits.
    #[serde(default)]
    pub entry: Option<String>,
}

/// One page of `GET /v1/notices`.
#[derive(Debug, Clone, Deserialize)]
pub struct NoticesAnswer {
    /// The notices, newest first.
    pub notices: Vec<NoticeAnswer>,
    /// Where the next page begins.
    #[serde(default)]
    pub next: Option<String>,
}

//! The shapes of what a server answers, as far as a client looks at them. Members that are not named here are let through.

mod checking;
mod issuers;
mod notices;
mod ranges;

use serde::Deserialize;

pub use checking::{CheckAnswer, EvidenceAnswer, EvidenceEntry, IdAnswer, MatchAnswer, MissingList};
pub use issuers::{
    AttestationAnswer, DomainAnswer, IssuerAnswer, KeyAnswer, LineageAnswer, MarkAnswer, PublisherAnswer, RecordAnswer,
    RecordEntryAnswer, WaitingRecordAnswer,
};
pub use notices::{NoticeAnswer, NoticesAnswer, Receipt, UploadAnswer};
pub use ranges::{DigestRangeAnswer, KnownDigestAnswer};

/// `GET /v1/server`: who a server is.
#[derive(Debug, Clone, Deserialize)]
pub struct ServerAnswer {
    /// The name of its log.
    pub origin: String,
    /// The key of its checkpoints: a verifier key.
    pub log_key: String,
    /// The key of its cosignatures: a verifier key.
    pub witness_key: String,
    /// The key of its operator statements: `z6Mk...`
    pub operator_key: String,
}

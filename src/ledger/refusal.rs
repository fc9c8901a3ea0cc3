//! Why something that was submitted did not enter the log.
//!
//! One variant per rule that can refuse, in the order of the steps of protocol section 3, so that a stable problem type, an
//! HTTP status and a peer's bookkeeping follow from the variant alone. What a client reads never contains internals: those
//! stay in the source of [`Refusal::Storage`] and go to the server's log.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::admission::Policy;
use super::documents::DocumentFault;
use super::ports::StoreError;
use super::standing::Hindrance;
use crate::envelope::{EnvelopeError, FormError};
use crate::notice::{Advice, Did, DidMethod, DocumentHash, NoticeError};

/// Why a submission was refused.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Refusal {
    /// Step 1: more bytes than any submission may have.
    #[error("the submission has {size} bytes; at most {most} are allowed")]
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        most: u64,
    },
    /// Step 2: the body is no envelope, nor an object with an envelope and documents.
    #[error("{0}")]
    Malformed(#[from] MalformedBody),
    /// Step 4: nobody here knows this payload type.
    #[error("payload type {payload_type:?} is not known here")]
    UnknownPayloadType {
        /// The type as it was written.
        payload_type: String,
    },
    /// Step 4: a type that is known, but that only the server itself may put into its log.
    #[error("payload type {payload_type:?} cannot be submitted: a server appends only its own")]
    NotSubmittable {
        /// The type.
        payload_type: &'static str,
    },
    /// Step 5: the payload is not a valid notice.
    #[error("the notice is not valid: {0}")]
    InvalidNotice(#[source] NoticeError),
    /// Step 5: the payload is not a valid publisher record.
    #[error("the publisher record is not valid: {0}")]
    InvalidRecord(#[source] FormError),
    /// Step 6: nobody here has a record of this issuer.
    #[error("the issuer {issuer} is not known here; post its publisher record first, or ask the operator to pin it")]
    UnknownIssuer {
        /// The issuer.
        issuer: Did,
    },
    /// Step 6: the issuer has said who it is, but its domain is not verified yet.
    #[error("the domain of {issuer} has not been verified by this server yet")]
    IssuerPending {
        /// The issuer.
        issuer: Did,
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// Step 6: the record that this one names as its predecessor is not here.
    #[error("the previous record of {issuer} is not known here")]
    UnknownPredecessor {
        /// The issuer.
        issuer: Did,
    },
    /// Step 6: no key of the issuer made this signature.
    #[error("the signature does not verify under any key of {issuer} that may sign now")]
    BadSignature {
        /// The issuer.
        issuer: Did,
    },
    /// Step 7: the advice rules for clients refuse it.
    #[error("the notice would not serve its readers; see the list of faults")]
    Advice(Vec<Advice>),
    /// Step 7: a publisher or host must bring the texts along.
    #[error("the texts document {document} must come along with the notice")]
    TextsMissing {
        /// The document that the notice names.
        document: DocumentHash,
    },
    /// Step 7: a document came along that the notice does not name.
    #[error("document {document} is not named by the notice")]
    UnnamedDocument {
        /// What the document hashes to.
        document: DocumentHash,
    },
    /// Step 7: a document came along that is not what the notice says.
    #[error("document {document} is not valid: {fault}")]
    InvalidDocument {
        /// The document.
        document: DocumentHash,
        /// What is wrong with it.
        #[source]
        fault: DocumentFault,
    },
    /// Step 7: the operator lets others in.
    #[error("this server accepts notices of {} only, and {issuer} is not one of them", whom(*.policy))]
    NotAdmitted {
        /// The issuer.
        issuer: Did,
        /// Who is let in.
        policy: Policy,
    },
    /// Step 7: the operator takes nothing from this issuer.
    #[error("the operator of this server takes nothing new from {issuer}")]
    Blocked {
        /// The issuer.
        issuer: Did,
    },
    /// Step 7: it claims to have been issued in the future.
    #[error("`issued` lies more than 15 minutes ahead of this server's clock")]
    IssuedAhead {
        /// From when on, by this server's clock, it may come in.
        until: DateTime<Utc>,
    },
    /// Step 8: the issuer has used up what it may add.
    #[error("{issuer} may add {most} entries {period} to this server; try again later")]
    OverQuota {
        /// The issuer.
        issuer: Did,
        /// How many.
        most: u64,
        /// "a day" or "in all".
        period: &'static str,
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// Step 9: there is no room for it now.
    #[error("nothing was promised; post again later: {0}")]
    NotNow(Hindrance),
    /// Step 9: too much is waiting already.
    #[error("the server is busy; try again in a moment")]
    Busy,
    /// Step 9: the log does not grow now, because something must be looked at by the operator.
    #[error("this log is halted; its operator has been told")]
    Halted,
    /// Step 9: storage failed; nothing was promised.
    #[error("the server cannot write now; nothing was promised, try again later")]
    Storage(#[source] StoreError),
}

/// Step 2: why a body is no submission.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MalformedBody {
    /// The envelope itself.
    #[error("{0}")]
    Envelope(#[from] EnvelopeError),
    /// The object around envelope and documents.
    #[error("the body is neither an envelope nor an object with `envelope` and `documents`: {0}")]
    Wrapper(String),
    /// A peer's entry that is not in canonical form.
    #[error("the entry is not in canonical form")]
    NotCanonical,
}

/// What a refusal of a peer's entry means for later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalClass {
    /// Provable from the bytes: never fetched again.
    Permanent,
    /// Depends on what this server knows, trusts or has room for: looked at again.
    Pending,
}

impl Refusal {
    /// The stable name of the broken rule: the last part of the problem type.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too-large",
            Self::Malformed(MalformedBody::NotCanonical) => "not-canonical",
            Self::Malformed(_) => "malformed-envelope",
            Self::UnknownPayloadType { .. } => "unknown-payload-type",
            Self::NotSubmittable { .. } => "not-submittable",
            Self::InvalidNotice(_) => "invalid-notice",
            Self::InvalidRecord(_) => "invalid-record",
            Self::UnknownIssuer { .. } => "unknown-issuer",
            Self::IssuerPending { .. } => "issuer-pending",
            Self::UnknownPredecessor { .. } => "unknown-predecessor",
            Self::BadSignature { .. } => "bad-signature",
            Self::Advice(_) => "advice",
            Self::TextsMissing { .. } => "texts-missing",
            Self::UnnamedDocument { .. } => "unnamed-document",
            Self::InvalidDocument { .. } => "invalid-document",
            Self::NotAdmitted { .. } => "not-admitted",
            Self::Blocked { .. } => "issuer-blocked",
            Self::IssuedAhead { .. } => "issued-ahead",
            Self::OverQuota { .. } => "over-quota",
            Self::NotNow(hindrance) => hindrance.rule(),
            Self::Busy => "busy",
            Self::Halted => "log-halted",
            Self::Storage(_) => "storage-unavailable",
        }
    }

    /// Whether an entry refused so may be accepted later (protocol, section 3, "From peers").
    pub fn class(&self) -> RefusalClass {
        match self {
            // A scheme that is not known yet may be known after an upgrade.
            Self::InvalidNotice(error) if error.waits_for_a_scheme() => RefusalClass::Pending,
            Self::TooLarge { .. }
            | Self::Malformed(_)
            | Self::NotSubmittable { .. }
            | Self::InvalidNotice(_)
            | Self::InvalidRecord(_)
            | Self::Advice(_)
            | Self::TextsMissing { .. }
            | Self::UnnamedDocument { .. }
            | Self::InvalidDocument { .. } => RefusalClass::Permanent,
            // The key of a did:key is the identity, so nothing can mend it; a domain may list another key later.
            Self::BadSignature { issuer } if matches!(issuer.method(), DidMethod::Key(_)) => RefusalClass::Permanent,
            Self::BadSignature { .. }
            | Self::UnknownPayloadType { .. }
            | Self::UnknownIssuer { .. }
            | Self::IssuerPending { .. }
            | Self::UnknownPredecessor { .. }
            | Self::NotAdmitted { .. }
            | Self::Blocked { .. }
            | Self::IssuedAhead { .. }
            | Self::OverQuota { .. }
            | Self::NotNow(_)
            | Self::Busy
            | Self::Halted
            | Self::Storage(_) => RefusalClass::Pending,
        }
    }
}

/// Whom a policy lets in, in words.
fn whom(policy: Policy) -> &'static str {
    match policy {
        Policy::Pinned => "pinned publishers",
        Policy::Verified => "publishers that are pinned or whose domain is verified",
        Policy::Open => "everybody",
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Storage(error)
    }
}

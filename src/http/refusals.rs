//! Which refusal is which problem: the table of protocol section 3 with its statuses, and its like for documents and reads.
//!
//! The matches are exhaustive, so that a new rule cannot be forgotten here.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};

use super::problem::{Problem, ProblemFlaw};
use crate::envelope::FormError;
use crate::ledger::check::EvidenceError;
use crate::ledger::compact_list::MakingError;
use crate::ledger::documents::{DocumentFault, DocumentRefusal};
use crate::ledger::log::ResourceError;
use crate::ledger::{MalformedBody, Refusal, StoreError};
use crate::notice::{Advice, NoticeError, TextsError};
use crate::strict_json::{Flaws, SyntaxFault};

/// When trying again makes sense after storage failed.
const STORAGE_RETRY: Duration = Duration::from_secs(30);
/// The same when there is no room: an operator must make some, and the server goes on at once.
const ROOM_RETRY: Duration = Duration::from_mins(1);
/// The same when somebody else is at it.
const BUSY_RETRY: Duration = Duration::from_secs(5);
/// The same when a quota is used up.
const QUOTA_RETRY: Duration = Duration::from_hours(24);
/// The same for a log that an operator must look at.
const HALTED_RETRY: Duration = Duration::from_mins(10);

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let rule = refusal.rule();
        let detail = refusal.to_string();
        let problem = |status, title| Self::new(status, rule, title, detail.clone());
        match refusal {
            Refusal::TooLarge { .. } => problem(StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large"),
            Refusal::Malformed(MalformedBody::Envelope(_) | MalformedBody::Wrapper(_) | MalformedBody::NotCanonical) => {
                problem(StatusCode::BAD_REQUEST, "The body is not a signed envelope")
            }
            Refusal::UnknownPayloadType { .. } => {
                problem(StatusCode::UNPROCESSABLE_ENTITY, "The payload type is not known here")
            }
            Refusal::NotSubmittable { .. } => {
                problem(StatusCode::UNPROCESSABLE_ENTITY, "Payloads of this type cannot be submitted")
            }
            Refusal::InvalidNotice(error) => {
                problem(StatusCode::UNPROCESSABLE_ENTITY, "The notice is not valid").with_flaws(notice_flaws(&error))
            }
            Refusal::InvalidRecord(error) => {
                problem(StatusCode::UNPROCESSABLE_ENTITY, "The publisher record is not valid").with_flaws(record_flaws(&error))
            }
            Refusal::UnknownIssuer { .. } => problem(StatusCode::FORBIDDEN, "The issuer is not known here"),
            Refusal::IssuerPending { retry_after, .. } => {
                problem(StatusCode::FORBIDDEN, "The issuer's domain is not verified here yet").retry_after(retry_after)
            }
            Refusal::UnknownPredecessor { .. } => {
                problem(StatusCode::FORBIDDEN, "The record continues one that is not known here")
            }
            Refusal::BadSignature { .. } => {
                problem(StatusCode::FORBIDDEN, "The signature is not that of a key which may sign for the issuer")
            }
            Refusal::Advice(advice) => problem(StatusCode::UNPROCESSABLE_ENTITY, "The notice would not serve its readers")
                .with_flaws(advice.iter().map(advice_flaw)),
            Refusal::TextsMissing { .. } => problem(StatusCode::UNPROCESSABLE_ENTITY, "The texts document did not come along"),
            Refusal::UnnamedDocument { .. } => {
                problem(StatusCode::UNPROCESSABLE_ENTITY, "A document came along that the payload does not name")
            }
            Refusal::InvalidDocument { fault, .. } => {
                let flaws = match &fault {
                    DocumentFault::Texts(fault) => texts_flaws(fault),
                    DocumentFault::List(fault) => whole("digest-list", fault),
                };
                problem(StatusCode::UNPROCESSABLE_ENTITY, "The document is not valid").with_flaws(flaws)
            }
            Refusal::NotAdmitted { .. } | Refusal::Blocked { .. } => {
                problem(StatusCode::FORBIDDEN, "The issuer is not admitted here")
            }
            Refusal::IssuedAhead { .. } => problem(StatusCode::UNPROCESSABLE_ENTITY, "The payload was issued in the future"),
            Refusal::OverQuota { retry_after, .. } => {
                problem(StatusCode::TOO_MANY_REQUESTS, "The issuer's quota is used up").retry_after(retry_after)
            }
            Refusal::NotNow(_) => problem(StatusCode::SERVICE_UNAVAILABLE, "Nothing is taken in now").retry_after(ROOM_RETRY),
            Refusal::Busy => problem(StatusCode::SERVICE_UNAVAILABLE, "The server is busy").retry_after(Duration::from_secs(1)),
            Refusal::Halted => problem(StatusCode::SERVICE_UNAVAILABLE, "The log is halted").retry_after(HALTED_RETRY),
            Refusal::Storage(error) => {
                tell(&error);
                problem(StatusCode::SERVICE_UNAVAILABLE, "The server cannot reach its storage").retry_after(STORAGE_RETRY)
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tell(&error);
        let detail = "the server cannot reach its storage now; try again later";
        let title = "The server cannot reach its storage";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "storage-unavailable", title, detail).retry_after(STORAGE_RETRY)
    }
}

impl From<EvidenceError> for Problem {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::TooMuch { .. } => {
                let title = "The answers follow from too much to be proved at once";
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "too-much-evidence", title, error.to_string())
            }
            EvidenceError::Store(error) => error.into(),
        }
    }
}

impl From<MakingError> for Problem {
    fn from(error: MakingError) -> Self {
        match error {
            MakingError::Store(error) => error.into(),
            MakingError::Form(_) => Self::internal("making the head of the compact list", &error),
        }
    }
}

impl From<ResourceError> for Problem {
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::Path(_) | ResourceError::NotPublished => Self::not_found(error.to_string()),
            ResourceError::Halted => Refusal::Halted.into(),
            ResourceError::Store(error) => error.into(),
        }
    }
}

impl From<DocumentRefusal> for Problem {
    fn from(refusal: DocumentRefusal) -> Self {
        let rule = refusal.rule();
        let detail = refusal.to_string();
        let problem = |status, title| Self::new(status, rule, title, detail.clone());
        match refusal {
            DocumentRefusal::NotNamed(_) => problem(StatusCode::NOT_FOUND, "No notice names the document"),
            DocumentRefusal::NotGranted(_) => problem(StatusCode::FORBIDDEN, "The upload token is not good for the document"),
            DocumentRefusal::OtherBytes { .. } => {
                problem(StatusCode::UNPROCESSABLE_ENTITY, "The bytes are not those that the name says")
            }
            DocumentRefusal::Removed(_) => {
                problem(StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS, "The document was removed from this server")
            }
            DocumentRefusal::Texts(fault) => {
                problem(StatusCode::UNPROCESSABLE_ENTITY, "The document is not valid").with_flaws(texts_flaws(&fault))
            }
            DocumentRefusal::List(_) => problem(StatusCode::UNPROCESSABLE_ENTITY, "The document is not valid"),
            DocumentRefusal::NotAList(_) => problem(StatusCode::CONFLICT, "The document does not come in pieces"),
            DocumentRefusal::Offset { offset, .. } => problem(StatusCode::CONFLICT, "The upload is somewhere else")
                .with_header(HeaderName::from_static("upload-offset"), HeaderValue::from(offset)),
            DocumentRefusal::Busy(_) => {
                problem(StatusCode::SERVICE_UNAVAILABLE, "The list is not taken in at this moment").retry_after(BUSY_RETRY)
            }
            DocumentRefusal::OverQuota { .. } => {
                problem(StatusCode::TOO_MANY_REQUESTS, "The issuer has no room for more lists").retry_after(QUOTA_RETRY)
            }
            DocumentRefusal::NotNow(_) => {
                problem(StatusCode::SERVICE_UNAVAILABLE, "Nothing is taken in now").retry_after(ROOM_RETRY)
            }
            DocumentRefusal::Store(error) => error.into(),
        }
    }
}

/// The missing token of an upload: RFC 6750, section 3.
pub(super) fn token_missing() -> Problem {
    let detail = "send the upload token of the notice's receipt as `Authorization: Bearer <token>`";
    Problem::new(StatusCode::UNAUTHORIZED, "upload-token-missing", "An upload needs a token", detail)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// What a client never reads goes to the program's log.
fn tell(error: &StoreError) {
    match error {
        StoreError::Unavailable { doing, source } => tracing::error!(doing, cause = %source, "storage is unavailable"),
        StoreError::Corrupt { what } => tracing::error!(what, "stored data is corrupt; run `palinode fsck`"),
    }
}

fn notice_flaws(error: &NoticeError) -> Vec<ProblemFlaw> {
    match error {
        NoticeError::TooLarge { .. } => whole("too-large", error),
        NoticeError::Syntax(fault) => syntax(fault),
        NoticeError::Form(flaws) => form(flaws),
    }
}

fn record_flaws(error: &FormError) -> Vec<ProblemFlaw> {
    match error {
        FormError::TooLarge { .. } => whole("too-large", error),
        FormError::Syntax(fault) => syntax(fault),
        FormError::Form(flaws) => form(flaws),
    }
}

fn texts_flaws(error: &TextsError) -> Vec<ProblemFlaw> {
    match error {
        TextsError::TooLarge { .. } => whole("too-large", error),
        TextsError::Syntax(fault) => syntax(fault),
        TextsError::Form(flaws) => form(flaws),
    }
}

fn whole(rule: &'static str, error: &dyn std::fmt::Display) -> Vec<ProblemFlaw> {
    vec![ProblemFlaw { pointer: String::new(), rule, message: error.to_string() }]
}

fn syntax(fault: &SyntaxFault) -> Vec<ProblemFlaw> {
    whole("syntax", fault)
}

fn form(flaws: &Flaws) -> Vec<ProblemFlaw> {
    flaws.as_slice().iter().map(ProblemFlaw::from).collect()
}

fn advice_flaw(advice: &Advice) -> ProblemFlaw {
    ProblemFlaw { pointer: advice.pointer.to_string(), rule: advice.rule.as_str(), message: advice.message.clone() }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;

    use super::*;

    #[test]
    fn what_passes_by_itself_is_503_and_says_when_to_come_back() {
        let disk = Refusal::Storage(StoreError::Corrupt { what: "a secret of the disk".to_owned() });
        for (refusal, rule) in [(Refusal::Busy, "busy"), (Refusal::Halted, "log-halted"), (disk, "storage-unavailable")] {
            let problem = Problem::from(refusal);
            assert_eq!((problem.status_code().as_u16(), problem.rule()), (503, rule));
            assert!(problem.error_response().headers().contains_key(header::RETRY_AFTER), "{rule}");
            assert!(!problem.to_string().contains("secret"), "internals go to the program's log only");
        }
    }
}

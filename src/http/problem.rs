//! Problem documents (RFC 9457): every answer that is not what was asked for.
//!
//! The type is `urn:palinode:problem:<rule>`, one for each rule, and stable: programs compare it. The detail is for people and
//! never holds internals; those go to the program's log where the problem is made. What strangers sent is repeated in part only, so
//! that no request makes an answer that is much larger than itself.

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use chrono::SecondsFormat;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ledger::removal::Tombstone;
use crate::strict_json::Flaw;

/// Most faults of form that are told, and most characters of a text that is.
const MOST_FLAWS: usize = 100;
const MOST_CHARACTERS: usize = 500;

/// The content type of problem documents.
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// A problem, before it becomes an answer.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    rule: &'static str,
    title: &'static str,
    detail: String,
    flaws: Vec<ProblemFlaw>,
    removal: Option<Box<ProblemRemoval>>,
    digits: Option<u8>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// A problem document, RFC 9457.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// `urn:palinode:problem:<rule>`: which rule was broken.
    #[serde(rename = "type")]
    #[schema(example = "urn:palinode:problem:bad-signature")]
    kind: String,
    /// What this type of problem is about.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened here, for people.
    detail: String,
    /// Every fault of form, when a document was not valid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flaws: Vec<ProblemFlaw>,
    /// What is known of a removal, when what was asked for was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    removal: Option<Box<ProblemRemoval>>,
    /// With `too-many-digests`: with how many digits the range is short enough, as far as that could be found out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 6)]
    digits: Option<u8>,
}

/// The tombstone of something that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemRemoval {
    /// When it was removed.
    #[schema(example = "2026-11-23T10:00:00Z")]
    pub removed: String,
    /// On what ground: `legal-order`, `personal-data`, `rights`, `issuer-request` or `policy`; absent when nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<&'static str>,
    /// Under whose law: an ISO 3166 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// A file number or the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// One fault of form in what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemFlaw {
    /// Where: a JSON pointer (RFC 6901) into the document.
    pub pointer: String,
    /// Which rule of form.
    pub rule: &'static str,
    /// What to do about it, for people.
    pub message: String,
}

impl From<&Tombstone> for ProblemRemoval {
    fn from(tombstone: &Tombstone) -> Self {
        let ground = tombstone.ground();
        Self {
            removed: tombstone.removed.to_rfc3339_opts(SecondsFormat::Secs, true),
            basis: ground.map(|ground| ground.basis.as_str()),
            jurisdiction: ground.and_then(|ground| ground.jurisdiction.clone()),
            reference: ground.and_then(|ground| ground.reference.clone()),
        }
    }
}

impl From<&Flaw> for ProblemFlaw {
    fn from(flaw: &Flaw) -> Self {
        Self { pointer: flaw.pointer.to_string(), rule: flaw.rule, message: flaw.message.clone() }
    }
}

impl Problem {
    /// A problem of the type `rule`; `title` is the same whenever the rule is.
    pub fn new(status: StatusCode, rule: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            rule,
            title,
            detail: shortened(detail.into()),
            flaws: Vec::new(),
            removal: None,
            digits: None,
            headers: Vec::new(),
        }
    }

    /// Nothing stands at this path, or under this name.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here", detail)
    }

    /// A query or a path that cannot be read.
    pub fn bad_request(rule: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, rule, "The request cannot be read", detail)
    }

    /// Something that must not happen did; the cause goes to the program's log.
    pub fn internal(doing: &'static str, cause: &dyn fmt::Display) -> Self {
        tracing::error!(doing, cause = %cause, "a request failed inside the server");
        let detail = "the server failed to answer; its operator can read why in the server's log";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server failed", detail)
    }

    /// The same with the faults of form, the first hundred of them.
    #[must_use]
    pub fn with_flaws(mut self, flaws: impl IntoIterator<Item = ProblemFlaw>) -> Self {
        let short = |flaw: ProblemFlaw| ProblemFlaw {
            pointer: shortened(flaw.pointer),
            rule: flaw.rule,
            message: shortened(flaw.message),
        };
        self.flaws.extend(flaws.into_iter().take(MOST_FLAWS).map(short));
        self
    }

    /// The same with what is known of a removal.
    #[must_use]
    pub fn with_removal(mut self, removal: ProblemRemoval) -> Self {
        self.removal = Some(Box::new(removal));
        self
    }

    /// The same with how many digits of a digest are enough.
    #[must_use]
    pub fn with_digits(mut self, digits: usize) -> Self {
        self.digits = u8::try_from(digits).ok();
        self
    }

    /// The same with when trying again makes sense.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)))
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The last part of the type.
    pub fn rule(&self) -> &'static str {
        self.rule
    }

    /// What happened here, for people.
    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    /// What is known of a removal.
    pub(super) fn removal(&self) -> Option<&ProblemRemoval> {
        self.removal.as_deref()
    }

    fn document(&self) -> ProblemDocument {
        ProblemDocument {
            kind: format!("urn:palinode:problem:{}", self.rule),
            title: self.title,
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            flaws: self.flaws.clone(),
            removal: self.removal.clone(),
            digits: self.digits,
        }
    }
}

/// The beginning of a long text.
fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MOST_CHARACTERS) {
        text.truncate(end);
        text.push('\u{2026}');
    }
    text
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.detail, self.rule)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        // `json` keeps a content type that stands already.
        let mut response = response.content_type(PROBLEM_JSON).json(self.document());
        // For `pages::errors`, which says the same to people.
        response.extensions_mut().insert(self.clone());
        response
    }
}

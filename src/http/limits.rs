//! What a request may bring: refused before it is buffered, and never decompressed.
//!
//! actix-web has no deadline for bodies, and its extractors buffer before handlers are asked; so handlers that take a body take
//! a [`Body`], which has read nothing yet, and say how much they want.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::{self, Payload};
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;

use super::problem::Problem;
use crate::ledger::{MAX_ENVELOPE, MAX_SUBMISSION};

/// What one request may ask for and bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest body of a submission without documents, in bytes.
    pub body: usize,
    /// Largest body of any other request, a submission with documents among them, in bytes.
    pub body_with_documents: usize,
    /// Most identifiers in one question.
    pub check_ids: usize,
    /// Most notices on one page of a search.
    pub page_items: usize,
    /// Most connections at a time; more wait until one ends.
    pub connections: usize,
    /// How long a body may take to arrive.
    pub body_deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: MAX_ENVELOPE,
            body_with_documents: MAX_SUBMISSION,
            check_ids: crate::ledger::check::MAX_IDS,
            page_items: crate::ledger::notices::MAX_PAGE,
            connections: 2_048,
            body_deadline: Duration::from_secs(30),
        }
    }
}

/// A body that nobody has read yet.
pub(super) struct Body {
    payload: Payload,
    declared: Option<u64>,
    content_type: String,
}

impl FromRequest for Body {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let declared = length.and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
        ready(Ok(Self { payload: payload.take(), declared, content_type: request.content_type().to_ascii_lowercase() }))
    }
}

impl Body {
    /// Refuses bodies that do not call themselves JSON. A page of another site cannot send one without asking first.
    pub(super) fn json(self) -> Result<Self, Problem> {
        let subtype = self.content_type.strip_prefix("application/");
        if subtype.is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json")) {
            return Ok(self);
        }
        let detail = "send the body with `Content-Type: application/json`";
        Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", "The content type is not taken here", detail))
    }

    /// Reads at most `most` bytes, within the deadline. A body that says it is larger is refused unread; one that says nothing,
    /// as soon as it is.
    pub(super) async fn read(self, most: usize, deadline: Duration) -> Result<Vec<u8>, Problem> {
        let Self { payload, declared, .. } = self;
        if declared.is_some_and(|declared| declared > most as u64) {
            return Err(too_large(most));
        }
        match tokio::time::timeout(deadline, collect(payload, most)).await {
            Ok(read) => read,
            Err(_elapsed) => {
                let detail = format!("the body did not arrive within {} seconds", deadline.as_secs());
                Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "body-timeout", "The body took too long", detail))
            }
        }
    }
}

async fn collect(mut payload: dev::Payload, most: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| Problem::bad_request("body-broken", format!("the body broke off: {e}")))?;
        if bytes.len() + chunk.len() > most {
            return Err(too_large(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn too_large(most: usize) -> Problem {
    let detail = format!("at most {most} bytes are taken here");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The request body is too large", detail)
}

/// Request bodies are never decompressed: a few bytes could become gigabytes.
pub(super) fn encoded() -> Problem {
    let detail = "send the body as it is, without `Content-Encoding`";
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-encoding", "Encoded bodies are not taken here", detail)
}

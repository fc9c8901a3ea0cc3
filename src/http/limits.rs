//! What a request may bring: refused before it is buffered, and never decompressed.
//!
//! actix-web has no deadline for bodies, and its extractors buffer before handlers are asked; so handlers that take a body take
//! a [`Body`], which has read nothing yet, and say how much they want. All large bodies together have a budget of memory, so
//! that many of them at once cost no more than a few.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{self, Payload};
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::client_address::Proxies;
use super::connection::{Deadlines, Pace};
use super::events::EventLimits;
use super::problem::Problem;
use super::rates::Rates;
use crate::ledger::{MAX_ENVELOPE, MAX_SUBMISSION};

/// What one request may ask for and bring, how often a client may come, and how long it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Largest body of a submission without documents, in bytes.
    pub body: usize,
    /// Largest body of any other request, a submission with documents among them, in bytes.
    pub body_with_documents: usize,
    /// Most identifiers in one question.
    pub check_ids: usize,
    /// Most bytes of entries and proofs that an answer is proved with.
    pub evidence: usize,
    /// Most notices on one page of a search.
    pub page_items: usize,
    /// How long a client may take for its part.
    pub deadlines: Deadlines,
    /// Most connections at once.
    pub connections: usize,
    /// Most connections of one client at once.
    pub connections_per_client: usize,
    /// How many follow what comes into the log.
    pub events: EventLimits,
    /// How often one client may ask.
    pub rates: Rates,
    /// Whose word about the client of a request counts.
    pub proxies: Proxies,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: MAX_ENVELOPE,
            body_with_documents: MAX_SUBMISSION,
            check_ids: crate::ledger::check::MAX_IDS,
            evidence: crate::ledger::check::MAX_EVIDENCE,
            page_items: crate::ledger::notices::MAX_PAGE,
            deadlines: Deadlines::default(),
            connections: 2_048,
            connections_per_client: 256,
            events: EventLimits::default(),
            rates: Rates::default(),
            proxies: Proxies::default(),
        }
    }
}

/// How much of every body is not counted, in bytes: an entry fits in, so that large bodies never keep small ones out.
const UNCOUNTED: usize = 128 << 10;
/// How much the rest of all bodies may take at once, in bytes.
const BUDGET: usize = 32 << 20;

/// The memory that large bodies share, in bytes.
pub(super) struct Budget(Arc<Semaphore>);

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BUDGET)))
    }
}

/// A body that nobody has read yet.
pub(super) struct Body {
    payload: Payload,
    declared: Option<u64>,
    content_type: String,
    budget: Arc<Semaphore>,
    pace: Option<Rc<Pace>>,
}

/// A body that was read, with its share of the budget.
pub(super) struct Buffered {
    bytes: Vec<u8>,
    shares: Vec<OwnedSemaphorePermit>,
}

impl Deref for Buffered {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Buffered {
    /// The bytes, no longer counted.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl FromRequest for Body {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let declared = length.and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
        let budget = request.app_data::<Data<Budget>>().map_or_else(|| Budget::default().0, |budget| budget.0.clone());
        let content_type = request.content_type().to_ascii_lowercase();
        let pace = request.conn_data::<Rc<Pace>>().cloned();
        ready(Ok(Self { payload: payload.take(), declared, content_type, budget, pace }))
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
    pub(super) async fn read(self, most: usize, limits: &Limits) -> Result<Buffered, Problem> {
        let Self { payload, declared, budget, pace, .. } = self;
        if declared.is_some_and(|declared| declared > most as u64) {
            return Err(too_large(most));
        }
        let deadline = limits.deadlines.body;
        let read = tokio::time::timeout(deadline, collect(payload, most, &budget)).await;
        if let Some(pace) = pace {
            pace.body_is_over();
        }
        match read {
            Ok(read) => read,
            Err(_elapsed) => {
                let detail = format!("the body did not arrive within {} seconds", deadline.as_secs());
                Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "body-timeout", "The body took too long", detail))
            }
        }
    }
}

async fn collect(mut payload: dev::Payload, most: usize, budget: &Arc<Semaphore>) -> Result<Buffered, Problem> {
    let mut body = Buffered { bytes: Vec::new(), shares: Vec::new() };
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| Problem::bad_request("body-broken", format!("the body broke off: {e}")))?;
        let grown = body.bytes.len() + chunk.len();
        if grown > most {
            return Err(too_large(most));
        }
        let counted = grown.saturating_sub(UNCOUNTED.max(body.bytes.len()));
        if counted > 0 {
            let share = u32::try_from(counted).ok().and_then(|share| budget.clone().try_acquire_many_owned(share).ok());
            body.shares.push(share.ok_or_else(no_room)?);
        }
        body.bytes.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Too many large bodies come at once.
fn no_room() -> Problem {
    let detail = "too many large bodies arrive at once; try again in a moment";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The server is busy", detail).retry_after(Duration::from_secs(5))
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

//! `GET /v1/events`: what comes into the log, as server-sent events (HTML Standard, "Server-sent events").
//!
//! The id of an event is the index of its entry, so whoever was cut off says with `Last-Event-ID` where it was, as browsers do by
//! themselves, and misses nothing. Its data is the line that `/v1/changes` has for the entry. Nothing is kept for a reader: it holds a
//! place in the log, reads from there, and a reader that stops taking is cut off by the deadline of its connection. Each answer holds one
//! of a bounded number of seats, which is free again as soon as the connection is closed, and all end when the server is about to stop.
//!
//! | file | is |
//! |---|---|
//! | `page` | entries as events, made once for all who follow |
//! | `follower` | one reader, and what it is sent |

mod follower;
mod page;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use self::follower::{Follower, Progress};
use self::page::Pages;
use super::connection::Pace;
use super::filters;
use super::limits::Limits;
use super::problem::{Problem, ProblemDocument};
use super::seats::{NoSeat, Seat, Seats};
use crate::ledger::Ledger;
use crate::ledger::stored::NoticeFilter;

/// When to come back after there was no seat, or the server stopped.
const COME_BACK: Duration = Duration::from_secs(30);
/// Where a reader was that comes back.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How events are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventLimits {
    /// Most answers of events at once.
    pub streams: usize,
    /// Most of one client.
    pub streams_per_client: usize,
    /// How long nothing may be sent: shorter than connections may be silent, here and in proxies.
    pub heartbeat: Duration,
}

impl Default for EventLimits {
    fn default() -> Self {
        Self { streams: 256, streams_per_client: 8, heartbeat: Duration::from_secs(15) }
    }
}

/// Who follows, and the page that was read last for all of them.
pub(super) struct Audience {
    seats: Seats,
    pages: Arc<Pages>,
}

impl Audience {
    pub(super) fn new(limits: &Limits) -> Self {
        let EventLimits { streams, streams_per_client, .. } = limits.events;
        Self { seats: Seats::new(streams_per_client, streams, limits.proxies.clone()), pages: Arc::default() }
    }

    fn seat(&self, request: &HttpRequest) -> Result<Seat, Problem> {
        let seat = self.seats.take_for(request.peer_addr().map(|peer| peer.ip()), request.headers());
        seat.map_err(|none| {
            let (status, rule) = match none {
                NoSeat::Client => (StatusCode::TOO_MANY_REQUESTS, "too-many-streams"),
                NoSeat::All => (StatusCode::SERVICE_UNAVAILABLE, "no-stream-left"),
            };
            let detail = format!("{none}; read /v1/changes instead, or come back later");
            Problem::new(status, rule, "There is no room for another stream of events", detail).retry_after(COME_BACK)
        })
    }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(events);
}

/// What is followed, and from where.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventsQuery {
    /// Only entries behind this index, those that are there already among them; `-1` is before the first. When absent, what comes from
    /// now on. `Last-Event-ID` goes before it.
    #[param(value_type = Option<i64>, minimum = -1, example = 41)]
    after: Option<String>,
    /// Only notices of this issuer, a DID.
    issuer: Option<String>,
    /// Only notices of this type, for example `retraction`.
    r#type: Option<String>,
    /// Only notices with this reason, for example `consent`.
    reason: Option<String>,
    /// Only notices by issuers in this role, for example `publisher`.
    role: Option<String>,
}

/// Follow what comes into the log.
///
/// Events are named `notice`, `publisher` and `operator` after what their entries are; with a filter only notices come. The `data` of each
/// is what `/v1/changes` has as its line, and its `id` the index. Every 15 seconds without one, a comment with the place in the log
/// comes. An answer that begins more than 10,000 entries back ends after so many, and all end when the server stops: connect again
/// with the last id, as browsers do.
#[utoipa::path(
    tag = "notices",
    params(
        EventsQuery,
        ("Last-Event-ID" = Option<i64>, Header, description = "The last id that was seen: only entries behind it", example = 41),
    ),
    responses(
        (status = 200, description = "Server-sent events, until somebody ends it", body = String, content_type = "text/event-stream"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/events")]
async fn events(
    request: HttpRequest,
    ledger: Data<Ledger>,
    limits: Data<Limits>,
    audience: Data<Audience>,
    query: Query<EventsQuery>,
) -> Result<HttpResponse, Problem> {
    let EventsQuery { after, issuer, r#type, reason, role } = query.into_inner();
    let filter = filters::of(issuer.as_deref(), r#type.as_deref(), reason.as_deref(), role.as_deref())?;
    let growth = ledger.watch_growth();
    let next = begins(&request, after.as_deref(), ledger.published().head.size)?;
    let stopping = ledger.stopping();
    if stopping.is_cancelled() {
        let detail = "the server is stopping; come back when it is there again, or ask another one";
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "The server is stopping", detail);
        return Err(problem.retry_after(COME_BACK));
    }
    let follower = Follower {
        pages: Arc::clone(&audience.pages),
        filter: (filter != NoticeFilter::default()).then_some(filter),
        next,
        growth,
        stopping,
        gone: request.conn_data::<Rc<Pace>>().map(|pace| pace.gone()).unwrap_or_default(),
        heartbeat: limits.events.heartbeat,
        progress: Progress::Begins,
        _seat: audience.seat(&request)?,
        ledger,
    };
    let pieces = stream::try_unfold(follower, |mut follower| async move {
        let piece = follower.piece().await?;
        Ok::<_, Problem>(piece.map(|piece| (piece, follower)))
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // nginx keeps answers back until it has enough of them.
        .insert_header((HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")))
        .streaming(pieces))
}

/// Index of the first entry that a reader gets.
fn begins(request: &HttpRequest, after: Option<&str>, size: u64) -> Result<u64, Problem> {
    let header = request.headers().get(LAST_EVENT_ID).map(|value| value.to_str().unwrap_or("?"));
    let Some(seen) = header.or(after).filter(|text| !text.is_empty()) else { return Ok(size) };
    let next = match seen {
        "-1" => Some(0),
        index => index.parse::<u64>().ok().and_then(|index| index.checked_add(1)),
    };
    let Some(next) = next else {
        return Err(Problem::bad_request("bad-query", format!("{seen:?} is no index of an entry, nor -1")));
    };
    if next > size {
        let detail = format!("the log has {size} entries, so nobody saw one behind {seen} here; was it another log?");
        return Err(Problem::bad_request("behind-the-end", detail));
    }
    Ok(next)
}

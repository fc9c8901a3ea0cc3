//! `POST /v1/notices` and `GET /v1/notices`.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::notice_answer::NoticeAnswer;
use super::receipt::ReceiptAnswer;
use super::submit::{Door, KnownAnswer, SubmissionBody, SubmitQuery, submit};
use crate::http::blocking::on_ledger;
use crate::http::filters::{self, read};
use crate::http::limits::{Body, Limits};
use crate::http::problem::{Problem, ProblemDocument};
use crate::http::{answer, paging};
use crate::ledger::Ledger;
use crate::ledger::notices::{Cursor, NoticeSearch};
use crate::ledger::stored::NoticeFilter;

/// Submit a signed notice, with the documents it names.
///
/// Answers when the notice is durable and covered by a signed checkpoint. Repeating it is harmless.
#[utoipa::path(
    tag = "notices", params(SubmitQuery), request_body(content = SubmissionBody, content_type = "application/json"),
    responses(
        (status = 201, description = "It is in the log now", body = ReceiptAnswer),
        (status = 200, description = "It was in the log already, or this was a dry run", body = KnownAnswer),
        (status = "default", description = "It was refused", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[post("/v1/notices")]
pub(super) async fn post(
    ledger: Data<Ledger>,
    limits: Data<Limits>,
    query: Query<SubmitQuery>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    submit(ledger, &limits, body, &query, Door::Notices).await
}

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NoticesQuery {
    /// Words to find in titles and texts; all must be there.
    q: Option<String>,
    /// Only of this issuer, a DID.
    issuer: Option<String>,
    /// Only of this type, for example `retraction`.
    r#type: Option<String>,
    /// Only with this reason, for example `consent`.
    reason: Option<String>,
    /// Only by issuers in this role, for example `publisher`.
    role: Option<String>,
    /// First seen by this server at or after this time (RFC 3339).
    since: Option<String>,
    /// First seen by this server before this time (RFC 3339).
    until: Option<String>,
    /// Where the page before ended: its `next`.
    cursor: Option<String>,
    /// How many at most; 20 when absent.
    limit: Option<usize>,
}

/// One page of notices, newest first.
#[derive(Serialize, ToSchema)]
struct NoticesAnswer {
    /// Size of the tree that was searched.
    tree_size: u64,
    /// The notices.
    notices: Vec<NoticeAnswer>,
    /// The `cursor` of the next page, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Search notices, newest first.
#[utoipa::path(
    tag = "notices", params(NoticesQuery),
    responses(
        (status = 200, description = "A page of notices", body = NoticesAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/notices")]
pub(super) async fn list(
    request: HttpRequest,
    ledger: Data<Ledger>,
    limits: Data<Limits>,
    query: Query<NoticesQuery>,
) -> Result<HttpResponse, Problem> {
    let search = query.into_inner().search(limits.page_items)?;
    let page = on_ledger(&ledger, move |ledger| ledger.search(&search)).await?;
    let found = NoticesAnswer {
        tree_size: page.tree_size,
        notices: page.notices.into_iter().map(NoticeAnswer::from).collect(),
        next: page.next.map(Cursor::to_text),
    };
    Ok(paging::with_next(&request, answer::json(&request, &found)?, found.next.as_deref()))
}

/// How many notices a page has when nobody says.
const PAGE: usize = 20;

impl NoticesQuery {
    fn search(self, most: usize) -> Result<NoticeSearch, Problem> {
        let Self { issuer, r#type, reason, role, since, until, .. } = &self;
        let filter = NoticeFilter {
            since: read("since", since.as_deref(), time)?,
            until: read("until", until.as_deref(), time)?,
            ..filters::of(issuer.as_deref(), r#type.as_deref(), reason.as_deref(), role.as_deref())?
        };
        Ok(NoticeSearch {
            cursor: read("cursor", self.cursor.as_deref(), Cursor::parse)?,
            words: self.q.unwrap_or_default(),
            filter,
            limit: self.limit.unwrap_or(PAGE).clamp(1, most),
        })
    }
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}

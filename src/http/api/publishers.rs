//! `/v1/publishers`: who issuers are.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::check_answer::MarkAnswer;
use super::receipt::{ReceiptAnswer, WaitingAnswer};
use super::submit::{Door, KnownAnswer, SubmissionBody, SubmitQuery, submit};
use crate::http::blocking::on_ledger;
use crate::http::filters::read as read_parameter;
use crate::http::limits::{Body, Limits};
use crate::http::problem::{Problem, ProblemDocument};
use crate::http::{answer, paging};
use crate::ledger::Ledger;
use crate::ledger::publishers::PublisherView;
use crate::notice::Did;

/// Submit a signed publisher record.
#[utoipa::path(
    tag = "publishers", params(SubmitQuery), request_body(content = SubmissionBody, content_type = "application/json"),
    responses(
        (status = 201, description = "It is in the log now", body = ReceiptAnswer),
        (status = 200, description = "It was in the log already, or this was a dry run", body = KnownAnswer),
        (status = 202, description = "It waits until its domain is verified", body = WaitingAnswer),
        (status = "default", description = "It was refused", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[post("/v1/publishers")]
pub(super) async fn post(
    ledger: Data<Ledger>,
    limits: Data<Limits>,
    query: Query<SubmitQuery>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    submit(ledger, &limits, body, &query, Door::Publishers).await
}

/// Which publishers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PublishersQuery {
    /// Where the page before ended: its `next`.
    cursor: Option<String>,
    /// How many at most, up to 100; 100 when absent.
    limit: Option<usize>,
}

/// A page of issuers, in the order of their DIDs.
#[derive(Serialize, ToSchema)]
struct PublishersAnswer {
    /// The issuers.
    #[schema(value_type = Vec<PublisherAnswer>)]
    publishers: Vec<PublisherView>,
    /// The `cursor` of the next page, when there may be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An issuer as this server knows it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct PublisherAnswer {
    /// Its identity.
    did: String,
    /// Whether the keys of a domain began anew: it has more than one lineage, and none of them can touch another's notices.
    key_changed: bool,
    /// Its lineages, ordered by record 0.
    lineages: Vec<LineageAnswer>,
    /// Records that wait until the domain is verified. They are in no log.
    waiting: Option<Vec<WaitingRecordAnswer>>,
    /// Whether the operator takes nothing new from it.
    blocked: bool,
}

/// A record that waits for the word of its domain. What it says of itself is not shown: nobody verified it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct WaitingRecordAnswer {
    /// The lineage that it would begin.
    lineage: String,
    /// When it came.
    received: String,
    /// How many documents of the domain did not name its keys.
    passed_over: u32,
    /// Why the domain gave no document when it was asked last.
    error: Option<String>,
    /// When the domain is asked next.
    due: Option<String>,
}

/// Who attested that a domain answers for a lineage.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
pub(super) struct AttestationAnswer {
    /// The log in which its operator stated it: this one, or that of a peer that the operator of this server lets vouch.
    by: String,
    /// How it was verified: `did-document` or `pin`.
    method: String,
    /// The time that the statement gives.
    on: String,
}

/// What a domain itself said last about the keys of a lineage.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct DomainAnswer {
    /// When it was asked last.
    asked: Option<String>,
    /// When it gave its DID document last.
    answered: Option<String>,
    /// Whether that document names every active key of the lineage.
    names_keys: Option<bool>,
    /// Why it gave none since.
    error: Option<String>,
    /// When it is asked next.
    due: Option<String>,
}

/// One lineage of an issuer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct LineageAnswer {
    /// Which lineage.
    lineage: String,
    /// The name that its newest record gives.
    name: String,
    /// Whether the operator pinned it, which holds for every key of its records; a lineage that is not is self-asserted.
    pinned: bool,
    /// What it speaks for here.
    prefixes: Vec<String>,
    /// Whether its domain answers for it here: somebody attested it, or the operator pinned it. Once it does, it does for good.
    domain_verified: bool,
    /// Who attested it.
    verified: Option<Vec<AttestationAnswer>>,
    /// What the domain itself said last.
    domain: Option<DomainAnswer>,
    /// Whether two records claim the same place. The chain then ends before them, and neither may lift a notice.
    forked: bool,
    /// Places that more than one record claims.
    forks: Vec<ForkAnswer>,
    /// Its records: those of the chain in their order, then those behind a fork.
    records: Vec<RecordAnswer>,
    /// Every key it ever listed.
    keys: Vec<KeyAnswer>,
    /// Why its name or its domain should be looked at twice.
    marks: Option<Vec<MarkAnswer>>,
}

/// A place that more than one record claims.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct ForkAnswer {
    /// The place.
    sequence: u64,
    /// Payload id of the record that all of them follow.
    after: String,
    /// Payload ids of the records.
    records: Vec<String>,
}

/// One record of a lineage.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct RecordAnswer {
    /// Its payload id.
    id: String,
    /// Its place in the chain.
    sequence: u64,
    /// Whether nothing contradicts it; a record of a branch stands behind a fork.
    in_chain: bool,
    /// Payload id of the record before it.
    previous: Option<String>,
    /// How it calls the issuer.
    name: String,
    /// When it claims to have been issued.
    issued: String,
    /// The issuer's page.
    homepage: Option<String>,
    /// Where to reach it.
    contact: Option<String>,
    /// What it says of its keys.
    keys: Vec<RecordKeyAnswer>,
    /// Where it stands in this log: once for each key that signed it.
    entries: Vec<RecordEntryAnswer>,
}

/// What a record says of a key.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct RecordKeyAnswer {
    /// `z6Mk...`
    key: String,
    /// `active`, `retired` or `compromised`.
    status: String,
    /// Since when, as the issuer says: it decides nothing.
    since: Option<String>,
}

/// Where a record stands in this log.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct RecordEntryAnswer {
    /// The leaf hash, under which `/log/entry/` has the signed record itself.
    entry: String,
    /// The index.
    index: u64,
    /// The key that signed it.
    signed_by: String,
}

/// One key of a lineage, with what it is now.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct KeyAnswer {
    /// `z6Mk...`
    key: String,
    /// `active`, `retired` or `compromised`.
    status: String,
    /// Whether `replaces`, `revokes` and `reinstates` edges of notices that it signed are followed.
    may_lift: bool,
    /// The record since which it is that.
    since: Option<SinceAnswer>,
}

/// The record that made a key what it is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct SinceAnswer {
    /// Its payload id.
    record: String,
    /// Its place.
    sequence: u64,
    /// The date that the record itself gives. A claim: it decides nothing.
    claimed: Option<String>,
}

/// Issuers with a record or a notice in this log.
#[utoipa::path(
    tag = "publishers", params(PublishersQuery),
    responses(
        (status = 200, description = "A page of issuers", body = PublishersAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/publishers")]
pub(super) async fn list(
    request: HttpRequest,
    ledger: Data<Ledger>,
    query: Query<PublishersQuery>,
) -> Result<HttpResponse, Problem> {
    let after = read_parameter("cursor", query.cursor.as_deref(), issuer_of)?;
    let limit = query.limit.unwrap_or(MOST).clamp(1, MOST);
    let publishers = on_ledger(&ledger, move |ledger| ledger.publishers(after.as_ref(), limit)).await?;
    let next = publishers.last().filter(|_| publishers.len() == limit).map(|last| cursor_of(&last.did));
    let page = PublishersAnswer { publishers, next };
    Ok(paging::with_next(&request, answer::json(&request, &page)?, page.next.as_deref()))
}

/// The issuer behind which a page begins; `None` for a text that [`cursor_of`] did not write.
fn issuer_of(cursor: &str) -> Option<Did> {
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    Did::parse(std::str::from_utf8(&bytes).ok()?).ok()
}

/// An opaque text for URLs.
fn cursor_of(last: &Did) -> String {
    BASE64URL_NOPAD.encode(last.as_str().as_bytes())
}

/// How many issuers a page has at most.
const MOST: usize = 100;

/// One issuer: its records, key history and authority.
#[utoipa::path(
    tag = "publishers", params(("did" = String, Path, description = "The DID, one percent-encoded segment")),
    responses(
        (status = 200, description = "The issuer", body = PublisherAnswer),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/v1/publishers/{did}")]
pub(super) async fn read(request: HttpRequest, ledger: Data<Ledger>, did: Path<String>) -> Result<HttpResponse, Problem> {
    let unknown = || Problem::not_found("no issuer of this DID is known here");
    let did = Did::parse(&did).ok().ok_or_else(unknown)?;
    let publisher = on_ledger(&ledger, move |ledger| ledger.publisher(&did)).await?.ok_or_else(unknown)?;
    answer::json(&request, &publisher)
}

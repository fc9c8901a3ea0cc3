//! `GET /p/{did}`: who an issuer is, which keys spoke for it when, and what it issued.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::found::Line;
use super::frame::Frame;
use super::linked_data::{self, Alternate};
use super::missing::Missing;
use super::words;
use crate::http::blocking::on_ledger;
use crate::http::language::{Sentence, Speech};
use crate::http::problem::Problem;
use crate::ledger::notices::NoticeSearch;
use crate::ledger::publishers::{LineageView, PublisherView};
use crate::ledger::stored::NoticeFilter;
use crate::ledger::{Ledger, StoreError};
use crate::notice::Did;

/// How many of its newest notices are shown.
const NEWEST: usize = 20;

#[derive(Template)]
#[template(path = "publisher.html", config = "src/http/pages/askama.toml")]
struct PublisherPage<'p> {
    frame: Frame<'p>,
    alternates: Vec<Alternate>,
    did: String,
    name: String,
    key_changed: bool,
    blocked: bool,
    waiting: usize,
    lineages: Vec<Lineage>,
    newest: Vec<Line>,
    more: bool,
}

/// Keys that belong together.
struct Lineage {
    id: String,
    name: String,
    homepage: Option<String>,
    contact: Option<String>,
    standing: Sentence,
    attested: Option<String>,
    prefixes: Vec<String>,
    remarks: Vec<String>,
    forked: bool,
    keys: Vec<Key>,
    records: Vec<Record>,
}

struct Key {
    /// `z6Mk...`
    text: String,
    status: Sentence,
    since: Option<String>,
    may_lift: bool,
}

struct Record {
    sequence: u64,
    name: String,
    issued: String,
    in_chain: bool,
    entry: Option<String>,
}

/// The page of one issuer.
#[utoipa::path(
    tag = "pages", params(("did" = String, Path, description = "The DID, one percent-encoded segment")),
    responses(
        (status = 200, description = "A page", body = String, content_type = "text/html"),
        (status = 404, description = "A page that says so", body = String, content_type = "text/html"),
    )
)]
#[get("/p/{did}")]
pub(super) async fn page(request: HttpRequest, ledger: Data<Ledger>, did: Path<String>) -> Result<HttpResponse, Problem> {
    let did = Did::parse(&did).ok();
    let read = on_ledger(&ledger, move |ledger| -> Result<_, StoreError> {
        let Some(did) = did else { return Ok(None) };
        let Some(publisher) = ledger.publisher(&did)? else { return Ok(None) };
        let filter = NoticeFilter { issuer: Some(did), ..NoticeFilter::default() };
        let newest = ledger.search(&NoticeSearch { filter, limit: NEWEST, ..NoticeSearch::default() })?;
        Ok(Some((publisher, newest)))
    });
    let found = read.await?;
    let frame = Frame::of(&request, &ledger);
    let Some((publisher, newest)) = found else { return Frame::page_not_found(&Missing::publisher(frame)) };
    let t = frame.t;
    let (more, newest) = (newest.next.is_some(), newest.notices.into_iter().map(|view| Line::of(t, view)).collect());
    let page = PublisherPage::new(frame, &publisher, newest, more);
    Ok(linked_data::told(Frame::page(&request, &page)?, &page.alternates))
}

impl<'p> PublisherPage<'p> {
    fn new(frame: Frame<'p>, view: &PublisherView, newest: Vec<Line>, more: bool) -> Self {
        let t = frame.t;
        let did = view.did.to_string();
        let pinned = view.lineages.iter().find(|lineage| lineage.pinned).or_else(|| view.lineages.first());
        Self {
            name: pinned.map_or_else(|| did.clone(), |lineage| lineage.name.clone()),
            key_changed: view.key_changed,
            blocked: view.blocked,
            waiting: view.waiting.len(),
            lineages: view.lineages.iter().map(|one| lineage(t, one)).collect(),
            newest,
            more,
            alternates: linked_data::of_publisher(&did),
            did,
            frame,
        }
    }
}

fn lineage(t: Speech, view: &LineageView) -> Lineage {
    let newest = view.records.iter().rfind(|record| record.step.in_chain);
    let standing = match (view.pinned, view.domain_verified) {
        (true, _) => "standing-pinned",
        (false, true) => "standing-verified",
        (false, false) => "standing-self-asserted",
    };
    let keys = view.keys.iter().map(|key| Key {
        text: key.key.to_multibase(),
        status: t.code("key", key.status.as_str()),
        since: key.since.as_ref().and_then(|since| since.claimed).map(|date| date.to_string()),
        may_lift: key.may_lift,
    });
    let records = view.records.iter().map(|record| Record {
        sequence: record.step.sequence,
        name: record.step.name.clone(),
        issued: record.step.issued.to_string(),
        in_chain: record.step.in_chain,
        entry: record.entries.first().map(|entry| entry.entry.clone()),
    });
    Lineage {
        id: view.lineage.clone(),
        name: view.name.clone(),
        homepage: newest.and_then(|record| record.step.homepage.clone()).filter(|url| url.starts_with("https://")),
        contact: newest.and_then(|record| record.step.contact.clone()).filter(|url| url.starts_with("https://")),
        standing: t.say(standing),
        attested: words::attested(t, &view.verified),
        prefixes: view.prefixes.clone(),
        remarks: view.marks.iter().map(|mark| words::remark(t, mark)).collect(),
        forked: view.forked,
        keys: keys.collect(),
        records: records.collect(),
    }
}

//! `GET /search`: the one box of the pages. It takes an identifier or words and says which of them it understood.
//!
//! Whatever is an identifier and no mere name leads to the page of that identifier at once. Words are looked for in titles and texts,
//! and the page says beside the notices what is known of a dataset of that name.

use actix_web::http::header;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use url::form_urlencoded;
use utoipa::IntoParams;

use super::found::Line;
use super::frame::Frame;
use super::verdict_box::VerdictBox;
use crate::http::blocking::on_ledger;
use crate::http::language::{Sentence, Speech};
use crate::http::problem::Problem;
use crate::ledger::notices::{Cursor, NoticeSearch};
use crate::ledger::stored::NoticeFilter;
use crate::ledger::{Ledger, StoreError};
use crate::notice::{Did, Identifier, IssuerRole, NoticeType, Reason, Scheme};
use crate::verdict::Verdict;

/// How many notices stand on one page.
const PAGE: usize = 20;

/// What is searched for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchPageQuery {
    /// An identifier, or words of titles and texts.
    #[serde(default)]
    q: String,
    /// Only of this type, for example `retraction`; empty for any.
    r#type: Option<String>,
    /// Only with this reason, for example `consent`; empty for any.
    reason: Option<String>,
    /// Only by issuers in this role, for example `publisher`; empty for any.
    role: Option<String>,
    /// Only of this issuer, a DID; empty for any.
    issuer: Option<String>,
    /// Where the page before ended.
    cursor: Option<String>,
    /// The language of the page.
    #[expect(dead_code, reason = "the frame reads it")]
    lang: Option<String>,
}

#[derive(Template)]
#[template(path = "search.html", config = "src/http/pages/askama.toml")]
struct SearchPage<'p> {
    frame: Frame<'p>,
    asked: String,
    /// What is known of a dataset of this name.
    named: Option<VerdictBox>,
    filters: Vec<Filter>,
    issuer: Option<String>,
    found: Vec<Line>,
    next: Option<String>,
    tree_size: u64,
}

/// A choice that narrows the search.
struct Filter {
    name: &'static str,
    label: Sentence,
    options: Vec<Choice>,
}

struct Choice {
    code: &'static str,
    words: Sentence,
    is_chosen: bool,
}

/// Search, for people.
#[utoipa::path(
    tag = "pages", params(SearchPageQuery),
    responses(
        (status = 200, description = "A page", body = String, content_type = "text/html"),
        (status = 303, description = "To the page of the asked identifier"),
    )
)]
#[get("/search")]
pub(super) async fn page(
    request: HttpRequest,
    ledger: Data<Ledger>,
    query: Query<SearchPageQuery>,
) -> Result<HttpResponse, Problem> {
    let frame = Frame::of(&request, &ledger);
    let asked = query.q.trim().to_owned();
    let filter = query.filter();
    let narrows = filter != NoticeFilter::default();
    let candidates = Identifier::candidates(&asked).unwrap_or_default();
    let is_name = candidates.iter().all(|id| id.scheme() == Scheme::Name);
    if !candidates.is_empty() && !is_name && !narrows {
        let to = frame.to_dataset(&asked);
        return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish());
    }
    let cursor = query.cursor.as_deref().and_then(Cursor::parse);
    let search = NoticeSearch { words: asked.clone(), filter, cursor, limit: PAGE };
    let name = (!candidates.is_empty()).then(|| asked.clone());
    let read = on_ledger(&ledger, move |ledger| -> Result<_, StoreError> {
        let found = ledger.search(&search)?;
        let answers = name.map(|name| ledger.check(&[name])).transpose()?;
        Ok((found, answers))
    });
    let (found, answers) = read.await?;
    let t = frame.t;
    let answer = answers.and_then(|mut answers| answers.answers.pop()).and_then(|asked| asked.answer.ok());
    let known = answer.filter(|answer| answer.verdict != Verdict::NoNotice);
    let named = known.map(|answer| VerdictBox::of(answer.verdict, answer.part, t));
    let shown = SearchPage {
        named,
        filters: query.choices(t),
        issuer: query.issuer.clone().filter(|issuer| !issuer.is_empty()),
        next: found.next.map(|next| query.next(&asked, next)),
        tree_size: found.tree_size,
        found: found.notices.into_iter().map(|view| Line::of(t, view)).collect(),
        asked,
        frame,
    };
    Frame::page(&request, &shown)
}

impl SearchPageQuery {
    /// What must hold besides the words. A code that does not exist narrows nothing: the page shows what was understood.
    fn filter(&self) -> NoticeFilter {
        NoticeFilter {
            issuer: self.issuer.as_deref().and_then(|text| Did::parse(text).ok()),
            kind: self.r#type.as_deref().and_then(NoticeType::parse),
            reason: self.reason.as_deref().and_then(Reason::parse),
            role: self.role.as_deref().and_then(IssuerRole::parse),
            since: None,
            until: None,
        }
    }

    fn choices(&self, t: Speech) -> Vec<Filter> {
        let choose = |name, set: &'static str, codes: Vec<&'static str>, chosen: Option<&str>| Filter {
            name,
            label: t.say(&format!("filter-{name}")),
            options: codes
                .into_iter()
                .map(|code| Choice { code, words: t.code(set, code), is_chosen: chosen == Some(code) })
                .collect(),
        };
        let types = NoticeType::ALL.iter().map(|code| code.as_str()).collect();
        let reasons = Reason::ALL.iter().map(|code| code.as_str()).collect();
        let roles = IssuerRole::ALL.iter().map(|code| code.as_str()).collect();
        vec![
            choose("type", "type", types, self.r#type.as_deref()),
            choose("reason", "reason", reasons, self.reason.as_deref()),
            choose("role", "role", roles, self.role.as_deref()),
        ]
    }

    fn next(&self, asked: &str, cursor: Cursor) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", asked);
        let filters = [("type", &self.r#type), ("reason", &self.reason), ("role", &self.role), ("issuer", &self.issuer)];
        for (name, value) in filters {
            if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
                query.append_pair(name, value);
            }
        }
        query.append_pair("cursor", &cursor.to_text());
        format!("/search?{}", query.finish())
    }
}

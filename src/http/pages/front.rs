//! `GET /`: what this server is, the newest notices, and a box to ask.

use actix_web::http::header;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use utoipa::IntoParams;

use super::words;
use crate::http::blocking::on_ledger;
use crate::http::problem::Problem;
use crate::ledger::notices::{NoticeSearch, NoticeView};
use crate::ledger::{Ledger, StoreError};

/// How many of the newest notices are shown.
const NEWEST: usize = 10;
/// What stays readable in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

/// What the box asks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FrontQuery {
    /// An identifier; the answer is on its own page.
    id: Option<String>,
}

#[derive(Template)]
#[template(path = "front.html", config = "src/http/pages/askama.toml")]
struct Front<'p> {
    origin: &'p str,
    notices: u64,
    tree_size: u64,
    policy: &'static str,
    newest: Vec<Line>,
    asked: &'static str,
}

struct Line {
    id: String,
    title: String,
    kind: String,
    by: String,
    /// Something is to be said about who says so, and its page says it.
    look_twice: bool,
    seen: String,
}

impl From<NoticeView> for Line {
    fn from(view: NoticeView) -> Self {
        Self {
            id: view.id.to_string(),
            look_twice: !words::remarks(&view.issuer).is_empty(),
            by: view.issuer.name.unwrap_or_else(|| view.notice.issuer.id.to_string()),
            title: view.notice.dataset.title,
            kind: words::plain(view.notice.kind.as_str()),
            seen: words::time(view.first_seen),
        }
    }
}

/// The front page.
#[utoipa::path(
    tag = "pages", params(FrontQuery),
    responses(
        (status = 200, description = "A page", body = String, content_type = "text/html"),
        (status = 303, description = "To the page of the asked identifier"),
    )
)]
#[get("/")]
pub(super) async fn page(
    request: HttpRequest,
    ledger: Data<Ledger>,
    query: Query<FrontQuery>,
) -> Result<HttpResponse, Problem> {
    if let Some(asked) = query.id.as_deref().map(str::trim).filter(|asked| !asked.is_empty()) {
        let to = format!("/d/{}", utf8_percent_encode(asked, SEGMENT));
        return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish());
    }
    let read = on_ledger(&ledger, |ledger| -> Result<_, StoreError> {
        let search = NoticeSearch { limit: NEWEST, ..NoticeSearch::default() };
        Ok((ledger.count_notices()?, ledger.search(&search)?))
    });
    let (notices, newest) = read.await?;
    let front = Front {
        origin: ledger.identity().origin.as_str(),
        notices,
        tree_size: newest.tree_size,
        policy: words::policy(ledger.admission().policy),
        newest: newest.notices.into_iter().map(Line::from).collect(),
        asked: "",
    };
    super::page(&request, &front)
}

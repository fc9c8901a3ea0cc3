//! `GET /`: what this server is, the newest notices, and a box to ask.

use actix_web::http::header;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use utoipa::IntoParams;

use super::found::Line;
use super::frame::Frame;
use super::words;
use crate::http::blocking::on_ledger;
use crate::http::language::Sentence;
use crate::http::problem::Problem;
use crate::ledger::notices::NoticeSearch;
use crate::ledger::{Ledger, StoreError};

/// How many of the newest notices are shown.
const NEWEST: usize = 10;

/// What the box asked before there was a search.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FrontQuery {
    /// An identifier; the answer is on its own page.
    id: Option<String>,
    /// The language of the page.
    #[expect(dead_code, reason = "the frame reads it")]
    lang: Option<String>,
}

#[derive(Template)]
#[template(path = "front.html", config = "src/http/pages/askama.toml")]
struct Front<'p> {
    frame: Frame<'p>,
    notices: u64,
    tree_size: u64,
    policy: Sentence,
    newest: Vec<Line>,
    asked: &'static str,
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
    let frame = Frame::of(&request, &ledger);
    if let Some(asked) = query.id.as_deref().map(str::trim).filter(|asked| !asked.is_empty()) {
        let to = frame.to_dataset(asked);
        return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish());
    }
    let read = on_ledger(&ledger, |ledger| -> Result<_, StoreError> {
        let search = NoticeSearch { limit: NEWEST, ..NoticeSearch::default() };
        Ok((ledger.count_notices()?, ledger.search(&search)?))
    });
    let (notices, newest) = read.await?;
    let t = frame.t;
    let front = Front {
        notices,
        tree_size: newest.tree_size,
        policy: words::policy(t, ledger.admission().policy),
        newest: newest.notices.into_iter().map(|view| Line::of(t, view)).collect(),
        asked: "",
        frame,
    };
    Frame::page(&request, &front)
}

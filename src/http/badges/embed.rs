//! `GET /embed/d/{id}`: a verdict for a frame in another page. The one path that may be framed.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::verdict_of;
use crate::http::pages::{Frame, VerdictBox};
use crate::http::problem::Problem;
use crate::ledger::Ledger;

#[derive(Template)]
#[template(path = "embed.html", config = "src/http/pages/askama.toml")]
struct Embedded<'p> {
    frame: Frame<'p>,
    asked: String,
    verdict: VerdictBox,
}

/// A verdict to be framed.
#[utoipa::path(
    tag = "badges", params(("id" = String, Path, description = "The identifier, one percent-encoded segment")),
    responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
#[get("/embed/d/{id}")]
pub(super) async fn page(request: HttpRequest, ledger: Data<Ledger>, id: Path<String>) -> Result<HttpResponse, Problem> {
    let asked = id.into_inner();
    let (verdict, part) = verdict_of(&ledger, asked.clone()).await?;
    let frame = Frame::of(&request, &ledger);
    let verdict = VerdictBox::of(verdict, part, frame.t);
    Frame::page(&request, &Embedded { frame, asked, verdict })
}

//! `GET /log`: how far the log goes and how it grew, who cosigned it, and how to check it.

mod curve;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::frame::Frame;
use super::words;
use crate::http::blocking::on_ledger;
use crate::http::problem::Problem;
use crate::http::server::PublicUrl;
use crate::ledger::Ledger;

use curve::Curve;

#[derive(Template)]
#[template(path = "log.html", config = "src/http/pages/askama.toml")]
struct LogPage<'p> {
    frame: Frame<'p>,
    size: u64,
    root: String,
    /// When this server swore to it last.
    time: Option<String>,
    log_key: String,
    cosignatures: Vec<Cosigned>,
    /// How it grew, when it did.
    curve: Option<Curve>,
    server: String,
}

/// A witness that saw this tree.
struct Cosigned {
    name: String,
    time: String,
    is_own: bool,
}

/// The log, for people.
#[utoipa::path(
    tag = "pages", responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
#[get("/log")]
pub(super) async fn page(
    request: HttpRequest,
    ledger: Data<Ledger>,
    public_url: Data<PublicUrl>,
) -> Result<HttpResponse, Problem> {
    let published = ledger.published();
    let grown = on_ledger(&ledger, Ledger::growth).await?;
    let own = ledger.identity().witness.name().as_str();
    let cosignatures = published.cosignatures.iter().map(|cosigned| Cosigned {
        name: cosigned.name.clone(),
        time: words::time(cosigned.time),
        is_own: cosigned.name == own,
    });
    let shown = LogPage {
        size: published.head.size,
        root: published.head.root.to_base64(),
        time: published.cosigned_by(own).map(words::time),
        log_key: ledger.identity().log.to_string(),
        cosignatures: cosignatures.collect(),
        curve: Curve::of(&grown),
        server: public_url.shown(),
        frame: Frame::of(&request, &ledger),
    };
    Frame::page(&request, &shown)
}

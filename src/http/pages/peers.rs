//! `GET /peers`: whom this server reads from and announces to, and where things stand with each.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::frame::Frame;
use super::words;
use crate::federation::{Federation, PeerReport};
use crate::http::blocking;
use crate::http::language::{Sentence, Speech};
use crate::http::problem::Problem;
use crate::ledger::Ledger;

#[derive(Template)]
#[template(path = "peers.html", config = "src/http/pages/askama.toml")]
struct Peers<'p> {
    frame: Frame<'p>,
    peers: Vec<Line>,
}

struct Line {
    origin: String,
    /// Its name in paths.
    name: String,
    state: Sentence,
    size: u64,
    behind: u64,
    last_contact: Option<String>,
    /// Pieces of evidence against it.
    evidence: u64,
}

fn line(t: Speech, PeerReport { peer, state, successor, refused_claim }: &PeerReport) -> Line {
    Line {
        origin: peer.origin().to_string(),
        name: peer.name().to_string(),
        state: words::peer_state(t, state, successor.as_ref(), refused_claim.as_ref()),
        size: state.size(),
        behind: state.behind(),
        last_contact: state.last_contact().map(words::time),
        evidence: state.evidence,
    }
}

/// The peers of this server, for people.
#[utoipa::path(
    tag = "pages", responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
#[get("/peers")]
pub(super) async fn page(
    request: HttpRequest,
    ledger: Data<Ledger>,
    federation: Data<Federation>,
) -> Result<HttpResponse, Problem> {
    let federation = Arc::clone(&federation);
    let report = blocking::run(move || federation.report()).await?;
    let frame = Frame::of(&request, &ledger);
    let peers = report.iter().map(|peer| line(frame.t, peer)).collect();
    Frame::page(&request, &Peers { frame, peers })
}

//! Pages for people: plain HTML that works without scripts, rendered from the templates beside this file. One page has a script, which
//! looks up files without sending them ([`mod@drop`]), and says without it how else to do that.
//!
//! What strangers wrote is escaped by the templates, stands in elements of its own direction, and is only linked when it is
//! https. No page loads anything from elsewhere or sets a cookie. Every sentence stands in a catalogue ([`super::language`]).

mod dataset;
mod docs;
mod drop;
mod errors;
mod found;
mod frame;
mod front;
mod kept;
mod linked_data;
mod log;
mod missing;
mod notice;
mod peers;
mod publisher;
mod search;
mod statistics;
mod tombstone;
mod verdict_box;
mod words;

use actix_web::{HttpRequest, HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer;
pub(super) use docs::Reference;
pub(super) use errors::for_people;
pub(super) use frame::{Frame, by_language};
pub(super) use kept::Kept;
pub(super) use statistics::by_verdict;
pub(super) use verdict_box::{Sign, VerdictBox};

const STYLE: &str = include_str!("style.css");

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(front::page).service(search::page).service(dataset::page).service(notice::page);
    config.service(publisher::page).service(log::page).service(peers::page).service(statistics::page);
    config.service(docs::page).service(docs::clients).service(docs::group_page).service(docs::schema_page);
    config.service(statistics::under_its_short_name);
    config.service(drop::page).service(drop::script).service(style);
}

/// The style sheet of the pages.
#[utoipa::path(tag = "pages", responses((status = 200, description = "CSS", body = String, content_type = "text/css")))]
#[get("/style.css")]
async fn style(request: HttpRequest) -> HttpResponse {
    answer::bytes_with_etag(&request, STYLE.as_bytes().to_vec(), "text/css; charset=utf-8", "public, max-age=3600")
}

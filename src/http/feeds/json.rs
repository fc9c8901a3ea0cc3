//! `GET /feeds/feed.json` (JSON Feed, version 1.1).

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::SecondsFormat;
use serde::Serialize;
use utoipa::ToSchema;

use super::selection::{FeedQuery, Item};
use crate::http::answer::{REVALIDATE, Written};
use crate::http::pages::by_language;
use crate::http::problem::{Problem, ProblemDocument};
use crate::http::server::PublicUrl;
use crate::ledger::Ledger;

/// A JSON Feed.
#[derive(Serialize, ToSchema)]
struct JsonFeed {
    /// `https://jsonfeed.org/version/1.1`
    version: &'static str,
    /// What the feed is about.
    title: String,
    /// Where the pages are.
    home_page_url: String,
    /// Where the feed is.
    feed_url: String,
    /// The language of the words around the notices.
    language: &'static str,
    /// The newest first.
    items: Vec<JsonItem>,
}

/// A notice in a JSON Feed.
#[derive(Serialize, ToSchema)]
struct JsonItem {
    /// `urn:palinode:notice:<id>`
    id: String,
    /// Its page.
    url: String,
    /// What kind of notice about which dataset.
    title: String,
    /// Reasons, and what the issuer wrote.
    content_text: String,
    /// When this server first saw it.
    date_published: String,
    /// Who issued it.
    authors: Vec<Author>,
    /// Its type and its reasons.
    tags: Vec<&'static str>,
}

/// Who issued a notice.
#[derive(Serialize, ToSchema)]
struct Author {
    /// The name in its record, or its DID.
    name: String,
}

/// The newest notices as a JSON Feed.
#[utoipa::path(
    tag = "feeds", params(FeedQuery),
    responses(
        (status = 200, description = "A feed", body = JsonFeed, content_type = "application/feed+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/feeds/feed.json")]
pub(super) async fn feed(
    request: HttpRequest,
    ledger: Data<Ledger>,
    public_url: Data<PublicUrl>,
    query: Query<FeedQuery>,
) -> Result<HttpResponse, Problem> {
    let selection = query.into_inner().select(&request, &ledger, &public_url).await?;
    let feed = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: selection.title,
        home_page_url: selection.home,
        feed_url: selection.own,
        language: selection.language.tag(),
        items: selection.items.into_iter().map(JsonItem::from).collect(),
    };
    Ok(by_language(Written::json(&feed, 16_384)?.answer(&request, "application/feed+json", REVALIDATE)))
}

impl From<Item> for JsonItem {
    fn from(item: Item) -> Self {
        Self {
            id: item.id,
            url: item.link,
            title: item.title,
            content_text: item.summary,
            date_published: item.seen.to_rfc3339_opts(SecondsFormat::Secs, true),
            authors: vec![Author { name: item.by }],
            tags: item.codes,
        }
    }
}

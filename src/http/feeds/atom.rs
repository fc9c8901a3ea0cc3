//! `GET /feeds/atom.xml` (RFC 4287).

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use atom_syndication::{Category, Entry, Feed, Link, Person, Text};

use super::selection::{FeedQuery, Item, Selection};
use crate::http::answer;
use crate::http::pages::by_language;
use crate::http::problem::{Problem, ProblemDocument};
use crate::http::server::PublicUrl;
use crate::ledger::Ledger;

/// The newest notices as an Atom feed.
#[utoipa::path(
    tag = "feeds", params(FeedQuery),
    responses(
        (status = 200, description = "A feed", body = String, content_type = "application/atom+xml"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
#[get("/feeds/atom.xml")]
pub(super) async fn feed(
    request: HttpRequest,
    ledger: Data<Ledger>,
    public_url: Data<PublicUrl>,
    query: Query<FeedQuery>,
) -> Result<HttpResponse, Problem> {
    let selection = query.into_inner().select(&request, &ledger, &public_url).await?;
    let bytes = written(&selection).write_to(Vec::new()).map_err(|e| Problem::internal("writing a feed", &e))?;
    let text = String::from_utf8_lossy(&bytes).replace(is_no_xml, "\u{fffd}");
    let feed = answer::bytes_with_etag(&request, text.into_bytes(), "application/atom+xml; charset=utf-8", answer::REVALIDATE);
    Ok(by_language(feed))
}

/// What no XML document may hold (XML 1.0, section 2.2), escaped or not, and a title may: one of them would cost readers the whole feed.
fn is_no_xml(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn written(selection: &Selection) -> Feed {
    let link = |href: &str, rel: &str, kind: &str| Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: Some(kind.to_owned()),
        ..Link::default()
    };
    Feed {
        title: Text::plain(selection.title.clone()),
        id: selection.id.clone(),
        updated: selection.updated.fixed_offset(),
        links: vec![link(&selection.own, "self", "application/atom+xml"), link(&selection.home, "alternate", "text/html")],
        lang: Some(selection.language.tag().to_owned()),
        entries: selection.items.iter().map(entry).collect(),
        ..Feed::default()
    }
}

fn entry(item: &Item) -> Entry {
    Entry {
        title: Text::plain(item.title.clone()),
        id: item.id.clone(),
        updated: item.seen.fixed_offset(),
        published: Some(item.seen.fixed_offset()),
        authors: vec![Person { name: item.by.clone(), ..Person::default() }],
        categories: item.codes.iter().map(|code| Category { term: (*code).to_owned(), ..Category::default() }).collect(),
        links: vec![Link {
            href: item.link.clone(),
            rel: "alternate".to_owned(),
            mime_type: Some("text/html".to_owned()),
            ..Link::default()
        }],
        summary: Some(Text::plain(item.summary.clone())),
        ..Entry::default()
    }
}

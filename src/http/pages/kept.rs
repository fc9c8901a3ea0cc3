//! Pages that were just made, for the many who follow one link at the same time.
//!
//! A page takes some hundred times as long to make as to send. It is kept for as long as nothing that it follows from has changed, a
//! second at most ([`Moment`]), so that nobody sees anything that was not true when the second began.

use actix_web::HttpRequest;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::frame::Reader;
use crate::http::answer::Written;
use crate::ledger::Moment;

/// How many pages are expected.
const PAGES: usize = 1_024;
/// How many bytes they take at most.
const BYTES: u64 = 16 << 20;

/// Which page: where it stands, with its query, and the language that it is in. The same link can be read in several.
type Key = (Box<str>, &'static str);

/// Where one page is kept.
pub(super) struct Place(Key);

/// The pages of one server.
pub(in crate::http) struct Kept(Cache<Key, Page, ByLength>);

#[derive(Clone)]
struct Page {
    made: Moment,
    written: Written,
}

#[derive(Clone)]
struct ByLength;

impl Weighter<Key, Page> for ByLength {
    fn weight(&self, (link, _): &Key, page: &Page) -> u64 {
        (link.len() + page.written.length()) as u64
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self(Cache::with_weighter(PAGES, BYTES, ByLength))
    }
}

impl Kept {
    /// The page of this place, when it was made at this moment.
    pub(super) fn get(&self, Place(key): &Place, now: &Moment) -> Option<Written> {
        self.0.get(key).filter(|page| page.made == *now).map(|page| page.written)
    }

    /// Where the page that this request asks for is kept.
    pub(super) fn place(request: &HttpRequest, reader: &Reader) -> Place {
        Place(key(request, reader))
    }

    /// Keeps a page that was made from what held at `made`.
    pub(super) fn put(&self, Place(key): Place, made: Moment, written: Written) {
        self.0.insert(key, Page { made, written });
    }
}

fn key(request: &HttpRequest, reader: &Reader) -> Key {
    let link = request.uri().path_and_query().map_or("/", |link| link.as_str());
    (link.into(), reader.tag())
}

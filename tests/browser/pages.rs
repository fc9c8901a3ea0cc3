//! Every page there is: one table, which all tests walk and which is compared with the server's own list of paths.

use std::collections::BTreeSet;

use palinode::http::openapi;

use crate::demo::{Demo, REMOVED};

/// A page to look at.
pub(crate) struct Page {
    /// What its pictures are called.
    pub(crate) name: &'static str,
    /// The path of the server's document that answers.
    route: &'static str,
    place: Place,
}

/// What browsers are shown at any path where something is wrong.
const PROBLEM: &str = "problems";

/// Where a page stands in the demo.
enum Place {
    At(&'static str),
    /// The page of the first notice that a search finds.
    NoticeOf(&'static str),
    /// A document that was removed.
    Removed,
}

const fn page(name: &'static str, route: &'static str, path: &'static str) -> Page {
    Page { name, route, place: Place::At(path) }
}

const fn notice(name: &'static str, query: &'static str) -> Page {
    Page { name, route: "/n/{id}", place: Place::NoticeOf(query) }
}

pub(crate) const PAGES: &[Page] = &[
    page("front", "/", "/"),
    page("search", "/search", "/search"),
    page("search-by-words", "/search", "/search?q=faces&reason=consent"),
    page("search-without-a-find", "/search", "/search?q=nothing-is-called-so"),
    page("dataset-retracted", "/d/{id}", "/d/doi:10.5555%2Fevl.faces-1m"),
    page("dataset-removed", "/d/{id}", "/d/btih:9e67eb7cc23c9417f39778a8e06cca5e26196a97"),
    page("dataset-part", "/d/{id}", "/d/sha256:d2b428c916fae3a6c9dda192f80256e929720f0ce9a1053808ce2086cf12e26f"),
    page("dataset-derived", "/d/{id}", "/d/hf:models%2Fexample-gallery%2Faligned-encoder"),
    page("dataset-disputed", "/d/{id}", "/d/hf:datasets%2Fexample-data-depot%2Ffaces-1m"),
    page("dataset-superseded", "/d/{id}", "/d/doi:10.5555%2Fevl.faces-2.v2-0"),
    page("dataset-unknown", "/d/{id}", "/d/doi:10.5281%2Fzenodo.7701228"),
    page("dataset-unreadable", "/d/{id}", "/d/sha256:zz"),
    notice("notice-of-a-case", "q=MS-Celeb-1M&limit=1"),
    notice("notice-disputed", "issuer=did:web:vision.example.org&type=retraction&q=faces&limit=1"),
    notice("notice-without-its-texts", REMOVED),
    notice("notice-in-part", "issuer=did:web:vision.example.org&type=partial-retraction&limit=1"),
    page("notice-missing", "/n/{id}", "/n/0000000000000000000000000000000000000000000000000000000000000000"),
    page("publisher", "/p/{did}", "/p/did:web:vision.example.org"),
    page("publisher-missing", "/p/{did}", "/p/nobody"),
    page("drop", "/drop", "/drop"),
    page("log", "/log", "/log"),
    page("peers", "/peers", "/peers"),
    page("statistics", "/statistics", "/statistics"),
    page("docs", "/docs", "/docs"),
    page("docs-of-check", "/docs/{tag}", "/docs/check"),
    page("docs-of-notices", "/docs/{tag}", "/docs/notices"),
    page("docs-of-documents", "/docs/{tag}", "/docs/documents"),
    page("docs-of-fields", "/docs/schema/{name}", "/docs/schema/CheckAnswer"),
    page("docs-of-alternatives", "/docs/schema/{name}", "/docs/schema/PieceAnswer"),
    page("problem", PROBLEM, "/no/such/page"),
    Page { name: "removed", route: PROBLEM, place: Place::Removed },
    page("embedded", "/embed/d/{id}", "/embed/d/doi:10.5555%2Fevl.faces-1m"),
];

impl Page {
    /// Its path in the demo.
    pub(crate) fn path(&self, demo: &Demo) -> String {
        match self.place {
            Place::At(path) => path.to_owned(),
            Place::Removed => format!("/v1/documents/{}", demo.removed),
            Place::NoticeOf(query) => format!("/n/{}", demo.notice(query)),
        }
    }

    /// What kind of page it is: pages of one kind are about different things in the same words.
    pub(crate) fn kind(&self) -> &'static str {
        if self.route == PROBLEM { self.name } else { self.route }
    }

    /// Whether it stands by itself; the other kind is for frames in pages of others.
    pub(crate) fn is_whole(&self) -> bool {
        self.route != "/embed/d/{id}"
    }
}

/// A path with a language chosen.
pub(crate) fn in_language(path: &str, tag: &str) -> String {
    format!("{path}{}lang={tag}", if path.contains('?') { '&' } else { '?' })
}

/// The table names every path of the server that answers with a page, and no other.
pub(crate) fn the_table_of_pages_is_what_the_server_serves() {
    let document = openapi();
    let is_page = |item: &utoipa::openapi::PathItem| {
        let answers = item.get.iter().flat_map(|operation| operation.responses.responses.values());
        answers.into_iter().any(|answer| match answer {
            utoipa::openapi::RefOr::T(answer) => answer.content.contains_key("text/html"),
            utoipa::openapi::RefOr::Ref(_) => false,
        })
    };
    let served: BTreeSet<&str> =
        document.paths.paths.iter().filter(|(_, item)| is_page(item)).map(|(path, _)| path.as_str()).collect();
    let walked: BTreeSet<&str> = PAGES.iter().map(|page| page.route).filter(|route| *route != PROBLEM).collect();
    assert_eq!(walked, served, "tests/browser/pages.rs has a line for every page");
}

//! What every page has around it: the server's name, the reader's language, and links that stay in it.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

use crate::http::answer::{self, Written};
use crate::http::language::{Asked, Language, Speech, asked};
use crate::http::problem::Problem;
use crate::ledger::Ledger;

/// What stays readable in a path segment.
pub(super) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');
/// Longer than most pages are.
const LENGTH: usize = 12 << 10;
/// The parameter that chooses a language.
const LANGUAGE: &str = "lang";

/// How somebody asks for a page.
pub(in crate::http) struct Reader {
    asked: Asked,
    /// Where this page stands in another language, up to the tag of that.
    elsewhere: String,
}

/// What stands around a page.
pub(in crate::http) struct Frame<'p> {
    /// Whose page it is.
    pub(in crate::http) origin: &'p str,
    /// Says its sentences.
    pub(in crate::http) t: Speech,
    reader: Reader,
}

/// A language that the page is offered in.
pub(super) struct Offer {
    pub(super) tag: &'static str,
    pub(super) name: &'static str,
    pub(super) is_current: bool,
}

impl Reader {
    /// Whoever made this request.
    pub(super) fn of(request: &HttpRequest) -> Self {
        let mut elsewhere = String::with_capacity(request.path().len() + request.query_string().len() + LANGUAGE.len() + 2);
        elsewhere.push_str(request.path());
        elsewhere.push('?');
        let pairs = form_urlencoded::parse(request.query_string().as_bytes());
        let mut query = form_urlencoded::Serializer::for_suffix(&mut elsewhere, request.path().len() + 1);
        query.extend_pairs(pairs.filter(|(name, _)| name != LANGUAGE)).append_pair(LANGUAGE, "");
        Self { asked: asked(request), elsewhere }
    }

    /// The tag of the language.
    pub(super) fn tag(&self) -> &'static str {
        self.asked.language.tag()
    }
}

impl<'p> Frame<'p> {
    /// The frame of the page that this request asks for.
    pub(in crate::http) fn of(request: &HttpRequest, ledger: &'p Ledger) -> Self {
        Self::around(Reader::of(request), ledger)
    }

    /// The frame of a page for this reader.
    pub(super) fn around(reader: Reader, ledger: &'p Ledger) -> Self {
        let t = Speech::in_language(reader.asked.language);
        Self { origin: ledger.identity().origin.as_str(), t, reader }
    }

    /// The tag of its language.
    pub(in crate::http) fn tag(&self) -> &'static str {
        self.reader.tag()
    }

    /// The direction of its language.
    pub(in crate::http) fn direction(&self) -> &'static str {
        self.reader.asked.language.direction()
    }

    /// The language that was chosen by a link, for forms to carry on.
    pub(super) fn chosen(&self) -> Option<&'static str> {
        self.reader.asked.by_link.then(|| self.tag())
    }

    /// A link to a page of this server, in the chosen language.
    pub(super) fn to(&self, path: &str) -> String {
        match self.chosen() {
            None => path.to_owned(),
            Some(tag) => format!("{path}{}{LANGUAGE}={tag}", if path.contains('?') { '&' } else { '?' }),
        }
    }

    /// A link to the page of an identifier, however it is written.
    pub(in crate::http) fn to_dataset(&self, id: &str) -> String {
        self.to(&format!("/d/{}", utf8_percent_encode(id, SEGMENT)))
    }

    /// The badge of an identifier, in the chosen language.
    pub(super) fn to_badge(&self, id: &str) -> String {
        self.to(&format!("/badge/{}.svg", utf8_percent_encode(id, SEGMENT)))
    }

    /// A link to the page of a notice.
    pub(super) fn to_notice(&self, id: &str) -> String {
        self.to(&format!("/n/{id}"))
    }

    /// A link to the page of an issuer.
    pub(super) fn to_publisher(&self, did: &str) -> String {
        self.to(&format!("/p/{}", utf8_percent_encode(did, SEGMENT)))
    }

    /// A link to all notices of an issuer.
    pub(super) fn to_notices_of(&self, did: &str) -> String {
        self.to(&format!("/search?issuer={}", utf8_percent_encode(did, SEGMENT)))
    }

    /// A link to the paths of one group.
    pub(super) fn to_docs(&self, group: &str) -> String {
        self.to(&format!("/docs/{}", utf8_percent_encode(group, SEGMENT)))
    }

    /// A link to the fields of a schema.
    pub(super) fn to_schema(&self, name: &str) -> String {
        self.to(&format!("/docs/schema/{}", utf8_percent_encode(name, SEGMENT)))
    }

    /// This page in another language, up to the tag of that.
    pub(super) fn elsewhere(&self) -> &str {
        &self.reader.elsewhere
    }

    /// Every language.
    pub(super) fn languages(&self) -> impl Iterator<Item = Offer> {
        let current = self.reader.asked.language;
        let offer = move |language: Language| {
            Some(Offer { tag: language.tag(), name: language.own_name()?, is_current: language == current })
        };
        Language::ALL.into_iter().filter_map(offer)
    }

    /// The finished page.
    pub(in crate::http) fn page(request: &HttpRequest, template: &impl Template) -> Result<HttpResponse, Problem> {
        Ok(Self::shown(request, Self::written(template)?))
    }

    /// The bytes of a page.
    pub(super) fn written(template: &impl Template) -> Result<Written, Problem> {
        let mut html = String::with_capacity(LENGTH);
        template.render_into(&mut html).map_err(|e| Problem::internal("rendering a page", &e))?;
        // It may be kept, and what is kept is counted by its length.
        html.shrink_to_fit();
        Ok(Written::of(html.into_bytes()))
    }

    /// A page that was written.
    pub(super) fn shown(request: &HttpRequest, page: Written) -> HttpResponse {
        by_language(page.answer(request, "text/html; charset=utf-8", answer::REVALIDATE))
    }

    /// A page that says what is not here.
    pub(super) fn page_not_found(template: &impl Template) -> Result<HttpResponse, Problem> {
        let html = template.render().map_err(|e| Problem::internal("rendering a page", &e))?;
        let mut response = HttpResponse::build(StatusCode::NOT_FOUND);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        Ok(by_language(response.content_type("text/html; charset=utf-8").body(html)))
    }
}

/// What stands at one address differs by the language that a browser prefers.
pub(in crate::http) fn by_language(mut page: HttpResponse) -> HttpResponse {
    page.headers_mut().insert(header::VARY, header::HeaderValue::from_static("accept-language"));
    page
}

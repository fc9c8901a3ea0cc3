//! Which language somebody reads (RFC 9110, section 12.5.4).

use actix_web::HttpRequest;
use actix_web::http::header::{AcceptLanguage, Header, Preference};
use actix_web::web::Query;
use serde::Deserialize;

use super::Language;

/// The language of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct Asked {
    /// Which one.
    pub(in crate::http) language: Language,
    /// Whether it was asked for by `?lang=`: then links lead to pages in the same one.
    pub(in crate::http) by_link: bool,
}

#[derive(Deserialize)]
struct Choice {
    lang: Option<String>,
}

/// The language that a request asks for; one that no page is written in counts for nothing.
pub(in crate::http) fn asked(request: &HttpRequest) -> Asked {
    let choice = Query::<Choice>::from_query(request.query_string()).ok().and_then(|choice| choice.into_inner().lang);
    if let Some(language) = choice.as_deref().and_then(Language::of_tag) {
        return Asked { language, by_link: true };
    }
    let preferred = AcceptLanguage::parse(request).map(|accepted| accepted.ranked()).unwrap_or_default();
    let known = preferred.iter().find_map(|preference| match preference {
        Preference::Any => Some(Language::English),
        Preference::Specific(tag) => Language::of_tag(tag.as_str()),
    });
    Asked { language: known.unwrap_or(Language::English), by_link: false }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header;
    use actix_web::test::TestRequest;

    use super::*;

    fn language(path: &str, accepts: &str) -> Asked {
        asked(&TestRequest::with_uri(path).insert_header((header::ACCEPT_LANGUAGE, accepts)).to_http_request())
    }

    #[test]
    fn a_link_comes_before_the_browser_and_the_browser_before_english() {
        let by_browser = |language| Asked { language, by_link: false };
        assert_eq!(language("/", "de-CH, fr;q=0.9"), by_browser(Language::German));
        assert_eq!(language("/", "xx, en;q=0.1, de;q=0.9"), by_browser(Language::German));
        assert_eq!(language("/", "xx"), by_browser(Language::English));
        assert_eq!(language("/?lang=xx", "de"), by_browser(Language::German));
        assert_eq!(language("/d/a?b=c&lang=en", "de"), Asked { language: Language::English, by_link: true });
        assert_eq!(asked(&TestRequest::default().to_http_request()), by_browser(Language::English));
    }

    #[test]
    fn no_header_makes_the_negotiation_panic() {
        for accepts in ["", ",,,", "*", "de;q=2", "de;q=-1", ";", "a-b-c-d-e-f", "de;q=0"] {
            language("/?lang=%FF", accepts);
        }
    }
}

//! Lists in pages: an opaque `cursor` asks for a page, `next` in the answer names the one behind it, and so does `Link` (RFC 8288) for
//! whoever follows links.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use url::form_urlencoded;

/// The query parameter that says where a page begins.
const CURSOR: &str = "cursor";

/// The answer with a link to the page that begins at `next`: the same question with another cursor.
pub(super) fn with_next(request: &HttpRequest, mut response: HttpResponse, next: Option<&str>) -> HttpResponse {
    if let Some(next) = next {
        let asked = form_urlencoded::parse(request.query_string().as_bytes()).filter(|(name, _)| name != CURSOR);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).append_pair(CURSOR, next).finish();
        // A path of ours and what was percent-encoded.
        if let Ok(link) = HeaderValue::try_from(format!("<{}?{query}>; rel=\"next\"", request.path())) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_next_page_is_the_same_question_with_another_cursor() {
        let link = |uri: &str, next: Option<&str>| {
            let request = TestRequest::with_uri(uri).to_http_request();
            let response = with_next(&request, HttpResponse::Ok().finish(), next);
            response.headers().get(header::LINK).map(|link| link.to_str().expect("a text").to_owned())
        };
        assert_eq!(link("/v1/notices?q=faces", None), None);
        assert_eq!(
            link("/v1/notices?q=%3E%20a%26b&cursor=AAAA&limit=5", Some("BBBB")).as_deref(),
            Some("</v1/notices?q=%3E+a%26b&limit=5&cursor=BBBB>; rel=\"next\"")
        );
        assert_eq!(link("/v1/publishers", Some("x")).as_deref(), Some("</v1/publishers?cursor=x>; rel=\"next\""));
    }
}

//! Answers with an ETag, and what a conditional request makes of them (RFC 9110, section 13).

use actix_web::http::header::{self, ETag, EntityTag, Header, HeaderValue, IfNoneMatch};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::problem::Problem;

/// Answers that follow from the tree, the trust settings and the time: a cache asks again each time.
pub(super) const REVALIDATE: &str = "no-cache";
/// Answers whose bytes never change under their name.
pub(super) const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// The bytes of an answer with their tag, which can be made on any thread.
#[derive(Clone)]
pub(super) struct Written {
    bytes: Bytes,
    tag: EntityTag,
}

impl Written {
    /// Bytes that are there already.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        // Of all digests that nobody finds a collision of, the one that is made fastest: every answer needs one.
        let digest = blake3::hash(&bytes);
        let tag = data_encoding::BASE64URL_NOPAD.encode(digest.as_bytes().get(..16).unwrap_or_default());
        Self { bytes: Bytes::from(bytes), tag: EntityTag::new_strong(tag) }
    }

    /// JSON of about `length` bytes.
    pub(super) fn json(answer: &impl Serialize, length: usize) -> Result<Self, Problem> {
        let mut bytes = Vec::with_capacity(length);
        serde_json::to_writer(&mut bytes, answer).map_err(|e| Problem::internal("writing an answer", &e))?;
        Ok(Self::of(bytes))
    }

    /// How many bytes it has.
    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The answer of these bytes, or 304 when the asker has them.
    pub(super) fn answer(self, request: &HttpRequest, kind: &'static str, caching: &'static str) -> HttpResponse {
        let Self { bytes, tag } = self;
        tagged(request, &tag, caching).unwrap_or_else(|mut response| response.content_type(kind).body(bytes))
    }

    /// The same for JSON that caches must ask about again.
    pub(super) fn json_answer(self, request: &HttpRequest) -> HttpResponse {
        self.answer(request, "application/json", REVALIDATE)
    }
}

/// A JSON answer that caches must ask about again.
pub(super) fn json(request: &HttpRequest, answer: &impl Serialize) -> Result<HttpResponse, Problem> {
    Ok(Written::json(answer, 1_024)?.json_answer(request))
}

/// An answer of these bytes, or 304 when the asker has them.
pub(super) fn bytes_with_etag(
    request: &HttpRequest,
    bytes: Vec<u8>,
    kind: &'static str,
    caching: &'static str,
) -> HttpResponse {
    Written::of(bytes).answer(request, kind, caching)
}

/// 304 when the asker has what `tag` names; else the beginning of an answer that carries it.
pub(super) fn tagged(
    request: &HttpRequest,
    tag: &EntityTag,
    caching: &'static str,
) -> Result<HttpResponse, actix_web::HttpResponseBuilder> {
    let asks = request.headers().contains_key(header::IF_NONE_MATCH);
    let known = asks
        && match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
            Err(_) => false,
        };
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::CACHE_CONTROL, HeaderValue::from_static(caching)));
    match strong(tag) {
        Some(quoted) => response.insert_header((header::ETAG, quoted)),
        None => response.insert_header(ETag(tag.clone())),
    };
    if known { Ok(response.finish()) } else { Err(response) }
}

/// A strong tag as it is sent, made without the machinery of formatting: every answer has one.
fn strong(tag: &EntityTag) -> Option<HeaderValue> {
    let mut quoted = String::with_capacity(tag.tag().len() + 2);
    quoted.push('"');
    quoted.push_str(tag.tag());
    quoted.push('"');
    HeaderValue::try_from(quoted).ok().filter(|_| !tag.weak)
}

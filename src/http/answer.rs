//! Answers with an ETag, and what a conditional request makes of them (RFC 9110, section 13).

use actix_web::http::header::{self, ETag, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::problem::Problem;

/// Answers that follow from the tree, the trust settings and the time: a cache asks again each time.
pub(super) const REVALIDATE: &str = "no-cache";
/// Answers whose bytes never change under their name.
pub(super) const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// A JSON answer that caches must ask about again.
pub(super) fn json(request: &HttpRequest, answer: &impl Serialize) -> Result<HttpResponse, Problem> {
    let bytes = serde_json::to_vec(answer).map_err(|e| Problem::internal("writing an answer", &e))?;
    Ok(bytes_with_etag(request, bytes, "application/json", REVALIDATE))
}

/// An answer of these bytes, or 304 when the asker has them.
pub(super) fn bytes_with_etag(
    request: &HttpRequest,
    bytes: Vec<u8>,
    kind: &'static str,
    caching: &'static str,
) -> HttpResponse {
    let digest = Sha256::digest(&bytes);
    let tag = data_encoding::BASE64URL_NOPAD.encode(digest.get(..16).unwrap_or_default());
    tagged(request, &EntityTag::new_strong(tag), caching).unwrap_or_else(|mut response| response.content_type(kind).body(bytes))
}

/// 304 when the asker has what `tag` names; else the beginning of an answer that carries it.
pub(super) fn tagged(
    request: &HttpRequest,
    tag: &EntityTag,
    caching: &'static str,
) -> Result<HttpResponse, actix_web::HttpResponseBuilder> {
    let known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(header::IF_NONE_MATCH),
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    };
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header(ETag(tag.clone())).insert_header((header::CACHE_CONTROL, caching));
    if known { Ok(response.finish()) } else { Err(response) }
}

//! What every answer carries, and what is decided before a request is routed.
//!
//! Every answer, errors among them, forbids scripts, frames, sniffing and referrers; one page has a script of ours, one may be framed. Reads and the question `POST /v1/check` may
//! be made from pages of any origin, since they need no credentials; nothing else may. A `HEAD` is answered like a `GET`, whose
//! body the server then leaves out. A problem is shown to people as a page. A client that asks too often is told so before anything else is looked at.

use std::rc::Rc;

use actix_web::body::{self, BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse, ResponseError};

use super::connection::Pace;
use super::limits::{self, Limits};
use super::methods::Methods;
use super::ops;
use super::pages;
use super::rates::{Buckets, Exhausted, Price, Standing};
use super::server::PublicUrl;

/// The one path that other origins may POST to.
const QUESTION: &str = "/v1/check";
/// The one page that pages of other origins may show in a frame.
const FRAMED: &str = "/embed/d/";
/// The one page that has a script, which asks this server.
const SCRIPTED: &str = "/drop";

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                                       frame-ancestors 'none'; base-uri 'none'";
/// The same for what may be framed.
const FRAMED_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'";
/// The same for the page with a script, which comes as a file of its own.
const SCRIPTED_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                                        img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// Static, so that no value is looked through again for each answer.
static EVERYWHERE: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::PERMISSIONS_POLICY, HeaderValue::from_static("interest-cohort=()")),
    (header::CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];
/// What answers that pages of any origin may read carry besides.
static TO_ALL: [(HeaderName, HeaderValue); 3] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED)),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin")),
];
const EXPOSED: &str = "etag, link, retry-after, content-range, ratelimit, ratelimit-policy";
const HSTS: &str = "max-age=31536000; includeSubDomains";

/// The outermost layer of the server.
pub(super) async fn around(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked = request.method().clone();
    let is_question = request.path() == QUESTION;
    let may_be_framed = request.path().starts_with(FRAMED);
    let has_script = request.path() == SCRIPTED;
    let pace = request.conn_data::<Rc<Pace>>().cloned();
    let with_body = [header::TRANSFER_ENCODING, header::CONTENT_LENGTH].iter().any(|name| request.headers().contains_key(name));
    let _answering = pace.as_ref().map(|pace| pace.answer(with_body));
    let standing = take(&request);
    let over_tls = request.app_data::<Data<PublicUrl>>().is_some_and(|url| url.is_https());
    let mut response = if let Err(exhausted) = standing {
        request.into_response(exhausted.problem().error_response())
    } else if asked == Method::OPTIONS
        && let Some(allowed) = allowed(&request)
    {
        request.into_response(options(is_question, &allowed))
    } else if request.headers().contains_key(header::CONTENT_ENCODING) {
        request.into_response(limits::encoded().error_response())
    } else {
        // Whoever uploads asks how far it is; of everything else HEAD tells what GET would.
        let asks_of_upload =
            request.path().starts_with("/v1/documents/") && request.headers().contains_key(header::AUTHORIZATION);
        if asked == Method::HEAD && !asks_of_upload {
            request.head_mut().method = Method::GET;
        }
        next.call(request).await?.map_into_boxed_body()
    };
    // Of a body that may never end, nothing is made for nobody.
    if asked == Method::HEAD && matches!(response.response().body().size(), BodySize::Stream) {
        response = response.map_body(|_, _| BoxBody::new(body::None::new()));
    }
    ops::count(&asked, &response);
    let mut response = pages::for_people(&asked, response);
    let headers = response.headers_mut();
    add(headers, &EVERYWHERE);
    if may_be_framed {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMED_SECURITY_POLICY));
        headers.remove(header::X_FRAME_OPTIONS);
    }
    if has_script {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SCRIPTED_SECURITY_POLICY));
    }
    if over_tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    match standing {
        Ok(None) => {}
        Ok(Some(standing)) => standing.tell(headers),
        Err(exhausted) => exhausted.tell(headers),
    }
    if matches!(asked, Method::GET | Method::HEAD) || is_question {
        add(headers, &TO_ALL);
    }
    Ok(response)
}

/// Takes the price of a request from the bucket of its client; `None` for requests that are not counted.
fn take(request: &ServiceRequest) -> Result<Option<Standing>, Exhausted> {
    let limits = request.app_data::<Data<Limits>>();
    let (Some(limits), Some(buckets)) = (limits, request.app_data::<Data<Buckets>>()) else { return Ok(None) };
    // Without a connection there is nobody to limit: then a test calls the application directly.
    let Some(peer) = request.peer_addr() else { return Ok(None) };
    let Some(client) = limits.proxies.client(peer.ip(), request.headers()) else { return Ok(None) };
    buckets.take(client, Price::of(request.method(), request.match_info().as_str()))
}

fn allowed(request: &ServiceRequest) -> Option<String> {
    request.app_data::<Data<Methods>>().and_then(|methods| methods.allowed(request.path()))
}

/// The answer to `OPTIONS`, which is also the preflight question of browsers (Fetch, section 3.2).
fn options(is_question: bool, allowed: &str) -> HttpResponse {
    let others = if is_question { "GET, HEAD, POST" } else { "GET, HEAD" };
    let mut response = HttpResponse::build(StatusCode::NO_CONTENT);
    response.insert_header((header::ALLOW, allowed));
    response.insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, others));
    response.insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type, if-none-match, last-event-id, range"));
    response.insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"));
    let mut response = response.finish();
    add(response.headers_mut(), &TO_ALL);
    response
}

fn add(headers: &mut HeaderMap, more: &[(HeaderName, HeaderValue)]) {
    for (name, value) in more {
        headers.insert(name.clone(), value.clone());
    }
}

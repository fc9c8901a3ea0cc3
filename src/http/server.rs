//! Assembly: what handlers are handed, and which paths there are.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, Error, HttpRequest, HttpResponse, ResponseError};
use utoipa::OpenApi as _;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

use super::limits::{Budget, Limits};
use super::methods::Methods;
use super::ops::{ApiDocument, MetricsText};
use super::problem::Problem;
use super::rates::Buckets;
use super::{api, badges, feeds, headers, log, ops, pages, witness};
use crate::federation::Federation;
use crate::ledger::Ledger;

/// What a server needs to answer. Cheap to clone.
#[derive(Clone)]
pub struct Serving {
    /// The ledger that is asked.
    pub ledger: Arc<Ledger>,
    /// The peers, and the witness.
    pub federation: Arc<Federation>,
    /// What one request may bring and ask for.
    pub limits: Limits,
    /// What `/metrics` says.
    pub metrics: MetricsText,
    /// Where people and peers reach this server, when it is known: a URL with its final slash.
    pub public_url: Option<String>,
}

/// Where people reach this server.
pub(super) struct PublicUrl(pub(super) Option<String>);

impl PublicUrl {
    /// The address in commands that pages show; without a configured one, where a server listens that nobody configured.
    pub(super) fn shown(&self) -> String {
        self.0.clone().unwrap_or_else(|| "http://127.0.0.1:8080/".to_owned())
    }

    /// Whether a proxy in front speaks TLS.
    pub(super) fn is_https(&self) -> bool {
        self.0.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// The document that all paths are collected into.
#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Palinode",
    description = "Signed, logged and federated notices that a dataset was retracted: submit them, read them, ask about \
                   identifiers. Reads are public and need no key. Errors are RFC 9457 problem documents."
))]
struct Document;

/// Every path, those first that are asked for most.
fn routes(config: &mut ServiceConfig) {
    api::questions(config);
    log::routes(config);
    api::routes(config);
    witness::routes(config);
    ops::routes(config);
    pages::routes(config);
    feeds::routes(config);
    badges::routes(config);
}

/// The OpenAPI 3.1 document of all paths, made from the handlers.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let app = App::new().into_utoipa_app().openapi(Document::openapi()).configure(routes);
    app.split_for_parts().1
}

/// The application: what [`bind`](super::bind) serves, and what tests call without a socket.
pub fn app(
    serving: &Serving,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()> + use<>,
> {
    assemble(&Shared::of(serving))
}

/// The data of handlers, each its own, so that a handler's signature is the list of what it needs.
#[derive(Clone)]
pub(super) struct Shared {
    ledger: Data<Ledger>,
    federation: Data<Federation>,
    limits: Data<Limits>,
    budget: Data<Budget>,
    buckets: Data<Buckets>,
    metrics: Data<MetricsText>,
    public_url: Data<PublicUrl>,
    methods: Data<Methods>,
    document: Data<ApiDocument>,
}

impl Shared {
    pub(super) fn of(serving: &Serving) -> Self {
        let api = openapi();
        Self {
            ledger: Data::from(serving.ledger.clone()),
            federation: Data::from(serving.federation.clone()),
            limits: Data::new(serving.limits.clone()),
            budget: Data::default(),
            buckets: Data::new(Buckets::new(serving.limits.rates)),
            metrics: Data::new(serving.metrics.clone()),
            public_url: Data::new(PublicUrl(serving.public_url.clone())),
            methods: Data::new(Methods::of(&api)),
            document: Data::new(ApiDocument::of(&api)),
        }
    }

    /// The buckets of all clients.
    pub(super) fn buckets(&self) -> &Data<Buckets> {
        &self.buckets
    }
}

pub(super) fn assemble(
    shared: &Shared,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()> + use<>,
> {
    App::new()
        .app_data(shared.ledger.clone())
        .app_data(shared.federation.clone())
        .app_data(shared.limits.clone())
        .app_data(shared.budget.clone())
        .app_data(shared.buckets.clone())
        .app_data(shared.metrics.clone())
        .app_data(shared.public_url.clone())
        .app_data(shared.methods.clone())
        .app_data(shared.document.clone())
        .app_data(web::QueryConfig::default().error_handler(|e, _| Problem::bad_request("bad-query", e.to_string()).into()))
        .app_data(web::PathConfig::default().error_handler(|e, _| Problem::not_found(e.to_string()).into()))
        .configure(|config| routes(&mut ServiceConfig::new(config)))
        .default_service(web::route().to(elsewhere))
        .wrap(from_fn(headers::around))
}

/// Where no path and method agree.
async fn elsewhere(request: HttpRequest, methods: Data<Methods>) -> HttpResponse {
    let Some(allowed) = methods.allowed(request.path()) else {
        return Problem::not_found("nothing stands at this path").error_response();
    };
    let detail = format!("this path answers to {allowed}");
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "The method is not taken here", detail);
    let allow = HeaderValue::from_str(&allowed).unwrap_or_else(|_| HeaderValue::from_static("GET"));
    problem.with_header(header::ALLOW, allow).error_response()
}

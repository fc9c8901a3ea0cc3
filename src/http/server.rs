//! Assembly: what handlers are handed, and which paths there are.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
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

use super::events::Audience;
use super::limits::{Budget, Limits};
use super::methods::Methods;
use super::ops::{ApiDocument, MetricsText};
use super::pages::{Kept, Reference};
use super::problem::Problem;
use super::rates::Buckets;
use super::security::{self, SecurityContact};
use super::{api, badges, describing, events, feeds, headers, log, ops, pages, witness};
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
    /// Where holes are reported, when the operator says so.
    pub security: Option<SecurityContact>,
}

/// Where a server without a socket would listen: what a configuration without an address says.
const UNKNOWN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Where people reach this server.
pub(super) struct PublicUrl {
    configured: Option<String>,
    /// Where its socket is, when it has one.
    listening: Option<SocketAddr>,
}

impl PublicUrl {
    /// The address as the operator configured it, a URL with its final slash.
    pub(super) fn configured(&self) -> Option<&str> {
        self.configured.as_deref()
    }

    /// The address in commands that pages show. Without a configured one it is where the server listens: what a request says about
    /// the host it means (`Host`) is whatever somebody wrote.
    pub(super) fn shown(&self) -> String {
        if let Some(configured) = &self.configured {
            return configured.clone();
        }
        let mut address = self.listening.unwrap_or(UNKNOWN);
        if address.ip().is_unspecified() {
            // Every address of this machine, and this one is among them.
            address.set_ip(if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
        }
        format!("http://{address}/")
    }

    /// Whether a proxy in front speaks TLS.
    pub(super) fn is_https(&self) -> bool {
        self.configured().is_some_and(|url| url.starts_with("https://"))
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
    events::routes(config);
    witness::routes(config);
    ops::routes(config);
    security::routes(config);
    pages::routes(config);
    feeds::routes(config);
    badges::routes(config);
}

/// The OpenAPI 3.1 document of all paths, made from the handlers.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let app = App::new().into_utoipa_app().openapi(Document::openapi()).configure(routes);
    let mut api = app.split_for_parts().1;
    describing::complete(&mut api);
    api
}

/// The application: what [`bind`](super::bind) serves, and what tests call without a socket.
pub fn app(
    serving: &Serving,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()> + use<>,
> {
    assemble(&Shared::of(serving, None))
}

/// The data of handlers, each its own, so that a handler's signature is the list of what it needs.
#[derive(Clone)]
pub(super) struct Shared {
    ledger: Data<Ledger>,
    federation: Data<Federation>,
    limits: Data<Limits>,
    budget: Data<Budget>,
    buckets: Data<Buckets>,
    audience: Data<Audience>,
    metrics: Data<MetricsText>,
    public_url: Data<PublicUrl>,
    security: Data<Option<SecurityContact>>,
    methods: Data<Methods>,
    document: Data<ApiDocument>,
    reference: Data<Reference>,
    kept: Data<Kept>,
}

impl Shared {
    pub(super) fn of(serving: &Serving, listening: Option<SocketAddr>) -> Self {
        let api = openapi();
        Self {
            ledger: Data::from(serving.ledger.clone()),
            federation: Data::from(serving.federation.clone()),
            limits: Data::new(serving.limits.clone()),
            budget: Data::default(),
            buckets: Data::new(Buckets::new(serving.limits.rates)),
            audience: Data::new(Audience::new(&serving.limits)),
            metrics: Data::new(serving.metrics.clone()),
            public_url: Data::new(PublicUrl { configured: serving.public_url.clone(), listening }),
            security: Data::new(serving.security.clone()),
            methods: Data::new(Methods::of(&api)),
            document: Data::new(ApiDocument::of(&api)),
            // A document that was built in memory can be read; an empty reference would show in every test.
            reference: Data::new(Reference::of(&api).unwrap_or_default()),
            kept: Data::default(),
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
        .app_data(shared.audience.clone())
        .app_data(shared.metrics.clone())
        .app_data(shared.public_url.clone())
        .app_data(shared.security.clone())
        .app_data(shared.methods.clone())
        .app_data(shared.document.clone())
        .app_data(shared.reference.clone())
        .app_data(shared.kept.clone())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_show_the_configured_address_or_else_where_the_server_listens() {
        let shown = |configured: Option<&str>, listening: Option<&str>| {
            let listening = listening.map(|address| address.parse().expect("an address"));
            PublicUrl { configured: configured.map(str::to_owned), listening }.shown()
        };
        assert_eq!(shown(Some("https://ledger.example.org/"), Some("127.0.0.1:9000")), "https://ledger.example.org/");
        assert_eq!(shown(None, Some("192.0.2.7:9000")), "http://192.0.2.7:9000/");
        assert_eq!(shown(None, Some("0.0.0.0:9000")), "http://127.0.0.1:9000/");
        assert_eq!(shown(None, Some("[::]:9000")), "http://[::1]:9000/");
        assert_eq!(shown(None, None), "http://127.0.0.1:8080/");
    }
}

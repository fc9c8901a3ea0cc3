//! Requests to the application of a server, without a socket.

use std::pin::Pin;

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::http::header;
use actix_web::test::{TestRequest, init_service};
use serde_json::Value;

use crate::support::server::TestServer;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Knock {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Knock {
    pub(crate) fn post(path: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { method: "POST", path: path.to_owned(), headers, body: body.into() }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// The same over a socket: its status.
    pub(crate) fn status_over_a_socket(&self, server: &TestServer) -> u16 {
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        server.request(self.method, &self.path, &headers, &self.body).status
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) body: Vec<u8>,
}

impl Heard {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The rule of a problem document.
    pub(crate) fn rule(&self) -> String {
        assert_eq!(self.kind, "application/problem+json", "{}: {}", self.status, self.text());
        let problem = self.json();
        assert_eq!(problem["status"], u64::from(self.status));
        problem["type"].as_str().unwrap().strip_prefix("urn:palinode:problem:").unwrap().to_owned()
    }
}

/// Runs `work` on an actix system, with the application of `server` to ask.
pub(crate) fn with_app<T>(server: &TestServer, work: impl AsyncFnOnce(&App<'_>) -> T) -> T {
    let serving = server.serving.clone();
    actix_web::rt::System::new().block_on(async move {
        let service = init_service(palinode::http::app(&serving)).await;
        let ask = |knock: Knock| -> Asked<'_> {
            let mut request = TestRequest::default().method(knock.method.parse().unwrap()).uri(&knock.path);
            for header in knock.headers {
                request = request.insert_header(header);
            }
            let answer = service.call(request.set_payload(knock.body).to_request());
            Box::pin(async move {
                let response = answer.await.map_or_else(|error| error.error_response(), |answer| answer.into_parts().1);
                let status = response.status().as_u16();
                let kind = response.headers().get(header::CONTENT_TYPE);
                let kind = kind.map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
                let body = to_bytes(response.into_body()).await.unwrap_or_else(|_| panic!("the body of the answer broke off"));
                Heard { status, kind, body: body.to_vec() }
            })
        };
        work(&App(&ask)).await
    })
}

type Asked<'a> = Pin<Box<dyn Future<Output = Heard> + 'a>>;

/// An application to ask.
pub(crate) struct App<'a>(&'a dyn Fn(Knock) -> Asked<'a>);

impl App<'_> {
    /// Asks; the server itself must never be what fails.
    pub(crate) async fn ask(&self, knock: &Knock) -> Heard {
        let heard = (self.0)(knock.clone()).await;
        assert!(heard.status < 500, "{} {} was answered {}: {}", knock.method, knock.path, heard.status, heard.text());
        heard
    }
}

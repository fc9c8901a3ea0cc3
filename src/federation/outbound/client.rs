//! The client: one exchange, within limits of time and size.
//!
//! Certificates are checked by the platform's verifier, which on Linux means the system's store of root certificates. Nothing is
//! ever decompressed: no encoding is asked for, and an answer that has one is taken as the bytes that it is, so that the limit
//! counts what is kept.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH, RANGE, RETRY_AFTER};

use super::may_go_to;
use super::ranges::AddressPolicy;
use super::reading::fault;
use super::resolver::{GuardedResolver, LookUp, by_the_system};
use crate::federation::transport::{Method, Request, Response, Transport, TransportError};

/// How long connecting may take, finding the address and encryption included.
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);
/// How long the other side may stay silent in the middle of an answer.
const SILENCE_DEADLINE: Duration = Duration::from_secs(10);
/// How many connections to one server are kept open while nothing is asked.
const IDLE_CONNECTIONS: usize = 4;

/// What uploads in pieces are described with (draft-ietf-httpbis-resumable-upload).
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_COMPLETE: HeaderName = HeaderName::from_static("upload-complete");

/// The [`Transport`] of a running server.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    policy: Arc<AddressPolicy>,
}

/// The HTTP client could not be set up, for example because the system has no usable store of root certificates.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be set up")]
pub struct HttpTransportError(#[source] reqwest::Error);

impl HttpTransport {
    /// A transport that goes where `policy` lets it.
    ///
    /// # Errors
    /// [`HttpTransportError`].
    pub fn new(policy: AddressPolicy) -> Result<Self, HttpTransportError> {
        Self::looking_up(policy, by_the_system())
    }

    /// The same, with another way of finding the addresses of names.
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the HTTP client")]
    pub(super) fn looking_up(policy: AddressPolicy, look_up: LookUp) -> Result<Self, HttpTransportError> {
        // Without a provider of cryptography the client would panic. When another one was installed first, that one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let policy = Arc::new(policy);
        let client = reqwest::Client::builder()
            .user_agent(concat!("palinode/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(CONNECT_DEADLINE)
            .read_timeout(SILENCE_DEADLINE)
            .pool_idle_timeout(Duration::from_secs(90))
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .dns_resolver(Arc::new(GuardedResolver::new(policy.clone(), look_up)))
            .build()
            .map_err(HttpTransportError)?;
        Ok(Self { client, policy })
    }

    async fn exchange(&self, request: Request) -> Result<Response, TransportError> {
        may_go_to(&request.url, &self.policy)?;
        let limit = request.max_bytes;
        let mut answer = self.prepare(request).send().await.map_err(|e| fault(&e))?;
        let too_large = TransportError::TooLarge { limit };
        if answer.content_length().is_some_and(|length| length > limit as u64) {
            return Err(too_large);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|e| fault(&e))? {
            if body.len() + chunk.len() > limit {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }
        let headers = answer.headers();
        Ok(Response {
            status: answer.status().as_u16(),
            content_type: text_of(headers, &CONTENT_TYPE),
            etag: text_of(headers, &ETAG),
            retry_after: text_of(headers, &RETRY_AFTER).and_then(|s| s.parse().ok()).map(Duration::from_secs),
            upload_offset: text_of(headers, &UPLOAD_OFFSET).and_then(|offset| offset.parse().ok()),
            upload_complete: text_of(headers, &UPLOAD_COMPLETE).is_some_and(|complete| complete == "?1"),
            body,
        })
    }

    fn prepare(&self, request: Request) -> reqwest::RequestBuilder {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Head => reqwest::Method::HEAD,
        };
        let mut builder = self.client.request(method, request.url);
        if let Some((first, last)) = request.range {
            builder = builder.header(RANGE, format!("bytes={first}-{last}"));
        }
        if let Some(etag) = request.if_none_match {
            builder = builder.header(IF_NONE_MATCH, etag);
        }
        if let Some(content_type) = request.content_type {
            builder = builder.header(CONTENT_TYPE, content_type);
        }
        if let Some(token) = request.bearer {
            builder = builder.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, bytes) in [(UPLOAD_OFFSET, request.upload_offset), (UPLOAD_LENGTH, request.upload_length)] {
            if let Some(bytes) = bytes {
                builder = builder.header(name, bytes);
            }
        }
        if !matches!(request.method, Method::Get | Method::Head) {
            builder = builder.body(request.body);
        }
        builder
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let deadline = request.deadline;
            tokio::time::timeout(deadline, self.exchange(request)).await.unwrap_or(Err(TransportError::Timeout))
        })
    }
}

fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use url::Url;

    use super::*;

    const LOOPBACK: AddressPolicy = AddressPolicy { loopback: true, private: Vec::new() };

    fn get(url: &str) -> Request {
        Request::get(Url::parse(url).expect("a URL"), Duration::from_secs(5), 1_000)
    }

    /// Answers one connection with these bytes, and gives its address.
    fn answering(answer: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&answer);
        });
        format!("http://{address}/")
    }

    #[tokio::test]
    async fn an_answer_comes_whole_with_its_headers() {
        let url =
            answering(b"HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Type: text/x\r\nContent-Length: 2\r\n\r\nhi".to_vec());
        let answer = HttpTransport::new(LOOPBACK).expect("a client").send(get(&url)).await.expect("an answer");
        assert_eq!((answer.status, answer.retry_after), (429, Some(Duration::from_secs(7))));
        assert_eq!((answer.content_type.as_deref(), answer.body.as_slice()), (Some("text/x"), b"hi".as_slice()));
    }

    #[tokio::test]
    async fn an_answer_that_is_too_long_is_cut_off_declared_or_not() {
        let transport = HttpTransport::new(LOOPBACK).expect("a client");
        let declared = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n".to_vec());
        assert_eq!(transport.send(get(&declared)).await, Err(TransportError::TooLarge { limit: 1_000 }));
        let mut undeclared = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        undeclared.resize(5_000, b'x');
        assert_eq!(transport.send(get(&answering(undeclared))).await, Err(TransportError::TooLarge { limit: 1_000 }));
    }

    /// "palinode" 4,000 times over, gzipped.
    const GZIPPED: &str = "H4sIAAAAAAACA+3FsQkAMAgAsFuFOgil+v/UQ0yWTNx6fXJs27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Zt27Ztr/8DliGN+AB9AAA=";

    #[tokio::test]
    async fn a_gzipped_answer_is_not_inflated_and_nothing_like_it_was_asked_for() {
        let packed = data_encoding::BASE64.decode(GZIPPED.as_bytes()).expect("base64");
        assert!(packed.len() < 1_000);
        let mut answer =
            format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len()).into_bytes();
        answer.extend_from_slice(&packed);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut head = [0; 4096];
            let length = stream.read(&mut head).expect("a request");
            stream.write_all(&answer).expect("written");
            String::from_utf8_lossy(&head[..length]).to_ascii_lowercase()
        });
        // 32,000 bytes would be too many; the bytes that were sent are not.
        let answer = HttpTransport::new(LOOPBACK).expect("a client").send(get(&url)).await.expect("an answer");
        assert_eq!(answer.body, packed);
        let head = asked.join().expect("asked");
        assert!(head.starts_with("get / http/1.1\r\n") && !head.contains("accept-encoding"), "{head}");
    }

    #[tokio::test]
    async fn an_answer_that_drips_for_ever_ends_at_the_deadline() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n");
            while stream.write_all(b".").is_ok() {
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        let begun = std::time::Instant::now();
        let hurried = Request { deadline: Duration::from_millis(300), ..get(&url) };
        let transport = HttpTransport::new(LOOPBACK).expect("a client");
        assert_eq!(transport.send(hurried).await, Err(TransportError::Timeout));
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn silence_nobody_and_nonsense_are_told_apart() {
        let transport = HttpTransport::new(LOOPBACK).expect("a client");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let hurried = Request { deadline: Duration::from_millis(50), ..get(&url) };
        assert_eq!(transport.send(hurried).await, Err(TransportError::Timeout));
        drop(listener);
        assert!(matches!(transport.send(get(&url)).await, Err(TransportError::Connect(_))));
        let nonsense = answering(b"hello\r\n\r\n".to_vec());
        assert!(matches!(transport.send(get(&nonsense)).await, Err(TransportError::Protocol(_))));
    }

    #[tokio::test]
    async fn a_server_without_a_trusted_certificate_is_a_matter_of_encryption() {
        let url = answering(b"this is not a handshake at all".to_vec()).replace("http://", "https://");
        let error = HttpTransport::new(LOOPBACK).expect("a client").send(get(&url)).await.expect_err("no handshake");
        assert!(matches!(error, TransportError::Tls(_)), "{error:?}");
    }

    #[test]
    fn what_is_logged_of_a_request_has_no_token() {
        let request = Request { bearer: Some("secret".to_owned()), ..get("https://example.org/") };
        assert!(!format!("{request:?}").contains("secret"));
    }
}

//! The network as a parameter: one verb, a request for an answer, with limits on both.
//!
//! [`Transport`] is one of the three dynamic seams of the server. The shipped [`HttpTransport`](super::HttpTransport) speaks
//! HTTP; [`MemoryNetwork`](super::MemoryNetwork) carries requests between servers of one process, and loses, delays and repeats
//! them on demand.
//!
//! Every request names its deadline and the most bytes that its answer may have. An answer with an error status is an answer:
//! only what kept an answer from coming whole is a [`TransportError`].
//!
//! Out of scope: what is asked and what answers mean.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use futures_util::future::BoxFuture;
use url::Url;

/// How a request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Hands something in.
    Post,
    /// Puts something where the URL says.
    Put,
    /// Adds to what was put there so far.
    Patch,
    /// Asks how far an upload is.
    Head,
}

impl Method {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Head => "HEAD",
        }
    }
}

/// A request with its limits.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// How.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// Only these bytes of the answer, first and last, both included.
    pub range: Option<(u64, u64)>,
    /// The answer is only wanted when it is not this one.
    pub if_none_match: Option<String>,
    /// What the body is.
    pub content_type: Option<&'static str>,
    /// Leave to upload. Never logged.
    pub bearer: Option<String>,
    /// Where in an upload the body begins, in bytes.
    pub upload_offset: Option<u64>,
    /// How many bytes the whole upload has.
    pub upload_length: Option<u64>,
    /// What is handed in.
    pub body: Vec<u8>,
    /// How long the whole exchange may take.
    pub deadline: Duration,
    /// The most bytes that the body of the answer may have.
    pub max_bytes: usize,
}

impl Request {
    /// Reads `url`.
    pub fn get(url: Url, deadline: Duration, max_bytes: usize) -> Self {
        Self::bare(Method::Get, url, deadline, max_bytes)
    }

    /// Hands `body` in at `url`.
    pub fn post(url: Url, content_type: &'static str, body: Vec<u8>, deadline: Duration, max_bytes: usize) -> Self {
        Self { content_type: Some(content_type), body, ..Self::bare(Method::Post, url, deadline, max_bytes) }
    }

    /// Puts `body` at `url`.
    pub fn put(url: Url, content_type: &'static str, body: Vec<u8>, deadline: Duration, max_bytes: usize) -> Self {
        Self { content_type: Some(content_type), body, ..Self::bare(Method::Put, url, deadline, max_bytes) }
    }

    /// Adds `body` at `offset` of what is uploaded at `url`.
    pub fn patch(url: Url, offset: u64, body: Vec<u8>, deadline: Duration, max_bytes: usize) -> Self {
        let content_type = Some("application/partial-upload");
        Self { content_type, upload_offset: Some(offset), body, ..Self::bare(Method::Patch, url, deadline, max_bytes) }
    }

    /// Asks how far the upload at `url` is.
    pub fn head(url: Url, deadline: Duration, max_bytes: usize) -> Self {
        Self::bare(Method::Head, url, deadline, max_bytes)
    }

    fn bare(method: Method, url: Url, deadline: Duration, max_bytes: usize) -> Self {
        Self {
            method,
            url,
            range: None,
            if_none_match: None,
            content_type: None,
            bearer: None,
            upload_offset: None,
            upload_length: None,
            body: Vec::new(),
            deadline,
            max_bytes,
        }
    }
}

/// Without the bearer token, and without the bytes of the body.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method.as_str())
            .field("url", &self.url.as_str())
            .field("range", &self.range)
            .field("body_bytes", &self.body.len())
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// A whole answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// What the body says it is.
    pub content_type: Option<String>,
    /// The name of these bytes, for `if_none_match`.
    pub etag: Option<String>,
    /// When to ask again, where the answer says so in seconds.
    pub retry_after: Option<Duration>,
    /// How many bytes of an upload are there.
    pub upload_offset: Option<u64>,
    /// Whether the upload is whole and was taken.
    pub upload_complete: bool,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer with only a status and a body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, body: body.into(), ..Self::default() }
    }

    /// The same, of this type.
    #[must_use]
    pub fn of_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }
}

/// Why no whole answer came. Whether the request was acted upon is unknown after all but the first two.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The URL is none that requests may go to: another scheme than https, credentials, no host.
    #[error("requests may not go to {0}")]
    RefusedUrl(RefusedUrl),
    /// The address is none that requests may go to.
    #[error("requests may not go to the address {}", super::outbound::describe(.0))]
    RefusedAddress(IpAddr),
    /// No connection: the name is unknown, nobody listens, the network is away.
    #[error("no connection: {0}")]
    Connect(String),
    /// The other side could not prove who it is, or no common encryption was found.
    #[error("no trusted encryption: {0}")]
    Tls(String),
    /// The deadline passed.
    #[error("no whole answer within the deadline")]
    Timeout,
    /// The answer is longer than allowed; the rest was not read.
    #[error("the answer has more than {limit} bytes")]
    TooLarge {
        /// The most bytes that were allowed.
        limit: usize,
    },
    /// What came back is not HTTP, or stopped in the middle.
    #[error("the exchange broke off: {0}")]
    Protocol(String),
}

/// What is wrong with a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefusedUrl {
    /// Without encryption, and not on this machine or not allowed there.
    #[error("a URL without encryption")]
    NotEncrypted,
    /// Neither http nor https.
    #[error("a URL of another scheme than https")]
    Scheme,
    /// A user name or password stands in it.
    #[error("a URL with credentials")]
    Credentials,
    /// It has no host.
    #[error("a URL without a host")]
    NoHost,
}

impl TransportError {
    /// The words for what happens on the way to a peer and says nothing about the peer itself.
    pub const ON_THE_WAY: [&str; 4] = ["connect", "tls", "timeout", "protocol"];

    /// A stable word for it, for peers' states and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RefusedUrl(_) => "refused-url",
            Self::RefusedAddress(_) => "refused-address",
            Self::Connect(_) => "connect",
            Self::Tls(_) => "tls",
            Self::Timeout => "timeout",
            Self::TooLarge { .. } => "too-large",
            Self::Protocol(_) => "protocol",
        }
    }
}

/// Carries requests.
pub trait Transport: Send + Sync {
    /// Makes one request, within its deadline, and gives its answer, whole and within its limit. Never follows a redirect.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

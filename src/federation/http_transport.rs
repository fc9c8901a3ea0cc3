//! Requests over HTTP: the only user of the HTTP client.
//!
//! Outbound requests are what a server can be misused with, so they are made here and nowhere else (protocol, section 8,
//! "Outbound requests"): https only, http to loopback when the operator says so; no redirects; no proxy from the environment;
//! never to an address that [`address_is_allowed`] refuses, checked on the address that is connected to, since names are
//! resolved here once and literals are looked at before anything is sent; and everything within limits of time and size.
//!
//! Certificates are checked by the platform's verifier, which on Linux means the system's store of root certificates.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH, RANGE, RETRY_AFTER};
use url::{Host, Url};

use super::transport::{Method, RefusedUrl, Request, Response, Transport, TransportError};

/// How long connecting may take, encryption included.
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);
/// How long the other side may stay silent in the middle of an answer.
const SILENCE_DEADLINE: Duration = Duration::from_secs(10);

/// Which addresses requests may go to, beside the public ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AddressPolicy {
    /// Loopback addresses, and those without encryption too: for servers on one machine.
    pub loopback: bool,
    /// Private networks: for a federation inside one house.
    pub private: bool,
}

/// Whether requests may go to this address.
///
/// Anything that is not plainly a public unicast address is refused unless the policy names its kind; addresses that carry an
/// IPv4 address inside are judged by that one.
pub fn address_is_allowed(address: IpAddr, policy: AddressPolicy) -> bool {
    match address {
        IpAddr::V4(v4) => v4_is_allowed(v4, policy),
        IpAddr::V6(v6) => match carried_v4(v6) {
            Some(v4) => v4_is_allowed(v4, policy),
            None if v6.is_loopback() => policy.loopback,
            None if v6.is_unique_local() => policy.private,
            // Global unicast is 2000::/3; inside it, documentation (2001:db8::/32, 3fff::/20) and 2001::/23 are not public.
            None => {
                let [first, second, ..] = v6.segments();
                let special =
                    (first == 0x2001 && (second < 0x0200 || second == 0x0db8)) || (first == 0x3fff && second < 0x1000);
                first & 0xe000 == 0x2000 && !special
            }
        },
    }
}

/// IPv4-mapped, NAT64 and 6to4 addresses end up at an IPv4 address.
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

fn v4_is_allowed(address: Ipv4Addr, policy: AddressPolicy) -> bool {
    let [a, b, c, _] = address.octets();
    if address.is_loopback() {
        return policy.loopback;
    }
    // 100.64/10 is what carriers use as private addresses.
    if address.is_private() || (a == 100 && b & 0xc0 == 64) {
        return policy.private;
    }
    let special = a == 0
        || a >= 224
        || address.is_link_local()
        || address.is_documentation()
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && b & 0xfe == 18);
    !special
}

/// A resolver that never gives an address which requests may not go to.
struct GuardedResolver(AddressPolicy);

/// All addresses of a name are such that requests may not go there.
#[derive(Debug, thiserror::Error)]
#[error("requests may not go to {0}")]
struct OnlyRefused(IpAddr);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::task::spawn_blocking(move || (host.as_str(), 0).to_socket_addrs()).await??;
            let (allowed, refused): (Vec<_>, Vec<_>) = found.partition(|a| address_is_allowed(a.ip(), policy));
            match refused.first() {
                Some(only) if allowed.is_empty() => Err(OnlyRefused(only.ip()).into()),
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

/// The [`Transport`] of a running server.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    policy: AddressPolicy,
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
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the HTTP client")]
    pub fn new(policy: AddressPolicy) -> Result<Self, HttpTransportError> {
        // Without a provider of cryptography the client would panic. When another one was installed first, that one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("palinode/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(CONNECT_DEADLINE)
            .read_timeout(SILENCE_DEADLINE)
            .pool_idle_timeout(Duration::from_secs(90))
            .dns_resolver(Arc::new(GuardedResolver(policy)))
            .build()
            .map_err(HttpTransportError)?;
        Ok(Self { client, policy })
    }

    async fn exchange(&self, request: Request) -> Result<Response, TransportError> {
        self.check(&request.url)?;
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
            body,
        })
    }

    /// Scheme, credentials and literal addresses: a resolver is never asked about those.
    fn check(&self, url: &Url) -> Result<(), TransportError> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TransportError::RefusedUrl(RefusedUrl::Credentials));
        }
        let literal = match url.host().ok_or(TransportError::RefusedUrl(RefusedUrl::NoHost))? {
            Host::Ipv4(v4) => Some(IpAddr::V4(v4)),
            Host::Ipv6(v6) => Some(IpAddr::V6(v6)),
            Host::Domain(_) => None,
        };
        if let Some(address) = literal.filter(|address| !address_is_allowed(*address, self.policy)) {
            return Err(TransportError::RefusedAddress(address));
        }
        let on_this_machine = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            _ => literal.is_some_and(|address| address.is_loopback()),
        };
        match url.scheme() {
            "https" => Ok(()),
            "http" if on_this_machine && self.policy.loopback => Ok(()),
            "http" => Err(TransportError::RefusedUrl(RefusedUrl::NotEncrypted)),
            _ => Err(TransportError::RefusedUrl(RefusedUrl::Scheme)),
        }
    }

    fn prepare(&self, request: Request) -> reqwest::RequestBuilder {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
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
        if request.method != Method::Get {
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

/// Finds out what went wrong: the client's error says little, the errors it was made of say the rest.
fn fault(error: &reqwest::Error) -> TransportError {
    let mut innermost: &(dyn Error + 'static) = error;
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(current) = next {
        if let Some(OnlyRefused(address)) = current.downcast_ref() {
            return TransportError::RefusedAddress(*address);
        }
        if current.is::<rustls::Error>() {
            return TransportError::Tls(current.to_string());
        }
        innermost = current;
        // An input/output error that wraps another one does not name it as its source.
        let wrapped = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = wrapped.map(|inner| inner as &(dyn Error + 'static)).or_else(|| current.source());
    }
    if error.is_timeout() {
        TransportError::Timeout
    } else if error.is_connect() {
        TransportError::Connect(innermost.to_string())
    } else {
        TransportError::Protocol(innermost.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    const LOOPBACK: AddressPolicy = AddressPolicy { loopback: true, private: false };

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

    #[test]
    fn only_public_addresses_are_allowed_unless_the_policy_says_more() {
        let strict = AddressPolicy::default();
        for refused in [
            "127.0.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "fe80::1",
            "fc00::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "ff02::1",
            "fec0::1",
        ] {
            assert!(!address_is_allowed(refused.parse().expect("an address"), strict), "{refused}");
        }
        for allowed in ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"] {
            assert!(address_is_allowed(allowed.parse().expect("an address"), strict), "{allowed}");
        }
        assert!(address_is_allowed("::ffff:127.0.0.1".parse().expect("an address"), LOOPBACK));
        assert!(!address_is_allowed("10.0.0.1".parse().expect("an address"), LOOPBACK));
        assert!(address_is_allowed("10.0.0.1".parse().expect("an address"), AddressPolicy { private: true, loopback: false }));
    }

    #[tokio::test]
    async fn urls_that_lead_inwards_are_refused_before_anything_is_sent() {
        let strict = HttpTransport::new(AddressPolicy::default()).expect("a client");
        for url in
            ["http://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::ffff:127.0.0.1]/", "https://localhost/"]
        {
            let error = strict.send(get(url)).await.expect_err(url);
            assert!(matches!(error, TransportError::RefusedAddress(_)), "{url}: {error}");
        }
        for (url, fault) in [
            ("http://example.org/", RefusedUrl::NotEncrypted),
            ("ftp://example.org/", RefusedUrl::Scheme),
            ("https://user:secret@example.org/", RefusedUrl::Credentials),
        ] {
            assert_eq!(strict.send(get(url)).await, Err(TransportError::RefusedUrl(fault)), "{url}");
        }
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

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_is_not_followed() {
        let url = answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec());
        let answer = HttpTransport::new(LOOPBACK).expect("a client").send(get(&url)).await.expect("an answer");
        assert_eq!(answer.status, 302);
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

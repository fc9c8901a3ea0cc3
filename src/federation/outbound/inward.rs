//! Tests with listeners that must never be reached (promise F8): every spelling of a way inwards, names that lead elsewhere the
//! second time, redirects.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use url::Url;

use super::resolver::LookUp;
use super::{AddressPolicy, HttpTransport};
use crate::federation::transport::{Request, Response, Transport, TransportError};

const STRICT: AddressPolicy = AddressPolicy { loopback: false, private: Vec::new() };
const LOOPBACK: AddressPolicy = AddressPolicy { loopback: true, private: Vec::new() };

/// Something that listens and counts who comes.
struct Canary {
    address: SocketAddr,
    visits: Arc<AtomicUsize>,
}

impl Canary {
    /// Answers everybody with this.
    fn at(address: SocketAddr, answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind(address).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (visits, answer) = (Arc::new(AtomicUsize::new(0)), answer.into());
        let count = visits.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
                let Ok(mut stream) = stream else { continue };
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(&answer);
            }
        });
        Self { address, visits }
    }

    fn sit() -> Self {
        Self::at(SocketAddr::from(([127, 0, 0, 1], 0)), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

/// A name server: gives these answers one after another, the last one for ever, and keeps what it was asked.
fn answering<const N: usize>(answers: &[Vec<&str>; N]) -> (LookUp, Arc<Mutex<Vec<String>>>) {
    let answers: Vec<Vec<IpAddr>> =
        answers.iter().map(|answer| answer.iter().map(|text| text.parse().expect("an address")).collect()).collect();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = asked.clone();
    let look_up: LookUp = Arc::new(move |name| {
        let mut asked = kept.lock().expect("names");
        let answer = answers[asked.len().min(answers.len() - 1)].clone();
        asked.push(name);
        Box::pin(async move { Ok(answer) })
    });
    (look_up, asked)
}

async fn get(transport: &HttpTransport, url: &str) -> Result<Response, TransportError> {
    let url = Url::parse(url).map_err(|e| TransportError::Protocol(format!("no URL: {e}")))?;
    transport.send(Request::get(url, Duration::from_secs(5), 1_000)).await
}

/// Ways to write an address inside, or to hide one. `{p}` is the port where somebody listens on loopback.
const SPELLINGS: [&str; 84] = [
    // Plain, and in every base and length that the C library reads.
    "https://127.0.0.1:{p}/",
    "http://127.0.0.1:{p}/",
    "https://2130706433:{p}/",
    "https://017700000001:{p}/",
    "https://0x7f000001:{p}/",
    "https://0X7F000001:{p}/",
    "https://127.1:{p}/",
    "https://127.0.1:{p}/",
    "https://0x7f.1:{p}/",
    "https://0177.1:{p}/",
    "https://0177.0.0.01:{p}/",
    "https://0x7f.0x0.0x0.0x1:{p}/",
    "https://0x7f.0.0.01:{p}/",
    "https://127.0.0.1.:{p}/",
    "https://127.1.:{p}/",
    "https://127.255.255.254:{p}/",
    "https://127.000.000.001:{p}/",
    "https://0:{p}/",
    "https://0.0.0.0:{p}/",
    "https://00000000000:{p}/",
    "https://4294967295:{p}/",
    // Other characters that are read as digits, dots and letters.
    "https://１２７.0.0.1:{p}/",
    "https://①②⑦.⓪.⓪.①:{p}/",
    "https://127。0。0。1:{p}/",
    "https://127．0．0．1:{p}/",
    "https://127｡0｡0｡1:{p}/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{p}/",
    "https://ｌｏｃａｌｈｏｓｔ:{p}/",
    "https://LOCALHOST:{p}/",
    "https://%6c%6f%63%61%6c%68%6f%73%74:{p}/",
    "https://%31%32%37.0.0.1:{p}/",
    "https://127%2e0%2e0%2e1:{p}/",
    "https://127.0.0\u{ad}.1:{p}/",
    "https://1\u{200b}27.0.0.1:{p}/",
    // Names.
    "https://localhost:{p}/",
    "https://localhost.:{p}/",
    "https://anything.localhost:{p}/",
    "http://localhost:{p}/",
    "https://localtest.example:{p}/",
    "https://127.0.0.1.nip.example:{p}/",
    "https://metadata.google.internal:{p}/",
    // IPv6.
    "https://[::1]:{p}/",
    "https://[::]:{p}/",
    "https://[0:0:0:0:0:0:0:1]:{p}/",
    "https://[0000:0000::0001]:{p}/",
    "https://[::ffff:127.0.0.1]:{p}/",
    "https://[::ffff:7f00:1]:{p}/",
    "https://[::FFFF:7F00:1]:{p}/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]:{p}/",
    "https://[::127.0.0.1]:{p}/",
    "https://[::ffff:0:127.0.0.1]:{p}/",
    "https://[64:ff9b::127.0.0.1]:{p}/",
    "https://[64:ff9b:1::127.0.0.1]:{p}/",
    "https://[2002:7f00:1::]:{p}/",
    "https://[2001:0:7f00:1::]:{p}/",
    "https://[2606:2800:220:1:0:5efe:127.0.0.1]:{p}/",
    "https://[fe80::1]:{p}/",
    "https://[fe80::1%25lo]:{p}/",
    "https://[fe80::1%lo]:{p}/",
    "https://[::1%25lo]:{p}/",
    "https://[fc00::1]:{p}/",
    "https://[ff02::1]:{p}/",
    // Other people's inside.
    "https://10.0.0.1:{p}/",
    "https://192.168.1.1:{p}/",
    "https://172.16.0.1:{p}/",
    "https://100.64.0.1:{p}/",
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.43518/",
    "https://[::ffff:a9fe:a9fe]/",
    // Credentials that look like a host, and hosts that look like something else.
    "https://example.org@127.0.0.1:{p}/",
    "https://example.org:443@127.0.0.1:{p}/",
    "https://127.0.0.1:{p}@example.org/",
    "https://example.org\\@127.0.0.1:{p}/",
    "https://example.org%40@127.0.0.1:{p}/",
    "https:\\\\127.0.0.1:{p}\\",
    "https:127.0.0.1:{p}/",
    "https:///127.0.0.1:{p}/",
    "ht\ttps://127.0.0.1:{p}/",
    "https://127.0.\n0.1:{p}/",
    " https://127.0.0.1:{p}/ ",
    "https://127.0.0.1 :{p}/",
    // Other schemes.
    "ftp://127.0.0.1:{p}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{p}/_",
];

#[tokio::test]
async fn no_spelling_of_an_inward_url_reaches_anybody() {
    let canary = Canary::sit();
    // Every name leads inwards, whatever it is.
    let (look_up, _) = answering(&[vec!["127.0.0.1", "::1", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]]);
    let strict = HttpTransport::looking_up(STRICT, look_up).expect("a client");
    for spelling in SPELLINGS {
        let url = spelling.replace("{p}", &canary.address.port().to_string());
        let refused = match get(&strict, &url).await {
            Err(TransportError::RefusedUrl(_) | TransportError::RefusedAddress(_)) => true,
            Err(TransportError::Protocol(said)) => said.starts_with("no URL: "),
            _ => false,
        };
        assert!(refused, "{url:?}: {:?}", get(&strict, &url).await);
    }
    assert_eq!(canary.visits(), 0, "somebody came");
    // The canary is there: whoever may go to it does.
    let (look_up, _) = answering(&[vec!["127.0.0.1"]]);
    let allowed = HttpTransport::looking_up(LOOPBACK, look_up).expect("a client");
    for url in ["http://127.0.0.1:{p}/", "http://2130706433:{p}/", "http://localhost:{p}/", "http://a.localhost.:{p}/"] {
        let url = url.replace("{p}", &canary.address.port().to_string());
        assert_eq!(get(&allowed, &url).await.expect("an answer").status, 200, "{url}");
    }
    assert_eq!(canary.visits(), 4);
}

#[tokio::test]
async fn loopback_where_it_is_allowed_opens_nothing_else() {
    let (look_up, _) = answering(&[vec!["10.0.0.1", "169.254.169.254", "fe80::1"]]);
    let loopback = HttpTransport::looking_up(LOOPBACK, look_up).expect("a client");
    for url in ["https://10.0.0.1/", "https://169.254.169.254/", "https://[fe80::1]/", "https://0.0.0.0/", "https://a.example/"]
    {
        let error = get(&loopback, url).await.expect_err(url);
        assert!(matches!(error, TransportError::RefusedAddress(_)), "{url}: {error}");
    }
    // Without encryption only to this machine itself.
    for url in ["http://a.example/", "http://93.184.216.34/", "http://localhost.example/"] {
        let error = get(&loopback, url).await.expect_err(url);
        assert_eq!(error.code(), "refused-url", "{url}: {error}");
    }
    // A name of this machine that leads to another one is not followed there, public as it may be.
    let (look_up, _) = answering(&[vec!["93.184.216.34"]]);
    let loopback = HttpTransport::looking_up(LOOPBACK, look_up).expect("a client");
    let error = get(&loopback, "http://localhost:9/").await.expect_err("refused");
    assert_eq!(error, TransportError::RefusedAddress("93.184.216.34".parse().expect("an address")));
}

#[tokio::test]
async fn the_connection_goes_to_the_address_that_was_checked_whatever_a_second_look_up_would_say() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nchecked";
    let checked = Canary::at(SocketAddr::from(([127, 0, 0, 1], 0)), answer);
    let elsewhere = Canary::at(SocketAddr::from(([127, 0, 0, 2], checked.address.port())), "HTTP/1.1 200 OK\r\n\r\n");
    let (look_up, asked) = answering(&[vec!["127.0.0.1"], vec!["127.0.0.2"]]);
    let transport = HttpTransport::looking_up(LOOPBACK, look_up).expect("a client");
    let url = format!("http://changing.localhost:{}/", checked.address.port());
    assert_eq!(get(&transport, &url).await.expect("an answer").body, b"checked");
    assert_eq!((checked.visits(), elsewhere.visits()), (1, 0));
    assert_eq!(*asked.lock().expect("names"), ["changing.localhost"], "one look-up for one connection");
}

#[tokio::test]
async fn an_answer_that_changes_between_two_requests_is_checked_each_time() {
    let canary = Canary::sit();
    let (look_up, asked) = answering(&[vec!["127.0.0.1"], vec!["10.0.0.1"], vec!["0.0.0.0"], vec!["127.0.0.1"]]);
    let transport = HttpTransport::looking_up(LOOPBACK, look_up).expect("a client");
    let url = format!("https://changing.example:{}/", canary.address.port());
    // No TLS is spoken there; that somebody was reached at all is what counts.
    assert_eq!(get(&transport, &url).await.expect_err("no TLS").code(), "tls");
    for inward in ["10.0.0.1", "0.0.0.0"] {
        let refused = TransportError::RefusedAddress(inward.parse().expect("an address"));
        assert_eq!(get(&transport, &url).await, Err(refused));
    }
    assert_eq!(get(&transport, &url).await.expect_err("no TLS").code(), "tls");
    assert_eq!((canary.visits(), asked.lock().expect("names").len()), (2, 4));
}

#[tokio::test]
async fn of_many_addresses_only_those_that_are_allowed_are_tried() {
    let canary = Canary::sit();
    let (look_up, _) = answering(&[vec!["10.0.0.1", "169.254.169.254", "127.0.0.1", "192.168.0.1"]]);
    let transport = HttpTransport::looking_up(LOOPBACK, look_up).expect("a client");
    let url = format!("http://mixed.localhost:{}/", canary.address.port());
    assert_eq!(get(&transport, &url).await.expect("an answer").status, 200);
}

#[tokio::test]
async fn every_redirect_is_an_answer_and_none_is_followed() {
    let canary = Canary::sit();
    for status in 300..=308 {
        let location = format!("http://{}/", canary.address);
        let answer = format!(
            "HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nRefresh: 0; url={location}\r\nAlt-Svc: h3=\":{}\"\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n",
            canary.address.port()
        );
        let redirecting = Canary::at(SocketAddr::from(([127, 0, 0, 1], 0)), answer);
        let transport = HttpTransport::new(LOOPBACK).expect("a client");
        let answer = get(&transport, &format!("http://{}/", redirecting.address)).await.expect("an answer");
        assert_eq!((answer.status, redirecting.visits()), (status, 1));
    }
    assert_eq!(canary.visits(), 0);
}

#[tokio::test]
async fn what_fails_is_sent_once() {
    let closing = Canary::at(SocketAddr::from(([127, 0, 0, 1], 0)), "");
    let transport = HttpTransport::new(LOOPBACK).expect("a client");
    for n in 1..=3 {
        get(&transport, &format!("http://{}/", closing.address)).await.expect_err("closed without an answer");
        assert_eq!(closing.visits(), n, "when to ask again is the caller's to say");
    }
}

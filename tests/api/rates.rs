//! How often one client may ask (promise B5): every path is limited, and nobody gets a second bucket by saying so.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use palinode::http::{ForwardedBy, Limits, Proxies, Rate, Rates, openapi};

use super::support::client::Answer;
use super::support::server::{Options, TestServer};
use super::support::speakers::Speaker;

/// What a bucket holds in these tests.
const BURST: u32 = 100;

/// A server on which every bucket holds [`BURST`], behind proxies at these addresses.
fn limited(proxies: &[&str], header: ForwardedBy) -> TestServer {
    let rate = Some(Rate::of(1, BURST));
    let listed = proxies.iter().map(|network| network.parse().unwrap()).collect();
    let limits = Limits {
        rates: Rates { reads: rate, log: rate, writes: rate },
        proxies: Proxies { listed, header },
        ..Limits::default()
    };
    TestServer::with(Options { limits, ..Options::default() })
}

/// Sends the same request again and again on one connection, with a header that differs each time, and counts the statuses.
fn flood(server: &TestServer, times: usize, line: &str, header: impl Fn(usize) -> String + Sync) -> BTreeMap<u16, u32> {
    let stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut counts = BTreeMap::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut writer = &stream;
            for n in 0..times {
                let last = if n + 1 == times { "Connection: close\r\n" } else { "" };
                writer.write_all(format!("{line} HTTP/1.1\r\nHost: x\r\n{last}{}\r\n\r\n", header(n)).as_bytes()).unwrap();
            }
        });
        for line in BufReader::new(&stream).split(b'\n').map_while(Result::ok) {
            // A body of ours never begins like this, and ends without a line feed: the next status follows on the same line.
            let line = String::from_utf8_lossy(&line);
            if let Some((_, status)) = line.rsplit_once("HTTP/1.1 ") {
                *counts.entry(status[..3].parse().unwrap()).or_default() += 1;
            }
        }
    });
    assert_eq!(counts.values().sum::<u32>(), u32::try_from(times).unwrap(), "every request was answered");
    counts
}

#[test]
fn ten_thousand_spoofed_headers_land_in_one_bucket() {
    // The connection comes from an address that is not listed, so nothing it says about itself is heard; then from a proxy,
    // which appends the address that it saw.
    for (proxies, suffix) in [(&["10.0.0.1/32"][..], ""), (&["127.0.0.0/8"], ", 192.0.2.7")] {
        for (by, name, prefix) in
            [(ForwardedBy::XForwardedFor, "X-Forwarded-For", ""), (ForwardedBy::Forwarded, "Forwarded", "for=")]
        {
            let server = limited(proxies, by);
            let begun = Instant::now();
            let spoofed = |n: usize| {
                let seen = suffix.replace(", ", &format!(", {prefix}"));
                format!("{name}: {prefix}198.51.{}.{}{seen}\r\nX-Real-IP: 203.0.113.{}", n / 250, n % 250, n % 250)
            };
            let counts = flood(&server, 2_500, "GET /nowhere", spoofed);
            let refilled = u32::try_from(begun.elapsed().as_secs()).unwrap() + 1;
            let taken = counts[&404];
            assert!((BURST..=BURST + refilled).contains(&taken), "{name} {proxies:?}: {counts:?} after {refilled} s");
            assert_eq!(counts.len(), 2, "all others are 429: {counts:?}");
        }
    }
}

#[test]
fn clients_behind_a_listed_proxy_have_buckets_of_their_own() {
    let server = limited(&["127.0.0.1/32"], ForwardedBy::XForwardedFor);
    let ask = |client: &str| server.get_with("/nowhere", &[("X-Forwarded-For", client)]).status;
    for client in ["192.0.2.1", "2001:db8::1"] {
        let counts = flood(&server, 120, "GET /nowhere", |_| format!("X-Forwarded-For: {client}"));
        assert!(counts[&429] > 0, "{client}: {counts:?}");
        assert_eq!(ask(client), 429);
    }
    assert_eq!(ask("192.0.2.2"), 404);
    assert_eq!(ask("2001:db8::ffff:2"), 429, "a /64 is one client");
    assert_eq!(ask("2001:db8:0:1::1"), 404, "the next one is another");
    assert_eq!(ask("::ffff:192.0.2.1"), 429, "an IPv4-mapped address is an IPv4 address");
}

/// A path of the document, with something in place of its parameters.
fn filled(path: &str) -> String {
    let segment = |segment: &str| if segment.starts_with('{') { "0".repeat(64) } else { segment.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// Asks as a client that nobody has seen before until the answer is 429; `None` when it never is.
fn until_refused(server: &TestServer, client: usize, method: &str, path: &str) -> Option<Answer> {
    let from = format!("198.51.100.{client}");
    let headers = [("X-Forwarded-For", from.as_str()), ("Content-Type", "application/json")];
    (0..=BURST + 10).map(|_| server.request(method, path, &headers, b"")).find(|answer| answer.status == 429)
}

#[test]
fn every_path_of_the_document_is_limited_but_the_one_that_says_it_lives() {
    let server = limited(&["127.0.0.1/32"], ForwardedBy::XForwardedFor);
    let api = openapi();
    let mut routes: Vec<(&str, String)> = Vec::new();
    for (path, item) in &api.paths.paths {
        let methods = [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)];
        let methods = methods.into_iter().filter_map(|(method, there)| there.as_ref().map(|_| method));
        // An answer without an end is asked for its head.
        let asked = |method| if path == "/v1/events" { "HEAD" } else { method };
        routes.extend(methods.map(|method| (asked(method), filled(path))));
    }
    assert!(routes.len() > 25, "the document lists the paths: {routes:?}");
    // Paths and methods that are not there, preflight questions, and another spelling of a path.
    let elsewhere = [("GET", "/nowhere"), ("BREW", "/"), ("DELETE", "/v1/notices"), ("OPTIONS", "/v1/check"), ("HEAD", "/")];
    routes.extend(elsewhere.map(|(method, path)| (method, path.to_owned())));
    routes.push(("GET", "/v1/%63heck".to_owned()));
    let mut free = Vec::new();
    for (n, (method, path)) in routes.iter().enumerate() {
        match until_refused(&server, n + 1, method, path) {
            Some(answer) if *method == "HEAD" => assert!(answer.header("retry-after").is_some()),
            Some(answer) => assert_eq!(answer.rule(), "too-many-requests", "{method} {path}"),
            None => free.push(path.as_str()),
        }
    }
    assert_eq!(free, ["/livez"]);
}

#[test]
fn a_client_that_asks_too_often_is_told_when_to_come_back() {
    let server = limited(&["127.0.0.1/32"], ForwardedBy::XForwardedFor);
    let first = server.get("/nowhere");
    assert_eq!(first.header("ratelimit-policy"), Some("\"reads\";q=100;w=100"));
    assert_eq!(first.header("ratelimit"), Some("\"reads\";r=99"));
    let refused = until_refused(&server, 1, "GET", "/v1/check").unwrap();
    let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=10).contains(&wait), "a question takes 10, and one comes back each second: {wait}");
    assert_eq!(refused.header("ratelimit"), Some(format!("\"reads\";r=0;t={wait}").as_str()));
    assert_eq!(refused.header("cache-control"), Some("no-store"));
    assert!(refused.header("content-security-policy").is_some());
}

#[test]
fn one_empty_bucket_leaves_the_others_as_they_are() {
    let server = limited(&["127.0.0.1/32"], ForwardedBy::XForwardedFor);
    let speaker = Speaker::key(1);
    let body = speaker.notice(&speaker.report("doi:10.5281/zenodo.1234567"));
    let headers = [("X-Forwarded-For", "198.51.100.1"), ("Content-Type", "application/json")];
    assert!(until_refused(&server, 1, "POST", "/v1/notices").is_some());
    let size = server.size();
    assert_eq!(server.request("POST", "/v1/notices", &headers, body.as_bytes()).status, 429);
    assert_eq!(server.size(), size, "nothing of it was taken");
    assert_eq!(server.get_with("/v1/server", &headers).status, 200);
    assert_eq!(server.get_with("/log/checkpoint", &headers).status, 200);
    let other = [("X-Forwarded-For", "198.51.100.2"), ("Content-Type", "application/json")];
    assert_eq!(server.request("POST", "/v1/notices", &other, body.as_bytes()).status, 201);
}

#[test]
fn this_machine_is_not_limited_while_no_proxy_is_listed() {
    let server = limited(&[], ForwardedBy::XForwardedFor);
    let counts = flood(&server, 300, "GET /nowhere", |_| "X-Forwarded-For: 192.0.2.7".to_owned());
    assert_eq!(counts, BTreeMap::from([(404, 300)]));
    assert!(server.get("/nowhere").header("ratelimit").is_none());
}

//! Server-sent events and the list of changes: nothing is missed, nothing comes twice, and a reader that does not read costs nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use palinode::http::{Deadlines, EventLimits, Limits, Proxies};
use serde_json::{Value, json};

use super::support::client::Answer;
use super::support::server::{Options, TestServer};
use super::support::speakers::Speaker;

/// How long something may take that happens at once on an idle machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// One reader of events, as a browser is one.
struct EventSource {
    lines: BufReader<TcpStream>,
    status: u16,
    last_id: Option<String>,
}

/// What a reader was told.
#[derive(Debug, PartialEq, Eq)]
struct Event {
    id: String,
    name: String,
    data: String,
}

impl EventSource {
    fn open(server: &TestServer, query: &str, headers: &str) -> Self {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(format!("GET /v1/events{query} HTTP/1.1\r\nHost: x\r\n{headers}\r\n").as_bytes()).unwrap();
        let mut source = Self { lines: BufReader::new(stream), status: 0, last_id: None };
        let first = source.raw_line().unwrap();
        source.status = first.split(' ').nth(1).unwrap().parse().unwrap();
        while source.raw_line().is_some_and(|line| !line.is_empty()) {}
        source
    }

    fn resume(server: &TestServer, last_id: &str) -> Self {
        Self::open(server, "", &format!("Last-Event-ID: {last_id}\r\n"))
    }

    fn raw_line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let read = self.lines.read_until(b'\n', &mut line).ok()?;
        (read > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    /// The next line of the stream; the lengths of chunks are left out. `None` at the end.
    fn line(&mut self) -> Option<String> {
        loop {
            let line = self.raw_line()?;
            if line == "0" {
                return None;
            }
            if let Some(id) = line.strip_prefix("id: ") {
                self.last_id = Some(id.to_owned());
            }
            if line.is_empty() || line.contains(':') {
                return Some(line);
            }
        }
    }

    /// The next event, by the rules of the HTML Standard; `None` when the server ended the answer or the connection.
    fn next(&mut self) -> Option<Event> {
        let (mut name, mut data) = (String::new(), String::new());
        loop {
            let line = self.line()?;
            match line.split_once(": ").unwrap_or((&line, "")) {
                ("event", text) => text.clone_into(&mut name),
                ("data", text) => text.clone_into(&mut data),
                ("", "") if !data.is_empty() => return Some(Event { id: self.last_id.clone().unwrap(), name, data }),
                _ => {}
            }
        }
    }

    /// Reads until the place in the log is known.
    fn wait_for_place(&mut self) -> String {
        while self.last_id.is_none() {
            self.line().expect("a place");
        }
        self.last_id.clone().unwrap()
    }
}

fn report(server: &TestServer, speaker: &Speaker, subject: &str) {
    assert_eq!(server.post("/v1/notices", speaker.notice(&speaker.report(subject))).status, 201);
}

fn lines(answer: &Answer) -> Vec<Value> {
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_event_is_the_line_of_changes_and_its_id_is_the_index() {
    let server = TestServer::with(Options {
        pins: vec![Speaker::domain(3, "example.org").pin(&["doi:10.5281/"])],
        ..Options::default()
    });
    let mut live = EventSource::open(&server, "", "");
    assert_eq!((live.status, live.wait_for_place().as_str()), (200, "0"), "it begins behind what is there");
    report(&server, &Speaker::key(1), "doi:10.5281/zenodo.1");
    let changes = server.get("/v1/changes");
    assert_eq!(changes.header("content-type"), Some("application/x-ndjson"));
    let text = changes.text();
    let told: Vec<&str> = text.lines().collect();
    let event = |n: usize, name: &str| Event { id: n.to_string(), name: name.to_owned(), data: told[n].to_owned() };
    assert_eq!(live.next(), Some(event(1, "notice")));
    for mut all in [EventSource::open(&server, "?after=-1", ""), EventSource::resume(&server, "-1")] {
        assert_eq!((all.next(), all.next()), (Some(event(0, "publisher")), Some(event(1, "notice"))));
    }
    let mut header_first = EventSource::open(&server, "?after=-1", "Last-Event-ID: 0\r\n");
    assert_eq!(header_first.next(), Some(event(1, "notice")), "a browser comes back to the address that it was given");
}

#[test]
fn filters_let_only_the_notices_through_that_are_wanted() {
    let server = TestServer::start();
    let (one, other) = (Speaker::key(1), Speaker::key(2));
    let query = format!("?after=-1&issuer={}&reason=privacy", other.did);
    let mut source = EventSource::open(&server, &query, "");
    report(&server, &one, "doi:10.5281/zenodo.1");
    report(&server, &other, "doi:10.5281/zenodo.2");
    let mut wanted = other.report("doi:10.5281/zenodo.3");
    wanted["reasons"] = json!(["privacy"]);
    assert_eq!(server.post("/v1/notices", other.notice(&wanted)).status, 201);
    assert_eq!(source.next().unwrap().id, "2");
    for query in ["?type=nonsense", "?issuer=me", "?colour=red", "?after=x", "?after=-2"] {
        assert_eq!(server.get(&format!("/v1/events{query}")).rule(), "bad-query", "{query}");
    }
    assert_eq!(server.get("/v1/events?after=99").rule(), "behind-the-end", "it was another log");
}

#[test]
fn a_reader_that_is_cut_off_again_and_again_under_load_misses_nothing_and_gets_nothing_twice() {
    const EACH: u64 = 60;
    let server = TestServer::start();
    let seen = std::thread::scope(|scope| {
        for writer in 1..=4 {
            let server = &server;
            scope.spawn(move || {
                let speaker = Speaker::key(writer);
                for n in 0..EACH {
                    report(server, &speaker, &format!("doi:10.5281/zenodo.{writer}{n:03}"));
                }
            });
        }
        let mut seen: Vec<u64> = Vec::new();
        let mut last = "-1".to_owned();
        for cut_after in (1..=7).cycle() {
            let mut source = EventSource::resume(&server, &last);
            for event in std::iter::from_fn(|| source.next()).take(cut_after) {
                let data: Value = serde_json::from_str(&event.data).unwrap();
                assert_eq!(data["index"].to_string(), event.id);
                seen.push(data["index"].as_u64().unwrap());
                last = event.id;
                if seen.len() as u64 == 4 * EACH {
                    return seen;
                }
            }
        }
        seen
    });
    assert_eq!(seen, (0..4 * EACH).collect::<Vec<_>>());
}

/// A notice of nearly 48,000 bytes.
fn large(speaker: &Speaker, n: u32) -> Value {
    let mut notice = speaker.report(&format!("doi:10.5281/zenodo.{n}"));
    let subject = |k: u32| json!({"id": format!("url:https://example.org/{n}/{k}/{}", "x".repeat(110)), "role": "mirror"});
    notice["subjects"].as_array_mut().unwrap().extend((0..250).map(subject));
    notice
}

#[test]
fn a_reader_that_does_not_read_is_cut_off_and_keeps_nobody_waiting() {
    let deadline = Duration::from_millis(600);
    let deadlines = Deadlines { answer: deadline, ..Deadlines::default() };
    let events = EventLimits { streams: 2, ..EventLimits::default() };
    let server = TestServer::with(Options { limits: Limits { deadlines, events, ..Limits::default() }, ..Options::default() });
    let speaker = Speaker::key(1);
    let mut reads = EventSource::open(&server, "?after=-1", "");
    let _does_not = EventSource::open(&server, "?after=-1", "");
    assert_eq!(server.get("/v1/events").rule(), "no-stream-left", "both seats are taken");
    let begun = Instant::now();
    let mut posted = 0;
    // Whoever reads gets everything at once, until the seat of the other one is free again: then it was cut off.
    loop {
        assert_eq!(server.post("/v1/notices", speaker.notice(&large(&speaker, posted))).status, 201);
        assert_eq!(reads.next().unwrap().id, posted.to_string());
        posted += 1;
        if posted > 20 && server.request("HEAD", "/v1/events", &[], b"").status == 200 {
            break;
        }
        assert!(begun.elapsed() < 3 * PATIENCE, "it still has its seat after {posted} entries");
    }
    eprintln!("cut off after {posted} entries of 64 KiB");
}

#[test]
fn a_head_takes_no_seat_and_has_no_end_to_wait_for() {
    let events = EventLimits { streams: 1, ..EventLimits::default() };
    let server = TestServer::with(Options { limits: Limits { events, ..Limits::default() }, ..Options::default() });
    for path in ["/v1/events", "/v1/events", "/v1/changes"] {
        let head = server.request("HEAD", path, &[], b"");
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
    }
    assert_eq!(server.request("HEAD", "/v1/events", &[], b"").header("content-type"), Some("text/event-stream"));
}

#[test]
fn seats_are_counted_by_client_and_given_back() {
    let heartbeat = Duration::from_millis(50);
    let events = EventLimits { streams: 3, streams_per_client: 2, heartbeat };
    let proxies = Proxies { listed: vec!["127.0.0.0/8".parse().unwrap()], ..Proxies::default() };
    let server = TestServer::with(Options { limits: Limits { events, proxies, ..Limits::default() }, ..Options::default() });
    let from = |address: &str| EventSource::open(&server, "", &format!("X-Forwarded-For: {address}\r\nConnection: close\r\n"));
    let (first, second) = (from("192.0.2.1"), from("192.0.2.1"));
    assert_eq!((first.status, second.status, from("192.0.2.1").status), (200, 200, 429));
    let _third = from("192.0.2.2");
    assert_eq!(from("192.0.2.3").status, 503);
    drop(first);
    let begun = Instant::now();
    while from("192.0.2.1").status != 200 {
        assert!(begun.elapsed() < PATIENCE, "the seat is not given back");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_seat_of_a_quiet_stream_is_free_as_soon_as_its_connection_is_closed() {
    // No heartbeat could fail meanwhile, and nothing comes into the log.
    let events = EventLimits { streams: 1, heartbeat: Duration::from_hours(1), ..EventLimits::default() };
    let server = TestServer::with(Options { limits: Limits { events, ..Limits::default() }, ..Options::default() });
    for _ in 0..3 {
        let mut reader = EventSource::open(&server, "", "");
        assert_eq!((reader.status, reader.wait_for_place().as_str()), (200, "-1"));
        assert_eq!(server.request("HEAD", "/v1/events", &[], b"").status, 503, "it is the only seat");
        drop(reader);
        let begun = Instant::now();
        while server.request("HEAD", "/v1/events", &[], b"").status != 200 {
            assert!(begun.elapsed() < PATIENCE, "the seat is not given back");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn a_quiet_stream_is_kept_alive_and_names_its_place() {
    let events = EventLimits { heartbeat: Duration::from_millis(50), ..EventLimits::default() };
    let deadlines = Deadlines { idle: Duration::from_millis(400), ..Deadlines::default() };
    let server = TestServer::with(Options { limits: Limits { deadlines, events, ..Limits::default() }, ..Options::default() });
    let mut source = EventSource::open(&server, "?reason=privacy", "");
    // What the filter keeps back moves the place all the same.
    report(&server, &Speaker::key(1), "doi:10.5281/zenodo.1");
    let begun = Instant::now();
    while begun.elapsed() < 3 * deadlines.idle || source.last_id.as_deref() != Some("0") {
        source.line().expect("it is still open");
        assert!(begun.elapsed() < PATIENCE);
    }
}

#[test]
fn streams_end_when_the_server_is_about_to_stop() {
    let server = TestServer::start();
    let mut source = EventSource::open(&server, "", "");
    source.wait_for_place();
    server.ledger.announce_stop();
    assert_eq!(source.next(), None, "the answer ends as answers do");
    let refused = server.get("/v1/events");
    assert_eq!((refused.status, refused.rule().as_str()), (503, "stopping"));
    assert!(refused.header("retry-after").is_some());
    let mut rest = Vec::new();
    source.lines.get_mut().set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let _ = source.lines.read_to_end(&mut rest);
    assert!(rest.is_empty() || rest == b"\r\n", "nothing comes behind the end: {rest:?}");
}

#[test]
fn changes_come_in_pages_that_name_the_next_one_and_never_change() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    for n in 0..5 {
        report(&server, &speaker, &format!("doi:10.5281/zenodo.{n}"));
    }
    let indexes = |answer: &Answer| lines(answer).iter().map(|line| line["index"].as_u64().unwrap()).collect::<Vec<_>>();
    let mut path = "/v1/changes?limit=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = server.get(&path);
        seen.extend(indexes(&page));
        let tag = page.header("etag").unwrap();
        assert_eq!(server.get_with(&path, &[("If-None-Match", tag)]).status, 304);
        let Some(link) = page.header("link") else { break };
        path = link.strip_prefix('<').unwrap().split_once(">; rel=\"next\"").unwrap().0.to_owned();
    }
    assert_eq!(seen, [0, 1, 2, 3, 4]);
    assert_eq!(indexes(&server.get("/v1/changes?after=3")), [4]);
    assert!(server.get("/v1/changes?after=4").body.is_empty());
    for query in ["limit=0", "limit=10001", "limit=x", "after=-1"] {
        assert_eq!(server.get(&format!("/v1/changes?{query}")).rule(), "bad-query", "{query}");
    }
}

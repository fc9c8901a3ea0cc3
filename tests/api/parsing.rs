//! Deep and wide JSON at every door that reads JSON (promise B4): refused, in time that grows with the length and no faster.

use std::time::{Duration, Instant};

use palinode::envelope::PayloadType;
use serde_json::json;

use super::support::server::TestServer;
use super::support::speakers::{Speaker, with_documents};

/// What is hard on a careless reader, each about `size` bytes.
fn monsters(size: usize) -> Vec<(&'static str, String)> {
    let keys = |name: &dyn Fn(usize) -> String| {
        let fields: Vec<_> = (0..size / 14).map(|n| format!("\"{}\":1", name(n))).collect();
        format!("{{{}}}", fields.join(","))
    };
    vec![
        ("deep arrays", "[".repeat(size)),
        ("deep arrays that end", "[".repeat(size / 2) + &"]".repeat(size / 2)),
        ("deep objects", "{\"a\":".repeat(size / 5)),
        ("deep ids", format!("{{\"ids\":{}", "[".repeat(size - 8))),
        ("many keys", keys(&|n| format!("k{n:08}"))),
        ("one key again and again", keys(&|_| "k00000000".to_owned())),
        ("a long key", format!("{{\"{}\":1}}", "k".repeat(size - 6))),
        ("a long key twice", format!("{{\"{0}\":1,\"{0}\":1}}", "k".repeat(size / 2 - 12))),
        ("a long number", "1".repeat(size)),
        ("a long fraction", format!("0.{}", "1".repeat(size - 2))),
        ("a large exponent", format!("1e{}", "9".repeat(size - 2))),
        ("a long string", format!("\"{}\"", "x".repeat(size - 2))),
        ("a string of escapes", format!("\"{}\"", "\\u0000".repeat(size / 6))),
        ("many numbers", format!("[{}0]", "0,".repeat(size / 2 - 1))),
        ("many ids", format!("{{\"ids\":[{}\"\"]}}", "\"\",".repeat(size / 3 - 5))),
        ("white space", " ".repeat(size)),
        ("noise", "\u{fffd}\u{0}".repeat(size / 4)),
    ]
}

/// Sends each monster in two sizes and asserts that it is refused, and that eight times the length takes not much more than
/// eight times as long.
fn refused_in_linear_time(what: &str, sizes: [usize; 2], send: impl Fn(&str) -> u16) {
    let mut worst = (Duration::ZERO, "");
    let [small, large] = sizes.map(monsters);
    for ((name, small), (_, large)) in small.into_iter().zip(large) {
        let time = |body: &str| {
            let begun = Instant::now();
            let status = send(body);
            assert!((400..500).contains(&status), "{what}, {name}: {status}");
            begun.elapsed()
        };
        // The best of three, since other tests run beside this one.
        let best = |body: &str| (0..3).map(|_| time(body)).min().unwrap();
        let (short, long) = (best(&small), best(&large));
        // Quadratic would be 64 times; a fixed part is allowed for.
        assert!(long < 24 * short + Duration::from_millis(100), "{what}, {name}: {short:?}, then {long:?}");
        worst = worst.max((long, name));
    }
    eprintln!("{what}: the slowest of {} bytes took {:?} ({})", sizes[1], worst.0, worst.1);
}

#[test]
fn bodies_are_refused_in_linear_time_at_every_door() {
    let server = TestServer::start();
    for door in ["/v1/notices", "/v1/notices?dry_run=true", "/v1/publishers", "/v1/check", "/witness/add-checkpoint"] {
        refused_in_linear_time(door, [8_000, 64_000], |body| server.post(door, body).status);
    }
    // As large as bodies may be.
    for door in ["/v1/notices", "/v1/publishers", "/v1/check"] {
        refused_in_linear_time(door, [130_000, 1_040_000], |body| server.post(door, body).status);
    }
    assert_eq!(server.size(), 0);
}

#[test]
fn signed_payloads_are_refused_in_linear_time() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    for (door, kind) in [("/v1/notices", PayloadType::Notice), ("/v1/publishers", PayloadType::Publisher)] {
        refused_in_linear_time(door, [4_000, 32_000], |payload| {
            server.post(door, speaker.sign(kind, payload).to_json()).status
        });
    }
    assert_eq!(server.size(), 0);
}

#[test]
fn documents_are_refused_in_linear_time() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    refused_in_linear_time("texts", [4_000, 32_000], |document| {
        let notice = speaker.notice(&speaker.retraction("doi:10.5281/zenodo.1234567", document.as_bytes()));
        server.post("/v1/notices", with_documents(&notice, &[document.as_bytes()])).status
    });
    assert_eq!(server.size(), 0);
}

#[test]
fn a_refusal_is_not_much_larger_than_what_it_refuses() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let mut notice = speaker.report("doi:10.5281/zenodo.1234567");
    for n in 0..900 {
        notice[format!("unknown{n}")] = json!(1);
    }
    let answer = server.post("/v1/notices", speaker.notice(&notice));
    assert_eq!((answer.status, answer.flaws().len()), (422, 100));
    for (_, body) in monsters(100_000) {
        for door in ["/v1/notices", "/v1/check"] {
            let answer = server.post(door, &body);
            assert!(answer.body.len() < 5_000, "{door}: {} bytes", answer.body.len());
        }
    }
}

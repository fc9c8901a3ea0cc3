//! Clients that take their time (promise B2): slow heads, slow bodies, bodies that never end, answers that nobody reads.
//!
//! Deadlines are shortened here. `PALINODE_ROUNDS=2000` opens as many slow connections at once as the promise says; the limit
//! of open files must allow twice as many.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use palinode::http::{Deadlines, Limits};

use super::program::rounds;
use super::support::server::{Options, TestServer};

const DEADLINE: Duration = Duration::from_millis(600);
/// What a busy machine may add to a deadline, before a connection that is still open counts as one that stays open.
const PATIENCE: Duration = Duration::from_secs(10);
const CHUNKED: &str =
    "POST /v1/notices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

fn hasty() -> TestServer {
    let deadlines = Deadlines { head: DEADLINE, body: DEADLINE, answer: DEADLINE, idle: 2 * DEADLINE };
    let limits = Limits { deadlines, ..Limits::default() };
    TestServer::with(Options { limits, ..Options::default() })
}

fn connect(server: &TestServer) -> TcpStream {
    let stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    stream.set_write_timeout(Some(Duration::from_millis(20))).unwrap();
    stream
}

/// Whether an error says that the other side is not there yet, rather than not any more.
fn is_waiting(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Sends a piece of `drip` at each turn and reads what comes, until the server closes; gives what came and how long it took.
fn until_closed(stream: &mut TcpStream, drip: &[u8]) -> (String, Duration) {
    let begun = Instant::now();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        assert!(begun.elapsed() < DEADLINE + PATIENCE, "still open; answered so far: {}", String::from_utf8_lossy(&answer));
        if !drip.is_empty() && stream.write(drip).is_err_and(|error| !is_waiting(&error)) {
            // What was sent before the end may still be there to be read.
            let _ = stream.read_to_end(&mut answer);
            break;
        }
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(&buffer[..read]),
            Err(error) if is_waiting(&error) => {}
            Err(_reset) => break,
        }
    }
    (String::from_utf8_lossy(&answer).into_owned(), begun.elapsed())
}

#[test]
fn a_head_that_drips_is_cut_off_with_408() {
    let server = hasty();
    let mut stream = connect(&server);
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ").unwrap();
    let (answer, _) = until_closed(&mut stream, b"x");
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn a_connection_that_says_nothing_is_closed() {
    let server = hasty();
    until_closed(&mut connect(&server), b"");
}

#[test]
fn the_head_of_a_later_request_has_the_same_deadline() {
    let server = hasty();
    let mut stream = connect(&server);
    stream.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nX-Long: ").unwrap();
    let (answer, took) = until_closed(&mut stream, b"x");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("HTTP/1.1 408"), "{answer}");
    assert!(took >= DEADLINE, "not before its time: {took:?}");
}

#[test]
fn a_connection_is_kept_for_the_next_request_and_closed_when_none_comes() {
    let server = hasty();
    let mut stream = connect(&server);
    // Each request comes in time, all of them together take longer than a single one may.
    for _ in 0..4 {
        stream.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        std::thread::sleep(DEADLINE / 2);
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).unwrap();
        assert!(buffer[..read].starts_with(b"HTTP/1.1 200"));
    }
    until_closed(&mut stream, b"");
}

#[test]
fn a_body_that_drips_is_cut_off_with_408_at_every_door() {
    let server = hasty();
    let document = format!("PUT /v1/documents/{}", "0".repeat(64));
    for door in ["POST /v1/notices", "POST /v1/publishers", "POST /v1/check", "POST /witness/add-checkpoint", &document] {
        for (framing, drip) in [("Content-Length: 60000", &b" "[..]), ("Transfer-Encoding: chunked", b"1\r\n \r\n")] {
            let mut stream = connect(&server);
            let head = format!(
                "{door} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer x\r\n{framing}\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).unwrap();
            let (answer, _) = until_closed(&mut stream, drip);
            assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("body-timeout"), "{door} {framing}: {answer}");
        }
    }
}

#[test]
fn a_chunked_body_that_never_ends_gets_413_and_is_cut_off() {
    let server = hasty();
    let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    let mut stream = connect(&server);
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(CHUNKED.as_bytes()).unwrap();
    let begun = Instant::now();
    let mut sent = 0_u64;
    // The answer is left unread, so that nothing but the server's closing ends this.
    while stream.write_all(&chunk).is_ok() {
        sent += 0x10000;
        assert!(begun.elapsed() < DEADLINE + PATIENCE, "still taken after {sent} bytes");
    }
    eprintln!("cut off after {:?} and {} MiB", begun.elapsed(), sent >> 20);
}

#[test]
fn what_is_left_of_a_refused_body_is_not_waited_for() {
    let server = hasty();
    let large = [format!("{CHUNKED}110000\r\n").as_bytes(), &vec![b' '; 0x11_0000], b"\r\n"].concat();
    for drip in [&b""[..], b"1\r\n \r\n"] {
        let mut stream = connect(&server);
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(&large).unwrap();
        let (answer, _) = until_closed(&mut stream, drip);
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("too-large"), "{answer}");
        assert!(!answer.contains("408"), "what follows is no head: {answer}");
    }
}

#[test]
fn a_body_that_nobody_asked_for_is_not_waited_for_either() {
    let server = hasty();
    for request in ["GET / HTTP/1.1", "POST /nowhere HTTP/1.1", "DELETE /v1/notices HTTP/1.1"] {
        let mut stream = connect(&server);
        stream.write_all(format!("{request}\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n").as_bytes()).unwrap();
        let (answer, _) = until_closed(&mut stream, b"1\r\nx\r\n");
        assert!(answer.starts_with("HTTP/1.1 "), "{request}: {answer}");
    }
}

/// Asks for more than all buffers between server and client hold.
fn ask_for_much(stream: &mut TcpStream) -> usize {
    const TIMES: usize = 600;
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream.write_all("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(TIMES).as_bytes()).unwrap();
    TIMES
}

#[test]
fn an_answer_that_nobody_reads_is_not_kept() {
    let server = hasty();
    let mut stream = connect(&server);
    ask_for_much(&mut stream);
    let begun = Instant::now();
    while stream.write_all(b"GET / HTTP/1.1\r\n\r\n").is_ok() {
        assert!(begun.elapsed() < DEADLINE + PATIENCE, "the server still waits to be read");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(begun.elapsed() >= DEADLINE / 2, "not at once: {:?}", begun.elapsed());
}

#[test]
fn an_answer_that_is_read_by_the_byte_is_not_kept() {
    let server = hasty();
    let mut stream = connect(&server);
    let asked = ask_for_much(&mut stream);
    let size = server.get("/openapi.json").body.len();
    let begun = Instant::now();
    let (mut read, mut buffer) = (0, [0; 64]);
    // Some of it still lies in the buffers when the server has closed, so reading goes on for a while.
    let cut_off = loop {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break true,
            Ok(n) => read += n,
        }
        if begun.elapsed() >= DEADLINE + PATIENCE {
            break false;
        }
        // Once it is cut off, the rest may come faster.
        if begun.elapsed() < 4 * DEADLINE {
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    assert!(cut_off && read < asked * size, "{read} of {} bytes, {cut_off}", asked * size);
}

#[test]
fn a_client_that_reads_in_its_own_time_gets_everything() {
    let server = hasty();
    let mut stream = connect(&server);
    let asked = ask_for_much(&mut stream);
    let size = server.get("/openapi.json").body.len();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let (mut read, mut buffer, begun) = (0, vec![0; 512 << 10], Instant::now());
    while read < asked * size {
        let n = stream.read(&mut buffer).unwrap();
        assert!(n > 0, "cut off after {read} of {} bytes and {:?}", asked * size, begun.elapsed());
        read += n;
        std::thread::sleep(Duration::from_millis(60));
    }
    assert!(begun.elapsed() > 2 * DEADLINE, "the test must take longer than the deadline: {:?}", begun.elapsed());
}

#[test]
fn many_slow_clients_keep_nobody_else_waiting() {
    let many = rounds(150);
    let slow = Duration::from_mins(1);
    let deadlines = Deadlines { head: slow, body: slow, answer: slow, idle: slow };
    let limits = Limits { deadlines, connections: 2 * many + 100, ..Limits::default() };
    let server = TestServer::with(Options { limits, ..Options::default() });
    let mut held = Vec::new();
    for n in 0..many {
        let mut stream = connect(&server);
        let beginning = [
            "GET / HTTP/1.1\r\nX-Slow: ".to_owned(),
            format!("{CHUNKED}1\r\n \r\n"),
            "GET /openapi.json HTTP/1.1\r\n\r\n".repeat(3),
        ];
        stream.write_all(beginning[n % 3].as_bytes()).unwrap();
        held.push(stream);
    }
    let mut took: Vec<Duration> = (0..100)
        .map(|_| {
            let begun = Instant::now();
            assert_eq!(server.get("/v1/server").status, 200);
            begun.elapsed()
        })
        .collect();
    took.sort_unstable();
    eprintln!("beside {many} slow clients: median {:?}, p99 {:?}", took[50], took[98]);
    assert!(took[98] < Duration::from_secs(5), "{took:?}");
    drop(held);
}

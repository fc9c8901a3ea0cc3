//! What hostile requests cost in memory and on disk, of the built program (promises B1, B3, B6 and the memory of B2).
//!
//! `PALINODE_ROUNDS=1000` makes as many large posts as the promise says, and fifty times as much garbage.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use palinode::http::openapi;

use super::program::{Program, rounds};
use super::support::client::{self, Answer};
use super::support::speakers::Speaker;

const MIB: u64 = 1 << 20;

/// A notice of a time that has passed, as the program's clock is the real one.
fn notice(speaker: &Speaker, n: usize) -> String {
    let mut notice = speaker.report(&format!("doi:10.5281/zenodo.{n}"));
    notice["issued"] = "2026-01-01T00:00:00Z".into();
    speaker.notice(&notice)
}

/// Runs `work` on a few threads, so that much happens at once.
fn at_once(times: usize, work: impl Fn(usize) + Sync) {
    const THREADS: usize = 16;
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let work = &work;
            scope.spawn(move || (thread..times).step_by(THREADS).for_each(work));
        }
    });
}

/// 1.9 GB in 60 KB: blocks of one byte, repeated (RFC 8878, section 3.1.1.2).
fn zstd_bomb() -> Vec<u8> {
    const BLOCK: u32 = 128 << 10;
    let mut bomb = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    for n in 1..=15_000_u32 {
        let header = u32::from(n == 15_000) | (1 << 1) | (BLOCK << 3);
        bomb.extend_from_slice(&header.to_le_bytes()[..3]);
        bomb.push(b' ');
    }
    bomb
}

/// 8 MB in 50 KB: matches of 258 bytes that lie one byte back, in the fixed code (RFC 1951, section 3.2.6).
fn deflate_bomb() -> Vec<u8> {
    let mut bits: Vec<bool> = Vec::new();
    let mut code = |value: u32, length: u32| bits.extend((0..length).rev().map(|bit| value >> bit & 1 == 1));
    code(0b1, 1);
    code(0b10, 2);
    code(0b0101_0000, 8);
    for _ in 0..31_000 {
        code(0b1100_0101, 8);
        code(0b0_0000, 5);
    }
    code(0, 7);
    bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect()
}

/// Sends a bomb whole, and nothing after it: so the server need not wait for more before it closes.
fn throw(program: &Program, line: &str, coding: &str, bomb: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(program.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let length = bomb.len();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: {coding}\r\nContent-Length: {length}\r\n\r\n"
    );
    let _ = stream.write_all(&[head.as_bytes(), bomb].concat());
    let _ = stream.shutdown(Shutdown::Write);
    client::read(&mut stream)
}

#[test]
fn no_bomb_goes_off_on_any_path() {
    let program = Program::start();
    let deflate = deflate_bomb();
    let gzip = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff], deflate.as_slice()].concat();
    let zstd = zstd_bomb();
    let codings =
        [("zstd", &zstd), ("gzip", &gzip), ("deflate", &deflate), ("br", &deflate), ("gzip, zstd", &zstd), ("x-gzip", &gzip)];
    let api = openapi();
    let mut bombs = 0;
    let grown = program.growth(|| {
        for path in api.paths.paths.keys() {
            let path: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { "0" } else { part }).collect();
            for method in ["POST", "PUT", "GET"] {
                for (coding, bomb) in codings {
                    let answer = throw(&program, &format!("{method} {}", path.join("/")), coding, bomb);
                    assert_eq!((answer.status, answer.rule().as_str()), (415, "content-encoding"), "{method} {path:?}");
                    bombs += 1;
                }
            }
        }
    });
    eprintln!("{bombs} bombs: the memory grew by {} KiB", grown >> 10);
    assert!(grown <= 8 * MIB, "the memory grew by {grown} bytes");
}

/// Sends a head and then a body for as long as it is taken, and gives the answer's status.
fn pour(program: &Program, head: &str, piece: &[u8], pieces: usize) -> u16 {
    let mut stream = TcpStream::connect(program.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let _ = stream.write_all(head.as_bytes());
    for _ in 0..pieces {
        if stream.write_all(piece).is_err() {
            break;
        }
    }
    let mut start = [0; 12];
    // An answer that came while we still sent may be lost with the connection.
    if stream.read_exact(&mut start).is_err() {
        return 0;
    }
    String::from_utf8_lossy(&start[9..]).parse().unwrap()
}

#[test]
fn posts_of_ten_megabytes_are_refused_before_they_are_kept() {
    let program = Program::start();
    let piece = vec![b' '; 64 << 10];
    let chunk = [b"10000\r\n".as_slice(), &piece, b"\r\n"].concat();
    let times = rounds(100);
    let begun = Instant::now();
    let head = "POST /v1/notices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let grown = program.growth(|| {
        at_once(times, |n| {
            let status = if n % 2 == 0 {
                pour(&program, &format!("{head}Content-Length: 10485760\r\n\r\n"), &piece, 160)
            } else {
                pour(&program, &format!("{head}Transfer-Encoding: chunked\r\n\r\n"), &chunk, 160)
            };
            assert!(matches!(status, 413 | 503 | 0), "{status}");
        });
    });
    eprintln!("{times} posts of 10 MB in {:?}: the memory grew by {} MiB", begun.elapsed(), grown >> 20);
    assert!(grown <= 200 * MIB, "the memory grew by {grown} bytes");
    // Whoever does not lose the answer is told.
    let answer = client::send(program.address, format!("{head}Content-Length: 10485760\r\n\r\n").as_bytes());
    assert_eq!((answer.status, answer.rule().as_str()), (413, "too-large"));
}

#[test]
fn many_large_bodies_at_once_share_a_budget() {
    let program = Program::start();
    // Almost all of a body that may come; the end is held back, so that all are there at once.
    let body = vec![b' '; 1_000_000];
    let head = "POST /v1/notices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000001\r\n\r\n";
    let speaker = Speaker::key(1);
    let good = notice(&speaker, 0);
    let mut held = Vec::new();
    let grown = program.growth(|| {
        for _ in 0..150 {
            let mut stream = TcpStream::connect(program.address).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            let _ = stream.write_all(&body);
            held.push(stream);
        }
        assert_eq!(program.post("/v1/notices", good.as_bytes()).status, 201, "a notice needs no share of the budget");
    });
    eprintln!("150 bodies of 1 MB held open: the memory grew by {} MiB", grown >> 20);
    // Without a budget it would be 150 MB and what the vectors double.
    assert!(grown <= 128 * MIB, "the memory grew by {grown} bytes");
}

#[test]
fn answers_that_nobody_reads_are_not_piled_up() {
    let program = Program::start();
    let mut held = Vec::new();
    let grown = program.growth(|| {
        for _ in 0..50 {
            let mut stream = TcpStream::connect(program.address).unwrap();
            stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
            // Thirty megabytes of answers each, if they were made.
            let _ = stream.write_all("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(500).as_bytes());
            held.push(stream);
        }
        assert_eq!(program.request("GET", "/v1/server", &[], b"").status, 200);
    });
    eprintln!("50 clients that read nothing: the memory grew by {} MiB", grown >> 20);
    assert!(grown <= 64 * MIB, "the memory grew by {grown} bytes");
}

#[test]
fn requests_that_follow_each_other_unasked_are_taken_apart_a_few_at_a_time() {
    let program = Program::start();
    let mut held = Vec::new();
    let grown = program.growth(|| {
        for request in ["GET / HTTP/1.1\r\n\r\n", "POST /v1/check HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"] {
            for _ in 0..25 {
                let mut stream = TcpStream::connect(program.address).unwrap();
                stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
                let _ = stream.write_all(request.repeat((256 << 10) / request.len()).as_bytes());
                held.push(stream);
            }
        }
        assert_eq!(program.request("GET", "/v1/server", &[], b"").status, 200);
    });
    eprintln!("50 clients that send 256 KiB of requests each: the memory grew by {} MiB", grown >> 20);
    assert!(grown <= 100 * MIB, "the memory grew by {grown} bytes");
}

/// How large the data folder is when nothing is written any more. What was posted is carried into the index after two seconds, and
/// the write-ahead log into the log each second.
fn settled(program: &Program) -> u64 {
    let begun = Instant::now();
    let (mut bytes, mut since) = (program.data_bytes(), Instant::now());
    while since.elapsed() < Duration::from_secs(5) {
        assert!(begun.elapsed() < Duration::from_mins(1), "the program goes on writing");
        std::thread::sleep(Duration::from_millis(50));
        let now = program.data_bytes();
        if now != bytes {
            (bytes, since) = (now, Instant::now());
        }
    }
    bytes
}

#[test]
fn garbage_leaves_nothing_behind_and_keeps_no_good_post_out() {
    let program = Program::start();
    let speaker = Speaker::key(1);
    let good = |n: usize| notice(&speaker, n);
    assert_eq!(program.post("/v1/notices", good(0).as_bytes()).status, 201);
    // Signed by another key than the issuer's; a domain that nobody knows; noise of three kinds.
    let forged = {
        let envelope: serde_json::Value = serde_json::from_str(&good(1)).unwrap();
        let mut other: serde_json::Value = serde_json::from_str(&good(2)).unwrap();
        other["signatures"] = envelope["signatures"].clone();
        other.to_string()
    };
    let stranger = Speaker::domain(7, "nobody.example");
    let unknown = notice(&stranger, 3);
    let truncated = good(4)[..200].to_owned();
    let noise = [forged, unknown, truncated, "\u{0}".repeat(5_000), "[".repeat(5_000)];
    let before = settled(&program);
    let times = rounds(20) * 50;
    let begun = Instant::now();
    at_once(times, |n| {
        let status = program.post("/v1/notices", noise[n % noise.len()].as_bytes()).status;
        assert!(matches!(status, 400 | 403 | 422), "{status}");
    });
    let took = begun.elapsed();
    assert_eq!(settled(&program), before, "garbage leaves no byte behind");
    let server = program.request("GET", "/v1/server", &[], b"").json();
    assert_eq!((server["tree_size"].as_u64(), server["notices"].as_u64()), (Some(1), Some(1)));
    assert_eq!(program.log().matches("ERROR").count(), 0, "{}", program.log());
    let mut posted: Vec<Duration> = Vec::new();
    std::thread::scope(|scope| {
        let flood = scope.spawn(|| at_once(times, |n| drop(program.post("/v1/notices", noise[n % noise.len()].as_bytes()))));
        let mut n = 10;
        while !flood.is_finished() {
            let begun = Instant::now();
            assert_eq!(program.post("/v1/notices", good(n).as_bytes()).status, 201);
            posted.push(begun.elapsed());
            n += 1;
        }
    });
    posted.sort_unstable();
    let worst = posted.last().unwrap();
    eprintln!("{times} bad posts in {took:?}; {} good ones beside as many, the slowest in {worst:?}", posted.len());
    assert!(*worst < Duration::from_secs(10));
}

#[test]
fn requests_that_cannot_be_read_are_refused_and_leave_no_line_in_the_log() {
    let program = Program::start();
    let long = |n: usize| "x".repeat(n);
    let many = (0..200).map(|n| format!("X-{n}: x")).collect::<Vec<_>>().join("\r\n") + "\r\n";
    let parameters = (0..20_000).map(|n| format!("a{n}=b")).collect::<Vec<_>>().join("&");
    let head = |line: &str, headers: &str| format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
    let grown = program.growth(|| {
        for (request, statuses) in [
            (head("GET /", &many), &[400, 431][..]),
            (head("GET /", &format!("X-Long: {}\r\n", long(1 << 20))), &[431]),
            (head(&format!("GET /{}", long(60_000)), ""), &[404]),
            (head(&format!("GET /{}", long(1 << 20)), ""), &[400, 414, 431]),
            (head(&format!("GET /v1/notices?{}", &parameters[..60_000]), ""), &[400]),
            (head(&format!("GET /v1/check?{}", &parameters[..60_000]), ""), &[400]),
            (head("GET /\u{1b}[2J", ""), &[400]),
            (head("GET /v1/notices?q=%1b%5b2J%0aERROR", ""), &[200]),
            ("\u{16}\u{3}\u{1}\r\n\r\n".to_owned(), &[400]),
            (head("POST /v1/notices", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), &[400]),
            (head("POST /v1/notices", "Content-Length: -1\r\n"), &[400]),
            (head("POST /v1/notices", "Content-Length: 1\r\nContent-Length: 2\r\n"), &[400]),
        ] {
            let status = client::send(program.address, request.as_bytes()).status;
            assert!(statuses.contains(&status), "{status} for {:?}", request.chars().take(60).collect::<String>());
        }
    });
    assert!(grown <= 16 * MIB, "the memory grew by {grown} bytes");
    let log = program.log();
    assert!(!log.contains("ERROR") && !log.contains('\u{1b}'), "{log}");
}

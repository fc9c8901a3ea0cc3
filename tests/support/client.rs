//! A client that sends what it is told, byte for byte: only so can a test spell a path or frame a body wrongly.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text()))
    }

    /// The rule of a problem document, which must be one in every respect.
    pub fn rule(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}: {}", self.status, self.text());
        let document = self.json();
        assert_eq!(document["status"], u64::from(self.status));
        assert!(document["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert!(document["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
        let kind = document["type"].as_str().expect("a problem has a type");
        kind.strip_prefix("urn:palinode:problem:").expect("a type of ours").to_owned()
    }

    /// The faults of a problem document as `pointer rule`.
    pub fn flaws(&self) -> Vec<String> {
        let document = self.json();
        let flaws = document["flaws"].as_array().cloned().unwrap_or_default();
        let mut flaws: Vec<_> = flaws
            .iter()
            .map(|flaw| format!("{} {}", flaw["pointer"].as_str().unwrap(), flaw["rule"].as_str().unwrap()))
            .collect();
        flaws.sort();
        flaws
    }
}

/// Sends these bytes and reads until the server closes or has sent what it announced.
pub fn send(to: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    // A server that refuses early may close before it has read everything.
    let _ = stream.write_all(request);
    read(&mut stream)
}

/// Reads one answer.
pub fn read(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let at = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or_else(|| {
        panic!("no answer in {} bytes: {}", bytes.len(), String::from_utf8_lossy(&bytes));
    });
    let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<_> = lines
        .map(|line| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned())).unwrap())
        .collect();
    let mut answer = Answer { status, headers, body: bytes[at + 4..].to_vec() };
    if answer.header("transfer-encoding") == Some("chunked") {
        answer.body = unchunked(&answer.body);
    }
    answer
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(at) = bytes.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..at]).unwrap(), 16).unwrap();
        body.extend_from_slice(&bytes[at + 2..at + 2 + size]);
        bytes = &bytes[at + 2 + size + 2..];
    }
    body
}

/// A request with its headers and body.
pub fn request(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || matches!(method, "POST" | "PUT") {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    send(to, &[head.as_bytes(), body].concat())
}

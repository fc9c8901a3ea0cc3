//! One request over one connection: how these tests ask a server past its network, and how relays ask the server behind them.
//!
//! Requests are sent as HTTP/1.0, so that an answer ends with its connection and comes in one piece.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// The most bytes of a head.
const MAX_HEAD: usize = 64 << 10;

/// Asks through the Unix socket that a relay holds open beside its server.
///
/// # Errors
/// An error says nothing about what the server did with the request.
pub(crate) fn ask(door: &Path, method: &str, path: &str, body: &[u8], patience: Duration) -> io::Result<(u16, Vec<u8>)> {
    let mut stream = UnixStream::connect(door)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let head = format!(
        "{method} /{path} HTTP/1.0\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    split(&answer).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// The status and the body of a whole answer.
fn split(answer: &[u8]) -> Option<(u16, Vec<u8>)> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(at) = head.parse(answer).ok()? else { return None };
    let (status, body) = (head.code?, &answer[at..]);
    let length = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let promised = length.and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok());
    // Half an answer is none.
    (promised.is_none_or(|promised: usize| promised == body.len())).then(|| (status, body.to_vec()))
}

/// Reads one whole request; `None` when the connection ends instead.
pub(crate) fn read_request(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut part = [0; 8 << 10];
    loop {
        if let Some(length) = length_of_request(&bytes)? {
            if bytes.len() >= length {
                return Ok(Some(bytes));
            }
        } else if bytes.len() > MAX_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        match from.read(&mut part)? {
            0 => return Ok(None),
            read => bytes.extend_from_slice(&part[..read]),
        }
    }
}

/// How many bytes a request has, once its head is there.
fn length_of_request(bytes: &[u8]) -> io::Result<Option<usize>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(at) = head.parse(bytes).map_err(io::Error::other)? else { return Ok(None) };
    let length = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|header| std::str::from_utf8(header.value).ok()?.parse::<usize>().ok()).unwrap_or(0);
    Ok(Some(at + length))
}

/// The same request as HTTP/1.0.
pub(crate) fn as_single(request: &[u8]) -> Vec<u8> {
    let end = request.windows(2).position(|pair| pair == b"\r\n").unwrap_or(0);
    let line = String::from_utf8_lossy(&request[..end]).replace("HTTP/1.1", "HTTP/1.0");
    [line.as_bytes(), &request[end..]].concat()
}

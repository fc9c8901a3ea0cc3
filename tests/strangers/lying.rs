//! A man in the middle, or a server that lies: passes requests on to an honest server and changes some of its answers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use url::Url;

use crate::client::{self, Answer};
use crate::server_process::ServerProcess;

/// What becomes of an answer: its path, and the answer. `None` for no answer at all.
pub(crate) type Alter = Arc<dyn Fn(&str, Answer) -> Option<Answer> + Send + Sync>;

pub(crate) fn address(server: &ServerProcess) -> SocketAddr {
    let host = server.url.host_str().unwrap();
    format!("{host}:{}", server.url.port().unwrap()).parse().unwrap()
}

/// Stands in front of `server` for as long as the test runs.
pub(crate) fn in_front_of(
    server: &ServerProcess,
    alter: impl Fn(&str, Answer) -> Option<Answer> + Send + Sync + 'static,
) -> Url {
    let (listener, behind) = (TcpListener::bind(("127.0.0.1", 0)).unwrap(), address(server));
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let alter: Alter = Arc::new(alter);
    std::thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let alter = alter.clone();
            std::thread::spawn(move || pass_on(connection, behind, &alter));
        }
    });
    url
}

fn pass_on(mut connection: TcpStream, behind: SocketAddr, alter: &Alter) {
    let Some(path) = asked_for(&mut connection) else { return };
    let answer = client::request(behind, "GET", &path, &[], b"");
    let Some(answer) = alter(&path, answer) else { return };
    let head = format!(
        "HTTP/1.1 {} Passed on\r\nContent-Length: {}\r\nContent-Type: {}\r\nConnection: close\r\n\r\n",
        answer.status,
        answer.body.len(),
        answer.header("content-type").unwrap_or("application/octet-stream"),
    );
    // Whoever asked may have gone.
    let _ = connection.write_all(&[head.as_bytes(), &answer.body].concat());
}

fn asked_for(connection: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut buffer = [0; 1024];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        match connection.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => head.extend_from_slice(&buffer[..read]),
        }
    }
    let head = String::from_utf8(head).ok()?;
    Some(head.strip_prefix("GET ")?.split(' ').next()?.to_owned())
}

/// Answers everything with these bytes, for as long as the test runs.
pub(crate) fn always_answers(bytes: &'static [u8]) -> Url {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    std::thread::spawn(move || {
        for mut connection in listener.incoming().map_while(Result::ok) {
            let _ = connection.read(&mut [0; 4096]);
            let _ = connection.write_all(bytes);
        }
    });
    url
}

/// One lie: which paths it is about, and which byte of their answers is another one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lie {
    pub(crate) what: &'static str,
    pub(crate) path: &'static str,
    pub(crate) byte: usize,
}

/// One byte of each kind of thing that a log of 300 entries serves.
pub(crate) const LIES: [Lie; 7] = [
    Lie { what: "the checkpoint's size", path: "/log/checkpoint", byte: 27 },
    Lie { what: "the checkpoint's signature", path: "/log/checkpoint", byte: 150 },
    Lie { what: "an entry of a full bundle", path: "/log/tile/entries/000", byte: 900 },
    Lie { what: "an entry of a partial bundle", path: "/log/tile/entries/001.p/44", byte: 900 },
    Lie { what: "a full tile", path: "/log/tile/0/000", byte: 4_000 },
    Lie { what: "a partial tile", path: "/log/tile/0/001.p/44", byte: 100 },
    Lie { what: "an upper tile", path: "/log/tile/1/000.p/1", byte: 9 },
];

impl Lie {
    /// A server like `server` that tells this lie.
    pub(crate) fn about(self, server: &ServerProcess) -> Url {
        in_front_of(server, move |path, mut answer| {
            if path == self.path {
                answer.body[self.byte] ^= 1;
            }
            Some(answer)
        })
    }
}

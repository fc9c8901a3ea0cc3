//! What a scan tells, and whom: with `--ask`, identifiers and never a name of a file. Every byte that it sends is recorded.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use crate::desk::Desk;
use crate::server_process::Launch;

/// Stands before a server and keeps what is sent to it.
struct Recorder {
    address: SocketAddr,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Recorder {
    fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&sent);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(server).unwrap();
                let (mut answers, mut asker) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || {
                    // Either end may close at any time.
                    let _ = std::io::copy(&mut answers, &mut asker);
                    let _ = asker.shutdown(Shutdown::Both);
                });
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || forward(client, server, &kept));
            }
        });
        Self { address, sent }
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, kept: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 16 << 10];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        kept.lock().unwrap().extend_from_slice(&buffer[..n]);
        if to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

#[test]
fn who_is_asked_learns_identifiers_and_never_a_name_or_a_path() {
    let desk = Desk::new();
    let server = Launch::on(desk.path("server")).start();
    let recorder = Recorder::before(server.address());
    let content = "canary-content: what only the holder of this file may know, at some length beyond the trivial";
    desk.write("canary-folder/canary-name.bin", content);
    desk.write("canary-folder/canary-loader.py", "# canary-comment\nx = load_dataset('example/faces')\n");
    let url = format!("http://{}/", recorder.address);
    let ended = desk.scan(&["data", "--code", "--ask", &url]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let sent = recorder.sent.lock().unwrap().clone();
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(content));
    assert!(holds(&sent, &digest) && holds(&sent, "hf:datasets/example/faces"), "{}", String::from_utf8_lossy(&sent));
    let home = desk.path("data");
    for canary in ["canary", home.to_str().unwrap(), "loader.py"] {
        assert!(!holds(&sent, canary), "{canary}: {}", String::from_utf8_lossy(&sent));
    }
    assert!(ended.stderr.contains(&format!("asking {url}, which is told")), "{}", ended.stderr);
}

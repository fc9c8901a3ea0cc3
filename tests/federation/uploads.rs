//! Bringing a digest list over a connection that breaks: the command goes on by itself, or is started again, and sends only the rest.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::server_process::{Launch, ServerProcess, palinode, program};

/// What one request brings at most.
const PIECE: u64 = 4 << 20;
/// Heads of requests, and what else is said around a list.
const AROUND: u64 = 256 << 10;
/// Digests of 64 bytes: three pieces.
const COUNT: u64 = 3 * PIECE / 64;
/// How long something may take that has to happen.
const PATIENCE: Duration = Duration::from_mins(2);

/// Stands before a server, counts what is sent to it, and cuts the connection where it is told.
struct Relay {
    address: SocketAddr,
    line: Arc<Mutex<Line>>,
    cut: Receiver<()>,
}

struct Line {
    server: SocketAddr,
    /// Bytes to the server so far.
    sent: u64,
    /// Where it is cut.
    cut_at: Option<u64>,
    /// Whether it is whole again at once.
    mends: bool,
    is_down: bool,
    cut: Sender<()>,
}

impl Relay {
    fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (told, cut) = channel();
        let line = Line { server, sent: 0, cut_at: None, mends: false, is_down: false, cut: told };
        let line = Arc::new(Mutex::new(line));
        let of_all = Arc::clone(&line);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let line = Arc::clone(&of_all);
                // Whoever comes while the line is down is sent away.
                if !line.lock().unwrap().is_down {
                    std::thread::spawn(move || carry(client, &line));
                }
            }
        });
        Self { address, line, cut }
    }

    fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Counts from nothing, and cuts after so many bytes.
    fn begin(&self, cut_at: Option<u64>, mends: bool) {
        let mut line = self.line.lock().unwrap();
        (line.sent, line.cut_at, line.mends, line.is_down) = (0, cut_at, mends, false);
    }

    fn sent(&self) -> u64 {
        self.line.lock().unwrap().sent
    }

    fn wait_for_the_cut(&self) {
        self.cut.recv_timeout(PATIENCE).expect("so much was sent");
    }
}

fn carry(mut client: TcpStream, line: &Mutex<Line>) {
    let address = line.lock().unwrap().server;
    let Ok(mut server) = TcpStream::connect(address) else { return };
    let (mut answers, mut asker) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    std::thread::spawn(move || {
        // Either end may close at any time.
        let _ = std::io::copy(&mut answers, &mut asker);
        let _ = asker.shutdown(Shutdown::Both);
    });
    let mut buffer = [0; 16 << 10];
    while let Ok(n @ 1..) = client.read(&mut buffer) {
        {
            let mut line = line.lock().unwrap();
            line.sent += n as u64;
            if line.is_down || line.cut_at.is_some_and(|cut_at| line.sent > cut_at) {
                (line.cut_at, line.is_down) = (None, !line.mends);
                let _ = line.cut.send(());
                break;
            }
        }
        if server.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
    let _ = client.shutdown(Shutdown::Both);
}

/// A folder with a signed notice and the list that it names, a server, and a relay before it.
struct Desk {
    folder: TempDir,
    server: ServerProcess,
    relay: Relay,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Launch::on(folder.path().join("a")).returning().start();
        let relay = Relay::before(server.address());
        let desk = Self { folder, server, relay };
        let digests = (0..COUNT).flat_map(|n| [&n.to_be_bytes()[..], &[7; 56]].concat());
        fs::write(desk.path("faces.digests"), digests.collect::<Vec<u8>>()).unwrap();
        let show = ["digests", "show", &desk.text("faces.digests"), "--algorithm", "sha512"];
        let member: Value = serde_json::from_str(&palinode(&show).well()).unwrap();
        let draft = json!({
            "type": "retraction",
            "issuer": {"role": "observer"},
            "dataset": {"title": "Example Faces", "publisher_name": "Example Vision Lab"},
            "subjects": [{"id": "doi:10.5281/zenodo.200000", "role": "whole"}],
            "scope": {"kind": "whole"},
            "reasons": ["consent"],
            "actions": [{"do": "delete"}],
            "digest_lists": [member],
        });
        fs::write(desk.path("draft.json"), draft.to_string()).unwrap();
        palinode(&["key", "new", &desk.text("me.pem")]).well();
        let files = [desk.text("draft.json"), desk.text("me.pem"), desk.text("notice.json")];
        palinode(&["notice", "sign", &files[0], "--key", &files[1], "--out", &files[2]]).well();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn post(&self) -> Vec<String> {
        ["notice", "post", &self.text("notice.json"), "--server", &self.relay.url(), "--format", "json"]
            .map(str::to_owned)
            .to_vec()
    }

    /// Posts to the end, and gives how many bytes that took.
    fn post_to_the_end(&self) -> u64 {
        let arguments = self.post();
        let posted = palinode(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).well();
        let posted: Value = serde_json::from_str(&posted).unwrap();
        assert_eq!(posted["posts"][0]["lists"].as_array().map(Vec::len), Some(1), "{posted}");
        assert_eq!(self.kept_tokens(), 0, "nothing is left of an upload that is whole");
        self.relay.sent()
    }

    /// How many tokens of uploads under way are kept beside the list.
    fn kept_tokens(&self) -> usize {
        let names = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().ends_with(".upload")).count()
    }

    async fn the_last_digest_is_found(&self) {
        let last = [&(COUNT - 1).to_be_bytes()[..], &[7; 56]].concat();
        let id = format!("sha512:{}", data_encoding::HEXLOWER.encode(&last));
        let answer = self.server.client.check(&[id], false).await.unwrap();
        assert_eq!(answer.answers[0].raw["verdict"], "reported");
    }
}

#[tokio::test]
async fn a_command_that_was_killed_while_the_line_was_down_sends_only_the_rest_when_it_is_started_again() {
    let desk = Desk::new();
    desk.relay.begin(Some(PIECE + PIECE / 2), false);
    let mut command = program().args(desk.post()).spawn().unwrap();
    desk.relay.wait_for_the_cut();
    command.kill().unwrap();
    command.wait().unwrap();
    assert_eq!(desk.kept_tokens(), 1);
    desk.relay.begin(None, false);
    let rest = desk.post_to_the_end();
    assert!(rest > PIECE && rest < 2 * PIECE + AROUND, "{rest} bytes");
    desk.the_last_digest_is_found().await;
}

#[tokio::test]
async fn an_upload_goes_on_where_it_was_after_the_server_lost_its_power() {
    let mut desk = Desk::new();
    desk.relay.begin(Some(PIECE + PIECE / 2), false);
    let mut command = program().args(desk.post()).spawn().unwrap();
    desk.relay.wait_for_the_cut();
    desk.server.kill();
    command.kill().unwrap();
    command.wait().unwrap();
    desk.server.start_again(|launch| launch);
    desk.relay.begin(None, false);
    let rest = desk.post_to_the_end();
    assert!(rest > PIECE && rest < 2 * PIECE + AROUND, "{rest} bytes");
    desk.the_last_digest_is_found().await;
    palinode(&["fsck", "--data", desk.server.data_text()]).well();
}

#[tokio::test]
async fn a_line_that_breaks_once_costs_one_piece_at_most_and_no_second_command() {
    let desk = Desk::new();
    desk.relay.begin(Some(PIECE + PIECE / 2), true);
    let sent = desk.post_to_the_end();
    assert!(sent > 3 * PIECE && sent < 4 * PIECE + AROUND, "{sent} bytes");
    desk.the_last_digest_is_found().await;
}

//! What a scan tells, and whom: nobody, and with `--ask` identifiers and never a name of a file.
//!
//! The first is shown in a Linux network namespace in which every address can be sent to: not one byte may go over any of its
//! interfaces. That needs the right to make namespaces, and `ip` of iproute2; without them the test says SKIPPED, and fails with
//! `PALINODE_REQUIRE_TOOLS` set. The second is recorded byte for byte.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use crate::desk::Desk;
use crate::server_process::{Launch, program};

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

/// A network of its own, with a way to everywhere. It is gone with the value.
struct Network {
    name: String,
}

impl Network {
    /// Lays it; `None`, with a word about it, where that cannot be done.
    #[expect(clippy::disallowed_methods, reason = "what a missing tool means is nothing that the program is configured with")]
    fn lay() -> Option<Self> {
        let network = Self { name: format!("palinode-scan-{}", std::process::id()) };
        let added = Command::new("ip").args(["netns", "add", &network.name]).output();
        if !added.as_ref().is_ok_and(|output| output.status.success()) {
            let required = std::env::var_os("PALINODE_REQUIRE_TOOLS").is_some();
            assert!(!required, "PALINODE_REQUIRE_TOOLS is set, but there can be no network namespace: {added:?}");
            eprintln!("SKIPPED: there can be no network namespace here");
            return None;
        }
        // Without IPv6, whose neighbours the kernel looks for by itself.
        network.run("echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6");
        network.run("ip link add wire type veth peer name other");
        network.run("ip link set lo up && ip link set wire up && ip link set other up");
        network.run("ip addr add 10.78.0.1/24 dev wire && ip route add default via 10.78.0.2 dev wire");
        Some(network)
    }

    fn inside(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, program]);
        command
    }

    fn run(&self, script: &str) -> String {
        let output = self.inside("sh").args(["-c", script]).output().unwrap();
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// How many bytes went out over each interface.
    fn sent(&self) -> Vec<(String, u64)> {
        let counted = self.run("cat /proc/net/dev");
        let lines = counted.lines().filter_map(|line| line.split_once(':'));
        let sent = |counts: &str| counts.split_whitespace().nth(8).unwrap().parse().unwrap();
        lines.map(|(name, counts)| (name.trim().to_owned(), sent(counts))).collect()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // One that is not there cannot be taken away.
        let _ = Command::new("ip").args(["netns", "del", &self.name]).output();
    }
}

#[test]
fn a_scan_sends_not_one_byte_over_any_wire() {
    let Some(network) = Network::lay() else { return };
    let desk = Desk::new();
    let server = Launch::on(desk.path("server")).start();
    desk.fetches_index(&server);
    desk.write("canary-folder/canary-name.bin", vec![5; 1000]);
    desk.write("canary-folder/load.py", "urlretrieve('https://10.78.0.2/canary.tar')\nx = load_dataset('example/faces')\n");
    desk.write(
        "croissant.json",
        r#"{"@type": "Dataset", "url": "http://10.78.0.2/x", "@context": "http://10.78.0.2/context"}"#,
    );
    desk.write("datacite.xml", r#"<!DOCTYPE r SYSTEM "http://10.78.0.2/r.dtd"><r/>"#);
    desk.write(".git/config", "[remote \"origin\"]\n\turl = https://10.78.0.2/a/b.git\n");
    assert!(network.sent().iter().all(|(_, bytes)| *bytes == 0), "the network is silent: {:?}", network.sent());
    let mut command = network.inside(program().get_program().to_str().unwrap());
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("PALINODE_SERVER", "http://10.78.0.2/");
    let ended = desk.run_as(command, &["scan", "data", "--code", "--format", "json"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert!(report["identifiers"].as_u64().unwrap() >= 5, "{report:#}");
    assert_eq!(network.sent().iter().map(|(_, bytes)| bytes).sum::<u64>(), 0, "{:?}", network.sent());

    // Whoever asks is heard, so the silence before was none of the counters.
    let mut command = network.inside(program().get_program().to_str().unwrap());
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    assert_eq!(desk.run_as(command, &["scan", "data", "--ask", "http://127.0.0.1:9/"]).code, Some(3));
    assert!(network.sent().iter().any(|(_, bytes)| *bytes > 0), "{:?}", network.sent());
}

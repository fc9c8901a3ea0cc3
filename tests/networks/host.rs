//! One host: a server, and the relay that stands before it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::certificates::Authority;
use crate::door::ask;
use crate::relay::{Behind, Orders};
use crate::settings::RELAY;
use crate::wires::{self, NETWORK, Wires, address};

/// Where a server listens on its own host.
const SERVER: &str = "127.0.0.1:8080";
/// How long something that must happen soon is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Host<'w> {
    pub(crate) number: usize,
    wires: &'w Wires,
    folder: PathBuf,
    root: PathBuf,
    server: Mutex<Option<Child>>,
    relay: Child,
    orders: Mutex<ChildStdin>,
}

impl<'w> Host<'w> {
    /// Starts relay and server, which is configured with `more` as well.
    pub(crate) fn start(number: usize, wires: &'w Wires, folder: &Path, authority: &Authority, seed: u64, more: &str) -> Self {
        let (certificate, key) = authority.certify(number);
        let folder = folder.join(number.to_string());
        fs::create_dir(&folder).expect("a folder");
        let orders = Orders {
            listen: format!("{}:443", address(number)),
            behind: Behind::Server(SERVER.to_owned()),
            certificate,
            key,
            door: folder.join("door"),
            seed: seed ^ number as u64,
        };
        let mut relay = start_relay(wires, number, &orders);
        let stdin = relay.stdin.take().expect("piped");
        fs::write(
            folder.join("palinode.toml"),
            format!(
                "[server]\nlisten = \"{SERVER}\"\norigin = \"{}/log\"\n[federation]\nallow_private = [\"{NETWORK}\"]\n{more}",
                address(number)
            ),
        )
        .expect("written");
        let (server, orders) = (Mutex::new(None), Mutex::new(stdin));
        let host = Self { number, wires, folder, root: authority.root(), server, relay, orders };
        host.start_server();
        host
    }

    /// The program, about to run on this host.
    pub(crate) fn program(&self) -> Command {
        let mut command = self.wires.on(self.number, Path::new(env!("CARGO_BIN_EXE_palinode")));
        command.env_clear().env("SSL_CERT_FILE", &self.root);
        // `ip` is looked for on the path.
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").stdin(Stdio::null());
        command
    }

    fn log(&self) -> File {
        OpenOptions::new().create(true).append(true).open(self.folder.join("log")).expect("the log")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What the server had to say.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn start_server(&self) {
        let mut command = self.program();
        command.arg("serve").arg("--config").arg(self.folder.join("palinode.toml")).arg("--data").arg(self.data());
        let child = command.stdout(Stdio::null()).stderr(self.log()).spawn().expect("a server");
        *self.server.lock().expect("the server") = Some(child);
    }

    /// Waits until the server answers.
    pub(crate) fn await_ready(&self) {
        let begun = Instant::now();
        while self.get("readyz").is_none() {
            assert!(begun.elapsed() < PATIENCE, "host {} is not ready: {}", self.number, self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Makes another host's server a peer of this one.
    pub(crate) fn adds_peer(&self, other: &Self) {
        let url = format!("https://{}/", address(other.number));
        let added = self
            .program()
            .args(["peer", "add", &url, "--yes", "--data"])
            .arg(self.data())
            .args(["--config"])
            .arg(self.folder.join("palinode.toml"))
            .output();
        let output = added.expect("palinode peer add");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The body of an answer, when there is one with status 200.
    pub(crate) fn get(&self, path: &str) -> Option<Vec<u8>> {
        ask(&self.folder.join("door"), "GET", path, &[], PATIENCE)
            .ok()
            .filter(|(status, _)| *status == 200)
            .map(|(_, body)| body)
    }

    /// The same of a request with a body. No answer says nothing about what was done.
    pub(crate) fn post(&self, path: &str, body: &[u8], patience: Duration) -> io::Result<(u16, Vec<u8>)> {
        ask(&self.folder.join("door"), "POST", path, body, patience)
    }

    pub(crate) fn json(&self, path: &str) -> Option<Value> {
        serde_json::from_slice(&self.get(path)?).ok()
    }

    pub(crate) fn connect(&self, connected: bool) {
        self.wires.connect(self.number, connected);
    }

    pub(crate) fn order(&self, order: &str) {
        let mut orders = self.orders.lock().expect("the relay");
        writeln!(orders, "{order}").and_then(|()| orders.flush()).expect("the relay listens");
    }

    /// Stops the server in the middle of whatever it does, or lets it go on.
    pub(crate) fn pause(&self, paused: bool) {
        let server = self.server.lock().expect("the server");
        if let Some(child) = server.as_ref() {
            signal(child.id(), if paused { "STOP" } else { "CONT" });
        }
    }

    /// Kills the server and starts it again.
    pub(crate) fn kill_and_restart(&self) {
        self.end_server();
        self.start_server();
    }

    fn end_server(&self) {
        if let Some(mut child) = self.server.lock().expect("the server").take() {
            // It may have ended by itself, which the log tells of.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Ends the server, and has its folder derived again.
    pub(crate) fn fsck(&self) {
        self.end_server();
        let output = self.program().arg("fsck").arg("--data").arg(self.data()).output().expect("palinode fsck");
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(output.status.success(), "host {}: {said:?}", self.number);
    }
}

impl Drop for Host<'_> {
    fn drop(&mut self) {
        self.end_server();
        let _ = self.relay.kill();
        let _ = self.relay.wait();
    }
}

fn start_relay(wires: &Wires, number: usize, orders: &Orders) -> Child {
    wires
        .on(number, &std::env::current_exe().expect("this program"))
        .env(RELAY, serde_json::to_string(orders).expect("JSON"))
        .stdin(Stdio::piped())
        .spawn()
        .expect("a relay")
}

/// A host that serves files and nothing else.
pub(crate) struct Site(Child);

impl Site {
    pub(crate) fn serve(number: usize, wires: &Wires, authority: &Authority, folder: &Path) -> Self {
        let (certificate, key) = authority.certify(number);
        let (listen, behind) = (format!("{}:443", address(number)), Behind::Files(folder.to_owned()));
        let orders = Orders { listen, behind, certificate, key, door: folder.with_extension("door"), seed: 0 };
        Self(start_relay(wires, number, &orders))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).output();
    assert!(sent.is_ok_and(|output| output.status.success()), "kill -{name} {process}");
}

/// All hosts of a storm, each the peer of all others.
pub(crate) fn start_all<'w>(wires: &'w Wires, folder: &Path, seed: u64) -> Vec<Host<'w>> {
    let authority = Authority::in_folder(folder);
    let hosts: Vec<_> = (0..wires::HOSTS).map(|number| Host::start(number, wires, folder, &authority, seed, "")).collect();
    hosts.iter().for_each(Host::await_ready);
    for host in &hosts {
        for other in hosts.iter().filter(|other| other.number != host.number) {
            host.adds_peer(other);
        }
    }
    hosts
}

//! Servers as their operators run them: processes of the built program, with real sockets and databases.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use palinode::client::Client;
use palinode::client::answers::ServerAnswer;
use palinode::federation::{AddressPolicy, HttpTransport, Request, Response, Transport};
use palinode::tlog::VerifierKey;
use serde_json::Value;
use url::Url;

use crate::speaker::SignedNotice;
use crate::waiting::{PATIENCE, eventually, wait_until};

/// How a server is started.
#[derive(Clone)]
pub(crate) struct Launch {
    data: PathBuf,
    /// Where it writes what it has to say.
    log: PathBuf,
    port: u16,
    more: Vec<String>,
    under: Vec<String>,
    environment: Vec<(String, OsString)>,
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A server that runs; it is killed with the value.
pub(crate) struct ServerProcess {
    child: Child,
    launch: Launch,
    pub(crate) url: Url,
    pub(crate) client: Client,
    transport: Arc<HttpTransport>,
}

/// Runs `palinode` to its end.
pub(crate) fn palinode(arguments: &[&str]) -> Ended {
    let output = program().args(arguments).stdin(Stdio::null()).output().unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The built program, without the settings of whoever runs the tests.
pub(crate) fn program() -> Command {
    program_under(&[])
}

/// The same, run by another command that takes its own place, such as `sh -c 'ulimit -n 64; exec "$@"' sh`.
fn program_under(other: &[String]) -> Command {
    let program = env!("CARGO_BIN_EXE_palinode");
    let mut command = match other {
        [] => Command::new(program),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
    };
    command.env_clear();
    command
}

impl Ended {
    /// The result of a run that was to end well.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.stdout
    }

    /// The message of a run that was to be refused with `code`.
    #[track_caller]
    pub(crate) fn with_code(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:?}");
        self.stderr
    }
}

impl Launch {
    /// A server on `data` with a port that the system picks.
    pub(crate) fn on(data: impl Into<PathBuf>) -> Self {
        let data = data.into();
        Self { log: data.with_extension("log"), data, port: 0, more: Vec::new(), under: Vec::new(), environment: Vec::new() }
    }

    /// The same, which says what it has to say in this file instead of beside the data folder.
    pub(crate) fn logging_to(mut self, file: impl Into<PathBuf>) -> Self {
        self.log = file.into();
        self
    }

    /// The same, with this variable in its environment.
    pub(crate) fn with_variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// The same, run by another command that takes its own place.
    pub(crate) fn under(mut self, command: &[&str]) -> Self {
        self.under = command.iter().map(ToString::to_string).collect();
        self
    }

    /// The same, on a port that it can have again after it was away.
    pub(crate) fn returning(mut self) -> Self {
        self.port = port_of_its_own();
        self
    }

    /// The same at the same port, on other data.
    pub(crate) fn but_on(mut self, data: impl Into<PathBuf>) -> Self {
        self.data = data.into();
        self
    }

    /// The same, with further arguments.
    pub(crate) fn with(mut self, arguments: &[&str]) -> Self {
        self.more = arguments.iter().map(ToString::to_string).collect();
        self
    }

    /// The same, with this configuration, written beside the data folder.
    pub(crate) fn configured(self, text: &str) -> Self {
        let file = self.data.with_extension("toml");
        std::fs::write(&file, text).unwrap();
        self.with(&["--config", file.to_str().unwrap()])
    }

    fn command(&self) -> Command {
        let mut command = program_under(&self.under);
        command.arg("serve").args(["--listen", &format!("127.0.0.1:{}", self.port)]).arg("--data").arg(&self.data);
        command.args(&self.more).envs(self.environment.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        command
    }

    fn spawn(&self) -> Child {
        let stderr: File = OpenOptions::new().create(true).append(true).open(&self.log).unwrap();
        self.command().stdout(Stdio::piped()).stderr(stderr).spawn().unwrap()
    }

    /// Starts the server and waits until it says where it is.
    pub(crate) fn start(&self) -> ServerProcess {
        self.try_start().unwrap_or_else(|said| panic!("the server did not start: {said}"))
    }

    /// Starts the server and kills it so much later, wherever it has come to by then.
    pub(crate) fn start_and_kill_after(&self, delay: Duration) {
        let mut child = self.spawn();
        std::thread::sleep(delay);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Starts the server and waits until it says where it is; otherwise gives everything it ever said.
    pub(crate) fn try_start(&self) -> Result<ServerProcess, String> {
        let mut child = self.spawn();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (line, first) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for said in stdout.lines().map_while(Result::ok) {
                let _ = line.send(said);
            }
        });
        let Ok(url) = first.recv_timeout(PATIENCE) else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(std::fs::read_to_string(&self.log).unwrap());
        };
        let url = Url::parse(&url).unwrap_or_else(|e| panic!("the first line is no address: {url:?}: {e}"));
        let transport = Arc::new(HttpTransport::new(AddressPolicy { loopback: true, ..AddressPolicy::default() }).unwrap());
        let client = Client::over(transport.clone(), url.clone());
        Ok(ServerProcess { child, launch: self.clone(), url, client, transport })
    }

    /// Starts a server that must not start, and gives how it ended.
    pub(crate) fn refused(&self) -> Ended {
        let child = self.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let id = child.id();
        let (done, ended) = std::sync::mpsc::channel();
        std::thread::spawn(move || done.send(child.wait_with_output()));
        let Ok(output) = ended.recv_timeout(PATIENCE) else {
            signal(id, "KILL");
            panic!("the server runs although it must not start");
        };
        let output = output.unwrap();
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl ServerProcess {
    pub(crate) fn data(&self) -> &Path {
        &self.launch.data
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.url.socket_addrs(|| None).unwrap()[0]
    }

    /// Data folder as an argument.
    pub(crate) fn data_text(&self) -> &str {
        self.launch.data.to_str().unwrap()
    }

    /// Ends the process as a power cut would, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again on the same data and the same port, as it was started or differently.
    pub(crate) fn start_again(&mut self, launch: impl FnOnce(Launch) -> Launch) {
        let again = launch(self.launch.clone()).start();
        let _ = std::mem::replace(self, again);
    }

    /// Asks it to stop, as a service manager does.
    pub(crate) fn terminate(&self) {
        signal(self.child.id(), "TERM");
    }

    /// Lets it hang: it takes connections and answers nothing, until it goes on.
    pub(crate) fn hang(&self) {
        signal(self.child.id(), "STOP");
    }

    /// Ends a hanging.
    pub(crate) fn go_on(&self) {
        signal(self.child.id(), "CONT");
    }

    /// Waits until it has ended by itself; panics if that takes longer than `at_most`.
    pub(crate) async fn ended_within(&mut self, at_most: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < at_most, "the server still runs after {at_most:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether it has ended, however that was.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Asks it to stop, and waits until it has: without a complaint, and in time.
    pub(crate) fn ends_well(&mut self) -> Duration {
        let begun = Instant::now();
        self.terminate();
        let mut ended = None;
        wait_until("the server ends when it is asked to", || {
            ended = self.child.try_wait().unwrap();
            ended.is_some()
        });
        assert_eq!(ended.unwrap().code(), Some(0), "{}", std::fs::read_to_string(&self.launch.log).unwrap());
        begun.elapsed()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        let url = self.url.join(path).unwrap();
        self.transport.send(Request::get(url, PATIENCE, 16 << 20)).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, content_type: &'static str, body: Vec<u8>) -> Response {
        let url = self.url.join(path).unwrap();
        self.transport.send(Request::post(url, content_type, body, PATIENCE, 16 << 20)).await.unwrap()
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap()
    }

    pub(crate) async fn server(&self) -> ServerAnswer {
        self.client.server().await.unwrap()
    }

    pub(crate) async fn log_key(&self) -> VerifierKey {
        VerifierKey::parse(&self.server().await.log_key).unwrap()
    }

    pub(crate) async fn witness_key(&self) -> VerifierKey {
        VerifierKey::parse(&self.server().await.witness_key).unwrap()
    }

    pub(crate) async fn tree_size(&self) -> u64 {
        self.json("v1/server").await["tree_size"].as_u64().unwrap()
    }

    /// What it says about the peer with this origin.
    pub(crate) async fn peer(&self, origin: &str) -> Option<Value> {
        let peers = self.json("v1/peers").await;
        peers["peers"].as_array().unwrap().iter().find(|peer| peer["origin"] == origin).cloned()
    }

    /// The leaf hashes of its log, in order.
    pub(crate) async fn entries(&self) -> Vec<String> {
        let answer = self.get("v1/changes").await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let lines = String::from_utf8(answer.body).unwrap();
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["leaf"].as_str().unwrap().to_owned()).collect()
    }

    /// Posts a notice that must be new.
    pub(crate) async fn takes(&self, notice: &SignedNotice) -> u64 {
        let receipt = self.client.post(&notice.body, false).await.unwrap();
        assert_eq!((receipt.status, receipt.known), (201, false), "{receipt:?}");
        receipt.index.unwrap()
    }

    pub(crate) async fn has(&self, notice: &SignedNotice) -> bool {
        self.client.notice(&notice.id).await.unwrap().is_some()
    }

    /// Waits until it has the notice.
    pub(crate) async fn hears(&self, notice: &SignedNotice) {
        let what = format!("{} hears of {}", self.url, notice.title);
        eventually(&what, async || self.has(notice).await.then_some(())).await;
    }

    /// Makes `other` a peer of this server, beside the running server, with the command for it.
    pub(crate) fn adds_peer(&self, other: &Self) {
        palinode(&["peer", "add", other.url.as_str(), "--yes", "--data", self.data_text()]).well();
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes each a peer of each other.
pub(crate) fn introduce(servers: &[&ServerProcess]) {
    for server in servers {
        for other in servers.iter().filter(|other| other.url != server.url) {
            server.adds_peer(other);
        }
    }
}

/// A port below those that the system hands out by itself, so that nobody else is given it while its server is away. Drawn, so
/// that test runs beside this one draw others.
fn port_of_its_own() -> u16 {
    loop {
        let port = 12_000 + u16::try_from(getrandom::u32().unwrap() % 18_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn signal(process: u32, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).status().unwrap();
    assert!(sent.success());
}

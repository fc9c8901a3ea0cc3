//! The parent's end of the child process.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::material::Cast;
use crate::server::{Done, Listening, Order};

/// A server with its constant twin. Both end with the value.
pub(crate) struct ServerProcess {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Where the product listens.
    pub(crate) product: SocketAddr,
    /// Where the constant body is.
    pub(crate) constant: SocketAddr,
    /// Size of its log when it started.
    pub(crate) tree_size: u64,
}

impl ServerProcess {
    /// Starts a server on `folder`, which is made when it is not there.
    pub(crate) fn start(folder: &Path, workers: usize) -> Self {
        let config = configuration(folder, workers);
        let program = std::env::current_exe().expect("this program");
        let mut child = Command::new(program)
            .arg("server")
            .arg("--config")
            .arg(&config)
            .args(["--workers", &workers.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut answers = BufReader::new(child.stdout.take().expect("a pipe"));
        let listening: Listening = line(&mut answers);
        let orders = child.stdin.take();
        let Listening { product, constant, tree_size } = listening;
        Self { child, orders, answers, product, constant, tree_size }
    }

    /// Has the child do something.
    pub(crate) fn order(&mut self, order: &Order) -> Duration {
        let orders = self.orders.as_mut().expect("it runs");
        serde_json::to_writer(&mut *orders, order).expect("the server listens");
        writeln!(orders).expect("the server listens");
        line::<Done>(&mut self.answers).took
    }

    /// Resident memory, in bytes.
    pub(crate) fn resident(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// The most resident memory that it ever had, in bytes.
    pub(crate) fn most_resident(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// A line of what Linux says of the process, in bytes.
    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or_default() * 1_024
    }

    /// Processor time that it took so far, of all its threads.
    pub(crate) fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // The name of the program may have spaces; behind its bracket are the state and then numbers (proc(5), fields 14 and 15).
        let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
        let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        Duration::from_millis(10 * ticks)
    }

    /// Stops it in order, and waits until it is gone.
    pub(crate) fn stop(mut self) {
        drop(self.orders.take());
        let ended = self.child.wait().expect("the server ends");
        assert!(ended.success(), "the server ended with {ended}");
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        drop(self.orders.take());
        // After `stop` there is nobody to wait for any more.
        let _ = self.child.wait();
    }
}

fn line<T: serde::de::DeserializeOwned>(answers: &mut impl BufRead) -> T {
    let mut line = String::new();
    answers.read_line(&mut line).expect("the server speaks");
    serde_json::from_str(&line).unwrap_or_else(|e| unreachable!("the server said {line:?}: {e}"))
}

/// Writes pins and configuration beside the data: everything that limits one client is raised out of the way.
fn configuration(folder: &Path, workers: usize) -> PathBuf {
    let pins = folder.join("pins");
    fs::create_dir_all(&pins).expect("the folder can be written");
    for (name, pin) in Cast::new().pins() {
        fs::write(pins.join(name), pin).expect("the folder can be written");
    }
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\ndata = \"{data}\"\nworkers = {workers}\n\
         [trust]\npublishers = \"{pins}\"\n\
         [admission]\npolicy = \"open\"\nentries_per_issuer_per_day = 1000000000\nentries_per_issuer = 1000000000\n\
         [log]\nlevel = \"warn\"\n",
        data = folder.join("data").display(),
        pins = pins.display(),
    );
    let path = folder.join("palinode.toml");
    fs::write(&path, text).expect("the folder can be written");
    path
}

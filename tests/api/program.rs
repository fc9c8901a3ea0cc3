//! The built program as a process of its own, where what it takes from the machine matters.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::support::client::{self, Answer};

/// How often something is done: as often as `PALINODE_ROUNDS` says, or `short` times.
#[expect(clippy::disallowed_methods, reason = "whoever wants the long version of a test says so in the environment")]
pub(super) fn rounds(short: usize) -> usize {
    std::env::var("PALINODE_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(short)
}

/// A running program; it is killed with the value.
pub(super) struct Program {
    pub address: SocketAddr,
    child: Child,
    folder: TempDir,
}

impl Program {
    /// Starts a server on an empty folder and waits until it says where it listens.
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_palinode"))
            .env_clear()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let address = first.trim().trim_start_matches("http://").trim_end_matches('/').parse();
        Self { address: address.unwrap_or_else(|e| panic!("no address: {first:?}: {e}")), child, folder }
    }

    pub(super) fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        client::request(self.address, method, path, headers, body)
    }

    pub(super) fn post(&self, path: &str, body: &[u8]) -> Answer {
        self.request("POST", path, &[("Content-Type", "application/json")], body)
    }

    /// What it said on standard error.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// How large its data folder is, in bytes.
    pub(super) fn data_bytes(&self) -> u64 {
        let files = std::fs::read_dir(self.folder.path().join("data")).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
    }

    /// Runs `work` and gives by how many bytes the memory in use grew at its peak.
    pub(super) fn growth(&self, work: impl FnOnce()) -> u64 {
        let of_process = |file: &str| Path::new("/proc").join(self.child.id().to_string()).join(file);
        let field = |name: &str| {
            let status = std::fs::read_to_string(of_process("status")).unwrap();
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim_end_matches("kB").trim();
            line.parse::<u64>().unwrap() * 1024
        };
        // 5 sets the peak back to what is in use now.
        std::fs::write(of_process("clear_refs"), "5").unwrap();
        let before = field("VmRSS:");
        work();
        field("VmHWM:").saturating_sub(before)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! `palinode demo` with all its cases, as somebody runs it who wants to see what this is.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use serde::Deserialize;
use tempfile::TempDir;

use crate::client::{self, Answer};
use crate::server_process::palinode;

/// Finds the notice whose texts were removed from the first server.
pub(crate) const REMOVED: &str = "q=UnConstrained&limit=1";

/// The demo, which keeps serving; it is asked to end with the value, and deletes what it wrote.
pub(crate) struct Demo {
    process: Child,
    servers: Vec<Server>,
    /// The texts that were removed, by their SHA-256.
    pub(crate) removed: String,
    /// Where the demo has its folders.
    home: TempDir,
}

#[derive(Deserialize)]
struct Summary {
    servers: Vec<Server>,
}

#[derive(Deserialize)]
struct Server {
    url: String,
}

impl Demo {
    /// Starts it and waits until everything has been posted and told.
    pub(crate) fn start() -> Self {
        let tale = tempfile::tempfile().unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_palinode"))
            .args(["--format", "json", "demo"])
            .env_clear()
            .env("TMPDIR", home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(tale.try_clone().unwrap())
            .spawn()
            .unwrap();
        // One document; it goes on serving after that.
        let stdout = BufReader::new(process.stdout.take().unwrap());
        let summary = serde_json::Deserializer::from_reader(stdout).into_iter::<Summary>().next();
        let Some(Ok(summary)) = summary else { panic!("the demo did not come to its end: {}", told(tale)) };
        let mut demo = Self { process, servers: summary.servers, removed: String::new(), home };
        demo.removed = demo.remove_texts_of(REMOVED);
        demo
    }

    /// Has the first server forget the texts of a notice, as its operator does; gives their name.
    fn remove_texts_of(&self, query: &str) -> String {
        let notice = self.get(&format!("/v1/notices/{}", self.notice(query))).json();
        let name = notice["notice"]["texts"]["sha256"].as_str().unwrap_or_else(|| panic!("{notice}")).to_owned();
        let demo = std::fs::read_dir(self.home.path()).unwrap().next().expect("the folder of the demo").unwrap();
        let data = demo.path().join("A");
        let ground = ["--basis", "legal-order", "--jurisdiction", "DE", "--reference", "7 O 12/26", "--yes"];
        let words = [&["remove", "document", &name][..], &ground, &["--data", data.to_str().unwrap()]].concat();
        palinode(&words).well();
        name
    }

    /// The address of a path on its first server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{}", self.servers[0].url, path.trim_start_matches('/'))
    }

    /// Asks its first server.
    pub(crate) fn get(&self, path: &str) -> Answer {
        let address: SocketAddr = self.servers[0].url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        client::request(address, "GET", path, &[], b"")
    }

    /// The id of the first notice that this search finds.
    #[track_caller]
    pub(crate) fn notice(&self, query: &str) -> String {
        let found = self.get(&format!("/v1/notices?{query}"));
        found.json()["notices"][0]["id"].as_str().unwrap_or_else(|| panic!("{query}: {}", found.text())).to_owned()
    }
}

fn told(mut tale: File) -> String {
    let mut text = String::new();
    tale.rewind().unwrap();
    tale.read_to_string(&mut text).unwrap();
    text
}

impl Drop for Demo {
    fn drop(&mut self) {
        let id = i32::try_from(self.process.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(id) = id {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
        let _ = self.process.wait();
    }
}

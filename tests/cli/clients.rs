//! The clients of the manual chapter "Building a client", taken from the chapter as they stand, against a server of the built program.
//!
//! Needs `python3` 3.10 or newer, `node` 18 or newer, and `sh` with `curl` and `timeout`. A client whose tool is missing is skipped, and
//! told; with `PALINODE_REQUIRE_TOOLS` set it fails.

use std::process::{Command, Output};

use serde_json::Value;

use crate::palinode::Desk;
use crate::serving::{Server, sign};

const CHAPTER: &str = include_str!("../../src/manual/build-a-client.md");

/// Language of its block, and the command that runs it.
const PYTHON: (&str, &[&str]) = ("python", &["python3", "client.py"]);
const NODE: (&str, &[&str]) = ("js", &["node", "client.mjs"]);
const SHELL: (&str, &[&str]) = ("sh", &["timeout", "10", "sh", "client.sh"]);

/// A client, with a server that holds three notices.
struct Bench {
    desk: Desk,
    server: Server,
    command: &'static [&'static str],
    notices: Vec<String>,
}

impl Bench {
    fn new((language, command): (&str, &'static [&'static str])) -> Option<Self> {
        if !is_there(command[0]) {
            return skip(command[0]);
        }
        let desk = Desk::new();
        let [script] = CHAPTER.split(&format!("```{language}\n")).skip(1).collect::<Vec<_>>()[..] else {
            panic!("the chapter has one block of {language}");
        };
        desk.write(command[command.len() - 1], &format!("{}\n", script.split("\n```\n").next().unwrap()));
        let server = Server::start(&desk, "data");
        let mut bench = Self { desk, server, command, notices: Vec::new() };
        for n in 1..=3 {
            bench.post(n);
        }
        Some(bench)
    }

    fn post(&mut self, n: usize) {
        let name = format!("{n}.json");
        sign(&self.desk, &name, &format!("doi:10.5281/zenodo.{n}"));
        let posted = self.desk.run(&["notice", "post", &name, "--server", &self.server.url, "--format", "json"]).well();
        let posted: Value = serde_json::from_str(&posted).unwrap();
        self.notices.push(posted["posts"][0]["id"].as_str().unwrap().to_owned());
    }

    fn run(&self, command: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
        let Output { status, stdout, stderr } = Command::new(self.command[0])
            .args(&self.command[1..])
            .args([command, &self.server.url])
            .args(arguments)
            .current_dir(self.desk.path("."))
            .output()
            .unwrap();
        (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    }

    /// The lines that a client prints for the entries from `from` on.
    fn lines(&self, from: usize) -> String {
        let line = |(n, id): (usize, &String)| format!("{n}\tapplication/vnd.palinode.notice.v1+json\t{id}\n");
        self.notices.iter().enumerate().skip(from).map(line).collect()
    }
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

#[expect(clippy::disallowed_methods, reason = "whether missing tools are a failure is said by the environment of the test run")]
fn skip<T>(what: &str) -> Option<T> {
    assert!(std::env::var_os("PALINODE_REQUIRE_TOOLS").is_none(), "PALINODE_REQUIRE_TOOLS is set, but there is no {what}");
    eprintln!("SKIPPED: there is no {what} here; nothing was tested with it");
    None
}

fn it_checks_and_reads_changes(client: (&str, &'static [&'static str])) {
    let Some(bench) = Bench::new(client) else { return };
    let (code, said, heard) = bench.run("check", &["https://doi.org/10.5281/zenodo.2"]);
    // What an observer says of itself is a report, and no verdict of the owner.
    assert!(said.starts_with("reported\tas of 20") && said.contains(", tree size 3, localhost/"), "{code:?} {said} {heard}");
    assert_eq!(code, Some(0), "{said} {heard}");
    let (code, said, heard) = bench.run("check", &["doi:10.5281/zenodo.99"]);
    assert_eq!((code, said.starts_with("no-notice\t")), (Some(0), true), "{said} {heard}");
    for (after, from) in [("-1", 0), ("0", 1), ("2", 3)] {
        assert_eq!(bench.run("changes", &[after]), (Some(0), bench.lines(from), String::new()), "after {after}");
    }
}

/// Entries that were there and one that comes while it waits.
fn it_follows_and_proves(client: (&str, &'static [&'static str])) {
    let Some(mut bench) = Bench::new(client) else { return };
    let mut following = Command::new(bench.command[0])
        .args(&bench.command[1..])
        .args(["follow", &bench.server.url, "0", "3"])
        .current_dir(bench.desk.path("."))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    bench.post(4);
    let mut said = String::new();
    std::io::Read::read_to_string(&mut following.stdout.take().unwrap(), &mut said).unwrap();
    assert_eq!((following.wait().unwrap().code(), said), (Some(0), bench.lines(1)));
    for notice in &bench.notices {
        let (code, said, heard) = bench.run("proved", &[notice]);
        assert!(code == Some(0) && said.starts_with("proved\tsize 4, root "), "{said} {heard}");
    }
    let (code, said, _) = bench.run("proved", &[&"0".repeat(64)]);
    assert!(code != Some(0) && said.is_empty(), "{said}");
}

#[test]
fn the_python_client_checks_and_reads_changes() {
    it_checks_and_reads_changes(PYTHON);
}

#[test]
fn the_python_client_follows_and_proves() {
    it_follows_and_proves(PYTHON);
}

#[test]
fn the_javascript_client_checks_and_reads_changes() {
    it_checks_and_reads_changes(NODE);
}

#[test]
fn the_javascript_client_follows_and_proves() {
    it_follows_and_proves(NODE);
}

#[test]
fn the_shell_client_checks_and_reads_changes() {
    it_checks_and_reads_changes(SHELL);
}

#[test]
fn the_shell_client_follows_and_keeps_its_place() {
    let Some(mut bench) = Bench::new(SHELL) else { return };
    assert_eq!(bench.run("follow", &["place"]), (Some(124), bench.lines(0), String::new()), "it goes on until it is ended");
    assert_eq!(bench.desk.read("place"), "2\n");
    bench.post(4);
    assert_eq!(bench.run("follow", &["place"]).1, bench.lines(3), "and goes on where it was");
}

//! The commands that need servers, against servers of the built program on loopback.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::request;
use crate::palinode::Desk;

/// A running server, ended when the test is.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    log_key: String,
}

impl Server {
    /// Starts a server on `data` inside the desk, on a port that it picks, and waits until it says that it is ready.
    pub(crate) fn start(desk: &Desk, data: &str) -> Self {
        Self::start_with(desk, data, &[])
    }

    pub(crate) fn start_with(desk: &Desk, data: &str, more: &[&str]) -> Self {
        Self::start_writing(desk, data, more, Stdio::null(), &[])
    }

    /// The same, with its log written somewhere, and with variables of the environment.
    pub(crate) fn start_writing(desk: &Desk, data: &str, more: &[&str], log: Stdio, environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_palinode"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data", data])
            .args(more)
            .current_dir(desk.path("."))
            .env_clear()
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let url = lines.next().expect("the address stands on the first line");
        let log_key = lines.find_map(|line| Some(line.strip_prefix("log key")?.trim().to_owned())).unwrap();
        Self { child, url, log_key }
    }

    fn origin(&self) -> &str {
        self.log_key.split('+').next().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; nothing of it outlives the test's folder.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Signs a report about `id` with the desk's key, as `<name>`.
pub(crate) fn sign(desk: &Desk, name: &str, id: &str) {
    sign_as(desk, name, id, &json!({"role": "observer"}));
}

pub(crate) fn sign_as(desk: &Desk, name: &str, id: &str, issuer: &Value) {
    if !desk.path("me.pem").exists() {
        desk.run(&["key", "new", "me.pem"]).well();
    }
    let draft = json!({
        "type": "retraction",
        "issuer": issuer,
        "fault": "people-harm",
        "appeal": "https://example.org/appeal",
        "dataset": {"title": "Example Faces 1M", "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": id, "role": "whole"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "stop-use"}],
        "texts": {"texts": [{"language": "en", "statement": "The people in the pictures were never asked for consent."}]}
    });
    desk.write("draft.json", &draft.to_string());
    desk.run(&["notice", "sign", "draft.json", "--key", "me.pem", "--out", name]).well();
}

pub(crate) fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_notice_is_posted_with_a_receipt_that_holds_and_posting_again_does_no_harm() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    sign(&desk, "notice.json", "doi:10.5281/zenodo.1234567");
    let post = ["notice", "post", "notice.json", "--server", &server.url, "--format", "json"];
    let outcome = |more: &[&str]| parsed(&desk.run(&[&post[..], more].concat()).well())["posts"][0].clone();
    assert_eq!(outcome(&["--dry-run"])["outcome"], "would-be-appended");
    let first = outcome(&[]);
    assert_eq!((&first["outcome"], &first["index"]), (&json!("appended"), &json!(0)));
    let again = outcome(&[]);
    assert_eq!((&again["outcome"], &again["index"], &again["id"]), (&json!("already-there"), &json!(0), &first["id"]));
    assert_eq!(outcome(&["--dry-run"])["outcome"], "already-there");

    let (receipt, entry) = (first["receipt"].as_str().unwrap(), first["entry"].as_str().unwrap());
    assert!(receipt.starts_with("notice.localhost-"), "{receipt}");
    desk.run(&["proof", "verify", receipt, "--entry", entry, "--log-key", &server.log_key]).well();
    desk.run(&["notice", "verify", entry]).well();
    // The entry beside the notice is no file that `*.json` would post next time.
    let json = |name: &str| std::path::Path::new(name).extension().is_some_and(|ending| ending == "json");
    assert!(!json(entry) && !json(receipt));
}

#[test]
fn what_a_server_refuses_is_told_with_every_fault_and_what_to_do() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    sign(&desk, "notice.json", "doi:10.5281/zenodo.1234567");
    let sign_as = ["--key", "me.pem", "--issuer", "did:web:example.org", "--out", "unknown.json"];
    desk.run(&[&["notice", "sign", "draft.json"][..], &sign_as[..]].concat()).well();
    let ended = desk.run(&["notice", "post", "unknown.json", "notice.json", "--server", &server.url]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stdout.contains("(unknown-issuer)") && ended.stdout.contains("palinode publisher post"), "{ended:?}");
    assert!(ended.stdout.contains("in the log at index 0"), "one refusal stops no other: {ended:?}");

    let mut changed = parsed(&desk.read("notice.json"));
    let payload = data_encoding::BASE64.encode(b"{\"type\":\"retractoin\",\"extra\":1}");
    changed["envelope"]["payload"] = json!(payload);
    changed["documents"] = json!([]);
    desk.write("changed.json", &changed.to_string());
    let ended = desk.run(&["notice", "post", "changed.json", "--server", &server.url]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stdout.contains("/type:") && ended.stdout.contains("/extra") && ended.stdout.contains("help:"), "{ended:?}");
}

#[test]
fn a_publisher_record_is_posted_by_either_command() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    desk.run(&["key", "new", "me.pem"]).well();
    let key = parsed(&desk.run(&["key", "show", "me.pem", "--format", "json"]).well());
    let did = key["did"].as_str().unwrap();
    desk.run(&["publisher", "init", "--id", did, "--name", "Me", "--key", "me.pem", "--out", "me.json"]).well();
    let post = ["post", "me.json", "--server", &server.url, "--format", "json"];
    let first = parsed(&desk.run(&[&["publisher"][..], &post[..]].concat()).well());
    assert_eq!(first["posts"][0]["outcome"], "appended");
    let again = parsed(&desk.run(&[&["notice"][..], &post[..]].concat()).well());
    assert_eq!(again["posts"][0]["outcome"], "already-there");
}

#[test]
fn check_tells_what_is_known_and_what_is_not() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    sign(&desk, "notice.json", "doi:10.5281/zenodo.1234567");
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
    let environment = [("PALINODE_SERVER", server.url.as_str())];
    let check = |arguments: &[&str], stdin: &str| desk.run_with(&[&["check"][..], arguments].concat(), &environment, stdin);

    let told = check(&["https://doi.org/10.5281/zenodo.1234567", "doi:10.5281/zenodo.99"], "").well();
    assert!(
        told.contains("REPORTED") && told.contains("retraction of Example Faces 1M") && told.contains("authority other"),
        "{told}"
    );
    let none = format!("no notice known to {} as of 20", server.origin());
    assert!(told.contains(&none) && told.contains(", tree size 1"), "{told}");

    for (level, code) in [("retracted", 0), ("disputed", 0), ("reported", 1), ("possible", 1)] {
        let ended = check(&["doi:10.5281/zenodo.1234567", "--fail-on", level], "");
        assert_eq!(ended.code, code, "{level}: {ended:?}");
    }
    desk.write("ids.txt", "# mine\ndoi:10.5281/zenodo.99\n");
    let answers = parsed(&check(&["-", "--file", "ids.txt", "--format", "json"], "doi:10.5281/zenodo.1234567\n").well());
    let verdicts: Vec<_> = answers["answers"].as_array().unwrap().iter().map(|answer| &answer["verdict"]).collect();
    assert_eq!(verdicts, ["reported", "no-notice"]);
    assert_eq!((&answers["tree_size"], &answers["freshness"]), (&json!(1), &json!("fresh")));
    std::thread::sleep(Duration::from_millis(1_100));
    let stale = check(&["doi:10.5281/zenodo.99", "--max-age", "0s"], "");
    assert_eq!(stale.code, 3, "{stale:?}");
}

#[test]
fn many_identifiers_are_asked_in_parts() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    let ids = (0..1_001).map(|n| format!("doi:10.5281/zenodo.{n}")).collect::<Vec<_>>().join("\n");
    let ended = desk.run_with(&["check", "-", "--server", &server.url, "--format", "json"], &[], &ids);
    assert_eq!(parsed(&ended.well())["answers"].as_array().unwrap().len(), 1_001);
}

#[test]
fn a_verdict_is_decided_again_from_its_proof() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    sign(&desk, "notice.json", "doi:10.5281/zenodo.1234567");
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
    let check = ["check", "doi:10.5281/zenodo.1234567", "doi:10.5281/zenodo.99", "--server", &server.url, "--proof"];
    let told = desk.run(&check).well();
    assert!(told.contains("1 entry with its proof verified") && told.contains("pin it with --log-key"), "{told}");
    let told = desk.run(&[&check[..], &["--log-key", &server.log_key, "--format", "json"]].concat()).well();
    let proof = &parsed(&told)["proof"];
    assert_eq!((&proof["entries"], &proof["decided_again"], &proof["trust_rebuilt"]), (&json!(1), &json!(2), &json!(true)));

    // Another log, and another key under the same name.
    let other = Server::start(&desk, "other");
    let ended = desk.run(&[&check[..], &["--log-key", &other.log_key]].concat());
    assert_eq!(ended.code, 4, "{ended:?}");
    desk.run(&["key", "new", "forged.pem"]).well();
    let forged = parsed(&desk.run(&["key", "show", "forged.pem", "--name", server.origin(), "--format", "json"]).well());
    let forged = forged["verifier_keys"]["log"].as_str().unwrap();
    let ended = desk.run(&[&check[..], &["--log-key", forged, "--fail-on", "reported"]].concat());
    assert_eq!(ended.code, 4, "a finding never masks a broken proof: {ended:?}");
    assert!(ended.stdout.contains("broken:"), "{ended:?}");
}

#[test]
fn the_word_of_a_pinned_publisher_is_decided_again_with_its_authority() {
    let desk = Desk::new();
    desk.run(&["key", "new", "me.pem"]).well();
    std::fs::create_dir(desk.path("pins")).unwrap();
    let init = ["publisher", "init", "--id", "did:web:example.org", "--name", "Example Lab", "--key", "me.pem"];
    let files = ["--out", "me.json", "--pin", "pins/me.json", "--prefix", "doi:10.5281/"];
    desk.run(&[&init[..], &files[..]].concat()).well();
    desk.write("palinode.toml", "[admission]\npolicy = \"pinned\"\n[trust]\npublishers = \"pins\"\n");
    let server = Server::start_with(&desk, "data", &["--config", "palinode.toml"]);
    sign_as(&desk, "notice.json", "doi:10.5281/zenodo.1234567", &json!({"id": "did:web:example.org", "role": "publisher"}));
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
    let check = ["check", "doi:10.5281/zenodo.1234567", "--server", &server.url, "--proof", "--log-key", &server.log_key];
    let ended = desk.run(&[&check[..], &["--format", "json"]].concat());
    assert_eq!(ended.code, 1, "{ended:?}");
    let told = parsed(&ended.stdout);
    assert_eq!(told["answers"][0]["verdict"], "retracted", "{told}");
    assert_eq!((&told["proof"]["decided_again"], &told["proof"]["faults"]), (&json!(1), &json!([])));
    assert_eq!(told["proof"]["trust_rebuilt"], true, "{told}");
    let ended = desk.run(&check);
    assert!(
        ended.stdout.contains("RETRACTED") && ended.stdout.contains("Example Lab, did:web:example.org as publisher"),
        "{ended:?}"
    );
    assert!(ended.stdout.contains("authority owner (pinned)"), "{ended:?}");

    let other = Desk::new();
    sign(&other, "notice.json", "doi:10.5281/zenodo.1234567");
    let ended = other.run(&["notice", "post", "notice.json", "--server", &server.url]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stdout.contains("(not-admitted)") && ended.stdout.contains("ask the operator"), "{ended:?}");
}

#[test]
fn receipts_go_where_they_are_wanted_or_nothing_is_posted() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    sign(&desk, "notice.json", "doi:10.5281/zenodo.1234567");
    let post = ["notice", "post", "notice.json", "--server", &server.url, "--receipts", "kept"];
    let message = desk.run(&post).with_code(2);
    assert!(message.contains("nothing was posted"), "{message}");
    std::fs::create_dir(desk.path("kept")).unwrap();
    let told = desk.run(&post).well();
    assert!(told.contains("kept/notice.localhost-"), "{told}");
    assert_eq!(std::fs::read_dir(desk.path("kept")).unwrap().count(), 2);
}

/// The server never asks a peer that lies inside a private network, so the command does not either.
#[test]
fn a_peer_that_the_server_could_not_reach_is_not_asked_for_its_keys() {
    let desk = Desk::new();
    drop(Server::start(&desk, "a"));
    let message = desk.run(&["peer", "add", "https://10.255.255.1/", "--data", "a", "--yes"]).with_code(3);
    assert!(message.contains("10.255.255.1 (private use, RFC 1918)"), "{message}");
    assert!(message.contains("help: ") && message.contains("federation.allow_private"), "{message}");
    // With the network written down, the same address is asked, and whatever is or is not there answers.
    desk.write("inside.toml", "[federation]\nallow_private = [\"10.255.255.0/24\"]\n");
    let add = ["peer", "add", "https://10.255.255.1/", "--data", "a", "--yes", "--config", "inside.toml"];
    let message = desk.run(&add).with_code(3);
    assert!(!message.contains("RFC 1918"), "{message}");
}

#[test]
fn peers_are_added_with_their_keys_hear_of_each_other_and_are_removed() {
    let desk = Desk::new();
    let (a, b) = (Server::start(&desk, "a"), Server::start(&desk, "b"));
    let add = ["peer", "add", &b.url, "--data", "a"];
    for answer in ["", "n\n", "what?\n"] {
        let message = desk.run_with(&add, &[], answer).with_code(1);
        assert!(message.contains(&b.log_key) && message.contains("[y/N]"), "{message}");
    }
    assert!(desk.run(&["peer", "list", "--data", "a"]).well().contains("No peers."));
    let told = desk.run_with(&add, &[], "y\n").well();
    assert!(told.contains("A peer must be able to reach this server"), "{told}");
    desk.run(&["peer", "add", &a.url, "--data", "b", "--yes"]).well();
    desk.run(&["peer", "add", &a.url, "--data", "b", "--yes"]).well();
    let message = desk.run(&["peer", "add", &a.url, "--data", "a", "--yes"]).with_code(1);
    assert!(message.contains("is this server itself"), "{message}");

    sign(&desk, "notice.json", "doi:10.5281/zenodo.1234567");
    desk.run(&["notice", "post", "notice.json", "--server", &a.url]).well();
    let asked = ["check", "doi:10.5281/zenodo.1234567", "--fail-on", "reported", "--proof", "--server", &b.url];
    let begun = Instant::now();
    while desk.run(&asked).code != 1 {
        assert!(begun.elapsed() < Duration::from_secs(30), "the peer never heard of the notice");
    }
    let peers = parsed(&desk.run(&["peer", "list", "--data", "b", "--format", "json"]).well());
    assert_eq!((&peers["peers"][0]["origin"], &peers["peers"][0]["pulled"]), (&json!(a.origin()), &json!(1)));
    desk.run(&["peer", "remove", a.origin(), "--data", "b"]).well();
    desk.run(&["peer", "remove", a.origin(), "--data", "b"]).with_code(1);
}

#[test]
fn fsck_looks_beside_a_running_server_and_finds_what_was_changed() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    sign(&desk, "notice.json", "doi:10.5281/zenodo.1234567");
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
    let report = parsed(&desk.run(&["fsck", "--data", "data", "--format", "json"]).well());
    assert_eq!((&report["intact"], &report["entries"], &report["documents"]), (&json!(true), &json!(1), &json!(1)));
    let address = server.url.strip_prefix("http://").unwrap().trim_end_matches('/').parse().unwrap();
    let checkpoint = request(address, "GET", "/log/checkpoint", &[], &[]).text();
    drop(server);
    let head = std::fs::read(desk.path("data/head")).unwrap();

    // A record that is no more what the database says. One that holds nothing but the checkpoint is read as well.
    desk.write("data/head", &checkpoint.replace('\n', " \n"));
    let ended = desk.run(&["fsck", "--data", "data"]);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(ended.stdout.contains("fault:") && ended.stdout.contains("head record"), "{ended:?}");

    // A record that says nothing any more: both of its slots, because one that is whole is enough.
    let mut damaged = head.clone();
    let half = damaged.len() / 2;
    (damaged[0], damaged[half]) = (damaged[0] ^ 1, damaged[half] ^ 1);
    std::fs::write(desk.path("data/head"), damaged).unwrap();
    let ended = desk.run(&["fsck", "--data", "data"]);
    assert_eq!(ended.code, 4, "{ended:?}");
    for told in ["neither slot", "entries      1", "`palinode restore` begins a new log from a backup"] {
        assert!(ended.stdout.contains(told), "{told}: {ended:?}");
    }
    // So what is here can still be kept.
    let backup = desk.run(&["backup", "--data", "data", "--out", "kept.palinode-backup"]).well();
    assert!(backup.contains("neither slot") && backup.contains("tree size  1,"), "{backup}");

    std::fs::write(desk.path("data/head"), head).unwrap();
    desk.run(&["fsck", "--data", "data"]).well();
}

#[cfg(unix)]
#[test]
fn a_server_ends_well_when_it_is_asked_to() {
    let desk = Desk::new();
    let mut server = Server::start(&desk, "data");
    assert!(server.url.starts_with("http://127.0.0.1:"), "{}", server.url);
    let killed = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn whether_a_server_is_well_is_an_exit_code() {
    let desk = Desk::new();
    let asked = |more: &[&str]| desk.run(&[&["healthcheck", "--data", "data"][..], more].concat());
    {
        let server = Server::start(&desk, "data");
        assert_eq!(asked(&[]).well(), format!("{} is ready\n", server.url));
        assert_eq!(asked(&["--live"]).well(), format!("{} is alive\n", server.url));
    }
    let message = asked(&["--live"]).with_code(3);
    assert!(message.contains("palinode doctor"), "{message}");

    // With a reserve larger than any disk it is alive, and says why it is not ready.
    desk.write("full.toml", "[storage]\nreserve_bytes = 9000000000000000\n");
    let _server = Server::start_with(&desk, "data", &["--config", "full.toml"]);
    asked(&["--live"]).well();
    let message = asked(&[]).with_code(1);
    assert!(message.contains("storage-low") && message.contains("palinode doctor"), "{message}");
}

//! What operators decide beside a running server: who is let in, who is blocked, and what becomes of entries that peers have.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::palinode::Desk;
use crate::serving::{Server, parsed, sign};

const DOI: &str = "doi:10.5281/zenodo.1234567";

/// Asks until it holds; a running server notices within a second, and slow machines get more.
#[track_caller]
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn post(desk: &Desk, file: &str, server: &Server) -> (i32, String) {
    let ended = desk.run(&["notice", "post", file, "--server", &server.url]);
    (ended.code, ended.stdout)
}

/// Whether the server would take it; nothing is posted.
fn would_take(desk: &Desk, file: &str, server: &Server) -> bool {
    let ended = desk.run(&["notice", "post", file, "--dry-run", "--server", &server.url]);
    assert!(ended.code == 0 || ended.stdout.contains("(issuer-blocked)"), "{ended:?}");
    ended.code == 0
}

/// The DID of the desk's key.
fn me(desk: &Desk) -> String {
    let shown = parsed(&desk.run(&["key", "show", "me.pem", "--format", "json"]).well());
    shown["did"].as_str().unwrap().to_owned()
}

fn quarantine(desk: &Desk, data: &str, more: &[&str]) -> Vec<Value> {
    let arguments = [&["quarantine", "list", "--data", data, "--format", "json"], more].concat();
    parsed(&desk.run(&arguments).well())["entries"].as_array().unwrap().clone()
}

#[test]
fn a_blocked_issuer_is_refused_by_the_running_server_and_let_in_again() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    sign(&desk, "first.json", DOI);
    sign(&desk, "second.json", "doi:10.5281/zenodo.7654321");
    let issuer = me(&desk);
    assert_eq!(post(&desk, "first.json", &server).0, 0);
    assert!(desk.run(&["block", "--data", "data"]).well().contains("Nobody is blocked"));
    let told = desk.run(&["block", &issuer, "--why", "it floods us", "--data", "data"]).well();
    assert!(told.contains("is blocked") && told.contains("What stands in the log stays"), "{told}");
    eventually("the server heeds the block", || !would_take(&desk, "second.json", &server));
    assert_eq!(post(&desk, "second.json", &server).0, 1);
    assert_eq!(post(&desk, "first.json", &server).0, 0, "what stands there stays");
    let listed = parsed(&desk.run(&["block", "--data", "data", "--format", "json"]).well());
    assert_eq!((&listed["blocks"][0]["issuer"], &listed["blocks"][0]["why"]), (&json!(issuer), &json!("it floods us")));
    let shown = desk.run(&["publisher", "show", &issuer, "--server", &server.url]).well();
    assert!(shown.contains("blocked:"), "{shown}");

    drop(server);
    let server = Server::start(&desk, "data");
    assert_eq!(post(&desk, "second.json", &server).0, 1, "after a restart too");
    desk.run(&["unblock", &issuer, "--data", "data"]).well();
    eventually("the server heeds the end of the block", || would_take(&desk, "second.json", &server));
    assert_eq!(post(&desk, "second.json", &server).0, 0);
    desk.run(&["unblock", &issuer, "--data", "data"]).with_code(1);
    let message = desk.run(&["block", "somebody", "--data", "data"]).with_code(2);
    assert!(message.contains("did:web:example.org"), "{message}");
}

#[test]
fn what_peers_bring_of_a_blocked_issuer_waits_until_it_is_let_in() {
    let desk = Desk::new();
    let (a, b) = (Server::start(&desk, "a"), Server::start(&desk, "b"));
    sign(&desk, "notice.json", DOI);
    let issuer = me(&desk);
    desk.run(&["block", &issuer, "--data", "b"]).well();
    eventually("b heeds the block", || !would_take(&desk, "notice.json", &b));
    assert_eq!(post(&desk, "notice.json", &a).0, 0);
    desk.run(&["peer", "add", &a.url, "--data", "b", "--yes"]).well();
    eventually("the entry waits", || !quarantine(&desk, "b", &["--rule", "issuer-blocked"]).is_empty());
    desk.run(&["unblock", &issuer, "--data", "b"]).well();
    let check = ["check", DOI, "--fail-on", "reported", "--server", &b.url];
    eventually("it comes in", || desk.run(&check).code == 1);
    assert!(quarantine(&desk, "b", &[]).is_empty());
}

#[test]
fn entries_of_peers_that_wait_are_listed_shown_dropped_and_taken_back() {
    let desk = Desk::new();
    desk.write("b.toml", "[admission]\npolicy = \"pinned\"\n");
    let (a, b) = (Server::start(&desk, "a"), Server::start_with(&desk, "b", &["--config", "b.toml"]));
    assert!(desk.run(&["quarantine", "list", "--data", "b"]).well().contains("Every entry"));
    sign(&desk, "notice.json", DOI);
    assert_eq!(post(&desk, "notice.json", &a).0, 0);
    desk.run(&["peer", "add", &a.url, "--data", "b", "--yes"]).well();
    eventually("the entry waits", || !quarantine(&desk, "b", &[]).is_empty());
    let waits = &quarantine(&desk, "b", &["--state", "pending"])[0];
    assert_eq!((&waits["rule"], &waits["says"]["kind"]), (&json!("not-admitted"), &json!("notice")));
    assert_eq!(waits["says"]["title"], "Example Faces 1M");
    let leaf = waits["leaf"].as_str().unwrap();
    let shown = desk.run(&["quarantine", "show", leaf, "--data", "b"]).well();
    assert!(shown.contains("\"payloadType\"") && shown.contains("nothing of it is verified"), "{shown}");
    assert!(quarantine(&desk, "b", &["--peer", "nobody.example/log"]).is_empty());

    desk.run(&["quarantine", "drop", leaf, "--data", "b"]).well();
    let dropped = &quarantine(&desk, "b", &[])[0];
    assert_eq!((&dropped["state"], &dropped["rule"], dropped.get("says")), (&json!("refused"), &json!("dropped"), None));
    // Taken back, it is fetched again and waits as before.
    let told = desk.run(&["quarantine", "retry", leaf, "--data", "b"]).well();
    assert!(told.starts_with("1 to be looked at again"), "{told}");
    eventually("it waits again", || quarantine(&desk, "b", &["--rule", "not-admitted"]).len() == 1);

    // Under another policy, what waited is looked at with the restart, and by command at any time.
    drop(b);
    let b = Server::start(&desk, "b");
    desk.run(&["quarantine", "retry", "--all", "--data", "b"]).well();
    eventually("it comes in", || desk.run(&["check", DOI, "--fail-on", "reported", "--server", &b.url]).code == 1);
    eventually("nothing is left", || quarantine(&desk, "b", &[]).is_empty());
    let message = desk.run(&["quarantine", "drop", leaf, "--data", "b"]).with_code(1);
    assert!(message.contains("no peer has an entry"), "{message}");
    desk.run(&["quarantine", "retry", "--data", "b"]).with_code(2);
    desk.run(&["quarantine", "show", "abc", "--data", "b"]).with_code(2);
}

/// The domain ends in `.invalid`, which no name server knows (RFC 6761), so that it is asked in vain.
#[test]
fn a_record_of_a_domain_waits_over_a_restart_and_its_publisher_can_see_how_it_goes() {
    let desk = Desk::new();
    desk.write("palinode.toml", "[admission]\npolicy = \"verified\"\n");
    let start = || Server::start_with(&desk, "data", &["--config", "palinode.toml"]);
    let server = start();
    sign(&desk, "stranger.json", DOI);
    let (code, told) = post(&desk, "stranger.json", &server);
    assert!(code == 1 && told.contains("(not-admitted)"), "a bare key has no domain: {told}");

    let did = "did:web:lab.invalid";
    let init = ["publisher", "init", "--id", did, "--name", "A Lab", "--key", "me.pem", "--out", "lab.json"];
    desk.run(&init).well();
    let told = desk.run(&["publisher", "post", "lab.json", "--server", &server.url]).well();
    assert!(told.contains("it waits until the server has verified the domain"), "{told}");
    let issuer = json!({"id": did, "role": "observer"});
    crate::serving::sign_as(&desk, "notice.json", DOI, &issuer);
    let (code, told) = post(&desk, "notice.json", &server);
    assert!(code == 1 && told.contains("(issuer-pending)") && told.contains("post again in"), "{told}");

    drop(server);
    let server = start();
    let show = ["publisher", "show", did, "--server", &server.url];
    let shown = desk.run(&show).well();
    assert!(shown.contains(&format!("waiting  {did}#")) && !shown.contains("A Lab"), "{shown}");
    let told = parsed(&desk.run(&[&show[..], &["--format", "json"]].concat()).well());
    assert_eq!(told["waiting"].as_array().unwrap().len(), 1);
    let again = parsed(&desk.run(&["publisher", "post", "lab.json", "--server", &server.url, "--format", "json"]).well());
    assert_eq!(again["posts"][0]["outcome"], "being-verified");
}

#[test]
fn blocks_and_records_that_wait_are_in_a_backup_and_a_restore_carries_them_over() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    sign(&desk, "notice.json", DOI);
    assert_eq!(post(&desk, "notice.json", &server).0, 0);
    let did = "did:web:lab.invalid";
    let init = ["publisher", "init", "--id", did, "--name", "A Lab", "--key", "me.pem", "--out", "lab.json"];
    desk.run(&init).well();
    desk.run(&["publisher", "post", "lab.json", "--server", &server.url]).well();
    desk.run(&["block", "did:web:spam.example", "--why", "floods", "--data", "data"]).well();
    assert!(desk.run(&["fsck", "--data", "data"]).well().contains("Everything is what it must be"));
    desk.run(&["backup", "--data", "data", "--out", "kept.backup"]).well();
    drop(server);
    let restore =
        ["restore", "--from", "kept.backup", "--data", "new", "--operator-key", "data/keys/operator.pem", "--removed-lost"];
    desk.run(&restore).well();
    let listed = parsed(&desk.run(&["block", "--data", "new", "--format", "json"]).well());
    assert_eq!(listed["blocks"][0]["issuer"], "did:web:spam.example");
    let server = Server::start(&desk, "new");
    let shown = desk.run(&["publisher", "show", did, "--server", &server.url]).well();
    assert!(shown.contains(&format!("waiting  {did}#")), "{shown}");
}

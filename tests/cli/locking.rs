//! `palinode lock`, `verify-lock` and `watch`, with a server of the built program and a folder.

use serde_json::Value;

use crate::palinode::Desk;
use crate::serving::{Server, sign};

/// SHA-256 of the bytes in [`indexed`]'s folder.
const BYTES: &str = "the faces of people who were never asked, as bytes of a file that is long enough to be told apart";

fn digest() -> String {
    use sha2::Digest;
    format!("sha256:{}", data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(BYTES)))
}

/// A folder with one file, a server, and an index of the server; with a report about the file when `reported`.
fn indexed(desk: &Desk, reported: bool) -> Server {
    std::fs::create_dir_all(desk.path("data/faces")).unwrap();
    desk.write("data/faces/one.tar", BYTES);
    desk.write("data/other.csv", &"an unsuspicious table of numbers\n1,2,3\n".repeat(4));
    let server = Server::start(desk, "server");
    if reported {
        report(desk, &server);
    }
    desk.run(&["index", "update", "--index", "index", "--server", &server.url, "--trust-on-first-use"]).well();
    server
}

fn report(desk: &Desk, server: &Server) {
    sign(desk, "notice.json", &digest());
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
}

#[test]
fn a_lock_is_written_and_shown_without_server_and_index() {
    let desk = Desk::new();
    drop(indexed(&desk, true));
    let lock = ["lock", "data", "--index", "index", "--no-cache"];
    let said = desk.run(&lock).well();
    assert!(said.contains("2 identifiers locked") && said.contains("it knows something of 1 of them"), "{said}");
    let told = desk.run(&lock).with_code(1);
    assert!(told.contains("is not overwritten"), "{told}");
    let text = desk.read("palinode.lock.json");
    let here = desk.path(".").canonicalize().unwrap();
    assert!(text.contains("faces/one.tar") && !text.contains(here.to_str().unwrap()), "it names no path above the folder");

    let elsewhere = Desk::new();
    elsewhere.write("paper.lock.json", &text);
    let shown = elsewhere.run(&["verify-lock", "paper.lock.json"]).well();
    assert!(shown.contains("REPORTED") && shown.contains(&digest()) && shown.contains("verdicts decided again"), "{shown}");
    let json: Value =
        serde_json::from_str(&elsewhere.run(&["verify-lock", "paper.lock.json", "--format", "json"]).well()).unwrap();
    assert_eq!(json["servers"][0]["findings"][0]["id"], digest());

    let shown = desk.run(&["verify-lock", "palinode.lock.json", "data"]).well();
    assert!(shown.contains("data holds what was locked"), "{shown}");
    desk.write("data/faces/one.tar", &BYTES.replace("never", "NEVER"));
    let ended = desk.run(&["verify-lock", "palinode.lock.json", "data"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stdout.contains("gone faces/one.tar") && ended.stdout.contains("new  faces/one.tar"), "{ended:?}");

    elsewhere.write("changed.lock.json", &text.replace("\"reported\"", "\"superseded\""));
    let told = elsewhere.run(&["verify-lock", "changed.lock.json"]).with_code(4);
    assert!(told.contains("not verified") && told.contains("superseded"), "{told}");
    elsewhere.write("other.json", "{}");
    elsewhere.run(&["verify-lock", "other.json"]).with_code(2);
}

#[test]
fn without_an_index_or_anything_to_look_up_nothing_is_locked() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("data")).unwrap();
    desk.write("data/empty", "");
    desk.run(&["lock", "data", "--index", "index", "--no-cache"]).with_code(3);
    let server = Server::start(&desk, "server");
    desk.run(&["index", "update", "--index", "index", "--server", &server.url, "--trust-on-first-use"]).well();
    desk.run(&["lock", "data", "--index", "index", "--no-cache"]).with_code(5);
    assert!(!desk.path("palinode.lock.json").exists());
}

#[test]
fn a_watcher_is_told_once_of_what_changed_and_hashes_nothing_again() {
    let desk = Desk::new();
    let server = indexed(&desk, false);
    let watch = ["watch", "data", "--index", "index", "--once", "--no-cache", "--exec", "cat > told.json"];
    desk.run_with(&watch, &[("PATH", "/usr/bin:/bin")], "").well();
    assert!(!desk.path("told.json").exists(), "nothing was known, so nothing has changed");
    // The file is not there any more: what is remembered counts.
    std::fs::remove_file(desk.path("data/faces/one.tar")).unwrap();
    report(&desk, &server);
    let fails = [&watch[..watch.len() - 1], &["exit 7"]].concat();
    assert_eq!(desk.run_with(&fails, &[("PATH", "/usr/bin:/bin")], "").code, 1, "a hook that fails is told of");
    desk.run_with(&watch, &[("PATH", "/usr/bin:/bin")], "").well();
    let told: Value = serde_json::from_str(&desk.read("told.json")).unwrap();
    let change = &told["changes"][0];
    assert_eq!((&change["id"], &change["places"][0]), (&digest().into(), &"faces/one.tar".into()));
    assert_eq!((&change["before"]["verdict"], &change["after"]["verdict"]), (&"no-notice".into(), &"reported".into()));
    std::fs::remove_file(desk.path("told.json")).unwrap();
    desk.run_with(&watch, &[("PATH", "/usr/bin:/bin")], "").well();
    assert!(!desk.path("told.json").exists(), "nothing has changed since");
    drop(server);
    assert_eq!(desk.run_with(&watch, &[("PATH", "/usr/bin:/bin")], "").code, 3, "a server that is gone is told of");
}

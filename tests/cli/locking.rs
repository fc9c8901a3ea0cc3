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
    // Six digests of each of two files, and two of each of two folders.
    assert!(said.contains("16 identifiers locked") && said.contains("it knows something of 1 of them"), "{said}");
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
    let gone = format!("gone faces/one.tar  {} and 5 more", digest());
    assert!(ended.stdout.contains(&gone) && ended.stdout.contains("new  faces/one.tar  sha256:"), "{ended:?}");
    let told: Value =
        serde_json::from_str(&desk.run(&["verify-lock", "palinode.lock.json", "data", "--format", "json"]).stdout).unwrap();
    assert_eq!(told["folder"]["gone"].as_array().unwrap().len(), 6 + 4, "the digests of both folders are others, too");

    elsewhere.write("changed.lock.json", &text.replace("\"reported\"", "\"superseded\""));
    let told = elsewhere.run(&["verify-lock", "changed.lock.json"]).with_code(4);
    assert!(told.contains("not verified") && told.contains("superseded"), "{told}");
    elsewhere.write("other.json", "{}");
    elsewhere.run(&["verify-lock", "other.json"]).with_code(2);
}

#[test]
fn a_lock_within_the_folder_holds_every_digest_that_a_later_notice_may_name_and_not_itself() {
    let desk = Desk::new();
    let server = indexed(&desk, false);
    desk.run(&["lock", "data", "--out", "data/palinode.lock.json", "--index", "index", "--no-cache"]).well();
    let shown = desk.run(&["verify-lock", "data/palinode.lock.json", "data"]).well();
    assert!(shown.contains("data holds what was locked"), "{shown}");
    let lock: Value = serde_json::from_str(&desk.read("data/palinode.lock.json")).unwrap();
    let of_the_file: Vec<&str> = lock["inventory"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|sighted| sighted["places"][0] == "faces/one.tar")
        .map(|sighted| sighted["id"].as_str().unwrap().rsplit_once(':').unwrap().0)
        .collect();
    assert_eq!(of_the_file, ["blake3", "md5", "sha1", "sha256", "sha512", "swh:1:cnt"]);
    let fewer = ["lock", "data/other.csv", "--out", "one.lock.json", "--index", "index", "--no-cache", "--digest", "md5"];
    let said = desk.run(&fewer).well();
    assert!(said.contains("1 identifiers locked"), "{said}");
    drop(server);
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

#[test]
fn a_watcher_says_when_notices_name_files_by_a_digest_that_was_not_computed() {
    let desk = Desk::new();
    let server = indexed(&desk, false);
    let watch = ["watch", "data", "--index", "index", "--once", "--no-cache", "--exec", "cat > told.json"];
    let path = [("PATH", "/usr/bin:/bin")];
    desk.run_with(&watch, &path, "").well();
    let md5 = data_encoding::HEXLOWER.encode(&<md5::Md5 as sha2::Digest>::digest(BYTES));
    sign(&desk, "notice.json", &format!("md5:{md5}"));
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
    for is_new in [true, false] {
        let ended = desk.run_with(&watch, &path, "");
        assert!(ended.code == 3 && ended.stderr.contains("by md5, which was not computed"), "{ended:?}");
        assert_eq!(std::fs::remove_file(desk.path("told.json")).is_ok(), is_new, "the hook is told once");
    }
    desk.run_with(&[&watch[..], &["--digest", "sha256"]].concat(), &path, "").well();
    desk.run_with(&[&watch[..], &["--rescan"]].concat(), &path, "").well();
    let told: Value = serde_json::from_str(&desk.read("told.json")).unwrap();
    assert_eq!((&told["changes"][0]["id"], told.get("lacking")), (&format!("md5:{md5}").into(), None));
    let ended = desk.run_with(&watch, &path, "");
    assert_eq!((ended.code, ended.stderr.contains("not computed")), (0, false), "{ended:?}");
}

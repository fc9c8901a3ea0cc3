//! `palinode check`, `notice post` and `peer`, as far as they go without a server.

use crate::palinode::Desk;

/// A port of this machine on which nobody listens.
fn nobody() -> String {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    drop(socket);
    format!("http://{address}/")
}

#[test]
fn a_server_that_cannot_be_reached_ends_with_3_and_is_never_a_good_answer() {
    let desk = Desk::new();
    let message = desk.run(&["check", "doi:10.5281/zenodo.1234567", "--server", &nobody()]).with_code(3);
    assert!(message.contains("no connection") && message.contains("help:"), "{message}");
    let environment = [("PALINODE_SERVER", nobody())];
    let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
    desk.run_with(&["check", "doi:10.5281/zenodo.1234567"], &environment, "").with_code(3);
}

#[test]
fn a_malformed_identifier_ends_with_2_before_anybody_is_asked() {
    let desk = Desk::new();
    let server = nobody();
    let message = desk.run(&["check", "sha256:1234", "doi:10.5281/zenodo.1", "md5:xyz", "--server", &server]).with_code(2);
    assert!(
        message.contains("2 of the identifiers") && message.contains("sha256:1234") && message.contains("md5:xyz"),
        "{message}"
    );
}

#[test]
fn nothing_to_check_ends_with_5() {
    let desk = Desk::new();
    desk.write("empty.txt", "# only a remark\n\n");
    desk.run(&["check"]).with_code(5);
    desk.run(&["check", "--file", "empty.txt"]).with_code(5);
    desk.run_with(&["check", "-"], &[], "\n  \n").with_code(5);
    desk.run(&["check", "--file", "missing.txt"]).with_code(2);
}

#[test]
fn identifiers_are_read_from_a_file_and_from_standard_input() {
    let desk = Desk::new();
    desk.write("ids.txt", "\u{feff}# datasets\r\n  doi:10.5281/zenodo.1 \r\nnot-a-scheme:1\n");
    let message = desk.run(&["check", "--file", "ids.txt"]).with_code(2);
    assert!(message.starts_with("error: 1 of the identifiers") && message.contains("not-a-scheme"), "{message}");
    let message = desk.run_with(&["check", "-", "--file", "ids.txt"], &[], "sha1:12\n").with_code(2);
    assert!(message.contains("2 of the identifiers") && message.contains("sha1:12"), "{message}");
    desk.run_with(&["check", "-", "--server", &nobody()], &[], "doi:10.5281/zenodo.1\n").with_code(3);
}

#[test]
fn what_is_no_address_or_key_ends_with_2() {
    let desk = Desk::new();
    for server in ["ledger.example.org", "ftp://example.org/", "http://ledger.example.org/", "https://user:secret@example.org/"]
    {
        let message = desk.run(&["check", "doi:10.5281/zenodo.1", "--server", server]).with_code(2);
        assert!(!message.contains("secret"), "{message}");
    }
    let check = ["check", "doi:10.5281/zenodo.1", "--server"];
    desk.run(&[&check[..], &[&nobody(), "--proof", "--log-key", "nonsense"]].concat()).with_code(2);
    desk.run(&[&check[..], &[&nobody(), "--log-key", "nonsense"]].concat()).with_code(2);
    desk.run(&[&check[..], &[&nobody(), "--max-age", "1 week"]].concat()).with_code(2);
    desk.run(&[&check[..], &[&nobody(), "--fail-on", "no-notice"]].concat()).with_code(2);
}

#[test]
fn a_post_that_reaches_nobody_ends_with_3_and_keeps_no_receipt() {
    let desk = Desk::new();
    desk.run(&["key", "new", "me.pem"]).well();
    let init = ["publisher", "init", "--id", "did:web:example.org", "--name", "Example", "--key", "me.pem", "--out", "me.json"];
    desk.run(&init).well();
    for command in ["notice", "publisher"] {
        let ended = desk.run(&[command, "post", "me.json", "--server", &nobody(), "--format", "json"]);
        assert_eq!(ended.code, 3, "{ended:?}");
        let told: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!(told["posts"][0]["outcome"], "unreachable");
    }
    assert_eq!(std::fs::read_dir(desk.path(".")).unwrap().count(), 2);
    desk.run(&["notice", "post", "missing.json", "--server", &nobody()]).with_code(2);
    desk.write("bad.json", "{}");
    desk.run(&["notice", "post", "me.json", "bad.json", "--server", &nobody()]).with_code(1);
}

#[test]
fn a_folder_without_data_is_told_apart_from_a_broken_one() {
    let desk = Desk::new();
    let message = desk.run(&["fsck", "--data", "nowhere"]).with_code(3);
    assert!(message.contains("nowhere is not the data folder"), "{message}");
    desk.run(&["peer", "list", "--data", "nowhere"]).with_code(3);
    desk.run(&["peer", "remove", "peer.example.net/log", "--data", "nowhere"]).with_code(3);
    desk.run(&["peer", "add", &nobody(), "--yes", "--data", "nowhere"]).with_code(3);
    assert!(!desk.path("nowhere").exists());
    std::fs::create_dir(desk.path("broken")).unwrap();
    desk.write(
        "broken/palinode.db",
        "This is not a database, and it is long enough for SQLite to look at its first bytes. ".repeat(30).as_str(),
    );
    desk.run(&["fsck", "--data", "broken"]).with_code(4);
}

#[test]
fn keys_of_a_peer_are_given_all_or_none() {
    let desk = Desk::new();
    desk.run(&["peer", "add", "https://peer.example.net/", "--log-key", "x"]).with_code(2);
    desk.run(&["peer", "add", "peer.example.net"]).with_code(2);
    desk.run(&["peer", "add", "http://peer.example.net/"]).with_code(2);
}

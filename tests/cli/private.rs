//! `palinode check --private`: the server learns the first digits and nothing else.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::palinode::Desk;
use crate::serving::{Server, parsed, sign};

fn digest(bytes: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Answers each connection with the next of these, and gives back everything that it was sent.
fn recorder(answers: Vec<(u16, Value)>) -> (String, JoinHandle<Vec<String>>) {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", socket.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let mut heard = Vec::new();
        for (status, answer) in answers {
            let (mut stream, _) = socket.accept().unwrap();
            let mut bytes = Vec::new();
            while !bytes.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                bytes.push(byte[0]);
            }
            heard.push(String::from_utf8(bytes).unwrap());
            let body = answer.to_string();
            let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n");
            write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        }
        heard
    });
    (url, thread)
}

fn range(prefix: &str, digests: &Value) -> Value {
    json!({
        "origin": "ledger.example.org/log", "tree_size": 3, "checkpoint_time": "2026-11-23T12:00:00Z", "trust": "00",
        "algorithm": "sha256", "prefix": prefix, "digests": digests
    })
}

fn too_many(digits: usize) -> Value {
    json!({"type": "urn:palinode:problem:too-many-digests", "title": "Too many", "status": 422, "digits": digits})
}

#[test]
fn a_file_of_a_notice_is_found_by_its_first_digits() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    let (known, other) = (digest("a file that was reported"), digest("another file"));
    sign(&desk, "notice.json", &format!("sha256:{known}"));
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
    let check =
        |id: &str| desk.run(&["check", id, "--private", "--fail-on", "reported", "--server", &server.url, "--format", "json"]);
    let found = check(&format!("sha256:{known}"));
    assert_eq!(found.code, 1, "{found:?}");
    let answer = &parsed(&found.stdout)["answers"][0];
    assert_eq!((&answer["told"], &answer["verdict"]), (&json!(format!("sha256:{}", &known[..4])), &json!("reported")));
    assert_eq!(answer["notices"].as_array().unwrap().len(), 1);
    let nothing = check(&format!("sha256:{other}"));
    assert_eq!((nothing.code, &parsed(&nothing.stdout)["answers"][0]["verdict"]), (0, &json!("no-notice")), "{nothing:?}");
    let told = desk.run(&["check", &format!("sha256:{other}"), "--private", "--server", &server.url]).well();
    assert!(told.contains("no notice known to") && told.contains(&format!("was told sha256:{}", &other[..4])), "{told}");
    assert!(told.contains("blinded"), "what is not found in this way is said: {told}");
}

#[test]
fn no_more_than_the_asked_digits_leave_this_machine() {
    let desk = Desk::new();
    let known = digest("a file");
    let (url, thread) = recorder(vec![
        (422, too_many(5)),
        (200, range(&known[..5], &json!([{"digest": known, "verdict": "retracted", "notices": ["11".repeat(32)]}]))),
    ]);
    let ended = desk.run(&["check", &format!("sha256:{known}"), "--private", "--max-age", "36500d", "--server", &url]);
    assert_eq!(ended.code, 1, "{ended:?}");
    let heard = thread.join().unwrap();
    assert!(heard[0].starts_with(&format!("GET /v1/digests/sha256/{} ", &known[..4])), "{}", heard[0]);
    assert!(heard[1].starts_with(&format!("GET /v1/digests/sha256/{} ", &known[..5])), "{}", heard[1]);
    assert!(heard.iter().all(|request| !request.contains(&known[..6])));
}

#[test]
fn a_server_that_asks_for_the_whole_digest_is_not_told_it() {
    let desk = Desk::new();
    let known = digest("a file");
    let (url, thread) = recorder(vec![(422, too_many(16))]);
    let ended = desk.run(&["check", &format!("sha256:{known}"), "--private", "--server", &url]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(ended.stdout.contains("not looked up") && ended.stdout.contains("local index"), "{ended:?}");
    assert_eq!(thread.join().unwrap().len(), 1);
}

#[test]
fn an_answer_about_another_range_is_no_answer() {
    let desk = Desk::new();
    let (url, thread) = recorder(vec![(200, range("0000", &json!([])))]);
    desk.run(&["check", &format!("sha256:{}", digest("a file")), "--private", "--server", &url]).with_code(3);
    assert_eq!(thread.join().unwrap().len(), 1);
}

#[test]
fn what_everybody_holds_is_asked_of_nobody_and_what_is_no_digest_is_refused() {
    let desk = Desk::new();
    let told = desk.run(&["check", &format!("sha256:{}", digest("")), "--private", "--server", "http://127.0.0.1:9/"]).well();
    assert!(told.contains("nobody was asked"), "{told}");
    for id in ["doi:10.5281/zenodo.1", &digest("a file")] {
        let message = desk.run(&["check", id, "--private", "--server", "http://127.0.0.1:9/"]).with_code(2);
        assert!(message.contains("no digest of a file"), "{message}");
    }
    desk.run(&["check", &format!("sha256:{}", digest("x")), "--private", "--proof"]).with_code(2);
}

//! The museums of bad input, posted to a server: each exhibit is refused for what it shows, and none leaves a trace.

use std::fs;
use std::path::{Path, PathBuf};

use palinode::envelope::PayloadType;
use serde_json::Value;

use super::support::server::TestServer;
use super::support::speakers::Speaker;

fn exhibits(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/museum").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 5);
    files
}

/// The payload of an exhibit: the exact text where the fault lies in that.
fn payload(exhibit: &Value, names: [&str; 2]) -> String {
    let [text, value] = names;
    exhibit.get(text).map_or_else(|| exhibit[value].to_string(), |text| text.as_str().unwrap().to_owned())
}

#[test]
fn bad_envelopes_are_malformed() {
    let server = TestServer::start();
    for path in exhibits("envelopes/bad") {
        let body = fs::read(&path).unwrap();
        for door in ["/v1/notices", "/v1/publishers"] {
            let answer = server.post(door, &body);
            assert_eq!((answer.status, answer.rule().as_str()), (400, "malformed-envelope"), "{}", path.display());
        }
    }
    assert_eq!(server.size(), 0);
}

#[test]
fn every_spelling_of_a_good_envelope_is_read() {
    let server = TestServer::start();
    for path in exhibits("envelopes/good") {
        let answer = server.post("/v1/notices", fs::read(&path).unwrap());
        // Its payload is no notice: what is refused is that, one step later.
        assert_eq!((answer.status, answer.rule().as_str()), (422, "invalid-notice"), "{}", path.display());
    }
    assert_eq!(server.size(), 0);
}

#[test]
fn bad_notices_are_refused_with_every_fault_and_its_pointer() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    for path in exhibits("notices/bad") {
        let exhibit: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        // One is too large even for an entry: no envelope of ours holds it.
        let Ok(signed) = speaker.key.sign_envelope(PayloadType::Notice, payload(&exhibit, ["raw", "notice"]).as_bytes()) else {
            assert!(path.ends_with("raw-too-large.json"));
            continue;
        };
        let body = signed.to_json();
        let answer = server.post("/v1/notices", body);
        assert_eq!((answer.status, answer.rule().as_str()), (422, "invalid-notice"), "{}", path.display());
        let mut expected: Vec<_> = exhibit["expect"]
            .as_array()
            .unwrap()
            .iter()
            .map(|flaw| format!("{} {}", flaw["pointer"].as_str().unwrap(), flaw["rule"].as_str().unwrap()))
            .collect();
        expected.sort();
        assert_eq!(answer.flaws(), expected, "{}", path.display());
    }
    assert_eq!(server.size(), 0);
}

#[test]
fn bad_records_are_refused_with_every_fault_and_its_pointer() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    for path in exhibits("publishers/bad") {
        let exhibit: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let body = speaker.sign(PayloadType::Publisher, payload(&exhibit, ["text", "record"])).to_json();
        let answer = server.post("/v1/publishers", body);
        assert_eq!((answer.status, answer.rule().as_str()), (422, "invalid-record"), "{}", path.display());
        let mut expected: Vec<_> =
            exhibit["flaws"].as_array().unwrap().iter().map(|flaw| flaw.as_str().unwrap().to_owned()).collect();
        expected.sort();
        assert_eq!(answer.flaws(), expected, "{}", path.display());
    }
    assert_eq!(server.size(), 0);
}

//! Lock files: what a copy of a compact list answered, shown years later with nothing but the file.

use palinode::client::lock::{LOCK_SCHEMA, Lock, LockFault, Sighted};
use palinode::verdict::Trust;
use serde_json::{Value, json};

use super::local_index::{ALL, Asker, world};
use super::support::server::{Options, TestServer, noon};
use super::support::speakers::Speaker;

/// A world, and a lock of all that is asked in it.
fn locked(seed: u64, own: Option<Trust>) -> Lock {
    let publisher = Speaker::domain(3, "example.org");
    let pins = vec![publisher.pin(&["doi:10.5281/", "hf:datasets/acme/"])];
    let server = TestServer::with(Options { pins, ..Options::default() });
    let mut ids = world(&server, seed, 30);
    ids.extend(["doi:10.1234/none".to_owned(), "md5:00112233445566778899aabbccddeeff".to_owned()]);
    let asker = Asker::of(&server);
    asker.update(ALL).unwrap();
    let index = asker.index();
    let sighted =
        ids.iter().map(|id| Sighted { id: id.clone(), places: vec!["data".to_owned()], evidence: "bytes-hashed".to_owned() });
    let mut lock = Lock::of(noon(), vec!["sha256".to_owned()], false, sighted.collect());
    let trust = own.unwrap_or_else(|| index.trust().clone());
    let (answer, looked) = index.check_with_evidence(&lock.identifiers(), &trust, noon()).unwrap();
    lock.add(&index, &trust, answer, &looked);
    lock
}

fn changed(lock: &Lock, change: impl FnOnce(&mut Value)) -> Result<(), String> {
    let mut value = serde_json::to_value(lock).unwrap();
    change(&mut value);
    let lock = Lock::parse(value.to_string().as_bytes()).map_err(|error| error.to_string())?;
    lock.verify().map(|_| ()).map_err(|fault: LockFault| fault.to_string())
}

#[test]
fn a_lock_shows_what_was_known_and_has_the_form_of_its_schema() {
    let schema = jsonschema::validator_for(&serde_json::from_str(LOCK_SCHEMA).unwrap()).unwrap();
    for seed in 0..3 {
        let lock = locked(seed, None);
        let text = lock.to_json().unwrap();
        assert!(schema.is_valid(&serde_json::from_str(&text).unwrap()));
        let read = Lock::parse(text.as_bytes()).unwrap();
        let verified = read.verify().unwrap();
        assert_eq!((verified.len(), verified[0].answers.len()), (1, lock.inventory.len()));
        assert!(verified[0].entries > 10 && verified[0].issued == noon());
        assert!(read.servers[0].answers.len() >= 5, "the world is not a dull one");
    }
}

#[test]
fn a_lock_with_own_trust_says_so() {
    let lock = locked(1, Some(Trust::default()));
    assert!(lock.verify().unwrap()[0].own_pins);
    let fault = changed(&lock, |lock| lock["servers"][0]["own_pins"] = json!(false)).unwrap_err();
    assert!(fault.contains("not those that its head names"), "{fault}");
}

/// What somebody does to one server's part of a lock.
type Change = fn(&mut Value);

#[test]
fn whatever_is_changed_in_a_lock_is_noticed() {
    let lock = locked(0, None);
    changed(&lock, |_| {}).unwrap();
    let server = |lock: &mut Value| lock["servers"][0].take();
    let put = |lock: &mut Value, server: Value| lock["servers"][0] = server;
    let changes: [(&str, Change); 8] = [
        ("a verdict", |server| server["answers"][0]["verdict"] = json!("superseded")),
        ("an answer that is left out", |server| drop(server["answers"].as_array_mut().unwrap().remove(0))),
        ("a notice that did not match", |server| server["answers"][0]["notices"] = json!(["ab".repeat(32)])),
        ("an answer about something else", |server| server["answers"][0]["id"] = json!("doi:10.1234/other")),
        ("entries that are left out", |server| server["entries"] = json!([])),
        ("an entry", |server| {
            let text = server["entries"][0]["envelope"].as_str().unwrap().replacen("\"sig\":\"", "\"sig\":\"A", 1);
            server["entries"][0]["envelope"] = json!(text);
        }),
        ("the head", |server| {
            let text = server["head"].as_str().unwrap().replace("\"sig\":\"", "\"sig\":\"A");
            server["head"] = json!(text);
        }),
        ("the trust settings", |server| server["trust"]["lineages"] = json!([])),
    ];
    for (what, change) in changes {
        let outcome = changed(&lock, |lock| {
            let mut one = server(lock);
            change(&mut one);
            put(lock, one);
        });
        assert!(outcome.is_err(), "{what}");
    }
    assert!(changed(&lock, |lock| lock["palinode_lock"] = json!(2)).unwrap_err().contains("version 2"));
    assert!(changed(&lock, |lock| lock["inventory"][0]["id"] = json!("DOI:10.1234/X")).is_err());
    assert!(changed(&lock, |lock| lock["more"] = json!(1)).is_err());
}

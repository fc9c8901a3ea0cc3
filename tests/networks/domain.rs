//! A publisher whose domain speaks for it, on servers that take nobody else: the domain is a host of the network with a certificate of
//! its own, and the server that asks it finds its address by name.
//!
//! One server asks the domain itself. Another one cannot reach it, and believes the first.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::certificates::Authority;
use crate::host::{Host, Site};
use crate::wires::{Wires, name};

/// The server that asks, the domain, and the server that believes the first.
const ASKS: usize = 0;
const DOMAIN: usize = 1;
const BELIEVES: usize = 2;
/// A domain is asked within twenty seconds, and what follows from it travels at once.
const PATIENCE: Duration = Duration::from_mins(1);
const VERIFIED: &str = "[admission]\npolicy = \"verified\"\n";

pub(crate) fn drill() {
    let folder = tempfile::tempdir().expect("a folder");
    let wires = Wires::lay();
    wires.name(ASKS, DOMAIN);
    let authority = Authority::in_folder(folder.path());
    let asks = Host::start(ASKS, &wires, folder.path(), &authority, 0, VERIFIED);
    asks.await_ready();
    let believed = format!("{VERIFIED}{}", peer_table(&asks));
    let believes = Host::start(BELIEVES, &wires, folder.path(), &authority, 0, &believed);
    believes.await_ready();
    asks.adds_peer(&believes);

    let pages = folder.path().join("site");
    fs::create_dir_all(pages.join(".well-known")).expect("a folder");
    let desk = Desk { host: &asks, folder: folder.path().to_owned() };
    let did = format!("did:web:{}", name(DOMAIN));
    desk.publisher("lab", &did, &["--did-document", "site/.well-known/did.json"]);
    desk.publisher("thief", &did, &[]);
    let _site = Site::serve(DOMAIN, &wires, &authority, &pages);

    // Before the domain was asked, nobody speaks for it.
    desk.sign("lab", &did);
    let refused = desk.post_notice("lab").expect_err("nobody knows the issuer");
    assert!(refused.contains("unknown-issuer"), "{refused}");
    desk.run(&["publisher", "post", "lab.json"]);
    let verified = await_that(&asks, || lineages(&asks, &did).into_iter().find(|lineage| lineage["domain_verified"] == true));
    assert_eq!(verified["verified"][0]["method"], "did-document", "{verified}");
    desk.post_notice("lab").expect("taken");

    // Whoever else calls itself so is not named by the domain, which was asked a moment ago and need not be asked again.
    desk.run(&["publisher", "post", "thief.json"]);
    desk.sign("thief", &did);
    let refused = desk.post_notice("thief").expect_err("a key that is not the domain's");
    assert!(refused.contains("bad-signature"), "{refused}");
    assert_eq!(lineages(&asks, &did).len(), 1);

    // The other server has the same, on the first one's word.
    let told =
        await_that(&believes, || lineages(&believes, &did).into_iter().find(|lineage| lineage["domain_verified"] == true));
    assert_eq!(told["verified"][0]["by"], verified["verified"][0]["by"], "{told}");
    let check = format!("v1/check?id=url:https://{}/faces/", name(DOMAIN));
    let verdict = |host: &Host<'_>| host.json(&check).map(|answer| answer["answers"][0]["verdict"].clone());
    let here = verdict(&asks).expect("an answer");
    assert_eq!(here, "retracted");
    await_that(&believes, || verdict(&believes).filter(|there| *there == here));
}

/// How a server names another one that it believes about domains.
fn peer_table(host: &Host<'_>) -> String {
    let server = host.json("v1/server").expect("what a server says of itself");
    let url = format!("https://{}/", crate::wires::address(host.number));
    let fields = ["origin", "log_key", "witness_key", "operator_key"].map(|field| format!("{field} = {}\n", server[field]));
    format!("[[peers]]\nurl = \"{url}\"\nvouch = true\n{}", fields.concat())
}

fn lineages(host: &Host<'_>, did: &str) -> Vec<Value> {
    let publisher = host.json(&format!("v1/publishers/{did}")).unwrap_or_default();
    publisher["lineages"].as_array().cloned().unwrap_or_default()
}

#[track_caller]
fn await_that<T>(host: &Host<'_>, look: impl Fn() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "in vain for {} s; host {}:\n{}", PATIENCE.as_secs(), host.number, host.said());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Where publishers sit: on the host of a server, with the program.
struct Desk<'h, 'w> {
    host: &'h Host<'w>,
    folder: PathBuf,
}

impl Desk<'_, '_> {
    fn run(&self, arguments: &[&str]) {
        self.try_to_run(arguments).unwrap_or_else(|said| panic!("palinode {arguments:?}: {said}"));
    }

    fn try_to_run(&self, arguments: &[&str]) -> Result<(), String> {
        let output = self.host.program().current_dir(&self.folder).args(arguments).output().expect("palinode");
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        if output.status.success() { Ok(()) } else { Err(said) }
    }

    /// Makes a key and record 0.
    fn publisher(&self, who: &str, did: &str, more: &[&str]) {
        let [key, record] = ["pem", "json"].map(|ending| format!("{who}.{ending}"));
        self.run(&["key", "new", &key]);
        let init = ["publisher", "init", "--id", did, "--name", "Example Lab", "--key", &key, "--out", &record];
        self.run(&[&init[..], more].concat());
    }

    /// Signs a retraction of the domain's own dataset.
    fn sign(&self, who: &str, did: &str) {
        let draft = json!({
            "type": "retraction",
            "issuer": {"role": "publisher"},
            "dataset": {"title": "Faces", "publisher_name": "Example Lab"},
            "subjects": [{"id": format!("url:https://{}/faces/", name(DOMAIN)), "role": "whole"}],
            "scope": {"kind": "whole"},
            "reasons": ["consent"],
            "actions": [{"do": "stop-use"}],
            "appeal": format!("https://{}/appeal", name(DOMAIN)),
            "texts": {"texts": [{"language": "en", "statement": "Nobody who is shown in it was ever asked."}]}
        });
        fs::write(self.folder.join("draft.json"), draft.to_string()).expect("written");
        let [key, notice] = ["pem", "notice.json"].map(|ending| format!("{who}.{ending}"));
        self.run(&["notice", "sign", "draft.json", "--issuer", did, "--key", &key, "--out", &notice]);
    }

    /// Posts it; the problem that the server names when it refuses it.
    fn post_notice(&self, who: &str) -> Result<(), String> {
        self.try_to_run(&["notice", "post", &format!("{who}.notice.json")])
    }
}

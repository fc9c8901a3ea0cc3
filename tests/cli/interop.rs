//! Envelopes go between Palinode and others, in both directions, by the scripts of the manual chapter "Signing a notice without
//! Palinode", which are taken from the chapter as they stand and run.
//!
//! Needs `openssl` 3.0 or newer with `sh`, Python with `securesystemslib[crypto]`, `node` 18 or newer, and `chromium`. Python is
//! what the variable `PALINODE_PYTHON` names, else the one of the folder that `.ci/run` makes, `target/interop-venv`, else
//! `python3`. A way whose tool is missing is skipped, and told; with `PALINODE_REQUIRE_TOOLS` set it fails.

mod browser;
mod ways;

use data_encoding::BASE64;
use palinode::envelope::Envelope;
use palinode::tlog::Hash;
use serde_json::{Value, json};

use crate::client::request;
use crate::palinode::Desk;
use crate::serving::Server;
use ways::Way;

/// A desk with the scripts of the chapter, a key of ours in `key.pem` and `public.pem`, and somebody else's in `other.pem`.
fn desk() -> Desk {
    let desk = Desk::new();
    ways::write_scripts(&desk);
    desk.run(&["key", "new", "key.pem"]).well();
    desk.run(&["key", "new", "other-key.pem"]).well();
    for (private, public) in [("key.pem", "public.pem"), ("other-key.pem", "other.pem")] {
        desk.write(public, &desk.run(&["key", "show", private]).well());
    }
    desk
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn did(desk: &Desk) -> String {
    parsed(&desk.run(&["key", "show", "key.pem", "--format", "json"]).well())["did"].as_str().unwrap().to_owned()
}

/// A notice by the desk's key in `notice.json`, written as nobody of ours writes it: with lines that end as on Windows, letters of
/// several scripts, characters that HTML escapes, and longer than what fits in one line or buffer of a tool.
fn write_notice(desk: &Desk) -> Vec<u8> {
    let digest = |n: u8| Hash::leaf(&[n]).to_string();
    let files: Vec<_> = (0..100).map(|n| json!({"id": format!("sha256:{}", digest(n)), "role": "file"})).collect();
    let notice = json!({
        "type": "retraction",
        "issuer": {"id": did(desk), "role": "observer"},
        "issued": "2026-01-15T10:00:00Z",
        "dataset": {"title": "Köpfe & <Visages> 肖像", "aliases": [], "publisher_name": "Example Vision Lab"},
        "subjects": files,
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "fault": "people-harm",
        "actions": [{"do": "stop-use"}],
        "license": "CC0-1.0"
    });
    let text = serde_json::to_string_pretty(&notice).unwrap().replace('\n', "\r\n") + "\r\n\n";
    desk.write("notice.json", &text);
    text.into_bytes()
}

/// What is signed there is a notice for us and for a server, is logged in the one spelling, and comes back as it went.
fn signed_is_logged_and_comes_back(way: Option<Way>) {
    let Some(way) = way else { return };
    let desk = desk();
    let notice = write_notice(&desk);
    assert_eq!(way.sign(&desk), did(&desk), "the same identity comes out of the same key");

    desk.run(&["notice", "verify", "notice.dsse.json"]).well();
    let server = Server::start(&desk, "data");
    let post = ["notice", "post", "notice.dsse.json", "--server", &server.url, "--format", "json"];
    let posted = parsed(&desk.run(&post).well())["posts"][0].clone();
    assert_eq!((&posted["outcome"], &posted["index"]), (&json!("appended"), &json!(0)), "{posted}");

    let address = server.url.strip_prefix("http://").unwrap().trim_end_matches('/').parse().unwrap();
    let path = format!("/v1/notices/{}/envelope", posted["id"].as_str().unwrap());
    let answer = request(address, "GET", &path, &[], &[]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let entry = Envelope::parse_canonical(&answer.body).expect("an entry in the one spelling");
    assert_eq!(entry.payload(), notice);
    let sent = Envelope::parse(desk.read("notice.dsse.json").as_bytes()).unwrap();
    assert_eq!(entry.signature(), sent.signature());
    desk.write("entry.json", &answer.text());
    assert_eq!(way.verify(&desk, &[("public.pem", "entry.json")]), [Ok(notice)]);
}

/// What `palinode notice sign` writes, with its texts beside it, verifies there; nothing does that differs from it.
fn signed_by_us_verifies_and_nothing_else(way: Option<Way>) {
    let Some(way) = way else { return };
    let desk = desk();
    let draft = json!({
        "type": "retraction",
        "issuer": {"role": "observer"},
        "dataset": {"title": "Köpfe & <Visages> 肖像", "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": "doi:10.5281/zenodo.1234567", "role": "whole"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "stop-use"}],
        "texts": {"texts": [{"language": "en", "statement": "The people in the pictures were never asked for consent."}]}
    });
    desk.write("draft.json", &draft.to_string());
    desk.run(&["notice", "sign", "draft.json", "--key", "key.pem", "--out", "ours.json"]).well();
    let ours = parsed(&desk.read("ours.json"));
    let payload = BASE64.decode(ours["envelope"]["payload"].as_str().unwrap().as_bytes()).unwrap();

    let write = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut changed = ours.clone();
        change(&mut changed["envelope"]);
        assert_ne!(changed, ours, "{name} differs");
        desk.write(name, &changed.to_string());
    };
    write("payload.json", &|envelope| {
        let other = String::from_utf8(payload.clone()).unwrap().replace("zenodo.1234567", "zenodo.1234568");
        envelope["payload"] = json!(BASE64.encode(other.as_bytes()));
    });
    write("type.json", &|envelope| envelope["payloadType"] = json!("application/vnd.palinode.publisher.v1+json"));
    write("signature.json", &|envelope| {
        let mut other = BASE64.decode(envelope["signatures"][0]["sig"].as_str().unwrap().as_bytes()).unwrap();
        other[0] ^= 1;
        envelope["signatures"][0]["sig"] = json!(BASE64.encode(&other));
    });
    // The same key does sign other things; as what they are they are no notices, and renamed they are not what was signed.
    let init = ["publisher", "init", "--id", &did(&desk), "--name", "Me", "--key", "key.pem", "--out", "record.json"];
    desk.run(&init).well();
    let mut renamed = parsed(&desk.read("record.json"));
    renamed["payloadType"] = ours["envelope"]["payloadType"].clone();
    desk.write("renamed.json", &renamed.to_string());

    let refused = ["payload.json", "type.json", "signature.json", "record.json", "renamed.json"].map(|f| ("public.pem", f));
    let asked = [&[("public.pem", "ours.json")][..], &refused, &[("other.pem", "ours.json")]].concat();
    let answers = way.verify(&desk, &asked);
    assert_eq!(answers.len(), 7);
    assert_eq!(answers[0], Ok(payload));
    for (asked, answer) in asked.iter().zip(&answers).skip(1) {
        let Err(told) = answer else { panic!("{asked:?} is not refused") };
        assert!(told.contains("not verified"), "{asked:?} is refused for what it is: {told}");
    }
}

#[test]
fn what_openssl_signs_is_logged_and_comes_back() {
    signed_is_logged_and_comes_back(ways::shell());
}

#[test]
fn what_securesystemslib_signs_is_logged_and_comes_back() {
    signed_is_logged_and_comes_back(ways::python());
}

#[test]
fn what_node_signs_is_logged_and_comes_back() {
    signed_is_logged_and_comes_back(ways::node());
}

#[test]
fn what_a_browser_signs_is_logged_and_comes_back() {
    signed_is_logged_and_comes_back(ways::page());
}

#[test]
fn what_we_sign_verifies_with_openssl_and_nothing_else_does() {
    signed_by_us_verifies_and_nothing_else(ways::shell());
}

#[test]
fn what_we_sign_verifies_with_securesystemslib_and_nothing_else_does() {
    signed_by_us_verifies_and_nothing_else(ways::python());
}

#[test]
fn what_we_sign_verifies_with_node_and_nothing_else_does() {
    signed_by_us_verifies_and_nothing_else(ways::node());
}

#[test]
fn what_we_sign_verifies_in_a_browser_and_nothing_else_does() {
    signed_by_us_verifies_and_nothing_else(ways::page());
}

#[test]
fn what_one_way_signs_the_others_verify_and_all_sign_the_same() {
    let ways: Vec<Way> = [ways::shell(), ways::python(), ways::node(), ways::page()].into_iter().flatten().collect();
    let desk = desk();
    let notice = write_notice(&desk);
    let mut signed = Vec::new();
    for (n, way) in ways.iter().enumerate() {
        way.sign(&desk);
        let name = format!("{n}.dsse.json");
        std::fs::rename(desk.path("notice.dsse.json"), desk.path(&name)).unwrap();
        signed.push(name);
    }
    // Ed25519 is deterministic and the key has one name, so that the envelopes differ in white space at most.
    let values: Vec<_> = signed.iter().map(|name| parsed(&desk.read(name))).collect();
    assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
    let asked: Vec<_> = signed.iter().map(|name| ("public.pem", name.as_str())).collect();
    for way in &ways {
        assert_eq!(way.verify(&desk, &asked), vec![Ok(notice.clone()); asked.len()], "{way:?}");
    }
}

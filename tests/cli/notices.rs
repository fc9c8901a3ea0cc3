//! `palinode notice`: from a draft to a signed notice that anybody can check.

use palinode::envelope::Envelope;
use palinode::notice::{Notice, NoticeType};
use serde_json::{Value, json};

use crate::palinode::Desk;

const SIGN: [&str; 7] = ["notice", "sign", "draft.json", "--key", "me.pem", "--out", "notice.json"];

fn draft() -> Value {
    json!({
        "type": "retraction",
        "issuer": {"role": "observer"},
        "dataset": {"title": "Example Faces 1M", "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": "https://huggingface.co/datasets/Example/Faces", "role": "mirror"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "stop-use"}],
        "texts": {"texts": [{"language": "en", "statement": "The people in the pictures were never asked for consent."}]}
    })
}

/// A desk with a key and a draft.
fn desk_with(draft: &Value) -> Desk {
    let desk = Desk::new();
    desk.run(&["key", "new", "me.pem"]).well();
    desk.write("draft.json", &draft.to_string());
    desk
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_draft_is_signed_shown_and_verified_without_any_server() {
    let desk = desk_with(&draft());
    let preview = desk.run(&SIGN).well();
    assert!(preview.contains("RETRACTION of Example Faces 1M"), "{preview}");
    assert!(preview.contains("subject     hf:datasets/example/faces (mirror)"), "{preview}");
    assert!(preview.contains("palinode notice post notice.json"), "{preview}");

    let shown = desk.run(&["notice", "show", "notice.json"]).well();
    assert!(shown.contains("never asked for consent") && shown.contains("signature   not checked"), "{shown}");

    let verified = parsed(&desk.run(&["notice", "verify", "notice.json", "--format", "json"]).well());
    let shown = parsed(&desk.run(&["notice", "show", "notice.json", "--format", "json"]).well());
    assert_eq!(verified["id"], shown["id"]);
    assert_eq!(verified["texts"], "here, and the ones that were signed");
    assert_eq!(shown["notice"]["subjects"][0]["display"], "https://huggingface.co/datasets/Example/Faces");
}

#[test]
fn what_is_written_is_the_body_of_a_post() {
    let desk = desk_with(&draft());
    desk.run(&SIGN).well();
    let body = parsed(&desk.read("notice.json"));
    let envelope = Envelope::parse(body["envelope"].to_string().as_bytes()).unwrap();
    let notice = Notice::parse(envelope.payload()).unwrap();
    let document = data_encoding::BASE64.decode(body["documents"][0].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(notice.texts, Some(palinode::notice::DocumentHash::of(&document)));
    assert_eq!(body["documents"].as_array().unwrap().len(), 1);
}

#[test]
fn a_bare_envelope_is_read_from_standard_input() {
    let desk = desk_with(&draft());
    desk.run(&SIGN).well();
    let envelope = parsed(&desk.read("notice.json"))["envelope"].to_string();
    let ended = desk.run_with(&["notice", "verify", "-"], &[], &envelope);
    assert!(ended.well().contains("texts       named, not here"));
}

#[test]
fn every_fault_of_a_draft_is_named_once_and_nothing_is_written() {
    let mut bad = draft();
    bad["type"] = json!("retractoin");
    bad["subjects"][0]["id"] = json!("sha256:1234");
    let desk = desk_with(&bad);
    let message = desk.run(&SIGN).with_code(1);
    for fault in ["/type:", "/subjects/0/id:"] {
        assert_eq!(message.matches(fault).count(), 1, "{message}");
    }
    assert!(!desk.path("notice.json").exists());
}

#[test]
fn what_every_server_would_refuse_is_refused_here() {
    let mut bad = draft();
    bad["subjects"] = json!([{"id": "md5:d41d8cd98f00b204e9800998ecf8427e", "role": "file"}]);
    let desk = desk_with(&bad);
    let message = desk.run(&SIGN).with_code(1);
    assert!(message.contains("trivial-digest") && !desk.path("notice.json").exists(), "{message}");
}

#[test]
fn every_template_must_be_filled_in_before_it_can_be_signed() {
    let id = "0123456789abcdef".repeat(4);
    let desk = desk_with(&draft());
    for kind in NoticeType::ALL {
        let template = desk.run(&["notice", "draft", kind.as_str()]).well();
        assert_eq!(parsed(&template)["type"], kind.as_str());
        desk.write("draft.json", &template);
        let message = desk.run(&SIGN).with_code(1);
        assert!(message.contains("placeholder-left"), "{kind}: {message}");
    }
    for (flag, kind) in
        [("--revokes", "revocation"), ("--reinstates", "reinstatement"), ("--disputes", "response"), ("--amends", "retraction")]
    {
        let template = parsed(&desk.run(&["notice", "draft", flag, &id]).well());
        assert_eq!((&template["type"], &template["prior"][0]["notice"]), (&json!(kind), &json!(id)));
    }
    desk.run(&["notice", "draft", "--revokes", &id, "--disputes", &id]).with_code(2);
    desk.run(&["notice", "draft", "--revokes", "1234"]).with_code(2);
    desk.run(&["notice", "draft", "--out", "new.json"]).well();
    desk.run(&["notice", "draft", "--out", "new.json"]).with_code(1);
}

#[test]
fn a_changed_notice_or_text_is_not_verified() {
    let desk = desk_with(&draft());
    desk.run(&SIGN).well();
    let body = parsed(&desk.read("notice.json"));

    let mut other = body.clone();
    let payload = data_encoding::BASE64.decode(body["envelope"]["payload"].as_str().unwrap().as_bytes()).unwrap();
    let payload = String::from_utf8(payload).unwrap().replace("Faces 1M", "Faces 2M");
    other["envelope"]["payload"] = json!(data_encoding::BASE64.encode(payload.as_bytes()));
    desk.write("other.json", &other.to_string());
    let message = desk.run(&["notice", "verify", "other.json"]).with_code(1);
    assert!(message.contains("not verified"), "{message}");

    let mut other = body;
    other["documents"][0] = json!(data_encoding::BASE64.encode(b"{}"));
    desk.write("texts.json", &other.to_string());
    let message = desk.run(&["notice", "verify", "texts.json"]).with_code(1);
    assert!(message.contains("does not name the document"), "{message}");
}

#[test]
fn a_notice_by_a_domain_needs_the_publisher_to_be_told() {
    let desk = desk_with(&draft());
    desk.run(&[&SIGN[..], &["--issuer", "did:web:example.org"]].concat()).well();
    let message = desk.run(&["notice", "verify", "notice.json"]).with_code(2);
    assert!(message.contains("which keys speak for did:web:example.org"), "{message}");

    let init = ["publisher", "init", "--name", "Example", "--key", "me.pem"];
    desk.run(&[&init[..], &["--id", "did:web:example.org", "--out", "me.json", "--pin", "me.pin.json"]].concat()).well();
    desk.run(&[&init[..], &["--id", "did:web:example.net", "--out", "net.json"]].concat()).well();
    for publisher in ["me.json", "me.pin.json"] {
        desk.run(&["notice", "verify", "notice.json", "--publisher", publisher]).well();
    }
    let message = desk.run(&["notice", "verify", "notice.json", "--publisher", "net.json"]).with_code(1);
    assert!(message.contains("is about did:web:example.net"), "{message}");

    let key = parsed(&desk.run(&["key", "show", "me.pem", "--format", "json"]).well());
    desk.run(&["notice", "verify", "notice.json", "--key", key["public_key"].as_str().unwrap()]).well();
    desk.run(&["key", "new", "other.pem"]).well();
    let other = parsed(&desk.run(&["key", "show", "other.pem", "--format", "json"]).well());
    desk.run(&["notice", "verify", "notice.json", "--key", other["hex"].as_str().unwrap()]).with_code(1);
}

#[test]
fn a_did_key_signs_for_itself_only() {
    let desk = desk_with(&draft());
    desk.run(&["key", "new", "other.pem"]).well();
    let other = parsed(&desk.run(&["key", "show", "other.pem", "--format", "json"]).well());
    let message = desk.run(&[&SIGN[..], &["--issuer", other["did"].as_str().unwrap()]].concat()).with_code(1);
    assert!(message.contains("the key is not that of"), "{message}");
}

#[test]
fn what_is_no_signed_notice_is_refused() {
    let desk = desk_with(&draft());
    for (text, code) in [("", 1), ("{}", 1), ("[1]", 1), ("{\"envelope\": {}, \"extra\": 1}", 1), ("{\"a\": 1, \"a\": 1}", 1)] {
        desk.write("bad.json", text);
        desk.run(&["notice", "show", "bad.json"]).with_code(code);
    }
    desk.run(&["notice", "show", "missing.json"]).with_code(2);
    desk.run(&["publisher", "init", "--id", "did:web:example.org", "--name", "X", "--key", "me.pem", "--out", "r.json"]).well();
    let message = desk.run(&["notice", "show", "r.json"]).with_code(1);
    assert!(message.contains("not a notice"), "{message}");
}

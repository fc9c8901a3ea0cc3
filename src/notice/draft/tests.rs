use serde_json::json;

use super::super::{Fault, Identifier, NoticeError};
use super::*;

fn draft() -> serde_json::Value {
    json!({
        "type": "retraction",
        "issuer": {"role": "publisher"},
        "dataset": {"title": "Example Faces 1M", "publisher_name": "Example Vision Lab"},
        "subjects": [
            {"id": "https://doi.org/10.5281/ZENODO.1234567", "role": "whole"},
            {"id": "doi:10.5281/zenodo.7654321", "role": "mirror"}
        ],
        "scope": {"kind": "whole"},
        "reasons": ["consent", "privacy"],
        "actions": [{"do": "delete"}],
        "texts": {"texts": [{"language": "en", "statement": "The faces were taken without consent."}]},
        "appeal": "https://example.org/appeal"
    })
}

fn parse(draft: &serde_json::Value) -> Result<Draft, DraftError> {
    Draft::parse(draft.to_string().as_bytes())
}

fn flaws_of(draft: &serde_json::Value) -> Vec<(String, &'static str)> {
    match parse(draft) {
        Err(DraftError::Form(flaws)) => flaws.into_vec().into_iter().map(|f| (f.pointer.to_string(), f.rule)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sensitive_draft_keeps_nothing_of_a_plain_digest() {
    let (file, part) = ("6C".repeat(32), "88813c6b15de58afc8fa75ea83361d7f");
    let mut draft = draft();
    draft["type"] = json!("partial-retraction");
    draft["sensitive"] = json!(true);
    draft["subjects"] = json!([
        {"id": "name:Hidden Images", "role": "whole"},
        {"id": format!("sha256: {file}"), "role": "file", "display": format!("SHA256:{file}")}
    ]);
    draft["scope"] = json!({"kind": "files", "affected": [format!("md5:{part}")]});
    let completed = parse(&draft).expect("a draft").complete(&issuer(), time(), [7; 32]).expect("a notice");
    let payload = String::from_utf8(completed.payload).expect("text").to_lowercase();
    assert!(!payload.contains(&file.to_lowercase()) && !payload.contains(part), "{payload}");
    let hidden = |plain: String| Identifier::normalise(&plain).expect("a digest").blinded().expect("blinded");
    assert_eq!(completed.notice.subjects[1].id, hidden(format!("sha256:{file}")));
    assert!(payload.contains(hidden(format!("md5:{part}")).as_str()));
}

fn issuer() -> Did {
    Did::parse("did:web:example.org").expect("a DID")
}

fn time() -> Timestamp {
    Timestamp::parse("2026-11-23T10:00:00Z").expect("a time")
}

#[test]
fn a_draft_becomes_the_payload_in_the_order_of_the_protocol() {
    let completed = parse(&draft()).expect("a draft").complete(&issuer(), time(), [7; 32]).expect("a notice");
    let document = completed.texts.expect("texts");
    let expected = format!(
        concat!(
            r#"{{"type":"retraction","issuer":{{"id":"did:web:example.org","role":"publisher"}},"issued":"2026-11-23T10:00:00Z","#,
            r#""dataset":{{"title":"Example Faces 1M","publisher_name":"Example Vision Lab"}},"subjects":["#,
            r#"{{"id":"doi:10.5281/zenodo.1234567","role":"whole","display":"https://doi.org/10.5281/ZENODO.1234567"}},"#,
            r#"{{"id":"doi:10.5281/zenodo.7654321","role":"mirror"}}],"scope":{{"kind":"whole"}},"#,
            r#""reasons":["consent","privacy"],"fault":"people-harm","actions":[{{"do":"delete"}}],"#,
            r#""texts":{{"sha256":"{}"}},"appeal":"https://example.org/appeal","license":"CC0-1.0"}}"#
        ),
        DocumentHash::of(&document)
    );
    assert_eq!(String::from_utf8(completed.payload.clone()).expect("UTF-8"), expected);
    assert_eq!(Notice::parse(&completed.payload), Ok(completed.notice));
    assert_eq!(Texts::parse(&document).expect("valid").salt, [7; 32]);
}

#[test]
fn what_the_draft_names_itself_is_kept_and_another_signer_is_refused() {
    let mut named = draft();
    named["issuer"]["id"] = json!("did:web:other.example");
    named["issued"] = json!("2020-01-01T00:00:00Z");
    named["fault"] = json!("rights");
    let draft = parse(&named).expect("a draft");
    assert_eq!(draft.issuer().map(Did::as_str), Some("did:web:other.example"));
    let other = Did::parse("did:web:other.example").expect("a DID");
    let completed = draft.clone().complete(&other, time(), [0; 32]).expect("a notice");
    assert_eq!(
        (completed.notice.issued.to_string().as_str(), completed.notice.fault),
        ("2020-01-01T00:00:00Z", Some(Fault::Rights))
    );
    assert!(matches!(draft.complete(&issuer(), time(), [0; 32]), Err(DraftError::IssuerDiffers { .. })));
}

#[test]
fn all_faults_of_a_draft_come_together_with_pointers_into_it() {
    let mut faulty = draft();
    faulty["reasons"] = json!(["nonsense"]);
    faulty["subjects"][1]["id"] = json!("not an identifier");
    faulty["texts"]["texts"][0]["statement"] = json!("short");
    faulty["texts"]["salt"] = json!("x");
    faulty["appeal"] = json!("<where to object>");
    let expected = [
        ("/appeal", "placeholder-left"),
        ("/texts/texts/0/statement", "statement-too-short"),
        ("/texts/salt", "unknown-field"),
        ("/subjects/1/id", "invalid-identifier"),
        ("/reasons/0", "unknown-code"),
    ];
    assert_eq!(flaws_of(&faulty), expected.map(|(at, rule)| (at.to_owned(), rule)));
}

#[test]
fn illegal_content_asks_for_deletion_by_default_and_other_reasons_do_not() {
    let mut illegal = draft();
    illegal.as_object_mut().expect("an object").remove("actions");
    illegal["reasons"] = json!(["copyright", "illegal-content"]);
    let completed = parse(&illegal).expect("a draft").complete(&issuer(), time(), [0; 32]).expect("a notice");
    assert_eq!(completed.notice.actions[0].verb, super::super::ActionVerb::Delete);
    assert_eq!(completed.notice.fault, Some(Fault::Rights), "the first reason decides");
    illegal["reasons"] = json!(["copyright"]);
    assert_eq!(flaws_of(&illegal), [("/actions".to_owned(), "missing-field")]);
}

#[test]
fn a_draft_without_texts_is_for_those_who_need_none() {
    let mut silent = draft();
    silent.as_object_mut().expect("an object").remove("texts");
    assert_eq!(flaws_of(&silent), [("/texts".to_owned(), "texts-required")]);
    silent["issuer"]["role"] = json!("observer");
    let completed = parse(&silent).expect("a draft").complete(&issuer(), time(), [0; 32]).expect("a notice");
    assert_eq!((completed.texts, completed.notice.texts), (None, None));
}

#[test]
fn a_draft_that_completes_to_too_many_bytes_is_refused() {
    let mut large = draft();
    let ids: Vec<_> = (0..300)
        .map(|n| json!({"id": format!("url:https://example.org/{n:03}/{}", "x".repeat(180)), "role": "file"}))
        .collect();
    large["subjects"] = json!(ids);
    let error = parse(&large).expect("a draft").complete(&issuer(), time(), [0; 32]).expect_err("too large");
    assert!(matches!(error, DraftError::Completed(NoticeError::TooLarge { .. })), "{error}");
    let size = MAX_DRAFT + 1;
    assert_eq!(Draft::parse(&vec![b' '; size]).expect_err("too large"), DraftError::TooLarge { size });
}

proptest::proptest! {
    #[test]
    fn no_json_makes_the_reader_panic(field in "[a-z]{1,8}", text in "[ -~<>é]{0,20}") {
        let mut odd = draft();
        odd[&field] = json!(text);
        let _ = parse(&odd);
        let _ = parse(&json!({"subjects": {&field: text}, "scope": [text], "issuer": text}));
    }
}

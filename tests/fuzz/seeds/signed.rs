//! What is signed: exhibits of the museums, and envelopes, bodies and statements of the keys that the decoders know.

use palinode::envelope::{DomainMethod, LineageId, LogRoot, OperatorStatement, PayloadType, PinFile, RemovalBasis, Statement};
use palinode::notice::{Did, DocumentHash, Timestamp};
use serde_json::json;

use super::super::decoders::ORIGIN;
use super::super::support::speakers::{Speaker, texts, with_documents};
use super::{files, put, value};

/// What the museums show.
pub(super) fn signed_json() {
    for (name, bytes) in files("tests/fixtures/museum/notices/good") {
        put("notice", &format!("good-{name}"), value(&bytes).to_string());
    }
    for (n, (name, bytes)) in files("tests/fixtures/museum/notices/bad").into_iter().enumerate() {
        let exhibit = value(&bytes);
        match exhibit.get("raw") {
            Some(raw) => {
                put("strict_json", &name, raw.as_str().unwrap());
                put("notice", &format!("bad-{name}"), raw.as_str().unwrap());
            }
            None if n % 16 == 0 => put("notice", &format!("bad-{name}"), exhibit["notice"].to_string()),
            None => {}
        }
    }
    for kind in ["good", "bad"] {
        for (n, (name, bytes)) in files(&format!("tests/fixtures/museum/publishers/{kind}")).into_iter().enumerate() {
            let record = value(&bytes);
            let record = if kind == "good" { &record } else { &record["record"] };
            if record.is_object() && (kind == "good" || n % 6 == 0) {
                put("publisher_record", &format!("{kind}-{name}"), record.to_string());
            }
        }
        for (name, bytes) in files(&format!("tests/fixtures/museum/envelopes/{kind}")) {
            put("envelope", &format!("{kind}-{name}"), &bytes);
        }
    }
    for (name, bytes) in files("src/demo/story") {
        put("draft", &name, bytes);
    }
    put(
        "draft",
        "least",
        json!({
            "type": "retraction", "issuer": {"role": "observer"}, "dataset": {"title": "Example", "publisher_name": "Lab"},
            "subjects": [{"id": "https://doi.org/10.5281/Zenodo.1", "role": "whole"}], "scope": {"kind": "whole"},
            "reasons": ["consent"], "actions": [{"do": "delete"}]
        })
        .to_string(),
    );
}

/// Envelopes, bodies and statements of the keys that the decoders know.
pub(super) fn small_json() {
    let (key, domain) = (Speaker::key(1), Speaker::domain(2, "example.org"));
    let document = texts("Nobody who is shown in it was ever asked.");
    let notice = key.notice(&key.report("doi:10.5281/zenodo.1"));
    let record = domain.record(&domain.first_record());
    let retraction = domain.notice(&domain.retraction("doi:10.5281/zenodo.2", &document));
    for (name, envelope) in [("notice", &notice), ("record", &record), ("retraction", &retraction)] {
        put("envelope", &format!("signed-{name}"), envelope);
        put("submission", &format!("bare-{name}"), envelope);
    }
    put("submission", "with-texts", with_documents(&retraction, &[&document]));
    put("submission", "without-documents", with_documents(&notice, &[]));
    put("submission", "with-two-documents", with_documents(&retraction, &[&document, b"more"]));
    put("submission", "unknown-member", format!(r#"{{"envelope":{notice},"documents":[],"more":1}}"#));
    put("texts", "one-language", &document);
    put("texts", "every-field", json!({
        "salt": data_encoding::BASE64.encode(&[9; 32]),
        "texts": [
            {"language": "en", "statement": "Nobody who is shown in it was ever asked.", "mitigation": "Stop.", "afterlife": "Gone."},
            {"language": "pt-BR", "statement": "Ninguém que aparece nele foi perguntado.\nNunca."}
        ],
        "references": [{"type": "article", "url": "https://news.example/faces"}, {"type": "order", "url": "http://court.example/1"}]
    }).to_string());
    put("texts", "short", r#"{"salt":"","texts":[{"language":"en","statement":"no"}]}"#);
    let pin = domain.pin(&["url:https://example.org/", "doi:10.5281/"]);
    put("pin_file", "two-prefixes", pin.to_json());
    let noted = PinFile::new(key.sign(PayloadType::Publisher, key.first_record().to_string()), &[], Some("a note")).unwrap();
    put("pin_file", "of-a-key-with-a-note", noted.to_json());
    put("pin_file", "without-prefixes", json!({"record": value(record.as_bytes())}).to_string());
    let lineage = LineageId { did: Did::parse(&domain.did).unwrap(), record0: Some(pin.record().signed().payload_id()) };
    let (removed, root) = (DocumentHash::of(&document), LogRoot::from_bytes([171; 32]));
    for (name, statement) in [
        ("domain-verified", Statement::DomainVerified { lineage, method: DomainMethod::DidDocument }),
        (
            "document-removed",
            Statement::DocumentRemoved {
                document: removed,
                basis: RemovalBasis::LegalOrder,
                jurisdiction: Some("US-CA".into()),
                reference: Some("12/34".into()),
            },
        ),
        (
            "document-removed-briefly",
            Statement::DocumentRemoved { document: removed, basis: RemovalBasis::Policy, jurisdiction: None, reference: None },
        ),
        ("log-succeeds", Statement::LogSucceeds { origin: "old.example/log".into(), size: 9, root, keys: None }),
    ] {
        let issued = Timestamp::parse("2026-11-23T10:00:00Z").unwrap();
        put("operator_statement", name, OperatorStatement::write(ORIGIN, issued, &statement).unwrap());
    }
    for (name, text) in [
        ("plain", r#" {"b":[1,true,null,-0],"a":"x\u00e9"} "#),
        ("escapes", r#"{"a\/b":"\ud83d\ude00\"\\\b\f\n\r\t"}"#),
        ("nested", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"),
        ("deeper", "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"),
        ("largest", "9007199254740991"),
        ("false", "[false,0,\"\",{}]"),
        ("mark", "\u{feff}{}"),
        ("exponent", "1E2"),
        ("duplicate-null", r#"{"":1,"":2}"#),
    ] {
        put("strict_json", name, text);
    }
    for (name, text) in [
        ("two", r#"{"ids":["doi:10.5281/zenodo.1","Example Faces 1M"]}"#),
        ("none", r#"{"ids":[]}"#),
        ("other", r#"{"id":["a"]}"#),
        ("in-an-array", r#"[["doi:10.5281/zenodo.1"]]"#),
        ("twice", r#"{"ids":[],"ids":[]}"#),
        ("number", r#"{"ids":[1]}"#),
    ] {
        put("check_question", name, text);
    }
}

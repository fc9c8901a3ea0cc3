//! The museum of good and bad notices under `tests/fixtures/museum/notices`, and what every reader must make of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{FormRule, NOTICE_SCHEMA, Notice, NoticeError, NoticeType};

/// A sound observer's retraction with `changes` laid over its fields; `null` takes a field away.
pub(super) fn notice_with(changes: &Value) -> Notice {
    let mut notice = json!({
        "type": "retraction",
        "issuer": {"id": "did:web:example.org", "role": "observer"},
        "issued": "2026-11-23T10:00:00Z",
        "dataset": {"title": "Example Faces", "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": "doi:10.5281/zenodo.1234567", "role": "whole"}],
        "scope": {"kind": "whole"},
        "reasons": ["privacy"],
        "fault": "people-harm",
        "actions": [{"do": "delete"}],
        "license": "CC0-1.0"
    });
    for (name, change) in changes.as_object().expect("an object") {
        notice[name] = change.clone();
    }
    notice.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    Notice::parse(notice.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {notice}"))
}

fn cases(wing: &str) -> Vec<(String, String)> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/museum/notices").join(wing);
    let mut cases: Vec<(String, String)> = std::fs::read_dir(&folder)
        .expect("the museum")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("readable"))
        })
        .collect();
    cases.sort();
    cases
}

/// A bad case: what is wrong, where, and whether the schema can see it.
struct BadCase {
    name: String,
    expected: BTreeSet<(String, String)>,
    schema_sees_it: bool,
    /// The bytes that are refused.
    payload: String,
    /// The notice, where it is JSON at all.
    notice: Option<Value>,
}

fn bad_cases() -> Vec<BadCase> {
    let read = |(name, text): (String, String)| {
        let case: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(case["why"].as_str().is_some_and(|why| !why.is_empty()), "{name} says why");
        let expected = case["expect"].as_array().expect("a list").iter();
        let word = |value: &Value| value.as_str().expect("a string").to_owned();
        let expected = expected.map(|flaw| (word(&flaw["pointer"]), word(&flaw["rule"]))).collect();
        let schema_sees_it = case["schema_sees_it"].as_bool().expect("a boolean");
        let notice = case.get("notice").cloned();
        let payload = match (&notice, case.get("raw")) {
            (Some(notice), None) => notice.to_string(),
            (None, Some(raw)) => word(raw),
            _ => panic!("{name} has either a notice or raw text"),
        };
        BadCase { name, expected, schema_sees_it, payload, notice }
    };
    cases("bad").into_iter().map(read).collect()
}

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(NOTICE_SCHEMA).expect("the schema is JSON");
    jsonschema::meta::validate(&schema).expect("the schema follows draft 2020-12");
    jsonschema::draft202012::new(&schema).expect("the schema compiles")
}

#[test]
fn every_good_case_is_a_notice_and_valid_under_the_schema() {
    let schema = schema();
    let cases = cases("good");
    assert!(cases.len() >= 20, "{} good cases", cases.len());
    for (name, text) in cases {
        Notice::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let complaints: Vec<String> = schema.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(complaints.is_empty(), "{name}: {complaints:?}");
    }
}

#[test]
fn a_good_case_written_and_read_back_is_the_same_notice() {
    for (name, text) in cases("good") {
        let notice = Notice::parse(text.as_bytes()).expect("a notice");
        let written = serde_json::to_vec(&notice).expect("JSON");
        assert_eq!(Notice::parse(&written).as_ref(), Ok(&notice), "{name}");
        // Everything that the case says is written; only what says nothing is left out.
        let mut said: Value = serde_json::from_str(&text).expect("JSON");
        drop_what_says_nothing(&mut said);
        let written: Value = serde_json::from_slice(&written).expect("JSON");
        assert_eq!(written, said, "{name}");
    }
}

fn drop_what_says_nothing(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.values_mut().for_each(drop_what_says_nothing);
        fields.retain(|name, value| *value != json!([]) && !(name == "sensitive" && *value == json!(false)));
    } else if let Value::Array(items) = value {
        items.iter_mut().for_each(drop_what_says_nothing);
    }
}

#[test]
fn the_good_cases_show_every_type_and_every_field() {
    let all: Vec<Value> = cases("good").iter().map(|(_, text)| serde_json::from_str(text).expect("JSON")).collect();
    for kind in NoticeType::ALL {
        assert!(all.iter().any(|case| case["type"] == kind.as_str()), "no good {kind}");
    }
    for pointer in [
        "/effective",
        "/dataset/aliases/0",
        "/dataset/version",
        "/subjects/0/display",
        "/scope/affected/0",
        "/scope/unaffected/0",
        "/digest_lists/0",
        "/texts/sha256",
        "/actions/0/deadline",
        "/replacements/0/display",
        "/derivatives/0/id",
        "/derivatives/0/title",
        "/derivatives/0/display",
        "/appeal",
        "/publication_check",
        "/sensitive",
        "/prior/0/notice",
    ] {
        assert!(all.iter().any(|case| case.pointer(pointer).is_some()), "no good case with {pointer}");
    }
}

#[test]
fn every_bad_case_is_refused_for_exactly_what_is_wrong_with_it() {
    let cases = bad_cases();
    assert!(cases.len() >= 60, "{} bad cases", cases.len());
    for case in cases {
        let found: BTreeSet<(String, String)> = match Notice::parse(case.payload.as_bytes()) {
            Ok(_) => panic!("{} is taken", case.name),
            Err(NoticeError::TooLarge { .. }) => [(String::new(), "too-large".to_owned())].into(),
            Err(NoticeError::Syntax(_)) => [(String::new(), "syntax".to_owned())].into(),
            Err(NoticeError::Form(flaws)) => {
                flaws.into_vec().into_iter().map(|f| (f.pointer.to_string(), f.rule.to_owned())).collect()
            }
        };
        assert_eq!(found, case.expected, "{}", case.name);
    }
}

#[test]
fn the_schema_refuses_what_it_can_see_and_only_that() {
    let schema = schema();
    for case in bad_cases() {
        match &case.notice {
            Some(notice) => assert_eq!(!schema.is_valid(notice), case.schema_sees_it, "{}", case.name),
            None => assert!(!case.schema_sees_it, "{}: a schema sees no raw text", case.name),
        }
    }
}

#[test]
fn every_rule_of_form_has_a_bad_case() {
    let shown: BTreeSet<String> = bad_cases().into_iter().flat_map(|case| case.expected).map(|(_, rule)| rule).collect();
    let missing: Vec<_> = FormRule::ALL.iter().map(|rule| rule.as_str()).filter(|rule| !shown.contains(*rule)).collect();
    assert!(missing.is_empty(), "no bad case breaks {missing:?}");
    assert!(shown.contains("syntax") && shown.contains("too-large"));
}

#[test]
fn the_schema_knows_the_same_codes_and_schemes_as_the_reader() {
    fn words<T: std::fmt::Display>(codes: &[T]) -> Value {
        codes.iter().map(ToString::to_string).collect()
    }
    let schema: Value = serde_json::from_str(NOTICE_SCHEMA).expect("JSON");
    let at = |pointer: &str| schema.pointer(&format!("/properties/{pointer}/enum")).unwrap_or_else(|| panic!("{pointer}"));
    let item = "items/properties";
    for (pointer, expected) in [
        ("type".to_owned(), words(NoticeType::ALL)),
        ("issuer/properties/role".to_owned(), words(super::IssuerRole::ALL)),
        (format!("subjects/{item}/role"), words(super::SubjectRole::ALL)),
        ("scope/properties/kind".to_owned(), words(super::ScopeKind::ALL)),
        (format!("digest_lists/{item}/algorithm"), words(super::DigestAlgorithm::ALL)),
        (format!("digest_lists/{item}/role"), words(super::DigestListRole::ALL)),
        ("reasons/items".to_owned(), words(super::Reason::ALL)),
        ("fault".to_owned(), words(super::Fault::ALL)),
        (format!("actions/{item}/do"), words(super::ActionVerb::ALL)),
        (format!("derivatives/{item}/relation"), words(super::DerivativeRelation::ALL)),
        (format!("derivatives/{item}/inherits"), words(super::Inherits::ALL)),
        ("publication_check".to_owned(), words(super::PublicationCheck::ALL)),
        (format!("prior/{item}/relation"), words(super::PriorRelation::ALL)),
    ] {
        assert_eq!(*at(&pointer), expected, "{pointer}");
    }
    let schemes: Vec<&str> = super::Scheme::ALL.iter().map(|scheme| scheme.as_str()).collect();
    assert_eq!(schema["$defs"]["identifier"]["pattern"], format!("^({}):[ -~]+$", schemes.join("|")));
}

#[test]
fn only_unknown_schemes_let_a_notice_wait() {
    for case in bad_cases() {
        let waits = Notice::parse(case.payload.as_bytes()).expect_err("bad").waits_for_a_scheme();
        assert_eq!(waits, case.expected.iter().all(|(_, rule)| rule == "unknown-scheme"), "{}", case.name);
    }
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Any small JSON value.
    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0_u64..20_000_000).prop_map(Value::from),
            "[ -~é\u{202e}\u{7}]{0,24}".prop_map(Value::from),
            prop::sample::select(vec!["whole", "privacy", "doi:10.1234/x", "2019-06", "did:web:a.example", "name:abcd"])
                .prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            let names = prop::sample::select(vec!["id", "role", "kind", "do", "title", "display", "relation", "x"]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((names, inner), 0..4)
                    .prop_map(|fields| fields.into_iter().map(|(n, v)| (n.to_owned(), v)).collect::<serde_json::Map<_, _>>())
                    .prop_map(Value::from),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            let _ = Notice::parse(&bytes);
        }

        /// One field of a good case is replaced by anything: the reader takes it or says why not, and what it takes, the schema
        /// takes too (a schema sees less than the reader, never more).
        #[test]
        fn what_the_reader_takes_the_schema_takes(pick in any::<prop::sample::Index>(), field in any::<prop::sample::Index>(), value in any_value()) {
            thread_local! {
                static GOOD: (Vec<Value>, jsonschema::Validator) =
                    (cases("good").iter().map(|(_, text)| serde_json::from_str(text).expect("JSON")).collect(), schema());
            }
            GOOD.with(|(good, schema)| {
                let mut notice = good[pick.index(good.len())].clone();
                let fields = notice.as_object_mut().expect("an object");
                let name = fields.keys().nth(field.index(fields.len())).expect("a field").clone();
                fields.insert(name, value);
                match Notice::parse(notice.to_string().as_bytes()) {
                    Ok(read) => {
                        prop_assert!(schema.is_valid(&notice), "{}", notice);
                        let written = serde_json::to_vec(&read).expect("JSON");
                        prop_assert_eq!(Notice::parse(&written), Ok(read));
                    }
                    Err(NoticeError::Form(flaws)) => prop_assert!(!flaws.is_empty()),
                    Err(error) => prop_assert!(matches!(error, NoticeError::TooLarge { .. }), "{}", error),
                }
                Ok(())
            })?;
        }
    }
}

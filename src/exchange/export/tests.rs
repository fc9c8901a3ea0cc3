use serde_json::{Value, json};

use super::*;
use crate::notice::{Draft, Timestamp};

const FILE: &str = "6c17d1b3aa0a1f7a2a7c1d3f5b0f5c0e7b7a9d3b1c2d3e4f5a6b7c8d9e0f1a2b";

/// The notice of a draft like this one with `changes`.
fn notice(changes: &Value) -> (NoticeId, Notice, Texts) {
    let mut draft = json!({
        "type": "retraction",
        "issuer": {"role": "publisher"},
        "effective": "2019-06",
        "dataset": {"title": "Example Faces 1M", "aliases": ["EF1M"], "publisher_name": "Example Vision Lab"},
        "subjects": [
            {"id": "doi:10.5281/zenodo.1234567", "role": "whole"},
            {"id": "doi:10.1234/paper", "role": "described-by"},
            {"id": format!("sha256:{FILE}"), "role": "file"},
            {"id": "swh:1:dir:4b825dc642cb6eb9a060e54bf8d69288fbee4905", "role": "version"}
        ],
        "scope": {"kind": "whole"},
        "reasons": ["consent", "privacy"],
        "actions": [{"do": "delete"}],
        "replacements": [{"id": "doi:10.5281/zenodo.7654321"}],
        "digest_lists": [{"algorithm": "sha256", "sha256": "11".repeat(32), "count": 9_007_199, "blocks": "22".repeat(32), "role": "affected"}],
        "texts": {"texts": [{"language": "en", "statement": "The faces were taken without consent & <asked> nobody."}],
                  "references": [{"type": "article", "url": "https://news.example/story"}]},
        "appeal": "https://example.org/appeal"
    });
    draft.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    draft.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    let issuer = crate::notice::Did::parse("did:web:example.org").unwrap();
    let issued = Timestamp::parse("2026-11-23T10:00:00Z").unwrap();
    let completed = Draft::parse(draft.to_string().as_bytes()).unwrap().complete(&issuer, issued, [7; 32]).unwrap();
    let texts = Texts::parse(&completed.texts.unwrap()).unwrap();
    (NoticeId::of(&completed.payload), completed.notice, texts)
}

fn exported(changes: &Value, target: Target) -> Result<String, ExportError> {
    let (id, notice, texts) = notice(changes);
    export(Exported { id: &id, notice: &notice, texts: Some(&texts) }, target)
}

fn as_json(changes: &Value, target: Target) -> Value {
    serde_json::from_str(&exported(changes, target).unwrap()).unwrap()
}

#[test]
fn crossref_gets_one_update_for_each_doi_of_the_data_and_a_full_date() {
    let expected = "<updates>\n  <update type=\"retraction\" date=\"2019-06-01\">10.5281/zenodo.1234567</update>\n</updates>\n";
    assert_eq!(exported(&json!({}), Target::Crossref).as_deref(), Ok(expected));
    let odd = json!({"subjects": [{"id": "doi:10.1234/a<b>&c", "role": "whole"}]});
    assert!(exported(&odd, Target::Crossref).unwrap().contains(">10.1234/a&lt;b&gt;&amp;c<"));
}

#[test]
fn every_type_has_the_word_of_the_mapping_table_or_is_refused() {
    for (kind, crossref, datacite) in [
        ("removal", Some("removal"), Some("Withdrawn")),
        ("expression-of-concern", Some("expression_of_concern"), Some("relationTypeInformation")),
        ("correction", Some("correction"), Some("IsNewVersionOf")),
        ("supersession", Some("new_version"), Some("IsObsoletedBy")),
        ("deprecation", Some("withdrawal"), None),
        ("access-change", None, None),
    ] {
        let changes = json!({"type": kind});
        for (target, word) in [(Target::Crossref, crossref), (Target::Datacite, datacite)] {
            match (exported(&changes, target), word) {
                (Ok(text), Some(word)) => assert!(text.contains(word), "{kind} to {target}: {text}"),
                (Err(error), None) => assert_eq!(
                    error,
                    ExportError::NoWord {
                        target,
                        kind: match kind {
                            "deprecation" => "deprecation",
                            _ => "access-change",
                        }
                    }
                ),
                (result, _) => panic!("{kind} to {target}: {result:?}"),
            }
        }
    }
}

#[test]
fn datacite_gets_a_date_with_its_reason_and_both_ends_of_a_new_version() {
    let retracted = as_json(&json!({}), Target::Datacite);
    assert_eq!(retracted["data"].as_array().unwrap().len(), 1, "a retraction says nothing about other DOIs");
    let date = &retracted["data"][0]["attributes"]["dates"][0];
    assert_eq!((&date["date"], &date["dateType"]), (&json!("2019-06"), &json!("Withdrawn")));
    assert!(date["dateInformation"].as_str().unwrap().contains("consent, privacy"));
    let superseded = as_json(&json!({"type": "supersession"}), Target::Datacite);
    let relation = |n: usize| superseded["data"][n]["attributes"]["relatedIdentifiers"][0].clone();
    assert_eq!(
        (&relation(0)["relationType"], &relation(0)["relatedIdentifier"]),
        (&json!("IsObsoletedBy"), &json!("10.5281/zenodo.7654321"))
    );
    assert_eq!(
        (&relation(1)["relationType"], &relation(1)["relatedIdentifier"]),
        (&json!("Obsoletes"), &json!("10.5281/zenodo.1234567"))
    );
}

fn has_a_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Array(items) => items.iter().any(has_a_number),
        Value::Object(members) => members.values().any(has_a_number),
        _ => false,
    }
}

#[test]
fn a_statement_is_about_digests_and_has_its_counts_as_text() {
    let statement = as_json(&json!({}), Target::InToto);
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["subject"][0]["digest"], json!({"sha256": FILE}));
    assert_eq!(statement["subject"][1]["digest"], json!({"gitTree": "4b825dc642cb6eb9a060e54bf8d69288fbee4905"}));
    assert_eq!(statement["predicate"]["notice"]["digest_lists"][0]["count"], "9007199");
    assert!(!has_a_number(&statement), "{statement:#}");
    let only_doi = json!({"subjects": [{"id": "doi:10.5281/zenodo.1234567", "role": "whole"}]});
    assert_eq!(exported(&only_doi, Target::InToto), Err(ExportError::NoDigest));
}

#[test]
fn an_affected_file_of_a_part_is_a_subject_and_an_unaffected_one_is_not() {
    let (meant, spared) = ("ab".repeat(32), "cd".repeat(32));
    let part = json!({"type": "partial-retraction", "subjects": [{"id": "doi:10.5281/zenodo.1234567", "role": "whole"}],
        "scope": {"kind": "files", "affected": [format!("sha256:{meant}")], "unaffected": [format!("sha256:{spared}")]}});
    let statement = as_json(&part, Target::InToto);
    assert_eq!(statement["subject"], json!([{"name": "Example Faces 1M", "digest": {"sha256": meant}}]));
}

#[test]
fn osv_and_schema_org_say_what_it_is_since_when_and_where_to_read_more() {
    let osv = as_json(&json!({}), Target::Osv);
    assert!(osv["id"].as_str().unwrap().starts_with("PALINODE-"));
    assert_eq!(
        (&osv["published"], &osv["database_specific"]["effective"]),
        (&json!("2026-11-23T10:00:00Z"), &json!("2019-06-01T00:00:00Z"))
    );
    assert_eq!(osv["references"], json!([{"type": "ARTICLE", "url": "https://news.example/story"}]));
    assert!(
        osv["affected"][0]["database_specific"]["identifiers"]
            .as_array()
            .unwrap()
            .contains(&json!("doi:10.5281/zenodo.1234567"))
    );
    let page = as_json(&json!({}), Target::SchemaOrg);
    assert_eq!(
        (&page["@type"], &page["creativeWorkStatus"], &page["expires"]),
        (&json!("Dataset"), &json!("retraction"), &json!("2019-06"))
    );
    assert_eq!(page["sameAs"], json!(["https://doi.org/10.5281/zenodo.1234567"]));
    assert_eq!(page["adms:status"]["@id"], "http://purl.org/adms/status/Withdrawn");
    assert_eq!(page["dcterms:isReplacedBy"][0]["@id"], "https://doi.org/10.5281/zenodo.7654321");
}

#[test]
fn a_sensitive_notice_leads_nowhere_in_any_vocabulary() {
    let hidden = json!({"sensitive": true, "replacements": null, "digest_lists": null, "subjects": [
        {"id": "name:Hidden Images", "role": "whole"}, {"id": format!("sha256:{FILE}"), "role": "file"}]});
    for target in [Target::Crossref, Target::Datacite, Target::InToto] {
        assert!(exported(&hidden, target).is_err(), "{target}");
    }
    for target in [Target::Osv, Target::SchemaOrg] {
        assert!(!exported(&hidden, target).unwrap().contains(FILE), "{target}");
    }
}

#[test]
fn a_comment_says_nothing_of_the_dataset_but_which_it_is() {
    let (id, notice, texts) = notice(&json!({}));
    let exported = Exported { id: &id, notice: &notice, texts: Some(&texts) };
    let comment = linked_data(exported, false);
    assert_eq!(
        (&comment["@type"], &comment["author"]["identifier"]),
        (&json!("CorrectionComment"), &json!("did:web:example.org"))
    );
    assert_eq!(comment["about"]["sameAs"], json!(["https://doi.org/10.5281/zenodo.1234567"]));
    for word in ["creativeWorkStatus", "adms:status", "expires", "dcterms:isReplacedBy", "correction"] {
        assert!(comment.get(word).is_none() && comment["about"].get(word).is_none(), "{word}");
    }
    assert_eq!(linked_data(exported, true)["creativeWorkStatus"], "retraction");
}

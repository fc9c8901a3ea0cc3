//! `--code`: what a repository fetches.

use crate::desk::{Desk, identifiers, retraction};
use crate::speaker::Speaker;

const MD5: &str = "88813c6b15de58afc8fa75ea83361d7f";

#[tokio::test]
async fn a_constant_in_a_loader_is_a_finding_with_line_and_column_and_says_that_no_bytes_were_seen() {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let server = desk.server(&publisher);
    server.takes(&retraction(&publisher, &[&format!("md5:{MD5}"), "hf:datasets/example/faces"])).await;
    desk.write("src/loader.py", format!("import x\n\nVGG_MD5 = \"{MD5}\"\n"));
    desk.write("train.ipynb", r#"{"cells": [{"cell_type": "code", "source": "load_dataset('Example/Faces')"}]}"#);
    desk.write("venv/lib/copy.py", format!("MD5 = \"{MD5}\"\n"));
    desk.write(".gitignore", "venv/\n");
    let text = desk.scan(&["data", "--code", "--no-hash", "--ask", server.url.as_str()]);
    assert_eq!(text.code, Some(1), "{text:?}");
    for part in ["data/src/loader.py:3:12", "named in code, bytes not seen", "data/train.ipynb cell 1:1:15", "weak-bytes"] {
        assert!(text.stdout.contains(part), "{part}: {}", text.stdout);
    }
    assert!(!text.stdout.contains("venv"), "what git ignores is not the repository's own: {}", text.stdout);
    let (code, report) = desk.report(&server, &["--no-hash"]);
    assert_eq!((code, identifiers(&report).len()), (Some(5), 0), "code is read only when it is asked for");
}

#[tokio::test]
async fn a_derivative_is_told_with_the_path_to_what_was_retracted() {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let server = desk.server(&publisher);
    server
        .takes(&publisher.says(&serde_json::json!({
            "type": "retraction",
            "issuer": {"role": "publisher"},
            "dataset": {"title": "Example Faces 1M", "publisher_name": "Example Vision Lab"},
            "subjects": [{"id": "url:https://data.example.org/faces/", "role": "whole"}],
            "scope": {"kind": "whole"},
            "reasons": ["consent"],
            "fault": "people-harm",
            "actions": [{"do": "delete"}],
            "appeal": "https://data.example.org/appeal",
            "derivatives": [{"id": "git:github.com/example/faces-aligned", "relation": "cleaned", "inherits": "yes"}],
            "texts": {"texts": [{"language": "en", "statement": "People who are shown in it were never asked whether they agree."}]}
        })))
        .await;
    desk.write("get.sh", "git clone https://github.com/Example/faces-aligned.git\n");
    let text = desk.scan(&["data", "--code", "--no-hash", "--ask", server.url.as_str()]);
    assert_eq!(text.code, Some(1), "{text:?}");
    for part in ["DERIVED-FROM-RETRACTED", "cleaned from url:https://data.example.org/faces/", "data/get.sh:1:11"] {
        assert!(text.stdout.contains(part), "{part}: {}", text.stdout);
    }
}

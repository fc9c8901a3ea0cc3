//! Which digests a scan computes: those that notices in the local index name, and what it says when others were left out.

use std::fs;

use md5::{Digest as _, Md5};
use palinode::notice::Identifier;
use serde_json::{Value, json};

use crate::desk::{Desk, retraction};
use crate::server_process::ServerProcess;
use crate::speaker::Speaker;

const PICTURE: &[u8] = b"a picture that stands for many, long enough for its digest to be no trivial one";

fn md5(bytes: &[u8]) -> String {
    format!("md5:{}", data_encoding::HEXLOWER.encode(&Md5::digest(bytes)))
}

fn digests(report: &Value) -> [Value; 3] {
    ["computed", "named", "left_out"].map(|member| report["digests"][member].clone())
}

/// A desk with a picture, and a server whose notice names it by its MD5.
async fn with_a_picture_named_by_md5() -> (Desk, ServerProcess) {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let server = desk.server(&publisher);
    server.takes(&retraction(&publisher, &[&md5(PICTURE)])).await;
    desk.write("picture.jpg", PICTURE);
    desk.fetches_index(&server);
    (desk, server)
}

#[tokio::test]
async fn a_file_that_is_named_by_its_md5_is_found_without_anybody_asking_for_md5() {
    let (desk, _server) = with_a_picture_named_by_md5().await;
    let (code, report) = desk.report_of(&["data"]);
    assert_eq!(code, Some(1), "{report:#}");
    assert_eq!(digests(&report), [json!(["md5"]), json!(["md5"]), json!([])]);
    assert_eq!(report["datasets"][0]["findings"][0]["identifier"], md5(PICTURE));
    let text = desk.scan(&["data"]).stdout;
    assert!(text.contains("1 file hashed (md5)"), "{text}");
}

#[tokio::test]
async fn who_asks_for_other_digests_is_told_what_was_left_out() {
    let (desk, server) = with_a_picture_named_by_md5().await;
    let (code, report) = desk.report_of(&["data", "--digest", "sha256,sha1"]);
    assert_eq!(code, Some(0));
    assert_eq!(digests(&report), [json!(["sha256", "sha1"]), json!(["md5"]), json!(["md5"])]);
    for arguments in [&["data", "--digest", "sha256"][..], &["data", "--no-hash", "--allow-empty"]] {
        let text = desk.scan(arguments).stdout;
        assert!(text.contains("md5 not computed, by which notices name files"), "{text}");
    }
    // Which digests a server knows, nobody can say.
    let (_, asked) = desk.report(&server, &[]);
    assert_eq!(digests(&asked), [json!(["sha256"]), Value::Null, json!([])]);
}

#[tokio::test]
async fn a_list_names_its_algorithm_and_a_blinded_digest_may_be_of_any() {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let server = desk.server(&publisher);
    desk.write("picture.jpg", PICTURE);
    desk.fetches_index(&server);
    let (code, report) = desk.report_of(&["data"]);
    assert_eq!((code, digests(&report)), (Some(0), [json!(["sha256"]), json!([]), json!([])]), "nothing is named yet");

    let observer = Speaker::new();
    let report_of = |title: &str, more: Value| {
        let mut draft = json!({
            "type": "retraction", "issuer": {"role": "observer"},
            "dataset": {"title": title, "publisher_name": "Example Vision Lab"},
            "subjects": [{"id": "name:Example Faces", "role": "whole"}],
            "scope": {"kind": "whole"}, "reasons": ["consent"], "fault": "people-harm", "actions": [{"do": "delete"}]
        });
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        observer.says(&draft)
    };
    let list = "0f".repeat(32);
    let lists = json!([{"algorithm": "sha1", "sha256": list, "count": 3, "blocks": list, "role": "affected"}]);
    server.takes(&report_of("Example Faces", json!({"digest_lists": lists}))).await;
    desk.fetches_index(&server);
    let (_, report) = desk.report_of(&["data"]);
    assert_eq!(digests(&report), [json!(["sha1"]), json!(["sha1"]), json!([])]);

    let hidden = Identifier::normalise(&md5(PICTURE)).unwrap().blinded().unwrap();
    let subjects = json!([{"id": "name:Hidden Images", "role": "whole"}, {"id": hidden.as_str(), "role": "file"}]);
    server.takes(&report_of("Hidden Images", json!({"sensitive": true, "subjects": subjects}))).await;
    desk.fetches_index(&server);
    let (_, report) = desk.report_of(&["data"]);
    let all = json!(["sha256", "md5", "sha1", "sha512", "blake3", "gitblob", "dirhash1", "dvcdir"]);
    assert_eq!(digests(&report), [all.clone(), all, json!([])]);
    let found: Vec<_> = report["datasets"].as_array().unwrap().iter().map(|dataset| &dataset["title"]).collect();
    assert_eq!(found, ["Hidden Images"], "{report:#}");
}

#[tokio::test]
async fn an_index_that_does_not_tell_what_it_names_may_name_anything_until_it_is_updated() {
    let (desk, server) = with_a_picture_named_by_md5().await;
    let copies = fs::read_dir(desk.path("share/palinode/index")).unwrap();
    let mut told = copies.flat_map(|copy| fs::read_dir(copy.unwrap().path()).into_iter().flatten()).map(Result::unwrap);
    let kept = told.find(|file| file.file_name().to_str().is_some_and(|name| name.starts_with("digests-"))).unwrap();
    fs::remove_file(kept.path()).unwrap();
    let (code, report) = desk.report_of(&["data"]);
    assert_eq!((code, report["digests"]["named"].as_array().unwrap().len()), (Some(1), 8));
    desk.fetches_index(&server);
    let (code, report) = desk.report_of(&["data"]);
    assert_eq!((code, digests(&report)), (Some(1), [json!(["md5"]), json!(["md5"]), json!([])]));
}

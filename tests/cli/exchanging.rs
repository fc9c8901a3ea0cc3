//! `palinode import` and `palinode notice export`, by files and by a server.

use serde_json::{Value, json};

use crate::palinode::Desk;
use crate::serving::{Server, parsed, sign};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/exchange/retraction-watch.csv");

#[test]
fn a_record_of_retraction_watch_becomes_a_draft_that_can_be_signed_and_exported() {
    let desk = Desk::new();
    desk.run(&["key", "new", "me.pem"]).well();
    let told = desk.run(&["import", "retraction-watch", TABLE, "--out", "drafts"]).well();
    for said in [
        "5 drafts of 9 records in drafts",
        "1 records are not about datasets",
        "Rogue Editor (1 records)",
        "3/4/21",
        "number 9",
    ] {
        assert!(told.contains(said), "{said:?} is missing:\n{told}");
    }
    let tally = parsed(&desk.run(&["import", "retraction-watch", TABLE, "--out", "more", "--all", "--format", "json"]).well());
    assert_eq!((&tally["drafts"], &tally["not_datasets"]), (&json!(6), &json!(0)));
    let message = desk.run(&["import", "retraction-watch", TABLE, "--out", "drafts"]).with_code(1);
    assert!(message.contains("is not overwritten"), "{message}");
    desk.run(&["notice", "sign", "drafts/retraction-watch-101.json", "--key", "me.pem", "--out", "notice.json"]).well();
    let updates = desk.run(&["notice", "export", "--to", "crossref", "notice.json"]).well();
    assert!(updates.contains("<update type=\"retraction\" date=\"2023-08-16\">10.5281/zenodo.1234567</update>"), "{updates}");
    let message = desk.run(&["notice", "export", "--to", "in-toto", "notice.json"]).with_code(1);
    assert!(message.contains("names no file by a plain digest") && message.contains("schema.org"), "{message}");
    desk.write("other.csv", "a,b\n1,2\n");
    assert!(desk.run(&["import", "retraction-watch", "other.csv", "--out", "x"]).with_code(2).contains("Record ID"));
}

#[test]
fn a_notice_of_a_server_is_exported_by_its_id_with_its_texts() {
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    sign(&desk, "notice.json", "doi:10.5281/zenodo.1234567");
    let posted = desk.run(&["notice", "post", "notice.json", "--server", &server.url, "--format", "json"]).well();
    let id = parsed(&posted)["posts"][0]["id"].as_str().unwrap().to_owned();
    let exported = |from: &str, more: &[&str]| -> Value {
        parsed(&desk.run(&[&["notice", "export", "--to", "schema.org", from][..], more].concat()).well())
    };
    let by_id = exported(&id, &["--server", &server.url]);
    assert_eq!(by_id, exported("notice.json", &[]));
    assert!(by_id["correction"]["text"].as_str().unwrap().contains("never asked for consent"));
    let missing = desk.run(&["notice", "export", "--to", "osv", &"0".repeat(64), "--server", &server.url]).with_code(1);
    assert!(missing.contains("the server has no notice"), "{missing}");
}

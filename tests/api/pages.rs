//! Pages for people.

use serde_json::json;

use super::support::server::{Options, TestServer};
use super::support::speakers::Speaker;

const DOI: &str = "doi:10.5281/zenodo.1234567";

#[test]
fn the_front_page_shows_the_newest_notices_and_a_box() {
    let server = TestServer::start();
    let empty = server.get("/");
    assert_eq!((empty.status, empty.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(empty.text().contains("It holds 0\nnotices"));
    let speaker = Speaker::key(1);
    let mut notice = speaker.report(DOI);
    notice["dataset"]["title"] = json!("<script>alert(1)</script> \"Faces\"");
    assert_eq!(server.post("/v1/notices", speaker.notice(&notice)).status, 201);
    let page = server.get("/").text();
    assert!(page.contains("It holds 1\nnotice ") && page.contains("Faces") && page.contains(&speaker.did), "{page}");
    assert!(!page.contains("<script"), "what strangers wrote is escaped");
    let link = page.split("href=\"/n/").nth(1).unwrap()[..64].to_owned();
    let shown = server.get(&format!("/n/{link}")).text();
    assert!(shown.contains("It is in force.") && shown.contains(DOI) && !shown.contains("<script"), "{shown}");
    assert_eq!(server.get("/n/nothing").status, 404);
    assert!(server.get("/style.css").header("content-type").unwrap().starts_with("text/css"));
}

#[test]
fn the_box_leads_to_the_page_of_the_identifier() {
    let server = TestServer::start();
    let asked = server.get("/?id=https%3A%2F%2Fexample.org%2Ffaces%2F%3Fa%3Db");
    assert_eq!((asked.status, asked.header("location")), (303, Some("/d/https:%2F%2Fexample.org%2Ffaces%2F%3Fa%3Db")));
    let page = server.get("/d/https:%2F%2Fexample.org%2Ffaces%2F%3Fa%3Db").text();
    assert!(page.contains("no notice known to ledger.example.org/log as of 2026-11-23T12:00:00Z, tree size 0."), "{page}");
    assert_eq!(server.get("/?id=").status, 200);
}

#[test]
fn a_reported_dataset_is_shown_with_who_says_it() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    server.post("/v1/notices", speaker.notice(&speaker.report(DOI)));
    let page = server.get("/d/doi:10.5281%2Fzenodo.1234567").text();
    assert!(page.contains("<strong>reported</strong>") && page.contains(&speaker.did), "{page}");
    assert!(page.contains("who does not own this dataset"));
    let bad = server.get("/d/sha256:zz").text();
    assert!(bad.contains("There was no identifier to look up."));
    let hostile = server.get("/d/%3Cscript%3Ealert(1)%3C%2Fscript%3E").text();
    assert!(!hostile.contains("<script"));
}

#[test]
fn a_publisher_whose_name_looks_like_anothers_is_marked_on_every_page_and_in_the_answer() {
    let (publisher, impostor) = (Speaker::domain(3, "example.org"), Speaker::domain(4, "examp1e.org"));
    let server = TestServer::with(Options { pins: vec![publisher.pin(&[]), impostor.pin(&[])], ..Options::default() });
    let receipt = server.post("/v1/notices", impostor.notice(&impostor.report("doi:10.5281/zenodo.7"))).json();
    let mark = "the domain looks like the domain example.org of another publisher (did:web:example.org)";
    for path in [format!("/n/{}", receipt["id"].as_str().unwrap()), "/d/doi:10.5281%2Fzenodo.7".to_owned()] {
        let page = server.get(&path).text();
        assert!(page.contains(&format!("Look twice at who says so: <bdi>{mark}</bdi>.")), "{path}: {page}");
    }
    assert!(server.get("/").text().contains("(look twice)"));
    let answer = server.get("/v1/check?id=doi:10.5281/zenodo.7").json();
    let issuer = &answer["issuers"][0];
    assert_eq!((&issuer["did"], &issuer["name"]), (&json!("did:web:examp1e.org"), &json!("Example Vision Lab")));
    assert_eq!(issuer["marks"][1], json!({"why": "looks-like", "part": "domain", "other": publisher.did, "text": mark}));
    let shown = server.get(&format!("/v1/notices/{}", receipt["id"].as_str().unwrap())).json();
    assert_eq!((&shown["issuer_marks"], &shown["issuer_pinned"]), (&issuer["marks"], &json!(true)));
}

//! What a server answers.

use palinode::ledger::notices::NoticeSearch;
use serde_json::json;

use super::super::support::server::{Options, TestServer};
use super::super::support::speakers::{Speaker, texts, with_documents};
use super::put;

/// What a server answers.
pub(super) fn answers() {
    let domain = Speaker::domain(2, "example.org");
    let pins = vec![domain.pin(&["url:https://example.org/"])];
    let server = TestServer::with(Options { pins, ..Options::default() });
    let key = Speaker::key(1);
    let document = texts("Nobody who is shown in it was ever asked.");
    let receipt = server.post("/v1/notices", key.notice(&key.report("doi:10.5281/zenodo.1")));
    put("check_answer", "receipt", &receipt.body);
    let retraction = domain.notice(&domain.retraction("url:https://example.org/faces/", &document));
    server.post("/v1/notices", with_documents(&retraction, &[&document]));
    let search = server.ledger.search(&NoticeSearch { limit: 1, ..NoticeSearch::default() }).unwrap();
    let id = search.notices[0].id.to_string();
    for (name, path) in [
        ("server", "/v1/server".to_owned()),
        ("notice", format!("/v1/notices/{id}")),
        ("publisher", "/v1/publishers/did%3Aweb%3Aexample.org".to_owned()),
        ("nothing", "/v1/check?id=doi:10.5281/zenodo.9".to_owned()),
        ("two", "/v1/check?id=doi:10.5281/zenodo.1&id=https://example.org/faces/&id=doi:x".to_owned()),
        ("evidence", "/v1/check?id=doi:10.5281/zenodo.1&proof=true".to_owned()),
        ("evidence-of-a-domain", "/v1/check?id=https://example.org/faces/&proof=true".to_owned()),
    ] {
        let answer = server.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        put("check_answer", name, &answer.body);
    }
    put("problem", "flaws", server.post("/v1/notices", key.notice(&json!({}))).body);
    put("problem", "malformed", server.post("/v1/notices", "{").body);
    put("problem", "proxy", "<html>502</html>");
}

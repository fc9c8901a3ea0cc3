//! Feeds, badges, and the one page that others may frame.

use serde_json::json;

use super::support::server::{Options, TestServer};
use super::support::speakers::{Speaker, texts, with_documents};

const DOI: &str = "doi:10.5281/zenodo.1234567";

fn served() -> (TestServer, Vec<String>) {
    let server = TestServer::start();
    let (ann, bob) = (Speaker::key(1), Speaker::key(2));
    let mut ids = Vec::new();
    for (speaker, doi, title, reason) in
        [(&ann, DOI, "Faces <&\"> one", "consent"), (&bob, "doi:10.5281/zenodo.2", "Voices", "copyright")]
    {
        let mut notice = speaker.report(doi);
        notice["dataset"]["title"] = json!(title);
        notice["reasons"] = json!([reason]);
        ids.push(server.post("/v1/notices", speaker.notice(&notice)).json()["id"].as_str().unwrap().to_owned());
    }
    (server, ids)
}

#[test]
fn an_atom_feed_holds_the_newest_notices_and_keeps_to_its_filters() {
    let (server, ids) = served();
    let answer = server.get("/feeds/atom.xml");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/atom+xml; charset=utf-8")));
    let feed = answer.text();
    let places: Vec<_> = ids.iter().map(|id| feed.find(&format!("<id>urn:palinode:notice:{id}</id>")).unwrap()).collect();
    assert!(places[1] < places[0], "the newest first");
    assert!(feed.contains("Faces &lt;&amp;") && feed.contains("<category term=\"consent\"/>"), "{feed}");
    for (query, holds) in
        [("reason=consent", [true, false]), ("q=voices", [false, true]), ("id=doi:10.5281%2Fzenodo.2", [false, true])]
    {
        let feed = server.get(&format!("/feeds/atom.xml?{query}")).text();
        let found: Vec<_> = ids.iter().map(|id| feed.contains(id.as_str())).collect();
        assert_eq!(found, holds, "{query}");
    }
    assert_eq!(server.get_with("/feeds/atom.xml", &[("If-None-Match", answer.header("etag").unwrap())]).status, 304);
    assert_eq!(server.get("/feeds/atom.xml?reason=nonsense").rule(), "bad-query");
    assert_eq!(
        server.get("/feeds/atom.xml?id=sha256:zz").text().matches("<entry>").count(),
        0,
        "nothing is known of what is none"
    );
}

#[test]
fn a_json_feed_says_the_same() {
    let (server, ids) = served();
    let feed = server.get("/feeds/feed.json").json();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    let found: Vec<_> = feed["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
    assert_eq!(found, [json!(format!("urn:palinode:notice:{}", ids[1])), json!(format!("urn:palinode:notice:{}", ids[0]))]);
    assert_eq!(
        (&feed["items"][1]["title"], &feed["items"][1]["tags"][1]),
        (&json!("Retraction: Faces <&\"> one"), &json!("consent"))
    );
    let german = server.get("/feeds/feed.json?lang=de").json();
    assert_eq!((&german["language"], &german["items"][1]["title"]), (&json!("de"), &json!("Rücknahme: Faces <&\"> one")));
}

#[test]
fn a_badge_says_the_verdict_in_words_and_is_never_green() {
    let publisher = Speaker::domain(3, "example.org");
    let server = TestServer::with(Options { pins: vec![publisher.pin(&["doi:10.5281/"])], ..Options::default() });
    let badge = |id: &str| server.get(&format!("/badge/{id}.json")).json();
    let unknown = badge("doi:10.5281%2Fzenodo.1234567");
    assert_eq!(
        (&unknown["message"], &unknown["color"], &unknown["isError"]),
        (&json!("No notice known"), &json!("#5a5a5a"), &json!(false))
    );
    let words = texts("People in it never agreed to be in it.");
    let notice = publisher.notice(&publisher.retraction(DOI, &words));
    assert_eq!(server.post("/v1/notices", with_documents(&notice, &[&words])).status, 201);
    let known = badge("doi:10.5281%2Fzenodo.1234567");
    assert_eq!((&known["schemaVersion"], &known["message"], &known["isError"]), (&json!(1), &json!("Retracted"), &json!(true)));
    let svg = server.get("/badge/doi:10.5281%2Fzenodo.1234567.svg");
    assert_eq!((svg.status, svg.header("content-type")), (200, Some("image/svg+xml")));
    assert_eq!(svg.header("cross-origin-resource-policy"), Some("cross-origin"), "other sites show it");
    let svg = svg.text();
    assert!(svg.contains("role=\"img\"") && svg.contains("<title>palinode: Retracted</title>"), "{svg}");
    assert!(server.get("/badge/nonsense:zz.svg").text().contains("Not understood"));
    assert!(server.get("/badge/doi:10.5281%2Fzenodo.1234567.svg?lang=de").text().contains("Zurückgezogen"));
}

#[test]
fn only_the_embedded_page_may_be_framed() {
    let (server, _) = served();
    let embedded = server.get("/embed/d/doi:10.5281%2Fzenodo.1234567");
    assert_eq!((embedded.status, embedded.header("x-frame-options")), (200, None));
    assert!(!embedded.header("content-security-policy").unwrap().contains("frame-ancestors"));
    assert!(embedded.text().contains("Reported."), "{}", embedded.text());
    for path in ["/", "/d/doi:10.5281%2Fzenodo.1234567", "/search", "/embed", "/badge/x.svg"] {
        let answer = server.get(path);
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert!(answer.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"), "{path}");
    }
}

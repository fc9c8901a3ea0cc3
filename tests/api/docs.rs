//! `/docs`: the OpenAPI document for people who write programs.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use super::support::server::TestServer;

/// Every page that is reached from `/docs` by links to pages below it, with its text.
fn walk(server: &TestServer) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut ahead = BTreeSet::from(["/docs".to_owned()]);
    while let Some(path) = ahead.pop_first() {
        let answer = server.get(&path);
        assert_eq!((answer.status, answer.header("etag").is_some()), (200, true), "{path}: {}", answer.text());
        let page = answer.text();
        let links = page.split("href=\"").skip(1).map(|rest| rest.split(['"', '#', '?']).next().unwrap());
        ahead.extend(links.filter(|link| link.starts_with("/docs/") && !pages.contains_key(*link)).map(str::to_owned));
        pages.insert(path, page);
    }
    pages
}

#[test]
fn every_operation_stands_on_a_page_that_docs_leads_to_with_a_line_for_this_server() {
    let server = TestServer::start();
    let pages = walk(&server);
    let overview = &pages["/docs"];
    let document = server.get("/openapi.json").json();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let tag = operation["tags"][0].as_str().unwrap();
            let id = operation["operationId"].as_str().unwrap();
            assert!(overview.contains(&format!("<a href=\"/docs/{tag}#{id}\">")), "{id}");
            let page = &pages[&format!("/docs/{tag}")];
            let section = page.split(&format!("<h2 id=\"{id}\">")).nth(1).unwrap().split("<h2").next().unwrap();
            assert!(section.contains(&format!("{} {path}", method.to_uppercase())), "{id}");
            assert!(section.contains(&format!("http://{}/", server.address)), "{id}: {section}");
            for status in operation["responses"].as_object().unwrap().keys() {
                assert!(section.contains(&format!("<code>{status}</code>")), "{id} {status}");
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(section.contains(&format!("<dt><code>{}</code>", parameter["name"].as_str().unwrap())), "{id}");
            }
        }
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert_eq!(server.get(&format!("/docs/schema/{name}")).status, 200, "{name}");
    }
    assert!(pages.len() > 40, "{:?}", pages.keys());
}

#[test]
fn the_pages_stay_small_and_the_chapter_with_clients_can_be_read_here() {
    let server = TestServer::start();
    for (path, page) in walk(&server).iter().filter(|(path, _)| *path != "/docs/build-a-client.md") {
        assert!(page.len() < 60_000, "{path}: {} bytes", page.len());
    }
    let chapter = server.get("/docs/build-a-client.md");
    assert_eq!(chapter.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(chapter.text().contains("def check(server, identifier):"));
    for unknown in ["/docs/nothing", "/docs/schema/Nothing"] {
        assert_eq!((server.get(unknown).status, server.get(unknown).rule().as_str()), (404, "not-found"));
    }
}

/// The text of a line as a browser copies it.
fn copied(html: &str) -> String {
    [("&#38;", "&"), ("&#39;", "'"), ("&#34;", "\""), ("&#60;", "<"), ("&#62;", ">")]
        .iter()
        .fold(html.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[test]
fn the_lines_are_run_by_a_shell_and_curl_as_they_stand() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no curl");
        return;
    }
    let server = TestServer::start();
    let folder = tempfile::tempdir().unwrap();
    let mut ran = 0;
    for tag in ["notices", "check", "publishers", "documents", "index", "log", "server", "badges"] {
        let page = server.get(&format!("/docs/{tag}")).text();
        for section in page.split("<h2 id=").skip(1) {
            let mut boxes = section.split("<pre><code>").skip(1).map(|rest| copied(rest.split("</code>").next().unwrap()));
            let line = boxes.next().unwrap();
            if line.contains("@body.json") {
                std::fs::write(folder.path().join("body.json"), boxes.next().unwrap()).unwrap();
            }
            // An example of bytes, a token, a stream without an end, a peer: what the page cannot bring along.
            if ["@FILE", "$TOKEN", " -N ", "/v1/peers/"].iter().any(|needs| line.contains(needs)) {
                continue;
            }
            let script = format!("{line} --silent --write-out '%{{stderr}}%{{http_code}}'");
            let run = Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
            let status = String::from_utf8_lossy(&run.stderr);
            assert!(
                ["200", "201", "202"].contains(&status.as_ref()),
                "{line}: {status} {}",
                String::from_utf8_lossy(&run.stdout)
            );
            ran += 1;
        }
    }
    assert!(ran > 20, "{ran} lines");
}

//! Pages for people.

use palinode::http::{Limits, Rate};
use serde_json::json;

use super::support::server::{Options, TestServer};
use super::support::speakers::{Speaker, texts, with_documents};

const DOI: &str = "doi:10.5281/zenodo.1234567";

/// Without the marks that set apart what is put into a sentence.
fn plain(page: &str) -> String {
    page.replace(['\u{2068}', '\u{2069}'], "")
}

#[test]
fn the_front_page_shows_the_newest_notices_and_a_box() {
    let server = TestServer::start();
    let empty = server.get("/");
    assert_eq!((empty.status, empty.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(empty.text().contains("It holds \u{2068}0\u{2069} notices"));
    assert_eq!(empty.header("vary"), Some("accept-language"));
    let speaker = Speaker::key(1);
    let mut notice = speaker.report(DOI);
    notice["dataset"]["title"] = json!("<script>alert(1)</script> \"Faces\"");
    assert_eq!(server.post("/v1/notices", speaker.notice(&notice)).status, 201);
    let page = server.get("/").text();
    assert!(
        plain(&page).contains("It holds one notice (tree size 1)") && page.contains("Faces") && page.contains(&speaker.did),
        "{page}"
    );
    assert!(!page.contains("<script"), "what strangers wrote is escaped");
    let link = page.split("href=\"/n/").nth(1).unwrap()[..64].to_owned();
    let shown = server.get(&format!("/n/{link}")).text();
    assert!(
        shown.contains("This notice is in force.") && shown.contains(DOI) && !without_data(&shown).contains("<script"),
        "{shown}"
    );
    assert_eq!(server.get("/n/nothing").status, 404);
    assert!(server.get("/style.css").header("content-type").unwrap().starts_with("text/css"));
}

#[test]
fn the_box_leads_to_the_page_of_the_identifier() {
    let server = TestServer::start();
    let asked = server.get("/?id=https%3A%2F%2Fexample.org%2Ffaces%2F%3Fa%3Db");
    assert_eq!((asked.status, asked.header("location")), (303, Some("/d/https:%2F%2Fexample.org%2Ffaces%2F%3Fa%3Db")));
    let page = server.get("/d/https:%2F%2Fexample.org%2Ffaces%2F%3Fa%3Db").text();
    assert!(
        plain(&page).contains("No notice is known to ledger.example.org/log as of 2026-11-23T12:00:00Z, tree size 0."),
        "{page}"
    );
    assert_eq!(server.get("/?id=").status, 200);
}

#[test]
fn a_reported_dataset_is_shown_with_who_says_it() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    server.post("/v1/notices", speaker.notice(&speaker.report(DOI)));
    let page = server.get("/d/doi:10.5281%2Fzenodo.1234567").text();
    assert!(page.contains("<strong>Reported.</strong>") && page.contains(&speaker.did), "{page}");
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
        assert!(plain(&page).contains(&format!("Look twice at who says so: {mark}.")), "{path}: {page}");
    }
    assert!(server.get("/").text().contains("(look twice)"));
    let answer = server.get("/v1/check?id=doi:10.5281/zenodo.7").json();
    let issuer = &answer["issuers"][0];
    assert_eq!((&issuer["did"], &issuer["name"]), (&json!("did:web:examp1e.org"), &json!("Example Vision Lab")));
    assert_eq!(issuer["marks"][1], json!({"why": "looks-like", "part": "domain", "other": publisher.did, "text": mark}));
    let shown = server.get(&format!("/v1/notices/{}", receipt["id"].as_str().unwrap())).json();
    assert_eq!((&shown["issuer_marks"], &shown["issuer_pinned"]), (&issuer["marks"], &json!(true)));
}

/// A page without its block of data for programs, of which there is one at most, in its head.
fn without_data(page: &str) -> String {
    const BEGIN: &str = "<script type=\"application/ld+json\">";
    let Some((before, rest)) = page.split_once(BEGIN) else { return page.to_owned() };
    let (data, after) = rest.split_once("</script>").unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(data).is_ok(), "{data}");
    format!("{before}{after}")
}

/// Every page that there is, of a server with a notice, its identifier and its issuer.
fn every_page(server: &TestServer) -> Vec<String> {
    let speaker = Speaker::key(1);
    let mut notice = speaker.report(DOI);
    notice["derivatives"] = json!([{"title": "Faces, aligned", "relation": "cleaned", "inherits": "yes"}]);
    let id = server.post("/v1/notices", speaker.notice(&notice)).json()["id"].as_str().unwrap().to_owned();
    let paths = ["/", "/search", "/search?q=faces", "/search?q=faces&reason=consent", "/d/doi:10.5281%2Fzenodo.1234567"];
    let more =
        ["/d/doi:10.5281%2Fzenodo.2", "/d/sha256:zz", "/n/nothing", "/p/nobody", "/log", "/peers", "/statistics", "/drop"];
    let docs = ["/docs", "/docs/check", "/docs/notices", "/docs/documents", "/docs/schema/CheckAnswer"];
    let of_notice = [format!("/n/{id}"), format!("/p/{}", speaker.did)];
    paths.into_iter().chain(more).chain(docs).map(str::to_owned).chain(of_notice).collect()
}

#[test]
fn every_page_has_a_title_a_description_one_heading_and_stays_small() {
    let server = TestServer::start();
    for path in every_page(&server) {
        let page = server.get(&path).text();
        let title = page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert!(title.contains("Palinode") && title.len() > 10, "{path}: {title}");
        assert_eq!(page.matches("<h1>").count(), 1, "{path}");
        assert!(page.contains("<meta name=\"description\" content=\""), "{path}");
        assert!(page.contains("<html lang=\"en\" dir=\"ltr\">") && page.contains("<main id=\"main\">"), "{path}");
        let page = without_data(&page);
        // One page has a script of ours, which stands in a file of its own.
        let scripts = usize::from(path == "/drop");
        assert_eq!(page.matches("<script src=\"/drop.js\" defer></script>").count(), scripts, "{path}");
        assert_eq!(page.matches("<script").count(), scripts, "{path}");
        assert!(!page.contains(" style=") && !page.contains("=\"//"), "{path}");
        assert!(page.len() < 60_000, "{path}: {} bytes", page.len());
    }
}

#[test]
fn a_page_speaks_the_language_that_is_asked_for_and_its_links_keep_to_it() {
    let server = TestServer::start();
    let by_browser = server.get_with("/", &[("Accept-Language", "de-CH,de;q=0.9,en;q=0.5")]).text();
    assert!(by_browser.contains("<html lang=\"de\"") && by_browser.contains("Wurde dieser Datensatz zurückgezogen?"));
    assert!(by_browser.contains("href=\"/log\""), "who reads German by nature needs no mark in links");
    let by_link = server.get("/?lang=de").text();
    assert!(by_link.contains("<html lang=\"de\"") && by_link.contains("href=\"/log?lang=de\""), "{by_link}");
    assert!(by_link.contains("<a href=\"/?lang=en\" hreflang=\"en\" lang=\"en\">English</a>"), "{by_link}");
    let asked = server.get("/search?q=doi%3A10.5281%2Fzenodo.2&lang=de");
    assert_eq!(asked.header("location"), Some("/d/doi:10.5281%2Fzenodo.2?lang=de"));
}

#[test]
fn no_page_says_anything_outside_the_catalogues() {
    let server = TestServer::start();
    for path in every_page(&server) {
        let mark = if path.contains('?') { '&' } else { '?' };
        let page = server.get(&format!("{path}{mark}lang=qps-ploc")).text();
        let body = page.split_once("<body>").unwrap().1;
        let unsaid = outside_of_sentences(body).replace("Palinode", "");
        let words: Vec<_> = unsaid.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
        assert!(words.is_empty(), "{path}: {words:?}");
    }
}

/// The text of a page without its marked sentences, and without what people and programs wrote, which stands in elements of its own.
fn outside_of_sentences(html: &str) -> String {
    let (mut text, mut rest, mut depth) = (String::new(), html, 0);
    while let Some(next) = rest.chars().next() {
        if let Some(foreign) = ["bdi", "code", "time", "pre"].iter().find(|name| rest.starts_with(&format!("<{name}"))) {
            rest = rest.split_once(&format!("</{foreign}>")).unwrap().1;
            continue;
        }
        // The names of languages, the words of an issuer, and the labels of a drawing.
        let own = [("<nav aria-label", "</nav>"), ("<section class=\"words\"", "</section>"), ("<g>", "</g>")];
        let own =
            own.iter().find(|(begin, _)| rest.starts_with(begin) && (*begin != "<nav aria-label" || rest.contains("hreflang")));
        if let Some((_, end)) = own {
            rest = rest.split_once(end).unwrap().1;
            continue;
        }
        if next == '<' {
            rest = rest.split_once('>').unwrap().1;
            continue;
        }
        match next {
            '\u{27e6}' => depth += 1,
            '\u{27e7}' => depth -= 1,
            next if depth == 0 => text.push(next),
            _ => {}
        }
        rest = &rest[next.len_utf8()..];
    }
    text
}

#[test]
fn arabic_pages_run_from_right_to_left_and_every_language_is_offered_on_every_page() {
    let server = TestServer::start();
    for path in every_page(&server) {
        let mark = if path.contains('?') { '&' } else { '?' };
        let page = server.get(&format!("{path}{mark}lang=ar")).text();
        assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">"), "{path}");
        for tag in ["en", "de", "fr", "es", "zh", "ja"] {
            assert!(page.contains(&format!("hreflang=\"{tag}\" lang=\"{tag}\">")), "{path}: {tag}");
        }
    }
    for (browser, title) in [
        ("fr-CA,fr;q=0.9", "Ce jeu de données a-t-il été rétracté\u{a0}?"),
        ("es-MX", "¿Se ha retractado este conjunto de datos?"),
        ("zh-CN,zh;q=0.9,en;q=0.1", "这个数据集被撤回了吗？"),
        ("ja", "このデータセットは撤回されましたか？"),
        ("ar-EG", "هل سُحبت مجموعة البيانات هذه؟"),
    ] {
        let page = server.get_with("/", &[("Accept-Language", browser)]);
        assert!(page.text().contains(title), "{browser}: {}", page.text());
        assert_eq!(page.header("vary"), Some("accept-language"));
    }
}

#[test]
fn feeds_and_badges_speak_the_language_that_is_asked_for() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    server.post("/v1/notices", speaker.notice(&speaker.report(DOI)));
    let feed = server.get("/feeds/atom.xml?lang=ja").text();
    assert!(
        feed.contains("xml:lang=\"ja\"") && feed.contains("<title>撤回：") && plain(&feed).contains("が知る通知"),
        "{feed}"
    );
    let badge = server.get_with("/badge/doi:10.5281%2Fzenodo.1234567.svg", &[("Accept-Language", "ar")]);
    assert_eq!(badge.header("vary"), Some("accept-language"));
    assert!(badge.text().contains("xml:lang=\"ar\"") && badge.text().contains("مُبلَّغ عنها"), "{}", badge.text());
}

#[test]
fn the_statistics_count_what_the_log_holds_and_say_the_same_in_drawings_tables_and_json() {
    let server = TestServer::start();
    assert!(plain(&server.get("/statistics").text()).contains("ledger.example.org/log, tree size 0."));
    let speaker = Speaker::key(1);
    for (doi, reasons) in
        [("doi:10.5281/zenodo.1", json!(["consent", "privacy"])), ("doi:10.5281/zenodo.2", json!(["consent"]))]
    {
        let mut notice = speaker.report(doi);
        notice["reasons"] = reasons;
        assert_eq!(server.post("/v1/notices", speaker.notice(&notice)).status, 201);
    }
    let answer = server.get("/v1/statistics");
    assert_eq!(
        answer.json(),
        json!({
            "tree_size": 2, "notices": 2,
            "months": [{"month": "2026-11", "notices": 2, "kinds": [{"code": "retraction", "notices": 2}]}],
            "kinds": [{"code": "retraction", "notices": 2}],
            "reasons": [{"code": "consent", "notices": 2}, {"code": "privacy", "notices": 1}],
            "verdicts": {
                "tree_size": 2, "at": answer.json()["verdicts"]["at"], "datasets": 2,
                "by_verdict": [{"verdict": "reported", "datasets": 2}],
            },
        })
    );
    assert_eq!(server.get_with("/v1/statistics", &[("If-None-Match", answer.header("etag").unwrap())]).status, 304);
    // What came since is added to what was counted.
    assert_eq!(server.post("/v1/notices", speaker.notice(&speaker.report("doi:10.5281/zenodo.3"))).status, 201);
    let counted = server.get("/v1/statistics").json();
    assert_eq!((&counted["tree_size"], &counted["notices"]), (&json!(3), &json!(3)));
    let page = plain(&server.get("/statistics").text());
    assert!(
        page.contains("3 notices in all.") && page.contains("<time class=\"day\" datetime=\"2026-11\">2026-11</time>"),
        "{page}"
    );
    assert!(page.contains("<a href=\"/search?reason=privacy\">Privacy</a></th><td class=\"number\">1</td>"), "{page}");
    assert!(page.contains("role=\"img\" aria-labelledby=\"columns-title\""), "{page}");
    assert!(page.contains(", at tree size 3. 3 datasets in all."), "{page}");
    assert!(page.contains("<th scope=\"row\">Reported</th><td class=\"number\">3</td>"), "{page}");
}

#[test]
fn the_log_is_drawn_as_it_grew_with_the_same_in_a_table() {
    let server = TestServer::start();
    assert!(!server.get("/log").text().contains("class=\"curve\""), "nothing grew yet");
    let speaker = Speaker::key(1);
    for doi in ["doi:10.5281/zenodo.1", "doi:10.5281/zenodo.2", "doi:10.5281/zenodo.3"] {
        assert_eq!(server.post("/v1/notices", speaker.notice(&speaker.report(doi))).status, 201);
    }
    let page = server.get("/log").text();
    assert!(page.contains("role=\"img\" aria-labelledby=\"curve-title\"") && page.contains("<polyline points=\"8,"), "{page}");
    for size in 1..=3 {
        assert!(page.contains(&format!("</time></th><td class=\"number\">{size}</td>")), "{size}: {page}");
    }
}

#[test]
fn the_short_name_of_the_statistics_leads_to_their_page_for_good() {
    let server = TestServer::start();
    for (asked, to) in [("/stats", "/statistics"), ("/stats?lang=de", "/statistics?lang=de")] {
        let answer = server.get(asked);
        assert_eq!((answer.status, answer.header("location")), (308, Some(to)), "{asked}");
    }
}

/// What browsers send.
const BROWSER: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

#[test]
fn a_browser_is_told_of_a_problem_in_words_and_a_program_in_a_problem_document() {
    let server = TestServer::start();
    for (path, status, title, rule) in [
        ("/nowhere", 404, "There is nothing here", "not-found"),
        ("/witness/add-checkpoint", 405, "This address takes no such request", "method-not-allowed"),
        ("/v1/notices?limit=many", 400, "This request cannot be read", "bad-query"),
    ] {
        let (page, document) = (server.get_with(path, &[BROWSER]), server.get(path));
        assert_eq!((page.status, document.status, document.rule()), (status, status, rule.to_owned()), "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert_eq!((page.header("vary"), page.header("cache-control")), (Some("accept, accept-language"), Some("no-store")));
        assert_eq!(page.header("allow"), document.header("allow"), "{path}: other headers stay");
        let page = page.text();
        assert!(page.contains(&format!("<h1>{title}</h1>")) && page.contains(rule) && page.contains("name=\"q\""), "{page}");
    }
    let german = server.get_with("/nowhere?lang=de", &[BROWSER]).text();
    assert!(german.contains("<html lang=\"de\"") && german.contains("<h1>Hier ist nichts</h1>"), "{german}");
    let hostile = server.get_with("/v1/notices?limit=%3Cscript%3E", &[BROWSER]).text();
    assert!(!hostile.contains("<script"), "{hostile}");
}

#[test]
fn whoever_asks_too_often_is_told_when_to_come_back() {
    let mut limits = Limits::default();
    limits.rates.reads = Some(Rate::of(1, Rate::LEAST_BURST));
    // Without a proxy that is listed, nobody on the same machine is counted.
    limits.proxies.listed = vec!["10.0.0.1/32".parse().unwrap()];
    let server = TestServer::with(Options { limits, ..Options::default() });
    let refused = (0..1_000).map(|_| server.get_with("/", &[BROWSER])).find(|answer| answer.status == 429).expect("a refusal");
    let page = plain(&refused.text());
    assert!(page.contains("<h1>Too many requests from your network</h1>") && page.contains("Try again in"), "{page}");
    assert!(refused.header("retry-after").is_some());
}

#[test]
fn a_page_is_kept_for_those_who_read_the_same_language_until_something_is_said() {
    let server = TestServer::start();
    let path = "/d/doi:10.5281%2Fzenodo.1234567";
    let first = server.get(path);
    assert_eq!(server.get(path).header("etag"), first.header("etag"));
    assert_eq!(server.get_with(path, &[("If-None-Match", first.header("etag").unwrap())]).status, 304);
    let german = server.get_with(path, &[("Accept-Language", "de")]).text();
    assert!(german.contains("<html lang=\"de\""), "{german}");
    let speaker = Speaker::key(1);
    assert_eq!(server.post("/v1/notices", speaker.notice(&speaker.report(DOI))).status, 201);
    assert!(server.get(path).text().contains("<strong>Reported.</strong>"), "{}", server.get(path).text());
}

/// What stands in the data block of a page.
fn data_of(page: &str) -> serde_json::Value {
    let block = page.split("<script type=\"application/ld+json\">").nth(1).unwrap_or_else(|| panic!("no data: {page}"));
    serde_json::from_str(block.split("</script>").next().unwrap()).unwrap()
}

#[test]
fn programs_are_told_what_the_publisher_says_of_its_dataset_and_what_others_say_as_a_comment() {
    let publisher = Speaker::domain(3, "example.org");
    let server = TestServer::with(Options { pins: vec![publisher.pin(&["doi:10.5281/"])], ..Options::default() });
    let statement = texts("They were never asked. </script><script>alert(2)</script>");
    let mut own = publisher.retraction("doi:10.5281/zenodo.1", &statement);
    own["dataset"]["title"] = json!("Faces </script><script>alert(1)</script> <!-- &");
    let posted = server.post("/v1/notices", with_documents(&publisher.notice(&own), &[&statement]));
    assert_eq!(posted.status, 201, "{}", posted.text());
    let observer = Speaker::key(1);
    let reported = server.post("/v1/notices", observer.notice(&observer.report("doi:10.5281/zenodo.2"))).json();

    let page = server.get("/d/doi:10.5281%2Fzenodo.1").text();
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    let data = data_of(&page);
    assert_eq!(data[0]["@type"], "Dataset");
    assert_eq!((&data[0]["name"], &data[0]["creativeWorkStatus"]), (&own["dataset"]["title"], &json!("retraction")));
    let data = data_of(&server.get("/d/doi:10.5281%2Fzenodo.2").text());
    assert_eq!(data[0]["@type"], "CorrectionComment", "somebody else reports, and that is all that is said");
    assert_eq!(data[0]["author"]["identifier"], json!(observer.did));
    assert!(data[0]["about"].get("creativeWorkStatus").is_none() && data[0]["about"].get("adms:status").is_none(), "{data}");
    let id = reported["id"].as_str().unwrap();
    let data = data_of(&server.get(&format!("/n/{id}")).text());
    assert_eq!(data["identifier"], json!(format!("urn:palinode:notice:{id}")));
    assert!(!server.get("/d/doi:10.5281%2Fzenodo.3").text().contains("<script"), "nothing is said of what nobody spoke of");
}

#[test]
fn what_pages_name_as_the_same_in_another_form_is_there_in_that_form() {
    let server = TestServer::start();
    let mut followed = 0;
    for path in every_page(&server) {
        let answer = server.get(&path);
        let page = answer.text();
        let mut links = Vec::new();
        for link in page.split("<link rel=\"alternate\" type=\"").skip(1) {
            let (kind, rest) = link.split_once('"').unwrap();
            let to = rest.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
            links.push(format!("<{to}>; rel=\"alternate\"; type=\"{kind}\""));
            // Of what is not here, or is no identifier, there is no other form either.
            if answer.status == 200 {
                let other = server.get(&to);
                let found = other.header("content-type").unwrap().split(';').next().unwrap();
                assert_eq!((other.status, found), (200, kind), "{path} names {to}");
                followed += 1;
            }
        }
        if let Some(header) = answer.header("link") {
            assert_eq!(header, links.join(", "), "{path} says the same in its head");
        }
    }
    assert!(followed > 30, "{followed} links");
    assert!(server.get("/d/doi:10.5281%2Fzenodo.1").header("link").is_some());
}

//! What pages ask of a browser: nothing of anybody else, no cookie, no script, and nothing that the first paint would wait for.

use std::collections::BTreeSet;

use serde_json::json;

use crate::controls;
use crate::pages::{PAGES, in_language};
use crate::stage::Stage;
use crate::tab::Seen;

/// Fields of every page, as the tests of the server's answers know them too; here a browser has taken them in.
const FIELDS: &[(&str, &str)] =
    &[("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin")];

/// Nothing happened but requests to this server.
pub(crate) fn faults(seen: &Seen, own: &str) -> Vec<String> {
    let foreign = seen.requests.iter().filter(|url| !url.starts_with(own) && !url.starts_with("data:"));
    let foreign = foreign.map(|url| format!("asked somebody else: {url}"));
    let cookies = seen.cookies.iter().map(|cookie| format!("a cookie: {cookie}"));
    let dialogs = seen.dialogs.iter().map(|text| format!("a dialog: {text}"));
    // A page that is not there is what its address asked for.
    let said = seen.console.iter().filter(|line| !line.contains("the server responded with a status of 4"));
    foreign.chain(cookies).chain(dialogs).chain(said.map(|line| format!("on the console: {line}"))).collect()
}

pub(crate) fn pages_ask_nobody_else_and_set_no_cookie(stage: &Stage) {
    let tab = stage.tab();
    let own = stage.demo.url("/");
    let languages = stage.directions(&tab);
    tab.seen();
    stage.walk(&tab, &languages, |page, _, path| {
        let seen = tab.seen();
        assert!(!seen.requests.is_empty(), "{}: the browser tells what it asked for", page.name);
        assert_eq!(faults(&seen, &own), [""; 0], "{path}");
        let kept: (String, usize, usize) =
            tab.run("return [document.cookie, localStorage.length, sessionStorage.length]", &json!([]));
        assert_eq!(kept, (String::new(), 0, 0), "{path}");
    });
    let cookies = tab.devtools("Network.getAllCookies", &json!({}));
    assert_eq!(cookies["cookies"], json!([]));
}

pub(crate) fn pages_carry_a_strict_policy_and_hold_no_script_of_their_own(stage: &Stage) {
    let tab = stage.tab();
    let languages = stage.directions(&tab);
    tab.seen();
    stage.walk(&tab, &languages, |page, _, path| {
        let seen = tab.seen();
        let answer = seen.answers.first().unwrap_or_else(|| panic!("{path}: an answer"));
        for (name, value) in FIELDS {
            assert_eq!(answer.field(name), Some(*value), "{path}: {name}");
        }
        let policy = answer.field("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(policy.contains("frame-ancestors 'none'"), page.is_whole(), "{path}: {policy}");
        assert_eq!(answer.field("x-frame-options"), page.is_whole().then_some("DENY"), "{path}");
        let inline: Vec<String> = tab.run(
            "const all = [...document.querySelectorAll('*')];
             const withHandlers = all.filter(one => [...one.attributes].some(a => a.name.startsWith('on') || a.name === 'style'));
             const scripts = [...document.querySelectorAll('script:not([src]):not([type=\"application/ld+json\"]), style')];
             return [...withHandlers, ...scripts].map(one => one.outerHTML.slice(0, 80))",
            &json!([]),
        );
        assert_eq!(inline, [""; 0], "{path}");
    });
}

/// A page of somebody else puts each of ours into a frame.
pub(crate) fn only_the_embedded_page_may_be_framed(stage: &Stage) {
    let tab = stage.tab();
    let elsewhere = controls::serve();
    for page in PAGES {
        let address = stage.demo.url(&page.path(&stage.demo));
        tab.go(&format!("{elsewhere}framing?{address}"));
        let frames = tab.devtools("Page.getFrameTree", &json!({}));
        let framed = frames["frameTree"]["childFrames"][0]["frame"]["url"].as_str().unwrap_or_else(|| panic!("{frames}"));
        assert_eq!(framed == address, !page.is_whole(), "{address}: {framed}");
    }
    // Nor what is no page: answers for programs, pictures, feeds and the script.
    for path in [
        "v1/server",
        "v1/check?id=doi:10.1/x",
        "badge/doi:10.1%2Fx.svg",
        "feeds/atom.xml",
        "drop.js",
        "openapi.json",
        "log/checkpoint",
    ] {
        let address = stage.demo.url(path);
        tab.go(&format!("{elsewhere}framing?{address}"));
        let frames = tab.devtools("Page.getFrameTree", &json!({}));
        let framed = frames["frameTree"]["childFrames"][0]["frame"]["url"].as_str().unwrap_or_else(|| panic!("{frames}"));
        assert_ne!(framed, address);
    }
}

/// The first paint needs the page and its style, which is in the page's head; a second page brings the style from the cache.
pub(crate) fn the_first_paint_waits_for_the_page_and_its_style_only(stage: &Stage) {
    let tab = stage.tab();
    let own = stage.demo.url("/");
    let languages = stage.directions(&tab);
    stage.walk(&tab, &languages[..1], |page, _, path| {
        let blocking: BTreeSet<String> = tab.run(
            "return performance.getEntriesByType('resource').filter(entry => entry.renderBlockingStatus === 'blocking')
                .map(entry => entry.name)",
            &json!([]),
        );
        let style = BTreeSet::from([format!("{own}style.css")]);
        assert_eq!(blocking, style, "{path}: {}", page.name);
        tab.waits_for("a first paint", "performance.getEntriesByName('first-contentful-paint').length");
    });
    tab.go(&stage.demo.url("/"));
    tab.go(&stage.demo.url(&in_language("/log", "en")));
    let from_cache: bool = tab.run(
        "return performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('/style.css'))
            .every(entry => entry.transferSize === 0)",
        &json!([]),
    );
    assert!(from_cache, "the style is not fetched for each page");
}

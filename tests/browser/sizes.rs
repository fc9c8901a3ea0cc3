//! How large pages are: what the demo holds, in the language whose letters take most bytes.

use std::thread::sleep;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::demo::Demo;
use crate::pages::PAGES;
use crate::stage::Stage;

/// What a page may have, in bytes, without pictures.
const MOST: usize = 60_000;

pub(crate) fn every_page_of_the_demo_stays_small(stage: &Stage) {
    let demo = &stage.demo;
    let mut paths: Vec<String> = PAGES.iter().map(|page| page.path(demo)).collect();
    let mut cursor = String::new();
    loop {
        let found = demo.get(&format!("/v1/notices?limit=100{cursor}")).json();
        for notice in found["notices"].as_array().unwrap_or_else(|| panic!("{found}")) {
            paths.push(format!("/n/{}", notice["id"].as_str().unwrap()));
            let subject = notice["notice"]["subjects"][0]["id"].as_str().unwrap_or_else(|| panic!("{notice}"));
            paths.push(format!("/d/{}", utf8_percent_encode(subject, NON_ALPHANUMERIC)));
        }
        match found["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(paths.len() > 150, "the demo has more pages than {}", paths.len());
    let large = paths.iter().filter_map(|path| {
        let mark = if path.contains('?') { '&' } else { '?' };
        let size = patiently(demo, &format!("{path}{mark}lang=ja"));
        (size > MOST).then(|| format!("{path}: {size} bytes"))
    });
    let large: Vec<_> = large.collect();
    assert!(large.is_empty(), "{}", large.join("\n"));
}

/// The size of a page. So many pages at once are more than one address may ask for, and the server says how long to wait.
fn patiently(demo: &Demo, path: &str) -> usize {
    loop {
        let answer = demo.get(path);
        if answer.status != 429 {
            return answer.text().len();
        }
        let wait = answer.header("retry-after").and_then(|wait| wait.parse().ok()).unwrap_or(1);
        sleep(Duration::from_secs(wait));
    }
}

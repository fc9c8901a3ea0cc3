//! What people come for, from the first page to the end, with their own hands: they type, click and read.

use std::process::Command;

use data_encoding::BASE64;
use serde_json::json;

use crate::demo::REMOVED;
use crate::stage::{Stage, pictures};
use crate::tab::{ENTER, LOOKS, Tab};

/// The torrent of MS-Celeb-1M as people have it: from a tracker, from a magnet link, and in base32 from an old client.
const SPELLINGS: [&str; 3] = [
    "9E67EB7CC23C9417F39778A8E06CCA5E26196A97",
    "magnet:?xt=urn:btih:9e67eb7cc23c9417f39778a8e06cca5e26196a97&dn=MS-Celeb-1M&tr=udp%3A%2F%2Ftracker.example%3A80",
    "urn:btih:TZT6W7GCHSKBP44XPCUOA3GKLYTBS2UX",
];
const INFOHASH: &str = "btih:9e67eb7cc23c9417f39778a8e06cca5e26196a97";

/// Somebody at the front page, whose clicks are counted.
struct Visitor<'s> {
    tab: Tab<'s>,
    clicks: u32,
}

impl<'s> Visitor<'s> {
    fn at_the_front_page(stage: &'s Stage) -> Self {
        let tab = stage.tab();
        tab.look(LOOKS[2]);
        tab.go(&stage.demo.url("/?lang=en"));
        Self { tab, clicks: 0 }
    }

    fn clicks(&mut self, selector: &str) {
        self.tab.click(selector);
        self.clicks += 1;
    }

    /// Types into the box and presses Enter.
    fn asks(&self, text: &str) {
        self.tab.type_into("#q", text);
        self.tab.press(ENTER);
        self.tab.waits_for("the answer", "location.pathname.startsWith('/d/')");
    }

    #[track_caller]
    fn reads(&self, words: &[&str]) {
        let text = self.tab.text().replace(['\u{2068}', '\u{2069}'], "");
        for said in words {
            assert!(text.contains(said), "{} does not say {said:?}: {text}", self.tab.address());
        }
    }
}

pub(crate) fn a_torrent_is_found_in_three_spellings_with_why_and_what_to_do(stage: &Stage) {
    for spelling in SPELLINGS {
        let mut visitor = Visitor::at_the_front_page(stage);
        visitor.asks(spelling);
        visitor.reads(&["Reported.", "Understood as a torrent", INFOHASH, "What to do", "Tell those whom you gave it to."]);
        visitor.reads(&["An observer", "who does not own this dataset", "Privacy, Consent"]);
        visitor.clicks(".timeline a[href^='/n/']");
        visitor.tab.waits_for("the notice", "location.pathname.startsWith('/n/')");
        visitor.reads(&[
            "MS-Celeb-1M",
            "Why",
            "People in it did not agree",
            "About 10 million web images",
            "Microsoft Research",
        ]);
    }
}

pub(crate) fn a_derivative_is_followed_to_what_it_was_made_from_and_back(stage: &Stage) {
    let mut visitor = Visitor::at_the_front_page(stage);
    visitor.asks("doi:10.5555/evl.faces-1m");
    visitor.clicks(".graph a[href*='faces-1m-aligned']");
    visitor.tab.waits_for("the derivative", "location.pathname.endsWith('faces-1m-aligned')");
    visitor.reads(&["What was made from what", "hf:datasets/example-vision-lab/faces-1m-aligned", "was made from"]);
    assert_eq!(visitor.tab.run::<usize>("return document.querySelectorAll('.graph rect.asked').length", &json!([])), 1);
    visitor.clicks(".graph a[href*='faces-1m']");
    visitor.tab.waits_for("what it was made from", "!location.pathname.endsWith('-aligned')");
    visitor.reads(&["Retracted."]);
}

pub(crate) fn the_proof_of_a_notice_is_seen_and_holds(stage: &Stage) {
    let mut visitor = Visitor::at_the_front_page(stage);
    visitor.asks(INFOHASH);
    visitor.clicks(".timeline a[href^='/n/']");
    visitor.tab.waits_for("the notice", "location.pathname.startsWith('/n/')");
    let commands: String = visitor.tab.run(
        "return [...document.querySelectorAll('pre')].map(one => one.innerText).find(text => text.includes('proof verify'))",
        &json!([]),
    );
    visitor.clicks("main a[href$='/proof']");
    visitor.tab.waits_for("the proof", "document.contentType === 'text/plain'");
    assert!(visitor.tab.text().starts_with("c2sp.org/tlog-proof@v1"), "{}", visitor.tab.text());
    // The commands as they stand on the page, in an empty folder, with the program that is tested first on the path.
    let folder = tempfile::tempdir().unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_palinode")).parent().unwrap();
    let path = std::env::join_paths([program.as_os_str(), "/usr/bin".as_ref(), "/bin".as_ref()]).unwrap();
    let run = Command::new("sh").args(["-ec", &commands]).env_clear().env("PATH", path).current_dir(folder.path()).output();
    let output = run.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("The entry stands in the log"), "{commands}\n{output:?}");
}

pub(crate) fn the_language_is_switched_and_stays(stage: &Stage) {
    let mut visitor = Visitor::at_the_front_page(stage);
    visitor.asks(INFOHASH);
    visitor.clicks("footer a[hreflang='de']");
    visitor.tab.waits_for("German", "document.documentElement.lang === 'de'");
    visitor.reads(&["Gemeldet.", INFOHASH, "Was zu tun ist"]);
    visitor.clicks("header nav a");
    visitor.tab.waits_for("the notices", "location.pathname === '/search'");
    assert_eq!(visitor.tab.run::<String>("return document.documentElement.lang", &json!([])), "de");
    visitor.asks("doi:10.5555/evl.faces-1m");
    visitor.reads(&["Zurückgezogen."]);
}

pub(crate) fn an_answer_is_printed(stage: &Stage) {
    let visitor = Visitor::at_the_front_page(stage);
    visitor.asks(INFOHASH);
    let printed = visitor.tab.devtools("Page.printToPDF", &json!({"printBackground": false}));
    let file = BASE64.decode(printed["data"].as_str().unwrap().as_bytes()).unwrap();
    assert!(file.starts_with(b"%PDF-") && file.len() > 10_000, "{} bytes", file.len());
    std::fs::write(pictures().join("dataset-removed.pdf"), file).unwrap();
}

pub(crate) fn a_feed_of_one_dataset_is_subscribed_to(stage: &Stage) {
    let mut visitor = Visitor::at_the_front_page(stage);
    visitor.asks(INFOHASH);
    visitor.clicks("main a[href^='/feeds/atom.xml?id=']");
    visitor.tab.waits_for("the feed", "location.pathname === '/feeds/atom.xml'");
    // Chromium shows a feed as it is written.
    let titles: Vec<String> = visitor.tab.run(
        "const atom = 'http://www.w3.org/2005/Atom';
         const feed = new DOMParser().parseFromString(document.body.innerText, 'application/xml');
         return [...feed.getElementsByTagNameNS(atom, 'entry')].map(one => one.getElementsByTagNameNS(atom, 'title')[0].textContent)",
        &json!([]),
    );
    assert!(titles.len() == 1 && titles[0].contains("MS-Celeb-1M"), "{titles:?}");
    // A reader of feeds finds it by itself, from the address of the page.
    visitor.tab.go(&stage.demo.url("/?lang=en"));
    let offered: String =
        visitor.tab.run("return document.querySelector('link[type=\"application/atom+xml\"]').href", &json!([]));
    assert_eq!(
        stage.demo.get(offered.split_once("/feeds").map(|(_, rest)| format!("/feeds{rest}")).unwrap().as_str()).status,
        200
    );
}

/// The words of a dataset's own page are all that somebody new has; two clicks later the command is in the clipboard.
pub(crate) fn somebody_new_copies_the_removal_command_with_two_clicks(stage: &Stage) {
    let mut visitor = Visitor::at_the_front_page(stage);
    visitor.tab.type_into("#q", "https://huggingface.co/datasets/Example-Vision-Lab/Faces-1M");
    visitor.clicks(".box button");
    visitor.tab.waits_for("the answer", "location.pathname.startsWith('/d/')");
    visitor.reads(&[
        "Retracted. This dataset has been retracted by someone who speaks for it; do not use it.",
        "Delete your copies.",
    ]);
    let (command, is_seen): (String, bool) = visitor.tab.run(
        "const one = document.querySelector('.removal code'), at = one.getBoundingClientRect();
         return [one.innerText, at.bottom <= innerHeight && at.top >= 0]",
        &json!([]),
    );
    assert!(is_seen, "the command is seen without scrolling");
    assert_eq!(
        command,
        "find ~/.cache/huggingface/hub -maxdepth 1 -iname 'datasets--example-vision-lab--faces-1m' -exec rm -r {} +"
    );
    visitor.clicks(".removal code");
    assert_eq!(visitor.tab.run::<String>("return getSelection().toString()", &json!([])).trim(), command);
    assert!(visitor.clicks <= 2, "{} clicks", visitor.clicks);
    let others: String = visitor.tab.run("return document.querySelector('pre').innerText", &json!([]));
    assert_eq!(others, format!("palinode index update --server {}\npalinode scan FOLDER", stage.demo.url("/")));
}

/// Texts that a court had removed: the address says so, with the ground, and leads back to what still stands.
pub(crate) fn what_was_removed_says_when_and_on_what_ground_and_the_notice_stands(stage: &Stage) {
    let tab = stage.tab();
    tab.go(&stage.demo.url(&format!("/v1/documents/{}", stage.demo.removed)));
    let status: u16 = tab.run("return performance.getEntriesByType('navigation')[0].responseStatus", &json!([]));
    let page = tab.text();
    assert_eq!(status, 451, "{page}");
    for word in [
        "This was removed, by law or on request",
        "A court or an authority ordered it.",
        "DE",
        "7 O 12/26",
        "It does not come back",
    ] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let when: String = tab.run("return document.querySelector('dd time').dateTime", &json!([]));
    assert!(when.starts_with("20") && when.ends_with('Z'), "{when}");
    // The box of the page leads to what is known, and the notice stands without its words.
    tab.type_into("#q", "UnConstrained College Students");
    tab.press(ENTER);
    tab.waits_for("what is known", "document.querySelector('main a[href^=\"/n/\"]')");
    tab.go(&stage.demo.url(&format!("/n/{}", stage.demo.notice(REMOVED))));
    let notice = tab.text();
    assert!(notice.contains("This notice is in force.") && notice.contains("7 O 12/26"), "{notice}");
    assert!(!notice.contains("1,732 people"), "the words are gone: {notice}");
}

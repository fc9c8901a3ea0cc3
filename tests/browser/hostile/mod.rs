//! What strangers wrote is shown and does nothing: more than 300 texts in every field that takes them, in a real browser, in readers of
//! feeds and in a terminal.

mod posting;
mod texts;

use std::collections::BTreeSet;

use palinode::envelope::PayloadType;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client;
use crate::policy::faults;
use crate::server_process::palinode;
use crate::speakers::Speaker;
use crate::stage::Stage;
use crate::tab::Tab;
use posting::{Taken, fill, hostile};

/// After how many pages the browser is asked what it saw meanwhile.
const ROUND: usize = 50;

/// What is made of: elements, and the attributes that each has.
const MADE_OF: &str = "return [...new Set([...document.querySelectorAll('*')]
    .flatMap(one => [one.tagName, ...[...one.attributes].map(attribute => one.tagName + ' ' + attribute.name)]))]";

/// The same, whether a script ran, and which links and data would be no such thing.
const LOOKED_AT: &str = "const all = [...document.querySelectorAll('*')];
    const made = [...new Set(all.flatMap(one => [one.tagName, ...[...one.attributes].map(a => one.tagName + ' ' + a.name)]))];
    const wrong = all.filter(one => ['href', 'src', 'action'].some(name => one.hasAttribute(name)
        && !/^(https?:$)/.test(new URL(one.getAttribute(name), document.baseURI).protocol)))
        .map(one => one.outerHTML.slice(0, 200));
    const data = [...document.querySelectorAll('script')].filter(one => { try { JSON.parse(one.textContent); return false } catch { return true } });
    const heading = document.querySelector('h1 bdi');
    return {ran: 'canary' in window, made, wrong, data: data.map(one => one.outerHTML.slice(0, 200)),
        heading: heading ? heading.textContent : null, base: document.baseURI}";

#[derive(Deserialize)]
struct LookedAt {
    ran: bool,
    made: BTreeSet<String>,
    wrong: Vec<String>,
    data: Vec<String>,
    heading: Option<String>,
    base: String,
}

/// Somebody who opens pages and tells what was wrong with them.
struct Watcher<'s> {
    tab: Tab<'s>,
    own: String,
    /// What ordinary pages are made of.
    ordinary: BTreeSet<String>,
    since: Vec<String>,
    faults: Vec<String>,
}

impl<'s> Watcher<'s> {
    fn new(stage: &'s Stage, own: String) -> Self {
        let tab = stage.tab();
        let languages = stage.directions(&tab);
        let mut ordinary = BTreeSet::new();
        stage.walk(&tab, &languages[..1], |_, _, _| ordinary.extend(tab.run::<Vec<String>>(MADE_OF, &json!([]))));
        tab.seen();
        Self { tab, own, ordinary, since: Vec::new(), faults: Vec::new() }
    }

    /// Opens a page, and gives its heading.
    fn opens(&mut self, path: &str) -> Option<String> {
        self.tab.go(&format!("{}{}", self.own, path.trim_start_matches('/')));
        self.since.push(path.to_owned());
        let looked: LookedAt = match self.tab.try_run(LOOKED_AT, &json!([])) {
            Ok(looked) => looked,
            Err(refused) => {
                self.faults.push(format!("{path}: {refused}"));
                self.tab.dismissed_dialog();
                return None;
            }
        };
        let foreign: Vec<_> = looked.made.difference(&self.ordinary).collect();
        if looked.ran || !foreign.is_empty() || !looked.wrong.is_empty() || !looked.data.is_empty() {
            let (wrong, data) = (&looked.wrong, &looked.data);
            self.faults.push(format!("{path}: ran {}, elements {foreign:?}, links {wrong:?}, data {data:?}", looked.ran));
        }
        if !looked.base.starts_with(&self.own) {
            self.faults.push(format!("{path}: led to {}", looked.base));
        }
        if self.since.len() >= ROUND {
            self.looks_back();
        }
        looked.heading
    }

    /// Asks the browser what happened since.
    fn looks_back(&mut self) {
        let since = std::mem::take(&mut self.since);
        let found = faults(&self.tab.seen(), &self.own);
        if !found.is_empty() {
            self.faults.push(format!("while these were open: {since:?}: {found:?}"));
        }
    }

    #[track_caller]
    fn found_nothing(mut self) {
        self.looks_back();
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

pub(crate) fn three_hundred_hostile_texts_do_nothing_anywhere(stage: &Stage) {
    let hostile = hostile();
    let taken = fill(&hostile);
    eprintln!(
        "{} texts in {} notices, {} of them titles; {} fields refused by a rule",
        hostile.len(),
        taken.notices.len(),
        taken.titles.len(),
        taken.refused
    );
    assert!(taken.titles.len() >= 250, "most texts can be a title");
    pages_show_them(stage, &taken);
    pages_are_asked_for_them(stage, &taken, &hostile);
    feeds_hold_them(stage, &taken);
    terminals_are_told_them(&taken);
    what_is_no_text_is_refused(&taken);
}

/// Pages of notices, of what they are about and of who says so.
fn pages_show_them(stage: &Stage, taken: &Taken) {
    let mut watcher = Watcher::new(stage, taken.server.url.to_string());
    let mut headings = BTreeSet::new();
    for id in &taken.notices {
        headings.extend(watcher.opens(&format!("/n/{id}")));
    }
    for number in 0..taken.notices.len() {
        watcher.opens(&format!("/d/doi:10.5555%2Fhostile.{number}"));
    }
    for issuer in taken.issuers.iter().step_by(4) {
        watcher.opens(&format!("/p/{issuer}"));
    }
    let missing: Vec<_> = taken.titles.iter().filter(|title| !headings.contains(*title)).collect();
    assert!(missing.is_empty(), "not shown as they were signed: {missing:?}");
    let mut next = Some("/search".to_owned());
    while let Some(path) = next {
        watcher.opens(&path);
        let link = "const next = document.querySelector('a[rel=next]'); return next ? next.getAttribute('href') : null";
        next = watcher.tab.run(link, &json!([]));
    }
    watcher.opens("/");
    watcher.found_nothing();
}

/// Pages that are asked for a text: it stands in the address, in the box and in the answer.
fn pages_are_asked_for_them(stage: &Stage, taken: &Taken, hostile: &[String]) {
    let mut watcher = Watcher::new(stage, taken.server.url.to_string());
    for (number, text) in hostile.iter().enumerate() {
        let text = encoded(text);
        if text.len() > 3_000 {
            continue;
        }
        watcher.opens(&format!("/d/{text}"));
        // The box and the frame say it in the same way.
        if number % 2 == 0 {
            watcher.opens(&format!("/search?q={text}&reason=consent"));
        } else {
            watcher.opens(&format!("/embed/d/{text}"));
        }
        // What these say is never what was asked.
        if number % 10 == 0 {
            watcher.opens(&format!("/search?q=x&cursor={text}&lang={text}"));
            watcher.opens(&format!("/p/{text}"));
            watcher.opens(&format!("/n/{text}"));
        }
        let badge = taken.get(&format!("/badge/{text}.svg"));
        assert!(badge.status == 200 || (400..500).contains(&badge.status), "{text}: {}", badge.status);
        assert!(!badge.text().contains("canary"), "{text}: {}", badge.text());
    }
    watcher.found_nothing();
}

/// Feeds are well formed, and a reader gets the titles as they were signed.
fn feeds_hold_them(stage: &Stage, taken: &Taken) {
    const READ: &str = "const atom = 'http://www.w3.org/2005/Atom';
        return arguments[0].map(text => { const feed = new DOMParser().parseFromString(text, 'application/xml');
            const foreign = [...feed.querySelectorAll('*')].filter(one => one.namespaceURI !== atom).map(one => one.outerHTML);
            const links = [...feed.getElementsByTagNameNS(atom, 'link')].filter(one => /^(java|data|vb)/i.test(one.getAttribute('href')));
            return [feed.documentElement.localName, foreign.concat(links.map(one => one.outerHTML)),
                [...feed.getElementsByTagNameNS(atom, 'entry')].map(one => one.getElementsByTagNameNS(atom, 'title')[0].textContent)] })";
    let tab = stage.tab();
    let paths: Vec<String> = (0..taken.notices.len()).map(|number| format!("id=doi:10.5555%2Fhostile.{number}")).collect();
    let feeds: Vec<String> = paths.iter().map(|path| taken.get(&format!("/feeds/atom.xml?{path}")).text()).collect();
    let read: Vec<(String, Vec<String>, Vec<String>)> = tab.run(READ, &json!([feeds]));
    let mut titles = String::new();
    for ((kind, foreign, entries), path) in read.into_iter().zip(&paths) {
        assert_eq!((kind.as_str(), foreign.as_slice(), entries.len()), ("feed", [].as_slice(), 1), "{path}");
        let document: Value = taken.get(&format!("/feeds/feed.json?{path}")).json();
        let title = document["items"][0]["title"].as_str().unwrap();
        // XML has no way to write these two.
        let in_xml = title.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        assert_eq!(in_xml.trim(), entries[0].trim(), "both feeds say the same");
        titles.push_str(title);
        titles.push('\n');
    }
    let missing: Vec<_> = taken.titles.iter().filter(|title| !titles.contains(title.trim())).collect();
    assert!(missing.is_empty(), "not in a feed as they were signed: {missing:?}");
}

/// What a terminal would act upon, or what would deceive who reads it.
fn deceives(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn terminals_are_told_them(taken: &Taken) {
    let folder = tempfile::tempdir().unwrap();
    let server = taken.server.url.as_str();
    let tells = |arguments: &[&str]| {
        let ended = palinode(arguments);
        let said = format!("{}{}", ended.stdout, ended.stderr);
        assert!(!said.trim().is_empty(), "{arguments:?} says something");
        let found: Vec<char> = said.chars().filter(|c| deceives(*c)).collect();
        assert!(found.is_empty(), "{arguments:?}: {found:?} in {said:?}");
    };
    let file = folder.path().join("ids");
    let ids: Vec<String> = (0..taken.notices.len()).map(|number| format!("doi:10.5555/hostile.{number}")).collect();
    std::fs::write(&file, ids.join("\n")).unwrap();
    tells(&["check", "--server", server, "--file", file.to_str().unwrap()]);
    for issuer in taken.issuers.iter().step_by(7) {
        tells(&["publisher", "show", issuer, "--server", server]);
    }
    for envelope in &taken.envelopes {
        let file = folder.path().join("notice.json");
        std::fs::write(&file, envelope).unwrap();
        tells(&["notice", "show", file.to_str().unwrap()]);
    }
}

/// Half of a surrogate pair, and other things that JSON can spell and no text holds.
fn what_is_no_text_is_refused(taken: &Taken) {
    let speaker = Speaker::key(78);
    for spelled in ["\\ud800", "\\udc00x", "\\ud800\\ud800", "\\u0000", "\\u001b[2J", "\\u202e"] {
        let mut notice = speaker.report("doi:10.5555/no-text");
        notice["dataset"]["title"] = json!("SPELLED");
        let payload = notice.to_string().replace("SPELLED", spelled);
        let envelope = speaker.sign(PayloadType::Notice, payload).to_json();
        let answer = client::request(
            taken.server.address(),
            "POST",
            "/v1/notices",
            &[("Content-Type", "application/json")],
            envelope.as_bytes(),
        );
        assert!(matches!(answer.status, 400 | 422), "{spelled}: {}", answer.text());
        assert!(!answer.text().chars().any(|c| deceives(c) && c != '\r'), "{spelled}: {}", answer.text());
    }
}

//! Whether everybody can use the pages: WCAG 2.2 AA as far as axe-core can judge it, and what it cannot judge.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use crate::stage::Stage;
use crate::tab::{LOOKS, Tab};

/// The rules of WCAG 2.0 to 2.2 at levels A and AA, and those of good practice: headings in order, landmarks, one main heading.
const JUDGE: &str = "const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(found => done({
        violations: found.violations.flatMap(rule => rule.nodes.map(node =>
            rule.id + ': ' + node.html.slice(0, 160) + ' ' + (node.failureSummary || '').replace(/\\s+/g, ' '))),
        passed: found.passes.map(rule => rule.id)
    }), fault => done({violations: ['axe failed: ' + fault], passed: []}))";

/// What axe-core found.
#[derive(Debug, Deserialize)]
pub(crate) struct Judged {
    pub(crate) violations: Vec<String>,
    pub(crate) passed: Vec<String>,
}

/// Asks axe-core about the page as it looks now.
pub(crate) fn judge(stage: &Stage, tab: &Tab<'_>) -> Judged {
    let there: bool = tab.run("return typeof window.axe === 'object'", &json!([]));
    if !there {
        // Not by `run`, whose script is a function: this one must stand at the top of the document, as in a page of its own.
        tab.devtools("Runtime.evaluate", &json!({"expression": stage.tools.axe}));
    }
    tab.run_to_callback(JUDGE, &json!([]))
}

pub(crate) fn every_page_meets_wcag_2_2_aa_in_every_look(stage: &Stage) {
    let tab = stage.tab();
    let languages = stage.directions(&tab);
    let mut faults = Vec::new();
    stage.walk(&tab, &languages, |page, language, _| {
        for look in LOOKS {
            tab.look(look);
            let judged = judge(stage, &tab);
            for needed in ["color-contrast", "html-has-lang", "document-title"] {
                assert!(judged.passed.iter().any(|rule| rule == needed), "{}: axe did not judge {needed}", page.name);
            }
            let at = format!("{} {} {} {}", page.name, language.tag, look.width, look.scheme());
            // A page for frames is a part of somebody's page, which has the headings and landmarks.
            let counts = |fault: &&String| page.is_whole() || !fault.starts_with("page-has-heading-one");
            faults.extend(judged.violations.iter().filter(counts).map(|fault| format!("{at}: {fault}")));
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

pub(crate) fn no_page_scrolls_sideways_at_320_pixels(stage: &Stage) {
    let tab = stage.tab();
    let languages = stage.languages(&tab);
    let mut faults = Vec::new();
    stage.walk(&tab, &languages, |page, language, _| {
        tab.look(LOOKS[0]);
        // What may scroll by itself, such as a table, is left out; everything else ends within the window.
        let (needed, wide): (u32, Vec<String>) = tab.run(
            "const inside = one => !one.closest('.wide, pre');
             const beyond = one => { const at = one.getBoundingClientRect(); return at.right > innerWidth + 1 || at.left < -1; };
             const all = [...document.body.querySelectorAll('*:not(.skip)')].filter(inside).filter(beyond);
             return [document.documentElement.scrollWidth, all.slice(0, 5).map(one => one.outerHTML.slice(0, 100))]",
            &json!([]),
        );
        if needed > LOOKS[0].width || !wide.is_empty() {
            faults.push(format!("{} {}: {needed} px wide: {wide:?}", page.name, language.tag));
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

pub(crate) fn every_page_says_what_it_is_before_it_is_read(stage: &Stage) {
    let tab = stage.tab();
    let languages = stage.languages(&tab);
    let (mut titles, mut descriptions) = (BTreeMap::new(), BTreeMap::new());
    stage.walk(&tab, &languages, |page, language, path| {
        let (title, description, headings, size): (String, String, Vec<u32>, usize) = tab.run(
            "const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(one => Number(one.tagName[1]));
             const description = document.querySelector('meta[name=description]');
             return [document.title, description ? description.content : '', headings, performance.getEntriesByType('navigation')[0].decodedBodySize]",
            &json!([]),
        );
        let at = format!("{path} {}", language.tag);
        assert!(size < 60_000, "{at}: {size} bytes");
        assert!((10..=120).contains(&title.chars().count()), "{at}: {title:?}");
        if !page.is_whole() {
            return;
        }
        assert!((20..=400).contains(&description.chars().count()), "{at}: {description:?}");
        assert_eq!(headings.iter().filter(|level| **level == 1).count(), 1, "{at}");
        assert_eq!(headings.first(), Some(&1), "{at}");
        assert!(headings.windows(2).all(|two| two[1] <= two[0] + 1), "{at}: {headings:?}");
        if let Some(other) = titles.insert((language.tag.clone(), title.clone()), path.to_owned()) {
            panic!("{other} and {path} have the same title: {title}");
        }
        // Pages of one kind may be described alike.
        let kind = page.kind();
        let other = descriptions.insert((language.tag.clone(), description.clone()), kind).filter(|other| *other != kind);
        assert_eq!(other, None, "{kind} is described in the same words: {description}");
    });
}

/// What those hear who do not see the page: in which language it is to be read, and what each link, field and picture is.
pub(crate) fn every_page_names_its_language_and_every_link_field_and_picture_has_a_name(stage: &Stage) {
    let tab = stage.tab();
    let languages = stage.languages(&tab);
    let mut faults = Vec::new();
    stage.walk(&tab, &languages, |page, language, _| {
        let (tag, direction): (String, String) =
            tab.run("return [document.documentElement.lang, document.documentElement.dir]", &json!([]));
        assert_eq!((&tag, &direction), (&language.tag, &language.direction), "{}", page.name);
        // By the browser's own reckoning, which counts texts, labels, titles and what pictures say.
        let tree = tab.devtools("Accessibility.getFullAXTree", &json!({}));
        for node in tree["nodes"].as_array().unwrap() {
            let role = node["role"]["value"].as_str().unwrap_or_default();
            let needs_a_name =
                ["link", "button", "textbox", "searchbox", "combobox", "img", "navigation", "region"].contains(&role);
            let name = node["name"]["value"].as_str().unwrap_or_default();
            if needs_a_name && node["ignored"] == json!(false) && name.trim().is_empty() {
                faults.push(format!("{} {}: a {role} without a name", page.name, language.tag));
            }
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

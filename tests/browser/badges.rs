//! Badges as a browser draws them, in every state that the demo has, and in a page of somebody else.

use std::collections::BTreeMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::controls;
use crate::demo::Demo;
use crate::stage::Stage;

/// Nobody spoke of this.
const UNKNOWN: &str = "doi:10.5281/zenodo.7701228";

/// What a browser makes of a badge.
#[derive(Debug, Deserialize)]
struct Drawn {
    role: String,
    label: String,
    title: String,
    words: Vec<String>,
    /// The colour behind the verdict, as red, green and blue.
    colour: [u8; 3],
    /// Whether every word ends within its box.
    fits: bool,
}

const LOOKED_AT: &str = "const root = document.documentElement;
    const boxes = [...root.querySelectorAll('rect')].map(one => one.getBoundingClientRect());
    const words = [...root.querySelectorAll('text')];
    const within = (word, box) => { const at = word.getBoundingClientRect(); return at.left >= box.left && at.right <= box.right; };
    const colour = getComputedStyle(root.querySelectorAll('rect')[1]).fill.match(/[0-9]+/g).map(Number);
    return {role: root.getAttribute('role'), label: root.getAttribute('aria-label'), title: root.querySelector('title').textContent,
        words: words.map(one => one.textContent), colour, fits: words.every((word, n) => within(word, boxes[n]))}";

/// One identifier for each verdict that the demo has.
fn states(demo: &Demo) -> BTreeMap<String, String> {
    let mut states = BTreeMap::from([("unidentified".to_owned(), "sha256:zz".to_owned())]);
    let mut cursor = String::new();
    loop {
        let found = demo.get(&format!("/v1/notices?limit=100{cursor}")).json();
        let mut ids = vec![UNKNOWN.to_owned()];
        for notice in found["notices"].as_array().unwrap() {
            let named =
                ["subjects", "derivatives"].iter().flat_map(|part| notice["notice"][part].as_array().into_iter().flatten());
            ids.extend(named.filter_map(|one| one["id"].as_str()).map(str::to_owned));
        }
        for some in ids.chunks(20) {
            let query: Vec<String> = some.iter().map(|id| format!("id={}", encoded(id))).collect();
            let answers: Value = demo.get(&format!("/v1/check?{}", query.join("&"))).json();
            for (id, answer) in some.iter().zip(answers["answers"].as_array().unwrap()) {
                states.entry(answer["verdict"].as_str().unwrap().to_owned()).or_insert_with(|| id.clone());
            }
        }
        match found["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return states,
        }
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

pub(crate) fn badges_say_every_verdict_in_words_and_none_is_green(stage: &Stage) {
    let tab = stage.tab();
    let states = states(&stage.demo);
    for needed in
        ["retracted", "part-retracted", "derived-from-retracted", "disputed", "superseded", "no-notice", "unidentified"]
    {
        assert!(states.contains_key(needed), "the demo has {needed}: {states:?}");
    }
    let mut said = BTreeMap::new();
    for (verdict, id) in &states {
        for tag in ["en", "ar"] {
            tab.go(&stage.demo.url(&format!("/badge/{}.svg?lang={tag}", encoded(id))));
            let drawn: Drawn = tab.run(LOOKED_AT, &json!([]));
            let at = format!("{verdict} {tag}: {drawn:?}");
            assert_eq!((drawn.role.as_str(), &drawn.label), ("img", &drawn.title), "{at}");
            assert_eq!(drawn.words.len(), 2, "{at}");
            assert_eq!(drawn.title, drawn.words.join(": "), "who does not see it is told the same: {at}");
            assert!(drawn.fits, "{at}");
            let [red, green, blue] = drawn.colour;
            assert!(green <= red.max(blue), "green: {at}");
            let is_grey = red == green && green == blue;
            assert_eq!(is_grey, ["no-notice", "unidentified", "unchecked"].contains(&verdict.as_str()), "{at}");
            if let Some(other) = said.insert((tag, drawn.words[1].clone()), verdict) {
                panic!("{other} and {verdict} say the same: {at}");
            }
        }
    }
    assert_eq!(said[&("en", "No notice known".to_owned())], "no-notice");
}

/// A picture may stand in the page of anybody; that is what badges are for.
pub(crate) fn a_badge_is_shown_in_the_page_of_somebody_else(stage: &Stage) {
    let tab = stage.tab();
    tab.go(&controls::serve());
    let badge = stage.demo.url(&format!("/badge/{}.svg", encoded(UNKNOWN)));
    let (width, height): (u32, u32) = tab.run_to_callback(
        "const done = arguments[1];
         const image = new Image();
         image.onload = () => done([image.naturalWidth, image.naturalHeight]);
         image.onerror = () => done([0, 0]);
         image.src = arguments[0]",
        &json!([badge]),
    );
    assert!(width > 80 && height == 20, "{width} by {height}");
}

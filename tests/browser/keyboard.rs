//! Whoever has no mouse reaches everything, sees where he is, and is trapped nowhere.

use serde_json::json;

use crate::stage::Stage;
use crate::tab::{ENTER, LOOKS, TAB, Tab};

/// What a keyboard must reach, in the order of the page. Each is marked with its number.
const CONTROLS: &str = "const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];
    const reached = all.filter(one => one.tabIndex >= 0 && !one.disabled && one.type !== 'hidden' && one.getClientRects().length);
    window.controls = reached;
    return reached.map(one => one.outerHTML.slice(0, 80))";

/// Which of them has the focus now (-1 for none), and whether that can be seen.
const FOCUS: &str = "const one = document.activeElement;
    const style = getComputedStyle(one);
    const at = one.getBoundingClientRect();
    const inWindow = at.bottom > 0 && at.right > 0 && at.top < innerHeight && at.left < innerWidth;
    return [window.controls.indexOf(one), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && inWindow]";

pub(crate) fn the_keyboard_reaches_everything_in_order_and_shows_where_it_is(stage: &Stage) {
    let tab = stage.tab();
    let languages = stage.directions(&tab);
    let mut faults = Vec::new();
    stage.walk(&tab, &languages, |page, language, _| {
        tab.look(LOOKS[2]);
        let controls: Vec<String> = tab.run(CONTROLS, &json!([]));
        for (number, control) in controls.iter().enumerate() {
            tab.press(TAB);
            let (at, is_seen) = focus(&tab);
            let here = format!("{} {}: stop {number}, {control}", page.name, language.tag);
            if usize::try_from(at) != Ok(number) {
                faults.push(format!("{here}: the focus is at {at}"));
                return;
            }
            if !is_seen {
                faults.push(format!("{here}: the focus cannot be seen"));
            }
        }
        tab.press(TAB);
        let (at, _) = focus(&tab);
        if at > 0 {
            faults.push(format!("{} {}: the focus does not leave the page, but is at {at}", page.name, language.tag));
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn focus(tab: &Tab<'_>) -> (i64, bool) {
    tab.run(FOCUS, &json!([]))
}

pub(crate) fn the_first_stop_of_every_page_leads_past_the_head(stage: &Stage) {
    let tab = stage.tab();
    let languages = stage.directions(&tab);
    stage.walk(&tab, &languages, |page, _, path| {
        if !page.is_whole() {
            return;
        }
        tab.look(LOOKS[2]);
        tab.press(TAB);
        let skips: bool = tab.run("return document.activeElement.matches('a.skip[href=\"#main\"]')", &json!([]));
        assert!(skips, "{path}");
        tab.press(ENTER);
        tab.waits_for("the page goes to its content", "location.hash === '#main'");
        tab.press(TAB);
        let inside: bool = tab.run(
            "const one = document.activeElement;
             return !one.closest('header') && (!!one.closest('main') || !document.querySelector('main :is(a, button, input, select)'))",
            &json!([]),
        );
        assert!(inside, "{path}: the next stop is in the content");
    });
}

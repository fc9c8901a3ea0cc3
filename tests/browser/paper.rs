//! Pages on paper: nothing is cut off, hashes stand there whole, and what only a screen can use is left out.

use data_encoding::BASE64;
use serde_json::json;

use crate::stage::Stage;

/// What an A4 sheet has between its margins, in CSS pixels.
const SHEET: u32 = 718;

pub(crate) fn every_page_can_be_printed_whole(stage: &Stage) {
    let tab = stage.tab();
    let languages = stage.directions(&tab);
    let mut faults = Vec::new();
    let window = json!({"width": SHEET, "height": 1000, "deviceScaleFactor": 1, "mobile": false});
    stage.walk(&tab, &languages, |page, language, _| {
        tab.devtools("Emulation.setDeviceMetricsOverride", &window);
        tab.devtools("Emulation.setEmulatedMedia", &json!({"media": "print", "features": []}));
        let cut: Vec<String> = tab.run(
            "const shown = [...document.querySelectorAll('pre, code, table, svg, p, li, dd, td')].filter(one => one.getClientRects().length);
             const beyond = one => { const at = one.getBoundingClientRect(); return at.right > innerWidth + 1 || at.left < -1; };
             const scrolled = one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible';
             return shown.filter(one => beyond(one) || scrolled(one)).map(one => one.outerHTML.slice(0, 90))",
            &json!([]),
        );
        let controls: Vec<String> = tab.run(
            "return [...document.querySelectorAll('input, button, select, nav, .skip')].filter(one => one.getClientRects().length)
                .map(one => one.outerHTML.slice(0, 90))",
            &json!([]),
        );
        let at = format!("{} {}", page.name, language.tag);
        faults.extend(cut.into_iter().map(|element| format!("{at}: cut off: {element}")));
        faults.extend(controls.into_iter().map(|element| format!("{at}: useless on paper: {element}")));
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

pub(crate) fn a_printed_notice_shows_its_full_hashes_and_where_its_links_lead(stage: &Stage) {
    let tab = stage.tab();
    let id = stage.demo.notice("q=MS-Celeb-1M&limit=1");
    let notice = stage.demo.get(&format!("/v1/notices/{id}")).json();
    let entry = notice["entry"].as_str().unwrap_or_else(|| panic!("{notice}")).to_owned();
    tab.go(&stage.demo.url(&format!("/n/{id}")));
    tab.devtools("Emulation.setEmulatedMedia", &json!({"media": "print", "features": []}));
    let text = tab.text();
    for hash in [&id, &entry] {
        assert!(hash.len() == 64 && text.contains(hash.as_str()), "{hash} stands on paper: {text}");
    }
    let told: bool = tab.run(
        "const links = [...document.querySelectorAll('main a[href^=http]')].filter(one => one.textContent !== one.href);
         return links.every(one => getComputedStyle(one, '::after').content.includes(one.getAttribute('href')))",
        &json!([]),
    );
    assert!(told, "a link on paper says where it leads");
    let printed = tab.devtools("Page.printToPDF", &json!({"printBackground": false}));
    let file = BASE64.decode(printed["data"].as_str().unwrap().as_bytes()).unwrap();
    assert!(file.starts_with(b"%PDF-") && file.len() > 10_000, "{} bytes", file.len());
    std::fs::write(crate::stage::pictures().join("notice-of-a-case.pdf"), file).unwrap();
}

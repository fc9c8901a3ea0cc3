//! Pictures of every page, for people to look at: `target/screenshots/{page}-{language}-{width}-{light|dark}.png`.

use data_encoding::BASE64;
use serde_json::json;

use crate::stage::{Stage, pictures};
use crate::tab::LOOKS;

/// Every page, by day and by night, wide and narrow, in each direction of writing; and wide by day in every other language.
pub(crate) fn pictures_of_every_page_are_written(stage: &Stage) {
    let tab = stage.tab();
    let folder = pictures();
    let directions: Vec<String> = stage.directions(&tab).into_iter().map(|language| language.tag).collect();
    let languages = stage.languages(&tab);
    let mut written = 0;
    stage.walk(&tab, &languages, |page, language, _| {
        let in_every_look = directions.contains(&language.tag);
        for look in LOOKS.into_iter().filter(|look| in_every_look || *look == LOOKS[2]) {
            tab.look(look);
            let taken = tab.devtools("Page.captureScreenshot", &json!({"format": "png", "captureBeyondViewport": true}));
            let picture = BASE64.decode(taken["data"].as_str().unwrap().as_bytes()).unwrap();
            assert!(picture.starts_with(b"\x89PNG") && picture.len() > 1000, "{}: no picture", page.name);
            let name = format!("{}-{}-{}-{}.png", page.name, language.tag, look.width, look.scheme());
            std::fs::write(folder.join(name), picture).unwrap();
            written += 1;
        }
    });
    eprintln!("{written} pictures in {}", folder.display());
}

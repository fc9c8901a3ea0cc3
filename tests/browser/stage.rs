//! What all tests share: one browser, and one demo that it looks at.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;

use crate::demo::Demo;
use crate::driver::Driver;
use crate::pages::{PAGES, Page, in_language};
use crate::tab::Tab;
use crate::tools::Tools;

/// The browser and the demo.
pub(crate) struct Stage {
    pub(crate) driver: Driver,
    pub(crate) demo: Demo,
    pub(crate) tools: Tools,
}

/// A language that pages offer.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Language {
    pub(crate) tag: String,
    /// `ltr` or `rtl`.
    pub(crate) direction: String,
}

impl Stage {
    pub(crate) fn set(tools: Tools) -> Self {
        let demo = Demo::start();
        Self { driver: Driver::start(&tools), demo, tools }
    }

    pub(crate) fn tab(&self) -> Tab<'_> {
        Tab::open_in(&self.driver)
    }

    /// English, and the first language of each other direction: what they share is not looked at again for each.
    pub(crate) fn directions(&self, tab: &Tab<'_>) -> Vec<Language> {
        let mut all = self.languages(tab);
        all.sort_by_key(|language| language.tag != "en");
        let mut chosen: Vec<Language> = Vec::new();
        for language in all {
            if !chosen.iter().any(|known| known.direction == language.direction) {
                chosen.push(language);
            }
        }
        chosen
    }

    /// The languages that the front page offers.
    pub(crate) fn languages(&self, tab: &Tab<'_>) -> Vec<Language> {
        tab.go(&self.demo.url("/"));
        let tags: Vec<String> = tab.run(
            "return [...document.head.querySelectorAll('link[hreflang]')].map(link => link.hreflang)
                .filter(tag => tag !== 'x-default')",
            &json!([]),
        );
        assert!(tags.len() >= 2, "a page offers languages: {tags:?}");
        let direction = |tag: String| {
            tab.go(&self.demo.url(&in_language("/", &tag)));
            let (said, direction): (String, String) =
                tab.run("return [document.documentElement.lang, document.documentElement.dir]", &json!([]));
            assert_eq!(said, tag, "the page speaks the language that it was asked for");
            Language { tag, direction }
        };
        tags.into_iter().map(direction).collect()
    }

    /// Goes to every page in each of these languages.
    pub(crate) fn walk(&self, tab: &Tab<'_>, languages: &[Language], mut visit: impl FnMut(&Page, &Language, &str)) {
        for page in PAGES {
            let path = page.path(&self.demo);
            for language in languages {
                tab.go(&self.demo.url(&in_language(&path, &language.tag)));
                visit(page, language, &path);
            }
        }
    }
}

/// Where pictures are written.
pub(crate) fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

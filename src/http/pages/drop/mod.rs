//! `GET /drop`: a box for files that are looked up without being sent, and the commands that do the same.
//!
//! The one page with a script. The browser computes the digest, the script asks for its first digits
//! (`/v1/digests/{algorithm}/{prefix}`) and compares by itself, so that neither file nor name nor digest leaves the reader's machine.
//! Whatever the script may have to say stands in the page, in `template` elements and in the reader's language; the script has no words.
//! Without scripts, or where a browser computes no digests, the commands remain.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::frame::Frame;
use super::verdict_box::VerdictBox;
use crate::http::answer;
use crate::http::language::Speech;
use crate::http::problem::Problem;
use crate::http::server::PublicUrl;
use crate::ledger::Ledger;
use crate::notice::DigestPrefix;
use crate::verdict::{Part, Verdict};

const SCRIPT: &str = include_str!("drop.js");

/// The largest file that is looked up, in bytes: browsers compute a digest of bytes that are all in memory.
const LARGEST: u64 = 1 << 30;
const LARGEST_WORDS: &str = "1 GiB";
/// How many files are looked up at once. Many files of one dataset would tell which one it is.
const FILES: usize = 20;
/// How many notices of one file are linked.
const NOTICES: usize = 5;

#[derive(Template)]
#[template(path = "drop.html", config = "src/http/pages/askama.toml")]
struct Drop<'p> {
    frame: Frame<'p>,
    server: String,
    fewest: usize,
    most: usize,
    largest: u64,
    largest_words: &'static str,
    files: usize,
    notices: usize,
    verdicts: Vec<VerdictWords>,
    /// What is said where nothing is known, with places for time and size.
    nothing: String,
    /// Paragraphs below an answer.
    remarks: Vec<Words>,
    /// What the box says while it works.
    states: Vec<Words>,
}

/// A verdict that an answer may have.
struct VerdictWords {
    id: String,
    words: VerdictBox,
}

/// Something that is said.
struct Words {
    id: &'static str,
    words: String,
}

/// A box for files that are looked up without being sent.
#[utoipa::path(
    tag = "pages", responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
#[get("/drop")]
pub(super) async fn page(request: HttpRequest, ledger: Data<Ledger>, url: Data<PublicUrl>) -> Result<HttpResponse, Problem> {
    let frame = Frame::of(&request, &ledger);
    let t = frame.t;
    let nothing = [("origin", frame.origin), ("time", "{time}"), ("size", "{size}")];
    let nothing = nothing.each_ref().map(|(name, value)| (*name, value as &dyn crate::http::language::Argument));
    let said = |id: &'static str, name: &str| Words { id, words: t.say(name).into_owned() };
    let page = Drop {
        server: url.shown(),
        fewest: DigestPrefix::FEWEST,
        most: DigestPrefix::MOST_TOLD,
        largest: LARGEST,
        largest_words: LARGEST_WORDS,
        files: FILES,
        notices: NOTICES,
        verdicts: verdicts(t),
        nothing: t.say_with("no-notice-known", &nothing),
        remarks: vec![
            said("empty", "drop-empty"),
            Words { id: "large", words: t.say_of("drop-large", "size", LARGEST_WORDS) },
            said("unreadable", "drop-unreadable"),
            said("unreachable", "drop-unreachable"),
            said("busy", "drop-busy"),
            said("crowded", "drop-crowded"),
            said("incomplete", "caution-incomplete"),
        ],
        states: vec![
            Words { id: "working", words: t.say_of_two("drop-working", "done", "{done}", "all", "{all}") },
            Words { id: "done", words: t.say_of("drop-done", "done", "{done}") },
            Words { id: "more", words: t.say_of("drop-more", "done", "{done}") },
        ],
        frame,
    };
    Frame::page(&request, &page)
}

/// Every verdict that a notice can have, and the one for what could not be looked up.
fn verdicts(t: Speech) -> Vec<VerdictWords> {
    let whole = Verdict::ALL.iter().filter(|verdict| !matches!(verdict, Verdict::NoNotice | Verdict::Unidentified));
    let words = |verdict: Verdict, part| VerdictBox::of(verdict, part, t);
    let mut all: Vec<VerdictWords> =
        whole.map(|verdict| VerdictWords { id: verdict.to_string(), words: words(*verdict, None) }).collect();
    let open = (Verdict::PartRetracted, Part::CannotTell);
    all.push(VerdictWords { id: format!("{}-{}", open.0, open.1), words: words(open.0, Some(open.1)) });
    all
}

/// The script of the page.
#[utoipa::path(tag = "pages", responses((status = 200, description = "JavaScript", body = String, content_type = "text/javascript")))]
#[get("/drop.js")]
pub(super) async fn script(request: HttpRequest) -> HttpResponse {
    answer::bytes_with_etag(&request, SCRIPT.as_bytes().to_vec(), "text/javascript; charset=utf-8", "public, max-age=3600")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The names that stand in the script as `t-...` or as an argument of `template`.
    fn templates_of_the_script() -> BTreeSet<String> {
        let calls = ["template(\"", "say(\"", "fault: \"", " ? \"", " : \""].iter().flat_map(|call| SCRIPT.split(call).skip(1));
        calls.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
    }

    #[test]
    fn the_script_shows_no_words_of_its_own_and_no_markup() {
        for forbidden in
            ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval", "http:", "https:", "localStorage"]
        {
            assert!(!SCRIPT.contains(forbidden), "{forbidden}");
        }
        // A sentence would have words with spaces between them.
        for line in SCRIPT.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let texts: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
            assert!(texts.iter().all(|text| !text.contains(' ') || *text == "use strict"), "{line}");
        }
    }

    #[test]
    fn every_template_that_the_script_asks_for_stands_in_the_page() {
        let template = include_str!("../drop.html");
        let here = include_str!("mod.rs");
        let asked = templates_of_the_script();
        assert!(asked.len() > 10, "{asked:?}");
        for id in asked.iter().filter(|id| *id != "unchecked") {
            assert!(template.contains(&format!("t-{id}\"")) || here.contains(&format!("\"{id}\", ")), "{id}");
        }
    }
}

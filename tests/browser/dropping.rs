//! Files that are looked up in the browser: what is said of each, and that nothing leaves but the first digits of a digest.

use data_encoding::HEXLOWER;
use palinode::notice::DocumentHash;
use palinode::tlog::{Frontier, Hash};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::client::{self, Answer};
use crate::server_process::{Launch, ServerProcess};
use crate::speakers::{Speaker, with_documents};
use crate::stage::Stage;
use crate::tab::{LOOKS, Seen, TAB, Tab};

const NAMED: &str = "the bytes of a file that a notice names";
const LISTED: &str = "the bytes of a file that stands in a list";
const UNKNOWN: &str = "the bytes of a file that nobody spoke of";
/// A name that would like to be markup, and to turn the text around it.
const HOSTILE: &str = "<img src=x onerror=alert(1)>{digest}\u{202e}gpj.exe";

fn digest(bytes: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// A server with a notice that names one file itself and one in a list.
struct Known {
    server: ServerProcess,
    notice: String,
    _folder: TempDir,
}

impl Known {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Launch::on(folder.path().join("data")).start();
        let speaker = Speaker::key(1);
        let list = Sha256::digest(LISTED).to_vec();
        let mut tree = Frontier::empty();
        tree.append(Hash::leaf(&list));
        let mut notice = speaker.report("doi:10.5281/zenodo.1234567");
        notice["subjects"].as_array_mut().unwrap().push(json!({"id": format!("sha256:{}", digest(NAMED)), "role": "file"}));
        notice["digest_lists"] = json!([{
            "algorithm": "sha256", "sha256": DocumentHash::of(&list).to_string(), "count": 1,
            "blocks": tree.root().to_string(), "role": "affected"
        }]);
        let mut known = Self { server, notice: String::new(), _folder: folder };
        let body = with_documents(&speaker.notice(&notice), &[&list]);
        let posted = known.request("POST", "/v1/notices", body.as_bytes());
        assert_eq!(posted.status, 201, "{}", posted.text());
        posted.json()["id"].as_str().unwrap().clone_into(&mut known.notice);
        known
    }

    fn request(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        client::request(self.server.address(), method, path, &[("Content-Type", "application/json")], body)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{}", self.server.url, path.trim_start_matches('/'))
    }
}

/// Drops files on the box, as a mouse does.
fn drop_files(tab: &Tab<'_>, files: &[(&str, &str)]) {
    tab.run::<()>(
        "const dropped = new DataTransfer();
         for (const [name, text] of arguments[0]) dropped.items.add(new File([text], name));
         const zone = document.getElementById('zone');
         zone.dispatchEvent(new DragEvent('drop', {dataTransfer: dropped, bubbles: true, cancelable: true}))",
        &json!([files]),
    );
    tab.waits_for(
        "as many answers as files",
        &format!("document.querySelectorAll('#answers > li').length === {}", files.len()),
    );
}

/// The text of each answer, without the marks that keep what is put into a sentence in its own direction.
fn answers(tab: &Tab<'_>) -> Vec<String> {
    let script =
        "return [...document.querySelectorAll('#answers > li')].map(one => one.innerText.replace(/[\\u2068\\u2069]/g, ''))";
    tab.run(script, &json!([]))
}

fn links(tab: &Tab<'_>, answer: usize) -> Vec<String> {
    let script = "return [...document.querySelectorAll('#answers > li')[arguments[0]].querySelectorAll('a')].map(one => one.getAttribute('href'))";
    tab.run(script, &json!([answer]))
}

/// Paths that were asked for since, but those of the page itself.
fn asked(seen: &Seen, own: &str) -> Vec<String> {
    let of_page = ["/drop", "/drop?lang=de", "/drop?lang=ar", "/drop.js", "/style.css"];
    let paths = seen.requests.iter().map(|url| format!("/{}", url.strip_prefix(own).unwrap_or_else(|| panic!("asked {url}"))));
    paths.filter(|path| !of_page.contains(&path.as_str())).collect()
}

pub(crate) fn files_are_looked_up_and_only_the_first_digits_leave_the_browser(stage: &Stage) {
    let known = Known::start();
    let tab = stage.tab();
    let own = known.server.url.to_string();
    tab.go(&known.url("/"));
    tab.click("a[href='/drop']");
    tab.waits_for("the box, one click from the first page", "document.querySelector('#zone:not([hidden])')");
    tab.seen();
    let files = [("named.tar", NAMED), ("listed.tar", LISTED), ("unknown.tar", UNKNOWN), ("empty.tar", ""), (HOSTILE, NAMED)];
    drop_files(&tab, &files);
    let told = answers(&tab);
    for (n, bytes) in [(0, NAMED), (1, LISTED), (4, NAMED)] {
        assert!(told[n].contains("Reported") && told[n].contains("reports that it should not be used"), "{}", told[n]);
        let digest = digest(bytes);
        assert_eq!(links(&tab, n), [format!("/n/{}", known.notice), format!("/d/sha256:{digest}")]);
        assert!(told[n].contains(&format!("begin with {}", &digest[..4])), "what was told is said: {}", told[n]);
    }
    let nothing = &told[2];
    assert!(
        nothing.contains("No notice is known to") && nothing.contains("tree size") && nothing.contains(" as of 20"),
        "{nothing}"
    );
    assert!(!nothing.contains('{') && links(&tab, 2).is_empty(), "{nothing}");
    assert!(told[3].contains("This file is empty") && told[3].contains("nobody was asked"), "{}", told[3]);
    // The name is shown as it is, and is nothing but text.
    let (name, elements): (String, usize) = tab.run(
        "const one = document.querySelectorAll('#answers > li')[4].querySelector('bdi'); return [one.textContent, one.children.length]",
        &json!([]),
    );
    assert_eq!((name.as_str(), elements), (HOSTILE, 0));
    let seen = tab.seen();
    let ranges: Vec<String> =
        [NAMED, LISTED, UNKNOWN, NAMED].iter().map(|bytes| format!("/v1/digests/sha256/{}", &digest(bytes)[..4])).collect();
    let mut asked = asked(&seen, &own);
    // The browser may have the answer about a file that was dropped twice.
    asked.dedup();
    assert!(asked == ranges || asked == ranges[..3], "{asked:?}");
    assert_eq!(crate::policy::faults(&seen, &own), [""; 0], "no report of the policy, no dialog, nobody else asked");
    // Both links lead where they say.
    tab.click("#answers li a[href^='/d/']");
    tab.waits_for("the page of the file", "document.querySelector('.verdict.caution')");
}

pub(crate) fn a_file_that_is_chosen_with_the_keyboard_is_announced(stage: &Stage) {
    let known = Known::start();
    let tab = stage.tab();
    let folder = tempfile::tempdir().unwrap();
    let paths = [("one.bin", NAMED), ("two.bin", UNKNOWN)].map(|(name, bytes)| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    });
    for (tag, direction) in [("en", "ltr"), ("ar", "rtl")] {
        tab.look(LOOKS[0]);
        tab.go(&known.url(&format!("/drop?lang={tag}")));
        // The box is reached by the keyboard, and says what it is and what leaves.
        let mut stops = 0;
        while !tab.run::<bool>("return document.activeElement.id === 'files'", &json!([])) {
            tab.press(TAB);
            stops += 1;
            assert!(stops < 20, "the box is never reached");
        }
        let (label, described, live): (String, String, Vec<String>) = tab.run(
            "const input = document.getElementById('files');
             const live = [document.getElementById('status').getAttribute('role'), document.getElementById('answers').ariaLive];
             return [input.labels[0].innerText, document.getElementById(input.getAttribute('aria-describedby')).innerText, live]",
            &json!([]),
        );
        assert!(label.contains("20") && described.contains('4'), "{label} {described}");
        assert_eq!(live, ["status", "polite"]);
        tab.type_into("#files", &paths.join("\n"));
        tab.waits_for("two answers", "document.querySelectorAll('#answers > li').length === 2");
        tab.waits_for("the end is announced", "/2/.test(document.getElementById('status').innerText)");
        // The focus stays where it was, so that the next file can be chosen.
        let at: (String, String) = tab.run("return [document.activeElement.id, document.documentElement.dir]", &json!([]));
        assert_eq!(at, ("files".to_owned(), direction.to_owned()));
        let faults = crate::accessibility::judge(stage, &tab).violations;
        assert!(faults.is_empty(), "{tag}: {faults:?}");
        let wide: u32 = tab.run("return document.documentElement.scrollWidth", &json!([]));
        assert!(wide <= LOOKS[0].width, "{tag}: {wide} px wide with answers");
    }
}

pub(crate) fn without_scripts_or_digests_the_commands_remain(stage: &Stage) {
    let known = Known::start();
    let tab = stage.tab();
    tab.devtools("Emulation.setScriptExecutionDisabled", &json!({"value": true}));
    tab.go(&known.url("/drop"));
    let page = tab.text();
    tab.devtools("Emulation.setScriptExecutionDisabled", &json!({"value": false}));
    assert!(
        page.contains("Without scripts this page cannot") && page.contains("--private") && page.contains("palinode scan"),
        "{page}"
    );
    assert!(!page.contains("Drop files here"), "{page}");
    // As over plain http from another machine, where browsers have no WebCrypto (W3C Secure Contexts).
    let gone = "Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined})";
    let added = tab.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({"source": gone}));
    tab.go(&known.url("/drop"));
    let page = tab.text();
    assert!(page.contains("over https") && page.contains("palinode check") && !page.contains("Drop files here"), "{page}");
    tab.devtools("Page.removeScriptToEvaluateOnNewDocument", &json!({"identifier": added["identifier"]}));
}

pub(crate) fn what_a_server_does_not_answer_is_said(stage: &Stage) {
    let known = Known::start();
    let tab = stage.tab();
    let body = |value: &Value| value.to_string();
    let crowded =
        |digits: u32| body(&json!({"type": "urn:palinode:problem:too-many-digests", "status": 422, "digits": digits}));
    for (status, answer, word) in [
        (422, crowded(16), "wants more digits than can be told"),
        (429, "{}".to_owned(), "asked too often"),
        (500, "{}".to_owned(), "no answer that can be used"),
        (200, body(&json!({"prefix": "0000", "digests": []})), "no answer that can be used"),
    ] {
        tab.go(&known.url("/drop"));
        tab.run::<()>(
            "window.told = [];
             window.fetch = async address => { told.push(address); return new Response(arguments[1], {status: arguments[0]}); }",
            &json!([status, answer]),
        );
        drop_files(&tab, &[("unknown.tar", UNKNOWN)]);
        let told = answers(&tab).remove(0);
        assert!(told.contains("Not checked") && told.contains(word), "{status}: {told}");
        let asked: Vec<String> = tab.run("return told", &json!([]));
        assert_eq!(asked, [format!("/v1/digests/sha256/{}", &digest(UNKNOWN)[..4])], "no more digits are told");
    }
    // Enough digits are told where that hides the file still.
    tab.go(&known.url("/drop"));
    tab.run::<()>(
        "window.told = [];
         window.fetch = async address => {
             told.push(address);
             const prefix = address.split('/').pop();
             if (prefix.length < 6) return new Response(JSON.stringify({digits: 6}), {status: 422});
             return new Response(JSON.stringify({prefix, incomplete: true, tree_size: 1, checkpoint_time: null, digests: []}));
         }",
        &json!([]),
    );
    drop_files(&tab, &[("unknown.tar", UNKNOWN)]);
    let told = answers(&tab).remove(0);
    assert!(told.contains("Not checked") && told.contains("incomplete"), "a list that is missing leaves it open: {told}");
    let asked: Vec<String> = tab.run("return told", &json!([]));
    assert_eq!(asked.last(), Some(&format!("/v1/digests/sha256/{}", &digest(UNKNOWN)[..6])));
}

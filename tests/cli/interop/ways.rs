//! The four ways of the chapter, each with the tool that it needs on this machine.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::browser;
use crate::palinode::Desk;

const CHAPTER: &str = include_str!("../../../src/manual/sign-without-palinode.md");

/// Language of the block, a line that it alone has, and the name under which the chapter runs it.
const SCRIPTS: [(&str, &str, &str); 5] = [
    ("sh", "usage: sh sign.sh", "sign.sh"),
    ("sh", "usage: sh verify.sh", "verify.sh"),
    ("python", "usage: python3 notice.py", "notice.py"),
    ("js", "usage: node notice.mjs", "notice.mjs"),
    ("html", "<!doctype html>", "notice.html"),
];

/// A way to sign and to verify without Palinode.
#[derive(Debug)]
pub(super) enum Way {
    /// OpenSSL and a shell.
    Shell,
    /// securesystemslib, with the Python that has it.
    Python(String),
    Node,
    /// WebCrypto, with the browser that has it.
    Page(&'static str),
}

/// Writes the scripts of the chapter, as they stand there.
pub(super) fn write_scripts(desk: &Desk) {
    for (language, line, name) in SCRIPTS {
        let fence = format!("```{language}\n");
        let blocks = CHAPTER.split(&fence).skip(1).map(|rest| rest.split("\n```\n").next().unwrap());
        let [script] = blocks.filter(|block| block.contains(line)).collect::<Vec<_>>()[..] else {
            panic!("the chapter has one block with {line:?}");
        };
        desk.write(name, &format!("{script}\n"));
    }
}

pub(super) fn shell() -> Option<Way> {
    let openssl = first_line("openssl", &["version"]);
    let new = openssl.as_ref().is_some_and(|line| number_after(line, "OpenSSL ").is_some_and(|major| major >= 3));
    (new && first_line("sh", &["-c", "echo here"]).is_some()).then_some(Way::Shell).or_else(|| skip("OpenSSL >= 3.0 with sh"))
}

#[expect(clippy::disallowed_methods, reason = "which Python is used is said by the environment of the test run")]
pub(super) fn python() -> Option<Way> {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/interop-venv/bin/python");
    let made = made.is_file().then(|| made.to_str().unwrap().to_owned());
    let python = std::env::var("PALINODE_PYTHON").ok().or(made).unwrap_or_else(|| "python3".to_owned());
    let has = first_line(&python, &["-c", "import securesystemslib.dsse, cryptography; print('both')"]).is_some();
    has.then_some(Way::Python(python)).or_else(|| skip("Python with securesystemslib[crypto]"))
}

pub(super) fn node() -> Option<Way> {
    let new = first_line("node", &["--version"]).is_some_and(|line| number_after(&line, "v").is_some_and(|major| major >= 18));
    new.then_some(Way::Node).or_else(|| skip("Node >= 18"))
}

pub(super) fn page() -> Option<Way> {
    first_line("chromium", &["--version"]).map(|_| Way::Page("chromium")).or_else(|| skip("chromium"))
}

#[expect(clippy::disallowed_methods, reason = "whether missing tools are a failure is said by the environment of the test run")]
fn skip(what: &str) -> Option<Way> {
    assert!(std::env::var_os("PALINODE_REQUIRE_TOOLS").is_none(), "PALINODE_REQUIRE_TOOLS is set, but there is no {what}");
    eprintln!("SKIPPED: there is no {what} here; nothing was tested with it");
    None
}

/// What a program says first, if it can be run and ends well.
fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())?;
    String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned)
}

fn number_after(text: &str, prefix: &str) -> Option<u32> {
    text.strip_prefix(prefix)?.split('.').next()?.parse().ok()
}

impl Way {
    /// Signs `notice.json` with `key.pem` into `notice.dsse.json`, and gives the identity that it tells.
    pub(super) fn sign(&self, desk: &Desk) -> String {
        let sign = ["sign", "key.pem", "notice.json", "notice.dsse.json"];
        let said = match self {
            Self::Shell => well(&run(desk, "sh", &["sign.sh"])),
            Self::Python(python) => well(&run(desk, python, &[&["notice.py"][..], &sign].concat())),
            Self::Node => well(&run(desk, "node", &[&["notice.mjs"][..], &sign].concat())),
            Self::Page(browser) => {
                let job = json!({"press": "sign", "files": {"key": "key.pem", "notice": "notice.json"}});
                let answer = browser::answers(desk, browser, &json!([job])).remove(0);
                assert_eq!(answer["saved"], answer["result"], "what is saved is what is shown");
                desk.write("notice.dsse.json", text(&answer["saved"]));
                text(&answer["said"]).to_owned()
            }
        };
        said.trim_end().strip_suffix(" signed notice.dsse.json").unwrap_or_else(|| panic!("{self:?} said {said:?}")).to_owned()
    }

    /// What comes out when these envelopes are verified with these public keys: the notice that was signed, or why not.
    pub(super) fn verify(&self, desk: &Desk, asked: &[(&str, &str)]) -> Vec<Result<Vec<u8>, String>> {
        let each = |program: &str, script: &[&str]| {
            asked.iter().map(|(key, file)| verdict(&run(desk, program, &[script, &[*key, *file]].concat()))).collect()
        };
        match self {
            Self::Shell => each("sh", &["verify.sh"]),
            Self::Python(python) => each(python, &["notice.py", "verify"]),
            Self::Node => each("node", &["notice.mjs", "verify"]),
            Self::Page(browser) => {
                let job = |(key, file): &(&str, &str)| json!({"press": "verify", "files": {"public": key, "envelope": file}});
                let jobs = Value::Array(asked.iter().map(job).collect());
                browser::answers(desk, browser, &jobs).iter().map(shown).collect()
            }
        }
    }
}

fn run(desk: &Desk, program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).current_dir(desk.path(".")).output().unwrap()
}

fn well(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// How a verifying script ended. One that refuses must not hand out what it refused.
fn verdict(output: &Output) -> Result<Vec<u8>, String> {
    if output.status.success() {
        return Ok(output.stdout.clone());
    }
    assert!(output.stdout.is_empty(), "{output:?}");
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The same of the page.
fn shown(answer: &Value) -> Result<Vec<u8>, String> {
    if text(&answer["said"]) == "verified" {
        return Ok(text(&answer["result"]).as_bytes().to_vec());
    }
    assert_eq!(answer["result"], "", "{answer}");
    Err(text(&answer["said"]).to_owned())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}"))
}

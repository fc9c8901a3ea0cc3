//! What `deploy/` has for researchers fits the program that is built: the Python package, the GitHub action, the hook of pre-commit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;
use palinode::cli::Arguments;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::palinode::Desk;
use crate::serving::{Server, sign};

fn deploy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name)
}

fn yaml(name: &str) -> Value {
    let text = fs::read_to_string(deploy(name)).unwrap_or_else(|error| panic!("deploy/{name}: {error}"));
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("deploy/{name}: {error}"))
}

#[track_caller]
fn understood(words: &[&str]) {
    if let Err(error) = Arguments::try_parse_from(words) {
        panic!("{}: {error}", words.join(" "));
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "whether a missing tool is a failure is for whoever runs the tests")]
fn the_python_package_raises_before_retracted_data_is_used() {
    if let Err(error) = Command::new("python3").arg("--version").output() {
        assert!(std::env::var_os("PALINODE_REQUIRE_TOOLS").is_none(), "python3 is needed: {error}");
        eprintln!("SKIPPED: python3 is not installed, so deploy/python is not tested");
        return;
    }
    let desk = Desk::new();
    let server = Server::start(&desk, "data");
    fs::create_dir(desk.path("faces")).unwrap();
    desk.write("faces/images.bin", "the bytes of a file that somebody reports, and more than sixty-four of them at that");
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(desk.read("faces/images.bin")));
    let id = format!("sha256:{digest}");
    sign(&desk, "notice.json", &id);
    desk.run(&["notice", "post", "notice.json", "--server", &server.url]).well();
    let output = Command::new("python3")
        .args(["-B", "-m", "unittest", "discover", "-s", "tests", "-t", "."])
        .current_dir(deploy("python"))
        .env("PALINODE_PROGRAM", env!("CARGO_BIN_EXE_palinode"))
        .env("PALINODE_SERVER", &server.url)
        .env("PALINODE_RETRACTED", &id)
        .env("PALINODE_FOLDER", desk.path("faces"))
        .env("XDG_CACHE_HOME", desk.path("cache"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.contains("Ran 10 tests") && !said.contains("skipped"), "{said}");
}

#[test]
fn the_action_calls_the_program_as_it_is_and_keeps_its_exit_code() {
    let action = yaml("action/action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    let step = &action["runs"]["steps"][0];
    let script = step["run"].as_str().expect("a script");
    assert!(!script.contains("${{"), "an input would be read as a part of the script");
    let mut calls = 0;
    for line in script.lines().filter(|line| line.contains("\"$PALINODE\" scan")) {
        let line = line.trim().split(" || ").next().expect("a command").split(" >> ").next().expect("a command");
        let line =
            line.replace("\"$PALINODE\"", "palinode").replace("\"${paths[@]}\"", "data src").replace("\"$FAIL_ON\"", "concern");
        let more = "--ask https://ledger.example.org/ --baseline before.sarif";
        let line = line.replace("\"${more[@]}\"", more).replace("\"$SARIF\"", "palinode.sarif");
        assert!(!line.contains('$'), "{line}");
        understood(&line.split(' ').collect::<Vec<_>>());
        calls += 1;
    }
    assert_eq!(calls, 2);
    let used = |name: &str| {
        step["env"].as_object().expect("variables").values().any(|value| value == &format!("${{{{ inputs.{name} }}}}"))
    };
    for (name, input) in action["inputs"].as_object().expect("inputs") {
        assert!(used(name), "the input {name} is used nowhere");
        assert!(input["description"].is_string() && input["default"].is_string(), "{name}");
    }
    assert!(script.trim_end().ends_with("exit \"$code\""), "the job ends as the scan did");
}

#[test]
fn the_hook_of_pre_commit_calls_the_program_as_it_is() {
    let hooks = yaml("pre-commit/.pre-commit-hooks.yaml");
    let hook = &hooks[0];
    assert_eq!((&hook["language"], &hook["pass_filenames"]), (&Value::from("system"), &Value::from(false)));
    let entry = hook["entry"].as_str().expect("an entry");
    assert!(!entry.contains("--ask"), "a commit tells nobody anything");
    understood(&entry.split(' ').collect::<Vec<_>>());
}

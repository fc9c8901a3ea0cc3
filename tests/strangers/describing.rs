//! Schemathesis reads the OpenAPI document of a running server and makes up requests from it, well formed and not: the server never fails,
//! and never answers what its document does not name.
//!
//! It is what the variable `PALINODE_SCHEMATHESIS` names, else the one of the folder that `.ci/run` makes,
//! `target/schemathesis-venv`. Without it this says that it was skipped, and fails where `PALINODE_REQUIRE_TOOLS` is set.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use palinode::envelope::SecretKey;
use palinode::tlog::{KeyName, VerifierKey};
use serde_json::Value;
use tempfile::tempdir;

use crate::filling::grow_to;
use crate::server_process::{Launch, ServerProcess};
use crate::speaker::Speaker;

/// What it does not know by itself: pieces of an upload are bytes.
const HOOKS: &str = "import schemathesis\n\n\
                     schemathesis.serializer.alias(\"application/partial-upload\", \"application/octet-stream\")\n";
/// What is looked at in every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance";

#[expect(
    clippy::disallowed_methods,
    reason = "where the tool is, and whether it may be missing, is said by whoever runs the tests"
)]
fn schemathesis() -> Option<String> {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/schemathesis-venv/bin/schemathesis");
    let made = made.is_file().then(|| made.to_str().unwrap().to_owned());
    let program = std::env::var("PALINODE_SCHEMATHESIS").ok().or(made)?;
    let there = Command::new(&program).arg("--version").output().is_ok_and(|output| output.status.success());
    there.then_some(program)
}

/// A configuration with what examples name (`tests/api/examples.rs`): somebody to tell of holes, and a peer, where nobody is.
fn configuration() -> String {
    const ORIGIN: &str = "peer.example/log";
    let key = |seed| SecretKey::from_seed([seed; 32]).public();
    let name = |name: &str| KeyName::parse(name).unwrap();
    let log = VerifierKey::log_key(name(ORIGIN), key(13));
    let witness = VerifierKey::witness_key(name(&format!("{ORIGIN}/witness")), key(14));
    let operator = key(15).to_multibase();
    format!(
        "[server]\nsecurity_contact = [\"mailto:security@example.org\"]\n\
         [[peers]]\nurl = \"http://127.0.0.1:9/\"\norigin = \"{ORIGIN}\"\nlog_key = \"{log}\"\nwitness_key = \"{witness}\"\n\
         operator_key = \"{operator}\"\n"
    )
}

/// Sends the examples of the document by which something comes to a server, so that those of everything else find it. Gives the token
/// by which the list can be brought that the notice names.
async fn bring_what_examples_name(server: &ServerProcess) -> String {
    let document = server.json("openapi.json").await;
    let mut token = None;
    for (path, kind, status) in [
        ("/v1/notices", "application/json", 201),
        ("/v1/publishers", "application/json", 202),
        ("/witness/add-checkpoint", "text/plain", 200),
    ] {
        let example = &document["paths"][path]["post"]["requestBody"]["content"][kind]["example"];
        let body = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        let answer = server.post(path.trim_start_matches('/'), kind, body.into_bytes()).await;
        assert_eq!(answer.status, status, "{path}: {}", String::from_utf8_lossy(&answer.body));
        let answer: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        token = token.or_else(|| answer["upload"]["token"].as_str().map(str::to_owned));
    }
    token.unwrap()
}

/// The paths to read of which the tool says that it mostly got 404.
fn without_an_answer(told: &str) -> BTreeSet<&str> {
    let warning = told.split("Missing test data:").nth(1).and_then(|rest| rest.split("💡").next()).unwrap_or_default();
    warning.lines().filter_map(|line| line.trim().strip_prefix("- ")).filter(|operation| operation.starts_with("GET")).collect()
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "whether the tool may be missing is said by whoever runs the tests")]
async fn schemathesis_finds_no_failure_and_no_answer_that_the_document_does_not_name() {
    let Some(program) = schemathesis() else {
        let what = "there is no Schemathesis: `.ci/run` installs it, or name it in PALINODE_SCHEMATHESIS";
        assert!(std::env::var_os("PALINODE_REQUIRE_TOOLS").is_none(), "{what}");
        eprintln!("SKIPPED: {what}");
        return;
    };
    let folder = tempdir().unwrap();
    let server = Launch::on(folder.path().join("a")).configured(&configuration()).start();
    let token = bring_what_examples_name(&server).await;
    grow_to(&server, &Speaker::new(), 20).await;
    std::fs::write(folder.path().join("hooks.py"), HOOKS).unwrap();
    // One worker: with more, the tool stumbles over itself. A stream of events has no end; other tests read it.
    let mut asking = Command::new(program);
    asking
        .args(["run", server.url.join("openapi.json").unwrap().as_str(), "--checks", CHECKS])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--seed", "1", "--workers", "1"])
        .args(["--exclude-path", "/v1/events", "--no-color", "--header", &format!("Authorization: Bearer {token}")])
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", folder.path())
        .current_dir(folder.path());
    let asked = tokio::task::spawn_blocking(move || asking.output().unwrap()).await.unwrap();
    let told = String::from_utf8_lossy(&asked.stdout);
    let summary = told.lines().rev().find(|line| line.contains("generated")).unwrap_or_default();
    assert!(asked.status.success() && summary.contains("passed"), "{told}\n{}", String::from_utf8_lossy(&asked.stderr));
    // What examples name is there. Only where a path goes on with slashes, which this tool encodes, nothing is.
    assert_eq!(without_an_answer(&told), BTreeSet::from(["GET /log/tile/{path}", "GET /v1/index/tile/{path}"]), "{told}");
    eprintln!("Schemathesis: {}", summary.trim());
    assert_eq!(server.get("readyz").await.status, 200, "and it is as well as before");
}

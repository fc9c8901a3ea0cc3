//! `palinode log verify`: our own program as a stranger, at honest servers, at liars, and at servers that are not there.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tempfile::tempdir;

use crate::client::Answer;
use crate::filling::grow_to;
use crate::lying::{LIES, always_answers, in_front_of};
use crate::server_process::{Ended, Launch, ServerProcess, introduce, palinode};
use crate::speaker::Speaker;
use crate::waiting::{PATIENCE, eventually};

fn verify(url: &str, more: &[&str]) -> Ended {
    palinode(&[&["log", "verify", url], more].concat())
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|e| panic!("{e}: {ended:?}"))
}

/// Kinds of the faults and of the gaps that a report names.
fn kinds(report: &Value) -> [Vec<&str>; 2] {
    let kinds = |list: &str| -> Vec<&str> {
        report[list].as_array().unwrap().iter().map(|finding| finding["kind"].as_str().unwrap()).collect()
    };
    [kinds("faults"), kinds("gaps")].map(|mut kinds| {
        kinds.dedup();
        kinds
    })
}

/// Copies the data folder of a server that does not run.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(file.file_name());
        if file.file_type().unwrap().is_dir() {
            copy(&file.path(), &target);
        } else {
            std::fs::copy(file.path(), target).unwrap();
        }
    }
}

async fn stopped(mut server: ServerProcess) {
    server.terminate();
    server.ended_within(PATIENCE).await;
}

#[tokio::test]
async fn an_honest_log_is_verified_again_and_again_while_it_grows() {
    let folder = tempdir().unwrap();
    let server = Launch::on(folder.path().join("a")).start();
    let (url, speaker) = (server.url.as_str(), Speaker::new());
    let state = folder.path().join("a.state");
    let state = ["--state", state.to_str().unwrap(), "--format", "json"];
    let log = server.log_key().await.to_string();
    let first = json(&verify(url, &state));
    assert_eq!((&first["verified"], &first["log_key_source"]), (&true.into(), &"published".into()), "{first}");
    assert_eq!(first["log_key"], log.as_str());
    for (before, size) in [(0, 1), (1, 256), (256, 300), (300, 300)] {
        grow_to(&server, &speaker, size).await;
        let again = json(&verify(url, &state));
        assert_eq!((&again["verified"], &again["log_key_source"]), (&true.into(), &"remembered".into()), "{again}");
        assert_eq!((&again["checkpoint"]["tree_size"], &again["remembered"]["tree_size"]), (&size.into(), &before.into()));
        assert_eq!((&again["entries"], &again["notices"], &again["kept"]), (&size.into(), &size.into(), &true.into()));
    }
    let witness = server.witness_key().await.to_string();
    let told = verify(url, &["--log-key", &log, "--witness-key", &witness]).well();
    assert!(told.contains("Verified: the log is what its checkpoint signs"), "{told}");
    assert!(told.contains("cosigned    ") && !told.contains("publishes"), "{told}");
}

#[tokio::test]
async fn records_notices_and_statements_of_a_pinned_publisher_are_verified() {
    let folder = tempdir().unwrap();
    let speaker = Speaker::of_domain("lab.example.org");
    let pins = folder.path().join("pins");
    std::fs::create_dir(&pins).unwrap();
    std::fs::write(pins.join("lab.json"), speaker.pin()).unwrap();
    let configuration = format!("[admission]\npolicy = \"open\"\n\n[trust]\npublishers = {:?}\n", pins.to_str().unwrap());
    let a = Launch::on(folder.path().join("a")).configured(&configuration).start();
    let b = Launch::on(folder.path().join("b")).configured(&configuration).start();
    introduce(&[&a, &b]);
    let notice = speaker.report("faces", "as its publisher says");
    a.takes(&notice).await;
    b.hears(&notice).await;
    let witness = b.witness_key().await;
    let line = format!("\u{2014} {} ", witness.name());
    eventually("the peer cosigned", async || a.client.checkpoint().await.unwrap().contains(&line).then_some(())).await;
    for server in [&a, &b] {
        let report = json(&verify(server.url.as_str(), &["--format", "json"]));
        assert_eq!(
            (&report["verified"], &report["notices"], &report["records"]),
            (&true.into(), &1.into(), &1.into()),
            "{report}"
        );
    }
    let cosigned = verify(a.url.as_str(), &["--witness-key", &witness.to_string()]).well();
    assert!(cosigned.contains(witness.name().as_str()), "{cosigned}");
}

#[tokio::test]
async fn each_lie_about_a_log_ends_with_4_and_is_not_remembered() {
    let folder = tempdir().unwrap();
    let server = Launch::on(folder.path().join("a")).start();
    grow_to(&server, &Speaker::new(), 300).await;
    let log = server.log_key().await.to_string();
    let state = folder.path().join("a.state");
    let arguments = ["--log-key", &log, "--format", "json", "--state", state.to_str().unwrap()];
    for lie in LIES {
        let ended = verify(lie.about(&server).as_str(), &arguments);
        assert_eq!(ended.code, Some(4), "{}: {ended:?}", lie.what);
        let report = json(&ended);
        assert_eq!((&report["verified"], &report["kept"]), (&false.into(), &false.into()), "{}", lie.what);
        assert!(report["faults"][0]["help"].as_str().is_some_and(|help| help.len() > 20), "{report}");
        assert!(!state.exists(), "{}", lie.what);
    }
    let told = verify(LIES[4].about(&server).as_str(), &["--log-key", &log]);
    assert!(told.stdout.contains("fault: entry ") && told.stdout.contains("This log is not what it says"), "{told:?}");
    verify(server.url.as_str(), &arguments).well();
}

#[tokio::test]
async fn a_log_that_was_put_back_or_goes_another_way_ends_with_4() {
    let folder = tempdir().unwrap();
    let [now, old] = ["now", "old"].map(|name| folder.path().join(name));
    let speaker = Speaker::new();
    let server = Launch::on(&now).start();
    grow_to(&server, &speaker, 3).await;
    stopped(server).await;
    copy(&now, &old);
    let server = Launch::on(&now).start();
    grow_to(&server, &speaker, 5).await;
    let state = folder.path().join("state");
    let arguments = ["--format", "json", "--state", state.to_str().unwrap()];
    verify(server.url.as_str(), &arguments).well();
    stopped(server).await;

    let server = Launch::on(&old).start();
    let report = verify(server.url.as_str(), &arguments);
    assert_eq!((report.code, kinds(&json(&report))), (Some(4), [vec!["shrunk"], vec![]]), "{report:?}");
    for size in [5, 6] {
        grow_to(&server, &speaker, size).await;
        let ended = verify(server.url.as_str(), &arguments);
        let report = json(&ended);
        assert_eq!((ended.code, kinds(&report)), (Some(4), [vec!["forked"], vec![]]), "{report}");
        // Both signed notes are there, which convicts the log before anyone.
        let notes = ["checkpoint", "remembered"].map(|which| report[which]["note"].as_str().unwrap().to_owned());
        assert!(notes[0] != notes[1] && notes.iter().all(|note| note.contains("\u{2014} localhost/")), "{report}");
    }
}

#[tokio::test]
async fn what_cannot_be_checked_ends_with_1() {
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    let ended = verify(a.url.as_str(), &["--witness-key", &b.witness_key().await.to_string()]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.stdout.contains("is not met: none of its witnesses cosigned")
            && ended.stdout.contains("1 thing could not be checked")
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_or_is_none_ends_with_3_and_changes_nothing() {
    let folder = tempdir().unwrap();
    let server = Launch::on(folder.path().join("a")).start();
    grow_to(&server, &Speaker::new(), 2).await;
    let log = server.log_key().await.to_string();
    let state = folder.path().join("state");
    let arguments = ["--log-key", &log, "--state", state.to_str().unwrap()];
    verify(server.url.as_str(), &arguments).well();
    let before = std::fs::read(&state).unwrap();
    grow_to(&server, &Speaker::new(), 3).await;
    let garbage = always_answers(b"\x16\x03\x01 this is no HTTP at all\r\n\r\n");
    let elsewhere = always_answers(
        b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
    // Nobody listens at a port that was just given back.
    let nobody = format!("http://{}/", std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap());
    let answered = AtomicUsize::new(0);
    let leaves = in_front_of(&server, move |path, answer: Answer| {
        let early = path == "/log/checkpoint" || answered.fetch_add(1, Ordering::SeqCst) == 0;
        Some(if early { answer } else { Answer { status: 403, ..answer } })
    });
    for url in [garbage.as_str(), elsewhere.as_str(), &nobody, leaves.as_str()] {
        let ended = verify(url, &arguments);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""), "{url}: {ended:?}");
        assert!(ended.stderr.contains("help: nothing was found out, neither good nor bad"), "{ended:?}");
        assert_eq!(verify(url, &[]).code, Some(3), "{url} without a key");
        assert_eq!(std::fs::read(&state).unwrap(), before);
    }
}

#[tokio::test]
async fn arguments_that_make_no_sense_end_with_2() {
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    let state = folder.path().join("state");
    let state = ["--state", state.to_str().unwrap()];
    verify(a.url.as_str(), &state).well();
    let (log, witness) = (b.log_key().await.to_string(), b.witness_key().await.to_string());
    let message = verify(b.url.as_str(), &[state.as_slice(), &["--log-key", &log]].concat()).with_code(2);
    assert!(message.contains("a log never changes its key"), "{message}");
    // Another log under the remembered key is not the log that was remembered.
    assert_eq!(verify(b.url.as_str(), &state).code, Some(4));
    verify(b.url.as_str(), &["--log-key", &witness]).with_code(2);
    verify(b.url.as_str(), &["--witness-key", &log]).with_code(2);
    verify(b.url.as_str(), &["--operator-key", "nonsense"]).with_code(2);
    verify("ledger.example.org", &[]).with_code(2);
    std::fs::write(state[1], "nonsense").unwrap();
    verify(a.url.as_str(), &state).with_code(2);
}

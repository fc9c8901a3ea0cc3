//! Backups under load (promise O1): whatever was acknowledged before a backup began is in it, and it can be restored.
//!
//! `PALINODE_ROUNDS=50` makes fifty backups instead of five.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use palinode::client::Client;
use palinode::tlog::Hash;
use serde_json::Value;
use tempfile::tempdir;
use tokio::task::spawn_blocking;

use crate::made_backup::{leaves_in, open};
use crate::server_process::{Ended, Launch, palinode};
use crate::speaker::Speaker;
use crate::waiting::eventually;

type Acknowledged = Arc<Mutex<Vec<Hash>>>;

/// Posts one notice after the other until it is told to stop, with a new speaker before any quota is used up.
async fn post(client: Client, acknowledged: Acknowledged, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Acquire) {
        let speaker = Speaker::new();
        for n in 0..500 {
            let notice = speaker.report(&format!("load-{n}"), "under load");
            client.post(&notice.body, false).await.expect("taken");
            acknowledged.lock().unwrap().push(notice.leaf);
            if stop.load(Ordering::Acquire) {
                return;
            }
        }
    }
}

async fn run(arguments: Vec<String>) -> Ended {
    spawn_blocking(move || palinode(&arguments.iter().map(String::as_str).collect::<Vec<_>>())).await.unwrap()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

#[expect(clippy::disallowed_methods, reason = "how long a test takes is said by the environment of the test run")]
fn rounds() -> usize {
    std::env::var("PALINODE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_has_whatever_was_acknowledged_before_it_began() {
    let folder = tempdir().unwrap();
    let a = Launch::on(folder.path().join("a")).start();
    let operator = a.data().join("keys/operator.pem");
    let (acknowledged, stop) = (Acknowledged::default(), Arc::new(AtomicBool::new(false)));
    let posting: Vec<_> = (0..4).map(|_| tokio::spawn(post(a.client.clone(), acknowledged.clone(), stop.clone()))).collect();
    for round in 0..rounds() {
        let wanted = acknowledged.lock().unwrap().len() + 20;
        eventually("some more notices are acknowledged", async || (acknowledged.lock().unwrap().len() >= wanted).then_some(()))
            .await;
        let before: BTreeSet<Hash> = acknowledged.lock().unwrap().iter().copied().collect();
        let file = folder.path().join(format!("{round}.backup"));
        let file_text = file.to_str().unwrap().to_owned();
        run(words(&["backup", "--data", a.data_text(), "--out", &file_text])).await.well();
        run(words(&["fsck", "--backup", &file_text])).await.well();
        let there: BTreeSet<Hash> = leaves_in(&file).into_iter().collect();
        assert!(
            before.is_subset(&there),
            "round {round}: {} acknowledged ones are not in it",
            before.difference(&there).count()
        );

        // It does not only look like a log: restored, it is one, and `fsck` finds everything in it.
        let data = folder.path().join(format!("{round}.restored"));
        let data_text = data.to_str().unwrap();
        let restore = ["restore", "--from", &file_text, "--data", data_text, "--operator-key", operator.to_str().unwrap()];
        run(words(&[&restore[..], &["--removed-lost"]].concat())).await.well();
        let report = run(words(&["fsck", "--data", data_text, "--format", "json"])).await.well();
        let report: Value = serde_json::from_str(&report).unwrap();
        assert!(report["entries"].as_u64().unwrap() > before.len() as u64, "{report}");
        let restored: BTreeSet<Hash> = leaves_in(&data.join("palinode.db")).into_iter().collect();
        assert!(before.is_subset(&restored), "round {round}: something was lost by restoring");
        std::fs::remove_dir_all(&data).unwrap();
    }
    let took = acknowledged.lock().unwrap().len();
    stop.store(true, Ordering::Release);
    for task in posting {
        task.await.unwrap();
    }
    eprintln!("{} backups while {took} notices were acknowledged", rounds());
    palinode(&["fsck", "--data", a.data_text()]).well();
}

#[tokio::test]
async fn a_backup_has_no_private_key_and_overwrites_nothing_unasked() {
    let folder = tempdir().unwrap();
    let a = Launch::on(folder.path().join("a")).start();
    a.takes(&Speaker::new().report("faces", "canary")).await;
    let file = folder.path().join("a.backup");
    let text = file.to_str().unwrap();
    let backup = ["backup", "--data", a.data_text(), "--out", text];
    let told = palinode(&backup).well();
    assert!(told.contains("tree size  1,") && told.contains("keys/operator.pem"), "{told}");
    let bytes = std::fs::read(&file).unwrap();
    for purpose in ["log", "witness", "operator"] {
        let key = std::fs::read_to_string(a.data().join(format!("keys/{purpose}.pem"))).unwrap();
        let base64 = key.lines().nth(1).unwrap();
        let der = data_encoding::BASE64.decode(base64.as_bytes()).unwrap();
        let seed = &der[der.len() - 32..];
        assert!(!contains(&bytes, base64.as_bytes()) && !contains(&bytes, seed), "the {purpose} key is in the backup");
    }

    let said = palinode(&backup).with_code(1);
    assert!(said.contains("is there already") && said.contains("--replace"), "{said}");
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "it is what it was");
    palinode(&[&backup[..], &["--replace"]].concat()).well();
    // Into a folder it goes under a name of its own, and again not twice.
    let kept = folder.path().join("kept");
    std::fs::create_dir(&kept).unwrap();
    let into = ["backup", "--data", a.data_text(), "--out", kept.to_str().unwrap()];
    palinode(&into).well();
    palinode(&into).with_code(1);
    let names: Vec<_> = std::fs::read_dir(&kept).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(matches!(names.as_slice(), [name] if name.to_str().unwrap().ends_with("-1.palinode-backup")), "{names:?}");
}

#[tokio::test]
async fn a_damaged_log_makes_no_backup_unless_it_is_to_be_salvaged() {
    let folder = tempdir().unwrap();
    let mut a = Launch::on(folder.path().join("a")).start();
    let speaker = Speaker::new();
    for n in 0..3 {
        a.takes(&speaker.report(&format!("faces-{n}"), "to be damaged")).await;
    }
    a.kill();
    damage(
        &a.data().join("palinode.db"),
        "UPDATE entries SET bytes = CAST(substr(bytes, 1, 40) || 'x' || substr(bytes, 42) AS BLOB) WHERE idx = 1",
    );
    let file = folder.path().join("a.backup");
    let backup = ["backup", "--data", a.data_text(), "--out", file.to_str().unwrap()];
    let said = palinode(&backup).with_code(4);
    assert!(said.contains("entry 1 is missing or not what was signed"), "{said}");
    assert!(!file.exists(), "a damaged copy was left behind");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing but the folder and its log is there");
    palinode(&[&backup[..], &["--salvage"]].concat()).with_code(4);
    palinode(&["fsck", "--backup", file.to_str().unwrap()]).with_code(4);
}

pub(crate) fn damage(database: &Path, sql: &str) {
    assert!(open(database).execute(sql, []).unwrap() > 0, "{sql}");
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

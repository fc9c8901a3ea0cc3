//! `palinode doctor`: what is wrong with a server, in plain words, with what to do about it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use tempfile::tempdir;

use crate::posting::{Poster, folder_with};
use crate::server_process::{Ended, Launch, introduce, palinode};
use crate::waiting::eventually;

fn doctor(data: &str) -> Ended {
    palinode(&["doctor", "--data", data])
}

/// The findings of a run, as `look state`.
fn findings(data: &str) -> Vec<String> {
    let ended = palinode(&["doctor", "--data", data, "--format", "json"]);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|e| panic!("{e}: {ended:?}"));
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|f| format!("{} {}", f["look"].as_str().unwrap(), f["state"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn a_server_that_is_well_is_called_so_whether_it_runs_or_not() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a"));
    let mut server = launch.start();
    let said = doctor(server.data_text()).well();
    assert!(said.contains(&format!("it runs at {} and is ready", server.url)), "{said}");
    assert!(said.contains("notices of this server stay at home"), "{said}");
    server.ends_well();
    let said = doctor(server.data_text()).well();
    assert!(said.contains("none runs on") && said.contains("schema version"), "{said}");
    let all =
        ["folder", "space", "keys", "keys", "keys", "sync", "files", "contact", "database", "log", "clock", "server", "peers"];
    assert_eq!(findings(server.data_text()), all.map(|look| format!("{look} well")));
}

#[test]
fn a_folder_that_is_none_is_told_of() {
    let folder = tempdir().unwrap();
    let said = doctor(folder.path().join("nothing").to_str().unwrap());
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.stdout.contains("no server ever ran on") && said.stdout.contains("--data"), "{said:?}");
}

#[tokio::test]
async fn keys_that_others_can_read_or_that_are_gone_need_the_operator() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a"));
    folder_with(&launch, 1).await;
    let data = folder.path().join("a");
    let key = data.join("keys/witness.pem");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let said = doctor(data.to_str().unwrap());
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.stdout.contains("can be read by others") && said.stdout.contains("chmod 600"), "{said:?}");
    fs::remove_file(&key).unwrap();
    let said = doctor(data.to_str().unwrap());
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.stdout.contains("witness.pem is missing") && said.stdout.contains("put it back"), "{said:?}");
}

#[tokio::test]
async fn a_head_record_that_contradicts_the_database_is_an_integrity_failure() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a"));
    folder_with(&launch, 2).await;
    let data = folder.path().join("a");
    let old = folder.path().join("old");
    crate::mounts::copy_folder(&data, &old);
    folder_with(&launch, 1).await;
    // The database of before beside the record of now.
    for entry in fs::read_dir(&old).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.file_name().unwrap().to_str().unwrap().contains(".db") {
            fs::copy(&entry, data.join(entry.file_name().unwrap())).unwrap();
        }
    }
    let said = doctor(data.to_str().unwrap());
    assert_eq!(said.code, Some(4), "{said:?}");
    assert!(said.stdout.contains("an old copy was put back") && said.stdout.contains("palinode restore"), "{said:?}");
    assert!(findings(data.to_str().unwrap()).contains(&"log broken".to_owned()));
}

#[tokio::test]
async fn a_peer_that_cannot_be_reached_or_does_not_know_this_server_is_told_of() {
    let folder = tempdir().unwrap();
    let [server, mut peer] = ["server", "peer"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    server.adds_peer(&peer);
    let said = doctor(server.data_text());
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.stdout.contains("has never cosigned this log") && said.stdout.contains("palinode peer add"), "{said:?}");
    assert!(said.stdout.contains("must be able to reach this server"), "{said:?}");

    introduce(&[&server, &peer]);
    let mut poster = Poster::new("known");
    let posted = poster.post(&server).await;
    poster.must(&posted);
    let origin = peer.server().await.origin;
    eventually("the peer cosigned", async || server.peer(&origin).await.filter(|peer| peer["acknowledged"] == 1)).await;
    let said = doctor(server.data_text()).well();
    assert!(said.contains("can be reached, and cosigned 1 of our 1 entries, "), "{said}");
    assert!(said.contains(&format!("{origin} has ")) && said.contains(" were read, last "), "{said}");

    peer.kill();
    let said = doctor(server.data_text());
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.stdout.contains("cannot be reached") && said.stdout.contains("ask its operator"), "{said:?}");
}

#[tokio::test]
async fn a_reserve_that_is_larger_than_what_is_free_is_told_with_numbers() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("a");
    let launch = Launch::on(&data).configured("[storage]\nreserve_bytes = 9000000000000000\n");
    let server = launch.start();
    assert_eq!(server.get("readyz").await.status, 503);
    let config = data.with_extension("toml");
    let said = palinode(&["doctor", "--data", server.data_text(), "--config", config.to_str().unwrap()]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.stdout.contains("are kept in reserve") && said.stdout.contains("storage.reserve_bytes"), "{said:?}");
    assert!(said.stdout.contains("is not ready"), "{said:?}");
}

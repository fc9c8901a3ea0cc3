//! `palinode fsck --rebuild` (promise D7): whatever is derived can be lost, and every answer is the same afterwards.

use std::fs;
use std::path::Path;

use tempfile::tempdir;

use crate::backups::damage;
use crate::made_backup::open;
use crate::server_process::{Launch, ServerProcess, palinode};
use crate::speaker::{SignedNotice, Speaker};

#[tokio::test]
async fn every_answer_is_the_same_after_everything_derived_was_lost() {
    let folder = tempdir().unwrap();
    let mut a = Launch::on(folder.path().join("a")).start();
    let speaker = Speaker::new();
    let notices: Vec<_> = (0..6).map(|n| speaker.report(&format!("faces-{n}"), &format!("word{n}"))).collect();
    for notice in &notices {
        a.takes(notice).await;
    }
    let before = answers(&a, &notices).await;
    let data = a.data().to_owned();
    let rebuild = ["fsck", "--rebuild", "--data", data.to_str().unwrap()];
    let said = palinode(&rebuild).with_code(1);
    assert!(said.contains("another palinode server is running"), "{said}");
    a.kill();
    let signed = signed(&data);
    for (file, change) in [
        ("index.db", "DELETE FROM facts WHERE idx = 2"),
        ("index.db", "UPDATE words SET texts = 'nothing'"),
        ("index.db", "DELETE FROM leaves"),
        ("palinode.db", "DELETE FROM tiles"),
    ] {
        damage(&data.join(file), change);
        palinode(&["fsck", "--data", data.to_str().unwrap()]).with_code(4);
        let told = palinode(&rebuild).well();
        assert!(told.contains("rebuilt      the index and the bundles of 6 entries"), "{change}: {told}");
        a.start_again(|launch| launch);
        assert_eq!(answers(&a, &notices).await, before, "{change}");
        a.kill();
    }
    fs::write(data.join("index.db"), "no database").unwrap();
    let said = Launch::on(&data).refused();
    assert!(said.code != Some(0) && said.stderr.contains("fsck --rebuild"), "{said:?}");
    palinode(&rebuild).well();
    a.start_again(|launch| launch);
    assert_eq!(answers(&a, &notices).await, before);
    a.kill();
    assert!(self::signed(&data).starts_with(&signed), "entries and signed checkpoints are what they were");

    // What cannot be derived is not made up.
    damage(&data.join("palinode.db"), "UPDATE entries SET bytes = CAST(bytes || ' ' AS BLOB) WHERE idx = 3");
    palinode(&rebuild).with_code(4);
}

/// What anybody can ask, and what it is answered with, but for what changes with the time of day.
async fn answers(server: &ServerProcess, notices: &[SignedNotice]) -> Vec<String> {
    let mut paths = vec![
        "v1/changes".to_owned(),
        "log/tile/0/000.p/6".to_owned(),
        "log/tile/entries/000.p/6".to_owned(),
        "v1/notices?limit=100".to_owned(),
        "v1/publishers".to_owned(),
    ];
    for (n, notice) in notices.iter().enumerate() {
        paths.push(format!("v1/notices?q=word{n}"));
        paths.push(format!("v1/notices/{}", notice.id));
        paths.push(format!("log/entry/{}", notice.leaf));
    }
    let mut answers = Vec::new();
    for path in paths {
        let answer = server.get(&path).await;
        answers.push(format!("{path} {} {}", answer.status, String::from_utf8_lossy(&answer.body)));
    }
    for notice in notices {
        let checked = server.json(&format!("v1/check?id={}", notice.subject)).await;
        answers.push(checked["answers"].to_string());
    }
    assert!(answers.iter().all(|answer| !answer.contains(" 404 ") && !answer.contains(" 500 ")), "{answers:?}");
    answers
}

/// The entries, and the checkpoints that were signed, as they are stored.
fn signed(data: &Path) -> Vec<Vec<u8>> {
    let database = open(&data.join("palinode.db"));
    let mut signed = Vec::new();
    for sql in ["SELECT bytes FROM entries ORDER BY idx", "SELECT checkpoint FROM heads ORDER BY size"] {
        let mut select = database.prepare(sql).unwrap();
        signed.extend(select.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap().map(Result::unwrap));
    }
    signed
}

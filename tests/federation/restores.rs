//! Restoring (promise O2, protocol section 7 rule 6): never the same log again, never fewer entries than the backup has.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use palinode::envelope::{Envelope, OperatorStatement, PublicKey, Statement, verify};
use palinode::tlog::Hash;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::backups::damage;
use crate::made_backup::{entries_in, leaves_in, make_backup, write_operator_key};
use crate::server_process::{Ended, Launch, introduce, palinode, program};
use crate::speaker::Speaker;
use crate::waiting::eventually;

/// A folder with a made backup in it, and what restores it.
struct Place {
    folder: TempDir,
    leaves: Vec<Hash>,
}

impl Place {
    fn new(notices: usize) -> Self {
        let folder = tempdir().unwrap();
        let leaves = make_backup(&folder.path().join("old.backup"), notices, true).leaves;
        write_operator_key(&folder.path().join("operator.pem"));
        Self { folder, leaves }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn words(&self, more: &[&str]) -> Vec<String> {
        let mut words = vec!["restore".to_owned(), "--from".to_owned(), self.path("old.backup")];
        words.extend(["--data".to_owned(), self.path("new"), "--operator-key".to_owned(), self.path("operator.pem")]);
        if !more.contains(&"--origin") {
            words.extend(["--origin".to_owned(), "new.example.org/log".to_owned()]);
        }
        if !more.contains(&"--removed") {
            words.push("--removed-lost".to_owned());
        }
        words.extend(more.iter().map(ToString::to_string));
        words
    }

    fn restore(&self, more: &[&str]) -> Ended {
        palinode(&self.words(more).iter().map(String::as_str).collect::<Vec<_>>())
    }
}

#[test]
fn every_entry_stands_in_the_new_log_in_its_old_order_with_when_it_was_first_seen() {
    let place = Place::new(400);
    let told = place.restore(&[]).well();
    assert!(told.contains("succeeds old.example.org/log of size 416") && told.contains("palinode peer remove"), "{told}");
    let old = entries_in(&place.folder.path().join("old.backup"));
    let new = entries_in(&place.folder.path().join("new/palinode.db"));
    assert_eq!(new.len(), old.len() + 1, "and the statement about the old log");
    assert_eq!(new[..old.len()], old);
    let report = palinode(&["fsck", "--data", &place.path("new"), "--format", "json"]).well();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["intact"], &report["entries"]), (&true.into(), &417.into()));
    // Restored again from a backup of its own, it says of both logs that it succeeds them.
    let again = place.path("again.backup");
    palinode(&["backup", "--data", &place.path("new"), "--out", &again]).well();
    let third = ["restore", "--from", &again, "--data", &place.path("third"), "--origin", "third.example.org/log"];
    palinode(&[&third[..], &["--removed-lost", "--operator-key", &place.path("operator.pem")]].concat()).well();
    let succeeded: Vec<String> =
        statements(&place.folder.path().join("third/palinode.db")).into_iter().map(succeeded).collect();
    assert_eq!(succeeded, ["old.example.org/log of size 416", "new.example.org/log of size 417"]);
    let third = leaves_in(&place.folder.path().join("third/palinode.db"));
    assert_eq!(third[..416], place.leaves, "statements of other logs are not among its entries");
    assert_eq!(third.len(), 418);
}

/// The operator's statements in a database, in order, each for the log of that database.
fn statements(database: &Path) -> Vec<OperatorStatement> {
    let file = crate::made_backup::open(database);
    let mut select = file.prepare("SELECT bytes FROM entries ORDER BY idx").unwrap();
    let rows = select.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap().map(Result::unwrap);
    rows.filter_map(|bytes| OperatorStatement::parse(Envelope::parse_canonical(&bytes).unwrap().payload()).ok()).collect()
}

fn succeeded(said: OperatorStatement) -> String {
    match said.statement {
        Statement::LogSucceeds { origin, size, .. } => format!("{origin} of size {size}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_must_not_be_restored_is_refused_before_anything_is_made() {
    let place = Place::new(20);
    let said = place.restore(&["--origin", "old.example.org/log"]).with_code(2);
    assert!(said.contains("another origin"), "{said}");
    let stranger = place.path("stranger.pem");
    palinode(&["key", "new", &stranger]).well();
    let said = place.restore(&["--operator-key", &stranger]);
    assert!(said.code != Some(0), "given twice: {said:?}");
    fs::rename(place.path("operator.pem"), place.path("right.pem")).unwrap();
    fs::rename(&stranger, place.path("operator.pem")).unwrap();
    let said = place.restore(&[]).with_code(1);
    assert!(said.contains("--other-operator"), "{said}");
    fs::rename(place.path("right.pem"), place.path("operator.pem")).unwrap();
    assert!(!Path::new(&place.path("new")).exists());

    fs::create_dir(place.path("new")).unwrap();
    fs::write(place.path("new/keep.txt"), "mine").unwrap();
    let said = place.restore(&[]).with_code(1);
    assert!(said.contains("is not empty"), "{said}");
    fs::remove_file(place.path("new/keep.txt")).unwrap();

    fs::rename(place.path("old.backup"), place.path("right.backup")).unwrap();
    for wrong in [&b""[..], b"not a database at all, but long enough to be looked at as if it were one"] {
        fs::write(place.path("old.backup"), wrong).unwrap();
        let said = place.restore(&[]).with_code(2);
        assert!(said.contains("is not a backup"), "{said}");
    }
    fs::rename(place.path("right.backup"), place.path("old.backup")).unwrap();
    place.restore(&[]).well();
    place.restore(&[]).with_code(1);
}

#[test]
fn a_backup_that_does_not_verify_is_refused_and_salvaged_as_far_as_it_is_whole() {
    for (change, words, lost) in [
        (
            "UPDATE entries SET bytes = CAST(substr(bytes, 1, 40) || 'x' || substr(bytes, 42) AS BLOB) WHERE idx = 7",
            "entry 7 is missing",
            1,
        ),
        ("DELETE FROM entries WHERE idx IN (5, 6, 19)", "entry 19 is missing", 3),
        ("UPDATE entries SET bytes = (SELECT e.bytes FROM entries e WHERE e.idx = 3) WHERE idx = 4", "entry 4 is missing", 1),
    ] {
        let place = Place::new(20);
        damage(&place.folder.path().join("old.backup"), change);
        let said = place.restore(&[]).with_code(4);
        assert!(said.contains(words), "{change}: {said}");
        assert!(!Path::new(&place.path("new")).exists(), "{change}");
        let salvaged = place.restore(&["--salvage"]);
        assert!(salvaged.code == Some(1) && salvaged.stdout.contains(words), "{change}: {salvaged:?}");
        let new = leaves_in(&place.folder.path().join("new/palinode.db"));
        assert_eq!(new.len(), 20 - lost + 1, "{change}");
        assert!(new[..20 - lost].iter().all(|leaf| place.leaves.contains(leaf)), "{change}");
    }
    // A checkpoint that the log key did not sign proves nothing, and nothing is salvaged from it.
    let place = Place::new(20);
    damage(
        &place.folder.path().join("old.backup"),
        "UPDATE backup SET value = replace(value, '20', '21') WHERE name = 'checkpoint'",
    );
    place.restore(&["--salvage"]).with_code(4);
    // Signatures are verified again: a right hash under a wrong signature does not come in by way of a backup.
    let place = Place::new(20);
    let file = place.folder.path().join("old.backup");
    damage(&file, "DELETE FROM tiles");
    damage(
        &file,
        "UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"sig\":\"', '\"sig\":\"AAAA') AS BLOB) WHERE idx = 3",
    );
    place.restore(&[]).with_code(4);
    let salvaged = place.restore(&["--salvage"]);
    assert!(
        salvaged.stdout.contains("entry 3 with leaf hash") && salvaged.stdout.contains("do not hash to the root"),
        "{salvaged:?}"
    );
}

#[test]
fn a_restore_that_was_killed_is_begun_again_and_no_server_starts_before_it_ends() {
    let place = Place::new(800);
    let words = place.words(&[]);
    let database = place.folder.path().join("new/palinode.db");
    let mut interrupted = 0;
    for after in [0, 5, 40, 150] {
        let mut child = program().args(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = std::time::Instant::now();
        while !database.exists() && child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_mins(1), "it does not begin");
            std::thread::yield_now();
        }
        // Where it is hit does not matter, only that it is not always the same place.
        std::thread::sleep(Duration::from_millis(after));
        let _ = child.kill();
        if !child.wait().unwrap().success() {
            interrupted += 1;
            let said = Launch::on(place.path("new")).refused().with_code(2);
            assert!(said.contains("has not ended"), "{said}");
            assert!(palinode(&["fsck", "--data", &place.path("new")]).code != Some(0), "half a log is no log");
            let other = place.words(&["--origin", "other.example.org/log"]);
            let said = palinode(&other.iter().map(String::as_str).collect::<Vec<_>>()).with_code(1);
            assert!(said.contains("another restore"), "{said}");
        }
    }
    assert!(interrupted > 0, "nothing was interrupted");
    let told = place.restore(&[]);
    assert!(matches!(told.code, Some(0 | 1)), "{told:?}");
    let new = leaves_in(&database);
    assert_eq!(new[..place.leaves.len()], place.leaves, "each once and in order");
    assert_eq!(new.len(), place.leaves.len() + 1, "one statement, however often it was begun");
    palinode(&["fsck", "--data", &place.path("new")]).well();
}

#[tokio::test]
async fn what_was_removed_stays_removed() {
    let folder = tempdir().unwrap();
    let a = Launch::on(folder.path().join("a")).start();
    let speaker = Speaker::new();
    let (kept, removed, later) = (
        speaker.report("kept", "canary-kept"),
        speaker.report("removed", "canary-removed"),
        speaker.report("later", "canary-later"),
    );
    for notice in [&kept, &removed, &later] {
        a.takes(notice).await;
    }
    let hash = |notice: &crate::speaker::SignedNotice| palinode::notice::DocumentHash::of(&notice.body.documents[0]);
    let name = hash(&removed).to_string();
    palinode(&["remove", "document", &name, "--basis", "policy", "--yes", "--data", a.data_text()]).well();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    palinode(&["backup", "--data", a.data_text(), "--out", &path("a.backup")]).well();
    fs::write(path("removed.txt"), format!("# removed since\n{}\n", hash(&later))).unwrap();
    let operator = a.data().join("keys/operator.pem");
    let restore =
        ["restore", "--from", &path("a.backup"), "--data", &path("new"), "--operator-key", operator.to_str().unwrap()];
    palinode(&[&restore[..], &["--removed", &path("removed.txt")]].concat()).well();
    for entry in fs::read_dir(path("new")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let bytes = fs::read(&entry).unwrap();
        for gone in ["canary-removed", "canary-later"] {
            assert!(!bytes.windows(gone.len()).any(|part| part == gone.as_bytes()), "{gone} is in {}", entry.display());
        }
    }
    let new = Launch::on(path("new")).start();
    let status = async |notice| new.get(&format!("v1/documents/{}", hash(notice))).await.status;
    assert_eq!((status(&kept).await, status(&removed).await, status(&later).await), (200, 451, 451));
    // Nor do peers bring it back.
    introduce(&[&a, &new]);
    let after = speaker.report("after", "after the restore");
    a.takes(&after).await;
    new.hears(&after).await;
    assert_eq!((status(&removed).await, status(&later).await), (451, 451));
    assert!(new.has(&removed).await, "the notice stands");
}

#[tokio::test]
async fn an_old_copy_of_a_folder_signs_nothing_and_restoring_it_loses_nothing() {
    let folder = tempdir().unwrap();
    let [mut a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    introduce(&[&a, &b]);
    let speaker = Speaker::new();
    let notices: Vec<_> = (0..20).map(|n| speaker.report(&format!("faces-{n}"), "of either half")).collect();
    for notice in &notices[..10] {
        a.takes(notice).await;
    }
    let old_server = a.server().await;
    a.kill();
    let copy = folder.path().join("copy");
    copy_folder(a.data(), &copy);
    a.start_again(|launch| launch);
    for notice in &notices[10..] {
        a.takes(notice).await;
        b.hears(notice).await;
    }
    eventually("the peer cosigned the newest tree", async || {
        b.peer(&old_server.origin).await.filter(|peer| peer["size"] == 20)
    })
    .await;

    // The disk died; somebody puts the old copy back: N - 10 of the peer's N.
    a.kill();
    fs::remove_dir_all(a.data()).unwrap();
    copy_folder(&copy, a.data());
    let signed = signatures(a.data());
    a.start_again(|launch| launch);
    assert_eq!(a.get("readyz").await.status, 503);
    assert_eq!(a.get("log/checkpoint").await.status, 503);
    let refused = a.client.post(&speaker.report("next", "on the old copy").body, false).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("log-halted")));
    let log = fs::read_to_string(a.data().with_extension("log")).unwrap();
    assert!(log.contains("palinode restore"), "the operator is told what to do: {log}");
    a.kill();
    assert_eq!(signatures(a.data()), signed, "nothing was signed");

    // The right way. The old copy serves as what is left of the old log.
    let (backup, new) = (folder.path().join("a.backup"), folder.path().join("new"));
    palinode(&["backup", "--data", a.data_text(), "--out", backup.to_str().unwrap()]).well();
    let operator = a.data().join("keys/operator.pem");
    let restore = ["restore", "--from", backup.to_str().unwrap(), "--data", new.to_str().unwrap()];
    let record = a.data().join("removed");
    let more = ["--operator-key", operator.to_str().unwrap(), "--removed", record.to_str().unwrap()];
    palinode(&[&restore[..], &more].concat()).well();
    let new = Launch::on(&new).start();
    let new_server = new.server().await;
    assert_ne!((&new_server.origin, &new_server.log_key), (&old_server.origin, &old_server.log_key));
    assert_ne!(new_server.witness_key, old_server.witness_key);
    assert_eq!(new_server.operator_key, old_server.operator_key);
    let said = says_what_it_succeeds(&new, 10).await;
    assert_eq!(said, (new_server.origin.clone(), format!("{} of size 10", old_server.origin)));

    // Its peers were in the backup, so it reads from them by itself what the old copy had not. They get to know its new keys.
    palinode(&["peer", "remove", &old_server.origin, "--data", b.data_text()]).well();
    b.adds_peer(&new);
    for notice in &notices {
        new.hears(notice).await;
    }
    let after = speaker.report("after", "on the new log");
    new.takes(&after).await;
    b.hears(&after).await;
    let (mine, theirs) = (new.entries().await, b.entries().await);
    assert_eq!(theirs.len(), 21, "each notice once: they are known by their leaf hash");
    assert!(theirs.iter().all(|leaf| mine.contains(leaf)));
    assert_eq!(mine.len(), 22, "and the statement");
    palinode(&["fsck", "--data", new.data_text()]).well();
}

/// Who says in entry `index` that it succeeds whom, when the operator of the server signed that.
async fn says_what_it_succeeds(server: &crate::server_process::ServerProcess, index: usize) -> (String, String) {
    let leaf = server.entries().await[index].clone();
    let entry = server.get(&format!("log/entry/{leaf}")).await.body;
    let operator = PublicKey::parse(&server.server().await.operator_key).unwrap();
    let signed = verify(&Envelope::parse_canonical(&entry).unwrap(), &[operator]).unwrap();
    let said = OperatorStatement::parse(signed.payload()).unwrap();
    (said.origin.clone(), succeeded(said))
}

/// Everything in a folder that a key of its server signed.
fn signatures(data: &Path) -> (Vec<String>, Vec<u8>) {
    let database = crate::made_backup::open(&data.join("palinode.db"));
    let mut signed = Vec::new();
    for sql in [
        "SELECT CAST(checkpoint AS TEXT) FROM heads WHERE checkpoint IS NOT NULL",
        "SELECT line FROM cosignatures",
        "SELECT line FROM witnessed",
    ] {
        let mut select = database.prepare(sql).unwrap();
        signed.extend(select.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap));
    }
    (signed, fs::read(data.join("head")).unwrap())
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let there = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy_folder(&entry, &there);
        } else {
            fs::copy(&entry, &there).unwrap();
        }
    }
}

//! What keeps a server from starting, and what it says then.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::tempdir;

use crate::server_process::{Launch, introduce};
use crate::speaker::Speaker;
use crate::waiting::eventually;

#[tokio::test]
async fn one_data_folder_has_one_server_and_one_origin() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("a");
    let launch = Launch::on(&data);
    let mut first = launch.clone().with(&["--origin", "ledger.example.org/log"]).start();
    assert_eq!(first.server().await.origin, "ledger.example.org/log");
    let said = launch.refused().with_code(2);
    assert!(said.contains("another palinode server is running on"), "{said}");
    first.kill();

    let said = launch.clone().with(&["--origin", "other.example.org/log"]).refused().with_code(2);
    assert!(said.contains("ledger.example.org/log") && said.contains("cannot be changed"), "{said}");
    // Without being told, it stays what it is.
    assert_eq!(launch.start().server().await.origin, "ledger.example.org/log");
}

#[tokio::test]
async fn the_data_of_another_origin_is_refused() {
    let folder = tempdir().unwrap();
    let [mut a, mut b] = ["a", "b"].map(|name| {
        let origin = format!("{name}.example.org/log");
        Launch::on(folder.path().join(name)).with(&["--origin", &origin]).start()
    });
    a.takes(&Speaker::new().report("faces", "of the first server")).await;
    a.kill();
    b.kill();
    let said = Launch::on(a.data()).with(&["--origin", "b.example.org/log"]).refused().with_code(2);
    assert!(said.contains("a.example.org/log"), "{said}");
    // Nor does the database of one go with the keys or the head of the other.
    for name in ["palinode.db", "palinode.db-wal", "palinode.db-shm"] {
        let _ = fs::remove_file(b.data().join(name));
        if a.data().join(name).exists() {
            fs::copy(a.data().join(name), b.data().join(name)).unwrap();
        }
    }
    let ended = Launch::on(b.data()).refused();
    assert!(matches!(ended.code, Some(2 | 4)), "{ended:?}");
}

#[test]
fn keys_that_everybody_has_are_refused() {
    let folder = tempdir().unwrap();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("keys/test");
    for (n, key) in fs::read_dir(&tests).unwrap().map(|entry| entry.unwrap().path()).enumerate() {
        if key.extension().is_none_or(|extension| extension != "pem") {
            continue;
        }
        for purpose in ["log", "witness", "operator"] {
            let data = folder.path().join(format!("{purpose}-{n}"));
            let there = data.join("keys").join(format!("{purpose}.pem"));
            fs::create_dir_all(data.join("keys")).unwrap();
            fs::copy(&key, &there).unwrap();
            fs::set_permissions(&there, fs::Permissions::from_mode(0o600)).unwrap();
            let said = Launch::on(&data).refused().with_code(2);
            assert!(said.contains(purpose), "{}: {said}", key.display());
        }
    }
}

#[tokio::test]
async fn an_old_copy_of_the_database_alone_is_refused_as_a_broken_ledger() {
    let folder = tempdir().unwrap();
    let mut a = Launch::on(folder.path().join("a")).start();
    let speaker = Speaker::new();
    a.takes(&speaker.report("old", "in the old copy")).await;
    a.kill();
    let copy = folder.path().join("copy");
    copy_folder(a.data(), &copy);
    a.start_again(|launch| launch);
    a.takes(&speaker.report("new", "after the old copy")).await;
    a.kill();
    let head = fs::read(a.data().join("head")).unwrap();
    fs::remove_dir_all(a.data()).unwrap();
    copy_folder(&copy, a.data());
    fs::write(a.data().join("head"), head).unwrap();
    let said = Launch::on(a.data()).refused().with_code(4);
    assert!(said.contains("an old copy was put back"), "{said}");
    fs::remove_file(a.data().join("head")).unwrap();
    let said = Launch::on(a.data()).refused().with_code(4);
    assert!(said.contains("head record"), "{said}");
}

#[tokio::test]
async fn an_old_copy_of_a_whole_folder_signs_nothing_when_a_peer_knows_more() {
    let folder = tempdir().unwrap();
    let [mut a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).returning().start());
    introduce(&[&a, &b]);
    let speaker = Speaker::new();
    let (old, lost) = (speaker.report("old", "in the old copy"), speaker.report("lost", "after the old copy"));
    a.takes(&old).await;
    b.hears(&old).await;
    a.kill();
    let copy = folder.path().join("copy");
    copy_folder(a.data(), &copy);
    a.start_again(|launch| launch);
    a.takes(&lost).await;
    b.hears(&lost).await;
    let origin = a.server().await.origin;
    eventually("the peer cosigned the newer tree", async || b.peer(&origin).await.filter(|peer| peer["size"] == 2)).await;

    // Database and head record are old together, so only the peer can tell.
    a.kill();
    fs::remove_dir_all(a.data()).unwrap();
    copy_folder(&copy, a.data());
    a.start_again(|launch| launch);
    assert_eq!(a.get("readyz").await.status, 503);
    assert_eq!(a.get("log/checkpoint").await.status, 503);
    assert_eq!(a.post("witness/add-checkpoint", "text/plain", b"old 0\n\n".to_vec()).await.status, 503);
    let refused = a.client.post(&speaker.report("next", "on the old copy").body, false).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("log-halted")));
    assert!(a.has(&old).await, "reads go on");
    assert_eq!(b.entries().await, [old.leaf.to_string(), lost.leaf.to_string()]);
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

//! What an update fetches and from where, and what it leaves behind when it breaks off.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use palinode::client::Client;
use palinode::client::index::{ArchiveTransport, FolderTransport, IndexError};

use super::super::support::server::TestServer;
use super::{ALL, Asker, NEEDED, copy_dir, report};

#[test]
fn with_nothing_new_one_conditional_request_is_made_and_a_new_entry_costs_what_is_new() {
    let server = TestServer::start();
    report(&server, 0..3);
    let asker = Asker::of(&server);
    let first = asker.update(ALL).unwrap();
    assert_eq!((first.before, first.size, first.changed), (None, 3, true));
    asker.asked();
    assert!(!asker.update(ALL).unwrap().changed);
    assert_eq!(asker.asked(), [("/v1/index".to_owned(), Some(304))]);
    report(&server, 3..4);
    let later = asker.update(ALL).unwrap();
    assert_eq!((later.before, later.size), (Some(3), 4));
    let paths: Vec<_> = asker.asked().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/v1/index", "/log/tile/0/000.p/4", "/log/tile/entries/000.p/4"]);
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.3".to_owned()])[0]["verdict"], "reported");
}

/// Copies what a mirror needs of a server into a folder, path by path.
fn copy_paths(server: &TestServer, size: u64, to: &Path) {
    let trust = palinode_trust(server);
    let mut paths = vec!["v1/server".to_owned(), "v1/index/head".to_owned(), format!("v1/index/trust/{trust}")];
    paths.push(format!("v1/index/tile/0.p/{size}"));
    paths.push(format!("log/tile/0/000.p/{size}"));
    paths.push(format!("log/tile/entries/000.p/{size}"));
    for path in paths {
        let answer = server.get(&format!("/{path}"));
        assert_eq!(answer.status, 200, "{path}");
        let file = to.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, &answer.body).unwrap();
    }
}

fn palinode_trust(server: &TestServer) -> String {
    server.get("/v1/check?id=doi:10.1234/x").json()["trust"].as_str().unwrap().to_owned()
}

#[test]
fn a_copy_of_the_paths_in_a_plain_folder_serves_as_well_and_an_old_copy_is_refused() {
    let server = TestServer::start();
    report(&server, 0..2);
    let copy = tempfile::tempdir().unwrap();
    copy_paths(&server, 2, copy.path());
    let (transport, base) = FolderTransport::of(copy.path()).unwrap();
    let mirror = Client::over(Arc::new(transport), base);
    let asker = Asker::of(&server);
    for wanted in [NEEDED, ALL] {
        assert_eq!(asker.update_from(&mirror, wanted).unwrap().size, 2);
    }
    assert_eq!(asker.asked(), [], "the server was not asked");
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.1".to_owned()])[0]["verdict"], "reported");

    report(&server, 2..3);
    server.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(asker.update(ALL).unwrap().size, 3);
    let other = tempfile::tempdir().unwrap();
    copy_dir(copy.path(), other.path());
    let (transport, base) = FolderTransport::of(other.path()).unwrap();
    let older = asker.update_from(&Client::over(Arc::new(transport), base), ALL);
    assert!(matches!(older, Err(IndexError::Older { size_here: 3, size_there: 2, .. })), "{older:?}");
    assert_eq!(asker.size(), 3);
}

#[test]
fn a_copy_of_the_paths_in_an_archive_serves_as_well_compressed_or_not() {
    let server = TestServer::start();
    report(&server, 0..2);
    let copy = tempfile::tempdir().unwrap();
    copy_paths(&server, 2, copy.path());
    let mut archive = tar::Builder::new(Vec::new());
    archive.append_dir_all("ledger-copy", copy.path()).unwrap();
    let plain = archive.into_inner().unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&plain).unwrap();
    let place = tempfile::tempdir().unwrap();
    for (name, bytes) in [("copy.tar", plain), ("copy.tar.gz", packed.finish().unwrap())] {
        let path = place.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let (transport, base) = ArchiveTransport::open(&path, &mut |_, _| {}).unwrap();
        let (asker, client) = (Asker::of(&server), Client::over(Arc::new(transport), base));
        assert_eq!(asker.update_from(&client, ALL).unwrap().size, 2, "{name}");
        assert!(!asker.update_from(&client, ALL).unwrap().changed);
        assert_eq!(asker.answers(&["doi:10.5281/zenodo.1".to_owned()])[0]["verdict"], "reported");
        assert!(asker.asked().is_empty(), "the server was not asked");
    }
}

#[test]
fn an_update_that_breaks_off_leaves_what_was_here_and_the_next_one_goes_on() {
    let server = TestServer::start();
    report(&server, 0..3);
    let fails = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let switch = fails.clone();
    let asker = Asker::over(&server, move |path, answer| {
        if switch.load(std::sync::atomic::Ordering::Relaxed) && path.contains("entries") {
            answer.status = 503;
        }
    });
    asker.update(ALL).unwrap();
    report(&server, 3..5);
    fails.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(matches!(asker.update(ALL), Err(IndexError::Unreachable(_))));
    // What an update that was killed leaves behind at worst: more in the files than the state counts, and new files.
    let folder = asker.server_folder();
    let mut leaves = std::fs::read(folder.path().join("leaves")).unwrap();
    leaves.extend([7; 100]);
    std::fs::write(folder.path().join("leaves"), leaves).unwrap();
    std::fs::write(folder.path().join("keys-5"), b"half of a table").unwrap();
    assert_eq!(asker.size(), 3);
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.1".to_owned()])[0]["verdict"], "reported");
    fails.store(false, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(asker.update(ALL).unwrap().size, 5);
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.4".to_owned()])[0]["verdict"], "reported");
}

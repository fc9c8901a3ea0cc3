//! A file system that takes no writes any more (promise O5): reads go on, submissions are told, `/readyz` says why.
//!
//! A server never *starts* on one: SQLite needs to write beside the database even to read what was written last, and a server
//! that showed anything older would contradict what it signed. It says so and what to do.

use tempfile::tempdir;

use crate::mounts::Mounted;
use crate::posting::{Posted, Poster, folder_with, fsck};
use crate::server_process::{Launch, palinode};

#[tokio::test]
async fn a_server_whose_file_system_fails_under_load_goes_on_reading_and_says_why_it_takes_nothing() {
    let folder = tempdir().unwrap();
    let Some(disk) = Mounted::that_may_fail(folder.path().join("disk")) else { return };
    let launch = Launch::on(disk.path.join("data")).logging_to(folder.path().join("log")).returning();
    let mut server = launch.start();
    let mut poster = Poster::new("failing");
    let first = poster.write();
    for _ in 0..20 {
        let posted = poster.post(&server).await;
        poster.must(&posted);
    }
    let posted = poster.post_this(&server, &first).await;
    poster.must(&posted);

    disk.fail();
    let told = poster.posts_until(&server, "a post is told that nothing can be written", |posted| match posted {
        Posted::NotNow { rule, detail, .. } if rule == "storage-read-only" => Some(detail),
        // Before the first write failed, nobody can know.
        _ => None,
    });
    let told = told.await;
    assert!(told.contains("mount its file system writable again"), "{told}");
    let ready = server.get("readyz").await;
    assert_eq!(ready.status, 503);
    let said = String::from_utf8(ready.body).unwrap();
    assert!(said.contains("storage-read-only") && said.contains("reads go on"), "{said}");
    for path in ["log/checkpoint", "livez", &format!("v1/check?id={}", first.subject), "v1/changes"] {
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }
    let data = server.data_text().to_owned();
    let said = palinode(&["doctor", "--data", &data]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.stdout.contains("cannot be written to") && said.stdout.contains("Mount it writable"), "{said:?}");

    // Only a new mount mends an ext4 file system that met an error.
    server.ends_well();
    let said = launch.refused().with_code(3);
    assert!(said.contains("Mount it writable"), "{said}");
    drop(server);
    let disk = disk.mounted_anew();
    let server = launch.start();
    poster.finds_everything_on(&server).await;
    let posted = poster.post(&server).await;
    poster.must(&posted);
    drop(server);
    fsck(&data);
    drop(disk);
}

#[tokio::test]
async fn a_read_only_folder_is_refused_at_the_start_with_what_to_do() {
    let folder = tempdir().unwrap();
    let Some(disk) = Mounted::small(folder.path().join("disk"), 16) else { return };
    let launch = Launch::on(disk.path.join("data")).logging_to(folder.path().join("log"));
    let poster = folder_with(&launch, 3).await;
    disk.remount("ro");
    let said = launch.refused().with_code(3);
    assert!(
        said.contains("Read-only file system") && said.contains("Mount it writable") && said.contains("Nothing was changed"),
        "{said}"
    );
    disk.remount("rw");
    poster.finds_everything_on(&launch.start()).await;
}

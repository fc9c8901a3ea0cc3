//! The library behind Go's checksum database verifies everything that a server publishes.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde::Deserialize;
use tempfile::{TempDir, tempdir};

use crate::filling::{grow_to, large_server};
use crate::lying::LIES;
use crate::paths::paths_of_a_large_log;
use crate::server_process::{Ended, Launch, ServerProcess, introduce, palinode};
use crate::speaker::Speaker;
use crate::waiting::eventually;

/// The variable that says how large the large log is.
const SIZE: &str = "PALINODE_STRANGERS_SIZE";
/// Where Debian puts the library.
const LIBRARY: &str = "/usr/share/gocode";

/// What the program says it checked.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
struct Summary {
    size: u64,
    cosignatures: u64,
    bundles: u64,
    entries: u64,
    tiles: u64,
    inclusions: u64,
    receipts: u64,
    consistent: u64,
    absent: u64,
    monitored: u64,
}

/// The program of `verifier/`, built once; `None` where Go or the library is missing, which is told.
fn verifier() -> Option<&'static PathBuf> {
    static BUILT: OnceLock<Option<(TempDir, PathBuf)>> = OnceLock::new();
    BUILT.get_or_init(build).as_ref().map(|(_, program)| program)
}

fn build() -> Option<(TempDir, PathBuf)> {
    let there = Command::new("go").arg("version").output().is_ok_and(|output| output.status.success())
        && PathBuf::from(LIBRARY).join("src/golang.org/x/mod/sumdb/tlog").is_dir();
    if !there {
        let what = "the Go library cannot check: install golang-go and golang-golang-x-mod-dev";
        assert!(variable("PALINODE_REQUIRE_TOOLS").is_none(), "{what}");
        eprintln!("SKIPPED: {what}");
        return None;
    }
    let folder = tempdir().unwrap();
    let program = folder.path().join("verifier");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/strangers/verifier"))
        .envs([("GO111MODULE", "off"), ("GOPATH", LIBRARY), ("GOFLAGS", ""), ("GOPROXY", "off")])
        .env("GOCACHE", concat!(env!("CARGO_TARGET_TMPDIR"), "/gocache"))
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some((folder, program))
}

fn run(program: &PathBuf, arguments: &[&str]) -> Ended {
    let output = Command::new(program).args(arguments).output().unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn summary(ended: Ended) -> Summary {
    serde_json::from_str(&ended.well()).unwrap()
}

/// Tiles of a tree of `size` entries at all widths that they ever had.
fn tiles_with_all_widths(size: u64) -> u64 {
    (0..8).map(|level| size >> (8 * level)).map(|hashes| (hashes >> 8) + hashes % 256).sum()
}

#[tokio::test]
async fn the_library_verifies_a_log_at_every_size_where_its_shape_changes() {
    let Some(program) = verifier() else { return };
    let folder = tempdir().unwrap();
    let seen = folder.path().join("seen");
    std::fs::create_dir(&seen).unwrap();
    let server = Launch::on(folder.path().join("a")).start();
    let speaker = Speaker::new();
    let (log, witness) = (server.log_key().await.to_string(), server.witness_key().await.to_string());
    let keys = ["-log-key", &log, "-witness-key", &witness, "-seen", seen.to_str().unwrap()];
    for (earlier, size) in (0..).zip([0, 1, 255, 256, 257, 300]) {
        grow_to(&server, &speaker, size).await;
        let found = summary(run(program, &[&["-url", server.url.as_str()], keys.as_slice()].concat()));
        let expected = Summary {
            size,
            cosignatures: 1,
            bundles: size.div_ceil(256),
            entries: size,
            tiles: tiles_with_all_widths(size),
            inclusions: size,
            receipts: size,
            consistent: earlier,
            absent: 27,
            monitored: 0,
        };
        assert_eq!(found, expected, "at size {size}");
    }
}

#[tokio::test]
async fn the_library_verifies_what_a_peer_cosigned_and_says_it_cosigned() {
    let Some(program) = verifier() else { return };
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    introduce(&[&a, &b]);
    let speaker = Speaker::new();
    grow_to(&a, &speaker, 3).await;
    let witness = b.witness_key().await;
    let name = format!("\u{2014} {} ", witness.name());
    eventually("the peer's cosignature is on the checkpoint", async || {
        a.client.checkpoint().await.unwrap().contains(&name).then_some(())
    })
    .await;
    let (log, own, others) = (a.log_key().await.to_string(), a.witness_key().await.to_string(), witness.to_string());
    let keys = ["-log-key", &log, "-witness-key", &own, "-witness-key", &others, "-monitor", b.url.as_str()];
    let found = summary(run(program, &[&["-url", a.url.as_str()], keys.as_slice()].concat()));
    assert_eq!((found.size, found.cosignatures, found.monitored), (3, 2, 1), "{found:?}");
}

#[tokio::test]
async fn the_library_refuses_other_keys_and_a_log_that_is_not_the_one_seen_before() {
    let Some(program) = verifier() else { return };
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    let speaker = Speaker::new();
    grow_to(&a, &speaker, 2).await;
    let (log, foreign) = (a.log_key().await.to_string(), b.log_key().await.to_string());
    let look = |server: &ServerProcess, keys: &[&str]| run(program, &[&["-url", server.url.as_str()], keys].concat());
    look(&a, &["-log-key", &log]).well();
    look(&a, &["-log-key", &foreign]).with_code(1);
    let witness = b.witness_key().await.to_string();
    let message = look(&a, &["-log-key", &log, "-witness-key", &witness]).with_code(1);
    assert!(message.contains("no signature of"), "{message}");

    // A copy of the folder from before, as a careless restore would serve it, shows less than was seen.
    let seen = folder.path().join("seen");
    std::fs::create_dir(&seen).unwrap();
    let with_memory = ["-log-key", log.as_str(), "-seen", seen.to_str().unwrap()];
    look(&a, &with_memory).well();
    let remembered = std::fs::read_dir(&seen).unwrap().next().unwrap().unwrap().path();
    std::fs::write(seen.join("000000000009.checkpoint"), "not a checkpoint").unwrap();
    look(&a, &with_memory).with_code(1);
    assert!(remembered.exists());
}

#[tokio::test]
async fn the_library_notices_each_lie() {
    let Some(program) = verifier() else { return };
    let folder = tempdir().unwrap();
    let server = Launch::on(folder.path().join("a")).start();
    grow_to(&server, &Speaker::new(), 300).await;
    let log = server.log_key().await.to_string();
    run(program, &["-url", server.url.as_str(), "-log-key", &log, "-samples", "20"]).well();
    for lie in LIES {
        let message = run(program, &["-url", lie.about(&server).as_str(), "-log-key", &log]).with_code(1);
        assert!(message.contains("not verified: "), "{}: {message}", lie.what);
    }
}

/// See the module documentation of this target for how to make it of another size.
#[tokio::test]
async fn a_large_log_is_verified_by_the_library() {
    let Some(program) = verifier() else { return };
    let folder = tempdir().unwrap();
    let size = large();
    let begun = std::time::Instant::now();
    let server = large_server(&Launch::on(folder.path().join("large")), size).await;
    eprintln!("{size} entries made in {:.1?}", begun.elapsed());
    let begun = std::time::Instant::now();
    let (log, witness) = (server.log_key().await.to_string(), server.witness_key().await.to_string());
    let arguments = ["-url", server.url.as_str(), "-log-key", &log, "-witness-key", &witness, "-samples", "500"];
    let found = summary(run(program, &arguments));
    eprintln!("the library verified them in {:.1?}: {found:?}", begun.elapsed());
    assert_eq!((found.size, found.entries, found.tiles), (size, size, tiles_with_all_widths(size)));
    assert!(found.inclusions >= 400 && found.receipts == found.inclusions, "{found:?}");
    if variable(SIZE).is_some() {
        let begun = std::time::Instant::now();
        palinode(&["log", "verify", server.url.as_str(), "--log-key", &log, "--witness-key", &witness]).well();
        eprintln!("log verify verified them in {:.1?}", begun.elapsed());
    }
    paths_of_a_large_log(&server, size).await;
}

/// How many entries the large log has.
fn large() -> u64 {
    variable(SIZE).map_or(70_000, |text| text.parse().expect("a number of entries"))
}

#[expect(clippy::disallowed_methods, reason = "what the gate and whoever runs the tests say")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

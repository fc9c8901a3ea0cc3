//! A clock that stands still, jumps back, or jumps ahead and comes back (promise D4): signed time never runs backwards, the log
//! goes on, and cosigning waits for a clock that can be sworn to, or for the operator who accepts it.
//!
//! The program is run under libfaketime (Debian: `faketime`), with the time in a file that a test rewrites while it runs.

use std::path::{Path, PathBuf};

use palinode::clock::{Clock, SystemClock};
use palinode::tlog::{Cosignature, SignedCheckpoint, VerifierKey};
use tempfile::tempdir;

use crate::mounts::skipped;
use crate::posting::{Poster, fsck};
use crate::server_process::{Launch, ServerProcess, palinode};
use crate::waiting::eventually;

/// The time that a server is told, in the words of libfaketime.
struct FakeTime {
    file: PathBuf,
}

impl FakeTime {
    /// Time as it is, for a server on `data`; `None`, said loudly, without the library.
    fn over(launch: Launch, file: PathBuf) -> Option<(Self, Launch)> {
        let Some(library) = library() else {
            skipped("libfaketime is missing (Debian: apt-get install faketime)");
            return None;
        };
        let time = Self { file };
        time.is("+0");
        let launch = launch
            .with_variable("LD_PRELOAD", &library)
            .with_variable("FAKETIME_TIMESTAMP_FILE", &time.file)
            .with_variable("FAKETIME_NO_CACHE", "1")
            // Timeouts and waits go on as ever.
            .with_variable("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        Some((time, launch))
    }

    fn is(&self, time: &str) {
        // Replaced as a whole: a server reads it at any moment.
        let beside = self.file.with_extension("next");
        std::fs::write(&beside, format!("{time}\n")).unwrap();
        std::fs::rename(&beside, &self.file).unwrap();
    }
}

fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?;
    let found = folders.filter_map(Result::ok).map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    found.chain([Path::new("/usr/lib/faketime/libfaketimeMT.so.1").to_owned()]).find(|path| path.exists())
}

fn now() -> u64 {
    u64::try_from(SystemClock.now().timestamp()).unwrap()
}

/// What a server says about the time: its own cosignatures, which must never go back unless its operator said so.
struct Watch {
    log: VerifierKey,
    witness: VerifierKey,
    latest: u64,
}

impl Watch {
    async fn of(server: &ServerProcess) -> Self {
        Self { log: server.log_key().await, witness: server.witness_key().await, latest: 0 }
    }

    /// The time of the newest checkpoint, when the server swears to one.
    async fn reads(&mut self, server: &ServerProcess) -> Option<u64> {
        let text = server.client.checkpoint().await.unwrap();
        let signed = SignedCheckpoint::parse_and_verify(text.as_bytes(), &self.log).unwrap();
        let time = signed.cosignatures(std::slice::from_ref(&self.witness)).first().map(Cosignature::time)?;
        assert!(time >= self.latest, "signed time ran back from {} to {time}", self.latest);
        self.latest = time;
        Some(time)
    }
}

async fn posts(poster: &mut Poster, server: &ServerProcess) {
    let posted = poster.post(server).await;
    poster.must(&posted);
}

/// What `/readyz` says, when the clock keeps the server from cosigning.
async fn clock_is_told(server: &ServerProcess) -> String {
    eventually("readyz tells of the clock", async || {
        let ready = server.get("readyz").await;
        let said = String::from_utf8(ready.body).unwrap();
        (ready.status == 503 && said.contains("clock-behind")).then_some(said)
    })
    .await
}

async fn becomes_ready(server: &ServerProcess) {
    eventually("the server is ready again", async || (server.get("readyz").await.status == 200).then_some(())).await;
}

#[tokio::test]
async fn a_clock_that_jumps_back_a_day_stops_cosigning_and_nothing_else_until_it_is_right_again() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a"));
    let Some((time, launch)) = FakeTime::over(launch, folder.path().join("time")) else { return };
    let server = launch.start();
    let (mut watch, mut poster) = (Watch::of(&server).await, Poster::new("back"));
    posts(&mut poster, &server).await;
    let right = watch.reads(&server).await.expect("cosigned");
    assert!(now().abs_diff(right) < 60);

    time.is("-1d");
    let said = clock_is_told(&server).await;
    assert!(said.contains("mend the clock") && said.contains("--accept-clock"), "{said}");
    // Issued ahead of the wrong clock: refused, and not by a crash.
    let notice = poster.write();
    let refused = server.client.post(&notice.body, false).await.unwrap_err().to_string();
    assert!(refused.contains("issued-ahead") || refused.contains("ahead of this server's clock"), "{refused}");
    watch.reads(&server).await;

    time.is("-2m");
    becomes_ready(&server).await;
    posts(&mut poster, &server).await;
    watch.reads(&server).await.expect("two minutes are bridged with the time signed last");
    time.is("+0");
    posts(&mut poster, &server).await;
    watch.reads(&server).await.expect("cosigned");
    poster.finds_everything_on(&server).await;
}

#[tokio::test]
async fn a_clock_that_was_ten_years_ahead_is_accepted_by_the_operator_and_by_nobody_else() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a")).returning();
    let Some((time, launch)) = FakeTime::over(launch, folder.path().join("time")) else { return };
    let mut server = launch.start();
    let (mut watch, mut poster) = (Watch::of(&server).await, Poster::new("ahead"));
    posts(&mut poster, &server).await;
    let nothing = palinode(&["doctor", "--accept-clock", "--data", server.data_text()]).well();
    assert!(nothing.contains("nothing to accept"), "{nothing}");

    time.is("+3650d");
    posts(&mut poster, &server).await;
    let ahead = watch.reads(&server).await.expect("cosigned");
    assert!(ahead > now() + 3_000 * 86_400, "{ahead}");
    time.is("+0");
    clock_is_told(&server).await;
    posts(&mut poster, &server).await;
    assert_eq!(watch.reads(&server).await, None, "the log goes on, and nobody swears to the time");
    assert!(server.json("v1/server").await["checkpoint_time"].is_null());

    // A start changes nothing.
    server.kill();
    server.start_again(|launch| launch);
    clock_is_told(&server).await;
    posts(&mut poster, &server).await;
    assert_eq!(watch.reads(&server).await, None);
    let doctor = palinode(&["doctor", "--data", server.data_text()]);
    assert_eq!(doctor.code, Some(1), "{doctor:?}");
    assert!(doctor.stdout.contains("cosigns nothing") && doctor.stdout.contains("--accept-clock"), "{doctor:?}");

    let said = palinode(&["doctor", "--accept-clock", "--data", server.data_text()]).well();
    assert!(said.contains("The clock is accepted") && said.contains("once stood ahead"), "{said}");
    becomes_ready(&server).await;
    watch.latest = 0;
    let is_cosigned = async || server.json("v1/server").await["checkpoint_time"].is_string().then_some(());
    eventually("it is cosigned again", is_cosigned).await;
    let accepted = watch.reads(&server).await.expect("cosigned");
    assert!(now().abs_diff(accepted) < 60, "{accepted}");
    posts(&mut poster, &server).await;
    watch.reads(&server).await.expect("cosigned");
    palinode(&["doctor", "--data", server.data_text()]).well();
    poster.finds_everything_on(&server).await;
    let data = server.data_text().to_owned();
    drop(server);
    fsck(&data);
}

#[tokio::test]
async fn a_clock_that_stands_still_is_signed_with_the_same_time_again_and_again() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a"));
    let Some((time, launch)) = FakeTime::over(launch, folder.path().join("time")) else { return };
    time.is(&SystemClock.now().format("%Y-%m-%d %H:%M:%S").to_string());
    let mut server = launch.start();
    let (mut watch, mut poster) = (Watch::of(&server).await, Poster::new("frozen"));
    let mut signed = Vec::new();
    for _ in 0..5 {
        posts(&mut poster, &server).await;
        signed.push(watch.reads(&server).await.expect("cosigned"));
    }
    signed.dedup();
    assert_eq!(signed.len(), 1, "{signed:?}");
    assert_eq!(server.get("readyz").await.status, 200);
    server.ends_well();
    fsck(server.data_text());
}

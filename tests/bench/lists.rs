//! Digest lists at full size: looked up offline and over HTTP, and brought from a checksum file to two servers.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use palinode::digests::merge::merge;
use palinode::digests::sorting::sort;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::joining::befriend;
use crate::load::{Expects, Plan, ask, drive, get};
use crate::process::ServerProcess;
use crate::report::{Goal, Line};
use crate::run::Run;
use crate::statistics::{Series, per_second};

/// Width of a SHA-256 digest in bytes.
const WIDTH: usize = 32;
/// Connections that ask at the same time.
const CONNECTIONS: usize = 32;
/// Different questions; of every ten, one is a hit.
const QUESTIONS: u64 = 20_000;
/// How often it is looked whether the list can be asked.
const LOOKS_EVERY: Duration = Duration::from_millis(50);
/// How long it is waited for at most.
const PATIENCE: Duration = Duration::from_mins(3);
/// A megabyte.
const MB: f64 = 1e6;

/// Digest `n`: spread evenly, and cheaper than hashing.
fn digest(n: u64) -> [u8; WIDTH] {
    let mut bytes = [0; WIDTH];
    let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for word in bytes.chunks_exact_mut(8) {
        // splitmix64 (Steele, Lea and Flood, 2014).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word.copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes());
    }
    bytes
}

fn digests(numbers: std::ops::Range<u64>) -> Vec<u8> {
    numbers.flat_map(digest).collect()
}

/// Everything there is to measure about lists of `run.digests` digests.
pub(crate) fn run(run: &Run) -> Vec<Line> {
    let folder = run.fresh("lists");
    let mut lines = vec![offline(run, &folder)];
    lines.extend(two_servers(run, &folder));
    lines
}

/// As many digests as the list has, half of them in it, checked against the list on disk.
fn offline(run: &Run, folder: &Path) -> Line {
    let count = run.digests;
    let mut list = digests(0..count);
    sort(&mut list, WIDTH);
    let path = folder.join("offline.digests");
    fs::write(&path, &list).expect("the folder can be written");
    drop(list);
    let asked = digests(count / 2..count / 2 + count);
    let (mut ratios, mut sorting) = (Series::default(), Series::default());
    for round in 1..=run.rounds.min(3) {
        let mut sorted = asked.clone();
        let begun = Instant::now();
        sort(&mut sorted, WIDTH);
        let alone = begun.elapsed();
        sorted.copy_from_slice(&asked);
        let begun = Instant::now();
        sort(&mut sorted, WIDTH);
        let mut hits = 0_u64;
        merge(&sorted, File::open(&path).expect("there"), WIDTH, |_| hits += 1).expect("readable");
        let whole = begun.elapsed();
        assert_eq!(hits, count - count / 2, "half of them are in the list");
        run.say(&format!("offline round {round}: {:.2} s of {:.2} s", whole.as_secs_f64(), alone.as_secs_f64()));
        ratios.push(whole.as_secs_f64() / alone.as_secs_f64());
        sorting.push(alone.as_secs_f64());
    }
    let told = format!("{count} digests against {count}; sorting alone takes {:.2} s", sorting.median());
    Line::of("lists", "checking digests offline / sorting them", "x", &ratios, Goal::AtMost(2.0)).with(told)
}

/// A list goes the publisher's way to one server and from there to another; then both kinds of questions are asked.
fn two_servers(run: &Run, folder: &Path) -> Vec<Line> {
    let sums = checksum_file(folder, run.digests);
    let limit = limit(run, folder);
    let [a, b] = ["a", "b"].map(|name| {
        let place = folder.join(name);
        fs::create_dir_all(&place).expect("the folder can be written");
        (ServerProcess::start(&place, run.workers), place)
    });
    befriend(&b.1, &a.0);
    befriend(&a.1, &b.0);
    palinode(&["key", "new", &text(&folder.join("me.pem"))]);
    let begun = Instant::now();
    let list = folder.join("faces.digests");
    let member = palinode(&["digests", "build", &text(&sums), "--out", &text(&list)]);
    let built = begun.elapsed();
    let signed = sign(folder, &member);
    let posted = palinode(&["notice", "post", &text(&signed), "--server", &format!("http://{}/", a.0.product)]);
    assert!(posted.contains("is there"), "{posted}");
    let brought = begun.elapsed();
    for server in [&a.0, &b.0] {
        wait_for(server);
    }
    let whole = begun.elapsed();
    let resident = [&a.0, &b.0].map(ServerProcess::most_resident).into_iter().max().unwrap_or_default();
    let figures = format!(
        "{} digests: built after {:.1} s, posted after {:.1} s, federated after {:.1} s; sorting, hashing and copying take {:.1} s",
        run.digests,
        built.as_secs_f64(),
        brought.as_secs_f64(),
        whole.as_secs_f64(),
        limit.as_secs_f64()
    );
    let ratio = whole.as_secs_f64() / limit.as_secs_f64();
    let asked = questions(run, &b.0);
    a.0.stop();
    b.0.stop();
    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
    let resident = resident as f64 / MB;
    vec![
        Line::once("lists", "from a checksum file to two servers / the limit", "x", ratio, Goal::AtMost(8.0)).with(figures),
        Line::once("lists", "most resident memory of either server", "MB", resident, Goal::AtMost(256.0)),
        asked,
    ]
}

/// Lines of hex, as `sha256sum` writes them.
fn checksum_file(folder: &Path, count: u64) -> PathBuf {
    let path = folder.join("SHA256SUMS");
    let mut file = BufWriter::with_capacity(1 << 20, File::create(&path).expect("the folder can be written"));
    for n in 0..count {
        writeln!(file, "{}  {n:08}.jpg", data_encoding::HEXLOWER.encode(&digest(n))).expect("the folder can be written");
    }
    file.flush().expect("the folder can be written");
    path
}

/// Sorting the digests, hashing them and copying them, once each.
fn limit(run: &Run, folder: &Path) -> Duration {
    let mut list = digests(0..run.digests);
    let (from, to) = (folder.join("limit"), folder.join("limit.copy"));
    let begun = Instant::now();
    sort(&mut list, WIDTH);
    let digest = Sha256::digest(&list);
    fs::write(&from, &list).expect("the folder can be written");
    fs::copy(&from, &to).expect("the folder can be written");
    File::open(&to).and_then(|file| file.sync_all()).expect("the folder can be written");
    let took = begun.elapsed();
    assert_eq!(digest.len(), WIDTH);
    for path in [from, to] {
        fs::remove_file(path).expect("the folder can be written");
    }
    took
}

fn sign(folder: &Path, member: &str) -> PathBuf {
    let member: Value = serde_json::from_str(member).expect("a member of digest_lists");
    let draft = json!({
        "type": "retraction",
        "issuer": {"role": "observer"},
        "dataset": {"title": "Example Faces 10M", "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": "doi:10.5281/zenodo.10000000", "role": "whole"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "delete"}],
        "digest_lists": [member],
    });
    let (written, signed) = (folder.join("draft.json"), folder.join("notice.json"));
    fs::write(&written, draft.to_string()).expect("the folder can be written");
    palinode(&["notice", "sign", &text(&written), "--key", &text(&folder.join("me.pem")), "--out", &text(&signed)]);
    signed
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path of ours").to_owned()
}

/// Runs a command of the product in a process of its own, and gives what it prints.
fn palinode(arguments: &[&str]) -> String {
    let program = std::env::current_exe().expect("this program");
    let ended = Command::new(program).arg("palinode").arg("--").args(arguments).output().expect("the command starts");
    assert!(ended.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).expect("text")
}

fn path_of(id: &str) -> String {
    format!("/v1/check?id={}", utf8_percent_encode(id, NON_ALPHANUMERIC))
}

fn digest_id(n: u64) -> String {
    format!("sha256:{}", data_encoding::HEXLOWER.encode(&digest(n)))
}

/// Waits until the server finds the notice by a digest of the list.
fn wait_for(server: &ServerProcess) {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let (status, body) = ask(server.product, &get(&path_of(&digest_id(7))));
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status == 200 && answer["answers"][0]["verdict"] == "reported" {
            return;
        }
        std::thread::sleep(LOOKS_EVERY);
    }
    unreachable!("the list did not come within {} s", PATIENCE.as_secs());
}

/// Questions about one digest against questions about one other identifier, both with one hit in ten.
fn questions(run: &Run, server: &ServerProcess) -> Line {
    let hit = |n: u64| n.is_multiple_of(10);
    let of_digests: Vec<_> =
        (0..QUESTIONS).map(|n| get(&path_of(&digest_id(if hit(n) { n % run.digests } else { run.digests + n })))).collect();
    let of_others: Vec<_> = (0..QUESTIONS)
        .map(|n| get(&path_of(&format!("doi:10.5281/zenodo.{}", if hit(n) { 10_000_000 } else { 20_000_000 + n }))))
        .collect();
    let plan = |requests| Plan {
        server: server.product,
        connections: CONNECTIONS,
        requests,
        again: true,
        lasts: run.lasts,
        expects: Expects::Status(200),
    };
    drive(plan(&of_digests));
    let (mut ratios, mut digests, mut others) = (Series::default(), Series::default(), Series::default());
    for round in 1..=run.rounds {
        let before = drive(plan(&of_others)).rate();
        let rate = drive(plan(&of_digests)).rate();
        let other = f64::midpoint(before, drive(plan(&of_others)).rate());
        run.say(&format!("digests round {round}: {} of {}", per_second(rate), per_second(other)));
        ratios.push(rate / other);
        digests.push(rate);
        others.push(other);
    }
    let told = format!(
        "list of {} digests, 9 of 10 miss; {} against {}",
        run.digests,
        per_second(digests.median()),
        per_second(others.median())
    );
    Line::of("lists", "GET check of a digest / of an identifier", "x", &ratios, Goal::AtLeast(0.9)).with(told)
}

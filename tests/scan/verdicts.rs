//! From a notice on a server to an exit code.

use std::fs;

use sha2::{Digest, Sha256};

use crate::desk::{Desk, identifiers, retraction, samples};
use crate::server_process::Launch;
use crate::speaker::Speaker;

fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)))
}

/// The findings of a report, sorted by place: what was found, and the verdict.
fn verdicts(report: &serde_json::Value) -> Vec<(String, String)> {
    let mut found: Vec<_> =
        report["datasets"].as_array().unwrap().iter().flat_map(|d| d["findings"].as_array().unwrap()).collect();
    found.sort_by_key(|finding| (finding["place"]["path"].to_string(), finding["place"]["line"].as_u64()));
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    found.iter().map(|finding| (text(&finding["identifier"]), text(&finding["verdict"]))).collect()
}

/// Takes a member out wherever it stands.
fn without(value: &mut serde_json::Value, name: &str) {
    match value {
        serde_json::Value::Object(members) => {
            members.remove(name);
            members.values_mut().for_each(|value| without(value, name));
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|value| without(value, name)),
        _ => {}
    }
}

/// Bytes that no list of trivial files knows.
fn picture(n: u32) -> Vec<u8> {
    format!("a picture of number {n}, which is as good as any other for a test that hashes it").into_bytes()
}

#[tokio::test]
async fn a_retracted_file_is_found_by_its_bytes_under_any_name() {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let server = desk.server(&publisher);
    server.takes(&retraction(&publisher, &[&sha256(&picture(1))])).await;
    desk.write("deep/renamed.bin", picture(1));
    desk.write("other.bin", picture(2));
    let (code, report) = desk.report(&server, &[]);
    assert_eq!(code, Some(1), "{report:#}");
    assert_eq!(verdicts(&report), [(sha256(&picture(1)), "retracted".to_owned())]);
    assert_eq!(identifiers(&report).len(), 2);

    let text = desk.scan(&["data", "--ask", server.url.as_str()]);
    assert_eq!(text.code, Some(1));
    for part in [
        "RETRACTED",
        "Example Faces 1M",
        "data/deep/renamed.bin",
        "exact-bytes (bytes hashed)",
        "2026-10",
        "2026-12-31",
        "doi:10.5281/zenodo.7654321",
        "2 identifiers looked up",
        "by the notices known to",
    ] {
        assert!(text.stdout.contains(part), "{part}: {}", text.stdout);
    }
    assert!(text.stderr.contains("which is told 2 identifiers"), "{}", text.stderr);
    // Above that level, it is still told, and ends well.
    let (code, _) = desk.report(&server, &["--no-hash"]);
    assert_eq!(code, Some(5), "without hashing there is nothing to ask");
}

#[tokio::test]
async fn the_real_digests_of_a_withdrawn_dataset_are_found_in_a_checksum_file() {
    let Some(samples) = samples() else { return };
    let checksums = fs::read_to_string(samples.join("tfds/amazon_us_reviews.checksums.excerpt.tsv")).unwrap();
    let digests: Vec<String> = checksums.lines().map(|line| format!("sha256:{}", line.split('\t').nth(2).unwrap())).collect();
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let server = desk.server(&publisher);
    server.takes(&retraction(&publisher, &digests.iter().map(String::as_str).collect::<Vec<_>>())).await;
    desk.write("amazon_us_reviews/checksums.tsv", &checksums);
    let (code, report) = desk.report(&server, &[]);
    assert_eq!(code, Some(1));
    let expected: Vec<_> = digests.iter().map(|digest| (digest.clone(), "retracted".to_owned())).collect();
    assert_eq!((digests.len(), verdicts(&report)), (6, expected));
    let sightings = report["inventory"]["sightings"].as_array().unwrap();
    let lines: Vec<_> =
        sightings.iter().filter(|s| s["identifier"] == digests[3].as_str()).map(|s| &s["place"]["line"]).collect();
    assert_eq!(lines, [4]);
}

#[tokio::test]
async fn exit_codes_are_those_of_the_protocol() {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let server = desk.server(&publisher);
    let ask = ["--ask", server.url.as_str()];
    let scan = |arguments: &[&str]| desk.scan(&[&["data"], &ask[..], arguments].concat()).code;
    assert_eq!(scan(&[]), Some(5), "nothing to check");
    assert_eq!(scan(&["--allow-empty"]), Some(0));
    assert_eq!(scan(&["--allow-empty", "--strict"]), Some(3), "a folder that names nothing is not identified");
    desk.write("a.bin", picture(7));
    assert_eq!(scan(&[]), Some(0));
    assert_eq!(scan(&["--max-age", "0s"]), Some(3), "what is known is too old");
    desk.write("datapackage.json", "{ not json");
    assert_eq!(scan(&[]), Some(0), "a broken file is told, and the scan goes on");
    assert_eq!(scan(&["--strict"]), Some(3));
    server.takes(&retraction(&publisher, &[&sha256(&picture(7))])).await;
    assert_eq!(scan(&["--strict", "--max-age", "0s"]), Some(1), "a finding counts for more");
    assert_eq!(desk.scan(&["nowhere", ask[0], ask[1]]).code, Some(2));
    assert_eq!(desk.scan(&["data", "--digest", "crc32", ask[0], ask[1]]).code, Some(2));
    assert_eq!(desk.scan(&["data", "--offline", ask[0], ask[1]]).code, Some(2));
    assert_eq!(desk.scan(&["data", "--ask", "http://127.0.0.1:1/"]).code, Some(3), "nobody answers");
}

#[tokio::test]
async fn an_empty_file_or_a_licence_never_matches_whoever_lists_it() {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let server = desk.server(&publisher);
    desk.write("empty", "");
    desk.write("__init__.py", "\n");
    desk.write("LICENSE-APACHE", fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE-APACHE")).unwrap());
    desk.write("sub/SHA256SUMS", format!("{}  empty\n", sha256(b"").trim_start_matches("sha256:")));
    let (code, report) = desk.report(&server, &[]);
    let own = sha256(&fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE-APACHE")).unwrap());
    let found = identifiers(&report);
    assert!(!found.contains(&sha256(b"").as_str()) && !found.contains(&own.as_str()), "{found:?}");
    assert!(code == Some(5) || found.iter().all(|id| *id == sha256(&fs::read(desk.path("data/sub/SHA256SUMS")).unwrap())));
    assert!(report["inventory"]["counts"]["trivial_files"].as_u64().unwrap() >= 3);
}

#[tokio::test]
async fn the_local_index_answers_as_the_server_does_when_the_server_is_gone() {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let mut server = desk.server(&publisher);
    server.takes(&retraction(&publisher, &[&sha256(&picture(1))])).await;
    desk.write("deep/renamed.bin", picture(1));
    desk.write("other.bin", picture(2));
    let (_, asked) = desk.report(&server, &[]);
    desk.fetches_index(&server);
    server.kill();
    let (code, local) = desk.report_of(&["data", "--offline"]);
    assert_eq!(code, Some(1), "{local:#}");
    for member in ["inventory", "datasets", "identifiers", "verdict"] {
        // When a notice was first seen is the server's own knowledge, and in no list.
        let without_seen = |report: &serde_json::Value| {
            let mut value = report[member].clone();
            without(&mut value, "first_seen");
            without(&mut value, "since");
            value
        };
        assert_eq!(without_seen(&local), without_seen(&asked), "{member}");
    }
    assert_eq!(local["ledgers"][0]["tree_size"], asked["ledgers"][0]["tree_size"]);
    let text = desk.scan(&["data"]);
    assert!(text.stdout.contains("RETRACTED  Example Faces 1M") && text.stdout.contains("2026-12-31"), "{}", text.stdout);
    assert!(text.stderr.is_empty(), "nobody is asked: {}", text.stderr);
}

#[test]
fn without_an_index_nothing_is_a_good_answer() {
    let desk = Desk::new();
    desk.write("a.bin", picture(1));
    for arguments in [&["data"][..], &["data", "--offline"]] {
        let ended = desk.scan(arguments);
        assert_eq!(ended.code, Some(3), "{ended:?}");
        assert!(ended.stdout.is_empty() && ended.stderr.contains("help:"), "{ended:?}");
    }
}

#[tokio::test]
async fn a_second_scan_reads_no_file_again_and_finds_the_same() {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let server = Launch::on(desk.path("server")).start();
    drop(publisher);
    let files: Vec<_> = (0..20).map(|n| desk.write(&format!("{n}.bin"), picture(n))).collect();
    // Only files that have rested are kept.
    let past = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_hours(400_000);
    for file in &files {
        fs::File::options().write(true).open(file).unwrap().set_modified(past).unwrap();
    }
    let (_, first) = desk.report(&server, &["--jobs", "3"]);
    assert_eq!(first["inventory"]["counts"]["cached_files"], 0);
    crate::waiting::eventually("the files have rested for two seconds", async || {
        let (_, report) = desk.report(&server, &[]);
        (report["inventory"]["counts"]["cached_files"] == 20).then_some(report)
    })
    .await;
    fs::write(&files[3], picture(99)).unwrap();
    let (_, third) = desk.report(&server, &[]);
    assert_eq!(third["inventory"]["counts"]["cached_files"], 19);
    assert!(identifiers(&third).contains(&sha256(&picture(99)).as_str()));
    let (_, anew) = desk.report(&server, &["--no-cache"]);
    assert_eq!(anew["inventory"]["counts"]["cached_files"], 0);
    assert_eq!(identifiers(&anew), identifiers(&third));
}

//! Folders that tools leave behind, and folders that somebody made to trip a scanner.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

use crate::desk::{Desk, identifiers, remarks};
use crate::server_process::Launch;

const SHA: &str = "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";
const COMMIT: &str = "f59388cd04276e75d70b2136597aaa27e7937cc3";

#[test]
fn caches_pointers_and_repositories_are_read_without_hashing() {
    let desk = Desk::new();
    let server = Launch::on(desk.path("server")).start();
    let hub = "hub/datasets--ProgramComputer--VGGFace2";
    desk.write(&format!("{hub}/blobs/{SHA}"), vec![7; 100]);
    desk.write(&format!("{hub}/blobs/5ab2f8a4323abafb10abb68657d9d39f1a775057"), "Hello");
    fs::create_dir_all(desk.path(&format!("data/{hub}/snapshots/{COMMIT}"))).unwrap();
    symlink(format!("../../blobs/{SHA}"), desk.path(&format!("data/{hub}/snapshots/{COMMIT}/train.tar"))).unwrap();
    fs::create_dir_all(desk.path("data/kagglehub/datasets/unsdsn/world-happiness/versions/2")).unwrap();
    desk.write("clone/.git/HEAD", "ref: refs/heads/main\n");
    desk.write("clone/.git/refs/heads/main", format!("{COMMIT}\n"));
    desk.write("clone/.git/config", "[remote \"origin\"]\n\turl = https://u:secret@github.com/Example/Faces.git\n");
    desk.write("clone/.git/objects/ab/cd", "an object of git is no data");
    desk.write("clone/faces.tar", format!("version https://git-lfs.github.com/spec/v1\noid sha256:{SHA}\nsize 1\n"));
    let key = format!("SHA256E-s9--{SHA}.tar");
    symlink(format!("../.git/annex/objects/aa/bb/{key}/{key}"), desk.path("data/clone/annexed.tar")).unwrap();
    desk.write("bag/bagit.txt", "BagIt-Version: 1.0\n");
    desk.write("bag/fetch.txt", "https://example.org/faces.tar 9 data/faces.tar\n");
    desk.write("notabag/fetch.txt", "https://example.org/else.tar 9 data/faces.tar\n");
    let (code, report) = desk.report(&server, &["--no-hash"]);
    assert_eq!(code, Some(0), "{report:#}");
    let found = identifiers(&report);
    for expected in [
        format!("hf:datasets/programcomputer/vggface2@{COMMIT}"),
        "swh:1:cnt:5ab2f8a4323abafb10abb68657d9d39f1a775057".to_owned(),
        "kaggle:unsdsn/world-happiness/versions/2".to_owned(),
        format!("git:github.com/example/faces@{COMMIT}"),
        format!("swh:1:rev:{COMMIT}"),
        "url:https://example.org/faces.tar".to_owned(),
    ] {
        assert!(found.contains(&expected.as_str()), "{expected}: {found:?}");
    }
    assert!(!found.contains(&"url:https://example.org/else.tar"));
    let of_digest: Vec<_> = report["inventory"]["sightings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|sighting| sighting["identifier"] == format!("sha256:{SHA}"))
        .map(|sighting| (sighting["source"].as_str().unwrap(), sighting["evidence"].as_str().unwrap()))
        .collect();
    assert_eq!(of_digest, [("annex-key", "digest-stated"), ("lfs-pointer", "digest-stated"), ("hub-cache", "digest-stated")]);
    assert!(!report.to_string().contains("secret"));
    assert_eq!(report["inventory"]["counts"]["hashed_files"], 0);
    // A blob that is named by its SHA-256 is not hashed when only that is wanted.
    let (_, hashed) = desk.report(&server, &[]);
    let bytes = hashed["inventory"]["sightings"].as_array().unwrap().iter().filter(|sighting| sighting["source"] == "bytes");
    assert!(bytes.clone().count() > 0);
    assert!(bytes.clone().all(|sighting| !sighting["place"]["path"].as_str().unwrap().contains("/blobs/c73b")));
    assert!(bytes.clone().all(|sighting| !sighting["place"]["path"].as_str().unwrap().contains("/.git/")));
}

#[test]
fn traps_are_told_and_never_opened_or_followed() {
    let desk = Desk::new();
    let server = Launch::on(desk.path("server")).start();
    fs::create_dir(desk.path("outside")).unwrap();
    fs::write(desk.path("outside/secret.bin"), vec![1; 100]).unwrap();
    symlink(desk.path("outside"), desk.path("data/out")).unwrap();
    symlink("../outside/secret.bin", desk.path("data/file")).unwrap();
    symlink(".", desk.path("data/loop")).unwrap();
    symlink("nowhere", desk.path("data/dangling")).unwrap();
    let made = Command::new("mkfifo").arg(desk.path("data/pipe")).status().unwrap();
    assert!(made.success());
    let _socket = UnixListener::bind(desk.path("data/socket")).unwrap();
    let odd = desk.path("data").join(OsStr::from_bytes(b"not\xfftext.bin"));
    fs::write(&odd, vec![2; 100]).unwrap();
    desk.write("closed/inner.bin", vec![3; 100]);
    fs::set_permissions(desk.path("data/closed"), fs::Permissions::from_mode(0o000)).unwrap();
    let (code, report) = desk.report(&server, &[]);
    fs::set_permissions(desk.path("data/closed"), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(code, Some(0));
    let told = remarks(&report);
    let of = |path: &str| told.iter().find(|(place, ..)| *place == path).map(|(_, kind, _)| *kind);
    assert_eq!(of("out"), Some("link-leaves-root"));
    assert_eq!(of("file"), Some("link-leaves-root"));
    assert_eq!(of("dangling"), Some("dangling-link"));
    assert_eq!(of("pipe"), Some("special"));
    assert_eq!(of("socket"), Some("special"));
    assert_eq!(of("loop"), None, "it stays within the root, and what it leads to is seen there");
    // Whoever may read everything is stopped by no permission.
    assert!(of("closed") == Some("unreadable") || rustix::process::geteuid().is_root());
    let places: Vec<_> =
        report["inventory"]["sightings"].as_array().unwrap().iter().map(|s| s["place"]["path"].as_str().unwrap()).collect();
    assert!(places.contains(&"not\\xfftext.bin"), "{places:?}");
    assert!(!places.iter().any(|place| place.contains("secret")));
}

#[test]
fn metadata_that_lies_is_named_and_what_is_true_beside_it_is_used() {
    let desk = Desk::new();
    let server = Launch::on(desk.path("server")).start();
    let croissant = serde_json::json!({"@context": {"@vocab": "https://schema.org/"}, "@type": "sc:Dataset", "distribution": [
        {"contentUrl": "a.tar", "sha256": "https://github.com/mlcommons/croissant/issues/80"},
        {"contentUrl": "b.tar", "sha256": "sha256"},
        {"contentUrl": "c.tar", "sha256": "0b033707ea49365a5ffdd14615825511"},
        {"contentUrl": "d.tar", "sha256": SHA},
        {"contentUrl": "e.tar", "md5": 687_610_993}]});
    desk.write("metadata.json", croissant.to_string());
    desk.write("broken.datapackage.json", "{\"missingValue\": \"\",}");
    desk.write("bad.torrent", "d4:info");
    desk.write("wrong.dvc", "outs: [");
    let (code, report) = desk.report(&server, &["--no-hash"]);
    assert_eq!(code, Some(0));
    let found = identifiers(&report);
    assert_eq!(found, ["md5:0b033707ea49365a5ffdd14615825511", &format!("sha256:{SHA}")]);
    let told: Vec<_> = remarks(&report).iter().map(|(place, kind, _)| format!("{place} {kind}")).collect();
    assert_eq!(
        told,
        [
            "bad.torrent invalid",
            "broken.datapackage.json invalid",
            "metadata.json ignored",
            "metadata.json ignored",
            "metadata.json read-as",
            "metadata.json ignored",
            "wrong.dvc invalid"
        ]
    );
}

#[test]
fn several_roots_are_told_apart_and_a_file_can_be_one() {
    let desk = Desk::new();
    let server = Launch::on(desk.path("server")).start();
    desk.write("a/SHA256SUMS", format!("{SHA}  x.tar\n"));
    desk.write("b.dvc", "outs:\n- md5: 88813c6b15de58afc8fa75ea83361d7f\n  hash: md5\n  path: b\n");
    let (_, report) = desk.report_of(&["data/a", "data/b.dvc", "--no-hash", "--ask", server.url.as_str()]);
    assert_eq!(report["inventory"]["roots"], serde_json::json!(["data/a", "data/b.dvc"]));
    let places: Vec<_> = report["inventory"]["sightings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["place"]["root"].as_u64().unwrap(), s["place"]["path"].as_str().unwrap()))
        .collect();
    assert_eq!(places, [(0, "SHA256SUMS"), (1, "")]);
}

//! What a finding rests on: what manifests state beside what the bytes are, digests of whole folders, and folders of git that lie elsewhere.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::desk::{Desk, identifiers, remarks, retraction};
use crate::server_process::Launch;
use crate::speaker::Speaker;

const COMMIT: &str = "f59388cd04276e75d70b2136597aaa27e7937cc3";

fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Bytes that nobody else has.
fn faces(n: u8) -> Vec<u8> {
    vec![n; 300]
}

#[tokio::test]
async fn a_manifest_that_lies_about_its_files_is_told_and_the_bytes_count() {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    let server = desk.server(&publisher);
    server.takes(&retraction(&publisher, &[&format!("sha256:{}", sha256(&faces(1)))])).await;
    // The manifest states the retracted digest of a file that has other bytes, and the other way round.
    desk.write("set/one.bin", faces(2));
    desk.write("set/two.bin", faces(1));
    desk.write("set/SHA256SUMS", format!("{}  one.bin\n{}  ./two.bin\n", sha256(&faces(1)), sha256(&faces(3))));
    let croissant = json!({"@context": {"@vocab": "https://schema.org/"}, "@type": "sc:Dataset",
        "distribution": [{"contentUrl": "two.bin", "sha256": sha256(&faces(4))}]});
    desk.write("set/croissant.json", croissant.to_string());
    let (code, report) = desk.report(&server, &[]);
    assert_eq!(code, Some(1));
    let told: Vec<_> = remarks(&report).iter().map(|(place, kind, _)| format!("{place} {kind}")).collect();
    assert_eq!(
        told,
        ["set/SHA256SUMS stated-otherwise", "set/SHA256SUMS stated-otherwise", "set/croissant.json stated-otherwise"]
    );
    let findings = report["datasets"][0]["findings"].as_array().unwrap();
    let of = |place: &str| {
        let finding = findings.iter().find(|finding| finding["place"]["path"] == place).unwrap();
        (finding["evidence"].as_str().unwrap().to_owned(), finding["strength"].as_str().unwrap().to_owned())
    };
    assert_eq!(of("set/two.bin"), ("bytes-hashed".to_owned(), "exact-bytes".to_owned()));
    assert_eq!(of("set/SHA256SUMS"), ("digest-disproved".to_owned(), "weak-bytes".to_owned()));

    let words = "states another digest for \"set/one.bin\" than its bytes have";
    for format in ["text", "sarif", "markdown", "jsonl"] {
        let shown = desk.scan(&["data", "--ask", server.url.as_str(), "--report", format]).stdout;
        // Markdown and JSON write some characters in another way.
        let plain = shown.replace('\\', "").replace("&#58;", ":");
        assert!(plain.contains(words) || plain.contains("\"remark\":\"stated-otherwise\""), "{format}: {shown}");
    }
}

#[tokio::test]
async fn a_folder_is_found_by_its_digest_under_any_name() {
    let (desk, publisher) = (Desk::new(), Speaker::of_domain("data.example.org"));
    desk.write("renamed/b/two.bin", faces(2));
    desk.write("renamed/one.bin", faces(1));
    desk.write("renamed/tiny", "3");
    // The formula that in-toto's digest sets and Go's dirhash publish, by the tools that it names.
    let formula = "find . -type f | cut -c3- | LC_ALL=C sort | xargs -r sha256sum | sha256sum | cut -f1 -d' '";
    let out = Command::new("sh").args(["-c", formula]).current_dir(desk.path("data/renamed")).output().unwrap();
    let dirhash = format!("dirhash1:{}", String::from_utf8(out.stdout).unwrap().trim());
    let server = desk.server(&publisher);
    server.takes(&retraction(&publisher, &[&dirhash])).await;
    let (code, _) = desk.report(&server, &[]);
    assert_eq!(code, Some(0), "nobody asked for digests of folders");
    let (code, report) = desk.report(&server, &["--digest", "sha256,dirhash1,dvcdir"]);
    assert_eq!(code, Some(1), "{report:#}");
    let finding = &report["datasets"][0]["findings"][0];
    assert_eq!((&finding["place"]["path"], &finding["strength"]), (&json!("renamed"), &json!("tree")));
    let found = identifiers(&report);
    assert_eq!(
        found.iter().filter(|id| id.starts_with("dvcdir:")).count(),
        3,
        "the root, the folder and the one in it: {found:?}"
    );
    // A link makes it another folder than the one that the digest is of.
    symlink("one.bin", desk.path("data/renamed/link")).unwrap();
    let (code, report) = desk.report(&server, &["--digest", "dirhash1"]);
    assert_eq!(code, Some(0));
    assert!(!identifiers(&report).contains(&dirhash.as_str()));
}

#[test]
fn a_submodule_is_read_where_its_git_file_leads_and_never_outside() {
    let desk = Desk::new();
    let server = Launch::on(desk.path("server")).start();
    let modules = "project/.git/modules/faces";
    desk.write("project/.git/HEAD", "ref: refs/heads/main\n");
    desk.write(&format!("{modules}/HEAD"), format!("{COMMIT}\n"));
    desk.write(&format!("{modules}/config"), "[remote \"origin\"]\n\turl = https://github.com/Example/Faces.git\n");
    desk.write("project/faces/.git", "gitdir: ../.git/modules/faces\n");
    desk.write("project/gone/.git", "gitdir: ../.git/modules/gone\n");
    // A linked worktree shares all but its HEAD with the repository.
    desk.write("project/.git/worktrees/next/HEAD", "ref: refs/heads/next\n");
    desk.write("project/.git/worktrees/next/commondir", "../..\n");
    desk.write("project/.git/refs/heads/next", format!("{}\n", "ab".repeat(20)));
    desk.write("project/.git/config", "[remote \"origin\"]\n\turl = https://github.com/Example/Whole.git\n");
    desk.write("project/next/.git", "gitdir: ../.git/worktrees/next\n");
    fs::create_dir_all(desk.path("outside")).unwrap();
    fs::write(desk.path("outside/config"), "[remote \"origin\"]\n\turl = https://github.com/Example/Secret.git\n").unwrap();
    desk.write("project/out/.git", format!("gitdir: {}\n", desk.path("outside").display()));
    let (_, report) = desk.report(&server, &["--no-hash"]);
    let found = identifiers(&report);
    assert!(found.contains(&format!("git:github.com/example/faces@{COMMIT}").as_str()), "{found:?}");
    assert!(found.contains(&format!("git:github.com/example/whole@{}", "ab".repeat(20)).as_str()), "{found:?}");
    assert!(!report["inventory"]["sightings"].to_string().contains("secret"));
    let told: Vec<(&str, &str)> = remarks(&report).iter().map(|(place, kind, _)| (*place, *kind)).collect();
    assert_eq!(told, [("project/gone/.git", "dangling-link"), ("project/out/.git", "link-leaves-root")]);
    let of_submodule: Vec<&Value> = report["inventory"]["sightings"].as_array().unwrap().iter().collect();
    assert!(of_submodule.iter().any(|sighting| sighting["place"]["path"] == "project/faces/.git"));
}

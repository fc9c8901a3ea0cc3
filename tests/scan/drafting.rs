//! `palinode notice draft --from`: a publisher begins with the description that the dataset has already.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::desk::{Desk, samples};
use crate::server_process::Ended;
use crate::speaker::Speaker;

/// Takes out what was not filled in, and puts in what a publisher would write. Says nothing of the identifiers.
fn filled(draft: &str) -> Value {
    let mut draft: Value = serde_json::from_str(draft).unwrap();
    draft["issuer"]["role"] = json!("publisher");
    draft["reasons"] = json!(["consent"]);
    draft["actions"] = json!([{"do": "delete"}]);
    draft["texts"] =
        json!({"texts": [{"language": "en", "statement": "People who are shown in it were never asked whether they agree."}]});
    draft["appeal"] = json!("https://data.example.org/appeal");
    for field in ["effective", "derivatives", "publication_check"] {
        draft.as_object_mut().unwrap().remove(field);
    }
    let is_open = |value: &Value| value.as_str().is_some_and(|text| text.starts_with('<'));
    let subjects = draft["subjects"].as_array_mut().unwrap();
    subjects.retain(|subject| !is_open(&subject["id"]));
    if subjects.is_empty() {
        subjects.push(json!({"id": "name:a dataset without identifiers", "role": "whole"}));
    }
    let dataset = draft["dataset"].as_object_mut().unwrap();
    dataset.retain(|_, value| !is_open(value) && !value.get(0).is_some_and(is_open));
    dataset.entry("title").or_insert_with(|| json!("Example Faces 1M"));
    dataset.entry("publisher_name").or_insert_with(|| json!("Example Vision Lab"));
    draft
}

fn sign(desk: &Desk, draft: &Value) -> Ended {
    fs::write(desk.path("draft.json"), draft.to_string()).unwrap();
    if !desk.path("me.pem").exists() {
        desk.run(&["key", "new", "me.pem"]).well();
    }
    let _ = fs::remove_file(desk.path("notice.json"));
    desk.run(&["notice", "sign", "draft.json", "--key", "me.pem", "--out", "notice.json"])
}

/// Every file below a folder, and every folder that holds one of these names.
fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            below(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

#[test]
fn every_description_among_the_samples_gives_a_draft_that_can_be_signed() {
    let Some(folder) = samples() else { return };
    let desk = Desk::new();
    let mut sources: Vec<PathBuf> = Vec::new();
    for kind in ["croissant", "datacite", "rocrate", "invenio", "tfds"] {
        below(&folder.join(kind), &mut sources);
    }
    sources.retain(|path| path.extension().is_some_and(|ending| ending != "yaml"));
    let bags = ["bagit/v1.0/valid/basicBag", "bagit/v0.97/invalid/out-of-scope-file-paths-using-dot-notation"];
    sources.extend(bags.map(|bag| folder.join(bag)));
    sources.extend(["tfds", "bids/ds000117"].map(|name| folder.join(name)));
    assert!(sources.len() >= 12, "{sources:?}");
    for source in sources {
        let ended = desk.run(&["notice", "draft", "--from", source.to_str().unwrap()]);
        assert_eq!(ended.code, Some(0), "{}: {ended:?}", source.display());
        let unfilled: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert!(unfilled["reasons"][0].as_str().unwrap().starts_with('<'), "what only the publisher knows stays open");
        let signed = sign(&desk, &filled(&ended.stdout));
        assert_eq!(signed.code, Some(0), "{}: {signed:?}", source.display());
    }
}

#[test]
fn what_the_samples_say_stands_in_their_drafts() {
    let Some(folder) = samples() else { return };
    let desk = Desk::new();
    let draft = |name: &str| {
        let ended = desk.run(&["notice", "draft", "--from", folder.join(name).to_str().unwrap()]);
        (serde_json::from_str::<Value>(&ended.stdout).unwrap(), ended.stderr)
    };
    let (titanic, said) = draft("croissant/titanic.json");
    assert_eq!((&titanic["dataset"]["title"], &titanic["dataset"]["version"]), (&json!("Titanic"), &json!("1.0.0")));
    assert_eq!(titanic["subjects"][0], json!({"id": "openml:40945", "role": "whole"}));
    assert!(said.contains("licence \"afl-3.0\": a notice has no field for it"), "{said}");
    let (pass, said) = draft("croissant/pass.json");
    let md5 = json!({"id": "md5:0b033707ea49365a5ffdd14615825511", "role": "file"});
    assert!(pass["subjects"].as_array().unwrap().contains(&md5), "{pass:#}");
    assert!(said.contains("read as md5:0b033707ea49365a5ffdd14615825511"), "{said}");
    let (kernel, _) = draft("datacite/datacite-example-full-v4.7.xml");
    assert_eq!(kernel["dataset"]["title"], "Example Title");
    assert_eq!(kernel["dataset"]["publisher_name"], "Example Publisher");
    for reviews in ["tfds/amazon_us_reviews.checksums.excerpt.tsv", "tfds"] {
        let (reviews, _) = draft(reviews);
        let subjects = reviews["subjects"].as_array().unwrap();
        let count =
            |prefix: &str| subjects.iter().filter(|subject| subject["id"].as_str().unwrap().starts_with(prefix)).count();
        assert_eq!((count("sha256:"), count("url:https://s3.amazonaws.com/amazon-reviews-pds/")), (6, 6), "{reviews:#}");
    }
    let (rain, _) = draft("rocrate/rainfall-1.2.0");
    assert_eq!(rain["dataset"]["publisher_name"], "Bureau of Meteorology");
}

#[test]
fn a_draft_from_a_folder_is_signed_and_posted_and_a_copy_of_the_folder_is_found() {
    let desk = Desk::new();
    let publisher = Speaker::new();
    let server = desk.server(&publisher);
    desk.write("faces/one.bin", [1; 500]);
    desk.write("faces/two.bin", [2; 500]);
    desk.write("faces/empty", "");
    let description = json!({"@context": {"cr": "http://mlcommons.org/croissant/"}, "@type": "sc:Dataset", "name": "Example Faces 1M",
        "url": "https://data.example.org/faces/", "publisher": {"name": "Example Vision Lab"}});
    desk.write("faces/metadata.json", description.to_string());
    let ended = desk.run(&["notice", "draft", "--from", "data/faces"]);
    assert!(ended.stderr.contains("title: Example Faces 1M") && ended.stderr.contains("match nothing"), "{}", ended.stderr);
    let mut draft = filled(&ended.stdout);
    assert_eq!(draft["dataset"]["publisher_name"], "Example Vision Lab");
    let digests = draft["subjects"].as_array().unwrap().iter().filter(|subject| subject["role"] == "file");
    assert_eq!(digests.count(), 2, "the description is no file of the dataset");
    draft["subjects"].as_array_mut().unwrap().retain(|subject| subject["role"] != "landing-page");
    sign(&desk, &draft).well();
    desk.run(&["notice", "post", "notice.json", "--server", server.url.as_str()]).well();
    fs::rename(desk.path("data/faces"), desk.path("data/renamed")).unwrap();
    fs::remove_file(desk.path("data/renamed/metadata.json")).unwrap();
    let (_, report) = desk.report(&server, &["--fail-on", "reported"]);
    let paths: Vec<_> =
        report["datasets"][0]["findings"].as_array().unwrap().iter().map(|f| f["place"]["path"].clone()).collect();
    assert_eq!(paths, ["renamed/one.bin", "renamed/two.bin"], "{report:#}");
}

#[test]
fn more_digests_than_a_draft_should_hold_become_a_list_that_is_posted_with_the_notice() {
    let desk = Desk::new();
    let publisher = Speaker::new();
    let server = desk.server(&publisher);
    for n in 0..60_u8 {
        desk.write(&format!("faces/{n}.bin"), [n; 300]);
    }
    let ended = desk.run(&["notice", "draft", "--from", "data/faces"]);
    let mut draft: Value = serde_json::from_str(&ended.stdout).unwrap();
    let asked = draft["digest_lists"][0].as_str().unwrap().to_owned();
    let command = asked.trim_start_matches("<put here what this prints: palinode ").trim_end_matches('>').to_owned();
    let list = desk.run(&command.split(' ').collect::<Vec<_>>()).well();
    draft["digest_lists"] = json!([serde_json::from_str::<Value>(&list).unwrap()]);
    assert_eq!(draft["digest_lists"][0]["count"], 60);
    sign(&desk, &filled(&draft.to_string())).well();
    desk.run(&["notice", "post", "notice.json", "--server", server.url.as_str()]).well();
    let (_, report) = desk.report(&server, &["--fail-on", "reported"]);
    assert_eq!(report["datasets"][0]["findings"].as_array().unwrap().len(), 60, "{report:#}");
}

#[test]
fn a_description_with_many_digests_writes_them_where_a_list_is_made_of_them() {
    let desk = Desk::new();
    let files: Vec<_> =
        (1..=70).map(|n| json!({"@type": "cr:FileObject", "name": n.to_string(), "sha256": format!("{n:064x}")})).collect();
    let description = json!({"@context": {"cr": "http://mlcommons.org/croissant/"}, "@type": "sc:Dataset", "name": "Faces", "distribution": files});
    desk.write("croissant.json", description.to_string());
    let refused = desk.run(&["notice", "draft", "--from", "data/croissant.json"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("--sums FILE"), "{refused:?}");
    let draft = desk.run(&["notice", "draft", "--from", "data/croissant.json", "--sums", "faces.sums"]).well();
    assert!(draft.contains("palinode digests build faces.sums --out croissant.digests"), "{draft}");
    let list: Value =
        serde_json::from_str(&desk.run(&["digests", "build", "faces.sums", "--out", "croissant.digests"]).well()).unwrap();
    assert_eq!(list["count"], 70);
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let desk = Desk::new();
    desk.write("notes.txt", "nothing of a dataset");
    desk.write("empty/readme.md", "");
    for (arguments, code, hint) in [
        (
            vec!["--from", "data/notes.txt"],
            1,
            "say with --kind what it is (croissant, datacite, zenodo, ro-crate, checksums, bagit, folder)",
        ),
        (vec!["--from", "data/none.json"], 2, "data/none.json"),
        (vec!["--from", "data/empty"], 1, "without --from"),
        (vec!["--from", "data/empty", "--kind", "bagit"], 2, "bagit.txt"),
        (vec!["--from", "data/notes.txt", "--kind", "croissant"], 1, "says nothing of a dataset"),
        (vec!["--kind", "croissant"], 2, "--from"),
    ] {
        let ended = desk.run(&[&["notice", "draft"][..], &arguments].concat());
        assert!(ended.code == Some(code) && ended.stderr.contains(hint), "{arguments:?}: {ended:?}");
        assert_eq!(ended.stdout, "", "{arguments:?}");
    }
}

//! The manual must not lie: what its chapters for researchers and publishers tell to type is typed here, by a shell, as it stands there.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::palinode::{Desk, Ended};
use crate::readme::blocks_in;
use crate::serving::Server;

const SCANNING: &str = include_str!("../../src/manual/scanning.md");
const PUBLISHERS: &str = include_str!("../../src/manual/publishers.md");
/// The server that the manual names.
const NAMED: &str = "https://ledger.example.org/";

/// A command as the manual has it, and what it shows below.
struct Told {
    line: String,
    shown: Vec<String>,
}

/// The commands of a chapter whose lines hold `word`, continued lines joined.
fn commands(chapter: &str, word: &str) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    for line in blocks_in(chapter, "console").join("\n").replace("\\\n", " ").lines() {
        match (line.strip_prefix("$ "), told.last_mut()) {
            (Some(line), _) => told.push(Told { line: line.to_owned(), shown: Vec::new() }),
            (None, Some(last)) if !line.trim().is_empty() => last.shown.push(line.to_owned()),
            _ => {}
        }
    }
    told.retain(|told| told.line.contains(word));
    told
}

/// A desk with a publisher whom its server pinned, and what the shell finds on its path.
struct Room {
    desk: Desk,
    server: Server,
}

impl Room {
    fn new() -> Self {
        let desk = Desk::new();
        for folder in ["pins", "data/faces", "supplement", "bin"] {
            std::fs::create_dir_all(desk.path(folder)).unwrap();
        }
        desk.run(&["key", "new", "lab.pem"]).well();
        let who = ["publisher", "init", "--id", "did:web:example.org", "--name", "Example Vision Lab", "--key", "lab.pem"];
        let pin = ["--pin", "pins/lab.json", "--prefix", "doi:10.5281/", "--prefix", "hf:datasets/example/"];
        desk.run(&[&who[..], &["--out", "lab.json"], &pin].concat()).well();
        desk.write("one.toml", "[admission]\npolicy = \"pinned\"\n[trust]\npublishers = \"pins\"\n");
        let server = Server::start_with(&desk, "one", &["--config", "one.toml"]);
        // The program under its name, and a post office.
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_palinode"), desk.path("bin/palinode")).unwrap();
        desk.write(
            "bin/mail",
            "#!/bin/sh\nset -e\nprintf '%s|' \"$@\" > \"$HOME/to\"\ncat > \"$HOME/mail\"\nmv \"$HOME/mail\" \"$HOME/mailed\"\n",
        );
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(desk.path("bin/mail"), readable).unwrap();
        Self { desk, server }
    }

    fn shell(&self, line: &str) -> Child {
        let line = line.replace(NAMED, &self.server.url);
        Command::new("sh")
            .args(["-c", &format!("exec {line}")])
            .current_dir(self.desk.path("."))
            .env_clear()
            .env("HOME", self.desk.path("."))
            .env("PATH", format!("{}:/usr/bin:/bin", self.desk.path("bin").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Types a command, and `yes` where it asks.
    fn type_in(&self, line: &str) -> Ended {
        let mut child = self.shell(line);
        // Whoever asks nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(b"yes\n");
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code().expect("it was not killed"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Signs and posts what the publisher says.
    fn publish(&self, more: &Value) {
        let mut draft = json!({
            "type": "retraction", "issuer": {"id": "did:web:example.org", "role": "publisher"}, "effective": "2026-10",
            "dataset": {"title": "Example Faces 1M", "publisher_name": "Example Vision Lab"}, "scope": {"kind": "whole"},
            "reasons": ["consent"], "fault": "people-harm", "actions": [{"do": "delete", "deadline": "2026-12-31"}],
            "replacements": [{"id": "doi:10.5281/zenodo.7654321"}], "appeal": "https://example.org/appeal",
            "texts": {"texts": [{"language": "en", "statement": "The people in the pictures were never asked for consent."}]}
        });
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.desk.write("draft.json", &draft.to_string());
        self.desk.run(&["notice", "sign", "draft.json", "--key", "lab.pem", "--out", "notice.json"]).well();
        self.desk.run(&["notice", "post", "notice.json", "--server", &self.server.url]).well();
        std::fs::remove_file(self.desk.path("notice.json")).unwrap();
        std::fs::remove_file(self.desk.path("draft.json")).unwrap();
    }
}

fn part(number: u32) -> String {
    format!("faces of people who were never asked, part {number} of the archive, as the bytes of a file\n")
}

fn sha256(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text))
}

/// Whether a line is what the manual shows, where `…` stands for the rest of a word and `...` for anything.
fn is_like(line: &str, shown: &str) -> bool {
    let (mut words, mut shown) = (line.split_whitespace(), shown.split_whitespace());
    loop {
        match (words.next(), shown.next()) {
            (None, None) | (_, Some("...")) => return true,
            (Some(word), Some(told)) => match told.strip_suffix('…') {
                Some(beginning) if word.starts_with(beginning) => {}
                None if word == told => {}
                _ => return false,
            },
            _ => return false,
        }
    }
}

/// Whether everything that the manual shows comes out, in that order.
#[track_caller]
fn shows(ended: &Ended, told: &Told) {
    let mut lines = ended.stdout.lines();
    for shown in &told.shown {
        assert!(
            lines.any(|line| is_like(line, shown)),
            "{}: {shown:?} does not come, or not there:\n{}",
            told.line,
            ended.stdout
        );
    }
}

#[test]
fn the_commands_of_the_chapter_on_scanning_do_what_it_says() {
    let room = Room::new();
    let desk = &room.desk;
    for number in 1..4 {
        desk.write(&format!("data/faces/part_{number}.tar"), &part(number));
    }
    let sums: Vec<String> = (2..5).map(|number| format!("{}  part_{number}.tar\n", sha256(&part(number)))).collect();
    desk.write("data/faces/SHA256SUMS", &format!("# Example Faces 1M\n{}", sums.concat()));
    desk.write("data/train.py", "import os\nfaces = load_dataset(\"example/faces\", split=\"train\")\n");
    let file = |number| json!({"id": format!("sha256:{}", sha256(&part(number))), "role": "file"});
    let whole = json!({"id": "doi:10.5281/zenodo.1234567", "role": "whole"});
    let mirror = json!({"id": "hf:datasets/example/faces", "role": "mirror"});
    room.publish(&json!({"subjects": [whole, mirror, file(1), file(4)]}));

    let commands = commands(SCANNING, "palinode");
    let mut told = Vec::new();
    for command in &commands {
        let words: Vec<&str> = command.line.split(' ').take(2).collect();
        match words.as_slice() {
            ["palinode", "scan"] => {
                let ended = room.type_in(&command.line);
                assert_eq!(ended.code, 1, "{ended:?}");
                shows(&ended, command);
            }
            ["palinode", "watch"] => {
                let mut child = room.shell(&command.line);
                let begun = Instant::now();
                while !desk.path("mailed").exists() {
                    assert!(begun.elapsed() < Duration::from_mins(1), "nobody was told");
                    std::thread::sleep(Duration::from_millis(50));
                }
                child.kill().unwrap();
                child.wait().unwrap();
                assert_eq!(desk.read("to"), "-s|dataset retracted|me@example.org|");
                let mail: Value = serde_json::from_str(&desk.read("mailed")).unwrap();
                assert!(mail["changes"].as_array().unwrap().iter().any(|change| change["after"]["verdict"] == "retracted"));
            }
            _ => {
                let ended = room.type_in(&command.line);
                assert_eq!(ended.code, 0, "{}: {ended:?}", command.line);
                shows(&ended, command);
            }
        }
        told.push(words.join(" "));
    }
    let all = ["index", "scan", "scan", "watch", "lock", "verify-lock"];
    assert_eq!(told, all.map(|word| format!("palinode {word}")));
}

/// Puts what people would write in the place of what a draft leaves open.
fn filled(draft: &str, list: &Value) -> String {
    let mut draft: Value = serde_json::from_str(draft).unwrap();
    draft["issuer"] = json!({"id": "did:web:example.org", "role": "publisher"});
    draft["dataset"] = json!({"title": "Example Faces 1M", "publisher_name": "Example Vision Lab"});
    draft["subjects"] = json!([{"id": "doi:10.5281/zenodo.1234567", "role": "whole"}]);
    draft["digest_lists"] = json!([list]);
    draft["reasons"] = json!(["consent"]);
    draft["actions"] = json!([{"do": "delete"}]);
    draft["texts"] = json!({"texts": [{"language": "en", "statement": "The people in the pictures were never asked."}]});
    draft["appeal"] = json!("https://example.org/appeal");
    for field in ["effective", "derivatives", "publication_check", "replacements"] {
        draft.as_object_mut().unwrap().remove(field);
    }
    draft.to_string()
}

#[test]
fn the_commands_of_the_chapter_for_publishers_name_every_file_of_a_folder() {
    let room = Room::new();
    let desk = &room.desk;
    std::fs::create_dir(desk.path("faces")).unwrap();
    for number in 0..60 {
        desk.write(&format!("faces/{number}.jpg"), &part(number));
    }
    let section =
        PUBLISHERS.split("## Naming many files").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the section");
    let commands = commands(section, "palinode");
    let [draft, build, sign, post] = commands.as_slice() else { panic!("four commands") };
    room.type_in(&draft.line).well();
    assert!(desk.read("draft.json").contains(&build.line), "the draft says the same: {}", desk.read("draft.json"));
    let built = room.type_in(&build.line);
    let list: Value = serde_json::from_str(&built.stdout).unwrap_or_else(|error| panic!("{error}: {built:?}"));
    shows(&built, build);
    desk.write("draft.json", &filled(&desk.read("draft.json"), &list));
    room.type_in(&sign.line).well();
    let posted = room.type_in(&post.line);
    assert_eq!(posted.code, 0, "{posted:?}");
    shows(&posted, post);
    for (number, code) in [(0, 1), (59, 1), (60, 0)] {
        let ended = desk.run(&["check", &format!("sha256:{}", sha256(&part(number))), "--server", &room.server.url]);
        assert_eq!(ended.code, code, "{number}: {ended:?}");
    }
}

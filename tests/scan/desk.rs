//! A folder to scan, the program, and a server that knows a notice.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::server_process::{Ended, Launch, ServerProcess, program};
use crate::speaker::{SignedNotice, Speaker};

/// A folder of its own for one test: `data` in it is scanned.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file below `data`, with the folders above it.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path("data").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Runs `palinode scan` in the folder, with a cache of its own.
    pub(crate) fn scan(&self, arguments: &[&str]) -> Ended {
        self.run(&[&["scan"][..], arguments].concat())
    }

    /// Runs `palinode` in the folder, with caches and data of its own.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.run_as(program(), arguments)
    }

    /// The same, where `command` begins with something else.
    pub(crate) fn run_as(&self, mut command: Command, arguments: &[&str]) -> Ended {
        command.current_dir(self.folder.path());
        command.env("XDG_CACHE_HOME", self.path("cache")).env("XDG_DATA_HOME", self.path("share"));
        let output = command.args(arguments).output().unwrap();
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Fetches the compact list of a server, with all entries and lists.
    pub(crate) fn fetches_index(&self, server: &ServerProcess) {
        self.run(&["index", "update", "--server", server.url.as_str(), "--trust-on-first-use", "--entries", "--lists"]).well();
    }

    /// The same over `data`, asking this server, as JSON.
    pub(crate) fn report(&self, server: &ServerProcess, arguments: &[&str]) -> (Option<i32>, Value) {
        self.report_of(&[&["data", "--ask", server.url.as_str()], arguments].concat())
    }

    /// The report of a scan, and beside it what was seen, as `inventory`.
    pub(crate) fn report_of(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let json = ["--format", "json", "--inventory", "inventory.json"];
        let ended = self.scan(&[arguments, &json[..]].concat());
        let mut report: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
        report["inventory"] = serde_json::from_slice(&fs::read(self.path("inventory.json")).unwrap()).unwrap();
        (ended.code, report)
    }

    /// A server that takes anybody's notices, and pins `publisher`.
    pub(crate) fn server(&self, publisher: &Speaker) -> ServerProcess {
        let pins = self.path("pins");
        fs::create_dir(&pins).unwrap();
        fs::write(pins.join("publisher.json"), publisher.pin()).unwrap();
        let configuration = format!("[admission]\npolicy = \"open\"\n[trust]\npublishers = \"{}\"\n", pins.display());
        Launch::on(self.path("server")).configured(&configuration).start()
    }
}

/// What a publisher says of a dataset by one address that is its own and by these identifiers.
pub(crate) fn retraction(publisher: &Speaker, subjects: &[&str]) -> SignedNotice {
    let own = json!({"id": "url:https://data.example.org/faces/", "role": "whole"});
    let others = subjects.iter().map(|id| json!({"id": id, "role": "file"}));
    publisher.says(&json!({
        "type": "retraction",
        "issuer": {"role": "publisher"},
        "dataset": {"title": "Example Faces 1M", "publisher_name": "Example Vision Lab"},
        "subjects": std::iter::once(own).chain(others).collect::<Vec<_>>(),
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "fault": "people-harm",
        "effective": "2026-10",
        "actions": [{"do": "delete", "deadline": "2026-12-31"}],
        "replacements": [{"id": "doi:10.5281/zenodo.7654321"}],
        "appeal": "https://data.example.org/appeal",
        "texts": {"texts": [{"language": "en", "statement": "People who are shown in it were never asked whether they agree."}]}
    }))
}

/// Every identifier of an inventory.
pub(crate) fn identifiers(report: &Value) -> Vec<&str> {
    let sightings = report["inventory"]["sightings"].as_array().unwrap();
    sightings.iter().map(|sighting| sighting["identifier"].as_str().unwrap()).collect()
}

/// The remarks of an inventory: place, kind, and the whole.
pub(crate) fn remarks(report: &Value) -> Vec<(&str, &str, &Value)> {
    let remarks = report["inventory"]["remarks"].as_array().unwrap();
    remarks
        .iter()
        .map(|remark| (remark["place"]["path"].as_str().unwrap(), remark["remark"].as_str().unwrap(), remark))
        .collect()
}

/// The samples of real metadata beside the project, when they are here. They are nobody's to commit.
pub(crate) fn samples() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = root.ancestors().take(4).map(|above| above.join("shared/data/samples")).find(|path| path.is_dir());
    if found.is_none() {
        eprintln!("SKIPPED: the samples of real metadata are not here");
    }
    found
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::write(&target, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

//! A server that somebody filled with hostile texts, in every field that takes them.

use palinode::envelope::SecretKey;
use palinode::notice::DocumentHash;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::texts;
use crate::client::{self, Answer};
use crate::server_process::{Launch, ServerProcess};
use crate::speakers::Speaker;

/// Fields of a notice and of its texts (`/documents/0/...`) that take what somebody writes. `{}` is where the text stands.
const FIELDS: &[(&str, &str)] = &[
    ("/dataset/title", "{}"),
    ("/dataset/aliases/0", "{}"),
    ("/dataset/version", "{}"),
    ("/dataset/publisher_name", "{}"),
    ("/subjects/0/id", "doi:10.5555/{}"),
    ("/subjects/1/id", "url:https://data.example.org/{}"),
    ("/subjects/2/display", "{}"),
    ("/scope/affected/0", "part:{}"),
    ("/scope/unaffected/0", "version:{}"),
    ("/replacements/0/display", "{}"),
    ("/derivatives/0/title", "{}"),
    ("/derivatives/1/display", "{}"),
    ("/appeal", "https://example.org/{}"),
    ("/documents/0/texts/0/language", "{}"),
    ("/documents/0/texts/0/statement", "What was written about it: {}"),
    ("/documents/0/texts/0/mitigation", "{}"),
    ("/documents/0/texts/0/afterlife", "{}"),
    ("/documents/0/references/0/url", "https://example.org/{}"),
    ("/documents/0/references/1/url", "{}"),
];
/// The same of a publisher's record.
const RECORD: &[(&str, &str)] = &[("/name", "{}"), ("/homepage", "https://example.org/{}"), ("/contact", "{}")];

/// What the server took.
pub(super) struct Taken {
    pub(super) server: ServerProcess,
    /// Ids of notices, in the order of the log.
    pub(super) notices: Vec<String>,
    /// What was posted, for programs that read files.
    pub(super) envelopes: Vec<String>,
    /// Titles that it took.
    pub(super) titles: Vec<String>,
    /// Issuers whose records have hostile names.
    pub(super) issuers: Vec<String>,
    /// How many fields were refused, each with a rule.
    pub(super) refused: usize,
    _folder: TempDir,
}

impl Taken {
    pub(super) fn get(&self, path: &str) -> Answer {
        client::request(self.server.address(), "GET", path, &[], b"")
    }
}

/// Starts a server and posts each text: somebody who is called so says it in every field, but those that the server refuses.
pub(super) fn fill(hostile: &[String]) -> Taken {
    let folder = tempfile::tempdir().unwrap();
    let server = Launch::on(folder.path().join("data")).start();
    let mut taken = Taken {
        server,
        notices: Vec::new(),
        envelopes: Vec::new(),
        titles: Vec::new(),
        issuers: Vec::new(),
        refused: 0,
        _folder: folder,
    };
    for (number, text) in hostile.iter().enumerate() {
        let speaker = key_of_its_own(number);
        taken.record(&speaker, text);
        taken.notice(&speaker, number, text);
    }
    taken
}

impl Taken {
    /// Posts as much of it as the server takes.
    fn post(&mut self, path: &str, text: &str, fields: &[(&str, &str)], plain: &Value, body: impl Fn(&Value) -> String) {
        let mut said = plain.clone();
        for (pointer, form) in fields {
            *said.pointer_mut(pointer).unwrap() = json!(form.replace("{}", text));
        }
        loop {
            let body = body(&said);
            let answer = client::request(self.server.address(), "POST", path, JSON, body.as_bytes());
            if answer.status == 201 {
                if path == "/v1/notices" {
                    self.notices.push(answer.json()["id"].as_str().unwrap().to_owned());
                    self.titles.extend((said["dataset"]["title"] == text).then(|| text.to_owned()));
                    self.envelopes.push(body);
                }
                return;
            }
            // Whatever it does not take, it refuses by rules, and names the fields.
            assert!(matches!(answer.status, 400 | 422) && !answer.rule().is_empty(), "{text:?}: {}", answer.text());
            let flaws = answer.flaws();
            let refused: Vec<_> = fields
                .iter()
                .map(|(pointer, _)| *pointer)
                .filter(|pointer| said.pointer(pointer) != plain.pointer(pointer))
                .filter(|pointer| {
                    // A document is told of by pointers into it.
                    let inside = pointer.trim_start_matches("/documents/0");
                    let told = |flaw: &str| {
                        flaw.starts_with(inside) || flaw.strip_prefix("/texts").is_some_and(|at| at.starts_with(inside))
                    };
                    flaws.iter().any(|flaw| told(flaw))
                })
                .collect();
            assert!(!refused.is_empty(), "{text:?}: {}", answer.text());
            self.refused += refused.len();
            for pointer in refused {
                *said.pointer_mut(pointer).unwrap() = plain.pointer(pointer).unwrap().clone();
            }
        }
    }

    fn record(&mut self, speaker: &Speaker, text: &str) {
        let mut plain = speaker.first_record();
        plain["homepage"] = json!("https://example.org/");
        plain["contact"] = json!("https://example.org/contact");
        self.post("/v1/publishers", text, RECORD, &plain, |record| {
            let envelope: Value = serde_json::from_str(&speaker.record(record)).unwrap();
            json!({"envelope": envelope}).to_string()
        });
        self.issuers.push(speaker.did.clone());
    }

    fn notice(&mut self, speaker: &Speaker, number: usize, text: &str) {
        self.post("/v1/notices", text, FIELDS, &plain(speaker, number), |said| {
            let mut notice = said.clone();
            let document = notice["documents"][0].take().to_string().into_bytes();
            notice.as_object_mut().unwrap().remove("documents");
            notice["texts"] = json!({"sha256": DocumentHash::of(&document).to_string()});
            let envelope: Value = serde_json::from_str(&speaker.notice(&notice)).unwrap();
            json!({"envelope": envelope, "documents": [data_encoding::BASE64.encode(&document)]}).to_string()
        });
    }
}

const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];

fn key_of_its_own(number: usize) -> Speaker {
    let mut seed = [79; 32];
    seed[..8].copy_from_slice(&number.to_be_bytes());
    let key = SecretKey::from_seed(seed);
    Speaker { did: key.public().to_did().to_string(), key }
}

/// A notice and its texts before anything hostile is in them.
fn plain(speaker: &Speaker, number: usize) -> Value {
    json!({
        "type": "partial-retraction",
        "issuer": {"id": speaker.did, "role": "observer"},
        "issued": "2026-11-23T10:00:00Z",
        "dataset": {"title": "Example Faces", "aliases": ["Faces"], "version": "1", "publisher_name": "Example Vision Lab"},
        "subjects": [
            {"id": format!("doi:10.5555/replaced.{number}"), "role": "whole"},
            {"id": format!("url:https://data.example.org/{number}/"), "role": "mirror"},
            {"id": format!("name:faces{number}"), "role": "whole", "display": format!("Faces {number}")},
            {"id": format!("doi:10.5555/hostile.{number}"), "role": "whole"}
        ],
        "scope": {"kind": "parts", "affected": ["part:one"], "unaffected": ["version:2"]},
        "reasons": ["consent"],
        "fault": "people-harm",
        "actions": [{"do": "delete"}],
        "replacements": [{"id": format!("doi:10.5555/better.{number}"), "display": format!("https://doi.org/10.5555/better.{number}")}],
        "derivatives": [
            {"title": "Faces, aligned", "relation": "cleaned", "inherits": "yes"},
            {"id": format!("name:cropped{number}"), "display": format!("Cropped {number}"), "relation": "subset", "inherits": "yes"}
        ],
        "appeal": "https://example.org/appeal",
        "license": "CC0-1.0",
        "documents": [{
            "salt": data_encoding::BASE64.encode(&[7; 32]),
            "texts": [{"language": "en", "statement": "Nobody was ever asked about it.", "mitigation": "None.", "afterlife": "None."}],
            "references": [
                {"type": "article", "url": "https://news.example/faces"},
                {"type": "report", "url": "https://news.example/report"}
            ]
        }]
    })
}

/// All texts, of which there are enough.
pub(super) fn hostile() -> Vec<String> {
    let all = texts::all();
    assert!(all.len() >= 300, "{} texts", all.len());
    all
}

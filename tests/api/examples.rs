//! The examples of the OpenAPI document: each is asked of a server that holds what they name, and answered as they say.
//!
//! They are kept in `src/http/describing/examples.json`. What is asked is made here, from keys that everybody knows; what is answered is
//! what a server answered once, and has the same fields today. Where they differ, the file is written anew into `target`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use palinode::digests::{ListCheck, ListForm};
use palinode::envelope::SecretKey;
use palinode::http::SecurityContact;
use palinode::ledger::peers::{OriginHash, Peer, PeerSource};
use palinode::notice::{DigestAlgorithm, DocumentHash, PayloadId};
use palinode::tlog::{AddCheckpoint, Checkpoint, Hash, KeyName, SignedCheckpoint, VerifierKey};
use serde_json::{Map, Value, json};

use super::openapi::{is_described, resolved, strict};
use super::support::client::Answer;
use super::support::server::{Options, TestServer};
use super::support::speakers::{Speaker, texts, with_documents};

const KEPT: &str = include_str!("../../src/http/describing/examples.json");
const SUBJECT: &str = "doi:10.5555/evl.faces-1m";
const ORIGIN: &str = "peer.example/log";
/// Longer answers, and those that are documents of their own, are no examples.
const LONGEST: usize = 12_000;

/// What the examples name.
pub(super) struct Content {
    observer: Speaker,
    texts: Vec<u8>,
    /// A list that comes with the notice, and one that is brought later.
    lists: [List; 2],
}

struct List {
    bytes: Vec<u8>,
    name: DocumentHash,
    blocks: DocumentHash,
}

impl List {
    fn of(seed: u8) -> Self {
        let bytes = [[seed; 32], [seed + 1; 32]].concat();
        let mut check = ListCheck::new(ListForm::new(DigestAlgorithm::Sha256, 2));
        check.take(&bytes).unwrap();
        let checked = check.finish().unwrap();
        Self { bytes, name: checked.sha256, blocks: checked.blocks.root() }
    }
}

impl Content {
    pub(super) fn new() -> Self {
        let texts = texts("The people in the pictures were never asked for their consent.");
        Self { observer: Speaker::key(11), texts, lists: [List::of(21), List::of(31)] }
    }

    fn envelope(&self) -> String {
        let mut notice = self.observer.report(SUBJECT);
        notice["texts"] = json!({"sha256": DocumentHash::of(&self.texts).to_string()});
        notice["derivatives"] = json!([{"id": "doi:10.5555/evl.faces-1m-aligned", "relation": "cleaned", "inherits": "yes"}]);
        let list = |list: &List, role: &str| {
            let (name, blocks) = (list.name.to_string(), list.blocks.to_string());
            json!({"algorithm": "sha256", "sha256": name, "count": 2, "blocks": blocks, "role": role})
        };
        notice["digest_lists"] = json!([list(&self.lists[0], "affected"), list(&self.lists[1], "unaffected")]);
        self.observer.notice(&notice)
    }

    pub(super) fn notice(&self) -> Value {
        serde_json::from_str(&with_documents(&self.envelope(), &[&self.texts, &self.lists[0].bytes])).unwrap()
    }

    fn notice_id(&self) -> String {
        let envelope: Value = serde_json::from_str(&self.envelope()).unwrap();
        let payload = data_encoding::BASE64.decode(envelope["payload"].as_str().unwrap().as_bytes()).unwrap();
        PayloadId::of(&payload).to_string()
    }

    fn publisher() -> Value {
        let speaker = Speaker::domain(12, "vision.example.org");
        serde_json::from_str(&speaker.record(&speaker.first_record())).unwrap()
    }

    /// What the peer tells the witness: that its log has one entry.
    pub(super) fn announcement(&self) -> String {
        let head = Checkpoint::new(&KeyName::parse(ORIGIN).unwrap(), 1, Hash::leaf(self.envelope().as_bytes()));
        let checkpoint = SignedCheckpoint::sign(&secret(13), &head).unwrap().bytes().to_vec();
        String::from_utf8(AddCheckpoint { old: 0, proof: Vec::new(), checkpoint }.to_bytes()).unwrap()
    }

    /// What every operation is asked, by its name: parameters, body, and the status of the answer.
    fn requests(&self, trust: &str) -> BTreeMap<&'static str, (Value, Option<Value>, u16)> {
        let notice = json!({"id": self.notice_id()});
        let subject = json!({"id": SUBJECT});
        let did = json!({"did": self.observer.did});
        let peer = json!({"origin_hash": OriginHash::of(ORIGIN).to_string()});
        let [brought, awaited] = self.lists.each_ref().map(|list| list.name.to_string());
        let entry = Hash::leaf(self.envelope().as_bytes()).to_string();
        let nothing = || json!({});
        let reads = [
            ("get_front", nothing()),
            ("get_badge_id_json", subject.clone()),
            ("get_badge_id_svg", subject.clone()),
            ("get_d_id", subject.clone()),
            ("get_docs", nothing()),
            ("get_docs_build_a_client_md", nothing()),
            ("get_docs_schema_name", json!({"name": "CheckAnswer"})),
            ("get_docs_tag", json!({"tag": "check"})),
            ("get_drop", nothing()),
            ("get_drop_js", nothing()),
            ("get_embed_d_id", subject.clone()),
            ("get_feeds_atom_xml", subject.clone()),
            ("get_feeds_feed_json", subject),
            ("get_livez", nothing()),
            ("get_log", nothing()),
            ("get_log_checkpoint", nothing()),
            ("get_log_entry_hash", json!({"hash": entry})),
            ("get_log_tile_path", json!({"path": "entries/000.p/1"})),
            ("get_metrics", nothing()),
            ("get_n_id", notice.clone()),
            ("get_openapi_json", nothing()),
            ("get_p_did", did.clone()),
            ("get_peers", nothing()),
            ("get_readyz", nothing()),
            ("get_search", json!({"q": "faces", "type": "retraction"})),
            ("get_statistics", nothing()),
            ("get_style_css", nothing()),
            ("get_well_known_security_txt", nothing()),
            ("get_v1_changes", json!({"limit": 1})),
            ("get_v1_check", json!({"id": [SUBJECT]})),
            ("get_v1_digests_algorithm_prefix", json!({"algorithm": "sha256", "prefix": "1515"})),
            ("get_v1_documents_sha256", json!({"sha256": DocumentHash::of(&self.texts).to_string()})),
            ("get_v1_documents_sha256_blocks", json!({"sha256": brought})),
            ("get_v1_index", nothing()),
            ("get_v1_index_filter_list", json!({"list": brought})),
            ("get_v1_index_head", nothing()),
            ("get_v1_index_tile_path", json!({"path": "0.p/1"})),
            ("get_v1_index_trust_hash", json!({"hash": trust})),
            ("get_v1_notices", json!({"q": "faces", "reason": "consent", "limit": 1})),
            ("get_v1_notices_id", notice.clone()),
            ("get_v1_notices_id_envelope", notice.clone()),
            ("get_v1_notices_id_proof", notice),
            ("get_v1_peers", nothing()),
            ("get_v1_peers_origin_hash_evidence", peer.clone()),
            ("get_v1_publishers", json!({"limit": 1})),
            ("get_v1_publishers_did", did),
            ("get_v1_schema_notice_json", nothing()),
            ("get_v1_schema_publisher_json", nothing()),
            ("get_v1_server", nothing()),
            ("get_v1_statistics", nothing()),
            ("get_witness_origin_hash_checkpoint", peer),
        ];
        let mut all: BTreeMap<_, _> = reads.into_iter().map(|(name, named)| (name, (named, None, 200))).collect();
        all.insert("get_stats", (nothing(), None, 308));
        let upload = json!({"sha256": awaited});
        all.extend([
            ("post_v1_notices", (nothing(), Some(self.notice()), 201)),
            ("post_v1_publishers", (nothing(), Some(Self::publisher()), 202)),
            ("post_v1_check", (nothing(), Some(json!({"ids": [SUBJECT, "doi:10.5555/other"]})), 200)),
            ("post_witness_add_checkpoint", (nothing(), Some(json!(self.announcement())), 200)),
            ("head_v1_documents_sha256", (upload.clone(), None, 204)),
            ("patch_v1_documents_sha256", (json!({"sha256": awaited, "Upload-Offset": 0}), None, 204)),
            ("put_v1_documents_sha256", (upload, None, 204)),
        ]);
        all
    }

    /// Bytes that no document can hold an example of.
    fn bytes(&self, name: &str) -> Vec<u8> {
        let uploads = ["patch_v1_documents_sha256", "put_v1_documents_sha256"].contains(&name);
        if uploads { self.lists[1].bytes.clone() } else { Vec::new() }
    }
}

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32])
}

fn security() -> SecurityContact {
    let contacts = vec!["mailto:security@ledger.example.org".parse().unwrap()];
    SecurityContact { contacts, policy: None, languages: vec!["en".to_owned()] }
}

fn peer() -> Peer {
    let name = |name: &str| KeyName::parse(name).unwrap();
    let log = VerifierKey::log_key(name(ORIGIN), secret(13).public());
    let witness = VerifierKey::witness_key(name(&format!("{ORIGIN}/witness")), secret(14).public());
    Peer::new("https://peer.example/".parse().unwrap(), log, witness, secret(15).public(), false, PeerSource::Command).unwrap()
}

/// A server on which everything can be that examples name.
pub(super) fn server() -> TestServer {
    TestServer::with(Options { peers: vec![peer()], security: Some(security()), ..Options::default() })
}

/// Every operation of the document with its path and method, those first that bring what others read.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let items = document["paths"].as_object().unwrap().iter();
    let all = items.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(|(method, operation)| (method.clone(), path.clone(), operation.clone()))
    });
    let mut all: Vec<_> = all.collect();
    let turn = |method: &str| ["post", "head", "put", "patch", "get"].iter().position(|one| *one == method).unwrap();
    all.sort_by_key(|(method, path, _)| (turn(method), path != "/v1/notices"));
    all
}

/// Asks what the example of an operation says.
fn ask(server: &TestServer, method: &str, path: &str, operation: &Value, token: &str, bytes: &[u8]) -> Answer {
    let (target, mut headers) = target(method, path, operation);
    let mut body = bytes.to_vec();
    if let Some((kind, media)) = operation["requestBody"]["content"].as_object().and_then(|content| content.iter().next()) {
        headers.push(("Content-Type".to_owned(), kind.clone()));
        if let Some(example) = media.get("example") {
            body = example.as_str().map_or_else(|| example.to_string(), str::to_owned).into_bytes();
        }
    }
    if operation.get("security").is_some() {
        headers.push(("Authorization".to_owned(), format!("Bearer {token}")));
    }
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    server.request(&method.to_uppercase(), &target, &headers, &body)
}

/// Path, query and headers of the example of an operation.
pub(super) fn target(method: &str, path: &str, operation: &Value) -> (String, Vec<(String, String)>) {
    let mut target = path.to_owned();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let mut headers: Vec<(String, String)> = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let Some(example) = parameter.get("example") else {
            assert_ne!(parameter["required"], true, "{method} {path} has no example of {name}");
            continue;
        };
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match parameter["in"].as_str().unwrap() {
            "path" if name == "path" => target = target.replace("{path}", &text(example)),
            "path" => target = target.replace(&format!("{{{name}}}"), &text(example).replace('/', "%2F")),
            "header" => headers.push((name.to_owned(), text(example))),
            _ => {
                for value in example.as_array().unwrap_or(&vec![example.clone()]) {
                    query.append_pair(name, &text(value));
                }
            }
        }
    }
    let query = query.finish();
    if !query.is_empty() {
        target = format!("{target}?{query}");
    }
    (target, headers)
}

/// What of an answer is kept as an example: JSON, the first line of many, or text.
fn kept(answer: &Answer) -> Option<Value> {
    let whole = answer.header("content-type")?;
    let kind = whole.split(';').next()?;
    match kind {
        // Counters are others each time.
        _ if answer.body.len() > LONGEST || whole.contains("version=") => None,
        "application/x-ndjson" => serde_json::from_str(answer.text().lines().next()?).ok(),
        "text/plain" => Some(json!(answer.text())),
        // A schema of its own, not an example of one.
        "application/schema+json" => None,
        kind if kind.ends_with("json") => Some(answer.json()),
        _ => None,
    }
}

/// The fields of a value and the kinds of their values.
fn form(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), form(value))).collect::<Map<_, _>>().into(),
        Value::Array(items) => items.first().map(form).into_iter().collect(),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        other => other.clone(),
    }
}

#[test]
fn every_operation_has_an_example_that_is_answered_as_it_says() {
    let content = Content::new();
    let server = server();
    let head = data_encoding::BASE64.decode(server.get("/v1/index").json()["payload"].as_str().unwrap().as_bytes()).unwrap();
    // Of a server that trusts nobody in particular, which is the same everywhere.
    let trust = serde_json::from_slice::<Value>(&head).unwrap()["trust"].as_str().unwrap().to_owned();
    let requests = content.requests(&trust);
    let document = server.get("/openapi.json").json();
    let file: BTreeMap<String, Value> = serde_json::from_str(KEPT).unwrap();
    let mut fresh = BTreeMap::new();
    let (mut differ, mut without) = (BTreeSet::new(), BTreeSet::new());
    let mut token = String::new();
    for (method, path, mut operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap().to_owned();
        let Some((parameters, body, status)) = requests.get(name.as_str()) else {
            without.insert(name);
            continue;
        };
        let mut example = json!({"status": status});
        if *parameters != json!({}) {
            example["parameters"] = parameters.clone();
        }
        if let Some(body) = body {
            example["body"] = body.clone();
        }
        let told = file.get(&name).cloned().unwrap_or_default();
        let same = ["status", "parameters", "body"].iter().all(|part| told.get(part) == example.get(part));
        if !same {
            differ.insert(name.clone());
            put(&mut operation, &example);
        }
        let answer = ask(&server, &method, &path, &operation, &token, &content.bytes(&name));
        assert_eq!(answer.status, *status, "{name}: {}", answer.text());
        is_described(&document, &operation, &name, &answer);
        if name == "post_v1_notices" {
            answer.json()["upload"]["token"].as_str().unwrap().clone_into(&mut token);
        }
        if let Some(answer) = kept(&answer) {
            if told.get("answer").map(form) != Some(form(&answer)) {
                differ.insert(name.clone());
            }
            example["answer"] = answer;
        }
        fresh.insert(name, example);
    }
    assert_eq!(without, BTreeSet::from(["get_v1_events".to_owned()]), "a stream without an end has tests of its own");
    assert!(file.keys().all(|name| fresh.contains_key(name)), "examples of operations that are no more");
    if !differ.is_empty() {
        let anew = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/examples.json");
        std::fs::write(&anew, format!("{:#}\n", json!(fresh))).unwrap();
        panic!("other than in src/http/describing/examples.json are {differ:?}; {} has all of them anew", anew.display());
    }
}

/// Puts an example that the document does not have yet into an operation.
fn put(operation: &mut Value, example: &Value) {
    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap().to_owned();
        parameter.as_object_mut().unwrap().remove("example");
        if let Some(value) = example["parameters"].get(&name) {
            parameter["example"] = value.clone();
        }
    }
    if let Some(body) = example.get("body") {
        let content = operation["requestBody"]["content"].as_object_mut().unwrap();
        content.values_mut().next().unwrap()["example"] = body.clone();
    }
}

#[test]
fn every_kept_answer_is_one_that_the_document_allows() {
    let server = TestServer::start();
    let document = server.get("/openapi.json").json();
    let mut told = 0;
    for (method, path, operation) in operations(&document) {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            for media in resolved(&document, answer)["content"].as_object().into_iter().flat_map(Map::values) {
                let Some(example) = media.get("example") else { continue };
                let schema = jsonschema::validator_for(&strict(&document, &media["schema"])).unwrap();
                let faults: Vec<_> = schema.iter_errors(example).map(|fault| fault.to_string()).collect();
                assert!(faults.is_empty(), "{method} {path} {status}: {faults:#?}");
                told += 1;
            }
        }
    }
    assert!(told >= 25, "{told} answers have an example");
}

//! The good submissions that everything here is a mutation of.

use std::fs;
use std::path::Path;

use palinode::envelope::Envelope;
use palinode::notice::DocumentHash;
use serde_json::{Value, json};

use super::knock::{App, Knock};
use super::meaning::Spellings;
use crate::support::server::{Options, TestServer};
use crate::support::speakers::{Speaker, texts, with_documents};

/// Something that a server accepts.
pub(crate) struct Good {
    /// The path that it is posted to.
    pub(crate) door: &'static str,
    pub(crate) envelope: Envelope,
    pub(crate) spellings: Spellings,
    pub(crate) documents: Vec<Vec<u8>>,
    /// The seed of the key that signed it.
    pub(crate) seed: u8,
    /// Its payload id and index, once it is in the log.
    pub(crate) id: String,
    pub(crate) index: u64,
}

impl Good {
    fn new(door: &'static str, speaker: (&Speaker, u8), envelope: &str, documents: &[&[u8]]) -> Self {
        let documents = documents.iter().map(|document| document.to_vec()).collect();
        let envelope = Envelope::parse(envelope.as_bytes()).unwrap();
        assert_eq!(envelope.key_hint(), Some(speaker.0.key.public().key_id().to_string().as_str()));
        Self { door, spellings: Spellings::of(&envelope), envelope, documents, seed: speaker.1, id: String::new(), index: 0 }
    }

    /// The body that is posted.
    pub(crate) fn body(&self) -> String {
        let documents: Vec<_> = self.documents.iter().map(Vec::as_slice).collect();
        match documents.as_slice() {
            [] => self.envelope.to_json(),
            documents => with_documents(&self.envelope.to_json(), documents),
        }
    }

    /// Questions whose answers depend on it.
    pub(crate) fn questions(&self) -> Vec<String> {
        let id = &self.id;
        let mut questions = vec![format!("/v1/notices/{id}"), format!("/v1/notices/{id}/envelope"), format!("/n/{id}")];
        let payload: Value = serde_json::from_slice(self.envelope.payload()).unwrap();
        for subject in payload["subjects"].as_array().into_iter().flatten().take(3) {
            let asked: String = url::form_urlencoded::byte_serialize(subject["id"].as_str().unwrap().as_bytes()).collect();
            questions.push(format!("/v1/check?id={asked}"));
        }
        questions
    }
}

const DOMAIN_SEED: u8 = 2;

fn domain() -> Speaker {
    Speaker::domain(DOMAIN_SEED, "example.org")
}

/// A server where a domain is pinned.
pub(crate) fn server() -> TestServer {
    TestServer::with(Options { pins: vec![domain().pin(&["url:https://example.org/", "doi:10.5281/"])], ..Options::default() })
}

/// Records, notices of every type of the museum, texts and a digest list: none is in the log yet, and each can be, in this order.
pub(crate) fn submissions() -> Vec<Good> {
    let (domain, key) = (domain(), Speaker::key(1));
    let statement = texts("Nobody who is shown in it was ever asked.");
    let other = texts("Niemand, der darin zu sehen ist, wurde gefragt.");
    let (of_domain, of_key) = ((&domain, DOMAIN_SEED), (&key, 1));
    let record0 = domain.pin(&[]).record().signed().payload_id().to_string();
    let mut next = domain.first_record();
    next["sequence"] = json!(1);
    next["previous"] = json!(record0);
    next["homepage"] = json!("https://example.org/");
    next["keys"].as_array_mut().unwrap().push(json!({"key": Speaker::key(3).key.public().to_multibase(), "status": "active"}));
    let list = [[1; 16], [2; 16], [3; 16]].concat();
    let mut listing = key.report("doi:10.5281/zenodo.3");
    listing["digest_lists"] = json!([{
        "algorithm": "md5", "sha256": DocumentHash::of(&list).to_string(), "count": 3, "blocks": "ab".repeat(32), "role": "affected"
    }]);
    let mut good = vec![
        Good::new("/v1/publishers", of_key, &key.record(&key.first_record()), &[]),
        Good::new("/v1/publishers", of_domain, &domain.record(&next), &[]),
        Good::new("/v1/notices", of_key, &key.notice(&key.report("doi:10.5281/zenodo.1")), &[]),
        Good::new("/v1/notices", of_key, &key.notice(&listing), &[&list]),
        Good::new(
            "/v1/notices",
            of_domain,
            &domain.notice(&domain.retraction("url:https://example.org/faces/", &statement)),
            &[&statement],
        ),
    ];
    for mut notice in museum() {
        let (speaker, document) = if good.len() % 2 == 0 { (of_key, &statement) } else { (of_domain, &other) };
        notice["issuer"]["id"] = json!(speaker.0.did);
        let documents: &[&[u8]] = if notice.get("texts").is_some() {
            notice["texts"] = json!({"sha256": DocumentHash::of(document).to_string()});
            &[document]
        } else {
            &[]
        };
        good.push(Good::new("/v1/notices", speaker, &speaker.0.notice(&notice), documents));
    }
    good
}

/// The museum's good notices, but those that are long and those whose digest lists nobody has.
fn museum() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/museum/notices/good");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let notices = paths.iter().map(|path| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap());
    let short =
        |notice: &Value| notice.to_string().len() < 6_000 && notice["digest_lists"].as_array().is_none_or(Vec::is_empty);
    notices.filter(short).collect()
}

/// Posts them, and keeps those that were taken with their place in the log.
pub(crate) async fn post_all(app: &App<'_>, submissions: Vec<Good>) -> Vec<Good> {
    let mut posted = Vec::new();
    for mut good in submissions {
        let heard = app.ask(&Knock::post(good.door, good.body())).await;
        // Some of the museum are good form, and would not serve their readers.
        if heard.status == 201 {
            let receipt = heard.json();
            assert!(receipt.get("upload").is_none(), "its documents came along");
            receipt["id"].as_str().unwrap().clone_into(&mut good.id);
            good.index = receipt["index"].as_u64().unwrap();
            posted.push(good);
        } else {
            assert_eq!(heard.status, 422, "{}", heard.text());
        }
    }
    assert!(posted.len() >= 20, "only {} of the good submissions were taken", posted.len());
    posted
}

//! What people say while the storm goes on: records of publishers, notices about a few datasets, and notices about those notices,
//! all signed beforehand and handed in at times and places that have nothing to do with the order in which they were written.

use data_encoding::BASE64;
use palinode::envelope::{Envelope, PayloadType};
use palinode::notice::{DocumentHash, NoticeId};
use palinode::tlog::Hash;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::network::NAMES;
use crate::people::{Person, lab};

/// What names an entry whatever its signature: payload type, payload and key. The same on every server, even where somebody
/// signed one payload twice with one key.
pub(crate) type EntryName = (&'static str, String, [u8; 32]);

/// Something signed, ready to be handed in.
#[derive(Debug, Clone)]
pub(crate) struct Material {
    pub(crate) label: String,
    pub(crate) envelope: Envelope,
    /// Documents that come along.
    pub(crate) documents: Vec<Vec<u8>>,
    pub(crate) key: [u8; 32],
}

impl Material {
    pub(crate) fn new(label: impl Into<String>, envelope: Envelope, by: &Person) -> Self {
        Self { label: label.into(), envelope, documents: Vec::new(), key: *by.key.public().as_bytes() }
    }

    /// The body of a POST.
    pub(crate) fn body(&self) -> Vec<u8> {
        let envelope: Value = serde_json::from_str(&self.envelope.to_json()).expect("JSON");
        let documents: Vec<String> = self.documents.iter().map(|bytes| BASE64.encode(bytes)).collect();
        json!({"envelope": envelope, "documents": documents}).to_string().into_bytes()
    }

    pub(crate) fn name(&self) -> EntryName {
        let kind = self.envelope.payload_type().expect("a known type").as_str();
        (kind, self.envelope.payload_id().to_string(), self.key)
    }

    pub(crate) fn leaf(&self) -> Hash {
        Hash::leaf(self.envelope.to_json().as_bytes())
    }
}

/// Something that somebody does at a server.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// Hands something in at these servers, at all of them at once.
    Post(Vec<usize>, Box<Material>),
    /// Brings a document to one server, after its notice was heard of there.
    Bring(usize, DocumentHash, Vec<u8>),
}

/// Everything that people do in one simulation.
pub(crate) struct Load {
    /// With the milliseconds after the beginning.
    pub(crate) deeds: Vec<(u64, Deed)>,
    /// Publishers that operators pin, sooner or later.
    pub(crate) labs: Vec<crate::people::Lab>,
    /// What to ask about in the end.
    pub(crate) identifiers: Vec<String>,
}

/// Draws what is said within `length` milliseconds.
pub(crate) fn draw(chance: &mut Chance, length: u64) -> Load {
    let observers = [Person::observer("ann"), Person::observer("bob"), Person::observer("cid")];
    let labs = vec![lab(chance, "lab-one"), lab(chance, "lab-two")];
    let mut author = Author { chance, length, deeds: Vec::new(), identifiers: Vec::new() };
    for lab in &labs {
        for record in &lab.later {
            author.post(record.clone());
        }
    }
    let people: Vec<Person> = observers.iter().cloned().chain(labs.iter().flat_map(|lab| lab.speakers.clone())).collect();
    for number in 0..author.chance.between(4, 8) {
        author.dataset(number, &people);
    }
    author.file_of(&people);
    let Author { deeds, identifiers, .. } = author;
    Load { deeds, labs, identifiers }
}

struct Author<'c> {
    chance: &'c mut Chance,
    length: u64,
    deeds: Vec<(u64, Deed)>,
    identifiers: Vec<String>,
}

impl Author<'_> {
    fn post(&mut self, material: Material) {
        let at = self.chance.below(self.length);
        let everywhere = self.chance.permille(100);
        let mut places: Vec<usize> = (0..NAMES.len()).collect();
        self.chance.shuffle(&mut places);
        places.truncate(if everywhere { NAMES.len() } else { self.chance.pick(&[1, 1, 1, 2, 3]) });
        self.deeds.push((at, Deed::Post(places, Box::new(material.clone()))));
        if self.chance.permille(150) {
            // Replayed later, somewhere.
            let (again, place) = (self.chance.between(at, self.length), self.chance.index(NAMES.len()));
            self.deeds.push((again, Deed::Post(vec![place], Box::new(material))));
        }
    }

    /// What is said about one dataset, and about what was said.
    fn dataset(&mut self, number: u64, people: &[Person]) {
        let id = format!("doi:10.5281/zenodo.{}", 1_000 + number);
        self.identifiers.push(id.clone());
        self.identifiers.push(format!("url:https://{}.example.org/sets/{number}/", self.chance.pick(&["lab-one", "lab-two"])));
        let subjects =
            json!([{"id": id, "role": "whole"}, {"id": self.identifiers[self.identifiers.len() - 1], "role": "landing-page"}]);
        let mut said: Vec<NoticeId> = Vec::new();
        for turn in 0..self.chance.between(1, 6) {
            let by = self.chance.pick(people);
            let prior = if said.is_empty() { None } else { Some(self.chance.pick(&said)) };
            let (kind, relation) = match prior {
                None => ("retraction", None),
                Some(_) => self.chance.pick(&[
                    ("retraction", Some("amends")),
                    ("retraction", Some("replaces")),
                    ("revocation", Some("revokes")),
                    ("revocation", Some("revokes")),
                    ("reinstatement", Some("reinstates")),
                    ("response", Some("disputes")),
                ]),
            };
            let mut draft = json!({
                "type": kind,
                "issuer": {"role": by.role},
                "dataset": {"title": format!("Example Faces {number}"), "publisher_name": "Example Vision Lab"},
                "subjects": subjects,
            });
            if matches!(kind, "retraction" | "reinstatement") {
                draft["scope"] = json!({"kind": "whole"});
            }
            if kind == "retraction" {
                draft["reasons"] = json!(["consent"]);
                draft["actions"] = json!([{"do": "delete"}]);
            }
            if let (Some(prior), Some(relation)) = (prior, relation) {
                draft["prior"] = json!([{"notice": prior.to_string(), "relation": relation}]);
            }
            let label = format!("set {number}, {turn}: {kind} by {}", by.name);
            said.push(self.say(&by, label, draft));
        }
    }

    /// Signs and hands in a notice, with its texts or before them, once or in several ways.
    fn say(&mut self, by: &Person, label: String, mut draft: Value) -> NoticeId {
        let must_explain = by.role == "publisher";
        let explains = must_explain || self.chance.permille(400);
        if explains {
            draft["texts"] = json!({"texts": [{"language": "en", "statement": format!("They were never asked: {label}.")}]});
        }
        if must_explain && draft["type"] == "retraction" {
            draft["appeal"] = json!("https://example.org/appeal");
        }
        // Some are written at this very moment, so that a server whose clock is slow must wait for them.
        let issued = if self.chance.permille(200) { "2026-11-23T11:59:00Z" } else { "2026-11-20T10:00:00Z" };
        let completed = by.complete(&draft, issued);
        let id = NoticeId::of(&completed.payload);
        let mut material = Material::new(label, by.sign(PayloadType::Notice, &completed.payload), by);
        if let Some(texts) = completed.texts {
            if must_explain || self.chance.permille(300) {
                material.documents.push(texts);
            } else {
                let (at, place) = (self.chance.below(self.length), self.chance.index(NAMES.len()));
                self.deeds.push((at, Deed::Bring(place, DocumentHash::of(&texts), texts)));
            }
        }
        self.post(material.clone());
        if self.chance.permille(200) {
            // The same words signed once more with the same key: another entry that says nothing new.
            let nonce = u8::try_from(self.chance.between(1, 9)).expect("small");
            let twin = Material {
                label: format!("{} (twin)", material.label),
                envelope: by.sign_again(&completed.payload, nonce),
                ..material.clone()
            };
            self.post(twin);
        }
        if let Some(colleague) = &by.colleague
            && self.chance.permille(400)
        {
            // The same words signed with another key of the same issuer.
            let envelope = colleague.sign(PayloadType::Notice, &completed.payload);
            let key = *colleague.key.public().as_bytes();
            self.post(Material { label: format!("{} (second key)", material.label), envelope, key, ..material });
        }
        id
    }

    /// A file that is named by its digest, and what was made from it.
    fn file_of(&mut self, people: &[Person]) {
        let digest = format!("sha256:{}", "4e".repeat(32));
        let derived = "git:github.com/example/faces-aligned";
        self.identifiers.extend([digest.clone(), derived.to_owned()]);
        let by = self.chance.pick(people);
        let draft = json!({
            "type": "retraction",
            "issuer": {"role": by.role},
            "dataset": {"title": "Example Archive", "publisher_name": "Example Vision Lab"},
            "subjects": [{"id": "doi:10.5281/zenodo.77", "role": "whole"}, {"id": digest, "role": "file"}],
            "scope": {"kind": "whole"},
            "reasons": ["privacy"],
            "actions": [{"do": "delete"}],
            "derivatives": [{"id": derived, "title": "Faces aligned", "relation": "cleaned", "inherits": "yes"}],
        });
        self.say(&by, format!("the archive by {}", by.name), draft);
    }
}

//! Issuers of the tests, who sign with the library.

use palinode::client::SubmissionBody;
use palinode::clock::{Clock, SystemClock};
use palinode::envelope::{PayloadType, PinFile, RecordDraft, SecretKey};
use palinode::notice::{Did, Draft, NoticeId, Timestamp};
use palinode::tlog::Hash;
use serde_json::json;

/// Somebody who signs notices.
pub(crate) struct Speaker {
    key: SecretKey,
    did: Did,
}

/// A signed notice, ready to be posted.
pub(crate) struct SignedNotice {
    pub(crate) title: String,
    /// The one identifier it is about.
    pub(crate) subject: String,
    pub(crate) id: NoticeId,
    /// Leaf hash of its entry, on every server.
    pub(crate) leaf: Hash,
    pub(crate) body: SubmissionBody,
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

fn now() -> Timestamp {
    Timestamp::from_time(SystemClock.now()).unwrap()
}

impl Speaker {
    /// Somebody whose fresh key is the identity.
    pub(crate) fn new() -> Self {
        let key = SecretKey::from_seed(random());
        Self { did: key.public().to_did(), key }
    }

    /// A domain, with a fresh key.
    pub(crate) fn of_domain(domain: &str) -> Self {
        Self { key: SecretKey::from_seed(random()), did: Did::parse(&format!("did:web:{domain}")).unwrap() }
    }

    /// The pin file by which an operator knows this speaker.
    pub(crate) fn pin(&self) -> String {
        let record = RecordDraft::first(self.did.clone(), "Example Vision Lab".to_owned(), self.key.public(), now());
        let record = self.key.sign_envelope(PayloadType::Publisher, &record.complete().unwrap().payload).unwrap();
        PinFile::new(record, &["url:https://data.example.org/".to_owned()], None).unwrap().to_json()
    }

    /// An observer's report about a dataset of this name, with `words` in its statement.
    pub(crate) fn report(&self, name: &str, words: &str) -> SignedNotice {
        let statement = format!("Nobody who is shown in it was ever asked: {words}.");
        self.report_with(name, &json!({"texts": [{"language": "en", "statement": statement}]}))
    }

    /// The same with these texts.
    pub(crate) fn report_with(&self, name: &str, texts: &serde_json::Value) -> SignedNotice {
        let title = format!("Example {name}");
        let subject = format!("url:https://data.example.org/{name}/");
        let draft = json!({
            "type": "retraction",
            "issuer": {"role": "observer"},
            "dataset": {"title": title, "publisher_name": "Example Vision Lab"},
            "subjects": [{"id": subject, "role": "landing-page"}],
            "scope": {"kind": "whole"},
            "reasons": ["consent"],
            "actions": [{"do": "stop-use"}],
            "texts": texts
        });
        self.says(&draft)
    }

    /// Signs any draft.
    pub(crate) fn says(&self, draft: &serde_json::Value) -> SignedNotice {
        let text = |pointer: &str| draft.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let (title, subject) = (text("/dataset/title"), text("/subjects/0/id"));
        let draft = Draft::parse(draft.to_string().as_bytes()).unwrap();
        let completed = draft.complete(&self.did, now(), random()).unwrap();
        let envelope = self.key.sign_envelope(PayloadType::Notice, &completed.payload).unwrap();
        SignedNotice {
            title,
            subject,
            id: envelope.payload_id(),
            leaf: Hash::leaf(envelope.to_json().as_bytes()),
            body: SubmissionBody { envelope, documents: completed.texts.into_iter().collect() },
        }
    }
}

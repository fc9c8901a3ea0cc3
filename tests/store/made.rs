//! Batches made by hand: their entries are no envelopes, which no store may care about.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use palinode::envelope::PayloadType;
use palinode::ledger::derived::words_of_texts;
use palinode::ledger::stored::{
    Batch, DocumentKind, Head, IndexRows, NewDocument, NewEntry, NoticeRows, Provenance, PublishedHead, StoredEntry,
};
use palinode::notice::index::{FactRole, IndexFact};
use palinode::notice::{Did, DocumentHash, IssuerRole, LookupKey, NoticeType, PayloadId, Reason, Timestamp};
use palinode::tlog::{Frontier, Hash};

pub(crate) fn start() -> DateTime<Utc> {
    Timestamp::parse("2026-11-23T10:00:00Z").expect("a time").time()
}

pub(crate) fn did(name: &str) -> Did {
    Did::parse(&format!("did:web:{name}.example")).expect("a DID")
}

pub(crate) fn key(text: &str) -> LookupKey {
    LookupKey::from_stored(text.to_owned())
}

/// The name of the payload of entry `n`.
pub(crate) fn payload(n: u64) -> PayloadId {
    PayloadId::of(format!("payload {n}").as_bytes())
}

pub(crate) fn document(text: &str) -> NewDocument {
    let salt = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let said = serde_json::json!({ "language": "en", "statement": format!("{text}: a statement of enough length") });
    let bytes = serde_json::json!({ "salt": salt, "texts": [said] }).to_string().into_bytes();
    let words = words_of_texts(&bytes);
    assert!(words.starts_with(text), "a store may derive the words anew, so the bytes must have them");
    NewDocument { hash: DocumentHash::of(&bytes), kind: DocumentKind::Texts, words, bytes, received: start() }
}

/// Rows that say nothing but a title.
pub(crate) fn rows(title: &str) -> NoticeRows {
    NoticeRows {
        kind: NoticeType::Retraction,
        role: IssuerRole::Observer,
        issued: Timestamp::from_time(start()).expect("in range"),
        reasons: vec![Reason::parse("consent").expect("a reason")],
        facts: vec![IndexFact { key: key("doi:10.5555/faces"), role: FactRole::Subject }],
        priors: Vec::new(),
        lists: Vec::new(),
        documents: Vec::new(),
        names: title.to_owned(),
    }
}

/// Entry `n`, seen `n` minutes after the start.
pub(crate) fn entry(n: u64, issuer: &Did, rows: IndexRows) -> NewEntry {
    let bytes = format!("entry {n}").into_bytes();
    let kind = match rows {
        IndexRows::Notice(_) => PayloadType::Notice,
        IndexRows::Publisher => PayloadType::Publisher,
        IndexRows::Operator => PayloadType::Operator,
    };
    let minutes = i64::try_from(n).expect("small");
    NewEntry {
        stored: StoredEntry {
            index: n,
            leaf: Hash::leaf(&bytes),
            kind,
            payload_id: payload(n),
            key: [7; 32],
            issuer: issuer.clone(),
            bytes,
            first_seen: start() + TimeDelta::minutes(minutes),
            provenance: Provenance::Peer("a.example/log".to_owned()),
        },
        rows,
    }
}

pub(crate) fn notice(n: u64, issuer: &str, rows: NoticeRows) -> NewEntry {
    entry(n, &did(issuer), IndexRows::Notice(Arc::new(rows)))
}

/// Grows a tree beside the store, and gives the batches that make the store grow with it.
pub(crate) struct Grower {
    pub(crate) frontier: Frontier,
}

impl Grower {
    pub(crate) fn new() -> Self {
        Self { frontier: Frontier::empty() }
    }

    pub(crate) fn head(&self) -> Head {
        Head { size: self.frontier.size(), root: self.frontier.root() }
    }

    /// The batch that appends these.
    pub(crate) fn batch(&mut self, entries: Vec<NewEntry>) -> Batch {
        let expected = self.head();
        for entry in &entries {
            self.frontier.append(entry.stored.leaf);
        }
        Batch { expected, entries, tiles: self.frontier.take_changed(), head: self.head(), documents: Vec::new() }
    }

    /// The batch that appends `count` notices without further meaning.
    pub(crate) fn plain(&mut self, count: u64) -> Batch {
        let from = self.frontier.size();
        self.batch((from..from + count).map(|n| notice(n, "a", rows(&format!("Set {n}")))).collect())
    }
}

pub(crate) fn published(head: Head) -> PublishedHead {
    PublishedHead { head, checkpoint: format!("checkpoint {}", head.size).into_bytes(), signed_at: start() }
}

//! The shapes in which rules and storage speak of what is stored.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::envelope::PayloadType;
use crate::notice::index::IndexFact;
use crate::notice::{
    Did, DigestAlgorithm, DigestListRole, DocumentHash, IssuerRole, NoticeId, NoticeType, PayloadId, Reason, Timestamp,
};
use crate::tlog::{Hash, TileId};

/// Size and root of the tree at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of entries.
    pub size: u64,
    /// RFC 6962 root.
    pub root: Hash,
}

impl Head {
    /// The head of a log without entries.
    pub const EMPTY: Self = Self { size: 0, root: Hash::EMPTY };
}

/// A head that was signed and published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedHead {
    /// Size and root.
    pub head: Head,
    /// The signed note, with the log's signature only.
    pub checkpoint: Vec<u8>,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
}

/// Where an entry came from; shown, and never a reason to trust it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// A client posted it.
    Client,
    /// It was pulled from the log of this origin.
    Peer(String),
    /// It stands in a pin file of the operator.
    Pin,
    /// The operator imported it.
    Import,
    /// The server itself said it.
    Own,
}

impl Provenance {
    /// Whether the operator of this server is who brings it.
    pub fn is_of_operator(&self) -> bool {
        matches!(self, Self::Pin | Self::Own | Self::Import)
    }

    /// How it is stored and shown.
    pub fn as_text(&self) -> String {
        match self {
            Self::Client => "client".to_owned(),
            Self::Peer(origin) => format!("peer:{origin}"),
            Self::Pin => "pin".to_owned(),
            Self::Import => "import".to_owned(),
            Self::Own => "own".to_owned(),
        }
    }

    /// Reads what [`Provenance::as_text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "client" => Some(Self::Client),
            "pin" => Some(Self::Pin),
            "import" => Some(Self::Import),
            "own" => Some(Self::Own),
            other => other.strip_prefix("peer:").map(|origin| Self::Peer(origin.to_owned())),
        }
    }
}

/// An entry as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its place in this log; never an identity, since every server has its own order.
    pub index: u64,
    /// RFC 6962 leaf hash of the entry, the same on every server.
    pub leaf: Hash,
    /// What kind of payload.
    pub kind: PayloadType,
    /// SHA-256 of the payload.
    pub payload_id: PayloadId,
    /// The key that signed.
    pub key: [u8; 32],
    /// Whose it is, as its payload says.
    pub issuer: Did,
    /// The canonical bytes of the signed envelope.
    pub bytes: Vec<u8>,
    /// When this server first saw it.
    pub first_seen: DateTime<Utc>,
    /// Where it came from.
    pub provenance: Provenance,
}

/// Where an entry stands, and who signed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its index in this log.
    pub index: u64,
    /// The key that signed.
    pub key: [u8; 32],
}

/// Everything that one append writes.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The head that must be the newest.
    pub expected: Head,
    /// The new entries, indexes from `expected.size` on without a hole.
    pub entries: Vec<NewEntry>,
    /// Every tile that changed, with its full contents.
    pub tiles: Vec<(TileId, Vec<Hash>)>,
    /// The head after it, not signed yet.
    pub head: Head,
    /// Documents that came along.
    pub documents: Vec<NewDocument>,
}

/// An entry about to be written.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// The entry itself.
    pub stored: StoredEntry,
    /// What the index learns from it.
    pub rows: IndexRows,
}

/// What the index learns from an entry: a pure function of its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexRows {
    /// A notice.
    Notice(Arc<NoticeRows>),
    /// A publisher record.
    Publisher,
    /// An operator statement.
    Operator,
}

/// What the index learns from a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRows {
    /// Its type.
    pub kind: NoticeType,
    /// The role in which its issuer speaks.
    pub role: IssuerRole,
    /// When it claims to have been issued.
    pub issued: Timestamp,
    /// Its reasons.
    pub reasons: Vec<Reason>,
    /// Its look-up keys with what they mean.
    pub facts: Vec<IndexFact>,
    /// The notices it speaks of.
    pub priors: Vec<NoticeId>,
    /// The digest lists it names.
    pub lists: Vec<(DocumentHash, DigestAlgorithm, DigestListRole)>,
    /// The documents it names, with kind and size where the size is known.
    pub documents: Vec<(DocumentHash, DocumentKind)>,
    /// Title, aliases and publisher's name, for full-text search.
    pub names: String,
}

impl NoticeRows {
    /// The plain digests of files that it names, whatever each is to it.
    pub fn digests(&self) -> BTreeSet<(DigestAlgorithm, Vec<u8>)> {
        self.facts.iter().filter_map(|fact| fact.key.digest()).collect()
    }
}

/// How many rows an index has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Entries.
    pub entries: u64,
    /// Notices.
    pub notices: u64,
    /// Notices whose names are searched.
    pub names: u64,
    /// Look-up keys.
    pub facts: u64,
    /// Plain digests of files.
    pub digests: u64,
    /// Edges to other notices.
    pub priors: u64,
    /// Reasons.
    pub reasons: u64,
    /// Named digest lists.
    pub lists: u64,
    /// Named documents.
    pub documents: u64,
    /// Leaf hashes.
    pub leaves: u64,
    /// Publisher records.
    pub records: u64,
}

/// What a detached document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// The texts of a notice: JSON, at most 256 KiB.
    Texts,
    /// A digest list of this many bytes.
    DigestList {
        /// How its digests were made.
        algorithm: DigestAlgorithm,
        /// How many there are.
        count: u64,
    },
}

/// A document about to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// Its name.
    pub hash: DocumentHash,
    /// What it is.
    pub kind: DocumentKind,
    /// Its bytes, which hash to `hash`.
    pub bytes: Vec<u8>,
    /// Its words, for full-text search; empty for digest lists.
    pub words: String,
    /// When it came.
    pub received: DateTime<Utc>,
}

/// What is known of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// Its bytes are here.
    Available {
        /// How many.
        size: u64,
    },
    /// It is named, but not here yet.
    Awaited,
    /// It was removed, and never comes back.
    Removed,
}

/// Leave to upload one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadGrant {
    /// SHA-256 of the token: the token itself is not kept.
    pub token_hash: [u8; 32],
    /// The documents it is good for.
    pub documents: Vec<DocumentHash>,
    /// From when on: grants that ended by then are forgotten.
    pub granted: DateTime<Utc>,
    /// Until when.
    pub expires: DateTime<Utc>,
}

/// Which facts of notices a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactQuery {
    /// Notices that name the key as a subject, a scope item or a name.
    Naming,
    /// Notices that name the key as a derivative.
    Deriving,
}

/// A digest list that a notice names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredList {
    /// The notice.
    pub notice: NoticeId,
    /// The list.
    pub list: DocumentHash,
}

/// How much an issuer has in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssuerCount {
    /// Since the hour of the asked time began.
    pub recent: u64,
    /// In all.
    pub total: u64,
}

/// Which notices a search is about; what is absent does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeFilter {
    /// Only of this issuer.
    pub issuer: Option<Did>,
    /// Only of this type.
    pub kind: Option<NoticeType>,
    /// Only with this reason.
    pub reason: Option<Reason>,
    /// Only in this role.
    pub role: Option<IssuerRole>,
    /// First seen at or after.
    pub since: Option<DateTime<Utc>>,
    /// First seen before.
    pub until: Option<DateTime<Utc>>,
}

/// A search over notices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchQuery {
    /// Words to find in titles and texts; all must be there.
    pub words: Vec<String>,
    /// What must hold besides.
    pub filter: NoticeFilter,
    /// Only entries below this index: the cursor.
    pub before: Option<u64>,
    /// At most this many.
    pub limit: usize,
}

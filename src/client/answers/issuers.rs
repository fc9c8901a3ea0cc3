//! Who an issuer is: the answers of `/v1/publishers`, and what answers about identifiers say of issuers.

use serde::{Deserialize, Serialize};

/// `GET /v1/publishers/{did}`: what a server says of an issuer.
#[derive(Debug, Clone, Deserialize)]
pub struct PublisherAnswer {
    /// Whom it is about.
    #[serde(default)]
    pub did: String,
    /// Whether the keys of a domain began anew.
    #[serde(default)]
    pub key_changed: bool,
    /// Its lineages.
    pub lineages: Vec<LineageAnswer>,
    /// Records that wait until its domain is verified.
    #[serde(default)]
    pub waiting: Vec<WaitingRecordAnswer>,
    /// Whether the operator takes nothing new from it.
    #[serde(default)]
    pub blocked: bool,
}

/// How a server shows an issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerAnswer {
    /// Whom.
    pub did: String,
    /// The name that its newest record gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the operator pinned it.
    #[serde(default)]
    pub pinned: bool,
    /// Whether the keys of its domain began anew.
    #[serde(default)]
    pub key_changed: bool,
    /// Why its name or domain should be looked at twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<MarkAnswer>,
    /// Who attested that its domain answers for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verified: Vec<AttestationAnswer>,
}

/// Why a name or a domain should be looked at twice: the server's remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkAnswer {
    /// `looks-like` or `mixes-scripts`.
    #[serde(default)]
    pub why: String,
    /// What is marked: `name` or `domain`.
    #[serde(default)]
    pub part: String,
    /// Whose it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// A sentence for people.
    pub text: String,
}

/// One lineage of an issuer, as the server trusts it.
#[derive(Debug, Clone, Deserialize)]
pub struct LineageAnswer {
    /// Which lineage.
    pub lineage: String,
    /// Whether the operator pinned it.
    pub pinned: bool,
    /// What it speaks for there.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// Whether its domain answers for it there.
    #[serde(default)]
    pub domain_verified: bool,
    /// Who attested it.
    #[serde(default)]
    pub verified: Vec<AttestationAnswer>,
    /// What the domain itself said last.
    #[serde(default)]
    pub domain: Option<DomainAnswer>,
    /// Whether two records claim one place.
    #[serde(default)]
    pub forked: bool,
    /// Its records.
    #[serde(default)]
    pub records: Vec<RecordAnswer>,
    /// Its keys.
    #[serde(default)]
    pub keys: Vec<KeyAnswer>,
    /// Why its name or domain should be looked at twice.
    #[serde(default)]
    pub marks: Vec<MarkAnswer>,
}

/// Who attested that a domain answers for a lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttestationAnswer {
    /// The log in which it is stated.
    pub by: String,
    /// How it was verified.
    pub method: String,
    /// When, as the statement says.
    pub on: String,
}

/// What a domain itself said last about the keys of a lineage.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DomainAnswer {
    /// When it was asked last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// When it gave its document last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<String>,
    /// Whether that names every active key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names_keys: Option<bool>,
    /// Why it gave none since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it is asked next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

/// A record that waits for the word of its domain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WaitingRecordAnswer {
    /// The lineage that it would begin.
    pub lineage: String,
    /// When it came.
    pub received: String,
    /// How many documents of the domain did not name its keys.
    #[serde(default)]
    pub passed_over: u32,
    /// Why the domain gave no document when it was asked last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When the domain is asked next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

/// One record of a lineage: only where it stands, since what it says is read from the record itself.
#[derive(Debug, Clone, Deserialize)]
pub struct RecordAnswer {
    /// Where it stands.
    #[serde(default)]
    pub entries: Vec<RecordEntryAnswer>,
}

/// Where a record stands.
#[derive(Debug, Clone, Deserialize)]
pub struct RecordEntryAnswer {
    /// Leaf hash of the entry, in hexadecimal digits.
    pub entry: String,
}

/// What the server says of a key.
#[derive(Debug, Clone, Deserialize)]
pub struct KeyAnswer {
    /// `z6Mk...`
    pub key: String,
    /// `active`, `retired` or `compromised`.
    pub status: String,
    /// Whether the lifting edges of its notices are followed.
    #[serde(default)]
    pub may_lift: bool,
}

//! The shapes of what a server answers, as far as a client looks at them. Members that are not named here are let through.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::notice::{DocumentHash, NoticeId};
use crate::verdict::{Part, Verdict};

/// `GET /v1/server`: who a server is.
#[derive(Debug, Clone, Deserialize)]
pub struct ServerAnswer {
    /// The name of its log.
    pub origin: String,
    /// The key of its checkpoints: a verifier key.
    pub log_key: String,
    /// The key of its cosignatures: a verifier key.
    pub witness_key: String,
    /// The key of its operator statements: `z6Mk...`
    pub operator_key: String,
}

/// What a server answers to a submission it accepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Receipt {
    /// The HTTP status: 201 appended, 200 known before (or only looked at), 202 waiting for its domain to be verified.
    #[serde(skip_deserializing)]
    pub status: u16,
    /// SHA-256 of the payload.
    pub id: NoticeId,
    /// Leaf hash of the entry, in hexadecimal digits.
    #[serde(default)]
    pub entry: Option<String>,
    /// Whether it stood there before.
    #[serde(default)]
    pub known: bool,
    /// Where it stands in the log.
    #[serde(default)]
    pub index: Option<u64>,
    /// Size of the tree that the proof is for.
    #[serde(default)]
    pub tree_size: Option<u64>,
    /// The `.tlog-proof`.
    #[serde(default)]
    pub proof: Option<String>,
    /// Leave to upload documents that are named and not there yet.
    #[serde(default, skip_serializing)]
    pub upload: Option<UploadAnswer>,
}

/// Leave to upload documents.
#[derive(Clone, Deserialize)]
pub struct UploadAnswer {
    /// Goes into `Authorization: Bearer`.
    pub token: String,
    /// Which documents.
    pub documents: Vec<DocumentHash>,
}

/// Without the token.
impl std::fmt::Debug for UploadAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadAnswer").field("documents", &self.documents).finish_non_exhaustive()
    }
}

/// `GET /v1/notices/{id}`, as far as an asker wants to know about a match.
#[derive(Debug, Clone, Deserialize)]
pub struct NoticeAnswer {
    /// Its name.
    #[serde(default)]
    pub id: Option<NoticeId>,
    /// The notice itself.
    #[serde(alias = "notice")]
    pub payload: Value,
    /// When the server first saw it.
    #[serde(default)]
    pub first_seen: Option<DateTime<Utc>>,
    /// The issuer's name.
    #[serde(default)]
    pub issuer_name: Option<String>,
    /// The keys that signed it, `z6Mk...`
    #[serde(default)]
    pub signers: Vec<String>,
    /// Leaf hash of its first entry, in hexadecimal digits.
    #[serde(default)]
    pub entry: Option<String>,
}

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

/// One page of `GET /v1/notices`.
#[derive(Debug, Clone, Deserialize)]
pub struct NoticesAnswer {
    /// The notices, newest first.
    pub notices: Vec<NoticeAnswer>,
    /// Where the next page begins.
    #[serde(default)]
    pub next: Option<String>,
}

/// The answers of `/v1/check`.
#[derive(Debug, Clone)]
pub struct CheckAnswer {
    /// Whose answers they are.
    pub origin: String,
    /// Size of the tree they were answered from.
    pub tree_size: u64,
    /// When the server last cosigned that tree.
    pub checkpoint_time: Option<DateTime<Utc>>,
    /// Hash of the trust settings they were decided with.
    pub trust: String,
    /// In the order of the question.
    pub answers: Vec<IdAnswer>,
    /// Who says what matched.
    pub issuers: Vec<IssuerAnswer>,
    /// What is needed to decide them again.
    pub evidence: Option<EvidenceAnswer>,
}

/// The answer for one asked text.
#[derive(Debug, Clone)]
pub struct IdAnswer {
    /// As it came, without loss.
    pub raw: Value,
    /// As it was asked.
    pub asked: String,
    /// The identifier that was looked up.
    pub id: Option<String>,
    /// The verdict; `unchecked` when the server could not look it up or uses a word that is not known here.
    pub verdict: Verdict,
    /// With `part-retracted`: which part.
    pub part: Option<Part>,
    /// Whether the truth may be worse.
    pub incomplete: bool,
    /// What matched.
    pub matches: Vec<MatchAnswer>,
    /// Whether more matched than is listed.
    pub more: bool,
    /// Why it was not looked up.
    pub error: Option<String>,
}

/// One match.
#[derive(Debug, Clone, Deserialize)]
pub struct MatchAnswer {
    /// The notice.
    pub notice: NoticeId,
    /// Where it stands in the log.
    #[serde(default)]
    pub index: Option<u64>,
    /// What kind of notice it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// Who says it.
    pub issuer: String,
    /// In which role.
    #[serde(default)]
    pub role: Option<String>,
    /// With what authority.
    pub authority: String,
    /// What the authority rests on.
    #[serde(default)]
    pub basis: Option<String>,
    /// How surely the asked identifier is the notice's.
    pub strength: String,
    /// What the notice says about it.
    pub coverage: String,
    /// What the match adds to the verdict.
    #[serde(default)]
    pub verdict: Option<String>,
    /// The identifier that matched.
    #[serde(default)]
    pub subject: Option<String>,
    /// How the asked identifier was derived from the subject.
    #[serde(default)]
    pub path: Option<Vec<Value>>,
    /// Who objects.
    #[serde(default)]
    pub disputed_by: Vec<Value>,
    /// From when the notice holds, while that is ahead.
    #[serde(default)]
    pub scheduled_for: Option<String>,
}

/// The evidence of an answer.
#[derive(Debug, Clone, Deserialize)]
pub struct EvidenceAnswer {
    /// The signed checkpoint.
    pub checkpoint: String,
    /// Notices and the records of their issuers.
    pub entries: Vec<EvidenceEntry>,
}

/// An entry with its inclusion proof.
#[derive(Debug, Clone, Deserialize)]
pub struct EvidenceEntry {
    /// The canonical envelope, as the text that the log hashed.
    #[serde(deserialize_with = "entry_text")]
    pub envelope: String,
    /// The `.tlog-proof` of it.
    pub proof: String,
}

/// The bytes that the log hashed. As JSON, the members of a canonical envelope stand in the order of their names.
fn entry_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        envelope => envelope.to_string(),
    })
}

#[derive(Deserialize)]
struct CheckWire {
    origin: String,
    tree_size: u64,
    checkpoint_time: Option<DateTime<Utc>>,
    trust: String,
    answers: Vec<Value>,
    #[serde(default)]
    issuers: Vec<IssuerAnswer>,
    #[serde(default)]
    evidence: Option<EvidenceAnswer>,
}

#[derive(Deserialize)]
struct IdWire {
    asked: String,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    verdict: Option<String>,
    #[serde(default)]
    part: Option<String>,
    #[serde(default)]
    incomplete: bool,
    #[serde(default)]
    matches: Vec<MatchAnswer>,
    #[serde(default)]
    more: Value,
    #[serde(default)]
    error: Option<Value>,
}

impl CheckAnswer {
    /// Reads the body of an answer.
    ///
    /// # Errors
    /// Whatever a palinode server would not say.
    pub fn read(raw: Value) -> Result<Self, serde_json::Error> {
        let CheckWire { origin, tree_size, checkpoint_time, trust, answers, issuers, evidence } = serde_json::from_value(raw)?;
        let answers = answers.into_iter().map(IdAnswer::read).collect::<Result<_, _>>()?;
        Ok(Self { origin, tree_size, checkpoint_time, trust, answers, issuers, evidence })
    }
}

impl IdAnswer {
    pub(super) fn read(raw: Value) -> Result<Self, serde_json::Error> {
        let wire: IdWire = serde_json::from_value(raw.clone())?;
        let error = wire.error.as_ref().map(|error| match error {
            Value::String(text) => text.clone(),
            other => other.get("message").and_then(Value::as_str).map_or_else(|| other.to_string(), str::to_owned),
        });
        Ok(Self {
            asked: wire.asked,
            id: wire.id,
            // A newer server may have words of its own: what is not understood was not checked.
            verdict: wire.verdict.as_deref().and_then(Verdict::parse).unwrap_or(Verdict::Unchecked),
            part: wire.part.as_deref().and_then(Part::parse),
            incomplete: wire.incomplete,
            matches: wire.matches,
            more: !matches!(wire.more, Value::Null | Value::Bool(false)) && wire.more != 0,
            error,
            raw,
        })
    }
}

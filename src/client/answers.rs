//! The shapes of answers (protocol, section 9). Fields that this version does not know are passed over, so that a newer server
//! can be asked; words that it does not know (verdicts, authorities) stay words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::envelope::PublicKey;
use crate::notice::{DocumentHash, NoticeId, PayloadId};
use crate::tlog::{Hash, VerifierKey};

/// `GET /v1/server`: who a server is.
#[derive(Debug, Clone, Deserialize)]
pub struct ServerInfo {
    /// Its origin.
    pub origin: String,
    /// Where it says that it is reached.
    pub url: Option<String>,
    /// The version of its software.
    pub version: String,
    /// Verifies its checkpoints.
    #[serde(deserialize_with = "verifier_key")]
    pub log_key: VerifierKey,
    /// Verifies its cosignatures.
    #[serde(deserialize_with = "verifier_key")]
    pub witness_key: VerifierKey,
    /// Verifies its operator statements.
    #[serde(deserialize_with = "public_key")]
    pub operator_key: PublicKey,
    /// Whom it lets in.
    pub policy: String,
    /// Size of its published tree.
    pub tree_size: u64,
    /// When it cosigned that tree last.
    pub checkpoint_time: Option<DateTime<Utc>>,
    /// How many notices it has.
    pub notices: u64,
}

/// What handing something in came to.
#[derive(Debug, Clone)]
pub enum SubmitAnswer {
    /// It stands in the log (201 when it was appended now, 200 when it was there).
    Logged(Box<Logged>),
    /// 202: a publisher record whose domain is being verified.
    Verifying(Verifying),
}

/// A record that waits for its domain.
#[derive(Debug, Clone, Deserialize)]
pub struct Verifying {
    /// SHA-256 of its payload.
    pub id: PayloadId,
}

/// The receipt of an entry.
#[derive(Debug, Clone, Deserialize)]
pub struct Logged {
    /// SHA-256 of the payload: the notice id.
    pub id: PayloadId,
    /// Leaf hash of the entry.
    #[serde(deserialize_with = "hash")]
    pub entry: Hash,
    /// Its index in the log of this server.
    pub index: u64,
    /// Size of the tree that the proof is for.
    pub tree_size: u64,
    /// The signed checkpoint of that tree.
    pub checkpoint: String,
    /// The same with the inclusion proof, as a `.tlog-proof` file.
    pub proof: String,
    /// Whether it was there before.
    pub known: bool,
    /// Leave to upload documents that are named but not there.
    pub upload: Option<Upload>,
}

/// Leave to upload documents.
#[derive(Clone, Deserialize)]
pub struct Upload {
    /// Goes into [`super::Client::upload_document`].
    pub token: String,
    /// Until when.
    pub expires: DateTime<Utc>,
    /// Which documents.
    pub documents: Vec<DocumentHash>,
}

/// Without the token.
impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").field("expires", &self.expires).field("documents", &self.documents).finish_non_exhaustive()
    }
}

/// What a dry run came to: it would be logged.
#[derive(Debug, Clone, Deserialize)]
pub struct DryRun {
    /// SHA-256 of the payload.
    pub id: PayloadId,
    /// Leaf hash that the entry would have.
    #[serde(deserialize_with = "hash")]
    pub entry: Hash,
    /// Whether it stands in the log already.
    pub known: bool,
}

/// `POST /v1/check`: the answers, all as of one tree.
#[derive(Debug, Clone, Deserialize)]
pub struct CheckAnswer {
    /// Whose answers they are.
    pub origin: String,
    /// Size of the tree they were answered from.
    pub tree_size: u64,
    /// When that tree was cosigned last: how fresh the answers are.
    pub checkpoint_time: Option<DateTime<Utc>>,
    /// Hash of the trust settings they were decided with.
    pub trust: String,
    /// In the order of the question.
    pub answers: Vec<Asked>,
    /// With `proof=true`: what is needed to decide the verdicts again.
    pub evidence: Option<CheckEvidence>,
}

/// The answer about one text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked {
    /// As it was asked.
    pub asked: String,
    /// The identifier that it was understood as.
    pub id: Option<String>,
    /// The verdict; absent when the text is no identifier.
    pub verdict: Option<String>,
    /// With `part-retracted`: which part.
    pub part: Option<String>,
    /// Something that the notices name was not there to be looked into, so the truth may be worse.
    #[serde(default)]
    pub incomplete: bool,
    /// What matched, most severe first.
    #[serde(default)]
    pub matches: Vec<Matched>,
    /// There were more than 50.
    #[serde(default)]
    pub more: bool,
    /// Why the text is no identifier.
    pub error: Option<String>,
}

/// One notice that has something to say about an identifier.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Matched {
    /// The notice.
    pub notice: NoticeId,
    /// Its index in the log of this server.
    pub index: Option<u64>,
    /// What kind of notice it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// Who says it.
    pub issuer: String,
    /// With what authority.
    pub authority: String,
    /// How surely the identifier is the notice's.
    pub strength: String,
    /// What the notice says about it.
    pub coverage: String,
    /// In which role.
    pub role: Option<String>,
    /// What the authority rests on.
    pub basis: Option<String>,
    /// The notice's identifier that matched.
    pub subject: Option<String>,
    /// From when the notice holds, while that is still ahead.
    pub scheduled_for: Option<String>,
    /// How the identifier was derived from the notice's, step by step.
    pub path: Option<serde_json::Value>,
}

/// What is needed to decide verdicts again.
#[derive(Debug, Clone, Deserialize)]
pub struct CheckEvidence {
    /// The signed checkpoint of the tree.
    pub checkpoint: String,
    /// Notices and the records of their issuers.
    pub entries: Vec<ProvedEntry>,
}

/// An entry with its inclusion proof.
#[derive(Debug, Clone, Deserialize)]
pub struct ProvedEntry {
    /// The canonical envelope, as text: its bytes are what was signed and hashed.
    pub envelope: String,
    /// The `.tlog-proof` of it.
    pub proof: String,
}

fn verifier_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<VerifierKey, D::Error> {
    VerifierKey::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

fn public_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PublicKey, D::Error> {
    PublicKey::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

fn hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
    let text = String::deserialize(deserializer)?;
    Hash::parse(&text).ok_or_else(|| de::Error::custom("must be 64 lowercase hex digits"))
}

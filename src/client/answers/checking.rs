//! What is known of identifiers: the answers of `/v1/check`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::IssuerAnswer;
use crate::notice::NoticeId;
use crate::verdict::{Part, Verdict};

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
    /// How the digest lists stand that could change the answer and that nobody could look into.
    pub missing_lists: Vec<MissingList>,
    /// What matched.
    pub matches: Vec<MatchAnswer>,
    /// Whether more matched than is listed.
    pub more: bool,
    /// Why it was not looked up.
    pub error: Option<String>,
}

/// Why a digest list could not be looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingList {
    /// It has not come, or nobody says why.
    NotThere,
    /// It was removed from the server, and never comes back.
    Removed,
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
    missing_lists: Vec<MissingListWire>,
    #[serde(default)]
    matches: Vec<MatchAnswer>,
    #[serde(default)]
    more: Value,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Deserialize)]
struct MissingListWire {
    state: String,
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
    pub(in crate::client) fn read(raw: Value) -> Result<Self, serde_json::Error> {
        let wire: IdWire = serde_json::from_value(raw.clone())?;
        let error = wire.error.as_ref().map(|error| match error {
            Value::String(text) => text.clone(),
            other => other.get("message").and_then(Value::as_str).map_or_else(|| other.to_string(), str::to_owned),
        });
        let state = |list: &MissingListWire| if list.state == "removed" { MissingList::Removed } else { MissingList::NotThere };
        let mut missing_lists: Vec<MissingList> = wire.missing_lists.iter().map(state).collect();
        if wire.incomplete && missing_lists.is_empty() {
            missing_lists.push(MissingList::NotThere);
        }
        Ok(Self {
            missing_lists,
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

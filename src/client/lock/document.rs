use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::client::answers::{CheckAnswer, EvidenceEntry};
use crate::client::index::{LocalIndex, Looked};
use crate::compact::settings;
use crate::notice::{Identifier, NoticeId};
use crate::verdict::{Trust, Verdict};

/// The most bytes of a lock file that is read.
pub const MAX_LOCK: u64 = 1 << 30;
/// The version of the form.
const VERSION: u32 = 1;

/// What lay in a folder, and what ledgers knew of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    #[serde(rename = "palinode_lock")]
    version: u32,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// Which digests of files were computed.
    #[serde(default)]
    pub algorithms: Vec<String>,
    /// Whether code was read too.
    #[serde(default)]
    pub code: bool,
    /// What was seen, in the order of the identifiers.
    pub inventory: Vec<Sighted>,
    /// What each server knew.
    pub servers: Vec<LockedServer>,
}

/// An identifier, and where it was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sighted {
    /// In normal form.
    pub id: String,
    /// Where, in order.
    pub places: Vec<String>,
    /// What the strongest of these rests on.
    pub evidence: String,
}

/// What one server knew.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedServer {
    /// The name of its log.
    pub origin: String,
    /// Verifies its checkpoints.
    pub log_key: String,
    /// Verifies its cosignatures.
    pub witness_key: String,
    /// Verifies the head.
    pub operator_key: String,
    /// The signed head of its compact list, with the signed checkpoint in it.
    pub head: String,
    /// The trust settings that decided.
    pub trust: Value,
    /// Whether these are not those of the operator.
    #[serde(default, skip_serializing_if = "is_false")]
    pub own_pins: bool,
    /// Every identifier of which more is known than nothing.
    pub answers: Vec<LockedAnswer>,
    /// What the answers follow from.
    pub entries: Vec<LockedEntry>,
    /// Digest lists that were here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists_looked_into: Vec<String>,
    /// Which digests they hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists_held: Vec<Held>,
}

/// What was answered about one identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedAnswer {
    /// The identifier.
    pub id: String,
    /// The verdict.
    pub verdict: String,
    /// With `part-retracted`: which part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Whether the truth may be worse.
    #[serde(default, skip_serializing_if = "is_false")]
    pub incomplete: bool,
    /// Whether more matched than is named.
    #[serde(default, skip_serializing_if = "is_false")]
    pub more: bool,
    /// The notices that matched.
    pub notices: Vec<NoticeName>,
}

/// The name of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoticeName(pub NoticeId);

impl TryFrom<String> for NoticeName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        NoticeId::parse(&text).map(Self).ok_or_else(|| format!("{text:?} is no name of a notice"))
    }
}

impl From<NoticeName> for String {
    fn from(NoticeName(id): NoticeName) -> Self {
        id.to_string()
    }
}

/// An entry of the log, with its proof.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedEntry {
    /// The canonical envelope.
    pub envelope: String,
    /// The `.tlog-proof` of it.
    pub proof: String,
}

/// A digest that stands in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The list.
    pub list: String,
    /// The digest.
    pub id: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Why bytes are no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Not of the form.
    #[error("it is no lock file: {0}")]
    Form(#[from] serde_json::Error),
    /// Of a later version.
    #[error("it is a lock file of version {0}, and this program reads version {VERSION}")]
    Version(u32),
    /// An identifier that is not in normal form.
    #[error("{0:?} in the inventory is no identifier in normal form")]
    Identifier(String),
    /// The inventory is not in order, or names something twice.
    #[error("the inventory is not in order at {0:?}")]
    Order(String),
}

impl Lock {
    /// A lock of this inventory, with no server in it yet.
    pub fn of(made: DateTime<Utc>, algorithms: Vec<String>, code: bool, mut inventory: Vec<Sighted>) -> Self {
        inventory.sort();
        Self { version: VERSION, made, algorithms, code, inventory, servers: Vec::new() }
    }

    /// Reads a lock. Nothing in it is verified.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, LockError> {
        let lock: Self = serde_json::from_slice(bytes)?;
        if lock.version != VERSION {
            return Err(LockError::Version(lock.version));
        }
        for sighted in &lock.inventory {
            Identifier::from_normal(&sighted.id).map_err(|_not_normal| LockError::Identifier(sighted.id.clone()))?;
        }
        for (one, next) in lock.inventory.iter().zip(lock.inventory.iter().skip(1)) {
            if one.id >= next.id {
                return Err(LockError::Order(next.id.clone()));
            }
        }
        Ok(lock)
    }

    /// Its bytes: one member a line.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The identifiers of the inventory.
    pub fn identifiers(&self) -> Vec<String> {
        self.inventory.iter().map(|sighted| sighted.id.clone()).collect()
    }

    /// Adds what a copy of a compact list says of the inventory.
    pub fn add(&mut self, copy: &LocalIndex, trust: &Trust, answer: CheckAnswer, looked: &Looked) {
        let pinned = copy.pinned();
        let known = answer.answers.iter().filter(|one| one.verdict != Verdict::NoNotice || one.incomplete);
        let answers = known.map(|one| LockedAnswer {
            id: one.asked.clone(),
            verdict: one.verdict.as_str().to_owned(),
            part: one.part.map(|part| part.as_str().to_owned()),
            incomplete: one.incomplete,
            more: one.more,
            notices: one.matches.iter().map(|found| NoticeName(found.notice)).collect(),
        });
        let answers = answers.collect();
        let entries = answer.evidence.map(|evidence| evidence.entries).unwrap_or_default();
        let entries = entries.into_iter().map(|EvidenceEntry { envelope, proof }| LockedEntry { envelope, proof });
        self.servers.push(LockedServer {
            origin: pinned.origin().to_owned(),
            log_key: pinned.log.to_string(),
            witness_key: pinned.witness.to_string(),
            operator_key: pinned.operator.to_multibase(),
            head: copy.verified_head().envelope().to_owned(),
            trust: serde_json::from_slice(&settings::write(trust)).unwrap_or_default(),
            own_pins: trust.hash() != copy.head().trust.to_string(),
            answers,
            entries: entries.collect(),
            lists_looked_into: looked.into.iter().map(ToString::to_string).collect(),
            lists_held: looked.held.iter().map(|(list, id)| Held { list: list.to_string(), id: id.to_string() }).collect(),
        });
    }
}

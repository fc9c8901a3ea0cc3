//! What is answered about one identifier, in the shape of `/v1/check` (protocol, section 9).

use std::collections::BTreeSet;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Authority, Contribution, Coverage, Part, Strength, Verdict};
use crate::notice::{
    DerivativeRelation, Did, DocumentHash, Identifier, Inherits, IssuerRole, NoticeId, NoticeType, PartialDate, PriorRelation,
    codes,
};

/// The answer for one identifier. The HTTP layer adds what was typed (`asked`), cuts the matches to 50 and says `more`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The identifier that was looked up.
    pub id: Identifier,
    /// The most severe contribution of any match.
    pub verdict: Verdict,
    /// With `part-retracted`: which part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// A list of digests is named that nobody could look into, so the truth may be worse. With no match, the verdict is
    /// `unchecked`.
    #[serde(skip_serializing_if = "is_false")]
    pub incomplete: bool,
    /// Those lists. Why each cannot be looked into is for whoever keeps them to say.
    #[serde(skip)]
    pub unseen_lists: BTreeSet<DocumentHash>,
    /// The derivation graph was too deep or too wide to follow to its end.
    #[serde(skip_serializing_if = "is_false")]
    pub truncated: bool,
    /// Notices in force lift the same notice differently; the more severe counts.
    #[serde(skip_serializing_if = "is_false")]
    pub conflict: bool,
    /// Everything that matched, most severe first, then by notice id; each notice once.
    pub matches: Vec<Match>,
}

/// One notice that has something to say about the asked identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The notice.
    pub notice: NoticeId,
    /// Where the log first has it.
    pub index: Option<u64>,
    /// What kind of notice it is.
    pub kind: NoticeType,
    /// Who says it.
    pub issuer: Did,
    /// In which role.
    pub role: IssuerRole,
    /// With what authority over `subject`.
    pub authority: Authority,
    /// How surely the asked identifier is the notice's, or, over a path, the first derivative's.
    pub strength: Strength,
    /// What the notice says about `subject`.
    pub coverage: Coverage,
    /// What it adds to the verdict.
    pub contribution: Contribution,
    /// The notice's identifier that matched; over a path, the retracted one at its end.
    pub subject: Identifier,
    /// How the asked identifier was derived from `subject`, step by step upwards; `None` when the notice names it itself.
    pub path: Option<Vec<PathStep>>,
    /// Who objects, whether it counts or not.
    pub disputed_by: Vec<Dispute>,
    /// Attempts to lift or amend the notice that have no power over it.
    pub void_edges: Vec<VoidEdge>,
    /// From when the notice holds, while that is still ahead.
    pub scheduled_for: Option<PartialDate>,
}

/// One step of derivation: the derivative, and what it was derived from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PathStep {
    /// The notice that says so.
    pub notice: NoticeId,
    /// What it was derived from.
    pub parent: Identifier,
    /// The derivative's identifier as the notice has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Identifier>,
    /// The derivative's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How it was derived.
    pub relation: DerivativeRelation,
    /// Whether the verdict passes on.
    pub inherits: Inherits,
}

/// An objection to a notice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dispute {
    /// The notice that objects.
    pub notice: NoticeId,
    /// By what.
    pub by: DisputedBy,
    /// Whose it is.
    pub issuer: Did,
    /// Whether it turns the contribution into `disputed`; otherwise it is only listed.
    pub counts: bool,
    /// With what authority over the matched subject, in words.
    pub authority: Authority,
}

/// By what a notice is disputed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DisputedBy {
    /// An edge of a response (or, without effect, of another notice).
    Response,
    /// A list of unaffected digests that holds the asked one.
    DigestList,
}

codes!(DisputedBy { Response => "response", DigestList => "digest-list" });

/// An edge to a notice that has no power over it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct VoidEdge {
    /// The notice that carries the edge.
    pub notice: NoticeId,
    /// What it tried.
    pub relation: PriorRelation,
    /// Whose it is.
    pub issuer: Did,
    /// Why it is void.
    pub reason: VoidReason,
}

/// Why an edge is void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VoidReason {
    /// Another lineage's notice can be disputed and not lifted.
    ForeignIssuer,
    /// Only compromised keys, or a branch after a fork, signed it.
    NoPowerToLift,
}

codes!(VoidReason { ForeignIssuer => "foreign-issuer", NoPowerToLift => "no-power-to-lift" });

impl Answer {
    /// The answer when it is known that no notice speaks of anything that `id` could meet.
    pub fn no_notice(id: Identifier) -> Self {
        Self::without_match(id, Verdict::NoNotice)
    }

    /// The answer when the look-up could not be made.
    pub fn unchecked(id: Identifier) -> Self {
        Self::without_match(id, Verdict::Unchecked)
    }

    pub(super) fn without_match(id: Identifier, verdict: Verdict) -> Self {
        Self {
            id,
            verdict,
            part: None,
            incomplete: false,
            unseen_lists: BTreeSet::new(),
            truncated: false,
            conflict: false,
            matches: Vec::new(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Serialize for Match {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("notice", &self.notice)?;
        map.serialize_entry("index", &self.index)?;
        map.serialize_entry("type", &self.kind)?;
        map.serialize_entry("issuer", &self.issuer)?;
        map.serialize_entry("role", &self.role)?;
        authority_entries(&mut map, self.authority)?;
        map.serialize_entry("strength", &self.strength)?;
        map.serialize_entry("coverage", &self.coverage)?;
        map.serialize_entry("verdict", &self.contribution.verdict)?;
        if let Some(part) = self.contribution.part {
            map.serialize_entry("part", &part)?;
        }
        if self.contribution.reported {
            map.serialize_entry("reported", &true)?;
        }
        map.serialize_entry("subject", &self.subject)?;
        if let Some(path) = &self.path {
            map.serialize_entry("path", path)?;
        }
        if !self.disputed_by.is_empty() {
            map.serialize_entry("disputed_by", &self.disputed_by)?;
        }
        if !self.void_edges.is_empty() {
            map.serialize_entry("void_edges", &self.void_edges)?;
        }
        if let Some(date) = &self.scheduled_for {
            map.serialize_entry("scheduled_for", date)?;
        }
        map.end()
    }
}

impl Serialize for Dispute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("notice", &self.notice)?;
        map.serialize_entry("by", &self.by)?;
        map.serialize_entry("issuer", &self.issuer)?;
        authority_entries(&mut map, self.authority)?;
        map.serialize_entry("counts", &self.counts)?;
        map.end()
    }
}

fn authority_entries<M: SerializeMap>(map: &mut M, authority: Authority) -> Result<(), M::Error> {
    map.serialize_entry("authority", authority.as_str())?;
    match authority.basis() {
        Some(basis) => map.serialize_entry("basis", &basis),
        None => Ok(()),
    }
}

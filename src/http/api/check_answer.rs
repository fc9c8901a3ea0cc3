//! The answer to a question, in the shape of protocol section 9.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::publishers::AttestationAnswer;
use crate::http::answer::Written;
use crate::http::problem::Problem;
use crate::ledger::check::{Asked, CheckAnswers, Evidence, MATCHES, MissingList};
use crate::ledger::known_names::IssuerView;
use crate::notice::{Identifier, IdentifierError};
use crate::verdict::{Match, Part, Verdict};

/// How many bytes stand around the answers, and how many one answer without a match has, about.
const AROUND: usize = 256;
const EACH: usize = 256;

/// What is known of the asked identifiers, all as of one tree.
#[derive(Serialize, ToSchema)]
pub(super) struct CheckAnswer {
    /// Whose answers these are.
    origin: String,
    /// Size of the tree they were decided from.
    tree_size: u64,
    /// When this server last cosigned that tree: how fresh the answers are.
    checkpoint_time: Option<DateTime<Utc>>,
    /// Hash of the trust settings they were decided with.
    trust: String,
    /// In the order of the question.
    answers: Vec<AnswerView>,
    /// Who says what matched, in the order of their DIDs; absent when nothing matched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<IssuerAnswer>)]
    issuers: Vec<IssuerView>,
    /// What is needed to decide them again, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceView>,
}

/// The answer about one identifier.
#[derive(Serialize, ToSchema)]
struct AnswerView {
    /// As it was asked.
    asked: String,
    /// Its normal form; absent when the text is no identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    id: Option<Identifier>,
    /// For example `retracted` or `no-notice`; `unidentified` when the text is no identifier.
    #[schema(value_type = String)]
    verdict: Verdict,
    /// With `part-retracted`: `affected` or `cannot-tell`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    part: Option<Part>,
    /// Something that could change the answer could not be looked at.
    #[serde(skip_serializing_if = "is_false")]
    incomplete: bool,
    /// The digest lists that could not be looked at, when these are why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing_lists: Vec<MissingListView>,
    /// The derivation was too large to be walked to its end.
    #[serde(skip_serializing_if = "is_false")]
    truncated: bool,
    /// Voices of the same power contradict each other.
    #[serde(skip_serializing_if = "is_false")]
    conflict: bool,
    /// The notices that meet it, most severe first, at most 50.
    #[schema(value_type = Vec<MatchView>)]
    matches: Vec<Match>,
    /// How many more there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<usize>,
    /// Why the text is no identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<IdentifierFault>,
}

/// A digest list that a notice names and that is not here.
#[derive(Serialize, ToSchema)]
struct MissingListView {
    /// Its SHA-256, as the notice names it.
    list: String,
    /// `awaited`: it has not come yet. `removed`: by law or on request, and it never comes back; its document says on what ground.
    state: &'static str,
}

impl From<MissingList> for MissingListView {
    fn from(missing: MissingList) -> Self {
        Self { list: missing.list.to_string(), state: if missing.removed { "removed" } else { "awaited" } }
    }
}

/// Why a text is no identifier.
#[derive(Serialize, ToSchema)]
struct IdentifierFault {
    /// The stable name of the rule.
    rule: &'static str,
    /// What to write instead.
    message: String,
}

/// A notice that meets an identifier.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the verdict writes itself")]
struct MatchView {
    /// The notice.
    notice: String,
    /// Its index in this log.
    index: Option<u64>,
    /// Its type.
    r#type: String,
    /// Who says it.
    issuer: String,
    /// In which role.
    role: String,
    /// `owner`, `host`, `by-association` or `other`.
    authority: String,
    /// What the authority rests on: `domain-match` or `pinned`.
    basis: Option<String>,
    /// How firmly the identifier names what the notice means.
    strength: String,
    /// Whether what was asked is covered by the notice.
    coverage: String,
    /// What this notice alone says of the identifier.
    verdict: String,
    /// With `part-retracted`: `affected` or `cannot-tell`.
    part: Option<String>,
    /// Whether it counts as a report only.
    reported: Option<bool>,
    /// The identifier of the notice that was met.
    subject: String,
    /// The derivation from what was asked to what the notice names.
    path: Option<Vec<PathStepAnswer>>,
    /// Who disputes it.
    disputed_by: Option<Vec<DisputeAnswer>>,
    /// Attempts to lift it that have no force.
    void_edges: Option<Vec<VoidEdgeAnswer>>,
    /// When it takes effect, if that lies ahead.
    scheduled_for: Option<String>,
}

/// One step of a derivation: the derivative, and what it was derived from.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the verdict writes itself")]
struct PathStepAnswer {
    /// The notice that says so.
    notice: String,
    /// What it was derived from.
    parent: String,
    /// The derivative, as the notice names it.
    id: Option<String>,
    /// The title of the derivative.
    title: Option<String>,
    /// How it was derived.
    relation: String,
    /// Whether the verdict passes on: `yes`, `no` or `unknown`.
    inherits: String,
}

/// An objection to a notice.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the verdict writes itself")]
pub(super) struct DisputeAnswer {
    /// The notice that objects.
    notice: String,
    /// By what: `response` or `digest-list`.
    by: String,
    /// Whose it is.
    issuer: String,
    /// With what authority.
    authority: String,
    /// What the authority rests on.
    basis: Option<String>,
    /// Whether it turns the verdict into `disputed`; otherwise it is only listed.
    counts: bool,
}

/// An edge to a notice that has no power over it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the verdict writes itself")]
pub(super) struct VoidEdgeAnswer {
    /// The notice that carries the edge.
    notice: String,
    /// What it tried.
    relation: String,
    /// Whose it is.
    issuer: String,
    /// Why it is void: `foreign-issuer` or `no-power-to-lift`.
    reason: String,
}

/// How an issuer is shown.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
struct IssuerAnswer {
    /// Its identity.
    did: String,
    /// The name that its newest record gives.
    name: Option<String>,
    /// Whether the operator pinned it; an issuer that is not is self-asserted.
    pinned: bool,
    /// Who attested that its domain answers for it.
    verified: Option<Vec<AttestationAnswer>>,
    /// Whether the keys of its domain began anew.
    key_changed: bool,
    /// Why its name or domain should be looked at twice.
    marks: Option<Vec<MarkAnswer>>,
}

/// Why a name or a domain should be looked at twice. It is the server's remark; nothing that is signed says it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the answer, which the ledger writes itself")]
pub(super) struct MarkAnswer {
    /// `looks-like` another publisher's, or `mixes-scripts`.
    why: String,
    /// What is marked: `name` or `domain`.
    part: String,
    /// Whose it looks like.
    other: Option<String>,
    /// A sentence for people.
    text: String,
}

/// The entries that were looked at, each with its proof.
#[derive(Serialize, ToSchema)]
struct EvidenceView {
    /// The signed checkpoint of the tree.
    checkpoint: String,
    /// Notices and the records of their issuers.
    entries: Vec<ProvedEntryView>,
}

/// An entry with its proof.
#[derive(Serialize, ToSchema)]
struct ProvedEntryView {
    /// The canonical envelope, as the text that the log hashed.
    envelope: String,
    /// The contents of its `.tlog-proof` file.
    proof: String,
}

impl CheckAnswer {
    pub(super) fn new(answers: CheckAnswers, evidence: Option<Evidence>) -> Self {
        Self {
            origin: answers.origin,
            tree_size: answers.tree_size,
            checkpoint_time: answers.checkpoint_time,
            trust: answers.trust,
            answers: answers.answers.into_iter().map(AnswerView::from).collect(),
            issuers: answers.issuers,
            evidence: evidence.map(EvidenceView::from),
        }
    }

    /// Its JSON.
    pub(super) fn written(&self) -> Result<Written, Problem> {
        Written::json(self, AROUND + self.answers.len() * EACH)
    }
}

impl From<Asked> for AnswerView {
    fn from(Asked { asked, answer, missing_lists }: Asked) -> Self {
        let answer = match answer {
            Ok(answer) => answer,
            Err(fault) => return Self::refused(asked, &fault),
        };
        let mut matches = answer.matches;
        let more = matches.len().saturating_sub(MATCHES);
        matches.truncate(MATCHES);
        Self {
            asked,
            id: Some(answer.id),
            verdict: answer.verdict,
            part: answer.part,
            incomplete: answer.incomplete,
            missing_lists: missing_lists.into_iter().map(MissingListView::from).collect(),
            truncated: answer.truncated,
            conflict: answer.conflict,
            matches,
            more: (more > 0).then_some(more),
            error: None,
        }
    }
}

impl AnswerView {
    fn refused(asked: String, fault: &IdentifierError) -> Self {
        Self {
            asked,
            id: None,
            verdict: Verdict::Unidentified,
            part: None,
            incomplete: false,
            missing_lists: Vec::new(),
            truncated: false,
            conflict: false,
            matches: Vec::new(),
            more: None,
            error: Some(IdentifierFault { rule: fault.rule(), message: fault.to_string() }),
        }
    }
}

impl From<Evidence> for EvidenceView {
    fn from(evidence: Evidence) -> Self {
        // All are ASCII texts of our own making.
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let entries = evidence.entries.iter();
        Self {
            checkpoint: text(&evidence.checkpoint),
            entries: entries.map(|e| ProvedEntryView { envelope: text(&e.envelope), proof: text(&e.proof) }).collect(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

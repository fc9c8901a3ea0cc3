//! What the notices that name an identifier themselves contribute: coverage, authority, matrix, date and disputes put together.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    Answer, Authority, Contribution, Coverage, Dispute, Severity, Statement, Statements, Trust, Verdict, Voice,
    authority::authority,
    coverage::{Hit, hits, most_telling, of_subject, strength},
    dispute, edges,
    force::{Force, is_ahead},
    matrix,
};
use crate::notice::{DocumentHash, Identifier, NoticeId, SubjectRole, identifier::Meeting};

/// A set of statements, trust settings and an instant, from which any number of identifiers and notices can be judged; what is
/// worked out for one is kept for the next.
pub struct Judge<'s> {
    pub(super) set: &'s Statements,
    pub(super) trust: &'s Trust,
    pub(super) now: DateTime<Utc>,
    pub(super) force: Force<'s>,
}

/// What one notice in force says about an identifier.
#[derive(Debug)]
pub(super) struct Finding<'s> {
    pub(super) statement: &'s Statement,
    pub(super) hit: Hit,
    pub(super) authority: Authority,
    /// The cell of the matrix, before date and disputes.
    pub(super) cell: Contribution,
    pub(super) contribution: Contribution,
    pub(super) disputes: Vec<Dispute>,
}

#[derive(Debug, Default)]
pub(super) struct Direct<'s> {
    pub(super) findings: Vec<Finding<'s>>,
    /// Lists that nobody could look into.
    pub(super) unseen: BTreeSet<DocumentHash>,
}

impl<'s> Judge<'s> {
    /// Judges by this set and these settings, at this instant.
    pub fn new(set: &'s Statements, trust: &'s Trust, now: DateTime<Utc>) -> Self {
        Self { set, trust, now, force: Force::new(set, now) }
    }

    /// What it judges by.
    pub fn statements(&self) -> &'s Statements {
        self.set
    }

    /// Whether a notice of the set still counts, as [`status`](super::status()) tells with all that follows from it.
    pub fn is_in_force(&self, id: &NoticeId) -> bool {
        self.set.get(id).is_some_and(|statement| self.force.is_in_force(statement))
    }

    /// The most severe answer of several identifiers that one question may mean; `None` when there are none. What one of them
    /// leaves open is left open for the question.
    pub fn decide_any(&self, candidates: &[Identifier]) -> Option<Answer> {
        let mut best: Option<Answer> = None;
        for answer in candidates.iter().map(|id| self.decide(id)) {
            let worse = best.as_ref().is_none_or(|best| rank(&answer) > rank(best));
            let unseen: BTreeSet<DocumentHash> =
                best.iter().chain([&answer]).flat_map(|answer| &answer.unseen_lists).copied().collect();
            if worse {
                best = Some(answer);
            }
            if let Some(best) = &mut best {
                best.incomplete = !unseen.is_empty();
                best.unseen_lists = unseen;
            }
        }
        best
    }

    /// Every statement that may name `asked`, in force or not.
    pub(super) fn candidates(&self, asked: &Identifier) -> Vec<&'s Statement> {
        let mut candidates = self.set.naming(&asked.question_keys());
        for (algorithm, _) in asked.listed_forms() {
            candidates.extend(self.set.listing(algorithm));
        }
        candidates.sort_by_key(|statement| statement.id);
        candidates.dedup_by_key(|statement| statement.id);
        candidates
    }

    /// What the notices in force that name `asked` say about it.
    pub(super) fn direct(&self, asked: &Identifier) -> Direct<'s> {
        let mut direct = Direct::default();
        if asked.is_trivial() {
            return direct;
        }
        for statement in self.candidates(asked) {
            let voices = self.force.voices(statement);
            if voices.is_empty() || statement.speaks_of_notices_only() {
                continue;
            }
            let found = hits(asked, statement, self.set);
            direct.unseen.extend(found.unseen);
            direct.findings.extend(self.weigh(statement, &voices, most_telling(found.hits), asked));
        }
        direct
    }

    /// What `holder` says about one of its own subjects. Here a name is no guess: the notice itself ties it to the dataset.
    pub(super) fn own(&self, holder: &'s Statement, id: &Identifier) -> Option<Finding<'s>> {
        let subjects = holder.notice.subjects.iter().filter(|subject| subject.id == *id && carries_derivation(subject.role));
        let hit = |coverage| Hit { subject: id.clone(), coverage, strength: strength(id, Meeting::Same) };
        let hits = subjects.map(|subject| hit(of_subject(&holder.notice, subject, Meeting::Same))).collect();
        self.weigh(holder, &self.force.voices(holder), most_telling(hits), id)
    }

    fn weigh(&self, statement: &'s Statement, voices: &[&Voice], hits: Vec<Hit>, asked: &Identifier) -> Option<Finding<'s>> {
        let weighed = hits.into_iter().map(|hit| (authority(&statement.notice, voices, &hit.subject, self.trust), hit));
        let (authority, hit) = weighed.min_by(|(a, x), (b, y)| {
            (Reverse(a.class()), x.strength, &x.subject).cmp(&(Reverse(b.class()), y.strength, &y.subject))
        })?;
        let cell = matrix::contribution(&statement.notice, authority.is_other(), hit.coverage)?;
        let disputes = dispute::of_match(self, statement, authority, &hit.subject, asked);
        let mut contribution = cell;
        if !matches!(hit.coverage, Coverage::NotAffected | Coverage::Mention) {
            if is_ahead(&statement.notice, self.now) {
                contribution = Contribution { verdict: Verdict::Scheduled, part: None, ..cell };
            }
            if disputes.iter().any(|dispute| dispute.counts) {
                contribution = Contribution { verdict: Verdict::Disputed, part: None, ..cell };
            }
        }
        Some(Finding { statement, hit, authority, cell, contribution, disputes })
    }

    /// The edges to a notice that have no power over it.
    pub(super) fn void_edges(&self, target: &'s Statement) -> Vec<super::VoidEdge> {
        edges::void(self, target)
    }
}

/// The order in which the answers of several candidates compete: what was found first, by severity, then what could not be
/// looked up, then nothing.
fn rank(answer: &Answer) -> (Option<Severity>, bool) {
    (answer.verdict.severity(answer.part), answer.verdict == Verdict::Unchecked)
}

/// Whether a subject of this role is the dataset or a copy of it, so that derivation starts from it.
pub(super) fn carries_derivation(role: SubjectRole) -> bool {
    matches!(role, SubjectRole::Whole | SubjectRole::Version | SubjectRole::Mirror | SubjectRole::File)
}

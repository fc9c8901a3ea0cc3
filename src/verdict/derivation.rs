//! From what an identifier was derived, according to notices in force (domain, section 3, "Derivation").
//!
//! The graph is walked upwards from the asked identifier, breadth first and in one fixed order, so that a question always sees
//! the same nodes. What a path passes on hangs on its root: only contributions that speak against the data are passed on, a
//! root that is merely superseded or gone without fault passes nothing, and a root whose date is ahead passes `scheduled`.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Authority, Contribution, Coverage, Judge, PathStep, Statement, Statements, Strength, Verdict,
    authority::authority,
    coverage::{names_no_data, strength},
    force::{Force, is_ahead},
    judge::{Finding, carries_derivation},
    matrix::speaks_against,
};
use crate::notice::{Derivative, Identifier, Inherits, NoticeId, Scheme, identifier::Meeting};

/// The longest path, in steps.
pub const MAX_DEPTH: usize = 8;
/// The most nodes that one question looks at.
pub const MAX_NODES: usize = 1_000;

/// A dataset on the way up. One that has only a name (or a paper) is known to the notice that holds it and to no other, so the
/// way ends there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) id: Identifier,
    pub(super) holder: Option<NoticeId>,
}

/// How well a path holds, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Quality {
    /// The asked name is like the derivative's.
    ByName,
    /// Somebody else says so, or whether it inherits is unknown, or which version is meant.
    Loose,
    /// Owners or pinned lineages say that it inherits, all the way.
    Firm,
}

/// One step up.
struct Edge<'s> {
    step: PathStep,
    holder: &'s Statement,
    met: Strength,
    quality: Quality,
}

/// A node together with the best way to it.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) node: Node,
    pub(super) quality: Quality,
    pub(super) met: Strength,
    pub(super) path: Vec<PathStep>,
}

impl Edge<'_> {
    fn parent(&self) -> Node {
        let holder = names_no_data(&self.step.parent).then_some(self.holder.id);
        Node { id: self.step.parent.clone(), holder }
    }
}

/// The steps up from `node`, in the order of what they say. What they say is judged by quality later.
fn edges_up<'s>(node: &Node, set: &'s Statements, force: &Force<'s>) -> Vec<Edge<'s>> {
    let mut edges: BTreeMap<PathStep, Edge<'s>> = BTreeMap::new();
    if node.holder.is_some() || node.id.is_trivial() {
        return Vec::new();
    }
    for holder in set.deriving(&node.id.question_keys()) {
        if holder.speaks_of_notices_only() || !force.is_in_force(holder) {
            continue;
        }
        for derivative in holder.notice.derivatives.iter().filter(|derivative| derivative.inherits != Inherits::No) {
            let Some((met, quality)) = meeting(&node.id, derivative) else { continue };
            for subject in holder.notice.subjects.iter().filter(|s| carries_derivation(s.role) && !s.id.is_trivial()) {
                let step = PathStep {
                    notice: holder.id,
                    parent: subject.id.clone(),
                    id: derivative.id.clone(),
                    title: derivative.title.clone(),
                    relation: derivative.relation,
                    inherits: derivative.inherits,
                };
                edges.insert(step.clone(), Edge { step, holder, met, quality });
            }
        }
    }
    edges.into_values().collect()
}

/// How `id` meets a derivative: by its identifier, or, for a name, by its title.
fn meeting(id: &Identifier, derivative: &Derivative) -> Option<(Strength, Quality)> {
    if id.scheme() == Scheme::Name {
        let title = derivative.title.as_deref().and_then(|title| Identifier::of_name(title).ok());
        let named = [derivative.id.as_ref(), title.as_ref()].into_iter().flatten().any(|name| id.meets(name).is_some());
        return named.then_some((Strength::Alias, Quality::ByName));
    }
    let meeting = id.meets(derivative.id.as_ref()?)?;
    let certain = derivative.inherits == Inherits::Yes && meeting != Meeting::VersionedSubject;
    Some((strength(id, meeting), if certain { Quality::Firm } else { Quality::Loose }))
}

/// The nodes that one question looks at, found layer by layer; a store can be asked between two layers for what the next needs.
#[derive(Debug)]
pub(super) struct Reach {
    seen: BTreeSet<Node>,
    frontier: Vec<Node>,
    depth: usize,
    truncated: bool,
}

impl Reach {
    pub(super) fn new(asked: &Identifier) -> Self {
        let node = Node { id: asked.clone(), holder: None };
        Self { seen: BTreeSet::from([node.clone()]), frontier: vec![node], depth: 0, truncated: false }
    }

    /// The newest layer; empty when the walk is over.
    pub(super) fn frontier(&self) -> &[Node] {
        &self.frontier
    }

    /// Finds the next layer.
    pub(super) fn advance<'s>(&mut self, set: &'s Statements, force: &Force<'s>) {
        let mut next = Vec::new();
        for node in std::mem::take(&mut self.frontier) {
            for edge in edges_up(&node, set, force) {
                let parent = edge.parent();
                if self.seen.contains(&parent) {
                    continue;
                }
                if self.depth == MAX_DEPTH || self.seen.len() > MAX_NODES {
                    self.truncated = true;
                    break;
                }
                self.seen.insert(parent.clone());
                next.push(parent);
            }
        }
        self.frontier = next;
        self.depth += 1;
    }

    fn whole<'s>(asked: &Identifier, set: &'s Statements, force: &Force<'s>) -> Self {
        let mut reach = Self::new(asked);
        while !reach.frontier.is_empty() {
            reach.advance(set, force);
        }
        reach
    }
}

/// Every node above `asked` with the first way to it in each quality, shortest ways first, and whether the walk was cut short.
pub(super) fn walk(judge: &Judge<'_>, asked: &Identifier) -> (Vec<Visit>, bool) {
    let reach = Reach::whole(asked, judge.set, &judge.force);
    let start = Node { id: asked.clone(), holder: None };
    let mut best: BTreeMap<Node, Quality> = BTreeMap::from([(start.clone(), Quality::Firm)]);
    let mut layer = vec![Visit { node: start, quality: Quality::Firm, met: Strength::Alias, path: Vec::new() }];
    let mut visits = Vec::new();
    for _ in 0..MAX_DEPTH {
        let mut next = Vec::new();
        for visit in &layer {
            for edge in edges_up(&visit.node, judge.set, &judge.force) {
                let (parent, quality) = (edge.parent(), visit.quality.min(believed(judge, &edge)));
                let known = best.get(&parent).is_some_and(|known| *known >= quality);
                if known || !reach.seen.contains(&parent) {
                    continue;
                }
                best.insert(parent.clone(), quality);
                let met = if visit.path.is_empty() { edge.met } else { visit.met };
                let mut path = visit.path.clone();
                path.push(edge.step);
                next.push(Visit { node: parent, quality, met, path });
            }
        }
        visits.extend(next.iter().cloned());
        layer = next;
    }
    (visits, reach.truncated)
}

/// The quality of one step: firm only on the word of the parent's owner or of a pinned lineage.
fn believed<'s>(judge: &Judge<'s>, edge: &Edge<'s>) -> Quality {
    if edge.quality != Quality::Firm {
        return edge.quality;
    }
    let voices = judge.force.voices(edge.holder);
    let owned = matches!(authority(&edge.holder.notice, &voices, &edge.step.parent, judge.trust), Authority::Owner(_));
    let pinned = voices.iter().any(|voice| judge.trust.is_pinned(&voice.lineage));
    if owned || pinned { Quality::Firm } else { Quality::Loose }
}

/// What a finding about the root passes on along a path of this quality; `None` when it speaks against nothing.
pub(super) fn inherited(root: &Finding<'_>, quality: Quality, judge: &Judge<'_>) -> Option<Contribution> {
    let by_chance = matches!(root.hit.coverage, Coverage::NotAffected | Coverage::Mention);
    if by_chance || !speaks_against(root.cell) {
        return None;
    }
    let firm = quality == Quality::Firm && matches!(root.cell.verdict, Verdict::Retracted | Verdict::PartRetracted);
    let verdict = if quality == Quality::ByName {
        Verdict::Possible
    } else if is_ahead(&root.statement.notice, judge.now) {
        Verdict::Scheduled
    } else if firm && root.contribution.verdict != Verdict::Disputed {
        Verdict::DerivedFromRetracted
    } else {
        Verdict::Reported
    };
    let reported = verdict == Verdict::Reported || (verdict == Verdict::Scheduled && !firm);
    Some(Contribution { verdict, part: None, reported })
}

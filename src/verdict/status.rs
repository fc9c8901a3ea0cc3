//! What has become of one notice.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    Authority, Dispute, Judge, Statement, Statements, Trust, VoidEdge, VoidReason,
    authority::authority,
    dispute,
    edges::void_reason,
    force::{is_ahead, shares_power},
    set::relations,
};
use crate::notice::{NoticeId, PartialDate, PriorRelation, codes};

/// What has become of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The notice.
    pub notice: NoticeId,
    /// Whether it still counts. A notice that is scheduled is in force.
    pub in_force: bool,
    /// From when it holds, while that is still ahead.
    pub scheduled_for: Option<PartialDate>,
    /// The notices that lift it; in a lineage of its own each.
    pub lifted_by: Vec<Lift>,
    /// Notices in force that lift it do so in different ways.
    pub conflict: bool,
    /// Notices in force of the same issuer that add to it.
    pub amended_by: Vec<NoticeId>,
    /// Who objects. It counts when it does for at least one subject.
    pub disputed_by: Vec<Dispute>,
    /// Attempts to lift or amend it that have no power over it.
    pub void_edges: Vec<VoidEdge>,
    /// What has become of its own edges.
    pub prior: Vec<PriorState>,
}

/// A notice that lifts another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Lift {
    /// The notice that lifts.
    pub notice: NoticeId,
    /// By replacing, revoking or reinstating.
    pub relation: PriorRelation,
}

/// What has become of an edge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PriorState {
    /// The notice that it points at.
    pub notice: NoticeId,
    /// What it does to it.
    pub relation: PriorRelation,
    /// Whether it does.
    pub state: EdgeState,
}

/// Whether an edge is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeState {
    /// It is.
    Followed,
    /// The notice that it points at is not known here; it waits.
    UnknownTarget,
    /// Another lineage's notice can be disputed and not lifted.
    ForeignIssuer,
    /// Only compromised keys, or a branch after a fork, signed it.
    NoPowerToLift,
    /// The notice that carries it is not effective yet.
    NotYetEffective,
    /// The notice that carries it is itself lifted.
    Lifted,
}

codes!(EdgeState {
    Followed => "followed",
    UnknownTarget => "unknown-target",
    ForeignIssuer => "foreign-issuer",
    NoPowerToLift => "no-power-to-lift",
    NotYetEffective => "not-yet-effective",
    Lifted => "lifted",
});

/// What has become of the notice `id`; `None` when it is not in the set.
pub fn status(id: &NoticeId, set: &Statements, trust: &Trust, now: DateTime<Utc>) -> Option<Status> {
    Judge::new(set, trust, now).status(id)
}

impl<'s> Judge<'s> {
    /// What has become of the notice `id`; `None` when it is not in the set.
    pub fn status(&self, id: &NoticeId) -> Option<Status> {
        let statement = self.set.get(id)?;
        let liftings = self.force.liftings(statement).into_iter();
        let lifts: BTreeSet<Lift> = liftings.map(|l| Lift { notice: l.carrier.id, relation: l.relation }).collect();
        Some(Status {
            notice: *id,
            in_force: self.force.is_in_force(statement),
            scheduled_for: statement.notice.effective.filter(|_| is_ahead(&statement.notice, self.now)),
            lifted_by: lifts.into_iter().collect(),
            conflict: self.force.is_contested(statement),
            amended_by: self.amendments(statement),
            disputed_by: self.disputes(statement),
            void_edges: self.void_edges(statement),
            prior: self.prior(statement),
        })
    }

    fn amendments(&self, target: &'s Statement) -> Vec<NoticeId> {
        let carriers = self.set.pointing_at(&target.id).into_iter();
        let amending = carriers.filter(|carrier| {
            relations(&carrier.notice, &target.id).contains(&PriorRelation::Amends)
                && shares_power(carrier, target)
                && self.force.is_in_force(carrier)
        });
        amending.map(|carrier| carrier.id).collect()
    }

    /// Objections over all subjects: each objector once, with the subject over which it counts or speaks most strongly.
    fn disputes(&self, target: &'s Statement) -> Vec<Dispute> {
        let voices = self.force.voices(target);
        let mut best: Vec<Dispute> = Vec::new();
        for subject in &target.notice.subjects {
            let held: Authority = authority(&target.notice, &voices, &subject.id, self.trust);
            for dispute in dispute::by_edges(self, target, held, &subject.id) {
                let weight = |dispute: &Dispute| (dispute.counts, dispute.authority.class());
                match best.iter_mut().find(|known| known.notice == dispute.notice) {
                    Some(known) if weight(&dispute) > weight(known) => *known = dispute,
                    Some(_) => {}
                    None => best.push(dispute),
                }
            }
        }
        best.sort();
        best
    }

    fn prior(&self, carrier: &'s Statement) -> Vec<PriorState> {
        let states = carrier.notice.prior.iter().map(|prior| PriorState {
            notice: prior.notice,
            relation: prior.relation,
            state: self.edge_state(carrier, prior.relation, self.set.get(&prior.notice)),
        });
        states.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn edge_state(&self, carrier: &'s Statement, relation: PriorRelation, target: Option<&'s Statement>) -> EdgeState {
        let Some(target) = target else { return EdgeState::UnknownTarget };
        let void = if relation == PriorRelation::Disputes {
            let followed = carrier.voices.iter().any(|voice| voice.may_lift);
            (!followed).then_some(VoidReason::NoPowerToLift)
        } else {
            void_reason(carrier, target)
        };
        match void {
            Some(VoidReason::ForeignIssuer) => EdgeState::ForeignIssuer,
            Some(VoidReason::NoPowerToLift) => EdgeState::NoPowerToLift,
            None if !self.force.is_in_force(carrier) => EdgeState::Lifted,
            None if is_ahead(&carrier.notice, self.now) => EdgeState::NotYetEffective,
            None => EdgeState::Followed,
        }
    }
}

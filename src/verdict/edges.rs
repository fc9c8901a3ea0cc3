//! Edges that are void and shown as such.

use std::collections::BTreeSet;

use super::{Judge, Statement, VoidEdge, VoidReason, force::shares_power, set::relations};
use crate::notice::PriorRelation;

/// Why the edges of `carrier` that lift or amend have no power over `target`; `None` when they have.
pub(super) fn void_reason(carrier: &Statement, target: &Statement) -> Option<VoidReason> {
    if shares_power(carrier, target) {
        return None;
    }
    let related = carrier.voices.iter().any(|voice| target.voices.iter().any(|other| other.lineage == voice.lineage));
    Some(if related { VoidReason::NoPowerToLift } else { VoidReason::ForeignIssuer })
}

/// The void edges of notices in force to `target`: everything but a dispute needs the same lineage.
pub(super) fn void<'s>(judge: &Judge<'s>, target: &'s Statement) -> Vec<VoidEdge> {
    let mut found = BTreeSet::new();
    for carrier in judge.set.pointing_at(&target.id) {
        let Some(reason) = void_reason(carrier, target).filter(|_| judge.force.is_in_force(carrier)) else { continue };
        for relation in relations(&carrier.notice, &target.id) {
            if relation != PriorRelation::Disputes {
                let issuer = carrier.notice.issuer.id.clone();
                found.insert(VoidEdge { notice: carrier.id, relation, issuer, reason });
            }
        }
    }
    found.into_iter().collect()
}

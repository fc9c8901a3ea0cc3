//! Which notices are in force: the fold over `prior` edges (domain, section 3, "In force").
//!
//! The fold works on *utterances*, that is one notice in one lineage. Within a lineage, an utterance is in force unless another
//! utterance in force lifts it; a notice is in force while any of its utterances is. So a second lineage that lists
//! somebody else's public key among its own can neither lift what the other one said nor keep its word from being lifted there.
//!
//! Notice ids are hashes, so edges cannot form a loop. Were there one all the same, whatever is left undecided by the
//! notices outside the loop stays in force: nothing is lifted by a notice that may itself be lifted.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
};

use chrono::{DateTime, Utc};

use super::{Statement, Statements, Voice, set::relations};
use crate::{
    envelope::LineageId,
    notice::{Notice, NoticeId, PriorRelation},
};

/// The fold at one instant, remembering what it worked out.
pub(super) struct Force<'s> {
    set: &'s Statements,
    now: DateTime<Utc>,
    known: RefCell<HashMap<(NoticeId, &'s LineageId), bool>>,
}

/// An edge that has lifted a notice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lifting<'s> {
    pub(super) carrier: &'s Statement,
    pub(super) relation: PriorRelation,
    pub(super) lineage: &'s LineageId,
}

fn is_lifting(relation: PriorRelation) -> bool {
    matches!(relation, PriorRelation::Replaces | PriorRelation::Revokes | PriorRelation::Reinstates)
}

/// Whether what the notice says begins later than `now`.
pub(super) fn is_ahead(notice: &Notice, now: DateTime<Utc>) -> bool {
    notice.effective.is_some_and(|effective| effective.first_instant() > now)
}

/// Whether `carrier` has the power to lift or amend `target` in some lineage, lifted itself or not.
pub(super) fn shares_power(carrier: &Statement, target: &Statement) -> bool {
    target.voices.iter().any(|voice| may_lift_in(carrier, &voice.lineage))
}

fn may_lift_in(carrier: &Statement, lineage: &LineageId) -> bool {
    carrier.voices.iter().any(|voice| voice.may_lift && voice.lineage == *lineage)
}

impl<'s> Force<'s> {
    pub(super) fn new(set: &'s Statements, now: DateTime<Utc>) -> Self {
        Self { set, now, known: RefCell::default() }
    }

    /// The voices in which the notice is in force.
    pub(super) fn voices(&self, statement: &'s Statement) -> Vec<&'s Voice> {
        statement.voices.iter().filter(|voice| self.holds(statement, &voice.lineage)).collect()
    }

    /// Whether the notice is in force.
    pub(super) fn is_in_force(&self, statement: &'s Statement) -> bool {
        statement.voices.iter().any(|voice| self.holds(statement, &voice.lineage))
    }

    /// Every edge in force that lifts the notice in one of its lineages.
    pub(super) fn liftings(&self, target: &'s Statement) -> Vec<Lifting<'s>> {
        let mut found = Vec::new();
        if !self.set.is_pointed_at(&target.id) {
            return found;
        }
        for voice in &target.voices {
            for carrier in self.lifters(&target.id, &voice.lineage) {
                if self.holds(carrier, &voice.lineage) {
                    let relations = relations(&carrier.notice, &target.id).into_iter().filter(|relation| is_lifting(*relation));
                    found.extend(relations.map(|relation| Lifting { carrier, relation, lineage: &voice.lineage }));
                }
            }
        }
        found
    }

    /// Whether notices in force lift this one differently: in two relations, or by two successors.
    pub(super) fn is_contested(&self, target: &'s Statement) -> bool {
        let mut ways: BTreeMap<&LineageId, (BTreeSet<NoticeId>, BTreeSet<PriorRelation>)> = BTreeMap::new();
        for lifting in self.liftings(target) {
            let (carriers, relations) = ways.entry(lifting.lineage).or_default();
            carriers.insert(lifting.carrier.id);
            relations.insert(lifting.relation);
        }
        ways.values().any(|(carriers, relations)| {
            carriers.len() > 1 && (relations.len() > 1 || relations.contains(&PriorRelation::Replaces))
        })
    }

    fn holds(&self, statement: &'s Statement, lineage: &'s LineageId) -> bool {
        if !self.set.is_pointed_at(&statement.id) {
            return true; // there is nothing to lift it, as with most
        }
        if let Some(known) = self.known.borrow().get(&(statement.id, lineage)) {
            return *known;
        }
        self.settle(statement, lineage);
        self.known.borrow().get(&(statement.id, lineage)).copied().unwrap_or(true)
    }

    /// Notices whose edges, were they in force, would lift `target` in this lineage. One that is not yet effective does nothing
    /// yet.
    fn lifters(&self, target: &NoticeId, lineage: &LineageId) -> Vec<&'s Statement> {
        let carriers = self.set.pointing_at(target).into_iter();
        carriers
            .filter(|carrier| !is_ahead(&carrier.notice, self.now) && may_lift_in(carrier, lineage))
            .filter(|carrier| relations(&carrier.notice, target).into_iter().any(is_lifting))
            .collect()
    }

    /// Decides everything that the fate of `statement` in this lineage hangs on, from the unlifted end, without recursion: a
    /// chain of replacements may be long.
    fn settle(&self, statement: &'s Statement, lineage: &'s LineageId) {
        // 1. Collect the notices that lift it, those that lift them, and so on.
        let mut lifted_by: BTreeMap<NoticeId, Vec<NoticeId>> = BTreeMap::new();
        let mut lifts: BTreeMap<NoticeId, Vec<NoticeId>> = BTreeMap::new();
        let mut open = vec![statement.id];
        while let Some(id) = open.pop() {
            if lifted_by.contains_key(&id) {
                continue;
            }
            let lifters: Vec<NoticeId> = self.lifters(&id, lineage).into_iter().map(|lifter| lifter.id).collect();
            for lifter in &lifters {
                lifts.entry(*lifter).or_default().push(id);
            }
            open.extend(&lifters);
            lifted_by.insert(id, lifters);
        }
        // 2. What nobody lifts is in force; what something in force lifts is not; what only lifted notices lift is in force.
        let mut waiting: BTreeMap<NoticeId, usize> = lifted_by.iter().map(|(id, lifters)| (*id, lifters.len())).collect();
        let mut decided: BTreeMap<NoticeId, bool> = BTreeMap::new();
        let mut queue: VecDeque<(NoticeId, bool)> =
            waiting.iter().filter(|(_, lifters)| **lifters == 0).map(|(id, _)| (*id, true)).collect();
        while let Some((id, holds)) = queue.pop_front() {
            if decided.contains_key(&id) {
                continue;
            }
            decided.insert(id, holds);
            for target in lifts.get(&id).into_iter().flatten() {
                if holds {
                    queue.push_back((*target, false));
                } else if let Some(left) = waiting.get_mut(target) {
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        queue.push_back((*target, true));
                    }
                }
            }
        }
        // 3. What a loop leaves undecided stays in force.
        let mut known = self.known.borrow_mut();
        for id in lifted_by.keys() {
            known.insert((*id, lineage), decided.get(id).copied().unwrap_or(true));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::sample::{at, lineage, named, pointing, retraction, said_by, statement};

    fn in_force(statements: &[Statement]) -> Vec<bool> {
        let set: Statements = statements.iter().cloned().collect();
        let force = Force::new(&set, at("2026-11-23"));
        statements.iter().map(|s| force.is_in_force(set.get(&s.id).unwrap())).collect()
    }

    fn base() -> Statement {
        said_by(retraction(&["doi:10.1234/a"]), "a.example")
    }

    fn edge(name: &str, host: &str, relation: PriorRelation, target: &Statement) -> Statement {
        let mut notice = retraction(&["doi:10.1234/a"]);
        notice.dataset.title = name.to_owned();
        said_by(pointing(notice, relation, target.id), host)
    }

    #[test]
    fn a_notice_that_nobody_lifts_is_in_force() {
        assert_eq!(in_force(&[base()]), [true]);
    }

    #[test]
    fn replaces_revokes_and_reinstates_lift_and_amends_and_disputes_do_not() {
        for (relation, stays) in [
            (PriorRelation::Replaces, false),
            (PriorRelation::Revokes, false),
            (PriorRelation::Reinstates, false),
            (PriorRelation::Amends, true),
            (PriorRelation::Disputes, true),
        ] {
            assert_eq!(in_force(&[base(), edge("next", "a.example", relation, &base())]), [stays, true], "{relation}");
        }
    }

    #[test]
    fn lifting_the_lifter_brings_the_first_notice_back() {
        let second = edge("second", "a.example", PriorRelation::Replaces, &base());
        let third = edge("third", "a.example", PriorRelation::Revokes, &second);
        assert_eq!(in_force(&[base(), second, third]), [true, false, true]);
    }

    #[test]
    fn a_foreign_issuer_lifts_nothing() {
        assert_eq!(in_force(&[base(), edge("foreign", "b.example", PriorRelation::Revokes, &base())]), [true, true]);
    }

    #[test]
    fn what_only_compromised_keys_signed_lifts_nothing_until_a_good_key_signs_it_too() {
        let mut thief = edge("thief", "a.example", PriorRelation::Revokes, &base());
        thief.voices[0].may_lift = false;
        assert_eq!(in_force(&[base(), thief.clone()]), [true, true]);
        let mut set: Statements = [base(), thief.clone()].into_iter().collect();
        thief.voices[0].may_lift = true;
        set.insert(thief);
        assert!(!Force::new(&set, at("2026-11-23")).is_in_force(set.get(&base().id).unwrap()));
    }

    #[test]
    fn a_second_lineage_of_the_same_domain_cannot_lift_what_both_are_taken_to_have_said() {
        let mut both = base();
        let second = LineageId { record0: Some(NoticeId::of(b"second record")), ..lineage("a.example") };
        both.voices.push(Voice { lineage: second.clone(), may_lift: true });
        let mut buyer = edge("buyer", "a.example", PriorRelation::Revokes, &base());
        buyer.voices = vec![Voice { lineage: second, may_lift: true }];
        assert_eq!(in_force(&[both.clone(), buyer.clone()]), [true, true]);
        let owner = edge("owner", "a.example", PriorRelation::Revokes, &base());
        assert_eq!(in_force(&[both, buyer, owner]), [false, true, true]);
    }

    #[test]
    fn an_unknown_target_waits_and_is_lifted_when_it_comes() {
        let target = base();
        let lifter = edge("next", "a.example", PriorRelation::Replaces, &target);
        assert_eq!(in_force(std::slice::from_ref(&lifter)), [true]);
        assert_eq!(in_force(&[lifter, target]), [true, false]);
    }

    #[test]
    fn an_edge_takes_hold_when_its_notice_does() {
        let mut notice = pointing(retraction(&["doi:10.1234/a"]), PriorRelation::Reinstates, base().id);
        notice.effective = crate::notice::PartialDate::parse("2026-12");
        let later = said_by(notice, "a.example");
        let set: Statements = [base(), later].into_iter().collect();
        let target = set.get(&base().id).unwrap();
        assert!(Force::new(&set, at("2026-11-30")).is_in_force(target));
        assert!(!Force::new(&set, at("2026-12-01")).is_in_force(target));
    }

    #[test]
    fn a_loop_of_edges_ends_and_lifts_nothing_by_itself() {
        let looped = |name: &str, target: &str| {
            let notice = pointing(retraction(&["doi:10.1234/a"]), PriorRelation::Revokes, named(target));
            statement(named(name), notice, &[("a.example", true)])
        };
        assert_eq!(in_force(&[looped("a", "b"), looped("b", "a"), looped("self", "self")]), [true, true, true]);
        let outside = statement(
            named("outside"),
            pointing(retraction(&["doi:10.1234/a"]), PriorRelation::Revokes, named("a")),
            &[("a.example", true)],
        );
        assert_eq!(in_force(&[looped("a", "b"), looped("b", "a"), outside]), [false, true, true]);
    }

    #[test]
    fn a_replacement_of_a_replacement_must_name_both_or_the_first_notice_returns() {
        let second = edge("second", "a.example", PriorRelation::Replaces, &base());
        let third = edge("third", "a.example", PriorRelation::Replaces, &second);
        assert_eq!(in_force(&[base(), second.clone(), third]), [true, false, true]);
        let mut both = retraction(&["doi:10.1234/a"]);
        for target in [second.id, base().id] {
            both = pointing(both, PriorRelation::Replaces, target);
        }
        assert_eq!(in_force(&[base(), second, said_by(both, "a.example")]), [false, false, true]);
    }

    #[test]
    fn a_chain_of_ten_thousand_replacements_is_folded() {
        let mut chain = vec![base()];
        for n in 0..10_000 {
            let next = edge(&format!("replacement {n}"), "a.example", PriorRelation::Replaces, chain.last().unwrap());
            chain.push(next);
        }
        let expected: Vec<bool> = (0..=10_000).map(|n| n % 2 == 0).collect();
        assert_eq!(in_force(&chain), expected);
    }

    #[test]
    fn two_ways_of_lifting_one_notice_are_a_conflict_and_two_revocations_are_not() {
        let contested = |others: &[Statement]| {
            let set: Statements = others.iter().cloned().chain([base()]).collect();
            Force::new(&set, at("2026-11-23")).is_contested(set.get(&base().id).unwrap())
        };
        let revoked = edge("one", "a.example", PriorRelation::Revokes, &base());
        let again = edge("two", "a.example", PriorRelation::Revokes, &base());
        let replaced = edge("three", "a.example", PriorRelation::Replaces, &base());
        let otherwise = edge("four", "a.example", PriorRelation::Replaces, &base());
        assert!(!contested(&[revoked.clone(), again]));
        assert!(contested(&[revoked, replaced.clone()]));
        assert!(contested(&[replaced.clone(), otherwise.clone()]));
        let settled = edge("five", "a.example", PriorRelation::Revokes, &otherwise);
        assert!(!contested(&[replaced, otherwise, settled]));
    }
}

//! The verdict about one identifier: a pure function of the set of statements, the trust settings and the time.

use std::collections::{BTreeMap, btree_map::Entry};

use chrono::{DateTime, Utc};

use super::{
    Answer, Contribution, Judge, Match, PathStep, Statements, Strength, Trust, Verdict,
    coverage::hits,
    derivation::{inherited, walk},
    force::is_ahead,
    judge::Finding,
};
use crate::notice::{Identifier, NoticeId};

/// What is known about `asked`.
pub fn decide(asked: &Identifier, set: &Statements, trust: &Trust, now: DateTime<Utc>) -> Answer {
    Judge::new(set, trust, now).decide(asked)
}

impl<'s> Judge<'s> {
    /// What is known about `asked`.
    pub fn decide(&self, asked: &Identifier) -> Answer {
        if asked.is_trivial() {
            return Answer::without_match(asked.clone(), Verdict::NoNotice);
        }
        // 1. Notices that name it themselves.
        let direct = self.direct(asked);
        let mut unseen = direct.unseen;
        let mut matches: BTreeMap<NoticeId, Match> = BTreeMap::new();
        for finding in direct.findings {
            let (contribution, strength) = (finding.contribution, finding.hit.strength);
            matches.insert(finding.statement.id, self.matched(finding, contribution, strength, None));
        }
        let conflict = self.is_contested(asked, &matches);
        // 2. Notices about what it was derived from. The more severe of two ways counts, the first of two equal ones is shown.
        let (visits, truncated) = walk(self, asked);
        for visit in visits {
            let above = match visit.node.holder {
                None => self.direct(&visit.node.id),
                Some(holder) => {
                    let holder = self.set.get(&holder).and_then(|holder| self.own(holder, &visit.node.id));
                    super::judge::Direct { findings: holder.into_iter().collect(), ..super::judge::Direct::default() }
                }
            };
            unseen.extend(above.unseen);
            for root in above.findings {
                if let Some(contribution) = inherited(&root, visit.quality, self) {
                    let found = self.matched(root, contribution, visit.met, Some(visit.path.clone()));
                    keep_worse(&mut matches, found);
                }
            }
        }
        // 3. The order.
        let mut matches: Vec<Match> = matches.into_values().collect();
        matches.sort_by(|a, b| b.contribution.severity().cmp(&a.contribution.severity()).then(a.notice.cmp(&b.notice)));
        let incomplete = !unseen.is_empty();
        let unmatched = if incomplete { Verdict::Unchecked } else { Verdict::NoNotice };
        let worst = matches.first().map_or(Contribution::new(unmatched), |worst| worst.contribution);
        Answer {
            id: asked.clone(),
            verdict: worst.verdict,
            part: worst.part,
            incomplete,
            unseen_lists: unseen,
            truncated,
            conflict,
            matches,
        }
    }

    fn matched(
        &self,
        finding: Finding<'s>,
        contribution: Contribution,
        strength: Strength,
        path: Option<Vec<PathStep>>,
    ) -> Match {
        let notice = &finding.statement.notice;
        Match {
            notice: finding.statement.id,
            index: finding.statement.first_index,
            kind: notice.kind,
            issuer: notice.issuer.id.clone(),
            role: notice.issuer.role,
            authority: finding.authority,
            strength,
            coverage: finding.hit.coverage,
            contribution,
            subject: finding.hit.subject,
            path,
            disputed_by: finding.disputes,
            void_edges: self.void_edges(finding.statement),
            scheduled_for: notice.effective.filter(|_| is_ahead(notice, self.now)),
        }
    }

    /// Whether a notice that names `asked`, or that a match lifts, is lifted in two ways.
    fn is_contested(&self, asked: &Identifier, matches: &BTreeMap<NoticeId, Match>) -> bool {
        let contested = self.candidates(asked).into_iter().filter(|candidate| self.force.is_contested(candidate));
        let mut named = contested.filter(|candidate| !hits(asked, candidate, self.set).hits.is_empty());
        let matching = matches.keys().filter_map(|id| self.set.get(id));
        let lifted = matching.flat_map(|lifter| &lifter.notice.prior).filter_map(|prior| self.set.get(&prior.notice));
        let mut lifted =
            lifted.filter(|target| self.force.liftings(target).iter().any(|by| matches.contains_key(&by.carrier.id)));
        named.next().is_some() || lifted.any(|target| self.force.is_contested(target))
    }
}

fn keep_worse(matches: &mut BTreeMap<NoticeId, Match>, found: Match) {
    match matches.entry(found.notice) {
        Entry::Vacant(entry) => {
            entry.insert(found);
        }
        Entry::Occupied(mut entry) if found.contribution.severity() > entry.get().contribution.severity() => {
            entry.insert(found);
        }
        Entry::Occupied(_) => {}
    }
}

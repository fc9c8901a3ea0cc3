//! Who objects to a notice, and whether it counts (domain, section 3).
//!
//! An objection counts only from a voice whose edges are followed, in a notice that is in force and effective: a thief can no
//! more dispute a retraction away than lift it. It turns everything into `disputed` but `not-affected` and `possible`, which
//! claim nothing that could be disputed. The class that is compared is the objector's over the subject that matched, whether
//! or not the response repeats that subject, since edges act on whole notices.

use super::{
    Authority, Dispute, DisputedBy, Judge, Statement, Voice, authority::authority, coverage::is_strong_digest, force::is_ahead,
    set::relations,
};
use crate::notice::{DigestListRole, Identifier, NoticeType, PriorRelation};

/// Everything that objects to what `target` says with `held` authority over `subject`, met by the question `asked`.
pub(super) fn of_match<'s>(
    judge: &Judge<'s>,
    target: &'s Statement,
    held: Authority,
    subject: &Identifier,
    asked: &Identifier,
) -> Vec<Dispute> {
    let mut disputes = by_edges(judge, target, held, subject);
    disputes.extend(by_lists(judge, target, asked));
    disputes.sort();
    disputes
}

/// Objections by edge, weighed over one subject of the target.
pub(super) fn by_edges<'s>(judge: &Judge<'s>, target: &'s Statement, held: Authority, subject: &Identifier) -> Vec<Dispute> {
    let carriers = judge.set.pointing_at(&target.id).into_iter();
    let objecting = carriers.filter(|carrier| relations(&carrier.notice, &target.id).contains(&PriorRelation::Disputes));
    objecting.filter_map(|carrier| weighed(judge, carrier, held, subject)).collect()
}

fn weighed<'s>(judge: &Judge<'s>, carrier: &'s Statement, held: Authority, subject: &Identifier) -> Option<Dispute> {
    let voices = judge.force.voices(carrier);
    if voices.is_empty() {
        return None;
    }
    let followed: Vec<&Voice> = voices.iter().copied().filter(|voice| voice.may_lift).collect();
    let is_followed = !followed.is_empty() && !is_ahead(&carrier.notice, judge.now);
    let shown = if followed.is_empty() { &voices } else { &followed };
    let authority = authority(&carrier.notice, shown, subject, judge.trust);
    let strong_enough = !authority.is_other() && authority.class() >= held.class();
    let counts = is_followed && carrier.notice.kind == NoticeType::Response && strong_enough;
    Some(Dispute { notice: carrier.id, by: DisputedBy::Response, issuer: carrier.notice.issuer.id.clone(), counts, authority })
}

/// Lists of unaffected digests that hold the asked one, of a pinned lineage that is none of the target's.
fn by_lists<'s>(judge: &Judge<'s>, target: &'s Statement, asked: &Identifier) -> Vec<Dispute> {
    if !is_strong_digest(asked) {
        return Vec::new();
    }
    let speakers = judge.force.voices(target);
    let is_another = |voice: &Voice| {
        voice.may_lift
            && judge.trust.is_pinned(&voice.lineage)
            && !speakers.iter().any(|speaker| speaker.lineage == voice.lineage)
    };
    let mut disputes = Vec::new();
    let forms = asked.listed_forms().flat_map(|(algorithm, form)| {
        judge.set.listing(algorithm).into_iter().map(move |statement| (statement, algorithm, form.clone()))
    });
    for (statement, algorithm, form) in forms {
        let mut lists = statement.notice.digest_lists.iter().filter(|list| list.algorithm == algorithm);
        let holds = lists.any(|l| l.role == DigestListRole::Unaffected && judge.set.list_holds(l, &form) == Some(true));
        let known = disputes.iter().any(|dispute: &Dispute| dispute.notice == statement.id);
        if !holds || known || is_ahead(&statement.notice, judge.now) {
            continue;
        }
        let others: Vec<&Voice> = judge.force.voices(statement).into_iter().filter(|voice| is_another(voice)).collect();
        if !others.is_empty() {
            disputes.push(Dispute {
                notice: statement.id,
                by: DisputedBy::DigestList,
                issuer: statement.notice.issuer.id.clone(),
                counts: true,
                authority: authority(&statement.notice, &others, asked, judge.trust),
            });
        }
    }
    disputes
}

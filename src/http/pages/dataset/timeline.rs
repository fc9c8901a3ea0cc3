//! What happened to a dataset, in the order in which it is said to have happened.

use super::Met;
use crate::http::language::{Sentence, Speech};
use crate::http::pages::words;
use crate::verdict::Dispute;

/// One notice in the history of a dataset.
pub(super) struct Event {
    /// The date it is put at: when it takes effect, else when it was issued. Both are the issuer's claim.
    pub(super) date: String,
    /// Which of the two dates it is.
    pub(super) what_date: Sentence,
    pub(super) notice: String,
    pub(super) kind: Sentence,
    pub(super) title: String,
    pub(super) by: String,
    pub(super) did: String,
    pub(super) authority: Sentence,
    pub(super) attested: Option<String>,
    pub(super) remarks: Vec<Sentence>,
    pub(super) reasons: String,
    /// What it says of what was asked.
    pub(super) verdict: Sentence,
    /// How surely what was asked is what it means.
    pub(super) strength: Sentence,
    pub(super) subject: String,
    /// What was asked was made from it, over these.
    pub(super) path: Vec<String>,
    pub(super) in_force: bool,
    pub(super) disputes: Vec<Disputed>,
    pub(super) scheduled: Option<String>,
}

/// Somebody objects to a notice.
pub(super) struct Disputed {
    /// Whether that counts here.
    pub(super) relation: Sentence,
    pub(super) by: String,
    /// The notice that says so.
    pub(super) notice: String,
}

/// The history, the newest first.
pub(super) fn of(t: Speech, met: &[Met<'_>]) -> Vec<Event> {
    let mut events: Vec<Event> = met.iter().map(|met| event(t, met)).collect();
    events.sort_by(|a, b| (&b.date, &a.notice).cmp(&(&a.date, &b.notice)));
    events
}

fn event(t: Speech, Met { found, said, issuer }: &Met<'_>) -> Event {
    let notice = &said.notice;
    let (date, what_date) = match &notice.effective {
        Some(effective) => (effective.to_string(), "date-effective"),
        None => (notice.issued.to_string(), "date-issued"),
    };
    Event {
        date,
        what_date: t.say(what_date),
        notice: found.notice.to_string(),
        kind: t.code("type", found.kind.as_str()),
        title: notice.dataset.title.clone(),
        by: words::issuer(issuer),
        did: found.issuer.to_string(),
        authority: words::authority(t, found.authority),
        attested: words::attested(t, &said.attested),
        remarks: words::remarks(t, issuer),
        reasons: words::list(t, "reason", notice.reasons.iter().map(|reason| reason.as_str())),
        verdict: t.code("verdict", found.contribution.verdict.as_str()),
        strength: t.code("strength", found.strength.as_str()),
        subject: found.subject.to_string(),
        path: found.path.iter().flatten().map(|step| step.parent.to_string()).collect(),
        in_force: said.in_force,
        disputes: found.disputed_by.iter().map(|dispute| disputed(t, dispute)).collect(),
        scheduled: found.scheduled_for.map(|date| date.to_string()),
    }
}

fn disputed(t: Speech, dispute: &Dispute) -> Disputed {
    let relation = if dispute.counts { "relation-to-disputed" } else { "relation-to-disputed-without-weight" };
    Disputed { relation: t.say(relation), by: dispute.issuer.to_string(), notice: dispute.notice.to_string() }
}

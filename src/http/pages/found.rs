//! Notices in a list: one line each.

use super::words;
use crate::http::language::{Sentence, Speech};
use crate::ledger::notices::NoticeView;

/// A notice among others.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) kind: Sentence,
    pub(super) by: String,
    pub(super) did: String,
    /// Something is to be said about who says so, and its page says it.
    pub(super) look_twice: bool,
    pub(super) in_force: bool,
    pub(super) reasons: String,
    pub(super) seen: String,
    /// The day of it.
    pub(super) day: String,
}

impl Line {
    /// The line of a notice.
    pub(super) fn of(t: Speech, view: NoticeView) -> Self {
        let notice = view.notice;
        Self {
            id: view.id.to_string(),
            look_twice: !words::remarks(t, &view.issuer).is_empty(),
            in_force: view.status.in_force,
            by: words::issuer(&view.issuer),
            did: notice.issuer.id.to_string(),
            kind: t.code("type", notice.kind.as_str()),
            reasons: words::list(t, "reason", notice.reasons.iter().map(|reason| reason.as_str())),
            title: notice.dataset.title,
            seen: words::time(view.first_seen),
            day: view.first_seen.date_naive().to_string(),
        }
    }
}

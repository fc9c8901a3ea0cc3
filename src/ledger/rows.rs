//! What the index learns from a notice: a pure function of the signed payload, so that everything but the log can be derived
//! again from the entries.

use super::stored::{DocumentKind, NoticeRows};
use crate::notice::{DocumentHash, Notice, index};

/// The index rows of a notice.
pub(super) fn of_notice(notice: &Notice) -> NoticeRows {
    NoticeRows {
        kind: notice.kind,
        role: notice.issuer.role,
        issued: notice.issued,
        reasons: notice.reasons.clone(),
        facts: index::facts(notice),
        priors: notice.prior.iter().map(|prior| prior.notice).collect(),
        lists: notice.digest_lists.iter().map(|list| (list.sha256, list.algorithm, list.role)).collect(),
        documents: documents(notice),
        names: names(notice),
    }
}

/// The documents that a notice names, and what each must be.
pub(super) fn documents(notice: &Notice) -> Vec<(DocumentHash, DocumentKind)> {
    let mut documents: Vec<_> = notice.texts.iter().map(|texts| (*texts, DocumentKind::Texts)).collect();
    for list in &notice.digest_lists {
        documents.push((list.sha256, DocumentKind::DigestList { algorithm: list.algorithm, count: list.count }));
    }
    documents
}

/// Title, aliases and publisher's name, a line each: what full-text search finds before the texts are here.
fn names(notice: &Notice) -> String {
    let dataset = &notice.dataset;
    let mut lines = vec![dataset.title.as_str()];
    lines.extend(dataset.aliases.iter().map(String::as_str));
    lines.push(&dataset.publisher_name);
    lines.join("\n")
}

//! Crossref: the `updates` element of a deposit (Crossref schema 5.3, `crossmark`). Its words are those of its list of update types.

use super::{ExportError, Exported, Target};
use crate::notice::{NoticeType, PartialDate};

fn word(kind: NoticeType) -> Option<&'static str> {
    Some(match kind {
        NoticeType::Retraction => "retraction",
        NoticeType::PartialRetraction => "partial_retraction",
        NoticeType::Removal => "removal",
        NoticeType::ExpressionOfConcern => "expression_of_concern",
        NoticeType::Correction => "correction",
        NoticeType::Supersession => "new_version",
        NoticeType::Deprecation => "withdrawal",
        NoticeType::AccessChange | NoticeType::Reinstatement | NoticeType::Revocation | NoticeType::Response => return None,
    })
}

/// One `update` for each DOI of the dataset. The day is the first one that the notice holds: Crossref wants a full date.
pub(super) fn updates(exported: Exported<'_>) -> Result<String, ExportError> {
    let (target, kind) = (Target::Crossref, exported.notice.kind);
    let word = word(kind).ok_or(ExportError::NoWord { target, kind: kind.as_str() })?;
    let day =
        exported.notice.effective.map_or_else(|| exported.notice.issued.time(), PartialDate::first_instant).format("%Y-%m-%d");
    let update = |doi: &str| format!("  <update type=\"{word}\" date=\"{day}\">{}</update>\n", escaped(doi));
    let updates: String = exported.dois(target)?.into_iter().map(update).collect();
    Ok(format!("<updates>\n{updates}</updates>\n"))
}

/// DOIs may hold the characters that XML keeps for itself.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

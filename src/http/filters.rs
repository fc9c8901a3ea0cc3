//! What narrows a list of notices: the same query parameters for the list, and for the feeds.

use crate::http::problem::Problem;
use crate::ledger::stored::NoticeFilter;
use crate::notice::{Did, IssuerRole, NoticeType, Reason};

/// The filter that these parameters ask for; one that is empty, as a form sends it, asks for nothing.
///
/// # Errors
/// A problem that names the first parameter whose value is none.
pub(super) fn of(
    issuer: Option<&str>,
    kind: Option<&str>,
    reason: Option<&str>,
    role: Option<&str>,
) -> Result<NoticeFilter, Problem> {
    Ok(NoticeFilter {
        issuer: read("issuer", issuer, |text| Did::parse(text).ok())?,
        kind: read("type", kind, NoticeType::parse)?,
        reason: read("reason", reason, Reason::parse)?,
        role: read("role", role, IssuerRole::parse)?,
        since: None,
        until: None,
    })
}

/// The value of one parameter; an empty one asks for nothing.
///
/// # Errors
/// A problem that names the parameter.
pub(super) fn read<T>(name: &str, text: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    match text.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match parse(text) {
            Some(value) => Ok(Some(value)),
            None => Err(Problem::bad_request("bad-query", format!("{text:?} is no value of `{name}`"))),
        },
    }
}

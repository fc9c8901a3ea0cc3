//! `openml:`, datasets on OpenML, by number. Each version of a dataset has a number of its own there.

use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme};

/// Why a text is no OpenML dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenmlFault {
    /// Not a decimal number without leading zeros.
    #[error("an OpenML dataset has a decimal number without leading zeros, such as openml:40945")]
    Number,
}

impl OpenmlFault {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "called like the rules of all faults")]
    pub(super) fn rule(&self) -> &'static str {
        match self {
            Self::Number => "openml-number",
        }
    }
}

/// Reads what stands behind `openml:`.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let number = text.trim();
    if !(1..=15).contains(&number.len()) || number.starts_with('0') || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(OpenmlFault::Number.into());
    }
    Identifier::assemble(Scheme::Openml, number)
}

/// `/d/N`, `/search?type=data&id=N` and `/api/v1/data/N` with or without a format before `data`. Tasks, runs and the files behind
/// `/data/download` have other numbers: they stay pages.
pub(super) fn page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    match page.segments.as_slice() {
        ["d", number, ..] | ["api", "v1", "data", number] | ["api", "v1", "json" | "xml", "data", number] => {
            Some(identifier(number))
        }
        ["search"] if page.query("type").as_deref() == Some("data") => page.query("id").map(|number| identifier(&number)),
        _ => None,
    }
}

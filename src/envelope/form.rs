//! What publisher records, operator statements and pin files share: one size limit, one way to report faults of form, and the
//! readers of the values that only they have. Texts and URLs are read by the rules of `notice`, so that there is one of each.

use crate::notice::{PartialDate, Timestamp};
use crate::strict_json::{self, Fields, Flaws, Pointer, SyntaxFault, Value};

/// The most bytes of a publisher record or an operator statement. The largest record that its own limits allow has about half.
pub const MAX_STATEMENT: usize = 16_384;

/// Why bytes are not the document they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Fields are missing, unknown or break a rule: every fault, each with its JSON pointer.
    #[error("{0}")]
    Form(Flaws),
    /// Not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxFault),
    /// Longer than the limit.
    #[error("the document has {size} bytes, at most {limit} are allowed")]
    TooLarge {
        /// Bytes of the document.
        size: usize,
        /// How many there may be.
        limit: usize,
    },
}

/// Reads one object with `walk`, which reports every flaw and gives a value when there is none.
pub(super) fn read_document<T>(
    document: &[u8],
    limit: usize,
    walk: impl FnOnce(&mut Fields<'_>, &mut Flaws) -> Option<T>,
) -> Result<T, FormError> {
    if document.len() > limit {
        return Err(FormError::TooLarge { size: document.len(), limit });
    }
    let value = strict_json::parse(document)?;
    let mut flaws = Flaws::none();
    let found = walk_object(&value, &Pointer::root(), &mut flaws, walk);
    match found {
        Some(found) if flaws.is_empty() => Ok(found),
        _ => Err(FormError::Form(flaws)),
    }
}

/// Walks the object at `at`: fields that `walk` does not take are unknown, and refused.
pub(super) fn walk_object<'v, T>(
    value: &'v Value<'v>,
    at: &Pointer,
    flaws: &mut Flaws,
    walk: impl FnOnce(&mut Fields<'v>, &mut Flaws) -> Option<T>,
) -> Option<T> {
    let mut fields = Fields::of(value, at, flaws)?;
    let found = walk(&mut fields, flaws);
    fields.finish(flaws);
    found
}

/// A time in its one spelling.
pub(super) fn timestamp(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Timestamp> {
    parsed(value, at, flaws, "not-a-time", "must be a time as 2026-11-23T10:00:00Z, years 1970 to 9999", Timestamp::parse)
}

/// A date as exact as it is known.
pub(super) fn partial_date(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<PartialDate> {
    parsed(value, at, flaws, "not-a-date", "must be a date as 2019, 2019-06, 2019-06-05 or a full time", PartialDate::parse)
}

/// A string that `parse` understands; otherwise the flaw `rule` with `message`.
pub(super) fn parsed<T>(
    value: &Value<'_>,
    at: &Pointer,
    flaws: &mut Flaws,
    rule: &'static str,
    message: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let found = parse(Fields::text(value, at, flaws)?);
    if found.is_none() {
        flaws.add(at, rule, message);
    }
    found
}

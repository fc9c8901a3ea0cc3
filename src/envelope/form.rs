//! What publisher records, operator statements and pin files share: one size limit, one way to report faults of form, and the
//! readers of the values that stand in them (limits of domain.md, section 2).

use url::Url;

use crate::notice::{PartialDate, Timestamp};
use crate::strict_json::{self, Fields, Flaws, Pointer, SyntaxFault, Value};

/// The most bytes of a publisher record or an operator statement. The largest record that its own limits allow has about half.
pub const MAX_STATEMENT: usize = 16_384;

/// The most characters of a name.
pub(super) const MAX_NAME: usize = 300;
/// The most bytes of a URL.
pub(super) const MAX_URL: usize = 2_048;

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
    value: &'v Value,
    at: &Pointer,
    flaws: &mut Flaws,
    walk: impl FnOnce(&mut Fields<'v>, &mut Flaws) -> Option<T>,
) -> Option<T> {
    let mut fields = Fields::of(value, at, flaws)?;
    let found = walk(&mut fields, flaws);
    fields.finish(flaws);
    found
}

/// A text of `1..=most` characters without control and bidirectional control characters, not blank.
pub(super) fn name(value: &Value, at: &Pointer, most: usize, flaws: &mut Flaws) -> Option<String> {
    let text = Fields::text(value, at, flaws)?;
    let length = text.chars().count();
    if text.trim().is_empty() || length > most {
        flaws.add(at, "length", format!("must be 1 to {most} characters and not blank"));
        return None;
    }
    if text.chars().any(is_forbidden) {
        flaws.add(at, "control-character", "must not hold control or bidirectional control characters");
        return None;
    }
    Some(text.to_owned())
}

/// C0, DEL, C1 and the bidirectional controls of UAX 9, which can make a text read other than it is.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// An https URL of printable ASCII with a host and without user name and password.
pub(super) fn https_url(value: &Value, at: &Pointer, flaws: &mut Flaws) -> Option<String> {
    let text = Fields::text(value, at, flaws)?;
    let printable = text.bytes().all(|b| b.is_ascii_graphic());
    let sound = Url::parse(text)
        .is_ok_and(|url| url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none());
    // The parser mends spellings such as `https:example.org`; what people see must be a URL as it stands.
    if text.len() > MAX_URL || !printable || !sound || !text.starts_with("https://") {
        flaws.add(at, "https-url", format!("must be an https URL of at most {MAX_URL} printable ASCII characters"));
        return None;
    }
    Some(text.to_owned())
}

/// A time in its one spelling.
pub(super) fn timestamp(value: &Value, at: &Pointer, flaws: &mut Flaws) -> Option<Timestamp> {
    parsed(value, at, flaws, "timestamp", "must be a time as 2026-11-23T10:00:00Z, years 1970 to 9999", Timestamp::parse)
}

/// A date as exact as it is known.
pub(super) fn partial_date(value: &Value, at: &Pointer, flaws: &mut Flaws) -> Option<PartialDate> {
    parsed(value, at, flaws, "date", "must be a date as 2019, 2019-06, 2019-06-05 or a full time", PartialDate::parse)
}

/// A string that `parse` understands; otherwise the flaw `rule` with `message`.
pub(super) fn parsed<T>(
    value: &Value,
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

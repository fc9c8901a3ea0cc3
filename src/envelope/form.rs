//! What publisher records, operator statements and pin files share: one size limit, one way to report faults of form, and the
//! readers of the values that stand in them (limits of domain.md, section 2).

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
    if text.bytes().all(|b| b == b' ') {
        flaws.add(at, "empty-text", "must not be empty");
    } else if length > most {
        flaws.add(at, "text-too-long", format!("has {length} characters, at most {most} are allowed"));
    } else if text.chars().any(char::is_control) {
        flaws.add(at, "control-character", "must not hold control characters");
    } else if text.chars().any(is_bidi_control) {
        flaws.add(at, "bidi-control", "must not hold bidirectional control characters");
    } else {
        return Some(text.to_owned());
    }
    None
}

/// The characters of the Unicode property `Bidi_Control`, which can make a text read other than it is.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// An https URL: a host of plain labels, perhaps a port, no user name, RFC 3986 characters only.
pub(super) fn https_url(value: &Value, at: &Pointer, flaws: &mut Flaws) -> Option<String> {
    let text = Fields::text(value, at, flaws)?;
    if text.len() > MAX_URL {
        flaws.add(at, "text-too-long", format!("has {} bytes, a URL has at most {MAX_URL}", text.len()));
        return None;
    }
    if !is_https_url(text) {
        flaws.add(at, "not-an-https-url", "must be an https URL with a host name, as https://example.org/contact");
        return None;
    }
    Some(text.to_owned())
}

/// Written out, and not left to a URL library: these follow a living standard and mend what they read, but what is a record today
/// must be one on every server for ever.
fn is_https_url(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let label =
        |l: &str| (1..=63).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let port_sound = port.bytes().all(|b| b.is_ascii_digit()) && !port.starts_with('0') && port.parse::<u16>().is_ok();
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?#%".contains(&b);
    let escape = |part: &str| part.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    host.len() <= 253
        && host.split('.').all(label)
        && port_sound
        && tail.bytes().all(allowed)
        && tail.split('%').skip(1).all(escape)
        && tail.matches('#').count() <= 1
}

/// A time in its one spelling.
pub(super) fn timestamp(value: &Value, at: &Pointer, flaws: &mut Flaws) -> Option<Timestamp> {
    parsed(value, at, flaws, "not-a-time", "must be a time as 2026-11-23T10:00:00Z, years 1970 to 9999", Timestamp::parse)
}

/// A date as exact as it is known.
pub(super) fn partial_date(value: &Value, at: &Pointer, flaws: &mut Flaws) -> Option<PartialDate> {
    parsed(value, at, flaws, "not-a-date", "must be a date as 2019, 2019-06, 2019-06-05 or a full time", PartialDate::parse)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_https_url_is_taken_as_it_stands_or_not_at_all() {
        for text in ["https://example.org", "https://EXAMPLE.org:8443/a;b/(c)?x=%20&y=#top", "https://xn--bcher-kva.example/"] {
            assert!(is_https_url(text), "{text}");
        }
        for text in [
            "",
            "https://",
            "https:///x",
            "HTTPS://example.org/",
            "http://example.org/",
            "https:/example.org/",
            "https://user@example.org/",
            "https://example..org/",
            "https://example.org./",
            "https://[::1]/",
            "https://example.org:/",
            "https://example.org:0/",
            "https://example.org:65536/",
            "https://example.org:+1/",
            "https://example.org/a b",
            "https://example.org/\u{e9}",
            "https://example.org/\\x",
            "https://example.org/#a#b",
            "https://example.org/%",
            "https://example.org/%zz",
            "https://example.org/%\u{e9}",
        ] {
            assert!(!is_https_url(text), "{text}");
        }
    }
}

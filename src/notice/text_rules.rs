//! Rules for single strings, the same for every string of a notice, of its texts and of publisher records (domain, section 2).
//!
//! All of them are frozen with version 1, so none leans on tables that change with a library: the bidirectional controls and
//! the control characters are written out, and "empty" means nothing but U+0020.

use super::{FormRule, Identifier, IdentifierError, Scheme, web_url};
use crate::strict_json::{Fields, Flaws, Pointer, Value};

/// Longest title or name, in Unicode scalar values.
pub(crate) const MAX_NAME: usize = 300;
/// Longest `display`, in Unicode scalar values: as long as a URL may be.
pub(super) const MAX_DISPLAY: usize = 2_048;
/// Longest URL, in bytes.
pub(super) const MAX_URL: usize = 2_048;
/// Longest identifier, in bytes.
pub(super) const MAX_IDENTIFIER: usize = 1_024;
/// Longest label of a `part:` or `version:` item, in bytes.
pub(super) const MAX_LABEL: usize = 128;

/// Whether `c` is a control character: C0, DEL or C1.
pub(super) fn is_control(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}')
}

/// Whether `c` has the Unicode property `Bidi_Control`: it can make a text read differently from what was signed.
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether `text` is printable ASCII, space included.
pub(super) fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|b| (0x20..=0x7e).contains(&b))
}

/// Reports control characters other than `allowed`, and bidirectional controls; whether there were none.
pub(super) fn without_controls(text: &str, allowed: &[char], at: &Pointer, flaws: &mut Flaws) -> bool {
    // Nearly every text is this.
    if is_printable_ascii(text) {
        return true;
    }
    let control = text.chars().find(|c| is_control(*c) && !allowed.contains(c));
    if let Some(c) = control {
        flaws.add(at, FormRule::ControlCharacter, format!("holds the control character U+{:04X}", u32::from(c)));
    }
    let bidi = text.chars().find(|c| is_bidi_control(*c));
    if let Some(c) = bidi {
        flaws.add(at, FormRule::BidiControl, format!("holds the bidirectional control U+{:04X}", u32::from(c)));
    }
    control.is_none() && bidi.is_none()
}

/// Reads a text of one line: no controls, not empty, at most `most` characters.
pub(crate) fn line(value: &Value<'_>, at: &Pointer, most: usize, flaws: &mut Flaws) -> Option<String> {
    let text = Fields::text(value, at, flaws)?;
    let mut sound = without_controls(text, &[], at, flaws);
    if text.bytes().all(|b| b == b' ') {
        flaws.add(at, FormRule::EmptyText, "must not be empty");
        sound = false;
    }
    let length = text.chars().count();
    if length > most {
        flaws.add(at, FormRule::TextTooLong, format!("has {length} characters, at most {most} are allowed"));
        sound = false;
    }
    sound.then(|| text.to_owned())
}

/// Reads a title or name: a line of at most [`MAX_NAME`] characters.
pub(super) fn name(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<String> {
    line(value, at, MAX_NAME, flaws)
}

/// Reads one word of a closed set of codes.
pub(super) fn code<T: Copy + std::fmt::Display>(
    value: &Value<'_>,
    at: &Pointer,
    parse: fn(&str) -> Option<T>,
    all: &[T],
    flaws: &mut Flaws,
) -> Option<T> {
    let text = Fields::text(value, at, flaws)?;
    let found = parse(text);
    if found.is_none() {
        let words: Vec<String> = all.iter().map(ToString::to_string).collect();
        flaws.add(at, FormRule::UnknownCode, format!("must be one of: {}", words.join(", ")));
    }
    found
}

/// Reads an https URL.
pub(crate) fn https_url(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<String> {
    let text = Fields::text(value, at, flaws)?;
    if text.len() > MAX_URL {
        flaws.add(at, FormRule::TextTooLong, format!("has {} bytes, a URL has at most {MAX_URL}", text.len()));
        return None;
    }
    if let Err(fault) = web_url::check(text, &["https"]) {
        flaws.add(at, FormRule::NotAnHttpsUrl, format!("must be an https URL: {fault}"));
        return None;
    }
    Some(text.to_owned())
}

/// Reads an identifier, which must already be in normal form.
pub(super) fn identifier(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Identifier> {
    let text = Fields::text(value, at, flaws)?;
    if text.len() > MAX_IDENTIFIER {
        flaws.add(
            at,
            FormRule::IdentifierTooLong,
            format!("has {} bytes, an identifier has at most {MAX_IDENTIFIER}", text.len()),
        );
        return None;
    }
    if !is_printable_ascii(text) {
        flaws.add(at, FormRule::IdentifierNotAscii, "must be printable ASCII");
        return None;
    }
    match Identifier::from_normal(text) {
        Ok(identifier) => Some(identifier),
        Err(IdentifierError::NotNormal { normal }) => {
            let message = format!("is not in normal form, which is {normal}");
            flaws.add(at, FormRule::IdentifierNotNormal, message);
            None
        }
        Err(fault) => {
            match unknown_scheme(text) {
                Some(scheme) => {
                    flaws.add(at, FormRule::UnknownScheme, format!("the scheme {scheme:?} is not known to this version"));
                }
                None => flaws.add(at, FormRule::InvalidIdentifier, fault.to_string()),
            }
            None
        }
    }
}

/// The scheme of `text` when it looks like a scheme that a later version may bring. What looks like no scheme at all is a
/// fault for ever, and must not wait as pending; so is a label of a scope in a place for identifiers.
fn unknown_scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let sound = (2..=16).contains(&scheme.len())
        && scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let taken = Scheme::parse(scheme).is_some() || matches!(scheme, "part" | "version");
    (sound && !taken).then_some(scheme)
}

/// Reads a `display` beside `id`, which it must normalise to, either as it stands or behind the scheme of `id`: a plain
/// `MS-Celeb-1M` shows `name:msceleb1m`, and 64 bare hex digits show a `sha256:`.
pub(super) fn display(value: &Value<'_>, at: &Pointer, id: Option<&Identifier>, flaws: &mut Flaws) -> Option<String> {
    let text = line(value, at, MAX_DISPLAY, flaws)?;
    let id = id?;
    let names_it = |spelling: &str| Identifier::normalise(spelling).is_ok_and(|normal| normal == *id);
    if !names_it(&text) && !names_it(&format!("{}:{text}", id.scheme())) {
        flaws.add(at, FormRule::DisplayDiffers, format!("does not normalise to {:?}", id.as_str()));
        return None;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules_of(text: &str) -> Vec<&'static str> {
        let mut flaws = Flaws::none();
        let read = name(&Value::Text(text.into()), &Pointer::root(), &mut flaws);
        assert_eq!(read.is_some(), flaws.is_empty());
        flaws.as_slice().iter().map(|f| f.rule).collect()
    }

    #[test]
    fn a_name_in_any_script_is_taken() {
        for text in ["Tiny Images", "数据集", "Données ouvertes", "مجموعة", "🦀", "a\u{a0}b"] {
            assert!(rules_of(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn control_characters_and_bidirectional_controls_are_refused() {
        for c in ['\0', '\t', '\n', '\r', '\u{1f}', '\u{7f}', '\u{80}', '\u{85}', '\u{9f}'] {
            assert_eq!(rules_of(&format!("a{c}b")), ["control-character"], "{c:?}");
        }
        for c in ['\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}'] {
            assert_eq!(rules_of(&format!("a{c}b")), ["bidi-control"], "{c:?}");
        }
    }

    #[test]
    fn emptiness_and_length_count_characters_not_bytes() {
        assert_eq!(rules_of(""), ["empty-text"]);
        assert_eq!(rules_of("   "), ["empty-text"]);
        assert!(rules_of(&"é".repeat(300)).is_empty());
        assert_eq!(rules_of(&"é".repeat(301)), ["text-too-long"]);
    }

    #[test]
    fn only_what_looks_like_a_scheme_can_be_an_unknown_scheme() {
        assert_eq!(unknown_scheme("isbn:9780000000000"), Some("isbn"));
        for text in ["doi:10.1234/x", "part:train", "no scheme", "HTTP:x", ":x", "1x:y", "averyveryverylongscheme:x"] {
            assert_eq!(unknown_scheme(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_taken_as_a_name_has_no_control(text in ".{0,40}|[\\PC\u{0}-\u{a0}\u{2000}-\u{2070}]{0,12}") {
            if rules_of(&text).is_empty() {
                proptest::prop_assert!(!text.chars().any(|c| is_control(c) || is_bidi_control(c)));
                proptest::prop_assert!(!text.trim_matches(' ').is_empty());
            }
        }
    }
}

//! Small readings of text that several schemes share.

/// Whether no identifier may hold `character`, in any spelling: controls (C0, C1) and bidirectional controls.
pub(super) fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Strips an ASCII prefix in any case.
pub(super) fn strip_prefix_any_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// `text` in lower case if it is exactly `digits` hex digits.
pub(super) fn lower_hex(text: &str, digits: usize) -> Option<String> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit())).then(|| text.to_ascii_lowercase())
}

/// `text` with every character beyond ASCII as percent escapes of its UTF-8, in lower-case hex.
pub(super) fn escape_beyond_ascii(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii() {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push_str(&data_encoding::HEXLOWER.encode(&[byte]));
        }
    }
    escaped
}

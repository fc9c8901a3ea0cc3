//! What strangers wrote, made fit for terminals and logs.
//!
//! A title, an error message of another server or a file's name may hold characters that move the cursor, hide what stands
//! before them, turn the direction of a line or begin a line that looks like one of ours. They are written as `\u{202e}`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// Colours and weights that this program itself writes: ESC `[` one or two digits `m`.
const LONGEST_STYLE: usize = 5;

/// Whether a terminal or a reader of logs would be misled by this character: controls (C0, DEL, C1), directions (UAX 9),
/// line and paragraph separators, invisible tags and the byte-order mark.
pub(super) fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// A text of several lines for a terminal: lines, tabs and our own styles stay, everything else that misleads is written out.
pub(super) fn for_terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| misleads(c) && c != '\n') {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = style(rest).unwrap_or(c.len_utf8());
        let (piece, after) = rest.split_at(length);
        if length > c.len_utf8() || matches!(c, '\n' | '\t') || !misleads(c) {
            printable.push_str(piece);
        } else {
            written_out(c, &mut printable);
        }
        rest = after;
    }
    Cow::Owned(printable)
}

/// A text of one line for a log.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(misleads) {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        if misleads(c) { written_out(c, &mut printable) } else { printable.push(c) }
    }
    Cow::Owned(printable)
}

fn written_out(c: char, to: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(to, "\\u{{{:x}}}", u32::from(c));
}

/// The length of the style that a text begins with.
fn style(text: &str) -> Option<usize> {
    let digits = text.strip_prefix("\u{1b}[")?;
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    let number: u8 = digits.get(..end)?.parse().ok()?;
    let ours = matches!(number, 0..=4 | 22..=24 | 30..=39 | 90..=97) && digits.get(end..)?.starts_with('m');
    (ours && end + 3 <= LONGEST_STYLE).then_some(end + 3)
}

/// Writes lines of JSON on, with every character that misleads written out as JSON does. In JSON they stand in strings only.
pub(super) struct JsonLines<W>(pub(super) W);

impl<W: io::Write> io::Write for JsonLines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        if !text.contains(|c| misleads(c) && c != '\n') {
            return self.0.write_all(bytes).map(|()| bytes.len());
        }
        let mut units = [0; 2];
        let line = text.chars().fold(String::with_capacity(text.len()), |mut line, c| {
            if misleads(c) && c != '\n' {
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(line, "\\u{unit:04x}");
                }
            } else {
                line.push(c);
            }
            line
        });
        self.0.write_all(line.as_bytes()).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use owo_colors::OwoColorize;

    use super::*;

    #[test]
    fn our_own_styles_and_lines_stay_as_they_are() {
        for text in [
            "plain\n  lines\n",
            "Zürich, 東京, עברית, \u{301}x, 👩‍🔬",
            &format!("{} {}\n", "RETRACTED".red().bold(), "x".dimmed()),
        ] {
            assert_eq!(for_terminal(text), text);
        }
    }

    #[test]
    fn what_moves_hides_or_turns_is_written_out() {
        for (text, printed) in [
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\u{1b}[8mb", "a\\u{1b}[8mb"),
            ("a\u{1b}]0;title\u{7}b", "a\\u{1b}]0;title\\u{7}b"),
            ("a\rb\u{8}\u{7f}\u{9b}2J", "a\\u{d}b\\u{8}\\u{7f}\\u{9b}2J"),
            ("gpj\u{202e}exe", "gpj\\u{202e}exe"),
            ("a\u{2028}b\u{85}c\u{2066}d\u{e0041}", "a\\u{2028}b\\u{85}c\\u{2066}d\\u{e0041}"),
        ] {
            assert_eq!(for_terminal(text), printed);
            assert_eq!(one_line(text), printed);
        }
        assert_eq!(one_line("a\nINFO forged"), "a\\u{a}INFO forged");
        assert_eq!(one_line("\u{1b}[31mred"), "\\u{1b}[31mred", "a log has no styles inside its fields");
    }

    #[test]
    fn json_stays_json_and_means_the_same() {
        let mut written = Vec::new();
        let line = format!("{}\n", serde_json::json!({ "m": "a\u{202e}b\u{9b}\u{7f}\u{e0041}\n" }));
        io::Write::write_all(&mut JsonLines(&mut written), line.as_bytes()).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(!written.trim_end().contains(misleads), "{written:?}");
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&written), value(&line));
    }
}

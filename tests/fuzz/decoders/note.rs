//! Signed notes: only one spelling parses, so what was read is written back byte for byte.

use palinode::tlog::{Note, NoteSignature};

pub fn check(data: &[u8]) {
    let Some(text) = super::text(data) else {
        assert!(Note::parse(data).is_err());
        return;
    };
    if let Ok(lines) = NoteSignature::parse_lines(text) {
        assert_eq!(lines.iter().map(NoteSignature::to_line).collect::<String>(), text);
    }
    let Ok(note) = Note::parse(data) else { return };
    assert_eq!(note.to_bytes(), data);
    assert!(note.text().ends_with('\n') && !note.signatures().is_empty());
    let lines: String = note.signatures().iter().map(NoteSignature::to_line).collect();
    assert_eq!(NoteSignature::parse_lines(&lines).as_deref(), Ok(note.signatures()));
}

//! Cursors of a search: one spelling.

use palinode::ledger::notices::Cursor;

pub fn check(data: &[u8]) {
    let Some(text) = super::text(data) else { return };
    if let Some(cursor) = Cursor::parse(text) {
        assert_eq!(cursor.to_text(), text);
    }
}

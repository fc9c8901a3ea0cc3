//! The payload of a publisher record: completed again from its fields it says the same.

use palinode::envelope::{PublisherRecord, RecordDraft};

use super::json::meaning;

pub fn check(data: &[u8]) {
    let Ok(record) = PublisherRecord::parse(data) else { return };
    let PublisherRecord { id, name, homepage, contact, sequence, previous, issued, keys, .. } = record.clone();
    let draft = RecordDraft { id, name, homepage, contact, sequence, previous, issued, keys };
    // Written anew it may only have become longer than a record may be.
    let Ok(completed) = draft.complete() else {
        assert!(data.len() > 8_000, "a record cannot be written again");
        return;
    };
    assert_eq!(completed.record, record);
    assert_eq!(meaning(&completed.payload), meaning(data), "somebody else reads something else");
}

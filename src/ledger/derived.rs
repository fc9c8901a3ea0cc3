//! What is derived from what is stored: the index rows of an entry, the words of a document.
//!
//! Pure functions of the bytes. So the index can be thrown away and made again from the entries, and `fsck` can say whether it
//! is what it must be.

use std::sync::Arc;

use super::ports::StoreError;
use super::receipt::parse_stored;
use super::rows;
use super::stored::{IndexRows, StoredEntry};
use crate::envelope::PayloadType;
use crate::notice::Texts;

/// The index rows of a stored entry.
///
/// # Errors
/// [`StoreError::Corrupt`] when its bytes are not what was admitted.
pub fn rows_of_entry(entry: &StoredEntry) -> Result<IndexRows, StoreError> {
    Ok(match entry.kind {
        PayloadType::Notice => IndexRows::Notice(Arc::new(rows::of_notice(&parse_stored(entry)?))),
        PayloadType::Publisher => IndexRows::Publisher,
        PayloadType::Operator | PayloadType::Index => IndexRows::Operator,
    })
}

/// The words of a texts document, for full-text search; none for bytes that are no texts.
pub fn words_of_texts(bytes: &[u8]) -> String {
    Texts::parse(bytes).as_ref().map(Texts::words).unwrap_or_default()
}

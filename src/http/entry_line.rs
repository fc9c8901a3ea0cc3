//! An entry of the log as one line of JSON: what `/v1/changes` has lines of, and `/v1/events` sends as data.

use std::fmt::Write;

use utoipa::ToSchema;

use super::api::EnvelopeBody;
use crate::ledger::StoredEntry;

/// An entry of the log, as one line.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the line, which is put together by hand")]
pub(super) struct ChangeLine {
    /// The entry's index in this log.
    index: u64,
    /// SHA-256 of its payload: of a notice, its id.
    id: String,
    /// Its payload type.
    r#type: String,
    /// RFC 6962 leaf hash of the entry.
    leaf: String,
    /// The canonical envelope.
    envelope: EnvelopeBody,
}

/// Adds the line of an entry, without its end. The envelope goes in as it is stored. Everything else is a number, hex digits or one of our
/// own words.
pub(super) fn write(text: &mut String, entry: &StoredEntry) {
    let StoredEntry { index, payload_id, kind, leaf, bytes, .. } = entry;
    let envelope = String::from_utf8_lossy(bytes);
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{{\"index\":{index},\"id\":\"{payload_id}\",\"type\":\"{}\",\"leaf\":\"{leaf}\",\"envelope\":{envelope}}}",
        kind.as_str()
    );
}

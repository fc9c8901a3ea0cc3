//! The head of a compact list (protocol, section 9): what a server signs with its operator key over all tiles of the list.
//!
//! It is never an entry of a log. Beside the tree that the tiles are of, it carries the signed checkpoint of that tree, so that one
//! request tells all that is new.

use super::form::{parsed, read_document, timestamp};
use super::{FormError, LogRoot, Payload, PayloadType};
use crate::notice::{PayloadId, Timestamp};
use crate::strict_json::Fields;

/// The most bytes of the payload of a head: a checkpoint with 15 cosignatures has half of it.
pub const MAX_INDEX_HEAD: usize = 32_768;

/// `{"origin", "issued", "size", "root", "tiles", "trust", "checkpoint"}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexHead {
    /// The log that the list is of.
    pub origin: String,
    /// When the operator says it was true: there was no notice beyond it.
    pub issued: Timestamp,
    /// How many entries of the log the tiles are of.
    pub size: u64,
    /// The root of the log at that size.
    pub root: LogRoot,
    /// The RFC 6962 root over the bytes of all tiles, in order.
    pub tiles: LogRoot,
    /// The hash of the operator's trust settings.
    pub trust: PayloadId,
    /// The signed checkpoint of that size with cosignatures, as the log served it.
    pub checkpoint: String,
}

impl Payload for IndexHead {
    const TYPE: PayloadType = PayloadType::Index;
    type Fault = FormError;

    fn parse(payload: &[u8]) -> Result<Self, FormError> {
        Self::parse(payload)
    }
}

impl IndexHead {
    /// Reads the payload of a head.
    ///
    /// # Errors
    /// [`FormError`] with every fault of form.
    pub fn parse(payload: &[u8]) -> Result<Self, FormError> {
        const HEX: &str = "must be 64 lowercase hex digits";
        read_document(payload, MAX_INDEX_HEAD, |fields, flaws| {
            let mut text = |name: &str, flaws: &mut _| {
                fields.required(name, flaws).and_then(|(at, v)| Fields::text(v, &at, flaws)).map(str::to_owned)
            };
            let (origin, checkpoint) = (text("origin", flaws), text("checkpoint", flaws));
            let issued = fields.required("issued", flaws).and_then(|(at, v)| timestamp(v, &at, flaws));
            let size = fields.required("size", flaws).and_then(|(at, v)| Fields::integer(v, &at, flaws));
            let mut root = |name: &str, flaws: &mut _| {
                let found = fields.required(name, flaws);
                found.and_then(|(at, v)| parsed(v, &at, flaws, "not-a-sha256", HEX, LogRoot::parse))
            };
            let (root, tiles) = (root("root", flaws), root("tiles", flaws));
            let trust = fields.required("trust", flaws);
            let trust = trust.and_then(|(at, v)| parsed(v, &at, flaws, "not-a-sha256", HEX, PayloadId::parse));
            Some(Self {
                origin: origin?,
                issued: issued?,
                size: size?,
                root: root?,
                tiles: tiles?,
                trust: trust?,
                checkpoint: checkpoint?,
            })
        })
    }

    /// Writes a head: the bytes to sign, compact JSON in the order of the fields.
    ///
    /// # Errors
    /// [`FormError`] when it would break a rule of form: the payload is read back before it is given out.
    pub fn write(&self) -> Result<Vec<u8>, FormError> {
        let Self { origin, issued, size, root, tiles, trust, checkpoint } = self;
        let json = |text: &str| serde_json::Value::from(text).to_string();
        let payload = format!(
            r#"{{"origin":{},"issued":"{issued}","size":{size},"root":"{root}","tiles":"{tiles}","trust":"{trust}","checkpoint":{}}}"#,
            json(origin),
            json(checkpoint),
        );
        Self::parse(payload.as_bytes()).map(|_| payload.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> IndexHead {
        IndexHead {
            origin: "ledger.example.org/log".to_owned(),
            issued: Timestamp::parse("2026-11-23T10:00:00Z").expect("a time"),
            size: 3,
            root: LogRoot::from_bytes([1; 32]),
            tiles: LogRoot::from_bytes([2; 32]),
            trust: PayloadId::from_bytes([3; 32]),
            checkpoint: "ledger.example.org/log\n3\nAQEB\n\n\u{2014} ledger.example.org/log AAAA\n".to_owned(),
        }
    }

    #[test]
    fn a_head_reads_back_as_it_was_written_with_its_note_line_by_line() {
        let written = head().write().expect("valid form");
        assert_eq!(IndexHead::parse(&written), Ok(head()));
        let text = String::from_utf8(written).expect("UTF-8");
        assert!(
            text.starts_with(r#"{"origin":"ledger.example.org/log","issued":"2026-11-23T10:00:00Z","size":3,"root":"0101"#),
            "{text}"
        );
        assert!(text.contains(r#""checkpoint":"ledger.example.org/log\n3\n"#), "{text}");
    }

    #[test]
    fn a_head_with_more_or_less_than_its_fields_is_refused() {
        let text = String::from_utf8(head().write().expect("valid form")).expect("UTF-8");
        for wrong in [
            text.replace("\"size\":3", "\"size\":3.0"),
            text.replace("\"size\":3", "\"size\":\"3\""),
            text.replace("\"size\":3,", ""),
            text.replace("\"size\":3", "\"size\":3,\"more\":1"),
            text.replace(&"01".repeat(32), &"0A".repeat(32)),
            text.replace("2026-11-23T10:00:00Z", "2026-11-23"),
            "[]".to_owned(),
        ] {
            assert!(IndexHead::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
        let long = IndexHead { checkpoint: "x".repeat(MAX_INDEX_HEAD), ..head() };
        assert!(matches!(long.write(), Err(FormError::TooLarge { .. })));
    }
}

//! Pin files: what an operator (or a client) trusts a publisher for (protocol, section 5).
//!
//! `{"record": <envelope of record 0>, "prefixes": ["doi:10.5281/", "hf:datasets/acme/"], "note": "..."}`. The record says who
//! the publisher is and proves it by its signature; the prefixes, which no signature covers, are the operator's own decision
//! which identifiers this lineage speaks for.

use std::collections::BTreeSet;

use super::form::{parsed, walk_object};
use super::{
    Claim, ClaimError, Envelope, EnvelopeError, FormError, LineageId, Lineages, PublisherRecord, SignatureError, Verified,
};
use crate::notice::line;
use crate::strict_json::{self, Fields, Flaws, Pointer, SyntaxFault, Value};

/// The most bytes of a pin file.
const MAX_PIN_FILE: usize = 262_144;
/// The most prefixes of a pin file.
const MAX_PREFIXES: usize = 256;
/// The most bytes of a prefix.
const MAX_PREFIX: usize = 1_024;
/// The most characters of a note.
const MAX_NOTE: usize = 1_000;

/// A pinned publisher: a record 0 that is rightly signed, and the prefixes it speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinFile {
    record: Verified<PublisherRecord>,
    prefixes: Vec<String>,
    note: Option<String>,
}

/// Why a file is no pin file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// `record` is no envelope.
    #[error("record: {0}")]
    Envelope(#[from] EnvelopeError),
    /// Fields are missing, unknown or break a rule.
    #[error("{0}")]
    Form(Flaws),
    /// A later record of a chain: a pin begins with record 0.
    #[error("the record has sequence {sequence}, a pin file holds record 0")]
    NotRecord0 {
        /// Its sequence.
        sequence: u64,
    },
    /// The payload of `record` is no publisher record.
    #[error("record: {0}")]
    Record(#[from] ClaimError<FormError>),
    /// The record is not signed by one of its own active keys.
    #[error("record: {0}")]
    Signature(#[from] SignatureError),
    /// Not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxFault),
    /// Longer than 256 KiB.
    #[error("the file has {size} bytes, at most {MAX_PIN_FILE} are allowed")]
    TooLarge {
        /// Bytes of the file.
        size: usize,
    },
}

impl PinFile {
    /// Reads a pin file.
    ///
    /// # Errors
    /// [`PinError`] says which part is wrong.
    pub fn parse(file: &[u8]) -> Result<Self, PinError> {
        if file.len() > MAX_PIN_FILE {
            return Err(PinError::TooLarge { size: file.len() });
        }
        let value = strict_json::parse(file)?;
        let mut flaws = Flaws::none();
        let parts = walk_object(&value, &Pointer::root(), &mut flaws, |fields, flaws| {
            let record = fields.required("record", flaws).map(|(_, v)| v);
            let prefixes = fields.required("prefixes", flaws).and_then(|(at, v)| read_prefixes(v, &at, flaws));
            let note = fields.optional("note").and_then(|(at, v)| line(v, &at, MAX_NOTE, flaws));
            Some((record?, prefixes?, note))
        });
        match parts {
            Some((record, prefixes, note)) if flaws.is_empty() => {
                Ok(Self { record: read_record(Envelope::from_value(record)?)?, prefixes, note })
            }
            _ => Err(PinError::Form(flaws)),
        }
    }

    /// Makes a pin file of a record 0 and prefixes, for `publisher init`.
    ///
    /// # Errors
    /// The same as for [`PinFile::parse`].
    pub fn new(record: Envelope, prefixes: &[String], note: Option<&str>) -> Result<Self, PinError> {
        let verified = read_record(record)?;
        Self::parse(to_json(&verified, prefixes, note).as_bytes())
    }

    /// Writes the file: one field a line, the record in its canonical spelling.
    pub fn to_json(&self) -> String {
        to_json(&self.record, &self.prefixes, self.note.as_deref())
    }

    /// The publisher's record 0.
    pub fn record(&self) -> &Verified<PublisherRecord> {
        &self.record
    }

    /// What its identifiers begin with, such as `doi:10.5281/`.
    pub fn prefixes(&self) -> &[String] {
        &self.prefixes
    }

    /// Why the operator pinned it.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The lineage that is pinned.
    pub fn lineage(&self) -> LineageId {
        let did = self.record.value().id.clone();
        let is_key = did.as_str().starts_with("did:key:");
        LineageId { did, record0: (!is_key).then(|| self.record.signed().payload_id()) }
    }
}

fn read_record(envelope: Envelope) -> Result<Verified<PublisherRecord>, PinError> {
    let claim = Claim::<PublisherRecord>::read(envelope)?;
    let record = claim.value();
    if record.sequence != 0 {
        return Err(PinError::NotRecord0 { sequence: record.sequence });
    }
    // Record 0 needs no predecessor, so there are always candidates.
    let signers = Lineages::default().record_signers(record).unwrap_or_default();
    Ok(claim.verify(&signers)?)
}

fn to_json(record: &Verified<PublisherRecord>, prefixes: &[String], note: Option<&str>) -> String {
    let entry = String::from_utf8_lossy(record.signed().entry());
    let prefixes = serde_json::Value::from(prefixes);
    let note = note.map_or(String::new(), |note| format!(",\n  \"note\": {}", serde_json::Value::from(note)));
    format!("{{\n  \"record\": {entry},\n  \"prefixes\": {prefixes}{note}\n}}\n")
}

fn read_prefixes(value: &Value<'_>, at: &Pointer, flaws: &mut Flaws) -> Option<Vec<String>> {
    let items = Fields::items(value, at, MAX_PREFIXES, flaws)?;
    let mut prefixes = Vec::with_capacity(items.len());
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        let at = at.item(index);
        let message = "must be scheme:... in printable ASCII and end in a separator, as doi:10.5281/ or hf:datasets/acme/";
        let Some(prefix) = parsed(item, &at, flaws, "not-a-prefix", message, |t| is_prefix(t).then(|| t.to_owned())) else {
            continue;
        };
        if !seen.insert(prefix.clone()) {
            flaws.add(&at, "duplicate-item", "stands in the list twice");
        }
        prefixes.push(prefix);
    }
    Some(prefixes)
}

/// A prefix ends in a separator: `hf:datasets/acme` would also speak for `hf:datasets/acme-evil`.
fn is_prefix(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_sound = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    scheme_sound
        && text.len() <= MAX_PREFIX
        && !rest.is_empty()
        && text.bytes().all(|b| b.is_ascii_graphic())
        && text.ends_with(|c: char| c.is_ascii_punctuation())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::{KeyStatus, PayloadType, RecordDraft, RecordKey, SecretKey};
    use crate::notice::{Did, PayloadId, Timestamp};

    fn issued() -> Timestamp {
        Timestamp::parse("2026-11-23T10:00:00Z").expect("a time")
    }

    fn draft(key: &SecretKey) -> RecordDraft {
        RecordDraft::first(Did::parse("did:web:example.org").expect("a DID"), "Example", key.public(), issued())
    }

    fn signed(draft: RecordDraft, key: &SecretKey) -> Envelope {
        key.sign_envelope(PayloadType::Publisher, &draft.complete().expect("valid").payload).expect("small")
    }

    #[test]
    fn a_pin_file_reads_back_as_it_was_written() {
        let key = SecretKey::from_seed([1; 32]);
        let prefixes = ["doi:10.5281/".to_owned(), "hf:datasets/acme/".to_owned()];
        let pin = PinFile::new(signed(draft(&key), &key), &prefixes, Some("asked by \"phone\"")).expect("a pin");
        assert_eq!(PinFile::parse(pin.to_json().as_bytes()), Ok(pin.clone()));
        assert_eq!(pin.lineage().record0, Some(pin.record().signed().payload_id()));
        assert_eq!((pin.prefixes(), pin.note()), (&prefixes[..], Some("asked by \"phone\"")));
    }

    #[test]
    fn a_did_key_can_be_pinned_and_is_its_own_lineage() {
        let key = SecretKey::from_seed([1; 32]);
        let draft = RecordDraft { id: key.public().to_did(), ..draft(&key) };
        let pin = PinFile::new(signed(draft, &key), &[], None).expect("a pin");
        assert_eq!(pin.lineage(), LineageId::bare(key.public().to_did()));
    }

    #[test]
    fn the_record_must_be_record_0_signed_by_its_own_active_key() {
        let (key, other) = (SecretKey::from_seed([1; 32]), SecretKey::from_seed([2; 32]));
        let refused = |envelope: Envelope| PinFile::new(envelope, &[], None).expect_err("refused");
        assert!(matches!(refused(signed(draft(&key), &other)), PinError::Signature(_)));
        let retired = RecordKey { key: other.public(), status: KeyStatus::Retired, since: None };
        let mut with_retired = draft(&key);
        with_retired.keys.push(retired);
        assert!(matches!(refused(signed(with_retired, &other)), PinError::Signature(_)));
        let later = RecordDraft { sequence: 1, previous: Some(PayloadId::from_bytes([0; 32])), ..draft(&key) };
        assert_eq!(refused(signed(later, &key)), PinError::NotRecord0 { sequence: 1 });
        let notice = key.sign_envelope(PayloadType::Notice, b"{}").expect("small");
        assert!(matches!(refused(notice), PinError::Record(ClaimError::WrongPayloadType { .. })));
    }

    #[test]
    fn prefixes_that_would_speak_for_strangers_are_refused() {
        let key = SecretKey::from_seed([1; 32]);
        let pin = |prefix: &str| PinFile::new(signed(draft(&key), &key), &[prefix.to_owned()], None);
        for prefix in ["doi:10.5281/", "hf:datasets/acme/", "url:https://example.org/data/", "doi:10.5281/zenodo."] {
            assert!(pin(prefix).is_ok(), "{prefix}");
        }
        for prefix in [
            "",
            ":",
            "doi:",
            "doi",
            "10.5281/",
            "DOI:10.5281/",
            "doi:10.5281",
            "hf:datasets/acme",
            "doi:10.5281/ ",
            "doi:\u{e9}/",
        ] {
            assert!(matches!(pin(prefix), Err(PinError::Form(_))), "{prefix}");
        }
        let twice = PinFile::new(signed(draft(&key), &key), &["doi:10.1/".to_owned(), "doi:10.1/".to_owned()], None);
        assert!(twice.expect_err("a duplicate").to_string().contains("/prefixes/1"));
    }

    #[test]
    fn other_files_are_refused_with_every_fault() {
        let PinError::Form(flaws) = PinFile::parse(br#"{"prefixes":7,"note":"","x":1}"#).expect_err("no pin") else {
            panic!("not a form error");
        };
        let found: Vec<_> = flaws.as_slice().iter().map(|f| (f.pointer.as_str(), f.rule)).collect();
        assert_eq!(
            found,
            [("/record", "missing-field"), ("/prefixes", "wrong-type"), ("/note", "empty-text"), ("/x", "unknown-field")]
        );
        assert!(matches!(PinFile::parse(b"{"), Err(PinError::Syntax(_))));
        assert!(matches!(PinFile::parse(br#"{"record":{},"prefixes":[]}"#), Err(PinError::Envelope(_))));
        assert!(matches!(PinFile::parse(&vec![b' '; 300_000]), Err(PinError::TooLarge { size: 300_000 })));
    }
}

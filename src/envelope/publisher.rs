//! Publisher records: who an issuer is and which keys speak for it (protocol, section 5).

use serde::Serialize;

use super::{FormError, Payload, PayloadType, PublicKey};
use crate::notice::{Did, PartialDate, PayloadId, Timestamp, codes};

/// The JSON Schema of a publisher record (draft 2020-12). It says what a schema can say; the rest is told by
/// [`PublisherRecord::parse`].
pub const PUBLISHER_SCHEMA: &str = include_str!("publisher.schema.json");

/// The most keys of one record.
pub const MAX_RECORD_KEYS: usize = 16;

/// One signed record about an issuer. It has passed every limit and rule of form; whether it is rightly signed is for
/// [`Lineages`](super::Lineages) to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PublisherRecord {
    /// Whom the record is about.
    pub id: Did,
    /// How the issuer is called, 1 to 300 characters.
    pub name: String,
    /// An https URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// Where the issuer can be reached: an https URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The place in the chain, from 0.
    pub sequence: u64,
    /// The payload id of record `sequence - 1`; absent for record 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<PayloadId>,
    /// When the issuer claims to have issued it. A claim: it orders nothing.
    pub issued: Timestamp,
    /// 1 to 16 different keys.
    pub keys: Vec<RecordKey>,
}

/// A key and what the record says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordKey {
    /// The key.
    pub key: PublicKey,
    /// Whether and how it still speaks for the issuer.
    pub status: KeyStatus,
    /// Since when, as the issuer says: shown only, it decides nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<PartialDate>,
}

/// Whether and how a key speaks for its issuer. Ordered by what it takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyStatus {
    /// Signs new notices and records.
    Active,
    /// What it signed keeps its full force; it signs nothing new.
    Retired,
    /// What only such keys signed stays visible and may report or retract, but lifts nothing.
    Compromised,
}

codes!(KeyStatus { Active => "active", Retired => "retired", Compromised => "compromised" });

impl PublisherRecord {
    /// Reads the payload of a publisher record.
    ///
    /// # Errors
    /// [`FormError`] with every fault of form.
    pub fn parse(payload: &[u8]) -> Result<Self, FormError> {
        super::record_form::parse(payload)
    }

    /// The keys that this record calls active.
    pub fn active_keys(&self) -> impl Iterator<Item = &PublicKey> {
        self.keys_with(KeyStatus::Active)
    }

    /// The keys that this record gives `status`.
    pub(super) fn keys_with(&self, status: KeyStatus) -> impl Iterator<Item = &PublicKey> {
        self.keys.iter().filter(move |k| k.status == status).map(|k| &k.key)
    }
}

impl Payload for PublisherRecord {
    const TYPE: PayloadType = PayloadType::Publisher;
    type Fault = FormError;

    fn parse(payload: &[u8]) -> Result<Self, FormError> {
        Self::parse(payload)
    }
}

/// What goes into a new record. [`RecordDraft::complete`] makes the bytes to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordDraft {
    /// Whom the record is about.
    pub id: Did,
    /// How the issuer is called.
    pub name: String,
    /// An https URL.
    pub homepage: Option<String>,
    /// An https URL.
    pub contact: Option<String>,
    /// The place in the chain.
    pub sequence: u64,
    /// The record before, absent for record 0.
    pub previous: Option<PayloadId>,
    /// The claimed time.
    pub issued: Timestamp,
    /// The keys with their status.
    pub keys: Vec<RecordKey>,
}

/// The bytes of a new record, ready to be signed, and what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletedRecord {
    /// The payload.
    pub payload: Vec<u8>,
    /// What it says.
    pub record: PublisherRecord,
}

impl RecordDraft {
    /// A draft of record 0 with one active key.
    pub fn first(id: Did, name: impl Into<String>, key: PublicKey, issued: Timestamp) -> Self {
        let keys = vec![RecordKey { key, status: KeyStatus::Active, since: None }];
        Self { id, name: name.into(), homepage: None, contact: None, sequence: 0, previous: None, issued, keys }
    }

    /// A draft of the record that follows `record`, whose payload id is `previous`; it says the same until it is changed.
    pub fn following(record: &PublisherRecord, previous: PayloadId, issued: Timestamp) -> Self {
        let PublisherRecord { id, name, homepage, contact, sequence, keys, .. } = record.clone();
        Self { id, name, homepage, contact, sequence: sequence.saturating_add(1), previous: Some(previous), issued, keys }
    }

    /// Writes the payload: compact JSON in the field order of the protocol.
    ///
    /// # Errors
    /// [`FormError`] when the record would break a rule of form: the payload is read back before it is given out, so that
    /// nothing can be signed that servers would refuse.
    pub fn complete(self) -> Result<CompletedRecord, FormError> {
        let Self { id, name, homepage, contact, sequence, previous, issued, keys } = self;
        let record = PublisherRecord { id, name, homepage, contact, sequence, previous, issued, keys };
        let payload = super::record_form::write(&record);
        let record = PublisherRecord::parse(&payload)?;
        Ok(CompletedRecord { payload, record })
    }
}

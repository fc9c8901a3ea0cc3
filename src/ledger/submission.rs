//! The one door: what is posted, pulled and imported becomes [`Admitted`] here, or is refused with the rule it broke.
//!
//! [`Ledger::examine`] walks steps 1 to 8 of protocol section 3; the sequencer does step 9. Nothing in here writes, and the
//! transport decides nothing: a peer's entry passes the same signature check as a stranger's.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Ledger;
use super::documents::read_document;
use super::lookups::{AtHand, Lookups, Stop, Stored};
use super::ports::StoreError;
use super::publishers::lineage_of_record;
use super::refusal::{MalformedBody, Refusal};
use super::rows;
use super::stored::{IndexRows, NewDocument, Provenance, StoredEntry};
use crate::envelope::{Claim, ClaimError, Envelope, LineageId, PayloadType, PublisherRecord, SignatureError, Signed};
use crate::notice::{self, Did, DidMethod, DocumentHash, IssuerRole, Notice, Texts, Timestamp};
use crate::strict_json::{self, Value};
use crate::tlog::Hash;

/// The most bytes a submission may have with its documents: 1 MiB (protocol, section 3, step 1).
pub const MAX_SUBMISSION: usize = 1 << 20;
/// The most bytes an envelope alone may have: 128 KiB.
pub const MAX_ENVELOPE: usize = 128 << 10;

/// What someone hands in: an envelope, and the documents that came along.
#[derive(Debug, Clone)]
pub struct Submission {
    envelope: Envelope,
    documents: Vec<Vec<u8>>,
}

impl Submission {
    /// Steps 1 and 2 for clients: an envelope in any accepted spelling, or `{"envelope": ..., "documents": ["<base64>", ...]}`.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] or [`Refusal::Malformed`].
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        if body.len() > MAX_SUBMISSION {
            return Err(Refusal::TooLarge { size: body.len() as u64, most: MAX_SUBMISSION as u64 });
        }
        let value = strict_json::parse(body).map_err(|e| MalformedBody::Wrapper(e.to_string()))?;
        let Value::Object(fields) = &value else {
            return Err(MalformedBody::Wrapper(format!("it is {}", value.kind())).into());
        };
        let Some((_, inner)) = fields.iter().find(|(name, _)| name == "envelope") else {
            if body.len() > MAX_ENVELOPE {
                return Err(Refusal::TooLarge { size: body.len() as u64, most: MAX_ENVELOPE as u64 });
            }
            let envelope = Envelope::from_value(&value).map_err(MalformedBody::Envelope)?;
            return Ok(Self { envelope, documents: Vec::new() });
        };
        let envelope = Envelope::from_value(inner).map_err(MalformedBody::Envelope)?;
        let mut documents = Vec::new();
        for (name, value) in fields {
            match (name.as_ref(), value) {
                ("envelope", _) => {}
                ("documents", Value::Array(items)) => {
                    documents = items.iter().map(decode_document).collect::<Result<_, _>>()?;
                }
                ("documents", other) => {
                    return Err(MalformedBody::Wrapper(format!("`documents` must be an array, not {}", other.kind())).into());
                }
                (other, _) => return Err(MalformedBody::Wrapper(format!("unknown field {other:?}")).into()),
            }
        }
        Ok(Self { envelope, documents })
    }

    /// Step 2 for what comes from logs: the exact bytes of an entry, which must be canonical.
    ///
    /// # Errors
    /// [`Refusal::Malformed`].
    pub fn entry(bytes: &[u8]) -> Result<Self, Refusal> {
        let envelope = Envelope::parse_canonical(bytes).map_err(MalformedBody::Envelope)?;
        Ok(Self { envelope, documents: Vec::new() })
    }

    /// The envelope.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Whether documents came along.
    pub fn brings_documents(&self) -> bool {
        !self.documents.is_empty()
    }

    /// The documents that came along.
    pub fn documents(&self) -> &[Vec<u8>] {
        &self.documents
    }
}

fn decode_document(value: &Value<'_>) -> Result<Vec<u8>, Refusal> {
    let Value::Text(text) = value else {
        return Err(MalformedBody::Wrapper(format!("a document must be base64 text, not {}", value.kind())).into());
    };
    strict_json::decode_base64(text)
        .ok_or_else(|| MalformedBody::Wrapper("a document is not standard padded base64".to_owned()).into())
}

/// What may be appended: everything that steps 1 to 8 ask for holds. Only [`Ledger::examine`] makes it.
#[derive(Debug, Clone)]
pub struct Admitted {
    pub(super) kind: PayloadType,
    pub(super) issuer: Did,
    pub(super) signed: Signed,
    pub(super) leaf: Hash,
    pub(super) rows: IndexRows,
    pub(super) documents: Vec<NewDocument>,
    pub(super) provenance: Provenance,
    pub(super) first_seen: chrono::DateTime<chrono::Utc>,
}

impl Admitted {
    /// What was signed, with the proof that it was.
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// The leaf hash that the entry will have on every server.
    pub fn leaf(&self) -> Hash {
        self.leaf
    }

    /// Whose it is.
    pub fn issuer(&self) -> &Did {
        &self.issuer
    }

    /// Where it came from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }
}

/// What examining a submission found.
#[derive(Debug, Clone)]
pub enum Examined {
    /// It stands in the log already.
    Known(Box<StoredEntry>),
    /// It may be appended.
    New(Box<Admitted>),
    /// A record 0 whose domain is not verified yet, which holds in every other respect: it may wait for it.
    Unverified(Box<Admitted>),
}

impl Ledger {
    /// Steps 3 to 8 of submitting (protocol, section 3). Reads, and writes nothing.
    ///
    /// # Errors
    /// The [`Refusal`] of the first step that does not hold.
    pub fn examine(&self, submission: Submission, provenance: Provenance) -> Result<Examined, Refusal> {
        self.examine_by(&Stored(self), submission, provenance)
    }

    /// The same without reading anything; `None` when something would have to be read.
    ///
    /// # Errors
    /// The same.
    pub fn examine_at_hand(&self, submission: Submission, provenance: Provenance) -> Option<Result<Examined, Refusal>> {
        match self.examine_by(&AtHand(self), submission, provenance) {
            Ok(examined) => Some(Ok(examined)),
            Err(Stop::Refused(refusal)) => Some(Err(refusal)),
            Err(Stop::NotAtHand) => None,
        }
    }

    fn examine_by<L: Lookups>(&self, lookups: &L, submission: Submission, provenance: Provenance) -> Result<Examined, L::Stop> {
        let Submission { envelope, documents } = submission;
        let size = self.published().head.size;
        // (3) Not in the log yet: the same payload type, payload and signature.
        let known_type = envelope.payload_type();
        let mut same = Vec::new();
        if let Some(kind) = known_type {
            same = lookups.same_payload(kind, &envelope.payload_id(), size)?;
            for stored in &same {
                let there =
                    Envelope::parse_canonical(&stored.bytes).ok().ok_or_else(|| corrupt(stored)).map_err(Refusal::from)?;
                if there.signature() == envelope.signature() {
                    return Ok(Examined::Known(Box::new(stored.clone())));
                }
            }
        }
        // (4) The payload type is known, and one that others may submit. (5) and (6) follow by type.
        let (kind, proved) = match known_type {
            None => return Err(Refusal::UnknownPayloadType { payload_type: envelope.payload_type_str().to_owned() }.into()),
            Some(kind @ (PayloadType::Operator | PayloadType::Index)) => {
                return Err(Refusal::NotSubmittable { payload_type: kind.as_str() }.into());
            }
            Some(kind @ PayloadType::Notice) => (kind, self.proved_notice(lookups, envelope, documents, &provenance, size)?),
            Some(kind @ PayloadType::Publisher) => {
                (kind, self.proved_record(lookups, envelope, &documents, &provenance, size)?)
            }
        };
        let Proved { issuer, issued, lineages, signed, rows, documents, unverified } = proved;
        // (3 again) A second signature of the same key over the same payload is only a nonce game.
        let key = signed.key().as_bytes();
        if let Some(twin) = same.into_iter().find(|twin| twin.key == *key) {
            return Ok(Examined::Known(Box::new(twin)));
        }
        // (7) Admission policy and clock; the advice rules were asked with the documents.
        let now = self.clock.now();
        if self.blocked.contains(&issuer) && !provenance.is_of_operator() {
            return Err(Refusal::Blocked { issuer }.into());
        }
        let trusted = self.trust();
        // Whether a domain answers for a record that waits for it is asked when it leaves the room where it waits.
        let lineages = if unverified { None } else { Some(lineages.as_slice()) };
        self.admission.admit(&issuer, lineages, issued, &provenance, now, &trusted)?;
        // (8) Quotas.
        lookups.within_quota(&issuer, &provenance, now)?;
        let leaf = Hash::leaf(signed.entry());
        let admitted = Box::new(Admitted { kind, issuer, signed, leaf, rows, documents, provenance, first_seen: now });
        Ok(if unverified { Examined::Unverified(admitted) } else { Examined::New(admitted) })
    }

    /// Steps 5 and 6 for a notice: valid form, and a signature by a key of its issuer.
    fn proved_notice<L: Lookups>(
        &self,
        lookups: &L,
        envelope: Envelope,
        documents: Vec<Vec<u8>>,
        provenance: &Provenance,
        size: u64,
    ) -> Result<Proved, L::Stop> {
        let claim = Claim::<Notice>::read(envelope).map_err(|fault| match fault {
            ClaimError::Form(fault) => Refusal::InvalidNotice(fault),
            ClaimError::WrongPayloadType { found, .. } => Refusal::UnknownPayloadType { payload_type: found },
        })?;
        let issuer = claim.value().issuer.id.clone();
        let known = lookups.issuer(&issuer, size)?;
        let keys = known.notice_signers(matches!(provenance, Provenance::Client));
        if keys.is_empty() && known.lineages.of(&issuer).is_empty() {
            return Err(lookups.refuse_unknown(issuer)?.into());
        }
        lookups.may_try(keys)?;
        let verified = claim.verify(keys).map_err(|fault| signature_fault(&fault, &issuer))?;
        let (signed, notice) = verified.into_parts();
        let documents = self.documents_of(&notice, documents, provenance)?;
        Ok(Proved {
            issued: notice.issued,
            lineages: known.lineages.lineages_listing(&issuer, signed.key()),
            rows: IndexRows::Notice(Arc::new(rows::of_notice(&notice))),
            signed,
            issuer,
            documents,
            unverified: false,
        })
    }

    /// Steps 5 and 6 for a publisher record: record 0 by one of its own keys, every other by a key of its predecessor.
    fn proved_record<L: Lookups>(
        &self,
        lookups: &L,
        envelope: Envelope,
        documents: &[Vec<u8>],
        provenance: &Provenance,
        size: u64,
    ) -> Result<Proved, L::Stop> {
        let claim = Claim::<PublisherRecord>::read(envelope).map_err(|fault| match fault {
            ClaimError::Form(fault) => Refusal::InvalidRecord(fault),
            ClaimError::WrongPayloadType { found, .. } => Refusal::UnknownPayloadType { payload_type: found },
        })?;
        let issuer = claim.value().id.clone();
        let known = lookups.issuer(&issuer, size)?;
        let lineages = &known.lineages;
        let Some(keys) = lineages.record_signers(claim.value()) else {
            return Err(Refusal::UnknownPredecessor { issuer }.into());
        };
        lookups.may_try(&keys)?;
        let verified = claim.verify(&keys).map_err(|fault| signature_fault(&fault, &issuer))?;
        let lineage = lineage_of_record(&verified, lineages).ok_or(Refusal::UnknownPredecessor { issuer: issuer.clone() })?;
        // A domain's record 0 can harm nobody before somebody who may decide it said whose it is.
        let known = lineages.get(&lineage).is_some() || self.trust().is_verified(&lineage);
        let unverified = matches!(issuer.method(), DidMethod::Web(_)) && !known && !provenance.is_of_operator();
        if unverified && !self.admission.policy.verifies_domains() {
            return Err(Refusal::NotAdmitted { issuer, policy: self.admission.policy }.into());
        }
        if let Some(document) = documents.first() {
            return Err(Refusal::UnnamedDocument { document: DocumentHash::of(document) }.into());
        }
        let (signed, record) = verified.into_parts();
        Ok(Proved {
            issued: record.issued,
            lineages: vec![lineage],
            rows: IndexRows::Publisher,
            signed,
            issuer,
            documents: Vec::new(),
            unverified,
        })
    }

    /// The documents that came along: each named by the notice and valid; for clients also the advice rules of step 7, and
    /// the texts that a publisher or host must bring.
    fn documents_of(
        &self,
        notice: &Notice,
        documents: Vec<Vec<u8>>,
        provenance: &Provenance,
    ) -> Result<Vec<NewDocument>, Refusal> {
        let named = rows::documents(notice);
        let mut kept = BTreeMap::new();
        let mut texts = None;
        for bytes in documents {
            let hash = DocumentHash::of(&bytes);
            let Some((_, kind)) = named.iter().find(|(name, _)| *name == hash) else {
                return Err(Refusal::UnnamedDocument { document: hash });
            };
            let read = read_document(*kind, &bytes).map_err(|fault| Refusal::InvalidDocument { document: hash, fault })?;
            let words = read.as_ref().map(Texts::words).unwrap_or_default();
            texts = texts.or(read);
            let received = self.clock.now();
            kept.insert(hash, NewDocument { hash, kind: *kind, bytes, words, received });
        }
        if matches!(provenance, Provenance::Client) {
            let must_bring = matches!(notice.issuer.role, IssuerRole::Publisher | IssuerRole::Host);
            if let (true, Some(document), None) = (must_bring, notice.texts, &texts) {
                return Err(Refusal::TextsMissing { document });
            }
            let mut advice = notice::advise(notice, texts.as_ref());
            advice.retain(|a| a.severity == notice::Severity::Refuse);
            if !advice.is_empty() {
                return Err(Refusal::Advice(advice));
            }
        }
        Ok(kept.into_values().collect())
    }
}

/// What steps 5 and 6 prove about an envelope.
struct Proved {
    issuer: Did,
    issued: Timestamp,
    lineages: Vec<LineageId>,
    signed: Signed,
    rows: IndexRows,
    documents: Vec<NewDocument>,
    /// A record whose domain is not verified yet.
    unverified: bool,
}

fn signature_fault(fault: &SignatureError, issuer: &Did) -> Refusal {
    match fault {
        SignatureError::KeyIdMismatch { .. } => MalformedBody::NotCanonical.into(),
        SignatureError::UnknownPayloadType(payload_type) => Refusal::UnknownPayloadType { payload_type: payload_type.clone() },
        SignatureError::BadSignature { .. } => Refusal::BadSignature { issuer: issuer.clone() },
    }
}

fn corrupt(stored: &StoredEntry) -> StoreError {
    StoreError::Corrupt { what: format!("entry {} is not a canonical envelope", stored.index) }
}

//! Who issuers are: their records as they stand in the log, folded into lineages.

use std::sync::Arc;

use serde::Serialize;

use super::Ledger;
use super::ports::StoreError;
use super::remembered::Issuer;
use super::stored::{NoticeFilter, SearchQuery, StoredEntry};
use crate::envelope::{self, Envelope, KeyStatus, LineageId, Lineages, PublicKey, PublisherRecord, Verified};
use crate::notice::{Did, PayloadId, Timestamp};

/// An issuer as this server knows it.
#[derive(Debug, Clone, Serialize)]
pub struct PublisherView {
    /// Its identity.
    pub did: Did,
    /// Its lineages, ordered by record 0; more than one means that the keys of a domain began anew.
    pub lineages: Vec<LineageView>,
}

/// One lineage of an issuer.
#[derive(Debug, Clone, Serialize)]
pub struct LineageView {
    /// Which lineage.
    pub lineage: String,
    /// The name that its newest record gives.
    pub name: String,
    /// Whether the operator pinned it.
    pub pinned: bool,
    /// What it speaks for here.
    pub prefixes: Vec<String>,
    /// Whether two records claim the same place.
    pub forked: bool,
    /// Its records, oldest first.
    pub records: Vec<RecordView>,
    /// Every key it ever listed, with what it is now.
    pub keys: Vec<KeyView>,
}

/// One record of a lineage.
#[derive(Debug, Clone, Serialize)]
pub struct RecordView {
    /// Its payload id.
    pub id: PayloadId,
    /// Its place in the chain.
    pub sequence: u64,
    /// When it claims to have been issued.
    pub issued: Timestamp,
    /// The issuer's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// Where to reach it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// One key of a lineage.
#[derive(Debug, Clone, Serialize)]
pub struct KeyView {
    /// `z6Mk...`
    pub key: String,
    /// What it is now.
    pub status: KeyStatus,
}

impl Ledger {
    /// The issuer `did`, when it has a record or a notice in the log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn publisher(&self, did: &Did) -> Result<Option<PublisherView>, StoreError> {
        let size = self.published().head.size;
        let lineages = self.lineages_of(did, size)?;
        let known = lineages.of(did);
        if known.is_empty() {
            let filter = NoticeFilter { issuer: Some(did.clone()), ..NoticeFilter::default() };
            let notices = SearchQuery { filter, limit: 1, ..SearchQuery::default() };
            if self.stores.index.search(&notices, size)?.is_empty() {
                return Ok(None);
            }
        }
        let lineages = known.into_iter().map(|lineage| self.lineage_view(lineage)).collect();
        Ok(Some(PublisherView { did: did.clone(), lineages }))
    }

    /// Issuers with a record or a notice, in the order of their DIDs, after `after`; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn publishers(&self, after: Option<&Did>, limit: usize) -> Result<Vec<PublisherView>, StoreError> {
        let dids = self.stores.index.issuers(after, limit.min(100), self.published().head.size)?;
        let mut views = Vec::with_capacity(dids.len());
        for did in &dids {
            views.extend(self.publisher(did)?);
        }
        Ok(views)
    }

    fn lineage_view(&self, lineage: &envelope::Lineage) -> LineageView {
        let record = |r: &envelope::ChainRecord| RecordView {
            id: r.id,
            sequence: r.record.sequence,
            issued: r.record.issued,
            homepage: r.record.homepage.clone(),
            contact: r.record.contact.clone(),
        };
        let key = |key: &PublicKey| {
            let status = lineage.status_of(key).unwrap_or(KeyStatus::Active);
            KeyView { key: key.to_multibase(), status }
        };
        let standing = self.trust.lineages.get(lineage.id());
        LineageView {
            lineage: lineage.id().to_string(),
            name: lineage.name().to_owned(),
            pinned: standing.is_some_and(|s| s.pinned),
            prefixes: standing.map(|s| s.prefixes.clone()).unwrap_or_default(),
            forked: lineage.is_forked(),
            records: lineage.chain().iter().chain(lineage.branches()).map(record).collect(),
            keys: lineage.listed_keys().into_iter().map(key).collect(),
        }
    }

    /// Whether it is known without reading anything that no publisher record stands at `size` or behind. `false` is no answer.
    pub fn has_no_record_since(&self, size: u64) -> bool {
        self.appended.no_record_since(size)
    }

    /// The lineages of `did`, folded from its records below `size`.
    pub(super) fn lineages_of(&self, did: &Did, size: u64) -> Result<Arc<Lineages>, StoreError> {
        Ok(self.issuer_of(did, size)?.lineages.clone())
    }

    /// The same with the keys that speak for it.
    pub(super) fn issuer_of(&self, did: &Did, size: u64) -> Result<Arc<Issuer>, StoreError> {
        let places = self.stores.log.places_of_records(did, size)?;
        self.remembered.issuer(did, (places, size), || {
            let records = self.stores.log.records_of(did, size)?;
            let verified = records.iter().map(verified_record).collect::<Result<Vec<_>, _>>()?;
            Ok(Lineages::fold(&verified))
        })
    }

    /// The same without reading anything, when no publisher record at all was appended since its own were looked for.
    pub(super) fn issuer_at_hand(&self, did: &Did) -> Option<Arc<Issuer>> {
        let (issuer, size) = self.remembered.issuer_at_hand(did)?;
        self.has_no_record_since(size).then_some(issuer)
    }

    /// The name that an issuer's newest record gives, of a pinned lineage before others.
    pub(super) fn name_of(&self, did: &Did, lineages: &Lineages) -> Option<String> {
        let known = lineages.of(did);
        let pinned = known.iter().find(|lineage| self.admission.pins.contains(lineage.id()));
        pinned.or(known.first()).map(|lineage| lineage.name().to_owned())
    }
}

/// The record of a stored entry. Its signature is verified again: lineages are only ever folded from verified records.
pub(super) fn verified_record(entry: &StoredEntry) -> Result<Verified<PublisherRecord>, StoreError> {
    let corrupt = |what: String| StoreError::Corrupt { what: format!("entry {}: {what}", entry.index) };
    let envelope = Envelope::parse_canonical(&entry.bytes).map_err(|e| corrupt(e.to_string()))?;
    let key = PublicKey::from_bytes(&entry.key).map_err(|e| corrupt(e.to_string()))?;
    let signed = envelope::verify(&envelope, &[key]).map_err(|e| corrupt(e.to_string()))?;
    Verified::new(signed).map_err(|e| corrupt(e.to_string()))
}

/// The lineage that a record belongs to: the one that its record 0 began, or that of its predecessor.
pub(super) fn lineage_of_record(record: &Verified<PublisherRecord>, lineages: &Lineages) -> Option<LineageId> {
    let value = record.value();
    if matches!(value.id.method(), crate::notice::DidMethod::Key(_)) {
        return Some(LineageId::bare(value.id.clone()));
    }
    let Some(previous) = value.previous else {
        return Some(LineageId { did: value.id.clone(), record0: Some(record.signed().payload_id()) });
    };
    let holds = |lineage: &&envelope::Lineage| lineage.chain().iter().chain(lineage.branches()).any(|r| r.id == previous);
    lineages.of(&value.id).into_iter().find(holds).map(|lineage| lineage.id().clone())
}

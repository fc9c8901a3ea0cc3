//! Who issuers are: their records as they stand in the log, folded into lineages.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::Ledger;
use super::domains::{Attestation, DomainState, DomainView, WaitingView};
use super::ports::StoreError;
use super::remembered::Issuer;
use super::stored::{NoticeFilter, SearchQuery, StoredEntry};
use crate::envelope::{
    self, Envelope, Fork, History, KeyHistory, LineageId, Lineages, PublicKey, PublisherRecord, RecordStep, Verified,
};
use crate::notice::{Did, Mark, PayloadId};

/// An issuer as this server knows it.
#[derive(Debug, Clone, Serialize)]
pub struct PublisherView {
    /// Its identity.
    pub did: Did,
    /// Whether the keys of a domain began anew: it has more than one lineage, and none of them can touch another's notices.
    pub key_changed: bool,
    /// Its lineages, ordered by record 0.
    pub lineages: Vec<LineageView>,
    /// Records that wait until the domain is verified.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<WaitingView>,
    /// Whether the operator takes nothing new from it.
    pub blocked: bool,
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
    /// Whether its domain answers for it here: somebody attested it, or the operator pinned it. Once it does, it does for good.
    pub domain_verified: bool,
    /// Who attested it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verified: Vec<Attestation>,
    /// What the domain itself said last, when it was to be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<DomainView>,
    /// Whether two records claim the same place.
    pub forked: bool,
    /// Places that more than one record claims.
    pub forks: Vec<Fork>,
    /// Its records: those of the chain in their order, then those behind a fork.
    pub records: Vec<RecordView>,
    /// Every key it ever listed, with what it is now and since which record.
    pub keys: Vec<KeyHistory>,
    /// Why its name or its domain should be looked at twice. Ours: nothing that is signed says it, and nothing follows from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// One record of a lineage.
#[derive(Debug, Clone, Serialize)]
pub struct RecordView {
    /// What it says.
    #[serde(flatten)]
    pub step: RecordStep,
    /// Where it stands in this log: once for each key that signed it.
    pub entries: Vec<RecordEntry>,
}

/// Where a record stands.
#[derive(Debug, Clone, Serialize)]
pub struct RecordEntry {
    /// The leaf hash, under which `/log/entry/` has the signed record itself.
    pub entry: String,
    /// The index in this log.
    pub index: u64,
    /// The key that signed it.
    pub signed_by: PublicKey,
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
        let waiting = self.waiting_views(did)?;
        if known.is_empty() && waiting.is_empty() {
            let filter = NoticeFilter { issuer: Some(did.clone()), ..NoticeFilter::default() };
            let notices = SearchQuery { filter, limit: 1, ..SearchQuery::default() };
            if self.stores.index.search(&notices, size)?.is_empty() {
                return Ok(None);
            }
        }
        let entries = if known.is_empty() { Vec::new() } else { self.stores.log.records_of(did, size)? };
        let state = self.domain_state(did)?;
        let view = |lineage| self.lineage_view(lineage, &entries, state.as_ref());
        let lineages = known.into_iter().map(view).collect::<Result<Vec<_>, _>>()?;
        let (key_changed, blocked) = (lineages.len() > 1, self.is_blocked(did));
        Ok(Some(PublisherView { did: did.clone(), key_changed, lineages, waiting, blocked }))
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

    fn lineage_view(
        &self,
        lineage: &envelope::Lineage,
        entries: &[StoredEntry],
        state: Option<&DomainState>,
    ) -> Result<LineageView, StoreError> {
        let History { records, forks, keys } = lineage.history();
        let mut by_payload: HashMap<PayloadId, Vec<RecordEntry>> = HashMap::new();
        for stored in entries {
            let signed_by = self.remembered.key(&stored.key)?;
            let entry = RecordEntry { entry: stored.leaf.to_string(), index: stored.index, signed_by };
            by_payload.entry(stored.payload_id).or_default().push(entry);
        }
        let record = |step: RecordStep| RecordView { entries: by_payload.remove(&step.id).unwrap_or_default(), step };
        let trusted = self.trust();
        let standing = trusted.lineages.get(lineage.id());
        let pinned = standing.is_some_and(|s| s.pinned);
        Ok(LineageView {
            lineage: lineage.id().to_string(),
            name: lineage.name().to_owned(),
            pinned,
            prefixes: standing.map(|s| s.prefixes.clone()).unwrap_or_default(),
            domain_verified: trusted.is_verified(lineage.id()),
            verified: trusted.attestations(lineage.id()).to_vec(),
            domain: state.map(|state| DomainView::of(state, lineage)),
            forked: lineage.is_forked(),
            forks,
            records: records.into_iter().map(record).collect(),
            keys,
            marks: self.marks(&lineage.id().did, Some(lineage.name()), pinned)?,
        })
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

//! What this server believes about lineages now: pins, what its own operator stated in its log, and what operators stated whom it lets
//! vouch (protocol, section 5).
//!
//! Pins are fixed when a server starts. The rest grows while it runs, so all of it is one value that is put in place as a whole: an
//! answer is decided with one of them, and names its hash.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use super::Ledger;
use super::admission::Pins;
use super::domains::Attestation;
use super::ports::{LogRead, StoreError};
use super::stored::StoredEntry;
use crate::envelope::{Envelope, LineageId, OperatorStatement, Statement};
use crate::verdict::Trust;

/// What peers say of domains that the operator lets vouch.
#[derive(Debug, Clone, Default)]
pub struct Vouched {
    /// Which lineages, and who says so.
    pub attested: Vec<(LineageId, Attestation)>,
    /// Origins of the peers whose word is taken.
    pub peers: BTreeSet<String>,
}

/// What is believed, and on whose word.
#[derive(Debug, Clone, Default)]
pub struct Trusted {
    trust: Trust,
    hash: String,
    attested: BTreeMap<LineageId, Vec<Attestation>>,
}

impl Deref for Trusted {
    type Target = Trust;

    fn deref(&self) -> &Trust {
        &self.trust
    }
}

impl Trusted {
    /// Pins, and lineages whose domain somebody attested. Each attestation is one that the operator believes.
    pub(super) fn of(
        pins: &Pins,
        attested: impl IntoIterator<Item = (LineageId, Attestation)>,
        vouching_peers: BTreeSet<String>,
    ) -> Self {
        let mut trust = Trust { vouching_peers, ..pins.trust() };
        let mut by_lineage: BTreeMap<LineageId, Vec<Attestation>> = BTreeMap::new();
        for (lineage, attestation) in attested {
            trust.lineages.entry(lineage.clone()).or_default().domain_verified = true;
            let known = by_lineage.entry(lineage).or_default();
            if !known.contains(&attestation) {
                known.push(attestation);
            }
        }
        Self { hash: trust.hash(), trust, attested: by_lineage }
    }

    /// The hash that answers are shown with.
    pub(super) fn settings_hash(&self) -> &str {
        &self.hash
    }

    /// Whether the operator pinned this lineage, or its domain answers for it.
    pub fn is_verified(&self, lineage: &LineageId) -> bool {
        self.trust.lineages.get(lineage).is_some_and(|standing| standing.pinned || standing.domain_verified)
    }

    /// Who attested that the domain of this lineage answers for it: this server first.
    pub fn attestations(&self, lineage: &LineageId) -> &[Attestation] {
        self.attested.get(lineage).map_or(&[], Vec::as_slice)
    }
}

impl Ledger {
    /// What is believed about lineages now. The trust settings that verdicts are decided with are a part of it.
    pub fn trust(&self) -> Arc<Trusted> {
        self.trusted.load_full()
    }

    /// Believes peers about domains from now on, and no others than these; gives whether more or less is believed now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn believe(&self, vouched: Vouched) -> Result<bool, StoreError> {
        self.vouched.store(Arc::new(vouched));
        self.refresh_trust()
    }

    /// Reads again what the own log and vouching peers say of domains; gives whether more or less is believed now.
    ///
    /// # Errors
    /// [`StoreError`]; what was believed before stays.
    pub fn refresh_trust(&self) -> Result<bool, StoreError> {
        let size = self.published().head.size;
        let (origin, vouched) = (self.identity.origin.as_str(), self.vouched.load());
        let trusted = believed(&self.admission.pins, origin, self.stores.log.as_ref(), size, &vouched)?;
        let changed = trusted.attested != self.trusted.load().attested || trusted.hash != self.trusted.load().hash;
        if changed {
            self.trusted.store(Arc::new(trusted));
        }
        Ok(changed)
    }
}

/// What follows from the log below `size`, and from what peers vouch for.
pub(super) fn believed(
    pins: &Pins,
    origin: &str,
    log: &dyn LogRead,
    size: u64,
    vouched: &Vouched,
) -> Result<Trusted, StoreError> {
    let mut attested = Vec::new();
    for entry in log.statements(size)? {
        let statement = stated(&entry)?;
        if let Statement::DomainVerified { lineage, method } = statement.statement {
            attested.push((lineage, Attestation { by: origin.to_owned(), method, on: statement.issued }));
        }
    }
    attested.extend(vouched.attested.iter().cloned());
    Ok(Trusted::of(pins, attested, vouched.peers.clone()))
}

/// What a statement of the own log says.
fn stated(entry: &StoredEntry) -> Result<OperatorStatement, StoreError> {
    let corrupt = |why: String| StoreError::Corrupt { what: format!("entry {}: {why}", entry.index) };
    let envelope = Envelope::parse_canonical(&entry.bytes).map_err(|e| corrupt(e.to_string()))?;
    OperatorStatement::parse(envelope.payload()).map_err(|e| corrupt(e.to_string()))
}

//! How verdicts see the log: statements gathered as of a tree size.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Ledger;
use super::finding::{Finding, InMemory, InStorage};
use super::stored::FactQuery;
use crate::envelope::Lineages;
use crate::notice::{Did, DocumentHash, Identifier, KnownNames, LookupKey, NoticeId};
use crate::verdict::{Listed, Statement, StatementSource, Voice};

/// The statements of a ledger below one tree size; lineages are found once for each issuer that is met.
pub(super) struct LedgerStatements<F> {
    finding: F,
    size: u64,
    lineages: Mutex<HashMap<Did, Arc<Lineages>>>,
}

impl<'l> LedgerStatements<InStorage<'l>> {
    /// Blocks for as long as storage takes.
    pub(super) fn below(ledger: &'l Ledger, size: u64) -> Self {
        Self { finding: InStorage(ledger), size, lineages: Mutex::default() }
    }
}

impl<'l> LedgerStatements<InMemory<'l>> {
    /// Reads nothing.
    pub(super) fn at_hand_below(ledger: &'l Ledger, size: u64) -> Self {
        Self { finding: InMemory::of(ledger), size, lineages: Mutex::default() }
    }
}

impl<F: Finding> LedgerStatements<F> {
    /// The statement of this name, with every voice that signed it; `None` when the log does not have it.
    pub(super) fn statement(&self, id: &NoticeId) -> Result<Option<Statement>, F::Stop> {
        let places = self.finding.places(id, self.size)?;
        let Some(first) = places.first() else { return Ok(None) };
        let notice = self.finding.notice(first.index)?;
        let lineages = self.lineages(&notice.issuer.id)?;
        let mut voices = Vec::new();
        for place in &places {
            let key = self.finding.key(&place.key)?;
            let listings = lineages.listings(&notice.issuer.id, &key);
            voices.extend(listings.into_iter().map(|l| Voice { lineage: l.lineage, may_lift: l.may_lift }));
        }
        Ok(Some(Statement { id: *id, notice, voices, first_index: Some(first.index) }))
    }

    pub(super) fn lineages(&self, did: &Did) -> Result<Arc<Lineages>, F::Stop> {
        let known = self.lineages.lock().unwrap_or_else(PoisonError::into_inner).get(did).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let found = self.finding.lineages(did, self.size)?;
        self.lineages.lock().unwrap_or_else(PoisonError::into_inner).insert(did.clone(), found.clone());
        Ok(found)
    }

    pub(super) fn known_names(&self) -> Result<Arc<KnownNames>, F::Stop> {
        self.finding.known_names()
    }

    pub(super) fn is_removed(&self, list: &DocumentHash) -> Result<bool, F::Stop> {
        self.finding.is_removed(list)
    }

    fn statements(&self, ids: &[NoticeId]) -> Result<Vec<Statement>, F::Stop> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.extend(self.statement(id)?);
        }
        Ok(found)
    }
}

impl<F: Finding> StatementSource for LedgerStatements<F> {
    type Error = F::Stop;

    fn naming(&self, keys: &[LookupKey]) -> Result<Vec<Statement>, F::Stop> {
        self.statements(&self.finding.notices_with(FactQuery::Naming, keys, self.size)?)
    }

    fn deriving(&self, keys: &[LookupKey]) -> Result<Vec<Statement>, F::Stop> {
        self.statements(&self.finding.notices_with(FactQuery::Deriving, keys, self.size)?)
    }

    fn pointing_at(&self, notices: &[NoticeId]) -> Result<Vec<Statement>, F::Stop> {
        self.statements(&self.finding.notices_pointing_at(notices, self.size)?)
    }

    fn by_id(&self, ids: &[NoticeId]) -> Result<Vec<Statement>, F::Stop> {
        self.statements(ids)
    }

    fn listing(&self, digest: &Identifier) -> Result<Vec<Listed>, F::Stop> {
        let Some((algorithm, bytes)) = digest.digest() else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (notice, list, contained) in self.finding.lists(algorithm, &bytes, self.size)? {
            if let Some(statement) = self.statement(&notice)? {
                found.push((statement, list, contained));
            }
        }
        Ok(found)
    }
}

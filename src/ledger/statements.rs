//! How verdicts see the log: statements gathered from storage as of a tree size.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Ledger;
use super::documents::list_contains;
use super::ports::StoreError;
use super::stored::FactQuery;
use crate::envelope::{Lineages, PayloadType};
use crate::notice::{Did, Identifier, LookupKey, NoticeId};
use crate::verdict::{Listed, Statement, StatementSource, Voice};

/// The statements of a ledger below one tree size; lineages are folded once for each issuer that is met.
pub(super) struct LedgerStatements<'l> {
    ledger: &'l Ledger,
    size: u64,
    lineages: Mutex<HashMap<Did, Arc<Lineages>>>,
}

impl<'l> LedgerStatements<'l> {
    pub(super) fn below(ledger: &'l Ledger, size: u64) -> Self {
        Self { ledger, size, lineages: Mutex::new(HashMap::new()) }
    }

    /// The statement of this name, with every voice that signed it; `None` when the log does not have it.
    pub(super) fn statement(&self, id: &NoticeId) -> Result<Option<Statement>, StoreError> {
        let places = self.ledger.stores.log.places_of_payload(PayloadType::Notice, id, self.size)?;
        let Some(first) = places.first() else { return Ok(None) };
        let notice = self.ledger.notice_at(first.index)?;
        let lineages = self.lineages(&notice.issuer.id)?;
        let mut voices = Vec::new();
        for place in &places {
            let key = self.ledger.remembered.key(&place.key)?;
            let listings = lineages.listings(&notice.issuer.id, &key);
            voices.extend(listings.into_iter().map(|l| Voice { lineage: l.lineage, may_lift: l.may_lift }));
        }
        Ok(Some(Statement { id: *id, notice, voices, first_index: Some(first.index) }))
    }

    pub(super) fn lineages(&self, did: &Did) -> Result<Arc<Lineages>, StoreError> {
        let known = self.lineages.lock().unwrap_or_else(PoisonError::into_inner).get(did).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let folded = self.ledger.lineages_of(did, self.size)?;
        self.lineages.lock().unwrap_or_else(PoisonError::into_inner).insert(did.clone(), folded.clone());
        Ok(folded)
    }

    fn statements(&self, ids: &[NoticeId]) -> Result<Vec<Statement>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.extend(self.statement(id)?);
        }
        Ok(found)
    }
}

impl StatementSource for LedgerStatements<'_> {
    type Error = StoreError;

    fn naming(&self, keys: &[LookupKey]) -> Result<Vec<Statement>, StoreError> {
        self.statements(&self.ledger.stores.index.notices_with(FactQuery::Naming, keys, self.size)?)
    }

    fn deriving(&self, keys: &[LookupKey]) -> Result<Vec<Statement>, StoreError> {
        self.statements(&self.ledger.stores.index.notices_with(FactQuery::Deriving, keys, self.size)?)
    }

    fn pointing_at(&self, notices: &[NoticeId]) -> Result<Vec<Statement>, StoreError> {
        self.statements(&self.ledger.stores.index.notices_pointing_at(notices, self.size)?)
    }

    fn by_id(&self, ids: &[NoticeId]) -> Result<Vec<Statement>, StoreError> {
        self.statements(ids)
    }

    fn listing(&self, digest: &Identifier) -> Result<Vec<Listed>, StoreError> {
        let Some((algorithm, bytes)) = digest.digest() else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for stored in self.ledger.stores.index.digest_lists(algorithm, self.size)? {
            let contained = self.ledger.stores.documents.read(&stored.list)?.map(|list| list_contains(&list, &bytes));
            if let Some(statement) = self.statement(&stored.notice)? {
                found.push((statement, stored.list, contained));
            }
        }
        Ok(found)
    }
}

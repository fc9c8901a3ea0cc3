//! How verdicts see a local index: statements whose signatures were verified here.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::entries::{Missing, NoEntry};
use super::local::LocalIndex;
use super::{IndexError, IndexFault};
use crate::client::records;
use crate::compact::Key;
use crate::envelope::{Claim, Envelope, Lineages, PayloadType, PublisherRecord};
use crate::notice::{Did, Identifier, LookupKey, Notice, NoticeId};
use crate::verdict::{Listed, Statement, StatementSource, Voice};

/// Why a question has no answer.
#[derive(Debug)]
pub(super) enum Stop {
    /// An entry is not here: this question cannot be answered, others may.
    Missing(Missing),
    /// The index cannot be used.
    Error(IndexError),
}

impl From<IndexError> for Stop {
    fn from(error: IndexError) -> Self {
        Self::Error(error)
    }
}

impl From<NoEntry> for Stop {
    fn from(none: NoEntry) -> Self {
        match none {
            NoEntry::Missing(missing) => Self::Missing(missing),
            NoEntry::Error(error) => Self::Error(error),
        }
    }
}

/// The statements of a local index; what was verified once is kept.
pub(super) struct LocalStatements<'i> {
    index: &'i LocalIndex,
    lineages: Mutex<HashMap<Did, Arc<Lineages>>>,
    statements: Mutex<HashMap<NoticeId, Option<Statement>>>,
}

impl<'i> LocalStatements<'i> {
    pub(super) fn of(index: &'i LocalIndex) -> Self {
        Self { index, lineages: Mutex::default(), statements: Mutex::default() }
    }

    fn envelope(&self, index: u64) -> Result<Envelope, Stop> {
        let bytes = self.index.entries().entry(index)?;
        Envelope::parse_canonical(&bytes).map_err(|fault| self.broken(index, format!("no canonical envelope: {fault}")))
    }

    fn broken(&self, index: u64, what: String) -> Stop {
        Stop::Error(IndexError::broken(self.index.origin(), IndexFault::Entry { index, what }))
    }

    /// The lineages of an issuer.
    pub(super) fn lineages(&self, did: &Did) -> Result<Arc<Lineages>, Stop> {
        if let Some(known) = self.lineages.lock().unwrap_or_else(PoisonError::into_inner).get(did) {
            return Ok(known.clone());
        }
        let mut claims = Vec::new();
        for index in self.index.find(Key::records_of(did))? {
            let envelope = self.envelope(index)?;
            if envelope.payload_type() == Some(PayloadType::Publisher) {
                let claim = Claim::<PublisherRecord>::read(envelope);
                let claim = claim.map_err(|fault| self.broken(index, format!("no valid record: {fault}")))?;
                claims.push((index, claim));
            }
        }
        claims.retain(|(_, claim)| claim.value().id == *did);
        let records = records::verified(claims);
        let records = records.map_err(|(index, did)| self.broken(index, format!("not signed by a key of {did}")))?;
        let lineages = Arc::new(Lineages::fold(&records));
        self.lineages.lock().unwrap_or_else(PoisonError::into_inner).insert(did.clone(), lineages.clone());
        Ok(lineages)
    }

    /// The notice of this name, with everybody who signed it; `None` when the log has none.
    pub(super) fn statement(&self, id: &NoticeId) -> Result<Option<Statement>, Stop> {
        if let Some(known) = self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(known.clone());
        }
        let mut statement: Option<Statement> = None;
        for index in self.index.find(Key::payload(id))? {
            let envelope = self.envelope(index)?;
            if envelope.payload_type() != Some(PayloadType::Notice) || envelope.payload_id() != *id {
                continue;
            }
            let (notice, voices) = self.verified(index, envelope)?;
            match &mut statement {
                Some(statement) => statement.voices.extend(voices),
                None => {
                    statement = Some(Statement { id: *id, notice: Arc::new(notice.into()), voices, first_index: Some(index) });
                }
            }
        }
        self.statements.lock().unwrap_or_else(PoisonError::into_inner).insert(*id, statement.clone());
        Ok(statement)
    }

    fn verified(&self, index: u64, envelope: Envelope) -> Result<(Notice, Vec<Voice>), Stop> {
        let claim = Claim::<Notice>::read(envelope);
        let claim = claim.map_err(|fault| self.broken(index, format!("no valid notice: {fault}")))?;
        let issuer = claim.value().issuer.id.clone();
        let lineages = self.lineages(&issuer)?;
        let verified = claim.verify(&lineages.notice_signers(&issuer, false));
        let verified = verified.map_err(|_unsigned| self.broken(index, format!("not signed by a key of {issuer}")))?;
        let listings = lineages.listings(&issuer, verified.signed().key());
        let voices = listings.into_iter().map(|l| Voice { lineage: l.lineage, may_lift: l.may_lift }).collect();
        Ok((verified.value().clone(), voices))
    }

    /// The notices that these keys lead to; some may lead there by chance only.
    fn under(&self, keys: impl IntoIterator<Item = Key>) -> Result<Vec<Statement>, Stop> {
        let mut ids = BTreeSet::new();
        for key in keys {
            for index in self.index.find(key)? {
                let envelope = self.envelope(index)?;
                if envelope.payload_type() == Some(PayloadType::Notice) {
                    ids.insert(envelope.payload_id());
                }
            }
        }
        self.by_id(&ids.into_iter().collect::<Vec<_>>())
    }
}

impl StatementSource for LocalStatements<'_> {
    type Error = Stop;

    fn naming(&self, keys: &[LookupKey]) -> Result<Vec<Statement>, Stop> {
        self.under(keys.iter().map(Key::naming))
    }

    fn deriving(&self, keys: &[LookupKey]) -> Result<Vec<Statement>, Stop> {
        self.under(keys.iter().map(Key::deriving))
    }

    fn pointing_at(&self, notices: &[NoticeId]) -> Result<Vec<Statement>, Stop> {
        self.under(notices.iter().map(Key::pointing_at))
    }

    fn by_id(&self, ids: &[NoticeId]) -> Result<Vec<Statement>, Stop> {
        let found = ids.iter().map(|id| self.statement(id)).collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    fn listing(&self, digest: &Identifier) -> Result<Vec<Listed>, Stop> {
        let Some((_, bytes)) = digest.digest() else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for named in self.index.lists().for_digest(digest) {
            let holds = self.index.lists().holds(&named.list, &bytes)?;
            // A list that does not hold it says nothing of it, whoever names the list.
            if holds == Some(false) {
                continue;
            }
            let envelope = self.envelope(named.entry)?;
            if let Some(statement) = self.statement(&envelope.payload_id())? {
                found.push((statement, named.list.sha256, holds));
            }
        }
        Ok(found)
    }
}

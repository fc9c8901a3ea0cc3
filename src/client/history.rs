//! The history of a publisher, decided again from its signed records, so that the server is believed only about its pins and about
//! what it left out.

use std::collections::BTreeSet;

use super::answers::{LineageAnswer, PublisherAnswer};
use super::{Client, ClientError};
use crate::envelope::{
    Claim, ClaimError, Envelope, EnvelopeError, FormError, KeyHistory, LineageId, Lineages, PublicKey, PublisherRecord,
    Verified,
};
use crate::notice::Did;
use crate::tlog::Hash;

/// What a server knows of a publisher.
#[derive(Debug)]
pub struct PublisherHistory {
    /// What the server says.
    pub answer: PublisherAnswer,
    /// What follows from the signed records that it showed.
    pub lineages: Lineages,
    /// The records themselves.
    pub records: Vec<Verified<PublisherRecord>>,
}

/// Why there is no history to show.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The server did not answer.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The server showed what cannot be.
    #[error(transparent)]
    Fault(#[from] HistoryFault),
}

/// What a server showed that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryFault {
    /// The answer is about somebody else.
    #[error("the server answered about {0}")]
    OtherPublisher(String),
    /// Other bytes than those of this leaf hash.
    #[error("the server gave other bytes for entry {0}")]
    OtherEntry(Hash),
    /// A name of an entry that is no leaf hash.
    #[error("the server names an entry {0:?}")]
    NotALeaf(String),
    /// No canonical envelope.
    #[error("entry {0}: {1}")]
    Envelope(Hash, EnvelopeError),
    /// No publisher record.
    #[error("entry {0}: {1}")]
    Record(Hash, ClaimError<FormError>),
    /// A record of somebody else, or one that no key of its publisher signed.
    #[error("entry {0} is no record that a key of {1} signed")]
    Stranger(Hash, Did),
    /// The server says something else of the keys than the records do.
    #[error("the server says of {0} what its records do not say")]
    Disagreement(String),
}

impl Client {
    /// What the server knows of a publisher, with its signed records; `None` when that is nothing.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub async fn history(&self, did: &Did) -> Result<Option<PublisherHistory>, HistoryError> {
        let Some(answer) = self.publisher(did).await? else { return Ok(None) };
        if answer.did != did.as_str() {
            return Err(HistoryFault::OtherPublisher(answer.did).into());
        }
        let mut claims = Vec::new();
        for entry in answer.lineages.iter().flat_map(|lineage| &lineage.records).flat_map(|record| &record.entries) {
            let leaf = Hash::parse(&entry.entry).ok_or_else(|| HistoryFault::NotALeaf(entry.entry.clone()))?;
            claims.push((leaf, read(&leaf, &self.entry(&leaf).await?)?));
        }
        let records = verified(claims, did)?;
        let lineages = Lineages::fold(&records);
        agree(&answer, &lineages)?;
        Ok(Some(PublisherHistory { answer, lineages, records }))
    }
}

fn read(leaf: &Hash, bytes: &[u8]) -> Result<Claim<PublisherRecord>, HistoryFault> {
    if Hash::leaf(bytes) != *leaf {
        return Err(HistoryFault::OtherEntry(*leaf));
    }
    let envelope = Envelope::parse_canonical(bytes).map_err(|fault| HistoryFault::Envelope(*leaf, fault))?;
    Claim::read(envelope).map_err(|fault| HistoryFault::Record(*leaf, fault))
}

/// Every record, signed by a key that some record of this publisher lists. Who was entitled to sign which is for the fold.
fn verified(claims: Vec<(Hash, Claim<PublisherRecord>)>, did: &Did) -> Result<Vec<Verified<PublisherRecord>>, HistoryFault> {
    let mut keys: BTreeSet<PublicKey> = PublicKey::from_did_key(did).into_iter().collect();
    keys.extend(claims.iter().flat_map(|(_, claim)| &claim.value().keys).map(|listed| listed.key));
    let keys: Vec<PublicKey> = keys.into_iter().collect();
    let stranger = |leaf| HistoryFault::Stranger(leaf, did.clone());
    let record = |(leaf, claim): (Hash, Claim<PublisherRecord>)| {
        let own = (claim.value().id == *did).then_some(claim);
        own.and_then(|claim| claim.verify(&keys).ok()).ok_or_else(|| stranger(leaf))
    };
    claims.into_iter().map(record).collect()
}

/// Whether the server's words about lineages and keys are those of the records.
fn agree(answer: &PublisherAnswer, lineages: &Lineages) -> Result<(), HistoryFault> {
    let shown = answer.lineages.len();
    if lineages.iter().count() != shown || answer.key_changed != (shown > 1) {
        return Err(HistoryFault::Disagreement(answer.did.clone()));
    }
    for said in &answer.lineages {
        let found = LineageId::parse(&said.lineage).and_then(|id| lineages.get(&id));
        let same = found.is_some_and(|found| found.is_forked() == said.forked && same_keys(said, &found.history().keys));
        if !same {
            return Err(HistoryFault::Disagreement(said.lineage.clone()));
        }
    }
    Ok(())
}

fn same_keys(said: &LineageAnswer, found: &[KeyHistory]) -> bool {
    let said: BTreeSet<_> = said.keys.iter().map(|key| (key.key.clone(), key.status.clone(), key.may_lift)).collect();
    let found = found.iter().map(|key| (key.key.to_multibase(), key.status.as_str().to_owned(), key.may_lift));
    said == found.collect()
}

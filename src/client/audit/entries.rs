//! What one piece of a log says: up to 256 entries, hashed, read, and their signatures checked as far as keys are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{PoisonError, RwLock};

use super::finding::Fault;
use crate::envelope::{self, Claim, Envelope, OperatorStatement, Payload, PayloadType, PublicKey, PublisherRecord};
use crate::notice::{Did, DidMethod, Notice};
use crate::tlog::Hash;
use crate::tlog::bundle::Slot;

/// An entry that was looked at.
pub(super) struct Looked {
    pub(super) index: u64,
    pub(super) leaf: Hash,
    pub(super) what: What,
}

/// What an entry is.
pub(super) enum What {
    /// A notice, and the key that signed it; `None` while no key is known that did.
    Notice(Did, Option<PublicKey>),
    /// A record, whose signature is checked when all records are known.
    Record(Box<Claim<PublisherRecord>>),
    /// A statement of the operator, verified or not.
    Statement {
        /// Whether there was a key to verify it with.
        verified: bool,
    },
    /// Of a type that this version does not know.
    UnknownType(String),
    /// Not given.
    Withheld,
}

/// A piece of the log: the leaves that the tree is computed from, and what stands behind them.
#[derive(Default)]
pub(super) struct Piece {
    pub(super) leaves: Vec<Hash>,
    pub(super) entries: Vec<Looked>,
    pub(super) faults: Vec<Fault>,
}

/// What entries are checked against.
pub(super) struct Rules {
    pub(super) origin: String,
    pub(super) operator: Option<PublicKey>,
    pub(super) known: KnownKeys,
}

/// The keys that records of issuers list, as far as the log was read. Listed is not entitled: that is decided when all records
/// are known.
#[derive(Default)]
pub(super) struct KnownKeys(RwLock<BTreeMap<Did, BTreeSet<PublicKey>>>);

impl KnownKeys {
    fn add(&self, record: &PublisherRecord) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(record.id.clone()).or_default().extend(record.keys.iter().map(|listed| listed.key));
    }

    fn of(&self, issuer: &Did) -> Vec<PublicKey> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(issuer).into_iter().flatten().copied().collect()
    }
}

impl Rules {
    /// Looks at the entries from `first` on. `tile` and `slots` are what came for the same `width` entries.
    pub(super) fn look(
        &self,
        first: u64,
        width: u16,
        tile: Result<Vec<Hash>, Fault>,
        slots: Result<Vec<Slot>, Fault>,
    ) -> Piece {
        let mut piece = Piece::default();
        let mut or_fault = |fault| piece.faults.push(fault);
        let tile = tile.map_err(&mut or_fault).ok();
        let slots = slots.map_err(&mut or_fault).ok();
        let mut read = Vec::new();
        for (place, index) in (0..usize::from(width)).zip(first..) {
            let in_tile = tile.as_ref().and_then(|tile| tile.get(place)).copied();
            let slot = slots.as_ref().and_then(|slots| slots.get(place));
            let hashed = slot.and_then(Slot::leaf_hash);
            // One wrong entry is one fault, and not one for every tree it stands in: the tile's word counts for the tree.
            let leaf = in_tile.or(hashed).unwrap_or(Hash::EMPTY);
            piece.leaves.push(leaf);
            match (slot, hashed) {
                (Some(Slot::Withheld), _) => piece.entries.push(Looked { index, leaf, what: What::Withheld }),
                (Some(_), Some(found)) if found != leaf => piece.faults.push(Fault::Entry { index, found, leaf }),
                (Some(Slot::Entry(bytes)), _) => match Envelope::parse_canonical(bytes) {
                    Ok(envelope) => read.push((index, leaf, envelope)),
                    Err(source) => piece.faults.push(Fault::Envelope { index, source }),
                },
                (None, _) => {}
            }
        }
        // Records first: a notice behind them may need the keys that they list.
        let is_record = |(_, _, envelope): &(u64, Hash, Envelope)| envelope.payload_type() == Some(PayloadType::Publisher);
        let (records, others): (Vec<_>, Vec<_>) = read.into_iter().partition(is_record);
        for (index, leaf, envelope) in records.into_iter().chain(others) {
            match self.examine(index, envelope) {
                Ok(what) => piece.entries.push(Looked { index, leaf, what }),
                Err(fault) => piece.faults.push(fault),
            }
        }
        piece
    }

    fn examine(&self, index: u64, envelope: Envelope) -> Result<What, Fault> {
        match envelope.payload_type() {
            None => Ok(What::UnknownType(envelope.payload_type_str().to_owned())),
            Some(kind @ PayloadType::Index) => Err(Fault::Foreign { index, kind }),
            Some(PayloadType::Operator) => self.statement(index, &envelope),
            Some(PayloadType::Publisher) => {
                let claim = read::<PublisherRecord>(index, envelope)?;
                self.known.add(claim.value());
                Ok(What::Record(Box::new(claim)))
            }
            Some(PayloadType::Notice) => {
                let claim = read::<Notice>(index, envelope)?;
                let issuer = claim.value().issuer.id.clone();
                let key = match issuer.method() {
                    DidMethod::Key(_) => Some(signer(index, claim, &own_key(&issuer))?),
                    // Nobody may be known yet who could have signed it.
                    DidMethod::Web(_) => signer(index, claim, &self.known.of(&issuer)).ok(),
                };
                Ok(What::Notice(issuer, key))
            }
        }
    }

    fn statement(&self, index: u64, envelope: &Envelope) -> Result<What, Fault> {
        let statement = OperatorStatement::parse(envelope.payload());
        let statement = statement.map_err(|fault| Fault::Invalid { index, what: fault.to_string() })?;
        let Some(key) = self.operator else { return Ok(What::Statement { verified: false }) };
        let is_own = statement.origin == self.origin && envelope::verify(envelope, &[key]).is_ok();
        if is_own { Ok(What::Statement { verified: true }) } else { Err(Fault::Statement { index }) }
    }
}

/// Reads the payload of an entry. Nothing is proved by that.
pub(super) fn read<T: Payload>(index: u64, envelope: Envelope) -> Result<Claim<T>, Fault> {
    Claim::read(envelope).map_err(|fault| Fault::Invalid { index, what: fault.to_string() })
}

/// The key among `candidates` that signed a notice.
pub(super) fn signer(index: u64, claim: Claim<Notice>, candidates: &[PublicKey]) -> Result<PublicKey, Fault> {
    let issuer = claim.value().issuer.id.clone();
    let verified = claim.verify(candidates).ok().ok_or(Fault::Signature { index, issuer })?;
    Ok(*verified.signed().key())
}

fn own_key(issuer: &Did) -> Vec<PublicKey> {
    PublicKey::from_did_key(issuer).into_iter().collect()
}

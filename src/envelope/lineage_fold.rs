//! The fold itself: from a set of records to lineages.

use std::collections::{BTreeMap, BTreeSet};

use super::lineage::Standing;
use super::{ChainRecord, KeyStatus, Lineage, LineageId, Lineages, PublicKey, PublisherRecord, Verified};
use crate::notice::{Did, PayloadId};

/// A record with every key that signed it: the same payload may come in several entries.
struct Candidate<'r> {
    record: &'r PublisherRecord,
    signers: BTreeSet<PublicKey>,
}

impl Candidate<'_> {
    fn is_signed_by_active_key_of(&self, record: &PublisherRecord) -> bool {
        record.active_keys().any(|key| self.signers.contains(key))
    }
}

/// The records of one issuer, by payload id: a set, whatever the order in which they came.
type Records<'r> = BTreeMap<PayloadId, Candidate<'r>>;

pub(super) fn fold<'r>(records: impl IntoIterator<Item = &'r Verified<PublisherRecord>>) -> Lineages {
    let mut issuers: BTreeMap<&Did, Records<'r>> = BTreeMap::new();
    for verified in records {
        let (record, signed) = (verified.value(), verified.signed());
        let of_issuer = issuers.entry(&record.id).or_default();
        let candidate = of_issuer.entry(signed.payload_id()).or_insert_with(|| Candidate { record, signers: BTreeSet::new() });
        candidate.signers.insert(*signed.key());
    }
    let mut lineages = Lineages::default();
    for (did, records) in issuers {
        let folded = match PublicKey::from_did_key(did) {
            Ok(key) => fold_did_key(did, &key, &records).into_iter().collect(),
            Err(_) => fold_domain(&records),
        };
        if !folded.is_empty() {
            let by_id = folded.into_iter().map(|lineage| (lineage.id.clone(), lineage)).collect();
            lineages.by_did.insert(did.clone(), by_id);
        }
    }
    lineages
}

/// A `did:key` has no chain: every record that its key signed counts. The one with the highest sequence is shown, of two the one
/// with the smaller id; a compromise mark in any of them is for ever.
fn fold_did_key(did: &Did, key: &PublicKey, records: &Records<'_>) -> Option<Lineage> {
    let own = || records.iter().filter(|(_, candidate)| candidate.signers.contains(key));
    let (id, shown) = own().min_by_key(|(id, c)| (std::cmp::Reverse(c.record.sequence), **id))?;
    let compromised = own().any(|(_, c)| c.record.keys_with(KeyStatus::Compromised).next().is_some());
    let status = if compromised { KeyStatus::Compromised } else { KeyStatus::Active };
    Some(Lineage {
        id: LineageId::bare(did.clone()),
        chain: vec![ChainRecord { id: *id, record: shown.record.clone() }],
        branches: Vec::new(),
        keys: BTreeMap::from([(*key, Standing { status, in_chain: true })]),
    })
}

/// The lineages of a domain: one for each record 0 that one of its own active keys signed.
fn fold_domain(records: &Records<'_>) -> Vec<Lineage> {
    let mut followers: BTreeMap<PayloadId, Vec<PayloadId>> = BTreeMap::new();
    for (id, candidate) in records {
        if let Some(previous) = candidate.record.previous {
            followers.entry(previous).or_default().push(*id);
        }
    }
    let first = |c: &Candidate<'_>| c.record.sequence == 0 && c.is_signed_by_active_key_of(c.record);
    records
        .iter()
        .filter(|(_, candidate)| first(candidate))
        .map(|(id, candidate)| {
            grow(LineageId { did: candidate.record.id.clone(), record0: Some(*id) }, *id, records, &followers)
        })
        .collect()
}

/// Follows the chain from record 0 while exactly one record is next; at a fork, gathers every branch.
fn grow(id: LineageId, record0: PayloadId, records: &Records<'_>, followers: &BTreeMap<PayloadId, Vec<PayloadId>>) -> Lineage {
    let record = |id: &PayloadId| records.get(id).map(|c| ChainRecord { id: *id, record: c.record.clone() });
    let mut chain: Vec<ChainRecord> = record(&record0).into_iter().collect();
    let mut branches: Vec<ChainRecord> = Vec::new();
    let mut tips: Vec<PayloadId> = Vec::new();
    let mut open = next_records(&record0, records, followers);
    while let [only] = open.as_slice() {
        chain.extend(record(only));
        open = next_records(only, records, followers);
    }
    // Each record names one predecessor by its hash, so the branches are trees and every record is met once.
    while let Some(next) = open.pop() {
        branches.extend(record(&next));
        let after = next_records(&next, records, followers);
        if after.is_empty() {
            tips.push(next);
        }
        open.extend(after);
    }
    branches.sort_by_key(|branch| (branch.record.sequence, branch.id));
    let keys = standings(&chain, &branches, &tips);
    Lineage { id, chain, branches, keys }
}

/// The records that may follow the one named `id`: next in sequence, and signed by a key that it calls active.
fn next_records(id: &PayloadId, records: &Records<'_>, followers: &BTreeMap<PayloadId, Vec<PayloadId>>) -> Vec<PayloadId> {
    let (Some(before), Some(named)) = (records.get(id), followers.get(id)) else { return Vec::new() };
    let follows = |candidate: &Candidate<'_>| {
        before.record.sequence.checked_add(1) == Some(candidate.record.sequence)
            && candidate.is_signed_by_active_key_of(before.record)
    };
    named.iter().filter(|next| records.get(next).is_some_and(follows)).copied().collect()
}

/// What follows for every key: retired unless the end of the chain, or of a branch, calls it active; compromised if anything ever
/// called it so.
fn standings(chain: &[ChainRecord], branches: &[ChainRecord], tips: &[PayloadId]) -> BTreeMap<PublicKey, Standing> {
    let mut keys: BTreeMap<PublicKey, Standing> = BTreeMap::new();
    let retired = |in_chain| Standing { status: KeyStatus::Retired, in_chain };
    for (record, in_chain) in chain.iter().map(|r| (r, true)).chain(branches.iter().map(|r| (r, false))) {
        for key in &record.record.keys {
            // The chain comes first, so a key that both list stays a key of the chain.
            keys.entry(key.key).or_insert(retired(in_chain));
        }
    }
    let mut mark = |record: &ChainRecord, status: KeyStatus| {
        for key in record.record.keys_with(status) {
            if let Some(standing) = keys.get_mut(key) {
                standing.status = status;
            }
        }
    };
    let ends = chain.last().into_iter().chain(branches.iter().filter(|branch| tips.contains(&branch.id)));
    ends.for_each(|record| mark(record, KeyStatus::Active));
    chain.iter().chain(branches).for_each(|record| mark(record, KeyStatus::Compromised));
    keys
}

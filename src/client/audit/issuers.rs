//! Whose signatures hold: decided when every record of the log is known, since which key speaks for whom follows from the set of
//! records and not from their order.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Fault, Gap};
use crate::envelope::{Claim, Lineages, PublicKey, PublisherRecord, Verified};
use crate::notice::{Did, DidMethod, PayloadId};
use crate::tlog::Hash;

/// What was met of issuers so far: every record, and 40 bytes for each notice that no known key signed.
#[derive(Default)]
pub(super) struct Issuers {
    records: Vec<(u64, Claim<PublisherRecord>)>,
    /// Notices whose signer is known, by issuer and key, with the first of them.
    signed: BTreeMap<(Did, PublicKey), u64>,
    /// Notices that no key known so far had signed.
    waiting: BTreeMap<Did, Vec<(u64, Hash)>>,
}

/// What follows from the records.
pub(super) struct Settled {
    pub(super) lineages: Lineages,
    pub(super) faults: Vec<Fault>,
    pub(super) gaps: Vec<Gap>,
    /// Notices to look at again, now that the keys of their issuers are known: index and leaf hash, in order.
    pub(super) again: Vec<(u64, Hash)>,
}

impl Issuers {
    pub(super) fn record(&mut self, index: u64, claim: Claim<PublisherRecord>) {
        self.records.push((index, claim));
    }

    pub(super) fn notice(&mut self, index: u64, leaf: Hash, issuer: Did, key: Option<PublicKey>) {
        match key {
            Some(key) => drop(self.signed.entry((issuer, key)).or_insert(index)),
            None => self.waiting.entry(issuer).or_default().push((index, leaf)),
        }
    }

    pub(super) fn settle(self) -> Settled {
        let (mut faults, mut gaps, mut again) = (Vec::new(), Vec::new(), Vec::new());
        let verified = verified(self.records, &mut faults);
        let lineages = Lineages::fold(verified.iter().map(|(_, record)| record));
        faults.extend(stray(&verified, &lineages));
        for ((issuer, key), index) in self.signed {
            if !lineages.notice_signers(&issuer, false).contains(&key) {
                faults.push(Fault::Signature { index, issuer });
            }
        }
        for (issuer, mut entries) in self.waiting {
            entries.sort_unstable();
            if !lineages.notice_signers(&issuer, false).is_empty() {
                again.append(&mut entries);
            } else if let Some((first, _)) = entries.first() {
                gaps.push(Gap::UnknownIssuer { issuer, first: *first, entries: entries.len() as u64 });
            }
        }
        again.sort_unstable();
        Settled { lineages, faults, gaps, again }
    }
}

/// The records that a key signed which any record of their issuer lists. Who may really sign which record is decided by the fold.
fn verified(claims: Vec<(u64, Claim<PublisherRecord>)>, faults: &mut Vec<Fault>) -> Vec<(u64, Verified<PublisherRecord>)> {
    let mut keys: BTreeMap<Did, BTreeSet<PublicKey>> = BTreeMap::new();
    for (_, claim) in &claims {
        let record = claim.value();
        let known = keys.entry(record.id.clone()).or_default();
        known.extend(record.keys.iter().map(|listed| listed.key));
        known.extend(PublicKey::from_did_key(&record.id));
    }
    let mut verified = Vec::with_capacity(claims.len());
    for (index, claim) in claims {
        let issuer = claim.value().id.clone();
        let candidates: Vec<_> = keys.get(&issuer).into_iter().flatten().copied().collect();
        match claim.verify(&candidates) {
            Ok(record) => verified.push((index, record)),
            Err(_) => faults.push(Fault::Signature { index, issuer }),
        }
    }
    verified
}

/// Records of domains that the fold left out: nobody who was entitled signed them, or what they follow is not in the log.
fn stray(records: &[(u64, Verified<PublisherRecord>)], lineages: &Lineages) -> Vec<Fault> {
    let placed: BTreeSet<PayloadId> =
        lineages.iter().flat_map(|lineage| lineage.chain().iter().chain(lineage.branches())).map(|record| record.id).collect();
    let of_domain = |record: &PublisherRecord| matches!(record.id.method(), DidMethod::Web(_));
    let stray = records.iter().filter(|(_, r)| of_domain(r.value()) && !placed.contains(&r.signed().payload_id()));
    stray.map(|(index, record)| Fault::Record { index: *index, issuer: record.value().id.clone() }).collect()
}

//! The history of a lineage as people are shown it: every record, every key with what it is now and since which record, and every
//! place that two records claim. It says what [`Lineage`] decided, and decides nothing itself.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::{ChainRecord, KeyStatus, Lineage, PublicKey, RecordKey};
use crate::notice::{PartialDate, PayloadId, Timestamp};

/// In a lineage of more records than this, only compromises are traced to their record: tracing costs their number for each key.
const MOST_TRACED: usize = 1_000;

/// Everything that the records of one lineage say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct History {
    /// The records: those of the chain in their order, then those of all branches by sequence and id.
    pub records: Vec<RecordStep>,
    /// Places that more than one record claims. The first of them is where the chain ends.
    pub forks: Vec<Fork>,
    /// Every key that any record lists, in the order of the records.
    pub keys: Vec<KeyHistory>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordStep {
    /// Its payload id.
    pub id: PayloadId,
    /// Its place.
    pub sequence: u64,
    /// Whether nothing contradicts it; a record of a branch stands behind a fork.
    pub in_chain: bool,
    /// The record before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<PayloadId>,
    /// How it calls the issuer.
    pub name: String,
    /// When it claims to have been issued.
    pub issued: Timestamp,
    /// The issuer's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// Where to reach it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// What it says of its keys.
    pub keys: Vec<RecordKey>,
}

/// A place that more than one record claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fork {
    /// The place.
    pub sequence: u64,
    /// The record that all of them follow.
    pub after: PayloadId,
    /// The records, by id.
    pub records: Vec<PayloadId>,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyHistory {
    /// The key.
    pub key: PublicKey,
    /// What it is now.
    pub status: KeyStatus,
    /// Whether `replaces`, `revokes` and `reinstates` edges of notices that it signed are followed.
    pub may_lift: bool,
    /// The record since which it is that. Absent when that record is not shown, as an earlier one of a `did:key`, and in lineages
    /// of more than 1,000 records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
}

/// The record that made a key what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Since {
    /// Its payload id.
    pub record: PayloadId,
    /// Its place.
    pub sequence: u64,
    /// The date that the record itself gives. A claim: it decides nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<PartialDate>,
}

impl Lineage {
    /// What its records say, one by one.
    pub fn history(&self) -> History {
        let chain = self.chain.iter().map(|record| step(record, true));
        let branches = self.branches.iter().map(|record| step(record, false));
        History { records: chain.chain(branches).collect(), forks: self.forks(), keys: Traced::new(self).keys() }
    }

    /// Places that more than one record claims, by sequence.
    pub fn forks(&self) -> Vec<Fork> {
        let mut claims: BTreeMap<(u64, PayloadId), Vec<PayloadId>> = BTreeMap::new();
        for branch in &self.branches {
            if let Some(previous) = branch.record.previous {
                claims.entry((branch.record.sequence, previous)).or_default().push(branch.id);
            }
        }
        let forks = claims.into_iter().filter(|(_, records)| records.len() > 1);
        forks.map(|((sequence, after), records)| Fork { sequence, after, records }).collect()
    }
}

/// A lineage with its records by name, and the ends of its chain and branches.
struct Traced<'l> {
    lineage: &'l Lineage,
    by_id: HashMap<PayloadId, &'l ChainRecord>,
    ends: Vec<&'l ChainRecord>,
}

impl<'l> Traced<'l> {
    fn new(lineage: &'l Lineage) -> Self {
        let all = || lineage.chain.iter().chain(&lineage.branches);
        let followed: HashSet<PayloadId> = lineage.branches.iter().filter_map(|branch| branch.record.previous).collect();
        let tips = lineage.branches.iter().filter(|branch| !followed.contains(&branch.id));
        let ends = lineage.chain.last().into_iter().chain(tips).collect();
        Self { lineage, by_id: all().map(|record| (record.id, record)).collect(), ends }
    }

    fn records(&self) -> impl Iterator<Item = &'l ChainRecord> {
        self.lineage.chain.iter().chain(&self.lineage.branches)
    }

    fn keys(&self) -> Vec<KeyHistory> {
        let mut seen = HashSet::new();
        let listed = self.records().flat_map(|record| &record.record.keys).map(|listed| listed.key);
        let history = |key: PublicKey| {
            let status = self.lineage.status_of(&key)?;
            Some(KeyHistory { key, status, may_lift: self.lineage.may_lift(&key), since: self.since(&key, status) })
        };
        listed.filter(|key| seen.insert(*key.as_bytes())).filter_map(history).collect()
    }

    /// The record since which a key is what it is now: for a compromise the first mark; otherwise the first of those records, back
    /// from the end of the chain, or else of a branch, that say the same of it.
    fn since(&self, key: &PublicKey, status: KeyStatus) -> Option<Since> {
        let found = match status {
            KeyStatus::Compromised => self.records().find(|record| says(record, key) == Some(status)),
            _ if self.by_id.len() > MOST_TRACED => None,
            KeyStatus::Active | KeyStatus::Retired => {
                self.ends.iter().find_map(|end| self.unchanged_back_from(end, key, status == KeyStatus::Active))
            }
        }?;
        let listed = found.record.keys.iter().find(|listed| listed.key == *key);
        Some(Since { record: found.id, sequence: found.record.sequence, claimed: listed.and_then(|listed| listed.since) })
    }

    /// Walks back from `end` for as long as the records call the key active, or do not; gives the last one met. `None` when the end
    /// itself says otherwise, or when nothing on the way ever listed the key.
    fn unchanged_back_from(&self, end: &'l ChainRecord, key: &PublicKey, active: bool) -> Option<&'l ChainRecord> {
        let is_active = |record: &ChainRecord| says(record, key) == Some(KeyStatus::Active);
        if is_active(end) != active {
            return None;
        }
        let mut unchanged = Some(end);
        let mut first_listing = None;
        // Each record names its predecessor by hash, so the way back ends; of a did:key only one record is there.
        let mut next = Some(end);
        while let Some(record) = next {
            if is_active(record) != active {
                return unchanged;
            }
            unchanged = Some(record);
            if says(record, key).is_some() {
                first_listing = unchanged;
            }
            next = record.record.previous.and_then(|previous| self.by_id.get(&previous).copied());
        }
        // It was never anything else: since the record that brought it.
        first_listing
    }
}

fn says(record: &ChainRecord, key: &PublicKey) -> Option<KeyStatus> {
    record.record.keys.iter().find(|listed| listed.key == *key).map(|listed| listed.status)
}

fn step(ChainRecord { id, record }: &ChainRecord, in_chain: bool) -> RecordStep {
    RecordStep {
        id: *id,
        sequence: record.sequence,
        in_chain,
        previous: record.previous,
        name: record.name.clone(),
        issued: record.issued,
        homepage: record.homepage.clone(),
        contact: record.contact.clone(),
        keys: record.keys.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::KeyStatus::{Active, Compromised, Retired};
    use super::super::tests_lineage::{after, draft, only, public, record0, signed};
    use super::super::{Lineages, RecordDraft};
    use super::*;

    /// What the history says of key `n`: status, sequence since when, name of that record.
    fn key(history: &History, n: u8) -> (KeyStatus, Option<(u64, &str)>) {
        let found = history.keys.iter().find(|key| key.key == public(n)).expect("listed");
        let name = |id: PayloadId| history.records.iter().find(|r| r.id == id).expect("a record").name.as_str();
        (found.status, found.since.as_ref().map(|since| (since.sequence, name(since.record))))
    }

    #[test]
    fn each_key_is_told_with_the_record_that_made_it_what_it_is() {
        let zero = record0("zero", &[(1, Active), (2, Active), (3, Active), (5, Retired)], 1);
        let one = after(&zero, "one", &[(1, Retired), (2, Active), (3, Compromised), (4, Active)], 1);
        let two = after(&one, "two", &[(2, Active), (3, Active)], 2);
        let three = after(&two, "three", &[(2, Active), (4, Active)], 2);
        let lineages = Lineages::fold(&[zero, one, two, three]);
        let history = only(&lineages).history();
        assert_eq!(history.records.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["zero", "one", "two", "three"]);
        assert!(history.forks.is_empty() && history.records.iter().all(|record| record.in_chain));
        assert_eq!(key(&history, 1), (Retired, Some((1, "one"))), "and left out later, which changes nothing");
        assert_eq!(key(&history, 2), (Active, Some((0, "zero"))));
        assert_eq!(key(&history, 3), (Compromised, Some((1, "one"))), "whatever two says");
        assert_eq!(key(&history, 4), (Active, Some((3, "three"))), "left out by two, and taken back");
        assert_eq!(key(&history, 5), (Retired, Some((0, "zero"))), "it never was anything else");
    }

    #[test]
    fn a_fork_names_the_records_that_claim_one_place_and_the_one_they_follow() {
        let zero = record0("zero", &[(1, Active), (2, Active)], 1);
        let owner = after(&zero, "owner", &[(1, Active), (2, Compromised), (3, Active)], 1);
        let thief = after(&zero, "thief", &[(2, Active), (4, Active)], 2);
        let later = after(&thief, "later", &[(4, Active)], 4);
        let mut claims = vec![owner.signed().payload_id(), thief.signed().payload_id()];
        claims.sort_unstable();
        let lineages = Lineages::fold(&[zero.clone(), owner, thief, later]);
        let history = only(&lineages).history();
        assert_eq!(history.forks, [Fork { sequence: 1, after: zero.signed().payload_id(), records: claims }]);
        assert_eq!(history.records.iter().map(|r| r.in_chain).collect::<Vec<_>>(), [true, false, false, false]);
        assert_eq!(key(&history, 1), (Active, Some((0, "zero"))), "the chain ends with zero, which calls it active");
        assert_eq!(key(&history, 2), (Compromised, Some((1, "owner"))));
        assert_eq!(key(&history, 3), (Active, Some((1, "owner"))));
        assert_eq!(key(&history, 4), (Active, Some((1, "thief"))));
        assert!(!history.keys.iter().any(|key| key.may_lift && key.key == public(4)));
    }

    #[test]
    fn a_did_key_that_an_earlier_record_burnt_has_no_record_to_show_for_it() {
        let did = public(1).to_did();
        let burnt = signed(draft(did.clone(), "burnt", &[(1, Compromised)]), 1);
        let previous = Some(burnt.signed().payload_id());
        let renamed = signed(RecordDraft { sequence: 1, previous, ..draft(did.clone(), "renamed", &[(1, Active)]) }, 1);
        let lineages = Lineages::fold(&[burnt, renamed]);
        let history = lineages.of(&did)[0].history();
        assert_eq!(key(&history, 1), (Compromised, None));
    }

    #[test]
    fn a_lineage_of_ten_thousand_records_is_told_without_tracing_each_key() {
        let zero = record0("zero", &[(1, Active)], 1);
        let mut lineages = Lineages::fold(&[zero]);
        let lineage = lineages.by_did.values_mut().flat_map(BTreeMap::values_mut).next().expect("one");
        let last = lineage.chain[0].clone();
        lineage.chain.extend((1..=10_000_u64).map(|sequence| {
            let mut record = last.clone();
            record.record.sequence = sequence;
            record.id = PayloadId::of(&sequence.to_be_bytes());
            record
        }));
        let history = lineage.history();
        assert_eq!((history.records.len(), history.keys[0].since.as_ref()), (10_001, None));
    }
}

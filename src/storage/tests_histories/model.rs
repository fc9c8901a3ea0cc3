//! What protocol section 5 and domain section 3 ("In force") say, as plainly as it can be written down: everything is looked through
//! for everything, and nothing is shared with the real fold.

use std::collections::{BTreeMap, BTreeSet};

use crate::envelope::{KeyStatus, PublicKey};
use crate::notice::{Did, DidMethod, NoticeId, PayloadId, PriorRelation};

/// One signed entry, as whoever made it knows it.
#[derive(Debug, Clone)]
pub(super) enum Told {
    Record(Record),
    Notice(Notice),
}

#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) did: Did,
    pub(super) id: PayloadId,
    pub(super) sequence: u64,
    pub(super) previous: Option<PayloadId>,
    pub(super) keys: Vec<(PublicKey, KeyStatus)>,
    pub(super) signer: PublicKey,
}

#[derive(Debug, Clone)]
pub(super) struct Notice {
    pub(super) did: Did,
    pub(super) id: NoticeId,
    pub(super) signer: PublicKey,
    /// The dataset that it retracts, if it does.
    pub(super) retracts: Option<String>,
    pub(super) prior: Vec<(PriorRelation, NoticeId)>,
}

/// What a server must answer once it has heard a set of entries.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answers {
    /// The entries that it took in, by their place in the history.
    pub(super) taken: BTreeSet<usize>,
    pub(super) lineages: BTreeMap<String, LineageSays>,
    pub(super) notices: BTreeMap<NoticeId, NoticeSays>,
    /// Who may post something new.
    pub(super) may_post: BTreeSet<(Did, PublicKey)>,
    /// Datasets that somebody reports.
    pub(super) reported: BTreeSet<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineageSays {
    /// Of a domain: the records that nothing contradicts.
    pub(super) chain: Vec<PayloadId>,
    pub(super) branches: BTreeSet<PayloadId>,
    /// What each key is, and whether its notices may lift others.
    pub(super) keys: BTreeMap<PublicKey, (KeyStatus, bool)>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoticeSays {
    pub(super) in_force: bool,
    pub(super) lifted_by: BTreeSet<(NoticeId, &'static str)>,
}

/// A lineage: whose, and begun by which record 0.
type Name = (Did, Option<PayloadId>);
type All = BTreeMap<Name, LineageSays>;

/// The entries that were heard.
struct Heard<'h> {
    taken: BTreeSet<usize>,
    records: Vec<&'h Record>,
    notices: Vec<&'h Notice>,
}

/// Works out every answer about these datasets and issuers from the entries of `history` at the places `heard`.
pub(super) fn answers(history: &[Told], heard: &BTreeSet<usize>, datasets: &[String], dids: &[Did]) -> Answers {
    let heard = Heard::take(history, heard);
    let lineages: All = heard.lineages();
    let ids: BTreeSet<NoticeId> = heard.notices.iter().map(|notice| notice.id).collect();
    let in_force = |id: &NoticeId| heard.lineages_of(id, &lineages).iter().any(|lineage| heard.holds(id, lineage, &lineages));
    let says = |id: &NoticeId| NoticeSays { in_force: in_force(id), lifted_by: heard.lifted_by(id, &lineages) };
    let reports = |dataset: &&String| {
        heard.notices.iter().any(|notice| notice.retracts.as_ref() == Some(*dataset) && in_force(&notice.id))
    };
    let mut may_post = BTreeSet::new();
    for ((did, _), lineage) in &lineages {
        let active = lineage.keys.iter().filter(|(_, (status, _))| *status == KeyStatus::Active);
        may_post.extend(active.map(|(key, _)| (did.clone(), *key)));
    }
    for did in dids {
        if let Ok(key) = PublicKey::from_did_key(did)
            && lineages.get(&(did.clone(), None)).is_none_or(|lineage| lineage.keys[&key].0 != KeyStatus::Compromised)
        {
            may_post.insert((did.clone(), key));
        }
    }
    Answers {
        notices: ids.iter().map(|id| (*id, says(id))).collect(),
        reported: datasets.iter().filter(reports).cloned().collect(),
        may_post,
        taken: heard.taken.clone(),
        lineages: lineages.into_iter().map(|((did, record0), says)| (name(&did, record0), says)).collect(),
    }
}

fn name(did: &Did, record0: Option<PayloadId>) -> String {
    record0.map_or_else(|| did.to_string(), |record0| format!("{did}#{record0}"))
}

fn is_key(did: &Did) -> bool {
    matches!(did.method(), DidMethod::Key(_))
}

fn lifts(relation: PriorRelation) -> bool {
    matches!(relation, PriorRelation::Replaces | PriorRelation::Revokes | PriorRelation::Reinstates)
}

impl<'h> Heard<'h> {
    /// What may be taken in, whatever came first: entries are looked at until nothing more may.
    fn take(history: &'h [Told], heard: &BTreeSet<usize>) -> Self {
        let mut all = Self { taken: BTreeSet::new(), records: Vec::new(), notices: Vec::new() };
        loop {
            let before = all.taken.len();
            for (place, told) in history.iter().enumerate().filter(|(place, _)| heard.contains(place)) {
                match told {
                    Told::Record(record) if !all.taken.contains(&place) && all.is_rightly_signed(record) => {
                        all.taken.insert(place);
                        all.records.push(record);
                    }
                    Told::Notice(notice) if !all.taken.contains(&place) && all.is_listed(&notice.did, &notice.signer) => {
                        all.taken.insert(place);
                        all.notices.push(notice);
                    }
                    Told::Record(_) | Told::Notice(_) => {}
                }
            }
            if all.taken.len() == before {
                return all;
            }
        }
    }

    /// "Record 0 is signed by one of its own active keys; record n by a key that n-1 calls active, naming n-1."
    fn is_rightly_signed(&self, record: &Record) -> bool {
        if is_key(&record.did) {
            return record.signer.to_did() == record.did;
        }
        match record.previous {
            None => record.keys.contains(&(record.signer, KeyStatus::Active)),
            Some(previous) => self.records.iter().any(|before| {
                before.id == previous
                    && before.did == record.did
                    && before.sequence + 1 == record.sequence
                    && before.keys.contains(&(record.signer, KeyStatus::Active))
            }),
        }
    }

    fn is_listed(&self, did: &Did, key: &PublicKey) -> bool {
        let by_record = |record: &Record| record.did == *did && record.keys.iter().any(|(listed, _)| listed == key);
        if is_key(did) { key.to_did() == *did } else { self.records.iter().any(|record| by_record(record)) }
    }

    fn lineages(&self) -> All {
        let mut found = BTreeMap::new();
        for record in &self.records {
            if is_key(&record.did) {
                let own = self.records.iter().filter(|other| other.did == record.did);
                let burnt = own.flat_map(|other| &other.keys).any(|(_, status)| *status == KeyStatus::Compromised);
                let status = if burnt { KeyStatus::Compromised } else { KeyStatus::Active };
                let keys = BTreeMap::from([(record.signer, (status, !burnt))]);
                let says = LineageSays { chain: Vec::new(), branches: BTreeSet::new(), keys };
                found.insert((record.did.clone(), None), says);
            } else if record.previous.is_none() {
                found.insert((record.did.clone(), Some(record.id)), self.lineage(record));
            }
        }
        found
    }

    fn next(&self, record: &Record) -> Vec<&'h Record> {
        let mut next: Vec<&Record> = self.records.iter().filter(|other| other.previous == Some(record.id)).copied().collect();
        // One record may come in several entries, one for each key that signed it.
        next.sort_by_key(|record| record.id);
        next.dedup_by_key(|record| record.id);
        next
    }

    fn lineage(&self, zero: &'h Record) -> LineageSays {
        let mut chain: Vec<&Record> = vec![zero];
        let mut behind = self.next(zero);
        while let [only] = behind.as_slice() {
            chain.push(only);
            behind = self.next(only);
        }
        let mut branches: Vec<&Record> = Vec::new();
        let mut ends: Vec<&Record> = chain.last().copied().into_iter().collect();
        while let Some(record) = behind.pop() {
            branches.push(record);
            let next = self.next(record);
            if next.is_empty() {
                ends.push(record);
            }
            behind.extend(next);
        }
        let mut keys = BTreeMap::new();
        for (key, _) in chain.iter().chain(&branches).flat_map(|record| &record.keys) {
            let says = |record: &&&Record, status| record.keys.contains(&(*key, status));
            let status = if chain.iter().chain(&branches).any(|record| says(&record, KeyStatus::Compromised)) {
                KeyStatus::Compromised
            } else if ends.iter().any(|record| says(&record, KeyStatus::Active)) {
                KeyStatus::Active
            } else {
                KeyStatus::Retired
            };
            // "both branches may raise, neither may lift"
            let in_chain = chain.iter().any(|record| record.keys.iter().any(|(listed, _)| listed == key));
            keys.insert(*key, (status, in_chain && status != KeyStatus::Compromised));
        }
        let ids = |records: &[&Record]| records.iter().map(|record| record.id).collect::<Vec<_>>();
        LineageSays { chain: ids(&chain), branches: ids(&branches).into_iter().collect(), keys }
    }

    /// The lineages that the notice belongs to: those that list a key which signed it.
    fn lineages_of(&self, id: &NoticeId, lineages: &All) -> BTreeSet<Name> {
        let mut found = BTreeSet::new();
        for notice in self.notices.iter().filter(|notice| notice.id == *id) {
            if is_key(&notice.did) {
                found.insert((notice.did.clone(), None));
            }
            let of_did =
                lineages.iter().filter(|((did, _), says)| *did == notice.did && says.keys.contains_key(&notice.signer));
            found.extend(of_did.map(|(name, _)| name.clone()));
        }
        found
    }

    /// Whether the notice has a signature of this lineage that may lift.
    fn may_lift(&self, id: &NoticeId, lineage: &Name, lineages: &All) -> bool {
        self.notices.iter().filter(|notice| notice.id == *id && notice.did == lineage.0).any(|notice| {
            match lineages.get(lineage) {
                Some(says) => says.keys.get(&notice.signer).is_some_and(|(_, may_lift)| *may_lift),
                // A bare did:key without any record.
                None => is_key(&notice.did),
            }
        })
    }

    /// The notices of this lineage with the power to lift this one, in force or not, and how.
    fn lifters(&self, id: &NoticeId, lineage: &Name, lineages: &All) -> BTreeSet<(NoticeId, &'static str)> {
        let mut found = BTreeSet::new();
        for notice in &self.notices {
            for (relation, target) in &notice.prior {
                if target == id && lifts(*relation) && self.may_lift(&notice.id, lineage, lineages) {
                    found.insert((notice.id, relation.as_str()));
                }
            }
        }
        found
    }

    /// "A notice is in force unless a notice in force has a valid edge to it." Ids are hashes, so there are no loops.
    fn holds(&self, id: &NoticeId, lineage: &Name, lineages: &All) -> bool {
        !self.lifters(id, lineage, lineages).iter().any(|(lifter, _)| self.holds(lifter, lineage, lineages))
    }

    fn lifted_by(&self, id: &NoticeId, lineages: &All) -> BTreeSet<(NoticeId, &'static str)> {
        let of = |lineage: &Name| {
            let lifters = self.lifters(id, lineage, lineages).into_iter();
            lifters.filter(|(lifter, _)| self.holds(lifter, lineage, lineages)).collect::<Vec<_>>()
        };
        self.lineages_of(id, lineages).iter().flat_map(of).collect()
    }
}

//! The set of statements that a verdict is made from, with the indexes that decide what has to be looked at.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use super::Statement;
use crate::notice::{
    DigestAlgorithm, DigestList, DocumentHash, Identifier, LookupKey, Notice, NoticeId, PriorRelation, Scope, ScopeItem,
};

/// A set of statements. The order of insertion leaves no trace.
#[derive(Debug, Clone, Default)]
pub struct Statements {
    by_id: BTreeMap<NoticeId, Statement>,
    keyed: ByKey,
    facts: BTreeMap<(DocumentHash, Identifier), bool>,
}

/// So many statements are looked through one by one: most questions meet one or two, whose many keys are not worth an index.
const FEW: usize = 8;

/// Where the statements of a larger set are found.
#[derive(Debug, Clone, Default)]
struct ByKey {
    naming: HashMap<LookupKey, Vec<NoticeId>>,
    deriving: HashMap<LookupKey, Vec<NoticeId>>,
    pointing: HashMap<NoticeId, Vec<NoticeId>>,
    listing: HashMap<DigestAlgorithm, Vec<NoticeId>>,
}

impl ByKey {
    fn add(&mut self, statement: &Statement) {
        let Statement { id, notice, .. } = statement;
        for key in notice.naming() {
            self.naming.entry(key.clone()).or_default().push(*id);
        }
        for key in notice.deriving() {
            self.deriving.entry(key.clone()).or_default().push(*id);
        }
        for prior in &notice.prior {
            self.pointing.entry(prior.notice).or_default().push(*id);
        }
        for list in &notice.digest_lists {
            self.listing.entry(list.algorithm).or_default().push(*id);
        }
    }
}

/// The keys under which a notice is found when somebody asks for an identifier: of its subjects, of the identifiers in its
/// scope, and of the names of the dataset. A store indexes exactly these.
pub fn naming_keys(notice: &Notice) -> BTreeSet<LookupKey> {
    let subjects = notice.subjects.iter().map(|subject| &subject.id);
    let mut keys: BTreeSet<LookupKey> =
        subjects.chain(scope_ids(notice.scope.as_ref())).flat_map(Identifier::lookup_keys).collect();
    keys.extend(dataset_names(notice).iter().flat_map(Identifier::lookup_keys));
    keys
}

/// The keys under which a notice is found by what was derived from its dataset: identifiers and titles of its derivatives.
pub fn deriving_keys(notice: &Notice) -> BTreeSet<LookupKey> {
    let ids = notice.derivatives.iter().filter_map(|derivative| derivative.id.clone());
    let titles = notice.derivatives.iter().filter_map(|derivative| Identifier::of_name(derivative.title.as_deref()?).ok());
    ids.chain(titles).flat_map(|id| id.lookup_keys()).collect()
}

fn scope_ids(scope: Option<&Scope>) -> impl Iterator<Item = &Identifier> {
    scope.into_iter().flat_map(|scope| scope.affected.iter().chain(&scope.unaffected)).filter_map(|item| match item {
        ScopeItem::Id(id) => Some(id),
        ScopeItem::Part(_) | ScopeItem::Version(_) => None,
    })
}

/// Title and aliases of the dataset as `name:` identifiers; names too short for one are left out.
pub(super) fn dataset_names(notice: &Notice) -> Vec<Identifier> {
    let names = std::iter::once(&notice.dataset.title).chain(&notice.dataset.aliases);
    names.filter_map(|name| Identifier::of_name(name).ok()).collect()
}

/// The relations in which `carrier` points at `target`, each once.
pub(super) fn relations(carrier: &Notice, target: &NoticeId) -> Vec<PriorRelation> {
    let edges = carrier.prior.iter().filter(|prior| prior.notice == *target);
    edges.map(|prior| prior.relation).collect::<BTreeSet<_>>().into_iter().collect()
}

impl Statements {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a statement. One that is there already takes up the new one's voices and the smaller index.
    pub fn insert(&mut self, mut statement: Statement) {
        if let Some(known) = self.by_id.get_mut(&statement.id) {
            known.merge(statement);
            return;
        }
        statement.normalise();
        let id = statement.id;
        self.by_id.insert(id, statement);
        match self.by_id.len().cmp(&(FEW + 1)) {
            Ordering::Less => {}
            Ordering::Equal => self.by_id.values().for_each(|statement| self.keyed.add(statement)),
            Ordering::Greater => self.by_id.get(&id).into_iter().for_each(|statement| self.keyed.add(statement)),
        }
    }

    /// Notes whether the list named `list` holds `digest`. An answer for a digest that a list in force was never asked for is
    /// incomplete.
    pub fn note_list(&mut self, list: DocumentHash, digest: &Identifier, contained: bool) {
        *self.facts.entry((list, digest.clone())).or_default() |= contained;
    }

    /// The statement of this name.
    pub fn get(&self, id: &NoticeId) -> Option<&Statement> {
        self.by_id.get(id)
    }

    /// Every statement, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Statement> {
        self.by_id.values()
    }

    /// How many statements.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Statements that may name what these keys stand for.
    pub(super) fn naming(&self, keys: &[LookupKey]) -> Vec<&Statement> {
        self.under(&self.keyed.naming, keys, |statement, key| statement.notice.naming().binary_search(key).is_ok())
    }

    /// Statements that may say what these keys stand for was derived from their dataset.
    pub(super) fn deriving(&self, keys: &[LookupKey]) -> Vec<&Statement> {
        self.under(&self.keyed.deriving, keys, |statement, key| statement.notice.deriving().binary_search(key).is_ok())
    }

    /// Whether any statement has an edge to this notice.
    pub(super) fn is_pointed_at(&self, id: &NoticeId) -> bool {
        if self.by_id.len() > FEW {
            self.keyed.pointing.contains_key(id)
        } else {
            self.by_id.values().any(|statement| points_at(statement, id))
        }
    }

    /// Statements with an edge to this notice.
    pub(super) fn pointing_at(&self, id: &NoticeId) -> Vec<&Statement> {
        self.under(&self.keyed.pointing, std::slice::from_ref(id), points_at)
    }

    /// Statements with a list of digests of this algorithm.
    pub(super) fn listing(&self, algorithm: DigestAlgorithm) -> Vec<&Statement> {
        let lists = |statement: &Statement, of: &_| statement.notice.digest_lists.iter().any(|list| list.algorithm == *of);
        self.under(&self.keyed.listing, &[algorithm], lists)
    }

    /// Whether `list` holds `digest`; `None` when nobody looked.
    pub(super) fn list_holds(&self, list: &DigestList, digest: &Identifier) -> Option<bool> {
        self.facts.get(&(list.sha256, digest.clone())).copied()
    }

    /// Each once, by name: those that have one of the keys.
    fn under<K: Eq + Hash>(
        &self,
        index: &HashMap<K, Vec<NoticeId>>,
        keys: &[K],
        has: impl Fn(&Statement, &K) -> bool,
    ) -> Vec<&Statement> {
        if self.by_id.len() <= FEW {
            return self.by_id.values().filter(|statement| keys.iter().any(|key| has(statement, key))).collect();
        }
        let mut ids: Vec<&NoticeId> = keys.iter().filter_map(|key| index.get(key)).flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().filter_map(|id| self.by_id.get(id)).collect()
    }
}

fn points_at(statement: &Statement, id: &NoticeId) -> bool {
    statement.notice.prior.iter().any(|prior| prior.notice == *id)
}

impl FromIterator<Statement> for Statements {
    fn from_iter<I: IntoIterator<Item = Statement>>(statements: I) -> Self {
        let mut set = Self::new();
        statements.into_iter().for_each(|statement| set.insert(statement));
        set
    }
}

impl Extend<Statement> for Statements {
    fn extend<I: IntoIterator<Item = Statement>>(&mut self, statements: I) {
        statements.into_iter().for_each(|statement| self.insert(statement));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::Prior;
    use crate::verdict::{
        Voice,
        sample::{id, lineage, retraction, said_by},
    };

    #[test]
    fn inserting_again_merges_voices_and_keeps_the_smaller_index() {
        let mut set = Statements::new();
        let mut first = said_by(retraction(&["doi:10.1234/a"]), "a.example");
        first.first_index = Some(9);
        let mut second = first.clone();
        second.first_index = Some(4);
        second.voices = vec![
            Voice { lineage: lineage("b.example"), may_lift: false },
            Voice { lineage: lineage("b.example"), may_lift: true },
        ];
        set.insert(first.clone());
        set.insert(second);
        let merged = set.get(&first.id).unwrap();
        assert_eq!((set.len(), merged.first_index), (1, Some(4)));
        assert_eq!(merged.voices.len(), 2);
        assert!(merged.voices.iter().all(|voice| voice.may_lift));
    }

    #[test]
    fn a_versioned_subject_is_found_with_and_without_its_version() {
        let versioned = format!("hf:datasets/acme/faces@{}", "a".repeat(40));
        let set: Statements = [said_by(retraction(&[&versioned]), "a.example")].into_iter().collect();
        assert_eq!(set.naming(&id(&versioned).lookup_keys()).len(), 1);
        assert_eq!(set.naming(&id("hf:datasets/acme/faces").lookup_keys()).len(), 1);
    }

    #[test]
    fn a_set_finds_the_same_before_and_after_it_is_large_enough_for_an_index() {
        let many: Vec<Statement> =
            (0..3 * FEW).map(|n| said_by(retraction(&[&format!("doi:10.1234/{n}")]), "a.example")).collect();
        let mut set = Statements::new();
        for (n, one) in many.iter().enumerate() {
            set.insert(one.clone());
            for (at, other) in many.iter().enumerate() {
                let found = set.naming(&other.notice.subjects[0].id.lookup_keys());
                assert_eq!(
                    found.iter().map(|found| found.id).collect::<Vec<_>>(),
                    if at <= n { vec![other.id] } else { vec![] }
                );
                assert!(set.deriving(&other.notice.subjects[0].id.lookup_keys()).is_empty());
                assert!(!set.is_pointed_at(&other.id) && set.pointing_at(&other.id).is_empty());
            }
        }
        let mut lifted = retraction(&["doi:10.1234/0"]);
        lifted.prior = vec![Prior { notice: many[0].id, relation: PriorRelation::Revokes }];
        for size in [1, FEW - 1, FEW, FEW + 1, many.len()] {
            let mut set: Statements = many[..size].iter().cloned().collect();
            let carrier = said_by(lifted.clone(), "a.example");
            set.insert(carrier.clone());
            assert_eq!(set.pointing_at(&many[0].id).iter().map(|found| found.id).collect::<Vec<_>>(), [carrier.id]);
            assert!(set.is_pointed_at(&many[0].id) && !set.is_pointed_at(&carrier.id));
        }
    }

    #[test]
    fn titles_and_aliases_are_found_by_name() {
        let mut notice = retraction(&["doi:10.1234/a"]);
        notice.dataset.title = "MS-Celeb-1M".to_owned();
        notice.dataset.aliases = vec!["Celebrity Million".to_owned(), "x".to_owned()];
        let set: Statements = [said_by(notice, "a.example")].into_iter().collect();
        assert_eq!(set.naming(&Identifier::of_name("ms celeb 1m").unwrap().lookup_keys()).len(), 1);
        assert_eq!(set.naming(&Identifier::of_name("celebrity-million").unwrap().lookup_keys()).len(), 1);
    }
}

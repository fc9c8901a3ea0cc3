//! Random cases from a small world, so that identifiers collide, edges meet, chains grow and notices are disputed.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    Listed, Standing, Statement, StatementSource, Statements, Trust, Voice, deriving_keys, naming_keys,
    sample::{FACES, FACES_V1, FACES_V2, HIDDEN_MD5_A, HIDDEN_SHA_A, MD5_A, SHA_A, SHA_B, at, id, lineage, named, retraction},
};
use crate::{
    envelope::LineageId,
    notice::{
        Derivative, DerivativeRelation, DigestAlgorithm, DigestList, DigestListRole, DocumentHash, Fault, Identifier, Inherits,
        IssuerRole, LookupKey, NoticeId, NoticeType, PartialDate, Prior, PriorRelation, Scope, ScopeItem, ScopeKind, Subject,
        SubjectRole,
    },
};

const POOL: &[&str] = &[
    FACES,
    FACES_V1,
    FACES_V2,
    "doi:10.1234/a",
    "doi:10.1234/b",
    "url:https://a.example/x",
    "url:http://www.a.example/x",
    "url:https://data.b.example/y",
    SHA_A,
    SHA_B,
    MD5_A,
    "name:samplefaces",
    "name:otherdata",
    "kaggle:acme/set",
    "arxiv:2101.01234",
    "swh:1:cnt:5ab2f8a4323abafb10abb68657d9d39f1a775057",
    "btih:9e67eb7cc23c9417f39778a8e06cca5e26196a97",
    HIDDEN_SHA_A,
    HIDDEN_MD5_A,
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
];
const PREFIXES: &[&str] =
    &["hf:datasets/acme/", "hf:datasets/acme", "doi:10.1234/", "doi:10.1234/a", "kaggle:acme", "hf:datasets/ac"];
const LISTS: &[&str] = &["list one", "list two"];

/// SplitMix64: small, seeded, the same everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }

    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// One small world and the questions to ask of it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) statements: Vec<Statement>,
    pub(super) facts: BTreeMap<(DocumentHash, Identifier), bool>,
    pub(super) trust: Trust,
    pub(super) now: DateTime<Utc>,
    pub(super) asked: Vec<Identifier>,
}

impl Case {
    pub(super) fn set(&self) -> Statements {
        let mut set: Statements = self.statements.iter().cloned().collect();
        for ((list, digest), contained) in &self.facts {
            set.note_list(*list, digest, *contained);
        }
        set
    }

    pub(super) fn new(dice: &mut Dice) -> Self {
        let pool: Vec<&str> = (0..5 + dice.below(3)).map(|_| dice.pick(POOL)).collect();
        let lineages = lineages();
        let count = 1 + dice.below(7);
        let mut statements: Vec<Statement> = (0..count).map(|n| random_statement(dice, &pool, &lineages, n)).collect();
        let mut again = statements[0].clone();
        again.voices = vec![random_voice(dice, &lineages)];
        statements.push(again);
        let mut facts = BTreeMap::new();
        for list in LISTS {
            for digest in [SHA_A, SHA_B, MD5_A, HIDDEN_SHA_A, HIDDEN_MD5_A].map(id) {
                if dice.percent(80) {
                    facts.insert((DocumentHash::of(list.as_bytes()), digest), dice.percent(50));
                }
            }
        }
        let mut trust = Trust::default();
        for lineage in lineages {
            let standing = Standing {
                pinned: dice.percent(50),
                prefixes: (0..=dice.below(2)).map(|_| dice.pick(PREFIXES).to_owned()).collect(),
                domain_verified: dice.percent(50),
            };
            trust.lineages.insert(lineage, standing);
        }
        let asked = vec![id(dice.pick(&pool)), id(dice.pick(&pool))];
        Self { statements, facts, trust, now: at("2026-11-23"), asked }
    }
}

fn lineages() -> Vec<LineageId> {
    let second = LineageId { record0: Some(named("second record 0")), ..lineage("a.example") };
    vec![lineage("a.example"), lineage("b.example"), second]
}

fn random_voice(dice: &mut Dice, lineages: &[LineageId]) -> Voice {
    Voice { lineage: dice.pick(lineages), may_lift: dice.percent(85) }
}

fn random_statement(dice: &mut Dice, pool: &[&str], lineages: &[LineageId], number: usize) -> Statement {
    let mut notice = retraction(&[]);
    notice.kind = match dice.below(10) {
        0..=3 => NoticeType::Retraction,
        4 | 5 => NoticeType::Response,
        _ => dice.pick(NoticeType::ALL),
    };
    notice.issuer.role = match dice.below(10) {
        0..=5 => IssuerRole::Publisher,
        6 | 7 => IssuerRole::Host,
        _ => dice.pick(IssuerRole::ALL),
    };
    if dice.percent(30) {
        notice.effective = PartialDate::parse(dice.pick(&["2026", "2026-11-23", "2026-11-24", "2026-12", "2027"]));
    }
    if dice.percent(30) {
        notice.dataset.title = "Other Data".to_owned();
    }
    if dice.percent(20) {
        notice.dataset.aliases.push("sample-faces".to_owned());
    }
    for _ in 0..=dice.below(3) {
        let role = if dice.percent(50) { SubjectRole::Whole } else { dice.pick(SubjectRole::ALL) };
        notice.subjects.push(Subject { id: id(dice.pick(pool)), role, display: None });
    }
    let kind = if dice.percent(50) { ScopeKind::Whole } else { dice.pick(ScopeKind::ALL) };
    let mut items = |chance| -> Vec<ScopeItem> {
        if dice.percent(chance) {
            vec![ScopeItem::Id(id(dice.pick(pool))), ScopeItem::Part("faces".to_owned())]
        } else {
            Vec::new()
        }
    };
    notice.scope = Some(Scope { kind, affected: items(30), unaffected: items(25) });
    notice.fault = if dice.percent(10) { None } else { Some(dice.pick(Fault::ALL)) };
    if dice.percent(25) {
        let name = DocumentHash::of(dice.pick(LISTS).as_bytes());
        notice.digest_lists.push(DigestList {
            algorithm: match dice.below(8) {
                0..=3 => DigestAlgorithm::Sha256,
                4 | 5 => DigestAlgorithm::Md5,
                _ => DigestAlgorithm::Blind,
            },
            sha256: name,
            count: 1,
            blocks: name,
            role: dice.pick(DigestListRole::ALL),
        });
    }
    for _ in 0..dice.below(3) {
        let title = dice.percent(30).then(|| dice.pick(&["Other Data", "sample FACES", "x"]).to_owned());
        notice.derivatives.push(Derivative {
            id: (title.is_none() || dice.percent(50)).then(|| id(dice.pick(pool))),
            title,
            display: None,
            relation: dice.pick(&[DerivativeRelation::Cleaned, DerivativeRelation::Subset]),
            inherits: if dice.percent(65) { Inherits::Yes } else { dice.pick(Inherits::ALL) },
        });
    }
    for _ in 0..dice.below(3) {
        let relation = if notice.kind == NoticeType::Response && dice.percent(80) {
            PriorRelation::Disputes
        } else {
            dice.pick(PriorRelation::ALL)
        };
        notice.prior.push(Prior { relation, notice: named(&format!("notice {}", dice.below(8))) });
    }
    let voices: Vec<Voice> = (0..=dice.below(2)).map(|_| random_voice(dice, lineages)).collect();
    notice.issuer.id = voices[0].lineage.did.clone();
    let first_index = dice.percent(50).then(|| u64::try_from(number).unwrap());
    Statement { id: named(&format!("notice {number}")), notice: Arc::new(notice.into()), voices, first_index }
}

/// A store that looks through everything it has for each question.
impl StatementSource for Case {
    type Error = std::convert::Infallible;

    fn naming(&self, keys: &[LookupKey]) -> Result<Vec<Statement>, Self::Error> {
        Ok(self.chosen(|s| naming_keys(&s.notice).iter().any(|key| keys.contains(key))))
    }

    fn deriving(&self, keys: &[LookupKey]) -> Result<Vec<Statement>, Self::Error> {
        Ok(self.chosen(|s| deriving_keys(&s.notice).iter().any(|key| keys.contains(key))))
    }

    fn pointing_at(&self, notices: &[NoticeId]) -> Result<Vec<Statement>, Self::Error> {
        Ok(self.chosen(|s| s.notice.prior.iter().any(|prior| notices.contains(&prior.notice))))
    }

    fn listing(&self, digest: &Identifier) -> Result<Vec<Listed>, Self::Error> {
        let (algorithm, _) = digest.digest().unwrap();
        let lists = self.statements.iter().flat_map(|s| s.notice.digest_lists.iter().map(move |list| (s, list)));
        let of_algorithm = lists.filter(|(_, list)| list.algorithm == algorithm);
        let fact = |list: DocumentHash| self.facts.get(&(list, digest.clone())).copied();
        Ok(of_algorithm.map(|(s, list)| (s.clone(), list.sha256, fact(list.sha256))).collect())
    }

    fn by_id(&self, ids: &[NoticeId]) -> Result<Vec<Statement>, Self::Error> {
        Ok(self.chosen(|s| ids.contains(&s.id)))
    }
}

impl Case {
    fn chosen(&self, wanted: impl Fn(&Statement) -> bool) -> Vec<Statement> {
        self.statements.iter().filter(|statement| wanted(statement)).cloned().collect()
    }
}

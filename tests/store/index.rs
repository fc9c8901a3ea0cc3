//! The index over the log.

use std::sync::Arc;

use chrono::TimeDelta;
use palinode::envelope::PayloadType;
use palinode::ledger::stored::{DocumentKind, FactQuery, IndexRows, NoticeFilter, NoticeRows, RowCounts, SearchQuery};
use palinode::notice::index::{FactRole, IndexFact};
use palinode::notice::{DigestAlgorithm, DigestListRole, DocumentHash, IssuerRole, NoticeId, NoticeType, Reason};

use super::backend::Backend;
use super::made::*;

fn ids(numbers: &[u64]) -> Vec<NoticeId> {
    let mut ids: Vec<NoticeId> = numbers.iter().map(|n| payload(*n)).collect();
    ids.sort_unstable();
    ids
}

fn sorted(mut ids: Vec<NoticeId>) -> Vec<NoticeId> {
    ids.sort_unstable();
    ids
}

fn fact(text: &str, role: FactRole) -> IndexFact {
    IndexFact { key: key(text), role }
}

fn sha256() -> DigestAlgorithm {
    DigestAlgorithm::parse("sha256").unwrap()
}

pub(crate) fn facts_tell_what_is_named_from_what_is_derived(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    let with = |facts: &[IndexFact]| NoticeRows { facts: facts.to_vec(), ..rows("Faces") };
    let batch = grower.batch(vec![
        notice(0, "a", with(&[fact("k", FactRole::Subject), fact("k", FactRole::Name), fact("l", FactRole::Derivative)])),
        notice(1, "a", with(&[fact("k", FactRole::Derivative), fact("k", FactRole::Unaffected)])),
        notice(2, "a", with(&[fact("l", FactRole::Affected)])),
    ]);
    backend.writer().append(&batch).unwrap();
    let with = |query, keys: &[&str], size| {
        let keys: Vec<_> = keys.iter().map(|text| key(text)).collect();
        sorted(stores.index.notices_with(query, &keys, size).unwrap())
    };
    assert_eq!(with(FactQuery::Naming, &["k"], 3), ids(&[0, 1]), "each notice once");
    assert_eq!(with(FactQuery::Deriving, &["k"], 3), ids(&[1]));
    assert_eq!(with(FactQuery::Naming, &["k", "l", "m"], 3), ids(&[0, 1, 2]));
    assert_eq!(with(FactQuery::Naming, &["l"], 2), ids(&[]));
    assert_eq!(with(FactQuery::Deriving, &["l"], 0), ids(&[]));
    assert_eq!(with(FactQuery::Naming, &[], 3), ids(&[]));
    assert_eq!(with(FactQuery::Naming, &["K"], 3), ids(&[]), "keys are bytes");
}

pub(crate) fn what_was_asked_before_is_known_anew_when_an_entry_adds_to_it(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    let with = |role| NoticeRows { facts: vec![fact("k", role)], ..rows("Faces") };
    let naming = |size| sorted(stores.index.notices_with(FactQuery::Naming, &[key("k")], size).unwrap());
    let deriving = |size| sorted(stores.index.notices_with(FactQuery::Deriving, &[key("k")], size).unwrap());
    let places = |size| {
        let places = stores.log.places_of_payload(PayloadType::Notice, &payload(0), size).unwrap();
        places.iter().map(|place| place.index).collect::<Vec<_>>()
    };
    let records = |size| stores.log.places_of_records(&did("a"), size).unwrap();
    let mut writer = backend.writer();
    let first = vec![notice(0, "a", with(FactRole::Subject)), entry(1, &did("a"), IndexRows::Publisher)];
    writer.append(&grower.batch(first)).unwrap();
    let asked = |size| (naming(size), deriving(size), places(size), records(size));
    let before = (ids(&[0]), ids(&[]), vec![0], vec![1]);
    assert_eq!(asked(2), before);
    stores.index.count_notices(2).unwrap();
    assert_eq!(asked(2), before, "carried into a file, if there is one");
    assert_eq!(asked(2), before, "and remembered, if that is done");
    let mut again = notice(4, "a", with(FactRole::Subject));
    (again.stored.payload_id, again.stored.key) = (payload(0), [8; 32]);
    let second = vec![
        notice(2, "a", with(FactRole::Subject)),
        notice(3, "b", with(FactRole::Derivative)),
        again,
        entry(5, &did("a"), IndexRows::Publisher),
    ];
    writer.append(&grower.batch(second)).unwrap();
    let after = (ids(&[0, 2]), ids(&[3]), vec![0, 4], vec![1, 5]);
    for _ in 0..2 {
        assert_eq!(asked(6), after);
        assert_eq!(asked(2), before, "the larger tree shows through nowhere");
        assert_eq!(asked(4), (ids(&[0, 2]), ids(&[3]), vec![0], vec![1]));
        stores.index.count_notices(6).unwrap();
        assert_eq!(asked(6), after);
    }
}

pub(crate) fn edges_and_lists_are_found_by_what_they_point_at(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    let list = DocumentHash::of(b"list");
    let lists = vec![(list, sha256(), DigestListRole::Affected), (list, sha256(), DigestListRole::Unaffected)];
    let batch = grower.batch(vec![
        notice(0, "a", NoticeRows { priors: vec![payload(9), payload(8)], ..rows("One") }),
        notice(1, "a", NoticeRows { priors: vec![payload(9)], lists, ..rows("Two") }),
    ]);
    backend.writer().append(&batch).unwrap();
    let pointing = |targets: &[u64], size| {
        let targets: Vec<_> = targets.iter().map(|n| payload(*n)).collect();
        sorted(stores.index.notices_pointing_at(&targets, size).unwrap())
    };
    assert_eq!(pointing(&[9], 2), ids(&[0, 1]));
    assert_eq!(pointing(&[8, 9], 2), ids(&[0, 1]), "each notice once");
    assert_eq!(pointing(&[9], 1), ids(&[0]));
    assert_eq!(pointing(&[0], 2), ids(&[]));
    let found = stores.index.digest_lists(sha256(), 2).unwrap();
    assert_eq!(found.iter().map(|found| (found.notice, found.list)).collect::<Vec<_>>(), [(payload(1), list)]);
    assert!(stores.index.digest_lists(sha256(), 1).unwrap().is_empty());
    assert!(stores.index.digest_lists(DigestAlgorithm::parse("md5").unwrap(), 2).unwrap().is_empty());
}

pub(crate) fn every_filter_of_a_search_narrows_it(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    let privacy = Reason::parse("privacy").unwrap();
    let batch = grower.batch(vec![
        notice(0, "a", rows("Example Faces\nLab of Vision")),
        notice(1, "b", NoticeRows { kind: NoticeType::Removal, ..rows("Example Voices") }),
        notice(2, "a", NoticeRows { role: IssuerRole::Host, reasons: vec![privacy], ..rows("Caf\u{e9} menus") }),
    ]);
    backend.writer().append(&batch).unwrap();
    let search = |query: SearchQuery| stores.index.search(&SearchQuery { limit: 10, ..query }, 3).unwrap();
    let words =
        |text: &str| search(SearchQuery { words: text.split(' ').map(str::to_owned).collect(), ..SearchQuery::default() });
    assert_eq!(search(SearchQuery::default()), [2, 1, 0], "newest first");
    assert_eq!(words("example"), [1, 0]);
    assert_eq!(words("EXAMPLE vis"), [0], "all words, each as a beginning");
    assert_eq!(words("cafe"), [2], "without accents");
    assert_eq!(words("faces voices"), [0; 0]);
    let of = |filter: NoticeFilter| search(SearchQuery { filter, ..SearchQuery::default() });
    let by_a = || NoticeFilter { issuer: Some(did("a")), ..NoticeFilter::default() };
    assert_eq!(of(by_a()), [2, 0]);
    assert_eq!(of(NoticeFilter { kind: Some(NoticeType::Removal), ..NoticeFilter::default() }), [1]);
    assert_eq!(of(NoticeFilter { reason: Some(privacy), ..NoticeFilter::default() }), [2]);
    assert_eq!(of(NoticeFilter { role: Some(IssuerRole::Host), ..NoticeFilter::default() }), [2]);
    let minute = start() + TimeDelta::minutes(1);
    assert_eq!(of(NoticeFilter { since: Some(minute), ..NoticeFilter::default() }), [2, 1], "from then on");
    assert_eq!(of(NoticeFilter { until: Some(minute), ..NoticeFilter::default() }), [0], "before then");
    assert_eq!(search(SearchQuery { before: Some(2), ..SearchQuery::default() }), [1, 0]);
    let all = SearchQuery { words: vec!["example".to_owned()], filter: by_a(), before: Some(2), ..SearchQuery::default() };
    assert_eq!(search(all), [0]);
    assert_eq!(stores.index.search(&SearchQuery { limit: 1, ..SearchQuery::default() }, 3).unwrap(), [2]);
    assert_eq!(stores.index.search(&SearchQuery { limit: 9, before: Some(9), ..SearchQuery::default() }, 2).unwrap(), [1, 0]);
}

pub(crate) fn rows_are_read_back_as_they_were_written(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    let list = DocumentHash::of(b"list");
    let full = NoticeRows {
        facts: vec![fact("k", FactRole::Subject), fact("l", FactRole::Derivative)],
        priors: vec![payload(9)],
        lists: vec![(list, sha256(), DigestListRole::Affected)],
        documents: vec![(list, DocumentKind::DigestList { algorithm: sha256(), count: 10_000_000 })],
        ..rows("Faces\n\u{1f600} 'quoted' \"twice\"; DROP TABLE notices")
    };
    let batch = grower.batch(vec![notice(0, "a", full.clone()), notice(1, "a", rows("Other"))]);
    backend.writer().append(&batch).unwrap();
    assert_eq!(stores.index.count_notices(2).unwrap(), 2);
    let holds = |n: usize, rows: &NoticeRows| {
        stores.index.holds(&batch.entries[n].stored, &IndexRows::Notice(Arc::new(rows.clone()))).unwrap()
    };
    assert!(holds(0, &full) && holds(1, &rows("Other")));
    assert!(!holds(1, &full) && !holds(0, &rows("Other")));
    assert!(!holds(0, &NoticeRows { priors: vec![payload(8)], ..full.clone() }), "an edge that is not there");
    let counts = stores.index.row_counts(u64::MAX).unwrap();
    let expected = RowCounts {
        entries: 2,
        notices: 2,
        names: 2,
        facts: 3,
        digests: 0,
        priors: 1,
        reasons: 2,
        lists: 1,
        documents: 1,
        leaves: 2,
        records: 0,
    };
    assert_eq!(counts, expected);
    assert_eq!(stores.index.row_counts(1).unwrap().notices, 1, "of the entries below a size");
    assert_eq!(stores.index.contradictions().unwrap(), [""; 0]);
    assert_eq!(stores.index.text_words(1).unwrap().as_deref(), Some(""));
    assert_eq!(stores.index.text_words(2).unwrap(), None);
}

pub(crate) fn a_further_entry_of_a_notice_adds_no_row(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    let mut second = notice(1, "a", rows("Faces"));
    (second.stored.payload_id, second.stored.key) = (payload(0), [8; 32]);
    backend.writer().append(&grower.batch(vec![notice(0, "a", rows("Faces")), second])).unwrap();
    assert_eq!(stores.index.count_notices(2).unwrap(), 1);
    let counts = stores.index.row_counts(u64::MAX).unwrap();
    assert_eq!((counts.entries, counts.notices, counts.facts), (2, 1, 1));
    let keys = [key("doi:10.5555/faces")];
    assert_eq!(stores.index.notices_with(FactQuery::Naming, &keys, 2).unwrap(), [payload(0)]);
}

pub(crate) fn entries_of_an_issuer_are_counted_and_issuers_listed_in_order(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    let batch = grower.batch(vec![
        notice(0, "b", rows("One")),
        entry(1, &did("c"), IndexRows::Publisher),
        notice(2, "a", rows("Two")),
        notice(3, "b", rows("Three")),
    ]);
    backend.writer().append(&batch).unwrap();
    let count = |minutes| stores.index.count_of_issuer(&did("b"), start() + TimeDelta::minutes(minutes)).unwrap();
    assert_eq!((count(3).recent, count(3).total), (2, 2), "since the hour began");
    assert_eq!((count(63).recent, count(63).total), (0, 2));
    let count = stores.index.count_of_issuer(&did("nobody"), start()).unwrap();
    assert_eq!((count.recent, count.total), (0, 0));
    assert_eq!(stores.index.issuers(None, 9, 4).unwrap(), [did("a"), did("b"), did("c")]);
    assert_eq!(stores.index.issuers(Some(&did("a")), 1, 4).unwrap(), [did("b")]);
    assert_eq!(stores.index.issuers(None, 9, 2).unwrap(), [did("b"), did("c")]);
}

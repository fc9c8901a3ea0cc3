//! Detached documents.

use chrono::TimeDelta;
use palinode::envelope::RemovalBasis;
use palinode::ledger::Stores;
use palinode::ledger::removal::{Ground, Removal, Tombstone};
use palinode::ledger::stored::{DocumentKind, DocumentState, NoticeRows, SearchQuery, UploadGrant};
use palinode::notice::{DigestAlgorithm, DocumentHash, Timestamp};

use super::backend::Backend;
use super::made::*;

fn naming(text: &str) -> NoticeRows {
    NoticeRows { documents: vec![(document(text).hash, DocumentKind::Texts)], ..rows("Faces") }
}

fn found(stores: &Stores, word: &str) -> Vec<u64> {
    let query = SearchQuery { words: vec![word.to_owned()], limit: 9, ..SearchQuery::default() };
    stores.index.search(&query, u64::MAX).unwrap()
}

pub(crate) fn a_document_is_awaited_then_available(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    backend.writer().append(&grower.batch(vec![notice(0, "a", naming("words")), notice(1, "a", naming("words"))])).unwrap();
    let document = document("words");
    assert_eq!(stores.documents.state(&document.hash).unwrap(), DocumentState::Awaited);
    assert_eq!(stores.documents.read(&document.hash).unwrap(), None);
    assert_eq!(found(&stores, "words"), [0; 0]);
    for _ in 0..2 {
        stores.documents.keep(&document).unwrap();
        assert_eq!(
            stores.documents.state(&document.hash).unwrap(),
            DocumentState::Available { size: document.bytes.len() as u64 }
        );
        assert_eq!(backend.stores().documents.read(&document.hash).unwrap().as_deref(), Some(document.bytes.as_slice()));
        assert_eq!(found(&stores, "words"), [1, 0], "under every notice that names it");
    }
    backend.writer().append(&grower.batch(vec![notice(2, "a", naming("words"))])).unwrap();
    assert_eq!(found(&stores, "words"), [2, 1, 0], "and under those that come later");
    assert_eq!(stores.documents.kept(None, 9).unwrap(), [document.hash]);
    assert!(stores.documents.kept(Some(&document.hash), 9).unwrap().is_empty());
}

pub(crate) fn a_document_that_is_buried_is_found_nowhere_and_never_comes_back(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    let entries = vec![notice(0, "a", naming("words")), notice(1, "a", naming("others")), notice(2, "a", naming("later"))];
    backend.writer().append(&grower.batch(entries)).unwrap();
    for text in ["words", "others"] {
        stores.documents.keep(&document(text)).unwrap();
    }
    let [words, later] = ["words", "later"].map(|text| document(text).hash);
    let tombstones: Vec<Tombstone> = [words, later].map(|document| Tombstone::bare(document, start())).into();
    for _ in 0..2 {
        stores.removals.bury(&tombstones).unwrap();
        for text in ["words", "later"] {
            stores.documents.keep(&document(text)).unwrap();
            let hash = document(text).hash;
            assert_eq!(stores.documents.state(&hash).unwrap(), DocumentState::Removed);
            assert_eq!(stores.documents.read(&hash).unwrap(), None);
            assert_eq!(found(&stores, text), [0; 0]);
        }
    }
    assert_eq!(found(&stores, "others"), [1], "and nothing else goes");
    assert!(stores.documents.missing(3, 9).unwrap().is_empty());
    backend.writer().append(&grower.batch(vec![notice(3, "a", naming("words"))])).unwrap();
    assert_eq!(found(&stores, "words"), [0; 0], "nor under notices that come later");
    assert_eq!(stores.removals.tombstone(&words).unwrap(), Some(Tombstone::bare(words, start())));
    assert_eq!(stores.removals.tombstones().unwrap().len(), 2);
}

pub(crate) fn a_removal_is_ordered_until_it_is_struck_off(backend: &impl Backend) {
    let stores = backend.stores();
    let removal = |text: &str| {
        let ground = Ground { basis: RemovalBasis::Policy, jurisdiction: None, reference: Some("12/26".to_owned()) };
        let issued = Timestamp::from_time(start()).unwrap();
        Removal::new("ledger.example.org/log", issued, document(text).hash, ground).unwrap()
    };
    let (one, two) = (removal("one"), removal("two"));
    stores.removals.order_removal(&two, start() + TimeDelta::seconds(1)).unwrap();
    for _ in 0..2 {
        stores.removals.order_removal(&one, start()).unwrap();
    }
    let open = || stores.removals.removal_orders().unwrap();
    assert_eq!(open().iter().map(|order| order.removal.clone()).collect::<Vec<_>>(), [one.clone(), two.clone()]);
    stores.removals.note_removal_trouble(&one.document(), "a full disk").unwrap();
    stores.removals.bury(&[one.tombstone()]).unwrap();
    let first = open().remove(0);
    assert!(first.is_buried && first.trouble.as_deref() == Some("a full disk"), "{first:?}");
    stores.removals.strike_off_removal(&one.document()).unwrap();
    assert_eq!(open().into_iter().map(|order| (order.removal, order.is_buried)).collect::<Vec<_>>(), [(two, false)]);
    assert_eq!(stores.removals.tombstone(&one.document()).unwrap(), Some(one.tombstone()), "what was said of it stays");
}

pub(crate) fn documents_that_are_named_and_not_here_are_missing(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    let list = DocumentHash::of(b"list");
    let list_kind = DocumentKind::DigestList { algorithm: DigestAlgorithm::parse("sha256").unwrap(), count: 3 };
    let with_list = NoticeRows { documents: vec![(list, list_kind)], ..rows("Lists") };
    let entries = vec![notice(0, "a", naming("one")), notice(1, "a", naming("one")), notice(2, "a", with_list)];
    backend.writer().append(&grower.batch(entries)).unwrap();
    let one = document("one").hash;
    let missing = |size, limit| {
        let mut missing = stores.documents.missing(size, limit).unwrap();
        missing.sort_unstable();
        missing
    };
    let mut both = vec![(one, DocumentKind::Texts), (list, list_kind)];
    both.sort_unstable();
    assert_eq!(missing(3, 9), both, "each once");
    assert_eq!(missing(3, 1).len(), 1);
    assert_eq!(missing(2, 9), [(one, DocumentKind::Texts)]);
    assert_eq!(missing(0, 9), []);
    assert_eq!(stores.documents.named_as(&list, 3).unwrap(), Some(list_kind));
    assert_eq!(stores.documents.named_as(&list, 2).unwrap(), None);
    assert_eq!(stores.documents.named_as(&DocumentHash::of(b"?"), 3).unwrap(), None);
    stores.documents.keep(&document("one")).unwrap();
    assert_eq!(missing(3, 9), [(list, list_kind)]);
}

pub(crate) fn a_grant_is_good_for_its_documents_until_it_ends(backend: &impl Backend) {
    let stores = backend.stores();
    let (one, two) = (document("one").hash, document("two").hash);
    let (granted, expires) = (start(), start() + TimeDelta::hours(1));
    let grant = UploadGrant { token_hash: [1; 32], documents: vec![one, two], granted, expires };
    stores.documents.grant_upload(&grant).unwrap();
    let granted = |token, hash: &DocumentHash, minutes| {
        backend.stores().documents.upload_granted(&[token; 32], hash, start() + TimeDelta::minutes(minutes)).unwrap()
    };
    assert!(granted(1, &one, 0) && granted(1, &two, 59));
    assert!(!granted(1, &one, 60), "it has ended");
    assert!(!granted(2, &one, 0), "another token");
    assert!(!granted(1, &document("three").hash, 0), "another document");
    stores.documents.grant_upload(&UploadGrant { expires: start() + TimeDelta::hours(2), ..grant }).unwrap();
    assert!(granted(1, &one, 60), "granted again");
}

pub(crate) fn a_grant_that_ended_is_forgotten_when_the_next_one_is_given(backend: &impl Backend) {
    let stores = backend.stores();
    let one = document("one").hash;
    let give = |token, from_hour, to_hour| {
        let [granted, expires] = [from_hour, to_hour].map(|hour| start() + TimeDelta::hours(hour));
        let grant = UploadGrant { token_hash: [token; 32], documents: vec![one], granted, expires };
        stores.documents.grant_upload(&grant).unwrap();
    };
    // What is there is asked as of the start, when none of them had ended.
    let there = |token| stores.documents.upload_granted(&[token; 32], &one, start()).unwrap();
    give(1, 0, 1);
    give(2, 0, 2);
    assert!(there(1) && there(2));
    give(3, 1, 3);
    assert!(!there(1) && there(2) && there(3));
}

pub(crate) fn documents_come_with_the_batch_that_names_them(backend: &impl Backend) {
    let (stores, mut grower) = (backend.stores(), Grower::new());
    let mut batch = grower.batch(vec![notice(0, "a", naming("along"))]);
    batch.documents.push(document("along"));
    batch.documents.push(document("along"));
    backend.writer().append(&batch).unwrap();
    assert_eq!(found(&stores, "along"), [0]);
    assert!(stores.documents.missing(1, 9).unwrap().is_empty());
    assert_eq!(stores.index.row_counts(u64::MAX).unwrap().documents, 1);
}

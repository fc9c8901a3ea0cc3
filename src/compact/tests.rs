use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::envelope::{OperatorStatement, PayloadType, RecordDraft, SecretKey, Statement};
use crate::notice::index::{FactRole, IndexFact};
use crate::notice::{
    Did, DigestAlgorithm, DigestList, DigestListRole, DocumentHash, Draft, LookupKey, NoticeId, Prior, PriorRelation, Timestamp,
};
use crate::tlog::{Hash, TILE_WIDTH, bundle};

fn issued() -> Timestamp {
    Timestamp::parse("2026-11-23T10:00:00Z").unwrap()
}

/// The entry of a report about `subject`.
fn notice_entry(subject: &str) -> Vec<u8> {
    let draft = serde_json::json!({
        "type": "retraction", "issuer": {"role": "observer"}, "dataset": {"title": "Example Faces", "publisher_name": "Lab"},
        "subjects": [{"id": subject, "role": "whole"}], "scope": {"kind": "whole"}, "reasons": ["consent"],
        "actions": [{"do": "stop-use"}], "prior": [{"relation": "amends", "notice": "ab".repeat(32)}],
        "digest_lists": [{"algorithm": "sha256", "sha256": "cd".repeat(32), "count": 12, "blocks": "ef".repeat(32), "role": "affected"}]
    });
    let key = SecretKey::from_seed([1; 32]);
    let draft = Draft::parse(draft.to_string().as_bytes()).unwrap();
    let completed = draft.complete(&key.public().to_did(), issued(), [3; 32]).unwrap();
    entry(PayloadType::Notice, &completed.payload)
}

fn entry(kind: PayloadType, payload: &[u8]) -> Vec<u8> {
    SecretKey::from_seed([1; 32]).sign_envelope(kind, payload).unwrap().to_json().into_bytes()
}

fn record_entry() -> Vec<u8> {
    let key = SecretKey::from_seed([1; 32]).public();
    let record = RecordDraft::first(Did::parse("did:web:example.org").unwrap(), "Example", key, issued());
    entry(PayloadType::Publisher, &record.complete().unwrap().payload)
}

fn statement_entry() -> Vec<u8> {
    let statement = Statement::DocumentRemoved {
        document: DocumentHash::of(b"texts"),
        basis: crate::envelope::RemovalBasis::LegalOrder,
        jurisdiction: None,
        reference: None,
    };
    entry(PayloadType::Operator, &OperatorStatement::write("ledger.example.org/log", issued(), &statement).unwrap())
}

#[test]
fn a_tile_is_made_of_its_bundle_and_nothing_else() {
    let entries = [notice_entry("doi:10.5281/zenodo.1234567"), Vec::new(), record_entry(), statement_entry(), b"junk".to_vec()];
    let bundle = bundle::encode(&entries).unwrap();
    let tile = Tile::of_bundle(&bundle, 5).unwrap();
    let Row::Notice(notice) = &tile.rows()[0] else { panic!("{:?}", tile.rows()[0]) };
    let keys: Vec<_> = notice.facts.iter().map(|fact| (fact.key.as_str(), fact.role.as_str())).collect();
    assert_eq!(keys, [("doi:10.5281/zenodo.1234567", "subject"), ("name:examplefaces", "name")]);
    assert_eq!((notice.edges.len(), notice.lists[0].count, notice.sensitive), (1, 12, false));
    assert_eq!(tile.rows()[1], Row::Nothing, "a withheld slot gives an empty row");
    assert!(matches!(&tile.rows()[2], Row::Publisher { did, .. } if did.as_str() == "did:web:example.org"));
    assert!(matches!(&tile.rows()[3], Row::Operator { .. }));
    assert_eq!(tile.rows()[4], Row::Nothing, "what is no envelope is nothing");
    assert_eq!(Tile::of_bundle(&bundle, 5).unwrap().to_bytes(), tile.to_bytes());
    assert_eq!(Tile::parse(&tile.to_bytes()), Ok(tile));
    assert!(Tile::of_bundle(&bundle, 4).is_err());
}

#[test]
fn a_partial_tile_is_the_beginning_of_the_full_one_row_by_row() {
    let entries: Vec<_> = (0..300).map(|n| notice_entry(&format!("doi:10.5281/zenodo.{n}"))).collect();
    let mut tree = TileTree::default();
    let mut full = Vec::new();
    for entry in &entries {
        full.extend(tree.push(Row::of_entry(entry)));
    }
    assert_eq!((full.len(), tree.size()), (1, 300));
    let of_bundle = |range: std::ops::Range<usize>| {
        let width = u16::try_from(range.len()).unwrap();
        Tile::of_bundle(&bundle::encode(&entries[range]).unwrap(), width).unwrap()
    };
    assert_eq!(full[0], of_bundle(0..256));
    assert_eq!(tree.open_tile(), Some(of_bundle(256..300)));
    assert_eq!(tree.root(), Hash::node(&of_bundle(0..256).leaf_hash(), &of_bundle(256..300).leaf_hash()));
    assert_eq!(TileTree::default().root(), Hash::EMPTY);
    let mut again = TileTree::default();
    assert!(again.push_full(full[0].leaf_hash()));
    for entry in &entries[256..] {
        again.push(Row::of_entry(entry));
    }
    assert_eq!(again.root(), tree.root());
    assert!(!again.push_full(Hash::EMPTY), "no tile follows one that is not full");
}

/// The bytes of one tile, written out by hand from the description in `tile.rs`.
#[test]
fn the_bytes_of_a_tile_are_those_of_the_specification() {
    let (id, other) = (NoticeId::from_bytes([0x11; 32]), NoticeId::from_bytes([0x22; 32]));
    let key = |text: &str| LookupKey::from_stored(text.to_owned());
    let notice = NoticeRow {
        id,
        sensitive: true,
        facts: vec![
            IndexFact { key: key("doi:10.1/a"), role: FactRole::Subject },
            IndexFact { key: key("name:abcd"), role: FactRole::Name },
        ],
        edges: vec![Prior { relation: PriorRelation::Revokes, notice: other }],
        lists: vec![DigestList {
            algorithm: DigestAlgorithm::Blind,
            sha256: DocumentHash::from_bytes([0x33; 32]),
            count: 258,
            blocks: DocumentHash::from_bytes([0x44; 32]),
            role: DigestListRole::Unaffected,
        }],
    };
    let did = Did::parse("did:web:a.example").unwrap();
    let rows = vec![
        Row::Nothing,
        Row::Notice(Box::new(notice)),
        Row::Publisher { payload: other, did },
        Row::Operator { payload: id },
    ];
    let expected = [
        &b"palinode-index-tile/v1\n\x00\x04"[..],
        b"\x00",
        &[b"\x01".as_slice(), &[0x11; 32], b"\x01", b"\x00\x02", b"\x00\x00\x0adoi:10.1/a", b"\x04\x00\x09name:abcd"].concat(),
        &[b"\x01\x02".as_slice(), &[0x22; 32], b"\x01\x05\x01\x00\x00\x01\x02", &[0x33; 32], &[0x44; 32]].concat(),
        &[b"\x02".as_slice(), &[0x22; 32], b"\x00\x11did:web:a.example"].concat(),
        &[b"\x03".as_slice(), &[0x11; 32]].concat(),
    ]
    .concat();
    let tile = Tile::of_rows(rows).unwrap();
    assert_eq!(tile.to_bytes(), expected);
    assert_eq!(Tile::parse(&expected), Ok(tile));
}

#[test]
fn what_is_not_written_as_tiles_are_is_refused() {
    let good = Tile::of_rows(vec![Row::of_entry(&notice_entry("doi:10.5281/zenodo.1"))]).unwrap().to_bytes();
    assert_eq!(Tile::parse(&[]), Err(TileError::Magic));
    assert_eq!(Tile::parse(&good[..24]), Err(TileError::Width(0)));
    assert_eq!(Tile::parse(b"palinode-index-tile/v1\n\x01\x01"), Err(TileError::Width(257)));
    assert_eq!(Tile::parse(&[&good[..], b"x"].concat()), Err(TileError::TrailingBytes(1)));
    for cut in 25..good.len() {
        assert_eq!(Tile::parse(&good[..cut]), Err(TileError::Row(0)), "cut at {cut}");
    }
    assert_eq!(Tile::of_rows(Vec::new()), Err(TileError::Width(0)));
    assert_eq!(Tile::of_rows(vec![Row::Nothing; TILE_WIDTH + 1]), Err(TileError::Width(257)));
    let (first, second) = (&b"\x00\x00\x05doi:a"[..], &b"\x00\x00\x05doi:b"[..]);
    let row = |facts: &[&[u8]]| {
        let count = u16::try_from(facts.len()).unwrap().to_be_bytes();
        [b"palinode-index-tile/v1\n\x00\x01\x01".as_slice(), &[7; 32], b"\x00", &count, &facts.concat(), b"\x00\x00"].concat()
    };
    assert!(Tile::parse(&row(&[first, second])).is_ok());
    for (facts, why) in [
        (vec![second, first], "out of order"),
        (vec![first, first], "twice"),
        (vec![b"\x00\x00\x00"], "empty"),
        (vec![b"\x05\x00\x01a"], "no such role"),
        (vec![b"\x00\x00\x02a "], "a space"),
    ] {
        assert_eq!(Tile::parse(&row(&facts)), Err(TileError::Row(0)), "{why}");
    }
}

fn any_row() -> impl Strategy<Value = Row> {
    let hash = any::<[u8; 32]>();
    let fact = ("[!-~]{1,40}", 0..FactRole::ALL.len())
        .prop_map(|(key, role)| IndexFact { key: LookupKey::from_stored(key), role: FactRole::ALL[role] });
    let edge = (0..PriorRelation::ALL.len(), hash)
        .prop_map(|(relation, notice)| Prior { relation: PriorRelation::ALL[relation], notice: NoticeId::from_bytes(notice) });
    let list = (0..DigestAlgorithm::ALL.len(), any::<bool>(), 1..=10_000_000_u64, hash, hash).prop_map(
        |(of, affected, count, sha256, blocks)| {
            let role = if affected { DigestListRole::Affected } else { DigestListRole::Unaffected };
            let (sha256, blocks) = (DocumentHash::from_bytes(sha256), DocumentHash::from_bytes(blocks));
            DigestList { algorithm: DigestAlgorithm::ALL[of], sha256, count, blocks, role }
        },
    );
    let notice = (hash, any::<bool>(), vec(fact, 0..8), vec(edge, 0..4), vec(list, 0..3)).prop_map(
        |(id, sensitive, mut facts, edges, lists)| {
            facts.sort();
            facts.dedup();
            Row::Notice(Box::new(NoticeRow { id: NoticeId::from_bytes(id), sensitive, facts, edges, lists }))
        },
    );
    prop_oneof![
        Just(Row::Nothing),
        notice,
        ("[a-z]{1,20}\\.example", hash).prop_map(|(host, payload)| Row::Publisher {
            payload: NoticeId::from_bytes(payload),
            did: Did::parse(&format!("did:web:{host}")).unwrap(),
        }),
        hash.prop_map(|payload| Row::Operator { payload: NoticeId::from_bytes(payload) }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(rows in vec(any_row(), 1..20)) {
        let tile = Tile::of_rows(rows).unwrap();
        prop_assert_eq!(Tile::parse(&tile.to_bytes()), Ok(tile));
    }

    #[test]
    fn what_is_read_has_one_spelling(rows in vec(any_row(), 1..6), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut bytes = Tile::of_rows(rows).unwrap().to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(tile) = Tile::parse(&bytes) {
            prop_assert_eq!(tile.to_bytes(), bytes);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in vec(any::<u8>(), 0..400)) {
        let _ = Tile::parse(&bytes);
        let _ = Tile::parse(&[b"palinode-index-tile/v1\n\x00\x02".as_slice(), &bytes].concat());
        let _ = Row::of_entry(&bytes);
    }
}

//! The log: appending, publishing, tiles, the head record and cosignatures.

use chrono::TimeDelta;
use palinode::envelope::PayloadType;
use palinode::ledger::stored::{Batch, Head, IndexRows, RowCounts};
use palinode::ledger::{AppendError, Cosigned, StoreError};
use palinode::tlog::{Hash, TileId};

use super::backend::Backend;
use super::made::*;

pub(crate) fn a_new_store_holds_nothing(backend: &impl Backend) {
    let stores = backend.stores();
    assert!(stores.log.newest_head().unwrap().is_none());
    assert!(stores.log.newest_published().unwrap().is_none());
    assert!(stores.log.published_from(0, 10).unwrap().is_empty());
    assert!(stores.log.entries(0, 0).unwrap().is_empty());
    assert!(matches!(stores.log.entries(0, 1), Err(StoreError::Corrupt { .. })));
    assert_eq!(stores.cosignatures.last_signed_time().unwrap(), 0);
    assert_eq!(stores.index.row_counts(u64::MAX).unwrap(), RowCounts::default());
    assert_eq!(stores.index.count_notices(u64::MAX).unwrap(), 0);
    assert!(stores.documents.kept(None, 10).unwrap().is_empty());
    assert!(backend.record().read().unwrap().is_none());
}

pub(crate) fn what_was_appended_is_read_on_every_connection(backend: &impl Backend) {
    let (before, mut writer, mut grower) = (backend.stores(), backend.writer(), Grower::new());
    assert!(before.log.newest_head().unwrap().is_none(), "a connection that was used before");
    let empty = Head::EMPTY;
    writer.append(&Batch { expected: empty, entries: vec![], tiles: vec![], head: empty, documents: vec![] }).unwrap();
    assert_eq!(before.log.newest_head().unwrap(), Some(empty));
    let batch = grower.plain(3);
    writer.append(&batch).unwrap();
    for stores in [before, backend.stores()] {
        assert_eq!(stores.log.newest_head().unwrap(), Some(grower.head()));
        assert!(stores.log.newest_published().unwrap().is_none(), "nobody signed it");
        let entries = stores.log.entries(0, 3).unwrap();
        assert!(entries.iter().eq(batch.entries.iter().map(|entry| &entry.stored)), "every column comes back");
        let leaves: Vec<_> = entries.iter().map(|entry| entry.leaf).collect();
        assert_eq!(stores.log.tile(TileId { level: 0, index: 0 }, 3).unwrap(), leaves);
        assert_eq!(stores.log.known_leaves(&[leaves[2], Hash::leaf(b"?"), leaves[0]]).unwrap(), [true, false, true]);
    }
}

pub(crate) fn an_append_onto_another_head_writes_nothing(backend: &impl Backend) {
    let (stores, mut writer, mut grower) = (backend.stores(), backend.writer(), Grower::new());
    writer.append(&grower.plain(2)).unwrap();
    let head = grower.head();
    let moved = Head { size: 2, root: Hash::leaf(b"another root") };
    let ahead = Head { size: 3, root: head.root };
    for expected in [Head::EMPTY, moved, ahead] {
        let batch = Batch { expected, ..Grower { frontier: grower.frontier.clone() }.plain(1) };
        // A second writer, on a connection of its own.
        let refused = backend.writer().append(&batch).unwrap_err();
        assert!(matches!(refused, AppendError::HeadMoved { found: 2 }), "{refused}");
        assert_eq!(stores.log.newest_head().unwrap(), Some(head));
        assert!(stores.log.entries(2, 3).is_err());
    }
    writer.append(&grower.plain(1)).unwrap();
}

pub(crate) fn an_append_that_leaves_a_hole_writes_nothing(backend: &impl Backend) {
    let mut grower = Grower::new();
    let mut batch = grower.plain(2);
    batch.entries.remove(0);
    assert!(backend.writer().append(&batch).is_err());
    assert!(backend.stores().log.newest_head().unwrap().is_none());
    assert_eq!(backend.stores().index.count_notices(9).unwrap(), 0);
}

pub(crate) fn an_append_that_fails_half_way_writes_nothing(backend: &impl Backend) {
    let (stores, mut writer, mut grower) = (backend.stores(), backend.writer(), Grower::new());
    writer.append(&grower.plain(1)).unwrap();
    let head = grower.head();
    let mut batch = grower.plain(2);
    // The last entry is the first one again, which is unique in a log.
    let again = notice(0, "a", rows("Again"));
    batch.entries[1].stored.leaf = again.stored.leaf;
    batch.entries[1].stored.payload_id = again.stored.payload_id;
    assert!(matches!(writer.append(&batch), Err(AppendError::Store(_))));
    assert_eq!(stores.log.newest_head().unwrap(), Some(head));
    assert!(stores.log.entries(1, 2).is_err());
    assert_eq!((stores.index.count_notices(9).unwrap(), stores.index.row_counts(u64::MAX).unwrap().entries), (1, 1));
    assert_eq!(stores.log.tile(TileId { level: 0, index: 0 }, 1).unwrap().len(), 1);
    assert!(stores.log.tile(TileId { level: 0, index: 0 }, 2).is_err());
}

pub(crate) fn only_an_appended_head_is_published_and_twice_is_harmless(backend: &impl Backend) {
    let (stores, mut writer, mut grower) = (backend.stores(), backend.writer(), Grower::new());
    writer.append(&grower.plain(2)).unwrap();
    let head = grower.head();
    for stranger in [Head { size: 3, root: head.root }, Head { size: 2, root: Hash::leaf(b"?") }] {
        assert!(writer.publish(&published(stranger), None).is_err());
        assert!(stores.log.newest_published().unwrap().is_none());
    }
    let own = Cosigned { name: "a/witness".to_owned(), time: start(), line: "line\n".to_owned() };
    for _ in 0..2 {
        writer.publish(&published(head), Some(&own)).unwrap();
        assert_eq!(stores.log.newest_published().unwrap(), Some(published(head)));
        assert_eq!(stores.cosignatures.cosignatures(2).unwrap(), std::slice::from_ref(&own));
    }
    let signed = u64::try_from(start().timestamp()).unwrap();
    assert_eq!(stores.cosignatures.last_signed_time().unwrap(), signed, "in one commit with the head");
}

pub(crate) fn published_heads_are_read_in_order(backend: &impl Backend) {
    let (stores, mut writer, mut grower) = (backend.stores(), backend.writer(), Grower::new());
    for size in 1..=4 {
        writer.append(&grower.plain(1)).unwrap();
        if size != 3 {
            writer.publish(&published(grower.head()), None).unwrap();
        }
    }
    let sizes = |from, limit| stores.log.published_from(from, limit).unwrap().iter().map(|h| h.head.size).collect::<Vec<_>>();
    assert_eq!(sizes(0, 10), [1, 2, 4]);
    assert_eq!(sizes(2, 10), [2, 4]);
    assert_eq!(sizes(2, 1), [2]);
    assert_eq!(sizes(5, 10), [0; 0]);
}

pub(crate) fn a_tile_is_cut_to_the_asked_width_and_never_filled_up(backend: &impl Backend) {
    let (stores, mut writer, mut grower) = (backend.stores(), backend.writer(), Grower::new());
    let mut leaves = Vec::new();
    for count in [200, 56, 1] {
        let batch = grower.plain(count);
        leaves.extend(batch.entries.iter().map(|entry| entry.stored.leaf));
        writer.append(&batch).unwrap();
    }
    let tile = |level, index, width| stores.log.tile(TileId { level, index }, width);
    assert_eq!(tile(0, 0, 256).unwrap(), leaves[..256]);
    assert_eq!(tile(0, 0, 17).unwrap(), leaves[..17]);
    assert_eq!(tile(0, 1, 1).unwrap(), leaves[256..]);
    assert_eq!(tile(1, 0, 1).unwrap().len(), 1);
    for (level, index, width) in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 0, 1)] {
        assert!(matches!(tile(level, index, width), Err(StoreError::Corrupt { .. })), "{level}/{index} of width {width}");
    }
}

pub(crate) fn reads_are_bounded_by_the_tree_size(backend: &impl Backend) {
    let (stores, mut writer, mut grower) = (backend.stores(), backend.writer(), Grower::new());
    let mut batch = grower.batch(vec![
        notice(0, "a", rows("Faces")),
        entry(1, &did("a"), IndexRows::Publisher),
        entry(2, &did("a"), IndexRows::Publisher),
    ]);
    batch.documents.push(document("texts"));
    writer.append(&batch).unwrap();
    let leaf = batch.entries[2].stored.leaf;
    for (size, there) in [(2, false), (3, true)] {
        assert_eq!(stores.log.entry_by_leaf(&leaf, size).unwrap().is_some(), there);
        assert_eq!(stores.log.entries_of_payload(PayloadType::Publisher, &payload(2), size).unwrap().len(), usize::from(there));
        assert_eq!(stores.log.records_of(&did("a"), size).unwrap().len(), 1 + usize::from(there));
    }
    assert!(stores.log.entries_of_payload(PayloadType::Notice, &payload(2), 3).unwrap().is_empty(), "of another type");
    assert!(stores.log.records_of(&did("b"), 3).unwrap().is_empty());
    assert_eq!(stores.index.count_notices(0).unwrap(), 0);
    assert_eq!(stores.index.issuers(None, 9, 0).unwrap(), []);
}

pub(crate) fn the_head_record_is_replaced_as_a_whole(backend: &impl Backend) {
    let record = backend.record();
    for bytes in [b"a long first record".as_slice(), b"second", b"second", b""] {
        record.write(bytes).unwrap();
        assert_eq!(record.read().unwrap().as_deref(), Some(bytes));
        assert_eq!(backend.record().read().unwrap().as_deref(), Some(bytes));
    }
}

pub(crate) fn cosignatures_are_kept_by_witness_and_the_latest_own_time_is_remembered(backend: &impl Backend) {
    let stores = backend.stores();
    let keep = |size, name: &str, seconds, own| {
        let time = start() + TimeDelta::seconds(seconds);
        let cosigned = Cosigned { name: name.to_owned(), time, line: format!("{name} {seconds}\n") };
        stores.cosignatures.keep_cosignature(size, &cosigned, own).unwrap();
    };
    let lines = |size| stores.cosignatures.cosignatures(size).unwrap().into_iter().map(|c| c.line).collect::<Vec<_>>();
    let since = || backend.stores().cosignatures.last_signed_time().unwrap() - u64::try_from(start().timestamp()).unwrap();
    keep(5, "own", 10, true);
    keep(5, "peer", 20, false);
    assert_eq!(lines(5), ["peer 20\n", "own 10\n"], "the newest first");
    assert_eq!(since(), 10, "a peer's time is not ours");
    keep(5, "own", 30, true);
    keep(5, "own", 25, true);
    keep(6, "own", 28, true);
    assert_eq!(lines(5), ["own 30\n", "peer 20\n"], "an older one does not take the place of a newer");
    assert_eq!((lines(6).len(), lines(7).len()), (1, 0));
    assert_eq!(since(), 30, "never backwards");
}

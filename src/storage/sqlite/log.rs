//! Reading the log.

use chrono::SecondsFormat;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::tiles::tile_bytes;
use super::write::newest_head;
use super::{SqliteStore, array, corrupt, from_sql, seal, time_from_millis, to_sql, unavailable};
use crate::envelope::PayloadType;
use crate::ledger::StoreError;
use crate::ledger::ports::{BundleAtHand, LogRead};
use crate::ledger::stored::{Head, Place, Provenance, PublishedHead, StoredEntry};
use crate::notice::{Did, PayloadId};
use crate::tlog::{Hash, TILE_WIDTH, TileId};

const ENTRY: &str = "idx, leaf, payload_type, payload_id, public_key, first_seen, provenance, bytes, issuer, seal";

impl LogRead for SqliteStore {
    fn newest_head(&self) -> Result<Option<Head>, StoreError> {
        self.read(newest_head)
    }

    fn newest_published(&self) -> Result<Option<PublishedHead>, StoreError> {
        let sql = "SELECT size, root, checkpoint, signed_at FROM heads WHERE checkpoint IS NOT NULL ORDER BY size DESC LIMIT 1";
        Ok(self.read(|c| published(c, sql, 0, 1))?.pop())
    }

    fn published_from(&self, from: u64, limit: usize) -> Result<Vec<PublishedHead>, StoreError> {
        let sql = "SELECT size, root, checkpoint, signed_at FROM heads
                   WHERE checkpoint IS NOT NULL AND size >= ?1 ORDER BY size LIMIT ?2";
        self.read(|c| published(c, sql, to_sql(from), to_sql(limit as u64)))
    }

    fn tile(&self, id: TileId, width: u16) -> Result<Vec<Hash>, StoreError> {
        let failed = unavailable("reading a tile");
        let bytes = self.read(|c| tile_bytes(c, id, usize::from(width)).map_err(&failed))?;
        let wanted = usize::from(width) * 32;
        if bytes.len() != wanted {
            return Err(corrupt(format!("tile {}/{} has {} bytes instead of {wanted}", id.level, id.index, bytes.len())));
        }
        bytes.chunks_exact(32).map(|hash| Ok(Hash::from_bytes(array(hash, "a tile hash")?))).collect()
    }

    fn entries(&self, from: u64, to: u64) -> Result<Vec<StoredEntry>, StoreError> {
        self.read(|c| entries_between(c, from, to))
    }

    fn bundle(&self, index: u64, width: u16) -> Result<Vec<u8>, StoreError> {
        if usize::from(width) == TILE_WIDTH { self.full_bundle(index) } else { self.bundle_of_entries(index, width) }
    }

    fn bundle_at_hand(&self, index: u64) -> Option<Box<dyn BundleAtHand>> {
        self.bundles().at_hand(index).map(|bundle| Box::new(bundle) as _)
    }

    fn kept_bundle(&self, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
        SqliteStore::kept_bundle(self, index)
    }

    fn entry_by_leaf(&self, leaf: &Hash, size: u64) -> Result<Option<StoredEntry>, StoreError> {
        for index in self.leaf_places(leaf, size)? {
            let entry = self.read(|c| entries_between(c, index, index + 1))?.pop();
            if entry.as_ref().is_some_and(|entry| entry.leaf == *leaf) {
                return Ok(entry);
            }
        }
        Ok(None)
    }

    fn known_leaves(&self, leaves: &[Hash]) -> Result<Vec<bool>, StoreError> {
        let size = self.newest_head()?.map_or(0, |head| head.size);
        let known = |leaf: &Hash| -> Result<bool, StoreError> {
            for index in self.leaf_places(leaf, size)? {
                if self.read(|c| leaf_of(c, index))? == Some(*leaf) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        leaves.iter().map(known).collect()
    }

    fn places_of_payload(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Result<Vec<Place>, StoreError> {
        self.places(kind, id, size)
    }

    fn entries_of_payload(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Result<Vec<StoredEntry>, StoreError> {
        let places = self.places(kind, id, size)?;
        self.entries_at(places.into_iter().map(|place| place.index))
    }

    fn places_of_records(&self, did: &Did, size: u64) -> Result<Vec<u64>, StoreError> {
        SqliteStore::places_of_records(self, did, size)
    }

    fn records_of(&self, did: &Did, size: u64) -> Result<Vec<StoredEntry>, StoreError> {
        self.entries_at(SqliteStore::places_of_records(self, did, size)?)
    }

    fn statements(&self, size: u64) -> Result<Vec<StoredEntry>, StoreError> {
        // Written out, so that the index which holds only these is used.
        let sql = format!(
            "SELECT {ENTRY} FROM entries WHERE payload_type = 'application/vnd.palinode.operator.v1+json' AND idx < ?1 ORDER BY idx"
        );
        self.read(|c| entries(c, &sql, [to_sql(size)]))
    }
}

impl SqliteStore {
    fn entries_at(&self, places: impl IntoIterator<Item = u64>) -> Result<Vec<StoredEntry>, StoreError> {
        self.read(|c| {
            let mut found = Vec::new();
            for index in places {
                found.extend(entries_between(c, index, index + 1)?);
            }
            Ok(found)
        })
    }
}

/// Entries `from..to` in order; a hole is corrupt.
pub(super) fn entries_between(connection: &Connection, from: u64, to: u64) -> Result<Vec<StoredEntry>, StoreError> {
    let sql = format!("SELECT {ENTRY} FROM entries WHERE idx >= ?1 AND idx < ?2 ORDER BY idx");
    let entries = entries(connection, &sql, params![to_sql(from), to_sql(to)])?;
    let whole = entries.len() as u64 == to.saturating_sub(from);
    if whole { Ok(entries) } else { Err(corrupt(format!("entries {from} to {to} have a hole"))) }
}

/// The leaf hash of one entry; `None` beyond the end.
pub(super) fn leaf_of(connection: &Connection, index: u64) -> Result<Option<Hash>, StoreError> {
    let failed = unavailable("reading a leaf hash");
    let mut select = connection.prepare_cached("SELECT leaf FROM entries WHERE idx = ?1").map_err(&failed)?;
    let leaf: Option<Vec<u8>> = select.query_row([to_sql(index)], |row| row.get(0)).optional().map_err(&failed)?;
    leaf.map(|leaf| Ok(Hash::from_bytes(array(&leaf, "a leaf hash")?))).transpose()
}

fn published(connection: &Connection, sql: &str, after: i64, limit: i64) -> Result<Vec<PublishedHead>, StoreError> {
    let failed = unavailable("reading published heads");
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let columns = |row: &Row<'_>| -> rusqlite::Result<(i64, Vec<u8>, Vec<u8>, i64)> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    };
    let rows = if select.parameter_count() == 0 {
        select.query_map([], columns).map_err(&failed)?.collect::<Result<Vec<_>, _>>().map_err(&failed)?
    } else {
        select.query_map(params![after, limit], columns).map_err(&failed)?.collect::<Result<Vec<_>, _>>().map_err(&failed)?
    };
    let head = |(size, root, checkpoint, signed_at): (i64, Vec<u8>, Vec<u8>, i64)| {
        let head = Head { size: from_sql(size)?, root: Hash::from_bytes(array(&root, "a root")?) };
        Ok(PublishedHead { head, checkpoint, signed_at: time_from_millis(signed_at)? })
    };
    rows.into_iter().map(head).collect()
}

fn entries(connection: &Connection, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<StoredEntry>, StoreError> {
    let failed = unavailable("reading entries");
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let mut rows = select.query(parameters).map_err(&failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(&failed)? {
        found.push(entry(row)?);
    }
    Ok(found)
}

fn entry(row: &Row<'_>) -> Result<StoredEntry, StoreError> {
    let failed = unavailable("reading an entry");
    let index = from_sql(row.get(0).map_err(&failed)?)?;
    let blob = |column: usize| row.get::<_, Vec<u8>>(column).map_err(&failed);
    let text = |column: usize| row.get::<_, String>(column).map_err(&failed);
    let unknown = |what: &str| corrupt(format!("entry {index} has an unknown {what}"));
    let entry = StoredEntry {
        index,
        leaf: Hash::from_bytes(array(&blob(1)?, "a leaf hash")?),
        kind: PayloadType::parse(&text(2)?).ok_or_else(|| unknown("payload type"))?,
        payload_id: PayloadId::from_bytes(array(&blob(3)?, "a payload id")?),
        key: array(&blob(4)?, "a public key")?,
        issuer: Did::parse(&text(8)?).ok().ok_or_else(|| unknown("issuer"))?,
        first_seen: time_from_millis(row.get(5).map_err(&failed)?)?,
        provenance: Provenance::from_text(&text(6)?).ok_or_else(|| unknown("provenance"))?,
        bytes: blob(7)?,
    };
    // What was written before there were seals has none.
    match row.get::<_, Option<i64>>(9).map_err(&failed)? {
        Some(written) if written != seal::of(&entry) => Err(corrupt(format!(
            "entry {index} is said to be first seen at {} and to come from {}, which is not what was written",
            entry.first_seen.to_rfc3339_opts(SecondsFormat::Millis, true),
            entry.provenance.as_text()
        ))),
        _ => Ok(entry),
    }
}

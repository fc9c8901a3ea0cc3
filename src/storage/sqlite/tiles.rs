//! Hash tiles, in rows of 16 hashes, so that an append writes little more than what it adds.

use rusqlite::{Connection, OptionalExtension, params};

use super::to_sql;
use crate::tlog::{Hash, TILE_WIDTH, TileId};

/// Hashes of a row: as long as a row may be without an overflow page of its own (SQLite file format, section 1.6).
const ROW: usize = 16;

/// The bytes of the first `width` hashes of a tile, or of fewer, when fewer are there.
pub(super) fn tile_bytes(connection: &Connection, id: TileId, width: usize) -> rusqlite::Result<Vec<u8>> {
    let sql = "SELECT part, hashes FROM tiles WHERE level = ?1 AND idx = ?2 AND part < ?3 ORDER BY part";
    let mut select = connection.prepare_cached(sql)?;
    let mut rows = select.query(params![id.level, to_sql(id.index), to_sql(width.div_ceil(ROW) as u64)])?;
    let mut bytes = Vec::with_capacity(width * 32);
    while let Some(row) = rows.next()? {
        // What stands behind a hole, or behind a row that is not whole, is at another place than it says.
        if to_sql(bytes.len() as u64) != row.get::<_, i64>(0)?.saturating_mul(to_sql((ROW * 32) as u64)) {
            break;
        }
        bytes.extend_from_slice(row.get_ref(1)?.as_blob()?);
    }
    bytes.truncate(width * 32);
    Ok(bytes)
}

/// The bytes of a tile in a database of any version, such as a backup: a tile was one row before migration 7.
pub(super) fn tile_bytes_of_any_version(connection: &Connection, id: TileId) -> rusqlite::Result<Vec<u8>> {
    let sql = "SELECT 1 FROM pragma_table_info('tiles') WHERE name = 'part'";
    if connection.prepare_cached(sql)?.exists([])? {
        return tile_bytes(connection, id, TILE_WIDTH);
    }
    let mut select = connection.prepare_cached("SELECT hashes FROM tiles WHERE level = ?1 AND idx = ?2")?;
    let whole = select.query_row(params![id.level, to_sql(id.index)], |row| row.get(0)).optional()?;
    Ok(whole.unwrap_or_default())
}

/// Writes a tile of which the first `before` hashes are there already.
pub(super) fn put_tile(connection: &Connection, id: TileId, hashes: &[Hash], before: usize) -> rusqlite::Result<()> {
    let sql = "INSERT INTO tiles (level, idx, part, hashes) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (level, idx, part) DO UPDATE SET hashes = excluded.hashes";
    let mut put = connection.prepare_cached(sql)?;
    for (part, row) in hashes.chunks(ROW).enumerate().skip(before / ROW) {
        put.execute(params![id.level, to_sql(id.index), to_sql(part as u64), Hash::join_tile(row)])?;
    }
    Ok(())
}

/// Writes a tile in the place of whatever is there.
pub(super) fn replace_tile(connection: &Connection, id: TileId, hashes: &[Hash]) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM tiles WHERE level = ?1 AND idx = ?2")?
        .execute(params![id.level, to_sql(id.index)])?;
    put_tile(connection, id, hashes, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: TileId = TileId { level: 0, index: 7 };

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        let table =
            "CREATE TABLE tiles (level INTEGER, idx INTEGER, part INTEGER, hashes BLOB, PRIMARY KEY (level, idx, part))";
        connection.execute_batch(table).unwrap();
        connection
    }

    fn hashes(count: u16) -> Vec<Hash> {
        (0..count).map(|n| Hash::leaf(&n.to_be_bytes())).collect()
    }

    #[test]
    fn a_tile_that_grows_by_any_steps_reads_as_what_was_written_at_every_width() {
        let all = hashes(256);
        for step in [1, 7, 15, 16, 17, 100, 256] {
            let database = database();
            let mut before = 0;
            while before < all.len() {
                let now = all.len().min(before + step);
                put_tile(&database, ID, &all[..now], before).unwrap();
                before = now;
                for width in [1, 15, 16, 17, now] {
                    let known = &all[..width.min(now)];
                    assert_eq!(tile_bytes(&database, ID, width).unwrap(), Hash::join_tile(known), "{step} {now} {width}");
                }
            }
            assert_eq!(tile_bytes_of_any_version(&database, ID).unwrap(), Hash::join_tile(&all));
            assert_eq!(tile_bytes(&database, TileId { index: 8, ..ID }, 256).unwrap(), [0; 0]);
        }
    }

    #[test]
    fn what_stands_behind_a_hole_is_not_taken_for_what_comes_before_it() {
        for damage in ["DELETE FROM tiles WHERE part = 3", "UPDATE tiles SET hashes = substr(hashes, 1, 511) WHERE part = 2"] {
            let database = database();
            put_tile(&database, ID, &hashes(256), 0).unwrap();
            database.execute_batch(damage).unwrap();
            assert!(tile_bytes(&database, ID, 256).unwrap().len() < 4 * 512, "{damage}");
            replace_tile(&database, ID, &hashes(100)).unwrap();
            assert_eq!(tile_bytes(&database, ID, 256).unwrap(), Hash::join_tile(&hashes(100)));
        }
    }

    #[test]
    fn a_tile_of_an_earlier_version_is_read_and_brought_into_rows() {
        let old = Connection::open_in_memory().unwrap();
        let table =
            "CREATE TABLE tiles (level INTEGER NOT NULL, idx INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, idx))";
        old.execute_batch(table).unwrap();
        for (index, width) in [(0, 256), (1, 33), (2, 16), (3, 1)] {
            let bytes = Hash::join_tile(&hashes(width));
            old.execute("INSERT INTO tiles VALUES (0, ?1, ?2)", params![index, bytes]).unwrap();
        }
        let at = |index: u64| TileId { level: 0, index };
        assert_eq!(tile_bytes_of_any_version(&old, at(1)).unwrap(), Hash::join_tile(&hashes(33)));
        old.execute_batch(include_str!("../migrations/V7__tiles_in_rows.sql")).unwrap();
        for (index, width) in [(0, 256), (1, 33), (2, 16), (3, 1)] {
            assert_eq!(tile_bytes(&old, at(index), 256).unwrap(), Hash::join_tile(&hashes(width)));
        }
    }
}

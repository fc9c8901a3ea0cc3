//! Tiles of the compact list: what is read has one spelling. The rest of the bytes as an entry has a row, whatever it is.

use palinode::compact::{Row, Tile, keys_of};

pub fn check(data: &[u8]) {
    let _ = keys_of(&Row::of_entry(data));
    let Ok(tile) = Tile::parse(data) else { return };
    assert_eq!(tile.to_bytes(), data);
    for row in tile.rows() {
        assert!(keys_of(row).is_sorted_by(|one, next| one < next), "keys are in order, each once");
    }
}

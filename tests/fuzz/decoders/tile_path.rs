//! Paths below `/log/`: a resource has one address.

use palinode::tlog::{TILE_WIDTH, TilePath};

pub fn check(data: &[u8]) {
    let Some(text) = super::text(data) else { return };
    let Ok(path) = TilePath::parse(text) else { return };
    assert_eq!(path.to_string(), text);
    assert!((1..=TILE_WIDTH).contains(&usize::from(path.width())));
    let full = path.full();
    assert_eq!(usize::from(full.width()), TILE_WIDTH);
    assert_eq!(TilePath::parse(&full.to_string()), Ok(full));
}

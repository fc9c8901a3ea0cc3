//! Entry bundles; the first two bytes say how many entries are looked for.

use palinode::tlog::{TILE_WIDTH, bundle};

pub fn check(data: &[u8]) {
    let Some((width, bytes)) = data.split_first_chunk() else { return };
    let width = u16::from_be_bytes(*width);
    let Ok(slots) = bundle::parse(bytes, width) else { return };
    assert_eq!(slots.len(), usize::from(width));
    assert!((1..=TILE_WIDTH).contains(&slots.len()));
    assert_eq!(bundle::encode(&slots).as_deref(), Ok(bytes));
}

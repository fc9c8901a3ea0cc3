//! The look-up table of a local index: it says that it is damaged, or gives all of its records in order.

use std::io::Cursor;

use palinode::compact::KeyTable;

pub fn check(data: &[u8]) {
    let Ok(table) = KeyTable::open(Cursor::new(data)) else { return };
    let Ok(records) = table.iter().collect::<Result<Vec<_>, _>>() else { return };
    assert_eq!(records.len() as u64, table.len());
}

//! The compact list: what a copy of a whole ledger needs so that questions can be answered without telling anybody what is asked
//! (protocol, section 9).
//!
//! A *tile* says of up to 256 entries what they are found by, and nothing of what follows from them. Tile `n` is a pure function of
//! entry bundle `n` ([`Tile::of_bundle`]), so that anybody who reads the log makes it again, byte for byte, and convicts an operator
//! who signs another one. The *head*, an envelope signed by the operator ([`IndexHead`](crate::envelope::IndexHead)), names the tree
//! and the root over all tiles ([`TileTree`]); the *settings* ([`settings`]) are what the operator believes of lineages, named in the
//! head by their hash. [`KeyTable`] is the look-up table that a copy keeps for itself.
//!
//! In scope: these formats, as functions over bytes. Out of scope: where the bytes come from and where they are kept (`ledger` on the
//! side of a server, `client` on the other), signatures, and verdicts.
//!
//! | file | is |
//! |---|---|
//! | `row` | what is said of one entry, and how it is read from the entry |
//! | `tile` | up to 256 rows, and their strict reading |
//! | `tree` | the root over all tiles |
//! | `settings` | trust settings in writing |
//! | `key`, `table` | the look-up table of a copy: its keys, its pages, and how it grows |

mod key;
mod row;
pub mod settings;
mod table;
mod tile;
mod tree;

pub use key::{Key, keys_of};
pub use row::{MAX_FACTS, NoticeRow, Row};
pub use table::{KeyTable, Record, TableError, TableWriter, merge};
pub use tile::{MAX_TILE, Tile, TileError};
pub use tree::TileTree;

#[cfg(test)]
mod tests;

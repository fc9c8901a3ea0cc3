//! Removing documents: what the operator of this server orders, how it is carried out, and what stays (protocol, section 6).
//!
//! | file | is |
//! |---|---|
//! | [`tombstone`] | what is said of a document that was removed, and the statement that says so in the log |
//! | [`remover`] | carrying a removal out, step by step |
//! | [`advice`] | what operators of peers say that they removed |
//!
//! A removal is ordered by a row in the database, which any process of the operator may write, and carried out by whoever holds the
//! log: a running server, or the command itself where none runs. Each step can be done again after a crash:
//!
//! | step | then |
//! |---|---|
//! | 1 the tombstone stands in the record outside the database | no backup brings the document back any more |
//! | 2 its bytes are overwritten, with its words in the index, and what journals keep of both | they are gone from this server |
//! | 3 the operator's statement stands in the log | everybody can see that it was removed, and why |
//! | 4 the order is struck off | |
//!
//! The bytes go first and the statement comes last: a log that is halted signs nothing, and the law does not wait for it.
//!
//! Nothing that is signed is touched: the notice names the hash of its document for ever, and verdicts never depended on texts. Where
//! a digest list was removed, answers about digests are `incomplete`, as they are for a list that never came, and say that it was removed.

pub mod advice;
pub mod remover;
pub mod tombstone;

use chrono::{DateTime, Utc};

pub use remover::{RemovalTrouble, Remover};
pub use tombstone::{Ground, Removal, Tombstone};

use super::ports::StoreError;
use crate::notice::DocumentHash;

/// A removal that was ordered and is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What is to be removed, and on what ground.
    pub removal: Removal,
    /// When it was ordered.
    pub asked: DateTime<Utc>,
    /// Whether the bytes are gone, so that only the log does not say so yet.
    pub is_buried: bool,
    /// What stood in the way last.
    pub trouble: Option<String>,
}

/// What storage does for removals. All calls block.
pub trait RemovalStore: Send + Sync {
    /// Orders a removal, durably. Ordering one that is ordered already changes nothing.
    fn order_removal(&self, removal: &Removal, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// What was ordered and is not done, the oldest first. Cheap: asked every second.
    fn removal_orders(&self) -> Result<Vec<Order>, StoreError>;

    /// Overwrites the bytes of these documents and whatever is derived from them, and keeps their tombstones, so that none of them
    /// comes in again by any way. When it comes back, no file of this server holds anything of them: neither the database nor the
    /// index, nor what their journals still had. Doing it again is harmless, and does what was left undone.
    fn bury(&self, tombstones: &[Tombstone]) -> Result<(), StoreError>;

    /// Keeps what stands in the way of an order.
    fn note_removal_trouble(&self, document: &DocumentHash, trouble: &str) -> Result<(), StoreError>;

    /// Strikes an order off: the log says that the document was removed.
    fn strike_off_removal(&self, document: &DocumentHash) -> Result<(), StoreError>;

    /// What is said of a document that was removed; `None` of any other.
    fn tombstone(&self, document: &DocumentHash) -> Result<Option<Tombstone>, StoreError>;

    /// Every tombstone, in the order of the documents.
    fn tombstones(&self) -> Result<Vec<Tombstone>, StoreError>;
}

/// The tombstones outside the database: an older copy of the database does not know of what was removed since.
pub trait TombstoneRecord: Send + Sync {
    /// Every tombstone that was recorded; `None` when there is no record.
    fn read(&self) -> Result<Option<Vec<Tombstone>>, StoreError>;

    /// Records these besides, durably; a record that is missing is begun.
    fn add(&self, tombstones: &[Tombstone]) -> Result<(), StoreError>;
}

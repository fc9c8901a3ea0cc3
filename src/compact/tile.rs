//! Tiles: up to 256 rows, written in one way only.
//!
//! ```text
//! tile      = "palinode-index-tile/v1\n" uint16 rows, 1 to 256, row*
//! row       = 0x00                                                            nothing: withheld, or not of version 1
//!           / 0x01 id[32] sensitive(0, 1) uint16 facts, fact* uint8 edges, edge* uint8 lists, list*
//!           / 0x02 payload[32] text                                           a publisher record, and whose
//!           / 0x03 payload[32]                                                a statement of the operator
//! fact      = role(0..4) text                 role: subject, affected, unaffected, derivative, name; ascending by key, then role
//! edge      = relation(0..4) id[32]           relation: amends, replaces, revokes, reinstates, disputes
//! list      = algorithm(0..5) role(0, 1) uint32 count, sha256[32] blocks[32]
//! text      = uint16 length, 1 or more bytes of printable ASCII without spaces
//! ```
//!
//! Integers are big-endian. Algorithms are md5, sha1, sha256, sha512, blake3, blind; roles of lists affected, unaffected.

use super::row::{Reader, Row};
use crate::tlog::bundle::{self, BundleError};
use crate::tlog::{Hash, TILE_WIDTH};

/// What every tile begins with.
const MAGIC: &[u8; 23] = b"palinode-index-tile/v1\n";

/// The most bytes of a tile that anybody reads. The rows of the largest notices have some 100 kB.
pub const MAX_TILE: usize = 64 << 20;

/// Up to 256 rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    rows: Vec<Row>,
}

/// Bytes that are no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// They do not begin as a tile of version 1 does.
    #[error("it is no index tile of version 1")]
    Magic,
    /// A tile has 1 to 256 rows.
    #[error("an index tile of {0} rows does not exist")]
    Width(usize),
    /// A row is not written as rows are, or is cut off.
    #[error("row {0} of the index tile is not valid")]
    Row(usize),
    /// Bytes are left over.
    #[error("the index tile goes on for {0} bytes after its last row")]
    TrailingBytes(usize),
    /// Longer than anybody reads.
    #[error("the index tile has {0} bytes, more than {MAX_TILE}")]
    TooLarge(usize),
}

impl Tile {
    /// A tile of these rows.
    ///
    /// # Errors
    /// [`TileError::Width`] for none, and for more than 256.
    pub fn of_rows(rows: Vec<Row>) -> Result<Self, TileError> {
        if (1..=TILE_WIDTH).contains(&rows.len()) { Ok(Self { rows }) } else { Err(TileError::Width(rows.len())) }
    }

    /// The tile of a bundle of exactly `width` entries: a function of its bytes, the same for everybody.
    ///
    /// # Errors
    /// [`BundleError`] when it is no such bundle.
    pub fn of_bundle(bundle: &[u8], width: u16) -> Result<Self, BundleError> {
        let slots = bundle::parse(bundle, width)?;
        Ok(Self { rows: slots.iter().map(|slot| Row::of_entry(slot.as_ref())).collect() })
    }

    /// Reads a tile.
    ///
    /// # Errors
    /// [`TileError`]: what is read is written again byte for byte.
    pub fn parse(bytes: &[u8]) -> Result<Self, TileError> {
        if bytes.len() > MAX_TILE {
            return Err(TileError::TooLarge(bytes.len()));
        }
        let mut reader = Reader::of(bytes);
        if reader.array().as_ref() != Some(MAGIC) {
            return Err(TileError::Magic);
        }
        let width = reader.array().map_or(0, |width| usize::from(u16::from_be_bytes(width)));
        if !(1..=TILE_WIDTH).contains(&width) {
            return Err(TileError::Width(width));
        }
        let rows = (0..width).map(|row| Row::read(&mut reader).ok_or(TileError::Row(row))).collect::<Result<_, _>>()?;
        match reader.left() {
            0 => Ok(Self { rows }),
            left => Err(TileError::TrailingBytes(left)),
        }
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let width = u16::try_from(self.rows.len()).unwrap_or(u16::MAX);
        let mut bytes = [&MAGIC[..], &width.to_be_bytes()].concat();
        self.rows.iter().for_each(|row| row.write(&mut bytes));
        bytes
    }

    /// What the tree of all tiles holds of it: the RFC 6962 leaf hash of its bytes.
    pub fn leaf_hash(&self) -> Hash {
        Hash::leaf(&self.to_bytes())
    }

    /// Its rows, in the order of the entries.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Its rows, given away.
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}

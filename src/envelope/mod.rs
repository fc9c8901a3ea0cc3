//! Who said it.

mod lineage_id;

pub use lineage_id::LineageId;

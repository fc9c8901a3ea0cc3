//! Where the ledger's ports are filled: SQLite beside a small file that keeps the newest signed head.
//!
//! Everything that blocks stays in here. One connection writes, in short transactions under one lock; a small pool reads,
//! each read bounded by the tree size it answers for. What was acknowledged survives a power cut, as far as the disk keeps its word:
//! entries and head are synced in the log's file, the signed head in the small one. Digest lists have files of their own.

mod bundle_file;
mod bundle_pages;
#[cfg(test)]
mod fault_judge;
#[cfg(test)]
mod fault_start;
#[cfg(test)]
mod fault_trial;
#[cfg(test)]
mod faulty;
mod head_file;
mod lists;
#[cfg(test)]
mod sample;
pub mod sqlite;
mod tombstone_file;
mod volume;

pub use head_file::HeadFile;
pub use sqlite::{BackupAbout, BackupError, BackupFile, DataFolder, DataFolderError, KeptPin, SqliteStore, SqliteWriter};
pub use tombstone_file::TombstoneFile;
pub use volume::DiskVolume;

#[cfg(test)]
mod tests_asking_at_hand;
#[cfg(test)]
mod tests_at_hand;
#[cfg(test)]
mod tests_bundles;
#[cfg(test)]
mod tests_by_verdict;
#[cfg(test)]
mod tests_clock;
#[cfg(test)]
mod tests_digest_ranges;
#[cfg(test)]
mod tests_documents;
#[cfg(test)]
mod tests_fault_index;
#[cfg(test)]
mod tests_fault_matrix;
#[cfg(test)]
mod tests_fault_opening;
#[cfg(test)]
mod tests_faults;
#[cfg(test)]
mod tests_fsck;
#[cfg(test)]
mod tests_growth;
#[cfg(test)]
mod tests_histories;
#[cfg(test)]
mod tests_issuers;
#[cfg(test)]
mod tests_journey;
#[cfg(test)]
mod tests_lists;
#[cfg(test)]
mod tests_lists_at_hand;
#[cfg(test)]
mod tests_opening;
#[cfg(test)]
mod tests_refusals;
#[cfg(test)]
mod tests_removals;
#[cfg(test)]
mod tests_serving;
#[cfg(test)]
mod tests_standing;

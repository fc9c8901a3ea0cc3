//! The researcher's side: what lies in a folder, told by identifiers, without telling anybody.
//!
//! A copy of a dataset is rarely found by its name. It is found by its bytes, by the torrent it came from, and by constants in the code
//! that fetches it (domain, section 1). So a scan reads the metadata files that tools leave beside data, hashes the files themselves, and,
//! when it is asked to, reads code. What it finds is an [`Inventory`]: one [`Sighting`] for each identifier at each [`Place`], with the
//! [`Evidence`] that it rests on, and a [`Remark`] for everything that was ignored, could not be read, or changed meanwhile.
//!
//! In scope: files and folders of this machine. Out of scope: every server, the network, verdicts, and words for people. Who asks about an
//! inventory, and how, is the caller's business; nothing here tells anybody what was found.

pub mod code;
mod comparing;
pub mod description;
pub mod hashing;
mod inventory;
mod notes;
mod place;
pub mod readers;
mod remark;
mod sighting;
mod survey;
mod walk;

pub use inventory::{Counts, Inventory, MOST_REMARKS};
pub use notes::Notes;
pub use place::Place;
pub use remark::{Remark, Why};
pub use sighting::{Evidence, Relation, Sighting, Source};
pub use survey::{Settings, SurveyError, survey};

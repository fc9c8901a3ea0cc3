//! A local index: copies of compact lists, from which questions are answered without asking anybody (protocol, section 9).
//!
//! An [`IndexFolder`] holds one folder for each server, with the keys that were pinned when it was first seen ([`Pinned`]). [`Updater`]
//! fetches what is new, over any [`Transport`](crate::federation::Transport): from the server, from a mirror, from a plain folder
//! ([`FolderTransport`]) or an archive of one ([`ArchiveTransport`]). Nothing that it fetches is believed: the head is signed by the pinned operator key, its checkpoint by the
//! pinned log key, leaf hashes hash to its root, entries to the leaf hashes, tiles to the root that the operator signed. [`LocalIndex`]
//! then answers as the server would, with every signature verified here.
//!
//! ```text
//! <folder>/<hash of the origin>/
//!   server.json      who it is: the keys that were pinned, and where it is
//!   state.json       the newest head as it was signed, and what was seen where: replaced as a whole, which ends an update
//!   leaves           the leaf hashes of the log, 32 bytes each; what lies beyond the size of the head is of an update that broke off
//!   tiles            the hashes of full index tiles, in the same way
//!   keys-<size>      the look-up table
//!   lists-<size>     the digest lists that notices name
//!   digests-<size>   which digests of files notices name
//!   trust-<hash>     the operator's trust settings
//!   bundles/         entry bundles, as far as they were fetched
//!   documents/       digest lists, as far as they were fetched
//!   filters/         filters and block hashes of the others
//!   pieces/          blocks of these, as far as answers needed them
//!   evidence/        what convicts the log, if anything
//! ```
//!
//! # Limits
//!
//! An update holds the leaf hashes in memory, 32 bytes an entry, and the keys of what is new. Opening an index reads 10 bytes for each
//! 255 keys; an answer reads a page of 4 KiB for each key, and the bundles of what it meets.
//!
//! Out of scope: which servers to trust, and wording.

mod answering;
mod archive;
mod digests;
mod entries;
mod error;
mod folder;
mod head;
mod lists;
mod local;
mod looking;
mod pinned;
mod plain_folder;
mod proving;
mod state;
mod statements;
mod update;

pub use archive::{ArchiveError, ArchiveTransport};
pub use digests::NamedDigests;
pub use entries::{Fetch, Missing};
pub use error::{IndexError, IndexFault};
pub use folder::{IndexFolder, ServerFolder};
pub use head::VerifiedHead;
pub use local::LocalIndex;
pub use looking::FetchRange;
pub use pinned::Pinned;
pub use plain_folder::FolderTransport;
pub use proving::Looked;
pub use update::{Stage, Updated, Updater, Wanted};

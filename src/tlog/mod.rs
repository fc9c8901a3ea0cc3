//! That it cannot be unsaid: the transparency log, as pure functions over bytes.
//!
//! One append-only Merkle tree per server, written and proved in the published C2SP formats, so that tools we did not write
//! can audit it. Each file is one specification, or one piece of it:
//!
//! | file | source |
//! |---|---|
//! | [`Hash`](struct@Hash) | [RFC 6962], section 2.1: leaf and node hashes |
//! | [`TileId`], [`TilePath`], [`bundle`] | [tlog-tiles]: tiles of 256 hashes, entry bundles, their paths |
//! | [`Frontier`] | the right edge of the tree, all that an appender needs |
//! | [`root`], [`inclusion_proof`], [`consistency_proof`], [`Prover`] | [RFC 6962], sections 2.1.1 and 2.1.2, read from a [`TileSource`] |
//! | [`verify_inclusion`], [`verify_consistency`] | [RFC 9162], sections 2.1.3.2 and 2.1.4.2 |
//! | [`Note`], [`KeyName`], [`VerifierKey`] | [signed-note] v1.0.0 |
//! | [`Checkpoint`], [`SignedCheckpoint`] | [tlog-checkpoint] v1.0.0 |
//! | [`Cosignature`] | [tlog-cosignature] v1.0.1, Ed25519 only |
//! | [`AddCheckpoint`] | [tlog-witness], the request of `add-checkpoint` |
//! | [`TlogProof`] | [tlog-proof], the offline receipt |
//! | [`Policy`] | [tlog-policy], whose cosignatures are enough |
//! | [`Evidence`] | what convicts a log that signed two histories (protocol, section 8) |
//!
//! Whatever else a specification allows (ML-DSA, ECDSA, `sign-subtree`, mirrors) is met only as a signature line of an
//! unknown key, which is carried along and ignored.
//!
//! Out of scope: storage, transport, clocks, and what the entries mean. Every function here is a function of its arguments.
//!
//! # Limits
//!
//! A tree has at most [`MAX_TREE_SIZE`] entries, so that sizes fit the signed 64-bit integers of databases and of Go, and
//! so that no proof is longer than [`MAX_PROOF_HASHES`], which is also what tlog-witness allows.
//!
//! [RFC 6962]: https://www.rfc-editor.org/rfc/rfc6962.html#section-2.1
//! [RFC 9162]: https://www.rfc-editor.org/rfc/rfc9162.html#section-2.1
//! [signed-note]: https://c2sp.org/signed-note@v1.0.0
//! [tlog-checkpoint]: https://c2sp.org/tlog-checkpoint@v1.0.0
//! [tlog-cosignature]: https://c2sp.org/tlog-cosignature@v1.0.1
//! [tlog-tiles]: https://c2sp.org/tlog-tiles
//! [tlog-witness]: https://c2sp.org/tlog-witness
//! [tlog-proof]: https://c2sp.org/tlog-proof
//! [tlog-policy]: https://c2sp.org/tlog-policy

mod add_checkpoint;
pub mod bundle;
mod checkpoint;
mod cosignature;
mod decimal;
mod evidence;
mod hash;
mod key;
mod note;
mod path;
mod policy;
mod proof;
mod proof_lines;
mod signed_checkpoint;
mod source;
mod tile;
mod tlog_proof;
mod tree;
mod verify;

pub use add_checkpoint::{AddCheckpoint, AddCheckpointError, MAX_ADD_CHECKPOINT};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use cosignature::{Cosignature, CosignatureError, MAX_TIME};
pub use evidence::{Evidence, EvidenceDocument, EvidenceDocumentError, EvidenceError, MAX_EVIDENCE_DOCUMENT, TwoHistories};
pub use hash::Hash;
pub use key::{KeyError, KeyId, KeyKind, KeyName, VerifierKey};
pub use note::{MAX_NOTE, MAX_SIGNATURES, Note, NoteError, NoteSignature};
pub use path::{PathError, TilePath};
pub use policy::{MAX_POLICY, Policy, PolicyError, PolicyFault, QuorumNotMet};
pub use proof::{ProofError, Prover, consistency_proof, inclusion_proof, root};
pub use proof_lines::{MAX_PROOF_HASHES, ProofLinesError};
pub use signed_checkpoint::{SignedCheckpoint, SignedCheckpointError, UnverifiedCheckpoint};
pub use source::{MemoryTiles, MissingTile, TileSource};
pub use tile::{MAX_TREE_SIZE, TILE_WIDTH, TileId, right_edge, tiles};
pub use tlog_proof::{MAX_TLOG_PROOF, TlogProof, TlogProofError};
pub use tree::{Frontier, FrontierError};
pub use verify::{ProofFault, verify_consistency, verify_inclusion};

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod reference;

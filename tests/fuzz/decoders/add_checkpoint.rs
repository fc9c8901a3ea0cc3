//! The request of a witness: byte for byte.

use palinode::tlog::{AddCheckpoint, MAX_PROOF_HASHES, MAX_TREE_SIZE};

pub fn check(data: &[u8]) {
    let Ok(request) = AddCheckpoint::parse(data) else { return };
    assert_eq!(request.to_bytes(), data);
    assert!(request.old <= MAX_TREE_SIZE && request.proof.len() <= MAX_PROOF_HASHES && !request.checkpoint.is_empty());
    super::checkpoint::check(&request.checkpoint);
}

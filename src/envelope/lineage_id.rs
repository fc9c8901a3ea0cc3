//! The name of a lineage: which chain of publisher records a voice belongs to (protocol, section 5).

use std::fmt;

use crate::notice::{Did, PayloadId};

/// (DID, id of its record 0); a bare `did:key` is its own lineage and has no record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineageId {
    /// Whose lineage.
    pub did: Did,
    /// Its first record; `None` for a bare `did:key`.
    pub record0: Option<PayloadId>,
}

impl fmt::Display for LineageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.record0 {
            Some(record) => write!(f, "{}#{record}", self.did),
            None => write!(f, "{}", self.did),
        }
    }
}

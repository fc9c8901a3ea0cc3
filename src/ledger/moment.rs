//! What answers follow from.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Ledger, Published, Trusted};

/// The tree, the trust settings and the second in which something was answered. While all three are the same, so are the answers,
/// but for documents that come in: they are seen a second later at most.
#[derive(Debug, Clone)]
pub struct Moment {
    pub(super) published: Arc<Published>,
    pub(super) trusted: Arc<Trusted>,
    pub(super) now: DateTime<Utc>,
}

impl PartialEq for Moment {
    /// Both values are made anew whenever they change, and are held here, so that no other stands at their addresses.
    fn eq(&self, other: &Self) -> bool {
        self.now.timestamp() == other.now.timestamp()
            && Arc::ptr_eq(&self.published, &other.published)
            && Arc::ptr_eq(&self.trusted, &other.trusted)
    }
}

impl Ledger {
    /// What is answered from now.
    pub fn moment(&self) -> Moment {
        Moment { published: self.published(), trusted: self.trust(), now: self.clock().now() }
    }
}

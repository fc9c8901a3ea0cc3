//! What answers follow from.

use std::sync::Arc;

use super::{Ledger, Published, Trusted};

/// The tree, the trust settings and the second in which something was answered. While all three are the same, so are the answers,
/// but for documents that come in: they are seen a second later at most.
#[derive(Debug, Clone)]
pub struct Moment {
    published: Arc<Published>,
    trusted: Arc<Trusted>,
    second: i64,
}

impl PartialEq for Moment {
    /// Both values are made anew whenever they change, and are held here, so that no other stands at their addresses.
    fn eq(&self, other: &Self) -> bool {
        self.second == other.second
            && Arc::ptr_eq(&self.published, &other.published)
            && Arc::ptr_eq(&self.trusted, &other.trusted)
    }
}

impl Ledger {
    /// What is answered from now.
    pub fn moment(&self) -> Moment {
        Moment { published: self.published(), trusted: self.trust(), second: self.clock().now().timestamp() }
    }
}

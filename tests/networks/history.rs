//! What was seen from outside during a storm.

use std::collections::BTreeSet;
use std::sync::Mutex;

use palinode::tlog::Hash;

use crate::wires::HOSTS;

/// How a post ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 200 or 201: it must never be lost.
    Acknowledged,
    /// The server said no: it may have come there from elsewhere, but nothing was promised.
    Refused,
    /// Nobody knows.
    Indeterminate,
}

/// A notice that was posted.
pub(crate) struct Posted {
    pub(crate) leaf: Hash,
    pub(crate) subject: String,
    pub(crate) outcome: Outcome,
}

/// Everything that the judgement is made of.
#[derive(Default)]
pub(crate) struct History {
    pub(crate) posted: Mutex<Vec<Posted>>,
    /// By host, every checkpoint that it ever showed.
    pub(crate) checkpoints: [Mutex<BTreeSet<Vec<u8>>>; HOSTS],
}

impl History {
    pub(crate) fn count(&self, outcome: Outcome) -> usize {
        self.posted.lock().expect("history").iter().filter(|posted| posted.outcome == outcome).count()
    }
}

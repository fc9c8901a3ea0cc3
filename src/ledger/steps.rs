//! Where the time of a submission goes, as histograms: an operator whose posts are slow sees which step is.
//!
//! Recording costs some tens of nanoseconds a step, and says nothing about who submitted what.

use std::time::Instant;

/// One step of a submission, in the order in which it goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Form, signature, policy and quota of one submission.
    Examine,
    /// From the queue's end to its front, for one submission.
    Queue,
    /// Known entries are dropped, tiles and root computed, for one batch.
    Order,
    /// The commit of entries and unsigned head.
    Append,
    /// Reading the batch back and hashing it again.
    Reread,
    /// Signing and cosigning the checkpoint.
    Sign,
    /// Writing the head record outside the database.
    Record,
    /// The commit of the signed head.
    Publish,
    /// The receipt of one submission, with its proof.
    Receipt,
}

impl Step {
    /// The label in `palinode_submission_step_seconds`.
    fn label(self) -> &'static str {
        match self {
            Self::Examine => "examine",
            Self::Queue => "queue",
            Self::Order => "order",
            Self::Append => "append",
            Self::Reread => "reread",
            Self::Sign => "sign",
            Self::Record => "record",
            Self::Publish => "publish",
            Self::Receipt => "receipt",
        }
    }
}

/// Times steps that follow each other.
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// Records the time since the start or the last lap as that of `step`.
    pub(super) fn lap(&mut self, step: Step) {
        let now = Instant::now();
        metrics::histogram!("palinode_submission_step_seconds", "step" => step.label()).record(now - self.0);
        self.0 = now;
    }
}

/// Records how many entries one batch has.
pub(super) fn batch(entries: usize) {
    // A batch has at most some hundred entries.
    let entries = u32::try_from(entries).unwrap_or(u32::MAX);
    metrics::histogram!("palinode_batch_entries").record(f64::from(entries));
}

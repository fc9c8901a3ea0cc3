//! Dying in the middle of a batch: the two atomic verbs and the head record of a server that stops existing at a chosen step.

use std::sync::{Arc, Mutex};

use palinode::ledger::Cosigned;
use palinode::ledger::ports::{AppendError, HeadRecord, LedgerWrite, StoreError};
use palinode::ledger::stored::{Batch, PublishedHead};

/// Where in a batch a server dies (the steps of the sequencer).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Before anything is written.
    BeforeAppend,
    /// Entries are in the database, nothing is signed.
    AfterAppend,
    /// The signed head is recorded outside the database, and not yet published in it.
    AfterRecord,
    /// Everything is durable, and nobody was answered.
    AfterPublish,
}

pub(crate) const STEPS: [Step; 4] = [Step::BeforeAppend, Step::AfterAppend, Step::AfterRecord, Step::AfterPublish];

/// When one server dies. From then on nothing is written any more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Death(Arc<Mutex<Plan>>);

#[derive(Debug, Default)]
struct Plan {
    at: Option<Step>,
    dead: bool,
}

impl Death {
    /// The server dies when it next comes to this step.
    pub(crate) fn await_at(&self, step: Step) {
        self.0.lock().expect("a plan").at = Some(step);
    }

    /// The server lives on.
    pub(crate) fn call_off(&self) {
        self.0.lock().expect("a plan").at = None;
    }

    pub(crate) fn came(&self) -> bool {
        self.0.lock().expect("a plan").dead
    }

    fn at(&self, step: Step) -> Result<(), StoreError> {
        let mut plan = self.0.lock().expect("a plan");
        plan.dead |= plan.at == Some(step);
        if plan.dead {
            let source = Arc::new(std::io::Error::other("this server is no more"));
            return Err(StoreError::Unavailable { doing: "being dead", source });
        }
        Ok(())
    }
}

/// A writer that dies with its server.
pub(crate) struct MortalWriter<W> {
    pub(crate) write: W,
    pub(crate) death: Death,
}

impl<W: LedgerWrite> LedgerWrite for MortalWriter<W> {
    fn append(&mut self, batch: &Batch) -> Result<(), AppendError> {
        self.death.at(Step::BeforeAppend)?;
        self.write.append(batch)?;
        Ok(self.death.at(Step::AfterAppend)?)
    }

    fn publish(&mut self, head: &PublishedHead, own: Option<&Cosigned>) -> Result<(), StoreError> {
        self.death.at(Step::AfterRecord)?;
        self.write.publish(head, own)?;
        self.death.at(Step::AfterPublish)
    }
}

/// A head record that dies with its server.
pub(crate) struct MortalRecord<R> {
    pub(crate) record: R,
    pub(crate) death: Death,
}

impl<R: HeadRecord> HeadRecord for MortalRecord<R> {
    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.record.read()
    }

    fn write(&self, checkpoint: &[u8]) -> Result<(), StoreError> {
        if self.death.came() {
            return self.death.at(Step::AfterRecord);
        }
        self.record.write(checkpoint)
    }
}

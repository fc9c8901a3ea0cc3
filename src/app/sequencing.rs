//! The thread of the single writer.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::ledger::{Sequencer, Step};

/// How long the writer waits for work before it looks whether it shall stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// The running writer. Dropping it ends the thread, so that a start that fails later leaves no writer behind.
pub(super) struct Sequencing {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Sequencing {
    /// Starts the thread.
    pub(super) fn start(mut sequencer: Sequencer) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let work = move || {
            while !stopped.load(Ordering::Acquire) {
                sequencer.wait_and_step(PATIENCE);
            }
            // What was queued before the stop is finished, so that nobody waits for an answer that never comes.
            while let Step::Worked(_) = sequencer.step() {}
        };
        let thread = std::thread::Builder::new().name("sequencer".to_owned()).spawn(work)?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Finishes what is queued and ends the thread. Blocks for one batch at most.
    pub(super) fn stop(self) {
        drop(self);
    }
}

impl Drop for Sequencing {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the sequencer ended by a panic; what it had not answered was not promised");
        }
    }
}

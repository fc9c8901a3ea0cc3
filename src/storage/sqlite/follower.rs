//! A thread that follows the writer and does in larger pieces what need not be done with each commit.
//!
//! The writer rings a bell after each commit; the thread gathers for a while, works, and listens again. It ends with the value that
//! holds it, after one last piece of work.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What was heard since the last piece of work.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Something was committed.
    fresh: bool,
    /// It is enough not to wait for more.
    pub(super) much: bool,
    stop: bool,
}

/// What the writer rings and the thread listens to.
#[derive(Debug, Default)]
pub(super) struct Bell {
    heard: Mutex<Heard>,
    rung: Condvar,
}

impl Bell {
    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is work left, whether or not anything is committed.
    pub(super) fn again(&self) {
        self.heard().fresh = true;
    }

    /// Waits until something is committed, for `idle` at most when that is said, and then until it `is_enough` or has been something
    /// for as long as `gather`; whether the thread shall stop.
    pub(super) fn gather(&self, idle: Option<Duration>, gather: Duration, is_enough: impl Fn(&Heard) -> bool) -> bool {
        let is_quiet = |heard: &mut Heard| !heard.fresh && !heard.stop;
        let mut heard = match idle {
            Some(idle) => {
                let waited = self.rung.wait_timeout_while(self.heard(), idle, is_quiet);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.rung.wait_while(self.heard(), is_quiet).unwrap_or_else(PoisonError::into_inner),
        };
        let started = Instant::now();
        while heard.fresh && !heard.stop && !is_enough(&heard) && started.elapsed() < gather {
            let left = gather.saturating_sub(started.elapsed());
            heard = self.rung.wait_timeout(heard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        (heard.fresh, heard.much) = (false, false);
        heard.stop
    }
}

/// The running thread.
pub(super) struct Follower {
    bell: Arc<Bell>,
    thread: Option<JoinHandle<()>>,
}

impl Follower {
    /// Starts a thread of this name. Where it cannot be started, the work is left to whoever needs it done.
    pub(super) fn start(name: &'static str, run: impl FnOnce(&Bell) + Send + 'static) -> Self {
        let bell = Arc::new(Bell::default());
        let listened = bell.clone();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || run(&listened));
        if let Err(error) = &thread {
            tracing::error!(%error, name, "a thread cannot be started; others do its work, more slowly");
        }
        Self { bell, thread: thread.ok() }
    }

    /// Something was committed. The thread is not woken for what it waits for.
    pub(super) fn ring(&self, much: bool) {
        let mut heard = self.bell.heard();
        let is_heard = std::mem::replace(&mut heard.fresh, true);
        heard.much |= much;
        drop(heard);
        if much || !is_heard {
            self.bell.rung.notify_one();
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.bell.heard().stop = true;
        self.bell.rung.notify_one();
        if let Some(thread) = self.thread.take() {
            // It ends by itself; a panic in it was reported there.
            let _ = thread.join();
        }
    }
}

//! What happened, in order, on the simulated clock.

use std::sync::Mutex;

use tokio::time::Instant;

use crate::runs::number;

/// The events of one simulation.
pub(crate) struct Trace {
    begun: Instant,
    lines: Mutex<Vec<String>>,
    /// Printed as they happen, so that they are seen whatever the end.
    printed: bool,
}

impl Trace {
    pub(crate) fn begin() -> Self {
        Self { begun: Instant::now(), lines: Mutex::default(), printed: number("PALINODE_TRACE").is_some() }
    }

    /// Keeps an event of `who`.
    pub(crate) fn note(&self, who: &str, what: impl std::fmt::Display) {
        let line = format!("{:>9.3}s  {who:<7} {what}", self.begun.elapsed().as_secs_f64());
        if self.printed {
            tell(&line);
        }
        self.lines.lock().expect("the trace").push(line);
    }

    pub(crate) fn elapsed(&self) -> std::time::Duration {
        self.begun.elapsed()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("the trace").clone()
    }
}

#[expect(clippy::print_stderr, reason = "whoever replays a seed asked for it")]
fn tell(line: &str) {
    eprintln!("{line}");
}

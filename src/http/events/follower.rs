//! One reader of `/v1/events`: what it is sent, and when that ends.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Bytes, Data};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::page::Pages;
use crate::http::problem::Problem;
use crate::http::seats::Seat;
use crate::ledger::Ledger;
use crate::ledger::stored::NoticeFilter;

/// How many entries that were there already one answer has at most: who is further behind is let go, and comes back from where it
/// was, so that it pays for what it reads.
const MOST_BACKLOG: u64 = 10_000;

/// One reader. It holds its place in the log and, while it is written to, one page; nothing waits for it, and nothing is kept for
/// it: what it has not read is in the log.
pub(super) struct Follower {
    pub(super) ledger: Data<Ledger>,
    pub(super) pages: Arc<Pages>,
    /// Only notices that it wants; everything when absent.
    pub(super) filter: Option<NoticeFilter>,
    /// Index of the entry that it gets next.
    pub(super) next: u64,
    pub(super) growth: watch::Receiver<u64>,
    pub(super) stopping: CancellationToken,
    /// Given when the client has closed the connection: nothing would be sent for up to a heartbeat, and its seat is wanted.
    pub(super) gone: CancellationToken,
    pub(super) heartbeat: Duration,
    pub(super) progress: Progress,
    /// Given back when the reader is gone.
    pub(super) _seat: Seat,
}

/// How far a reader has come.
pub(super) enum Progress {
    /// Nothing was sent yet.
    Begins,
    /// It gets what was there already; so much of that was read for it.
    CatchesUp(u64),
    /// It waits for what comes.
    Follows,
}

impl Follower {
    /// The next piece of the answer; `None` when it ends.
    ///
    /// # Errors
    /// The log cannot be read now. The connection is cut off, and the reader comes back to where it was.
    pub(super) async fn piece(&mut self) -> Result<Option<Bytes>, Problem> {
        if matches!(self.progress, Progress::Begins) {
            self.progress = Progress::CatchesUp(0);
            return Ok(Some(self.place("retry: 3000\n")));
        }
        loop {
            if self.stopping.is_cancelled() || self.gone.is_cancelled() {
                return Ok(None);
            }
            let size = *self.growth.borrow_and_update();
            if self.next < size {
                if let Some(events) = self.read_on(size).await? {
                    return Ok(Some(events));
                }
                continue;
            }
            self.progress = Progress::Follows;
            tokio::select! {
                () = self.stopping.cancelled() => return Ok(None),
                () = self.gone.cancelled() => return Ok(None),
                grown = self.growth.changed() => if grown.is_err() { return Ok(None) },
                () = tokio::time::sleep(self.heartbeat) => return Ok(Some(self.place(": still here\n"))),
            }
        }
    }

    /// Reads the next page; `None` when it has nothing that is wanted.
    async fn read_on(&mut self, size: u64) -> Result<Option<Bytes>, Problem> {
        let page = self.pages.beginning_at(&self.ledger, self.next, size).await?;
        let read = page.next().saturating_sub(self.next);
        self.next = page.next();
        let mut events = page.wanted_by(self.filter.as_ref());
        if let Progress::CatchesUp(so_far) = &mut self.progress {
            *so_far += read;
            if *so_far >= MOST_BACKLOG {
                self.stopping = ended();
                // So that it comes back to here, whatever it wanted of all that.
                events = Bytes::from([events.as_ref(), self.place("").as_ref()].concat());
            }
        }
        Ok((!events.is_empty()).then_some(events))
    }

    /// Lines that are no event, and tell the reader where it is: an id without data is kept, and nothing is dispatched (HTML
    /// Standard, "Server-sent events", section "Interpreting an event stream").
    fn place(&self, lines: &str) -> Bytes {
        // Before the first entry there is nothing to name.
        let last = self.next.checked_sub(1).map_or_else(|| "-1".to_owned(), |last| last.to_string());
        Bytes::from(format!("{lines}id: {last}\n\n"))
    }
}

/// A sign that was given already.
fn ended() -> CancellationToken {
    let sign = CancellationToken::new();
    sign.cancel();
    sign
}

//! One connection, and how long it may take: a stream that fails when its client does not keep pace.
//!
//! actix-http has a deadline for the first head of a connection and one for idle connections. It has none for the heads that
//! follow, none for answers that nobody reads, and after an early answer it reads what is left of a chunked body for as long as
//! chunks come. So the stream under it keeps time itself. Handlers say through [`Pace`] when a request is being answered;
//! outside of that, a client may be silent for [`Deadlines::idle`], and from the first byte it sends it has
//! [`Deadlines::head`] until its next request is whole. While answers cannot be written, it has to take [`LEAST_TAKEN`] bytes
//! in every [`Deadlines::answer`]. A stream whose deadline has passed gives [`ErrorKind::TimedOut`], and the server closes it.
//!
//! The stream also keeps memory: actix-http takes apart at once all requests that it was given, up to 128 KiB of them, and a
//! request of 18 bytes becomes some kilobytes. So it is given [`AT_A_TIME`] bytes at each turn, and none while there is something
//! to do before it: a request is answered, or an answer waits to be taken.

use std::cell::Cell;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::seats::Seat;

/// How many bytes a client must take while an answer waits for it, in each [`Deadlines::answer`]: 2 KiB a second by default.
const LEAST_TAKEN: usize = 64 << 10;

/// How many bytes are handed on at each turn of the connection's task.
const AT_A_TIME: usize = 4 << 10;

/// What a connection is told before it is closed because a head did not come in time (RFC 9110, section 15.5.9).
const HEAD_TIMED_OUT: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How long a client may take for its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// From the first byte of a request to the end of its head; also for what is left of a body after an early answer.
    pub head: Duration,
    /// For a body to arrive.
    pub body: Duration,
    /// For each further 64 KiB of an answer.
    pub answer: Duration,
    /// Between two requests.
    pub idle: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            answer: Duration::from_secs(30),
            idle: Duration::from_secs(75),
        }
    }
}

/// Where a connection stands: shared by its stream and the requests that come over it.
#[derive(Debug)]
pub(super) struct Pace {
    /// Whether a request is being answered. What a handler waits for has deadlines of its own.
    answering: Cell<bool>,
    /// Whether the body of that request is still to be read.
    reading_body: Cell<bool>,
    /// Since when nothing is.
    since: Cell<Instant>,
    /// When the first byte came after that.
    heard: Cell<Option<Instant>>,
    /// Whether what comes can only be the head of a request, not the rest of a body.
    between_requests: Cell<bool>,
    /// Given when the client has closed its side, or the connection is broken.
    gone: CancellationToken,
}

/// While this is there, a request is being answered.
pub(super) struct Answering(Rc<Pace>);

impl Pace {
    fn begun(now: Instant) -> Rc<Self> {
        Rc::new(Self {
            answering: Cell::new(false),
            reading_body: Cell::new(false),
            since: Cell::new(now),
            heard: Cell::new(None),
            between_requests: Cell::new(true),
            gone: CancellationToken::new(),
        })
    }

    /// A request came whole, as far as its head goes; `with_body` when a body follows it, which may not be read to its end.
    pub(super) fn answer(self: &Rc<Self>, with_body: bool) -> Answering {
        self.answering.set(true);
        self.reading_body.set(with_body);
        self.between_requests.set(!with_body);
        Answering(Rc::clone(self))
    }

    /// Nothing more of the body is wanted.
    pub(super) fn body_is_over(&self) {
        self.reading_body.set(false);
    }

    /// Tells when the client is gone, for answers that are silent for long. Whoever closes only their own side of the connection and
    /// reads on is taken for gone, as common proxies do.
    pub(super) fn gone(&self) -> CancellationToken {
        self.gone.clone()
    }

    fn wait_anew(&self, now: Instant) {
        self.since.set(now);
        self.heard.set(None);
    }

    fn hear(&self, now: Instant) {
        if !self.answering.get() && self.heard.get().is_none() {
            self.heard.set(Some(now));
        }
    }

    fn deadline(&self, deadlines: &Deadlines) -> Option<Instant> {
        if self.answering.get() {
            return None;
        }
        Some(self.heard.get().map_or_else(|| self.since.get() + deadlines.idle, |first| first + deadlines.head))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.set(false);
        self.0.wait_anew(Instant::now());
    }
}

/// The stream of one connection.
pub(super) struct Connection {
    stream: TcpStream,
    pace: Rc<Pace>,
    deadlines: Deadlines,
    /// Since when output finds the way full, and how much the client has taken since.
    blocked: Option<(Instant, usize)>,
    /// Whether anything was written since the last flush.
    wrote: bool,
    /// How much was handed on in this turn.
    handed_on: usize,
    /// Whether nothing was read although there may be something.
    held_back: bool,
    alarm: Pin<Box<Sleep>>,
    /// Held for as long as the connection is there.
    _seat: Option<Seat>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, deadlines: Deadlines, seat: Option<Seat>) -> Self {
        let now = Instant::now();
        let alarm = Box::pin(sleep_until(now + deadlines.head));
        let pace = Pace::begun(now);
        Self { stream, pace, deadlines, blocked: None, wrote: false, handed_on: 0, held_back: false, alarm, _seat: seat }
    }

    pub(super) fn pace(&self) -> Rc<Pace> {
        Rc::clone(&self.pace)
    }

    /// Whether there is something to do before more is read.
    fn is_busy(&self) -> bool {
        self.blocked.is_some() || (self.pace.answering.get() && !self.pace.reading_body.get())
    }

    fn deadline(&self) -> Option<Instant> {
        match self.blocked {
            Some((since, _)) => Some(since + self.deadlines.answer),
            None => self.pace.deadline(&self.deadlines),
        }
    }

    /// Fails when the client did not keep pace; else has the task woken when it is time to look again.
    fn keep_pace(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        self.keep_pace_at(Instant::now(), cx)
    }

    fn keep_pace_at(&mut self, now: Instant, cx: &mut Context<'_>) -> io::Result<()> {
        let Some(deadline) = self.deadline() else { return Ok(()) };
        if now >= deadline {
            return Err(self.too_late());
        }
        // An alarm that comes too early only has us look again, so it is not moved with every request.
        if self.alarm.deadline() > deadline {
            self.alarm.as_mut().reset(deadline);
        }
        while self.alarm.as_mut().poll(cx).is_ready() {
            if Instant::now() >= deadline {
                return Err(self.too_late());
            }
            self.alarm.as_mut().reset(deadline);
        }
        Ok(())
    }

    fn too_late(&self) -> io::Error {
        if self.blocked.is_none() && self.pace.heard.get().is_some() && self.pace.between_requests.get() {
            // The connection is closed in any case, so whether the client can be told does not matter.
            let _ = self.stream.try_write(HEAD_TIMED_OUT);
        }
        io::Error::new(ErrorKind::TimedOut, "the client did not keep pace")
    }

    /// Notes what came of writing, and lets the client go that takes next to nothing.
    fn written(&mut self, outcome: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Ready(Ok(taken)) => {
                self.wrote = true;
                if let Some((_, so_far)) = &mut self.blocked {
                    *so_far += taken;
                    if *so_far >= LEAST_TAKEN {
                        self.blocked = None;
                    }
                }
            }
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
            Poll::Pending => {
                self.blocked.get_or_insert_with(|| (Instant::now(), 0));
            }
        }
        if self.blocked.is_some() {
            self.keep_pace(cx)?;
        }
        outcome
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.keep_pace(cx)?;
        if self.is_busy() {
            self.held_back = true;
            return Poll::Pending;
        }
        let room = buffer.remaining().min(AT_A_TIME - self.handed_on);
        if room == 0 {
            // The next turn begins with a flush.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut piece = [0; AT_A_TIME];
        let Some(piece) = piece.get_mut(..room) else { return Poll::Pending };
        let mut piece = ReadBuf::new(piece);
        let outcome = Pin::new(&mut self.stream).poll_read(cx, &mut piece);
        if !piece.filled().is_empty() {
            self.handed_on += piece.filled().len();
            let now = Instant::now();
            self.pace.hear(now);
            // So that the task is woken when this takes too long.
            self.keep_pace_at(now, cx)?;
            buffer.put_slice(piece.filled());
        } else if outcome.is_ready() {
            self.pace.gone.cancel();
        }
        outcome
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(outcome, cx)
    }

    /// Comes after all that there was to write, and at every turn: so the next deadline is set here.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let now = Instant::now();
        if std::mem::take(&mut self.wrote) {
            self.blocked = None;
            self.pace.wait_anew(now);
        }
        self.keep_pace_at(now, cx)?;
        self.handed_on = 0;
        if !self.is_busy() && std::mem::take(&mut self.held_back) {
            cx.waker().wake_by_ref();
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

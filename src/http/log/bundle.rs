//! The bytes of a full bundle, sent a piece at a time.
//!
//! A bundle has some hundred kilobytes. In pieces that stay in the processor's cache it is sent faster than as a whole, and who
//! reads slowly holds one piece and no bundle.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::{Bytes, BytesMut, Data};

use crate::http::blocking::on_ledger;
use crate::http::problem::Problem;
use crate::ledger::Ledger;
use crate::ledger::log::Resource;
use crate::ledger::ports::BundleAtHand;

/// How many bytes one piece has: with smaller ones, whoever reads is woken more often; of larger ones the server would give the memory
/// back after each.
const PIECE: usize = 112 << 10;

type Fetching = Pin<Box<dyn Future<Output = Result<Resource, Problem>>>>;

/// The body of an answer.
pub(super) struct BundleBody {
    ledger: Data<Ledger>,
    path: String,
    bundle: Box<dyn BundleAtHand>,
    /// How many bytes were sent.
    sent: u64,
    rest: Rest,
}

/// Where what is left comes from.
enum Rest {
    /// From memory, as it is asked for. The piece that was sent last is read over when nobody has it any more.
    AtHand(Bytes),
    /// What comes next is not in memory: the whole bundle is asked for on a thread that may wait, and compared with the log anew.
    Fetching(Fetching),
    /// The whole of it, here.
    Here(Bytes),
}

impl BundleBody {
    /// The bundle that stands at `path`.
    pub(super) fn new(ledger: Data<Ledger>, path: String, bundle: Box<dyn BundleAtHand>) -> Self {
        Self { ledger, path, bundle, sent: 0, rest: Rest::AtHand(Bytes::new()) }
    }

    /// The next piece that is in memory.
    fn piece(&mut self, last: Bytes) -> Option<Bytes> {
        let mut piece = last.try_into_mut().unwrap_or_default();
        if piece.len() < PIECE {
            piece = BytesMut::zeroed(PIECE);
        }
        let read = self.bundle.read(self.sent, &mut piece)?;
        let piece = piece.freeze();
        self.sent += read as u64;
        self.rest = Rest::AtHand(piece.clone());
        Some(piece.slice(..read))
    }

    fn fetch(&self) -> Fetching {
        let (ledger, path) = (self.ledger.clone(), self.path.clone());
        Box::pin(async move { on_ledger(&ledger, move |ledger| ledger.resource(&path)).await })
    }

    /// What was not sent yet of the whole bundle.
    fn rest_of(&self, found: Result<Resource, Problem>) -> io::Result<Bytes> {
        let Ok(Resource::Tile(bytes)) = found else { return Err(io::Error::other("the bundle cannot be read any more")) };
        if bytes.len() as u64 != self.bundle.length() {
            return Err(io::Error::other("the bundle has another length than was said"));
        }
        Ok(bytes.slice(usize::try_from(self.sent).unwrap_or(bytes.len()).min(bytes.len())..))
    }
}

impl MessageBody for BundleBody {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.bundle.length())
    }

    /// An error ends the connection, so that nobody takes half a bundle for a whole one.
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let this = self.get_mut();
        if this.sent >= this.bundle.length() {
            return Poll::Ready(None);
        }
        if let Rest::AtHand(last) = &mut this.rest {
            let last = std::mem::take(last);
            match this.piece(last) {
                Some(piece) => return Poll::Ready(Some(Ok(piece))),
                None => this.rest = Rest::Fetching(this.fetch()),
            }
        }
        if let Rest::Fetching(fetching) = &mut this.rest {
            let found = ready!(fetching.as_mut().poll(cx));
            this.rest = Rest::Here(this.rest_of(found)?);
        }
        let Rest::Here(rest) = &mut this.rest else { return Poll::Ready(None) };
        let piece = rest.split_to(rest.len().min(PIECE));
        this.sent += piece.len() as u64;
        Poll::Ready(Some(Ok(piece)))
    }
}

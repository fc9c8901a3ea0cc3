//! Reading the public log of a server whom nobody trusts: every answer has a limit, and what comes is only bytes.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::finding::Fault;
use crate::federation::{Request, Transport, TransportError};
use crate::tlog::bundle::{self, MAX_BUNDLE, Slot};
use crate::tlog::{Hash, MAX_NOTE, TILE_WIDTH, TileId, TilePath};

/// How long a checkpoint or a tile may take.
const DEADLINE: Duration = Duration::from_secs(30);
/// How long a bundle of entries may take.
const BUNDLE_DEADLINE: Duration = Duration::from_mins(2);
/// The longest that a server may make us wait before the next try.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// How often an answer that did not come is asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How many times one thing is asked for, at least 1.
    pub tries: u32,
    /// The wait before the second try; it doubles with each further one. A server may ask for a longer one.
    pub wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { tries: 5, wait: Duration::from_secs(1) }
    }
}

/// Why the audit could not go on: nothing is known then, neither good nor bad.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// No whole answer came.
    #[error("{path}: {source}")]
    Transport {
        /// What was asked for, under the server's address.
        path: String,
        /// Why.
        #[source]
        source: TransportError,
    },
    /// An answer that is neither what was asked for nor that it is missing.
    #[error("{path} was answered with status {status}")]
    Status {
        /// What was asked for, under the server's address.
        path: String,
        /// The status.
        status: u16,
    },
    /// The address cannot be made.
    #[error("the address of {path} cannot be made")]
    Address {
        /// What was asked for, under the server's address.
        path: String,
    },
    /// The work could not be done on this machine.
    #[error("checking stopped on this machine: {0}")]
    Stopped(String),
}

/// What came for a path.
pub(in crate::client) enum Got {
    /// These bytes, with their name for the next time.
    Bytes {
        /// The body.
        body: Vec<u8>,
        /// Its ETag.
        etag: Option<String>,
    },
    /// What was known of it is what there is.
    Unchanged,
    /// Nothing is there, or it is elsewhere: nobody is followed.
    Missing,
    /// More than anybody wants.
    TooLong,
}

/// Something that was asked for, or what is wrong with what came instead.
pub(in crate::client) type Read<T> = Result<Result<T, Fault>, Unreachable>;

/// Reads one log.
#[derive(Clone)]
pub(in crate::client) struct LogReader {
    pub(in crate::client) transport: Arc<dyn Transport>,
    pub(in crate::client) base: Url,
    pub(in crate::client) patience: Patience,
}

impl LogReader {
    /// The newest checkpoint, as bytes. Asked for once: a server that is not there is told of at once.
    pub(super) async fn checkpoint(&self) -> Read<Vec<u8>> {
        let path = "log/checkpoint";
        let once = Self { patience: Patience { tries: 1, ..self.patience }, ..self.clone() };
        Ok(match once.get(path, MAX_NOTE, DEADLINE, None).await? {
            Got::Bytes { body, .. } => Ok(body),
            Got::Missing | Got::Unchanged => Err(Fault::Missing { path: path.to_owned() }),
            Got::TooLong => Err(Fault::Length { path: path.to_owned() }),
        })
    }

    /// The first `width` hashes of a tile: the partial tile, or the beginning of the full one when the partial is gone.
    pub(in crate::client) async fn tile(&self, id: TileId, width: u16) -> Read<Vec<Hash>> {
        let wanted = TilePath::Hashes { tile: id, width };
        for path in spellings(wanted) {
            let name = format!("log/{path}");
            match self.get(&name, TILE_WIDTH * Hash::LENGTH, DEADLINE, None).await? {
                Got::Missing | Got::Unchanged => {}
                Got::TooLong => return Ok(Err(Fault::Length { path: name })),
                Got::Bytes { body, .. } => {
                    let hashes = Hash::split_tile(&body).filter(|hashes| hashes.len() == usize::from(path.width()));
                    let Some(mut hashes) = hashes else { return Ok(Err(Fault::Length { path: name })) };
                    hashes.truncate(width.into());
                    return Ok(Ok(hashes));
                }
            }
        }
        Ok(Err(Fault::Missing { path: format!("log/{wanted}") }))
    }

    /// The first `width` entries of a bundle, in the same way.
    pub(in crate::client) async fn bundle(&self, index: u64, width: u16) -> Read<Vec<Slot>> {
        let wanted = TilePath::Entries { index, width };
        for path in spellings(wanted) {
            let name = format!("log/{path}");
            match self.get(&name, MAX_BUNDLE, BUNDLE_DEADLINE, None).await? {
                Got::Missing | Got::Unchanged => {}
                Got::TooLong => return Ok(Err(Fault::Length { path: name })),
                Got::Bytes { body, .. } => {
                    let slots = bundle::parse(&body, path.width()).map(|mut slots| {
                        slots.truncate(width.into());
                        slots
                    });
                    return Ok(slots.map_err(|source| Fault::Bundle { path: name, source }));
                }
            }
        }
        Ok(Err(Fault::Missing { path: format!("log/{wanted}") }))
    }

    /// What stands at a path, unless it is what `known` names; asked for again while the server is busy or the network breaks off.
    pub(in crate::client) async fn get(
        &self,
        path: &str,
        max_bytes: usize,
        deadline: Duration,
        known: Option<&str>,
    ) -> Result<Got, Unreachable> {
        let url = self.base.join(path).ok().ok_or_else(|| Unreachable::Address { path: path.to_owned() })?;
        let mut wait = self.patience.wait;
        for left in (0..self.patience.tries.max(1)).rev() {
            let request = Request { if_none_match: known.map(str::to_owned), ..Request::get(url.clone(), deadline, max_bytes) };
            let answer = self.transport.send(request).await;
            let asked_to_wait = match answer {
                Ok(answer) => match answer.status {
                    200 => return Ok(Got::Bytes { body: answer.body, etag: answer.etag }),
                    304 if known.is_some() => return Ok(Got::Unchanged),
                    404 | 410 => return Ok(Got::Missing),
                    429 | 500..=599 if left > 0 => answer.retry_after.unwrap_or_default(),
                    status => return Err(Unreachable::Status { path: path.to_owned(), status }),
                },
                Err(TransportError::TooLarge { .. }) => return Ok(Got::TooLong),
                Err(TransportError::Connect(_) | TransportError::Timeout | TransportError::Protocol(_)) if left > 0 => {
                    Duration::ZERO
                }
                Err(source) => return Err(Unreachable::Transport { path: path.to_owned(), source }),
            };
            tokio::time::sleep(wait.max(asked_to_wait).min(LONGEST_WAIT)).await;
            wait = wait.saturating_mul(2);
        }
        Err(Unreachable::Transport { path: path.to_owned(), source: TransportError::Timeout })
    }
}

/// The path, and that of the full tile where it names a partial one.
fn spellings(path: TilePath) -> impl Iterator<Item = TilePath> {
    [path, path.full()].into_iter().take(if path == path.full() { 1 } else { 2 })
}

//! The compact list of this server (protocol, section 9): its signed head, and its tiles, made when somebody asks for them.
//!
//! Everything here follows from the published log and from the trust settings, so nothing of it is stored: the root over all tiles is
//! kept in memory and grows with the log, and a server that was started again works it out when it is asked for the first time. A head
//! is signed when there is none, when the tree or the settings are others than those of the last one, and an hour after the last one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::Ledger;
use super::log::ResourceError;
use super::ports::StoreError;
use super::published::Published;
use super::trusted::Trusted;
use crate::compact::{Row, Tile, TileTree, settings};
use crate::envelope::{IndexHead, LogRoot, PayloadType};
use crate::notice::{PayloadId, Timestamp};
use crate::tlog::{TILE_WIDTH, TileId};

/// How long a head stands when nothing changes.
const STANDS: TimeDelta = TimeDelta::hours(1);
/// How many entries are read at a time.
const AT_A_TIME: u64 = 1_024;
/// How many settings are remembered: somebody may have the head before the last.
const SETTINGS: usize = 4;

/// What is kept of the list.
pub(super) struct CompactList {
    head: ArcSwapOption<SignedHead>,
    /// Held by whoever makes a head.
    tree: Mutex<TileTree>,
    /// Settings that heads named, the newest last.
    settings: Mutex<VecDeque<(PayloadId, Bytes)>>,
    /// How often somebody tried to make a head.
    tries: watch::Sender<u64>,
}

impl Default for CompactList {
    fn default() -> Self {
        Self { head: ArcSwapOption::empty(), tree: Mutex::default(), settings: Mutex::default(), tries: watch::channel(0).0 }
    }
}

/// A head with what it says.
struct SignedHead {
    envelope: Bytes,
    size: u64,
    trust: String,
    issued: DateTime<Utc>,
}

/// What became of an attempt to make a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Making {
    /// It is made, or the last one still stands.
    Made,
    /// Somebody else is making it.
    Elsewhere,
    /// Nothing is signed now: the log is halted, or the clock stands behind what was signed, or the server stops.
    NotNow,
}

/// Why no head was made.
#[derive(Debug, thiserror::Error)]
pub enum MakingError {
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be written down.
    #[error("the head of the compact list cannot be written: {0}")]
    Form(String),
}

impl Ledger {
    /// The signed head that stands, as a canonical envelope. With `fresh`, only when a new one would say the same.
    pub fn index_head(&self, fresh: bool) -> Option<Bytes> {
        let head = self.compact_list.head.load_full()?;
        (!fresh || self.stands(&head, &self.published(), &self.trust())).then(|| head.envelope.clone())
    }

    fn stands(&self, head: &SignedHead, published: &Published, trusted: &Trusted) -> bool {
        let same = head.size == published.head.size && head.trust == trusted.settings_hash();
        same && self.clock.now() - head.issued < STANDS
    }

    /// A watcher that is woken whenever an attempt to make a head ended.
    pub fn watch_index(&self) -> watch::Receiver<u64> {
        self.compact_list.tries.subscribe()
    }

    /// Makes a head of what is published now, unless the last one still stands. Blocks; the first time for as long as it takes to read
    /// the whole log.
    ///
    /// # Errors
    /// [`MakingError`].
    pub fn make_index_head(&self) -> Result<Making, MakingError> {
        let mut tree = match self.compact_list.tree.try_lock() {
            Ok(tree) => tree,
            Err(TryLockError::WouldBlock) => return Ok(Making::Elsewhere),
            Err(TryLockError::Poisoned(poisoned)) => {
                // Whoever panicked may have left half of a step behind.
                let mut tree = poisoned.into_inner();
                *tree = TileTree::default();
                tree
            }
        };
        let made = self.make_head_over(&mut tree);
        drop(tree);
        self.compact_list.tries.send_modify(|tries| *tries = tries.wrapping_add(1));
        made
    }

    fn make_head_over(&self, tree: &mut TileTree) -> Result<Making, MakingError> {
        let (published, trusted) = (self.published(), self.trust());
        if self.compact_list.head.load().as_ref().is_some_and(|head| self.stands(head, &published, &trusted)) {
            return Ok(Making::Made);
        }
        while tree.size() < published.head.size {
            if self.signs_nothing() {
                return Ok(Making::NotNow);
            }
            let to = published.head.size.min(tree.size() + AT_A_TIME);
            for entry in self.stores.log.entries(tree.size(), to)? {
                tree.push(Row::of_entry(&entry.bytes));
            }
        }
        if self.signs_nothing() || tree.size() != published.head.size {
            return Ok(Making::NotNow);
        }
        let head = self.sign_head(tree, &published, &trusted)?;
        self.compact_list.head.store(Some(Arc::new(head)));
        Ok(Making::Made)
    }

    fn signs_nothing(&self) -> bool {
        self.is_halted() || self.standing().is_stopping() || self.witness.behind(self.clock.now()).is_some()
    }

    fn sign_head(&self, tree: &TileTree, published: &Published, trusted: &Trusted) -> Result<SignedHead, MakingError> {
        let form = |what: &dyn std::fmt::Display| MakingError::Form(what.to_string());
        let trust = PayloadId::parse(trusted.settings_hash()).ok_or_else(|| form(&"the hash of the trust settings"))?;
        let before = self.compact_list.head.load().as_ref().map(|head| head.issued);
        let cosigned = published.cosigned_by(self.identity.witness.name().as_str());
        // Never before what was signed already, whichever run of the server signed it.
        let issued = [before, cosigned].into_iter().flatten().fold(self.clock.now(), DateTime::max);
        let issued = Timestamp::from_time(issued).ok_or_else(|| form(&"the time"))?;
        let head = IndexHead {
            origin: self.identity.origin.to_string(),
            issued,
            size: published.head.size,
            root: LogRoot::from_bytes(*published.head.root.as_bytes()),
            tiles: LogRoot::from_bytes(*tree.root().as_bytes()),
            trust,
            checkpoint: String::from_utf8_lossy(&published.served()).into_owned(),
        };
        let payload = head.write().map_err(|fault| form(&fault))?;
        let envelope = self.keys.operator().sign_envelope(PayloadType::Index, &payload).map_err(|fault| form(&fault))?;
        self.keep_settings(trust, settings::write(trusted).into());
        let (size, trust) = (head.size, trusted.settings_hash().to_owned());
        Ok(SignedHead { envelope: envelope.to_json().into(), size, trust, issued: issued.time() })
    }

    fn keep_settings(&self, hash: PayloadId, bytes: Bytes) {
        let mut kept = self.compact_list.settings.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != hash);
        kept.push_back((hash, bytes));
        while kept.len() > SETTINGS {
            kept.pop_front();
        }
    }

    /// The trust settings of this hash, when a head named them lately.
    pub fn index_settings(&self, hash: &PayloadId) -> Option<Bytes> {
        let kept = self.compact_list.settings.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == hash).map(|(_, bytes)| bytes.clone())
    }

    /// The tile at `path`: `<n>` when it is full, `<n>.p/<width>` while it is not. Immutable. Blocks.
    ///
    /// # Errors
    /// [`ResourceError`].
    pub fn index_tile(&self, path: &str) -> Result<Bytes, ResourceError> {
        let (index, width) = tile_path(path).ok_or(ResourceError::NotPublished)?;
        let there = TileId { level: 0, index }.width_at(self.published().head.size).ok_or(ResourceError::NotPublished)?;
        if width > there {
            return Err(ResourceError::NotPublished);
        }
        let name = format!("index/{path}");
        if let Some(bytes) = self.remembered.tile(&name) {
            return Ok(bytes);
        }
        let bundle = self.stores.log.bundle(index, width)?;
        let corrupt = |fault| StoreError::Corrupt { what: format!("bundle {index}: {fault}") };
        let bytes = Bytes::from(Tile::of_bundle(&bundle, width).map_err(corrupt)?.to_bytes());
        if usize::from(width) == TILE_WIDTH {
            self.remembered.keep_tile(&name, bytes.clone());
        }
        Ok(bytes)
    }
}

/// Which tile, and how many rows of it. A path has one spelling.
fn tile_path(path: &str) -> Option<(u64, u16)> {
    let number = |text: &str| -> Option<u64> { text.parse().ok().filter(|number: &u64| number.to_string() == text) };
    match path.split_once(".p/") {
        None => Some((number(path)?, u16::try_from(TILE_WIDTH).ok()?)),
        Some((index, width)) => {
            let width = number(width).and_then(|width| u16::try_from(width).ok())?;
            (1..TILE_WIDTH).contains(&usize::from(width)).then_some((number(index)?, width))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::tile_path;

    #[test]
    fn a_path_of_a_tile_has_one_spelling() {
        assert_eq!(tile_path("0"), Some((0, 256)));
        assert_eq!(tile_path("12.p/255"), Some((12, 255)));
        for wrong in ["", "00", "+1", "1.p/0", "1.p/256", "1.p/", ".p/1", "1.p/01", "1/2", "-1", " 1", "18446744073709551616"] {
            assert_eq!(tile_path(wrong), None, "{wrong}");
        }
    }
}

//! The newest published head, in memory: what every read is bounded by, and what wakes everyone who waits for growth.

use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::stored::Head;

/// The most cosignatures that a served checkpoint carries (protocol, section 7).
pub const MAX_COSIGNATURES: usize = 15;

/// The newest published checkpoint with its cosignatures.
#[derive(Debug, Clone)]
pub struct Published {
    /// Size and root.
    pub head: Head,
    /// The note with the log's signature.
    pub checkpoint: Vec<u8>,
    /// Cosignature lines over it, our own first.
    pub cosignatures: Vec<Cosigned>,
}

/// One cosignature of the newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// Name of the witness key.
    pub name: String,
    /// When it was made, in whole seconds.
    pub time: DateTime<Utc>,
    /// The signature line, with its final newline.
    pub line: String,
}

impl Published {
    /// The checkpoint as it is served: the note followed by the cosignature lines.
    pub fn served(&self) -> Vec<u8> {
        let mut bytes = self.checkpoint.clone();
        for cosigned in self.cosignatures.iter().take(MAX_COSIGNATURES) {
            bytes.extend_from_slice(cosigned.line.as_bytes());
        }
        bytes
    }

    /// When the witness key `name` cosigned it last.
    pub fn cosigned_by(&self, name: &str) -> Option<DateTime<Utc>> {
        self.cosignatures.iter().filter(|c| c.name == name).map(|c| c.time).max()
    }
}

/// Puts cosignatures in the order in which they are served: our own, then the newest first.
pub(super) fn in_serving_order(mut cosignatures: Vec<Cosigned>, own_name: &str) -> Vec<Cosigned> {
    cosignatures.sort_by(|a, b| (a.name != own_name, b.time, &a.name).cmp(&(b.name != own_name, a.time, &b.name)));
    cosignatures
}

/// The one place where the newest published checkpoint is kept: readers load it without waiting, growth wakes watchers.
#[derive(Debug)]
pub struct PublishedCell {
    newest: ArcSwap<Published>,
    grown: watch::Sender<u64>,
}

impl PublishedCell {
    /// Begins with what storage says is published.
    pub fn new(published: Published) -> Self {
        let (grown, _) = watch::channel(published.head.size);
        Self { newest: ArcSwap::from_pointee(published), grown }
    }

    /// The newest published checkpoint.
    pub fn load(&self) -> Arc<Published> {
        self.newest.load_full()
    }

    /// A watcher that is woken whenever the published tree has grown.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.grown.subscribe()
    }

    /// Puts a larger head in place.
    pub(super) fn grow(&self, published: Published) {
        let size = published.head.size;
        self.newest.store(Arc::new(published));
        self.grown.send_if_modified(|known| {
            let grew = size > *known;
            *known = size.max(*known);
            grew
        });
    }

    /// Forgets cosignatures of the newest checkpoint that the witness `name` made after `time`, in POSIX seconds.
    pub(super) fn forget_after(&self, time: u64, name: &str) {
        let is_later = |c: &Cosigned| c.name == name && u64::try_from(c.time.timestamp()).is_ok_and(|made| made > time);
        self.newest.rcu(|current| {
            let mut next = Published::clone(current);
            next.cosignatures.retain(|c| !is_later(c));
            next
        });
    }

    /// Adds a cosignature to the newest checkpoint, if that still has `size`; an older one of the same witness gives way.
    pub(super) fn cosign(&self, size: u64, cosigned: &Cosigned, own_name: &str) {
        self.newest.rcu(|current| {
            let mut next = Published::clone(current);
            let newer = |c: &Cosigned| c.name == cosigned.name && c.time > cosigned.time;
            if next.head.size == size && !next.cosignatures.iter().any(newer) {
                next.cosignatures.retain(|c| c.name != cosigned.name);
                next.cosignatures.push(cosigned.clone());
                next.cosignatures = in_serving_order(next.cosignatures, own_name);
            }
            next
        });
    }
}

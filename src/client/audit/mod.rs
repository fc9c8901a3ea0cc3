//! A server's log audited from outside, believing nothing that the server says.
//!
//! An [`Auditor`] reads the checkpoint, every bundle of entries and every hash tile of a log over the [`Transport`] seam, and works
//! out again what the server claims:
//!
//! 1. The checkpoint is signed by the log's key, and by enough of the witnesses that were asked for.
//! 2. It continues the checkpoint that was verified last: not smaller, and the same entries hash to the same root.
//! 3. Every entry hashes to the leaf in its tile; every tile of every level is what the tiles below it hash to; and all of it to
//!    the root that was signed.
//! 4. Every entry is a canonical envelope, valid for its kind, and signed by a key of its issuer, as the records in the log say.
//!
//! What contradicts itself is a [`Fault`], what cannot be decided from here a [`Gap`]; the audit goes on behind either, so that one
//! run names everything. Only when answers stop coming does it end early, with [`Unreachable`].
//!
//! # Limits
//!
//! Memory: the bundles that are under way (up to 16 MiB each, a few hundred kB as a rule), all publisher records, and 40 bytes for
//! each notice that stands before the record with its key. At most [`MOST_FINDINGS`] faults and gaps are kept; the rest is counted.
//!
//! Out of scope: detached documents; whether an entry stands twice in the log; verdicts ([`recheck`](super::recheck) decides those
//! again); what the server answers elsewhere than under `log/`.

mod entries;
mod finding;
mod issuers;
mod reading;
pub mod remembered;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt, future, stream};

use super::Client;
use crate::envelope::{Envelope, Lineages, PublicKey};
use crate::notice::Notice;
use crate::tlog::bundle::Slot;
use crate::tlog::{Cosignature, Hash, Policy, SignedCheckpoint, TILE_WIDTH, TileId, TilePath, VerifierKey};

use entries::{KnownKeys, Piece, Rules};
pub use finding::{Fault, Gap};
pub(super) use reading::{Got, LogReader};
pub use reading::{Patience, Unreachable};
use walk::Walk;

#[cfg(doc)]
use crate::federation::Transport;

/// The most faults, and the most gaps, that one audit keeps.
pub const MOST_FINDINGS: usize = 100;
/// Hashes of a full tile.
const FULL: u16 = 256;

/// What an audit is told beforehand.
#[derive(Debug, Clone)]
pub struct AuditOptions {
    /// The key of the log; its name is the origin.
    pub log: VerifierKey,
    /// Whose cosignatures are enough; `None` asks for nobody's.
    pub policy: Option<Policy>,
    /// The key of the operator's statements, if it is known.
    pub operator: Option<PublicKey>,
    /// The checkpoint that was verified last.
    pub remembered: Option<SignedCheckpoint>,
    /// How many pieces of 256 entries are fetched and checked at once, at least 1.
    pub at_once: usize,
    /// How often an answer that did not come is asked for again.
    pub patience: Patience,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Entries that came.
    pub entries: u64,
    /// Of these, notices.
    pub notices: u64,
    /// Publisher records.
    pub records: u64,
    /// Statements of the operator.
    pub statements: u64,
    /// Hash tiles that were compared, of all levels.
    pub tiles: u64,
}

/// What came of an audit.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    /// The checkpoint, if it is one of this log.
    pub checkpoint: Option<SignedCheckpoint>,
    /// Cosignatures of the witnesses that were asked for.
    pub cosigned: Vec<Cosignature>,
    /// What was looked at.
    pub counts: Counts,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Faults beyond those that were kept.
    pub more_faults: u64,
    /// What could not be checked.
    pub gaps: Vec<Gap>,
    /// Gaps beyond those that were kept.
    pub more_gaps: u64,
}

impl Audit {
    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MOST_FINDINGS { self.faults.push(fault) } else { self.more_faults += 1 }
    }

    fn gap(&mut self, gap: Gap) {
        if self.gaps.len() < MOST_FINDINGS { self.gaps.push(gap) } else { self.more_gaps += 1 }
    }
}

/// Audits one log.
pub struct Auditor {
    reader: LogReader,
    rules: Arc<Rules>,
    options: AuditOptions,
}

impl Auditor {
    /// An auditor of the log that `client`'s server serves.
    pub fn new(client: &Client, options: AuditOptions) -> Self {
        let reader = LogReader { transport: client.transport.clone(), base: client.base.clone(), patience: options.patience };
        let origin = options.log.name().to_string();
        let rules = Rules { origin, operator: options.operator, known: KnownKeys::default() };
        Self { reader, rules: Arc::new(rules), options }
    }

    /// Audits the log as it is now. `progress` is told how many of how many entries were looked at.
    ///
    /// # Errors
    /// [`Unreachable`] when answers do not come: then nothing is known. Everything else is a finding.
    pub async fn audit(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Audit, Unreachable> {
        let mut audit = Audit::default();
        let note = self.reader.checkpoint().await?;
        let signed =
            note.and_then(|note| SignedCheckpoint::parse_and_verify(&note, &self.options.log).map_err(Fault::Checkpoint));
        let checkpoint = match signed {
            Ok(checkpoint) => checkpoint,
            Err(fault) => {
                audit.fault(fault);
                return Ok(audit);
            }
        };
        let (size, root) = (checkpoint.checkpoint().size(), *checkpoint.checkpoint().root());
        self.look_at_witnesses(&checkpoint, &mut audit);
        audit.checkpoint = Some(checkpoint);
        let before = self.options.remembered.as_ref().map(|seen| (seen.checkpoint().size(), *seen.checkpoint().root()));
        if let Some((before, _)) = before.filter(|(before, _)| *before > size) {
            audit.fault(Fault::Shrunk { before, now: size });
            return Ok(audit);
        }
        let mut walk = Walk::new(before);
        self.walk(size, &mut walk, &mut audit, progress).await?;
        let found = walk.root();
        if found != root {
            audit.fault(Fault::Root { size, found, signed: root });
        }
        self.settle(walk, &mut audit).await?;
        Ok(audit)
    }

    fn look_at_witnesses(&self, checkpoint: &SignedCheckpoint, audit: &mut Audit) {
        let Some(policy) = &self.options.policy else { return };
        match policy.check(checkpoint) {
            Ok(cosigned) => audit.cosigned = cosigned,
            Err(unmet) => {
                audit.cosigned = checkpoint.cosignatures(policy.witnesses());
                audit.gap(Gap::NotCosigned(unmet));
            }
        }
    }

    /// Reads every piece, several at once, and takes them in in their order; upper tiles are compared as they come to be.
    async fn walk(
        &self,
        size: u64,
        walk: &mut Walk,
        audit: &mut Audit,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Unreachable> {
        progress(0, size);
        let pieces = (0..size.div_ceil(TILE_WIDTH as u64)).map(|index| self.piece(index, size));
        let mut pieces = stream::iter(pieces).buffered(self.options.at_once.max(1));
        while let Some(piece) = pieces.next().await {
            let upper = walk.take(piece?, audit);
            self.compare(upper, audit).await?;
            progress(walk.size(), size);
        }
        self.compare(walk.take_edge(), audit).await
    }

    /// Fetches a piece, and has it looked at beside the other work: hashing and verifying is what an audit spends its time on.
    async fn piece(&self, index: u64, size: u64) -> Result<Piece, Unreachable> {
        let id = TileId { level: 0, index };
        let width = id.width_at(size).unwrap_or(FULL);
        let (tile, slots) = future::join(self.reader.tile(id, width), self.reader.bundle(index, width)).await;
        let (tile, slots, rules) = (tile?, slots?, self.rules.clone());
        let look = move || rules.look(index * TILE_WIDTH as u64, width, tile, slots);
        tokio::task::spawn_blocking(look).await.map_err(|error| Unreachable::Stopped(error.to_string()))
    }

    /// Compares tiles that were worked out here with those that are served.
    async fn compare(&self, tiles: Vec<(TileId, Vec<Hash>)>, audit: &mut Audit) -> Result<(), Unreachable> {
        for (id, hashes) in tiles {
            let width = u16::try_from(hashes.len()).unwrap_or(FULL);
            audit.counts.tiles += 1;
            match self.reader.tile(id, width).await? {
                Ok(served) if served == hashes => {}
                Ok(_) => {
                    audit.fault(Fault::Tile { path: format!("log/{}", TilePath::Hashes { tile: id, width }) });
                }
                Err(fault) => audit.fault(fault),
            }
        }
        Ok(())
    }

    /// Decides what could not be decided while the log was read.
    async fn settle(&self, walk: Walk, audit: &mut Audit) -> Result<(), Unreachable> {
        let (settled, gaps) = walk.settle();
        settled.faults.into_iter().for_each(|fault| audit.fault(fault));
        settled.gaps.into_iter().chain(gaps).for_each(|gap| audit.gap(gap));
        let mut again: BTreeMap<u64, Vec<(u64, Hash)>> = BTreeMap::new();
        for (index, leaf) in settled.again {
            again.entry(index / TILE_WIDTH as u64).or_default().push((index, leaf));
        }
        let size = audit.checkpoint.as_ref().map_or(0, |signed| signed.checkpoint().size());
        for (bundle, wanted) in again {
            let width = TileId { level: 0, index: bundle }.width_at(size).unwrap_or(FULL);
            let slots = match self.reader.bundle(bundle, width).await? {
                Ok(slots) => slots,
                Err(fault) => {
                    audit.fault(fault);
                    continue;
                }
            };
            for (index, leaf) in wanted {
                let place = usize::try_from(index % TILE_WIDTH as u64).unwrap_or(0);
                if let Err(fault) = look_again(index, leaf, slots.get(place), &settled.lineages) {
                    audit.fault(fault);
                }
            }
        }
        Ok(())
    }
}

/// Checks a notice under all keys that its issuer ever had. It must be the entry that stands in the tree.
fn look_again(index: u64, leaf: Hash, slot: Option<&Slot>, lineages: &Lineages) -> Result<(), Fault> {
    let bytes = slot.map(AsRef::as_ref).unwrap_or_default();
    let found = Hash::leaf(bytes);
    if found != leaf {
        return Err(Fault::Entry { index, found, leaf });
    }
    let envelope = Envelope::parse_canonical(bytes).map_err(|source| Fault::Envelope { index, source })?;
    let claim = entries::read::<Notice>(index, envelope)?;
    let candidates = lineages.notice_signers(&claim.value().issuer.id, false);
    entries::signer(index, claim, &candidates).map(|_| ())
}

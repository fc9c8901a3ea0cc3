//! The tree that grows while the log is read, and what was met on the way.

use std::collections::BTreeMap;

use super::Audit;
use super::entries::{Looked, Piece, What};
use super::finding::{Fault, Gap};
use super::issuers::{Issuers, Settled};
use crate::tlog::{Frontier, Hash, TILE_WIDTH, TileId};

/// Tiles with the hashes that they must have.
pub(super) type Tiles = Vec<(TileId, Vec<Hash>)>;

/// How far the log was read.
pub(super) struct Walk {
    frontier: Frontier,
    /// Size and root that were verified last, until the walk has passed them.
    before: Option<(u64, Hash)>,
    /// The partial tiles above level 0 as they are now.
    edge: BTreeMap<u8, (TileId, Vec<Hash>)>,
    issuers: Issuers,
    unchecked: Unchecked,
}

/// Entries that say nothing that could be checked, with the first of each kind.
#[derive(Default)]
struct Unchecked {
    withheld: Option<(u64, u64)>,
    statements: Option<(u64, u64)>,
    unknown: Option<(u64, u64, String)>,
}

impl Walk {
    pub(super) fn new(before: Option<(u64, Hash)>) -> Self {
        let (frontier, edge) = (Frontier::empty(), BTreeMap::new());
        // The empty tree is the beginning of every tree.
        let before = before.filter(|(size, _)| *size > 0);
        Self { frontier, before, edge, issuers: Issuers::default(), unchecked: Unchecked::default() }
    }

    pub(super) fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub(super) fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// Takes the next piece in, and gives the full tiles above level 0 that it completed.
    pub(super) fn take(&mut self, piece: Piece, audit: &mut Audit) -> Tiles {
        audit.counts.tiles += 1;
        for leaf in piece.leaves {
            self.frontier.append(leaf);
            self.look_back(audit);
        }
        piece.faults.into_iter().for_each(|fault| audit.fault(fault));
        for entry in piece.entries {
            self.count(entry, audit);
        }
        let mut full = Vec::new();
        for (id, hashes) in self.frontier.take_changed().into_iter().filter(|(id, _)| id.level > 0) {
            if hashes.len() == TILE_WIDTH {
                self.edge.remove(&id.level);
                full.push((id, hashes));
            } else {
                self.edge.insert(id.level, (id, hashes));
            }
        }
        full
    }

    /// The partial tiles above level 0, when everything was taken in.
    pub(super) fn take_edge(&mut self) -> Tiles {
        std::mem::take(&mut self.edge).into_values().collect()
    }

    /// Compares the root at the size that was verified last.
    fn look_back(&mut self, audit: &mut Audit) {
        if let Some((size, before)) = self.before.take_if(|(size, _)| *size == self.frontier.size()) {
            let now = self.frontier.root();
            if now != before {
                audit.fault(Fault::Forked { size, before, now });
            }
        }
    }

    fn count(&mut self, entry: Looked, audit: &mut Audit) {
        let Looked { index, leaf, what } = entry;
        let counts = &mut audit.counts;
        counts.entries += u64::from(!matches!(what, What::Withheld));
        match what {
            What::Notice(issuer, key) => {
                counts.notices += 1;
                self.issuers.notice(index, leaf, issuer, key);
            }
            What::Record(claim) => {
                counts.records += 1;
                self.issuers.record(index, *claim);
            }
            What::Statement { verified } => {
                counts.statements += 1;
                if !verified {
                    self.unchecked.statements.get_or_insert((index, 0)).1 += 1;
                }
            }
            What::UnknownType(name) => self.unchecked.unknown.get_or_insert((index, 0, name)).1 += 1,
            What::Withheld => self.unchecked.withheld.get_or_insert((index, 0)).1 += 1,
        }
    }

    /// What follows when all records are known, and what stays unchecked.
    pub(super) fn settle(self) -> (Settled, Vec<Gap>) {
        let Unchecked { withheld, statements, unknown } = self.unchecked;
        let mut gaps = Vec::new();
        gaps.extend(withheld.map(|(first, entries)| Gap::Withheld { first, entries }));
        gaps.extend(statements.map(|(first, entries)| Gap::Statements { first, entries }));
        gaps.extend(unknown.map(|(first, entries, example)| Gap::UnknownType { example, first, entries }));
        (self.issuers.settle(), gaps)
    }
}

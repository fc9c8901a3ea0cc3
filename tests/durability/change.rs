//! What changes on a disk between two syncs, and what may be left of it.

use std::collections::BTreeMap;
use std::ops::Range;

use proptest::prelude::RngExt;
use proptest::test_runner::TestRng;

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Node {
    File(usize),
    Folder(usize),
}

/// A change of one file. What was written stands in the journal.
pub(crate) enum Change {
    Write { at: usize, bytes: Range<usize> },
    SetLength(usize),
}

/// A change of the names in one folder.
pub(crate) enum NameChange {
    Put(String, Node),
    Move(String, String),
    Remove(String),
}

impl Change {
    pub(crate) fn apply(&self, bytes: &mut Vec<u8>, journal: &[u8]) {
        match self {
            Self::SetLength(length) => bytes.resize(*length, 0),
            Self::Write { at, bytes: written } => {
                let end = at + written.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at..end].copy_from_slice(&journal[written.clone()]);
            }
        }
    }

    /// The first sectors of a write, at least none and at most all.
    pub(crate) fn tear(&self, sector: usize, chance: &mut TestRng) -> Self {
        match self {
            Self::SetLength(length) => Self::SetLength(*length),
            Self::Write { at, bytes } => {
                let borders = (at / sector + 1..=(at + bytes.len()) / sector).map(|n| n * sector - at);
                let ends: Vec<usize> = std::iter::once(0).chain(borders).chain([bytes.len()]).collect();
                let length = ends[chance.random_range(0..ends.len())];
                Self::Write { at: *at, bytes: bytes.start..bytes.start + length }
            }
        }
    }

    /// Where it changes bytes of a file that is `length` long before it.
    fn touches(&self, length: usize) -> Range<usize> {
        match self {
            Self::Write { at, bytes } => (*at).min(length)..at + bytes.len(),
            Self::SetLength(new) => (*new).min(length)..(*new).max(length),
        }
    }
}

impl NameChange {
    pub(crate) fn apply(&self, names: &mut BTreeMap<String, Node>) {
        match self {
            Self::Put(name, node) => {
                names.insert(name.clone(), *node);
            }
            Self::Remove(name) => {
                names.remove(name);
            }
            Self::Move(from, to) => {
                if let Some(node) = names.remove(from) {
                    names.insert(to.clone(), node);
                }
            }
        }
    }
}

/// Of each sector any content, and of the length any value, that the file had since its last sync.
pub(crate) fn any_sectors(
    durable: &[u8],
    pending: &[(usize, Change)],
    journal: &[u8],
    sector: usize,
    chance: &mut TestRng,
) -> Vec<u8> {
    let mut now = durable.to_vec();
    let mut versions: BTreeMap<usize, Vec<Vec<u8>>> = BTreeMap::new();
    let mut lengths = vec![now.len()];
    let of = |bytes: &[u8], n: usize| bytes.iter().skip(n * sector).take(sector).copied().collect::<Vec<u8>>();
    for (_, change) in pending {
        let touched = change.touches(now.len());
        change.apply(&mut now, journal);
        for n in touched.start / sector..touched.end.div_ceil(sector) {
            versions.entry(n).or_insert_with(|| vec![of(durable, n)]).push(of(&now, n));
        }
        lengths.push(now.len());
    }
    let length = lengths[chance.random_range(0..lengths.len())];
    let mut bytes = durable.to_vec();
    bytes.resize(length, 0);
    for (n, versions) in versions {
        let version = &versions[chance.random_range(0..versions.len())];
        let start = (n * sector).min(length);
        let end = (start + sector).min(length);
        bytes[start..end].fill(0);
        let part = &version[..version.len().min(end - start)];
        bytes[start..start + part.len()].copy_from_slice(part);
    }
    bytes
}

use std::collections::BTreeSet;

use serde::Serialize;

use super::hashing::Algorithm;
use super::{Place, Remark, Sighting, Why};
use crate::notice::Identifier;

/// How many remarks are kept; those beyond are counted.
pub const MOST_REMARKS: usize = 10_000;

/// Everything that one scan saw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// The paths that were scanned, as they were given.
    pub roots: Vec<String>,
    /// What was seen, in the order of its places: roots, then files by name.
    pub sightings: Vec<Sighting>,
    /// What was ignored, not read, or doubtful.
    pub remarks: Vec<Remark>,
    /// Which digests of files were computed.
    pub digests: Vec<Algorithm>,
    /// How much was looked at.
    pub counts: Counts,
}

/// How much a scan looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Folders.
    pub folders: u64,
    /// Files, links not among them.
    pub files: u64,
    /// Links.
    pub links: u64,
    /// Metadata files that were read.
    pub metadata_files: u64,
    /// Files that were read as code.
    pub code_files: u64,
    /// Files whose bytes are known by their digest, from now or from the cache.
    pub hashed_files: u64,
    /// Their bytes.
    pub hashed_bytes: u64,
    /// How many of those files did not have to be read again.
    pub cached_files: u64,
    /// Files that never match anything, because too many folders hold them: empty ones, licence texts.
    pub trivial_files: u64,
    /// Remarks beyond [`MOST_REMARKS`].
    pub more_remarks: u64,
    /// Remarks about what was not read, those beyond the limit among them.
    pub unread: u64,
}

impl Inventory {
    /// An inventory of these paths, with nothing in it yet.
    pub fn of(roots: Vec<String>) -> Self {
        Self { roots, ..Self::default() }
    }

    /// Notes a sighting.
    pub fn saw(&mut self, sighting: Sighting) {
        self.sightings.push(sighting);
    }

    /// Notes a remark, or counts it where there are too many.
    pub fn remark(&mut self, place: Place, why: Why) {
        self.note(Remark { place, why });
    }

    /// The same for a remark that is there already.
    pub fn note(&mut self, remark: Remark) {
        self.counts.unread += u64::from(remark.why.is_unread());
        if self.remarks.len() < MOST_REMARKS {
            self.remarks.push(remark);
        } else {
            self.counts.more_remarks += 1;
        }
    }

    /// Everything that can be asked about, each once, in order.
    pub fn identifiers(&self) -> BTreeSet<&Identifier> {
        self.sightings.iter().map(|sighting| &sighting.identifier).collect()
    }

    /// A place as it can be opened from where the scan was started.
    pub fn shown(&self, place: &Place) -> String {
        let given = self.roots.get(place.root).map_or("", String::as_str);
        let root = given.trim_end_matches('/');
        match (root, place.path.is_empty()) {
            ("", _) if given.starts_with('/') => format!("/{place}"),
            ("." | "", _) => place.to_string(),
            (_, true) => Place { path: root.into(), ..place.clone() }.to_string(),
            (_, false) => Place { path: format!("{root}/{}", place.path).into(), ..place.clone() }.to_string(),
        }
    }

    /// Brings everything into the order of its places, and takes out what was seen twice at one place by one reader.
    pub fn sort(&mut self) {
        self.sightings.sort_by(|a, b| (&a.place, &a.identifier, a.source).cmp(&(&b.place, &b.identifier, b.source)));
        self.sightings.dedup();
        self.remarks.sort_by(|a, b| a.place.cmp(&b.place));
        self.remarks.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Evidence, Relation, Source};
    use super::*;

    #[test]
    fn places_are_shown_as_they_can_be_opened() {
        let inventory = Inventory::of(vec![".".to_owned(), "data/faces/".to_owned(), "one.csv".to_owned(), "/".to_owned()]);
        assert_eq!(inventory.shown(&Place::named(0, "a.py").at(3, 1)), "a.py:3:1");
        assert_eq!(inventory.shown(&Place::named(1, "x/y")), "data/faces/x/y");
        assert_eq!(inventory.shown(&Place::named(2, "")), "one.csv");
        assert_eq!(inventory.shown(&Place::named(3, "etc")), "/etc");
    }

    #[test]
    fn what_is_said_too_often_is_counted() {
        let mut inventory = Inventory::default();
        for n in 0..MOST_REMARKS + 5 {
            inventory.remark(Place::named(0, &n.to_string()), Why::ChangedMeanwhile);
        }
        assert_eq!((inventory.remarks.len(), inventory.counts.more_remarks), (MOST_REMARKS, 5));
        assert_eq!(inventory.counts.unread, MOST_REMARKS as u64 + 5);
    }

    #[test]
    fn one_identifier_at_two_places_is_asked_once() {
        let mut inventory = Inventory::default();
        for path in ["b", "a", "a"] {
            inventory.saw(Sighting {
                identifier: Identifier::normalise("doi:10.5281/zenodo.1").unwrap(),
                place: Place::named(0, path),
                source: Source::Bids,
                evidence: Evidence::NamedInMetadata,
                relation: Relation::Itself,
            });
        }
        inventory.sort();
        assert_eq!((inventory.sightings.len(), inventory.identifiers().len()), (2, 1));
        let json = serde_json::to_value(&inventory).unwrap();
        assert_eq!(json["sightings"][0]["place"]["path"], "a");
        assert_eq!(json["sightings"][0]["evidence"], "named-in-metadata");
    }
}

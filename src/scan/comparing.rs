//! What manifests state beside what the bytes are.
//!
//! A manifest can be older than the files beside it, or lie. Where it states the digest of a file that was hashed here by the same
//! algorithm, both are compared: the bytes count, and a digest that they do not have is only what somebody wrote down.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Evidence, Inventory, Place, Relation, Remark, Sighting, Source, Why};
use crate::notice::Identifier;

/// The files that the members of metadata files are about: by file and by the pointer to the object that describes it.
#[derive(Debug, Default)]
pub(super) struct Members(HashMap<(Place, String), String>);

impl Members {
    /// The object at this pointer describes the file of this name, on the way from the metadata file's folder.
    pub(super) fn describe(&mut self, file: &Place, pointer: String, name: String) {
        self.0.insert((file.whole(), pointer), name);
    }

    /// The name of the file that a stated digest is of, as the manifest writes it.
    fn named<'s>(&'s self, sighting: &'s Sighting) -> Option<Cow<'s, str>> {
        let place = &sighting.place;
        let member = place.member.as_deref();
        match sighting.source {
            Source::Checksums if member.is_none() => {
                // `faces.tar.md5` with nothing but a digest in it is about `faces.tar`.
                let own = place.path.rsplit('/').next()?;
                own.rsplit_once('.').map(|(stem, _)| stem.into())
            }
            Source::Checksums | Source::BagIt | Source::TfdsChecksums | Source::Dvc | Source::DvcLock => member.map(Cow::from),
            Source::Croissant | Source::RoCrate | Source::Frictionless => {
                let (object, _) = member?.rsplit_once('/')?;
                self.0.get(&(place.whole(), object.to_owned())).map(|name| name.as_str().into())
            }
            // A pointer, which states a digest in a line of its own, stands in place of the file: its own bytes are others by nature.
            Source::AnnexKey | Source::LfsPointer if place.line.is_some() => None,
            // Names of stores: the digest is that of the file itself.
            Source::HubCache | Source::AnnexKey | Source::LfsPointer => place.path.rsplit('/').next().map(Cow::from),
            _ => None,
        }
    }
}

/// Compares what was stated with what was hashed. The inventory is sorted, and is so afterwards.
pub(super) fn compare(inventory: &mut Inventory, members: &Members) {
    let mut disproved = Vec::new();
    for (n, sighting) in inventory.sightings.iter().enumerate() {
        if sighting.evidence != Evidence::DigestStated || sighting.relation != Relation::File {
            continue;
        }
        let Some(name) = members.named(sighting) else { continue };
        let Some(path) = beside(&sighting.place.path, &name) else { continue };
        let place = Place::named(sighting.place.root, &path);
        if let Some(bytes) = hashed(inventory, &place, &sighting.identifier).filter(|bytes| **bytes != sighting.identifier) {
            let why = Why::StatedOtherwise { file: path, stated: sighting.identifier.clone(), bytes: bytes.clone() };
            disproved.push((n, Remark { place: sighting.place.clone(), why }));
        }
    }
    for (n, remark) in disproved {
        inventory.sightings.get_mut(n).into_iter().for_each(|sighting| sighting.evidence = Evidence::DigestDisproved);
        inventory.note(remark);
    }
}

/// The digest of a file by the algorithm of another digest, when its bytes were hashed here.
fn hashed<'i>(inventory: &'i Inventory, place: &Place, like: &Identifier) -> Option<&'i Identifier> {
    let first = inventory.sightings.partition_point(|sighting| sighting.place < *place);
    let of_file = inventory.sightings.get(first..)?.iter().take_while(|sighting| sighting.place == *place);
    let mut bytes = of_file.filter(|sighting| sighting.evidence == Evidence::BytesHashed);
    bytes.find(|sighting| sighting.identifier.scheme() == like.scheme()).map(|sighting| &sighting.identifier)
}

/// The way to a file that a manifest names on the way from its own folder; `None` for names that leave it.
fn beside(manifest: &str, name: &str) -> Option<String> {
    let folder = manifest.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if name.starts_with('/') {
        return None;
    }
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => return None,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: &str = "sha256:a36bede355cb4a311d0c4a7b5f025509060d8aff7bdd3bf912492ec8e65e3cf0";
    const OTHER: &str = "sha256:c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";

    fn sighting(id: &str, place: Place, source: Source) -> Sighting {
        let evidence = if source == Source::Bytes { Evidence::BytesHashed } else { Evidence::DigestStated };
        Sighting { identifier: Identifier::normalise(id).unwrap(), place, source, evidence, relation: Relation::File }
    }

    fn compared(stated: Vec<Sighting>, members: &Members) -> Vec<(String, Evidence)> {
        let mut inventory = Inventory::of(vec![".".to_owned()]);
        inventory.sightings = stated;
        inventory.saw(sighting(BYTES, Place::named(0, "set/data/a.tar"), Source::Bytes));
        inventory.sort();
        compare(&mut inventory, members);
        let stated = inventory.sightings.iter().filter(|sighting| sighting.source != Source::Bytes);
        let stated: Vec<_> = stated.map(|sighting| (sighting.place.to_string(), sighting.evidence)).collect();
        let disproved = stated.iter().filter(|(_, evidence)| *evidence == Evidence::DigestDisproved).count();
        assert_eq!(inventory.remarks.len(), disproved, "each is told");
        stated
    }

    #[test]
    fn a_stated_digest_that_the_bytes_do_not_have_is_told_and_counts_for_less() {
        let manifest = |line: u32, name: &str| Place::named(0, "set/manifest-sha256.txt").at_line(line).member(name);
        let found = compared(
            vec![
                sighting(BYTES, manifest(1, "data/a.tar"), Source::BagIt),
                sighting(OTHER, manifest(2, "./data/a.tar"), Source::BagIt),
                sighting(OTHER, manifest(3, "data/b.tar"), Source::BagIt),
                sighting(OTHER, manifest(4, "../set/data/a.tar"), Source::BagIt),
                sighting("md5:88813c6b15de58afc8fa75ea83361d7f", manifest(5, "data/a.tar"), Source::BagIt),
                sighting(OTHER, Place::named(0, "set/data/a.tar.sha256").at_line(1), Source::Checksums),
            ],
            &Members::default(),
        );
        let disproved: Vec<_> = found.iter().filter(|(_, evidence)| *evidence == Evidence::DigestDisproved).collect();
        let places: Vec<&str> = disproved.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["set/data/a.tar.sha256:1", "set/manifest-sha256.txt:2 [./data/a.tar]"]);
    }

    #[test]
    fn a_pointer_is_not_compared_with_its_own_bytes_and_a_stored_file_is() {
        let named = |path: &str| Place::named(0, path);
        let found = compared(
            vec![
                sighting(OTHER, named("set/data/a.tar").at_line(2), Source::LfsPointer),
                sighting(OTHER, named("set/data/a.tar").at_line(1), Source::AnnexKey),
                sighting(OTHER, named("set/data/a.tar"), Source::AnnexKey),
            ],
            &Members::default(),
        );
        let disproved: Vec<_> = found.iter().filter(|(_, evidence)| *evidence == Evidence::DigestDisproved).collect();
        assert_eq!(disproved, [&("set/data/a.tar".to_owned(), Evidence::DigestDisproved)]);
    }

    #[test]
    fn a_member_of_json_is_about_the_file_that_its_object_names() {
        let file = Place::named(0, "set/croissant.json");
        let mut members = Members::default();
        members.describe(&file, "/distribution/0".to_owned(), "data/a.tar".to_owned());
        let at = |pointer: &str| sighting(OTHER, file.member(pointer), Source::Croissant);
        let found = compared(vec![at("/distribution/0/sha256"), at("/distribution/1/sha256")], &members);
        let evidence: Vec<_> = found.iter().map(|(_, evidence)| *evidence).collect();
        assert_eq!(evidence, [Evidence::DigestDisproved, Evidence::DigestStated]);
    }
}

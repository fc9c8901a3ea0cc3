//! Names in a bag: the labels of `bag-info.txt` (RFC 8493, section 2.2.2), and which of its manifests says most.

use super::super::notes::digest_scheme;
use super::super::readers::{Format, bag_algorithm};
use super::{Creator, Description};
use crate::notice::{DigestAlgorithm, Scheme};

/// A file at the top of a bag.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Its name.
    pub name: String,
    /// Its bytes; for a long manifest only the beginning.
    pub bytes: Vec<u8>,
    /// Whether there is more of it.
    pub is_cut: bool,
}

/// A bag.
#[derive(Debug, Clone, Default)]
pub struct Bag {
    /// What its papers say.
    pub description: Description,
    /// The manifest that was taken, with its algorithm and whether it was read to its end.
    pub manifest: Option<(String, DigestAlgorithm, bool)>,
    /// Manifests that say the same of the same files in a weaker way, or in one that no notice can hold.
    pub others: Vec<String>,
}

impl Bag {
    /// Reads the papers of a bag. Of several manifests the strongest is taken: RFC 8493 wants each of them to list every file.
    pub fn of_papers(papers: &[Paper]) -> Self {
        let mut bag = Self::default();
        let mut manifests: Vec<(&Paper, DigestAlgorithm)> = Vec::new();
        for paper in papers {
            let lower = paper.name.to_ascii_lowercase();
            match Format::of_name(&lower) {
                Some(Format::BagManifest) => match bag_algorithm(&lower).and_then(digest_scheme).and_then(list_algorithm) {
                    Some(algorithm) => manifests.push((paper, algorithm)),
                    None => bag.others.push(paper.name.clone()),
                },
                Some(format @ (Format::BagInfo | Format::BagFetch)) => {
                    bag.description.identifiers(format, &paper.bytes, &paper.name);
                    if format == Format::BagInfo {
                        labels(&paper.bytes, &mut bag.description);
                    }
                }
                _ => {}
            }
        }
        manifests.sort_by_key(|(paper, algorithm)| (strength(*algorithm), paper.name.clone()));
        let mut manifests = manifests.into_iter();
        if let Some((paper, algorithm)) = manifests.next() {
            if !paper.is_cut {
                bag.description.identifiers(Format::BagManifest, &paper.bytes, &paper.name);
            }
            bag.manifest = Some((paper.name.clone(), algorithm, !paper.is_cut));
        }
        bag.others.extend(manifests.map(|(paper, _)| paper.name.clone()));
        bag
    }
}

/// The algorithm of a list by the scheme of its digests.
pub(super) fn list_algorithm(scheme: Scheme) -> Option<DigestAlgorithm> {
    DigestAlgorithm::parse(scheme.as_str()).filter(|algorithm| *algorithm != DigestAlgorithm::Blind)
}

/// The best first. SHA-256 is what scans compute when nobody asks for more.
pub(super) fn strength(algorithm: DigestAlgorithm) -> u8 {
    match algorithm {
        DigestAlgorithm::Sha256 => 0,
        DigestAlgorithm::Sha512 => 1,
        DigestAlgorithm::Blake3 => 2,
        DigestAlgorithm::Sha1 => 3,
        DigestAlgorithm::Md5 => 4,
        DigestAlgorithm::Blind => 5,
    }
}

/// What the labels of `bag-info.txt` say for people. A line that begins with white space goes on with the one before.
fn labels(bytes: &[u8], described: &mut Description) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.starts_with([' ', '\t']), line.split_once(':'), lines.last_mut()) {
            (true, _, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (false, Some((label, value)), _) => lines.push((label.trim().to_ascii_lowercase(), value.trim().to_owned())),
            _ => {}
        }
    }
    for (label, value) in lines {
        match label.as_str() {
            "title" | "bag-title" => described.titles.push(value),
            "source-organization" => described.publishers.push(value),
            "version" => described.versions.push(value),
            "author" | "creator" => described.creators.push(Creator { name: value, is_organisation: false }),
            "license" | "licence" | "rights" => described.licences.push(value),
            _ => {}
        }
    }
}

//! What of a description belongs into a notice about the dataset, and what does not.
//!
//! A notice that names too much does harm: the source of a dataset, all of its versions, or everybody's licence text would be retracted
//! with it. So only what the description calls its own is taken, and each thing that is not is told with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::super::{Evidence, Relation, Sighting};
use super::bagit::{list_algorithm, strength};
use super::{Description, is_of_bag};
use crate::notice::{Beginning, DigestAlgorithm, Identifier, Scheme, SubjectRole, Unfit};

/// Most digests that stand in the draft itself; more go into a digest list.
pub const MOST_DIGESTS: usize = 50;
/// Most addresses of files.
const MOST_ADDRESSES: usize = 50;
/// Relations by which one thing describes another.
const DESCRIBING: [&str; 3] = ["isdescribedby", "isdocumentedby", "issupplementto"];

/// The beginning of a draft, and what was left out of it.
#[derive(Debug, Clone, Default)]
pub struct Proposal {
    /// What goes into the draft.
    pub beginning: Beginning,
    /// The same for people: each field with its value, in order.
    pub taken: Vec<(&'static str, String)>,
    /// What does not, in order.
    pub left_out: Vec<Omission>,
    /// The digests, where there are more than a draft should hold.
    pub sums: Option<Sums>,
}

/// Digests of files, for a digest list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    /// By which algorithm.
    pub algorithm: DigestAlgorithm,
    /// Each with the name of the file.
    pub digests: BTreeSet<(Identifier, String)>,
}

/// Something that was not taken into the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Omission {
    /// A value of a field does not fit.
    Field {
        /// Which field.
        field: &'static str,
        /// What stands there.
        value: String,
        /// Why it does not fit.
        unfit: Unfit,
    },
    /// Notices have no such field.
    NoField {
        /// Which.
        field: &'static str,
        /// What stands there.
        value: String,
    },
    /// What the dataset was made from.
    Origin(Identifier),
    /// Another thing, with its relation to this one.
    Related(Identifier, String),
    /// Another digest of a file whose digest was taken.
    Weaker {
        /// How many.
        count: usize,
        /// Of what they are.
        algorithm: DigestAlgorithm,
    },
    /// More addresses of files than a draft should hold.
    Addresses {
        /// How many.
        count: usize,
    },
    /// More digests than a draft should hold.
    Digests {
        /// How many.
        count: usize,
    },
}

impl fmt::Display for Omission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { field, value, unfit } => write!(f, "{field} {value:?}: {unfit}"),
            Self::NoField { field, value } => write!(f, "{field} {value:?}: a notice has no field for it"),
            Self::Origin(id) => {
                write!(f, "{id}: the dataset was made from it, and a notice about the one says nothing of the other")
            }
            Self::Related(id, word) => {
                write!(f, "{id}: related by {word:?}; add it to `subjects` if the notice means it too")
            }
            Self::Weaker { count, algorithm } => {
                write!(f, "{count} {algorithm} digests: stronger digests of the same files were taken")
            }
            Self::Addresses { count } => {
                write!(f, "{count} more addresses of files: add those by which copies are found; digests find them anyway")
            }
            Self::Digests { count } => write!(f, "{count} digests: more than {MOST_DIGESTS} go into a digest list"),
        }
    }
}

/// Makes the beginning of a draft out of what a description says.
pub fn propose(described: &Description) -> Proposal {
    let mut proposal = Proposal::default();
    proposal.names(described);
    proposal.own(described);
    proposal.files(described);
    proposal
}

impl Proposal {
    fn tell<T: fmt::Display>(&mut self, field: &'static str, value: &T, outcome: Result<(), Unfit>) {
        match outcome {
            Ok(()) => self.taken.push((field, value.to_string())),
            // Said once is enough.
            Err(Unfit::Repeated) => {}
            Err(unfit) => {
                self.left_out.push(Omission::Field { field, value: super::super::remark::cut(&value.to_string()), unfit });
            }
        }
    }

    fn names(&mut self, described: &Description) {
        for title in &described.titles {
            let outcome = self.beginning.set_title(title);
            self.tell("title", title, outcome);
        }
        for alias in &described.aliases {
            let outcome = self.beginning.add_alias(alias);
            self.tell("alias", alias, outcome);
        }
        for version in &described.versions {
            let outcome = self.beginning.set_version(version);
            self.tell("version", version, outcome);
        }
        let organisations = described.creators.iter().filter(|creator| creator.is_organisation).map(|creator| &creator.name);
        let publishers: Vec<&String> = match described.publishers.as_slice() {
            [] => organisations.take(1).collect(),
            some => some.iter().collect(),
        };
        for publisher in publishers {
            let outcome = self.beginning.set_publisher(publisher);
            self.tell("publisher", publisher, outcome);
        }
        for creator in &described.creators {
            // Only a hint: what does not fit there is missed by nobody.
            let _ = self.beginning.add_creator(&creator.name);
        }
        for licence in &described.licences {
            self.left_out.push(Omission::NoField { field: "licence", value: super::super::remark::cut(licence) });
        }
    }

    /// Identifiers of the dataset and of papers about it.
    fn own(&mut self, described: &Description) {
        for sighting in described.sightings.iter().filter(|sighting| !is_digest(sighting)) {
            let id = &sighting.identifier;
            let word = described.related.iter().find(|(other, _)| other == id).map(|(_, word)| word.as_str());
            let omitted = match (sighting.relation, word) {
                (Relation::File, _) => continue,
                (Relation::Origin, _) => Some(Omission::Origin(id.clone())),
                (Relation::Description, Some(word)) if DESCRIBING.contains(&word) => None,
                (_, None | Some("isidenticalto")) => None,
                (_, Some(word)) => Some(Omission::Related(id.clone(), word.to_owned())),
            };
            match omitted {
                Some(omitted) if !self.left_out.contains(&omitted) => self.left_out.push(omitted),
                Some(_) => {}
                None => self.subject(id, role(sighting)),
            }
        }
    }

    fn subject(&mut self, id: &Identifier, role: SubjectRole) {
        let outcome = self.beginning.add_subject(id.clone(), role);
        self.tell(role.as_str(), id, outcome);
    }

    /// Addresses of files, and their digests.
    fn files(&mut self, described: &Description) {
        let addresses = described.sightings.iter().filter(|s| s.relation == Relation::File && !is_digest(s));
        let addresses: BTreeSet<&Identifier> = addresses.map(|sighting| &sighting.identifier).collect();
        for id in addresses.iter().take(MOST_ADDRESSES) {
            // A file of a repository is addressed by that repository: it holds a copy.
            let is_file = matches!(id.scheme(), Scheme::Url | Scheme::Swh);
            let role = if is_file { SubjectRole::File } else { SubjectRole::Mirror };
            self.subject(id, role);
        }
        if let Some(count @ 1..) = addresses.len().checked_sub(MOST_ADDRESSES) {
            self.left_out.push(Omission::Addresses { count });
        }
        let (best, weaker) = strongest(described.sightings.iter().filter(|sighting| is_digest(sighting)));
        for (algorithm, count) in weaker {
            self.left_out.push(Omission::Weaker { count, algorithm });
        }
        let count: usize = best.values().map(BTreeSet::len).sum();
        if count <= MOST_DIGESTS {
            for (id, _) in best.values().flatten() {
                self.subject(id, SubjectRole::File);
            }
            return;
        }
        // A list is of one algorithm: of the one that says most.
        let most = best.into_iter().max_by_key(|(algorithm, digests)| (digests.len(), std::cmp::Reverse(strength(*algorithm))));
        self.left_out.push(Omission::Digests { count });
        self.sums = most.map(|(algorithm, digests)| Sums { algorithm, digests });
    }
}

/// Whether a sighting is the digest of a file, stated or computed.
fn is_digest(sighting: &Sighting) -> bool {
    sighting.evidence >= Evidence::DigestStated && list_algorithm(sighting.identifier.scheme()).is_some()
}

/// What an identifier of the dataset is to it. An address without any other meaning is most often that of a page.
fn role(sighting: &Sighting) -> SubjectRole {
    let id = &sighting.identifier;
    match id.scheme() {
        _ if sighting.relation == Relation::Description => SubjectRole::DescribedBy,
        Scheme::Arxiv => SubjectRole::DescribedBy,
        Scheme::Url if !is_of_bag(sighting) => SubjectRole::LandingPage,
        Scheme::Swh => SubjectRole::Version,
        _ if id.version().is_some() => SubjectRole::Version,
        _ => SubjectRole::Whole,
    }
}

type Best = BTreeMap<DigestAlgorithm, BTreeSet<(Identifier, String)>>;

/// Of each file the strongest digest that is stated, by algorithm; and how many others there are.
fn strongest<'s>(digests: impl Iterator<Item = &'s Sighting>) -> (Best, BTreeMap<DigestAlgorithm, usize>) {
    let mut by_file: BTreeMap<(String, String), BTreeSet<(u8, &Identifier)>> = BTreeMap::new();
    for sighting in digests {
        let Some(algorithm) = list_algorithm(sighting.identifier.scheme()) else { continue };
        by_file.entry(file_of(sighting)).or_default().insert((strength(algorithm), &sighting.identifier));
    }
    let (mut best, mut weaker) = (Best::new(), BTreeMap::new());
    for ((_, name), digests) in by_file {
        let first = digests.first().map_or(0, |(strength, _)| *strength);
        for (strength, id) in digests {
            let Some(algorithm) = list_algorithm(id.scheme()) else { continue };
            if strength == first {
                best.entry(algorithm).or_default().insert((id.clone(), name.clone()));
            } else {
                *weaker.entry(algorithm).or_insert(0) += 1;
            }
        }
    }
    (best, weaker)
}

/// Which file a digest is of, as well as the description tells: the object of JSON that states it, or the name that a manifest gives.
fn file_of(sighting: &Sighting) -> (String, String) {
    let place = &sighting.place;
    match place.member.as_deref() {
        Some(pointer) if pointer.starts_with('/') => {
            let object = pointer.rsplit_once('/').map_or(pointer, |(object, _)| object);
            (object.to_owned(), object.to_owned())
        }
        Some(name) => (name.to_owned(), name.to_owned()),
        None if place.line.is_some() => (place.to_string(), place.to_string()),
        None => (place.path.to_string(), place.path.to_string()),
    }
}

//! What one description of a dataset says of it: the names for people, and the identifiers with what they are to it.
//!
//! A scan asks which identifiers lie in a folder. A publisher who begins a notice asks more, and of one file only: what the dataset is
//! called, in which version, who published it, and which of all identifiers are its own. Titles are read here; identifiers come from the
//! [`readers`](super::readers), so that a notice names a dataset as a scan finds it. [`propose`] makes the beginning of a draft of both,
//! and says what it left out and why.
//!
//! In scope: bytes that were read already. Out of scope: opening files, hashing them, and what only the publisher knows.

mod bagit;
mod invenio;
mod kernel;
mod proposal;
mod schema_org;

#[cfg(test)]
mod tests;

use std::io::Cursor;

use super::readers::json::{self, At};
use super::readers::{Format, read};
use super::{Notes, Place, Remark, Sighting, Source};
use crate::notice::{Identifier, codes};

pub use bagit::{Bag, Paper};
pub use proposal::{MOST_DIGESTS, Omission, Proposal, Sums, propose};

/// A kind of description that a draft can begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Croissant 1.0 or 1.1, or schema.org's `Dataset`.
    Croissant,
    /// DataCite metadata (kernel 4) as JSON or XML.
    DataCite,
    /// `.zenodo.json`, or a record of Zenodo or another `InvenioRDM` as JSON.
    Zenodo,
    /// `ro-crate-metadata.json`.
    RoCrate,
    /// A checksum file: GNU, BSD or CSV, or `checksums.tsv` of TFDS, which has addresses too.
    Checksums,
    /// A bag (RFC 8493).
    BagIt,
    /// A folder of files.
    Folder,
}

codes!(Kind {
    Croissant => "croissant",
    DataCite => "datacite",
    Zenodo => "zenodo",
    RoCrate => "ro-crate",
    Checksums => "checksums",
    BagIt => "bagit",
    Folder => "folder",
});

impl Kind {
    /// The kind of a file with these bytes; its name decides only where they do not.
    pub fn of_document(bytes: &[u8], name: &str) -> Option<Self> {
        let formats = [Format::of_content(bytes), Format::of_name(name)];
        let mut kinds = formats.into_iter().flatten().filter_map(Self::of_format);
        kinds.next().or_else(|| Self::of_members(bytes))
    }

    fn of_format(format: Format) -> Option<Self> {
        match format {
            Format::Croissant => Some(Self::Croissant),
            Format::DataCiteJson | Format::DataCiteXml => Some(Self::DataCite),
            Format::Zenodo => Some(Self::Zenodo),
            Format::RoCrate => Some(Self::RoCrate),
            Format::Checksums | Format::ChecksumsCsv | Format::TfdsChecksums => Some(Self::Checksums),
            _ => None,
        }
    }

    /// The kind of JSON that names no vocabulary, by the members that only one kind has.
    fn of_members(bytes: &[u8]) -> Option<Self> {
        let json = json::parse(bytes).ok()?;
        let root = At::root(&json);
        let has = |names: &[&str]| names.iter().all(|name| root.get(name).is_some());
        let attributes = root.get("data").and_then(|data| data.get("attributes"));
        if has(&["titles", "creators"]) || attributes.is_some_and(|at| at.get("titles").is_some()) {
            Some(Self::DataCite)
        } else if has(&["title", "creators"]) || has(&["metadata", "files"]) || has(&["pids"]) {
            Some(Self::Zenodo)
        } else {
            None
        }
    }
}

/// What a description says of a dataset.
#[derive(Debug, Clone, Default)]
pub struct Description {
    /// What it is called.
    pub titles: Vec<String>,
    /// Other names: alternative and translated titles.
    pub aliases: Vec<String>,
    /// Which version is described.
    pub versions: Vec<String>,
    /// Who published it.
    pub publishers: Vec<String>,
    /// Who made it: people and organisations.
    pub creators: Vec<Creator>,
    /// Under which licence it is.
    pub licences: Vec<String>,
    /// Identifiers of other things, with the word that says what they are to this one, in lower case.
    pub related: Vec<(Identifier, String)>,
    /// Every identifier with its place.
    pub sightings: Vec<Sighting>,
    /// What was not taken as it stands there.
    pub remarks: Vec<Remark>,
}

/// Who made a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creator {
    /// The name.
    pub name: String,
    /// An organisation, and no person.
    pub is_organisation: bool,
}

impl Description {
    /// Reads a document of this kind; what is not valid becomes a remark. Bags and folders are no documents, and say nothing here.
    pub fn of_document(kind: Kind, bytes: &[u8], name: &str) -> Self {
        let mut described = Self::default();
        let (format, of_json): (_, fn(&At, &mut Self)) = match kind {
            Kind::Croissant => (Format::Croissant, schema_org::of_croissant),
            Kind::RoCrate => (Format::RoCrate, schema_org::of_crate),
            Kind::Zenodo => (Format::Zenodo, invenio::describe),
            Kind::DataCite if is_markup(bytes) => {
                kernel::of_xml(bytes, &mut described);
                (Format::DataCiteXml, |_, _| {})
            }
            Kind::DataCite => (Format::DataCiteJson, kernel::of_json),
            Kind::Checksums => {
                let own = Format::of_name(name).filter(|format| Kind::of_format(*format) == Some(Kind::Checksums));
                (own.unwrap_or(Format::Checksums), |_, _| {})
            }
            Kind::BagIt | Kind::Folder => return described,
        };
        described.identifiers(format, bytes, name);
        if let Ok(json) = json::parse(bytes) {
            of_json(&At::root(&json), &mut described);
        }
        described
    }

    /// Adds what a reader finds in a file.
    fn identifiers(&mut self, format: Format, bytes: &[u8], name: &str) {
        let mut notes = Notes::of(Place::named(0, name), format.source());
        read(format, Cursor::new(bytes), name, None, &mut notes);
        self.noted(notes);
    }

    /// Adds what was noted.
    pub fn noted(&mut self, notes: Notes) {
        let (sightings, remarks) = notes.into_parts();
        self.sightings.extend(sightings);
        self.remarks.extend(remarks);
    }

    /// Adds what another description of the same dataset says: the first word on names, and every identifier.
    pub fn and(&mut self, other: Self) {
        let some = [
            (&mut self.titles, other.titles),
            (&mut self.aliases, other.aliases),
            (&mut self.versions, other.versions),
            (&mut self.publishers, other.publishers),
            (&mut self.licences, other.licences),
        ];
        for (own, others) in some {
            own.extend(others);
        }
        self.creators.extend(other.creators);
        self.related.extend(other.related);
        self.sightings.extend(other.sightings);
        self.remarks.extend(other.remarks);
    }

    fn relate(&mut self, value: &str, scheme: Option<&str>, word: &str) {
        let spellings = [value.to_owned(), format!("{}:{value}", scheme.unwrap_or("doi").to_ascii_lowercase())];
        if let Some(id) = spellings.iter().find_map(|text| Identifier::normalise(text).ok()) {
            self.related.push((id, word.to_ascii_lowercase()));
        }
    }
}

/// Whether bytes begin like XML.
fn is_markup(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"<")
}

/// Whether a reader's findings are of the papers of a bag.
fn is_of_bag(sighting: &Sighting) -> bool {
    sighting.source == Source::BagIt
}

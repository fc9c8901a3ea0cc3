use super::{Evidence, Place, Relation, Remark, Sighting, Source, Why};
use crate::notice::identifier::DigestFault;
use crate::notice::{Identifier, IdentifierError, Scheme};

/// How many remarks one file can make; the rest is counted.
const MOST_OF_A_FILE: usize = 1_000;

/// What one reader finds in one file. Every value goes through the normal forms of [`Identifier`] here, and what those refuse becomes a
/// remark with the field and the value, so that nothing that lies is dropped in silence.
#[derive(Debug)]
pub struct Notes {
    pub(super) file: Place,
    place: Place,
    source: Source,
    pub(super) sightings: Vec<Sighting>,
    pub(super) remarks: Vec<Remark>,
    /// Objects of the file that describe files: their pointers, and the names they give.
    pub(super) members: Vec<(String, String)>,
    /// Remarks beyond the limit.
    pub(super) more_remarks: u64,
}

impl Notes {
    /// Nothing yet, of this file.
    pub fn of(file: Place, source: Source) -> Self {
        let place = file.clone();
        Self { file, place, source, sightings: Vec::new(), remarks: Vec::new(), members: Vec::new(), more_remarks: 0 }
    }

    /// What was seen, and what there is to remark.
    pub fn into_parts(self) -> (Vec<Sighting>, Vec<Remark>) {
        (self.sightings, self.remarks)
    }

    /// What comes next stands in this member of the file.
    pub(super) fn at_member(&mut self, member: &str) {
        self.place = self.file.member(member);
    }

    /// What comes next stands in this line.
    pub(super) fn at_line(&mut self, line: u32) {
        self.place = self.file.at_line(line);
    }

    /// What comes next stands at this character.
    pub(super) fn at(&mut self, line: u32, column: u32) {
        self.place = self.file.at(line, column);
    }

    /// What comes next is of this file of the dataset; the line stays.
    pub(super) fn of_file(&mut self, name: &str) {
        self.place = self.place.member(name);
    }

    /// The object at this pointer describes the file of this name; an address is none.
    pub(super) fn describes(&mut self, pointer: &str, name: &str) {
        if !name.contains("://") && !name.is_empty() {
            self.members.push((pointer.to_owned(), name.to_owned()));
        }
    }

    /// What comes next stands in this cell of a notebook.
    pub(super) fn in_cell(&mut self, cell: u32, line: u32, column: u32) {
        self.place = self.file.cell(cell).at(line, column);
    }

    /// Notes an identifier that is in normal form already.
    pub(super) fn saw(&mut self, identifier: Identifier, evidence: Evidence, relation: Relation) {
        let (place, source) = (self.place.clone(), self.source);
        self.sightings.push(Sighting { identifier, place, source, evidence, relation });
    }

    /// Notes a remark at the present place.
    pub(super) fn remark(&mut self, why: Why) {
        if self.remarks.len() < MOST_OF_A_FILE {
            self.remarks.push(Remark { place: self.place.clone(), why });
        } else {
            self.more_remarks += 1;
        }
    }

    /// The file is not what it should be. It stands for the whole file.
    pub(super) fn invalid(&mut self, reason: impl Into<String>) {
        self.place = self.file.clone();
        let reason = super::remark::cut(&reason.into());
        self.remark(Why::Invalid { reader: self.source, reason });
    }

    fn ignore(&mut self, field: &str, value: &str, error: &IdentifierError) {
        self.remark(Remark::ignored(self.place.clone(), field, value, error).why);
    }

    /// A value that should name a dataset, in any spelling. An empty one says nothing.
    pub(super) fn names(&mut self, field: &str, value: &str, relation: Relation) {
        if value.trim().is_empty() {
            return;
        }
        match Identifier::normalise(value) {
            Ok(identifier) => self.saw(identifier, Evidence::NamedInMetadata, relation),
            Err(error) => self.ignore(field, value, &error),
        }
    }

    /// The same where the field says of which scheme the value is, and the value may stand there with or without its prefix.
    pub(super) fn names_as(&mut self, scheme: &str, field: &str, value: &str, relation: Relation) {
        let text = value.trim();
        let prefixed = text.split_once(':').is_some_and(|(word, _)| word.eq_ignore_ascii_case(scheme)) || text.contains("://");
        match (text.is_empty(), prefixed) {
            (true, _) => {}
            (false, true) => self.names(field, text, relation),
            (false, false) => match Identifier::normalise(&format!("{scheme}:{text}")) {
                Ok(identifier) => self.saw(identifier, Evidence::NamedInMetadata, relation),
                Err(error) => self.ignore(field, value, &error),
            },
        }
    }

    /// A value that may be an address or a path: only addresses are looked at.
    pub(super) fn address(&mut self, field: &str, value: &str, relation: Relation) {
        let text = value.trim();
        let is_address = text.contains("://") || ["magnet:", "doi:", "urn:"].iter().any(|prefix| text.starts_with(prefix));
        if is_address && !text.starts_with("file://") {
            self.names(field, text, relation);
        }
    }

    /// What a text for people cites: DOIs and arXiv ids.
    pub(super) fn cites(&mut self, text: &str) {
        for identifier in super::code::cited(text) {
            self.saw(identifier, Evidence::NamedInMetadata, Relation::Description);
        }
    }

    /// A value that should be the digest of a file by this algorithm. A digest of another algorithm is taken for what it is, with a
    /// remark; words, sizes, addresses and cut digests are ignored with one.
    pub(super) fn digest(&mut self, field: &str, said: Scheme, value: &str) {
        if let Some(identifier) = self.digest_of(field, said, value) {
            self.saw(identifier, Evidence::DigestStated, Relation::File);
        }
    }

    fn digest_of(&mut self, field: &str, said: Scheme, value: &str) -> Option<Identifier> {
        let text = value.trim();
        let named = text.split_once([':', '-']).and_then(|(word, rest)| Some((digest_scheme(word)?, rest)));
        let (scheme, digits) = named.unwrap_or((said, text));
        let error = match Identifier::normalise(&format!("{scheme}:{digits}")) {
            Ok(identifier) => {
                if scheme != said {
                    self.remark(Why::ReadAs { field: field.to_owned(), identifier: identifier.clone() });
                }
                return Some(identifier);
            }
            Err(error) => error,
        };
        if let IdentifierError::Digest(DigestFault::OtherAlgorithm { fits, .. }) = &error
            && let Ok(identifier) = Identifier::normalise(&format!("{fits}:{digits}"))
        {
            self.remark(Why::ReadAs { field: field.to_owned(), identifier: identifier.clone() });
            return Some(identifier);
        }
        self.ignore(field, value, &error);
        None
    }

    /// An id by which a store or a manifest names bytes, under a scheme that is no digest of a file: `dvcdir`, `gitblob`, `btmh`.
    pub(super) fn states(&mut self, scheme: &str, field: &str, value: &str, relation: Relation) {
        match Identifier::normalise(&format!("{scheme}:{value}")) {
            Ok(identifier) => self.saw(identifier, Evidence::DigestStated, relation),
            Err(error) => self.ignore(field, value, &error),
        }
    }
}

/// The scheme of an algorithm as metadata writes it: `md5`, `SHA-256`, `sha_512`.
pub(super) fn digest_scheme(word: &str) -> Option<Scheme> {
    let plain: String = word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
    let plain = plain.strip_suffix("sum").unwrap_or(&plain);
    match plain {
        "md5" => Some(Scheme::Md5),
        "sha1" => Some(Scheme::Sha1),
        "sha256" => Some(Scheme::Sha256),
        "sha512" => Some(Scheme::Sha512),
        "blake3" | "b3" => Some(Scheme::Blake3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes() -> Notes {
        Notes::of(Place::named(0, "croissant.json"), Source::Croissant)
    }

    #[test]
    fn an_md5_in_a_sha256_field_is_taken_for_an_md5_and_told() {
        let mut notes = notes();
        notes.digest("sha256", Scheme::Sha256, "0b033707ea49365a5ffdd14615825511");
        assert_eq!(notes.sightings[0].identifier.as_str(), "md5:0b033707ea49365a5ffdd14615825511");
        assert!(matches!(&notes.remarks[0].why, Why::ReadAs { field, .. } if field == "sha256"));
    }

    #[test]
    fn words_sizes_and_addresses_in_digest_fields_are_ignored_and_named() {
        for (said, value) in [
            (Scheme::Sha256, "sha256"),
            (Scheme::Md5, "687610993"),
            (Scheme::Sha256, "https://github.com/mlcommons/croissant/issues/80"),
        ] {
            let mut notes = notes();
            notes.digest("field", said, value);
            assert!(notes.sightings.is_empty(), "{value}");
            assert!(notes.remarks[0].to_string().contains(value), "{}", notes.remarks[0]);
        }
    }

    #[test]
    fn digests_are_read_in_every_spelling_of_their_algorithm() {
        for (said, value, normal) in [
            (Scheme::Md5, "bc1++XNoIWW685QyDLewsg==", "md5:6dcd7ef973682165baf394320cb7b0b2"),
            (Scheme::Md5, "md5:6DCD7EF973682165BAF394320CB7B0B2", "md5:6dcd7ef973682165baf394320cb7b0b2"),
            (Scheme::Md5, "SHA-1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", ""),
        ] {
            let mut notes = notes();
            notes.digest("field", said, value);
            let found = notes.sightings.first().map_or("", |sighting| sighting.identifier.as_str());
            assert_eq!(found, normal, "{value}");
        }
    }

    #[test]
    fn paths_are_no_addresses_and_empty_values_say_nothing() {
        let mut notes = notes();
        notes.address("contentUrl", "data/titanic.csv", Relation::File);
        notes.names("DatasetDOI", " ", Relation::Itself);
        notes.names_as("doi", "doi", "https://doi.org/10.5281/zenodo.1", Relation::Itself);
        notes.names_as("doi", "doi", "10.5281/ZENODO.2", Relation::Itself);
        let found: Vec<_> = notes.sightings.iter().map(|sighting| sighting.identifier.as_str()).collect();
        assert_eq!(found, ["doi:10.5281/zenodo.1", "doi:10.5281/zenodo.2"]);
        assert!(notes.remarks.is_empty());
    }
}

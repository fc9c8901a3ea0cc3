//! What is said of a document that was removed.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::envelope::{FormError, OperatorStatement, RemovalBasis, Statement};
use crate::notice::{DocumentHash, Timestamp};

/// Why a document is removed, as its operator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// On what ground.
    pub basis: RemovalBasis,
    /// Under whose law: an ISO 3166 code such as `DE` or `US-CA`.
    pub jurisdiction: Option<String>,
    /// A file number or the like, at most 300 characters, never a person's name.
    pub reference: Option<String>,
}

/// A removal, as the statement in the log will say it: the payload is fixed when the removal is ordered, so that carrying it out twice
/// makes one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    payload: Vec<u8>,
    document: DocumentHash,
    issued: Timestamp,
    ground: Ground,
}

impl Removal {
    /// The removal of a document by the operator of the log `origin`.
    ///
    /// # Errors
    /// [`FormError`] when jurisdiction or reference break a rule of form.
    pub fn new(origin: &str, issued: Timestamp, document: DocumentHash, ground: Ground) -> Result<Self, FormError> {
        let Ground { basis, jurisdiction, reference } = ground.clone();
        let statement = Statement::DocumentRemoved { document, basis, jurisdiction, reference };
        let payload = OperatorStatement::write(origin, issued, &statement)?;
        Ok(Self { payload, document, issued, ground })
    }

    /// Reads a payload; `None` when it says anything else than that a document was removed.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let OperatorStatement { issued, statement, .. } = OperatorStatement::parse(payload).ok()?;
        let Statement::DocumentRemoved { document, basis, jurisdiction, reference } = statement else { return None };
        Some(Self { payload: payload.to_vec(), document, issued, ground: Ground { basis, jurisdiction, reference } })
    }

    /// What the log says of it.
    pub fn statement(&self) -> Statement {
        let Ground { basis, jurisdiction, reference } = self.ground.clone();
        Statement::DocumentRemoved { document: self.document, basis, jurisdiction, reference }
    }

    /// The payload of the statement.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What is removed.
    pub fn document(&self) -> DocumentHash {
        self.document
    }

    /// Why.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    /// Its tombstone.
    pub fn tombstone(&self) -> Tombstone {
        Tombstone { document: self.document, removed: self.issued.time(), removal: Some(self.clone()) }
    }
}

/// A document that was removed, and never comes in again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Which document.
    pub document: DocumentHash,
    /// When it was removed.
    pub removed: DateTime<Utc>,
    /// What was said about it; `None` where only that it was removed is known.
    pub removal: Option<Removal>,
}

impl Tombstone {
    /// A tombstone of which nothing else is known.
    pub fn bare(document: DocumentHash, removed: DateTime<Utc>) -> Self {
        Self { document, removed, removal: None }
    }

    /// Why it was removed, where that is known.
    pub fn ground(&self) -> Option<&Ground> {
        self.removal.as_ref().map(Removal::ground)
    }

    /// How it stands in a record: the hash, when it was removed, and the payload of the statement where there is one.
    pub fn to_line(&self) -> String {
        let when = self.removed.to_rfc3339_opts(SecondsFormat::Secs, true);
        match &self.removal {
            Some(removal) => format!("{} {when} {}", self.document, String::from_utf8_lossy(removal.payload())),
            None => format!("{} {when}", self.document),
        }
    }

    /// Reads a line of a record. A hash alone is enough: the document was removed, by `now` at the latest.
    pub fn parse_line(line: &str, now: DateTime<Utc>) -> Option<Self> {
        let mut parts = line.trim().splitn(3, ' ');
        let document = DocumentHash::parse(parts.next()?)?;
        let removed = match parts.next() {
            Some(when) => DateTime::parse_from_rfc3339(when).ok()?.to_utc(),
            None => now,
        };
        let removal = match parts.next() {
            Some(payload) => Some(Removal::parse(payload.as_bytes()).filter(|removal| removal.document == document)?),
            None => None,
        };
        Some(Self { document, removed, removal })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().expect("a time")
    }

    fn removal(jurisdiction: Option<&str>, reference: Option<&str>) -> Result<Removal, FormError> {
        let issued = Timestamp::from_time(noon()).expect("a time");
        let [jurisdiction, reference] = [jurisdiction, reference].map(|text| text.map(str::to_owned));
        let ground = Ground { basis: RemovalBasis::LegalOrder, jurisdiction, reference };
        Removal::new("ledger.example.org/log", issued, DocumentHash::of(b"texts"), ground)
    }

    #[test]
    fn a_removal_reads_back_from_what_is_signed_and_a_tombstone_from_its_line() {
        let removal = removal(Some("DE"), Some("7 O 12/26 \"Faces\"")).expect("valid form");
        assert_eq!(Removal::parse(removal.payload()), Some(removal.clone()));
        for tombstone in [removal.tombstone(), Tombstone::bare(DocumentHash::of(b"other"), noon())] {
            let line = tombstone.to_line();
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(Tombstone::parse_line(&line, noon()), Some(tombstone));
        }
        let hash = DocumentHash::of(b"other");
        assert_eq!(Tombstone::parse_line(&format!(" {hash}\r"), noon()), Some(Tombstone::bare(hash, noon())));
    }

    #[test]
    fn what_breaks_a_rule_of_form_is_no_removal_and_a_line_that_was_changed_is_none() {
        assert!(removal(Some("Germany"), None).is_err());
        assert!(removal(None, Some("two\nlines")).is_err());
        let line = removal(None, None).expect("valid form").tombstone().to_line();
        let other = line.replacen(&DocumentHash::of(b"texts").to_string(), &DocumentHash::of(b"other").to_string(), 1);
        for damaged in [other.as_str(), &line[..line.len() - 1], &line[1..], "", "nonsense", &line.replacen("2026", "soon", 1)]
        {
            assert_eq!(Tombstone::parse_line(damaged, noon()), None, "{damaged}");
        }
    }
}

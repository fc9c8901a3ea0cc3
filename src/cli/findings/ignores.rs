//! `.palinode.toml` at a scanned root: findings that somebody has looked at and does not want to be stopped by again.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::model;
use crate::cli::{Complaint, ExitCode, file};
use crate::notice::{Identifier, NoticeId};

/// The name of the file.
const NAME: &str = ".palinode.toml";
/// The largest one, in bytes.
const MAX_FILE: u64 = 1 << 20;
/// Before the id of a notice, where an entry is about one notice and not about one identifier.
const NOTICE: &str = "notice:";

/// Why a `.palinode.toml` cannot be obeyed. A scan that would guess what it means might hide a finding.
#[derive(Debug, thiserror::Error)]
pub enum IgnoreError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] file::FileError),
    /// It is not what it should be.
    #[error("{}:{line}: {message}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

impl Complaint for IgnoreError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        Some(
            "each [[ignore]] has an id (an identifier, or notice:<id>), a reason, and expires = \"2027-01-31\" if it is to end"
                .to_owned(),
        )
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    ignore: Vec<toml::Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    reason: String,
    expires: Option<Day>,
}

/// A day, as TOML writes days or as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Day {
    Day(toml::value::Datetime),
    Text(String),
}

impl Day {
    fn read(&self) -> Result<NaiveDate, String> {
        let text = match self {
            Self::Day(day) => day.to_string(),
            Self::Text(text) => text.clone(),
        };
        text.parse().map_err(|_no_day| format!("expires is a day such as 2027-01-31, not {text:?}"))
    }
}

/// An entry that is understood.
#[derive(Debug, Clone)]
pub(super) struct Ignore {
    at: String,
    target: Target,
    pub(super) reason: String,
    expires: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Identifier(Identifier),
    Notice(NoticeId),
}

/// The entries of every root that is a folder with such a file.
pub(super) fn of_roots(roots: &[String]) -> Result<Vec<Ignore>, IgnoreError> {
    let mut ignores = Vec::new();
    for root in roots {
        let path = Path::new(root).join(NAME);
        if !path.is_file() {
            continue;
        }
        let bytes = file::read(&path, MAX_FILE)?;
        ignores.extend(parse(&path, &String::from_utf8_lossy(&bytes))?);
    }
    Ok(ignores)
}

fn parse(path: &Path, text: &str) -> Result<Vec<Ignore>, IgnoreError> {
    let line_of = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
    let malformed = |at: usize, message: String| IgnoreError::Malformed { path: path.to_owned(), line: line_of(at), message };
    let document: Document = toml::from_str(text)
        .map_err(|error| malformed(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
    let read = |entry: toml::Spanned<Entry>| {
        let at = entry.span().start;
        let Entry { id, reason, expires } = entry.into_inner();
        if reason.trim().is_empty() {
            return Err(malformed(at, "an ignore needs a reason".to_owned()));
        }
        let expires = expires.map(|day| day.read()).transpose().map_err(|message| malformed(at, message))?;
        let target = target(&id).map_err(|message| malformed(at, message))?;
        Ok(Ignore { at: format!("{}:{}", path.display(), line_of(at)), target, reason, expires })
    };
    document.ignore.into_iter().map(read).collect()
}

fn target(id: &str) -> Result<Target, String> {
    match id.strip_prefix(NOTICE) {
        Some(digits) => NoticeId::parse(digits).map(Target::Notice).ok_or_else(|| format!("{id:?} is no notice id")),
        None => Identifier::normalise(id).map(Target::Identifier).map_err(|error| format!("id {id:?} {error}")),
    }
}

impl Ignore {
    /// Whether it covers an identifier that meets these notices. One without a version covers every version.
    pub(super) fn covers<'n>(&self, identifier: &Identifier, mut notices: impl Iterator<Item = &'n str>) -> bool {
        match &self.target {
            Target::Identifier(id) => id == identifier || identifier.unversioned().is_some_and(|thing| thing == *id),
            Target::Notice(id) => notices.all(|notice| notice == id.to_string()),
        }
    }

    /// Whether its day is over. It holds until that day ends everywhere.
    pub(super) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_some_and(|day| now.date_naive() > day)
    }

    /// What became of it.
    pub(super) fn outcome(self, used: bool, now: DateTime<Utc>) -> model::Ignore {
        let state = match (self.is_expired(now), used) {
            (true, _) => model::IgnoreState::Expired,
            (false, true) => model::IgnoreState::Used,
            (false, false) => model::IgnoreState::Unused,
        };
        let id = match self.target {
            Target::Identifier(id) => id.to_string(),
            Target::Notice(id) => format!("{NOTICE}{id}"),
        };
        model::Ignore { at: self.at, id, reason: self.reason, expires: self.expires.map(|day| day.to_string()), state }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        parse(Path::new(NAME), text).unwrap_err().to_string()
    }

    #[test]
    fn an_entry_has_an_id_in_any_spelling_a_reason_and_perhaps_a_last_day() {
        let text = "[[ignore]]\nid = \"https://doi.org/10.5281/ZENODO.1\"\nreason = \"kept for the replication\"\nexpires = \"2027-01-31\"\n";
        let ignore = parse(Path::new(NAME), text).unwrap().remove(0);
        assert!(ignore.covers(&Identifier::normalise("doi:10.5281/zenodo.1").unwrap(), std::iter::empty()));
        let at = |time: &str| ignore.is_expired(time.parse().unwrap());
        assert!(!at("2027-01-31T23:59:59Z") && at("2027-02-01T00:00:00Z"));
    }

    #[test]
    fn a_last_day_is_written_with_or_without_quotes() {
        let of = |day: &str| {
            let text = format!("[[ignore]]\nid = \"doi:10.1234/x\"\nreason = \"x\"\nexpires = {day}\n");
            parse(Path::new(NAME), &text).map(|ignores| ignores[0].expires)
        };
        assert_eq!(of("2027-01-31").unwrap(), of("\"2027-01-31\"").unwrap());
        assert!(of("2027-01-31T10:00:00Z").is_err(), "a day, and no hour");
        assert!(of("7").is_err());
    }

    #[test]
    fn an_entry_about_a_notice_covers_only_what_no_other_notice_meets() {
        let id = "ab".repeat(32);
        let text = format!("[[ignore]]\nid = \"notice:{id}\"\nreason = \"read\"\n");
        let ignore = parse(Path::new(NAME), &text).unwrap().remove(0);
        let doi = Identifier::normalise("doi:10.5281/zenodo.1").unwrap();
        assert!(ignore.covers(&doi, [id.as_str()].into_iter()));
        assert!(!ignore.covers(&doi, [id.as_str(), "cd"].into_iter()));
    }

    #[test]
    fn faults_have_a_line_and_nothing_is_guessed() {
        assert!(fault("\n[[ignore]]\nid = \"doi:10.5281/zenodo.1\"\n").starts_with(".palinode.toml:2: "), "no reason");
        assert!(fault("[[ignore]]\nid = \"doi:10.1234/x\"\nreason = \" \"\n").contains("needs a reason"));
        assert!(fault("[[ignore]]\nid = \"what\"\nreason = \"x\"\n").contains("names no scheme"));
        assert!(fault("\n\nignroe = []\n").starts_with(".palinode.toml:3: "));
        assert!(fault("[[ignore]]\nid = \"doi:10.1234/x\"\nreason = \"x\"\nexpires = \"soon\"\n").contains("2027-01-31"));
    }
}

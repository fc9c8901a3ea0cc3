//! The Retraction Watch database as drafts of observers' reports.
//!
//! Its table (CSV, one record a line, published by Crossref) is about papers; some records are about datasets. A record becomes a
//! draft: what was found there, as the word of an observer, for somebody to read and sign. What the table has no words for stays open.
//!
//! Its traps: dates are American (`month/day/year`, with a time that says nothing); identifiers that are unknown are written
//! `unavailable` or `0`; reasons stand behind a `+` in older copies and end with a `;`; some lines are no UTF-8; the last column has no
//! name; a paper may have several records, and an expression of concern may be newer than the retraction.

mod draft;
mod reasons;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::Read;

use csv::ByteRecord;
use serde::Serialize;
use serde_json::Value;

/// A record as a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordDraft {
    /// The number of the record.
    pub record: String,
    /// The draft, as JSON.
    pub draft: Value,
}

/// What became of a table.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Records that were read.
    pub records: u64,
    /// Records that became drafts.
    pub drafts: u64,
    /// Records about papers and other things that are no datasets.
    pub not_datasets: u64,
    /// Reinstatements: a notice that lifts another has to name it, and the table names none.
    pub reinstatements: u64,
    /// Records without an identifier and without a title that could be one.
    pub nameless: u64,
    /// Records with a nature that is not known here, by that word.
    pub unknown_natures: BTreeMap<String, u64>,
    /// Reasons that have no code, by their words. The drafts have the others, or `not-stated`.
    pub unknown_reasons: BTreeMap<String, u64>,
    /// Dates that cannot be read, by their words. Such drafts have no date.
    pub unknown_dates: BTreeMap<String, u64>,
    /// Records with too few columns, by their place in the table, from 1.
    pub broken_records: Vec<u64>,
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The first line does not name the columns of the database.
    #[error("this is no table of Retraction Watch: its first line has no column {0:?}")]
    Column(&'static str),
    /// It cannot be read.
    #[error(transparent)]
    Csv(#[from] csv::Error),
}

/// The columns that are read, by their names.
const COLUMNS: [&str; 11] = [
    "Record ID",
    "Title",
    "Journal",
    "Publisher",
    "URLS",
    "ArticleType",
    "RetractionDate",
    "RetractionDOI",
    "OriginalPaperDOI",
    "RetractionNature",
    "Reason",
];

/// One record, its fields as text.
#[derive(Debug, Default)]
struct Record {
    fields: BTreeMap<&'static str, String>,
}

impl Record {
    fn get(&self, column: &'static str) -> &str {
        self.fields.get(column).map_or("", String::as_str)
    }

    /// The parts of a list: between semicolons, without the `+` of older copies.
    fn list(&self, column: &'static str) -> impl Iterator<Item = &str> {
        self.get(column).split(';').map(|part| part.trim().trim_start_matches('+').trim()).filter(|part| !part.is_empty())
    }
}

/// Reads a table and hands each draft to `take`; with `all`, records about papers too.
///
/// # Errors
/// [`TableError`], or whatever `take` fails with.
pub fn read<E: From<TableError>>(
    table: impl Read,
    all: bool,
    mut take: impl FnMut(RecordDraft) -> Result<(), E>,
) -> Result<Tally, E> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(table);
    let places = places(reader.byte_headers().map_err(TableError::from)?)?;
    let most = places.values().copied().max().unwrap_or_default();
    let (mut tally, mut line) = (Tally::default(), ByteRecord::new());
    loop {
        match reader.read_byte_record(&mut line) {
            Ok(true) => {}
            Ok(false) => return Ok(tally),
            Err(error) => return Err(TableError::from(error).into()),
        }
        tally.records += 1;
        if line.len() <= most {
            tally.broken_records.push(tally.records);
            continue;
        }
        let fields = places.iter().map(|(name, place)| (*name, text(line.get(*place).unwrap_or_default())));
        let record = Record { fields: fields.collect() };
        if let Some(draft) = draft::of_record(&record, all, &mut tally) {
            tally.drafts += 1;
            take(draft)?;
        }
    }
}

/// Where each column stands. A byte-order mark before the first name is no part of it.
fn places(header: &ByteRecord) -> Result<BTreeMap<&'static str, usize>, TableError> {
    let names: Vec<String> = header.iter().map(|name| text(name).trim_start_matches('\u{feff}').trim().to_owned()).collect();
    let place = |column: &'static str| {
        let at = names.iter().position(|name| name.eq_ignore_ascii_case(column)).ok_or(TableError::Column(column))?;
        Ok((column, at))
    };
    COLUMNS.into_iter().map(place).collect()
}

/// A field as text: UTF-8, or else Latin-1, which the table falls into in places. Line ends and other controls become spaces.
fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap_or_else(|_not_utf8| bytes.iter().copied().map(char::from).collect());
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

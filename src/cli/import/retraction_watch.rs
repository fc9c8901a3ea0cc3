//! `palinode import retraction-watch`: the table of retracted papers and datasets, as drafts.

use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::cli::file::{self, Readers};
use crate::cli::{Complaint, ExitCode, Failure, FileError, Output};
use crate::exchange::retraction_watch::{TableError, Tally, read};

const EXAMPLES: &str = "\
The table is published by Crossref (gitlab.com/crossref/retraction-watch-data). Records about datasets become drafts in a folder, one
file each, as reports of an observer: read them, add what you know, sign and post them. Nothing is signed or posted here.

Records about papers are skipped and counted. With --all they become drafts too, as expressions of concern whose subject is the paper
that describes the data: a retracted paper is no retraction of its dataset.

Exit codes: 0 done, whatever was skipped; 1 a file is in the way; 2 the table cannot be read.

Examples:
  palinode import retraction-watch retraction_watch.csv --out drafts
  palinode import retraction-watch retraction_watch.csv --out drafts --all --format json";

/// How many words that are not known are told one by one.
const MOST_TOLD: usize = 20;

/// Arguments of `palinode import retraction-watch`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RetractionWatchArguments {
    /// The table, as CSV
    #[arg(value_name = "FILE.csv")]
    pub table: PathBuf,
    /// Write the drafts into this folder, which is made when it is not there; a draft that is there already is not overwritten
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Make drafts of records about papers too
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, thiserror::Error)]
enum ImportError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    File(#[from] FileError),
}

impl Complaint for ImportError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Table(_) => ExitCode::Usage,
            Self::File(error) => error.exit_code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Table(_) => {
                Some("download retraction_watch.csv anew from gitlab.com/crossref/retraction-watch-data".to_owned())
            }
            Self::File(error) => error.help(),
        }
    }
}

/// What became of the table.
#[derive(Serialize)]
struct Imported {
    folder: String,
    #[serde(flatten)]
    tally: Tally,
}

pub(super) fn run(arguments: &RetractionWatchArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let unreadable = |source| FileError::Read { path: arguments.table.clone(), source };
    let table = File::open(&arguments.table).map_err(unreadable)?;
    let folder = &arguments.out;
    std::fs::create_dir_all(folder).map_err(|source| FileError::Write { path: folder.clone(), source })?;
    let tally = read(BufReader::new(table), arguments.all, |draft| -> Result<(), ImportError> {
        let text = format!("{:#}\n", draft.draft);
        Ok(file::write_new(&place(folder, &draft.record), text.as_bytes(), Readers::Everyone)?)
    })?;
    output.show(&Imported { folder: folder.display().to_string(), tally })?;
    Ok(ExitCode::Done)
}

/// The file of a record: its number is a stranger's text, so only what is harmless in a name is kept.
fn place(folder: &Path, record: &str) -> PathBuf {
    let name: String = record.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
    folder.join(format!("retraction-watch-{name}.json"))
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tally = &self.tally;
        writeln!(f, "{} drafts of {} records in {}", tally.drafts, tally.records, self.folder)?;
        let skipped = [
            (tally.not_datasets, "records are not about datasets, and were skipped (--all takes them)"),
            (tally.reinstatements, "reinstatements were skipped: a notice that lifts another has to name it"),
            (tally.nameless, "records have neither an identifier nor a usable title, and were skipped"),
        ];
        for (count, what) in skipped.iter().filter(|(count, _)| *count > 0) {
            writeln!(f, "{count} {what}")?;
        }
        let unknown = [
            (&tally.unknown_natures, "nature, skipped"),
            (&tally.unknown_reasons, "reason without a code, left out"),
            (&tally.unknown_dates, "date that cannot be read, left out"),
        ];
        for (words, what) in unknown {
            for (word, count) in words.iter().take(MOST_TOLD) {
                writeln!(f, "{what}: {word} ({count} records)")?;
            }
            if let Some(more @ 1..) = words.len().checked_sub(MOST_TOLD) {
                writeln!(f, "{what}: {more} more, which --format json lists")?;
            }
        }
        if !tally.broken_records.is_empty() {
            let places: Vec<String> = tally.broken_records.iter().take(MOST_TOLD).map(ToString::to_string).collect();
            writeln!(
                f,
                "{} records have too few columns, and were skipped: number {}",
                tally.broken_records.len(),
                places.join(", ")
            )?;
        }
        write!(f, "Nothing is signed yet: read each draft, then palinode notice sign")
    }
}

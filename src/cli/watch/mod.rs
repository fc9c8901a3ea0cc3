//! `palinode watch`: looks at a folder once, and asks about it again whenever more is known.

mod hook;
mod memory;
mod pace;
mod rounds;

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;

use super::check::{fetching, parse_age};
use super::index::{IndexArguments, update_all};
use super::lock::{SurveyArguments, Surveyed};
use super::{Complaint, ExitCode, Failure, Output};
use crate::client::index::LocalIndex;

use memory::Memory;
use pace::{RealPace, go_on};
use rounds::{Change, Round};

const EXAMPLES: &str = "\
Looks at the folder once and remembers what lies there. Then, at each interval, fetches what is new of the compact lists in the local
index, and asks the copies about what is remembered: nothing is hashed again, and no server learns what lies there. When an answer is
another than it was, HOOK is run by the shell, with all that has changed as JSON on its standard input; one that fails is run again in
the next round. What was known when the folder was first looked at is a change, too.

The JSON is {\"path\", \"at\", \"changes\": [{\"origin\", \"id\", \"places\", \"before\": {\"verdict\", ...}, \"after\": {\"verdict\", ..., \"notices\"}}]}.

Exit codes, with --once: 0 nothing has changed, or HOOK was run and was content; 1 HOOK failed; 2 usage; 3 lists could not be fetched, or
something could not be looked up; 4 broken integrity; 5 nothing to watch. Without --once it goes on until it is ended.

Examples:
  palinode watch data/ --exec 'mail -s \"dataset retracted\" me@example.org'
  palinode watch data/ --exec ./tell --once";

/// Arguments of `palinode watch`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct WatchArguments {
    /// The folder
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// What is run by the shell when answers have changed
    #[arg(long, value_name = "HOOK")]
    pub exec: String,
    /// Do one round, and end
    #[arg(long)]
    pub once: bool,
    /// How long to wait between two rounds, such as 30m or 6h
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = parse_age)]
    pub interval: TimeDelta,
    /// Look at the folder anew, instead of at what is remembered of it
    #[arg(long)]
    pub rescan: bool,
    /// Fetch nothing: somebody else runs `palinode index update`
    #[arg(long)]
    pub no_update: bool,
    /// How the folder is looked at
    #[command(flatten)]
    pub survey: SurveyArguments,
    /// Where the local index lies
    #[command(flatten)]
    pub index: IndexArguments,
}

#[derive(Debug, thiserror::Error)]
enum WatchError {
    #[error("nothing is in the local index {0}, so nothing can be looked up")]
    NoIndex(String),
    #[error("nothing was found in {0} that can be looked up")]
    Empty(String),
    #[error("{} cannot be watched: {source}", path.display())]
    Path { path: PathBuf, source: std::io::Error },
    #[error("the hook was not run: {0}")]
    NotRun(std::io::Error),
    #[error("what is remembered cannot be written: {0}")]
    Form(#[from] serde_json::Error),
}

impl Complaint for WatchError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoIndex(_) | Self::Form(_) => ExitCode::Unreachable,
            Self::Empty(_) => ExitCode::NothingToCheck,
            Self::Path { .. } | Self::NotRun(_) => ExitCode::Usage,
        }
    }

    fn help(&self) -> Option<String> {
        matches!(self, Self::NoIndex(_))
            .then(|| "fetch a list first: palinode index update --server https://ledger.example.org/".to_owned())
    }
}

pub(super) fn run(arguments: &WatchArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let path = arguments.path.canonicalize();
    let path = path.map_err(|source| WatchError::Path { path: arguments.path.clone(), source })?;
    let mut memory = Memory::of(&arguments.index.folder()?, &path)?;
    if arguments.rescan || memory.inventory.is_empty() {
        let SurveyArguments { code, digest, no_cache } = &arguments.survey;
        memory.inventory = Surveyed::of(&path, digest, *code, *no_cache, None)?.inventory;
        if memory.inventory.is_empty() {
            return Err(WatchError::Empty(arguments.path.display().to_string()).into());
        }
        memory.write()?;
    }
    let interval = Duration::from_secs(u64::try_from(arguments.interval.num_seconds()).unwrap_or(1).max(1));
    let format = output.format();
    let mut one = |now| round(arguments, &mut memory, now, output);
    go_on(arguments.once, interval, &mut RealPace, &mut one, &|failure| failure.report(format))
}

/// Fetches what is new, asks, and tells of what has changed.
fn round(
    arguments: &WatchArguments,
    memory: &mut Memory,
    now: DateTime<Utc>,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let folder = arguments.index.folder()?;
    let fetched = if arguments.no_update { ExitCode::Done } else { update_all(&folder, output.format())? };
    let mut copies = LocalIndex::open_all(&folder)?;
    if !arguments.no_update {
        copies = copies.into_iter().map(fetching).collect::<Result<_, _>>()?;
    }
    if copies.is_empty() {
        return Err(WatchError::NoIndex(folder.path().display().to_string()).into());
    }
    let round = Round::ask(memory, &copies, now)?;
    let changes = round.changes(memory);
    let mut code = fetched.or_graver(if round.unchecked > 0 { ExitCode::Unreachable } else { ExitCode::Done });
    if !changes.is_empty() {
        let told = Told::of(memory, now, &changes);
        output.show(&told)?;
        if hook::run(&arguments.exec, &told)? {
            memory.answers = round.answers;
            memory.write()?;
        } else {
            code = code.or_graver(ExitCode::Refused);
        }
    }
    Ok(code)
}

/// What has changed, as the hook is told.
#[derive(serde::Serialize)]
struct Told<'c> {
    path: String,
    at: String,
    changes: &'c [Change],
}

impl<'c> Told<'c> {
    fn of(memory: &Memory, now: DateTime<Utc>, changes: &'c [Change]) -> Self {
        let at = now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self { path: memory.path.clone(), at, changes }
    }
}

impl std::fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for Change { origin, id, places, before, after } in self.changes {
            let place = places.first().map_or("", String::as_str);
            writeln!(f, "{place}  {id}: {} is now {}, says {origin}", before.verdict, after.verdict)?;
        }
        Ok(())
    }
}

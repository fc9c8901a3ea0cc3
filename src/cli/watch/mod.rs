//! `palinode watch`: looks at a folder once, and asks about it again whenever more is known.

mod hook;
mod memory;
mod pace;
mod rounds;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use owo_colors::OwoColorize;

use super::check::{fetching, parse_age};
use super::index::{IndexArguments, update_all};
use super::lock::{SurveyArguments, Surveyed};
use super::scan::{asked_or, named_by};
use super::{Complaint, ExitCode, Failure, Output};
use crate::client::index::LocalIndex;
use crate::scan::hashing::{Algorithm, Algorithms};

use memory::{MAX_MEMORY, Memory};
use pace::{RealPace, go_on};
use rounds::{Change, Round};

const EXAMPLES: &str = "\
Looks at the folder once and remembers what lies there. Then, at each interval, fetches what is new of the compact lists in the local
index, and asks the copies about what is remembered: nothing is hashed again, and no server learns what lies there. When an answer is
another than it was, HOOK is run by the shell, with all that has changed as JSON on its standard input; one that fails is run again in
the next round. What was known when the folder was first looked at is a change, too.

The JSON is {\"path\", \"at\", \"changes\": [{\"origin\", \"id\", \"places\", \"before\": {\"verdict\", ...}, \"after\": {\"verdict\", ..., \"notices\"}}], \"lacking\"}.

Without --digest, those digests are computed that notices name when the folder is looked at, as `palinode scan` does. When a notice is the
first to name files by another digest, such as md5, what is remembered cannot answer: that is said on standard error, HOOK is told it once
in \"lacking\", and --once ends with 3. Then run it with --rescan.

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
    #[error("{0} bytes would have to be remembered, and {MAX_MEMORY} are the most")]
    TooMuch(usize),
}

impl Complaint for WatchError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoIndex(_) | Self::Form(_) => ExitCode::Unreachable,
            Self::Empty(_) => ExitCode::NothingToCheck,
            Self::Path { .. } | Self::NotRun(_) | Self::TooMuch(_) => ExitCode::Usage,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NoIndex(_) => {
                Some("fetch a list first: palinode index update --server https://ledger.example.org/".to_owned())
            }
            Self::TooMuch(_) => Some("watch the folders in it one by one, or take fewer digests with --digest".to_owned()),
            Self::Empty(_) | Self::Path { .. } | Self::NotRun(_) | Self::Form(_) => None,
        }
    }
}

pub(super) fn run(arguments: &WatchArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let path = arguments.path.canonicalize();
    let path = path.map_err(|source| WatchError::Path { path: arguments.path.clone(), source })?;
    let memory = Memory::of(&arguments.index.folder()?, &path)?;
    let looks = arguments.rescan || memory.inventory.is_empty();
    let mut watcher = Watcher { arguments, path, memory, looks };
    let interval = Duration::from_secs(u64::try_from(arguments.interval.num_seconds()).unwrap_or(1).max(1));
    let format = output.format();
    let mut one = |now| watcher.round(now, output);
    go_on(arguments.once, interval, &mut RealPace, &mut one, &|failure| failure.report(format))
}

/// A folder that is watched.
struct Watcher<'a> {
    arguments: &'a WatchArguments,
    path: PathBuf,
    memory: Memory,
    /// Whether the folder is yet to be looked at.
    looks: bool,
}

impl Watcher<'_> {
    /// Fetches what is new, asks, and tells of what has changed.
    fn round(&mut self, now: DateTime<Utc>, output: &mut Output) -> Result<ExitCode, Failure> {
        let arguments = self.arguments;
        let folder = arguments.index.folder()?;
        let fetched = if arguments.no_update { ExitCode::Done } else { update_all(&folder, output.format())? };
        let mut copies = LocalIndex::open_all(&folder)?;
        if !arguments.no_update {
            copies = copies.into_iter().map(fetching).collect::<Result<_, _>>()?;
        }
        if copies.is_empty() {
            return Err(WatchError::NoIndex(folder.path().display().to_string()).into());
        }
        let named = named_by(&copies);
        if self.looks {
            self.look(named)?;
        }
        let lacking = named.without(self.memory.digests);
        let round = Round::ask(&self.memory, &copies, now)?;
        // Whoever says which digests are computed need not be told that others are not.
        let is_short = !lacking.is_empty() && arguments.survey.digest.is_empty();
        let code = if round.unchecked > 0 || is_short { ExitCode::Unreachable } else { ExitCode::Done };
        self.warn(lacking);
        Ok(fetched.or_graver(code).or_graver(self.tell(round, lacking, now, output)?))
    }

    /// Looks at the folder, and remembers what lies there. It comes after the lists: they say which digests to compute.
    fn look(&mut self, named: Algorithms) -> Result<(), Failure> {
        let SurveyArguments { code, digest, no_cache } = &self.arguments.survey;
        let algorithms = asked_or(digest, named);
        let inventory = Surveyed::of(&self.path, algorithms, *code, *no_cache, None)?.inventory;
        if inventory.is_empty() {
            return Err(WatchError::Empty(self.arguments.path.display().to_string()).into());
        }
        (self.memory.inventory, self.memory.digests, self.memory.lacking) = (inventory, algorithms, Algorithms::NONE);
        self.memory.write()?;
        self.looks = false;
        Ok(())
    }

    fn warn(&self, lacking: Algorithms) {
        if !lacking.is_empty() {
            let words: Vec<&str> = lacking.iter().map(Algorithm::as_str).collect();
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(
                anstream::stderr(),
                "{} notices name files by {}, which was not computed when {} was looked at: --rescan looks again",
                "incomplete:".yellow().bold(),
                words.join(", "),
                self.arguments.path.display()
            );
        }
    }

    /// Has the hook told what is other than it was.
    fn tell(
        &mut self,
        round: Round,
        lacking: Algorithms,
        now: DateTime<Utc>,
        output: &mut Output,
    ) -> Result<ExitCode, Failure> {
        let changes = round.changes(&self.memory);
        if changes.is_empty() && lacking.is_within(self.memory.lacking) {
            return Ok(ExitCode::Done);
        }
        let told = Told::of(&self.memory, now, &changes, lacking);
        output.show(&told)?;
        if !hook::run(&self.arguments.exec, &told)? {
            return Ok(ExitCode::Refused);
        }
        (self.memory.answers, self.memory.lacking) = (round.answers, lacking);
        self.memory.write()?;
        Ok(ExitCode::Done)
    }
}

/// What has changed, as the hook is told.
#[derive(serde::Serialize)]
struct Told<'c> {
    path: String,
    at: String,
    changes: &'c [Change],
    /// Digests by which notices name files, and which are not known of what is remembered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lacking: Vec<Algorithm>,
}

impl<'c> Told<'c> {
    fn of(memory: &Memory, now: DateTime<Utc>, changes: &'c [Change], lacking: Algorithms) -> Self {
        let at = now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self { path: memory.path.clone(), at, changes, lacking: lacking.iter().collect() }
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

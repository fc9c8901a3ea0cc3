//! `palinode index show`: whose compact lists are here.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::place::IndexArguments;
use crate::cli::{ExitCode, Failure, Output};
use crate::client::index::{LocalIndex, Pinned};
use crate::clock::{Clock, SystemClock};

const EXAMPLES: &str = "\
Examples:
  palinode index show
  palinode index show --format json";

/// Arguments of `palinode index show`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct IndexShowArguments {
    /// Where the local index lies
    #[command(flatten)]
    pub index: IndexArguments,
}

pub(super) fn run(arguments: &IndexShowArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let folder = arguments.index.folder()?;
    let now = SystemClock.now();
    let mut servers = Vec::new();
    for server in folder.servers()? {
        if let Some(pinned) = Pinned::read(&server)? {
            servers.push(Server::new(&pinned, LocalIndex::open(&server)?.as_ref(), now));
        }
    }
    output.show(&Report { index: folder.path().display().to_string(), servers })?;
    Ok(ExitCode::Done)
}

#[derive(Serialize)]
struct Report {
    index: String,
    servers: Vec<Server>,
}

#[derive(Serialize)]
struct Server {
    origin: String,
    url: String,
    operator_key: String,
    log_key: String,
    witness_key: String,
    pinned: DateTime<Utc>,
    /// What of it is here; absent when nothing was fetched yet.
    copy: Option<Held>,
}

#[derive(Serialize)]
struct Held {
    size: u64,
    issued: DateTime<Utc>,
    age_seconds: i64,
    trust: String,
    entries: bool,
    digest_lists: usize,
}

impl Server {
    fn new(pinned: &Pinned, index: Option<&LocalIndex>, now: DateTime<Utc>) -> Self {
        let copy = index.map(|index| Held {
            size: index.head().size,
            issued: index.head().issued.time(),
            age_seconds: (now - index.head().issued.time()).num_seconds(),
            trust: index.trust().hash(),
            entries: index.has_all_entries(),
            digest_lists: index.digest_lists(),
        });
        Self {
            origin: pinned.origin().to_owned(),
            url: pinned.url.clone(),
            operator_key: pinned.operator.to_multibase(),
            log_key: pinned.log.to_string(),
            witness_key: pinned.witness.to_string(),
            pinned: pinned.since,
            copy,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.servers.is_empty() {
            return write!(f, "Nothing is in {}. `palinode index update --server URL` fetches a list.", self.index);
        }
        for server in &self.servers {
            writeln!(f, "{} at {}", server.origin.bold(), server.url)?;
            match &server.copy {
                None => writeln!(f, "  nothing fetched yet")?,
                Some(held) => {
                    let entries = if held.entries { "all entries here" } else { "entries are fetched when they are needed" };
                    let age = in_words(TimeDelta::seconds(held.age_seconds));
                    writeln!(f, "  tree size {}, {age} old, {entries}", held.size)?;
                    if held.digest_lists > 0 {
                        writeln!(f, "  notices name {} digest lists", held.digest_lists)?;
                    }
                }
            }
            writeln!(f, "  operator  {}\n  log       {}", server.operator_key, server.log_key)?;
        }
        write!(f, "in {}", self.index)
    }
}

fn in_words(age: TimeDelta) -> String {
    match (age.num_days(), age.num_hours(), age.num_minutes()) {
        (days @ 2.., _, _) => format!("{days} days"),
        (_, hours @ 2.., _) => format!("{hours} hours"),
        (_, _, minutes @ 2..) => format!("{minutes} minutes"),
        _ => format!("{} seconds", age.num_seconds().max(0)),
    }
}

//! `palinode quarantine`: entries of peers that are not in the log, and what to do about them.

use std::fmt;

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::serve::ServerArguments;
use super::{Complaint, ExitCode, Failure, Output, table};
use crate::app::quarantine::{self, Chosen, QuarantinePage, QuarantineView};
use crate::clock::{Clock, SystemClock};
use crate::tlog::Hash;

const LIST_EXAMPLES: &str = "\
wanted entries could not be had yet; pending ones wait for something that this server does not know, such as the record or the domain of their
issuer; refused ones broke a rule for good. What an entry says of itself is not verified.

Examples:
  palinode quarantine list
  palinode quarantine list --state pending --rule unknown-issuer
  palinode quarantine list --peer peer.example.net/log --format json";
const SHOW_EXAMPLES: &str = "\
Examples:
  palinode quarantine show 5f1c0e...";
const RETRY_EXAMPLES: &str = "\
A server that runs looks again within a second. What was refused for good is fetched again, which does not change the rule that it broke:
useful after an upgrade, or when a peer mended its log.

Examples:
  palinode quarantine retry 5f1c0e...
  palinode quarantine retry --all --rule over-quota";
const DROP_EXAMPLES: &str = "\
A dropped entry is refused for good and never fetched again, from no peer. `retry` takes it back.

Examples:
  palinode quarantine drop 5f1c0e...
  palinode quarantine drop --all --state pending --peer peer.example.net/log";

/// `palinode quarantine ...`
#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// List entries of peers that are not in the log, and why
    List(ListArguments),
    /// Show one of them with its bytes
    Show(ShowArguments),
    /// Look at them again now
    Retry(DecideArguments),
    /// Refuse them for good
    Drop(DropArguments),
}

/// Which entries.
#[derive(Debug, Args)]
pub struct FilterArguments {
    /// Only those of this peer, by its origin
    #[arg(long, value_name = "ORIGIN")]
    pub peer: Option<String>,
    /// Only those that stand so
    #[arg(long, value_enum, value_name = "STATE")]
    pub state: Option<State>,
    /// Only those that broke this rule
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
}

/// How an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// It could not be had yet.
    Wanted,
    /// It waits until more is known.
    Pending,
    /// It was refused for good.
    Refused,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Pending => "pending",
            Self::Refused => "refused",
        }
    }
}

/// Arguments of `palinode quarantine list`.
#[derive(Debug, Args)]
#[command(after_help = LIST_EXAMPLES)]
pub struct ListArguments {
    /// Which
    #[command(flatten)]
    pub filter: FilterArguments,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Of which server
    #[command(flatten)]
    pub server: ServerArguments,
}

/// Arguments of `palinode quarantine show`.
#[derive(Debug, Args)]
#[command(after_help = SHOW_EXAMPLES)]
pub struct ShowArguments {
    /// Its leaf hash, 64 hex digits
    #[arg(value_name = "LEAF")]
    pub leaf: String,
    /// Of which server
    #[command(flatten)]
    pub server: ServerArguments,
}

/// Which entries to retry or drop.
#[derive(Debug, Args)]
#[group(id = "which", required = true, multiple = false, args = ["leaves", "all"])]
pub struct Which {
    /// Their leaf hashes, 64 hex digits each
    #[arg(value_name = "LEAF")]
    pub leaves: Vec<String>,
    /// All of them, or all that --peer, --state and --rule leave
    #[arg(long)]
    pub all: bool,
    /// Which of all
    #[command(flatten)]
    pub filter: FilterArguments,
    /// Of which server
    #[command(flatten)]
    pub server: ServerArguments,
}

/// Arguments of `palinode quarantine retry`.
#[derive(Debug, Args)]
#[command(after_help = RETRY_EXAMPLES)]
pub struct DecideArguments {
    /// Which
    #[command(flatten)]
    pub which: Which,
}

/// Arguments of `palinode quarantine drop`.
#[derive(Debug, Args)]
#[command(after_help = DROP_EXAMPLES)]
pub struct DropArguments {
    /// Which
    #[command(flatten)]
    pub which: Which,
}

#[derive(Debug, thiserror::Error)]
enum QuarantineError {
    #[error("{0:?} is no leaf hash")]
    Leaf(String),
    #[error("no peer has an entry {0} that is not in the log")]
    Unknown(Hash),
}

impl Complaint for QuarantineError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Leaf(_) => ExitCode::Usage,
            Self::Unknown(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        Some("`palinode quarantine list` shows them: 64 hex digits each".to_owned())
    }
}

pub(super) fn run(command: &QuarantineCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        QuarantineCommand::List(arguments) => {
            let data = arguments.server.settings()?.server.data;
            let page = quarantine::list(&data, &chosen(&arguments.filter, None), arguments.limit, false)?;
            output.show(&Listed(page))?;
        }
        QuarantineCommand::Show(arguments) => {
            let data = arguments.server.settings()?.server.data;
            let leaf = leaf(&arguments.leaf)?;
            let page = quarantine::list(&data, &Chosen { leaf: Some(leaf), ..Chosen::default() }, 100, true)?;
            if page.entries.is_empty() {
                return Err(QuarantineError::Unknown(leaf).into());
            }
            output.show(&Shown { entries: page.entries })?;
        }
        QuarantineCommand::Retry(DecideArguments { which }) => {
            let now = SystemClock.now();
            let retried = decide(which, &|data, chosen| quarantine::retry(data, chosen, now).map_err(Failure::from))?;
            output.show(&Retried { retried })?;
        }
        QuarantineCommand::Drop(DropArguments { which }) => {
            let dropped = decide(which, &|data, chosen| quarantine::discard(data, chosen).map_err(Failure::from))?;
            output.show(&Dropped { dropped })?;
        }
    }
    Ok(ExitCode::Done)
}

/// Does it to each leaf that is named, or to all; gives to how many.
fn decide(which: &Which, to: &dyn Fn(&std::path::Path, &Chosen) -> Result<u64, Failure>) -> Result<u64, Failure> {
    let data = which.server.settings()?.server.data;
    if which.all {
        return to(&data, &chosen(&which.filter, None));
    }
    // A misspelt one must not leave half of the work done.
    let leaves = which.leaves.iter().map(|text| leaf(text)).collect::<Result<Vec<_>, _>>()?;
    let mut changed = 0;
    for leaf in leaves {
        let done = to(&data, &chosen(&which.filter, Some(leaf)))?;
        if done == 0 {
            return Err(QuarantineError::Unknown(leaf).into());
        }
        changed += done;
    }
    Ok(changed)
}

fn chosen(filter: &FilterArguments, leaf: Option<Hash>) -> Chosen {
    let state = filter.state.map(|state| state.as_str().to_owned());
    Chosen { peer: filter.peer.clone(), state, rule: filter.rule.clone(), leaf }
}

fn leaf(text: &str) -> Result<Hash, QuarantineError> {
    Hash::parse(text).ok_or_else(|| QuarantineError::Leaf(text.to_owned()))
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(QuarantinePage);

#[derive(Serialize)]
struct Shown {
    entries: Vec<QuarantineView>,
}

#[derive(Serialize)]
struct Retried {
    retried: u64,
}

#[derive(Serialize)]
struct Dropped {
    dropped: u64,
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let QuarantinePage { entries, all } = &self.0;
        if entries.is_empty() {
            return write!(
                f,
                "Every entry of the peers is in the log, as far as their logs were read and these filters let through."
            );
        }
        let mut rows = table(["leaf", "peer", "state", "rule", "tries", "tried again", "says of itself"]);
        for entry in entries {
            let again = entry.again.map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default();
            rows.add_row([
                entry.leaf.clone(),
                entry.peer.clone(),
                entry.state.to_owned(),
                entry.rule.clone().unwrap_or_default(),
                entry.tries.to_string(),
                again,
                claims(entry),
            ]);
        }
        writeln!(f, "{}", rows.trim_fmt())?;
        write!(f, "{} of {all}", entries.len())
    }
}

fn claims(entry: &QuarantineView) -> String {
    let Some(says) = &entry.says else { return String::new() };
    let parts = [Some(says.kind.as_str()), says.title.as_deref(), says.issuer.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            writeln!(f, "leaf     {}\npeer     {}\nstate    {}", entry.leaf, entry.peer, entry.state)?;
            if let Some(rule) = &entry.rule {
                writeln!(f, "rule     {rule}")?;
            }
            writeln!(f, "tries    {}", entry.tries)?;
            if let Some(again) = &entry.again {
                writeln!(f, "again    {}", again.format("%Y-%m-%dT%H:%M:%SZ"))?;
            }
            match &entry.entry {
                Some(bytes) => writeln!(f, "says     {} (nothing of it is verified)\nentry    {bytes}", claims(entry))?,
                None => writeln!(f, "entry    not kept here")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Retried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to be looked at again; a server that runs does so within a second", self.retried)
    }
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} dropped: refused for good, and never fetched again", self.dropped)
    }
}

//! `palinode restore`: a new log that takes in the entries of a backup and says which log it succeeds.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::progress::Progress;
use super::{Complaint, ExitCode, Failure, Output, file, secret};
use crate::app::removal::Tombstone;
use crate::app::restore::{self, RestoreError, RestoreOrder, Restored};
use crate::clock::{Clock, SystemClock};
use crate::config::{OriginFault, check_origin};

const EXAMPLES: &str = "\
A log is never restored under its own key and name: if anything was signed after the backup, it would be signed twice, and
nobody could tell a lost disk from a lie. So this makes a new data folder with a new log key, a new witness key and a new
origin, verifies every signature again, keeps when each entry was first seen, and states under the operator key which log
the new one succeeds. What the old server had and the backup has not comes back from its peers.

What was removed from the old server must not come back with a backup that is older than the removal. So give the file `removed`
of the old data folder, or the newest copy of it. If it is lost, every peer knows what the old log said: let one of their
operators run `palinode remove advice`, and give the hashes, a line each. --removed-lost goes on without.

Interrupted, the same command goes on where it stopped.

Examples:
  palinode restore --from ledger.palinode-backup --data /var/lib/palinode-2 \\
      --origin ledger.example.org/log2 --operator-key operator.pem --removed /backups/removed
  palinode restore --from ledger.palinode-backup --data new --operator-key operator.pem --removed-lost";

/// The largest record of removed documents: about a million of them, with what was said of each.
const MAX_REMOVED: u64 = 1_000_000_000;

/// Arguments of `palinode restore`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RestoreArguments {
    /// The backup that `palinode backup` made
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// The data folder to make; it must be empty or not there
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Name of the new log, such as ledger.example.org/log2; a loopback server may do without
    #[arg(long, value_name = "NAME")]
    pub origin: Option<String>,
    /// The operator's private key, keys/operator.pem of the old server
    #[arg(long, value_name = "FILE")]
    pub operator_key: PathBuf,
    /// Go on under another operator key: for an operator who lost theirs, and whom peers must get to know again
    #[arg(long)]
    pub other_operator: bool,
    /// What was removed: the file `removed` of the old data folder, or hashes of documents, a line each
    #[arg(long, value_name = "FILE")]
    pub removed: Option<PathBuf>,
    /// Go on although nobody has that file: what was removed after the backup was made comes back
    #[arg(long, conflicts_with = "removed")]
    pub removed_lost: bool,
    /// Restore a damaged log as far as it is whole, and name what is not
    #[arg(long)]
    pub salvage: bool,
}

#[derive(Debug, thiserror::Error)]
enum OrderError {
    #[error("--origin {0}")]
    Origin(OriginFault),
    #[error("line {line} of {} is neither a tombstone nor the SHA-256 of a document", path.display())]
    Removed { path: PathBuf, line: usize },
    #[error("nothing says what was removed from the old server, and an older backup would bring it back")]
    RemovedMissing,
}

impl Complaint for OrderError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        matches!(self, Self::RemovedMissing).then(|| {
            "give --removed with the file `removed` of the old data folder, or its newest copy. If it is lost, the operator of any peer \
             can tell with `palinode remove advice` what the old log said was removed: give those hashes, a line each. \
             --removed-lost goes on without"
                .to_owned()
        })
    }
}

impl Complaint for RestoreError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Backup(error) => error.exit_code(),
            Self::OtherOperator { .. } | Self::Folder(_) => ExitCode::Refused,
            Self::SameOrigin(_) | Self::OriginNeeded(_) | Self::ServerKeys(_) | Self::Keys(_) => ExitCode::Usage,
            Self::Open(_) => ExitCode::Integrity,
            _ => ExitCode::Unreachable,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Backup(error) => return error.help(),
            Self::OtherOperator { .. } => "give keys/operator.pem of the old server. If it is lost, `palinode key new` makes \
                                           another one, and --other-operator says that it is meant"
                .to_owned(),
            Self::SameOrigin(origin) => format!("name it {origin}2, for example"),
            Self::OriginNeeded(origin) => format!("--origin {origin}2, for example"),
            Self::Import(_) | Self::Store(_) => "run the same command again: it goes on where it stopped".to_owned(),
            _ => return None,
        })
    }
}

#[derive(Serialize)]
struct Done {
    #[serde(flatten)]
    restored: Restored,
}

pub(super) fn run(arguments: &RestoreArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    if let Some(origin) = &arguments.origin {
        check_origin(origin).map_err(OrderError::Origin)?;
    }
    let order = RestoreOrder {
        from: &arguments.from,
        data: &arguments.data,
        origin: arguments.origin.as_deref(),
        operator: secret::read(&arguments.operator_key)?,
        other_operator: arguments.other_operator,
        salvage: arguments.salvage,
        removed: match &arguments.removed {
            Some(record) => removed(record)?,
            None if arguments.removed_lost => Vec::new(),
            None => return Err(OrderError::RemovedMissing.into()),
        },
    };
    let mut progress = Progress::new();
    let restored = restore::restore(&order, Arc::new(SystemClock), &mut |stage, done, of| progress.tell(stage, done, of));
    progress.end();
    let restored = restored?;
    let whole = restored.missing.is_empty();
    let sound = restored.report.faults.is_empty();
    output.show(&Done { restored })?;
    Ok(match (sound, whole) {
        (false, _) => ExitCode::Integrity,
        (true, false) => ExitCode::Refused,
        (true, true) => ExitCode::Done,
    })
}

fn removed(path: &Path) -> Result<Vec<Tombstone>, Failure> {
    let bytes = file::read(path, MAX_REMOVED)?;
    let removed = restore::removed_in(&String::from_utf8_lossy(&bytes), SystemClock.now());
    Ok(removed.map_err(|line| OrderError::Removed { path: path.to_owned(), line })?)
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let new = &self.restored;
        writeln!(f, "{} succeeds {} of size {}", new.origin.bold(), new.succeeds, new.succeeded_size)?;
        writeln!(f, "data          {}", new.data.display())?;
        writeln!(f, "log key       {}", new.log_key)?;
        writeln!(f, "witness key   {}", new.witness_key)?;
        writeln!(f, "operator key  {}", new.operator_key)?;
        writeln!(f, "tree size     {}, {} of them entries of the old log", new.tree_size, new.entries)?;
        writeln!(f, "documents     {}, and {} removed ones that stay so", new.documents, new.removed_documents)?;
        writeln!(f, "peers         {}", new.peers)?;
        if let Some(pins) = &new.pins {
            writeln!(f, "pins          {}: name this folder as trust.publishers in the configuration", pins.display())?;
        }
        for missing in &new.missing {
            writeln!(f, "{} {missing}", "missing:".yellow().bold())?;
        }
        for fault in &new.report.faults {
            writeln!(f, "{} {fault}", "fault:".red().bold())?;
        }
        writeln!(f)?;
        writeln!(f, "Start it with `palinode serve --data {}`, at the old address or another one.", new.data.display())?;
        writeln!(
            f,
            "At the old address its peers follow by themselves: they know the operator key, which signed that this log"
        )?;
        writeln!(
            f,
            "succeeds {}. They lose nothing: notices that they have are known by their leaf hash. Where",
            new.succeeds
        )?;
        writeln!(f, "the address or the operator key is another one, they run `palinode peer remove {}`", new.succeeds)?;
        writeln!(f, "and then `palinode peer add URL`, comparing the keys above.")?;
        write!(f, "Never start a server on a copy of the old folder again.")
    }
}

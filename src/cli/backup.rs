//! `palinode backup`: a verified copy of a server's log, made beside the running server.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::progress::Progress;
use super::serve::ServerArguments;
use super::{Complaint, ExitCode, Failure, Output};
use crate::app::backup::{self, BackupFailure, BackupView};
use crate::clock::SystemClock;

const EXAMPLES: &str = "\
One file: every entry, document, tombstone, peer and piece of evidence, the signed checkpoints, and the pin files that the
configuration names. It is verified up to the newest signed root before it gets its name. The server goes on meanwhile.

No private key is in it: a log restored under its old key could sign a second history. Keep a copy of keys/operator.pem at
another place, once; `palinode restore` needs it. The log and witness keys need no copy.

`palinode fsck --backup FILE` verifies a backup again.

Examples:
  palinode backup --data /var/lib/palinode --out /backups/
  palinode backup --config palinode.toml --out today.palinode-backup --replace";

/// Arguments of `palinode backup`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct BackupArguments {
    /// Which server
    #[command(flatten)]
    pub server: ServerArguments,
    /// Where to: a file, or a folder in which it is named after the log and its size
    #[arg(long, value_name = "FILE|DIR")]
    pub out: PathBuf,
    /// Let an older file of that name give way
    #[arg(long)]
    pub replace: bool,
    /// Keep a damaged log too, as far as it is whole
    #[arg(long)]
    pub salvage: bool,
}

impl Complaint for BackupFailure {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Operator(error) => error.exit_code(),
            Self::Damaged { .. } | Self::OldLog { .. } => ExitCode::Integrity,
            Self::Backup(crate::app::backup::BackupError::Store(_)) => ExitCode::Unreachable,
            Self::Backup(_) => ExitCode::Usage,
            Self::Exists { .. } | Self::Io { .. } => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Operator(error) => error.help(),
            Self::Exists { .. } => Some("name another file, or a folder, or give --replace".to_owned()),
            Self::Damaged { .. } => Some(
                "`palinode fsck` names everything that is wrong with a server; --salvage goes on with what is whole".to_owned(),
            ),
            Self::OldLog { .. } => Some("take another backup, or ask a peer for the entries".to_owned()),
            Self::Backup(_) | Self::Io { .. } => None,
        }
    }
}

#[derive(Serialize)]
struct Made {
    #[serde(flatten)]
    backup: BackupView,
}

pub(super) fn run(arguments: &BackupArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let settings = arguments.server.settings()?;
    let pins = settings.trust.publishers.as_deref();
    let mut progress = Progress::new();
    let choices = (arguments.replace, arguments.salvage);
    let tell = &mut |stage, done, of| progress.tell(stage, done, of);
    let made = backup::backup(&settings.server.data, pins, &arguments.out, choices, &SystemClock, tell);
    progress.end();
    let backup = made?;
    let intact = backup.faults.is_empty();
    output.show(&Made { backup })?;
    Ok(if intact { ExitCode::Done } else { ExitCode::Integrity })
}

/// What a backup holds, line by line.
pub(super) fn write_view(f: &mut fmt::Formatter<'_>, backup: &BackupView) -> fmt::Result {
    writeln!(f, "backup     {} ({} bytes)", backup.file.display(), backup.bytes)?;
    writeln!(f, "made       {}", backup.made.format("%Y-%m-%dT%H:%M:%SZ"))?;
    writeln!(f, "log        {}", backup.origin)?;
    writeln!(f, "tree size  {}, every entry hashed up to the signed root", backup.tree_size)?;
    writeln!(f, "root       {}", backup.root)?;
    writeln!(f, "documents  {}, and {} removed ones that stay so", backup.documents, backup.removed_documents)?;
    writeln!(f, "peers      {}", backup.peers)?;
    writeln!(f, "pins       {}", backup.pins)?;
    for fault in &backup.faults {
        writeln!(f, "{} {fault}", "fault:".red().bold())?;
    }
    for remark in &backup.remarks {
        writeln!(f, "{} {remark}", "note:".yellow().bold())?;
    }
    Ok(())
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_view(f, &self.backup)?;
        writeln!(f)?;
        writeln!(f, "No private key is in it. `palinode restore` needs the operator key, keys/operator.pem of this server:")?;
        write!(f, "keep a copy of that at another place.")
    }
}

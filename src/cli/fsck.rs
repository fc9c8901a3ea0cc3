//! `palinode fsck`: derives every leaf, root, index row and signature of a server's data again.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::backup::write_view;
use super::progress::Progress;
use super::serve::ServerArguments;
use super::{Complaint, ExitCode, Failure, Output};
use crate::app::backup::{self, BackupView, Stage};
use crate::app::operator::{self, OperatorError, Rebuilt, Report};

const EXAMPLES: &str = "\
Reads only; a running server is not disturbed. Ends with 4 when anything differs from what it must be.

With --rebuild, everything that is derived (the index, the hash tiles, the bundles) is thrown away and made again from the entries, and then
checked. The server must be stopped for that. Entries, documents and signed checkpoints are never touched.

Examples:
  palinode fsck
  palinode fsck --data /var/lib/palinode
  palinode fsck --data /var/lib/palinode --rebuild
  palinode fsck --backup ledger.palinode-backup";

/// Arguments of `palinode fsck`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FsckArguments {
    /// Which server
    #[command(flatten)]
    pub server: ServerArguments,
    /// Derive index, hash tiles and bundles again from the entries first; the server must be stopped
    #[arg(long)]
    pub rebuild: bool,
    /// Verify a backup instead of a server
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "rebuild"])]
    pub backup: Option<PathBuf>,
}

impl Complaint for OperatorError {
    fn exit_code(&self) -> ExitCode {
        match self {
            _ if self.is_corrupt() => ExitCode::Integrity,
            _ if self.is_out_of_reach() => ExitCode::Unreachable,
            Self::Keys(_) | Self::Identity(_) => ExitCode::Usage,
            _ => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Folder { .. } | Self::NoOrigin { .. } => {
                Some("--data or --config names the data folder; `palinode serve` makes it on its first start".to_owned())
            }
            _ if self.is_corrupt() => Some(
                "stop the server and keep a copy of the folder; `palinode fsck --rebuild` makes index, hash tiles and bundles again; \
                 for anything else, `palinode restore` begins a new log from a backup"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// What was found.
#[derive(Serialize)]
struct Found {
    data: String,
    intact: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    rebuilt: Option<Rebuilt>,
    #[serde(flatten)]
    report: Report,
}

#[derive(Serialize)]
struct Looked {
    intact: bool,
    #[serde(flatten)]
    backup: BackupView,
}

pub(super) fn run(arguments: &FsckArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    if let Some(path) = &arguments.backup {
        return look(path, output);
    }
    let data = arguments.server.settings()?.server.data;
    let mut progress = Progress::new();
    let rebuilt = arguments.rebuild.then(|| operator::rebuild(&data, &mut |stage, done, of| progress.tell(stage, done, of)));
    progress.end();
    let rebuilt = rebuilt.transpose()?;
    let found = operator::fsck(&data, &mut |done, of| progress.tell(Stage::Checking, done, of));
    progress.end();
    let report = found?;
    let intact = report.faults.is_empty();
    output.show(&Found { data: data.display().to_string(), intact, rebuilt, report })?;
    Ok(if intact { ExitCode::Done } else { ExitCode::Integrity })
}

fn look(path: &Path, output: &mut Output) -> Result<ExitCode, Failure> {
    let mut progress = Progress::new();
    let found = backup::look(path, &mut |stage, done, of| progress.tell(stage, done, of));
    progress.end();
    let backup = found?;
    let intact = backup.faults.is_empty();
    output.show(&Looked { intact, backup })?;
    Ok(if intact { ExitCode::Done } else { ExitCode::Integrity })
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_view(f, &self.backup)?;
        match self.backup.faults.len() {
            0 => write!(f, "Everything is what it must be."),
            n => write!(f, "{n} faults. `palinode restore --salvage` takes what is whole."),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { entries, checkpoints, cosignatures, tiles, bundles, notices, documents, pending, faults, more_faults } =
            &self.report;
        writeln!(f, "data         {}", self.data)?;
        if let Some(Rebuilt { tiles, entries }) = &self.rebuilt {
            writeln!(
                f,
                "rebuilt      the index and the bundles of {entries} entries, and {tiles} hash tiles that were not what they must be"
            )?;
        }
        writeln!(f, "entries      {entries}, hashed, and their signatures verified")?;
        writeln!(f, "checkpoints  {checkpoints}, and {cosignatures} cosignatures of known witnesses")?;
        writeln!(f, "tiles        {tiles}")?;
        writeln!(f, "bundles      {bundles}, as they are kept for serving")?;
        writeln!(f, "notices      {notices}, with their index rows")?;
        writeln!(f, "documents    {documents}")?;
        if *pending > 0 {
            writeln!(f, "pending      {pending} entries are appended and not published; the next start publishes them")?;
        }
        for fault in faults {
            writeln!(f, "{} {fault}", "fault:".red().bold())?;
        }
        if *more_faults > 0 {
            writeln!(f, "{} and {more_faults} more", "fault:".red().bold())?;
        }
        match faults.len() {
            0 => write!(f, "Everything is what it must be."),
            1 => write!(
                f,
                "1 fault. Stop the server and keep a copy of the folder. --rebuild mends index, tiles and bundles. Anything else, the head \
                 record among it, is not mended: `palinode restore` begins a new log from a backup."
            ),
            n => write!(
                f,
                "{n} faults. Stop the server and keep a copy of the folder. --rebuild mends index, tiles and bundles. Anything else, the head \
                 record among it, is not mended: `palinode restore` begins a new log from a backup."
            ),
        }
    }
}

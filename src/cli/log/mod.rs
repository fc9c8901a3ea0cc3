//! `palinode log`: looks at the public log of a server from outside.

mod report;
mod verify;

use clap::Subcommand;

use super::{ExitCode, Failure, Output};

pub use verify::LogVerifyArguments;

/// `palinode log ...`
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Audit a server: read its whole log, and believe nothing
    Verify(LogVerifyArguments),
}

pub(super) fn run(command: &LogCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        LogCommand::Verify(arguments) => verify::run(arguments, output),
    }
}

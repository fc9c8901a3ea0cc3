//! `palinode import`: what other systems hold, as drafts.

pub mod retraction_watch;

use clap::Subcommand;

use super::{ExitCode, Failure, Output};

/// `palinode import ...`
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Make drafts of observers' reports out of the Retraction Watch table
    RetractionWatch(retraction_watch::RetractionWatchArguments),
}

pub(super) fn run(command: &ImportCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        ImportCommand::RetractionWatch(arguments) => retraction_watch::run(arguments, output),
    }
}

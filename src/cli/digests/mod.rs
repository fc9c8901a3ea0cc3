//! `palinode digests`: lists of digests, for notices that name more files than fit among their subjects.

mod build;
mod folder;
mod input;
mod member;
mod show;

use clap::Subcommand;

pub use build::BuildArguments;
pub use show::ShowListArguments;

use super::{ExitCode, Failure, Output};

/// `palinode digests ...`
#[derive(Debug, Subcommand)]
pub enum DigestsCommand {
    /// Make a list from checksum files, folders or plain digests
    Build(BuildArguments),
    /// Check a list, and say how a notice names it
    Show(ShowListArguments),
}

pub(super) fn run(command: &DigestsCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        DigestsCommand::Build(arguments) => build::run(arguments, output),
        DigestsCommand::Show(arguments) => show::run(arguments, output),
    }
}

//! `palinode proof`: checks what servers hand out, offline.

mod evidence;
mod verify;

use clap::Subcommand;

use super::{ExitCode, Failure, Output};

pub use evidence::ProofEvidenceArguments;
pub use verify::ProofVerifyArguments;

/// `palinode proof ...`
#[derive(Debug, Subcommand)]
pub enum ProofCommand {
    /// Check that a receipt shows an entry in a log
    Verify(ProofVerifyArguments),
    /// Check that evidence convicts a log of two histories
    Evidence(ProofEvidenceArguments),
}

pub(super) fn run(command: &ProofCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        ProofCommand::Verify(arguments) => verify::run(arguments, output),
        ProofCommand::Evidence(arguments) => evidence::run(arguments, output),
    }
}

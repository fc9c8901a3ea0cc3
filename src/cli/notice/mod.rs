//! `palinode notice`: a publisher's way from a draft to a posted notice.

mod beginning;
mod blinding;
pub mod draft;
pub mod export;
pub mod post;
pub mod show;
pub mod sign;
pub mod verify;

pub(super) mod signed_file;
mod summary;

use clap::Subcommand;

use super::{ExitCode, Failure, Output};

pub use signed_file::SignedFileError;

/// `palinode notice ...`
#[derive(Debug, Subcommand)]
pub enum NoticeCommand {
    /// Write a draft to fill in
    Draft(draft::DraftArguments),
    /// Check a draft, complete it and sign it
    Sign(sign::SignArguments),
    /// Send signed notices to servers, and keep the receipts
    Post(post::PostArguments),
    /// Show what a signed notice says
    Show(show::ShowArguments),
    /// Check the signature of a notice
    Verify(verify::VerifyArguments),
    /// Write a notice in the vocabulary of another system
    Export(export::ExportArguments),
}

pub(super) fn run(command: &NoticeCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        NoticeCommand::Draft(arguments) => draft::run(arguments, output),
        NoticeCommand::Sign(arguments) => sign::run(arguments, output),
        NoticeCommand::Post(arguments) => post::run(arguments, output),
        NoticeCommand::Show(arguments) => show::run(arguments, output),
        NoticeCommand::Verify(arguments) => verify::run(arguments, output),
        NoticeCommand::Export(arguments) => export::run(arguments, output),
    }
}

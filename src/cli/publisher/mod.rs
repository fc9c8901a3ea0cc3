//! `palinode publisher`: publisher records, which say whose keys speak for an issuer.

pub mod domain;
mod init;
pub mod post;
pub mod revoke;
pub mod rotate;
pub mod show;

mod next;
mod resign;
mod source;

use clap::Subcommand;

use super::{ExitCode, Failure, Output};

/// `palinode publisher ...`
#[derive(Debug, Subcommand)]
pub enum PublisherCommand {
    /// Make and sign the first record of a publisher
    Init(init::InitArguments),
    /// Make the next record: new keys begin, old ones retire
    Rotate(rotate::RotateArguments),
    /// Make the next record: a key is in the wrong hands
    Revoke(revoke::RevokeArguments),
    /// Show who a publisher is: every record, every key, and what it is now
    Show(show::ShowArguments),
    /// Send publisher records to servers, and keep the receipts
    Post(post::PostArguments),
}

pub(super) fn run(command: &PublisherCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        PublisherCommand::Init(arguments) => init::run(arguments, output),
        PublisherCommand::Rotate(arguments) => rotate::run(arguments, output),
        PublisherCommand::Revoke(arguments) => revoke::run(arguments, output),
        PublisherCommand::Show(arguments) => show::run(arguments, output),
        PublisherCommand::Post(arguments) => post::run(arguments, output),
    }
}

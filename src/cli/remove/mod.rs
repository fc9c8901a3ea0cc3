//! `palinode remove`: removing documents from a server, and what peers say that they removed.

mod advice;
mod document;
mod list;

use clap::Subcommand;

pub use advice::RemoveAdviceArguments;
pub use document::RemoveDocumentArguments;
pub use list::RemoveListArguments;

use super::{Complaint, ExitCode, Failure, Output};
use crate::app::removal::RemoveError;

/// `palinode remove ...`
#[derive(Debug, Subcommand)]
pub enum RemoveCommand {
    /// Remove a texts document or a digest list from this server for good
    Document(RemoveDocumentArguments),
    /// List what was removed, and what was ordered and is not done
    List(RemoveListArguments),
    /// List what the operators of peers say that they removed
    Advice(RemoveAdviceArguments),
}

pub(super) fn run(command: &RemoveCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        RemoveCommand::Document(arguments) => document::run(arguments, output),
        RemoveCommand::List(arguments) => list::run(arguments, output),
        RemoveCommand::Advice(arguments) => advice::run(arguments, output),
    }
}

impl Complaint for RemoveError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Operator(error) => error.exit_code(),
            Self::Start(error) => error.exit_code(),
            Self::Form(_) => ExitCode::Usage,
            Self::NotNamed(_) => ExitCode::Refused,
            Self::Clock | Self::Runtime(_) | Self::Waiting { .. } | Self::Trouble(_) | Self::Store(_) => ExitCode::Unreachable,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Operator(error) => return error.help(),
            Self::Start(error) => return error.help(),
            Self::NotNamed(_) => {
                "the name is that of the document, not of the notice: `palinode notice show` tells it".to_owned()
            }
            Self::Form(_) => "--jurisdiction is an ISO 3166 code such as DE or US-CA, --reference one line of at most 300 \
                              characters"
                .to_owned(),
            Self::Waiting { .. } | Self::Trouble(_) => {
                "nothing need be done again: it is carried out as soon as it can be, and `palinode remove list` shows when"
                    .to_owned()
            }
            Self::Clock | Self::Runtime(_) | Self::Store(_) => return None,
        })
    }
}

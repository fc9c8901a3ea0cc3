//! `palinode index`: copies of compact lists, from which questions are answered without asking anybody.

mod forget;
mod place;
mod show;
mod source;
mod trust;
mod update;

use clap::Subcommand;

use super::{Complaint, ExitCode, Failure, Output};
use crate::cli::connection::{advice_on, exit_code_of};
use crate::client::index::{IndexError, IndexFault};

pub use place::IndexArguments;
pub(super) use trust::OwnTrust;
pub use trust::TrustArguments;
pub(super) use update::update_all;

/// `palinode index ...`
#[derive(Debug, Subcommand)]
pub enum IndexCommand {
    /// Fetch what is new of the compact lists of servers, and verify it
    Update(update::IndexUpdateArguments),
    /// Show whose compact lists are here, how large and how old they are
    Show(show::IndexShowArguments),
    /// Remove the copy of one server, with the keys that were pinned
    Forget(forget::IndexForgetArguments),
}

pub(super) fn run(command: &IndexCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        IndexCommand::Update(arguments) => update::run(arguments, output),
        IndexCommand::Show(arguments) => show::run(arguments, output),
        IndexCommand::Forget(arguments) => forget::run(arguments, output),
    }
}

impl Complaint for IndexError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Io { .. } | Self::Damaged { .. } | Self::Busy(_) | Self::Unreachable(_) | Self::NotThere(_) => {
                ExitCode::Unreachable
            }
            Self::Client(error) => exit_code_of(error),
            Self::Broken { .. } => ExitCode::Integrity,
            Self::Older { .. } | Self::Unwitnessed { .. } => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Damaged { .. } => {
                "`palinode index forget ORIGIN` removes the copy, and `palinode index update --server URL` fetches it again".to_owned()
            }
            Self::Busy(_) => "wait until it is done".to_owned(),
            Self::Client(error) => return advice_on(error),
            Self::NotThere(_) => "give the address of a server, or of a copy of its paths /v1/index and /log".to_owned(),
            Self::Older { .. } => "it is an old copy: ask the server itself, or another mirror".to_owned(),
            Self::Unwitnessed { .. } => "ask again in a minute, or ask for fewer witnesses".to_owned(),
            Self::Broken { fault, .. } => match **fault {
                IndexFault::OtherKey { .. } => {
                    "ask its operator over another channel; when the new keys are right, `palinode index forget ORIGIN`, and begin anew"
                        .to_owned()
                }
                IndexFault::TwoHistories { .. } => "tell its operator and its peers; what is here stays as it was".to_owned(),
                _ => "what is here stays as it was; ask another mirror, and tell the operator of the server".to_owned(),
            },
            Self::Io { .. } | Self::Unreachable(_) => return None,
        })
    }
}

//! `palinode index forget`: removes the copy of one server.

use std::fmt;
use std::fs;

use clap::Args;
use serde::Serialize;

use super::place::IndexArguments;
use crate::cli::{Complaint, ExitCode, Failure, Output};
use crate::client::index::{IndexError, Pinned};

const EXAMPLES: &str = "\
The keys are forgotten with the copy: whoever answers at the address of the server next is believed to be it, when you say yes.
Evidence against a log lies in the folder evidence of the copy, and goes with it: keep it elsewhere first.

Examples:
  palinode index forget ledger.example.org/log";

/// Arguments of `palinode index forget`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct IndexForgetArguments {
    /// The name of the server's log, as `index show` shows it
    #[arg(value_name = "ORIGIN")]
    pub origin: String,
    /// Where the local index lies
    #[command(flatten)]
    pub index: IndexArguments,
}

#[derive(Debug, thiserror::Error)]
#[error("there is no copy of {0}")]
struct Unknown(String);

impl Complaint for Unknown {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Refused
    }

    fn help(&self) -> Option<String> {
        Some("`palinode index show` shows whose copies are here".to_owned())
    }
}

#[derive(Serialize)]
struct Forgotten {
    forgotten: String,
}

impl fmt::Display for Forgotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the copy of {} and its keys are gone", self.forgotten)
    }
}

pub(super) fn run(arguments: &IndexForgetArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let server = arguments.index.folder()?.server(&arguments.origin);
    // A folder that is damaged can be forgotten too.
    if matches!(Pinned::read(&server), Ok(None)) {
        return Err(Unknown(arguments.origin.clone()).into());
    }
    let path = server.path().to_owned();
    fs::remove_dir_all(&path).map_err(|source| IndexError::Io { path, source })?;
    output.show(&Forgotten { forgotten: arguments.origin.clone() })?;
    Ok(ExitCode::Done)
}

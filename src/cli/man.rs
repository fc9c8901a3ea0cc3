//! `palinode man`: the manual pages, made from the same definitions as the help texts.

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::{Arguments, Complaint, ExitCode, Failure, Output};

const EXAMPLES: &str = "\
Examples:
  palinode man | man -l -                     reads the page of palinode
  palinode man --out /usr/local/share/man/man1   writes one page for each command";

/// Arguments of `palinode man`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ManArguments {
    /// Write the pages of all commands into this folder, which must exist, instead of printing the first one
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
#[error("the man pages cannot be written: {0}")]
struct ManError(#[from] std::io::Error);

impl Complaint for ManError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Refused
    }

    fn help(&self) -> Option<String> {
        Some("--out must name a folder that exists and can be written to".to_owned())
    }
}

pub(super) fn run(arguments: &ManArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    if let Some(folder) = &arguments.out {
        clap_mangen::generate_to(Arguments::command(), folder).map_err(ManError)?;
    } else {
        let mut page = Vec::new();
        Man::new(Arguments::command()).render(&mut page).map_err(ManError)?;
        output.write(&page)?;
    }
    Ok(ExitCode::Done)
}

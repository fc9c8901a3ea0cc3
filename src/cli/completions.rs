//! `palinode completions`: a script that completes commands and flags in a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Arguments, ExitCode, Failure, Output};

const EXAMPLES: &str = "\
Examples:
  palinode completions bash > ~/.local/share/bash-completion/completions/palinode
  palinode completions zsh > \"${fpath[1]}/_palinode\"
  palinode completions fish > ~/.config/fish/completions/palinode.fish";

/// Arguments of `palinode completions`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CompletionsArguments {
    /// Which shell
    #[arg(value_enum)]
    pub shell: Shell,
}

pub(super) fn run(arguments: &CompletionsArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "palinode", &mut script);
    output.write(&script)?;
    Ok(ExitCode::Done)
}

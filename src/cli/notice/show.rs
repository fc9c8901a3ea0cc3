//! `palinode notice show`: what a signed notice says, for people.

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
Shows what the file says. It does not check the signature: `palinode notice verify` does.

Examples:
  palinode notice show notice.json
  curl -s https://ledger.example.org/v1/notices/<ID>/envelope | palinode notice show -";

/// Arguments of `palinode notice show`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowArguments {
    /// A signed notice or an envelope; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

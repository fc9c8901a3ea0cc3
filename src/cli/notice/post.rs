//! `palinode notice post`: sends signed notices to servers and keeps the receipts.

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
Tells each server's answer and keeps a receipt (the entry and its proof) beside the notice. Posting again does no harm.

Examples:
  palinode notice post notice.json
  palinode notice post *.json --server https://ledger.example.org/ --server https://peer.example.net/
  palinode notice post notice.json --dry-run";

/// Arguments of `palinode notice post`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PostArguments {
    /// Signed notices or publisher records
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Which server to post to; repeat for more
    #[arg(long, value_name = "URL", env = "PALINODE_SERVER", default_value = "http://127.0.0.1:8080/")]
    pub server: Vec<String>,
    /// Let the server check everything and append nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Folder for the receipts; default: beside each notice
    #[arg(long, value_name = "DIR")]
    pub receipts: Option<PathBuf>,
}

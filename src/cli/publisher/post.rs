//! `palinode publisher post`: sends publisher records to servers and keeps the receipts.

use clap::Args;

use crate::cli::posting::{self, PostingArguments};
use crate::cli::{ExitCode, Failure, Output};

const EXAMPLES: &str = "\
Posting again does no harm. Keeps a receipt beside the record, as `palinode notice post` does. Of several records, give the older
ones first: a server takes a record when it knows the one before.

Examples:
  palinode publisher post publisher.json
  palinode publisher post publisher.json publisher-1.json --server https://ledger.example.org/ --server https://peer.example.net/";

/// Arguments of `palinode publisher post`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PostArguments {
    /// What to post, and where
    #[command(flatten)]
    pub posting: PostingArguments,
}

pub(super) fn run(arguments: &PostArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    posting::run(&arguments.posting, output)
}

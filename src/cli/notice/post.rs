//! `palinode notice post`: sends signed notices to servers and keeps the receipts.

use clap::Args;

use crate::cli::posting::{self, PostingArguments};
use crate::cli::{ExitCode, Failure, Output};

const EXAMPLES: &str = "\
Tells each server's answer and keeps a receipt beside each notice: the proof (FILE.<origin>.tlog-proof) and the entry that it
is about (FILE.<origin>.entry). `palinode proof verify` checks them offline. Posting again does no harm, and renews the receipt.

Digest lists that a notice names are brought along after it, piece by piece: those given with --document, and files that end in
.digests beside the notice. An upload that was interrupted goes on where it was when the same file is posted again within a day; until
it has ended, a file that ends in .upload beside the list keeps what is needed for that.

Examples:
  palinode notice post notice.json
  palinode notice post notice.json --document faces.digests
  palinode notice post *.json --server https://ledger.example.org/ --server https://peer.example.net/
  palinode notice post notice.json --dry-run";

/// Arguments of `palinode notice post`.
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

//! `palinode proof`: checks receipts offline.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const VERIFY_EXAMPLES: &str = "\
A receipt shows that an entry stands in a server's log. Checking it needs no network: only the entry, the receipt and the
server's log key.

Examples:
  palinode proof verify notice.tlog-proof --entry notice.envelope.json \\
      --log-key ledger.example.org/log+01234567+AQEB...";

/// `palinode proof ...`
#[derive(Debug, Subcommand)]
pub enum ProofCommand {
    /// Check that a receipt shows an entry in a log
    Verify(ProofVerifyArguments),
}

/// Arguments of `palinode proof verify`.
#[derive(Debug, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub struct ProofVerifyArguments {
    /// The receipt, a .tlog-proof file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The entry it is about: an envelope
    #[arg(long, value_name = "FILE")]
    pub entry: PathBuf,
    /// Key of the log, as a verifier key
    #[arg(long, value_name = "VKEY")]
    pub log_key: String,
    /// Key of a witness whose cosignature must be there; repeat for more
    #[arg(long, value_name = "VKEY")]
    pub witness_key: Vec<String>,
}

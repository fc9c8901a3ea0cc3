//! `palinode check`: asks a server what is known about identifiers.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
An identifier is a DOI, a URL, a Hub or Kaggle name, a digest, a torrent, a name and more, in any usual spelling.

Exit codes: 0 all looked up and nothing at the --fail-on level; 1 a finding; 2 malformed; 3 could not look up; 4 a proof is
broken; 5 nothing to check.

Examples:
  palinode check doi:10.5281/zenodo.1234567
  palinode check https://huggingface.co/datasets/example/faces --server https://ledger.example.org/
  palinode check --file identifiers.txt --fail-on concern
  sha256sum *.tar | cut -d' ' -f1 | palinode check -";

/// Arguments of `palinode check`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArguments {
    /// Identifiers to ask about; `-` reads them from standard input, one a line
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Read identifiers from a file, one a line; empty lines and lines that begin with # are skipped
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Which server to ask
    #[arg(long, value_name = "URL", env = "PALINODE_SERVER", default_value = "http://127.0.0.1:8080/")]
    pub server: String,
    /// The mildest verdict that ends with exit code 1
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = FailOn::DerivedFromRetracted)]
    pub fail_on: FailOn,
    /// Fetch entries and proofs, verify them, and decide the verdict again here
    #[arg(long)]
    pub proof: bool,
}

/// Verdicts that can be made to fail, most severe first (domain, section 3, "Order").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum FailOn {
    /// The dataset is retracted.
    Retracted,
    /// The asked part is retracted.
    PartRetracted,
    /// It was made from a retracted dataset.
    DerivedFromRetracted,
    /// A notice says so, and somebody entitled objects.
    Disputed,
    /// It is gone and nobody said why.
    RemovedUnexplained,
    /// Something may be wrong with it.
    Concern,
    /// Somebody without authority over it reports something.
    Reported,
    /// A newer, mended one exists.
    Corrected,
    /// Something will hold from a later date.
    Scheduled,
    /// A newer one takes its place.
    Superseded,
    /// It is gone, and nothing is wrong with it.
    RemovedNoFault,
    /// It may be used again.
    Reinstated,
    /// A notice exists and does not mean this copy.
    NotAffected,
    /// Only a name or a mention fits.
    Possible,
}

//! `palinode notice verify`: checks form and signature of a notice offline.

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
A notice by did:key proves itself. For a notice by did:web, give the key or the publisher record that you trust.

Examples:
  palinode notice verify notice.json
  palinode notice verify notice.json --publisher publisher.json
  palinode notice verify notice.json --key z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";

/// Arguments of `palinode notice verify`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyArguments {
    /// A signed notice or an envelope; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// A public key that the notice must be signed with: z6Mk..., 64 hex digits, or a PEM file; repeat for more
    #[arg(long, value_name = "KEY")]
    pub key: Vec<String>,
    /// A publisher record, or a pin file, whose keys the notice must be signed with
    #[arg(long, value_name = "FILE")]
    pub publisher: Option<PathBuf>,
}

//! `palinode notice sign`: checks, completes and signs a draft.

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
Completes the draft (issuer, time, salt), names every fault with its place, previews what will stand for ever, and writes the
body that `palinode notice post` sends: the envelope and its documents.

Examples:
  palinode notice sign draft.json --key publisher.pem --issuer did:web:example.org --out notice.json
  palinode notice sign draft.json --key me.pem --out notice.json     signs as did:key";

/// Arguments of `palinode notice sign`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SignArguments {
    /// The draft; `-` reads standard input
    #[arg(value_name = "DRAFT")]
    pub draft: PathBuf,
    /// The private key, a PEM file
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Who issues it; default: what the draft says, else did:key of the key
    #[arg(long, value_name = "DID")]
    pub issuer: Option<String>,
    /// Write the signed notice to this file
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

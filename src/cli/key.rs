//! `palinode key`: key files.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const NEW_EXAMPLES: &str = "\
The file is an ordinary PKCS#8 PEM file with mode 0600, as `openssl genpkey -algorithm ed25519` writes it. It is never overwritten.

Examples:
  palinode key new publisher.pem";
const SHOW_EXAMPLES: &str = "\
Examples:
  palinode key show publisher.pem
  palinode key show log.pem --name ledger.example.org/log    also as a verifier key of the C2SP formats";

/// `palinode key ...`
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a new private key
    New(KeyNewArguments),
    /// Show the public part of a key in every form
    Show(KeyShowArguments),
}

/// Arguments of `palinode key new`.
#[derive(Debug, Args)]
#[command(after_help = NEW_EXAMPLES)]
pub struct KeyNewArguments {
    /// Where to write the private key
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Arguments of `palinode key show`.
#[derive(Debug, Args)]
#[command(after_help = SHOW_EXAMPLES)]
pub struct KeyShowArguments {
    /// A private or public key file: PEM, z6Mk... or 64 hex digits
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Name of a log or witness, to show the key as verifier keys too
    #[arg(long)]
    pub name: Option<String>,
}

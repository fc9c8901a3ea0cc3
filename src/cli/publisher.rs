//! `palinode publisher`: publisher records, which say whose keys speak for an issuer.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const INIT_EXAMPLES: &str = "\
Writes the signed record (post it, or send it to an operator) and a pin file that operators can put into their folder of
publishers after adding the prefixes they grant you.

Examples:
  palinode publisher init --id did:web:example.org --name 'Example Vision Lab' --key publisher.pem --out publisher.json
  palinode publisher init --id did:web:example.org --name 'Example Vision Lab' --homepage https://example.org/ \\
      --key publisher.pem --out publisher.json --pin publisher.pin.json --prefix hf:datasets/example/";

/// `palinode publisher ...`
#[derive(Debug, Subcommand)]
pub enum PublisherCommand {
    /// Make and sign the first record of a publisher
    Init(PublisherInitArguments),
}

/// Arguments of `palinode publisher init`.
#[derive(Debug, Args)]
#[command(after_help = INIT_EXAMPLES)]
pub struct PublisherInitArguments {
    /// Who the publisher is: did:web:<domain>, or did:key:z6Mk... of the key itself
    #[arg(long, value_name = "DID")]
    pub id: String,
    /// The name people know
    #[arg(long)]
    pub name: String,
    /// Home page
    #[arg(long, value_name = "URL")]
    pub homepage: Option<String>,
    /// Contact page, an https URL
    #[arg(long, value_name = "URL")]
    pub contact: Option<String>,
    /// The private key, a PEM file
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Write the signed record to this file
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Write a pin file for operators to this file
    #[arg(long, value_name = "FILE")]
    pub pin: Option<PathBuf>,
    /// A prefix of identifiers that the pin file gives the publisher; repeat for more
    #[arg(long, value_name = "PREFIX", requires = "pin")]
    pub prefix: Vec<String>,
}

//! `palinode key`: key files.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::file::{self, Readers};
use super::{Complaint, ExitCode, Failure, Output, key_argument, secret};
use crate::envelope::{PublicKey, SecretKey};
use crate::tlog::{KeyName, VerifierKey};

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

/// `--name` is no name.
#[derive(Debug, thiserror::Error)]
#[error("--name: {0}")]
struct NameError(#[from] crate::tlog::KeyError);

impl Complaint for NameError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        Some("a name is the origin of a log, such as ledger.example.org/log".to_owned())
    }
}

/// A public key in every form that somebody may ask for.
#[derive(Serialize)]
struct PublicForms {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    public_key: String,
    did: String,
    hex: String,
    key_id: String,
    pem: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    verifier_keys: Option<VerifierKeys>,
}

#[derive(Serialize)]
struct VerifierKeys {
    log: String,
    witness: String,
}

pub(super) fn run(command: &KeyCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        KeyCommand::New(arguments) => new(arguments, output),
        KeyCommand::Show(arguments) => show(arguments, output),
    }
}

fn new(arguments: &KeyNewArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let key = SecretKey::from_seed(secret::random_bytes()?);
    file::write_new(&arguments.file, key.to_pem().as_bytes(), Readers::Owner)?;
    let mut forms = PublicForms::of(&key.public());
    forms.file = Some(arguments.file.display().to_string());
    output.show(&forms)?;
    Ok(ExitCode::Done)
}

fn show(arguments: &KeyShowArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let key = key_argument::read_file("the file", &arguments.file)?.public;
    let mut forms = PublicForms::of(&key);
    if let Some(name) = &arguments.name {
        let name = KeyName::parse(name).map_err(NameError)?;
        forms.verifier_keys = Some(VerifierKeys {
            log: VerifierKey::log_key(name.clone(), key).to_string(),
            witness: VerifierKey::witness_key(name, key).to_string(),
        });
    }
    output.show(&forms)?;
    Ok(ExitCode::Done)
}

impl PublicForms {
    fn of(key: &PublicKey) -> Self {
        Self {
            file: None,
            public_key: key.to_multibase(),
            did: key.to_did().to_string(),
            hex: data_encoding::HEXLOWER.encode(key.as_bytes()),
            key_id: key.key_id().to_string(),
            pem: key.to_pem(),
            verifier_keys: None,
        }
    }
}

impl fmt::Display for PublicForms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            writeln!(f, "A new private key is in {file}. Keep it: whoever has it can speak in your name.\n")?;
        }
        writeln!(f, "public key   {}", self.public_key)?;
        writeln!(f, "DID          {}", self.did)?;
        writeln!(f, "hex          {}", self.hex)?;
        writeln!(f, "key id       {}", self.key_id)?;
        if let Some(keys) = &self.verifier_keys {
            writeln!(f, "log key      {}", keys.log)?;
            writeln!(f, "witness key  {}", keys.witness)?;
        }
        write!(f, "{}", self.pem)
    }
}

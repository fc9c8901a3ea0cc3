//! `palinode publisher init`: the first record of a publisher, and a pin file of it.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::file::{self, Readers};
use crate::cli::{Complaint, ExitCode, Failure, Output, secret};
use crate::clock::{Clock, SystemClock};
use crate::envelope::{DidDocument, EnvelopeError, FormError, PayloadType, PinError, PinFile, RecordDraft};
use crate::notice::{Did, DidError, DidMethod, Timestamp};

const EXAMPLES: &str = "\
Writes the signed record (post it, or send it to an operator) and a pin file that operators can put into their folder of
publishers after adding the prefixes they grant you. Keep the private key where it cannot be lost: whoever has an active key can
make the next record (`palinode publisher rotate`), and nobody else ever can. A second key beside the first is a good idea:
`rotate` with --add and nothing to retire, and the second key kept at another place.

A server that verifies domains takes the record once https://<your domain>/.well-known/did.json names its key: --did-document writes
that file. Put it up first, so that the server finds it when it asks.

Examples:
  palinode publisher init --id did:web:example.org --name 'Example Vision Lab' --key publisher.pem --out publisher.json
  palinode publisher init --id did:web:example.org --name 'Example Vision Lab' --key publisher.pem --out publisher.json \\
      --did-document did.json
  palinode publisher init --id did:web:example.org --name 'Example Vision Lab' --homepage https://example.org/ \\
      --key publisher.pem --out publisher.json --pin publisher.pin.json --prefix hf:datasets/example/";

/// Arguments of `palinode publisher init`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InitArguments {
    /// Who the publisher is: did:web and a domain (did:web:example.org), or the did:key of the key itself
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
    /// Write the document by which the domain names the key to this file (did:web only)
    #[arg(long, value_name = "FILE")]
    pub did_document: Option<PathBuf>,
    /// A prefix of identifiers that the pin file gives the publisher; repeat for more
    #[arg(long, value_name = "PREFIX", requires = "pin")]
    pub prefix: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
enum InitError {
    #[error("--id {0}")]
    Did(#[from] DidError),
    #[error("the record is refused: {0}")]
    Form(#[from] FormError),
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error("the pin file is refused: {0}")]
    Pin(#[from] PinError),
    #[error("--did-document is for domains, and {0} is a key")]
    NoDomain(Did),
    #[error("the clock stands outside the years 1970 to 9999")]
    Clock,
}

impl Complaint for InitError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Did(_) | Self::NoDomain(_) => ExitCode::Usage,
            Self::Form(_) | Self::Envelope(_) | Self::Pin(_) | Self::Clock => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Did(_) => Some("use did:web:<your domain>, or the did:key that `palinode key show` prints".to_owned()),
            Self::NoDomain(_) => Some("leave --did-document out: a did:key says itself whose it is".to_owned()),
            Self::Form(_) | Self::Envelope(_) | Self::Pin(_) | Self::Clock => None,
        }
    }
}

/// What was made.
#[derive(Serialize)]
struct Made {
    id: Did,
    name: String,
    key: String,
    lineage: String,
    record: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin: Option<String>,
    prefixes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    did_document: Option<String>,
}

pub(super) fn run(arguments: &InitArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    output.show(&init(arguments)?)?;
    Ok(ExitCode::Done)
}

fn init(arguments: &InitArguments) -> Result<Made, Failure> {
    let id = Did::parse(&arguments.id).map_err(InitError::Did)?;
    if arguments.did_document.is_some() && !matches!(id.method(), DidMethod::Web(_)) {
        return Err(InitError::NoDomain(id).into());
    }
    let key = secret::read(&arguments.key)?;
    let issued = Timestamp::from_time(SystemClock.now()).ok_or(InitError::Clock)?;
    let mut draft = RecordDraft::first(id.clone(), &arguments.name, key.public(), issued);
    draft.homepage.clone_from(&arguments.homepage);
    draft.contact.clone_from(&arguments.contact);
    let completed = draft.complete().map_err(InitError::Form)?;
    let envelope = key.sign_envelope(PayloadType::Publisher, &completed.payload).map_err(InitError::Envelope)?;
    // Reading it back as a pin proves that the record is one that servers take.
    let pin = PinFile::new(envelope, &arguments.prefix, None).map_err(InitError::Pin)?;
    let document = DidDocument::written(&id, &[key.public()]);
    write_all(&[
        (Some(&arguments.out), pin.record().signed().entry()),
        (arguments.pin.as_ref(), pin.to_json().as_bytes()),
        (arguments.did_document.as_ref(), document.as_bytes()),
    ])?;
    let named = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    Ok(Made {
        id,
        name: arguments.name.clone(),
        key: key.public().to_multibase(),
        lineage: pin.lineage().to_string(),
        record: arguments.out.display().to_string(),
        pin: named(&arguments.pin),
        prefixes: arguments.prefix.clone(),
        did_document: named(&arguments.did_document),
    })
}

/// Writes all of these files or none, so that the same command can be given again.
fn write_all(files: &[(Option<&PathBuf>, &[u8])]) -> Result<(), Failure> {
    let mut written: Vec<&PathBuf> = Vec::new();
    for (path, bytes) in files.iter().filter_map(|(path, bytes)| Some(((*path)?, bytes))) {
        if let Err(error) = file::write_new(path, bytes, Readers::Everyone) {
            for path in written {
                // What cannot be removed stands where it is named.
                let _ = std::fs::remove_file(path);
            }
            return Err(error.into());
        }
        written.push(path);
    }
    Ok(())
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} is {}", self.id, self.name)?;
        writeln!(f, "key       {}", self.key)?;
        writeln!(f, "lineage   {}", self.lineage)?;
        writeln!(f, "record    {}", self.record)?;
        if let Some(pin) = &self.pin {
            let prefixes = if self.prefixes.is_empty() { "no prefixes yet".to_owned() } else { self.prefixes.join(", ") };
            writeln!(f, "pin file  {pin} ({prefixes})")?;
        }
        if let Some(document) = &self.did_document {
            let domain = self.id.as_str().trim_start_matches("did:web:");
            writeln!(f, "document  {document}, to be put up as https://{domain}/.well-known/did.json")?;
        }
        write!(
            f,
            "\nPost the record to a server (palinode publisher post {}), or send the pin file to its operator.",
            self.record
        )
    }
}

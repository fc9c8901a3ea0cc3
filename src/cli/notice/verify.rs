//! `palinode notice verify`: checks form and signature of a notice offline.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::show;
use super::signed_file;
use crate::cli::key_argument::{self, KeyArgumentError};
use crate::cli::{Complaint, ExitCode, Failure, FileError, Output, file};
use crate::client::SubmissionBody;
use crate::envelope::{
    Claim, ClaimError, Envelope, EnvelopeError, FormError, KeyError, PinError, PinFile, PublicKey, PublisherRecord,
    SignatureError, verify,
};
use crate::notice::{Did, DidMethod, NoticeId};

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

/// More than any publisher record or pin file.
const MAX_PUBLISHER_FILE: u64 = 262_144;

#[derive(Debug, thiserror::Error)]
enum VerifyError {
    #[error(transparent)]
    Key(#[from] KeyArgumentError),
    #[error("{issuer}: {source}")]
    Issuer { issuer: Did, source: KeyError },
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{}: {source}", path.display())]
    Pin { path: PathBuf, source: PinError },
    #[error("{}: {source}", path.display())]
    Envelope { path: PathBuf, source: EnvelopeError },
    #[error("{}: {source}", path.display())]
    Record { path: PathBuf, source: ClaimError<FormError> },
    #[error("{}: the record is not signed by one of its own keys", path.display())]
    RecordSignature { path: PathBuf },
    #[error("{} is about {found}, but the notice is by {issuer}", path.display())]
    AnotherPublisher { path: PathBuf, found: Did, issuer: Did },
    #[error("nothing here says which keys speak for {0}")]
    NoKeys(Did),
    #[error("not verified: {0}")]
    Signature(#[from] SignatureError),
}

impl Complaint for VerifyError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::File(error) => error.exit_code(),
            Self::Key(error) => error.exit_code(),
            Self::Issuer { .. } | Self::NoKeys(_) => ExitCode::Usage,
            Self::Pin { .. }
            | Self::Envelope { .. }
            | Self::Record { .. }
            | Self::RecordSignature { .. }
            | Self::AnotherPublisher { .. }
            | Self::Signature(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Key(error) => error.help(),
            Self::NoKeys(_) => Some("give --publisher FILE (a record or pin you trust) or --key KEY".to_owned()),
            Self::Signature(_) => Some("do not rely on this notice; ask the issuer for its key or for the notice".to_owned()),
            _ => None,
        }
    }
}

/// What was found.
#[derive(Serialize)]
struct Verified {
    id: NoticeId,
    issuer: Did,
    title: String,
    #[serde(rename = "type")]
    kind: &'static str,
    signed_by: String,
    texts: &'static str,
}

pub(super) fn run(arguments: &VerifyArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let SubmissionBody { envelope, documents } = signed_file::read(&arguments.file)?;
    let content = show::content(&envelope, &documents)?;
    let notice = content.notice;
    let candidates = candidates(arguments, &notice.issuer.id)?;
    let signed = verify(&envelope, &candidates).map_err(VerifyError::Signature)?;
    output.show(&Verified {
        id: signed.payload_id(),
        issuer: notice.issuer.id,
        title: notice.dataset.title,
        kind: notice.kind.as_str(),
        signed_by: signed.key().to_multibase(),
        texts: match (&notice.texts, &content.texts) {
            (None, _) => "none",
            (Some(_), None) => "named, not here",
            (Some(_), Some(_)) => "here, and the ones that were signed",
        },
    })?;
    Ok(ExitCode::Done)
}

/// The keys under which the signature may hold: those given, else the key that the issuer is.
fn candidates(arguments: &VerifyArguments, issuer: &Did) -> Result<Vec<PublicKey>, VerifyError> {
    let mut keys = Vec::new();
    for text in &arguments.key {
        keys.push(key_argument::read("--key", text)?.public);
    }
    if let Some(path) = &arguments.publisher {
        let record = read_record(path)?;
        if record.id != *issuer {
            return Err(VerifyError::AnotherPublisher { path: path.clone(), found: record.id, issuer: issuer.clone() });
        }
        keys.extend(record.keys.iter().map(|listed| listed.key));
    }
    if keys.is_empty() {
        match issuer.method() {
            DidMethod::Key(_) => {
                let key = PublicKey::from_did_key(issuer);
                keys.push(key.map_err(|source| VerifyError::Issuer { issuer: issuer.clone(), source })?);
            }
            DidMethod::Web(_) => return Err(VerifyError::NoKeys(issuer.clone())),
        }
    }
    Ok(keys)
}

/// A pin file, or a publisher record that is signed by one of the keys it lists.
fn read_record(path: &Path) -> Result<PublisherRecord, VerifyError> {
    let bytes = file::read(path, MAX_PUBLISHER_FILE)?;
    let envelope = match Envelope::parse(&bytes) {
        Ok(envelope) => envelope,
        Err(source) => {
            return match PinFile::parse(&bytes) {
                Ok(pin) => Ok(pin.record().value().clone()),
                // A file with a `record` was meant to be a pin.
                Err(PinError::Form(_) | PinError::Syntax(_)) => Err(VerifyError::Envelope { path: path.to_owned(), source }),
                Err(source) => Err(VerifyError::Pin { path: path.to_owned(), source }),
            };
        }
    };
    let claim =
        Claim::<PublisherRecord>::read(envelope).map_err(|source| VerifyError::Record { path: path.to_owned(), source })?;
    let keys: Vec<_> = claim.value().keys.iter().map(|listed| listed.key).collect();
    match claim.verify(&keys) {
        Ok(record) => Ok(record.value().clone()),
        Err(_) => Err(VerifyError::RecordSignature { path: path.to_owned() }),
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The signature holds: {} of {} by {}", self.kind, self.title, self.issuer)?;
        writeln!(f, "notice id   {}", self.id)?;
        writeln!(f, "signed by   {}", self.signed_by)?;
        write!(f, "texts       {}", self.texts)
    }
}

//! What `rotate` and `revoke` share: making the next record, signing it, and showing what it says.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::source::{self, Source, SourceError};
use crate::cli::file::{self, Readers};
use crate::cli::{Complaint, ExitCode, Failure, FileError, key_argument, secret};
use crate::clock::{Clock, SystemClock};
use crate::envelope::{
    Changes, EnvelopeError, FormError, KeyStatus, Lineages, PayloadType, PublicKey, PublisherRecord, RecordKey, SecretKey,
    Succession, SuccessionError, succeed,
};
use crate::notice::{Did, PayloadId, Timestamp};

/// Which record is followed, and by whom.
#[derive(Debug, Args)]
pub struct NextArguments {
    /// The newest record of the publisher, a file; or all its records; or its DID, when a server is named that knows them
    #[arg(value_name = "RECORD|DID", required = true)]
    pub record: Vec<String>,
    /// The private key that signs, a PEM file: one that the newest record calls active
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Ask this server first whether the record is still the newest
    #[arg(long, value_name = "URL", env = "PALINODE_SERVER")]
    pub server: Option<String>,
    /// Make a second record beside one that exists: right only when that one was made with a stolen key
    #[arg(long)]
    pub fork: bool,
    /// Make a record that leaves no active key: nobody can then sign anything of this publisher again, for ever
    #[arg(long)]
    pub leave_no_active_key: bool,
}

/// Why no next record was made.
#[derive(Debug, thiserror::Error)]
pub(super) enum NextError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Succession(#[from] SuccessionError),
    #[error("the record is refused: {0}")]
    Form(#[from] FormError),
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("the clock stands outside the years 1970 to 9999")]
    Clock,
}

impl Complaint for NextError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Source(error) => error.exit_code(),
            Self::File(error) => error.exit_code(),
            Self::Succession(SuccessionError::NothingChanges | SuccessionError::Twice(_)) => ExitCode::Usage,
            Self::Succession(_) | Self::Form(_) | Self::Envelope(_) | Self::Clock => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::Source(error) => return error.help(),
            Self::File(error) => return error.help(),
            Self::Succession(error) => match error {
                SuccessionError::NothingChanges => {
                    "name a key with --add or --retire, or another --name, --homepage or --contact"
                }
                SuccessionError::Ends => {
                    "give the publisher a new key in the same record: make one with `palinode key new`, and add it with --add; \
                     or say that the end is meant with --leave-no-active-key"
                }
                SuccessionError::NotEntitled(..) => {
                    "sign with such a key (`palinode publisher show` lists them), or name a newer record if there is one"
                }
                SuccessionError::DidKey => {
                    "begin a new identity with another key, and end this one with `palinode publisher revoke`"
                }
                SuccessionError::Compromised(_) => "make a new key with `palinode key new`",
                SuccessionError::NotActive(_) => "`palinode publisher show` lists the keys and what they are",
                SuccessionError::TooManyKeys => "retire some first",
                SuccessionError::IsActive(_) | SuccessionError::Twice(_) => return None,
            },
            Self::Form(_) | Self::Envelope(_) | Self::Clock => return None,
        };
        Some(help.to_owned())
    }
}

/// A next record.
#[derive(Serialize)]
pub(super) struct Next {
    id: Did,
    name: String,
    sequence: u64,
    record_id: PayloadId,
    follows: PayloadId,
    signed_by: PublicKey,
    keys: Vec<RecordKey>,
    /// Retired and compromised keys that it has no room for; they stay what they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<PublicKey>,
    /// The server that knows the record before, and none that follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest_at: Option<String>,
    record: String,
}

/// The records that are followed, and the key that signs what follows.
pub(super) struct Desk {
    pub(super) source: Source,
    pub(super) signer: SecretKey,
}

impl Desk {
    pub(super) fn open(arguments: &NextArguments) -> Result<Self, Failure> {
        let signer = secret::read(&arguments.key)?;
        let source = source::read(&arguments.record, arguments.server.as_deref()).map_err(NextError::Source)?;
        Ok(Self { source, signer })
    }

    /// The newest record.
    pub(super) fn newest(&self) -> Result<(PayloadId, &PublisherRecord), NextError> {
        Ok(self.source.newest(&self.signer.public())?)
    }

    /// Makes the next record, signs it, and writes it to `out`.
    pub(super) fn write(&self, arguments: &NextArguments, changes: &Changes, out: &Path) -> Result<Next, NextError> {
        let (previous, record) = self.newest()?;
        let issued = Timestamp::from_time(SystemClock.now()).ok_or(NextError::Clock)?;
        let Succession { draft, left_out } = succeed(record, previous, changes, &self.signer.public(), issued)?;
        let newest_at = match arguments.server.as_deref().filter(|_| !arguments.fork) {
            Some(url) => self.source.refuse_second_successor(previous, url)?.then(|| url.to_owned()),
            None => None,
        };
        let completed = draft.complete()?;
        let envelope = self.signer.sign_envelope(PayloadType::Publisher, &completed.payload)?;
        file::write_new(out, envelope.to_json().as_bytes(), Readers::Everyone)?;
        Ok(Next {
            id: completed.record.id,
            name: completed.record.name,
            sequence: completed.record.sequence,
            record_id: envelope.payload_id(),
            follows: previous,
            signed_by: self.signer.public(),
            keys: completed.record.keys,
            left_out,
            newest_at,
            record: out.display().to_string(),
        })
    }

    /// The lineages as far as they are known here.
    pub(super) fn lineages(&self) -> &Lineages {
        &self.source.lineages
    }
}

/// Reads the keys that were named for one thing.
pub(super) fn keys(what: &'static str, named: &[String]) -> Result<Vec<key_argument::KeyArgument>, Failure> {
    named.iter().map(|text| Ok(key_argument::read(what, text)?)).collect()
}

/// The public halves.
pub(super) fn public(keys: &[key_argument::KeyArgument]) -> Vec<PublicKey> {
    keys.iter().map(|key| key.public).collect()
}

/// What it means for a key to be this.
pub(super) fn meaning(status: KeyStatus) -> &'static str {
    match status {
        KeyStatus::Active => "signs new notices and records",
        KeyStatus::Retired => "signs nothing new; what it signed keeps its force",
        KeyStatus::Compromised => "signs nothing new; what only it signed lifts nothing",
    }
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "record {} of {}, {}", self.sequence, self.id, self.name)?;
        for RecordKey { key, status, .. } in &self.keys {
            writeln!(f, "  {key}  {status:<11}  {}", meaning(*status))?;
        }
        for key in &self.left_out {
            writeln!(f, "  {key}  left out, because a record lists 16 keys; it stays what it is")?;
        }
        writeln!(f, "follows    {}", self.follows)?;
        match &self.newest_at {
            Some(url) => writeln!(f, "           the newest that {url} knows")?,
            None => writeln!(f, "           be sure that it is the newest: --server asks a server that knows it")?,
        }
        writeln!(f, "signed by  {}", self.signed_by)?;
        writeln!(f, "record     {}", self.record)?;
        writeln!(f, "\nNothing is posted yet. What you post stands for ever, and a second record {} beside it", self.sequence)?;
        writeln!(f, "would end the chain there:")?;
        writeln!(f, "  palinode publisher post {}", self.record)
    }
}

//! The records that a command is about: those in files, or those that a server has.

use std::path::{Path, PathBuf};

use crate::cli::connection::{Connection, ConnectionError};
use crate::cli::{Complaint, ExitCode, FileError, file};
use crate::client::answers::PublisherAnswer;
use crate::client::{HistoryError, HistoryFault, PublisherHistory};
use crate::envelope::{
    Claim, ClaimError, Envelope, EnvelopeError, FormError, Lineage, Lineages, PinError, PinFile, PublicKey, PublisherRecord,
    Verified,
};
use crate::notice::{Did, DidError, PayloadId};

/// More than any record or pin file.
const MAX_FILE: u64 = 262_144;

/// The records of one publisher.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) did: Did,
    pub(super) records: Vec<Verified<PublisherRecord>>,
    /// What follows from them.
    pub(super) lineages: Lineages,
    pub(super) origin: Origin,
}

/// Where they are from.
#[derive(Debug)]
pub(super) enum Origin {
    /// Files, with the pins among them.
    Files(Vec<PinFile>),
    /// A server, with what it says.
    Server(String, PublisherAnswer),
}

/// Why there are no records to work with.
#[derive(Debug, thiserror::Error)]
pub(super) enum SourceError {
    #[error(transparent)]
    Did(#[from] DidError),
    #[error("one DID, or files: {0} is named beside others")]
    Mixed(String),
    #[error("{0} is a publisher and no file, and no server is named that knows its records")]
    NoServer(Did),
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    #[error("{url}: {fault}")]
    Broken { url: String, fault: HistoryFault },
    #[error("{did} is not known to {url}")]
    Unknown { did: Did, url: String },
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{} is neither a publisher record nor a pin file: {source}", path.display())]
    NotARecord { path: PathBuf, source: EnvelopeError },
    #[error("{}: {source}", path.display())]
    Pin { path: PathBuf, source: PinError },
    #[error("{}: {source}", path.display())]
    Record { path: PathBuf, source: ClaimError<FormError> },
    #[error("{} is about {found}, and the file before it about {did}", path.display())]
    TwoPublishers { path: PathBuf, found: Did, did: Did },
    #[error("{}: none of the keys that these records list has signed it", path.display())]
    Unsigned { path: PathBuf },
    #[error("the records do not make one chain")]
    NoChain,
    #[error("two records claim place {sequence} of {did}: {}", records.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and "))]
    Forked { did: Did, sequence: u64, records: Vec<PayloadId> },
    #[error("{url} knows a record {sequence} that follows this one already: {id}")]
    Followed { url: String, sequence: u64, id: PayloadId },
}

impl Complaint for SourceError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Did(_) | Self::Mixed(_) | Self::NoServer(_) => ExitCode::Usage,
            Self::Connection(error) => error.exit_code(),
            Self::File(error) => error.exit_code(),
            Self::Broken { .. } => ExitCode::Integrity,
            Self::Unknown { .. }
            | Self::NotARecord { .. }
            | Self::Pin { .. }
            | Self::Record { .. }
            | Self::TwoPublishers { .. }
            | Self::Unsigned { .. }
            | Self::NoChain
            | Self::Forked { .. }
            | Self::Followed { .. } => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::Connection(error) => return error.help(),
            Self::File(error) => return error.help(),
            Self::NoServer(_) => "give --server URL or PALINODE_SERVER, or the files of the records",
            Self::Broken { .. } => "tell its operator, and ask another server",
            Self::Unknown { .. } => "ask another server, or post the record there (`palinode publisher post`)",
            Self::NotARecord { .. } => "`palinode publisher init` and `rotate` write records",
            Self::Unsigned { .. } => "give the record before it too",
            Self::NoChain => "give the newest record alone, or all of them from record 0 on",
            Self::Forked { .. } => {
                "give the file of the record that you want to follow, alone; neither branch may lift a notice any more, \
                 and `palinode publisher show` tells what each key still may"
            }
            Self::Followed { .. } => {
                "follow that one: name the publisher by its DID instead of a file. A second record at one place ends the \
                 chain there for good; only if somebody else made that one with a stolen key, add --fork"
            }
            Self::Did(_) | Self::Mixed(_) | Self::Pin { .. } | Self::Record { .. } | Self::TwoPublishers { .. } => return None,
        };
        Some(help.to_owned())
    }
}

/// Reads what was named: files of records and pins, or one DID that `server` is asked about.
pub(super) fn read(named: &[String], server: Option<&str>) -> Result<Source, SourceError> {
    match named {
        [did] if did.starts_with("did:") => of_server(Did::parse(did)?, server),
        files => match files.iter().find(|text| text.starts_with("did:")) {
            Some(did) => Err(SourceError::Mixed(did.clone())),
            None => of_files(files),
        },
    }
}

fn of_server(did: Did, server: Option<&str>) -> Result<Source, SourceError> {
    let Some(server) = server else { return Err(SourceError::NoServer(did)) };
    let connection = Connection::open(server)?;
    let url = connection.url().to_string();
    match history(&connection, &did)? {
        Some(PublisherHistory { answer, lineages, records }) => {
            Ok(Source { did, records, lineages, origin: Origin::Server(url, answer) })
        }
        None => Err(SourceError::Unknown { did, url }),
    }
}

fn history(connection: &Connection, did: &Did) -> Result<Option<PublisherHistory>, SourceError> {
    let url = || connection.url().to_string();
    connection.wait(connection.client.history(did)).map_err(|error| match error {
        HistoryError::Client(source) => ConnectionError::Asking { url: url(), source: Box::new(source) }.into(),
        HistoryError::Fault(fault) => SourceError::Broken { url: url(), fault },
    })
}

/// Everything is read before any signature is checked: a record may be signed by a key that only another file lists.
fn of_files(files: &[String]) -> Result<Source, SourceError> {
    let mut claims: Vec<(PathBuf, Claim<PublisherRecord>)> = Vec::new();
    let mut pins = Vec::new();
    for path in files.iter().map(PathBuf::from) {
        let claim = read_file(&path, &mut pins)?;
        if let Some((_, first)) = claims.first()
            && first.value().id != claim.value().id
        {
            let (found, did) = (claim.value().id.clone(), first.value().id.clone());
            return Err(SourceError::TwoPublishers { path, found, did });
        }
        claims.push((path, claim));
    }
    let Some(did) = claims.first().map(|(_, claim)| claim.value().id.clone()) else { return Err(SourceError::NoChain) };
    let mut keys: Vec<PublicKey> = PublicKey::from_did_key(&did).into_iter().collect();
    keys.extend(claims.iter().flat_map(|(_, claim)| &claim.value().keys).map(|listed| listed.key));
    let verify =
        |(path, claim): (PathBuf, Claim<PublisherRecord>)| claim.verify(&keys).ok().ok_or(SourceError::Unsigned { path });
    let records = claims.into_iter().map(verify).collect::<Result<Vec<_>, _>>()?;
    Ok(Source { did, lineages: Lineages::fold(&records), records, origin: Origin::Files(pins) })
}

fn read_file(path: &Path, pins: &mut Vec<PinFile>) -> Result<Claim<PublisherRecord>, SourceError> {
    let bytes = file::read(path, MAX_FILE)?;
    let envelope = match Envelope::parse(&bytes) {
        Ok(envelope) => envelope,
        Err(source) => match PinFile::parse(&bytes) {
            Ok(pin) => {
                let entry = Envelope::parse(pin.record().signed().entry());
                pins.push(pin);
                entry.map_err(|source| SourceError::NotARecord { path: path.to_owned(), source })?
            }
            // A file with a `record` was meant to be a pin.
            Err(PinError::Form(_) | PinError::Syntax(_)) => {
                return Err(SourceError::NotARecord { path: path.to_owned(), source });
            }
            Err(source) => return Err(SourceError::Pin { path: path.to_owned(), source }),
        },
    };
    Claim::read(envelope).map_err(|source| SourceError::Record { path: path.to_owned(), source })
}

impl Source {
    /// The record that the next one follows, with its payload id: the end of the chain, or the only record that was named. Of several
    /// lineages, the one that `signer` speaks for.
    pub(super) fn newest(&self, signer: &PublicKey) -> Result<(PayloadId, &PublisherRecord), SourceError> {
        if let [only] = self.records.as_slice()
            && matches!(self.origin, Origin::Files(_))
        {
            return Ok((only.signed().payload_id(), only.value()));
        }
        let lineages = self.lineages.of(&self.did);
        let speaks = |lineage: &&&Lineage| lineage.active_keys().contains(&signer);
        let lineage = match lineages.as_slice() {
            [only] => only,
            several => several.iter().find(speaks).ok_or(SourceError::NoChain)?,
        };
        if let Some(fork) = lineage.forks().into_iter().next() {
            return Err(SourceError::Forked { did: self.did.clone(), sequence: fork.sequence, records: fork.records });
        }
        let newest = lineage.chain().last().ok_or(SourceError::NoChain)?;
        Ok((newest.id, &newest.record))
    }

    /// Refuses to follow a record that the server at `url` has a successor of; gives whether the server knows the record. One that
    /// does not is no objection.
    pub(super) fn refuse_second_successor(&self, record: PayloadId, url: &str) -> Result<bool, SourceError> {
        let connection = Connection::open(url)?;
        let Some(PublisherHistory { records, .. }) = history(&connection, &self.did)? else { return Ok(false) };
        match records.iter().find(|known| known.value().previous == Some(record)) {
            None => Ok(records.iter().any(|known| known.signed().payload_id() == record)),
            Some(next) => Err(SourceError::Followed {
                url: connection.url().to_string(),
                sequence: next.value().sequence,
                id: next.signed().payload_id(),
            }),
        }
    }
}

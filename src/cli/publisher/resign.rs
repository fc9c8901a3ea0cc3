//! Notices that lift others lose that force when only compromised keys signed them. Those that the publisher knows as its own are
//! signed again with a good key: the same notice, one more signature. Which ones those are, only the publisher can say.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::connection::{Connection, ConnectionError};
use crate::cli::file::{self, Readers};
use crate::cli::notice::{SignedFileError, signed_file};
use crate::cli::{Complaint, ExitCode, Failure, FileError};
use crate::client::SubmissionBody;
use crate::envelope::{Claim, ClaimError, Envelope, EnvelopeError, PayloadType, PublicKey, SecretKey};
use crate::notice::{Did, Notice, NoticeError, NoticeId};
use crate::tlog::Hash;

/// How many pages of notices are looked through for those that lift.
const PAGES: usize = 100;

/// Why a notice was not signed again.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResignError {
    #[error("{0} is the id of a notice, and no server is named that has it")]
    NoServer(NoticeId),
    #[error("{url} has no notice {id}")]
    Unknown { id: NoticeId, url: String },
    #[error("{url} gave other bytes for notice {id}")]
    Other { id: NoticeId, url: String },
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    #[error(transparent)]
    File(#[from] SignedFileError),
    #[error(transparent)]
    Write(#[from] FileError),
    #[error("{what}: {source}")]
    NotANotice { what: String, source: ClaimError<NoticeError> },
    #[error("{what} is a notice of {found}, not of {did}")]
    OtherIssuer { what: String, found: Did, did: Did },
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error("the key that would sign {0} is itself marked compromised")]
    NoGoodKey(String),
}

impl Complaint for ResignError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoServer(_) => ExitCode::Usage,
            Self::Connection(error) => error.exit_code(),
            Self::File(error) => error.exit_code(),
            Self::Write(error) => error.exit_code(),
            Self::Other { .. } => ExitCode::Integrity,
            Self::Unknown { .. }
            | Self::NotANotice { .. }
            | Self::OtherIssuer { .. }
            | Self::Envelope(_)
            | Self::NoGoodKey(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NoServer(_) => Some("give --server URL, or the file of the notice".to_owned()),
            Self::Connection(error) => error.help(),
            Self::File(error) => error.help(),
            Self::Write(error) => error.help(),
            Self::NoGoodKey(_) => Some("add a new key in the same record, by its private key file: --add new.pem".to_owned()),
            Self::Other { .. } => Some("tell its operator, and ask another server".to_owned()),
            Self::Unknown { .. } | Self::NotANotice { .. } | Self::OtherIssuer { .. } | Self::Envelope(_) => None,
        }
    }
}

/// A notice that lifts another, signed by compromised keys only.
#[derive(Serialize)]
pub(super) struct Powerless {
    pub(super) id: NoticeId,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) title: String,
    /// Whether it was signed again just now.
    pub(super) signed_again: bool,
}

/// A notice that was signed again.
#[derive(Serialize)]
pub(super) struct Resigned {
    pub(super) id: NoticeId,
    pub(super) title: String,
    pub(super) file: String,
}

/// The notices of `did` that lift something, as the server shows them, when none but these keys signed them.
pub(super) fn powerless(
    connection: &Connection,
    did: &Did,
    compromised: &[PublicKey],
) -> Result<Vec<Powerless>, ConnectionError> {
    let bad: Vec<String> = compromised.iter().map(PublicKey::to_multibase).collect();
    let mut found = Vec::new();
    let mut page: Option<String> = None;
    for _ in 0..PAGES {
        let answer = connection.ask(connection.client.notices_of(did, page.as_deref()))?;
        for shown in answer.notices {
            let text = |pointer: &str| shown.payload.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default();
            let Some(id) = shown.id.filter(|_| lifts(&shown.payload) && shown.signers.iter().all(|key| bad.contains(key)))
            else {
                continue;
            };
            let (kind, title) = (text("/type").to_owned(), text("/dataset/title").to_owned());
            found.push(Powerless { id, kind, title, signed_again: false });
        }
        page = answer.next;
        if page.is_none() {
            break;
        }
    }
    Ok(found)
}

fn lifts(payload: &serde_json::Value) -> bool {
    let relations = payload.pointer("/prior").and_then(serde_json::Value::as_array).into_iter().flatten();
    let relation = |edge: &serde_json::Value| edge.get("relation").and_then(serde_json::Value::as_str).map(str::to_owned);
    relations.filter_map(relation).any(|relation| matches!(relation.as_str(), "replaces" | "revokes" | "reinstates"))
}

/// Signs the notices that `named` names, by file or by id, again with `key`, into files in `folder`.
pub(super) fn run(
    named: &[String],
    did: &Did,
    key: Option<&SecretKey>,
    server: Option<&str>,
    folder: &Path,
) -> Result<Vec<Resigned>, Failure> {
    let connection = server.map(Connection::open).transpose()?;
    // Everything is read before anything is written.
    let mut bodies = Vec::new();
    for what in named {
        let body = read(what, connection.as_ref())?;
        let claim = Claim::<Notice>::read(body.envelope);
        let claim = claim.map_err(|source| ResignError::NotANotice { what: what.clone(), source })?;
        let notice = claim.value();
        if notice.issuer.id != *did {
            let (what, found, did) = (what.clone(), notice.issuer.id.clone(), did.clone());
            return Err(ResignError::OtherIssuer { what, found, did }.into());
        }
        let key = key.ok_or_else(|| ResignError::NoGoodKey(what.clone()))?;
        let signed = key.sign_envelope(PayloadType::Notice, claim.envelope().payload()).map_err(ResignError::Envelope)?;
        let title = notice.dataset.title.clone();
        bodies.push((title, SubmissionBody { envelope: signed, documents: body.documents }));
    }
    let mut resigned = Vec::new();
    for (title, body) in bodies {
        let id = body.envelope.payload_id();
        let name = id.to_string().chars().take(12).collect::<String>();
        let path: PathBuf = folder.join(format!("{name}.resigned.json"));
        file::write_new(&path, body.to_json().as_bytes(), Readers::Everyone)?;
        resigned.push(Resigned { id, title, file: path.display().to_string() });
    }
    Ok(resigned)
}

fn read(what: &str, connection: Option<&Connection>) -> Result<SubmissionBody, ResignError> {
    let Some(id) = NoticeId::parse(what) else { return Ok(signed_file::read(Path::new(what))?) };
    let connection = connection.ok_or(ResignError::NoServer(id))?;
    let url = || connection.url().to_string();
    let shown = connection.ask(connection.client.notice(&id))?.ok_or_else(|| ResignError::Unknown { id, url: url() })?;
    let leaf = shown.entry.as_deref().and_then(Hash::parse).ok_or_else(|| ResignError::Other { id, url: url() })?;
    let envelope = Envelope::parse_canonical(&connection.ask(connection.client.entry(&leaf))?)?;
    if envelope.payload_id() != id {
        return Err(ResignError::Other { id, url: url() });
    }
    // The texts go along, since a server may ask for them again.
    let texts = Notice::parse(envelope.payload()).ok().and_then(|notice| notice.texts);
    let document = texts.map(|name| connection.ask(connection.client.document(&name))).transpose()?.flatten();
    Ok(SubmissionBody { envelope, documents: document.into_iter().collect() })
}

//! `palinode proof evidence`: checks what convicts a log of having signed two histories.

use std::fmt;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use crate::cli::connection::{Connection, key_flag};
use crate::cli::{Complaint, ExitCode, Failure, Output, file};
use crate::tlog::{EvidenceDocument, EvidenceDocumentError, EvidenceError, MAX_EVIDENCE_DOCUMENT, VerifierKey};

const EXAMPLES: &str = "\
A log promises that it only grows. Servers that find two things which it signed and which cannot both be true show them at
/v1/peers/<SHA-256 of the origin>/evidence. Nobody need believe them: every piece is checked here with nothing but the log's own
key. Give that key with --log-key when you have it from elsewhere; otherwise the one in the document is taken, and shown.

Exit codes: 0 the log is convicted; 1 it is not, because there is no evidence or a piece of it proves nothing; 2 usage; 3 the
server did not answer.

Examples:
  palinode proof evidence evidence.json --log-key ledger.example.org/log+01234567+AQEB...
  palinode proof evidence https://peer.example.net/v1/peers/6d0c...91/evidence
  curl -s https://peer.example.net/v1/peers/6d0c...91/evidence | palinode proof evidence -";

/// Arguments of `palinode proof evidence`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ProofEvidenceArguments {
    /// The evidence: a file, `-` for standard input, or the address where a server shows it
    #[arg(value_name = "FILE|URL")]
    pub source: String,
    /// Key of the log, as a verifier key
    #[arg(long, value_name = "VKEY")]
    pub log_key: Option<String>,
}

#[derive(Debug, thiserror::Error)]
enum EvidenceFault {
    #[error("{0} is not an address of evidence")]
    Address(String),
    #[error("{source_name} is no document of evidence: {source}")]
    Document { source_name: String, source: EvidenceDocumentError },
    #[error("the document does not say the key of {0}")]
    NoKey(String),
    #[error("nothing is held against {0}")]
    Nothing(String),
    #[error("not convicted: piece {number}: {source}")]
    Piece { number: usize, source: EvidenceError },
}

impl Complaint for EvidenceFault {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Address(_) | Self::NoKey(_) => ExitCode::Usage,
            Self::Document { .. } | Self::Nothing(_) | Self::Piece { .. } => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Address(_) => "give it as https://peer.example.net/v1/peers/<64 hex digits>/evidence".to_owned(),
            Self::Document { .. } => "save what a server shows at /v1/peers/<64 hex digits>/evidence, as it is".to_owned(),
            Self::NoKey(_) => {
                "give --log-key: its operator, or `palinode peer list` of a server that knew it, tells the key".to_owned()
            }
            Self::Nothing(_) => "so far this server has seen one history of it; another server may have seen more".to_owned(),
            Self::Piece { .. } => {
                "whoever showed this cannot prove it under this key; compare the key with the log's operator".to_owned()
            }
        })
    }
}

/// What the evidence shows.
#[derive(Serialize)]
struct Conviction {
    origin: String,
    log_key: String,
    /// Whether the key was only read from the document.
    log_key_from_the_document: bool,
    pieces: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    kind: &'static str,
    size: u64,
    roots: [String; 2],
}

pub(super) fn run(arguments: &ProofEvidenceArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let bytes = read(&arguments.source)?;
    let document = EvidenceDocument::parse(&bytes)
        .map_err(|source| EvidenceFault::Document { source_name: arguments.source.clone(), source })?;
    let given = arguments.log_key.as_deref().map(|text| key_flag("--log-key", text)).transpose()?;
    let conviction = judge(document, given)?;
    output.show(&conviction)?;
    Ok(ExitCode::Done)
}

/// The bytes of a file, of standard input, or of what a server answers.
fn read(source: &str) -> Result<Vec<u8>, Failure> {
    if !source.starts_with("https://") && !source.starts_with("http://") {
        return Ok(file::read(Path::new(source), MAX_EVIDENCE_DOCUMENT as u64)?);
    }
    let not_one = || EvidenceFault::Address(source.to_owned());
    let (base, rest) = source.rsplit_once("v1/peers/").ok_or_else(not_one)?;
    let name = rest.strip_suffix("/evidence").filter(|name| name.bytes().all(|b| b.is_ascii_hexdigit())).ok_or_else(not_one)?;
    let connection = Connection::open(base)?;
    Ok(connection.ask(connection.client.evidence(name))?)
}

/// Every piece must hold: one that does not says that whoever shows them does not check.
fn judge(document: EvidenceDocument, given: Option<VerifierKey>) -> Result<Conviction, EvidenceFault> {
    let EvidenceDocument { origin, log_key, evidence } = document;
    let from_document = given.is_none();
    let Some(key) = given.or(log_key) else { return Err(EvidenceFault::NoKey(origin.to_string())) };
    if evidence.is_empty() {
        return Err(EvidenceFault::Nothing(origin.to_string()));
    }
    let verify = |(n, piece): (usize, &crate::tlog::Evidence)| {
        let shown = piece.verify(&key).map_err(|source| EvidenceFault::Piece { number: n + 1, source })?;
        Ok(Shown { kind: piece.kind(), size: shown.size, roots: shown.roots.map(|root| root.to_base64()) })
    };
    let pieces = evidence.iter().enumerate().map(verify).collect::<Result<_, _>>()?;
    Ok(Conviction { origin: origin.to_string(), log_key: key.to_string(), log_key_from_the_document: from_document, pieces })
}

impl fmt::Display for Conviction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Convicted: {} signed two histories.", self.origin)?;
        for Shown { kind, size, roots: [one, other] } in &self.pieces {
            let how = match *kind {
                "two-roots" => "signed two roots of its first",
                _ => "signed a later tree that begins with other entries than its first",
            };
            let entries = if *size == 1 { "1 entry".to_owned() } else { format!("{size} entries") };
            write!(f, "\nIt {how} {entries}:\n  {one}\n  {other}")?;
        }
        if self.log_key_from_the_document {
            write!(
                f,
                "\nUnder the key that the document says, {}: compare it with what the log's operator tells.",
                self.log_key
            )?;
        }
        Ok(())
    }
}

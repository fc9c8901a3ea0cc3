//! `palinode remove document`: has a server forget the bytes of a document for good.

use std::fmt;
use std::io::{BufRead, Write};
use std::sync::Arc;

use clap::Args;
use clap::builder::PossibleValuesParser;
use owo_colors::OwoColorize;
use serde::Serialize;

use crate::app::removal::{self, DocumentKind, DocumentState, Ground, Removable, RemoveError, TombstoneView};
use crate::cli::printable::for_terminal;
use crate::cli::serve::ServerArguments;
use crate::cli::{Complaint, ExitCode, Failure, Output};
use crate::clock::{Clock, SystemClock};
use crate::envelope::RemovalBasis;
use crate::notice::DocumentHash;

const EXAMPLES: &str = "\
The bytes of the document go from the database, from its journals, from the full-text index and from everything that is shown, and
no file of the data folder holds them any more when this command ends. They never come back: not by an upload, not with a notice
that is posted again, not from a peer, and not with an older backup, as long as `palinode restore` is given the file `removed` of
the data folder. Keep a copy of that file with your backups, and think of backups that still hold the document.

The notice that names the document stands, and so does every verdict. GET /v1/documents/HASH answers 451 with what you say here, and
the log states it under the operator key for everybody to read: give no name of a person. Other servers take it as advice.

A server that runs carries it out within some seconds, and this command waits for it. Where none runs, the command does it itself.

Bases: legal-order (a court or an authority ordered it), personal-data, rights (it infringed somebody's), issuer-request (whoever
wrote it asked for it), policy (it broke the rules of this server).

Examples:
  palinode remove document 4f1c...e2 --basis legal-order --jurisdiction DE --reference 'LG Example, 7 O 12/26'
  palinode remove document 4f1c...e2 --basis issuer-request --yes --data /var/lib/palinode";

/// Arguments of `palinode remove document`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RemoveDocumentArguments {
    /// The name of the document: the SHA-256 that the notice names, 64 hex digits
    #[arg(value_name = "HASH")]
    pub document: String,
    /// On what ground
    #[arg(long, value_name = "BASIS", value_parser = PossibleValuesParser::new(RemovalBasis::ALL.iter().map(|b| b.as_str())))]
    pub basis: String,
    /// Under whose law: an ISO 3166 code such as DE or US-CA
    #[arg(long, value_name = "CODE")]
    pub jurisdiction: Option<String>,
    /// A file number or the like, never the name of a person
    #[arg(long, value_name = "TEXT")]
    pub reference: Option<String>,
    /// Remove it without asking
    #[arg(long)]
    pub yes: bool,
    /// From which server
    #[command(flatten)]
    pub server: ServerArguments,
}

#[derive(Debug, thiserror::Error)]
enum DocumentError {
    #[error("{0:?} is not the name of a document")]
    Name(String),
    #[error("{0:?} is not a basis")]
    Basis(String),
    #[error("nothing was removed, since nobody said yes")]
    NotConfirmed,
}

impl Complaint for DocumentError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Name(_) | Self::Basis(_) => ExitCode::Usage,
            Self::NotConfirmed => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Name(_) => "give the SHA-256 of the document: 64 lowercase hex digits".to_owned(),
            Self::Basis(_) => "`palinode remove document --help` lists them".to_owned(),
            Self::NotConfirmed => "answer y, or give --yes".to_owned(),
        })
    }
}

pub(super) fn run(arguments: &RemoveDocumentArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let document = DocumentHash::parse(&arguments.document).ok_or_else(|| DocumentError::Name(arguments.document.clone()))?;
    let basis = RemovalBasis::parse(&arguments.basis).ok_or_else(|| DocumentError::Basis(arguments.basis.clone()))?;
    let ground = Ground { basis, jurisdiction: arguments.jurisdiction.clone(), reference: arguments.reference.clone() };
    let settings = arguments.server.settings()?;
    let found = removal::look(&settings.server.data, document)?;
    let before = found.state == DocumentState::Removed;
    if !before {
        let kind = found.kind.ok_or(RemoveError::NotNamed(document))?;
        if !arguments.yes && !confirmed(&found, kind, &ground) {
            return Err(DocumentError::NotConfirmed.into());
        }
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let tombstone = removal::remove(&settings, document, ground, &clock)?;
    output.show(&Removed { before, tombstone })?;
    Ok(ExitCode::Done)
}

/// Says what will be gone and waits for a yes. Silence and a closed input are a no.
fn confirmed(found: &Removable, kind: DocumentKind, ground: &Ground) -> bool {
    let what = match kind {
        DocumentKind::Texts => "the texts of a notice".to_owned(),
        DocumentKind::DigestList { algorithm, count } => format!("a list of {count} {} digests", algorithm.as_str()),
    };
    let state = match found.state {
        DocumentState::Available { size } => format!("{size} bytes are here"),
        DocumentState::Awaited | DocumentState::Removed => "it has not come here yet, and will not".to_owned(),
    };
    let question = format!(
        "{} is {what}; {state}.\nBasis {}{}{}. The log will say so in public. This cannot be undone. Remove it? [y/N] ",
        found.document,
        ground.basis,
        ground.jurisdiction.as_ref().map(|code| format!(", jurisdiction {code}")).unwrap_or_default(),
        ground.reference.as_ref().map(|text| format!(", reference {text:?}")).unwrap_or_default(),
    );
    let mut stderr = anstream::stderr().lock();
    let shown = stderr.write_all(for_terminal(&question).as_bytes()).and_then(|()| stderr.flush());
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    shown.is_ok() && read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[derive(Serialize)]
struct Removed {
    /// Whether it was removed before, so that this changed nothing.
    before: bool,
    #[serde(flatten)]
    tombstone: TombstoneView,
}

impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.before { "was removed before" } else { "is removed" };
        writeln!(f, "{} {how}", self.tombstone.document.bold())?;
        super::list::write_tombstone(f, &self.tombstone)?;
        write!(
            f,
            "Backups that were made before still hold it: delete them, or keep the file `removed` with them for a restore."
        )
    }
}

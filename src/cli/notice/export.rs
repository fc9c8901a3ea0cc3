//! `palinode notice export`: a notice in the vocabulary of another system.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::show::content;
use super::signed_file;
use crate::cli::connection::Connection;
use crate::cli::file::{self, Readers};
use crate::cli::{Complaint, ExitCode, Failure, Output};
use crate::client::SubmissionBody;
use crate::envelope::Envelope;
use crate::exchange::export::{ExportError, Exported, Target, export};
use crate::notice::{Notice, NoticeId, Texts};
use crate::tlog::Hash;

const EXAMPLES: &str = "\
Crossref gets the updates element of a deposit, DataCite the attributes of each DOI whose metadata changes, in-toto the payload of
a Statement for you to sign, schema.org the JSON-LD of a landing page, and osv an advisory in the shape of OSV. None of them
has all fields of a notice, so each gets what it has words for; where it has none at all, nothing is written.

Signatures are not checked: palinode notice verify does.

Examples:
  palinode notice export --to crossref notice.json
  palinode notice export --to datacite <NOTICE ID> --server https://ledger.example.org/
  palinode notice export --to in-toto notice.json --out statement.json";

/// Arguments of `palinode notice export`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExportArguments {
    /// A signed notice or an envelope (`-` reads standard input), or the id of a notice that a server has
    #[arg(value_name = "FILE|ID")]
    pub notice: String,
    /// For whom
    #[arg(long, value_name = "TARGET", value_parser = targets())]
    pub to: Target,
    /// Which server to ask for a notice that is named by its id
    #[arg(long, value_name = "URL", env = "PALINODE_SERVER", default_value = "http://127.0.0.1:8080/")]
    pub server: String,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

fn targets() -> impl TypedValueParser<Value = Target> {
    let words = Target::ALL.iter().map(|target| target.as_str());
    PossibleValuesParser::new(words).try_map(|word| Target::parse(&word).ok_or(UnknownTarget(word)))
}

/// A word that is no target.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no target")]
struct UnknownTarget(String);

/// Why a notice of a server cannot be exported.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("the server has no notice {0}")]
    Missing(NoticeId),
    #[error("what the server has under {id} is not the notice of that name")]
    Another { id: NoticeId },
}

impl Complaint for FetchError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Missing(_) => ExitCode::Refused,
            Self::Another { .. } => ExitCode::Integrity,
        }
    }
}

impl Complaint for ExportError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Refused
    }

    fn help(&self) -> Option<String> {
        Some("--to schema.org and --to osv take every notice".to_owned())
    }
}

pub(super) fn run(arguments: &ExportArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let (id, notice, texts) = match NoticeId::parse(&arguments.notice) {
        Some(id) if !Path::new(&arguments.notice).exists() => fetched(arguments, id)?,
        _ => {
            let SubmissionBody { envelope, documents } = signed_file::read(Path::new(&arguments.notice))?;
            let summary = content(&envelope, &documents)?;
            (envelope.payload_id(), summary.notice, summary.texts)
        }
    };
    let exported = Exported { id: &id, notice: &notice, texts: texts.as_ref() };
    let text = export(exported, arguments.to)?;
    match &arguments.out {
        Some(path) => file::write_new(path, text.as_bytes(), Readers::Everyone)?,
        None => output.write(text.as_bytes())?,
    }
    Ok(ExitCode::Done)
}

/// A notice of a server, with its texts where the server has them: the exact bytes, which must have the name that was asked for.
fn fetched(arguments: &ExportArguments, id: NoticeId) -> Result<(NoticeId, Notice, Option<Texts>), Failure> {
    let connection = Connection::open(&arguments.server)?;
    let shown = connection.ask(connection.client.notice(&id))?.ok_or(FetchError::Missing(id))?;
    let leaf = shown.entry.as_deref().and_then(Hash::parse).ok_or(FetchError::Missing(id))?;
    let entry = connection.ask(connection.client.entry(&leaf))?;
    let envelope = Envelope::parse(&entry).map_err(|_no_envelope| FetchError::Another { id })?;
    if envelope.payload_id() != id {
        return Err(FetchError::Another { id }.into());
    }
    let summary = content(&envelope, &[])?;
    let texts = match summary.notice.texts {
        Some(name) => connection.ask(connection.client.document(&name))?.and_then(|bytes| Texts::parse(&bytes).ok()),
        None => None,
    };
    Ok((id, summary.notice, texts))
}

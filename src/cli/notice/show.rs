//! `palinode notice show`: what a signed notice says, for people.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::signed_file;
use super::summary::Summary;
use crate::cli::{Complaint, ExitCode, Failure, Output};
use crate::client::SubmissionBody;
use crate::envelope::{Envelope, PayloadType};
use crate::notice::{DocumentHash, Notice, NoticeError, NoticeId, Texts, TextsError};

const EXAMPLES: &str = "\
Shows what the file says. It does not check the signature: `palinode notice verify` does.

Examples:
  palinode notice show notice.json
  curl -s https://ledger.example.org/v1/notices/<ID>/envelope | palinode notice show -";

/// Arguments of `palinode notice show`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowArguments {
    /// A signed notice or an envelope; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Why an envelope does not hold a notice that can be shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum ContentError {
    /// It holds something else.
    #[error("the envelope holds {found}, not a notice")]
    NotANotice { found: String },
    /// It is no notice in valid form.
    #[error("the notice is not valid: {0}")]
    Notice(#[from] NoticeError),
    /// A document lies beside the envelope that the notice does not name.
    #[error("the notice does not name the document {0} that lies beside it")]
    UnnamedDocument(DocumentHash),
    /// The document that it names as its texts is no texts document.
    #[error("the texts are not valid: {0}")]
    Texts(#[from] TextsError),
}

impl Complaint for ContentError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Refused
    }
}

/// A notice with the texts that lie beside it.
pub(super) fn content(envelope: &Envelope, documents: &[Vec<u8>]) -> Result<Summary, ContentError> {
    if envelope.payload_type() != Some(PayloadType::Notice) {
        return Err(ContentError::NotANotice { found: envelope.payload_type_str().to_owned() });
    }
    let notice = Notice::parse(envelope.payload())?;
    let mut texts = None;
    for document in documents {
        let name = DocumentHash::of(document);
        if notice.texts == Some(name) {
            texts = Some(Texts::parse(document)?);
        } else if !notice.digest_lists.iter().any(|list| list.sha256 == name) {
            return Err(ContentError::UnnamedDocument(name));
        }
    }
    Ok(Summary { notice, texts })
}

/// What a file says.
#[derive(Serialize)]
struct Shown {
    id: NoticeId,
    signature: &'static str,
    #[serde(flatten)]
    summary: Summary,
}

pub(super) fn run(arguments: &ShowArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let SubmissionBody { envelope, documents } = signed_file::read(&arguments.file)?;
    let summary = content(&envelope, &documents)?;
    output.show(&Shown { id: envelope.payload_id(), signature: "not checked", summary })?;
    Ok(ExitCode::Done)
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.summary)?;
        writeln!(f, "\nnotice id   {}", self.id)?;
        write!(f, "signature   {}", self.signature)
    }
}

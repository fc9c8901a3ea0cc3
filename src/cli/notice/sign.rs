//! `palinode notice sign`: checks, completes and signs a draft.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::summary::Summary;
use crate::cli::file::{self, Readers};
use crate::cli::{Complaint, ExitCode, Failure, Output, secret};
use crate::client::SubmissionBody;
use crate::clock::{Clock, SystemClock};
use crate::envelope::{EnvelopeError, PayloadType, PublicKey};
use crate::notice::{
    Advice, Did, DidError, DidMethod, Draft, DraftError, MAX_DRAFT, NoticeId, Severity, Texts, Timestamp, advise,
};

const EXAMPLES: &str = "\
Completes the draft (issuer, time, salt), names every fault with its place, previews what will stand for ever, and writes the
body that `palinode notice post` sends: the envelope and its documents.

Examples:
  palinode notice sign draft.json --key publisher.pem --issuer did:web:example.org --out notice.json
  palinode notice sign draft.json --key me.pem --out notice.json     signs as did:key";

/// Arguments of `palinode notice sign`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SignArguments {
    /// The draft; `-` reads standard input
    #[arg(value_name = "DRAFT")]
    pub draft: PathBuf,
    /// The private key, a PEM file
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Who issues it; default: what the draft says, else did:key of the key
    #[arg(long, value_name = "DID")]
    pub issuer: Option<String>,
    /// Write the signed notice to this file
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Debug, thiserror::Error)]
enum SignError {
    #[error("--issuer {0}")]
    Did(#[from] DidError),
    #[error("{}", explain(.0))]
    // It says all that its cause would say once more.
    Draft(DraftError),
    #[error("the key is not that of {issuer}: it is {key}")]
    KeyOfAnother { issuer: Did, key: Did },
    #[error("the notice would be refused by every server:{}", advice_lines(.0))]
    Advice(Vec<Advice>),
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error("the clock stands outside the years 1970 to 9999")]
    Clock,
}

impl From<DraftError> for SignError {
    fn from(error: DraftError) -> Self {
        Self::Draft(error)
    }
}

/// The faults of a draft, one a line.
fn explain(error: &DraftError) -> String {
    match error {
        DraftError::Form(flaws) => {
            let heading = "the draft does not become a notice:".to_owned();
            flaws.as_slice().iter().fold(heading, |lines, flaw| lines + &format!("\n  {flaw}"))
        }
        other => other.to_string(),
    }
}

fn advice_lines(advice: &[Advice]) -> String {
    let refused = advice.iter().filter(|piece| piece.severity == Severity::Refuse);
    refused.fold(String::new(), |lines, Advice { pointer, rule, message, .. }| {
        lines + &format!("\n  {}: {message} ({rule})", pointer.as_str())
    })
}

impl Complaint for SignError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Did(_) => ExitCode::Usage,
            Self::Draft(_) | Self::KeyOfAnother { .. } | Self::Advice(_) | Self::Envelope(_) | Self::Clock => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Did(_) => Some("an issuer is did:web:<domain>, or the did:key that `palinode key show` prints".to_owned()),
            Self::Draft(_) | Self::Advice(_) => Some("mend the draft and sign it again; nothing was written".to_owned()),
            Self::KeyOfAnother { .. } => {
                Some("sign with the key of the issuer, or leave --issuer and issuer.id out".to_owned())
            }
            Self::Envelope(_) | Self::Clock => None,
        }
    }
}

/// What was signed, for a last look before it is posted.
#[derive(Serialize)]
struct Preview {
    id: NoticeId,
    file: String,
    signed_by: String,
    advice: Vec<Advice>,
    #[serde(flatten)]
    summary: Summary,
}

pub(super) fn run(arguments: &SignArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let draft = file::read(&arguments.draft, MAX_DRAFT as u64)?;
    let draft = Draft::parse(&draft).map_err(SignError::Draft)?;
    let key = secret::read(&arguments.key)?;
    let issuer = issuer(arguments, &draft, &key.public())?;
    let issued = Timestamp::from_time(SystemClock.now()).ok_or(SignError::Clock)?;
    let completed = draft.complete(&issuer, issued, secret::random_bytes()?).map_err(SignError::Draft)?;
    // The texts were read as part of the draft a moment ago.
    let texts = completed.texts.as_deref().and_then(|document| Texts::parse(document).ok());
    let advice = advise(&completed.notice, texts.as_ref());
    if advice.iter().any(|piece| piece.severity == Severity::Refuse) {
        return Err(SignError::Advice(advice).into());
    }
    let envelope = key.sign_envelope(PayloadType::Notice, &completed.payload).map_err(SignError::Envelope)?;
    let id = envelope.payload_id();
    let signed = SubmissionBody { envelope, documents: completed.texts.into_iter().collect() };
    file::write_new(&arguments.out, signed.to_json().as_bytes(), Readers::Everyone)?;
    output.show(&Preview {
        id,
        file: arguments.out.display().to_string(),
        signed_by: key.public().to_multibase(),
        advice,
        summary: Summary { notice: completed.notice, texts },
    })?;
    Ok(ExitCode::Done)
}

/// Who issues the notice: the flag, else the draft, else the key itself.
fn issuer(arguments: &SignArguments, draft: &Draft, key: &PublicKey) -> Result<Did, SignError> {
    let issuer = match (&arguments.issuer, draft.issuer()) {
        (Some(text), _) => Did::parse(text)?,
        (None, Some(issuer)) => issuer.clone(),
        (None, None) => key.to_did(),
    };
    if matches!(issuer.method(), DidMethod::Key(_)) && issuer != key.to_did() {
        return Err(SignError::KeyOfAnother { issuer, key: key.to_did() });
    }
    Ok(issuer)
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.summary)?;
        writeln!(f, "\nnotice id   {}", self.id)?;
        writeln!(f, "signed by   {}", self.signed_by)?;
        for piece in &self.advice {
            writeln!(f, "{} {}: {}", "advice:".yellow().bold(), piece.pointer.as_str(), piece.message)?;
        }
        writeln!(f, "\nNothing is posted yet. What you post stands for ever, the texts excepted:")?;
        write!(f, "  palinode notice post {}", self.file)
    }
}

//! `palinode proof verify`: checks a receipt offline.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::{Complaint, ExitCode, Failure, Output, file};
use crate::envelope::MAX_SPELLING;
use crate::tlog::{Hash, KeyError, MAX_TLOG_PROOF, TlogProof, TlogProofError, VerifierKey};

const VERIFY_EXAMPLES: &str = "\
A receipt shows that an entry stands in a server's log. Checking it needs no network: only the entry, the receipt and the
server's log key.

Examples:
  palinode proof verify notice.tlog-proof --entry notice.envelope.json \\
      --log-key ledger.example.org/log+01234567+AQEB...";

/// Arguments of `palinode proof verify`.
#[derive(Debug, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub struct ProofVerifyArguments {
    /// The receipt, a .tlog-proof file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The entry it is about: an envelope
    #[arg(long, value_name = "FILE")]
    pub entry: PathBuf,
    /// Key of the log, as a verifier key
    #[arg(long, value_name = "VKEY")]
    pub log_key: String,
    /// Key of a witness whose cosignature must be there; repeat for more
    #[arg(long, value_name = "VKEY")]
    pub witness_key: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
enum VerifyError {
    #[error("{flag} {text}: {source}")]
    Key { flag: &'static str, text: String, source: KeyError },
    #[error("not verified: {0}")]
    Proof(#[from] TlogProofError),
    #[error("not verified: no cosignature of {0} is on the checkpoint")]
    NotCosigned(String),
}

impl Complaint for VerifyError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Key { .. } => ExitCode::Usage,
            Self::Proof(_) => ExitCode::Integrity,
            Self::NotCosigned(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Key { .. } => Some("`GET /v1/server` of the server, or its operator, tells its verifier keys".to_owned()),
            Self::Proof(_) => {
                Some("the entry, the receipt and the key must belong together; fetch the receipt again and compare".to_owned())
            }
            Self::NotCosigned(_) => Some("fetch a newer receipt, or ask the witness".to_owned()),
        }
    }
}

/// What a receipt shows.
#[derive(Serialize)]
struct Shown {
    origin: String,
    index: u64,
    tree_size: u64,
    root: String,
    entry: String,
    cosignatures: Vec<Seen>,
}

#[derive(Serialize)]
struct Seen {
    witness: String,
    time: u64,
}

pub(super) fn run(arguments: &ProofVerifyArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let shown = verify(arguments)?;
    output.show(&shown)?;
    Ok(ExitCode::Done)
}

fn verify(arguments: &ProofVerifyArguments) -> Result<Shown, Failure> {
    let log = read_key("--log-key", &arguments.log_key)?;
    let witnesses = arguments.witness_key.iter().map(|text| read_key("--witness-key", text)).collect::<Result<Vec<_>, _>>()?;
    let receipt = file::read(&arguments.file, MAX_TLOG_PROOF as u64)?;
    // The exact bytes are what the log hashed; a final line break, as editors add it, is not among them.
    let entry = file::read(&arguments.entry, MAX_SPELLING as u64)?;
    let leaf = Hash::leaf(entry.trim_ascii_end());
    let proof = TlogProof::parse(&receipt).map_err(VerifyError::Proof)?;
    let checkpoint = proof.verify(&leaf, &log).map_err(VerifyError::Proof)?;
    let cosignatures = checkpoint.cosignatures(&witnesses);
    for witness in &witnesses {
        if !cosignatures.iter().any(|seen| seen.name() == witness.name()) {
            return Err(VerifyError::NotCosigned(witness.name().to_string()).into());
        }
    }
    let head = checkpoint.checkpoint();
    Ok(Shown {
        origin: checkpoint.origin().to_string(),
        index: proof.index,
        tree_size: head.size(),
        root: head.root().to_string(),
        entry: leaf.to_string(),
        cosignatures: cosignatures.iter().map(|seen| Seen { witness: seen.name().to_string(), time: seen.time() }).collect(),
    })
}

fn read_key(flag: &'static str, text: &str) -> Result<VerifierKey, VerifyError> {
    VerifierKey::parse(text).map_err(|source| VerifyError::Key { flag, text: text.to_owned(), source })
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The entry stands in the log {} at index {}.", self.origin, self.index)?;
        writeln!(f, "tree size   {}", self.tree_size)?;
        writeln!(f, "root        {}", self.root)?;
        write!(f, "entry hash  {}", self.entry)?;
        for seen in &self.cosignatures {
            let time = chrono::DateTime::from_timestamp(i64::try_from(seen.time).unwrap_or_default(), 0).unwrap_or_default();
            write!(f, "\ncosigned    {} at {}", seen.witness, time.format("%Y-%m-%dT%H:%M:%SZ"))?;
        }
        Ok(())
    }
}

//! `palinode proof verify`: checks a receipt offline.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::connection::key_flag;
use crate::cli::witnesses::{WitnessArguments, accepted};
use crate::cli::{Complaint, ExitCode, Failure, Output, file};
use crate::envelope::MAX_SPELLING;
use crate::tlog::{Hash, MAX_TLOG_PROOF, Policy, QuorumNotMet, TlogProof, TlogProofError, UnverifiedCheckpoint, VerifierKey};

const VERIFY_EXAMPLES: &str = "\
A receipt shows that an entry stands in a server's log. Checking it needs no network: only the entry, the receipt and the
server's log key. With witnesses, it also shows that they saw the same log: give their keys, or a policy file that says which
logs are accepted and how many cosignatures are enough.

Exit codes: 0 verified; 1 too few of the witnesses cosigned, or the policy does not accept the log; 2 usage; 4 the entry is not
what the log signed.

Examples:
  palinode proof verify notice.tlog-proof --entry notice.envelope.json \\
      --log-key ledger.example.org/log+01234567+AQEB...
  palinode proof verify notice.tlog-proof --entry notice.envelope.json --log-key ledger.example.org/log+01234567+AQEB... \\
      --witness-key a.example/log/witness+... --witness-key b.example/log/witness+... --quorum 1
  palinode proof verify notice.tlog-proof --entry notice.envelope.json --policy trusted.policy";

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
    /// Key of the log, as a verifier key; without it, that of the policy which the receipt names
    #[arg(long, value_name = "VKEY", required_unless_present = "policy")]
    pub log_key: Option<String>,
    /// Whose cosignatures must be there
    #[command(flatten)]
    pub witnesses: WitnessArguments,
}

#[derive(Debug, thiserror::Error)]
enum VerifyError {
    #[error("not verified: {0}")]
    Proof(#[from] TlogProofError),
    #[error("not verified: {0}")]
    NotCosigned(#[from] QuorumNotMet),
    #[error("not verified: the policy names no log {0:?}, and no --log-key is given")]
    NoLogKey(String),
}

impl Complaint for VerifyError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Proof(_) => ExitCode::Integrity,
            Self::NotCosigned(_) | Self::NoLogKey(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Proof(_) => {
                Some("the entry, the receipt and the key must belong together; fetch the receipt again and compare".to_owned())
            }
            Self::NotCosigned(_) => Some("fetch a newer receipt, or ask the witnesses".to_owned()),
            Self::NoLogKey(_) => Some("add a line `log <vkey>` to the policy, or give --log-key".to_owned()),
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
    let policy = arguments.witnesses.read()?;
    let receipt = file::read(&arguments.file, MAX_TLOG_PROOF as u64)?;
    // The exact bytes are what the log hashed; a final line break, as editors add it, is not among them.
    let entry = file::read(&arguments.entry, MAX_SPELLING as u64)?;
    let leaf = Hash::leaf(entry.trim_ascii_end());
    let proof = TlogProof::parse(&receipt).map_err(VerifyError::Proof)?;
    let log = match &arguments.log_key {
        Some(text) => key_flag("--log-key", text)?,
        None => named_by(&proof, policy.as_ref().map(Policy::logs).unwrap_or_default())?,
    };
    accepted(policy.as_ref(), &log)?;
    let checkpoint = proof.verify(&leaf, &log).map_err(VerifyError::Proof)?;
    let cosignatures = match &policy {
        Some(policy) => policy.check(&checkpoint).map_err(VerifyError::NotCosigned)?,
        None => Vec::new(),
    };
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

/// The key of the log that a receipt says it is of, among these.
fn named_by(proof: &TlogProof, logs: &[VerifierKey]) -> Result<VerifierKey, VerifyError> {
    let unverified = UnverifiedCheckpoint::parse(&proof.checkpoint).map_err(TlogProofError::Checkpoint)?;
    let origin = unverified.checkpoint().origin();
    let known = logs.iter().find(|log| log.name().as_str() == origin);
    known.cloned().ok_or_else(|| VerifyError::NoLogKey(origin.to_owned()))
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

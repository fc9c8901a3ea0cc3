//! Whose cosignatures a command asks for: keys and a number, or a policy file.

use std::path::PathBuf;

use clap::Args;

use super::connection::{ConnectionError, key_flag};
use super::{Complaint, ExitCode, Failure, file};
use crate::tlog::{MAX_POLICY, Policy, PolicyError, VerifierKey};

/// The flags that say whose cosignatures are asked for.
#[derive(Debug, Args)]
pub struct WitnessArguments {
    /// Key of a witness that must have cosigned; repeat for more
    #[arg(long, value_name = "VKEY")]
    pub witness_key: Vec<String>,
    /// How many of these witnesses are enough; without it, all of them must have cosigned
    #[arg(long, value_name = "K", requires = "witness_key")]
    pub quorum: Option<usize>,
    /// A policy file (C2SP tlog-policy): which logs are accepted, and whose cosignatures are enough
    #[arg(long, value_name = "FILE", conflicts_with_all = ["witness_key", "quorum"])]
    pub policy: Option<PathBuf>,
}

/// Why it is not known whose cosignatures are asked for, or a log is not among those of the policy.
#[derive(Debug, thiserror::Error)]
pub(super) enum WitnessesError {
    #[error("{} is no policy: {source}", path.display())]
    File { path: PathBuf, source: PolicyError },
    #[error("--witness-key and --quorum: {0}")]
    Flags(PolicyError),
    #[error("not verified: the policy does not accept the log key {0}")]
    NotAccepted(Box<VerifierKey>),
    #[error("--witness-key and --policy say what a proof must have, and no proof is asked for")]
    NoProof,
}

impl Complaint for WitnessesError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::File { .. } | Self::Flags(_) | Self::NoProof => ExitCode::Usage,
            Self::NotAccepted(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::File { .. } => {
                "lines are `log <vkey>`, `witness <name> <vkey>`, `group <name> all|any|<k> <name>...` and one `quorum <name>`; \
                 see c2sp.org/tlog-policy"
                    .to_owned()
            }
            Self::Flags(_) => "give each witness once, and ask for at least 1 and at most as many as there are".to_owned(),
            Self::NotAccepted(_) => "if this is the log that you mean, add a line `log <vkey>` to the policy".to_owned(),
            Self::NoProof => "add --proof".to_owned(),
        })
    }
}

impl WitnessArguments {
    /// The policy that the flags make; `None` when they ask for nobody.
    pub(super) fn read(&self) -> Result<Option<Policy>, Failure> {
        if let Some(path) = &self.policy {
            let bytes = file::read(path, MAX_POLICY as u64)?;
            let policy = Policy::parse(&bytes).map_err(|source| WitnessesError::File { path: path.clone(), source })?;
            return Ok(Some(policy));
        }
        if self.witness_key.is_empty() {
            return Ok(None);
        }
        let keys = self.witness_key.iter().map(|text| key_flag("--witness-key", text));
        let keys = keys.collect::<Result<Vec<_>, ConnectionError>>()?;
        let least = self.quorum.unwrap_or(keys.len());
        Ok(Some(Policy::at_least(least, keys).map_err(WitnessesError::Flags)?))
    }

    /// Whether nobody is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.policy.is_none() && self.witness_key.is_empty()
    }
}

/// Refuses a log that the policy does not accept.
pub(super) fn accepted(policy: Option<&Policy>, log: &VerifierKey) -> Result<(), WitnessesError> {
    match policy {
        Some(policy) if !policy.accepts(log) => Err(WitnessesError::NotAccepted(Box::new(log.clone()))),
        _ => Ok(()),
    }
}

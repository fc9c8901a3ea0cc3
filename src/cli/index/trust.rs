//! Whom the asker trusts when answers come from the local index.

use std::path::PathBuf;

use clap::Args;

use crate::app::{PinsError, read_pins};
use crate::cli::{Complaint, ExitCode, Failure};
use crate::client::index::LocalIndex;
use crate::verdict::{Standing, Trust};

/// Whom to trust.
#[derive(Debug, Args)]
pub struct TrustArguments {
    /// A folder of pin files: publishers whom you trust beside those whom each server of the local index trusts
    #[arg(long, value_name = "DIR")]
    pub pins: Option<PathBuf>,
    /// Trust nobody but your own pins
    #[arg(long)]
    pub own_trust: bool,
}

/// The pins of the asker, read once for all copies.
#[derive(Debug)]
pub(in crate::cli) struct OwnTrust {
    pins: Trust,
    only: bool,
}

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct OwnPinsError(#[from] PinsError);

impl Complaint for OwnPinsError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        None
    }
}

impl TrustArguments {
    /// Reads the pins.
    ///
    /// # Errors
    /// A [`Failure`] of usage for a folder or a file that is none of pins.
    pub(in crate::cli) fn read(&self) -> Result<OwnTrust, Failure> {
        let mut pins = Trust::default();
        for pin in self.pins.as_deref().map(read_pins).transpose().map_err(OwnPinsError)?.unwrap_or_default() {
            let standing = Standing { pinned: true, prefixes: pin.prefixes().to_vec(), domain_verified: false };
            pins.lineages.insert(pin.lineage(), standing);
        }
        Ok(OwnTrust { pins, only: self.own_trust })
    }
}

impl OwnTrust {
    /// What a copy is asked with: what its operator believes, unless the asker wants to trust nobody but themselves; and the own pins.
    pub(in crate::cli) fn with(&self, copy: &LocalIndex) -> Trust {
        let mut trust = if self.only { Trust::default() } else { copy.trust().clone() };
        for (lineage, standing) in &self.pins.lineages {
            let known = trust.lineages.entry(lineage.clone()).or_default();
            known.pinned = true;
            known.prefixes.extend(standing.prefixes.iter().cloned());
        }
        trust
    }
}

//! `palinode healthcheck`: whether a server answers, as an exit code.

use std::fmt;

use clap::Args;
use serde::Serialize;

use super::serve::{RuntimeError, ServerArguments};
use super::{Complaint, ExitCode, Failure, Output};
use crate::app::health::{self, HealthError};
use crate::client::{ClientError, Probe};

const EXAMPLES: &str = "\
Asks the server of this configuration, on this machine, whether it can do all of its work (/readyz): for the health check of a
container, which has no curl, and for scripts. With --live it only asks whether the process answers (/livez): a server with a
full disk is alive and not ready, and starting it again would not help.

Ends with 0 when it is well, 1 when it says what keeps it from its work, 3 when it does not answer.

Examples:
  palinode healthcheck
  palinode healthcheck --live --config /etc/palinode/palinode.toml";

/// Arguments of `palinode healthcheck`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct HealthcheckArguments {
    /// Which server
    #[command(flatten)]
    pub server: ServerArguments,
    /// Ask only whether the process answers
    #[arg(long)]
    pub live: bool,
}

impl Complaint for HealthError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Address(_) => ExitCode::Usage,
            // A server that says why it cannot work was reached.
            Self::Asking { source, .. } if matches!(**source, ClientError::Refused(_)) => ExitCode::Refused,
            Self::Transport(_) | Self::Asking { .. } => ExitCode::Unreachable,
        }
    }

    fn help(&self) -> Option<String> {
        Some("`palinode doctor` says what is wrong and what to do".to_owned())
    }
}

pub(super) fn run(arguments: &HealthcheckArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let settings = arguments.server.settings()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RuntimeError)?;
    let probe = if arguments.live { Probe::Alive } else { Probe::Ready };
    let url = runtime.block_on(health::ask(&settings, probe))?;
    output.show(&Healthy { url: url.to_string(), is: if arguments.live { "alive" } else { "ready" } })?;
    Ok(ExitCode::Done)
}

#[derive(Serialize)]
struct Healthy {
    url: String,
    is: &'static str,
}

impl fmt::Display for Healthy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.url, self.is)
    }
}

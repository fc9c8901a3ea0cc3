//! `palinode demo`: three servers on this machine, with real cases.

use std::io::Write;

use clap::Args;

use super::serve::{RuntimeError, asked_to_stop};
use super::{Complaint, ExitCode, Failure, Format};
use crate::demo::{self, DemoError, Summary};

const EXAMPLES: &str = "\
Starts three servers on loopback with real sockets and databases in a temporary folder, makes them peers of each other, posts
reports on 54 real cases and a story that never happened, and asks all three the same questions. Nothing leaves this machine, and
everything is deleted at the end.

Examples:
  palinode demo            keeps serving until Ctrl-C, so that you can try commands on it
  palinode demo --once     ends after the tour";

/// Arguments of `palinode demo`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DemoArguments {
    /// End after the tour instead of serving until Ctrl-C
    #[arg(long)]
    pub once: bool,
}

impl Complaint for DemoError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Disagreement(_) | Self::Evidence(..) => ExitCode::Integrity,
            Self::NotHeard { .. } | Self::NotCosigned { .. } | Self::Client { .. } => ExitCode::Unreachable,
            _ => ExitCode::Refused,
        }
    }
}

pub(super) fn run(arguments: &DemoArguments, format: Format) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(RuntimeError)?;
    // For programs, standard output holds one JSON document, and the tale goes to standard error.
    let mut tale: Box<dyn Write + Send> = match format {
        Format::Text => Box::new(anstream::stdout()),
        Format::Json => Box::new(anstream::stderr()),
    };
    let mut summary = |summary: &Summary| match format {
        Format::Text => Ok(()),
        Format::Json => writeln!(anstream::stdout(), "{}", serde_json::to_string_pretty(summary)?),
    };
    runtime.block_on(async {
        let stop = asked_to_stop().map_err(RuntimeError)?;
        demo::run(arguments.once, &mut tale, &mut summary, stop).await.map_err(Failure::from)
    })?;
    Ok(ExitCode::Done)
}

//! `palinode remove list`: what was removed from a server, and what was ordered and is not done.

use std::fmt;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use crate::app::removal::{self, OrderView, TombstoneView};
use crate::cli::serve::ServerArguments;
use crate::cli::{ExitCode, Failure, Output};

const EXAMPLES: &str = "\
Examples:
  palinode remove list
  palinode remove list --format json";

/// Arguments of `palinode remove list`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RemoveListArguments {
    /// Of which server
    #[command(flatten)]
    pub server: ServerArguments,
}

pub(super) fn run(arguments: &RemoveListArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let (removed, ordered) = removal::list(&arguments.server.settings()?.server.data)?;
    output.show(&Listed { removed, ordered })?;
    Ok(ExitCode::Done)
}

#[derive(Serialize)]
struct Listed {
    removed: Vec<TombstoneView>,
    ordered: Vec<OrderView>,
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.removed.is_empty() && self.ordered.is_empty() {
            return write!(f, "Nothing was removed from this server.");
        }
        for order in &self.ordered {
            writeln!(f, "{} {}", order.document.bold(), "is ordered and not done".yellow().bold())?;
            writeln!(f, "ordered       {}", order.asked.format("%Y-%m-%dT%H:%M:%SZ"))?;
            writeln!(
                f,
                "bytes         {}",
                if order.bytes_gone { "gone; the log does not say so yet" } else { "not gone yet" }
            )?;
            if let Some(trouble) = &order.trouble {
                writeln!(f, "in the way    {trouble}")?;
            }
        }
        for tombstone in &self.removed {
            writeln!(f, "{}", tombstone.document.bold())?;
            write_tombstone(f, tombstone)?;
        }
        write!(f, "{} removed, {} ordered and not done.", self.removed.len(), self.ordered.len())
    }
}

/// What is said of a document that was removed, a line each.
pub(super) fn write_tombstone(f: &mut fmt::Formatter<'_>, tombstone: &TombstoneView) -> fmt::Result {
    writeln!(f, "removed       {}", tombstone.removed.format("%Y-%m-%dT%H:%M:%SZ"))?;
    writeln!(f, "basis         {}", tombstone.basis.unwrap_or("unknown"))?;
    for (what, text) in [("jurisdiction", &tombstone.jurisdiction), ("reference", &tombstone.reference)] {
        if let Some(text) = text {
            writeln!(f, "{what:<13} {text}")?;
        }
    }
    Ok(())
}

//! `palinode remove advice`: what the operators of peers say that they removed, and how each document stands here.

use std::fmt;

use clap::Args;
use serde::Serialize;

use crate::app::removal::{self, AdviceView};
use crate::cli::serve::ServerArguments;
use crate::cli::{ExitCode, Failure, Output, table};

const EXAMPLES: &str = "\
Every operator decides alone. What a peer removed is shown here and changes nothing, unless `federation.follow_removals` in the
configuration names that peer: then it is removed here too, as long as a notice here names it.

Examples:
  palinode remove advice
  palinode remove advice --format json";

/// Arguments of `palinode remove advice`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RemoveAdviceArguments {
    /// Of which server's peers
    #[command(flatten)]
    pub server: ServerArguments,
}

pub(super) fn run(arguments: &RemoveAdviceArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let advice = removal::list_advice(&arguments.server.settings()?.server.data)?;
    output.show(&Advised { advice })?;
    Ok(ExitCode::Done)
}

#[derive(Serialize)]
struct Advised {
    advice: Vec<AdviceView>,
}

impl fmt::Display for Advised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.advice.is_empty() {
            return write!(f, "No peer says that it removed anything.");
        }
        let mut rows = table(["document", "here", "peer", "removed there", "basis", "jurisdiction", "reference"]);
        for AdviceView { peer, document, issued, basis, jurisdiction, reference, here } in &self.advice {
            rows.add_row([
                document.to_string(),
                (*here).to_owned(),
                peer.clone(),
                issued.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
                (*basis).to_owned(),
                jurisdiction.clone().unwrap_or_default(),
                reference.clone().unwrap_or_default(),
            ]);
        }
        writeln!(f, "{}", rows.trim_fmt())?;
        write!(f, "This is advice. `palinode remove document HASH --basis ...` removes one here too.")
    }
}

//! `palinode doctor`: says in plain words what is wrong with a server, and what to do.

use std::fmt;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::serve::{RuntimeError, ServerArguments};
use super::{ExitCode, Failure, Output};
use crate::app::doctor::{self, Accepted, Finding, FindingState};
use crate::clock::SystemClock;

const EXAMPLES: &str = "\
Looks at the data folder beside a running or stopped server: can it be written to, how fast, is there room, who can read the
keys, how many files may be open, do database and head record agree, does the clock run behind what was signed, can the peers be
reached, do they know this server, and how far has each read the other. Changes nothing; `palinode fsck` derives the whole
ledger again. Each line is OK, WARN (something to do, or out of reach) or FAIL (what was signed is contradicted).

Ends with 0 when all is well, 1 when something needs you, 3 when something could not be looked at, 4 when what was signed is
contradicted.

With --accept-clock, nothing is looked at but the clock: a server that signed a time ahead of the clock cosigns nothing until
its operator says that the clock is right now. A server that runs goes on within a second or two.

Examples:
  palinode doctor
  palinode doctor --config palinode.toml
  palinode doctor --data ./second --accept-clock";

/// Arguments of `palinode doctor`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DoctorArguments {
    /// Which server
    #[command(flatten)]
    pub server: ServerArguments,
    /// Accept the present clock although later times were signed
    #[arg(long)]
    pub accept_clock: bool,
}

pub(super) fn run(arguments: &DoctorArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let settings = arguments.server.settings()?;
    if arguments.accept_clock {
        let accepted = doctor::accept_clock(&settings.server.data, &SystemClock)?;
        output.show(&Clock { accepted })?;
        return Ok(ExitCode::Done);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RuntimeError)?;
    let findings = runtime.block_on(doctor::examine(&settings, &SystemClock));
    let code = findings.iter().map(code_of).fold(ExitCode::Done, ExitCode::or_graver);
    output.show(&Found { well: code == ExitCode::Done, findings })?;
    Ok(code)
}

fn code_of(finding: &Finding) -> ExitCode {
    match finding.state {
        FindingState::Well => ExitCode::Done,
        FindingState::Attention => ExitCode::Refused,
        FindingState::OutOfReach => ExitCode::Unreachable,
        FindingState::Broken => ExitCode::Integrity,
    }
}

#[derive(Serialize)]
struct Found {
    well: bool,
    findings: Vec<Finding>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { look, state, says, todo } in &self.findings {
            match state {
                FindingState::Well => write!(f, "{}", "OK    ".green())?,
                FindingState::Attention | FindingState::OutOfReach => write!(f, "{}", "WARN  ".yellow().bold())?,
                FindingState::Broken => write!(f, "{}", "FAIL  ".red().bold())?,
            }
            writeln!(f, "{look:<9} {says}")?;
            if let Some(todo) = todo {
                writeln!(f, "      {:<9} {todo}", "to do".bold())?;
            }
        }
        match self.findings.iter().filter(|finding| finding.state != FindingState::Well).count() {
            0 => write!(f, "All of this is what it should be."),
            1 => write!(f, "1 thing needs you."),
            n => write!(f, "{n} things need you."),
        }
    }
}

#[derive(Serialize)]
struct Clock {
    accepted: Option<Accepted>,
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Accepted { from, to }) = &self.accepted else {
            return write!(f, "There is nothing to accept: the clock does not stand behind what was signed.");
        };
        let written = |time: &chrono::DateTime<chrono::Utc>| time.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        writeln!(
            f,
            "The clock is accepted: this server goes on signing from {}, and not from {}.",
            written(to),
            written(from)
        )?;
        write!(
            f,
            "Cosignatures of its own that claim a later time are forgotten here. Whoever kept one can see that the clock of this \
             server once stood ahead."
        )
    }
}

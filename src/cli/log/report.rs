//! What `palinode log verify` shows.

use std::fmt;

use owo_colors::OwoColorize;
use serde::Serialize;

use crate::cli::ExitCode;
use crate::client::audit::{Audit, Counts, Fault, Gap};
use crate::tlog::{SignedCheckpoint, VerifierKey};

/// Where the log's key came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum KeySource {
    /// From the command line.
    Given,
    /// From the state file.
    Remembered,
    /// From the server itself.
    Published,
}

/// What came of an audit.
#[derive(Serialize)]
pub(super) struct Report {
    url: String,
    origin: String,
    /// Nothing is wrong, and everything was checked.
    verified: bool,
    log_key: String,
    log_key_source: KeySource,
    /// The signed checkpoint, as it was served.
    checkpoint: Option<Head>,
    /// The one that was verified last.
    remembered: Option<Head>,
    /// Whether the checkpoint is the remembered one from now on.
    kept: bool,
    cosigned: Vec<Seen>,
    #[serde(flatten)]
    counts: Counts,
    faults: Vec<Finding>,
    more_faults: u64,
    gaps: Vec<Finding>,
    more_gaps: u64,
}

#[derive(Serialize)]
struct Head {
    tree_size: u64,
    root: String,
    note: String,
}

#[derive(Serialize)]
struct Seen {
    witness: String,
    time: String,
}

#[derive(Serialize)]
struct Finding {
    kind: &'static str,
    what: String,
    help: &'static str,
}

impl From<&SignedCheckpoint> for Head {
    fn from(signed: &SignedCheckpoint) -> Self {
        let head = signed.checkpoint();
        let note = String::from_utf8_lossy(signed.bytes()).into_owned();
        Self { tree_size: head.size(), root: head.root().to_string(), note }
    }
}

impl From<&Fault> for Finding {
    fn from(fault: &Fault) -> Self {
        Self { kind: fault.code(), what: fault.to_string(), help: fault.help() }
    }
}

impl From<&Gap> for Finding {
    fn from(gap: &Gap) -> Self {
        Self { kind: gap.code(), what: gap.to_string(), help: gap.help() }
    }
}

impl Report {
    pub(super) fn of(
        url: String,
        log: &VerifierKey,
        log_key_source: KeySource,
        audit: &Audit,
        remembered: Option<&SignedCheckpoint>,
        kept: bool,
    ) -> Self {
        let time = |seconds: u64| {
            let time = i64::try_from(seconds).ok().and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
            time.unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ").to_string()
        };
        let cosigned = audit.cosigned.iter().map(|seen| Seen { witness: seen.name().to_string(), time: time(seen.time()) });
        Self {
            url,
            origin: log.name().to_string(),
            verified: audit.faults.is_empty() && audit.gaps.is_empty(),
            log_key: log.to_string(),
            log_key_source,
            checkpoint: audit.checkpoint.as_ref().map(Head::from),
            remembered: remembered.map(Head::from),
            kept,
            cosigned: cosigned.collect(),
            counts: audit.counts,
            faults: audit.faults.iter().map(Finding::from).collect(),
            more_faults: audit.more_faults,
            gaps: audit.gaps.iter().map(Finding::from).collect(),
            more_gaps: audit.more_gaps,
        }
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        match (self.faults.is_empty(), self.gaps.is_empty()) {
            (false, _) => ExitCode::Integrity,
            (true, false) => ExitCode::Refused,
            (true, true) => ExitCode::Done,
        }
    }

    fn conclusion(&self) -> String {
        let number = |found: usize, more: u64, one: &str, many: &str| match found as u64 + more {
            1 => format!("1 {one}"),
            n => format!("{n} {many}"),
        };
        match (self.faults.len(), self.gaps.len()) {
            (0, 0) => "Verified: the log is what its checkpoint signs, and every entry is signed by its issuer.".to_owned(),
            (0, gaps) => {
                let things = number(gaps, self.more_gaps, "thing", "things");
                format!("Not verified: nothing is wrong, but {things} could not be checked.")
            }
            (faults, _) => {
                let faults = number(faults, self.more_faults, "fault", "faults");
                format!("Not verified: {faults}. This log is not what it says.")
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "log         {} at {}", self.origin.bold(), self.url)?;
        if let Some(head) = &self.checkpoint {
            let Counts { entries, notices, records, statements, tiles } = self.counts;
            writeln!(f, "tree size   {}", head.tree_size)?;
            writeln!(f, "root        {}", head.root)?;
            writeln!(
                f,
                "entries     {entries}: {notices} notices, {records} records, {statements} statements of the operator"
            )?;
            writeln!(f, "tiles       {tiles}")?;
        }
        for seen in &self.cosigned {
            writeln!(f, "cosigned    {} at {}", seen.witness, seen.time)?;
        }
        if let Some(before) = &self.remembered {
            writeln!(f, "before      size {}, root {}", before.tree_size, before.root)?;
        }
        let findings = self.faults.iter().map(|fault| (fault, true)).chain(self.gaps.iter().map(|gap| (gap, false)));
        for (finding, is_fault) in findings {
            let Finding { what, help, .. } = finding;
            let mark = if is_fault { "fault:".red().bold().to_string() } else { "unchecked:".yellow().bold().to_string() };
            writeln!(f, "{mark} {what}")?;
            writeln!(f, "  {} {help}", "help:".cyan())?;
        }
        for (more, what) in [(self.more_faults, "faults"), (self.more_gaps, "unchecked things")] {
            if more > 0 {
                writeln!(f, "and {more} more {what}")?;
            }
        }
        write!(f, "{}", self.conclusion())?;
        if self.log_key_source == KeySource::Published {
            let first =
                if self.kept { "; the state file pins it from now on" } else { ": pin it with --log-key, or use --state" };
            write!(f, "\nUnder the key that the server itself publishes, {}{first}.", self.log_key)?;
        }
        Ok(())
    }
}

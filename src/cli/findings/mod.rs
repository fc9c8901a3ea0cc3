//! What a scan found, as people and programs read it: a table, JSON, JSON Lines, SARIF and Markdown of one and the same [`Findings`].
//!
//! A finding is one identifier at one place about which a ledger has something to say. Findings are put together by dataset: two
//! notices belong together when one identifier that was seen meets both. What a finding is worth depends on how the identifier was
//! seen, too: what code merely names is no file that was hashed, and what somebody cites is not what lies there.
//!
//! In scope: weighing, grouping, ignores (`.palinode.toml`), baselines, the exit code, and the formats. Out of scope: reading folders
//! ([`crate::scan`]) and asking ledgers, which the commands do before.

mod arguments;
mod baseline;
mod dataset;
mod exit;
mod gathering;
mod ignores;
mod lines;
mod markdown;
mod model;
mod notice_facts;
mod sarif;
mod table;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use arguments::{FindingsArguments, ReportFormat};
pub use baseline::BaselineError;
pub use gathering::Asked;
pub use ignores::IgnoreError;
pub use model::Findings;

use chrono::{DateTime, Utc};

use super::{ExitCode, Failure, Output, OutputError, file};
use crate::scan::Inventory;

/// The JSON Schema of the JSON report.
pub const SCHEMA: &str = include_str!("findings.schema.json");

/// Weighs what was seen by what ledgers said about it, and shows it as the arguments want it.
///
/// # Errors
/// A `.palinode.toml` or a baseline that cannot be read, or an output that takes no more.
pub fn report(
    inventory: &Inventory,
    asked: Asked,
    arguments: &FindingsArguments,
    now: DateTime<Utc>,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let ignores = ignores::of_roots(&inventory.roots)?;
    let baseline = arguments.baseline.as_deref().map(baseline::read).transpose()?;
    let findings = gathering::gather(inventory, asked, ignores, baseline.as_ref(), arguments, now);
    let code = findings.exit_code;
    write(&findings, arguments.report_format(output.format()), arguments, output)?;
    Ok(code)
}

fn write(findings: &Findings, format: ReportFormat, arguments: &FindingsArguments, output: &mut Output) -> Result<(), Failure> {
    let json = |text: Result<String, serde_json::Error>| text.map_err(|error| OutputError::from(std::io::Error::from(error)));
    let text = match format {
        ReportFormat::Text => super::printable::for_terminal(&table::text(findings)).into_owned(),
        ReportFormat::Json => json(serde_json::to_string_pretty(findings))?,
        ReportFormat::Jsonl => json(lines::text(findings))?,
        ReportFormat::Sarif => json(serde_json::to_string_pretty(&sarif::log(findings)))?,
        ReportFormat::Markdown => markdown::text(findings),
    };
    let text = format!("{}\n", text.trim_end_matches('\n'));
    match &arguments.out {
        Some(path) => file::replace(path, text.as_bytes())?,
        None => output.write(text.as_bytes())?,
    }
    Ok(())
}

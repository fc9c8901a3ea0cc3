use std::path::PathBuf;

use chrono::TimeDelta;
use clap::Args;

use crate::cli::Format;
use crate::cli::check::{levels, parse_age};
use crate::verdict::Verdict;

/// In which form findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    /// For people: a table for each dataset
    Text,
    /// One JSON document; its schema: palinode schema scan
    Json,
    /// One JSON object a line: a summary, then the datasets
    Jsonl,
    /// SARIF 2.1.0, as GitHub code scanning and editors take it
    Sarif,
    /// Markdown, for comments on pull requests and job summaries
    Markdown,
}

/// What a finding is worth, and how findings are shown.
#[derive(Debug, Clone, Args)]
pub struct FindingsArguments {
    /// The mildest verdict that ends with exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "derived-from-retracted", value_parser = levels())]
    pub fail_on: Verdict,
    /// How old the newest checkpoint may be, such as 12h or 7d; an older answer ends with exit code 3
    #[arg(long, value_name = "AGE", default_value = "7d", value_parser = parse_age)]
    pub max_age: TimeDelta,
    /// End with exit code 3 when something could not be read or identified, or an answer is incomplete
    #[arg(long)]
    pub strict: bool,
    /// End with exit code 0 instead of 5 when there is nothing to check
    #[arg(long)]
    pub allow_empty: bool,
    /// An earlier report (JSON or SARIF): what it holds already does not fail again
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// In which form the findings are written; default: as --format says
    #[arg(long, value_name = "FORMAT")]
    pub report: Option<ReportFormat>,
    /// Write the findings to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

impl FindingsArguments {
    pub(super) fn report_format(&self, general: Format) -> ReportFormat {
        self.report.unwrap_or(match general {
            Format::Text => ReportFormat::Text,
            Format::Json => ReportFormat::Json,
        })
    }
}

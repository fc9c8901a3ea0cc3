//! `palinode schema`: the JSON Schemas of what this program reads and writes.

use clap::{Args, ValueEnum};

use super::{ExitCode, Failure, Output, findings};
use crate::notice::NOTICE_SCHEMA;

const EXAMPLES: &str = "\
Examples:
  palinode schema scan > palinode-scan.schema.json
  palinode schema notice";

/// Arguments of `palinode schema`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SchemaArguments {
    /// Of what
    #[arg(value_name = "WHAT")]
    pub what: Schema,
}

/// What there are schemas of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// The report of palinode scan --report json
    Scan,
    /// A notice, as it is signed
    Notice,
}

pub(super) fn run(arguments: &SchemaArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let schema = match arguments.what {
        Schema::Scan => findings::SCHEMA,
        Schema::Notice => NOTICE_SCHEMA,
    };
    output.write(schema.as_bytes())?;
    Ok(ExitCode::Done)
}

//! `palinode notice draft`: a template for each type of notice.

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
A draft is the notice as JSON with its texts inline. Replace what stands in angle brackets, delete what does not apply, and sign it.

Examples:
  palinode notice draft retraction --out draft.json
  palinode notice draft reinstatement --reinstates <NOTICE ID> --out draft.json
  palinode notice draft response --disputes <NOTICE ID>";

/// Arguments of `palinode notice draft`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DraftArguments {
    /// What the notice says: retraction, partial-retraction, removal, expression-of-concern, correction, supersession,
    /// deprecation, access-change, reinstatement, revocation or response
    #[arg(value_name = "TYPE", default_value = "retraction")]
    pub kind: String,
    /// An earlier notice that this one adds to
    #[arg(long, value_name = "ID")]
    pub amends: Vec<String>,
    /// An earlier notice of yours whose place this one takes
    #[arg(long, value_name = "ID")]
    pub replaces: Vec<String>,
    /// An earlier notice of yours that no longer holds (type revocation)
    #[arg(long, value_name = "ID")]
    pub revokes: Vec<String>,
    /// An earlier notice of yours that this one lifts (type reinstatement)
    #[arg(long, value_name = "ID")]
    pub reinstates: Vec<String>,
    /// A notice that this one objects to
    #[arg(long, value_name = "ID")]
    pub disputes: Vec<String>,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

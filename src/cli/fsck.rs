//! `palinode fsck`: derives every leaf, root, index row and signature of a server's data again.

use clap::Args;

use super::serve::ServerArguments;

const EXAMPLES: &str = "\
Reads only; a running server is not disturbed. Ends with 4 when anything differs from what it must be.

Examples:
  palinode fsck
  palinode fsck --data /var/lib/palinode";

/// Arguments of `palinode fsck`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FsckArguments {
    /// Which server
    #[command(flatten)]
    pub server: ServerArguments,
}

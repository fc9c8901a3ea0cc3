//! `palinode demo`: three servers on this machine, with real cases.

use clap::Args;

const EXAMPLES: &str = "\
Starts three servers on loopback with real sockets and databases in a temporary folder, makes them peers of each other, posts
about twenty real cases, and asks all three the same questions. Nothing leaves this machine, and everything is deleted at the end.

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

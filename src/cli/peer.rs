//! `palinode peer`: the servers that a server reads from and announces to.

use clap::{Args, Subcommand};

use super::serve::ServerArguments;

const ADD_EXAMPLES: &str = "\
Peers are added on both sides. The keys are what you trust: compare them over another channel before you say yes.

Examples:
  palinode peer add https://peer.example.net/
  palinode peer add http://127.0.0.1:8081/ --yes --data ./first";
const LIST_EXAMPLES: &str = "\
Examples:
  palinode peer list
  palinode peer list --format json";
const REMOVE_EXAMPLES: &str = "\
What came from the peer stays: entries stand by their own signatures.

Examples:
  palinode peer remove peer.example.net/log";

/// `palinode peer ...`
#[derive(Debug, Subcommand)]
pub enum PeerCommand {
    /// Show the keys a server publishes, ask, and make it a peer
    Add(PeerAddArguments),
    /// List the peers
    List(PeerListArguments),
    /// Stop reading from a peer and announcing to it
    Remove(PeerRemoveArguments),
}

/// Arguments of `palinode peer add`.
#[derive(Debug, Args)]
#[command(after_help = ADD_EXAMPLES)]
pub struct PeerAddArguments {
    /// Where the peer is reached
    #[arg(value_name = "URL")]
    pub url: String,
    /// Take the keys without asking
    #[arg(long)]
    pub yes: bool,
    /// Which server gets the peer
    #[command(flatten)]
    pub server: ServerArguments,
}

/// Arguments of `palinode peer list`.
#[derive(Debug, Args)]
#[command(after_help = LIST_EXAMPLES)]
pub struct PeerListArguments {
    /// Whose peers
    #[command(flatten)]
    pub server: ServerArguments,
}

/// Arguments of `palinode peer remove`.
#[derive(Debug, Args)]
#[command(after_help = REMOVE_EXAMPLES)]
pub struct PeerRemoveArguments {
    /// The name of the peer's log, as `peer list` shows it
    #[arg(value_name = "ORIGIN")]
    pub origin: String,
    /// Whose peer
    #[command(flatten)]
    pub server: ServerArguments,
}

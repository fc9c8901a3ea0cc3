//! `palinode peer`: the servers that a server reads from and announces to.

use std::fmt;
use std::io::{BufRead, Write};

use clap::{Args, Subcommand};
use owo_colors::OwoColorize;
use serde::Serialize;

use super::connection::{Connection, key_flag};
use super::printable::for_terminal;
use super::serve::ServerArguments;
use super::{Complaint, ExitCode, Failure, Output, table};
use crate::app::operator::{self, NewPeer, PeerView};
use crate::config::{BaseUrl, BaseUrlFault, FederationSettings};
use crate::envelope::{KeyError, PublicKey};

const ADD_EXAMPLES: &str = "\
Peers are added on both sides. The keys are what you trust: compare them over another channel before you say yes. With the
three keys given, nothing is fetched and nothing is asked.

Examples:
  palinode peer add https://peer.example.net/
  palinode peer add http://127.0.0.1:8081/ --yes --data ./first";
const LIST_EXAMPLES: &str = "\
A peer that signed two histories of its log is isolated: neither read, nor cosigned, nor announced to. What came from it before
stays. Any server shows the evidence at /v1/peers/<SHA-256 of the origin>/evidence, and `palinode proof evidence` checks it.

A peer that was restored from a backup goes on under another name, as its operator stated: it is followed without a command, and the
old one is shown as succeeded by it. Whoever claims that without the operator key is refused, and shown.

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
    /// The peer's log key, a verifier key
    #[arg(long, value_name = "VKEY", requires_all = ["witness_key", "operator_key"])]
    pub log_key: Option<String>,
    /// The peer's witness key, a verifier key
    #[arg(long, value_name = "VKEY", requires_all = ["log_key", "operator_key"])]
    pub witness_key: Option<String>,
    /// The peer's operator key, z6Mk...
    #[arg(long, value_name = "KEY", requires_all = ["log_key", "witness_key"])]
    pub operator_key: Option<String>,
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

#[derive(Debug, thiserror::Error)]
enum PeerError {
    #[error("the peer's address {0}")]
    Address(#[from] BaseUrlFault),
    #[error("--operator-key {text}: {source}")]
    OperatorKey { text: String, source: KeyError },
    #[error("{0} is without encryption, and federation.allow_http_loopback does not let this server use it")]
    NotEncrypted(BaseUrl),
    #[error("the peer was not added, since nobody said yes")]
    NotConfirmed,
    #[error("there is no peer {0}")]
    Unknown(String),
}

impl Complaint for PeerError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Address(_) | Self::OperatorKey { .. } | Self::NotEncrypted(_) => ExitCode::Usage,
            Self::NotConfirmed | Self::Unknown(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Address(_) => "give it as https://peer.example.net/".to_owned(),
            Self::OperatorKey { .. } => "the peer's operator, or its `GET /v1/server`, tells the key".to_owned(),
            Self::NotEncrypted(_) => "use https://; http:// is for peers on this machine".to_owned(),
            Self::NotConfirmed => "compare the keys with the peer's operator, then answer y or give --yes".to_owned(),
            Self::Unknown(_) => "`palinode peer list` shows the peers".to_owned(),
        })
    }
}

pub(super) fn run(command: &PeerCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        PeerCommand::Add(arguments) => add(arguments, output)?,
        PeerCommand::List(arguments) => {
            let data = arguments.server.settings()?.server.data;
            output.show(&Peers { peers: operator::list_peers(&data)? })?;
        }
        PeerCommand::Remove(arguments) => {
            let data = arguments.server.settings()?.server.data;
            if !operator::remove_peer(&data, &arguments.origin)? {
                return Err(PeerError::Unknown(arguments.origin.clone()).into());
            }
            output.show(&Removed { removed: arguments.origin.clone() })?;
        }
    }
    Ok(ExitCode::Done)
}

fn add(arguments: &PeerAddArguments, output: &mut Output) -> Result<(), Failure> {
    let settings = arguments.server.settings()?;
    let url = BaseUrl::parse(&arguments.url).map_err(PeerError::Address)?;
    let stays_here = url.is_loopback() && settings.federation.allow_http_loopback;
    if !url.is_encrypted() && !stays_here {
        return Err(PeerError::NotEncrypted(url).into());
    }
    let peer = if let Some(peer) = given(arguments, &url)? {
        peer
    } else {
        // A data folder that cannot get a peer is told of before anybody is asked to compare keys.
        operator::list_peers(&settings.server.data)?;
        let peer = published(&settings.federation, &url)?;
        if !arguments.yes && !confirmed(&peer) {
            return Err(PeerError::NotConfirmed.into());
        }
        peer
    };
    let peer = operator::add_peer(&settings.server.data, peer)?;
    output.show(&Added { peer })?;
    Ok(())
}

/// The peer with the keys that were given, when they were.
fn given(arguments: &PeerAddArguments, url: &BaseUrl) -> Result<Option<NewPeer>, Failure> {
    let PeerAddArguments { log_key: Some(log), witness_key: Some(witness), operator_key: Some(operator), .. } = arguments
    else {
        return Ok(None);
    };
    let operator_key =
        PublicKey::parse(operator).map_err(|source| PeerError::OperatorKey { text: operator.clone(), source })?;
    Ok(Some(NewPeer {
        url: url.as_url().clone(),
        log_key: key_flag("--log-key", log)?,
        witness_key: key_flag("--witness-key", witness)?,
        operator_key,
    }))
}

/// The peer with the keys that it publishes, asked as the server itself would ask it.
fn published(settings: &FederationSettings, url: &BaseUrl) -> Result<NewPeer, Failure> {
    let connection = Connection::to_peer(settings, url)?;
    let server = connection.ask(connection.client.server())?;
    Ok(NewPeer {
        url: url.as_url().clone(),
        log_key: connection.key("log", server.log_key)?,
        witness_key: connection.key("witness", server.witness_key)?,
        operator_key: connection.public_key("operator", server.operator_key)?,
    })
}

/// Shows the keys and waits for a yes. Silence and a closed input are a no.
fn confirmed(peer: &NewPeer) -> bool {
    let mut stderr = anstream::stderr().lock();
    let question = format!(
        "{} publishes these keys:\n  log       {}\n  witness   {}\n  operator  {}\nCompare them with what its operator tells you. Make it a peer? [y/N] ",
        peer.url,
        peer.log_key,
        peer.witness_key,
        peer.operator_key.to_multibase()
    );
    let shown = stderr.write_all(for_terminal(&question).as_bytes()).and_then(|()| stderr.flush());
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    shown.is_ok() && read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[derive(Serialize)]
struct Added {
    peer: PeerView,
}

#[derive(Serialize)]
struct Peers {
    peers: Vec<PeerView>,
}

#[derive(Serialize)]
struct Removed {
    removed: String,
}

impl fmt::Display for Added {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PeerView { origin, url, log_key, witness_key, operator_key, .. } = &self.peer;
        writeln!(f, "{} is a peer now", origin.bold())?;
        writeln!(f, "url       {url}\nlog       {log_key}\nwitness   {witness_key}\noperator  {operator_key}")?;
        writeln!(f, "\nA peer must be able to reach this server, or the notices of this server stay at home: its operator")?;
        write!(f, "adds this server in the same way. A server that runs now takes the new peer up within a second.")
    }
}

impl fmt::Display for Peers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.peers.is_empty() {
            return write!(f, "No peers. `palinode peer add URL` adds one.");
        }
        let mut rows = table(["peer", "url", "from", "its size", "read", "cosigned ours", "last contact", "state"]);
        for peer in &self.peers {
            let state = match (&peer.succeeded_by, peer.evidence, peer.pause, &peer.last_error) {
                (_, 1.., ..) => isolated(peer),
                (Some(new), ..) => format!("ended, succeeded by {new}"),
                (None, 0, Some(pause), _) => format!("paused: {pause}"),
                (None, 0, None, Some(error)) => error.clone(),
                (None, 0, None, None) => waiting(peer),
            };
            rows.add_row([
                peer.origin.clone(),
                peer.url.clone(),
                peer.source.to_owned(),
                peer.size.map_or_else(|| "unknown".to_owned(), |size| size.to_string()),
                peer.pulled.to_string(),
                peer.acknowledged.to_string(),
                peer.last_contact.map_or_else(|| "never".to_owned(), |time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
                state,
            ]);
        }
        write!(f, "{}", rows.trim_fmt())?;
        for (peer, claim) in self.peers.iter().filter_map(|peer| Some((peer, peer.refused_claim.as_ref()?))) {
            write!(f, "\n{} {}: {claim}", "refused:".yellow().bold(), peer.origin)?;
        }
        Ok(())
    }
}

fn isolated(peer: &PeerView) -> String {
    let since = peer.isolated_since.map(|time| time.format(" since %Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default();
    let pieces = if peer.evidence == 1 { "1 piece".to_owned() } else { format!("{} pieces", peer.evidence) };
    format!("isolated{since}: it signed two histories, {pieces} of evidence")
}

fn waiting(peer: &PeerView) -> String {
    let counts = [(peer.wanted, "wanted"), (peer.pending, "pending"), (peer.refused, "refused")];
    let parts: Vec<_> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if parts.is_empty() { "ok".to_owned() } else { parts.join(", ") }
}

impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no peer any more. What came from it stays.", self.removed)
    }
}

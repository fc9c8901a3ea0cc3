//! The main job before one's eyes: three servers, real cases, a story, and the same questions to all three.
//!
//! The servers are the ones that `palinode serve` starts, with real sockets and databases in a temporary folder; every request
//! goes over HTTP. The real cases are observers' reports, signed with a key made for the run and never in a publisher's name.
//! The story is that of a publisher who does not exist; together they show every verdict there is.
//!
//! Nothing leaves the machine. The drafts beside this file were curated by hand from public sources, which each names.

mod cast;
mod material;
mod posting;
mod servers;
mod tour;

use std::io::{self, Write};

use serde::Serialize;

pub use material::MaterialError;

use crate::app::{StartError, operator::OperatorError};
use crate::client::ClientError;
use crate::config::ConfigError;

/// Why the demo did not get to its end.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// What it tells could not be written.
    #[error("the demo cannot write: {0}")]
    Io(#[from] io::Error),
    /// Its own material.
    #[error(transparent)]
    Drafts(#[from] MaterialError),
    /// Its own material, when it is put to use.
    #[error("the demo's material is at fault: {0}")]
    Material(String),
    /// The story names a part that nobody plays.
    #[error("nobody plays {0:?} in the story")]
    NoSuchPart(String),
    /// The operating system gave no randomness.
    #[error("no random bytes could be had: {0}")]
    Randomness(getrandom::Error),
    /// A server's settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A server did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A peer could not be added.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// A request to one of the servers.
    #[error("server {server}: {source}")]
    Client {
        /// Which server.
        server: &'static str,
        /// Why.
        #[source]
        source: ClientError,
    },
    /// An answer does not follow from its evidence.
    #[error("server {0}: {1}")]
    Evidence(&'static str, String),
    /// A notice did not reach every server in time.
    #[error("{title:?} was posted and did not reach server {server} within {seconds} seconds")]
    NotHeard {
        /// The dataset.
        title: String,
        /// Which server.
        server: &'static str,
        /// How long was waited.
        seconds: u64,
    },
    /// A server's newest checkpoint was not cosigned by all in time.
    #[error("the newest checkpoint of server {server} was cosigned by {by} only within {seconds} seconds")]
    NotCosigned {
        /// Which server.
        server: &'static str,
        /// By whom it was.
        by: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The servers did not answer alike, or not as the rules say.
    #[error("{0} of the answers are not what they must be")]
    Disagreement(usize),
}

/// What the tour came to, for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The three servers.
    pub servers: Vec<ToldServer>,
    /// How many datasets the real cases are about.
    pub datasets: usize,
    /// How many notices were posted; each reached all three.
    pub notices: usize,
    /// From posting to being answered by another server, in milliseconds: the median.
    pub median_ms: u64,
    /// The same: the longest.
    pub longest_ms: u64,
    /// How many questions all three answered alike, and as the rules say.
    pub questions: usize,
    /// How many entries came with proofs that hold.
    pub proved_entries: usize,
}

/// One server of the demo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldServer {
    /// A, B or C.
    pub letter: &'static str,
    /// Where it answers.
    pub url: String,
    /// Its log's name.
    pub origin: String,
}

/// Runs the tour and tells it to `out`, and what it came to to `summary`; then, unless `once`, keeps serving until `until` comes,
/// which ends the tour as well.
///
/// # Errors
/// [`DemoError`]: something did not happen as promised.
pub async fn run(
    once: bool,
    out: &mut (dyn Write + Send),
    summary: &mut (dyn FnMut(&Summary) -> io::Result<()> + Send),
    until: impl Future<Output = ()>,
) -> Result<(), DemoError> {
    let folder = tempfile::Builder::new().prefix("palinode-demo-").tempdir()?;
    let stage = tour::begin(folder.path(), out).await?;
    let shown = show(&stage, once, out, summary, until).await;
    servers::stop(stage.servers).await;
    shown
}

async fn show(
    stage: &tour::Stage,
    once: bool,
    out: &mut (dyn Write + Send),
    summary: &mut (dyn FnMut(&Summary) -> io::Result<()> + Send),
    until: impl Future<Output = ()>,
) -> Result<(), DemoError> {
    tokio::pin!(until);
    tokio::select! {
        toured = tour::tour(stage, out) => summary(&toured?)?,
        () = &mut until => return Ok(()),
    }
    if !once {
        writeln!(out, "\nThe three servers keep serving. Ctrl-C ends the demo and deletes everything.")?;
        out.flush()?;
        until.await;
        writeln!(out, "\nStopping.")?;
    }
    Ok(())
}

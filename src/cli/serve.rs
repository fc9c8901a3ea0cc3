//! `palinode serve`: runs a server.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};

use super::{Complaint, ExitCode, Failure, Output, program_log};
use crate::app::{self, StartError};
use crate::clock::SystemClock;
use crate::config::{ConfigError, Flags, ServerConfig, Settings, process_environment};

const EXAMPLES: &str = "\
With no flag at all it starts on 127.0.0.1:8080 with SQLite under ./palinode-data, makes its keys, and takes notices from
anyone on this machine. The address stands on the first line of its output.

Examples:
  palinode serve
  palinode serve --listen 127.0.0.1:0 --data ./second
  palinode serve --config palinode.toml";

/// Arguments of `palinode serve`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ServeArguments {
    /// Which server
    #[command(flatten)]
    pub server: ServerArguments,
    /// Address and port to listen on; port 0 picks a free one
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Name of the log, fixed when the data folder is made, such as ledger.example.org/log
    #[arg(long, value_name = "NAME")]
    pub origin: Option<String>,
}

/// Which server on this machine a command is about.
#[derive(Debug, Args)]
pub struct ServerArguments {
    /// Configuration file; `palinode config example` prints one
    #[arg(long, value_name = "FILE", env = "PALINODE_CONFIG")]
    pub config: Option<PathBuf>,
    /// Data folder; beats the configuration
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

impl ServerArguments {
    /// Reads the configuration these arguments name.
    ///
    /// # Errors
    /// What [`ServerConfig::load`] refuses.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let flags = Flags { data: self.data.clone(), ..Flags::default() };
        ServerConfig::load(self.config.as_deref(), process_environment(), &flags)
    }
}

impl ServeArguments {
    /// Reads the configuration these arguments name.
    ///
    /// # Errors
    /// What [`ServerConfig::load`] refuses.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let flags = Flags { data: self.server.data.clone(), listen: self.listen, origin: self.origin.clone() };
        ServerConfig::load(self.server.config.as_deref(), process_environment(), &flags)
    }
}

/// What a server says when it is ready: its address on the first line, so that a script that let it pick a port can read it.
#[derive(Serialize)]
struct Ready {
    url: String,
    origin: String,
    log_key: String,
    witness_key: String,
    operator_key: String,
    data: PathBuf,
    policy: &'static str,
    tree_size: u64,
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.url)?;
        writeln!(f, "origin        {}", self.origin)?;
        writeln!(f, "log key       {}", self.log_key)?;
        writeln!(f, "witness key   {}", self.witness_key)?;
        writeln!(f, "operator key  {}", self.operator_key)?;
        writeln!(f, "data          {}", self.data.display())?;
        writeln!(f, "admission     {}", self.policy)?;
        write!(f, "tree size     {}", self.tree_size)
    }
}

/// The threads of the program could not be started.
#[derive(Debug, thiserror::Error)]
#[error("the program's threads cannot be started: {0}")]
pub(super) struct RuntimeError(#[from] pub(super) io::Error);

impl Complaint for RuntimeError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Unreachable
    }
}

impl Complaint for StartError {
    fn exit_code(&self) -> ExitCode {
        match self {
            _ if self.is_contradiction() => ExitCode::Integrity,
            _ if self.is_out_of_reach() => ExitCode::Unreachable,
            Self::Open(_)
            | Self::Store(_)
            | Self::NotWritable { .. }
            | Self::Listen { .. }
            | Self::Thread(_)
            | Self::Transport(_) => ExitCode::Unreachable,
            Self::Folder(_) | Self::Keys(_) | Self::ServerKeys(_) | Self::Pins(_) | Self::Peer(_) | Self::Enrol(_) => {
                ExitCode::Usage
            }
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Listen { address, .. } if address.port() != 0 => {
                Some("another program may listen there; --listen 127.0.0.1:0 picks a free port".to_owned())
            }
            _ if self.is_contradiction() => Some(
                "nothing was signed. Keep a copy of the data folder; `palinode fsck` names everything that is wrong, and \
                 `palinode restore` begins a new log from a backup"
                    .to_owned(),
            ),
            _ => self.remedy().map(str::to_owned),
        }
    }
}

pub(super) fn run(arguments: &ServeArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let settings = arguments.settings()?;
    program_log::begin(&settings.log);
    for remark in settings.remarks() {
        tracing::warn!("{remark}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(RuntimeError)?;
    runtime.block_on(serve(settings, output))
}

async fn serve(settings: Settings, output: &mut Output) -> Result<ExitCode, Failure> {
    let (data, policy) = (settings.server.data.clone(), settings.admission.policy.as_str());
    // Heard from the beginning: a start may wait for peers for some seconds, and nothing is lost when it is given up.
    let stop = asked_to_stop().map_err(RuntimeError)?;
    tokio::pin!(stop);
    let running = tokio::select! {
        running = app::start(settings, Arc::new(SystemClock)) => running?,
        () = &mut stop => return Ok(ExitCode::Done),
    };
    let identity = running.ledger().identity().clone();
    output.show(&Ready {
        url: format!("http://{}/", running.address()),
        origin: identity.origin.to_string(),
        log_key: identity.log.to_string(),
        witness_key: identity.witness.to_string(),
        operator_key: identity.operator.to_multibase(),
        data,
        policy,
        tree_size: running.ledger().published().head.size,
    })?;
    stop.await;
    tracing::info!("stopping: requests under way are answered, what is queued is finished");
    running.stop().await;
    Ok(ExitCode::Done)
}

/// Listens from now on for Ctrl-C and for the service manager's SIGTERM; what it gives ends when one of them came.
pub(super) fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

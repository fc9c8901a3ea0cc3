//! `palinode serve`: runs a server.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

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

//! `palinode config`: the example configuration, and what a server would understand of yours.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use owo_colors::OwoColorize;
use serde::Serialize;
use url::Url;

use super::{Complaint, ExitCode, Failure, Output, table};
use crate::config::{ConfigError, EXAMPLE, Flags, ServerConfig, Settings, process_environment};

const EXAMPLE_EXAMPLES: &str = "\
Examples:
  palinode config example > palinode.toml     writes a commented file to start from";

const CHECK_EXAMPLES: &str = "\
Environment variables PALINODE_SECTION__KEY count as they would for a server.

Examples:
  palinode config check palinode.toml
  palinode config check palinode.toml --format json";

/// `palinode config ...`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print an example configuration with every key explained
    #[command(after_help = EXAMPLE_EXAMPLES)]
    Example,
    /// Read a configuration as a server would, and print what was understood
    Check(CheckArguments),
}

/// Arguments of `palinode config check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct CheckArguments {
    /// The configuration file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

impl Complaint for ConfigError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        Some(ConfigError::help(self).to_owned())
    }
}

/// What was understood.
#[derive(Serialize)]
struct Understood {
    settings: Settings,
    remarks: Vec<String>,
}

pub(super) fn run(command: ConfigCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        ConfigCommand::Example => output.write(EXAMPLE.as_bytes())?,
        ConfigCommand::Check(CheckArguments { file }) => {
            let settings = ServerConfig::load(Some(&file), process_environment(), &Flags::default())?;
            let remarks = settings.remarks().iter().map(ToString::to_string).collect();
            output.show(&Understood { settings, remarks })?;
        }
    }
    Ok(ExitCode::Done)
}

impl fmt::Display for Understood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { server, admission, trust, federation, peers, limits, storage, log } = &self.settings;
        let or = |value: Option<String>, otherwise: &str| value.unwrap_or_else(|| otherwise.to_owned());
        let mut rows = table(["key", "value"]);
        let mut row = |key: &str, value: String| {
            rows.add_row([key.to_owned(), value]);
        };
        row("server.listen", server.listen.to_string());
        row("server.data", server.data.display().to_string());
        row("server.origin", or(server.origin.clone(), "localhost/<16 hex digits of the log key>"));
        row("server.public_url", or(server.public_url.as_ref().map(ToString::to_string), "not set"));
        row("server.workers", or(server.workers.map(|n| n.to_string()), "one for each processor"));
        row("server.drain_seconds", server.drain_seconds.to_string());
        let contacts =
            server.security.as_ref().map(|said| said.contacts.iter().map(Url::as_str).collect::<Vec<_>>().join(", "));
        row("server.security_contact", or(contacts, "nobody: no security.txt"));
        row("admission.policy", admission.policy.as_str().to_owned());
        row("admission.entries_per_issuer_per_day", admission.entries_per_issuer_per_day.to_string());
        row("admission.entries_per_issuer", admission.entries_per_issuer.to_string());
        row("admission.list_bytes_per_issuer", admission.list_bytes_per_issuer.to_string());
        row("trust.publishers", or(trust.publishers.as_ref().map(|p| p.display().to_string()), "no pins"));
        row("federation.poll_seconds", federation.poll_seconds.to_string());
        row("federation.compare_seconds", federation.compare_seconds.to_string());
        row("federation.entries_per_peer_per_day", federation.entries_per_peer_per_day.to_string());
        row("federation.allow_http_loopback", federation.allow_http_loopback.to_string());
        row("limits.body_bytes", limits.body_bytes.to_string());
        row("limits.body_with_documents_bytes", limits.body_with_documents_bytes.to_string());
        row("limits.check_ids", limits.check_ids.to_string());
        row("limits.page_items", limits.page_items.to_string());
        let reserve = storage.reserve_bytes.map(|n| n.to_string());
        row("storage.reserve_bytes", or(reserve, "the smaller of 5 % and 256 MiB"));
        row("log.level", log.level.clone());
        row("log.format", format!("{:?}", log.format).to_ascii_lowercase());
        for (n, peer) in peers.iter().enumerate() {
            row(&format!("peers[{n}]"), format!("{} at {}", peer.origin, peer.url));
        }
        writeln!(f, "{}", rows.trim_fmt())?;
        for remark in &self.remarks {
            writeln!(f, "{} {remark}", "note:".yellow().bold())?;
        }
        Ok(())
    }
}

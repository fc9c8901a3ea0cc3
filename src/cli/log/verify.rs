//! `palinode log verify`: audits a server from outside.

use std::path::{Path, PathBuf};

use clap::Args;

use super::report::{KeySource, Report};
use crate::cli::connection::{Connection, ConnectionError, key_flag};
use crate::cli::progress::entries_bar;
use crate::cli::witnesses::{WitnessArguments, accepted};
use crate::cli::{Complaint, ExitCode, Failure, Output, file};
use crate::client::ClientError;
use crate::client::audit::remembered::{self, MAX_STATE, RememberedError};
use crate::client::audit::{Audit, AuditOptions, Auditor, Patience, Unreachable};
use crate::envelope::{KeyError, PublicKey};
use crate::tlog::{KeyKind, SignedCheckpoint, VerifierKey};

const EXAMPLES: &str = "\
Reads the checkpoint, every entry and every hash tile of a server's log, and works out again what the server claims: that the
entries hash to the signed root, that each is in canonical form and signed by a key of its issuer, and, with --state, that the
log only grew since it was verified last. Run it now and then, from another machine than the server's.

Without --log-key, the key in the --state file counts, and on the first run the one that the server itself publishes.

With --witness-key or --policy, enough witnesses must have cosigned the checkpoint.

Exit codes: 0 verified; 1 nothing is wrong, but something could not be checked, such as too few cosignatures or an issuer
without records, or the policy does not accept the log; 2 usage; 3 the server did not answer; 4 the log is not what it says.

Examples:
  palinode log verify https://ledger.example.org/ --state ledger.state
  palinode log verify https://ledger.example.org/ --log-key ledger.example.org/log+01234567+AQEB... \\
      --witness-key peer.example.net/log/witness+89abcdef+BAEB...
  palinode log verify https://ledger.example.org/ --policy trusted.policy";

/// Arguments of `palinode log verify`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct LogVerifyArguments {
    /// The server
    #[arg(value_name = "URL")]
    pub url: String,
    /// Key of the log, as a verifier key
    #[arg(long, value_name = "VKEY")]
    pub log_key: Option<String>,
    /// Whose cosignatures must be there
    #[command(flatten)]
    pub witnesses: WitnessArguments,
    /// Key of the operator's statements, z6Mk...; without it, the one that the server publishes
    #[arg(long, value_name = "KEY")]
    pub operator_key: Option<String>,
    /// Remember the key and the last verified checkpoint in this file, and refuse a log that goes back
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// How many pieces of 256 entries are fetched and checked at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub jobs: u8,
}

#[derive(Debug, thiserror::Error)]
enum VerifyError {
    #[error("{flag} {key} is the key of a {kind}, not of a {wanted}")]
    Kind { flag: &'static str, key: Box<VerifierKey>, kind: &'static str, wanted: &'static str },
    #[error("--operator-key {text}: {source}")]
    OperatorKey { text: String, source: KeyError },
    #[error("the keys of {url} cannot be asked for: {source}")]
    Keys { url: String, source: ClientError },
    #[error("{} cannot be read: {source}", path.display())]
    State { path: PathBuf, source: RememberedError },
    #[error("{} remembers the log key {}, not {}", path.display(), keys[0], keys[1])]
    OtherLog { path: PathBuf, keys: Box<[VerifierKey; 2]> },
    #[error("{url}: {source}")]
    Unreachable { url: String, source: Unreachable },
}

impl Complaint for VerifyError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Kind { .. } | Self::OperatorKey { .. } | Self::State { .. } | Self::OtherLog { .. } => ExitCode::Usage,
            // A server that shows no keys was not looked at, whatever it says about that.
            Self::Keys { .. } | Self::Unreachable { .. } => ExitCode::Unreachable,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Kind { .. } | Self::OperatorKey { .. } => {
                "`GET /v1/server` of the server, or its operator, tells its keys".to_owned()
            }
            Self::Keys { .. } => {
                "nothing was found out, neither good nor bad; give --log-key, or look whether this is the server's address"
                    .to_owned()
            }
            Self::State { .. } => "it may be damaged: look at it, and name another file to begin anew".to_owned(),
            Self::OtherLog { .. } => "a log never changes its key; for another log, name another --state file".to_owned(),
            Self::Unreachable { .. } => {
                "nothing was found out, neither good nor bad; look whether this is the server's address, and run this again"
                    .to_owned()
            }
        })
    }
}

pub(super) fn run(arguments: &LogVerifyArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let connection = Connection::open(&arguments.url)?;
    let url = connection.url().to_string();
    let remembered = arguments.state.as_deref().map(read_state).transpose()?.flatten();
    let policy = arguments.witnesses.read()?;
    let keys = keys(arguments, &connection, remembered.as_ref())?;
    accepted(policy.as_ref(), &keys.log)?;
    let options = AuditOptions {
        log: keys.log.clone(),
        policy,
        operator: keys.operator,
        remembered: remembered.clone(),
        at_once: arguments.jobs.into(),
        patience: Patience::default(),
    };
    let bar = entries_bar();
    let audited = connection.wait(Auditor::new(&connection.client, options).audit(&mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    }));
    bar.finish_and_clear();
    let audit: Audit = audited.map_err(|source| VerifyError::Unreachable { url: url.clone(), source })?;
    let kept = match (&arguments.state, &audit.checkpoint) {
        // What is remembered is what nothing spoke against.
        (Some(path), Some(checkpoint)) if audit.faults.is_empty() => {
            file::replace(path, &remembered::write(checkpoint))?;
            true
        }
        _ => false,
    };
    let report = Report::of(url, &keys.log, keys.source, &audit, remembered.as_ref(), kept);
    let code = report.exit_code();
    output.show(&report)?;
    Ok(code)
}

/// What a state file remembers; `None` for one that is not there yet.
fn read_state(path: &Path) -> Result<Option<SignedCheckpoint>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    let bytes = file::read(path, MAX_STATE)?;
    Ok(Some(remembered::parse(&bytes).map_err(|source| VerifyError::State { path: path.to_owned(), source })?))
}

/// The keys that the log is checked under.
struct Keys {
    log: VerifierKey,
    source: KeySource,
    operator: Option<PublicKey>,
}

fn keys(
    arguments: &LogVerifyArguments,
    connection: &Connection,
    remembered: Option<&SignedCheckpoint>,
) -> Result<Keys, Failure> {
    let remembered = remembered.map(|seen| seen.log_key().clone());
    let given = arguments.log_key.as_deref().map(|text| key_of("--log-key", text, KeyKind::Log)).transpose()?;
    if let (Some(given), Some(remembered), Some(path)) = (&given, &remembered, &arguments.state)
        && given != remembered
    {
        let keys = Box::new([remembered.clone(), given.clone()]);
        return Err(VerifyError::OtherLog { path: path.clone(), keys }.into());
    }
    let operator = arguments
        .operator_key
        .as_deref()
        .map(|text| PublicKey::parse(text).map_err(|source| VerifyError::OperatorKey { text: text.to_owned(), source }));
    let operator = operator.transpose()?;
    let given = given.map(|key| (key, KeySource::Given)).or_else(|| remembered.map(|key| (key, KeySource::Remembered)));
    if let (Some((log, source)), Some(operator)) = (&given, operator) {
        return Ok(Keys { log: log.clone(), source: *source, operator: Some(operator) });
    }
    match (connection.try_ask(connection.client.server()), given) {
        (Ok(server), given) => {
            let operator = operator.or_else(|| PublicKey::parse(&server.operator_key).ok());
            let (log, source) = match given {
                Some(given) => given,
                None => (connection.key("log", server.log_key)?, KeySource::Published),
            };
            Ok(Keys { log, source, operator })
        }
        // A log whose key is known is checked whether or not its server says who it is.
        (Err(_), Some((log, source))) => Ok(Keys { log, source, operator }),
        (Err(source), None) => Err(VerifyError::Keys { url: connection.url().to_string(), source }.into()),
    }
}

fn key_of(flag: &'static str, text: &str, wanted: KeyKind) -> Result<VerifierKey, Failure> {
    let key = key_flag(flag, text).map_err(|error: ConnectionError| Failure::from(error))?;
    if key.kind() == wanted {
        return Ok(key);
    }
    let word = |kind| match kind {
        KeyKind::Log => "log",
        KeyKind::Witness => "witness",
    };
    Err(VerifyError::Kind { flag, kind: word(key.kind()), key: Box::new(key), wanted: word(wanted) }.into())
}

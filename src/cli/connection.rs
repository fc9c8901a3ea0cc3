use std::future::Future;
use std::io;

use tokio::runtime::{Builder, Runtime};

use super::exit_code::ExitCode;
use super::failure::Complaint;
use crate::app::outbound::client_of_peer;
use crate::client::{Client, ClientError};
use crate::config::{BaseUrl, BaseUrlFault, FederationSettings};
use crate::envelope::PublicKey;
use crate::tlog::{KeyError, VerifierKey};

/// Talks to one server, and waits for its answers.
pub(super) struct Connection {
    runtime: Runtime,
    pub(super) client: Client,
    url: BaseUrl,
}

/// Why a server did not answer as it should.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The text is no address of a server.
    #[error("the server {text:?}: {fault}")]
    Address {
        /// As it was given.
        text: String,
        /// What is wrong with it.
        fault: BaseUrlFault,
    },
    /// Without encryption, and not on this machine.
    #[error("the server {0} is asked without encryption and is not on this machine")]
    NotEncrypted(String),
    /// Nothing can be asked from here.
    #[error("no requests can be made here: {0}")]
    Setup(String),
    /// What went wrong with the question.
    #[error("{url}: {source}")]
    Asking {
        /// The server.
        url: String,
        /// What went wrong.
        #[source]
        source: Box<ClientError>,
    },
    /// The server publishes something that is no key.
    #[error("{url} publishes as its {what} key what is no key: {text:?}")]
    Key {
        /// The server.
        url: String,
        /// Of which purpose.
        what: &'static str,
        /// What it publishes.
        text: String,
    },
    /// What was given as a key is none.
    #[error("{flag} {text}: {source}")]
    Flag {
        /// Which flag.
        flag: &'static str,
        /// As it was given.
        text: String,
        /// What is wrong with it.
        source: KeyError,
    },
}

impl ConnectionError {
    /// Whether the server refused by this rule.
    pub(super) fn is_refused_as(&self, rule: &str) -> bool {
        let Self::Asking { source, .. } = self else { return false };
        matches!(source.as_ref(), ClientError::Refused(problem) if problem.rule() == Some(rule))
    }

    /// With how many digits a server would answer about a range, when it says so.
    pub(super) fn digits_asked_for(&self) -> Option<usize> {
        let Self::Asking { source, .. } = self else { return None };
        if let ClientError::Refused(problem) = source.as_ref() { problem.digits } else { None }
    }
}

impl Complaint for ConnectionError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Address { .. } | Self::NotEncrypted(_) | Self::Flag { .. } => ExitCode::Usage,
            Self::Setup(_) | Self::Key { .. } => ExitCode::Unreachable,
            Self::Asking { source, .. } => exit_code_of(source),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Address { .. } => Some("give --server or PALINODE_SERVER as https://ledger.example.org/".to_owned()),
            Self::NotEncrypted(_) => Some("use https://".to_owned()),
            Self::Asking { source, .. } if source.is_refused_address() => Some(
                "addresses with a special purpose are never asked; a peer in a private network is, when its network stands in \
                 federation.allow_private"
                    .to_owned(),
            ),
            Self::Asking { source, .. } if matches!(**source, ClientError::Transport(_)) => {
                Some("is the server running, and is this its address? --server or PALINODE_SERVER names another".to_owned())
            }
            Self::Asking { source, .. } => advice_on(source),
            Self::Setup(_) | Self::Key { .. } => None,
            Self::Flag { .. } => Some("`GET /v1/server` of the server, or its operator, tells its keys".to_owned()),
        }
    }
}

/// How a command ends that asked in vain: refused, or not reached.
pub(super) fn exit_code_of(error: &ClientError) -> ExitCode {
    match error {
        ClientError::Refused(problem) if !problem.is_failure() => ExitCode::Refused,
        _ => ExitCode::Unreachable,
    }
}

/// What to do about an error of a server.
pub(super) fn advice_on(error: &ClientError) -> Option<String> {
    let ClientError::Refused(problem) = error else { return None };
    let later = problem.retry_after.map(|after| format!(" in {after} s")).unwrap_or_default();
    let advice = match problem.rule()? {
        "too-large" => "put large digest lists into a detached list",
        "malformed-envelope" | "unknown-payload-type" | "not-submittable" => {
            "`palinode notice sign` writes what servers take; sign the draft again"
        }
        "invalid-notice" | "invalid-record" | "advice" => "mend the draft, sign it again, and post the new file",
        "unknown-issuer" => "post your publisher record first (`palinode publisher post`), or ask the operator to pin it",
        "issuer-pending" => return Some(format!("the server is still verifying your domain; post again{later}")),
        "unknown-predecessor" => "post the earlier records of this publisher first",
        "bad-signature" => "sign with a key that the issuer's newest record calls active",
        "texts-missing" | "unnamed-document" | "invalid-document" => {
            "post the file that `palinode notice sign` wrote, unchanged"
        }
        "not-admitted" => "ask the operator to pin this publisher, or post to another server",
        "issued-ahead" => "look at the clock of this machine, then sign again",
        "over-quota" | "busy" | "log-halted" | "storage-unavailable" | "storage-low" | "storage-read-only" => {
            return Some(format!("post the same file again{later}"));
        }
        _ => return None,
    };
    Some(advice.to_owned())
}

impl Connection {
    /// A connection to the server at `text`. Nothing is asked yet.
    pub(super) fn open(text: &str) -> Result<Self, ConnectionError> {
        let url = BaseUrl::parse(text).map_err(|fault| ConnectionError::Address { text: shown(text), fault })?;
        if !url.is_encrypted() && !url.is_loopback() {
            return Err(ConnectionError::NotEncrypted(url.to_string()));
        }
        let client = Client::new(url.as_url().clone()).map_err(|error| ConnectionError::Setup(error.to_string()))?;
        Self::with(client, url)
    }

    /// A connection to a server that is to be a peer of the one with these settings: it is reached from there, or not at all.
    pub(super) fn to_peer(settings: &FederationSettings, url: &BaseUrl) -> Result<Self, ConnectionError> {
        let client = client_of_peer(settings, url).map_err(|error| ConnectionError::Setup(error.to_string()))?;
        Self::with(client, url.clone())
    }

    fn with(client: Client, url: BaseUrl) -> Result<Self, ConnectionError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error: io::Error| ConnectionError::Setup(error.to_string()))?;
        Ok(Self { runtime, client, url })
    }

    /// Where the server is.
    pub(super) fn url(&self) -> &BaseUrl {
        &self.url
    }

    /// Waits for an answer.
    pub(super) fn ask<T>(&self, question: impl Future<Output = Result<T, ClientError>>) -> Result<T, ConnectionError> {
        self.try_ask(question).map_err(|source| ConnectionError::Asking { url: self.url.to_string(), source: Box::new(source) })
    }

    /// The same, for those who make something of the error.
    pub(super) fn try_ask<T>(&self, question: impl Future<Output = Result<T, ClientError>>) -> Result<T, ClientError> {
        self.runtime.block_on(question)
    }

    /// Waits for work that asks the server more than one thing.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The key of the server's log, as it publishes it: good against accidents, and not against the server itself.
    pub(super) fn published_log_key(&self) -> Result<VerifierKey, ConnectionError> {
        let text = self.ask(self.client.server())?.log_key;
        self.key("log", text)
    }

    /// Reads a verifier key that the server publishes.
    pub(super) fn key(&self, what: &'static str, text: String) -> Result<VerifierKey, ConnectionError> {
        VerifierKey::parse(&text).ok().ok_or_else(|| ConnectionError::Key { url: self.url.to_string(), what, text })
    }

    /// Reads a public key that the server publishes.
    pub(super) fn public_key(&self, what: &'static str, text: String) -> Result<PublicKey, ConnectionError> {
        PublicKey::parse(&text).ok().ok_or_else(|| ConnectionError::Key { url: self.url.to_string(), what, text })
    }
}

/// Reads a verifier key from a flag.
pub(super) fn key_flag(flag: &'static str, text: &str) -> Result<VerifierKey, ConnectionError> {
    VerifierKey::parse(text).map_err(|source| ConnectionError::Flag { flag, text: text.to_owned(), source })
}

/// An address as messages repeat it: never with what may be a password.
fn shown(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, rest)) => format!("...@{rest}"),
        None => text.to_owned(),
    }
}

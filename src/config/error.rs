use std::fmt;
use std::path::PathBuf;

use super::base_url::BaseUrlFault;
use super::security::ContactFault;
use super::server::OriginFault;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Not TOML, a key that does not exist, or a value of another type.
    #[error("{place}: {message}")]
    Malformed {
        /// Where it stands.
        place: Place,
        /// Path of the key, such as `server.listen`, when there is one.
        key: Option<String>,
        /// What is wrong with it.
        message: String,
    },
    /// A value that was read but cannot be meant.
    #[error("`{key}` {fault}")]
    Setting {
        /// Path of the key.
        key: String,
        /// What is wrong with its value.
        fault: SettingFault,
    },
}

/// Where a configured value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a file, at a line and column counted from 1.
    File {
        /// Which file.
        path: PathBuf,
        /// Its line.
        line: usize,
        /// Its column, in characters.
        column: usize,
    },
    /// In an environment variable of this name.
    Environment(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
        }
    }
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingFault {
    /// A server that others can reach needs this key.
    #[error("must be set, because {listen} is not a loopback address")]
    NeededOffLoopback {
        /// The address the server would listen on.
        listen: std::net::SocketAddr,
    },
    /// Not an address with a port.
    #[error("must be an IP address with a port, such as 127.0.0.1:8080 or [::1]:8080")]
    NotAnAddress,
    /// Not the name of a log.
    #[error(transparent)]
    Origin(#[from] OriginFault),
    /// Not the base URL of a server.
    #[error(transparent)]
    Url(#[from] BaseUrlFault),
    /// Not a way to reach somebody who mends holes.
    #[error(transparent)]
    Contact(#[from] ContactFault),
    /// A word that is none of the known ones.
    #[error("must be one of {}", .known.join(", "))]
    UnknownWord {
        /// The words that are known.
        known: &'static [&'static str],
    },
    /// A number outside its range.
    #[error("must be {least} to {most}")]
    OutOfRange {
        /// The least value that is taken.
        least: u64,
        /// The greatest value that is taken.
        most: u64,
    },
    /// Not an address or a network.
    #[error("must be an IP address or a network, such as 127.0.0.1, 10.0.0.0/8 or fd00::/8")]
    NotANetwork,
    /// A network whose addresses are not private.
    #[error("must lie within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 or fc00::/7")]
    NotPrivate,
    /// Not a filter of log levels.
    #[error("must be a level (error, warn, info, debug, trace) or a filter such as \"info,palinode::federation=debug\"")]
    NotALogFilter,
    /// Not a public key in a form this key takes.
    #[error("must be {expected}")]
    NotAKey {
        /// The form that is expected.
        expected: &'static str,
    },
    /// The name in a peer's key is not the peer's.
    #[error("must carry the name `{expected}`")]
    KeyOfAnotherName {
        /// The name it must carry.
        expected: String,
    },
    /// Two keys of a peer are one, although each has its own use.
    #[error("must be another key than {other}: a server never shares its keys between uses")]
    SharedKey {
        /// Where the key stands too.
        other: &'static str,
    },
    /// A peer is reached without encryption although it is not on this machine, or not allowed to be.
    #[error("must begin with https:// (http:// is for loopback addresses while federation.allow_http_loopback is true)")]
    NotEncrypted,
    /// Two peers are the same, or a peer is this server.
    #[error("names the same server as {other}")]
    SameServer {
        /// What it collides with.
        other: String,
    },
}

impl SettingFault {
    /// The fault, bound to the key whose value it is about.
    pub(super) fn of(self, key: impl Into<String>) -> ConfigError {
        ConfigError::Setting { key: key.into(), fault: self }
    }
}

impl ConfigError {
    /// What to do about it, in one sentence.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "`palinode config example > palinode.toml` writes a file to start from",
            Self::Malformed { .. } => "`palinode config example` prints every key with its meaning",
            Self::Setting { fault: SettingFault::NeededOffLoopback { .. }, .. } => {
                "a server that others can reach needs its name and its policy: set `server.origin` and `admission.policy`"
            }
            Self::Setting { .. } => "`palinode config example` explains this key",
        }
    }
}

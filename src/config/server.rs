use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::base_url::BaseUrl;
use super::error::{ConfigError, SettingFault};
use super::layers::Flags;
use super::security::{self, SecuritySettings};

/// Most threads that may be asked for.
const MOST_WORKERS: u64 = 256;
/// The longest time that a server may go on answering after it was asked to stop, in seconds.
const LONGEST_DRAIN: u64 = 60;
/// The same for a server that others reach, when nothing is written. Service managers kill after ten seconds or more.
const DRAIN: u64 = 2;

/// `[server]` as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServerSection {
    listen: Option<String>,
    data: Option<PathBuf>,
    origin: Option<String>,
    public_url: Option<String>,
    workers: Option<u64>,
    drain_seconds: Option<u64>,
    security_contact: Option<Vec<String>>,
    security_policy: Option<String>,
    security_languages: Option<Vec<String>>,
}

/// `[server]`: where the server listens, where its data lies and what it is called.
#[derive(Debug, Clone, Serialize)]
pub struct ServerSettings {
    /// The address and port to listen on; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The data folder: database, head file and keys.
    pub data: PathBuf,
    /// Name of the log; absent means `localhost/<16 hex digits>` of the log key, which only a loopback server may be called.
    pub origin: Option<String>,
    /// The address peers and people reach the server at, when it differs from the one it listens on.
    pub public_url: Option<BaseUrl>,
    /// Threads that answer requests; absent means one for each processor.
    pub workers: Option<u64>,
    /// How long a server that was asked to stop goes on answering while `/readyz` says so already, in seconds; 0 on loopback
    /// addresses and 2 elsewhere unless something else is written.
    pub drain_seconds: u64,
    /// How somebody who found a hole reaches the operator; absent means that `/.well-known/security.txt` says nothing.
    pub security: Option<SecuritySettings>,
}

/// Why a text is no name of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginFault {
    /// The name must be one that a URL could have.
    #[error(
        "must be a host and perhaps a path without scheme, such as ledger.example.org/log: no spaces, plus signs or final slash"
    )]
    Form,
    /// A name that says nothing about the server.
    #[error("must not begin with localhost, because others would take it for their own machine")]
    Localhost,
}

/// Checks the name of a log: a URL without its scheme (C2SP tlog-checkpoint, "origin"), and a key name without white space and
/// plus signs (C2SP signed-note), of at most 200 bytes so that `<origin>/witness` stays a key name too.
///
/// # Errors
/// [`OriginFault::Form`] when it is none.
pub fn check_origin(text: &str) -> Result<(), OriginFault> {
    let (host, path) = text.split_once('/').map_or((text, None), |(host, path)| (host, Some(path)));
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    let host_bytes = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':');
    let path_bytes = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'~' | b'/');
    let sound = text.len() <= 200
        && !name.is_empty()
        && host.bytes().all(host_bytes)
        && path.is_none_or(|path| path.bytes().all(path_bytes) && path.split('/').all(|part| !part.is_empty()));
    if sound { Ok(()) } else { Err(OriginFault::Form) }
}

impl ServerSection {
    /// Lets what the command line says take the place of what is written.
    pub(super) fn apply(&mut self, flags: &Flags) {
        if let Some(listen) = flags.listen {
            self.listen = Some(listen.to_string());
        }
        if let Some(data) = &flags.data {
            self.data = Some(data.clone());
        }
        if let Some(origin) = &flags.origin {
            self.origin = Some(origin.clone());
        }
    }

    pub(super) fn check(self) -> Result<ServerSettings, ConfigError> {
        let listen = match self.listen {
            None => SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            Some(text) => {
                let Ok(address) = text.parse() else { return Err(SettingFault::NotAnAddress.of("server.listen")) };
                address
            }
        };
        if let Some(origin) = &self.origin {
            check_origin(origin).map_err(|fault| SettingFault::from(fault).of("server.origin"))?;
        }
        let public_url = match self.public_url.as_deref().map(BaseUrl::parse) {
            None => None,
            Some(Ok(url)) => Some(url),
            Some(Err(fault)) => return Err(SettingFault::from(fault).of("server.public_url")),
        };
        if self.workers.is_some_and(|n| !(1..=MOST_WORKERS).contains(&n)) {
            return Err(SettingFault::OutOfRange { least: 1, most: MOST_WORKERS }.of("server.workers"));
        }
        let settings = ServerSettings {
            listen,
            data: self.data.unwrap_or_else(|| PathBuf::from("palinode-data")),
            origin: self.origin,
            public_url,
            workers: self.workers,
            security: security::check(self.security_contact, self.security_policy.as_deref(), self.security_languages)?,
            drain_seconds: self.drain_seconds.unwrap_or(if listen.ip().is_loopback() { 0 } else { DRAIN }),
        };
        if settings.drain_seconds > LONGEST_DRAIN {
            return Err(SettingFault::OutOfRange { least: 0, most: LONGEST_DRAIN }.of("server.drain_seconds"));
        }
        settings.check_name()?;
        Ok(settings)
    }
}

impl ServerSettings {
    /// Whether only this machine can reach the server.
    pub fn is_loopback(&self) -> bool {
        self.listen.ip().is_loopback()
    }

    /// A server that others reach needs a name of its own.
    fn check_name(&self) -> Result<(), ConfigError> {
        if self.is_loopback() {
            return Ok(());
        }
        match self.origin.as_deref() {
            None => Err(SettingFault::NeededOffLoopback { listen: self.listen }.of("server.origin")),
            Some(origin) if origin == "localhost" || origin.starts_with("localhost/") || origin.starts_with("localhost:") => {
                Err(SettingFault::from(OriginFault::Localhost).of("server.origin"))
            }
            Some(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_logs_are_hosts_with_paths() {
        for name in ["ledger.example.org/log", "ledger.example.org", "localhost/0123456789abcdef", "a.example:8443/x/y_z"] {
            assert_eq!(check_origin(name), Ok(()), "{name}");
        }
        let long = format!("example.org/{}", "x".repeat(200));
        for name in
            ["", "/log", "https://example.org/log", "example.org/", "example.org//x", "Example.org/log", "a b", "a+b", &long]
        {
            assert_eq!(check_origin(name), Err(OriginFault::Form), "{name}");
        }
    }
}

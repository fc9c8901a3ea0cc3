use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::{ConfigError, SettingFault};
use super::server::ServerSettings;

/// Longest time between two polls of a peer, in seconds: a day.
const LONGEST_POLL: u64 = 86_400;

/// `[federation]` as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FederationSection {
    poll_seconds: Option<u64>,
    allow_http_loopback: Option<bool>,
}

/// `[federation]`: how this server reads its peers.
#[derive(Debug, Clone, Serialize)]
pub struct FederationSettings {
    /// How often a peer is read although it announced nothing, in seconds.
    pub poll_seconds: u64,
    /// Whether peers on loopback addresses may be reached without encryption; by default only while listening on one.
    pub allow_http_loopback: bool,
}

impl FederationSettings {
    /// Time between two polls of a peer, before jitter.
    pub fn poll(&self) -> Duration {
        Duration::from_secs(self.poll_seconds)
    }
}

impl FederationSection {
    pub(super) fn check(self, server: &ServerSettings) -> Result<FederationSettings, ConfigError> {
        let poll_seconds = self.poll_seconds.unwrap_or(60);
        if !(1..=LONGEST_POLL).contains(&poll_seconds) {
            return Err(SettingFault::OutOfRange { least: 1, most: LONGEST_POLL }.of("federation.poll_seconds"));
        }
        Ok(FederationSettings {
            poll_seconds,
            allow_http_loopback: self.allow_http_loopback.unwrap_or_else(|| server.is_loopback()),
        })
    }
}

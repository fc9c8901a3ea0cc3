use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};

use super::error::{ConfigError, SettingFault};
use super::network::network;
use super::server::{ServerSettings, check_origin};

/// Longest time between two polls of a peer, or two comparisons, in seconds: a day.
const LONGEST_POLL: u64 = 86_400;

/// More entries a day than any peer has.
const MOST_A_DAY: u64 = 1_000_000_000;

/// What `allow_private` may name, whole or in part: private use (RFC 1918), shared address space (RFC 6598), unique local
/// addresses (RFC 4193).
pub const PRIVATE_NETWORKS: [IpNet; 5] = [
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(172, 16, 0, 0), 12)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(192, 168, 0, 0), 16)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 10)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7)),
];

/// `[federation]` as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FederationSection {
    poll_seconds: Option<u64>,
    compare_seconds: Option<u64>,
    entries_per_peer_per_day: Option<u64>,
    allow_http_loopback: Option<bool>,
    allow_private: Option<Vec<String>>,
    follow_removals: Option<Vec<String>>,
}

/// `[federation]`: how this server reads its peers.
#[derive(Debug, Clone, Serialize)]
pub struct FederationSettings {
    /// How often a peer is read although it announced nothing, in seconds.
    pub poll_seconds: u64,
    /// How often what peers cosigned of each other's logs is compared, in seconds.
    pub compare_seconds: u64,
    /// How many entries that were never seen may come from one peer in a day.
    pub entries_per_peer_per_day: u64,
    /// Whether peers on loopback addresses may be reached without encryption; by default only while listening on one.
    pub allow_http_loopback: bool,
    /// Private networks in which peers and domains may be, each within one of [`PRIVATE_NETWORKS`]; none by default.
    pub allow_private: Vec<IpNet>,
    /// Peers by their origins: what their operators removed is removed here too, when a notice here names it. What others removed is
    /// shown only.
    pub follow_removals: Vec<String>,
}

impl FederationSettings {
    /// Time between two polls of a peer, before jitter.
    pub fn poll(&self) -> Duration {
        Duration::from_secs(self.poll_seconds)
    }

    /// The longest time between two comparisons.
    pub fn compare(&self) -> Duration {
        Duration::from_secs(self.compare_seconds)
    }
}

impl FederationSection {
    pub(super) fn check(self, server: &ServerSettings) -> Result<FederationSettings, ConfigError> {
        let poll_seconds = self.poll_seconds.unwrap_or(60);
        if !(1..=LONGEST_POLL).contains(&poll_seconds) {
            return Err(SettingFault::OutOfRange { least: 1, most: LONGEST_POLL }.of("federation.poll_seconds"));
        }
        let compare_seconds = self.compare_seconds.unwrap_or(600);
        if !(1..=LONGEST_POLL).contains(&compare_seconds) {
            return Err(SettingFault::OutOfRange { least: 1, most: LONGEST_POLL }.of("federation.compare_seconds"));
        }
        let entries_per_peer_per_day = self.entries_per_peer_per_day.unwrap_or(100_000);
        if !(1..=MOST_A_DAY).contains(&entries_per_peer_per_day) {
            let range = SettingFault::OutOfRange { least: 1, most: MOST_A_DAY };
            return Err(range.of("federation.entries_per_peer_per_day"));
        }
        let follow_removals = self.follow_removals.unwrap_or_default();
        for origin in &follow_removals {
            check_origin(origin).map_err(|fault| SettingFault::from(fault).of("federation.follow_removals"))?;
        }
        Ok(FederationSettings {
            poll_seconds,
            compare_seconds,
            entries_per_peer_per_day,
            allow_http_loopback: self.allow_http_loopback.unwrap_or_else(|| server.is_loopback()),
            allow_private: private_networks(&self.allow_private.unwrap_or_default())?,
            follow_removals,
        })
    }
}

/// Networks that are private; what else has a special purpose is never reached, whatever is written.
fn private_networks(texts: &[String]) -> Result<Vec<IpNet>, ConfigError> {
    let read = |(n, network): (usize, Option<IpNet>)| {
        let of = |fault: SettingFault| fault.of(format!("federation.allow_private[{n}]"));
        let network = network.ok_or_else(|| of(SettingFault::NotANetwork))?.trunc();
        let is_private = PRIVATE_NETWORKS.iter().any(|private| private.contains(&network));
        if is_private { Ok(network) } else { Err(of(SettingFault::NotPrivate)) }
    };
    texts.iter().map(|text| network(text)).enumerate().map(read).collect()
}

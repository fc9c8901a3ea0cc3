use std::fmt;

use serde::Serialize;

use super::admission::{AdmissionPolicy, AdmissionSettings};
use super::federation::FederationSettings;
use super::limits::LimitSettings;
use super::log::LogSettings;
use super::peers::PeerSettings;
use super::server::ServerSettings;
use super::storage::StorageSettings;
use super::trust::TrustSettings;

/// What a configuration means: every value present, in range, and in keeping with the others.
#[derive(Debug, Clone, Serialize)]
pub struct Settings {
    /// Where the server listens, where its data lies and what it is called.
    pub server: ServerSettings,
    /// Whose notices it takes, and how many.
    pub admission: AdmissionSettings,
    /// Which publishers it knows.
    pub trust: TrustSettings,
    /// How it reads its peers.
    pub federation: FederationSettings,
    /// The peers themselves.
    pub peers: Vec<PeerSettings>,
    /// What one request may ask for.
    pub limits: LimitSettings,
    /// How the disk is used.
    pub storage: StorageSettings,
    /// What the program says about its work.
    pub log: LogSettings,
}

/// Something an operator should hear although it is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// Nobody wrote a policy, so anyone on this machine may post.
    OpenByDefault,
    /// Anyone who can reach the server may post.
    OpenToOthers,
    /// Only pinned publishers may post, and there are no pins.
    PinnedWithoutPins,
    /// Peers and people cannot know where to reach the server.
    NoPublicUrl,
    /// A proxy on this machine seems to stand in front, and its clients cannot be told apart.
    ProxyNotListed,
}

impl Settings {
    /// What the operator should hear at the start.
    pub fn remarks(&self) -> Vec<Remark> {
        let open = self.admission.policy == AdmissionPolicy::Open;
        let pinned = self.admission.policy == AdmissionPolicy::Pinned;
        let loopback = self.server.is_loopback();
        [
            (open && self.admission.by_default, Remark::OpenByDefault),
            (open && !loopback, Remark::OpenToOthers),
            (pinned && self.trust.publishers.is_none(), Remark::PinnedWithoutPins),
            (!loopback && self.server.public_url.is_none(), Remark::NoPublicUrl),
            (loopback && self.server.public_url.is_some() && self.limits.trusted_proxies.is_empty(), Remark::ProxyNotListed),
        ]
        .into_iter()
        .filter_map(|(applies, remark)| applies.then_some(remark))
        .collect()
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::OpenByDefault => {
                "admission is open, since nothing is configured and the address is loopback: anyone here may post"
            }
            Self::OpenToOthers => {
                "admission is open: anyone who reaches this server may post, shown as self-asserted, under quotas"
            }
            Self::PinnedWithoutPins => "admission is pinned and trust.publishers names no folder: nobody may post",
            Self::NoPublicUrl => "server.public_url is not set: pages and peers show the address the server listens on",
            Self::ProxyNotListed => {
                "server.public_url is set and the address is loopback, so a proxy seems to stand in front: name it in \
                 limits.trusted_proxies, or no client is limited"
            }
        })
    }
}

use serde::{Deserialize, Serialize};

use super::error::{ConfigError, SettingFault};
use super::server::ServerSettings;

/// Most bytes that the quota of digest lists may allow: 1 PiB.
const MOST_LIST_BYTES: u64 = 1 << 50;
/// What it allows when nobody says: 4 GiB, 13 lists of ten million SHA-256 digests.
const LIST_BYTES: u64 = 4 << 30;
/// Most entries that a quota may allow.
const MOST_ENTRIES: u64 = 1_000_000_000;

/// `[admission]` as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdmissionSection {
    policy: Option<String>,
    entries_per_issuer_per_day: Option<u64>,
    entries_per_issuer: Option<u64>,
    list_bytes_per_issuer: Option<u64>,
}

/// `[admission]`: whose notices this server takes, and how many.
#[derive(Debug, Clone, Serialize)]
pub struct AdmissionSettings {
    /// Whose notices are taken.
    pub policy: AdmissionPolicy,
    /// Whether nobody wrote the policy, so that a loopback server is open.
    pub by_default: bool,
    /// Most entries that one issuer may POST in 24 hours.
    pub entries_per_issuer_per_day: u64,
    /// Most entries of one issuer that the log takes by any way.
    pub entries_per_issuer: u64,
    /// Most bytes of digest lists that one issuer may have here.
    pub list_bytes_per_issuer: u64,
}

/// Whose notices a server takes (protocol, section 5, "Who may speak on this server").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AdmissionPolicy {
    /// Anyone's, `did:key` included, shown as self-asserted and under quotas.
    Open,
    /// Those of pinned publishers only.
    Pinned,
    /// Those of publishers that are pinned or whose domain is verified.
    Verified,
}

impl AdmissionPolicy {
    /// The word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pinned => "pinned",
            Self::Verified => "verified",
        }
    }
}

impl AdmissionSection {
    pub(super) fn check(self, server: &ServerSettings) -> Result<AdmissionSettings, ConfigError> {
        let policy = match self.policy.as_deref() {
            Some("open") => AdmissionPolicy::Open,
            Some("pinned") => AdmissionPolicy::Pinned,
            Some("verified") => AdmissionPolicy::Verified,
            Some(_) => return Err(SettingFault::UnknownWord { known: &["pinned", "verified", "open"] }.of("admission.policy")),
            None if server.is_loopback() => AdmissionPolicy::Open,
            None => return Err(SettingFault::NeededOffLoopback { listen: server.listen }.of("admission.policy")),
        };
        let list_bytes = self.list_bytes_per_issuer.unwrap_or(LIST_BYTES);
        if list_bytes > MOST_LIST_BYTES {
            let fault = SettingFault::OutOfRange { least: 0, most: MOST_LIST_BYTES };
            return Err(fault.of("admission.list_bytes_per_issuer"));
        }
        let quota = |value: Option<u64>, default: u64, key: &str| match value.unwrap_or(default) {
            n if (1..=MOST_ENTRIES).contains(&n) => Ok(n),
            _ => Err(SettingFault::OutOfRange { least: 1, most: MOST_ENTRIES }.of(key)),
        };
        Ok(AdmissionSettings {
            policy,
            by_default: self.policy.is_none(),
            entries_per_issuer_per_day: quota(self.entries_per_issuer_per_day, 1_000, "admission.entries_per_issuer_per_day")?,
            entries_per_issuer: quota(self.entries_per_issuer, 100_000, "admission.entries_per_issuer")?,
            list_bytes_per_issuer: list_bytes,
        })
    }
}

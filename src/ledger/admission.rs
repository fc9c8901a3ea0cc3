//! Who may speak on this server, and how much: the operator's policy (protocol, section 5, "Who may speak on this server").

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::refusal::Refusal;
use super::stored::{IssuerCount, Provenance};
use super::trusted::Trusted;
use crate::envelope::{LineageId, PinFile};
use crate::notice::{Did, Timestamp};
use crate::verdict::{Standing, Trust};

/// How far ahead of this server's clock `issued` may lie (protocol, section 3, step 7).
pub(super) const ISSUED_AHEAD: TimeDelta = TimeDelta::minutes(15);

/// Whom the operator lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Pinned lineages only.
    Pinned,
    /// Pinned lineages, and those of domains that were verified: by this server, or by a peer that it lets vouch.
    Verified,
    /// Anyone, `did:key` included; shown as self-asserted.
    Open,
}

impl Policy {
    /// The word for it in configuration and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pinned => "pinned",
            Self::Verified => "verified",
            Self::Open => "open",
        }
    }

    /// Whether domains are asked who speaks for them: nobody is let in by it where only pins count.
    pub fn verifies_domains(self) -> bool {
        self != Self::Pinned
    }
}

/// How much one issuer may add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Entries in 24 hours, for what clients post.
    pub per_day: u64,
    /// Entries in all, for what peers bring too.
    pub in_all: u64,
    /// Bytes of digest lists that came after their notices.
    pub list_bytes: u64,
}

impl Default for Quota {
    fn default() -> Self {
        Self { per_day: 1_000, in_all: 100_000, list_bytes: 4 << 30 }
    }
}

/// Pinned lineages with the prefixes that they speak for here.
#[derive(Debug, Clone, Default)]
pub struct Pins(BTreeMap<LineageId, Vec<String>>);

impl Pins {
    /// The pins of these files; two files for one lineage add their prefixes up.
    pub fn from_files<'p>(files: impl IntoIterator<Item = &'p PinFile>) -> Self {
        let mut pins: BTreeMap<LineageId, Vec<String>> = BTreeMap::new();
        for file in files {
            pins.entry(file.lineage()).or_default().extend(file.prefixes().iter().cloned());
        }
        for prefixes in pins.values_mut() {
            prefixes.sort();
            prefixes.dedup();
        }
        Self(pins)
    }

    /// Whether this lineage is pinned.
    pub fn contains(&self, lineage: &LineageId) -> bool {
        self.0.contains_key(lineage)
    }

    /// Whose lineages are pinned, in order; one that has several stands there as often.
    pub fn dids(&self) -> impl Iterator<Item = &Did> {
        self.0.keys().map(|lineage| &lineage.did)
    }

    /// The trust settings that verdicts are decided with.
    pub fn trust(&self) -> Trust {
        let standing = |prefixes: &Vec<String>| Standing { pinned: true, prefixes: prefixes.clone(), domain_verified: true };
        Trust {
            lineages: self.0.iter().map(|(lineage, prefixes)| (lineage.clone(), standing(prefixes))).collect(),
            vouching_peers: BTreeSet::new(),
        }
    }
}

/// The operator's rules of admission: steps 7 and 8 of submitting.
#[derive(Debug, Clone)]
pub struct Admission {
    /// Whom to let in.
    pub policy: Policy,
    /// How much of each.
    pub quota: Quota,
    /// Who is pinned.
    pub pins: Pins,
}

impl Admission {
    /// Step 7: policy and clock; only the clock for what may wait and has no lineage yet.
    pub(super) fn admit(
        &self,
        issuer: &Did,
        lineages: Option<&[LineageId]>,
        issued: Timestamp,
        provenance: &Provenance,
        now: DateTime<Utc>,
        trusted: &Trusted,
    ) -> Result<(), Refusal> {
        let until = issued.time() - ISSUED_AHEAD;
        // A pin is the operator's word, and a clock that stands wrong is no reason not to start.
        let by_this_server = matches!(provenance, Provenance::Pin | Provenance::Own);
        if until > now && !by_this_server {
            return Err(Refusal::IssuedAhead { until });
        }
        let Some(lineages) = lineages else { return Ok(()) };
        let by_operator = provenance.is_of_operator();
        let admitted = match self.policy {
            Policy::Open => true,
            Policy::Pinned => by_operator || lineages.iter().any(|lineage| self.pins.contains(lineage)),
            Policy::Verified => by_operator || lineages.iter().any(|lineage| trusted.is_verified(lineage)),
        };
        if admitted { Ok(()) } else { Err(Refusal::NotAdmitted { issuer: issuer.clone(), policy: self.policy }) }
    }

    /// Step 8: quotas. Rates bind what clients post, totals bind peers too; what the operator brings is not counted.
    pub(super) fn within_quota<Stop, E>(
        &self,
        issuer: &Did,
        provenance: &Provenance,
        count: impl FnOnce() -> Result<IssuerCount, E>,
    ) -> Result<(), Stop>
    where
        Stop: From<Refusal> + From<E>,
    {
        if provenance.is_of_operator() {
            return Ok(());
        }
        let count = count()?;
        let over = |most, period, retry_after| Refusal::OverQuota { issuer: issuer.clone(), most, period, retry_after };
        if count.total >= self.quota.in_all {
            return Err(over(self.quota.in_all, "in all", Duration::from_hours(24)).into());
        }
        if matches!(provenance, Provenance::Client) && count.recent >= self.quota.per_day {
            return Err(over(self.quota.per_day, "a day", Duration::from_hours(1)).into());
        }
        Ok(())
    }
}

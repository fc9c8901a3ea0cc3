//! What steps 3 to 8 of submitting ask about the log (protocol, section 3): of storage, or of memory alone.
//!
//! Almost everything that is posted is new, by an issuer who posted before and is far from its quota. Then memory has every
//! answer, and the thread that took the request need not hand it over to one that may block: handing over costs as much as
//! examining. [`AtHand`] gives up as soon as memory does not have an answer; it never gives another one than [`Stored`].

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::Ledger;
use super::ports::StoreError;
use super::refusal::Refusal;
use super::remembered::{Counted, Issuer};
use super::stored::{IssuerCount, Provenance, StoredEntry};
use crate::envelope::{PayloadType, PublicKey};
use crate::notice::{Did, DidMethod, PayloadId};

/// So many signatures are verified on a thread that must not be kept from other requests.
const SIGNERS: usize = 4;
/// What quotas a day count back.
const DAY: TimeDelta = TimeDelta::days(1);

/// Whoever answers what an examination asks.
pub(super) trait Lookups {
    /// Why an examination ends without a result.
    type Stop: From<Refusal>;

    /// The entries below `size` that have this payload.
    fn same_payload(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Result<Vec<StoredEntry>, Self::Stop>;

    /// The issuer as its records below `size` make it.
    fn issuer(&self, did: &Did, size: u64) -> Result<Arc<Issuer>, Self::Stop>;

    /// Whether a signature may be tried under as many keys.
    fn may_try(&self, keys: &[PublicKey]) -> Result<(), Self::Stop>;

    /// Why nobody can tell whether the issuer signed: it is not known, or its domain is being verified.
    fn refuse_unknown(&self, issuer: Did) -> Result<Refusal, Self::Stop>;

    /// Step 8.
    fn within_quota(&self, issuer: &Did, provenance: &Provenance, now: DateTime<Utc>) -> Result<(), Self::Stop>;
}

/// Asks storage for what is not in memory, and blocks for as long as that takes.
pub(super) struct Stored<'l>(pub(super) &'l Ledger);

impl Lookups for Stored<'_> {
    type Stop = Refusal;

    fn same_payload(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Result<Vec<StoredEntry>, Refusal> {
        Ok(self.0.stores.log.entries_of_payload(kind, id, size)?)
    }

    fn issuer(&self, did: &Did, size: u64) -> Result<Arc<Issuer>, Refusal> {
        Ok(self.0.issuer_of(did, size)?)
    }

    fn may_try(&self, _keys: &[PublicKey]) -> Result<(), Refusal> {
        Ok(())
    }

    fn refuse_unknown(&self, issuer: Did) -> Result<Refusal, Refusal> {
        if self.0.is_waiting(&issuer)? {
            let retry_after = self.0.until_asked(&issuer)?;
            return Ok(Refusal::IssuerPending { issuer, retry_after });
        }
        Ok(Refusal::UnknownIssuer { issuer })
    }

    fn within_quota(&self, issuer: &Did, provenance: &Provenance, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.0.admission.within_quota(issuer, provenance, || self.count(issuer, now))
    }
}

impl Stored<'_> {
    fn count(&self, issuer: &Did, now: DateTime<Utc>) -> Result<IssuerCount, StoreError> {
        // Looked at first: what is appended meanwhile may be counted twice, but not left out.
        let size = self.0.appended.size();
        let count = self.0.stores.index.count_of_issuer(issuer, now - DAY)?;
        if let Some(size) = size {
            self.0.remembered.keep_counted(issuer, Counted { count, size, now });
        }
        Ok(count)
    }
}

/// Reads nothing.
pub(super) struct AtHand<'l>(pub(super) &'l Ledger);

/// Why an examination that reads nothing ended.
pub(super) enum Stop {
    /// It came to a refusal.
    Refused(Refusal),
    /// Memory does not have an answer.
    NotAtHand,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Lookups for AtHand<'_> {
    type Stop = Stop;

    fn same_payload(&self, kind: PayloadType, id: &PayloadId, size: u64) -> Result<Vec<StoredEntry>, Stop> {
        let is_new = kind == PayloadType::Notice && self.0.stores.memory.has_no_payload(id, size);
        if is_new { Ok(Vec::new()) } else { Err(Stop::NotAtHand) }
    }

    fn issuer(&self, did: &Did, _size: u64) -> Result<Arc<Issuer>, Stop> {
        self.0.issuer_at_hand(did).ok_or(Stop::NotAtHand)
    }

    fn may_try(&self, keys: &[PublicKey]) -> Result<(), Stop> {
        if keys.len() > SIGNERS { Err(Stop::NotAtHand) } else { Ok(()) }
    }

    fn refuse_unknown(&self, issuer: Did) -> Result<Refusal, Stop> {
        match issuer.method() {
            DidMethod::Key(_) => Ok(Refusal::UnknownIssuer { issuer }),
            DidMethod::Web(_) => Err(Stop::NotAtHand),
        }
    }

    fn within_quota(&self, issuer: &Did, provenance: &Provenance, now: DateTime<Utc>) -> Result<(), Stop> {
        let most = || self.most(issuer, now).ok_or(Stop::NotAtHand);
        // Who is over its quota by the most there can be may be within it.
        self.0.admission.within_quota(issuer, provenance, most).map_err(|_perhaps: Stop| Stop::NotAtHand)
    }
}

impl AtHand<'_> {
    /// How much the issuer has at most: what was counted, and everything that was appended since.
    fn most(&self, issuer: &Did, now: DateTime<Utc>) -> Option<IssuerCount> {
        let Counted { count, size, now: then } = self.0.remembered.counted(issuer)?;
        let since = self.0.appended.grown_since(size)?;
        // What lies a day back can only become less, unless the clock went back.
        (now >= then).then(|| IssuerCount { recent: count.recent + since, total: count.total + since })
    }
}

//! Records of issuers, with the signatures that anybody could have made who is listed in any of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::envelope::{Claim, PublicKey, PublisherRecord, Verified};
use crate::notice::Did;

/// Verifies records, each with where it came from. Any key that a record of the issuer lists may have signed; who may really sign which
/// record is decided when they are folded.
///
/// # Errors
/// Where the first one came from that none of these keys signed, and whose it says it is.
pub(super) fn verified<P>(claims: Vec<(P, Claim<PublisherRecord>)>) -> Result<Vec<Verified<PublisherRecord>>, (P, Did)> {
    let mut keys: BTreeMap<Did, BTreeSet<PublicKey>> = BTreeMap::new();
    for (_, claim) in &claims {
        let record = claim.value();
        let known = keys.entry(record.id.clone()).or_default();
        known.extend(record.keys.iter().map(|listed| listed.key));
        known.extend(PublicKey::from_did_key(&record.id));
    }
    let verified = claims.into_iter().map(|(place, claim)| {
        let issuer = claim.value().id.clone();
        let candidates: Vec<_> = keys.get(&issuer).into_iter().flatten().copied().collect();
        claim.verify(&candidates).map_err(|_unsigned| (place, issuer))
    });
    verified.collect()
}

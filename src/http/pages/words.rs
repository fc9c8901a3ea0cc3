//! Codes as words for people. Datasets are retracted; notices are revoked.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::ledger::Policy;
use crate::ledger::domains::Attestation;
use crate::ledger::known_names::IssuerView;
use crate::ledger::peers::{Pause, PeerState, RefusedClaim, Successor};
use crate::verdict::Authority;

/// A code such as `expression-of-concern`, as words.
pub(super) fn plain(code: &str) -> String {
    code.replace('-', " ")
}

/// Several codes, as a list.
pub(super) fn list<'c>(codes: impl IntoIterator<Item = &'c str>) -> String {
    codes.into_iter().map(plain).collect::<Vec<_>>().join(", ")
}

/// A time to the second, RFC 3339.
pub(super) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// With what authority somebody speaks of a dataset.
pub(super) fn authority(authority: Authority) -> &'static str {
    match authority {
        Authority::Owner(_) => "who speaks for this dataset",
        Authority::Host(_) => "who hosts it",
        Authority::ByAssociation => "a publisher known here who owns a dataset that the notice names beside this one",
        Authority::Other => "who does not own this dataset, as far as this server knows",
    }
}

/// Why somebody should be looked at twice.
pub(super) fn remarks(issuer: &IssuerView) -> Vec<String> {
    let began_anew = "the keys of this domain began anew, and the notices of the old keys and the new ones stand side by side";
    let key_changed = issuer.key_changed.then(|| began_anew.to_owned());
    key_changed.into_iter().chain(issuer.marks.iter().map(ToString::to_string)).collect()
}

/// Where things stand with a peer.
pub(super) fn peer_state(state: &PeerState, successor: Option<&Successor>, claim: Option<&RefusedClaim>) -> String {
    if let Some(new) = successor {
        return format!("its log ended; {} goes on for it since {}", new.origin, time(new.since));
    }
    let is = well_or_not(state);
    match claim {
        Some(claim) => format!("{is}. On {}, {} claimed to go on for it and was not believed", time(claim.at), claim.claimant),
        None => is,
    }
}

fn well_or_not(state: &PeerState) -> String {
    if let Some(since) = state.convicted {
        return format!("isolated since {}: it signed two histories", time(since));
    }
    let waiting = match (state.pause, state.present_error()) {
        (Some(Pause::Wanted), _) => "paused: too many of its entries could not be had",
        (Some(Pause::Day), _) => "paused until tomorrow: it brought all that it may bring in a day",
        (Some(Pause::Evidence), _) => "isolated: it signed two histories",
        (None, Some(error)) => return format!("not well since {}: {}", time(error.at), plain(&error.code)),
        (None, None) if state.last_contact().is_none() => "not reached yet",
        (None, None) => "well",
    };
    waiting.to_owned()
}

/// On whose word the domain of an issuer answers for it; `None` when nobody said so.
pub(super) fn attested(attestations: &[Attestation]) -> Option<String> {
    let said = |one: &Attestation| format!("verified by {} on {}", one.by, one.on);
    let all: Vec<String> = attestations.iter().map(said).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Who may post here.
pub(super) fn policy(policy: Policy) -> &'static str {
    match policy {
        Policy::Pinned => "Only publishers that its operator pinned may post here.",
        Policy::Verified => "Only publishers that its operator pinned, or whose domain names their keys, may post here.",
        Policy::Open => "Anyone may post here, so look at who says what.",
    }
}

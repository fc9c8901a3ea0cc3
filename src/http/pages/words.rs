//! What several pages say: codes, times and people in the reader's language.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::http::language::{Sentence, Speech};
use crate::ledger::Policy;
use crate::ledger::domains::Attestation;
use crate::ledger::known_names::IssuerView;
use crate::ledger::peers::{Pause, PeerState, RefusedClaim, Successor};
use crate::notice::{Action, Mark, ScopeItem};
use crate::verdict::Authority;

/// A time to the second, RFC 3339.
pub(super) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The words for several codes of one set.
pub(super) fn list<'c>(t: Speech, set: &str, codes: impl IntoIterator<Item = &'c str>) -> String {
    codes.into_iter().map(|code| t.code(set, code)).collect::<Vec<_>>().join(&*t.say("list-separator"))
}

/// What to do, and until when.
pub(super) fn action(t: Speech, action: &Action) -> Sentence {
    let verb = t.code("action", action.verb.as_str());
    match &action.deadline {
        Some(deadline) => t.say_of_two("action-until", "action", &verb, "deadline", deadline.to_string()).into(),
        None => verb,
    }
}

/// Something that a scope names: an identifier, or the label of a part or version.
pub(super) fn scope_item(item: &ScopeItem) -> String {
    match item {
        ScopeItem::Id(id) => id.to_string(),
        ScopeItem::Part(label) | ScopeItem::Version(label) => label.clone(),
    }
}

/// With what authority somebody speaks of a dataset.
pub(super) fn authority(t: Speech, authority: Authority) -> Sentence {
    t.code("authority", authority.as_str())
}

/// How an issuer is called: by its name, where it gave one.
pub(super) fn issuer(view: &IssuerView) -> String {
    view.name.clone().unwrap_or_else(|| view.did.to_string())
}

/// Why somebody should be looked at twice.
pub(super) fn remarks(t: Speech, issuer: &IssuerView) -> Vec<Sentence> {
    let key_changed = issuer.key_changed.then(|| t.say("remark-key-changed"));
    key_changed.into_iter().chain(issuer.marks.iter().map(|mark| remark(t, mark).into())).collect()
}

/// Why a name or a domain should be looked at twice.
pub(super) fn remark(t: Speech, mark: &Mark) -> String {
    match mark {
        Mark::LooksLike { part, other, its, text } => {
            t.say_of_two(&format!("remark-{part}-looks-like-{its}"), "text", text, "other", other.to_string())
        }
        Mark::MixesScripts { part, word, scripts } => {
            t.say_of_two(&format!("remark-{part}-mixes-scripts"), "word", word, "scripts", scripts.join(", "))
        }
    }
}

/// Where things stand with a peer.
pub(super) fn peer_state(
    t: Speech,
    state: &PeerState,
    successor: Option<&Successor>,
    claim: Option<&RefusedClaim>,
) -> Sentence {
    if let Some(new) = successor {
        return t.say_of_two("peer-ended", "origin", &new.origin, "since", time(new.since)).into();
    }
    let is = well_or_not(t, state);
    match claim {
        Some(claim) => {
            let claimed = t.say_of_two("peer-claim-refused", "claimant", &claim.claimant, "at", time(claim.at));
            format!("{is} {claimed}").into()
        }
        None => is,
    }
}

fn well_or_not(t: Speech, state: &PeerState) -> Sentence {
    if let Some(since) = state.convicted {
        return t.say_of("peer-isolated-since", "since", time(since)).into();
    }
    match (state.pause, state.present_error()) {
        (Some(Pause::Wanted), _) => t.say("peer-paused-wanted"),
        (Some(Pause::Day), _) => t.say("peer-paused-day"),
        (Some(Pause::Evidence), _) => t.say("peer-isolated"),
        (None, Some(error)) => {
            t.say_of_two("peer-not-well", "since", time(error.at), "error", error.code.replace('-', " ")).into()
        }
        (None, None) if state.last_contact().is_none() => t.say("peer-not-reached"),
        (None, None) => t.say("peer-well"),
    }
}

/// On whose word the domain of an issuer answers for it; `None` when nobody said so.
pub(super) fn attested(t: Speech, attestations: &[Attestation]) -> Option<String> {
    let said = |one: &Attestation| t.say_of_two("attested", "by", &one.by, "on", one.on.to_string());
    let all: Vec<String> = attestations.iter().map(said).collect();
    (!all.is_empty()).then(|| all.join(&t.say("list-separator")))
}

/// Who may post here.
pub(super) fn policy(t: Speech, policy: Policy) -> Sentence {
    t.code("policy", policy.as_str())
}

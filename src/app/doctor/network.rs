//! The server that runs on the folder, and who is asked over the network.

use std::net::SocketAddr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::Value;
use url::Url;

use super::Finding;
use super::peers::Visitor;
use crate::app::health;
use crate::app::operator::Desk;
use crate::app::outbound::address_policy;
use crate::config::Settings;
use crate::federation::{AddressPolicy, HttpTransport, Request, Response, Transport, TransportError};
use crate::ledger::peers::{Peer, PeerStore, SuccessionStore};
use crate::ledger::{CosignatureStore, StoreError};
use crate::tlog::MAX_NOTE;

/// How long one answer may take.
const DEADLINE: Duration = Duration::from_secs(5);
/// A server swears to the time every minute; twice forgotten is no chance any more.
const SWORN_WITHIN: TimeDelta = TimeDelta::minutes(3);
/// The most bytes of an answer.
const MAX_ANSWER: usize = 1 << 20;

pub(super) async fn look(desk: &Desk, settings: &Settings, now: DateTime<Utc>) -> Vec<Finding> {
    // This machine is asked about its own server whatever peers may be.
    let transports = HttpTransport::new(AddressPolicy::of_an_asker())
        .and_then(|own| HttpTransport::new(address_policy(&settings.federation)).map(|peers| (own, peers)));
    let (own, transport) = match transports {
        Ok(transports) => transports,
        Err(error) => {
            return vec![Finding::out_of_reach("network", error.to_string(), "look at the certificates of this machine")];
        }
    };
    let mut found = vec![server(desk, settings, &own, now).await];
    match living_peers(desk) {
        Ok(peers) if peers.is_empty() => {
            found.push(Finding::well(
                "peers",
                "there are none: notices of this server stay at home. `palinode peer add URL` adds one",
            ));
        }
        Ok(peers) => {
            let visitor = Visitor { desk, transport: &transport, address: address_of(settings), now };
            found.extend(join_all(peers.iter().map(|peer| visitor.visit(peer))).await.into_iter().flatten());
        }
        Err(error) => found.push(Finding::out_of_reach("peers", error.to_string(), "look at the database")),
    }
    found
}

/// The peers but for those whose logs ended.
fn living_peers(desk: &Desk) -> Result<Vec<Peer>, StoreError> {
    let ended = desk.store.successors()?;
    let lives = |peer: &Peer| !ended.contains_key(peer.origin().as_str());
    Ok(desk.store.peers()?.into_iter().filter(lives).collect())
}

pub(super) async fn get(transport: &HttpTransport, base: &Url, path: &str) -> Result<Response, TransportError> {
    let url = base.join(path).map_err(|error| TransportError::Protocol(error.to_string()))?;
    transport.send(Request::get(url, DEADLINE, MAX_ANSWER.max(MAX_NOTE))).await
}

/// What the server that runs on this folder says of itself. It left its address in the lock file, which stays when it is gone.
async fn server(desk: &Desk, settings: &Settings, transport: &HttpTransport, now: DateTime<Utc>) -> Finding {
    let not_running = || Finding::well("server", format!("none runs on {} now", settings.server.data.display()));
    let Some(address) = desk.folder.address().and_then(|text| text.parse::<SocketAddr>().ok()) else { return not_running() };
    let Ok(base) = Url::parse(&format!("http://{}/", health::reachable(address))) else { return not_running() };
    let Ok(who) = get(transport, &base, "v1/server").await else { return not_running() };
    if text_at(&who, "origin").as_deref() != Some(desk.identity.origin.as_str()) {
        return not_running();
    }
    match get(transport, &base, "readyz").await {
        Ok(ready) if ready.status == 200 => sworn(&base, desk.store.last_signed_time().map(super::time).ok(), now),
        Ok(answer) => {
            let why = text_at(&answer, "detail").unwrap_or_else(|| format!("/readyz answers {}", answer.status));
            Finding::attention("server", format!("it runs at {base} and is not ready"), why)
        }
        Err(error) => {
            Finding::attention("server", format!("it runs at {base} and does not answer: {error}"), "look at its log")
        }
    }
}

/// A server that is ready swears to the time; the age of that is the age of its answers.
fn sworn(base: &Url, last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Finding {
    let says = format!("it runs at {base} and is ready");
    let age = last.map(|last| now - last).filter(|age| *age > SWORN_WITHIN);
    let Some(age) = age else { return Finding::well("server", says) };
    let says = format!("{says}, but swore to the time last {} ago: its answers grow old", plain(age));
    Finding::attention("server", says, "look at its log for errors of the witness; start it again if nothing is said there")
}

/// A time span in its largest whole unit.
pub(super) fn plain(span: TimeDelta) -> String {
    match span.num_seconds() {
        seconds @ ..120 => format!("{} s", seconds.max(0)),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

pub(super) fn text_at(answer: &Response, field: &str) -> Option<String> {
    let document: Value = serde_json::from_slice(&answer.body).ok()?;
    document.get(field)?.as_str().map(str::to_owned)
}

pub(super) fn number_at(answer: &Response, field: &str) -> Option<u64> {
    let document: Value = serde_json::from_slice(&answer.body).ok()?;
    document.get(field)?.as_u64()
}

/// Where peers may reach this server, as far as its settings say.
fn address_of(settings: &Settings) -> String {
    settings.server.public_url.as_ref().map_or_else(|| "URL-OF-THIS-SERVER".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::FindingState;

    #[test]
    fn spans_are_told_in_their_largest_whole_unit() {
        let spans = [-5, 0, 119, 120, 7_199, 7_200, 172_799, 172_800].map(|seconds| plain(TimeDelta::seconds(seconds)));
        assert_eq!(spans, ["0 s", "0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 days"]);
    }

    #[test]
    fn a_server_that_swore_to_no_time_for_minutes_needs_its_operator() {
        let base = Url::parse("http://127.0.0.1:8080/").expect("a URL");
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        let state = |ago| sworn(&base, Some(now - TimeDelta::seconds(ago)), now).state;
        assert_eq!([0, 60, 180, 181].map(state)[2..], [FindingState::Well, FindingState::Attention]);
        assert_eq!(sworn(&base, None, now).state, FindingState::Well, "that it cannot be read is told elsewhere");
    }
}

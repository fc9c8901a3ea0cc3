//! The server that runs on the folder, and its peers: who can be reached, and who knows this server.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use url::Url;

use super::{Finding, FindingState};
use crate::app::operator::Desk;
use crate::config::Settings;
use crate::federation::{AddressPolicy, HttpTransport, Request, Response, Transport, TransportError};
use crate::ledger::peers::{OriginHash, Peer, PeerStore};
use crate::ledger::ports::LogRead;
use crate::tlog::{MAX_NOTE, SignedCheckpoint};

/// How long one answer may take.
const DEADLINE: Duration = Duration::from_secs(5);
/// The most bytes of an answer.
const MAX_ANSWER: usize = 1 << 20;

pub(super) async fn look(desk: &Desk, settings: &Settings) -> Vec<Finding> {
    let policy = AddressPolicy { loopback: settings.federation.allow_http_loopback, private: false };
    // This machine is asked about its own server whatever peers may be.
    let transports = HttpTransport::new(AddressPolicy { loopback: true, private: true })
        .and_then(|own| HttpTransport::new(policy).map(|peers| (own, peers)));
    let (own, transport) = match transports {
        Ok(transports) => transports,
        Err(error) => {
            return vec![Finding::out_of_reach("network", error.to_string(), "look at the certificates of this machine")];
        }
    };
    let mut found = vec![server(desk, settings, &own).await];
    match desk.store.peers() {
        Ok(peers) if peers.is_empty() => {
            found.push(Finding::well(
                "peers",
                "there are none: notices of this server stay at home. `palinode peer add URL` adds one",
            ));
        }
        Ok(peers) => {
            let visitor = Visitor { desk, transport: &transport, address: address_of(settings) };
            found.extend(join_all(peers.iter().map(|peer| visitor.visit(peer))).await);
        }
        Err(error) => found.push(Finding::out_of_reach("peers", error.to_string(), "look at the database")),
    }
    found
}

async fn get(transport: &HttpTransport, base: &Url, path: &str) -> Result<Response, TransportError> {
    let url = base.join(path).map_err(|error| TransportError::Protocol(error.to_string()))?;
    transport.send(Request::get(url, DEADLINE, MAX_ANSWER.max(MAX_NOTE))).await
}

/// What the server that runs on this folder says of itself. It left its address in the lock file, which stays when it is gone.
async fn server(desk: &Desk, settings: &Settings, transport: &HttpTransport) -> Finding {
    let not_running = || Finding::well("server", format!("none runs on {} now", settings.server.data.display()));
    let Some(address) = desk.folder.address().and_then(|text| text.parse::<SocketAddr>().ok()) else { return not_running() };
    let Ok(base) = Url::parse(&format!("http://{}/", reachable(address))) else { return not_running() };
    let Ok(who) = get(transport, &base, "v1/server").await else { return not_running() };
    if text_at(&who, "origin").as_deref() != Some(desk.identity.origin.as_str()) {
        return not_running();
    }
    match get(transport, &base, "readyz").await {
        Ok(ready) if ready.status == 200 => Finding::well("server", format!("it runs at {base} and is ready")),
        Ok(answer) => {
            let why = text_at(&answer, "detail").unwrap_or_else(|| format!("/readyz answers {}", answer.status));
            Finding::attention("server", format!("it runs at {base} and is not ready"), why)
        }
        Err(error) => {
            Finding::attention("server", format!("it runs at {base} and does not answer: {error}"), "look at its log")
        }
    }
}

/// An address that listens everywhere is reached on this machine.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        let loopback = match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        address.set_ip(loopback);
    }
    address
}

fn text_at(answer: &Response, field: &str) -> Option<String> {
    let document: Value = serde_json::from_slice(&answer.body).ok()?;
    document.get(field)?.as_str().map(str::to_owned)
}

/// Where peers may reach this server, as far as its settings say.
fn address_of(settings: &Settings) -> String {
    settings.server.public_url.as_ref().map_or_else(|| "the address of this server".to_owned(), ToString::to_string)
}

struct Visitor<'d> {
    desk: &'d Desk,
    transport: &'d HttpTransport,
    address: String,
}

impl Visitor<'_> {
    async fn visit(&self, peer: &Peer) -> Finding {
        let (origin, url) = (peer.origin(), peer.url());
        match get(self.transport, url, "v1/server").await {
            Err(error) => {
                let todo =
                    "ask its operator whether it runs and where; until it is back, its notices are not read and ours not told";
                return Finding::out_of_reach("peers", format!("{origin} at {url} cannot be reached: {error}"), todo);
            }
            Ok(who) if text_at(&who, "origin").as_deref() != Some(origin.as_str()) => {
                let todo =
                    format!("ask its operator for its address; `palinode peer remove {origin}`, then `palinode peer add URL`");
                return Finding::attention("peers", format!("{url} is not {origin}, but another server"), todo);
            }
            Ok(_) => {}
        }
        self.knows_us(peer).await
    }

    /// A peer reads and cosigns only logs of its own peers: what it cosigned of ours tells whether it is told of our notices.
    async fn knows_us(&self, peer: &Peer) -> Finding {
        let identity = &self.desk.identity;
        let path = format!("witness/{}/checkpoint", OriginHash::of(identity.origin.as_str()));
        let origin = peer.origin();
        let answer = get(self.transport, peer.url(), &path).await;
        let cosigned = match answer {
            Ok(answer) if answer.status == 200 => SignedCheckpoint::parse_and_verify(&answer.body, &identity.log).ok(),
            _ => None,
        };
        let Some(cosigned) = cosigned else {
            let says =
                format!("{origin} can be reached, but has never cosigned this log: the notices of this server stay at home");
            let todo = format!(
                "its operator must run `palinode peer add {}`, and must be able to reach this server there: a peer reads us, we do not \
                 send to it",
                self.address
            );
            return Finding::attention("peers", says, todo);
        };
        let (size, root) = (cosigned.checkpoint().size(), cosigned.checkpoint().root());
        match self.desk.store.newest_published() {
            Ok(Some(here)) if size > here.head.size || (size == here.head.size && *root != here.head.root) => {
                let says = format!(
                    "{origin} cosigned this log at size {size}, which the {} entries here do not continue",
                    here.head.size
                );
                let todo = "an old copy of the folder was put back, or two copies of it were started: stop this server, and keep \
                            only the newest copy. If that is lost, begin a new log with `palinode restore`";
                Finding::broken("peers", says, todo)
            }
            Ok(Some(here)) => Finding::well(
                "peers",
                format!("{origin} can be reached, and cosigned {size} of our {} entries", here.head.size),
            ),
            Ok(None) => Finding::well("peers", format!("{origin} can be reached")),
            Err(error) => Finding::new("peers", FindingState::OutOfReach, error.to_string()),
        }
    }
}

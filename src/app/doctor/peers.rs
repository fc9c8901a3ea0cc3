//! The peers: who can be reached, who knows this server, and how far each has read the other.

use chrono::{DateTime, TimeDelta, Utc};

use super::network::{get, number_at, plain, text_at};
use super::{Finding, FindingState};
use crate::app::operator::Desk;
use crate::federation::HttpTransport;
use crate::ledger::Head;
use crate::ledger::peers::{OriginHash, Pause, Peer, PeerStore};
use crate::ledger::ports::LogRead;
use crate::tlog::SignedCheckpoint;

/// Two servers that can reach each other know of every entry within seconds.
const TOLD_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// Who asks the peers, and with what.
pub(super) struct Visitor<'d> {
    pub(super) desk: &'d Desk,
    pub(super) transport: &'d HttpTransport,
    /// Where peers may reach this server.
    pub(super) address: String,
    pub(super) now: DateTime<Utc>,
}

impl Visitor<'_> {
    /// Asks one peer.
    pub(super) async fn visit(&self, peer: &Peer) -> Vec<Finding> {
        let (origin, url) = (peer.origin(), peer.url());
        let who = match get(self.transport, url, "v1/server").await {
            Err(error) => {
                let todo =
                    "ask its operator whether it runs and where; until it is back, its notices are not read and ours not told";
                let says = format!("{origin} at {url} cannot be reached: {error}");
                return vec![Finding::out_of_reach("peers", says, todo)];
            }
            Ok(who) => who,
        };
        if text_at(&who, "origin").as_deref() != Some(origin.as_str()) {
            let todo =
                format!("ask its operator for its address; `palinode peer remove {origin}`, then `palinode peer add URL`");
            return vec![Finding::attention("peers", format!("{url} is not {origin}, but another server"), todo)];
        }
        vec![self.knows_us(peer).await, self.is_read(peer, number_at(&who, "tree_size"))]
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
        let head = Head { size: cosigned.checkpoint().size(), root: *cosigned.checkpoint().root() };
        let time =
            cosigned.cosignatures(&[peer.witness_key().clone()]).first().map(|cosignature| super::time(cosignature.time()));
        match self.desk.store.newest_published() {
            Ok(Some(here)) => self.cosigned(peer, head, time, here.head),
            Ok(None) => Finding::well("peers", format!("{origin} can be reached")),
            Err(error) => Finding::new("peers", FindingState::OutOfReach, error.to_string()),
        }
    }

    /// Compares what a peer cosigned with what is here.
    fn cosigned(&self, peer: &Peer, theirs: Head, time: Option<DateTime<Utc>>, here: Head) -> Finding {
        let origin = peer.origin();
        if theirs.size > here.size || (theirs.size == here.size && theirs.root != here.root) {
            let says = format!(
                "{origin} cosigned this log at size {}, which the {} entries here do not continue",
                theirs.size, here.size
            );
            let todo = "an old copy of the folder was put back, or two copies of it were started: stop this server, and keep \
                        only the newest copy. If that is lost, begin a new log with `palinode restore`";
            return Finding::broken("peers", says, todo);
        }
        let age = time.map(|time| self.now - time);
        let ago = age.map_or_else(String::new, |age| format!(", {} ago", plain(age)));
        let says = format!("{origin} can be reached, and cosigned {} of our {} entries{ago}", theirs.size, here.size);
        if theirs.size < here.size && age.is_none_or(|age| age > TOLD_WITHIN) {
            let todo = "while a server runs here, `palinode peer list` says what goes wrong with telling it; if nothing does, ask its \
                        operator whether it can keep anything";
            return Finding::attention("peers", says, todo);
        }
        Finding::well("peers", says)
    }

    /// How far the peer's log was read here.
    fn is_read(&self, peer: &Peer, size: Option<u64>) -> Finding {
        let origin = peer.origin();
        let state = match self.desk.store.peer_state(origin.as_str()) {
            Ok(state) => state,
            Err(error) => return Finding::new("peers", FindingState::OutOfReach, error.to_string()),
        };
        if let Some(pause) = state.pause {
            return paused(origin.as_str(), pause);
        }
        let size = size.unwrap_or(0).max(state.pulled);
        let ago = state.pull.last_ok.map(|at| self.now - at);
        let when = ago.map_or_else(|| "never".to_owned(), |ago| format!("last {} ago", plain(ago)));
        let says = format!("{origin} has {size} entries, of which {} were read, {when}", state.pulled);
        if state.pulled < size && ago.is_none_or(|ago| ago > TOLD_WITHIN) {
            let todo = "while a server runs here, `palinode peer list` says what goes wrong with reading it";
            return Finding::attention("peers", says, todo);
        }
        Finding::well("peers", says)
    }
}

/// A peer whose log is not read any further.
fn paused(origin: &str, pause: Pause) -> Finding {
    let (why, todo) = match pause {
        Pause::Wanted => (
            "too many of its entries cannot be had from anybody",
            "ask its operator why it does not serve what its log says it has; it is read on when they come",
        ),
        Pause::Day => (
            "it brought as many new entries today as a peer may",
            "nothing, if so many are to be expected: it is read on tomorrow, or at once with more federation.entries_per_peer_per_day. If \
             not, look at what it brings before you go on with it",
        ),
        Pause::Evidence => (
            "it signed two things that cannot both be true",
            "save what /v1/peers/<SHA-256 of its origin>/evidence shows, check it with `palinode proof evidence`, and tell its operator and \
             your other peers; what was taken in before stays. `palinode peer remove` ends the work with it",
        ),
    };
    Finding::attention("peers", format!("{origin} is not read any further: {why}"), todo)
}

//! Asking the peers, when a server starts, what they cosigned of its own log (protocol, section 7, rule 3).
//!
//! Database and head record can both be an old copy. What a peer cosigned cannot: it is a checkpoint under our own log key, and
//! if it is larger than what is here, or continues another history, then nothing may be signed until the operator has looked.

use std::time::Duration;

use futures_util::future::join_all;

use super::announce::address;
use super::transport::Request;
use super::{Federation, Link};
use crate::ledger::Published;
use crate::ledger::peers::OriginHash;
use crate::tlog::{MAX_NOTE, SignedCheckpoint, verify_consistency};

/// How long a peer may take; one that does not answer is no reason to wait.
const DEADLINE: Duration = Duration::from_secs(5);

/// What a peer holds against our own log, signed with our own key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OwnLogContradicted {
    /// A larger tree than the one here.
    #[error(
        "{peer} cosigned this log at size {size}, but it has only {here} entries here: an old copy was put back, or two copies \
             run. Stop this server, and start only the newest copy; if that is lost, keep what is here with `palinode backup` \
             and begin a new log with `palinode restore`"
    )]
    Behind {
        /// Who has it.
        peer: String,
        /// Size that was signed.
        size: u64,
        /// Size that is here.
        here: u64,
        /// The signed note.
        note: Vec<u8>,
    },
    /// A tree that the one here does not continue.
    #[error(
        "{peer} cosigned another tree of this log at size {size} than the one here: two copies of the data folder were started. Stop \
         both, keep them, and go on with the one that the peers cosigned; what only the other one took in must be posted again. \
         If neither can go on, begin a new log with `palinode backup` and `palinode restore`"
    )]
    OtherTree {
        /// Who has it.
        peer: String,
        /// Size that was signed.
        size: u64,
        /// The signed note.
        note: Vec<u8>,
    },
}

impl Federation {
    /// Asks every peer at once what it cosigned of our log, for at most five seconds. What cannot be had, or is not signed by
    /// our own log key, proves nothing and is passed over.
    pub async fn ask_what_was_cosigned(&self) -> Vec<OwnLogContradicted> {
        let links = self.links();
        let published = self.ledger.published();
        let questions = links.values().map(|link| self.ask_about_own_log(link, &published));
        join_all(questions).await.into_iter().flatten().collect()
    }

    pub(super) async fn ask_about_own_log(&self, link: &Link, published: &Published) -> Option<OwnLogContradicted> {
        let identity = self.ledger.identity();
        let path = format!("witness/{}/checkpoint", OriginHash::of(identity.origin.as_str()));
        let request = Request::get(address(link, &path).ok()?, DEADLINE, MAX_NOTE);
        let answer = self.transport.send(request).await.ok().filter(|answer| answer.status == 200)?;
        let signed = SignedCheckpoint::parse_and_verify(&answer.body, &identity.log).ok()?;
        let (size, root) = (signed.checkpoint().size(), *signed.checkpoint().root());
        let (peer, note) = (link.peer.origin().to_string(), answer.body);
        let here = published.head;
        if size > here.size {
            return Some(OwnLogContradicted::Behind { peer, size, here: here.size, note });
        }
        let ledger = self.ledger.clone();
        let proof = match size {
            0 => Vec::new(),
            size if size == here.size => Vec::new(),
            size => self.blocking(move || ledger.consistency_proof(size, here.size)).await.ok()?.ok()?,
        };
        let continued = verify_consistency(size, &root, here.size, &here.root, &proof).is_ok();
        (!continued).then_some(OwnLogContradicted::OtherTree { peer, size, note })
    }
}

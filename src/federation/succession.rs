//! Following a peer that was restored: its log ended, and another one goes on under the same operator (protocol, section 7, rule 6).
//!
//! A restored server answers at the address of the old one, with another log. `GET /v1/server` there names the entry of it which states
//! that it goes on for the old log; that entry decides, and nothing else that is said. What holds is followed by itself, in one commit;
//! what does not is refused, remembered, and shown. A claim may also stand in the log of another peer, when the new server has another
//! address: it is heeded once the old log cannot be had any more, and refused while that is alive.

use std::time::Duration;

use serde_json::Value;

use super::announce::address;
use super::fault::Fault;
use super::inventory::DEADLINE;
use super::misbehaviour::Misbehaviour;
use super::transport::Request;
use super::{Federation, Link};
use crate::envelope::StatementKind;
use crate::ledger::StoreError;
use crate::ledger::peers::{Peer, PeerStatement, RefusedClaim, Succession, SuccessionClaim, SuccessionFault};
use crate::tlog::bundle::MAX_ENTRY;
use crate::tlog::{Hash, MAX_NOTE, UnverifiedCheckpoint};

/// The longest answer to who a server is.
const MAX_SERVER: usize = 256 << 10;
/// How long that may take.
const WHO_DEADLINE: Duration = Duration::from_secs(10);

/// What looking for a successor came to.
pub(super) enum Followed {
    /// Nobody says that they go on for this peer.
    Nobody,
    /// It was followed, and this peer is ended.
    By(String),
}

impl Federation {
    /// The peers whose logs ended are not worked with: only these are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn living_peers(&self) -> Result<Vec<Peer>, StoreError> {
        let ended = self.stores.successions.successors()?;
        let peers = self.stores.peers.peers()?;
        Ok(peers.into_iter().filter(|peer| !ended.contains_key(peer.origin().as_str())).collect())
    }

    /// The logs that this one succeeds, with the entry that says so: what a peer of the old log asks for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn succeeded(&self) -> Result<Vec<(String, Hash)>, StoreError> {
        self.stores.successions.succeeded()
    }

    /// Looks for a log that goes on for that of this peer, after reading it ended in `fault`.
    pub(super) async fn look_for_successor(&self, link: &Link, fault: &Fault) -> Result<Followed, Fault> {
        if matches!(fault, Fault::Misbehaved(Misbehaviour::CheckpointNotItsOwn(_))) {
            return self.look_at_its_address(link).await;
        }
        if matches!(fault, Fault::Transport(_) | Fault::Status { .. }) {
            return self.look_among_peers(link).await;
        }
        Ok(Followed::Nobody)
    }

    /// Another log is served where this peer was.
    async fn look_at_its_address(&self, link: &Link) -> Result<Followed, Fault> {
        let request = Request::get(address(link, "log/checkpoint")?, DEADLINE, MAX_NOTE);
        let note = self.transport.send(request).await?.body;
        let Ok(served) = UnverifiedCheckpoint::parse(&note) else { return Ok(Followed::Nobody) };
        let claimant = served.checkpoint().origin().to_owned();
        let Some(leaf) = self.statement_named_at(link).await? else { return Ok(Followed::Nobody) };
        let request = Request::get(address(link, &format!("log/entry/{leaf}"))?, DEADLINE, MAX_ENTRY);
        let answer = self.transport.send(request).await?;
        if answer.status != 200 || Hash::leaf(&answer.body) != leaf {
            return Ok(Followed::Nobody);
        }
        let judged = match SuccessionClaim::read(&link.peer, &answer.body) {
            Ok(claim) => {
                let root = self.root_that_was_read(link, claim.ended().size).await?;
                claim.proved_by(&note, root)
            }
            Err(fault) => Err(fault),
        };
        self.follow_or_refuse(link, judged, claimant).await
    }

    /// The entry by which the server at the address of this peer says that it goes on for it.
    async fn statement_named_at(&self, link: &Link) -> Result<Option<Hash>, Fault> {
        let answer = self.transport.send(Request::get(address(link, "v1/server")?, WHO_DEADLINE, MAX_SERVER)).await?;
        let Ok(who) = serde_json::from_slice::<Value>(&answer.body) else { return Ok(None) };
        let succeeds = who.get("succeeds").and_then(Value::as_array).into_iter().flatten();
        let about_it = |one: &&Value| one.get("origin").and_then(Value::as_str) == Some(link.peer.origin().as_str());
        let entry = succeeds.rev().find(about_it).and_then(|one| one.get("entry")?.as_str());
        Ok(entry.and_then(Hash::parse))
    }

    /// The peer cannot be had. Another peer may have stated that it goes on for it, and answers.
    async fn look_among_peers(&self, link: &Link) -> Result<Followed, Fault> {
        for statement in self.claims_about(link).await? {
            let claimant = statement.origin().to_owned();
            let judged = self.judge_claim_of_peer(link, &statement).await?;
            if let followed @ Followed::By(_) = self.follow_or_refuse(link, judged, claimant).await? {
                return Ok(followed);
            }
        }
        Ok(Followed::Nobody)
    }

    async fn judge_claim_of_peer(
        &self,
        link: &Link,
        statement: &PeerStatement,
    ) -> Result<Result<Succession, SuccessionFault>, Fault> {
        let claim = match SuccessionClaim::read(&link.peer, statement.entry()) {
            Ok(claim) => claim,
            Err(fault) => return Ok(Err(fault)),
        };
        // Its checkpoint was verified when its log was read.
        let Some(head) = self.state_of(statement.origin()).await?.head else {
            return Ok(Err(SuccessionFault::OtherPeer(statement.origin().to_owned())));
        };
        let root = self.root_that_was_read(link, claim.ended().size).await?;
        Ok(claim.proved_by(&head.note, root))
    }

    /// The peer answers with its own log: whoever says that it ended is not believed.
    pub(super) async fn refuse_claims_on_the_living(&self, link: &Link) -> Result<(), Fault> {
        for statement in self.claims_about(link).await? {
            let claimant = statement.origin().to_owned();
            let refused = match SuccessionClaim::read(&link.peer, statement.entry()) {
                Ok(_) => SuccessionFault::Alive(link.peer.origin().to_string()),
                Err(fault) => fault,
            };
            self.refuse(link, &refused, claimant).await?;
        }
        Ok(())
    }

    /// What operators of other peers state about this one's end.
    async fn claims_about(&self, link: &Link) -> Result<Vec<PeerStatement>, Fault> {
        let (store, origin) = (self.stores.statements.clone(), link.peer.origin().to_string());
        Ok(self.blocking(move || store.peer_statements_about(StatementKind::LogSucceeds, &origin)).await??)
    }

    /// The root that the log of this peer had at `size`, where so much of it was read.
    async fn root_that_was_read(&self, link: &Link, size: u64) -> Result<Option<Hash>, Fault> {
        let origin = link.peer.origin().as_str();
        if self.state_of(origin).await?.verified < size {
            return Ok(None);
        }
        Ok(Some(self.frontier(origin, size).await?.root()))
    }

    async fn follow_or_refuse(
        &self,
        link: &Link,
        judged: Result<Succession, SuccessionFault>,
        claimant: String,
    ) -> Result<Followed, Fault> {
        let succession = match judged.and_then(|succession| self.without_contradiction(succession)) {
            Ok(succession) => succession,
            Err(refused) => {
                self.refuse(link, &refused, claimant).await?;
                return Ok(Followed::Nobody);
            }
        };
        let (store, now, new) = (self.stores.successions.clone(), self.now(), succession.successor().origin().to_string());
        self.blocking(move || store.follow(&succession, now)).await??;
        self.reload_peers()?;
        tracing::info!(peer = %link.peer.origin(), by = new, "the log of a peer ended; the one that goes on for it is followed");
        Ok(Followed::By(new))
    }

    /// A peer of this name may be known already, and then with the same keys.
    fn without_contradiction(&self, succession: Succession) -> Result<Succession, SuccessionFault> {
        let new = succession.successor();
        let itself = *new.origin() == self.ledger.identity().origin;
        let other = |known: &Peer| known.log_key() != new.log_key() || known.operator_key() != new.operator_key();
        let known = self.links().get(new.origin().as_str()).map(|link| link.peer.clone());
        if itself || known.as_ref().is_some_and(other) {
            return Err(SuccessionFault::OtherPeer(new.origin().to_string()));
        }
        Ok(succession)
    }

    async fn refuse(&self, link: &Link, refused: &SuccessionFault, claimant: String) -> Result<(), Fault> {
        tracing::warn!(peer = %link.peer.origin(), claimant, error = %refused, "a claim to go on for a peer is refused");
        let claim = RefusedClaim { claimant, rule: refused.rule().to_owned(), why: refused.to_string(), at: self.now() };
        let (store, origin) = (self.stores.successions.clone(), link.peer.origin().to_string());
        Ok(self.blocking(move || store.note_claim(&origin, &claim)).await??)
    }
}

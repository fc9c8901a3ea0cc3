//! Reading a peer's log: protocol section 8, "Pull", as numbered steps.

use chrono::{DateTime, Utc};

use super::claims::Claim;
use super::entries::{Fetched, FetchedEntry, Verdict};
use super::fault::Fault;
use super::inventory::FULL;
use super::pending::{MENDED_BY_RECORDS, day_of};
use super::succession::Followed;
use super::{Federation, Link};
use crate::ledger::RefusalClass;
use crate::ledger::peers::{Pause, PeerState, Work};
use crate::tlog::{Hash, TILE_WIDTH, TileId};

/// What a pull came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pulled {
    /// Put off until then, after failures.
    PutOff(DateTime<Utc>),
    /// The log ended, and the one of this origin goes on for it: from now on that is read.
    Succeeded(String),
    /// The log was read as far as the limits let; this is what came of it.
    Read {
        /// What became of its leaves.
        tally: Tally,
        /// Why it was not read to its end.
        pause: Option<Pause>,
    },
}

/// What became of leaves that were looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Appended to our log.
    pub logged: u64,
    /// Of these, publisher records.
    pub records: u64,
    /// In our log already, under this leaf or as a second signature.
    pub known: u64,
    /// Statements of the peer's operator, kept beside our log.
    pub stated: u64,
    /// Refused for good.
    pub refused: u64,
    /// Waiting for something.
    pub pending: u64,
    /// Could not be had.
    pub wanted: u64,
}

impl Tally {
    pub(super) fn count(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Logged { record } => {
                self.logged += 1;
                self.records += u64::from(*record);
            }
            Verdict::Known | Verdict::Twin => self.known += 1,
            Verdict::Stated(_) => self.stated += 1,
            Verdict::NotStated(_) => self.refused += 1,
            Verdict::Refused(refusal, _) => match refusal.class() {
                RefusalClass::Permanent => self.refused += 1,
                RefusalClass::Pending => self.pending += 1,
            },
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.logged += other.logged;
        self.records += other.records;
        self.known += other.known;
        self.stated += other.stated;
        self.refused += other.refused;
        self.pending += other.pending;
        self.wanted += other.wanted;
    }
}

impl Federation {
    /// Reads one peer's log up to its newest verified checkpoint, unless the peer is left alone after failures.
    ///
    /// # Errors
    /// [`Fault`]; one of the peer is remembered, and puts the next attempt off. What was taken in before it stays.
    pub async fn pull_once(&self, origin: &str) -> Result<Pulled, Fault> {
        let link = self.link(origin)?;
        self.may_take_in().await?;
        let state = self.state_of(origin).await?;
        if let Some(until) = self.put_off(&link, Work::Pull, &state) {
            return Ok(Pulled::PutOff(until));
        }
        if state.is_isolated() {
            return Ok(Pulled::Read { tally: Tally::default(), pause: state.pause });
        }
        let begun = link.reach.begin();
        let outcome = self.pull(&link, &state).await;
        match &outcome {
            Ok(_) => self.refuse_claims_on_the_living(&link).await?,
            Err(fault) => {
                // That nobody could be found is no other fault than the one that there was.
                if let Ok(Followed::By(new)) = Box::pin(self.look_for_successor(&link, fault)).await {
                    return Ok(Pulled::Succeeded(new));
                }
            }
        }
        self.remember(&link, Work::Pull, &state.pull, begun, &outcome).await?;
        outcome
    }

    /// Whether what a peer has could be kept. Asked before anything is fetched, so that a server without room costs its peers
    /// nothing and writes nothing about them either.
    pub(super) async fn may_take_in(&self) -> Result<(), Fault> {
        let ledger = self.ledger.clone();
        let may = self.blocking(move || ledger.standing().may_grow()).await?;
        may.map_err(|refusal| Fault::NotNow(Box::new(refusal)))
    }

    async fn pull(&self, link: &Link, state: &PeerState) -> Result<Pulled, Fault> {
        let origin = link.peer.origin().as_str();
        // (1) The newest checkpoint that its log key signed, served or announced; a smaller one is only stale.
        let Some(newest) = self.newest_head(link, state).await? else {
            return Ok(Pulled::Read { tally: Tally::default(), pause: state.pause });
        };
        // (2) What could not be had before, so that room for more is made first.
        let mut tally = self.retry_wanted(link).await?;
        let pause = loop {
            let state = self.state_of(origin).await?;
            let at_end = state.verified >= newest.head.size;
            if !at_end && let Some(pause) = self.limit_reached(&state) {
                tell_pause(origin, pause);
                break Some(pause);
            }
            // (3) The level-0 tiles that are missing, a part at a time, and that the signed tree begins with them; both are durable
            // after it. No further part before the last one was looked at.
            let looked_at = state.pulled >= state.verified;
            let verified = if looked_at { self.extend_inventory(link, &state, &newest).await? } else { state.verified };
            // (4) Every leaf hash never seen: fetch the entry, check its hash, hand it in.
            let (new, pause) = self.read_leaves(link).await?;
            tally.add(&new);
            if pause.is_some() || verified >= newest.head.size {
                break pause;
            }
        };
        if tally.stated > 0 {
            self.heed_vouches().await?;
        }
        // (5) What waited for a record that came now, and what is due anyway.
        if tally.records > 0 {
            self.rearm(&MENDED_BY_RECORDS).await?;
        }
        tally.add(&self.retry_pending_once().await?);
        if pause != state.pause {
            let (store, name) = (self.stores.peers.clone(), origin.to_owned());
            self.blocking(move || store.set_pause(&name, pause)).await??;
        }
        tracing::debug!(peer = origin, size = newest.head.size, ?tally, ?pause, "read a peer's log");
        Ok(Pulled::Read { tally, pause })
    }

    /// Step 4, a tile at a time. The cursor moves with each tile in the commit that keeps what became of its leaves, so that a
    /// pull that is cut short goes on there. While the entries of one tile are taken in, those of the next are fetched.
    async fn read_leaves(&self, link: &Link) -> Result<(Tally, Option<Pause>), Fault> {
        let origin = link.peer.origin().as_str();
        let mut tally = Tally::default();
        let mut ahead: Option<TileEntries> = None;
        loop {
            let state = self.state_of(origin).await?;
            if state.pulled >= state.verified {
                return Ok((tally, None));
            }
            let room = self.room_for_leaves(&state);
            if let Some(pause) = self.limit_reached(&state) {
                tell_pause(origin, pause);
                return Ok((tally, Some(pause)));
            }
            let fetched = ahead.take().filter(|tile| tile.from == state.pulled && tile.new <= room);
            let tile = match fetched {
                Some(tile) => tile,
                None => self.fetch_entries_of_tile(link, &state, state.pulled, room).await?,
            };
            let (end, room) = (tile.end, room - tile.new);
            let next = async {
                if end >= state.verified || room == 0 {
                    Ok(None)
                } else {
                    self.fetch_entries_of_tile(link, &state, end, room).await.map(Some)
                }
            };
            let (taken, next) = tokio::join!(self.take_in(origin, tile.found, &|_| 0, tile.end, tile.new), next);
            tally.add(&taken?);
            drop(tile.claim);
            ahead = next?;
        }
    }

    /// The entries of the leaves from `from` on to the end of their tile that were never seen, `room` of them at most.
    async fn fetch_entries_of_tile(&self, link: &Link, state: &PeerState, from: u64, room: u64) -> Result<TileEntries, Fault> {
        let origin = link.peer.origin().as_str();
        let id = TileId { level: 0, index: from / TILE_WIDTH as u64 };
        let width = id.width_at(state.verified).unwrap_or(FULL);
        let first = id.index * TILE_WIDTH as u64;
        let mut unknown = self.unknown_leaves(origin, id, width, from).await?;
        // What the limits have no room for stays for another day.
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let end = unknown.get(room).map_or(first + u64::from(width), |(place, _)| first + *place as u64);
        unknown.truncate(room);
        let new = unknown.len() as u64;
        // What another peer is being asked for at this moment is left to it, and asked for here if it does not come.
        let (claim, mine) = self.claim(unknown.iter().map(|(_, leaf)| *leaf).collect()).await?;
        let (asked, left): (Vec<_>, Vec<_>) = unknown.into_iter().partition(|(_, leaf)| mine.contains(leaf));
        let mut found = if asked.is_empty() { Vec::new() } else { self.fetch_entries(link, (id.index, width), &asked).await? };
        found.extend(left.into_iter().map(|(_, leaf)| (leaf, Fetched::NotYet)));
        Ok(TileEntries { from, end, new, found, claim })
    }

    /// How many leaves that were never seen may still be looked at today.
    fn room_for_leaves(&self, state: &PeerState) -> u64 {
        let limits = &self.options.limits;
        let today = if state.day == day_of(self.now()) { state.leaves_of_day } else { 0 };
        limits.leaves_a_day.saturating_sub(today).min(limits.wanted.saturating_sub(state.wanted))
    }

    fn limit_reached(&self, state: &PeerState) -> Option<Pause> {
        match self.room_for_leaves(state) {
            0 if state.wanted >= self.options.limits.wanted => Some(Pause::Wanted),
            0 => Some(Pause::Day),
            _ => None,
        }
    }

    /// The leaves of one tile from index `from` on that are neither in our log nor settled, with their places in the tile.
    async fn unknown_leaves(&self, origin: &str, id: TileId, width: u16, from: u64) -> Result<Vec<(usize, Hash)>, Fault> {
        let (store, ledger, origin) = (self.stores.inventory.clone(), self.ledger.clone(), origin.to_owned());
        self.blocking(move || {
            let hashes = store.inventory_tile(&origin, id, width)?;
            let skip = usize::try_from(from - id.index * TILE_WIDTH as u64).unwrap_or(0);
            let leaves = hashes.get(skip..).unwrap_or_default();
            let known = ledger.known_leaves(leaves)?;
            let settled = store.settled_leaves(&origin, leaves)?;
            let mut unknown: Vec<(usize, Hash)> = Vec::new();
            for (place, (leaf, (known, settled))) in leaves.iter().zip(known.into_iter().zip(settled)).enumerate() {
                // A log may not have a leaf twice, but one that did would only be asked for it once.
                let twice = unknown.iter().any(|(_, other)| other == leaf);
                if !known && !settled && !twice {
                    unknown.push((skip + place, *leaf));
                }
            }
            Ok(unknown)
        })
        .await?
    }
}

/// What was fetched of one tile and is not taken in yet.
struct TileEntries {
    /// The first leaf that was looked at.
    from: u64,
    /// The leaf behind the last one.
    end: u64,
    /// How many of them were never seen.
    new: u64,
    found: Vec<FetchedEntry>,
    claim: Claim,
}

fn tell_pause(origin: &str, pause: Pause) {
    tracing::warn!(peer = origin, pause = pause.as_str(), "a peer is paused");
}

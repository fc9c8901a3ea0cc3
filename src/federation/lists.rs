//! Fetching digest lists: in ranges, each block of which is checked before it is kept.
//!
//! A notice names the root over the blocks of its list. A peer that has the list gives the hashes of the blocks under that root, and
//! then any range of them; a block that hashes to something else is refused at once, and what came before it is kept, whoever it came
//! from. So several peers bring one list, one of them at a time, and a server that was stopped goes on where it was.
//!
//! One attempt brings [`AT_ONCE`] bytes at most, so that texts do not wait behind a long list.

use std::sync::PoisonError;
use std::time::Duration;

use super::announce::address;
use super::fault::Fault;
use super::misbehaviour::Misbehaviour;
use super::transport::{Request, Response};
use super::{Federation, Link};
use crate::digests::{BLOCK, BlockHashes};
use crate::ledger::Refusal;
use crate::ledger::documents::DocumentRefusal;
use crate::ledger::lists::taking::Progress;
use crate::ledger::lists::{NamedList, PartName};
use crate::notice::DocumentHash;

/// How long one range may take.
const DEADLINE: Duration = Duration::from_mins(1);
/// How many blocks one range has.
const BLOCKS: u64 = 64;
/// How many bytes of a list one attempt brings.
const AT_ONCE: u64 = 64 << 20;

/// What one attempt came to.
pub(super) enum Brought {
    /// The list is here.
    Whole,
    /// Some of it came, and there is more to ask this peer for.
    Some,
    /// Another peer is asked for it at this moment.
    Elsewhere,
    /// The peer did not give it; the flag says that the answer will hardly change.
    NotGiven { for_good: bool },
}

/// Held while one peer is asked for a list.
struct Alone<'f>(&'f Federation, DocumentHash);

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        self.0.lists_under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// A list that one peer is asked for.
struct Asking<'a> {
    link: &'a Link,
    part: PartName,
    said: NamedList,
    blocks: BlockHashes,
}

impl Federation {
    /// Asks one peer for a list, or for more of it. `tries` is how often it was asked in vain.
    pub(super) async fn fetch_list(&self, link: &Link, list: DocumentHash, tries: u32) -> Result<Brought, Fault> {
        if !self.lists_under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(list) {
            return Ok(Brought::Elsewhere);
        }
        let _alone = Alone(self, list);
        let ledger = self.ledger.clone();
        let turn = usize::try_from(tries).unwrap_or(0);
        let (part, said) = match self.blocking(move || ledger.part_from_peers(&list, turn)).await? {
            Ok(part) => part,
            Err(refusal) => return refused(link, list, refusal),
        };
        let Some((said, blocks)) = self.fetch_blocks(link, &part, said).await? else {
            return Ok(Brought::NotGiven { for_good: false });
        };
        let (ledger, name) = (self.ledger.clone(), part.clone());
        let offset = match self.blocking(move || ledger.part_length(&name)).await? {
            Ok(offset) => offset,
            Err(refusal) => return refused(link, list, refusal),
        };
        self.fetch_ranges(&Asking { link, part, said, blocks }, offset).await
    }

    /// The hashes of the blocks, when the peer has the list, with the notice that names their root. Where no notice here names it, a
    /// notice may be wrong as well as the peer, so nobody is blamed.
    async fn fetch_blocks(
        &self,
        link: &Link,
        part: &PartName,
        said: Vec<NamedList>,
    ) -> Result<Option<(NamedList, BlockHashes)>, Fault> {
        let size = part.form.size();
        let most = usize::try_from(BlockHashes::file_size(size)).unwrap_or(usize::MAX);
        let url = address(link, &format!("v1/documents/{}/blocks", part.list))?;
        let answer = self.transport.send(Request::get(url, DEADLINE, most)).await?;
        if !is_given(&answer)? {
            return Ok(None);
        }
        let parse = |said: NamedList| BlockHashes::parse(&answer.body, size, &said.blocks).ok().map(|blocks| (said, blocks));
        let found = said.into_iter().find_map(parse);
        if found.is_none() {
            tracing::warn!(peer = %link.peer.origin(), list = %part.list, "a peer gave other block hashes than any notice names");
        }
        Ok(found)
    }

    async fn fetch_ranges(&self, asking: &Asking<'_>, mut offset: u64) -> Result<Brought, Fault> {
        let size = asking.part.form.size();
        let end = offset.saturating_add(AT_ONCE);
        loop {
            // What was torn by a crash may end within a block: that block is asked for again, and the rest of it kept.
            let first = (offset / BLOCK as u64).min(asking.blocks.len().saturating_sub(1));
            let last = (first + BLOCKS - 1).min(asking.blocks.len().saturating_sub(1));
            let Some(bytes) = self.fetch_range(asking, first, last).await? else {
                return Ok(Brought::NotGiven { for_good: false });
            };
            let known = usize::try_from(offset - first * BLOCK as u64).unwrap_or(usize::MAX);
            let piece = bytes.get(known..).unwrap_or_default().to_vec();
            let (ledger, part, said) = (self.ledger.clone(), asking.part.clone(), asking.said.clone());
            let taken = self.blocking(move || ledger.take_piece(&part, &[said], offset, &piece)).await?;
            match taken {
                Ok(Progress { is_complete: true, .. }) => return Ok(Brought::Whole),
                Ok(Progress { offset: reached, .. }) | Err(DocumentRefusal::Offset { offset: reached, .. }) => offset = reached,
                Err(refusal) => return refused(asking.link, asking.part.list, refusal),
            }
            if offset >= end && offset < size {
                return Ok(Brought::Some);
            }
        }
    }

    /// The blocks `first..=last`, every one of them checked; `None` when the peer does not give them.
    async fn fetch_range(&self, asking: &Asking<'_>, first: u64, last: u64) -> Result<Option<Vec<u8>>, Fault> {
        let Some((from, to)) = asking.blocks.range(first, last) else { return Ok(None) };
        let length = usize::try_from(to - from + 1).unwrap_or(usize::MAX);
        let list = asking.part.list;
        let mut request = Request::get(address(asking.link, &format!("v1/documents/{list}"))?, DEADLINE, length);
        request.range = Some((from, to));
        let answer = self.transport.send(request).await?;
        if !is_given(&answer)? {
            return Ok(None);
        }
        if let Err(block) = asking.blocks.check(first, &answer.body)
            && answer.body.len() == length
        {
            return Err(self.lied(asking.link, list, block));
        }
        if answer.body.len() != length {
            return Err(self.lied(asking.link, list, first));
        }
        Ok(Some(answer.body))
    }

    #[expect(clippy::unused_self, reason = "what a peer did is an observation of this server")]
    fn lied(&self, link: &Link, document: DocumentHash, block: u64) -> Fault {
        let error = Misbehaviour::OtherBlock { document, block };
        tracing::warn!(peer = %link.peer.origin(), %error, "a peer served a block that its list does not have; another is asked");
        error.into()
    }
}

/// Whether a peer gave what it was asked for; an answer that asks for patience is a fault that puts work with it off.
fn is_given(answer: &Response) -> Result<bool, Fault> {
    match answer.status {
        200 | 206 => Ok(true),
        429 | 500..=599 => Err(Fault::Status { what: "digest list", status: answer.status, retry_after: answer.retry_after }),
        _ => Ok(false),
    }
}

/// What it means for fetching that this server does not take the list.
fn refused(link: &Link, list: DocumentHash, refusal: DocumentRefusal) -> Result<Brought, Fault> {
    match refusal {
        DocumentRefusal::Store(error) => Err(error.into()),
        DocumentRefusal::NotNow(hindrance) => Err(Fault::NotNow(Box::new(Refusal::NotNow(hindrance)))),
        DocumentRefusal::Busy(_) => Ok(Brought::Elsewhere),
        DocumentRefusal::Removed(_) | DocumentRefusal::OverQuota { .. } => {
            tracing::info!(peer = %link.peer.origin(), %list, error = %refusal, "a digest list is not fetched");
            Ok(Brought::NotGiven { for_good: true })
        }
        refusal => {
            tracing::warn!(peer = %link.peer.origin(), %list, error = %refusal, "a digest list was not kept");
            Ok(Brought::NotGiven { for_good: false })
        }
    }
}

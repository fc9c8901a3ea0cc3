//! Taking lists in: piece by piece, from whoever holds a token, from peers, or from a backup.
//!
//! Its size is known before the first byte, and charged to the issuer of the notice that names it: a list for which the issuer's quota or
//! the disk has no room is refused then, and not in the middle. What came is kept for [`PART_PERIOD`] after the last piece, for
//! each uploader apart, so that an interrupted upload goes on where it was. A fault throws the part away.

use chrono::TimeDelta;

use super::{Added, Bringer, NamedList, PartName};
use crate::digests::{Checked, ListFault, ListForm};
use crate::ledger::Ledger;
use crate::ledger::documents::DocumentRefusal;
use crate::ledger::receipt::{UPLOAD_PERIOD, token_hash};
use crate::ledger::stored::DocumentState;
use crate::notice::{Did, DocumentHash};

/// The most bytes that one request may bring of a list.
pub const MAX_PIECE: usize = 8 << 20;
/// How many lists may be on their way at once.
pub const MOST_COMING: u64 = 64;
/// How long what came of a list is kept after the last piece of it: as long as the token is good.
const PART_PERIOD: TimeDelta = UPLOAD_PERIOD;
/// How much of a list in memory is taken at once.
const STEP: usize = 1 << 20;

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that are here, in order.
    pub offset: u64,
    /// Bytes of the whole list.
    pub size: u64,
    /// Whether the list is here, whole and what its notice says. All bytes may be here before that: then an empty piece ends it.
    pub is_complete: bool,
}

impl Ledger {
    /// How far the upload of a list with this token is.
    ///
    /// # Errors
    /// [`DocumentRefusal`].
    pub fn list_progress(&self, list: &DocumentHash, token: &str, length: Option<u64>) -> Result<Progress, DocumentRefusal> {
        if let Some(size) = self.size_of_held(list)? {
            return Ok(Progress { offset: size, size, is_complete: true });
        }
        let (part, _) = self.part_of(list, token, length)?;
        let offset = self.stores.lists.part_length(&part)?;
        Ok(Progress { offset, size: part.form.size(), is_complete: false })
    }

    /// Adds a piece to the upload of a list with this token, at `at`. `length` is the size of the whole list, if the uploader tells it.
    ///
    /// # Errors
    /// [`DocumentRefusal`]; [`DocumentRefusal::Offset`] says where the upload is when the piece begins elsewhere.
    pub fn upload_piece(
        &self,
        list: &DocumentHash,
        token: &str,
        length: Option<u64>,
        at: u64,
        bytes: &[u8],
    ) -> Result<Progress, DocumentRefusal> {
        if let Some(size) = self.size_of_held(list)? {
            return Ok(Progress { offset: size, size, is_complete: true });
        }
        let (part, said) = self.part_of(list, token, length)?;
        self.take_piece(&part, &said, at, bytes)
    }

    /// How many bytes a list has that is here.
    fn size_of_held(&self, list: &DocumentHash) -> Result<Option<u64>, DocumentRefusal> {
        match self.stores.documents.state(list)? {
            // Everybody may know that, and whoever has leave to upload it should.
            DocumentState::Removed => Err(DocumentRefusal::Removed(*list)),
            DocumentState::Available { size } => Ok(Some(size)),
            DocumentState::Awaited => Ok(None),
        }
    }

    /// The part that a token may bring, and what notices say of it.
    fn part_of(
        &self,
        list: &DocumentHash,
        token: &str,
        length: Option<u64>,
    ) -> Result<(PartName, Vec<NamedList>), DocumentRefusal> {
        let token = token_hash(token);
        if !self.stores.documents.upload_granted(&token, list, self.clock.now())? {
            return Err(DocumentRefusal::NotGranted(*list));
        }
        self.part_for(list, Bringer::Token(token), |said| length.is_none_or(|length| said.form.size() == length))
    }

    /// The part of a list that somebody brings, in the first form that notices name and `fits`.
    fn part_for(
        &self,
        list: &DocumentHash,
        who: Bringer,
        fits: impl Fn(&NamedList) -> bool,
    ) -> Result<(PartName, Vec<NamedList>), DocumentRefusal> {
        let named = self.named_lists(list)?;
        let first = named.first().ok_or(DocumentRefusal::NotAList(*list))?;
        let form = named.iter().find(|said| fits(said)).unwrap_or(first).form;
        let said: Vec<NamedList> = named.into_iter().filter(|said| said.form == form).collect();
        Ok((PartName { list: *list, form, who }, said))
    }

    /// The part of a list that peers bring, with what notices say of it, in the form of the one at place `turn` among those that name it:
    /// where one that lies came first, another is tried the next time.
    ///
    /// # Errors
    /// [`DocumentRefusal`].
    pub fn part_from_peers(&self, list: &DocumentHash, turn: usize) -> Result<(PartName, Vec<NamedList>), DocumentRefusal> {
        self.size_of_held(list)?;
        let named = self.named_lists(list)?;
        let form = named.get(turn % named.len().max(1)).ok_or(DocumentRefusal::NotNamed(*list))?.form;
        let said = named.into_iter().filter(|said| said.form == form).collect();
        Ok((PartName { list: *list, form, who: Bringer::Peers }, said))
    }

    /// How many bytes of a part are here.
    ///
    /// # Errors
    /// [`DocumentRefusal::Store`].
    pub fn part_length(&self, part: &PartName) -> Result<u64, DocumentRefusal> {
        Ok(self.stores.lists.part_length(part)?)
    }

    /// Adds a piece to a part. `said` is what notices say of a list of this form: the whole must be what one of them says.
    ///
    /// # Errors
    /// [`DocumentRefusal`].
    pub fn take_piece(&self, part: &PartName, said: &[NamedList], at: u64, bytes: &[u8]) -> Result<Progress, DocumentRefusal> {
        let size = part.form.size();
        if let Some(hindrance) = self.standing().no_room_for(size.saturating_sub(at)) {
            return Err(DocumentRefusal::NotNow(hindrance));
        }
        let now = self.clock.now();
        if !self.stores.lists.is_list_coming(&part.list)? {
            self.charge(part, said)?;
        }
        match self.stores.lists.add_to_part(part, at, bytes, now)? {
            Added::More(offset) => Ok(Progress { offset, size, is_complete: false }),
            Added::Elsewhere(offset) => Err(DocumentRefusal::Offset { offset, size }),
            Added::Busy => Err(DocumentRefusal::Busy(part.list)),
            Added::Fault(fault) => Err(DocumentRefusal::List(fault)),
            Added::Whole(checked) => self.end_part(part, said, &checked),
        }
    }

    /// Compares a whole part with its name and what notices say, and keeps it.
    fn end_part(&self, part: &PartName, said: &[NamedList], checked: &Checked) -> Result<Progress, DocumentRefusal> {
        let found = checked.blocks.root();
        let fault = if checked.sha256 != part.list {
            Some(ListFault::Hash { found: checked.sha256 })
        } else if said.iter().any(|said| said.blocks == found) {
            None
        } else {
            Some(ListFault::Blocks { found })
        };
        if let Some(fault) = fault {
            self.stores.lists.forget_part(part)?;
            return Err(DocumentRefusal::List(fault));
        }
        if !self.stores.lists.keep_list(part, checked, self.clock.now())? {
            return Err(DocumentRefusal::Removed(part.list));
        }
        let size = part.form.size();
        tracing::info!(list = %part.list, digests = part.form.count(), "a digest list came whole");
        Ok(Progress { offset: size, size, is_complete: true })
    }

    /// Charges the size of a list to the first issuer who names it and whose quota has room.
    fn charge(&self, part: &PartName, said: &[NamedList]) -> Result<(), DocumentRefusal> {
        let now = self.clock.now();
        let by_operator = part.who == Bringer::Own;
        self.stores.lists.forget_stale_parts(now - PART_PERIOD)?;
        if !by_operator && self.stores.lists.lists_coming()? >= MOST_COMING {
            return Err(DocumentRefusal::Busy(part.list));
        }
        let most = self.admission.quota.list_bytes;
        let mut over: Option<Did> = None;
        for named in said {
            let charged = self.stores.lists.list_bytes_of(&named.issuer)?;
            if by_operator || charged.saturating_add(part.form.size()) <= most {
                return Ok(self.stores.lists.expect_list(part, &named.issuer, now)?);
            }
            over.get_or_insert_with(|| named.issuer.clone());
        }
        match over {
            Some(issuer) => Err(DocumentRefusal::OverQuota { issuer, most }),
            None => Err(DocumentRefusal::NotNamed(part.list)),
        }
    }

    /// Takes a list in that is whole in memory.
    pub(in crate::ledger) fn take_whole_list(
        &self,
        list: &DocumentHash,
        form: ListForm,
        bytes: &[u8],
    ) -> Result<(), DocumentRefusal> {
        let fits = |said: &NamedList| said.form == form || said.form.size() == bytes.len() as u64;
        let (part, said) = self.part_for(list, Bringer::Whole, fits)?;
        // One that was broken off is begun again.
        self.stores.lists.forget_part(&part)?;
        let found = bytes.len() as u64;
        let expected = part.form.size();
        if found != expected {
            return Err(DocumentRefusal::List(ListFault::Size { found, expected }));
        }
        let mut at = 0;
        for piece in bytes.chunks(STEP) {
            at = self.take_piece(&part, &said, at, piece)?.offset;
        }
        Ok(())
    }

    /// Takes a list in that is read piece by piece: `read` is asked for the piece at an offset.
    ///
    /// # Errors
    /// [`DocumentRefusal`].
    pub fn take_list_from(
        &self,
        list: &DocumentHash,
        form: ListForm,
        mut read: impl FnMut(u64) -> Result<Vec<u8>, crate::ledger::StoreError>,
    ) -> Result<(), DocumentRefusal> {
        if self.stores.lists.held_list(list)?.is_some() {
            return Ok(());
        }
        let (part, said) = self.part_for(list, Bringer::Own, |said| said.form == form)?;
        let mut at = self.stores.lists.part_length(&part)?;
        loop {
            let piece = if at < part.form.size() { read(at)? } else { Vec::new() };
            if piece.is_empty() && at < part.form.size() {
                return Err(DocumentRefusal::List(ListFault::Size { found: at, expected: part.form.size() }));
            }
            let progress = self.take_piece(&part, &said, at, &piece)?;
            if progress.is_complete {
                return Ok(());
            }
            at = progress.offset;
        }
    }
}

//! Digest lists: how they come in, in parts, and how digests are looked up in them.
//!
//! A list that came along with its notice is kept with other documents, since it is small. Any other has a file of its own behind the
//! port [`ListStore`](super::ports::ListStore), comes in pieces ([`taking`]), and is checked while it comes.
//!
//! What a list must be is said by the notices that name it, and anybody may name a list: so several may say different things of the same
//! bytes. The bytes decide. Of what is said, the first that fits the size that an uploader tells is tried; a list is taken when all of it
//! is what at least one notice says.

pub mod taking;

use std::fmt;

use data_encoding::HEXLOWER;

use super::Ledger;
use super::ports::StoreError;
use crate::digests::{BlockHashes, Checked, FilterBuilder, ListCheck, ListFault, ListForm};
use crate::envelope::PayloadType;
use crate::notice::{Did, DocumentHash};

/// How many notices that name the same list are looked at.
const MOST_NAMES: usize = 64;

/// What a notice says of a list, and whose notice it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedList {
    /// How many digests of which width.
    pub form: ListForm,
    /// RFC 6962 root over its blocks.
    pub blocks: DocumentHash,
    /// Who issued the notice.
    pub issuer: Did,
}

/// What came of a list from one source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartName {
    /// The list.
    pub list: DocumentHash,
    /// What the list must be.
    pub form: ListForm,
    /// Who brings it.
    pub who: Bringer,
}

/// Who brings a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bringer {
    /// The holder of an upload token, by the hash of it: nobody else can spoil what came from them.
    Token([u8; 32]),
    /// Peers, each of whose blocks is checked by itself.
    Peers,
    /// Whoever brings all of it in one request.
    Whole,
    /// The operator of this server, from a backup.
    Own,
}

/// How it stands in the names of files.
impl fmt::Display for Bringer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(hash) => f.write_str(&HEXLOWER.encode(hash)),
            Self::Peers => f.write_str("peers"),
            Self::Whole => f.write_str("whole"),
            Self::Own => f.write_str("own"),
        }
    }
}

/// What became of bytes that were added to a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// So many bytes are here, and more are to come.
    More(u64),
    /// They were the last; order and size are right, and name and block root are still to be compared.
    Whole(Box<Checked>),
    /// So many bytes are here, and these begin elsewhere.
    Elsewhere(u64),
    /// Somebody else adds to the same part at this moment.
    Busy,
    /// They cannot be part of such a list. Nothing is left of the part.
    Fault(ListFault),
}

/// What is derived from a list and served beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListSide {
    /// Its [`filter`](crate::digests::filter).
    Filter,
    /// The [hashes of its blocks](crate::digests::blocks).
    Blocks,
}

impl ListSide {
    /// The end of the name of its file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Blocks => "blocks",
        }
    }
}

impl Ledger {
    /// What published notices say of this list, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn named_lists(&self, list: &DocumentHash) -> Result<Vec<NamedList>, StoreError> {
        let size = self.published().head.size;
        let mut named: Vec<NamedList> = Vec::new();
        for id in self.stores.index.notices_naming(list, size, MOST_NAMES)? {
            let places = self.stores.log.places_of_payload(PayloadType::Notice, &id, size)?;
            let Some(first) = places.first() else { continue };
            let notice = self.notice_at(first.index)?;
            for said in notice.digest_lists.iter().filter(|said| said.sha256 == *list) {
                let said = NamedList { form: ListForm::of(said), blocks: said.blocks, issuer: notice.issuer.id.clone() };
                if !named.iter().any(|other| (other.form, other.blocks) == (said.form, said.blocks)) {
                    named.push(said);
                }
            }
        }
        Ok(named)
    }

    /// What is derived from a list that is here; `None` when it is not, or is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn list_side(&self, list: &DocumentHash, side: ListSide) -> Result<Option<Vec<u8>>, StoreError> {
        let named = self.named_lists(list)?;
        if named.is_empty() {
            return Ok(None);
        }
        if let Some(bytes) = self.stores.lists.list_side(list, side)? {
            return Ok(Some(bytes));
        }
        let Some(bytes) = self.stores.documents.read(list)? else { return Ok(None) };
        Ok(named.iter().find_map(|said| side_of(*list, said.form, &bytes, side)))
    }
}

/// Derives it from a list in memory; `None` when the bytes are no such list.
fn side_of(list: DocumentHash, form: ListForm, bytes: &[u8], side: ListSide) -> Option<Vec<u8>> {
    let mut check = ListCheck::new(form);
    check.take(bytes).ok()?;
    let blocks: BlockHashes = check.finish().ok()?.blocks;
    Some(match side {
        ListSide::Blocks => blocks.to_bytes(),
        ListSide::Filter => {
            let mut filter = FilterBuilder::new(list, form);
            for digest in bytes.chunks_exact(form.width()) {
                filter.take(digest);
            }
            filter.into_bytes()
        }
    })
}

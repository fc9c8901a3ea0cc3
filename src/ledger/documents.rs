//! Detached documents: what is taken in, what is given out, and what is said of one that is not here.

use super::Ledger;
use super::ports::StoreError;
use super::receipt::token_hash;
use super::refusal::Refusal;
use super::removal::Tombstone;
use super::standing::Hindrance;
use super::stored::{DocumentKind, DocumentState, NewDocument};
use crate::digests::{ListCheck, ListFault, ListForm};
use crate::notice::{Did, DocumentHash, Texts, TextsError};

/// The largest document that may be uploaded in one request, in bytes.
pub const MAX_UPLOAD: usize = 8 << 20;

/// A document that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// Here it is.
    Available(Vec<u8>),
    /// It is a digest list of this form, in a file: [`Ledger::list_range`] reads it.
    List(ListForm),
    /// A notice names it, and it has not come yet.
    Awaited,
    /// It was removed, by law or on request.
    Removed(Box<Tombstone>),
    /// No notice here names it.
    Unknown,
}

/// Why a document was not taken in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DocumentRefusal {
    /// No notice in the log names it.
    #[error("no notice on this server names document {0}")]
    NotNamed(DocumentHash),
    /// The token is missing, unknown, expired, or for another document.
    #[error("the upload token is not good for document {0}; the receipt of the notice has one")]
    NotGranted(DocumentHash),
    /// The bytes are others than the name says.
    #[error("the bytes hash to {found}, not to {named}")]
    OtherBytes {
        /// The name.
        named: DocumentHash,
        /// What came.
        found: DocumentHash,
    },
    /// It was removed and never comes back.
    #[error("document {0} was removed from this server and is not taken in again")]
    Removed(DocumentHash),
    /// Texts that are not valid.
    #[error("the texts document is not valid: {0}")]
    Texts(#[from] TextsError),
    /// A list whose size or order is not what the notice says.
    #[error("the digest list is not valid: {0}")]
    List(ListFault),
    /// It is no digest list, and only these come in pieces.
    #[error("document {0} is no digest list, so it comes in one piece: PUT it")]
    NotAList(DocumentHash),
    /// A piece begins somewhere else than where the upload is.
    #[error("the upload is at byte {offset} of {size}: go on there")]
    Offset {
        /// Bytes that are here.
        offset: u64,
        /// Bytes of the whole list.
        size: u64,
    },
    /// Somebody uploads with the same token at this moment, or too many lists are on their way.
    #[error("list {0} is not taken in at this moment; try again later")]
    Busy(DocumentHash),
    /// The issuer of the notice may have no more lists here.
    #[error("{issuer} may have {most} bytes of digest lists on this server, and there is no room for this one")]
    OverQuota {
        /// To whom it would be charged.
        issuer: Did,
        /// How many bytes.
        most: u64,
    },
    /// There is no room for it now.
    #[error("the document was not taken in; send it again later: {0}")]
    NotNow(Hindrance),
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why bytes are not the document that a notice says they are.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DocumentFault {
    /// Texts that are not valid.
    #[error(transparent)]
    Texts(#[from] TextsError),
    /// A list whose size or order is not what the notice says.
    #[error(transparent)]
    List(#[from] ListFault),
}

impl From<DocumentFault> for DocumentRefusal {
    fn from(fault: DocumentFault) -> Self {
        match fault {
            DocumentFault::Texts(fault) => Self::Texts(fault),
            DocumentFault::List(fault) => Self::List(fault),
        }
    }
}

impl DocumentRefusal {
    /// The stable name of the broken rule.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::NotNamed(_) => "document-not-named",
            Self::NotGranted(_) => "upload-not-granted",
            Self::OtherBytes { .. } => "document-other-bytes",
            Self::Removed(_) => "document-removed",
            Self::Texts(_) | Self::List(_) => "invalid-document",
            Self::NotAList(_) => "not-a-digest-list",
            Self::Offset { .. } => "upload-offset",
            Self::Busy(_) => "upload-busy",
            Self::OverQuota { .. } => "lists-over-quota",
            Self::NotNow(hindrance) => hindrance.rule(),
            Self::Store(_) => "storage-unavailable",
        }
    }
}

impl Ledger {
    /// The document of this name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn document(&self, hash: &DocumentHash) -> Result<Document, StoreError> {
        let state = self.stores.documents.state(hash)?;
        if state == DocumentState::Removed {
            return self.buried(hash);
        }
        // A document comes into the store together with its entry, but is shown only when that is published.
        if self.stores.documents.named_as(hash, self.published().head.size)?.is_none() {
            return Ok(Document::Unknown);
        }
        if let (DocumentState::Available { .. }, Some(form)) = (state, self.stores.lists.held_list(hash)?) {
            return Ok(Document::List(form));
        }
        match state {
            DocumentState::Available { .. } => match self.stores.documents.read(hash)? {
                Some(bytes) => Ok(Document::Available(bytes)),
                // Since a moment ago.
                None => self.buried(hash),
            },
            DocumentState::Awaited | DocumentState::Removed => Ok(Document::Awaited),
        }
    }

    /// Bytes of a digest list that is in a file, at most `most` of them from `from` on; `None` when it is not here any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn list_range(&self, hash: &DocumentHash, from: u64, most: usize) -> Result<Option<Vec<u8>>, StoreError> {
        self.stores.lists.list_range(hash, from, most)
    }

    fn buried(&self, hash: &DocumentHash) -> Result<Document, StoreError> {
        let missing = || StoreError::Corrupt { what: format!("document {hash} was removed, and nothing says when") };
        Ok(Document::Removed(Box::new(self.stores.removals.tombstone(hash)?.ok_or_else(missing)?)))
    }

    /// Takes a document in from the holder of an upload token.
    ///
    /// # Errors
    /// [`DocumentRefusal`].
    pub fn upload_document(&self, hash: &DocumentHash, token: &str, bytes: Vec<u8>) -> Result<(), DocumentRefusal> {
        // Everybody may know that it was removed, and whoever has leave to upload it should.
        if self.stores.documents.state(hash)? == DocumentState::Removed {
            return Err(DocumentRefusal::Removed(*hash));
        }
        if !self.stores.documents.upload_granted(&token_hash(token), hash, self.clock.now())? {
            return Err(DocumentRefusal::NotGranted(*hash));
        }
        self.keep_document(hash, bytes)
    }

    /// Takes a document in that a notice in the log names: its bytes must be what the name and the notice say.
    ///
    /// # Errors
    /// [`DocumentRefusal`].
    pub fn keep_document(&self, hash: &DocumentHash, bytes: Vec<u8>) -> Result<(), DocumentRefusal> {
        let found = DocumentHash::of(&bytes);
        if found != *hash {
            return Err(DocumentRefusal::OtherBytes { named: *hash, found });
        }
        let state = self.stores.documents.state(hash)?;
        if state == DocumentState::Removed {
            return Err(DocumentRefusal::Removed(*hash));
        }
        if let Some(hindrance) = self.standing().no_room() {
            let is_here = matches!(state, DocumentState::Available { .. });
            return if is_here { Ok(()) } else { Err(DocumentRefusal::NotNow(hindrance)) };
        }
        let size = self.published().head.size;
        let kind = self.stores.documents.named_as(hash, size)?.ok_or(DocumentRefusal::NotNamed(*hash))?;
        if let DocumentKind::DigestList { algorithm, count } = kind {
            let is_here = matches!(state, DocumentState::Available { .. });
            return if is_here { Ok(()) } else { self.take_whole_list(hash, ListForm::new(algorithm, count), &bytes) };
        }
        let words = read_document(kind, &bytes)?.as_ref().map(Texts::words).unwrap_or_default();
        self.stores.documents.keep(&NewDocument { hash: *hash, kind, bytes, words, received: self.clock.now() })?;
        Ok(())
    }

    /// Keeps what came along with a notice that was here already: a server may have heard of it from a peer before its publisher
    /// brings the texts. What no notice names, or is not what it should be, is left alone: the notice is known all the same.
    pub(super) fn keep_along(&self, documents: Vec<Vec<u8>>) -> Result<(), Refusal> {
        for bytes in documents {
            match self.keep_document(&DocumentHash::of(&bytes), bytes) {
                Err(DocumentRefusal::Store(error)) => return Err(error.into()),
                Err(DocumentRefusal::NotNow(hindrance)) => return Err(Refusal::NotNow(hindrance)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Documents that published entries name and that are neither here nor removed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn missing_documents(&self, limit: usize) -> Result<Vec<(DocumentHash, DocumentKind)>, StoreError> {
        self.stores.documents.missing(self.published().head.size, limit)
    }
}

/// Reads bytes as the kind of document that a notice says they are; texts are given back.
pub(super) fn read_document(kind: DocumentKind, bytes: &[u8]) -> Result<Option<Texts>, DocumentFault> {
    match kind {
        DocumentKind::Texts => Ok(Some(Texts::parse(bytes)?)),
        DocumentKind::DigestList { algorithm, count } => {
            let mut check = ListCheck::new(ListForm::new(algorithm, count));
            check.take(bytes)?;
            check.finish()?;
            Ok(None)
        }
    }
}

//! What a submitter gets: proof that the entry is in the log, not a promise that it will be.

use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::Ledger;
use super::ports::StoreError;
use super::published::Published;
use super::sequencer::Sequenced;
use super::steps::{Step, Stopwatch};
use super::stored::{DocumentState, StoredEntry, UploadGrant};
use crate::envelope::PayloadType;
use crate::notice::{DocumentHash, Notice, PayloadId};
use crate::tlog::{Hash, TlogProof};
use crate::verdict::Keyed;

/// How long a receipt's token may be used to upload missing documents.
pub(super) const UPLOAD_PERIOD: TimeDelta = TimeDelta::hours(24);

/// Proof that an entry stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// SHA-256 of the payload: the notice id.
    pub id: PayloadId,
    /// Leaf hash of the entry.
    pub entry: Hash,
    /// Its index in this log.
    pub index: u64,
    /// Size of the tree that the proof is for.
    pub tree_size: u64,
    /// The checkpoint of that tree with its cosignatures, a signed note.
    pub checkpoint: Vec<u8>,
    /// The same with the inclusion proof, as a `.tlog-proof` file.
    pub proof: Vec<u8>,
    /// Whether the entry was there before.
    pub known: bool,
    /// Leave to upload the documents that are named but not here.
    pub upload: Option<Upload>,
}

/// Leave to upload documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Goes into `Authorization: Bearer`.
    pub token: String,
    /// Until when.
    pub expires: DateTime<Utc>,
    /// Which documents.
    pub documents: Vec<DocumentHash>,
}

impl Ledger {
    /// The receipt of an entry that the sequencer placed. `token` is 32 fresh random bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn receipt_of(&self, placed: Sequenced, token: [u8; 32]) -> Result<Receipt, StoreError> {
        // Of a new entry nothing must be read again but what it names.
        if let Some(fresh) = placed.fresh {
            let notice = fresh.names_documents.then(|| self.notice_at(placed.index)).transpose()?;
            return self.receipt_with(
                (fresh.id, fresh.entry, placed.index),
                placed.is_known(),
                notice.as_deref().map(Deref::deref),
                token,
            );
        }
        let entries = self.stores.log.entries(placed.index, placed.index + 1)?;
        let Some(entry) = entries.first() else {
            return Err(StoreError::Corrupt { what: format!("entry {} is missing", placed.index) });
        };
        self.receipt(entry, placed.is_known(), token)
    }

    /// The same without reading anything, when the entry is new and nothing that it names is missing: what most receipts turn out to
    /// be. `None` when something would have to be read, or a token be given.
    pub fn receipt_at_hand(&self, placed: &Sequenced) -> Option<Receipt> {
        let fresh = placed.fresh.filter(|fresh| !fresh.names_documents)?;
        let mut watch = Stopwatch::start();
        let published = self.published();
        let (tree_size, checkpoint) = (published.head.size, published.served());
        let proof = self.appended.inclusion_proof(placed.index, tree_size)?;
        let proof = proof_file(placed.index, proof, checkpoint.clone());
        watch.lap(Step::Receipt);
        let (id, entry, index) = (fresh.id, fresh.entry, placed.index);
        Some(Receipt { id, entry, index, tree_size, checkpoint, proof, known: false, upload: None })
    }

    /// The receipt of a stored entry. `token` is 32 fresh random bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn receipt(&self, entry: &StoredEntry, known: bool, token: [u8; 32]) -> Result<Receipt, StoreError> {
        let notice = (entry.kind == PayloadType::Notice).then(|| parse_stored(entry)).transpose()?;
        self.receipt_with((entry.payload_id, entry.leaf, entry.index), known, notice.as_ref(), token)
    }

    fn receipt_with(
        &self,
        (id, entry, index): (PayloadId, Hash, u64),
        known: bool,
        notice: Option<&Notice>,
        token: [u8; 32],
    ) -> Result<Receipt, StoreError> {
        let mut watch = Stopwatch::start();
        let published = self.published();
        let (tree_size, checkpoint) = (published.head.size, published.served());
        let proof = self.proof_at(index, &published)?;
        let upload = match notice {
            Some(notice) => self.grant_upload(notice, token)?,
            None => None,
        };
        watch.lap(Step::Receipt);
        Ok(Receipt { id, entry, index, tree_size, checkpoint, proof, known, upload })
    }

    /// The `.tlog-proof` of an entry in the published tree.
    pub(super) fn proof_of(&self, entry: &StoredEntry, published: &Published) -> Result<Vec<u8>, StoreError> {
        self.proof_at(entry.index, published)
    }

    fn proof_at(&self, index: u64, published: &Published) -> Result<Vec<u8>, StoreError> {
        let proof = self.inclusion_proof(index, published.head.size)?;
        Ok(proof_file(index, proof, published.served()))
    }

    /// The notice that stands at `index`, which is an entry of a notice.
    pub(super) fn notice_at(&self, index: u64) -> Result<Arc<Keyed>, StoreError> {
        self.remembered.notice(index, || {
            let entries = self.stores.log.entries(index, index + 1)?;
            let missing = || StoreError::Corrupt { what: format!("entry {index} is missing") };
            parse_stored(entries.first().ok_or_else(missing)?)
        })
    }

    fn grant_upload(&self, notice: &Notice, token: [u8; 32]) -> Result<Option<Upload>, StoreError> {
        let named = notice.texts.into_iter().chain(notice.digest_lists.iter().map(|list| list.sha256));
        let mut documents = Vec::new();
        for document in named {
            if self.stores.documents.state(&document)? == DocumentState::Awaited {
                documents.push(document);
            }
        }
        if documents.is_empty() {
            return Ok(None);
        }
        let granted = self.clock.now();
        let expires = granted + UPLOAD_PERIOD;
        let token = BASE64URL_NOPAD.encode(&token);
        self.stores.documents.grant_upload(&UploadGrant {
            token_hash: token_hash(&token),
            documents: documents.clone(),
            granted,
            expires,
        })?;
        Ok(Some(Upload { token, expires, documents }))
    }
}

/// The bytes of a `.tlog-proof`.
fn proof_file(index: u64, proof: Vec<Hash>, checkpoint: Vec<u8>) -> Vec<u8> {
    TlogProof { index, proof, checkpoint, extra: Vec::new() }.to_bytes()
}

/// How a token is kept: only its hash, so that the database gives nobody leave to upload.
pub(super) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The notice of a stored entry, which was valid when it was admitted.
pub(super) fn parse_stored(entry: &StoredEntry) -> Result<Notice, StoreError> {
    let corrupt = |what: String| StoreError::Corrupt { what: format!("entry {}: {what}", entry.index) };
    let envelope = crate::envelope::Envelope::parse_canonical(&entry.bytes).map_err(|e| corrupt(e.to_string()))?;
    Notice::parse(envelope.payload()).map_err(|e| corrupt(e.to_string()))
}

//! Notices as they are shown, and the search for them.

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;

use super::Ledger;
use super::documents::Document;
use super::domains::Attestation;
use super::finding::InStorage;
use super::known_names::IssuerView;
use super::ports::StoreError;
use super::receipt::parse_stored;
use super::removal::Tombstone;
use super::statements::LedgerStatements;
use super::stored::{NoticeFilter, Provenance, SearchQuery, StoredEntry};
use crate::envelope::{PayloadType, PublicKey};
use crate::notice::{Notice, NoticeId, Texts};
use crate::tlog::Hash;
use crate::verdict::{self, Status};

/// How many notices one page has at most.
pub const MAX_PAGE: usize = 100;
/// How many words a search takes.
pub const MAX_WORDS: usize = 16;

/// A notice with everything that this server knows of it.
#[derive(Debug, Clone)]
pub struct NoticeView {
    /// Its name.
    pub id: NoticeId,
    /// What it says.
    pub notice: Notice,
    /// What its issuer wrote.
    pub texts: TextsState,
    /// Whether it is in force, and which other notices speak of it.
    pub status: Status,
    /// Who its issuer is.
    pub issuer: IssuerView,
    /// Whether the operator pinned a lineage that lists a key which signed it.
    pub issuer_pinned: bool,
    /// Who attested that the issuer's domain answers for such a lineage.
    pub issuer_verified: Vec<Attestation>,
    /// The keys that signed it, `z6Mk...`.
    pub signers: Vec<String>,
    /// Leaf hash of its first entry.
    pub entry: Hash,
    /// Index of its first entry in this log.
    pub index: u64,
    /// When this server first saw it.
    pub first_seen: DateTime<Utc>,
    /// Where it came from.
    pub provenance: Provenance,
}

/// The state of a notice's texts.
#[derive(Debug, Clone)]
pub enum TextsState {
    /// The notice names none.
    None,
    /// Here they are.
    Available(Box<Texts>),
    /// Named, but not here yet.
    Awaited,
    /// Removed, by law or on request, as its tombstone says.
    Removed(Box<Tombstone>),
}

impl TextsState {
    /// The word for it in answers.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Available(_) => "available",
            Self::Awaited => "awaited",
            Self::Removed(_) => "removed",
        }
    }
}

/// What a search asks for.
#[derive(Debug, Clone, Default)]
pub struct NoticeSearch {
    /// Words to find in titles and texts; an empty text finds every notice.
    pub words: String,
    /// What must hold besides.
    pub filter: NoticeFilter,
    /// Where the page before ended.
    pub cursor: Option<Cursor>,
    /// At most this many, up to [`MAX_PAGE`].
    pub limit: usize,
}

/// Where a page ended. Stable: what is appended later stands before the first page and moves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(u64);

impl Cursor {
    /// Reads what [`Cursor::to_text`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        Some(Self(u64::from_be_bytes(bytes.try_into().ok()?)))
    }

    /// An opaque text for URLs.
    pub fn to_text(self) -> String {
        BASE64URL_NOPAD.encode(&self.0.to_be_bytes())
    }
}

/// One page of a search, newest first.
#[derive(Debug, Clone)]
pub struct NoticePage {
    /// Size of the tree that was searched.
    pub tree_size: u64,
    /// The notices.
    pub notices: Vec<NoticeView>,
    /// Where the next page begins, when there is one.
    pub next: Option<Cursor>,
}

impl Ledger {
    /// The notice of this name, as of the newest published tree.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn notice(&self, id: &NoticeId) -> Result<Option<NoticeView>, StoreError> {
        let size = self.published().head.size;
        let source = LedgerStatements::below(self, size);
        let entries = self.stores.log.entries_of_payload(PayloadType::Notice, id, size)?;
        self.view(&entries, &source)
    }

    /// The canonical entry of the notice: the first, when several keys signed it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn notice_entry(&self, id: &NoticeId) -> Result<Option<StoredEntry>, StoreError> {
        let size = self.published().head.size;
        Ok(self.stores.log.entries_of_payload(PayloadType::Notice, id, size)?.into_iter().next())
    }

    /// The `.tlog-proof` of the notice's first entry.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn notice_proof(&self, id: &NoticeId) -> Result<Option<Vec<u8>>, StoreError> {
        self.notice_entry(id)?.map(|entry| self.proof_of(&entry, &self.published())).transpose()
    }

    /// Searches notices, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn search(&self, search: &NoticeSearch) -> Result<NoticePage, StoreError> {
        let size = self.published().head.size;
        let limit = search.limit.clamp(1, MAX_PAGE);
        let mut found = self.stores.index.search(
            &SearchQuery {
                words: search.words.split_whitespace().take(MAX_WORDS).map(str::to_owned).collect(),
                filter: search.filter.clone(),
                before: search.cursor.map(|Cursor(before)| before),
                limit: limit + 1,
            },
            size,
        )?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|index| Cursor(*index));
        let source = LedgerStatements::below(self, size);
        let mut notices = Vec::with_capacity(found.len());
        for index in found {
            let entries = self.stores.log.entries(index, index + 1)?;
            notices.extend(self.view(&entries, &source)?);
        }
        Ok(NoticePage { tree_size: size, notices, next })
    }

    /// How many notices the published log holds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_notices(&self) -> Result<u64, StoreError> {
        self.stores.index.count_notices(self.published().head.size)
    }

    fn view(
        &self,
        entries: &[StoredEntry],
        source: &LedgerStatements<InStorage<'_>>,
    ) -> Result<Option<NoticeView>, StoreError> {
        let Some(first) = entries.first() else { return Ok(None) };
        let id = first.payload_id;
        let set = verdict::gather_notices(&[id], source)?;
        let Some(status) = verdict::status(&id, &set, &self.trust(), self.clock.now()) else { return Ok(None) };
        let notice = parse_stored(first)?;
        let lineages = source.lineages(&notice.issuer.id)?;
        let signers = entries.iter().map(|entry| self.remembered.key(&entry.key)).collect::<Result<Vec<_>, _>>()?;
        let trusted = self.trust();
        let speaking = lineages.of(&notice.issuer.id);
        let mut speaking = speaking.into_iter().filter(|lineage| signers.iter().any(|key| lineage.status_of(key).is_some()));
        let issuer_verified = speaking.clone().flat_map(|lineage| trusted.attestations(lineage.id())).cloned().collect();
        Ok(Some(NoticeView {
            id,
            texts: self.texts_of(&notice)?,
            status,
            issuer: self.view_of_issuer(&notice.issuer.id, &lineages)?,
            issuer_pinned: speaking.any(|lineage| self.admission.pins.contains(lineage.id())),
            issuer_verified,
            signers: signers.iter().map(PublicKey::to_multibase).collect(),
            entry: first.leaf,
            index: first.index,
            first_seen: first.first_seen,
            provenance: first.provenance.clone(),
            notice,
        }))
    }

    fn texts_of(&self, notice: &Notice) -> Result<TextsState, StoreError> {
        let Some(hash) = notice.texts else { return Ok(TextsState::None) };
        Ok(match self.document(&hash)? {
            Document::Removed(tombstone) => TextsState::Removed(tombstone),
            // A list is no text, whatever a notice calls it.
            Document::Awaited | Document::Unknown | Document::List(_) => TextsState::Awaited,
            // A document that another notice named as something else is no text of this one: it stays awaited.
            Document::Available(bytes) => {
                Texts::parse(&bytes).map_or(TextsState::Awaited, |texts| TextsState::Available(Box::new(texts)))
            }
        })
    }
}

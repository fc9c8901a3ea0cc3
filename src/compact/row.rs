//! One row of a tile: what one entry of a log is, and what it is found by.

use crate::envelope::{Envelope, OperatorStatement, PayloadType, PublisherRecord};
use crate::notice::index::{FactRole, IndexFact, facts};
use crate::notice::{
    Did, DigestAlgorithm, DigestList, DigestListRole, DocumentHash, LookupKey, Notice, NoticeId, PayloadId, Prior,
    PriorRelation, identifier,
};

/// The most facts of one row: more than the limits of a notice let any have.
pub const MAX_FACTS: usize = 4_096;
/// The most edges of a notice (domain, section 2, `prior`).
const MAX_EDGES: usize = 32;
/// The most lists of a notice (domain, section 2, `digest_lists`).
const MAX_LISTS: usize = 8;
/// The most digests of a list.
const MAX_COUNT: u32 = 10_000_000;
/// The longest DID that is read, in bytes.
const MAX_DID: usize = 512;

const NOTHING: u8 = 0;
const NOTICE: u8 = 1;
const PUBLISHER: u8 = 2;
const OPERATOR: u8 = 3;

/// What is said of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// Nothing: the entry is withheld, or it is nothing that version 1 knows.
    Nothing,
    /// It is a notice.
    Notice(Box<NoticeRow>),
    /// It is a publisher record.
    Publisher {
        /// SHA-256 of the record.
        payload: PayloadId,
        /// Whose record.
        did: Did,
    },
    /// It is a statement of the operator.
    Operator {
        /// SHA-256 of the statement.
        payload: PayloadId,
    },
}

/// What is said of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its name.
    pub id: NoticeId,
    /// Whether it is sensitive.
    pub sensitive: bool,
    /// What it is found by, in ascending order, each once.
    pub facts: Vec<IndexFact>,
    /// What it says of other notices, in its own order.
    pub edges: Vec<Prior>,
    /// The lists of digests that it names, in its own order.
    pub lists: Vec<DigestList>,
}

impl Row {
    /// The row of an entry, as its bytes stand in a bundle; none for a withheld one. What is no canonical envelope, of no known payload
    /// type, or not valid form has an empty row too: a log of ours holds nothing of that kind.
    pub fn of_entry(entry: &[u8]) -> Self {
        Self::read_entry(entry).unwrap_or(Self::Nothing)
    }

    fn read_entry(entry: &[u8]) -> Option<Self> {
        let envelope = Envelope::parse_canonical(entry).ok()?;
        match envelope.payload_type()? {
            PayloadType::Notice => {
                let notice = Notice::parse(envelope.payload()).ok()?;
                Some(Self::Notice(Box::new(NoticeRow::of(envelope.payload_id(), &notice))))
            }
            PayloadType::Publisher => {
                let record = PublisherRecord::parse(envelope.payload()).ok()?;
                Some(Self::Publisher { payload: envelope.payload_id(), did: record.id })
            }
            PayloadType::Operator => {
                OperatorStatement::parse(envelope.payload()).ok()?;
                Some(Self::Operator { payload: envelope.payload_id() })
            }
            PayloadType::Index => None,
        }
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Nothing => bytes.push(NOTHING),
            Self::Notice(notice) => {
                bytes.push(NOTICE);
                notice.write(bytes);
            }
            Self::Publisher { payload, did } => {
                bytes.push(PUBLISHER);
                bytes.extend_from_slice(payload.as_bytes());
                write_text(did.as_str(), bytes);
            }
            Self::Operator { payload } => {
                bytes.push(OPERATOR);
                bytes.extend_from_slice(payload.as_bytes());
            }
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(match reader.byte()? {
            NOTHING => Self::Nothing,
            NOTICE => Self::Notice(Box::new(NoticeRow::read(reader)?)),
            PUBLISHER => {
                let payload = PayloadId::from_bytes(reader.array()?);
                let text = reader.text(MAX_DID)?;
                let did = Did::parse(text).ok().filter(|did| did.as_str() == text)?;
                Self::Publisher { payload, did }
            }
            OPERATOR => Self::Operator { payload: PayloadId::from_bytes(reader.array()?) },
            _ => return None,
        })
    }
}

impl NoticeRow {
    /// The row of the notice of this name.
    pub fn of(id: NoticeId, notice: &Notice) -> Self {
        Self {
            id,
            sensitive: notice.sensitive,
            facts: facts(notice),
            edges: notice.prior.clone(),
            lists: notice.digest_lists.clone(),
        }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.id.as_bytes());
        bytes.push(u8::from(self.sensitive));
        bytes.extend_from_slice(&short(self.facts.len()).to_be_bytes());
        for fact in &self.facts {
            bytes.push(place(FactRole::ALL, fact.role));
            write_text(fact.key.as_str(), bytes);
        }
        bytes.push(small(self.edges.len()));
        for edge in &self.edges {
            bytes.push(place(PriorRelation::ALL, edge.relation));
            bytes.extend_from_slice(edge.notice.as_bytes());
        }
        bytes.push(small(self.lists.len()));
        for list in &self.lists {
            bytes.push(place(DigestAlgorithm::ALL, list.algorithm));
            bytes.push(place(DigestListRole::ALL, list.role));
            bytes.extend_from_slice(&u32::try_from(list.count).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend_from_slice(list.sha256.as_bytes());
            bytes.extend_from_slice(list.blocks.as_bytes());
        }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let id = NoticeId::from_bytes(reader.array()?);
        let sensitive = match reader.byte()? {
            0 => false,
            1 => true,
            _ => return None,
        };
        let facts = reader.many(
            |reader| Some(u16::from_be_bytes(reader.array()?).into()),
            MAX_FACTS,
            |reader| {
                let role = reader.code(FactRole::ALL)?;
                let key = LookupKey::from_stored(reader.text(identifier::MAX_LENGTH)?.to_owned());
                Some(IndexFact { key, role })
            },
        )?;
        let ascending = facts.iter().zip(facts.iter().skip(1)).all(|(one, next)| one < next);
        let edges = reader.many(
            |reader| Some(reader.byte()?.into()),
            MAX_EDGES,
            |reader| {
                let relation = reader.code(PriorRelation::ALL)?;
                Some(Prior { relation, notice: NoticeId::from_bytes(reader.array()?) })
            },
        )?;
        let lists = reader.many(
            |reader| Some(reader.byte()?.into()),
            MAX_LISTS,
            |reader| {
                let (algorithm, role) = (reader.code(DigestAlgorithm::ALL)?, reader.code(DigestListRole::ALL)?);
                let count = u32::from_be_bytes(reader.array()?);
                let (sha256, blocks) = (DocumentHash::from_bytes(reader.array()?), DocumentHash::from_bytes(reader.array()?));
                (1..=MAX_COUNT).contains(&count).then_some(DigestList { algorithm, sha256, count: count.into(), blocks, role })
            },
        )?;
        ascending.then_some(Self { id, sensitive, facts, edges, lists })
    }
}

/// Reads a tile from its beginning. Nothing is taken beyond its end, and nothing is reserved for what is not there.
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) fn of(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*array)
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// Printable ASCII, 1 to `limit` bytes, after its length.
    fn text(&mut self, limit: usize) -> Option<&'b str> {
        let length = usize::from(u16::from_be_bytes(self.array()?));
        let (text, rest) = self.rest.split_at_checked(length)?;
        let sound = (1..=limit).contains(&length) && text.iter().all(u8::is_ascii_graphic);
        self.rest = rest;
        std::str::from_utf8(text).ok().filter(|_| sound)
    }

    /// A code, as its place in the order of the specification.
    fn code<C: Copy>(&mut self, all: &[C]) -> Option<C> {
        all.get(usize::from(self.byte()?)).copied()
    }

    /// As many items as `count` says, at most `limit`.
    fn many<T>(
        &mut self,
        count: impl FnOnce(&mut Self) -> Option<usize>,
        limit: usize,
        mut item: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let count = count(self).filter(|count| *count <= limit)?;
        (0..count).map(|_| item(self)).collect()
    }
}

fn write_text(text: &str, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&short(text.len()).to_be_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

/// A length that the limits of what is written keep far below this.
fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

fn small(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

/// The place of a code in the order of the specification, which is what stands for it.
fn place<C: Copy + PartialEq>(all: &[C], code: C) -> u8 {
    all.iter().position(|known| *known == code).map_or(u8::MAX, small)
}

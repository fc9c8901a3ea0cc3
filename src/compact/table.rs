//! A look-up table: keys with the entries that they stand for, sorted, in pages that are read one at a time.
//!
//! ```text
//! table   = page* first[10]* trailer
//! page    = record[16] x 255 (the last one filled up with zeros) check[16]
//! record  = key[10] uint48 entry
//! trailer = "palinode-keys/1\n" uint64 records, uint64 size, check[16]
//! ```
//!
//! Integers are big-endian; `size` is how many entries of the log the table is of. The check of a page is the beginning of the SHA-256 of
//! its number and its records, that of the trailer of the keys that pages begin with and of what stands before it in the trailer. So a
//! table that was damaged says so, instead of finding nothing. Opening one reads ten bytes for each page of 4,096.
//!
//! A table is made once, from an older one and what is new, and never written into.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::Key;

const MAGIC: &[u8; 16] = b"palinode-keys/1\n";
const RECORD: usize = 16;
const CHECK: usize = 16;
const PAGE: usize = 4_096;
const RECORDS: usize = (PAGE - CHECK) / RECORD;
const TRAILER: usize = 16 + 8 + 8 + CHECK;
/// The largest index that a record holds.
const MAX_ENTRY: u64 = (1 << 48) - 1;

/// Why a table gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It cannot be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is not what was written.
    #[error("the look-up table is damaged: {0}")]
    Damaged(&'static str),
    /// More entries than a table holds.
    #[error("a look-up table cannot hold entry {0}")]
    TooLarge(u64),
}

/// A key, and an entry that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// What is looked for.
    pub key: Key,
    /// Index of an entry.
    pub entry: u64,
}

impl Record {
    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.key.as_bytes());
        bytes.extend_from_slice(self.entry.to_be_bytes().last_chunk::<6>().unwrap_or(&[0; 6]));
    }

    fn read(bytes: &[u8; RECORD]) -> Self {
        let (key, entry) = bytes.split_first_chunk::<{ Key::LENGTH }>().unwrap_or((&[0; Key::LENGTH], &[]));
        let entry = entry.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        Self { key: Key::from_bytes(*key), entry }
    }
}

/// Writes a table, a record after the other in ascending order.
pub struct TableWriter<W> {
    to: W,
    page: Vec<u8>,
    firsts: Vec<u8>,
    pages: u64,
    records: u64,
}

impl<W: Write> TableWriter<W> {
    /// Writes to `to`, which should be buffered.
    pub fn new(to: W) -> Self {
        Self { to, page: Vec::with_capacity(PAGE), firsts: Vec::new(), pages: 0, records: 0 }
    }

    /// Adds a record that is not before the last one.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn push(&mut self, record: Record) -> Result<(), TableError> {
        if record.entry > MAX_ENTRY {
            return Err(TableError::TooLarge(record.entry));
        }
        if self.page.is_empty() {
            self.firsts.extend_from_slice(record.key.as_bytes());
        }
        record.write(&mut self.page);
        self.records += 1;
        if self.page.len() == RECORDS * RECORD { self.end_page() } else { Ok(()) }
    }

    fn end_page(&mut self) -> Result<(), TableError> {
        self.page.resize(RECORDS * RECORD, 0);
        self.page.extend_from_slice(&page_check(self.pages, &self.page));
        self.to.write_all(&self.page)?;
        self.page.clear();
        self.pages += 1;
        Ok(())
    }

    /// Ends the table, which is of the first `size` entries of a log, and gives back what it was written to.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn finish(mut self, size: u64) -> Result<W, TableError> {
        if !self.page.is_empty() {
            self.end_page()?;
        }
        let mut trailer = [&MAGIC[..], &self.records.to_be_bytes(), &size.to_be_bytes()].concat();
        trailer.extend_from_slice(&check(&[&self.firsts, &trailer]));
        self.to.write_all(&self.firsts)?;
        self.to.write_all(&trailer)?;
        Ok(self.to)
    }
}

/// Reads a table, a page at a time.
#[derive(Debug)]
pub struct KeyTable<R> {
    from: Mutex<Pages<R>>,
    firsts: Vec<Key>,
    records: u64,
    size: u64,
}

#[derive(Debug)]
struct Pages<R> {
    from: R,
    /// The page that was read last: who asks in the order of the keys reads each once.
    last: Option<(u64, Vec<Record>)>,
}

impl<R: Read + Seek> KeyTable<R> {
    /// Opens a table.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn open(mut from: R) -> Result<Self, TableError> {
        let length = from.seek(SeekFrom::End(0))?;
        let before = length.checked_sub(TRAILER as u64).ok_or(TableError::Damaged("it is too short"))?;
        let mut trailer = [0; TRAILER];
        from.seek(SeekFrom::Start(before))?;
        from.read_exact(&mut trailer)?;
        let (head, said) = trailer.split_at(TRAILER - CHECK);
        let number = |at: usize| head.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u64::from_be_bytes(*bytes));
        let (records, size) = (number(16), number(24));
        let pages = records.div_ceil(RECORDS as u64);
        let length = pages.checked_mul((PAGE + Key::LENGTH) as u64).filter(|length| *length == before);
        if !head.starts_with(MAGIC) || length.is_none() {
            return Err(TableError::Damaged("it does not end as tables do"));
        }
        let firsts_length = usize::try_from(pages * Key::LENGTH as u64).unwrap_or(usize::MAX);
        let mut firsts = vec![0; firsts_length];
        from.seek(SeekFrom::Start(pages * PAGE as u64))?;
        from.read_exact(&mut firsts)?;
        if check(&[&firsts, head]) != said {
            return Err(TableError::Damaged("its trailer is not what was written"));
        }
        let firsts = firsts.as_chunks().0.iter().map(|key| Key::from_bytes(*key)).collect();
        Ok(Self { from: Mutex::new(Pages { from, last: None }), firsts, records, size })
    }

    /// How many entries of the log it is of.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many records it has.
    pub fn len(&self) -> u64 {
        self.records
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// The entries that a key stands for, in ascending order.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn find(&self, key: Key) -> Result<Vec<u64>, TableError> {
        let mut found = Vec::new();
        // The page before the first that begins behind the key may end with it.
        let begin = self.firsts.partition_point(|first| *first < key).saturating_sub(1);
        let mut pages = self.from.lock().unwrap_or_else(PoisonError::into_inner);
        for page in (begin..self.firsts.len()).take_while(|page| self.firsts.get(*page).is_some_and(|first| *first <= key)) {
            let records = self.page(&mut pages, page as u64)?;
            let from = records.partition_point(|record| record.key < key);
            found.extend(records.iter().skip(from).take_while(|record| record.key == key).map(|record| record.entry));
        }
        Ok(found)
    }

    /// Every record, in order.
    pub fn iter(&self) -> impl Iterator<Item = Result<Record, TableError>> + '_ {
        (0..self.firsts.len() as u64).flat_map(|page| {
            let mut pages = self.from.lock().unwrap_or_else(PoisonError::into_inner);
            let read = self.page(&mut pages, page).map(<[Record]>::to_vec);
            let (records, fault) = read.map_or_else(|fault| (Vec::new(), Some(fault)), |records| (records, None));
            records.into_iter().map(Ok).chain(fault.map(Err))
        })
    }

    fn page<'p>(&self, pages: &'p mut Pages<R>, page: u64) -> Result<&'p [Record], TableError> {
        if pages.last.as_ref().is_none_or(|(last, _)| *last != page) {
            let mut bytes = [0; PAGE];
            pages.from.seek(SeekFrom::Start(page * PAGE as u64))?;
            pages.from.read_exact(&mut bytes)?;
            let (written, said) = bytes.split_at(PAGE - CHECK);
            if page_check(page, written) != said {
                return Err(TableError::Damaged("a page is not what was written"));
            }
            let held = usize::try_from(self.records - page * RECORDS as u64).unwrap_or(RECORDS).min(RECORDS);
            let records = written.as_chunks().0.iter().take(held).map(Record::read).collect();
            pages.last = Some((page, records));
        }
        Ok(pages.last.as_ref().map_or(&[], |(_, records)| records))
    }
}

/// Writes the records of `old` and the `new` ones, in whatever order these come, as a table of the first `size` entries.
///
/// # Errors
/// [`TableError`].
pub fn merge<R: Read + Seek, W: Write>(
    old: Option<&KeyTable<R>>,
    mut new: Vec<Record>,
    size: u64,
    to: W,
) -> Result<W, TableError> {
    new.sort_unstable();
    let mut new = new.into_iter().peekable();
    let mut writer = TableWriter::new(to);
    for record in old.into_iter().flat_map(KeyTable::iter) {
        let record = record?;
        while let Some(before) = new.next_if(|new| *new < record) {
            writer.push(before)?;
        }
        writer.push(record)?;
    }
    for record in new {
        writer.push(record)?;
    }
    writer.finish(size)
}

fn check(parts: &[&[u8]]) -> [u8; CHECK] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().first_chunk().copied().unwrap_or_default()
}

fn page_check(page: u64, records: &[u8]) -> [u8; CHECK] {
    check(&[&page.to_be_bytes(), records])
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::io::Cursor;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::notice::PayloadId;

    fn key(number: u32) -> Key {
        Key::payload(&PayloadId::of(&number.to_be_bytes()))
    }

    fn table(records: &[(u32, u64)], size: u64) -> Vec<u8> {
        let new = records.iter().map(|(number, entry)| Record { key: key(*number), entry: *entry }).collect();
        merge(None::<&KeyTable<Cursor<Vec<u8>>>>, new, size, Vec::new()).unwrap()
    }

    fn open(bytes: Vec<u8>) -> Result<KeyTable<Cursor<Vec<u8>>>, TableError> {
        KeyTable::open(Cursor::new(bytes))
    }

    #[test]
    fn an_empty_table_finds_nothing() {
        let table = open(table(&[], 7)).unwrap();
        assert!(table.is_empty() && table.find(key(1)).unwrap().is_empty());
        assert_eq!(table.size(), 7);
    }

    #[test]
    fn one_key_may_go_over_many_pages() {
        let records: Vec<_> = (0..2_000).map(|entry| (7, entry)).chain([(1, 5), (2, 6), (3, 7)]).collect();
        let table = open(table(&records, 2_000)).unwrap();
        assert_eq!(table.find(key(7)).unwrap(), (0..2_000).collect::<Vec<_>>());
        assert_eq!(table.find(key(2)).unwrap(), [6]);
        assert_eq!(table.find(key(4)).unwrap(), [0_u64; 0]);
    }

    #[test]
    fn a_table_with_any_bit_flipped_is_damaged_wherever_it_is_read() {
        let records: Vec<_> = (0..600).map(|entry| (u32::try_from(entry).unwrap(), entry)).collect();
        let good = table(&records, 600);
        for at in (0..good.len()).step_by(97).chain(good.len() - TRAILER..good.len()) {
            let mut bad = good.clone();
            bad[at] ^= 4;
            let found = open(bad).and_then(|table| table.iter().collect::<Result<Vec<_>, _>>());
            assert!(matches!(found, Err(TableError::Damaged(_))), "byte {at}");
        }
        for cut in [0, 1, TRAILER, good.len() - 1] {
            assert!(open(good[..cut].to_vec()).is_err(), "cut at {cut}");
        }
    }

    proptest! {
        #[test]
        fn a_table_finds_what_a_map_finds_however_it_grew(parts in vec(vec((0..60_u32, 0..1_000_u64), 0..400), 1..4)) {
            let mut expected: BTreeMap<u32, BTreeSet<u64>> = BTreeMap::new();
            let mut bytes: Option<Vec<u8>> = None;
            for (size, part) in parts.iter().enumerate() {
                let mut part: Vec<_> = part.clone();
                part.retain(|(number, entry)| expected.entry(*number).or_default().insert(*entry));
                let new = part.iter().map(|(number, entry)| Record { key: key(*number), entry: *entry }).collect();
                let old = bytes.map(|bytes| open(bytes).unwrap());
                bytes = Some(merge(old.as_ref(), new, size as u64, Vec::new()).unwrap());
            }
            let table = open(bytes.unwrap()).unwrap();
            for number in 0..60 {
                let found: Vec<_> = expected.get(&number).into_iter().flatten().copied().collect();
                prop_assert_eq!(table.find(key(number)).unwrap(), found);
            }
        }
    }
}

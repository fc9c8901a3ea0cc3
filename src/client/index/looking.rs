//! Looking into digest lists: a whole list that is here, or its filter, and then one checked range of it.
//!
//! A filter rules nearly everything out. What it does not rule out is looked for in the block of 65,536 bytes where it would stand, which
//! is compared with the block root that the notice names. So a server that is asked for a block learns that one of some thousand digests is
//! meant, and not which. A filter is only as good as whoever made it: the list itself shows whether it is right.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};

use super::lists::{self, Named};
use super::{IndexError, ServerFolder};
use crate::digests::{BLOCK, BlockHashes, Filter, ListForm, Sought, seek};
use crate::notice::{DigestList, DocumentHash, Identifier};

/// Gives the bytes of a list from the first to the last, both included; it may ask a server for them.
pub type FetchRange = Box<dyn Fn(&DocumentHash, u64, u64) -> Result<Vec<u8>, String> + Send + Sync>;

/// How many blocks are looked into for one digest: more than one is needed where a filter points beside it.
const MOST_BLOCKS: u64 = 16;

/// Where the filter of a list lies.
pub(super) fn filter_name(list: &DocumentHash) -> String {
    format!("filters/{list}")
}

/// Where the hashes of the blocks of a list lie.
pub(super) fn blocks_name(list: &DocumentHash) -> String {
    format!("filters/{list}.blocks")
}

/// The digest lists that the notices of a copy name.
pub(super) struct Lists {
    folder: ServerFolder,
    named: Vec<Named>,
    filters: Mutex<HashMap<DocumentHash, Option<Arc<Filter>>>>,
    fetch: Option<FetchRange>,
}

impl Lists {
    pub(super) fn of(folder: ServerFolder, named: Vec<Named>) -> Self {
        Self { folder, named, filters: Mutex::default(), fetch: None }
    }

    /// Asks this for blocks that are not here.
    pub(super) fn fetching(&mut self, fetch: FetchRange) {
        self.fetch = Some(fetch);
    }

    pub(super) fn all(&self) -> &[Named] {
        &self.named
    }

    /// The lists that may hold a digest.
    pub(super) fn for_digest<'l>(&'l self, digest: &Identifier) -> impl Iterator<Item = &'l Named> + use<'l> {
        let algorithm = digest.digest_algorithm();
        self.named.iter().filter(move |named| Some(named.list.algorithm) == algorithm)
    }

    /// Whether a list may hold a digest, as far as that is known without asking anybody: false is certain.
    pub(super) fn may_hold(&self, list: &DigestList, digest: &[u8]) -> Result<bool, IndexError> {
        if let Some(found) = lists::holds(&self.folder, list, digest)? {
            return Ok(found);
        }
        Ok(self.filter(list)?.is_none_or(|filter| filter.may_contain(digest)))
    }

    /// Whether a list holds a digest; `None` when nobody can say.
    pub(super) fn holds(&self, list: &DigestList, digest: &[u8]) -> Result<Option<bool>, IndexError> {
        if let Some(found) = lists::holds(&self.folder, list, digest)? {
            return Ok(Some(found));
        }
        let Some(filter) = self.filter(list)? else { return Ok(None) };
        if !filter.may_contain(digest) {
            return Ok(Some(false));
        }
        self.in_blocks(list, &filter, digest)
    }

    fn filter(&self, list: &DigestList) -> Result<Option<Arc<Filter>>, IndexError> {
        let mut known = self.filters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(filter) = known.get(&list.sha256) {
            return Ok(filter.clone());
        }
        let filter = match self.folder.read(&filter_name(&list.sha256))? {
            None => None,
            Some(bytes) => {
                let filter = Filter::parse_of(bytes, list.sha256, ListForm::of(list));
                let path = self.folder.file(&filter_name(&list.sha256));
                Some(Arc::new(filter.map_err(|fault| IndexError::Damaged { path, what: fault.to_string() })?))
            }
        };
        known.insert(list.sha256, filter.clone());
        Ok(filter)
    }

    fn in_blocks(&self, list: &DigestList, filter: &Filter, digest: &[u8]) -> Result<Option<bool>, IndexError> {
        let Some(mut blocks) = filter.blocks_for(digest).map(|blocks| (*blocks.start(), *blocks.end())) else {
            return Ok(Some(false));
        };
        let Some(hashes) = self.folder.read(&blocks_name(&list.sha256))? else { return Ok(None) };
        let damaged = |what: String| IndexError::Damaged { path: self.folder.file(&blocks_name(&list.sha256)), what };
        let hashes = BlockHashes::parse(&hashes, list.size(), &list.blocks).map_err(|fault| damaged(fault.to_string()))?;
        while blocks.1 - blocks.0 < MOST_BLOCKS {
            let mut bytes = Vec::new();
            for block in blocks.0..=blocks.1 {
                match self.block(list, &hashes, block)? {
                    Some(block) => bytes.extend(block),
                    None => return Ok(None),
                }
            }
            match seek(ListForm::of(list), blocks.0, &bytes, digest) {
                Sought::Found => return Ok(Some(true)),
                Sought::Absent => return Ok(Some(false)),
                Sought::Before => blocks.0 = blocks.0.saturating_sub(1),
                Sought::After => blocks.1 += 1,
            }
        }
        Ok(None)
    }

    /// One block of a list, compared with its hash; `None` when it is not here and cannot be had.
    fn block(&self, list: &DigestList, hashes: &BlockHashes, block: u64) -> Result<Option<Vec<u8>>, IndexError> {
        let path = self.folder.file(&format!("pieces/{}/{block}", list.sha256));
        match fs::read(&path) {
            Ok(bytes) if hashes.check(block, &bytes).is_ok() => return Ok(Some(bytes)),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(IndexError::Io { path, source: error }),
            _ => {}
        }
        let (Some(fetch), Some((first, last))) = (&self.fetch, hashes.range(block, block)) else { return Ok(None) };
        // What is not a block of the list is no block.
        let Ok(bytes) = fetch(&list.sha256, first, last) else { return Ok(None) };
        if bytes.len() > BLOCK || hashes.check(block, &bytes).is_err() {
            return Ok(None);
        }
        ServerFolder::write(&path, &bytes)?;
        Ok(Some(bytes))
    }
}

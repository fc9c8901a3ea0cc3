//! Fetching what is new of a compact list, and believing none of it.

mod beside;
mod finishing;

use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::digests::{self, NamedDigests};
use super::entries::{read_bundle, read_leaves, write_bundle};
use super::lists::{self, Named};
use super::looking::{blocks_name, filter_name};
use super::state::{Seen, State};
use super::{IndexError, IndexFault, Pinned, ServerFolder, VerifiedHead};
use crate::client::Client;
use crate::client::audit::{Fault, Got, LogReader, Patience};
use crate::compact::{self, Row, Tile, TileTree};
use crate::notice::DocumentHash;
use crate::tlog::bundle::Slot;
use crate::tlog::{Evidence, EvidenceDocument, Frontier, Hash, MemoryTiles, Policy, TILE_WIDTH, TileId};

use finishing::Made;

/// How long a head may take.
const DEADLINE: Duration = Duration::from_secs(30);
/// How long a tile or the settings may take.
const LONG: Duration = Duration::from_mins(2);
/// The most bytes of a head.
const MAX_HEAD: usize = 65_535;
/// How many tiles or bundles are asked for at once.
const AT_ONCE: usize = 8;
/// Where the head is.
const HEAD: &str = "v1/index";
/// Where it is in copies in plain folders.
const HEAD_IN_FOLDER: &str = "v1/index/head";

/// What an update fetches beside the list itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// All entries, or none: `None` goes on as before, and begins with all while the log is small.
    pub entries: Option<bool>,
    /// All digest lists as a whole, instead of the filters of those beyond 1 MiB.
    pub lists: bool,
}

/// So many entries are small: about 200 MB.
const SMALL: u64 = 65_536;

/// What an update is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Leaf hashes of the log, 256 at a time.
    Hashes,
    /// Entries or index tiles, 256 at a time.
    Tiles,
    /// Digest lists.
    Lists,
}

/// What an update did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// How many entries the list was of before; `None` the first time.
    pub before: Option<u64>,
    /// How many it is of now.
    pub size: u64,
    /// Whether anything was new.
    pub changed: bool,
    /// Whether all entries are here.
    pub entries: bool,
    /// Digest lists that are wanted and cannot be had.
    pub missing_lists: u64,
}

/// Fetches one server's list into one folder.
pub struct Updater<'f> {
    reader: LogReader,
    folder: &'f ServerFolder,
    keys: &'f Pinned,
    wanted: Wanted,
    policy: Option<Policy>,
}

/// What came for the first head of an update.
enum Head {
    Unchanged,
    New(Box<VerifiedHead>, Seen),
}

impl<'f> Updater<'f> {
    /// An updater that reads where `client` does: the server itself, a mirror, or a folder.
    pub fn new(client: &Client, folder: &'f ServerFolder, keys: &'f Pinned, wanted: Wanted, patience: Patience) -> Self {
        let reader = LogReader { transport: client.transport.clone(), base: client.base.clone(), patience };
        Self { reader, folder, keys, wanted, policy: None }
    }

    /// Takes only a head whose checkpoint enough of these witnesses have cosigned.
    #[must_use]
    pub fn with_policy(mut self, policy: Option<Policy>) -> Self {
        self.policy = policy;
        self
    }

    /// Fetches what is new, verifies it, and puts it in place as a whole. `progress` is told how many of how many things are done.
    ///
    /// # Errors
    /// [`IndexError`]; what was here before is still here.
    pub async fn update(&self, progress: &mut dyn FnMut(Stage, u64, u64)) -> Result<Updated, IndexError> {
        let _locked = self.folder.lock(self.keys.origin())?;
        let held = State::read(self.folder, self.keys)?;
        let (head, seen) = match self.head(held.as_ref()).await? {
            Head::New(head, seen) => (*head, seen),
            Head::Unchanged => match held.clone() {
                Some(held) if self.lacks_nothing(&held)? => {
                    return Ok(Updated {
                        before: Some(held.size()),
                        size: held.size(),
                        changed: false,
                        entries: held.entries,
                        missing_lists: 0,
                    });
                }
                Some(held) => {
                    let seen = held.seen.get(self.address()).cloned();
                    (held.head, seen.unwrap_or(Seen { path: HEAD.to_owned(), etag: None }))
                }
                None => return Err(IndexError::NotThere(HEAD.to_owned())),
            },
        };
        if let Some(held) = &held {
            self.must_follow(held, &head)?;
        }
        if let Some(unmet) = self.policy.as_ref().and_then(|policy| policy.check(head.checkpoint()).err()) {
            return Err(IndexError::Unwitnessed { origin: self.keys.origin().to_owned(), unmet });
        }
        let before = held.as_ref().map(State::size);
        let entries = self.wanted.entries.or(held.as_ref().map(|held| held.entries)).unwrap_or(head.head().size <= SMALL);
        // Without what was kept of digests, which older versions did not keep, everything is made anew.
        let held = held.filter(|held| self.folder.file(&digests::name(held.size())).is_file());
        let leaves = self.leaves(held.as_ref(), &head, progress).await?;
        let made = self.tiles(held.as_ref(), &head, &leaves, entries, progress).await?;
        self.trust(&head).await?;
        let missing_lists = self.lists(&made.lists, progress).await?;
        let size = head.head().size;
        self.put_in_place(held, head, seen, entries, &leaves, made)?;
        Ok(Updated { before, size, changed: before != Some(size), entries, missing_lists })
    }

    fn address(&self) -> &str {
        self.reader.base.as_str()
    }

    fn broken(&self, fault: impl Into<IndexFault>) -> IndexError {
        IndexError::broken(self.keys.origin(), fault)
    }

    /// Whether everything that is wanted is here already.
    fn lacks_nothing(&self, held: &State) -> Result<bool, IndexError> {
        if !self.folder.file(&digests::name(held.size())).is_file() {
            return Ok(false);
        }
        let entries = self.wanted.entries.is_none_or(|wanted| !wanted || held.entries);
        let has_list = |named: &Named| {
            let has = |name: String| self.folder.file(&name).is_file();
            let list = &named.list.sha256;
            has(lists::document(list)) || (!self.wanted.lists && has(filter_name(list)) && has(blocks_name(list)))
        };
        // What could not be had when everything else was new is asked for when something is new again, unless it is asked for by name.
        Ok(entries && (!self.wanted.lists || lists::read(self.folder, held.size())?.iter().all(has_list)))
    }

    async fn head(&self, held: Option<&State>) -> Result<Head, IndexError> {
        let known = held.and_then(|held| held.seen.get(self.address()));
        let path = known.map_or(HEAD, |seen| seen.path.as_str());
        let etag = known.and_then(|seen| seen.etag.as_deref());
        let other = if path == HEAD { HEAD_IN_FOLDER } else { HEAD };
        for (path, etag) in [(path, etag), (other, None)] {
            match self.reader.get(path, MAX_HEAD, DEADLINE, etag).await? {
                Got::Unchanged => return Ok(Head::Unchanged),
                Got::Bytes { body, etag } => {
                    let head = VerifiedHead::verify(&body, self.keys);
                    match head {
                        // A listing of the folder, where a web server shows one.
                        Err(_) if path == HEAD && !body.starts_with(b"{") => {}
                        head => return Ok(Head::New(Box::new(head?), Seen { path: path.to_owned(), etag })),
                    }
                }
                Got::Missing => {}
                Got::TooLong => return Err(self.broken(IndexFault::Head("it is too long".to_owned()))),
            }
        }
        Err(IndexError::NotThere(format!("{}{HEAD}", self.reader.base)))
    }

    /// Refuses a head that is older than the one here, and one that contradicts it.
    fn must_follow(&self, held: &State, head: &VerifiedHead) -> Result<(), IndexError> {
        let (old, new) = (held.head.head(), head.head());
        if let Some(evidence) = Evidence::of_one_size(held.head.checkpoint(), head.checkpoint()) {
            return Err(self.convicted(&evidence)?);
        }
        if new.size < old.size || new.issued < old.issued {
            return Err(IndexError::Older {
                origin: old.origin.clone(),
                here: old.issued.to_string(),
                size_here: old.size,
                there: new.issued.to_string(),
                size_there: new.size,
            });
        }
        Ok(())
    }

    /// Keeps what convicts the log.
    fn convicted(&self, evidence: &Evidence) -> Result<IndexError, IndexError> {
        let log_key = Some(self.keys.log.clone());
        let document = EvidenceDocument { origin: self.keys.log.name().clone(), log_key, evidence: vec![evidence.clone()] };
        let document = document.to_json().to_string();
        let name = format!("{}.json", &DocumentHash::of(document.as_bytes()).to_string()[..16]);
        let kept = self.folder.keep_evidence(&name, document.as_bytes())?;
        Ok(self.broken(IndexFault::TwoHistories { kept }))
    }

    /// The leaf hashes of the log, which hash to the root that was signed and begin with those that are here.
    async fn leaves(
        &self,
        held: Option<&State>,
        head: &VerifiedHead,
        progress: &mut dyn FnMut(Stage, u64, u64),
    ) -> Result<Vec<Hash>, IndexError> {
        let size = head.head().size;
        let known = match held {
            Some(held) => read_leaves(self.folder, ServerFolder::LEAVES, held.size())?,
            None => Vec::new(),
        };
        let first = known.len() as u64 / TILE_WIDTH as u64;
        let tiles = size.div_ceil(TILE_WIDTH as u64);
        let mut leaves: Vec<Hash> = known.iter().take(known.len() - known.len() % TILE_WIDTH).copied().collect();
        if known.len() as u64 == size {
            return Ok(known);
        }
        let wanted = (first..tiles).filter_map(|index| {
            let id = TileId { level: 0, index };
            Some((id, id.width_at(size)?))
        });
        let mut read = stream::iter(wanted).map(|(id, width)| self.reader.tile(id, width)).buffered(AT_ONCE);
        while let Some(tile) = read.next().await {
            leaves.extend(tile?.map_err(|fault| self.broken(fault))?);
            progress(Stage::Hashes, leaves.len() as u64, size);
        }
        let mut tree = Frontier::empty();
        for leaf in &leaves {
            tree.append(*leaf);
        }
        if tree.root() != *head.checkpoint().checkpoint().root() {
            return Err(self.broken(IndexFault::Leaves(size)));
        }
        if !leaves.starts_with(&known) {
            // The tree is the one that was signed, and does not begin as the one that was signed before.
            let mut tiles = MemoryTiles::default();
            tiles.store(tree.take_changed());
            if let Some(held) = held
                && let Ok(Some(evidence)) = Evidence::of_two_sizes(held.head.checkpoint(), head.checkpoint(), &tiles)
            {
                return Err(self.convicted(&evidence)?);
            }
            return Err(self.broken(IndexFault::Leaves(size)));
        }
        Ok(leaves)
    }

    /// The rows of what is new, which hash to the root that the operator signed.
    async fn tiles(
        &self,
        held: Option<&State>,
        head: &VerifiedHead,
        leaves: &[Hash],
        entries: bool,
        progress: &mut dyn FnMut(Stage, u64, u64),
    ) -> Result<Made, IndexError> {
        let size = head.head().size;
        let known = held.map_or(0, State::size);
        let mut made = Made::default();
        if held.is_some() {
            made.lists = lists::read(self.folder, known)?;
            made.digests = NamedDigests::read(self.folder, known)?.unwrap_or_default();
        }
        let full = known / TILE_WIDTH as u64;
        made.full = read_leaves(self.folder, ServerFolder::TILES, full)?;
        let mut tree = TileTree::default();
        for tile in &made.full {
            tree.push_full(*tile);
        }
        let tiles = size.div_ceil(TILE_WIDTH as u64);
        // Tiles that are known already are only wanted for their entries.
        let first = if entries { 0 } else { full };
        let wanted = (first..tiles).filter_map(|index| Some((index, TileId { level: 0, index }.width_at(size)?)));
        let wanted: Vec<_> = wanted.filter(|(index, width)| *index >= full || !self.has_bundle(*index, *width)).collect();
        let count = wanted.len() as u64;
        let mut read = stream::iter(wanted).map(|(index, width)| self.rows(index, width, leaves, entries)).buffered(AT_ONCE);
        let mut done = 0;
        while let Some(rows) = read.next().await {
            let (index, rows) = rows?;
            done += 1;
            progress(Stage::Tiles, done, count);
            if index < full {
                continue;
            }
            for (row, entry) in rows.into_iter().zip(index * TILE_WIDTH as u64..) {
                if entry == known && held.is_some_and(|held| tree.root().as_bytes() != held.head.head().tiles.as_bytes()) {
                    return Err(self.broken(IndexFault::Tiles(known)));
                }
                made.take(entry, known, &row);
                made.full.extend(tree.push(row).map(|tile| tile.leaf_hash()));
            }
        }
        if tree.root().as_bytes() != head.head().tiles.as_bytes() {
            return Err(self.broken(if entries { IndexFault::SignedTiles(size) } else { IndexFault::Tiles(size) }));
        }
        Ok(made)
    }

    fn has_bundle(&self, index: u64, width: u16) -> bool {
        self.folder.bundle(index, width).is_file()
    }

    /// The rows of one tile: made of the entries when these are wanted and given, else as the server gives them.
    async fn rows(&self, index: u64, width: u16, leaves: &[Hash], entries: bool) -> Result<(u64, Vec<Row>), IndexError> {
        if entries {
            let slots = match read_bundle(self.folder, index, width) {
                Ok(Some(slots)) if bundle_is_of(&slots, leaves, index).is_ok() => slots,
                _ => {
                    let slots = self.reader.bundle(index, width).await?.map_err(|fault| self.broken(fault))?;
                    bundle_is_of(&slots, leaves, index).map_err(|fault| self.broken(fault))?;
                    write_bundle(self.folder, index, &slots)?;
                    slots
                }
            };
            if slots.iter().all(|slot| *slot != Slot::Withheld) {
                return Ok((index, slots.iter().map(|slot| Row::of_entry(slot.as_ref())).collect()));
            }
        }
        let partial = if usize::from(width) == TILE_WIDTH { String::new() } else { format!(".p/{width}") };
        let bytes = self.bytes(&format!("v1/index/tile/{index}{partial}"), compact::MAX_TILE).await?;
        let broken = |why: String| self.broken(IndexFault::Tile { tile: index, why });
        let rows = Tile::parse(&bytes).map_err(|fault| broken(fault.to_string()))?.into_rows();
        if rows.len() == usize::from(width) { Ok((index, rows)) } else { Err(broken(format!("it has {} rows", rows.len()))) }
    }

    async fn bytes(&self, path: &str, most: usize) -> Result<Vec<u8>, IndexError> {
        match self.reader.get(path, most, LONG, None).await? {
            Got::Bytes { body, .. } => Ok(body),
            Got::TooLong => Err(self.broken(Fault::Length { path: path.to_owned() })),
            Got::Missing | Got::Unchanged => Err(IndexError::NotThere(format!("{}{path}", self.reader.base))),
        }
    }
}

/// Whether every entry that is given hashes to its leaf.
fn bundle_is_of(slots: &[Slot], leaves: &[Hash], index: u64) -> Result<(), Fault> {
    for (slot, entry) in slots.iter().zip(index * TILE_WIDTH as u64..) {
        let leaf = usize::try_from(entry).ok().and_then(|entry| leaves.get(entry)).copied().unwrap_or(Hash::EMPTY);
        if let Some(found) = slot.leaf_hash().filter(|found| *found != leaf) {
            return Err(Fault::Entry { index: entry, found, leaf });
        }
    }
    Ok(())
}

use std::fs::File;

use super::digests::NamedDigests;
use super::entries::{Entries, Fetch};
use super::lists;
use super::looking::{FetchRange, Lists};
use super::state::State;
use super::{IndexError, IndexFolder, Pinned, ServerFolder, VerifiedHead};
use crate::compact::{Key, KeyTable, TableError, settings};
use crate::envelope::IndexHead;
use crate::notice::Identifier;
use crate::verdict::Trust;

/// The copy of one server's compact list, from which questions are answered: [`LocalIndex::check`] gives what the server would.
pub struct LocalIndex {
    folder: ServerFolder,
    pinned: Pinned,
    head: VerifiedHead,
    trust: Trust,
    table: KeyTable<File>,
    lists: Lists,
    digests: Option<NamedDigests>,
    entries: Entries,
    has_all: bool,
}

impl LocalIndex {
    /// Opens the copies of all servers; those of which nothing was fetched yet are left out.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn open_all(folder: &IndexFolder) -> Result<Vec<Self>, IndexError> {
        let mut opened = Vec::new();
        for server in folder.servers()? {
            opened.extend(Self::open(&server)?);
        }
        Ok(opened)
    }

    /// Opens the copy of one server; `None` when nothing of it was fetched yet.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn open(folder: &ServerFolder) -> Result<Option<Self>, IndexError> {
        let Some(pinned) = Pinned::read(folder)? else { return Ok(None) };
        let Some(state) = State::read(folder, &pinned)? else { return Ok(None) };
        let size = state.size();
        match (Self::of(folder, pinned.clone(), state), State::read(folder, &pinned)?) {
            // An update ended just now, and took the older files away.
            (Err(_), Some(newer)) if newer.size() != size => Self::of(folder, pinned, newer).map(Some),
            (opened, _) => opened.map(Some),
        }
    }

    fn of(folder: &ServerFolder, pinned: Pinned, state: State) -> Result<Self, IndexError> {
        let size = state.size();
        let hash = state.head.head().trust.to_string();
        let name = settings_name(&hash);
        let damaged = |name: &str, what: String| IndexError::Damaged { path: folder.file(name), what };
        let written = folder.read(&name)?.ok_or_else(|| damaged(&name, "it is gone".to_owned()))?;
        let trust = settings::parse(&written).map_err(|fault| damaged(&name, fault.to_string()))?;
        if trust.hash() != hash {
            return Err(damaged(&name, "it is not what was fetched".to_owned()));
        }
        let (table, lists) = (open_table(folder, size)?, Lists::of(folder.clone(), lists::read(folder, size)?));
        let (entries, has_all) = (Entries::open(folder.clone(), size)?, state.entries);
        let digests = NamedDigests::read(folder, size)?;
        Ok(Self { folder: folder.clone(), pinned, head: state.head, trust, table, lists, digests, entries, has_all })
    }

    /// Asks these for entries and for blocks of digest lists that are not here. Whoever is asked learns which 256 entries are looked at, and
    /// which thousands of digests of a list one is among; and no identifier.
    #[must_use]
    pub fn fetching(mut self, entries: Fetch, lists: FetchRange) -> Self {
        self.entries.fetching(entries);
        self.lists.fetching(lists);
        self
    }

    /// Where it lies.
    pub fn folder(&self) -> &ServerFolder {
        &self.folder
    }

    /// Whose copy it is.
    pub fn pinned(&self) -> &Pinned {
        &self.pinned
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        self.pinned.origin()
    }

    /// What the operator signed.
    pub fn head(&self) -> &IndexHead {
        self.head.head()
    }

    /// The same with its signatures.
    pub fn verified_head(&self) -> &VerifiedHead {
        &self.head
    }

    /// Whether all entries are here, so that every answer can be given without a network.
    pub fn has_all_entries(&self) -> bool {
        self.has_all
    }

    /// How many digest lists notices name.
    pub fn digest_lists(&self) -> usize {
        self.lists.all().len()
    }

    /// Which digests of files notices name; `None` where the last update did not keep that, and the next one will.
    pub fn named_digests(&self) -> Option<&NamedDigests> {
        self.digests.as_ref()
    }

    /// What the operator of the server believes about lineages.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Whether anything here may speak of `id`. What this denies needs no [`check`](Self::check): nothing is known of it. Fast, for those
    /// who have millions.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn may_know(&self, id: &Identifier) -> Result<bool, IndexError> {
        if id.is_trivial() {
            return Ok(false);
        }
        for key in id.question_keys() {
            if !self.find(Key::naming(&key))?.is_empty() || !self.find(Key::deriving(&key))?.is_empty() {
                return Ok(true);
            }
        }
        for (_, form) in id.listed_forms() {
            let Some((_, digest)) = form.digest() else { continue };
            for named in self.lists.for_digest(&form) {
                if self.lists.may_hold(&named.list, &digest)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    pub(super) fn find(&self, key: Key) -> Result<Vec<u64>, IndexError> {
        self.table.find(key).map_err(|fault| table_error(&self.folder, self.head().size, fault))
    }

    pub(super) fn entries(&self) -> &Entries {
        &self.entries
    }

    pub(super) fn lists(&self) -> &Lists {
        &self.lists
    }
}

/// Where the look-up table of so many entries lies.
pub(super) fn table_name(size: u64) -> String {
    format!("keys-{size}")
}

/// Where the settings of this hash lie.
pub(super) fn settings_name(hash: &str) -> String {
    format!("trust-{hash}")
}

/// Opens the look-up table of so many entries.
pub(super) fn open_table(folder: &ServerFolder, size: u64) -> Result<KeyTable<File>, IndexError> {
    let path = folder.file(&table_name(size));
    let file = File::open(&path).map_err(|source| IndexError::Io { path: path.clone(), source })?;
    let table = KeyTable::open(file).map_err(|fault| table_error(folder, size, fault))?;
    if table.size() != size {
        return Err(IndexError::Damaged { path, what: "it is of another tree size".to_owned() });
    }
    Ok(table)
}

pub(super) fn table_error(folder: &ServerFolder, size: u64, fault: TableError) -> IndexError {
    let path = folder.file(&table_name(size));
    match fault {
        TableError::Io(source) => IndexError::Io { path, source },
        damaged => IndexError::Damaged { path, what: damaged.to_string() },
    }
}

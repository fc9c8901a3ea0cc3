//! The end of an update: the new state takes the place of the old one, whole or not at all.

use std::io::{BufWriter, Write};

use super::{IndexError, Updater};
use crate::client::index::digests::{self, NamedDigests};
use crate::client::index::lists::{self, Named};
use crate::client::index::local::{open_table, settings_name, table_error, table_name};
use crate::client::index::state::{Seen, State};
use crate::client::index::{ServerFolder, VerifiedHead};
use crate::compact::{self, Record, Row, keys_of};
use crate::tlog::{Hash, TILE_WIDTH};

/// What is made of the rows that are new.
#[derive(Default)]
pub(super) struct Made {
    pub(super) records: Vec<Record>,
    pub(super) lists: Vec<Named>,
    pub(super) digests: NamedDigests,
    /// Hashes of all full tiles.
    pub(super) full: Vec<Hash>,
}

impl Made {
    pub(super) fn take(&mut self, entry: u64, known: u64, row: &Row) {
        if entry < known {
            return;
        }
        self.records.extend(keys_of(row).into_iter().map(|key| Record { key, entry }));
        if let Row::Notice(notice) = row {
            self.lists.extend(Named::of_row(entry, notice));
            self.digests.take(notice);
        }
    }
}

impl Updater<'_> {
    /// Ends the update: everything that the new state names is there, durably, before the state is.
    pub(super) fn put_in_place(
        &self,
        held: Option<State>,
        head: VerifiedHead,
        seen: Seen,
        entries: bool,
        leaves: &[Hash],
        made: Made,
    ) -> Result<(), IndexError> {
        let (known, size) = (held.as_ref().map(State::size), head.head().size);
        if known != Some(size) {
            let from = known.unwrap_or(0);
            let new = leaves.get(usize::try_from(from).unwrap_or(usize::MAX)..).unwrap_or_default();
            self.folder.extend(ServerFolder::LEAVES, from * Hash::LENGTH as u64, &Hash::join_tile(new))?;
            let full = from / TILE_WIDTH as u64;
            let new = made.full.get(usize::try_from(full).unwrap_or(usize::MAX)..).unwrap_or_default();
            self.folder.extend(ServerFolder::TILES, full * Hash::LENGTH as u64, &Hash::join_tile(new))?;
            self.write_table(known, size, made.records)?;
            lists::write(self.folder, size, &made.lists)?;
            made.digests.write(self.folder, size)?;
        }
        let trust = settings_name(&head.head().trust.to_string());
        let mut seen_before = held.map(|held| held.seen).unwrap_or_default();
        seen_before.insert(self.address().to_owned(), seen);
        State { head, entries, seen: seen_before }.write(self.folder)?;
        let (table, last) = (table_name(size), size / TILE_WIDTH as u64);
        let partial = self.folder.bundle(last, u16::try_from(size % TILE_WIDTH as u64).unwrap_or(0));
        let partial = partial.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let (lists, digests) = (format!("lists-{size}"), digests::name(size));
        self.folder.tidy(|name| match name {
            name if name.starts_with("keys-") => name == table,
            name if name.starts_with("lists-") => name == lists,
            name if name.starts_with("digests-") => name == digests,
            name if name.starts_with("trust-") => name == trust,
            name if name.contains(".p") => name == partial,
            _ => true,
        });
        Ok(())
    }

    fn write_table(&self, known: Option<u64>, size: u64, records: Vec<Record>) -> Result<(), IndexError> {
        let old = known.map(|known| open_table(self.folder, known)).transpose()?;
        let path = self.folder.file(&table_name(size));
        let mut fault = None;
        let written = ServerFolder::write_with(&path, |file| {
            let merged = compact::merge(old.as_ref(), records, size, BufWriter::new(file));
            match merged {
                Ok(mut writer) => writer.flush(),
                Err(error) => {
                    fault = Some(error);
                    Err(std::io::Error::other("the look-up table cannot be made"))
                }
            }
        });
        match fault {
            Some(fault) => Err(table_error(self.folder, known.unwrap_or(size), fault)),
            None => written,
        }
    }
}

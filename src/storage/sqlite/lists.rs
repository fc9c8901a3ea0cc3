//! Digest lists: rows that say which are here and which are coming, over the files beside the database.
//!
//! A list comes in five steps, each of which a crash may be the last before: a row says that it is coming; bytes are checked and added to
//! a part; what is derived is written and everything is synced; the part gets the name of the list; the row says that it is here. What
//! was between the last two is finished by [`SqliteStore::tidy_lists`] at the next start, and what has no row is taken away there.

use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::documents::put_document;
use super::write::begin;
use super::{SqliteStore, array, corrupt, from_sql, millis, to_sql, unavailable};
use crate::digests::{Checked, ListForm};
use crate::ledger::StoreError;
use crate::ledger::lists::{Added, ListSide, PartName};
use crate::ledger::ports::{DocumentStore, ListStore};
use crate::ledger::stored::{DocumentKind, DocumentState, NewDocument};
use crate::notice::{Did, DigestAlgorithm, DigestPrefix, DocumentHash};
use crate::storage::lists::{Held, NoFile};

impl ListStore for SqliteStore {
    fn held_list(&self, list: &DocumentHash) -> Result<Option<ListForm>, StoreError> {
        let failed = unavailable("looking up a digest list");
        let row: Option<(i64, i64)> = self.read(|c| {
            let sql = "SELECT width, count FROM lists WHERE hash = ?1 AND state = 'here'";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            select.query_row([list.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(&failed)
        })?;
        let Some((width, count)) = row else { return Ok(None) };
        let form = form_from_columns(width, count)?;
        // Whose file was taken away is not here, whatever its row says; fsck tells.
        let there = self.lists().has_file(list).map_err(trouble("looking for the file of a digest list"))?;
        Ok(there.then_some(form))
    }

    fn list_holds(&self, list: &DocumentHash, digest: &[u8]) -> Result<Option<bool>, StoreError> {
        match self.in_file_or_not(list)? {
            Ok(held) => held.contains(digest).map(Some).map_err(trouble("looking up a digest in a list")),
            Err(no_file) => Ok(no_file.holds(digest)),
        }
    }

    fn list_digests_in(
        &self,
        list: &DocumentHash,
        range: &DigestPrefix,
        limit: usize,
    ) -> Result<Option<Vec<Vec<u8>>>, StoreError> {
        match self.in_file_or_not(list)? {
            Ok(held) => held.digests_in(range, limit).map(Some).map_err(trouble("looking up a range of digests in a list")),
            Err(no_file) => Ok(no_file.digests_in(range, limit)),
        }
    }

    fn list_holds_at_hand(&self, list: &DocumentHash, digest: &[u8]) -> Option<Option<bool>> {
        match self.lists().opened(list) {
            Some(held) => held.contains_at_hand(digest).map(Some),
            None => self.lists().fileless().known(list).map(|known| known.holds(digest)),
        }
    }

    fn list_removed_at_hand(&self, list: &DocumentHash) -> Option<bool> {
        match self.lists().fileless().known(list)? {
            NoFile::Absent { removed } => Some(removed),
            NoFile::Whole(_) => Some(false),
        }
    }

    fn list_may_hold(&self, list: &DocumentHash, digest: &[u8]) -> bool {
        match self.lists().opened(list) {
            Some(held) => held.may_contain(digest),
            None => self.lists().fileless().known(list).is_none_or(|known| known.holds(digest) != Some(false)),
        }
    }

    fn list_range(&self, list: &DocumentHash, from: u64, most: usize) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(held) = self.held(list)? else { return Ok(None) };
        held.range(from, most).map(Some).map_err(trouble("reading a digest list"))
    }

    fn list_side(&self, list: &DocumentHash, side: ListSide) -> Result<Option<Vec<u8>>, StoreError> {
        if self.held_list(list)?.is_none() {
            return Ok(None);
        }
        self.lists().read_side(list, side.as_str()).map_err(trouble("reading what is derived from a digest list"))
    }

    fn held_lists(&self) -> Result<Vec<DocumentHash>, StoreError> {
        Ok(self.list_rows("here")?.into_iter().map(|(list, _)| list).collect())
    }

    fn list_bytes_of(&self, issuer: &Did) -> Result<u64, StoreError> {
        let failed = unavailable("adding up the digest lists of an issuer");
        let bytes: i64 = self.read(|c| {
            let sql = "SELECT coalesce(sum(width * count), 0) FROM lists WHERE issuer = ?1";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            select.query_row([issuer.as_str()], |row| row.get(0)).map_err(&failed)
        })?;
        from_sql(bytes)
    }

    fn is_list_coming(&self, list: &DocumentHash) -> Result<bool, StoreError> {
        let failed = unavailable("looking up a digest list");
        self.read(|c| {
            let mut select = c.prepare_cached("SELECT 1 FROM lists WHERE hash = ?1 AND state = 'coming'").map_err(&failed)?;
            select.exists([list.as_bytes()]).map_err(&failed)
        })
    }

    fn lists_coming(&self) -> Result<u64, StoreError> {
        let failed = unavailable("counting digest lists");
        let count: i64 = self.read(|c| {
            c.query_row("SELECT count(*) FROM lists WHERE state = 'coming'", [], |row| row.get(0)).map_err(&failed)
        })?;
        from_sql(count)
    }

    fn expect_list(&self, part: &PartName, issuer: &Did, now: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = "INSERT INTO lists (hash, width, count, issuer, state, since) VALUES (?1, ?2, ?3, ?4, 'coming', ?5)
                   ON CONFLICT (hash) DO UPDATE SET since = excluded.since WHERE state = 'coming'";
        let (width, count) = (to_sql(part.form.width() as u64), to_sql(part.form.count()));
        self.writer()
            .prepare_cached(sql)
            .and_then(|mut row| row.execute(params![part.list.as_bytes(), width, count, issuer.as_str(), millis(now)]))
            .map_err(unavailable("charging a digest list"))?;
        Ok(())
    }

    fn part_length(&self, part: &PartName) -> Result<u64, StoreError> {
        self.lists().part_length(part).map_err(trouble("taking up what came of a digest list"))
    }

    fn add_to_part(&self, part: &PartName, at: u64, bytes: &[u8], now: DateTime<Utc>) -> Result<Added, StoreError> {
        let added = self.lists().add(part, at, bytes);
        match &added {
            Ok(Added::More(_)) => {
                self.writer()
                    .prepare_cached("UPDATE lists SET since = ?2 WHERE hash = ?1 AND state = 'coming'")
                    .and_then(|mut update| update.execute(params![part.list.as_bytes(), millis(now)]))
                    .map_err(unavailable("noting that some of a digest list came"))?;
            }
            Ok(Added::Fault(_)) | Err(_) => self.give_back(part)?,
            _ => {}
        }
        added.map_err(trouble("keeping what came of a digest list"))
    }

    fn keep_list(&self, part: &PartName, checked: &Checked, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let doing = trouble("keeping a digest list");
        let kept = self.lists().prepare(part, checked).map_err(&doing).and_then(|()| {
            let _alone = self.lists().naming();
            self.lists().name(part).map_err(&doing)?;
            self.put_list(&part.list, part.form, &checked.blocks.root(), now)
        });
        match kept {
            Ok(true) => Ok(true),
            // What was written while it was being removed must go too.
            _ if self.is_removed(&part.list)? => {
                self.lists().erase(&part.list).map_err(&doing)?;
                Ok(false)
            }
            other => other,
        }
    }

    fn forget_part(&self, part: &PartName) -> Result<(), StoreError> {
        self.lists().forget_part(part).map_err(trouble("throwing away what came of a digest list"))?;
        self.give_back(part)
    }

    fn forget_stale_parts(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        let failed = unavailable("listing what came of digest lists");
        let stale: Vec<Vec<u8>> = self.read(|c| {
            let sql = "SELECT hash FROM lists WHERE state = 'coming' AND since < ?1";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let rows = select.query_map([millis(before)], |row| row.get(0)).map_err(&failed)?;
            rows.collect::<Result<_, _>>().map_err(&failed)
        })?;
        for hash in stale {
            let list = DocumentHash::from_bytes(array(&hash, "a list hash")?);
            self.lists().forget_parts(&list).map_err(trouble("throwing away what came of a digest list"))?;
            self.strike_coming(&list)?;
        }
        Ok(())
    }

    fn list_faults(&self, list: &DocumentHash) -> Result<Vec<String>, StoreError> {
        self.faults_of_list(list)
    }
}

impl SqliteStore {
    /// A list that is here, open.
    fn held(&self, list: &DocumentHash) -> Result<Option<Arc<Held>>, StoreError> {
        if let Some(held) = self.lists().opened(list) {
            return Ok(Some(held));
        }
        let Some(form) = self.held_list(list)? else { return Ok(None) };
        // Not while it is being erased, or it would be remembered after that.
        let _named = self.lists().naming();
        self.lists().open(list, form).map_err(trouble("opening a digest list"))
    }

    /// A list: open where it has a file, else what there is of it.
    fn in_file_or_not(&self, list: &DocumentHash) -> Result<Result<Arc<Held>, NoFile>, StoreError> {
        let fileless = self.lists().fileless();
        let changes = fileless.changes();
        if let Some(held) = self.held(list)? {
            return Ok(Ok(held));
        }
        if let Some(known) = fileless.known(list) {
            return Ok(Err(known));
        }
        // It may have come along with its notice.
        let found = match self.read_document(list)? {
            Some(bytes) => NoFile::Whole(bytes.into()),
            None => NoFile::Absent { removed: self.state(list)? == DocumentState::Removed },
        };
        fileless.remember(*list, &found, changes);
        Ok(Err(found))
    }

    /// Says that a list is here; false when it was removed.
    fn put_list(
        &self,
        list: &DocumentHash,
        form: ListForm,
        blocks: &DocumentHash,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let failed = unavailable("keeping a digest list");
        let mut connection = self.writer();
        let transaction = begin(&mut connection).map_err(&failed)?;
        if is_removed(&transaction, list).map_err(&failed)? {
            return Ok(false);
        }
        // The row of the document says that it is here; its bytes are in the file.
        let kind = DocumentKind::DigestList { algorithm: DigestAlgorithm::Sha256, count: form.count() };
        let document = NewDocument { hash: *list, kind, bytes: Vec::new(), words: String::new(), received: now };
        let new = put_document(&transaction, &document).map_err(&failed)?;
        if new {
            transaction
                .prepare_cached(
                    "UPDATE lists SET state = 'here', blocks = ?2, since = ?3, width = ?4, count = ?5 WHERE hash = ?1",
                )
                .and_then(|mut update| {
                    let (width, count) = (to_sql(form.width() as u64), to_sql(form.count()));
                    update.execute(params![list.as_bytes(), blocks.as_bytes(), millis(now), width, count])
                })
                .map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)?;
        self.lists().fileless().changed(list);
        Ok(true)
    }

    fn is_removed(&self, list: &DocumentHash) -> Result<bool, StoreError> {
        self.read(|c| is_removed(c, list).map_err(unavailable("looking up whether a digest list was removed")))
    }

    /// Gives back what was charged when nobody brings the list any more.
    fn give_back(&self, part: &PartName) -> Result<(), StoreError> {
        let left = self.lists().files_of(&part.list).map_err(trouble("looking for parts of a digest list"))?;
        if left.is_empty() { self.strike_coming(&part.list) } else { Ok(()) }
    }

    fn strike_coming(&self, list: &DocumentHash) -> Result<(), StoreError> {
        self.writer()
            .prepare_cached("DELETE FROM lists WHERE hash = ?1 AND state = 'coming'")
            .and_then(|mut delete| delete.execute([list.as_bytes()]))
            .map_err(unavailable("giving back what was charged for a digest list"))?;
        Ok(())
    }

    /// The lists in this state, with their forms.
    pub(super) fn list_rows(&self, state: &str) -> Result<Vec<(DocumentHash, ListForm)>, StoreError> {
        let failed = unavailable("listing digest lists");
        let rows: Vec<(Vec<u8>, i64, i64)> = self.read(|c| {
            let mut select =
                c.prepare_cached("SELECT hash, width, count FROM lists WHERE state = ?1 ORDER BY hash").map_err(&failed)?;
            let rows = select.query_map([state], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(&failed)?;
            rows.collect::<Result<_, _>>().map_err(&failed)
        })?;
        let read = |(hash, width, count): (Vec<u8>, i64, i64)| {
            Ok((DocumentHash::from_bytes(array(&hash, "a list hash")?), form_from_columns(width, count)?))
        };
        rows.into_iter().map(read).collect()
    }

    /// What a server does at its start, holding the lock of the folder: finishes lists that only their row is missing of, and takes away
    /// files that no row speaks of.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tidy_lists(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let doing = trouble("tidying the folder of digest lists");
        let (here, coming) = (self.list_rows("here")?, self.list_rows("coming")?);
        for (list, form) in &coming {
            if !self.lists().has_file(list).map_err(&doing)? {
                continue;
            }
            match self.read_whole(list, *form)? {
                Ok(checked) if checked.sha256 == *list => {
                    self.lists().mend_sides(list, *form, &checked).map_err(&doing)?;
                    self.put_list(list, *form, &checked.blocks.root(), now)?;
                }
                _ => {
                    self.lists().erase(list).map_err(&doing)?;
                    self.strike_coming(list)?;
                }
            }
        }
        let known: std::collections::BTreeSet<String> = here.iter().chain(&coming).map(|(list, _)| list.to_string()).collect();
        for (of, path) in self.lists().files().map_err(&doing)? {
            if !known.contains(&of) {
                tracing::info!(file = %path.display(), "a file of no digest list is taken away");
                std::fs::remove_file(&path).map_err(&doing)?;
            }
        }
        Ok(())
    }
}

fn is_removed(connection: &Connection, list: &DocumentHash) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM documents WHERE hash = ?1 AND state = 'removed'")?.exists([list.as_bytes()])
}

pub(super) fn form_from_columns(width: i64, count: i64) -> Result<ListForm, StoreError> {
    let form = ListForm::from_stored(from_sql(width)?, from_sql(count)?);
    form.ok_or_else(|| corrupt(format!("a digest list has {count} digests of {width} bytes")))
}

/// Gives a failing file the name of what was being done.
pub(super) fn trouble(doing: &'static str) -> impl Fn(io::Error) -> StoreError {
    move |source| match source.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => corrupt(format!(
            "the files of a digest list are damaged ({source}); `palinode fsck --rebuild` mends what is derived"
        )),
        _ => StoreError::Unavailable { doing, source: Arc::new(source) },
    }
}

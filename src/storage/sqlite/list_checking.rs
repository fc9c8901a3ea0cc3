//! Whether the files of digest lists are what their rows say: asked by `fsck` only, and what `fsck --rebuild` mends of them.

use std::io::Read;

use rusqlite::OptionalExtension;

use super::folder::DataFolder;
use super::lists::trouble;
use super::{SqliteStore, array, unavailable};
use crate::digests::{Checked, ListCheck, ListFault, ListForm};
use crate::ledger::StoreError;
use crate::notice::DocumentHash;

/// How much of a list is read at once, in bytes.
const PIECE: usize = 1 << 20;

impl DataFolder {
    /// Makes again what is derived from digest lists, and lets those go whose files are gone or hold something else, so that they are
    /// fetched again; says how many files were written. No server may run on the folder.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn rebuild_lists(&self) -> Result<u64, StoreError> {
        let store = self.open_store()?;
        let mut mended = 0;
        for (list, form) in store.list_rows("here")? {
            match store.read_whole(&list, form)? {
                Ok(checked) if checked.sha256 == list => {
                    let doing = trouble("writing what is derived from a digest list");
                    mended += store.lists().mend_sides(&list, form, &checked).map_err(doing)?;
                }
                _ => store.let_list_go(&list)?,
            }
        }
        Ok(mended)
    }
}

impl SqliteStore {
    /// Reads a list from its beginning to its end.
    pub(super) fn read_whole(&self, list: &DocumentHash, form: ListForm) -> Result<Result<Checked, ListFault>, StoreError> {
        let doing = trouble("reading a digest list");
        let mut check = ListCheck::new(form);
        let Some(mut file) = self.lists().read(list).map_err(&doing)? else { return Ok(check.finish()) };
        let mut piece = vec![0; PIECE];
        loop {
            let length = file.read(&mut piece).map_err(&doing)?;
            if length == 0 {
                return Ok(check.finish());
            }
            if let Err(fault) = check.take(piece.get(..length).unwrap_or_default()) {
                return Ok(Err(fault));
            }
        }
    }

    pub(super) fn faults_of_list(&self, list: &DocumentHash) -> Result<Vec<String>, StoreError> {
        let rows = self.list_rows("here")?;
        let Some((_, form)) = rows.into_iter().find(|(of, _)| of == list) else { return Ok(Vec::new()) };
        let checked = match self.read_whole(list, form)? {
            Ok(checked) => checked,
            Err(fault) => return Ok(vec![format!("digest list {list}: {fault}")]),
        };
        if checked.sha256 != *list {
            return Ok(vec![format!("digest list {list} does not hash to its name")]);
        }
        let mut faults = Vec::new();
        if self.block_root(list)? != Some(checked.blocks.root()) {
            faults.push(format!("digest list {list} has another block root than was noted of it"));
        }
        let doing = trouble("reading what is derived from a digest list");
        for side in self.lists().wrong_sides(list, form, &checked).map_err(doing)? {
            faults.push(format!("the {side} file of digest list {list} is not what the list makes"));
        }
        Ok(faults)
    }

    fn block_root(&self, list: &DocumentHash) -> Result<Option<DocumentHash>, StoreError> {
        let failed = unavailable("looking up a block root");
        let root: Option<Option<Vec<u8>>> = self.read(|c| {
            let sql = "SELECT blocks FROM lists WHERE hash = ?1";
            c.query_row(sql, [list.as_bytes()], |row| row.get(0)).optional().map_err(&failed)
        })?;
        root.flatten().map(|root| Ok(DocumentHash::from_bytes(array(&root, "a block root")?))).transpose()
    }

    /// Forgets a list whose file is of no use, so that it is awaited again.
    fn let_list_go(&self, list: &DocumentHash) -> Result<(), StoreError> {
        let failed = unavailable("letting a digest list go");
        self.lists().erase(list).map_err(trouble("taking a damaged digest list away"))?;
        {
            let mut connection = self.writer();
            let transaction = super::write::begin(&mut connection).map_err(&failed)?;
            for sql in ["DELETE FROM lists WHERE hash = ?1", "DELETE FROM documents WHERE hash = ?1 AND state = 'available'"] {
                transaction.execute(sql, [list.as_bytes()]).map_err(&failed)?;
            }
            transaction.commit().map_err(&failed)?;
        }
        Ok(())
    }
}

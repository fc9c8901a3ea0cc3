//! Digest lists in backups: the files of the server as rows of the copy, in pieces.

use std::io::Read;

use rusqlite::{Connection, OptionalExtension, params};

use super::lists::{form_from_columns, trouble};
use super::{SqliteStore, array, to_sql, unavailable};
use crate::digests::ListForm;
use crate::ledger::StoreError;
use crate::ledger::old_log::LIST_PIECE;
use crate::notice::DocumentHash;

/// How many bytes are told as one page of progress.
const PAGE: u64 = 4_096;

impl SqliteStore {
    /// Copies the files of the lists that the copy says are here. One that was removed since the copy was begun is left out.
    pub(super) fn copy_lists(&self, copy: &mut Connection, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        let failed = unavailable("copying digest lists");
        let doing = trouble("reading a digest list");
        let lists = here(copy)?;
        let all: u64 = lists.iter().map(|(_, form)| form.size() / PAGE).sum();
        let mut done = 0;
        for (list, _) in lists {
            let Some(mut file) = self.lists().read(&list).map_err(&doing)? else { continue };
            let transaction = copy.transaction().map_err(&failed)?;
            let mut piece = 0_u64;
            loop {
                let mut bytes = Vec::with_capacity(LIST_PIECE);
                file.by_ref().take(LIST_PIECE as u64).read_to_end(&mut bytes).map_err(&doing)?;
                if bytes.is_empty() {
                    break;
                }
                transaction
                    .prepare_cached("INSERT INTO backup_lists (hash, piece, bytes) VALUES (?1, ?2, ?3)")
                    .and_then(|mut insert| insert.execute(params![list.as_bytes(), to_sql(piece), bytes]))
                    .map_err(&failed)?;
                piece += 1;
                done += bytes.len() as u64 / PAGE;
                progress(done, all);
            }
            transaction.commit().map_err(&failed)?;
        }
        Ok(())
    }
}

/// The lists that a copy says are here.
fn here(copy: &Connection) -> Result<Vec<(DocumentHash, ListForm)>, StoreError> {
    forms(copy, "SELECT hash, width, count FROM lists WHERE state = 'here' ORDER BY hash")
}

/// The lists that a backup holds pieces of.
pub(super) fn kept(backup: &Connection) -> Result<Vec<(DocumentHash, ListForm)>, StoreError> {
    forms(
        backup,
        "SELECT hash, width, count FROM lists WHERE state = 'here' AND hash IN (SELECT hash FROM backup_lists) ORDER BY hash",
    )
}

fn forms(connection: &Connection, sql: &str) -> Result<Vec<(DocumentHash, ListForm)>, StoreError> {
    let failed = unavailable("listing digest lists of a copy");
    let mut select = connection.prepare(sql).map_err(&failed)?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(&failed)?;
    let rows: Vec<(Vec<u8>, i64, i64)> = rows.collect::<Result<_, _>>().map_err(&failed)?;
    let read = |(hash, width, count): (Vec<u8>, i64, i64)| {
        Ok((DocumentHash::from_bytes(array(&hash, "a list hash")?), form_from_columns(width, count)?))
    };
    rows.into_iter().map(read).collect()
}

pub(super) fn piece(backup: &Connection, list: &DocumentHash, piece: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let failed = unavailable("reading a digest list of a backup");
    let sql = "SELECT bytes FROM backup_lists WHERE hash = ?1 AND piece = ?2";
    let mut select = backup.prepare_cached(sql).map_err(&failed)?;
    select.query_row(params![list.as_bytes(), to_sql(piece)], |row| row.get(0)).optional().map_err(&failed)
}

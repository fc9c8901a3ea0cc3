//! Backups: one file that holds a copy of the database, what it is a copy of, and the operator's pin files.
//!
//! The file is a SQLite database: the server's own tables, and two more that say what it is. It is copied page by page in one
//! read transaction, so that it shows one moment of a server that goes on writing, and the writer waits for nothing. No private
//! key is in it: a log key that exists twice can sign two histories.
//!
//! A reader believes nothing but the columns that cannot be derived: the bytes of entries with when they were first seen,
//! documents, peers and evidence.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::database::{Keeping, connect};
use super::tiles::tile_bytes_of_any_version;
use super::{SqliteStore, array, from_sql, time_from_millis, to_sql, unavailable};
use crate::digests::ListForm;
use crate::envelope::PublicKey;
use crate::ledger::StoreError;
use crate::ledger::domains::{Block, WaitingRecord};
use crate::ledger::old_log::{OldEntry, OldLog};
use crate::ledger::peers::Peer;
use crate::ledger::removal::Tombstone;
use crate::ledger::stored::Head;
use crate::notice::DocumentHash;
use crate::tlog::{Evidence, Hash, TileId, VerifierKey};

/// What the first row of every backup says; another number is another form.
const FORMAT: &str = "palinode backup 1";
/// How many pages are copied before progress is told.
const PAGES: i32 = 4_096;
/// How many bytes of entries are read at a time.
const MOST_BYTES: usize = 8 << 20;
/// Larger than any pin file.
const MAX_PIN: i64 = 1 << 20;

/// What a backup is a copy of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupAbout {
    /// The log.
    pub log_key: VerifierKey,
    /// The witness of its server.
    pub witness_key: VerifierKey,
    /// Who operates it.
    pub operator_key: PublicKey,
    /// Its newest signed checkpoint, which the entries must hash to.
    pub checkpoint: Vec<u8>,
    /// When the copy was begun.
    pub made: DateTime<Utc>,
    /// Version of the program that made it.
    pub program: String,
}

/// A pin file of the operator, kept along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPin {
    /// Name of the file, without its folder.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Why a file is no backup, or none could be made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It is something else, or of a later version.
    #[error("{} is not a backup that this version of palinode reads: {what}", path.display())]
    NotABackup {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// There is no log to copy yet.
    #[error("the server never signed a checkpoint, so there is nothing to keep yet: start it once with `palinode serve`")]
    NothingSigned,
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SqliteStore {
    /// Copies the database into the new file `target`, beside whoever writes, and says there what it is. `about` gives
    /// everything but the checkpoint, which is that of the moment copied. `progress` is told how many of how many pages are
    /// done. Gives the newest head that was appended at that moment, signed or not.
    ///
    /// # Errors
    /// [`BackupError`]; `target` may be left behind half-made.
    pub fn copy_to(
        &self,
        target: &Path,
        mut about: BackupAbout,
        pins: &[KeptPin],
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(BackupAbout, Head), BackupError> {
        let failed = unavailable("copying the database");
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut copy = connect(target, flags, Keeping::Durable)?;
        // Nobody reads the copy before it was verified and synced as a whole.
        copy.execute_batch("PRAGMA synchronous = OFF").map_err(&failed)?;
        let unreachable = |source| StoreError::Unavailable { doing: "copying the database", source: Arc::new(source) };
        let file = File::open(target).map_err(unreachable)?;
        let (checkpoint, head) = self.log().read_at_leisure(|source| {
            // One transaction around all steps: writers go on, and what is copied stands still.
            let moment = source.unchecked_transaction().map_err(&failed)?;
            let sql = "SELECT checkpoint FROM heads WHERE checkpoint IS NOT NULL ORDER BY size DESC LIMIT 1";
            let checkpoint: Option<Vec<u8>> = moment.query_row(sql, [], |row| row.get(0)).optional().map_err(&failed)?;
            let head = super::write::newest_head(&moment)?.unwrap_or(Head::EMPTY);
            let backup = Backup::new(source, &mut copy).map_err(&failed)?;
            loop {
                let step = backup.step(PAGES).map_err(&failed)?;
                // Little at a time: the log's own syncs wait behind whatever the disk has to write, and an append with them.
                file.sync_data().map_err(unreachable)?;
                let pages = backup.progress();
                let [all, left] = [pages.pagecount, pages.remaining].map(|pages| u64::try_from(pages).unwrap_or(0));
                progress(all.saturating_sub(left), all);
                match step {
                    StepResult::Done => break,
                    StepResult::More => {}
                    _ => std::thread::sleep(Duration::from_millis(10)),
                }
            }
            Ok((checkpoint, head))
        })?;
        about.checkpoint = checkpoint.ok_or(BackupError::NothingSigned)?;
        describe(&mut copy, &about, pins).map_err(&failed)?;
        self.copy_lists(&mut copy, progress)?;
        copy.close().map_err(|(_, error)| failed(error))?;
        Ok((about, head))
    }
}

/// Makes the copy one file without a journal beside it, and writes down what it is.
fn describe(copy: &mut Connection, about: &BackupAbout, pins: &[KeptPin]) -> rusqlite::Result<()> {
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    let transaction = copy.transaction()?;
    // A copy that was restored by hand and backed up again is described anew.
    transaction.execute_batch(
        "DROP TABLE IF EXISTS backup; DROP TABLE IF EXISTS backup_pins; DROP TABLE IF EXISTS backup_lists;
         DELETE FROM upload_grants; DELETE FROM lists WHERE state = 'coming';
         CREATE TABLE backup (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
         CREATE TABLE backup_pins (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
         CREATE TABLE backup_lists (id INTEGER PRIMARY KEY, hash BLOB NOT NULL, piece INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
         CREATE UNIQUE INDEX backup_lists_in_order ON backup_lists (hash, piece);",
    )?;
    let rows = [
        ("format", FORMAT.to_owned()),
        ("program", about.program.clone()),
        ("made", about.made.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        ("log key", about.log_key.to_string()),
        ("witness key", about.witness_key.to_string()),
        ("operator key", about.operator_key.to_multibase()),
        ("checkpoint", String::from_utf8_lossy(&about.checkpoint).into_owned()),
    ];
    for (name, value) in rows {
        transaction.execute("INSERT INTO backup (name, value) VALUES (?1, ?2)", params![name, value])?;
    }
    for pin in pins {
        transaction.execute("INSERT INTO backup_pins (name, bytes) VALUES (?1, ?2)", params![pin.name, pin.bytes])?;
    }
    transaction.commit()
}

/// A backup that is read. It is never written to.
pub struct BackupFile {
    path: PathBuf,
    about: BackupAbout,
    readers: Mutex<Vec<Connection>>,
}

impl BackupFile {
    /// Opens a backup and reads what it is.
    ///
    /// # Errors
    /// [`BackupError::NotABackup`] for anything else, [`StoreError`] when it cannot be read.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let not_a_backup = |what: String| BackupError::NotABackup { path: path.to_owned(), what };
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY, Keeping::Durable).map_err(|error| {
            not_a_backup(std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string))
        })?;
        let about = about(&connection).map_err(not_a_backup)?;
        Ok(Self { path: path.to_owned(), about, readers: Mutex::new(vec![connection]) })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it is a copy of.
    pub fn about(&self) -> &BackupAbout {
        &self.about
    }

    /// What SQLite finds wrong with the structure of the file, at most 100 remarks; nothing when it is sound.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn structure(&self) -> Result<Vec<String>, StoreError> {
        let failed = unavailable("checking the structure of the backup");
        self.read(|c| {
            let mut check = c.prepare("PRAGMA quick_check").map_err(&failed)?;
            let said = check.query_map([], |row| row.get::<_, String>(0)).map_err(&failed)?;
            let said = said.collect::<Result<Vec<_>, _>>().map_err(&failed)?;
            Ok(said.into_iter().filter(|remark| remark != "ok").collect())
        })
    }

    /// The pin files that were kept along.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pins(&self) -> Result<Vec<KeptPin>, StoreError> {
        let failed = unavailable("reading pin files of the backup");
        self.read(|c| {
            let mut select =
                c.prepare("SELECT name, bytes FROM backup_pins WHERE length(bytes) <= ?1 ORDER BY name").map_err(&failed)?;
            let rows =
                select.query_map([MAX_PIN], |row| Ok(KeptPin { name: row.get(0)?, bytes: row.get(1)? })).map_err(&failed)?;
            rows.collect::<Result<Vec<_>, _>>().map_err(&failed)
        })
    }

    /// The documents that were removed from the old server, and those whose removal was ordered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn removed_documents(&self) -> Result<Vec<Tombstone>, StoreError> {
        let failed = unavailable("reading what was removed");
        self.read(|c| {
            let sql = "SELECT count(*) FROM sqlite_schema WHERE name IN ('tombstones', 'removals')";
            if c.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(&failed)? == 2 {
                let mut removed = super::removal::all_tombstones(c)?;
                removed.extend(super::removal::all_orders(c)?.iter().map(|order| order.removal.tombstone()));
                return Ok(removed);
            }
            // A backup of an earlier version.
            let sql = "SELECT hash FROM documents WHERE state = 'removed' AND hash > ?1 LIMIT ?2";
            let names = names(c, sql, &[], i64::MAX)?;
            Ok(names.into_iter().map(|document| Tombstone::bare(document, self.about.made)).collect())
        })
    }

    /// The peers of the old server, in the order of their origins.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn peers(&self) -> Result<Vec<Peer>, StoreError> {
        self.read(super::peers::all_peers)
    }

    /// What convicts peers, with when it was found, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn evidence(&self) -> Result<Vec<(DateTime<Utc>, Evidence)>, StoreError> {
        self.read(super::witness::all_evidence)
    }

    /// Whom the operator took nothing from.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn blocks(&self) -> Result<Vec<Block>, StoreError> {
        self.read(|c| if has_table(c, "blocked_issuers")? { super::blocks::all_blocks(c) } else { Ok(Vec::new()) })
    }

    /// Records that waited until their domain is verified.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn waiting_records(&self) -> Result<Vec<WaitingRecord>, StoreError> {
        self.read(|c| if has_table(c, "waiting_records")? { super::domains::all_waiting(c) } else { Ok(Vec::new()) })
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.readers().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY, Keeping::Durable)?,
        };
        let answer = read(&connection);
        self.readers().push(connection);
        answer
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the backup was made by a version that has this table.
fn has_table(connection: &Connection, name: &str) -> Result<bool, StoreError> {
    let failed = unavailable("reading what the backup holds");
    let mut select = connection.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1").map_err(&failed)?;
    select.exists([name]).map_err(failed)
}

fn about(connection: &Connection) -> Result<BackupAbout, String> {
    let value = |name: &str| -> Result<String, String> {
        let sql = "SELECT value FROM backup WHERE name = ?1";
        let found = connection.query_row(sql, [name], |row| row.get(0)).optional().map_err(|e| e.to_string())?;
        found.ok_or_else(|| format!("it does not say its {name}"))
    };
    let format = value("format")?;
    if format != FORMAT {
        return Err(format!("its form is {format:?}"));
    }
    let made = value("made")?;
    Ok(BackupAbout {
        log_key: VerifierKey::parse(&value("log key")?).map_err(|e| e.to_string())?,
        witness_key: VerifierKey::parse(&value("witness key")?).map_err(|e| e.to_string())?,
        operator_key: PublicKey::parse(&value("operator key")?).map_err(|e| e.to_string())?,
        checkpoint: value("checkpoint")?.into_bytes(),
        made: DateTime::parse_from_rfc3339(&made).map_err(|e| e.to_string())?.to_utc(),
        program: value("program")?,
    })
}

impl OldLog for BackupFile {
    fn entries(&self, from: u64, to: u64) -> Result<Vec<OldEntry>, StoreError> {
        let failed = unavailable("reading entries of the backup");
        self.read(|c| {
            let sql = "SELECT idx, first_seen, bytes FROM entries WHERE idx >= ?1 AND idx < ?2 ORDER BY idx";
            let mut select = c.prepare_cached(sql).map_err(&failed)?;
            let mut rows = select.query(params![to_sql(from), to_sql(to)]).map_err(&failed)?;
            let (mut entries, mut size) = (Vec::new(), 0);
            while let Some(row) = rows.next().map_err(&failed)? {
                let bytes: Vec<u8> = row.get(2).map_err(&failed)?;
                size += bytes.len();
                let index = from_sql(row.get(0).map_err(&failed)?)?;
                let first_seen = time_from_millis(row.get(1).map_err(&failed)?)?;
                entries.push(OldEntry { index, bytes, first_seen });
                if size >= MOST_BYTES {
                    break;
                }
            }
            Ok(entries)
        })
    }

    fn leaves(&self, tile: u64) -> Result<Vec<Hash>, StoreError> {
        let failed = unavailable("reading a tile of the backup");
        let id = TileId { level: 0, index: tile };
        let bytes = self.read(|c| tile_bytes_of_any_version(c, id).map_err(&failed))?;
        // A tile of another size than whole hashes tells nothing.
        Ok(Hash::split_tile(&bytes).unwrap_or_default())
    }

    fn document(&self, name: &DocumentHash) -> Result<Option<Vec<u8>>, StoreError> {
        let failed = unavailable("reading a document of the backup");
        self.read(|c| {
            let sql = format!("SELECT bytes FROM documents d WHERE hash = ?1 AND state = 'available'{}", no_list(c)?);
            let mut select = c.prepare_cached(&sql).map_err(&failed)?;
            select.query_row([name.as_bytes()], |row| row.get(0)).optional().map_err(&failed)
        })
    }

    fn documents(&self, after: Option<&DocumentHash>, limit: usize) -> Result<Vec<DocumentHash>, StoreError> {
        let after: &[u8] = after.map_or(&[], |hash| hash.as_bytes());
        self.read(|c| {
            let no_list = no_list(c)?;
            let sql =
                format!("SELECT hash FROM documents d WHERE state = 'available' AND hash > ?1{no_list} ORDER BY hash LIMIT ?2");
            names(c, &sql, after, to_sql(limit as u64))
        })
    }

    fn lists(&self) -> Result<Vec<(DocumentHash, ListForm)>, StoreError> {
        self.read(|c| if has_table(c, "backup_lists")? { super::backup_lists::kept(c) } else { Ok(Vec::new()) })
    }

    fn list_piece(&self, list: &DocumentHash, piece: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|c| super::backup_lists::piece(c, list, piece))
    }
}

/// What keeps digest lists in files out of what is asked about other documents; nothing in backups of versions without them.
fn no_list(connection: &Connection) -> Result<&'static str, StoreError> {
    let without = " AND NOT EXISTS (SELECT 1 FROM lists l WHERE l.hash = d.hash AND l.state = 'here')";
    Ok(if has_table(connection, "lists")? { without } else { "" })
}

fn names(connection: &Connection, sql: &str, after: &[u8], limit: i64) -> Result<Vec<DocumentHash>, StoreError> {
    let failed = unavailable("listing documents of the backup");
    let mut select = connection.prepare_cached(sql).map_err(&failed)?;
    let rows = select.query_map(params![after, limit], |row| row.get::<_, Vec<u8>>(0)).map_err(&failed)?;
    let rows = rows.collect::<Result<Vec<_>, _>>().map_err(&failed)?;
    rows.iter().map(|hash| Ok(DocumentHash::from_bytes(array(hash, "the name of a document")?))).collect()
}

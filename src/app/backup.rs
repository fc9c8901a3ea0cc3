//! Making a backup beside a running server, and looking at one.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::operator::{Desk, OperatorError};
use crate::clock::Clock;
use crate::ledger::StoreError;
use crate::ledger::old_log::{self, OldLogError, OldLogReport};
use crate::ledger::ports::HeadRecord;
pub use crate::storage::BackupError;
use crate::storage::{BackupAbout, BackupFile, KeptPin};
use crate::tlog::SignedCheckpoint;

/// The end of the names of backups.
const ENDING: &str = "palinode-backup";

/// What is being done, for whoever shows progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Pages of the database are copied.
    Copying,
    /// Entries are hashed up to the signed root.
    Verifying,
    /// Entries are taken into the new log.
    Importing,
    /// Everything is derived again from the entries and compared.
    Checking,
    /// Index rows are derived and written.
    Deriving,
    /// Entries are hashed to hash tiles, twice: to prove them, and to compare the tiles.
    Hashing,
    /// Entries are joined to full bundles, which are kept as they are served.
    Bundling,
}

/// Is told how many of how many things of a stage are done.
pub type Progress<'p> = &'p mut dyn FnMut(Stage, u64, u64);

/// Why there is no backup, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum BackupFailure {
    /// The data folder.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// The file.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// What is in the file.
    #[error("the log in {}: {source}", path.display())]
    OldLog {
        /// The backup.
        path: PathBuf,
        /// Why it proves nothing.
        #[source]
        source: OldLogError,
    },
    /// A file of that name is there.
    #[error("{} is there already and is not overwritten", path.display())]
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// It cannot be written or read.
    #[error("{} cannot be written", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The copy is not what was signed.
    #[error("the log is damaged: {}", remarks.join("; "))]
    Damaged {
        /// What is wrong, a sentence each.
        remarks: Vec<String>,
    },
}

/// What a backup holds.
#[derive(Debug, Clone, Serialize)]
pub struct BackupView {
    /// The file.
    pub file: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// The log.
    pub origin: String,
    /// The key that its checkpoint is signed with.
    pub log_key: String,
    /// The operator who can let another log succeed it.
    pub operator_key: String,
    /// Entries below the newest signed checkpoint.
    pub tree_size: u64,
    /// The signed root.
    pub root: String,
    /// Documents that are here.
    pub documents: u64,
    /// Documents that were removed, and stay so.
    pub removed_documents: u64,
    /// Peers.
    pub peers: u64,
    /// Pin files.
    pub pins: u64,
    /// What is wrong with it, a sentence each; nothing in a sound one.
    pub faults: Vec<String>,
    /// What its operator should know although it is sound.
    pub remarks: Vec<String>,
}

/// Makes a backup of the server in `data`, which may be running, as `out`: a file, or a folder in which it gets a name of its
/// own. The copy is verified and synced before it has that name. With `replace`, an older file of that name gives way; with
/// `salvage`, a damaged log is kept too.
///
/// # Errors
/// [`BackupFailure`]; nothing of that name is changed then.
pub fn backup(
    data: &Path,
    pins: Option<&Path>,
    out: &Path,
    (replace, salvage): (bool, bool),
    clock: &dyn Clock,
    progress: Progress<'_>,
) -> Result<BackupView, BackupFailure> {
    let failed = |source| BackupFailure::Io { path: out.to_owned(), source };
    let desk = Desk::open(data)?;
    // Before the copy, so that a record which is ahead of it tells of an old copy, and not of a batch under way.
    let (recorded, unreadable) = match desk.folder.head_file().read() {
        Ok(recorded) => (recorded, None),
        // The log may be whole all the same, and a backup of it is what a new one begins with.
        Err(StoreError::Corrupt { what }) => (None, Some(what)),
        Err(error) => return Err(OperatorError::from(error).into()),
    };
    let named = if out.is_dir() { None } else { Some(out.to_owned()) };
    if let Some(path) = named.as_ref().filter(|path| !replace && path.exists()) {
        return Err(BackupFailure::Exists { path: path.clone() });
    }
    let folder = match &named {
        Some(path) => path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned(),
        None => out.to_owned(),
    };
    let beside = tempfile::Builder::new().prefix(".palinode-backup-").tempdir_in(&folder).map_err(failed)?;
    let copy = beside.path().join("copy");
    let about = BackupAbout {
        log_key: desk.identity.log.clone(),
        witness_key: desk.identity.witness.clone(),
        operator_key: desk.identity.operator,
        checkpoint: Vec::new(),
        made: clock.now(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let pins = pins.map_or_else(|| Ok(Vec::new()), pin_files).map_err(failed)?;
    let (_, appended) = desk.store.copy_to(&copy, about, &pins, &mut |done, of| progress(Stage::Copying, done, of))?;
    let mut view = look(&copy, progress)?;
    if !view.faults.is_empty() && !salvage {
        return Err(BackupFailure::Damaged { remarks: view.faults });
    }
    let recorded = recorded.and_then(|note| SignedCheckpoint::parse_and_verify(&note, &desk.identity.log).ok());
    if let Some(ahead) = recorded.map(|signed| signed.checkpoint().size()).filter(|size| *size > appended.size) {
        view.remarks.push(format!(
            "the log was signed at size {ahead}, but this folder ends at {}: an old copy was put back. What is missing must \
             come from peers",
            appended.size
        ));
    }
    view.remarks.extend(unreadable.map(|what| {
        format!("the head record beside the database cannot tell whether anything newer was signed: {what}; its peers may know")
    }));
    let target = named.unwrap_or_else(|| folder.join(name_of(&view)));
    put_in_place(&copy, &target, &folder, replace)?;
    view.file = target;
    Ok(view)
}

/// `ledger.example.org-log-12345.palinode-backup`
fn name_of(view: &BackupView) -> String {
    let name: String =
        view.origin.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' }).collect();
    format!("{name}-{}.{ENDING}", view.tree_size)
}

/// Syncs the copy and gives it its name in one step, so that whoever looks finds a whole backup or none.
fn put_in_place(copy: &Path, target: &Path, folder: &Path, replace: bool) -> Result<(), BackupFailure> {
    let failed = |source| BackupFailure::Io { path: target.to_owned(), source };
    File::open(copy).and_then(|file| file.sync_all()).map_err(failed)?;
    let placed = if replace {
        std::fs::rename(copy, target)
    } else {
        tempfile::TempPath::try_from_path(copy).and_then(|copy| copy.persist_noclobber(target).map_err(|e| e.error))
    };
    placed.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => BackupFailure::Exists { path: target.to_owned() },
        _ => failed(error),
    })?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn pin_files(folder: &Path) -> io::Result<Vec<KeptPin>> {
    let mut pins = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let (Some(name), true) = (name, path.extension().is_some_and(|extension| extension == "json")) {
            pins.push(KeptPin { name: name.to_owned(), bytes: std::fs::read(&path)? });
        }
    }
    Ok(pins)
}

/// Verifies the backup at `path`: its structure, every entry up to the signed root, every document.
///
/// # Errors
/// [`BackupFailure`] when it is no backup at all; what is damaged is named in the view.
pub fn look(path: &Path, progress: Progress<'_>) -> Result<BackupView, BackupFailure> {
    let backup = BackupFile::open(path)?;
    let (report, structure) = verified(&backup, progress)?;
    view(&backup, &report, structure)
}

/// What the log in a backup proves, and what is wrong with the structure of the file.
pub(super) fn verified(backup: &BackupFile, progress: Progress<'_>) -> Result<(OldLogReport, Vec<String>), BackupFailure> {
    let structure = backup.structure().map_err(BackupError::from)?;
    let about = backup.about();
    let report =
        old_log::verify(backup, &about.checkpoint, &about.log_key, &mut |done, of| progress(Stage::Verifying, done, of))
            .map_err(|source| BackupFailure::OldLog { path: backup.path().to_owned(), source })?;
    Ok((report, structure))
}

fn view(backup: &BackupFile, report: &OldLogReport, structure: Vec<String>) -> Result<BackupView, BackupFailure> {
    let path = backup.path();
    let about = backup.about();
    let bytes = std::fs::metadata(path).map_err(|source| BackupFailure::Io { path: path.to_owned(), source })?.len();
    let count = |n: usize| n as u64;
    let faults = structure.into_iter().chain(faults(report)).collect();
    Ok(BackupView {
        file: path.to_owned(),
        bytes,
        made: about.made,
        origin: about.log_key.name().to_string(),
        log_key: about.log_key.to_string(),
        operator_key: about.operator_key.to_multibase(),
        tree_size: report.head.size,
        root: report.head.root.to_string(),
        documents: report.documents,
        removed_documents: count(backup.removed_documents().map_err(BackupError::from)?.len()),
        peers: count(backup.peers().map_err(BackupError::from)?.len()),
        pins: count(backup.pins().map_err(BackupError::from)?.len()),
        faults,
        remarks: Vec::new(),
    })
}

/// What an old log lacks, a sentence each.
pub(super) fn faults(report: &OldLogReport) -> Vec<String> {
    let mut faults: Vec<String> =
        report.damaged.iter().map(|index| format!("entry {index} is missing or not what was signed")).collect();
    faults.extend(report.damaged_documents.iter().map(|name| format!("document {name} does not hash to its name")));
    if !report.proved {
        faults.push(format!("the entries do not hash to the root that was signed at size {}", report.head.size));
    }
    faults
}

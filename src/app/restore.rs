//! Restoring a backup: always into a new log, which imports the old entries and says so (protocol, section 7, rule 6).
//!
//! A log that was restored under its old key could sign a second history, and nobody could tell a lost disk from a lie. So the
//! new log has a new log key, a new witness key and a new origin; only the operator is the same, and states in the new log
//! which log it succeeds.

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::backup::{self, BackupFailure, Progress, Stage};
use super::keys::{KeyFileError, server_keys};
use super::operator::{Report, known_keys};
use crate::clock::Clock;
use crate::envelope::{
    EnvelopeError, FormError, LogRoot, OperatorStatement, PayloadType, PinFile, PublicKey, SecretKey, Statement,
};
use crate::ledger::import::{Import, ImportError, Imported, import};
use crate::ledger::old_log::OldLogReport;
use crate::ledger::peers::{EvidenceStore, Peer, PeerStore};
use crate::ledger::{
    Admission, Examined, Identity, Ledger, OpenError, Opening, Pins, Policy, Quota, Refusal, Reserve, Room, Sequencer,
    ServerKeys, ServerKeysError, StoreError, Stores, fsck,
};
use crate::notice::{DocumentHash, Timestamp};
use crate::storage::{BackupError, BackupFile, DataFolder, DataFolderError, DiskVolume, SqliteStore, SqliteWriter};

/// What is to be restored, and as what.
pub struct RestoreOrder<'o> {
    /// The backup.
    pub from: &'o Path,
    /// The data folder to make.
    pub data: &'o Path,
    /// The name of the new log; without it, `localhost/<16 hex digits>` of the new log key.
    pub origin: Option<&'o str>,
    /// The operator's private key.
    pub operator: SecretKey,
    /// Whether another operator key than the old server's is meant.
    pub other_operator: bool,
    /// Whether a damaged log is restored as far as it is whole.
    pub salvage: bool,
    /// Documents that were removed since the backup was made.
    pub removed: BTreeSet<DocumentHash>,
}

/// Why nothing, or not everything, was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The backup.
    #[error(transparent)]
    Backup(#[from] BackupFailure),
    /// The folder.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
    /// The new keys.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The keys do not make a server.
    #[error(transparent)]
    ServerKeys(#[from] ServerKeysError),
    /// Another operator's key.
    #[error("the operator key {given} is not the one of the server that was backed up, {expected}")]
    OtherOperator {
        /// What was given.
        given: String,
        /// What peers know.
        expected: String,
    },
    /// The old name again.
    #[error("a restore always begins a new log, so it needs another origin than {0:?}")]
    SameOrigin(String),
    /// A public server needs a name.
    #[error("the log {0:?} was public, so the new one needs a name that others can reach: --origin")]
    OriginNeeded(String),
    /// The new log could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The import ended before its end.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A statement was refused.
    #[error("the statement that the new log succeeds the old one was refused: {0}")]
    Statement(Refusal),
    /// A statement cannot be made.
    #[error("the statement that the new log succeeds the old one cannot be made: {0}")]
    Form(#[from] FormError),
    /// A statement cannot be signed.
    #[error("the statement that the new log succeeds the old one cannot be signed: {0}")]
    Signing(#[from] EnvelopeError),
    /// The clock is outside the years that statements can name.
    #[error("the clock of this machine stands outside the years 1970 to 9999")]
    Clock,
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackupError> for RestoreError {
    fn from(error: BackupError) -> Self {
        Self::Backup(error.into())
    }
}

/// What was restored.
#[derive(Debug, Clone, Serialize)]
pub struct Restored {
    /// The new data folder.
    pub data: PathBuf,
    /// The log that ended, with its last known size.
    pub succeeds: String,
    /// Its size in the backup.
    pub succeeded_size: u64,
    /// The new log.
    pub origin: String,
    /// Its key.
    pub log_key: String,
    /// The key of its witness.
    pub witness_key: String,
    /// The operator, as before unless it was said otherwise.
    pub operator_key: String,
    /// Its size.
    pub tree_size: u64,
    /// Entries of the old log that stand in it.
    pub entries: u64,
    /// Documents that came along.
    pub documents: u64,
    /// Documents that were removed, and stay so.
    pub removed_documents: u64,
    /// Peers.
    pub peers: u64,
    /// Where the pin files lie now, when there were any.
    pub pins: Option<PathBuf>,
    /// What is not in the new log, a sentence each.
    pub missing: Vec<String>,
    /// What `fsck` found in the new log.
    pub report: Report,
}

/// Restores a backup. Interrupted, it is begun again with the same order and goes on where it stopped.
///
/// # Errors
/// [`RestoreError`].
pub fn restore(order: &RestoreOrder<'_>, clock: Arc<dyn Clock>, progress: Progress<'_>) -> Result<Restored, RestoreError> {
    let backup = BackupFile::open(order.from)?;
    let old_origin = backup.about().log_key.name().to_string();
    refuse_order(order, &old_origin, backup.about().operator_key)?;
    let (old, structure) = backup::verified(&backup, progress)?;
    let faults: Vec<String> = structure.into_iter().chain(backup::faults(&old)).collect();
    if !faults.is_empty() && !order.salvage {
        return Err(BackupFailure::Damaged { remarks: faults }.into());
    }
    let begun = Timestamp::from_time(clock.now()).ok_or(RestoreError::Clock)?;
    let what = format!(
        "{old_origin} of size {} and root {} into {}",
        old.head.size,
        old.head.root,
        order.origin.unwrap_or("a log named after its key")
    );
    let (folder, begun) = DataFolder::begin_restore(order.data, &what, &begun.to_string())?;
    let begun = Timestamp::parse(&begun).ok_or(RestoreError::Clock)?;
    let mut site = Site::open(folder, order, clock)?;
    let removed = site.bar_removed(&backup, &order.removed)?;
    let imported = site.import(&backup, &old, &removed, progress)?;
    site.state(&imported, &old_origin, &old, begun)?;
    let (peers, pins) = site.keep_the_rest(&backup)?;
    let report = site.check(progress)?;
    site.folder.finish_restore()?;
    let identity = site.ledger.identity();
    let mut missing = faults;
    missing.extend(imported.refused.iter().map(|refused| {
        format!(
            "entry {} with leaf hash {} was not taken: {} ({})",
            refused.index,
            refused.leaf,
            refused.why,
            refused.why.rule()
        )
    }));
    Ok(Restored {
        data: order.data.to_owned(),
        succeeds: old_origin,
        succeeded_size: old.head.size,
        origin: identity.origin.to_string(),
        log_key: identity.log.to_string(),
        witness_key: identity.witness.to_string(),
        operator_key: identity.operator.to_multibase(),
        tree_size: site.ledger.published().head.size,
        entries: imported.entries + imported.known,
        documents: report.documents,
        removed_documents: removed.len() as u64,
        peers,
        pins,
        missing,
        report,
    })
}

fn refuse_order(order: &RestoreOrder<'_>, old_origin: &str, operator: PublicKey) -> Result<(), RestoreError> {
    if order.operator.public() != operator && !order.other_operator {
        let (given, expected) = (order.operator.public().to_multibase(), operator.to_multibase());
        return Err(RestoreError::OtherOperator { given, expected });
    }
    match order.origin {
        Some(origin) if origin == old_origin => Err(RestoreError::SameOrigin(origin.to_owned())),
        None if !old_origin.starts_with("localhost/") => Err(RestoreError::OriginNeeded(old_origin.to_owned())),
        _ => Ok(()),
    }
}

/// The folder that is being made, with its ledger, on which no server runs.
struct Site {
    folder: DataFolder,
    store: Arc<SqliteStore>,
    keys: Arc<ServerKeys>,
    identity: Identity,
    ledger: Arc<Ledger>,
    sequencer: Sequencer,
    old_operator: PublicKey,
    clock: Arc<dyn Clock>,
}

impl Site {
    fn open(folder: DataFolder, order: &RestoreOrder<'_>, clock: Arc<dyn Clock>) -> Result<Self, RestoreError> {
        put_operator_key(&folder.key("operator"), &order.operator)?;
        let store = Arc::new(folder.open_store()?);
        let keys = Arc::new(server_keys(&folder, store.origin()?.as_deref(), order.origin)?);
        let identity = keys.identity()?;
        store.fix_origin(identity.origin.as_str())?;
        let room = Room::new(Arc::new(DiskVolume::of(folder.path())), Reserve::default());
        let (ledger, sequencer) = Ledger::open(Opening {
            stores: Stores::of(store.clone()),
            write: Box::new(SqliteWriter::within(SqliteStore::clone(&store), room.clone())),
            record: Arc::new(folder.head_file()),
            keys: keys.clone(),
            identity: identity.clone(),
            // What stands in the old log was admitted there. Nobody else is served before the operator's policy is read.
            admission: Admission { policy: Policy::Pinned, quota: Quota::default(), pins: Pins::default() },
            clock: clock.clone(),
            room,
        })?;
        Ok(Self { folder, store, keys, identity, ledger, sequencer, old_operator: order.operator.public(), clock })
    }

    /// Makes sure that what was removed never comes back: from the backup, or from peers later.
    fn bar_removed(
        &mut self,
        backup: &BackupFile,
        since: &BTreeSet<DocumentHash>,
    ) -> Result<BTreeSet<DocumentHash>, RestoreError> {
        self.old_operator = backup.about().operator_key;
        let removed: BTreeSet<DocumentHash> = backup.removed_documents()?.into_iter().chain(since.iter().copied()).collect();
        self.store.bar_documents(&removed, self.clock.now())?;
        Ok(removed)
    }

    fn import(
        &mut self,
        backup: &BackupFile,
        old: &OldLogReport,
        removed: &BTreeSet<DocumentHash>,
        progress: Progress<'_>,
    ) -> Result<Imported, RestoreError> {
        let size = old.head.size;
        let leave_out = old.damaged.iter().copied().collect();
        let task = Import { old: backup, size, leave_out: &leave_out, removed, operator: self.old_operator };
        progress(Stage::Importing, 0, size);
        Ok(import(&self.ledger, &mut self.sequencer, &task, &mut |done| progress(Stage::Importing, done, size))?)
    }

    /// Makes the operator's statements of the old log for this one, and says which log it succeeds.
    fn state(
        &mut self,
        imported: &Imported,
        old_origin: &str,
        old: &OldLogReport,
        begun: Timestamp,
    ) -> Result<(), RestoreError> {
        let root = LogRoot::from_bytes(*old.head.root.as_bytes());
        let succeeds = Statement::LogSucceeds { origin: old_origin.to_owned(), size: old.head.size, root };
        for statement in imported.statements.iter().chain([&succeeds]) {
            // Signed with the time of the first try, so that a second one makes the same statement.
            let payload = OperatorStatement::write(self.identity.origin.as_str(), begun, statement)?;
            let envelope = self.keys.operator().sign_envelope(PayloadType::Operator, &payload)?;
            if let Examined::New(admitted) = self.ledger.examine_own(&envelope).map_err(RestoreError::Statement)? {
                self.sequencer.commit_now(&[*admitted]).map_err(RestoreError::Statement)?;
            }
        }
        Ok(())
    }

    /// Peers, evidence and pin files.
    fn keep_the_rest(&self, backup: &BackupFile) -> Result<(u64, Option<PathBuf>), RestoreError> {
        let known = backup.peers()?;
        let mut peers = 0;
        for peer in known.iter().filter(|peer| *peer.origin() != self.identity.origin) {
            self.store.put_peer(peer)?;
            peers += 1;
        }
        for (found, evidence) in backup.evidence()? {
            // A backup that was damaged isolates nobody. Of a peer that was removed, nobody here has the key any more.
            let key = known.iter().map(Peer::log_key).find(|key| key.name() == evidence.origin());
            if key.is_none_or(|key| evidence.verify(key).is_ok()) {
                self.store.keep_evidence(&evidence, found)?;
            }
        }
        let folder = self.folder.path().join("pins");
        let failed = |source| DataFolderError::Io { path: folder.clone(), source };
        let mut written = false;
        for pin in backup.pins()? {
            // What a backup says is a name is not a path, and what it says is a pin must be one.
            let plain = Path::new(&pin.name).file_name().is_some_and(|name| *name == *pin.name);
            if plain && PinFile::parse(&pin.bytes).is_ok() {
                std::fs::create_dir_all(&folder).map_err(failed)?;
                std::fs::write(folder.join(&pin.name), &pin.bytes).map_err(failed)?;
                written = true;
            }
        }
        Ok((peers, written.then_some(folder)))
    }

    fn check(&self, progress: Progress<'_>) -> Result<Report, RestoreError> {
        let record = self.folder.head_file();
        let progress = &mut |done, of| progress(Stage::Checking, done, of);
        let known = known_keys(&self.store, &self.identity)?;
        Ok(fsck::check(&Stores::of(self.store.clone()), &record, &known, progress)?)
    }
}

/// Writes the operator's key into the new folder, where a server looks for it; the log and witness keys are made new.
fn put_operator_key(path: &Path, key: &SecretKey) -> Result<(), RestoreError> {
    let failed = |source| KeyFileError::Io { path: path.to_owned(), source };
    let written = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).and_then(|mut file| {
        file.write_all(key.to_pem().as_bytes())?;
        file.sync_all()
    });
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            // Begun before. A file that was being written when the machine stopped is written again.
            std::fs::write(path, key.to_pem().as_bytes()).map_err(failed)?;
            Ok(())
        }
        other => Ok(other.map_err(failed)?),
    }
}
